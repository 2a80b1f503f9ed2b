"""PDF objects as text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.documents.pdf.shapes import ShapeParser
from platen.documents.pdf.syntax import Irregular, Ref, Value, parse

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=8).map(lambda text: "/" + text)
REFS = st.builds(Ref, st.integers(0, 99_999), st.sampled_from([0, 0, 0, 7]))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.decimals(-1000, 1000, places=3).map(float),
    NAMES,
    st.binary(max_size=12),
    REFS,
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=20
)


def name(text: str) -> bytes:
    octets = text[1:].encode("latin-1")
    return b"/" + b"".join(b"#%02x" % o if o < 33 or o > 126 or o in b"#/()<>[]{}%" else bytes([o]) for o in octets)


def string(octets: bytes) -> bytes:
    return b"(" + b"".join(b"\\%03o" % o if o in b"()\\\r\n" else bytes([o]) for o in octets) + b")"


def text(value: Value, blank: bytes) -> bytes:
    """Write a value, with the given white space between tokens."""
    if value is None or isinstance(value, bool):
        return {None: b"null", True: b"true", False: b"false"}[value]
    if isinstance(value, Ref):
        return b"%d %d R" % value
    if isinstance(value, int | float):
        return repr(value).encode()
    if isinstance(value, str):
        return name(value)
    if isinstance(value, bytes):
        return string(value)
    if isinstance(value, list):
        return b"[" + blank.join(text(item, blank) for item in value) + b"]"
    assert isinstance(value, dict)
    return b"<<" + blank.join(name(key) + blank + text(item, blank) for key, item in value.items()) + b">>"


@settings(deadline=None)
@given(VALUES, st.sampled_from([b" ", b"\r\n", b" % a ) comment (\n", b"\0\t"]))
def test_what_is_written_is_read(value, blank):
    """Every value comes back, whatever stands between its parts (ISO 32000-1 section 7.3)."""
    assert parse(b" " + text(value, blank) + b" ") == value


@settings(deadline=None)
@given(VALUES, VALUES)
def test_objects_of_one_shape_are_told_apart(value, other):
    """Parsing by shape gives what parsing gives, the first time and every other."""
    parser = ShapeParser()
    for each in (value, other, value, other):
        assert parser.parse(text(each, b" ")) == parse(text(each, b" "))


@given(st.lists(st.integers(0, 9999), min_size=3, max_size=3))
def test_a_shape_takes_the_references_of_each_object(numbers):
    """Pages that differ in their references keep their own."""
    parser = ShapeParser()
    for shift in range(3):
        a, b, c = (number + shift for number in numbers)
        page = parser.parse(b"<</A %d 0 R/B[%d 0 R 1]/C<</D %d 0 R/E(9 0 R)>>>>" % (a, b, c))
        assert page == {"/A": Ref(a, 0), "/B": [Ref(b, 0), 1], "/C": {"/D": Ref(c, 0), "/E": b"9 0 R"}}
    assert parser.parse(b"<</A %d 0 R>>" % numbers[0]) == {"/A": Ref(numbers[0], 0)}


@given(st.binary(max_size=200))
def test_anything_else_is_irregular(octets):
    """Octets are an object or they are not; nothing else happens."""
    for read in (parse, ShapeParser().parse):
        try:
            read(octets)
        except Irregular:
            continue


@pytest.mark.parametrize(
    "octets", [b"", b"<<", b"<</A>>", b"<<1 2>>", b"]", b"(open", b"[" * 1000, b"<</A (>>", b"<zz>"]
)
def test_damage_is_irregular(octets):
    """What is not whole is left to a reader that repairs."""
    with pytest.raises(Irregular):
        parse(octets)


@pytest.mark.parametrize(
    ("octets", "value"),
    [
        (b"+.5", 0.5),
        (b"-4.", -4.0),
        (b"<9 0 1>", b"\x90\x10"),
        (b"(a\\\nb\\q)", b"abq"),
        (b"(((a)))", b"((a))"),
        (b"1.2.3", None),
        (b"[1 2 3 0 R]", [1, 2, Ref(3, 0)]),
        (b"<</A/B/C 1>>", {"/A": "/B", "/C": 1}),
        (b"/#41#42", "/AB"),
    ],
)
def test_uncommon_spellings(octets, value):
    """The standard allows more than one spelling."""
    assert parse(octets) == value
