"""Media sizes: millimetres, PWG 5101.1 self-describing names, and the names people use.

Sizes are written portrait (short edge first); every search here takes either orientation.
"""

from __future__ import annotations

import functools
import re

from platen.documents.media_sizes import MM_PER_INCH, SIZES

__all__ = ["MM_PER_INCH", "SIZES"]  # beside what is defined here

MM_PER_POINT = 25.4 / 72

# Drivers round to whole points, or to the pixels of a low resolution; sizes of different names lie further apart.
TOLERANCE_MM = 2.0

_BY_NAME = {size.name: size for size in SIZES}

# Sizes that a price list has lines of its own for; every other one is priced as "Other".
PRICED = ("A3", "A4", "Executive", "Letter", "Legal", "Ledger")
OTHER = "Other"


def _plain(word: str) -> str:
    """A word without case, blanks, '-' and '_'."""
    return re.sub(r"[\s_-]", "", word).lower()


# Words that drivers, PJL (PAPER), PPD (PageSize) and PCL XL use; compared without case, blanks, '-' and '_'.
_WORDS: dict[str, str] = {
    **{_plain("_".join(size.name.split("_")[:2])): size.name for size in reversed(SIZES)},  # isoa4, naletter
    **{_plain(size.everyday): size.name for size in SIZES},
    "exec": "na_executive_7.25x10.5in",
    "tabloid": "na_ledger_11x17in",
    "11x17": "na_ledger_11x17in",
    "statement": "na_invoice_5.5x8.5in",
    "invoice": "na_invoice_5.5x8.5in",
    "folio": "na_foolscap_8.5x13in",
    "foolscap": "na_foolscap_8.5x13in",
    "jisb4": "jis_b4_257x364mm",
    "b4jis": "jis_b4_257x364mm",
    "jisb5": "jis_b5_182x257mm",
    "b5jis": "jis_b5_182x257mm",
    "jisb6": "jis_b6_128x182mm",
    "jisexec": "jis_exec_216x330mm",
    "isob5": "iso_b5_176x250mm",
    "b5iso": "iso_b5_176x250mm",
    "isob4": "iso_b4_250x353mm",
    "com10": "na_number-10_4.125x9.5in",
    "env10": "na_number-10_4.125x9.5in",
    "monarch": "na_monarch_3.875x7.5in",
    "dl": "iso_dl_110x220mm",
    "envdl": "iso_dl_110x220mm",
    "c5": "iso_c5_162x229mm",
    "envc5": "iso_c5_162x229mm",
    "c6": "iso_c6_114x162mm",
    "lettersmall": "na_letter_8.5x11in",
    "a4small": "iso_a4_210x297mm",
    "letterr": "na_letter_8.5x11in",
    "a4r": "iso_a4_210x297mm",
    "a3plus": "na_super-b_13x19in",
    "superb/a3": "na_super-b_13x19in",
    "halfletter": "na_invoice_5.5x8.5in",
    "oficio": "na_oficio_8.5x13.4in",
    "ansia": "na_letter_8.5x11in",
    "ansib": "na_ledger_11x17in",
    "4x6": "na_index-4x6_4x6in",
    "5x7": "na_5x7_5x7in",
    "3x5": "na_index-3x5_3x5in",
    "5x8": "na_index-5x8_5x8in",
    "8x10": "na_govt-letter_8x10in",
    "10x15cm": "om_small-photo_100x150mm",
    "13x18cm": "om_medium-photo_130x180mm",
    "env9": "na_number-9_3.875x8.875in",
    "com9": "na_number-9_3.875x8.875in",
    "env11": "na_number-11_4.5x10.375in",
    "env12": "na_number-12_4.75x11in",
    "env14": "na_number-14_5x11.5in",
    "envmonarch": "na_monarch_3.875x7.5in",
    "envpersonal": "na_personal_3.625x6.5in",
    "envc4": "iso_c4_229x324mm",
    "c4": "iso_c4_229x324mm",
    "envc6": "iso_c6_114x162mm",
    "envc65": "iso_c6c5_114x229mm",
    "envisob5": "iso_b5_176x250mm",
    "envb5": "iso_b5_176x250mm",
    "b6jis": "jis_b6_128x182mm",
    "isob6": "iso_b6_125x176mm",
    "envchou3": "jpn_chou3_120x235mm",
    "envchou4": "jpn_chou4_90x205mm",
    "chou3": "jpn_chou3_120x235mm",
    "chou4": "jpn_chou4_90x205mm",
    "envkaku2": "jpn_kaku2_240x332mm",
    "envkaku3": "jpn_kaku3_216x277mm",
    "envyou4": "jpn_you4_105x235mm",
    "youchou4": "jpn_you4_105x235mm",
    "hagaki": "jpn_hagaki_100x148mm",
    "doublepostcardrotated": "jpn_oufuku_148x200mm",
    "roc8k": "roc_8k_10.75x15.5in",
    "roc16k": "roc_16k_7.75x10.75in",
    "prc16k": "prc_16k_146x215mm",
    "prc32k": "prc_32k_97x151mm",
    "8k260x368mm": "om_8k_260x368mm",
    "16k184x260mm": "om_16k_184x260mm",
    "8k270x390mm": "om_8k_270x390mm",
    "16k195x270mm": "om_16k_195x270mm",
    "postcard": "jpn_hagaki_100x148mm",
    "jpost": "jpn_hagaki_100x148mm",
    "jpostcard": "jpn_hagaki_100x148mm",
    "jpostd": "jpn_oufuku_148x200mm",
    "16k": "om_16k_195x270mm",
    "8k": "om_8k_270x390mm",
}

