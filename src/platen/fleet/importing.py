"""Devices from a file: the template that is filled in, and lists of other consoles (device_tables reads them).

A row is matched with what is known by its serial number, then its hardware address, then where it stands
(policy.fleet.same_device). The formula protection of an export is not undone (EMC-EXP-03).
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from platen.devices.models import Device
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.device_tables import ROWS_MAX, UNPACKED_MAX, known_cells
from platen.fleet.errors import InvalidValue
from platen.fleet.models import Machine
from platen.fleet.registering import SNMP_PORT, FoundMachine, Registered, Rules
from platen.fleet.registering_many import register_many
from platen.fleet.table_files import unguarded
from platen.policy.fleet.addresses import AddressError, one_address
from platen.policy.fleet.collector import is_masked_address
from platen.readings.facts import Identity

OCTETS_MAX = 5_000_000
CELL_MAX = 300
WRITTEN_AT_ONCE = 500
MANAGED = "Managed"
_UNMANAGED = {"unmanaged", "un-managed", "not managed", "no", "false", "0", "deleted"}
"""What a file says for it in its column State. Other words, as the state that a list of ours shows, say nothing."""
_PORT = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One row of a file. line: in the file, the first is 1."""

    line: int
    device_type: str = ""
    name: str = ""
    model: str = ""
    maker: str = ""
    serial: str = ""
    mac: str = ""
    address: str = ""
    location: str = ""
    asset_number: str = ""
    state: str = MANAGED
    port: str = ""  # of SNMP; empty: not said

    @property
    def managed(self) -> bool:
        """What the file does not call unmanaged is read and counted."""
        return self.state.strip().casefold() not in _UNMANAGED


@dataclass(frozen=True, slots=True)
class Imported:
    """What becomes of a row: new, known, moved, unmanaged, conflict or failed; and a sentence where one is needed."""

    row: ImportRow
    outcome: str
    message: str = ""


def template_rows(machines: Iterable[Machine]) -> Iterator[list[object]]:
    """Rows of the template for machines that are registered (EMC-DIMP-01)."""
    for machine in machines:
        state = MANAGED if machine.managed else "Unmanaged"
        who = [machine.model or machine.device.make_and_model, machine.maker, machine.serial, machine.mac]
        port = "" if machine.port == SNMP_PORT else machine.port
        where = [machine.address, machine.device.location, machine.asset_number, state, port]
        yield ["Printer", machine.device.name, *who, *where]


def rows_of_file(name: str, octets: bytes) -> list[ImportRow]:
    """The rows of a file. Raises: InvalidValue, with what is wrong and what would be right."""
    if len(octets) > OCTETS_MAX:
        raise InvalidValue(_("The file is larger than 5 MB. Divide it."))
    rows = []
    for line, cells in known_cells(name, octets):
        values = {field: _printable(unguarded(cell)) for field, cell in cells.items()}
        if any(values.values()):
            rows.append(ImportRow(line=line, **values))
        if len(rows) > ROWS_MAX:
            raise InvalidValue(_("The file has more than 5,000 devices. Divide it."))
    if not rows:
        raise InvalidValue(_("The file names no device."))
    return rows


def rows_as_text(rows: Iterable[ImportRow]) -> str:
    """As a page keeps them from the preview to the import: packed, since a form takes 2 MB at most (EMC-DIMP-07)."""
    said = [{name: value for name, value in asdict(row).items() if value} for row in rows]
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(said).encode())).decode()


def rows_from_text(text: str) -> list[ImportRow]:
    """What `rows_as_text` gave. Raises: InvalidValue."""
    try:
        octets = zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), UNPACKED_MAX)
        return _rows_from(json.loads(octets))
    except (ValueError, RecursionError, zlib.error) as error:
        raise InvalidValue(_("Choose the file again.")) from error


