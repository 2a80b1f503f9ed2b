"""PJL lines that ask for changes, and those of a job that they replace."""

from __future__ import annotations

import re
from collections.abc import Iterator

from platen.documents.facts import Sides
from platen.documents.media import everyday_name, media_for_word
from platen.documents.pcl.pjl_settings import COLOR_SETTINGS, GRAY_SETTINGS, PAGE_COPIES, SET_COPIES
from platen.documents.rewrite.changes import CannotRewrite, Changes

_SETTING = re.compile(rb"[ \t]*@PJL\s+(?:SET|DEFAULT)\s+(?:LPARM\s*:\s*\w+\s+)?([A-Z0-9]+)\s*=", re.IGNORECASE)

# Words of PAPER that differ from what people call the size.
_PAPER_WORDS = {
    "na_number-10_4.125x9.5in": "COM10",
    "na_monarch_3.875x7.5in": "MONARCH",
    "iso_dl_110x220mm": "DL",
    "iso_c5_162x229mm": "C5",
    "iso_b5_176x250mm": "B5",
    "jis_b5_182x257mm": "JISB5",
    "jis_b4_257x364mm": "JISB4",
    "jpn_hagaki_100x148mm": "JPOST",
    "jpn_oufuku_148x200mm": "JPOSTD",
    "jis_exec_216x330mm": "JISEXEC",
}


def setting_name(line: bytes) -> str | None:
    """The variable that a line sets, in upper case; None where it sets none."""
    match = _SETTING.match(line)
    return match[1].decode("ascii").upper() if match else None


def replaced_settings(changes: Changes) -> frozenset[str]:
    """Variables whose lines no longer hold."""
    names: set[str] = set()
    if changes.monochrome is not None:
        names |= {*COLOR_SETTINGS, *GRAY_SETTINGS}
    if changes.sides is not None:
        names |= {"DUPLEX", "BINDING"}
    if changes.toner_save is not None:
        names.add("ECONOMODE")
    if changes.copies is not None:
        names |= {*PAGE_COPIES, *SET_COPIES}
    if changes.media is not None:
        names.add("PAPER")
    if changes.title is not None:
        names.add("JOBNAME")
    if changes.user is not None:
        names.add("USERNAME")
    return frozenset(names)


def setting_lines(changes: Changes) -> Iterator[bytes]:
    """The lines that ask for the changes. Raises: CannotRewrite for a paper that PJL has no word for."""
    for name, value in _settings(changes):
        yield f"@PJL SET {name}={value}\r\n".encode()


def _settings(changes: Changes) -> Iterator[tuple[str, str]]:
    if changes.title is not None:
        yield "JOBNAME", quoted(changes.title)
    if changes.user is not None:
        yield "USERNAME", quoted(changes.user)
    if changes.monochrome is not None:
        yield "RENDERMODE", "GRAYSCALE" if changes.monochrome else "COLOR"
    if changes.toner_save is not None:
        yield "ECONOMODE", "ON" if changes.toner_save else "OFF"
    if changes.copies is not None:
        yield "QTY", str(changes.copies)
    if changes.sides is not None:
        yield "DUPLEX", "ON" if changes.sides.is_two_sided else "OFF"
        if changes.sides.is_two_sided:
            yield "BINDING", "SHORTEDGE" if changes.sides is Sides.TWO_SIDED_SHORT_EDGE else "LONGEDGE"
    if changes.media is not None:
        yield "PAPER", paper_word(changes.media)


def quoted(text: str) -> str:
    """A PJL string: no control characters, no quotation marks, at most 80 octets in UTF-8."""
    plain = "".join(character for character in text if character.isprintable() and character != '"')
    return '"' + plain.encode("utf-8")[:80].decode("utf-8", "ignore") + '"'


def paper_word(media: str) -> str:
    """The word of PAPER for a size. Raises: CannotRewrite."""
    word = _PAPER_WORDS.get(media) or everyday_name(media).upper()
    if media_for_word(word) != media:
        raise CannotRewrite(f"PJL has no word for the paper {everyday_name(media)}.")
    return word
