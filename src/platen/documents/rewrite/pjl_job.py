"""A job from its first octet to its last: documents behind each other, in PJL or between universal exits alone.

PJL lines are changed, and what they wrap is handed to the rewriter of its language. A document that no PJL stands in
front of gets a header where that is the only way to say something, each of several its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator

from platen.documents.detect import PCL5, PCL_XL, PDF, PJL, POSTSCRIPT, TEXT, UEL, UNKNOWN, detect
from platen.documents.driver_headers import behind_headers
from platen.documents.pjl import AUTOMATIC, DEVICE_COMMAND, LANGUAGES
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.pieces import Rewriting, copied
from platen.documents.rewrite.pjl_lines import quoted, replaced_settings, setting_lines, setting_name
from platen.documents.source import Data

# A document of a media type from an offset; True: PJL around it says what PJL can say.
RewriteLanguage = Callable[[Data, int, str, bool], Rewriting]

LANGUAGE_WORDS = {PCL5: b"PCL", PCL_XL: b"PCLXL", POSTSCRIPT: b"POSTSCRIPT", PDF: b"PDF"}

_BETWEEN = re.compile(rb"(?:\x1b%-12345X|[\0\r\n\t \x04]){0,65536}")
_LINE_BYTES_MAX = 65_536  # what goes on beyond them is no command
# A line may end in a carriage return alone, behind which the next command or an escape stands.
_LINE = re.compile(
    rb"[ \t]*@PJL(?:[^\r\n]|\r(?!\n|[ \t]*@PJL|\x1b)){0,%d}(?:\r\n|\n|\r(?=[ \t]*@PJL|\x1b))?" % _LINE_BYTES_MAX,
    re.IGNORECASE,
)
_LINES_MAX = 10_000
_SEGMENTS_MAX = 10_000
_ENTER = re.compile(rb"[ \t]*@PJL\s+ENTER\s+LANGUAGE\s*=\s*\"?([A-Za-z0-9_-]+)[^\r\n]*(?:\r\n?|\n)?", re.IGNORECASE)
_FOLLOWS = "Something follows the document that cannot be read, so it was not changed."


def rewritten_job(
    data: Data, start: int, media_type: str, changes: Changes, language: RewriteLanguage
) -> Generator[bytes, None, None]:
    """The job that begins at `start` as `media_type`, with the changes.

    Raises: CannotRewrite where it holds a language that cannot be changed, or something that is none.
    """
    walk = _Walk(data, changes, language)
    first: str | None = media_type if media_type != PJL else None
    position = start
    for _ in range(_SEGMENTS_MAX):
        position = yield from walk.between(position)
        if position >= len(data):
            return
        position = yield from walk.segment(position, first)
        first = None
    raise CannotRewrite("The job switches its language too often to be changed.")


class _Walk:
    """One job under way."""

    def __init__(self, data: Data, changes: Changes, language: RewriteLanguage) -> None:
        self._data = data
        self._changes = changes
        self._language = language
        self._replaced = replaced_settings(changes)
        self._in_pjl = False  # PJL was met
        self._may_begin = True  # nothing was read yet, or an exit stands behind it
        self._said = False  # our lines hold for the document that comes next

    def between(self, position: int) -> Rewriting:
        """Exits and filler."""
        match = _BETWEEN.match(self._data, position)
        octets = match[0] if match else b""
        self._may_begin = self._may_begin or UEL in octets
        yield octets
        return position + len(octets)

    def segment(self, position: int, media_type: str | None) -> Rewriting:
        """Commands, if any, and one document, if any; `media_type` where it is known already."""
        data, at = self._data, position
        position, word = yield from self._lines(position)
        self._in_pjl = self._in_pjl or position > at
        if position >= len(data) or data[position : position + len(UEL)] == UEL:
            return position
        if word is None and data[position] in b"\0\r\n\t \x04":
            return position
        if command := DEVICE_COMMAND.match(data, position):
            yield command[0]
            return command.end()
        if position == at and not self._may_begin:
            raise CannotRewrite(_FOLLOWS)
        begin = behind_headers(data, position)
        return (yield from self._document(position, begin, self._named(word) or media_type or detect(data, begin)))

    def _document(self, position: int, begin: int, media_type: str) -> Rewriting:
        """The document that begins at `begin`, with a driver's header from `position` on."""
        if media_type in (TEXT, UNKNOWN, PJL):
            raise CannotRewrite(f"The job is in a language that cannot be changed ({media_type}).")
        if self._in_pjl:
            if not self._said:
                yield from setting_lines(self._changes)
            yield from copied(self._data, position, begin)
            stop = yield from self._language(self._data, begin, media_type, True)
        elif needs_pjl(media_type, self._changes):
            stop = yield from self._wrapped(position, begin, media_type)
        else:
            yield from copied(self._data, position, begin)
            stop = yield from self._language(self._data, begin, media_type, False)
        if stop <= begin:
            raise CannotRewrite("The job holds a part that cannot be read, so it was not changed.")
        self._may_begin = self._said = False  # what PJL set holds for the job; a job that follows sets it again
        return stop

    def _wrapped(self, position: int, begin: int, media_type: str) -> Rewriting:
        """A document in a PJL job of its own. Raises: CannotRewrite where PJL has no word for its language."""
        word = LANGUAGE_WORDS.get(media_type)
        if word is None:
            raise CannotRewrite(f"A document of the format {media_type} cannot be put into a PJL job.")
        name = f" NAME={quoted(self._changes.title)}" if self._changes.title is not None else ""
        yield UEL + f"@PJL JOB{name}\r\n".encode()
        yield from setting_lines(self._changes)
        yield b"@PJL ENTER LANGUAGE=" + word + b"\r\n"
        yield from copied(self._data, position, begin)
        stop = yield from self._language(self._data, begin, media_type, True)
        yield UEL + b"@PJL EOJ\r\n" + UEL
        return stop

    def _lines(self, position: int) -> Generator[bytes, None, tuple[int, str | None]]:
        """PJL lines up to another language. Returns: where that begins, and its name where a line gives it."""
        data = self._data
        for _ in range(_LINES_MAX):
            match = _LINE.match(data, position)
            if match is None:
                break
            line = match[0]
            if len(line) > _LINE_BYTES_MAX and not line.endswith((b"\n", b"\r")):
                raise CannotRewrite("The job holds a PJL command without an end, so it was not changed.")
            inner_exit = line.find(UEL)
            if inner_exit >= 0:  # the line was not ended; what follows the exit is no PJL
                line = line[:inner_exit]
            entered = _ENTER.match(line)
            if entered:
                line = entered[0]  # a carriage return ends it, whatever follows
                if not self._said:
                    yield from setting_lines(self._changes)
                self._said = True
            position += len(line)
            if setting_name(line) not in self._replaced:
                yield line
            if entered:
                return position, entered[1].decode("ascii").upper()
            if inner_exit >= 0:
                break
        return position, None

    def _named(self, word: str | None) -> str | None:
        """The media type of a language. Raises: CannotRewrite for one that is not known."""
        if word is None or word in AUTOMATIC:
            return None
        if word not in LANGUAGES:
            raise CannotRewrite(f"The job is in a language that cannot be changed ({word}).")
        return LANGUAGES[word]


def needs_pjl(media_type: str, changes: Changes) -> bool:
    """Whether something is asked for that the language itself has no word for."""
    if changes.names_the_job:
        return True
    if media_type == PDF:
        return (changes.sides, changes.copies, changes.toner_save) != (None, None, None)
    if media_type == PCL_XL and changes.monochrome is not None:
        return True
    return media_type in (PCL5, PCL_XL, POSTSCRIPT) and changes.toner_save is not None
