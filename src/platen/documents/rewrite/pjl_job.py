"""Jobs in PJL: their lines are changed, and what they wrap is handed to the rewriter of its language.

A job without PJL gets a header where that is the only way to say something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator

from platen.documents.detect import PCL5, PCL_XL, PDF, POSTSCRIPT, TEXT, UEL, UNKNOWN, detect
from platen.documents.pjl import LANGUAGES
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.rewrite.pieces import Rewriting
from platen.documents.rewrite.pjl_lines import quoted, replaced_settings, setting_lines, setting_name
from platen.documents.source import Data

RewriteLanguage = Callable[[Data, int, str], Rewriting]

LANGUAGE_WORDS = {PCL5: b"PCL", PCL_XL: b"PCLXL", POSTSCRIPT: b"POSTSCRIPT", PDF: b"PDF"}

_BETWEEN = re.compile(rb"(?:\x1b%-12345X|[\0\r\n\t \x04])*")
_LINE_BYTES_MAX = 65_536  # what goes on beyond them is no command
_LINE = re.compile(rb"[ \t]*@PJL[^\n]{0,%d}\n?" % _LINE_BYTES_MAX)
_LINES_MAX = 10_000
_SEGMENTS_MAX = 10_000
_ENTER = re.compile(rb"[ \t]*@PJL\s+ENTER\s+LANGUAGE\s*=\s*\"?([A-Za-z0-9_-]+)", re.IGNORECASE)


def wrapped(document: Iterator[bytes], changes: Changes, media_type: str) -> Iterator[bytes]:
    """A document in a PJL job of its own. Raises: CannotRewrite where PJL has no word for its language."""
    word = LANGUAGE_WORDS.get(media_type)
    if word is None:
        raise CannotRewrite(f"A document of the format {media_type} cannot be put into a PJL job.")
    name = f" NAME={quoted(changes.title)}" if changes.title is not None else ""
    yield UEL + f"@PJL JOB{name}\r\n".encode()
    yield from setting_lines(changes)
    yield b"@PJL ENTER LANGUAGE=" + word + b"\r\n"
    yield from document
    yield UEL + b"@PJL EOJ\r\n" + UEL


def rewritten_job(data: Data, changes: Changes, rewrite_language: RewriteLanguage) -> Iterator[bytes]:
    """A PJL job with the changes. Raises: CannotRewrite where it holds a language that cannot be changed."""
    position, said = 0, False
    for _ in range(_SEGMENTS_MAX):
        match = _BETWEEN.match(data, position)
        if match is not None and match.end() > position:
            yield match[0]
            position = match.end()
        if position >= len(data):
            return
        position, media_type, said = yield from _lines(data, position, changes, said=said)
        if media_type is not None:
            position = yield from _segment(data, position, media_type, rewrite_language)
            said = False  # what PJL set holds for the job; a job that follows sets it again
        elif position < len(data) and data[position : position + len(UEL)] != UEL:
            yield bytes(data[position : position + 1])
            position += 1
    raise CannotRewrite("The job switches its language too often to be changed.")


def _segment(data: Data, position: int, media_type: str, rewrite_language: RewriteLanguage) -> Rewriting:
    stop = yield from rewrite_language(data, position, media_type)
    if stop <= position:
        raise CannotRewrite("The job holds a part that cannot be read, so it was not changed.")
    return stop


def _lines(
    data: Data, position: int, changes: Changes, *, said: bool
) -> Generator[bytes, None, tuple[int, str | None, bool]]:
    """PJL lines up to another language. Returns: where that begins, its media type or None, whether ours were said."""
    replaced = replaced_settings(changes)
    for _ in range(_LINES_MAX):
        match = _LINE.match(data, position)
        if match is None:
            break
        line = match[0]
        if len(line) > _LINE_BYTES_MAX and not line.endswith(b"\n"):
            raise CannotRewrite("The job holds a PJL command without an end, so it was not changed.")
        inner_exit = line.find(UEL)
        if inner_exit >= 0:  # the line was not ended; what follows the exit is no PJL
            line = line[:inner_exit]
        position += len(line)
        if entered := _ENTER.match(line):
            if not said:
                yield from setting_lines(changes)
            yield line
            return position, _entered(data, position, entered[1]), True
        if setting_name(line) not in replaced:
            yield line
        if inner_exit >= 0:
            return position, None, said
    if position >= len(data) or data[position : position + len(UEL)] == UEL or data[position] in b"\0\r\n\t \x04":
        return position, None, said
    media_type = detect(data, position)
    if media_type in (TEXT, UNKNOWN):
        return len(data), _refused(media_type), said
    if not said:
        yield from setting_lines(changes)
    return position, media_type, True


def _entered(data: Data, position: int, word: bytes) -> str | None:
    if position >= len(data) or data[position : position + len(UEL)] == UEL:
        return None
    named = LANGUAGES.get(word.decode("ascii", "replace").upper())
    return named or _refused(word.decode("ascii", "replace"))


def _refused(language: str) -> str:
    raise CannotRewrite(f"The job is in a language that cannot be changed ({language}).")
