"""What kind of supply a description speaks of, for agents that say "other" or nothing where the kind belongs."""

from __future__ import annotations

import re
from functools import lru_cache

from platen.readings.enumerations import SUPPLY_TYPES

_UNKNOWN = 2

# The first that matches counts: "waste toner" is no toner, a "toner cartridge drum" none either.
_KINDS = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        ("waste-ink", r"maintenance (?:box|tank|cartridge)|ink (?:absorber|waste)|wasted? ink|メンテナンスボックス"),
        (
            "waste-toner",
            r"waste|(?:rest|spill|afval|jäte|alt)toner|toner(?:auffang|sammel|afval)|toner (?:collect|collection)|"
            r"usad[oa]\b|usat[oa]\b|usagée?\b|scarto|esaust|residual|resíduo|r[eé]cup|spildtoner|brugt toner|avfall|"
            r"jäteväri|zużyt|odpad|hulladék|atık|废|廢|廃トナー|回収|отработ|폐토너",
        ),
        ("staples", r"\bstaple|heftklammer|agrafe|grapa|punto metallico|nietjes|zszywk|скреп|针|針"),
        (
            "fuser",
            r"\bfus(?:er|ing|ion)\b|fixi?e+r|four\b|fusore|fusor|utrwal|zapék|beéget|fırın|定着|定影|정착|фьюзер|"
            r"термоблок|печк|закреплен",
        ),
        (
            "transfer-unit",
            r"transfer|\bbelt\b|transport(?:band)?einheit|übertragung|courroie|cinghia|перенос|転写|转印|轉印|전사",
        ),
        ("developer", r"develop(?:er|ing)|entwickler|développ|sviluppo|revelador|現像|显影"),
        (
            "opc",
            r"\bdrum|photo\s?(?:conduct|recept)|imaging (?:unit|kit)|image (?:unit|kit)|bildeinheit|trommel|tambour|"
            r"tamburo|tambor|cilindro\b|\btrumma|\btromle|\brumpu|bęben|válec|dobegys|ドラム|感光|барабан|드럼",
        ),
        ("ink-ribbon", r"ribbon|farbband|ruban\b|nastro"),
        ("toner", r"toner|トナー|墨粉|碳粉|тонер|tóner|토너"),
        (
            "ink",
            r"\bink\b|tinte|\bencre|inchiostro|\btinta\b|\binkt\b|\bbl[äæ]c?k\b|\bblekk|muste\b|\btusz|atrament|"
            r"inkoust|чернил|mürekkep|インク|墨|잉크",
        ),
        ("cleaner-unit", r"clean(?:er|ing)|reinigung"),
    )
)


@lru_cache(maxsize=4096)
def kind_in(description: str) -> str:
    """A keyword as SUPPLY_TYPES has them; "unknown" if the words say nothing."""
    return next((kind for kind, words in _KINDS if words.search(description)), "unknown")


def kind_of(type_: int | None, description: str) -> str:
    """By PrtMarkerSuppliesTypeTC; where that says "other" or nothing, by the words if they say more."""
    kind = SUPPLY_TYPES.get(type_ or _UNKNOWN, "other")
    if kind not in {"other", "unknown"}:
        return kind
    said = kind_in(description)
    return kind if said == "unknown" else said
