"""What a machine staples, punches, folds and stacks with (RFC 3806 finDeviceTable, finDeviceAttributeTable)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from platen.protocols.snmp import Oid, dotted
from platen.readings import finisher_words as words
from platen.readings import objects as o
from platen.readings.enumerations import UNITS
from platen.readings.facts import Alert, Finisher
from platen.readings.sub_units import STATUS_WORDS, said_by_alerts, status_words
from platen.readings.supplies import amount_of
from platen.readings.tables import Tables

FINISHERS_MAX = 32
ABILITIES_MAX = 32
OUTPUTS_MAX = 64
_GROUPS = frozenset({"fin-device", "fin-attribute"})


def read_finishers(tables: Tables) -> tuple[Finisher, ...]:
    """Every row of the table, also of what could be put on the machine and is not there.

    A row of which nothing but its type is known was not asked for: it came behind something else, perhaps without the
    rest of the table.
    """
    asked = tables.rows(o.FIN_DEVICE_STATUS, o.FIN_DEVICE_DESCRIPTION)
    rows = [index for index in asked if tables.number(o.FIN_DEVICE_TYPE, index) is not None]
    return tuple(_finisher(tables, index) for index in rows[:FINISHERS_MAX])


def seen_again(finishers: tuple[Finisher, ...], tables: Tables, alerts: tuple[Alert, ...]) -> tuple[Finisher, ...]:
    """The same with the status of a periodic reading; what was not asked of it is as it was, but for the alerts."""
    if not finishers:
        return finishers
    column = tables.column(o.FIN_DEVICE_STATUS)
    now = {_key(index): status_words(tables.number(o.FIN_DEVICE_STATUS, index)) for index in column}
    return with_alerts(
        tuple(replace(each, status=now[each.key]) if each.key in now else each for each in finishers), alerts
    )


def with_alerts(finishers: tuple[Finisher, ...], alerts: tuple[Alert, ...]) -> tuple[Finisher, ...]:
    """What alerts of the table say of its rows, behind what its own status says."""
    said = said_by_alerts(alerts, _GROUPS)
    return tuple(_told(each, said.get(_row(each.key), ())) for each in finishers)


def is_absent(tables: Tables, index: Oid) -> bool:
    """Whether a row is of a finisher that the machine could have and has not."""
    return tables.number(o.FIN_DEVICE_PRESENT_ON_OFF, index) == words.NOT_PRESENT


def _told(finisher: Finisher, told: tuple[str, ...]) -> Finisher:
    # What alerts said before is taken out first: they may be over.
    own = (word for word in finisher.status if word in STATUS_WORDS)
    status = (*own, *(word for word in told if word not in STATUS_WORDS))
    return finisher if status == finisher.status else replace(finisher, status=status)


def _finisher(tables: Tables, index: Oid) -> Finisher:
    level, capacity = (
        tables.number(column, index) for column in (o.FIN_DEVICE_CURRENT_CAPACITY, o.FIN_DEVICE_MAX_CAPACITY)
    )
    unit = UNITS.get(tables.number(o.FIN_DEVICE_CAPACITY_UNIT, index) or 0, "")
    texts = {kind: _attribute_text(tables, index, kind) for kind in sorted(words.TEXTS)}
    return Finisher(
        key=_key(index),
        kind=words.FINISHER_KINDS.get(tables.number(o.FIN_DEVICE_TYPE, index) or 0, "other"),
        name=tables.text(o.FIN_DEVICE_DESCRIPTION, index) or texts[words.DEVICE_NAME],
        presence=words.PRESENCE.get(tables.number(o.FIN_DEVICE_PRESENT_ON_OFF, index) or 0, ""),
        status=status_words(tables.number(o.FIN_DEVICE_STATUS, index)),
        level=level if level is not None and level >= 0 else None,
        capacity=capacity if capacity is not None and capacity > 0 else None,
        unit="" if unit in {"other", "unknown"} else unit,
        state=amount_of(level, capacity, unit).state,
        maker=texts[words.VENDOR_NAME],
        model=texts[words.MODEL],
        version=texts[words.VERSION],
        serial=texts[words.SERIAL_NUMBER],
        outputs=tuple(_outputs(tables, index)),
        supplies=tuple(_supplies(tables, index)),
        abilities=tuple(dict.fromkeys(_abilities(tables, index)))[:ABILITIES_MAX],
        source=dotted((*o.FIN_DEVICE_TYPE, *index)),
    )


def _key(index: Oid) -> str:
    return ".".join(map(str, index))


def _row(key: str) -> int:
    """By which number alerts name it; none for a key that is not of this table."""
    row = key.rpartition(".")[2]
    return int(row) if key[:1].isdecimal() and row.isdecimal() else -1


def _outputs(tables: Tables, index: Oid) -> Iterator[str]:
    """finDeviceAssociatedOutputs: a bit for each prtOutputIndex, that of 1 the highest of the first octet."""
    octets = tables.octets(o.FIN_DEVICE_ASSOCIATED_OUTPUTS, index)
    for row in tables.rows(o.PRT_OUTPUT_MAX_CAPACITY, o.PRT_OUTPUT_REMAINING_CAPACITY)[:OUTPUTS_MAX]:
        place, bit = divmod(row[-1] - 1, 8)
        if row[:-1] == index[:-1] and 0 <= place < len(octets) and octets[place] & (128 >> bit):
            yield f"out.{_key(row)}"


def _supplies(tables: Tables, index: Oid) -> Iterator[str]:
    for row in sorted(tables.column(o.FIN_SUPPLY_DEVICE_INDEX)):
        if row[:-1] == index[:-1] and tables.number(o.FIN_SUPPLY_DEVICE_INDEX, row) == index[-1]:
            yield f"fin.{_key(row)}"


def _abilities(tables: Tables, index: Oid) -> Iterator[str]:
    arcs = len(index)
    for row in sorted(tables.column(o.FIN_ATTRIBUTE_INTEGER)):
        if row[:arcs] != index or len(row) != arcs + 2:
            continue
        kind, value = row[arcs], tables.number(o.FIN_ATTRIBUTE_INTEGER, row) or 0
        if kind in words.COUNTS and value > 0:
            yield f"{words.COUNTS[kind]}={value}"
        elif kind in words.CHOICES:
            name, choices = words.CHOICES[kind]
            if value in choices:
                yield f"{name}={choices[value]}"
    if configuration := _attribute_text(tables, index, words.CONFIGURATION):
        yield f"configuration={configuration}"


def _attribute_text(tables: Tables, index: Oid, kind: int) -> str:
    """Of its instances the first that says anything."""
    arcs = len(index) + 1
    rows = sorted(row for row in tables.column(o.FIN_ATTRIBUTE_OCTETS) if row[:arcs] == (*index, kind))
    return next(filter(None, (tables.text(o.FIN_ATTRIBUTE_OCTETS, row) for row in rows)), "")
