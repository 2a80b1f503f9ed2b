"""Addresses of the console's pages for what is read outside it: mails, webhooks."""

from __future__ import annotations

import socket

from django.conf import settings
from django.urls import reverse


def page_link(page: str, *of: object) -> str:
    """The address of a page of the console, such as `device` of a uuid. Empty where nobody knows how it is reached.

    From `public_url`; else by this computer's name and the port that it serves at.
    """
    node = settings.PLATEN
    base = node.public_url.rstrip("/")
    if not base and node.port > 0:
        base = f"http://{socket.gethostname()}:{node.port}"
    return f"{base}{reverse(f'console:{page}', args=of)}" if base else ""
