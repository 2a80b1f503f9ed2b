"""Texts that no database keeps: with the character NUL, which PostgreSQL refuses, or with half of a character (a lone
surrogate), which only JSON can name. They are answered where a request comes in, before any of it is looked up."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest

_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
"""What stands in a JSON text that may hold such a character; most hold none and are not read twice."""


def is_kept(text: str) -> bool:
    """Whether a text can be stored and looked up."""
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def unkept_in(request: HttpRequest) -> str | None:
    """Where in a request such a text stands, in words: its address, its query, a field of its form."""
    if not is_kept(request.path_info):
        return "the address"
    for what, fields in (("the query", request.GET), ("the form", request.POST)):
        for name, values in fields.lists():
            if not is_kept(name):
                return what
            if not all(map(is_kept, values)):
                return f"“{name[:80]}” of {what}"
    return None


def unkept_in_json(body: bytes) -> str | None:
    """The same of a JSON text: the name of the nearest field. What is no JSON is for others to refuse."""
    if not _ESCAPED.search(body):
        return None
    try:
        waiting: list[tuple[str, Any]] = [("the body", json.loads(body))]
    except (ValueError, RecursionError):
        return None
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, str) and not is_kept(value):
            return where
        if isinstance(value, list):
            waiting += [(where, each) for each in value]
        elif isinstance(value, dict):
            if not all(map(is_kept, value)):
                return where
            waiting += [(f"“{name[:80]}” of the body", each) for name, each in value.items()]
    return None


def sentence(where: str) -> str:
    """What is wrong, and what to do."""
    return f"A character in {where} cannot be kept or looked for: NUL, or half of one. Write it anew without it."
