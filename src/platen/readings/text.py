"""Octets of an agent as text: the character set that it declares, that of its language, or whatever they look like.

RFC 3805 lets a machine write its words in any character set that prtLocalizationCharacterSet names; in fact many write
in one and declare another, or declare none. Nothing here raises: what cannot be read becomes U+FFFD.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

TEXT_OCTETS_MAX = 4096
"""What is behind these octets of one value is not looked at: the longest text of the Printer MIB has 255."""

CHARSETS = {
    3: "ascii",
    4: "latin-1",
    5: "iso8859-2",
    6: "iso8859-3",
    7: "iso8859-4",
    8: "iso8859-5",
    9: "iso8859-6",
    10: "iso8859-7",
    11: "iso8859-8",
    12: "iso8859-9",
    13: "iso8859-10",
    17: "shift_jis",
    18: "euc_jp",
    36: "cp949",
    38: "euc_kr",
    39: "iso2022_jp",
    57: "gb2312",
    106: "utf-8",
    109: "iso8859-13",
    110: "iso8859-14",
    111: "iso8859-15",
    113: "gbk",
    114: "gb18030",
    1000: "utf-16-be",
    1013: "utf-16-be",
    1014: "utf-16-le",
    1015: "utf-16",
    2004: "hp-roman8",
    2009: "cp850",
    2010: "cp852",
    2011: "cp437",
    2024: "cp932",
    2025: "gb2312",
    2026: "big5",
    2027: "mac-roman",
    2046: "cp855",
    2084: "koi8-r",
    2086: "cp866",
    2088: "koi8-u",
    2109: "cp874",
    2250: "cp1250",
    2251: "cp1251",
    2252: "cp1252",
    2253: "cp1253",
    2254: "cp1254",
    2255: "cp1255",
    2256: "cp1256",
    2257: "cp1257",
    2258: "cp1258",
    2259: "tis-620",
}
"""IANA's MIBenum of a character set, and Python's name of the codec."""

_OF_LANGUAGES = {
    "ja": ("cp932", "euc_jp"),
    "zh": ("gb18030", "big5"),
    "ko": ("cp949",),
    "ru": ("cp1251", "koi8-r"),
    "uk": ("cp1251",),
    "bg": ("cp1251",),
    "sr": ("cp1251", "cp1250"),
    "pl": ("cp1250",),
    "cs": ("cp1250",),
    "sk": ("cp1250",),
    "hu": ("cp1250",),
    "sl": ("cp1250",),
    "hr": ("cp1250",),
    "ro": ("cp1250",),
    "el": ("cp1253",),
    "tr": ("cp1254",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "lt": ("cp1257",),
    "lv": ("cp1257",),
    "et": ("cp1257",),
    "vi": ("cp1258",),
    "th": ("cp874",),
}
# Where nobody says: the first whose letters make sense, see _likelihood. The order settles ties.
_GUESSES = ("cp1252", "cp1251", "cp932", "gb18030", "cp949", "big5")
_HEX_TEXT = re.compile(rb"(?:0x)?(?:[0-9A-Fa-f]{2}[ :-]){3,}[0-9A-Fa-f]{2} ?")
_NOT_SHOWN = {"Cc", "Cf", "Cs", "Co", "Cn"}


@lru_cache(maxsize=16384)
def decoded(octets: bytes, charset: int | None = None, language: str = "") -> str:
    """Octets as one line of text without padding and control characters.

    charset: what the machine declares, as IANA's MIBenum. language: its language, "ja" (ISO 639-1).
    """
    octets = octets[:TEXT_OCTETS_MAX]
    if _HEX_TEXT.fullmatch(octets):
        octets = _from_hex(octets)
    return _one_line(_characters(octets, charset, language.strip().lower()[:2]))


def _characters(octets: bytes, charset: int | None, language: str) -> str:
    wide = _wide(octets, charset)
    if wide is not None:
        return wide
    octets = octets.strip(b"\0 \t\r\n\xff") if octets.isascii() or octets.endswith(b"\xff") else octets.strip(b"\0 ")
    # ISO-2022 is made of seven-bit octets, so it has to be looked for before ASCII is taken for ASCII.
    if octets.isascii() and b"\x1b$" not in octets:
        return octets.decode("ascii")
    declared = CHARSETS.get(charset or 0, "")
    # UTF-8 that holds more than ASCII is hardly ever anything else, whatever is declared.
    shifted = "iso2022_jp" if b"\x1b$" in octets else ""
    for codec in (shifted, "utf-8", declared, *_OF_LANGUAGES.get(language, ())):
        text = _strict(octets, codec)
        if text is not None:
            return text
    readings = [text for text in (_strict(octets, codec) for codec in _GUESSES) if text is not None]
    return max(readings, key=_likelihood, default="") or octets.decode("latin-1")


def _wide(octets: bytes, charset: int | None) -> str | None:
    """UTF-16 where it is declared or begins with its mark; None otherwise."""
    if octets[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return octets.decode("utf-16", "replace")
    codec = CHARSETS.get(charset or 0, "")
    if codec.startswith("utf-16") and len(octets) % 2 == 0 and b"\0" in octets:
        return octets.decode(codec, "replace")
    return None


def _strict(octets: bytes, codec: str) -> str | None:
    """The text if every octet makes sense; a last character that an agent cut off is left out.

    That something was cut off is only believed of a text that holds a whole character of several octets as well: a
    single odd octet at the end is a letter in some other character set.
    """
    if not codec or codec in {"ascii", "utf-16", "utf-16-be", "utf-16-le"}:
        return None
    try:
        return octets.decode(codec)
    except UnicodeDecodeError as error:
        if error.end < len(octets):
            return None
    try:
        text = codecs.getincrementaldecoder(codec)().decode(octets)
    except UnicodeDecodeError:
        return None
    return None if text.isascii() else text


def _likelihood(text: str) -> float:
    """How much of a text is letters that stand where people write them."""
    score = 0.0
    for before, here in zip(" " + text, text, strict=False):
        kind = unicodedata.category(here)
        if kind in _NOT_SHOWN:
            score -= 4
        elif here.isascii():
            continue
        elif kind in {"Lo", "Lm"}:
            # Han, kana, hangul: any two octets make one of them, so one among Latin letters is an accident.
            score += -1 if before.isascii() and before.isalpha() else 0.4 if "\uff61" <= here <= "\uff9f" else 0.9
        elif kind == "Lu" and before.islower():
            score -= 1  # a capital behind a small letter
        elif kind.startswith("L"):
            score += 0.5 if "\u00c0" <= here <= "\u024f" else _beside(before)
        else:
            score -= 0.5
    return score


def _beside(before: str) -> float:
    """For a letter of another alphabet: it stands beside its like, begins a word, or is lost among Latin letters."""
    if not before.isalpha():
        return 0.3
    return -0.5 if before.isascii() else 0.6


def _from_hex(octets: bytes) -> bytes:
    """Octets that an agent wrote as hexadecimal digits, if they are readable text; else what came."""
    raw = bytes(int(pair, 16) for pair in re.findall(rb"[0-9A-Fa-f]{2}(?![xX])", octets.removeprefix(b"0x")))
    plain = raw.rstrip(b"\0 ")
    if not plain.isascii():
        return plain if _is_utf_8(plain) else octets
    readable = len(plain) >= 4 and all(0x20 <= octet < 0x7F for octet in plain)
    # Digits alone, as in a serial number or a date that is written in pairs, stay what they are.
    return plain if readable and any(chr(octet).isalpha() for octet in plain) else octets


def _is_utf_8(octets: bytes) -> bool:
    """Whether it is UTF-8 of letters beyond ASCII: octets of anything else hardly ever are."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.isprintable() and any(letter.isalpha() and not letter.isascii() for letter in text)


def _one_line(text: str) -> str:
    """Without control characters, runs of spaces and padding."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = ("" if unicodedata.category(letter) in _NOT_SHOWN else letter for letter in re.sub(r"\s", " ", text))
    return " ".join("".join(shown).split())
