"""The objects of an invented model: system, interfaces, HOST-RESOURCES (RFC 2790) and Printer MIB (RFC 3805)."""

from __future__ import annotations

from collections.abc import Sequence

from platen.demo.fleet.blueprint import Blueprint, Supply, Tray
from platen.demo.fleet.finisher_mib import finishing, ports
from platen.demo.fleet.living import Activity, Level, Living, Meter, Text, Uptime, Written
from platen.demo.fleet.machine import Model
from platen.demo.fleet.rows import MIB_2, Rows, table, text
from platen.protocols.snmp.ber import element, encode_integer
from platen.protocols.snmp.oids import Oid, encode_oid, parse_oid
from platen.protocols.snmp.values import Tag

# RFC 5612 keeps this number for documentation, so it is no maker's.
ENTERPRISE = parse_oid("1.3.6.1.4.1.32473")
_DEVICE_ID = parse_oid("1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1")  # ppmPrinterIEEE1284DeviceId (PWG 5107.1)
_IC_SERVICE_TYPE = parse_oid("1.3.6.1.4.1.2699.1.3.1.2.1.1.2")  # icKeyServiceType (PWG 5106.3)
_IC_IMAGES = parse_oid("1.3.6.1.4.1.2699.1.3.1.7.1.1.4")  # icImageTotalImages
_IC_IMPRESSIONS = parse_oid("1.3.6.1.4.1.2699.1.3.1.8.1.1")
_WORK_TOTALS = (3, 3)  # IcWorkTypeTC and IcPersistenceTC: everything, over the machine's life
_SYSTEM_TOTALS, _COPY, _FAX, _PRINT, _SCAN = 3, 4, 7, 11, 12  # IcServiceTypeTC
_FAX_SHARE, _SCANS_A_PAGE = 0.02, 0.4
_HR_DEVICE_PRINTER = parse_oid("1.3.6.1.2.1.25.3.1.5")
_TRAY_LASTS = 3.0  # times its capacity in pages: somebody fills it up
_SOME_REMAINING, _UNKNOWN, _OTHER = -3, -2, -1
_CONSUMED, _FILLED = 3, 4  # PrtMarkerSuppliesClassTC
_GREEN, _ORANGE = 5, 10  # PrtConsoleColorTC
_IMPRESSIONS_PER_HOUR = 7  # PrtMediaPathMaxSpeedPrintUnitTC
_LONG_EDGE_DUPLEX, _SIMPLEX = 3, 5  # PrtMediaPathTypeTC
_SHEETS = 8  # PrtCapacityUnitTC
_COLORS = ("cyan", "magenta", "yellow", "black")


def model_of(blueprint: Blueprint) -> Model:
    """A model whose machines are alive."""
    objects: dict[Oid, bytes | Living] = {}
    for group in _GROUPS:
        objects |= dict(group(blueprint))
    return Model.of(blueprint.name, objects)


def _oid(oid: Oid) -> bytes:
    return element(Tag.OBJECT_IDENTIFIER, encode_oid(oid))


def _system(made: Blueprint) -> Rows:
    words = f"{made.name}, firmware {made.firmware}, S/N "
    values: dict[int, bytes | Living] = {
        1: Text("serial", before=words.encode()),
        2: _oid((*ENTERPRISE, 9, made.product)),
        3: Uptime(),
        4: Written("sysContact", text("Service desk")),
        5: Written("sysName", Text("host_name")),
        6: Written("sysLocation", Text("place")),
        7: encode_integer(72),
    }
    yield from (((*MIB_2, 1, number, 0), value) for number, value in values.items())


def _interfaces(made: Blueprint) -> Rows:
    yield (*MIB_2, 2, 1, 0), encode_integer(1)
    speed = encode_integer(1_000_000_000, Tag.GAUGE32)
    yield from table(
        "2.2.1",
        {1: [1], 2: [f"{made.maker} Ethernet"], 3: [6], 4: [1500], 5: [speed], 6: [Text("mac")], 7: [1], 8: [1]},
    )


def _host_resources(made: Blueprint) -> Rows:
    yield (*MIB_2, 25, 1, 1, 0), Uptime()
    memory = encode_integer(2_097_152)
    yield (*MIB_2, 25, 2, 2, 0), memory
    no_errors = encode_integer(0, Tag.COUNTER32)
    printer = _oid(_HR_DEVICE_PRINTER)
    yield from table("25.3.2.1", {1: [1], 2: [printer], 3: [made.name], 4: [_oid((0, 0))], 5: [2], 6: [no_errors]})
    yield from table("25.3.5.1", {1: [Activity()], 2: [element(Tag.OCTET_STRING, b"\0\0")]})


