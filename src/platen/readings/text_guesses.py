"""Which character set octets are in where nobody says: the one whose letters stand where people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

GUESSES = ("cp1252", "cp1250", "cp1251", "koi8-r", "iso8859-5", "cp866", "cp932", "gb18030", "euc_kr", "big5")
"""Names of Python's codecs; their order settles ties. cp949 has so many syllables that nearly everything makes some."""
NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_RARE = {"koi8-r": -1.0, "iso8859-5": -1.0, "cp866": -1.0}
_IDEOGRAPHS = frozenset({"Lo", "Lm"})
_LATIN_END = "\u024f"
_SIGNS = "°©®²³½¼¾№ºª"  # behind a figure or by themselves, never inside a word
_BEFORE_WORDS = "¿¡"
_SELDOM = "ЇЈЅЂЋЏЃЌЉЊҐѕјђћџѓќ"
"""Letters of small alphabets; among others they are accidents."""
_SPACED_HANGUL = re.compile(r"[가-힣]+ [가-힣]+")
"""Koreans put spaces between words, Chinese and Japanese do not."""


def likeliest(readings: Iterable[tuple[str, str]]) -> str:
    """Of readings of the same octets, each with the name of its codec, the one that makes most sense; "" of none."""
    return max(readings, key=lambda reading: _RARE.get(reading[0], 0.0) + _likelihood(reading[1]), default=("", ""))[1]


def _likelihood(text: str) -> float:
    """How much of a text is letters that stand where people write them."""
    score = 1.0 if _SPACED_HANGUL.search(text) else 0.0
    for before, here, behind in zip(" " + text, text, text[1:] + " ", strict=False):
        if here.isascii():
            score += _ascii(before, here)
        elif here in _BEFORE_WORDS:
            score += 0.6 if behind.isascii() and behind.isalpha() else -0.5
        elif here == "°" and behind in "CF":
            score += 1.0
        elif here in _SIGNS:
            score += -0.5 if behind.isalpha() and before.isalpha() else 0.5
        else:
            score += _other(before, here, behind)
    return score


def _ascii(before: str, here: str) -> float:
    """No small Latin letter follows a character of Chinese or Japanese; other ASCII is the same in all readings."""
    if unicodedata.category(here) in NOT_SHOWN:
        return -4
    return -1 if here.islower() and unicodedata.category(before) in _IDEOGRAPHS and before > _LATIN_END else 0


def _other(before: str, here: str, behind: str) -> float:
    kind = unicodedata.category(here)
    if kind in NOT_SHOWN:
        score = -4.0
    elif kind in _IDEOGRAPHS and here > _LATIN_END:
        score = _ideograph(before, here, behind)
    elif "\uff10" <= here <= "\uff5a":
        score = 0.6  # figures and Latin letters as wide as the others
    elif not kind.startswith("L"):
        score = -0.5
    else:
        score = _letter(before, here, is_capital=kind == "Lu")
    return score


def _letter(before: str, here: str, *, is_capital: bool) -> float:
    if is_capital and before.islower():
        return -1
    if here <= _LATIN_END:
        return -0.3 if is_capital and not before.isascii() and before.isalpha() else 0.5
    return 0.1 if here in _SELDOM else _beside(before)


def _ideograph(before: str, here: str, behind: str) -> float:
    """Han, kana, hangul: any two octets make one of them, so one among Latin letters is an accident."""
    if before.isascii() and before.isalpha():
        return -1
    if "\uff61" <= here <= "\uff9f":  # half as wide: such words are written in them alone
        return -0.1 if "\u4e00" <= behind <= "\u9fff" else 0.4
    return 0.9


def _beside(before: str) -> float:
    """For a letter of another alphabet: it stands beside its like, begins a word, or is lost among Latin letters."""
    if not before.isalpha():
        return 0.3
    return -0.5 if before.isascii() else 0.6
