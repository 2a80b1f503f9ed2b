"""Objects of the same shape are read at once, and no otherwise than one by one."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from platen.documents.pdf.shapes import ShapeParser
from platen.documents.pdf.syntax import Irregular, Ref, parse

_PIECES = st.sampled_from(
    [
        b"<< ",
        b" >>",
        b"[ ",
        b" ]",
        b"/Parent ",
        b"/Kids ",
        b"7 0 R",
        b" 12 0 R ",
        b"10 0 R ",
        b"3 ",
        b"(4 0 R)",
        b"\n%5 0 R\n",
    ]
)
_NUMBERS = st.lists(st.integers(0, 10**10 - 1), min_size=2, max_size=2)


@given(pieces=st.lists(_PIECES, max_size=12), numbers=_NUMBERS, later=_NUMBERS)
@example(pieces=[b"[ 7 0 R", b"7 0 R ]"], numbers=[1, 2], later=[3, 4])
def test_an_object_that_is_found_by_its_shape_is_what_parsing_gives(
    pieces: list[bytes], numbers: list[int], later: list[int]
) -> None:
    """Whatever objects came before, the one at an offset is read as if it were the first."""
    first, second = (b"".join(pieces) + b"%d 0 R%d 0 R" % tuple(pair) for pair in (numbers, later))
    objects = [b"<< /A 3 0 R /B << /C [ %d 0 R 0 ] >> >>" % number for number in numbers] + [
        first,
        first,
        second,
        second,
    ]
    parser = ShapeParser()
    for number, text in enumerate(objects):
        _parsed(parser.parse, text)
        file = b"%d 0 obj" % number + text + b"endobj"
        found = parser.at(file, 0, len(file), number)
        assert found is None or found == _parsed(parse, text)


def test_an_object_of_the_last_shape_is_found_where_it_stands() -> None:
    """Pages that differ in what they refer to are read without splitting each into its tokens."""
    parser = ShapeParser()
    for number in (4, 5):
        parser.parse(b"<< /Type /Page /Contents %d 0 R >>" % number)
    file = b"6 0 obj<< /Type /Page /Contents 9 0 R >>endobj"
    assert parser.at(file, 0, len(file), 6) == {"/Type": "/Page", "/Contents": Ref(9, 0)}
    assert parser.at(file, 0, len(file), 7) is None, "it is another object"
    assert parser.at(file, 0, len(file) - 1, 6) is None, "it is cut off"
    assert parser.at(file, 1, len(file), 6) is None, "it begins elsewhere"


def _parsed(read: object, text: bytes) -> object:
    try:
        return read(text)  # type: ignore[operator]
    except Irregular:
        return Irregular
