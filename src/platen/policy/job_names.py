"""Shorter job names for the small screen of a device.

A line of the list, and of its text form, is what a name may begin with and need not: `Microsoft Word - `, `http://`.
"""

from __future__ import annotations

import re

PREFIXES_DEFAULT = ("Microsoft Word - ", "Microsoft Excel - ", "Microsoft PowerPoint - ", "http://", "https://")
# What steers a terminal, a log or the direction of writing: C0, C1, and the overrides of Unicode's bidirectional text.
_STEERING = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A)], " ")
_ITEM = re.compile(r'Item\s*=\s*"(.*)"\s*')
_VERSION = re.compile(r'Version\s*=\s*"1"\s*')


def without_controls(text: str) -> str:
    """The text with a space for every character that would steer what shows it; names come from anybody."""
    return text if text.isascii() and text.isprintable() else text.translate(_STEERING)


def shortened(job_name: str, prefixes: tuple[str, ...] = PREFIXES_DEFAULT) -> str:
    """The name without the first prefix that it begins with, case counting; only the beginning is ever cut.

    A name that would be nothing without it stays whole, so that every document has one.
    """
    prefix = next((p for p in prefixes if p and job_name.startswith(p)), "")
    return job_name[len(prefix) :].strip() or job_name


def prefixes_from_text(text: str) -> tuple[str, ...]:
    """Read the text form: `;` begins a comment line, then `Version="1"`, then an `Item="…"` for each prefix.

    Raises: ValueError with the number of the first line that has another shape.
    """
    prefixes: list[str] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        stripped = line.lstrip()
        if not stripped or stripped.startswith(";") or _VERSION.fullmatch(stripped):
            continue
        item = _ITEM.fullmatch(stripped)
        if item is None or not item[1]:
            raise ValueError(f'Line {number} is not understood. Write Item="text to cut", or begin the line with ";".')
        prefixes.append(item[1])
    return tuple(prefixes)
