"""Codes of alerts about finishers (PrtAlertCodeTC from 30,000 on): which part, and what is the matter with it."""

from __future__ import annotations

from collections.abc import Mapping

FINISHERS = (
    *("stapler", "stitcher", "folder", "binder", "trimmer", "die-cutter", "puncher", "perforater", "slitter"),
    *("separation-cutter", "imprinter", "wrapper", "bander", "make-envelope", "stacker", "sheet-rotator", "inserter"),
)
_ITSELF = frozenset({"jam", "cover-open", "cover-closed", "interlock-open", "interlock-closed", "configuration-change"})
"""Troubles that have the same code wherever they are."""
_SUPPLIES: Mapping[str, str] = {
    "empty": "marker-supply-empty",
    "almost-empty": "marker-supply-almost-empty",
    "full": "marker-waste-full",
    "almost-full": "marker-waste-almost-full",
}


def part_and_trouble(code: str) -> tuple[str, str] | None:
    """ "stapler-almost-empty" is ("stapler", "almost-empty"); None for a code of another kind."""
    part = next((name for name in FINISHERS if code.startswith(f"{name}-")), None)
    return None if part is None else (part, code.removeprefix(f"{part}-"))


def as_usual(code: str) -> str:
    """The code that says the same of the machine itself: a jam is a jam wherever it is.

    What a stapler lacks is a supply and no paper, and what fills a puncher is waste; only a stacker fills with paper.
    """
    found = part_and_trouble(code)
    if found is None:
        return code
    part, trouble = found
    if trouble in _ITSELF:
        return trouble
    if trouble in _SUPPLIES and part not in {"stacker", "inserter"}:
        return _SUPPLIES[trouble]
    return f"subunit-{trouble}"
