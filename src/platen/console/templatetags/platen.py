"""Template tags and filters of console and panel."""

from __future__ import annotations

from django import template

register = template.Library()
