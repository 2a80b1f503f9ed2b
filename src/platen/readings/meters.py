"""What a machine has done, from the standard objects: prtMarkerLifeCount, and the Imaging System Counter MIB."""

from __future__ import annotations

from collections.abc import Iterable

from platen.protocols.snmp import Oid, dotted
from platen.readings import objects as o
from platen.readings.enumerations import UNITS
from platen.readings.facts import Meter, Work
from platen.readings.tables import Tables

_IMPRESSIONS = 7
_TOTALS, _LIFETIME = 3, 3  # IcWorkTypeTC workTotals, IcPersistenceTC lifetime
_SERVICES: dict[int, Work] = {
    3: Work.TOTAL,
    4: Work.COPY,
    7: Work.FAX,
    8: Work.FAX_SENT,
    9: Work.FAX,
    10: Work.FAX_SENT,
    11: Work.PRINT,
    12: Work.SCAN,
}
"""IcServiceTypeTC; mail and transformation mark nothing."""
_SCANNING = frozenset({Work.SCAN, Work.FAX_SENT})
_IMPRESSIONS_BY_COLOR = (
    (o.IC_IMPRESSION_TOTAL, ""),
    (o.IC_IMPRESSION_MONOCHROME, ".mono"),
    (o.IC_IMPRESSION_FULL_COLOR, ".full-color"),
    (o.IC_IMPRESSION_HIGHLIGHT_COLOR, ".two-color"),
)
_SHARES_OF_COLOR = ("full-color", "two-color", "single-color")


def read_meters(tables: Tables) -> tuple[Meter, ...]:
    """Each name once; the life count comes first, so that it is "total" where both MIBs have one."""
    found: dict[str, Meter] = {}
    for meter in (*_life_count(tables), *_counters(tables)):
        found.setdefault(meter.name, meter)
    return tuple(found.values())


def with_color(meters: tuple[Meter, ...]) -> tuple[Meter, ...]:
    """With what each work did in colour, whatever the colours: their sum, where a machine tells only the shares.

    The one place that says so: everything that counts colour counts `work.color`. A sum of an earlier reading, known
    by its source, is made anew; a count that the machine gives itself stays.
    """
    shares: dict[str, list[Meter]] = {}
    for meter in meters:
        work, _, color = meter.name.partition(".")
        if color in _SHARES_OF_COLOR:
            shares.setdefault(work, []).append(meter)
    if not shares:
        return meters
    sums = {total.name: total for total in map(_sum_of, shares, shares.values())}
    told = [sums.pop(meter.name) if _is_made(meter, sums) else meter for meter in meters]
    known = {meter.name for meter in told}
    return (*told, *(total for name, total in sums.items() if name not in known))


def _sum_of(work: str, shares: Iterable[Meter]) -> Meter:
    ordered = sorted(shares, key=lambda meter: _SHARES_OF_COLOR.index(meter.name.partition(".")[2]))
    source = "+".join(meter.source for meter in ordered)
    return Meter(f"{work}.color", sum(meter.value for meter in ordered), source, ordered[0].unit)


def _is_made(meter: Meter, sums: dict[str, Meter]) -> bool:
    return meter.name in sums and sums[meter.name].source == meter.source


def _life_count(tables: Tables) -> list[Meter]:
    """Of the first marker that counted anything. Several markers of one machine share the work, and agents count all of
    it at the first."""
    found: list[Meter] = []
    for index in tables.rows(o.PRT_MARKER_LIFE_COUNT):
        value = tables.number(o.PRT_MARKER_LIFE_COUNT, index)
        if value is not None and value >= 0:
            unit = UNITS.get(tables.number(o.PRT_MARKER_COUNTER_UNIT, index) or _IMPRESSIONS, "impressions")
            found.append(Meter("total", value, dotted((*o.PRT_MARKER_LIFE_COUNT, *index)), unit))
    return [meter for meter in found if meter.value][:1] or found[:1]


def _counters(tables: Tables) -> list[Meter]:
    """Life-long counts of whole services (PWG 5106.3); subunits and counts since power-on are left out."""
    found: list[Meter] = []
    for key in tables.rows(o.IC_KEY_SERVICE_TYPE):
        work = _SERVICES.get(tables.number(o.IC_KEY_SERVICE_TYPE, key) or 0)
        if work is None:
            continue
        index = (*key, _TOTALS, _LIFETIME)
        if work in _SCANNING:
            found += _count(tables, o.IC_IMAGE_TOTAL, index, work.value, "images")
            continue
        for column, color in _IMPRESSIONS_BY_COLOR:
            found += _count(tables, column, index, work.value + color, "impressions")
        if work is Work.TOTAL:
            found += _count(tables, o.IC_SHEET_TOTAL, index, Work.SHEETS.value, "sheets")
            found += _count(tables, o.IC_IMAGE_TOTAL, index, Work.SCAN.value, "images")
    return found


def _count(tables: Tables, column: Oid, index: Oid, name: str, unit: str) -> list[Meter]:
    value = tables.number(column, index)
    return [] if value is None or value < 0 else [Meter(name, value, dotted((*column, *index)), unit)]
