"""Card readers from a file: each row names a reader and the device that it stands at (SC-DEVADD-08).

Columns: 1 the reader's IP address, 2 and 3 servers of an older console, which are not looked at, 4 the device's
address. A file with two columns names reader and device.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from platen.devices.errors import DeviceError, InvalidValue
from platen.devices.models import Device
from platen.devices.readers import add_reader
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
    known = _devices_by_address()
    done = [_added(line, cells, known, by, technology) for line, cells in _rows(octets)]
    if not done:
        raise InvalidValue(_("The file names no card reader."))
    return done


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


def _added(line: int, cells: list[str], known: Mapping[str, int], by: Actor, technology: str) -> ReaderRow:
    address, where = cells[0], cells[3] if len(cells) > 3 else cells[-1] if len(cells) == 2 else ""
    try:
        address = str(ip_address(address))
        device = _device_at(where, known)
        name = f"{device.name} {address}"[-_NAME_MAX:]
        add_reader(name, device, address, by=by, technology=technology)
    except DeviceError as error:
        return ReaderRow(line, address, where, False, str(error))
    except ValueError:
        return ReaderRow(line, address, where, False, _("The first column is no IP address."))
    return ReaderRow(line, address, device.name, True)


def _devices_by_address() -> dict[str, int]:
    """The keys of all devices by where they are, small letters: once for a file, however many rows it has. Of several
    at one address the one that was here first."""
    known: dict[str, int] = {}
    for key, uri, address in Device.objects.order_by("id").values_list("pk", "uri", "machine__address").iterator():
        for each in filter(None, (_host(uri), address)):
            known.setdefault(each.casefold(), key)
    return known


def _device_at(where: str, known: Mapping[str, int]) -> Device:
    """The device of an address. Raises: InvalidValue."""
    if not where:
        raise InvalidValue(_("The row names no device: its address stands in the fourth column."))
    key = known.get(where.casefold())
    device: Device | None = None if key is None else Device.objects.filter(pk=key).first()
    if device is None:
        raise InvalidValue(_("There is no device at %(address)s. Add it first.") % {"address": where})
    return device


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:
        return ""
