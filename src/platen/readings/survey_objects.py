"""Which standard objects a survey asks for: tables with their columns, first rows, and what follows from those."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.colors import COLORED_TYPES, color_in, color_of_part
from platen.readings.finisher_words import INSERTER, TEXTS
from platen.readings.identity import printer_device
from platen.readings.makers import table_of
from platen.readings.physical_address import as_mac, is_local
from platen.readings.ports import TELLING
from platen.readings.supply_kinds import kind_of
from platen.readings.tables import Tables
from platen.readings.trays import names_a_size

ROWS_MAX = 128
"""Of one table; an agent that never ends its table is believed so far."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table: the column that shows its rows, and what else is wanted of each row.

    Where a table has fewer rows than were asked for, GETBULK goes on with the next column; so the column that shows
    the rows is one that lies before another that is wanted.
    """

    shape: Oid
    columns: tuple[Oid, ...] = ()
    rows_max: int = ROWS_MAX


SUPPLIES = Wanted(
    o.PRT_MARKER_SUPPLIES_MAX_CAPACITY,
    (
        o.PRT_MARKER_SUPPLIES_TYPE,
        o.PRT_MARKER_SUPPLIES_DESCRIPTION,
        o.PRT_MARKER_SUPPLIES_LEVEL,
    ),
)
INPUTS = Wanted(o.PRT_INPUT_MAX_CAPACITY, (o.PRT_INPUT_CURRENT_LEVEL, o.PRT_INPUT_MEDIA_NAME, o.PRT_INPUT_NAME))
OUTPUTS = Wanted(
    o.PRT_OUTPUT_MAX_CAPACITY,
    (
        o.PRT_OUTPUT_REMAINING_CAPACITY,
        o.PRT_OUTPUT_NAME,
        o.PRT_OUTPUT_STACKING_ORDER,
        o.PRT_OUTPUT_PAGE_DELIVERY_ORIENTATION,
    ),
    rows_max=64,
)
ALERTS = Wanted(
    o.PRT_ALERT_CODE,
    (
        o.PRT_ALERT_SEVERITY_LEVEL,
        o.PRT_ALERT_TRAINING_LEVEL,
        o.PRT_ALERT_GROUP,
        o.PRT_ALERT_GROUP_INDEX,
        o.PRT_ALERT_LOCATION,
        o.PRT_ALERT_DESCRIPTION,
    ),
)
BRIEF_ALERTS = Wanted(ALERTS.shape, tuple(column for column in ALERTS.columns if column != o.PRT_ALERT_LOCATION))
CONSOLE = Wanted(o.PRT_CONSOLE_DISPLAY_BUFFER_TEXT, rows_max=16)
LIGHTS = Wanted(o.PRT_CONSOLE_ON_TIME, (o.PRT_CONSOLE_OFF_TIME, o.PRT_CONSOLE_DESCRIPTION), rows_max=16)
PATHS = Wanted(o.PRT_MEDIA_PATH_TYPE, rows_max=2)
INTERFACES = Wanted(o.IF_PHYS_ADDRESS, rows_max=16)
FINISHERS = Wanted(
    o.FIN_DEVICE_TYPE,
    (
        o.FIN_DEVICE_PRESENT_ON_OFF,
        o.FIN_DEVICE_CAPACITY_UNIT,
        o.FIN_DEVICE_MAX_CAPACITY,
        o.FIN_DEVICE_CURRENT_CAPACITY,
        o.FIN_DEVICE_ASSOCIATED_OUTPUTS,
        o.FIN_DEVICE_STATUS,
        o.FIN_DEVICE_DESCRIPTION,
    ),
    rows_max=32,
)
INSERTERS = Wanted(o.FIN_MEDIA_INPUT_SUPPLY_INDEX, (o.FIN_MEDIA_INPUT_MEDIA_NAME, o.FIN_MEDIA_INPUT_NAME), rows_max=16)
ATTRIBUTES = Wanted(o.FIN_ATTRIBUTE_INTEGER)
PORTS = Wanted(
    o.PPM_PORT_ENABLED,
    (
        o.PPM_PORT_NAME,
        o.PPM_PORT_SERVICE_NAME_OR_URI,
        o.PPM_PORT_PROTOCOL_TYPE,
        o.PPM_PORT_PROTOCOL_TARGET_PORT,
    ),
    rows_max=16,
)
CHANNELS = Wanted(o.PRT_CHANNEL_TYPE, (o.PRT_CHANNEL_STATE,), rows_max=32)

TABLES = (
    *(SUPPLIES, INPUTS, OUTPUTS, CONSOLE, PATHS, ALERTS, LIGHTS, INTERFACES),
    *(FINISHERS, INSERTERS, ATTRIBUTES, PORTS, CHANNELS),
)
LONG_ROWS = 5
"""Rows of supplies and trays at first: most machines have four supplies or fewer, and as many trays."""


_OF_DEVICE: tuple[Oid, ...] = (
    o.HR_DEVICE_DESCR,
    o.HR_DEVICE_STATUS,
    o.HR_PRINTER_STATUS,
    o.HR_PRINTER_DETECTED_ERROR_STATE,
    o.PRT_GENERAL_SERIAL_NUMBER,
)


@dataclass(frozen=True, slots=True)
class Depth:
    """What a survey asks for.

    long: tables that nearly every printer has, whose rows are asked for at once. short: tables whose rows count from
    1, so that whether there is one is asked by name. later: tables that are walked once the others are known; lights
    show themselves behind the display. private_tables: what the maker keeps in tables, and what no list shows of the
    rest, beside single objects.
    """

    long: tuple[Wanted, ...] = (SUPPLIES, INPUTS)
    short: tuple[Wanted, ...] = (OUTPUTS, CONSOLE, PATHS)
    later: tuple[Wanted, ...] = (ALERTS,)
    of_device: tuple[Oid, ...] = (*_OF_DEVICE, o.PRT_ALERT_ALL_EVENTS)
    first_rows: tuple[Oid, ...] = (
        o.PRT_MARKER_COUNTER_UNIT,
        o.PRT_MARKER_LIFE_COUNT,
        o.FIN_DEVICE_TYPE,
        o.FIN_SUPPLY_CURRENT_LEVEL,
    )
    private_tables: bool = True
    details: bool = True


WHOLE = Depth()
BRIEF = Depth(
    long=(SUPPLIES,),
    short=(CONSOLE,),
    later=(BRIEF_ALERTS,),
    of_device=_OF_DEVICE,
    first_rows=(o.PRT_MARKER_COUNTER_UNIT, o.PRT_MARKER_LIFE_COUNT),
    private_tables=False,
    details=False,
)
"""What a list of machines shows: who it is, what it does and what is wrong, what it has counted, its supplies."""


def first_cells(raw: Mapping[Oid, Value], depth: Depth) -> Iterator[Oid]:
    """Single objects, and the first rows of tables, of the printer that the long tables belong to."""
    arcs = len(o.PRT_INPUT_MAX_CAPACITY)
    shapes = {wanted.shape for wanted in depth.long}
    device = next((oid[arcs] for oid in raw if oid[:arcs] in shapes and len(oid) > arcs), 1)
    yield from ((*column, device) for column in depth.of_device)
    yield from ((*column, device, 1) for column in depth.first_rows)
    yield from ((*wanted.shape, device, 1) for wanted in depth.short)
    yield from ((*o.IF_PHYS_ADDRESS, number) for number in (1, 2))
    if depth.details:
        yield (*o.PPM_PORT_ENABLED, 1, 1)


_FINISHER_SUPPLIES = (
    o.FIN_SUPPLY_DEVICE_INDEX,
    o.FIN_SUPPLY_CLASS,
    o.FIN_SUPPLY_TYPE,
    o.FIN_SUPPLY_DESCRIPTION,
    o.FIN_SUPPLY_UNIT,
    o.FIN_SUPPLY_MAX_CAPACITY,
    o.FIN_SUPPLY_CURRENT_LEVEL,
    o.FIN_SUPPLY_COLOR_NAME,
)
_ENTITY = (
    o.ENT_PHYSICAL_FIRMWARE_REV,
    o.ENT_PHYSICAL_SOFTWARE_REV,
    o.ENT_PHYSICAL_SERIAL_NUM,
    o.ENT_PHYSICAL_MODEL_NAME,
    o.ENT_PHYSICAL_ASSET_ID,
)
_FIRST: Oid = (1,)
"""Where nearly every printer is in hrDeviceTable; it was asked for there already."""
_PERCENT_CAPACITY = 100
"""A capacity of a hundred is a hundred percent, whatever unit an agent says."""
_DIMENSIONS = (
    o.PRT_INPUT_DIM_UNIT,
    o.PRT_INPUT_MEDIA_DIM_FEED_DIR_CHOSEN,
    o.PRT_INPUT_MEDIA_DIM_X_FEED_DIR_CHOSEN,
)
_TOTALS_LIFETIME = (3, 3)
_COUNTED = (
    o.IC_IMAGE_TOTAL,
    o.IC_IMPRESSION_TOTAL,
    o.IC_IMPRESSION_MONOCHROME,
    o.IC_IMPRESSION_FULL_COLOR,
    o.IC_IMPRESSION_HIGHLIGHT_COLOR,
    o.IC_SHEET_TOTAL,
)
_NAMES_ELSEWHERE = (
    (o.PRT_INPUT_MAX_CAPACITY, o.PRT_INPUT_NAME, o.PRT_INPUT_DESCRIPTION),
    (o.PRT_OUTPUT_MAX_CAPACITY, o.PRT_OUTPUT_NAME, o.PRT_OUTPUT_DESCRIPTION),
)


_INSERTED = frozenset({33, 34})
"""PrtMarkerSuppliesTypeTC: inserts and covers."""


def further_columns(tables: Tables, depth: Depth) -> Iterator[Oid]:
    """Tables of which the first row showed that there is something in them; and where the first row by name was not
    there, those in which it may be another one."""
    if depth.details:
        yield from _of_finishers(tables)
        yield from _of_ports(tables)
    shapes = (wanted.shape for wanted in (OUTPUTS, CONSOLE, PATHS, LIGHTS))
    for column in (o.FIN_SUPPLY_CURRENT_LEVEL, o.IC_KEY_SERVICE_TYPE, *shapes):
        if tables.column(column):
            yield column
    if not _addresses(tables):
        yield o.IF_PHYS_ADDRESS
    if not tables.column(o.HR_PRINTER_STATUS) and not tables.column(o.HR_PRINTER_DETECTED_ERROR_STATE):
        yield o.HR_PRINTER_STATUS
    if not tables.column(o.PRT_MARKER_LIFE_COUNT) and tables.column(o.PRT_MARKER_SUPPLIES_MAX_CAPACITY):
        yield o.PRT_MARKER_LIFE_COUNT


def _of_finishers(tables: Tables) -> Iterator[Oid]:
    """Machines without finishers pay for one object by name, those with some for what belongs to them."""
    kinds = set(tables.column(o.FIN_DEVICE_TYPE).values())
    if kinds:
        yield FINISHERS.shape
        yield ATTRIBUTES.shape
    if INSERTER in kinds or _INSERTED & set(tables.column(o.FIN_SUPPLY_TYPE).values()):
        yield INSERTERS.shape


def _of_ports(tables: Tables) -> Iterator[Oid]:
    """Channels say less than ports and are more, so they are asked for where there are no ports."""
    if tables.column(PORTS.shape):
        yield PORTS.shape
    elif tables.column(o.HR_PRINTER_STATUS):
        yield CHANNELS.shape


def further_cells(tables: Tables, depth: Depth) -> Iterator[Oid]:
    """Single objects whose names follow from what was answered, and that are there as a rule."""
    device = printer_device(tables)
    if tables.column(o.HR_PRINTER_STATUS) or tables.column(o.HR_DEVICE_DESCR) or device != _FIRST:
        yield from ((*column, *device) for column in depth.of_device)
    yield from _of_supplies(tables)
    if not depth.details:
        return
    for index in sorted(tables.column(o.FIN_SUPPLY_CURRENT_LEVEL)):
        yield from ((*column, *index) for column in _FINISHER_SUPPLIES)
    for index in sorted(tables.column(o.FIN_ATTRIBUTE_INTEGER)):
        if index[-2] in TEXTS:
            yield (*o.FIN_ATTRIBUTE_OCTETS, *index)
    for index, type_ in sorted(tables.column(o.PRT_CHANNEL_TYPE).items()):
        if type_ in TELLING:
            yield (*o.PRT_CHANNEL_INFORMATION, *index)
    for key in sorted(tables.column(o.IC_KEY_SERVICE_TYPE)):
        yield from ((*column, *key, *_TOTALS_LIFETIME) for column in _COUNTED)
    for index, capacity in sorted(tables.column(o.PRT_MARKER_SUPPLIES_MAX_CAPACITY).items()):
        if capacity != _PERCENT_CAPACITY:
            yield (*o.PRT_MARKER_SUPPLIES_SUPPLY_UNIT, *index)
    yield from _of_interfaces(tables)
    yield from _of_media(tables)


def last_resorts(tables: Tables, raw: Mapping[Oid, Value]) -> Iterator[Oid]:
    """Objects that are asked at the end, only where better ones did not say it or what was said needs them."""
    device = printer_device(tables)
    table = table_of(raw)
    if table is None or not tables.text(o.PRT_GENERAL_SERIAL_NUMBER, device[:1]):
        yield from ((*column, 1) for column in _ENTITY)
    if table is None or not tables.text(o.HR_DEVICE_DESCR, device):
        yield (*o.PPM_PRINTER_IEEE1284_DEVICE_ID, 1)
        yield (*o.PRT_GENERAL_PRINTER_NAME, device[0])
    if table is None or not (table.objects or table.columns):
        yield (*o.IC_KEY_SERVICE_TYPE, 1)
    if any(isinstance(value, bytes) and not is_plain(value) for value in raw.values()):
        yield (*o.PRT_GENERAL_CURRENT_LOCALIZATION, device[0])
        # Nearly always the one in use, and all there is where a machine does not say which that is.
        yield (*o.PRT_LOCALIZATION_CHARACTER_SET, device[0], 1)
    for index, current in tables.column(o.PRT_GENERAL_CURRENT_LOCALIZATION).items():
        if isinstance(current, int) and 0 < current < 2**31:
            yield (*o.PRT_LOCALIZATION_CHARACTER_SET, *index, current)
            yield (*o.PRT_LOCALIZATION_LANGUAGE, *index, current)


def names_elsewhere(tables: Tables, absent: Container[Oid]) -> Iterator[Oid]:
    """What trays are called in another column, where the better one has nothing."""
    for shape, better, other in _NAMES_ELSEWHERE:
        for index in sorted(tables.column(shape)):
            if (*better, *index) in absent or (index in tables.column(better) and not tables.text(better, index)):
                yield (*other, *index)


def _of_supplies(tables: Tables) -> Iterator[Oid]:
    """Of supplies whose description names no colour, which colorant they hold, then what that is called; of those of
    no certain kind whether they are used up or fill."""
    for index in sorted(tables.column(o.PRT_MARKER_SUPPLIES_DESCRIPTION)):
        description = tables.text(o.PRT_MARKER_SUPPLIES_DESCRIPTION, index)
        kind = kind_of(tables.number(o.PRT_MARKER_SUPPLIES_TYPE, index), description)
        if kind in {"other", "unknown"}:
            yield (*o.PRT_MARKER_SUPPLIES_CLASS, *index)
        elif kind in COLORED_TYPES and not color_in(description) and not color_of_part(description):
            yield (*o.PRT_MARKER_SUPPLIES_COLORANT_INDEX, *index)
            colorant = tables.number(o.PRT_MARKER_SUPPLIES_COLORANT_INDEX, index)
            if colorant and 0 < colorant < 2**16:
                yield (*o.PRT_MARKER_COLORANT_VALUE, index[0], colorant)


def _of_media(tables: Tables) -> Iterator[Oid]:
    """The size of what lies in a tray, where its name says none."""
    for index in sorted(tables.column(o.PRT_INPUT_MEDIA_NAME)):
        name = tables.text(o.PRT_INPUT_MEDIA_NAME, index)
        if name and not names_a_size(name):
            yield from ((*column, *index) for column in _DIMENSIONS)


def _of_interfaces(tables: Tables) -> Iterator[Oid]:
    """What tells interfaces apart, where several have an address."""
    found = _addresses(tables)
    if len({mac for _, mac in found}) > 1:
        yield from ((*o.IF_TYPE, *index) for index, _ in found)


def _addresses(tables: Tables) -> list[tuple[Oid, str]]:
    """Interfaces with an address that their maker gave them."""
    values = sorted(tables.column(o.IF_PHYS_ADDRESS).items())
    found = [(index, mac) for index, value in values if isinstance(value, bytes) and (mac := as_mac(value))]
    return [(index, mac) for index, mac in found if not is_local(mac)]


def is_plain(octets: bytes) -> bool:
    """ASCII or UTF-8, or no text at all: then no character set needs to be known."""
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        return len(octets) <= 8 or octets.count(0) > 0  # addresses, bits, dates
    return bool(text) or not octets