def _rows_from(stored: object) -> list[ImportRow]:
    names = {field.name for field in fields(ImportRow)}
    if not isinstance(stored, list) or not stored or len(stored) > ROWS_MAX:
        raise InvalidValue(_("Choose the file again."))
    rows = []
    for each in stored:
        if not isinstance(each, Mapping) or not isinstance(each.get("line"), int):
            raise InvalidValue(_("Choose the file again."))
        texts = {key: _printable(str(value)) for key, value in each.items() if key in names and key != "line"}
        rows.append(ImportRow(line=each["line"], **texts))
    return rows


def import_rows(rows: Sequence[ImportRow], *, by: Actor, now: datetime, dry: bool) -> list[Imported]:
    """Register what the rows name, each for itself: one that cannot be taken stops no other."""
    problems = [_problem(row) for row in rows]
    fitting = [row for row, problem in zip(rows, problems, strict=True) if not problem]
    asked = [(_found(row), Rules(outcome="managed" if row.managed else "unmanaged")) for row in fitting]
    became = register_many(asked, by=by, now=now, how_found=_("import of a file"), dry=dry)
    if not dry:
        _complete([(each.machine, row) for each, row in zip(became, fitting, strict=True) if each.machine is not None])
    registered = iter(became)
    done = []
    for row, problem in zip(rows, problems, strict=True):
        each = Registered("failed", None, problem) if problem else next(registered)
        done.append(Imported(row, each.outcome, each.message))
    if not dry:
        count = sum(each.outcome != "failed" for each in done)
        record_change(by, "devices_imported", "fleet", f"{count} devices were imported from a file", devices=count)
    return done


def _found(row: ImportRow) -> FoundMachine:
    identity = Identity(
        maker=row.maker,
        model=row.model.removeprefix(row.maker).strip() if row.maker else row.model,
        serial=row.serial,
        asset_number=row.asset_number,
        mac=_digits(row.mac),
        location=row.location,
    )
    port = int(row.port) if row.port else 0
    # A token in place of an address says that it is where it was: with the collector that keeps the address to itself.
    address = "" if is_masked_address(row.address) else row.address
    return FoundMachine(
        address=address, port=port, how="file", identity=identity, name=row.name, protocol="", claimed=True
    )


@transaction.atomic
def _complete(imported: Iterable[tuple[Machine, ImportRow]]) -> None:
    """What a file says of machines that are known already; what it leaves empty stays."""
    numbered, placed = [], []
    for machine, row in imported:
        if row.asset_number and row.asset_number[:120] != machine.asset_number:
            machine.asset_number = row.asset_number[:120]
            numbered.append(machine)
        if row.location and row.location[:200] != machine.device.location:
            machine.device.location = row.location[:200]
            placed.append(machine.device)
    Machine.objects.bulk_update(numbered, ["asset_number"], batch_size=WRITTEN_AT_ONCE)
    Device.objects.bulk_update(placed, ["location"], batch_size=WRITTEN_AT_ONCE)


def _problem(row: ImportRow) -> str:
    if not (row.mac or row.serial or row.address):
        return _("It has neither hardware address nor serial number nor IP address.")
    if row.mac and len(_digits(row.mac)) != 12:
        return _("“%(mac)s” is no hardware address: it has 12 hexadecimal digits.") % {"mac": row.mac}
    if row.port and not (_PORT.fullmatch(row.port) and 1 <= int(row.port) <= 65_535):
        return _("“%(port)s” is no port: it is a number from 1 to 65535.") % {"port": row.port}
    return _problem_of_address(row) if row.address else ""


def _problem_of_address(row: ImportRow) -> str:
    if is_masked_address(row.address):
        what = _("“%(address)s” stands for an address that its site keeps to itself. Give a serial number as well.")
        return "" if row.mac or row.serial else what % {"address": row.address}
    try:
        one_address(row.address)
    except AddressError as error:
        return str(error)
    return ""


def _printable(text: str) -> str:
    """What a cell says, without what no page can show and no database keeps."""
    return "".join(each if each.isprintable() else " " for each in text[:CELL_MAX]).strip()


def _digits(mac: str) -> str:
    return "".join(each for each in mac.lower() if each in "0123456789abcdef")
