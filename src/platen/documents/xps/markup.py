"""XML of a package, read as a stream of elements. A document type, and with it every entity, is refused (ECMA-388)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat  # DTDs are refused below, so no entity is ever declared

_DEPTH_MAX = 500
_TEXT_MAX = 4096


class Refused(Exception):
    """The markup declares a document type or is nested without end."""


# Called with the local name of an element and its attributes; and with the local name and text at its end.
Begin = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]


class _Walk:
    def __init__(self, begin: Begin | None, end: End | None) -> None:
        self._begin, self._end = begin, end
        self._texts: list[list[str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._texts) >= _DEPTH_MAX:
            raise Refused
        self._texts.append([])
        if self._begin is not None:
            self._begin(_local(name), {_local(key): value for key, value in attributes.items()})

    def stop(self, name: str) -> None:
        text = "".join(self._texts.pop())
        if self._end is not None:
            self._end(_local(name), text.strip())

    def text(self, text: str) -> None:
        if self._texts and len(self._texts[-1]) < 64:
            self._texts[-1].append(text[:_TEXT_MAX])


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def walk(chunks: Iterable[bytes], begin: Begin | None = None, end: End | None = None) -> bool:
    """Walk the elements of a part. Returns: False where it is damaged, refused or empty; what came before was given."""
    return all(_parsed(chunks, begin, end))


def elements(chunks: Iterable[bytes], wanted: str) -> Iterator[dict[str, str]]:
    """The attributes of the elements of one name, as they come: a part may list a million."""
    found: list[dict[str, str]] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name == wanted:
            found.append(attributes)

    for _ in _parsed(chunks, begin):
        yield from found
        found.clear()
    yield from found


def _parsed(chunks: Iterable[bytes], begin: Begin | None = None, end: End | None = None) -> Iterator[bool]:
    """Parse chunk by chunk. Yields: True for each sound one, then False where the markup is not."""
    parser = expat.ParserCreate(namespace_separator="}")
    steps = _Walk(begin, end)
    parser.StartElementHandler = steps.start
    parser.EndElementHandler = steps.stop
    if end is not None:
        parser.CharacterDataHandler = steps.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield True
        parser.Parse(b"", True)
    except (expat.ExpatError, Refused, ValueError, LookupError):  # an unknown encoding is a LookupError
        yield False


def _refuse(*_: object) -> None:
    raise Refused
