"""Card readers from a file: each row names a reader and the device that it stands at (SC-DEVADD-08).

Columns: 1 the reader's IP address, 2 and 3 servers of an older console, which are not looked at, 4 the device's
address. A file with two columns names reader and device.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from platen.devices.errors import DeviceError, InvalidValue, NameTaken
from platen.devices.models import Device, Reader
from platen.devices.readers import ADDED_AT_ONCE, add_readers, new_reader
from platen.eventlog.actor import Actor

ROWS_MAX = 2_000
OCTETS_MAX = 1_000_000
_NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """What became of one row; line: in the file. added: it stands at `device` now."""

    line: int
    address: str
    device: str
    added: bool
    message: str = ""


def import_readers(octets: bytes, *, by: Actor, technology: str = "") -> list[ReaderRow]:
    """Add the readers that a file names, each for itself: one that cannot be added stops no other.

    Raises: InvalidValue where it is no such file.
    """
    if len(octets) > OCTETS_MAX:
        raise InvalidValue(_("The file is larger than 1 MB. Divide it."))
    rows = list(_rows(octets))
    if not rows:
        raise InvalidValue(_("The file names no card reader."))
    known = _devices_at({_place(cells).casefold() for _line, cells in rows})
    return _added([_meant(line, cells, known, technology) for line, cells in rows], by)


def _rows(octets: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue(_("The file is no text in UTF-8. Save it as CSV.")) from error
    dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), dialect), 1):
            cells = [cell.strip() for cell in row]
            if number > ROWS_MAX:
                raise InvalidValue(_("The file has more than 2,000 rows. Divide it."))
            if any(cells) and not (number == 1 and _is_head(cells[0])):
                yield number, cells
    except csv.Error as error:
        raise InvalidValue(_("The file is no CSV: %(why)s.") % {"why": error}) from error


def _is_head(cell: str) -> bool:
    """Whether the first row names its columns rather than a reader."""
    return bool(cell) and not cell[:1].isdigit() and ":" not in cell


def _place(cells: Sequence[str]) -> str:
    """The address of the device."""
    return cells[3] if len(cells) > 3 else cells[-1] if len(cells) == 2 else ""


_Meant = tuple[ReaderRow, Reader | None]
"""A row, and the reader that is to be added for it; without, the row says why not."""


def _meant(line: int, cells: list[str], known: Mapping[str, Device], technology: str) -> _Meant:
    address, where = cells[0], _place(cells)
    try:
        address = str(ip_address(address))
        device = _device_at(where, known)
        reader = new_reader(f"{device.name} {address}"[-_NAME_MAX:], device, address, technology=technology)
    except DeviceError as error:
        return ReaderRow(line, address, where, False, str(error)), None
    except ValueError:
        return ReaderRow(line, address, where, False, _("The first column is no IP address.")), None
    return ReaderRow(line, address, device.name, True), reader


def _added(meant: Sequence[_Meant], by: Actor) -> list[ReaderRow]:
    """Add the readers, many at a time; where one of these is there already, each for itself, which tells which."""
    done: list[ReaderRow] = []
    for start in range(0, len(meant), ADDED_AT_ONCE):
        some = meant[start : start + ADDED_AT_ONCE]
        readers = [reader for _, reader in some if reader is not None]
        free = _free(readers)
        try:
            if free:
                add_readers(free, by=by)
        except NameTaken:  # by somebody else, this very moment
            for reader in free:
                reader.pk = None
        done += [row if reader is None else _added_alone(row, reader, by) for row, reader in some]
    return done


def _added_alone(row: ReaderRow, reader: Reader, by: Actor) -> ReaderRow:
    if reader.pk is not None:
        return row
    try:
        add_readers([reader], by=by)
    except NameTaken as error:
        return replace(row, added=False, message=str(error))
    return row


def _free(readers: Iterable[Reader]) -> list[Reader]:
    """Those of which nobody has the name or the address yet, the first of several in the file."""
    readers = list(readers)
    names = set(Reader.objects.filter(name__in=[each.name for each in readers]).values_list("name", flat=True))
    # An address is the node's, whoever's reader stands there: looked up over all tenants.
    there = Reader.everywhere.filter(address__in=[each.address for each in readers])
    addresses = set(there.values_list("address", flat=True))
    free = []
    for each in readers:
        if each.name not in names and each.address not in addresses:
            free.append(each)
        names.add(each.name)
        addresses.add(each.address)
    return free


def _devices_at(places: Collection[str]) -> dict[str, Device]:
    """The devices at these addresses, small letters: looked up once for a file, however many rows it has. Of several at
    one address the one that was here first."""
    keys: dict[str, int] = {}
    for key, uri, address in Device.objects.order_by("id").values_list("pk", "uri", "machine__address").iterator():
        for each in filter(None, (_host(uri), address)):
            if each.casefold() in places:
                keys.setdefault(each.casefold(), key)
    devices: dict[int, Device] = Device.objects.in_bulk(set(keys.values())) if keys else {}
    return {place: devices[key] for place, key in keys.items() if key in devices}


def _device_at(where: str, known: Mapping[str, Device]) -> Device:
    """The device of an address. Raises: InvalidValue."""
    if not where:
        raise InvalidValue(_("The row names no device: its address stands in the fourth column."))
    device = known.get(where.casefold())
    if device is None:
        raise InvalidValue(_("There is no device at %(address)s. Add it first.") % {"address": where})
    return device


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:
        return ""
