"""Names of makers: by their private enterprise number (IANA), and as they stand in front of a model's name."""

from __future__ import annotations

import re
from functools import lru_cache

MAKERS_BY_ENTERPRISE = {
    11: "HP",
    119: "NEC",
    122: "Sony",
    231: "Fujitsu",
    236: "Samsung",
    253: "Xerox",
    258: "Panasonic",
    297: "Fujifilm",
    367: "Ricoh",
    641: "Lexmark",
    674: "Dell",
    1129: "Toshiba",
    1248: "Epson",
    1347: "Kyocera",
    1602: "Canon",
    2001: "OKI",
    2385: "Sharp",
    2435: "Brother",
    2590: "Konica Minolta",
    10642: "Zebra",
    18334: "Konica Minolta",
    40093: "Pantum",
}
# As names begin, in lower case, longest first where one begins another.
_BEGINNINGS = {
    "hewlett-packard": "HP",
    "hewlett packard": "HP",
    "hp": "HP",
    "canon": "Canon",
    "ricoh": "Ricoh",
    "lanier": "Lanier",
    "savin": "Savin",
    "gestetner": "Gestetner",
    "nrg": "NRG",
    "infotec": "Infotec",
    "nashuatec": "NRG",
    "rex-rotary": "Rex-Rotary",
    "fuji xerox": "Fuji Xerox",
    "fujifilm": "Fujifilm",
    "xerox": "Xerox",
    "kyocera document solutions": "Kyocera",
    "kyocera mita": "Kyocera",
    "kyocera": "Kyocera",
    "ta triumph-adler": "Triumph-Adler",
    "triumph-adler": "Triumph-Adler",
    "utax": "Utax",
    "olivetti": "Olivetti",
    "konica minolta": "Konica Minolta",
    "konicaminolta": "Konica Minolta",
    "develop": "Develop",
    "sharp": "Sharp",
    "toshiba tec": "Toshiba",
    "toshiba": "Toshiba",
    "lexmark": "Lexmark",
    "brother": "Brother",
    "epson": "Epson",
    "seiko epson": "Epson",
    "oki data corp": "OKI",
    "oki": "OKI",
    "samsung": "Samsung",
    "zebra technologies": "Zebra",
    "zebra": "Zebra",
    "dell": "Dell",
    "panasonic": "Panasonic",
    "pantum": "Pantum",
    "sindoh": "Sindoh",
    "riso": "Riso",
    "muratec": "Muratec",
    "katusha": "Katusha",
    "avery dennison": "Avery Dennison",
    "sato": "SATO",
    "tsc": "TSC",
    "citizen": "Citizen",
    "intermec": "Intermec",
    "honeywell": "Honeywell",
    "printronix": "Printronix",
    "bixolon": "Bixolon",
    "compuprint": "Compuprint",
    "datamax": "Datamax",
    "ibm": "IBM",
    "infoprint": "InfoPrint",
    "kip": "KIP",
    "océ": "Océ",
    "oce": "Océ",
    "qms": "QMS",
    "seiko instruments": "Seiko Instruments",
    "source technologies": "Source Technologies",
    "star micronics": "Star Micronics",
    "star": "Star Micronics",
    "tektronix": "Tektronix",
    "troy": "Troy",
    "kodak": "Kodak",
    "avision": "Avision",
    "lenovo": "Lenovo",
    "godex": "Godex",
    "primera": "Primera",
    "tallygenicom": "TallyGenicom",
    "mimaki": "Mimaki",
    "roland": "Roland",
    "fujitsu": "Fujitsu",
    "nec": "NEC",
    "deli": "Deli",
    "unisys": "Unisys",
}
_LONGEST_FIRST = sorted(_BEGINNINGS, key=len, reverse=True)
_TAIL = re.compile(r"[\s_-]+series$", re.IGNORECASE)
_TRADE_MARK = re.compile(r"®|™|\((?:R|TM)\)")
# What Xerox, Dell and Fuji write behind a name: versions of parts, the kind of system, whose controller it has; and
# what CUPS writes behind it: whose driver a queue has.
_BEHIND = re.compile(
    r"(?:\s*;.*|(?:\s+v\.? ?\d[\d. ]*)?\s+Multifunction System|\s+with EFI Fiery Controller"
    r"|,\s*(?:driverless|hpcups|hpijs|cups-filters)\b.*|\s+-\s+(?:CUPS\+Gutenprint|IPP Everywhere)\b.*"
    r"|\s+Foomatic/.*)+$",
    re.DOTALL,
)


@lru_cache(4096)
def maker_named(name: str) -> str:
    """Whose name a text begins with; "" if with nobody's that is known."""
    plain = name.casefold().lstrip()
    for beginning in _LONGEST_FIRST:
        if plain.startswith(beginning) and not plain[len(beginning) : len(beginning) + 1].isalnum():
            return _BEGINNINGS[beginning]
    return ""


@lru_cache(4096)
def without_maker(name: str, maker: str) -> str:
    """A model's name without its maker's in front, as often as it stands there.

    Trade mark signs, "series" and what is no part of a name behind it go too.
    """
    plain_name = " ".join(_TRADE_MARK.sub(" ", name).split())
    model = _TAIL.sub("", _BEHIND.sub("", plain_name) or plain_name)
    for _ in range(3):
        plain = model.casefold()
        known = (
            b for b in (*_LONGEST_FIRST, maker.casefold()) if b and (b == maker.casefold() or _BEGINNINGS[b] == maker)
        )
        beginning = next((b for b in known if plain.startswith(b) and not plain[len(b) : len(b) + 1].isalnum()), "")
        rest = model[len(beginning) :].lstrip(" -_,")
        if not beginning or not rest:
            break
        model = rest
    return model
