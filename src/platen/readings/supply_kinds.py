"""What kind of supply a description speaks of, for agents that say "other" or nothing where the kind belongs."""

from __future__ import annotations

import re
from functools import lru_cache

# The first that matches counts: "waste toner" is no toner, a "toner cartridge drum" none either.
_KINDS = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        ("waste-toner", r"waste|resttoner|toner (?:collect|collection)|usado|usato|récup|废|廢|廃トナー|回収|отработ"),
        ("waste-ink", r"maintenance (?:box|tank|cartridge)|ink (?:absorber|waste)|メンテナンスボックス"),
        ("staples", r"\bstaple|heftklammer|agrafe|grapa|punto metallico|针|針"),
        ("fuser", r"\bfus(?:er|ing)\b|fixier|four\b|fusore|fusor|定着|定影|фьюзер|термоблок"),
        ("transfer-unit", r"transfer|\bbelt\b|transport(?:band)?einheit|courroie|cinghia|転写|转印|轉印"),
        ("developer", r"developer|entwickler|développ|sviluppo|revelador|現像|显影"),
        ("opc", r"\bdrum|photo\s?conduct|imaging unit|image unit|trommel|tambour|tamburo|tambor|ドラム|感光|барабан"),
        ("ink", r"\bink\b|tinte|\bencre|inchiostro|\btinta\b|\binkt\b|インク|墨"),
        ("ink-ribbon", r"ribbon|farbband|ruban|nastro"),
        ("toner", r"toner|トナー|墨粉|碳粉|тонер|tóner"),
        ("cleaner-unit", r"clean(?:er|ing)|reinigung"),
    )
)


@lru_cache(maxsize=4096)
def kind_in(description: str) -> str:
    """A keyword as SUPPLY_TYPES has them; "unknown" if the words say nothing."""
    return next((kind for kind, words in _KINDS if words.search(description)), "unknown")