_SELF_DESCRIBING = re.compile(
    r"(?:[a-z0-9.-]+_)+(\d{1,5}(?:\.\d{1,4})?)x(\d{1,5}(?:\.\d{1,4})?)(mm|in)(?:_[a-z0-9._-]*)?"
)


@functools.lru_cache(4096)
def media_for_size(width_mm: float, height_mm: float, *, tolerance_mm: float = TOLERANCE_MM) -> str:
    """The PWG 5101.1 name for a size: the nearest standard size within the tolerance, else a custom name."""
    short, long = sorted((width_mm, height_mm))
    nearest = min(SIZES, key=lambda size: max(abs(size.width_mm - short), abs(size.height_mm - long)))
    if max(abs(nearest.width_mm - short), abs(nearest.height_mm - long)) <= tolerance_mm:
        return nearest.name
    size = f"{_number(short)}x{_number(long)}mm"
    return f"custom_{size}_{size}"


def size_of_media(name: str) -> tuple[float, float] | None:
    """Width and height in mm of a PWG 5101.1 self-describing name (its last part), or None if it is not one."""
    if known := _BY_NAME.get(name):
        return known.width_mm, known.height_mm
    match = _SELF_DESCRIBING.fullmatch(name)
    if match is None:
        return None
    scale = MM_PER_INCH if match[3] == "in" else 1.0
    width_mm, height_mm = float(match[1]) * scale, float(match[2]) * scale
    return (width_mm, height_mm) if width_mm and height_mm else None


def media_for_word(word: str) -> str | None:
    """The PWG name for a driver's word (`LETTER`, `A4`, `JIS B5`, `iso_a4_210x297mm`), or None."""
    if size_of_media(word) is not None:
        return word
    plain = _plain(word)
    # PPD options name the margins behind a point: A4.Borderless, Letter.Transverse
    return _WORDS.get(plain) or _WORDS.get(plain.partition(".")[0])


def everyday_name(media: str | None) -> str:
    """`A4`, `Letter`, ... for a PWG name or a word; a size without a common name as `105 x 200 mm`; None is Other."""
    name = media_for_word(media) if media else None
    size = size_of_media(name) if name else None
    if name is None or size is None:
        return OTHER
    standard = _BY_NAME.get(media_for_size(*size))
    return standard.everyday if standard else f"{_number(size[0])} x {_number(size[1])} mm"


def priced_name(media: str | None) -> str:
    """The line of a price list that a media falls under: one of `PRICED`, or `OTHER`."""
    name = everyday_name(media)
    return name if name in PRICED else OTHER


def _number(value_mm: float) -> str:
    return f"{value_mm:.1f}".removesuffix(".0")
