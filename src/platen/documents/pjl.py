"""PJL (HP Printer Job Language Technical Reference Manual): the wrapper around other languages.

UEL @PJL ... LF ... @PJL ENTER LANGUAGE = PCL LF  <data>  UEL ...
"""

from __future__ import annotations

import re
from collections.abc import Callable

from platen.documents.detect import PCL5, PCL_XL, PDF, PJL, POSTSCRIPT, PWG_RASTER, TEXT, UEL, UNKNOWN, URF, detect
from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.media import media_for_word
from platen.documents.source import Data

# Reads one document in the given format from the offset; returns where it stopped.
ReadLanguage = Callable[[Data, int, str], int]

LANGUAGES: dict[str, str] = {
    "PCL": PCL5,
    "PCL3GUI": PCL5,
    "PCLXL": PCL_XL,
    "POSTSCRIPT": POSTSCRIPT,
    "PDF": PDF,
    "URF": URF,
    "PWGRASTER": PWG_RASTER,
    "PWG": PWG_RASTER,
}
_SIDES = {
    ("DUPLEX", "ON"): Sides.TWO_SIDED_LONG_EDGE,
    ("DUPLEX", "OFF"): Sides.ONE_SIDED,
    ("BINDING", "LONGEDGE"): Sides.TWO_SIDED_LONG_EDGE,
    ("BINDING", "SHORTEDGE"): Sides.TWO_SIDED_SHORT_EDGE,
}
_SEGMENTS_MAX = 10_000
_LINE_BYTES_MAX = 4096
_LINE = re.compile(rb"[ \t]*@PJL([^\n]{0,%d})\n?" % _LINE_BYTES_MAX)
_SETTING = re.compile(r'\s*(?:SET|DEFAULT)\s+(?:LPARM\s*:\s*\w+\s+)?([A-Z0-9]+)\s*=\s*"?([^"]*)"?', re.IGNORECASE)
_JOB_NAME = re.compile(r'\s*JOB\b.*?\bNAME\s*=\s*"([^"]*)"', re.IGNORECASE)
_ENTER = re.compile(r"\s*ENTER\s+LANGUAGE\s*=\s*\"?([A-Z0-9_-]+)", re.IGNORECASE)
_COMMENT = re.compile(r'\s*COMMENT\s*"?(.*?)"?\s*$', re.IGNORECASE)
_ACCOUNT = re.compile(r"JobAcct(\d+)=(.*)", re.IGNORECASE)
_DRIVER = re.compile(r"Target (?:Printer|Device):\s*([^;]+)|^\s*(.*\bdriver\b.*)$", re.IGNORECASE)
_COMMENT_USER = re.compile(r"User ?name:\s*([^;]+)", re.IGNORECASE)


def read(data: Data, start: int, draft: Draft, read_language: ReadLanguage) -> int:
    """Read PJL and everything it wraps, to the end of the data."""
    position = start
    for _ in range(_SEGMENTS_MAX):
        position = _skip_blank(data, position)
        if position >= len(data):
            return position
        position, language = _read_commands(data, position, draft)
        position = _read_segment(data, position, draft, language, read_language)
    draft.problem("The file switches its language too often; the rest was not looked at.")
    return len(data)


def _skip_blank(data: Data, position: int) -> int:
    while position < len(data):
        if data[position : position + len(UEL)] == UEL:
            position += len(UEL)
        elif data[position] in b"\0\r\n\t \x04":
            position += 1
        else:
            break
    return position


def _read_commands(data: Data, position: int, draft: Draft) -> tuple[int, str | None]:
    """Take PJL lines until another language begins. Returns: where it begins, and its name where PJL gives it."""
    while match := _LINE.match(data, position):
        line = _decoded(match[1].split(UEL, 1)[0])
        position = match.end()
        if UEL in match[1]:  # the line was not ended, as some host-based drivers do
            return match.start(1) + match[1].index(UEL), None
        if entered := _ENTER.match(line):
            return position, entered[1].upper()
        _obey(draft, line)
        while position < len(data) and data[position] in b"\r\n":
            position += 1
    return position, None


def _read_segment(data: Data, position: int, draft: Draft, language: str | None, read_language: ReadLanguage) -> int:
    if position >= len(data) or data[position : position + len(UEL)] == UEL:
        return position
    media_type = LANGUAGES.get(language) if language else detect(data, position)
    if language and media_type is None:
        media_type = detect(data, position)
        if media_type in (TEXT, PJL, PCL5):
            media_type = UNKNOWN
    if media_type in (None, UNKNOWN, PJL):
        named = f" ({language})" if language else ""
        draft.problem(f"The print job is in a language that is not read here{named}; its pages are not known.")
        return _next_exit(data, position)
    if not language and media_type == TEXT and not bytes(data[position : _next_exit(data, position)]).strip():
        return _next_exit(data, position)
    stop = read_language(data, position, media_type)
    return stop if stop > position else _next_exit(data, position + 1)


def _next_exit(data: Data, position: int) -> int:
    exit_at = data.find(UEL, position)
    return exit_at if exit_at >= 0 else len(data)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8").strip()
    except UnicodeDecodeError:
        return line.decode("latin-1").strip()


def _obey(draft: Draft, line: str) -> None:
    if setting := _SETTING.match(line):
        _set(draft, setting[1].upper(), setting[2].strip())
    elif job := _JOB_NAME.match(line):
        draft.title = draft.title or job[1]
    elif comment := _COMMENT.match(line):
        _read_comment(draft, comment[1])


def _set(draft: Draft, name: str, value: str) -> None:
    word = value.upper()
    if name in ("COPIES", "QTY") and value.isdecimal():
        copies = min(max(1, int(value)), 9999)
        if name == "QTY":
            draft.job_copies = copies
        else:
            draft.page_copies = copies
    elif name in ("DUPLEX", "BINDING"):
        if name == "DUPLEX" or (draft.sides is not None and draft.sides.is_two_sided):
            draft.sides = _SIDES.get((name, word), draft.sides)
    elif name == "PAPER":
        draft.media = media_for_word(value) or draft.media
    elif name in ("RENDERMODE", "COLORMODE", "PLANESINUSE", "DRIVERCOLORSELECT"):
        draft.monochrome = word in ("GRAYSCALE", "GREYSCALE", "MONO", "BLACK", "1")
    elif value:
        _set_name(draft, name, value)


def _set_name(draft: Draft, name: str, value: str) -> None:
    account = _ACCOUNT.match(value) if name == "JOBATTR" else None
    if name == "USERNAME":
        draft.user = value
    elif name == "JOBNAME":
        draft.title = value
    elif name in ("HOSTNAME", "COMPUTERNAME"):
        draft.host = value
    elif account and account[1] == "1":
        draft.user = draft.user or account[2]
    elif account and account[1] == "2":
        draft.host = draft.host or account[2]


def _read_comment(draft: Draft, comment: str) -> None:
    if found := _DRIVER.search(comment):
        draft.driver = draft.driver or (found[1] or found[2]).strip()
    if user := _COMMENT_USER.search(comment):
        draft.user = draft.user or user[1].strip()
