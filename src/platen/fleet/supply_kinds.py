"""Kinds of supplies as people divide them; machines name them more finely (PrtMarkerSuppliesTypeTC, RFC 3805)."""

from __future__ import annotations

from django.db.models import Q

_WITHIN: dict[str, Q] = {
    "toner": Q(kind__startswith="toner"),
    "ink": Q(kind__startswith="ink") | Q(kind__in=["solid-wax", "ribbon-wax"]),
    "drum": Q(kind__in=["opc", "developer", "corona-wire"]),
    "waste": Q(kind__startswith="waste"),
}


def of_supply_kind(kind: str) -> Q:
    """Supplies of a kind that are there; "other": of none of the others, "": of every kind."""
    there = ~Q(state="missing")
    if kind == "other":
        for each in _WITHIN.values():
            there &= ~each
        return there
    return there & _WITHIN[kind] if kind else there
