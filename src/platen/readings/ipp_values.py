"""Values of IPP that hold values of the Printer MIB: `key=value;` octet strings (PWG 5100.9, PWG 5100.13)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from platen.protocols.ipp.values import Attributes, NameWithLanguage, TextWithLanguage
from platen.readings.enumerations import UNITS
from platen.readings.text import decoded

VALUES_MAX = 128
"""Supplies, trays or alerts that are read of one attribute."""
_PAIRS_MAX = 64
_HEAD = re.compile(r"printer-[a-z-]+\[\d+\]\s*=\s*")
"""Some machines write the attribute's name into its value: `printer-alert[0] = code=jam;`."""
_BETWEEN = re.compile(r"(?<=;)\s*,\s*(?=[A-Za-z]+=)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NUMBER = re.compile(r"-?\d{1,10}")


def records_of(attributes: Attributes, name: str) -> list[dict[str, str]]:
    """Every value of an attribute as its pairs. Value n stays at place n, without pairs where it says "none"."""
    attribute = attributes.get(name)
    if attribute is None:
        return []
    # Some put all records into one value, with commas between them.
    texts = (text for value in attribute.values[:VALUES_MAX] for text in _BETWEEN.split(plain(value)))
    return [pairs(text) for text in islice(texts, VALUES_MAX)]


def texts_of(attributes: Attributes, name: str) -> list[str]:
    """Every value of an attribute as text, "" for one that is none, so that places stay the same."""
    attribute = attributes.get(name)
    return [plain(value) for value in attribute.values[:VALUES_MAX]] if attribute else []


def text_of(attributes: Attributes, name: str) -> str:
    """An attribute's first value as text; "" where it is none."""
    return plain(attributes.first(name))


def plain(value: object) -> str:
    """Text of one line; "" for what is no text."""
    if isinstance(value, TextWithLanguage | NameWithLanguage):
        value = value.text
    if isinstance(value, str):
        value = value.encode()
    return decoded(value) if isinstance(value, bytes) else ""


def pairs(text: str) -> dict[str, str]:
    """Keys in lower case. Of a repeated key the first value; a first part without a key is the code of an alert.

    Pairs end with a semicolon; where there is none, with a comma.
    """
    found: dict[str, str] = {}
    text = _HEAD.sub("", text, count=1)
    parts = text.split(";" if ";" in text else ",", _PAIRS_MAX)[:_PAIRS_MAX]
    for place, part in enumerate(parts):
        key, equals, value = part.partition("=")
        if equals:
            found.setdefault(key.strip().lower(), value.replace("\\", "").strip())
        elif place == 0 and len(parts) > 1:
            found["code"] = part.strip()
    return found


def number(text: str | None) -> int | None:
    """A whole number, or None."""
    return int(text) if text is not None and _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=4096)
def keyword(label: str) -> str:
    """The MIB's label as IPP writes keywords: "receptacleThatIsFilled" is "receptacle-that-is-filled"."""
    return _HUMP.sub("-", label.strip()).lower()


def unit_of(text: str | None) -> str:
    """A unit by its keyword or by its number, both of which occur; "" where none is said."""
    if not text:
        return ""
    value = number(text)
    return keyword(text) if value is None else UNITS.get(value, "other")
