"""Who a machine is, from the standard objects: system group, Host Resources, Printer, Entity and Port Monitor MIB."""

from __future__ import annotations

import re

from platen.protocols.snmp import Oid, dotted
from platen.readings import objects as o
from platen.readings.device_id import parse_device_id
from platen.readings.enumerations import MEDIA_PATH_DUPLEX
from platen.readings.facts import Identity, Supply
from platen.readings.maker_names import MAKERS_BY_ENTERPRISE, maker_named, without_maker
from platen.readings.physical_address import physical_address
from platen.readings.tables import Tables

_CHASSIS = 3  # PhysicalClass
_SERIAL_IN_DESCR = re.compile(r"\bSN:([0-9A-Z]{6,20})\b")
_NO_SERIAL = frozenset({"unknown", "none", "n/a", "na", "not available", "undefined", "null", "default", "serial"})
NO_MODEL = frozenset({"", "printer", "network printer", "unknown", "none", "mfp", "multifunction", "generic"})
_CYAN_MAGENTA_YELLOW = frozenset({"cyan", "magenta", "yellow"})
_FAX_CHANNEL = 18  # PrtChannelTypeTC


def read_identity(tables: Tables, supplies: tuple[Supply, ...]) -> Identity:
    """What the standard objects say; makers' own objects may know better."""
    device_id = parse_device_id(_first_text(tables, o.PPM_PRINTER_IEEE1284_DEVICE_ID))
    object_id = tables.scalar(o.SYS_OBJECT_ID)
    object_id = object_id if isinstance(object_id, tuple) else ()
    description = tables.scalar_text(o.SYS_DESCR)
    named = _device_name(tables, device_id)
    maker = maker_of(object_id, device_id.get("MFG", ""), named, description)
    return Identity(
        maker=maker,
        model=without_maker(named, maker),
        serial=_serial(tables, device_id, description),
        asset_number=_first_text(tables, o.ENT_PHYSICAL_ASSET_ID),
        firmware=_of_chassis(tables, o.ENT_PHYSICAL_FIRMWARE_REV) or _of_chassis(tables, o.ENT_PHYSICAL_SOFTWARE_REV),
        mac=physical_address(tables),
        host_name=tables.scalar_text(o.SYS_NAME),
        location=tables.scalar_text(o.SYS_LOCATION),
        contact=tables.scalar_text(o.SYS_CONTACT),
        description=description,
        object_id=dotted(object_id),
        color=_color(tables, supplies),
        duplex=_duplex(tables),
        functions=frozenset({"print"}) if _prints(tables, device_id) else frozenset(),
    )


def maker_of(object_id: Oid, *names: str) -> str:
    """A maker's name as people write it: by the number of sysObjectID, else by the first name that is known.

    Machines that one maker builds and another sells say in their names who sells them; the number is that of whoever
    wrote the agent. A name therefore comes first where it begins with a maker.
    """
    by_name = next(filter(None, map(maker_named, names)), "")
    under_enterprises = object_id[: len(o.ENTERPRISES)] == o.ENTERPRISES and len(object_id) > len(o.ENTERPRISES)
    by_number = MAKERS_BY_ENTERPRISE.get(object_id[len(o.ENTERPRISES)], "") if under_enterprises else ""
    return by_name or by_number


def plausible_serial(serial: str) -> str:
    """A serial number, or "" for what makers write where there is none: 0000000000, XXXXXXXX, unknown."""
    plain = serial.strip(" .-_*\"'")
    return "" if len(set(plain)) < 2 or plain.casefold() in _NO_SERIAL or len(plain) > 64 else plain


def printer_device(tables: Tables) -> Oid:
    """The index in hrDeviceTable of the printer; (1,) where the table does not say."""
    kinds = tables.column(o.HR_DEVICE_TYPE)
    printers = [index for index in sorted(kinds) if kinds[index] == o.HR_DEVICE_PRINTER]
    known = printers or sorted(tables.column(o.HR_PRINTER_STATUS)) or sorted(tables.column(o.PRT_GENERAL_SERIAL_NUMBER))
    # The Printer MIB's tables begin with the same index.
    rows = known or [index[:1] for index in tables.rows(o.PRT_MARKER_LIFE_COUNT, o.PRT_MARKER_SUPPLIES_MAX_CAPACITY)]
    return rows[0] if rows else (1,)


def _device_name(tables: Tables, device_id: dict[str, str]) -> str:
    """Maker and model in one: the first that is more than a word for printers in general."""
    names = (
        tables.text(o.HR_DEVICE_DESCR, printer_device(tables)),
        device_id.get("MDL", ""),
        _of_chassis(tables, o.ENT_PHYSICAL_MODEL_NAME),
        _first_text(tables, o.PRT_GENERAL_PRINTER_NAME),
        device_id.get("DES", ""),
    )
    return next((name for name in names if name.casefold().strip(" .") not in NO_MODEL and len(name) <= 127), "")


def _serial(tables: Tables, device_id: dict[str, str], description: str) -> str:
    in_description = _SERIAL_IN_DESCR.search(description)
    told = (
        _first_text(tables, o.PRT_GENERAL_SERIAL_NUMBER) or _first_number(tables, o.PRT_GENERAL_SERIAL_NUMBER),
        _of_chassis(tables, o.ENT_PHYSICAL_SERIAL_NUM),
        device_id.get("SN", ""),
        in_description[1] if in_description else "",
    )
    return next(filter(None, map(plausible_serial, told)), "")


def _first_text(tables: Tables, column: Oid) -> str:
    return next(filter(None, (tables.text(column, index) for index in sorted(tables.column(column)))), "")


def _first_number(tables: Tables, column: Oid) -> str:
    """A text of digits that an agent took for a number."""
    numbers = (value for _, value in sorted(tables.column(column).items()) if isinstance(value, int) and value > 0)
    return next(map(str, numbers), "")


def _of_chassis(tables: Tables, column: Oid) -> str:
    """Of the physical entity that holds the others, else of the first that says anything."""
    classes = tables.column(o.ENT_PHYSICAL_CLASS)
    ranked = sorted(tables.column(column), key=lambda index: (classes.get(index) != _CHASSIS, index))
    return next(filter(None, (tables.text(column, index) for index in ranked)), "")


def _color(tables: Tables, supplies: tuple[Supply, ...]) -> bool | None:
    """By how many colorants markers work with, and by the colours of supplies; None if neither says."""
    column = tables.column(o.PRT_MARKER_PROCESS_COLORANTS)
    colorants = [value for value in column.values() if isinstance(value, int) and value > 0]
    colors = {supply.color for supply in supplies if supply.color}
    if colors & _CYAN_MAGENTA_YELLOW or "tri-color" in colors:
        return True
    if colors:
        return False
    return max(colorants) > 1 if colorants else None


def _duplex(tables: Tables) -> bool | None:
    paths = tables.column(o.PRT_MEDIA_PATH_TYPE)
    return any(value in MEDIA_PATH_DUPLEX for value in paths.values()) if paths else None


def _prints(tables: Tables, device_id: dict[str, str]) -> bool:
    marks = tables.column(o.PRT_MARKER_LIFE_COUNT) or tables.column(o.PRT_MARKER_SUPPLIES_LEVEL)
    is_printer = o.HR_DEVICE_PRINTER in tables.column(o.HR_DEVICE_TYPE).values()
    return bool(marks or is_printer or "PRINTER" in device_id.get("CLS", "").upper())
