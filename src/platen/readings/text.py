"""Octets of an agent as text: the character set that it declares, that of its language, or whatever they look like.

RFC 3805 lets a machine write its words in any character set that prtLocalizationCharacterSet names; in fact many write
in one and declare another, or declare none. Nothing here raises: what cannot be read becomes U+FFFD.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

from platen.readings.text_guesses import GUESSES, NOT_SHOWN, likeliest

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
    1015: "utf-16-be",  # without a mark in front (RFC 2781 section 4.3)
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
# Kana in EUC-JP: two or more of them, with nothing between them but ASCII, its marks and kanji.
_EUC_JP = re.compile(
    rb"(?=(?:.*[\xa4\xa5][\xa1-\xf6]){2})(?:[\x00-\x7f]|[\xa1\xa4\xa5\xb0-\xf4][\xa1-\xfe])+", re.DOTALL
)
_CONTROLS = re.compile("[\x80-\x9f]")
_HEX_TEXT = re.compile(rb"(?:0x)?(?:[0-9A-Fa-f]{2}[ :-]){3,}[0-9A-Fa-f]{2} ?")


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
    bare = octets.strip(b"\0 \t\r\n\xff")
    # A single octet of 255 behind other letters is one: of Russian the last of the alphabet.
    octets = bare if bare.isascii() or octets.endswith(b"\xff\xff") else octets.strip(b"\0 ")
    # ISO-2022 is made of seven-bit octets, so it has to be looked for before ASCII is taken for ASCII.
    if octets.isascii() and b"\x1b$" not in octets:
        return octets.decode("ascii")
    declared = CHARSETS.get(charset or 0, "")
    # UTF-8 that holds more than ASCII is hardly ever anything else, whatever is declared.
    shifted = "iso2022_jp" if b"\x1b$" in octets else ""
    kana = "euc_jp" if _EUC_JP.fullmatch(octets) else ""
    for codec in (shifted, "utf-8", declared, *_OF_LANGUAGES.get(language, ()), kana):
        text = _strict(octets, codec)
        # No text has the controls of ISO 6429: what was declared is not what was written.
        if text is not None and not _CONTROLS.search(text):
            return text
    readings = [(codec, text) for codec in GUESSES if (text := _strict(octets, codec)) is not None]
    return likeliest(readings) or octets.decode("latin-1")


def _wide(octets: bytes, charset: int | None) -> str | None:
    """UTF-16 where it is declared or begins with its mark; None otherwise."""
    if octets[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return octets.decode("utf-16", "replace")
    codec = CHARSETS.get(charset or 0, "")
    if not codec.startswith("utf-16") or len(octets) % 2:
        return None
    if b"\0" in octets:
        # Where Latin letters are, their octets of zero show which comes first, whatever is declared.
        first, second = octets[::2].count(0), octets[1::2].count(0)
        codec = "utf-16-be" if first > second else "utf-16-le" if second > first else codec
        return octets.decode(codec, "replace")
    # What has no Latin letter in it has no octet of zero either; but many declare UTF-16 and write something else.
    return None if octets.isascii() or _is_utf_8(octets) else _printable(octets, codec)


def _printable(octets: bytes, codec: str) -> str | None:
    try:
        text = octets.decode(codec)
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


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
    shown = ("" if unicodedata.category(letter) in NOT_SHOWN else letter for letter in re.sub(r"\s", " ", text))
    return " ".join("".join(shown).split())
