"""From everything that a machine answered to one reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.alerts import read_alerts
from platen.readings.blend import (
    functions_by_meters,
    with_private_identity,
    with_private_meters,
    with_private_supplies,
)
from platen.readings.corrections import corrected
from platen.readings.facts import Identity, Reading, Supply, Tray
from platen.readings.finisher_supplies import not_told_before
from platen.readings.finishers import read_finishers, seen_again
from platen.readings.finishers import with_alerts as finishers_with_alerts
from platen.readings.identity import printer_device, read_identity
from platen.readings.makers import MakerFacts, MakerTable, makers, table_of
from platen.readings.meters import read_meters, with_color
from platen.readings.ports import read_ports
from platen.readings.status import read_status
from platen.readings.supplies import moved_supplies, read_supplies, with_alerts
from platen.readings.tables import Tables
from platen.readings.trays import moved_trays, read_trays
from platen.readings.trays import with_alerts as trays_with_alerts


@dataclass(frozen=True, slots=True)
class Answers:
    """What a machine answered: as it came, and by tables; with the private objects of its maker, if that is known."""

    raw: Mapping[Oid, Value]
    tables: Tables
    table: MakerTable | None

    @classmethod
    def of(cls, raw: Mapping[Oid, Value]) -> Answers:
        """From raw values alone."""
        tables = Tables(raw)
        tables.charset, tables.language = spoken(tables)
        return cls(raw, tables, table_of(raw))

    def private(self) -> MakerFacts:
        """What the private objects say."""
        if self.table is None:
            return MakerFacts()
        return self.table.facts(self.raw, self.tables.charset, self.tables.language)


def read(raw: Mapping[Oid, Value]) -> Reading:
    """The reading of a machine that answered `raw`. Never raises, whatever stands in it."""
    return read_answers(Answers.of(raw))


def read_answers(answers: Answers) -> Reading:
    """The same from answers that are in order already."""
    tables, private = answers.tables, answers.private()
    alerts = read_alerts(tables)
    supplies = with_alerts(with_private_supplies(read_supplies(tables), private.supplies), alerts)
    meters = with_private_meters(read_meters(tables), private.meters)
    reading = Reading(
        identity=_identity(answers, private, supplies),
        status=read_status(tables, private.console),
        meters=meters,
        supplies=supplies,
        trays=trays_with_alerts(read_trays(tables), alerts),
        alerts=alerts,
        notes=private.notes,
        finishers=finishers_with_alerts(read_finishers(tables), alerts),
        ports=read_ports(tables),
    )
    functions = functions_by_meters(reading.identity.functions, meters)
    if functions != reading.identity.functions:
        reading = replace(reading, identity=replace(reading.identity, functions=functions))
    reading = corrected(reading, answers.raw)
    return replace(reading, meters=with_color(reading.meters))


def read_changing(answers: Answers, last: Reading, *, asked_for_alerts: bool) -> Reading:
    """What has moved since the last reading, of what is asked again and again; names, and who the machine is, from it.

    Supplies and trays at the same level as before are left out. asked_for_alerts: the answers have the whole table of
    alerts; otherwise it stands as it was.
    """
    tables, private = answers.tables, answers.private()
    alerts = read_alerts(tables) if asked_for_alerts else last.alerts
    # Alerts, and levels that a maker keeps elsewhere, bear on supplies that did not move themselves.
    still = {} if asked_for_alerts or private.supplies else {supply.key: supply.level for supply in last.supplies}
    supplies = _named(not_told_before(moved_supplies(tables, still), last.supplies), last)
    supplies = _named(with_private_supplies(supplies, private.supplies), last)
    trays = moved_trays(tables, {tray.key: tray.level for tray in last.trays})
    reading = Reading(
        identity=last.identity,
        status=read_status(tables, private.console),
        meters=with_private_meters(read_meters(tables), private.meters),
        supplies=with_alerts(supplies, alerts),
        trays=tuple(_with_name(tray, last) for tray in trays),
        alerts=alerts,
        notes=private.notes,
        finishers=seen_again(last.finishers, tables, alerts),
        ports=last.ports,
    )
    return corrected(reading, answers.raw)


def _named(supplies: tuple[Supply, ...], last: Reading) -> tuple[Supply, ...]:
    """With the words that only a survey asks for."""
    known = {supply.key: supply for supply in last.supplies}
    return tuple(_with_words(supply, known[supply.key]) if supply.key in known else supply for supply in supplies)


def _with_words(supply: Supply, known: Supply) -> Supply:
    return Supply(
        key=supply.key,
        kind=known.kind,
        color=known.color,
        description=known.description,
        state=supply.state,
        percent=supply.percent,
        level=supply.level,
        capacity=supply.capacity,
        unit=supply.unit,
        receptacle=known.receptacle,
        part_number=known.part_number,
        serial=known.serial,
        pages_left=supply.pages_left,
        source=supply.source,
    )


def _with_name(tray: Tray, last: Reading) -> Tray:
    known = next((one for one in last.trays if one.key == tray.key), tray)
    return replace(tray, name=known.name, media=known.media, stacking=known.stacking)


def spoken(tables: Tables) -> tuple[int | None, str]:
    """The character set (MIBenum) and language of a machine's texts: of the localization that is in use (RFC 3805)."""
    device = printer_device(tables)
    current = tables.number(o.PRT_GENERAL_CURRENT_LOCALIZATION, device[:1])
    rows = tables.rows(o.PRT_LOCALIZATION_CHARACTER_SET, o.PRT_LOCALIZATION_LANGUAGE)
    index = (*device[:1], current) if current and (*device[:1], current) in rows else rows[0] if rows else ()
    return tables.number(o.PRT_LOCALIZATION_CHARACTER_SET, index), tables.text(o.PRT_LOCALIZATION_LANGUAGE, index)


def _identity(answers: Answers, private: MakerFacts, supplies: tuple[Supply, ...]) -> Identity:
    identity = read_identity(answers.tables, supplies)
    if answers.table is None:
        return identity
    described = makers().described(answers.table, identity.description, bare=not identity.model)
    told = described | dict(private.identity)
    return with_private_identity(identity, told, answers.table.brand)
