"""Trays of an IPP printer: printer-input-tray and printer-output-tray (PWG 5100.13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from platen.protocols.ipp.values import Attributes
from platen.readings.facts import Tray
from platen.readings.ipp_values import keyword, number, records_of, unit_of
from platen.readings.sub_units import status_words
from platen.readings.supplies import amount_of

_NO_TRAYS = frozenset({"auto"})
_STACKING: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("pagedelivery", {"face-up": "face-up", "3": "face-up", "face-down": "face-down", "4": "face-down"}),
    (
        "stackingorder",
        {
            "first-to-last": "first-to-last",
            "3": "first-to-last",
            "last-to-first": "last-to-first",
            "4": "last-to-first",
        },
    ),
    ("offsetstacking", {"on": "offset", "3": "offset"}),
)
"""How sheets come to lie: by the labels of the Printer MIB, or by their numbers, which occur."""


def read_trays(attributes: Attributes) -> tuple[Tray, ...]:
    """Inputs, then outputs."""
    return (
        *_trays(attributes, "printer-input-tray", "level", output=False),
        *_trays(attributes, "printer-output-tray", "remaining", output=True),
    )


def _trays(attributes: Attributes, name: str, amount: str, *, output: bool) -> Iterator[Tray]:
    """Without the choice "auto", which is no place."""
    for place, record in enumerate(records_of(attributes, name), 1):
        if not record or record.get("name", "").casefold() in _NO_TRAYS:
            continue
        level, capacity = number(record.get(amount)), number(record.get("maxcapacity"))
        state, percent = amount_of(level, capacity, unit_of(record.get("unit")))
        yield Tray(
            key=f"ipp.{'out' if output else 'in'}.{place}",
            name=record.get("name") or record.get("description", ""),
            media=record.get("medianame", ""),
            output=output,
            level=level if level is not None and level >= 0 else None,
            capacity=capacity if capacity is not None and capacity > 0 else None,
            state=state,
            percent=percent,
            source=name,
            status=status_words(number(record.get("status"))),
            stacking=tuple(_stacking(record)) if output else (),
        )


def _stacking(record: Mapping[str, str]) -> Iterator[str]:
    for key, words in _STACKING:
        word = words.get(keyword(record.get(key, "")))
        if word:
            yield word
