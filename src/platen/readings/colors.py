"""Which colour a supply has: as the machine names its colorant, or from the words of its description.

Machines name colours in the language that somebody chose at the panel, so the words of many languages are known.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Longer names first where one holds another: the first that matches counts.
_SPECIAL = {
    "photo black": "photo-black photoblack photoschwarz fotoschwarz",
    "matte black": "matte-black matteblack mattschwarz",
    "light black": "light-black grauschwarz",
    "light cyan": "light-cyan hellcyan",
    "light magenta": "light-magenta hellmagenta",
    "light gray": "light-gray light-grey hellgrau",
}
_WORDS = {
    "black": (
        "black blk schwarz noir noire nero nera negro negra preto preta zwart zwarte svart sort musta must "
        "черный чёрный черная черное чёрное чорний чорна черен црна czarny czarna czarne černá čierna fekete crna "
        "crni črna negru μαύρο μαύρη siyah đen أسود שחור 黒 黑 黑色 ブラック 검정 검정색 검은색 블랙"
    ),
    "cyan": (
        "cyan zyan ciano cian cyaan syaani cyjan błękitny azurová cián ciánkék cijan camgöbeği голубой голубая циан "
        "блакитний блакитна бирюзовый κυανό سماوي ציאן シアン 青 青色 시안 청록색"
    ),
    "magenta": (
        "magenta magentová purpurowy purpurová bíbor bíborvörös macenta eflatun пурпурный пурпурная малиновый магента "
        "пурпуровий пурпурова ματζέντα أرجواني מגנטה マゼンタ 品红 品紅 洋红 洋紅 마젠타 자홍색"
    ),
    "yellow": (
        "yellow gelb jaune giallo gialla amarillo amarilla amarelo amarela geel gele gul keltainen żółty żółta žlutá "
        "žltá желтый жёлтый желтая жёлтая жълт жовтий жовта sárga žuta žuti rumena galben κίτρινο sarı vàng أصفر צהוב "
        "イエロー 黄 黃 黄色 黃色 노랑 노란색 옐로우"
    ),
    "gray": "gray grey grau gris grigio cinza grijs grå harmaa szary グレー 灰 灰色",
    "red": "red rot rouge rosso rojo vermelho rood röd rød punainen czerwony красный レッド 赤 红色",
    "green": "green grün vert verde groen grön grønn vihreä zielony зеленый グリーン 绿 绿色",
    "blue": "blue blau bleu blu azul blauw blå sininen niebieski синий ブルー 蓝 蓝色",
    "orange": "orange arancione naranja laranja oranje oranssi оранжевый オレンジ 橙 橙色",
    "white": "white weiß weiss blanc bianco blanco branco wit vit hvit valkoinen biały белый ホワイト 白 白色",
    "clear": "clear transparent klarlack transparente クリア 透明",
    "tri-color": "tri-color tricolor tri-colour tricolour trois-couleurs dreifarbig tricromia",
}
_NAMES: dict[str, str] = {
    word: color for table in (_SPECIAL, _WORDS) for color, words in table.items() for word in (color, *words.split())
}
_NO_COLOR = frozenset({"", "none", "other", "unknown", "n/a", "na", "-", "multicolor", "multi-color"})
_LETTERS = {"k": "black", "bk": "black", "c": "cyan", "m": "magenta", "y": "yellow"}
# As they stand alone in a name: "Ink Tank MBK", "Toner Cartridge (C)".
_ALONE = {letters.upper(): color for letters, color in _LETTERS.items()} | {
    "PBK": "photo black",
    "PK": "photo black",
    "MBK": "matte black",
    "MK": "matte black",
    "LK": "light black",
    "GY": "gray",
    "LGY": "light gray",
    "PGY": "light gray",
    "LC": "light cyan",
    "PC": "light cyan",
    "LM": "light magenta",
    "PM": "light magenta",
    "PGBK": "black",
    "VM": "magenta",
    "VLM": "light magenta",
}
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ALPHABETIC = "|".join(
    sorted((re.escape(name) for name in _NAMES if not re.search(r"[\u3040-\uffff]", name)), key=len, reverse=True)
)
_WHOLE_WORD = re.compile(rf"(?<![^\W\d_])(?:{_ALPHABETIC})(?![^\W\d_])")
# Chinese and Japanese do not put spaces between words. A single character of theirs is a colour only by itself.
_UNSPACED = tuple(sorted((n for n in _NAMES if len(n) > 1 and re.search(r"[\u3040-\uffff]", n)), key=len, reverse=True))
_SINGLE = frozenset(name for name in _NAMES if len(name) == 1)
_PART_SUFFIX = re.compile(r"[0-9A-Z]*[0-9][0-9A-Z]*-?(BK|K|C|M|Y)")
_LONGER_SUFFIX = re.compile(r"[0-9A-Z]*[0-9](MBK|PBK|PGBK|MK|PK|PGY|LGY|GY|PC|PM|LC|LM)")

COLORED_TYPES = frozenset(
    {
        "other",
        "unknown",
        "toner",
        "ink",
        "ink-cartridge",
        "ink-ribbon",
        "opc",
        "developer",
        "solid-wax",
        "ribbon-wax",
        "corona-wire",
        "toner-cartridge",
        "matte-toner",
        "matte-ink",
    }
)
"""Supplies that belong to one colour. A waste container or a fuser serves all, whatever colorant it claims."""


@lru_cache(maxsize=8192)
def color_named(name: str) -> str:
    """The colour of prtMarkerColorantValue, "black" or as the machine says in lower case; "" for none."""
    plain = " ".join(name.casefold().replace("_", " ").split())
    if plain in _NO_COLOR:
        return ""
    plain = plain.removeprefix("process ").removesuffix(" toner").removesuffix(" ink")
    return _NAMES.get(plain) or _LETTERS.get(plain) or color_in(plain) or (plain if len(plain) <= 32 else "")


@lru_cache(maxsize=8192)
def color_in(description: str) -> str:
    """The one colour that a description speaks of in words; "" if it speaks of none or of several."""
    plain = " ".join(description.casefold().split())
    found = {_NAMES[match] for match in _WHOLE_WORD.findall(plain)}
    for word in _UNSPACED:
        if word in plain:
            found.add(_NAMES[word])
            plain = plain.replace(word, " ")
    found.update(_NAMES[letter] for letter in _SINGLE if letter in plain.split())
    found -= {base for base in found if any(other != base and other.endswith(f" {base}") for other in found)}
    return found.pop() if len(found) == 1 else ""


def color_of_letters(name: str) -> str:
    """The colour of a name that is nothing but its letters: "PK", "LGY", "m"; "" of any other."""
    plain = name.strip()
    return _ALONE.get(plain) or _LETTERS.get(plain.casefold(), "")


@lru_cache(maxsize=8192)
def color_of_part(description: str) -> str:
    """The colour by the last letters of a part number, as in TK-8527C or SJIC35P-BK, or by letters that stand alone
    beside other words, as in "Ink Tank MBK"; "" without one."""
    for word in description.upper().replace("(", " ").replace(")", " ").split():
        longer = _LONGER_SUFFIX.fullmatch(word.rpartition("-")[2])
        if longer:
            return _ALONE[longer[1]]
        match = _PART_SUFFIX.fullmatch(word.rpartition("-")[2]) or re.fullmatch(r"\S*[0-9]\S*-(BK|K|C|M|Y)", word)
        if match:
            return _LETTERS[match[1].lower()]
    tokens = _TOKEN.findall(description)
    alone = {_ALONE[token] for token in tokens if token in _ALONE} if len(tokens) > 1 else set()
    return alone.pop() if len(alone) == 1 else ""
