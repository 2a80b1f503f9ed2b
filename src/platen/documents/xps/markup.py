"""XML of a package, read as a stream of elements. A document type, and with it every entity, is refused (ECMA-388)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat  # DTDs are refused below, so no entity is ever declared

_DEPTH_MAX = 500
_TEXT_MAX = 4096
# Markup for readers that know more, beside what all others take instead of it (ECMA-376 part 3, section 7.7).
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNDERSTOOD = ("http://schemas.microsoft.com/xps/", "http://schemas.openxps.org/oxps/")


class Refused(Exception):
    """The markup declares a document type or is nested without end."""


# Called with the local name of an element and its attributes; and with the local name and text at its end.
Begin = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]


class _Walk:
    def __init__(self, begin: Begin | None, end: End | None) -> None:
        self._begin, self._end = begin, end
        self._texts: list[list[str]] = []
        self._namespaces: dict[str, str] = {}  # by prefix, as declared last
        self._is_chosen: list[bool] = []  # of each alternative around: whether one of its choices was taken
        self._passed_over = 0  # depth inside a choice that is not taken

    def declare(self, prefix: str | None, namespace: str | None) -> None:
        self._namespaces[prefix or ""] = namespace or ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._texts) >= _DEPTH_MAX:
            raise Refused
        self._texts.append([])
        if self._passed_over:
            self._passed_over += 1
        elif name.startswith(_COMPATIBILITY):
            self._start_alternative(_local(name), attributes)
        elif self._begin is not None:
            self._begin(_local(name), {_local(key): value for key, value in attributes.items()})

    def _start_alternative(self, name: str, attributes: dict[str, str]) -> None:
        if name == "AlternateContent":
            self._is_chosen.append(False)
        elif self._is_chosen and name in ("Choice", "Fallback"):
            needed = attributes.get("Requires", "").split() if name == "Choice" else []
            known = all(self._namespaces.get(prefix, "").startswith(_UNDERSTOOD) for prefix in needed)
            if self._is_chosen[-1] or not known:
                self._passed_over = 1
            else:
                self._is_chosen[-1] = True

    def stop(self, name: str) -> None:
        text = "".join(self._texts.pop())
        if self._passed_over:
            self._passed_over -= 1
        elif name.startswith(_COMPATIBILITY):
            if _local(name) == "AlternateContent":
                self._is_chosen.pop()
        elif self._end is not None:
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
    parser.StartNamespaceDeclHandler = steps.declare
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
