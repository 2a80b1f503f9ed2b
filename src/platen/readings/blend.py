"""What makers' private objects say, put together with what the standard ones said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from platen.protocols.snmp import parse_oid
from platen.readings.facts import Identity, Meter, Supply, SupplyState
from platen.readings.identity import plausible_serial
from platen.readings.maker_names import maker_named, without_maker
from platen.readings.makers import maker_of

# Kinds that stand for the same thing in a machine: what one agent calls toner, its private objects call a cartridge.
_ALIKE = {
    "toner-cartridge": "toner",
    "matte-toner": "toner",
    "ink": "toner",  # a machine has one of both: records that are the same in all of a maker's machines say either
    "ink-cartridge": "toner",
    "matte-ink": "toner",
    "unknown": "toner",
}
_OVER = ("model", "firmware", "asset_number", "uuid")
"""Fields in which a maker knows better than the standard objects; in the others it fills what they leave empty."""
_FUNCTIONS = {
    "total": "print",
    "print": "print",
    "copy": "copy",
    "scan": "scan",
    "scan-copy": "copy",
    "scan-send": "scan",
    "fax": "fax",
    "fax-sent": "fax",
}
_MEASURED = frozenset({SupplyState.LEVEL, SupplyState.EMPTY})


def with_private_identity(identity: Identity, private: Mapping[str, str], brand: str) -> Identity:
    """Names of fields of Identity to what was found."""
    found: dict[str, Any] = {
        name: text for name, text in private.items() if text and name in Identity.__dataclass_fields__
    }
    if "serial" in found:
        found["serial"] = plausible_serial(found["serial"])
    maker = _badge(identity, found.pop("maker", ""), brand)
    new: dict[str, Any] = {name: text for name, text in found.items() if name in _OVER or not getattr(identity, name)}
    model = without_maker(new.get("model", "") or identity.model, maker)
    return replace(identity, **{**new, "maker": maker, "model": model})


def _badge(identity: Identity, named: str, brand: str) -> str:
    """Whose name is on the machine. named: by its identification string. brand: by sysObjectID and sysDescr.

    A print server may serve a printer of another maker, and whoever built a machine need not sell it: where nothing but
    the number says whose it is, names in what the printer says of itself come first.
    """
    by_number = maker_of(parse_oid(identity.object_id)) if identity.object_id else ""
    told = maker_named(named) or (identity.maker if brand == by_number else "")
    return told or brand or identity.maker


def with_private_meters(standard: tuple[Meter, ...], private: tuple[Meter, ...]) -> tuple[Meter, ...]:
    """All of both; of one name the standard one."""
    known = {meter.name for meter in standard}
    return (*standard, *(meter for meter in private if meter.name not in known))


def with_private_supplies(standard: tuple[Supply, ...], private: tuple[Supply, ...]) -> tuple[Supply, ...]:
    """All of both; of one kind and colour one supply, with the level of whichever measured it.

    Private objects that only name a supply, by its serial or part number, add none to a table that lists some.
    """
    places = {_what(supply): number for number, supply in reversed(list(enumerate(standard)))}
    whole = list(standard)
    for supply in private:
        place = places.get(_what(supply))
        if place is None:
            if not standard or not _is_named_only(supply):
                whole.append(supply)
        else:
            whole[place] = _filled(whole[place], supply)
    return tuple(whole)


def functions_by_meters(functions: frozenset[str], meters: tuple[Meter, ...]) -> frozenset[str]:
    """A machine that counts copies copies; one that counts what it marks prints."""
    return functions | {_FUNCTIONS[work] for meter in meters if (work := meter.name.partition(".")[0]) in _FUNCTIONS}


def _is_named_only(supply: Supply) -> bool:
    return supply.state is SupplyState.UNKNOWN and supply.pages_left is None and supply.level is None


def _what(supply: Supply) -> tuple[str, str]:
    """Kind and colour; of what is of no kind its name."""
    return (
        (supply.kind, supply.description.casefold())
        if supply.kind == "other"
        else (_ALIKE.get(supply.kind, supply.kind), supply.color)
    )


def _filled(standard: Supply, private: Supply) -> Supply:
    """The standard supply with what it does not say itself."""
    filled = replace(
        standard,
        description=standard.description or private.description,
        part_number=standard.part_number or private.part_number,
        serial=standard.serial or private.serial,
        pages_left=standard.pages_left if standard.pages_left is not None else private.pages_left,
    )
    if standard.state in _MEASURED or private.state not in _MEASURED:
        return filled
    return replace(filled, state=private.state, percent=private.percent, source=private.source)
