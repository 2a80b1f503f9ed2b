"""What a command says when it cannot do what was asked."""

from __future__ import annotations


class Refusal(Exception):
    """A command cannot do what was asked; the text says why and what to do."""