def _general(made: Blueprint) -> Rows:
    """prtGeneralTable, prtCoverTable, prtLocalizationTable (UTF-8), the console and its lights."""
    general: dict[int, Sequence[object]] = {1: [encode_integer(0, Tag.COUNTER32)], 2: [1], 3: [3], 6: [1], 7: [1]}
    general |= {8: [1], 9: [1], 10: [1], 11: [2], 12: [40], 13: [3], 14: [4], 16: [made.name], 17: [Text("serial")]}
    yield from table("43.5.1.1", general)
    yield from table("43.6.1.1", {2: ["Cover A", "Cover B"], 3: [4, 4]}, 1)
    yield from table("43.7.1.1", {2: ["en"], 3: ["GB"], 4: [106]}, 1)
    yield from table("43.16.5.1", {2: ["Ready", ""]}, 1)
    yield from table(
        "43.17.6.1", {2: [1, 0, 0], 3: [0, 1, 1], 4: ["Power", "Data", "Attention"], 5: [_GREEN, _GREEN, _ORANGE]}, 1
    )


def _trays(made: Blueprint) -> Rows:
    trays = made.trays
    levels = [_tray_level(100 + number, tray) for number, tray in enumerate(trays)]
    yield from table(
        "43.8.2.1",
        {
            2: [tray.type for tray in trays],
            8: [_SHEETS] * len(trays),
            9: [tray.capacity for tray in trays],
            10: levels,
            11: [0] * len(trays),
            12: [tray.media for tray in trays],
            13: [tray.name for tray in trays],
            18: [tray.name for tray in trays],
        },
        1,
    )
    yield from table("43.9.2.1", {2: [3], 3: [_SHEETS], 4: [500], 5: [_SOME_REMAINING], 6: [0], 7: ["Standard bin"]}, 1)


def _tray_level(number: int, tray: Tray) -> object:
    """Rolls are not measured. A tray's level has no name, as nobody reports that it is low."""
    return Level(number, "", tray.capacity, tray.capacity * _TRAY_LASTS) if tray.capacity > 1 else _SOME_REMAINING


def _marker(made: Blueprint) -> Rows:
    colors = len(_COLORS) if made.color_share else 1
    marker: dict[int, Sequence[object]] = {
        2: [made.technique],
        3: [7],
        4: [Meter(1.0)],
        5: [Meter(0.002)],
        6: [colors],
        7: [0],
    }
    yield from table("43.10.2.1", marker | {8: [3], 9: [1200], 10: [1200], 15: [0]}, 1)
    shown = _COLORS if colors > 1 else ("black",)
    yield from table("43.12.1.1", {2: [1] * colors, 3: [3] * colors, 4: shown, 5: [256] * colors}, 1)


def _supplies(made: Blueprint) -> Rows:
    supplies = made.supplies
    colorants = _COLORS if made.color_share else ("black",)
    yield from table(
        "43.11.1.1",
        {
            2: [1] * len(supplies),
            3: [colorants.index(each.color) + 1 if each.color else 0 for each in supplies],
            4: [_FILLED if each.fills else _CONSUMED for each in supplies],
            5: [each.type for each in supplies],
            6: [f"{each.name}, {each.part_number}" for each in supplies],
            7: [each.unit for each in supplies],
            8: [each.capacity if each.measured else _UNKNOWN for each in supplies],
            9: [_level(number, each) for number, each in enumerate(supplies)],
        },
        1,
    )


def _level(number: int, supply: Supply) -> object:
    return Level(number, supply.name, supply.capacity, supply.pages) if supply.measured else _SOME_REMAINING


def _counters(made: Blueprint) -> Rows:
    """What was printed, copied, faxed and scanned, and how much of it in colour (PWG 5106.3)."""
    printed = 1.0 - made.copy_share - (_FAX_SHARE if made.faxes else 0.0)
    services = {_SYSTEM_TOTALS: 1.0, _COPY: made.copy_share, _PRINT: printed, _FAX: 1.0 - made.copy_share - printed}
    for key, (service, share) in enumerate(((one, each) for one, each in services.items() if each > 0), 1):
        yield (*_IC_SERVICE_TYPE, key), encode_integer(service)
        for column, part in ((4, 1.0), (5, 1.0 - made.color_share), (7, made.color_share)):
            if part > 0:
                yield (*_IC_IMPRESSIONS, column, key, *_WORK_TOTALS), Meter(share * part, Tag.INTEGER)
    if made.scans:
        key = len(services) + 1
        yield (*_IC_SERVICE_TYPE, key), encode_integer(_SCAN)
        yield (*_IC_IMAGES, key, *_WORK_TOTALS), Meter(_SCANS_A_PAGE, Tag.INTEGER)


def _rest(made: Blueprint) -> Rows:
    """The media path, and how the machine calls itself to a computer (IEEE 1284)."""
    path_type = _LONG_EDGE_DUPLEX if made.duplex else _SIMPLEX
    path: dict[int, Sequence[object]] = {2: [_IMPRESSIONS_PER_HOUR], 3: [4], 4: [60 * made.ppm], 9: [path_type]}
    yield from table("43.13.4.1", path | {10: ["Paper path"], 11: [0]}, 1)
    device_id = f"MFG:{made.maker};MDL:{made.model};CMD:PDF,PS,PCL;CLS:PRINTER;SN:"
    yield _DEVICE_ID, Text("serial", before=device_id.encode(), after=b";")


_GROUPS = (
    *(_system, _interfaces, _host_resources, _general, _trays, _marker, _supplies, _counters, _rest),
    *(finishing, ports),
)
