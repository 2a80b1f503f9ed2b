"""A machine that was read by SNMP and by IPP: what SNMP said, and what only IPP knows."""

from __future__ import annotations

from dataclasses import fields, replace

from platen.readings.blend import with_private_meters, with_private_supplies
from platen.readings.facts import Activity, Identity, Reading, Status, Supply, SupplyState
from platen.readings.finisher_supplies import is_finishers

_NOT_OF_IPP = frozenset({"functions"})
_MEASURED = frozenset({SupplyState.LEVEL, SupplyState.EMPTY})


def with_ipp(snmp: Reading, ipp: Reading) -> Reading:
    """SNMP first: it counts more, and its words are the machine's own. IPP fills what it left empty.

    Of supplies that SNMP does not measure IPP may know the level; supplies that SNMP does not know at all are taken
    only where it knows none, since the two name them differently; those of finishers come with the finishers.
    """
    return replace(
        snmp,
        identity=_identity(snmp.identity, ipp.identity),
        status=_status(snmp.status, ipp.status),
        meters=with_private_meters(snmp.meters, ipp.meters),
        supplies=_supplies(snmp, ipp.supplies),
        trays=snmp.trays or ipp.trays,
        alerts=snmp.alerts or ipp.alerts,
        notes=tuple(dict.fromkeys((*snmp.notes, *ipp.notes))),
        finishers=snmp.finishers or ipp.finishers,
    )


def _identity(snmp: Identity, ipp: Identity) -> Identity:
    filled = {
        field.name: getattr(ipp, field.name)
        for field in fields(Identity)
        if field.name not in _NOT_OF_IPP and getattr(snmp, field.name) in {"", None}
    }
    return replace(snmp, **filled, functions=snmp.functions | ipp.functions)


def _status(snmp: Status, ipp: Status) -> Status:
    return replace(
        snmp,
        activity=ipp.activity if snmp.activity is Activity.UNKNOWN else snmp.activity,
        reasons=snmp.reasons or ipp.reasons,
        console=snmp.console or ipp.console,
        uptime_s=ipp.uptime_s if snmp.uptime_s is None else snmp.uptime_s,
    )


def _supplies(snmp: Reading, ipp: tuple[Supply, ...]) -> tuple[Supply, ...]:
    known = len(snmp.supplies)
    if not known:
        return ipp
    whole = with_private_supplies(snmp.supplies, ipp)
    more = () if snmp.finishers else filter(is_finishers, whole[known:])
    return (*whole[:known], *more)
