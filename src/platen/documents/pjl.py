"""PJL (HP Printer Job Language Technical Reference Manual): the wrapper around other languages.

UEL @PJL ... LF ... @PJL ENTER LANGUAGE = PCL LF  <data>  UEL ...
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from platen.documents import detect as formats
from platen.documents import garbage
from platen.documents.detect import UEL, candidates
from platen.documents.draft import Draft
from platen.documents.driver_headers import behind_headers
from platen.documents.facts import PagesBasis
from platen.documents.pcl.pjl_names import PjlNames
from platen.documents.pcl.pjl_settings import PjlJob
from platen.documents.source import Data

# Reads one document from the offset in the likeliest of the given formats; returns where it stopped.
ReadLanguage = Callable[[Data, int, Sequence[str]], int]

LANGUAGES: dict[str, str] = {
    "PCL": formats.PCL5,
    "PCL5": formats.PCL5,
    "PCL5C": formats.PCL5,
    "PCL5E": formats.PCL5,
    "PCL3": formats.PCL5,
    "PCL3GUI": formats.PCL3GUI,
    "PCLXL": formats.PCL_XL,
    "PCL6": formats.PCL_XL,
    "POSTSCRIPT": formats.POSTSCRIPT,
    "POSTSCRIPT3": formats.POSTSCRIPT,
    "PS": formats.POSTSCRIPT,
    "PDF": formats.PDF,
    "URF": formats.URF,
    "PWGRASTER": formats.PWG_RASTER,
    "PWG": formats.PWG_RASTER,
    "XPS": formats.XPS,
    "TIFF": formats.TIFF,
    "JPEG": formats.JPEG,
    "HPGL2": formats.HPGL,
    "HPGL": formats.HPGL,
    "ESCP": formats.ESC_P,
    "ESCP2": formats.ESC_P,
    "EPSON": formats.ESC_P,
    "ESCPAGE": formats.ESC_PAGE,
    "ZJS": formats.ZJSTREAM,
    "QPDL": formats.QPDL,
    "LDL": formats.LIDIL,
    "XQX": formats.XQX,
    "TEXT": formats.TEXT,
}
# What is told from single commands counts for little where PJL names a language that nothing here reads.
_BY_COMMANDS = (formats.TEXT, formats.PCL5, formats.ESC_P, formats.ESC_POS, formats.HPGL)
_GUESSED = frozenset({formats.TEXT, formats.ESC_POS})  # what octets without a beginning of their own may be taken for
AUTOMATIC = frozenset({"AUTO", "AUTOMATIC", "DEFAULT"})
_SEGMENTS_MAX = 10_000
_COMMANDS_MAX = 500_000
_LINE_BYTES_MAX = 4096
_LONG_LINE_BYTES_MAX = 1 << 20
_LINE = re.compile(rb"[ \t]*@PJL((?:[^\r\n]|\r(?![ \t]*@PJL|\x1b)){0,%d})" % _LINE_BYTES_MAX, re.IGNORECASE)
_COMMAND = re.compile(r"\s*([A-Za-z]+)\s*(.*)", re.DOTALL)
_SETTING = re.compile(r'(?:LPARM\s*:\s*\w+\s+)?([A-Z0-9_-]+)\s*=\s*(?:"([^"]*)"?|(.*))', re.IGNORECASE | re.DOTALL)
_LEADS_TO_DOCUMENT = re.compile(rb"\s*(?:JOB|SET|COMMENT|ENTER)\b", re.IGNORECASE)
# HP's inkjets take commands to their mechanics between documents: ESC % P words ; words ; udw.quit;
DEVICE_COMMAND = re.compile(rb"\x1b%P[ -~]{0,4096}?udw\.quit;")
_AT_PJL = b"@PJL"
_END_BYTES = 4096
_CUT = "The PJL job does not end with the universal exit: it was cut off, or its end is missing."
_ENTER = re.compile(r"LANGUAGE\s*=?\s*\"?([A-Z0-9_-]+)", re.IGNORECASE)


def read(data: Data, start: int, draft: Draft, read_language: ReadLanguage) -> int:
    """Read PJL and everything it wraps, to the end of the data."""
    reader = _Reader(data, draft, read_language)
    position = start
    for _ in range(_SEGMENTS_MAX):
        position = _skip_blank(data, position)
        if position >= len(data):
            reader.finish()
            return position
        position = reader.read_segment(position)
    draft.problem("The file switches its language too often; the rest was not looked at.")
    return len(data)


def _skip_blank(data: Data, position: int) -> int:
    while position < len(data):
        if data[position : position + len(UEL)] == UEL:
            position += len(UEL)
        elif data[position] in b"\0\r\n\t \x04":
            blank = bytes(data[position : position + _LINE_BYTES_MAX])
            position += len(blank) - len(blank.lstrip(b"\0\r\n\t \x04"))
        else:
            break
    return position


class _Reader:
    """Takes commands and the documents behind them."""

    def __init__(self, data: Data, draft: Draft, read_language: ReadLanguage) -> None:
        self._data = data
        self._draft = draft
        self._read_language = read_language
        self._job = PjlJob()
        self._names = PjlNames(draft)
        self._commands_left = _COMMANDS_MAX
        self._is_cut = False  # what was read last goes to the end of the data, where an exit belongs

    def read_segment(self, position: int) -> int:
        """Commands, if any, and one document, if any. Returns: the offset behind, which is further on."""
        start = position
        position, language = self._read_commands(position)
        position = behind_headers(self._data, position)
        if (stop := self._stop_of_commands(position)) is not None:
            return stop
        data = self._data
        media_types = self._media_types(position, language)
        is_behind = position == start and self._draft.pages > 0
        if (
            is_behind
            and _GUESSED.issuperset(media_types)
            and garbage.is_garbage(data, position, garbage.next_exit(data, position))
        ):
            self._draft.problem(garbage.SENTENCE)
            return garbage.next_exit(data, position)
        if not media_types:
            named = f" ({language})" if language else ""
            self._draft.problem(
                f"The print job is in a language that is not read here{named}; its pages are not known."
            )
            self._draft.weaken(PagesBasis.ESTIMATED)
            return garbage.next_exit(data, position)
        is_text = media_types == (formats.TEXT,)
        if not language and is_text and self._is_blank(position):
            return garbage.next_exit(data, position)
        self._is_cut = bool(language) and garbage.next_exit(data, max(position, len(data) - _END_BYTES)) == len(data)
        self._job.begin_document(self._draft)
        try:
            stop = self._read_language(data, position, media_types)
        finally:
            self._draft.end_part()
        return stop if stop > position else garbage.next_exit(data, position + 1)

    def _stop_of_commands(self, position: int) -> int | None:
        """Where to go on where no document stands at `position`; None: one does."""
        data = self._data
        if position >= len(data):
            return position
        if data[position : position + len(UEL)] == UEL:
            self._is_cut = False
            return position
        if device_command := DEVICE_COMMAND.match(data, position):
            return device_command.end()
        rest = data[position : position + len(_AT_PJL)]
        if len(rest) < len(_AT_PJL) and _AT_PJL.startswith(rest):
            self._is_cut = True
            return len(data)
        return None

    def finish(self) -> None:
        """The end of the data."""
        if self._is_cut:
            self._draft.problem(_CUT)

    def _media_types(self, position: int, language: str | None) -> tuple[str, ...]:
        """What to read the document as; none: that cannot be told, or nothing reads it."""
        if language and language not in AUTOMATIC and (named := LANGUAGES.get(language)):
            return (named,)
        found = candidates(self._data, position)
        doubtful = _BY_COMMANDS if language and language not in AUTOMATIC else ()
        return () if found[0] in (formats.UNKNOWN, formats.PJL, *doubtful) else found

    def _is_blank(self, position: int) -> bool:
        stop = min(garbage.next_exit(self._data, position), position + _LONG_LINE_BYTES_MAX)
        return not bytes(self._data[position:stop]).strip()

    def _read_commands(self, position: int) -> tuple[int, str | None]:
        """Take PJL lines until another language begins. Returns: where it begins, and its name where PJL gives it."""
        data = self._data
        self._job.begin_commands()
        while match := _LINE.match(data, position):
            self._commands_left -= 1
            if self._commands_left < 0:
                self._draft.problem("The file holds too many PJL commands; the rest was not looked at.")
                return len(data), None
            octets = match[1]
            position = match.end()
            if (exit_at := octets.find(UEL)) >= 0:  # the line was not ended, as some host-based drivers do
                octets, position = octets[:exit_at], match.start(1) + exit_at
            elif position < len(data) and data[position] in b"\r\n":
                position += 1
            elif len(octets) == _LINE_BYTES_MAX:
                position = self._end_of_long_line(position)
            self._is_cut = _LEADS_TO_DOCUMENT.match(octets) is not None
            if entered := self._obey(_decoded(octets)):
                within = octets.rstrip(b"\r").find(b"\r")  # of a line that CR alone ends
                return position if within < 0 else match.start(1) + within + 1, entered
            while position < len(data) and data[position] in b"\r\n":
                position += 1
        return position, None

    def _end_of_long_line(self, position: int) -> int:
        self._draft.problem("A PJL command is too long; it was not looked at to its end.")
        limit = position + _LONG_LINE_BYTES_MAX
        end = self._data.find(b"\n", position, limit)
        return end + 1 if end >= 0 else min(limit, len(self._data))

    def _obey(self, line: str) -> str | None:
        """Take one command. Returns: the language that it enters."""
        parts = _COMMAND.match(line)
        if parts is None:
            return None
        command, arguments = parts[1].upper(), parts[2]
        if command == "ENTER":
            entered = _ENTER.match(arguments)
            return entered[1].upper() if entered else "AUTO"
        if command in ("SET", "DEFAULT"):
            if setting := _SETTING.match(arguments):
                value = setting[2] if setting[2] is not None else setting[3]
                self._job.set(setting[1].upper(), value, is_default=command == "DEFAULT")
                self._names.set(setting[1].upper(), value.strip())
            else:
                self._names.other(arguments)
        elif command in ("JOB", "EOJ", "RESET", "INITIALIZE"):
            self._job.obey(command)
            if command == "JOB":
                self._names.job(arguments)
        elif command.startswith("COMMENT"):
            self._names.comment(line.strip()[len("COMMENT") :].strip().strip('"'))
        elif command not in ("INFO", "USTATUS", "USTATUSOFF", "ECHO", "INQUIRE", "DINQUIRE", "RDYMSG", "OPMSG"):
            self._names.other(arguments)
        return None


def _decoded(line: bytes) -> str:
    line = line.strip(b"\0\r ")
    try:
        return line.decode("utf-8").strip()
    except UnicodeDecodeError:
        return line.decode("latin-1").strip()
