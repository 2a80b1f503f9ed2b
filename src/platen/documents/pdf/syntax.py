"""PDF objects as Python values (ISO 32000-1 section 7.3): a reader for the text between `obj` and `endobj`.

Names are `str` with their slash, strings are `bytes`, dictionaries are `dict`, arrays are `list`, null is None. An
octet is a character of Latin-1 here, so that one search splits a whole object into its tokens.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Ref(NamedTuple):
    """An indirect reference."""

    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream: its dictionary, and where its raw octets are."""

    attributes: Dictionary
    at: int  # where the reader that gave it finds its octets: an offset, or an object's number


Value: TypeAlias = "bool | int | float | str | bytes | list[Value] | dict[str, Value] | Ref | Stream | None"
Dictionary: TypeAlias = dict[str, Value]


class Irregular(Exception):
    """The file is not written as the standard has it; a reader that repairs must take over."""


class TooLarge(Irregular):
    """A stream inflates to more than may be looked at, or may do so."""


_NESTING_MAX = 100
_AT_ONCE_CHARACTERS_MAX = 65_536
_CACHED_CHARACTERS_MAX = 64  # of an array of numbers: boxes repeat from page to page
_BLANK = r"[\x00\t\n\f\r ]"
_REGULAR = r"[^\x00\t\n\f\r ()<>\[\]{}/%]"
_WITHIN = r"[^()\\]|\\."  # of a literal string
_TOKEN = re.compile(
    rf"/{_REGULAR}*"
    rf"|[0-9]+{_BLANK}+[0-9]+{_BLANK}+R(?!{_REGULAR})"
    r"|<<|>>|\]|\[(?:[0-9.+\-\t\n\f\r ]*\])?"  # an array of nothing but numbers is one token
    rf"|{_REGULAR}+"
    rf"|\((?:{_WITHIN}|\((?:{_WITHIN}|\((?:{_WITHIN})*+\))*+\))*+\)"
    rf"|<(?:[0-9A-Fa-f]|{_BLANK})*>"
    r"|%[^\r\n]*"
    r"|[(){}<>]",
    re.DOTALL,
)
_NAME_CODE = re.compile(r"#([0-9A-Fa-f]{2})")
_STRING_ESCAPE = re.compile(r"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "\n": "", "\r": "", "\r\n": ""}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_DIGITS = frozenset("0123456789+-.")


def parse(octets: bytes) -> Value:
    """The first object in `octets`. Values may be shared between objects: never change one.

    Raises: Irregular where they are no whole object.
    """
    values: list[Value] = []
    outer: list[list[Value]] = []
    for token in _tokens(octets.decode("latin-1")):
        first = token[0]
        if first == "/":
            values.append(token if "#" not in token else _NAME_CODE.sub(_character, token))
        elif first in _DIGITS:
            values.append(_reference(token) if token[-1] == "R" else _number(token))
        elif first == "[" and len(token) > 1:
            values.append(_numbers(token) if len(token) > _CACHED_CHARACTERS_MAX else _few_numbers(token))
        elif first == "[" or token == "<<":  # noqa: S105  # a token of the syntax
            if len(outer) >= _NESTING_MAX:
                raise Irregular
            outer.append(values)
            values = []
            continue
        elif first == "]" or token == ">>":  # noqa: S105  # a token of the syntax
            if not outer:
                raise Irregular
            closed: Value = _dictionary(values) if first == ">" else values
            values = outer.pop()
            values.append(closed)
        elif first == "%":
            continue
        else:
            values.append(_other(token))
        if not outer:
            return values[0]
    raise Irregular


def _tokens(text: str) -> Iterable[str]:
    if len(text) <= _AT_ONCE_CHARACTERS_MAX:
        return _TOKEN.findall(text)  # faster than one by one
    return (match[0] for match in _TOKEN.finditer(text))


def _dictionary(values: list[Value]) -> Dictionary:
    keys = values[::2]
    if len(values) & 1:
        raise Irregular
    for key in keys:
        if key.__class__ is not str:
            raise Irregular
    return dict(zip(keys, values[1::2], strict=True))  # type: ignore[arg-type]  # each key was seen to be a name


def _number(token: str) -> int | float | None:
    try:
        return float(token) if "." in token else int(token)
    except ValueError:
        return None


def _numbers(token: str) -> list[Value]:
    return [_number(word) for word in token[1:-1].split()]


_few_numbers = functools.lru_cache(1024)(_numbers)


def _reference(token: str) -> Ref:
    try:
        number, generation, _ = token.split()
        return Ref(int(number), int(generation))
    except ValueError:
        raise Irregular from None


def _other(token: str) -> Value:
    if token in _WORDS:
        return _WORDS[token]
    if len(token) > 1 and token[0] == "(":
        return _STRING_ESCAPE.sub(_unescaped, token[1:-1]).encode("latin-1")
    if len(token) > 1 and token[0] == "<":
        digits = token[1:-1].translate(_NO_BLANKS)
        return bytes.fromhex(digits + "0" * (len(digits) & 1))
    raise Irregular


_NO_BLANKS = dict.fromkeys(b"\0\t\n\f\r ")


def _character(code: re.Match[str]) -> str:
    return chr(int(code[1], 16))


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1]
    return chr(int(code, 8) & 255) if code[0] in "01234567" else _ESCAPES.get(code, code)
