"""Files that list devices, as rows of cells: CSV, text with tabs, workbooks, and XML with the columns as elements."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.utils.translation import gettext as _

from platen.documents.xps.markup import walk
from platen.fleet.errors import InvalidValue

ROWS_MAX = 5_000
UNPACKED_MAX = 60_000_000
COLUMNS_MAX = 200
BEFORE_HEAD_MAX = 20
"""So many titles and empty lines may stand before the heads."""
COLUMNS: dict[str, str] = {
    "DeviceType": "device_type",
    "DeviceName": "name",
    "ProductName": "model",
    "Manufacturer": "maker",
    "SerialNumber": "serial",
    "PhysicalAddress": "mac",
    "IPAddress": "address",
    "Location": "location",
    "AssetNumber": "asset_number",
    "State": "state",
    "Port": "port",
}
"""Heads of the template (EMC-DIMP-02) and what each is; behind those of other consoles our own."""
_ALSO = {
    **{"name": "name", "model": "model", "maker": "maker", "place": "location", "asset number": "asset_number"},
    **{"serial number": "serial", "hardware address": "mac", "devicemac": "mac", "snmp port": "port"},
    **{"address": "address", "ipv4address": "address", "ip": "address", "hostname": "address"},
}
"""Heads of other lists (SC-EXP-04), and of what the list of devices exports: a limit lifted (EMC-DIMP-07)."""
_KNOWN = {head.lower(): field for head, field in COLUMNS.items()} | _ALSO
_MARKS = {"mac", "serial", "address"}
_DELIMITERS = ("\t", ";", ",")
_SAID_DELIMITER = re.compile(r'\s*"?sep=(.)"?[ ,;\t]*\n', re.IGNORECASE)
"""A first line that tells a spreadsheet what stands between cells."""
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def known_cells(name: str, octets: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the heads: the line, the first is 1, and what stands in the columns that are known, by field; of
    two columns that mean the same the first that says something.

    Raises: InvalidValue, with what is wrong and what would be right.
    """
    table = enumerate(_table(octets), 1)
    is_empty = True
    for _line, cells in islice(table, BEFORE_HEAD_MAX + 1):
        is_empty = is_empty and not any(cell.strip() for cell in cells)
        places = _heads(cells)
        if _MARKS & set(places.values()):
            break
    else:
        if is_empty:
            raise InvalidValue(_("%(name)s is empty.") % {"name": name or _("The file")})
        raise InvalidValue(
            _("None of the columns PhysicalAddress, SerialNumber and IPAddress is there. Begin with the template.")
        )
    for line, cells in table:
        said: dict[str, str] = {}
        for place, field in places.items():
            if place < len(cells) and not said.get(field, "").strip():
                said[field] = cells[place]
        yield line, said


def _heads(cells: Sequence[str]) -> dict[int, str]:
    """The fields of those columns that are known, by their places."""
    heads = (cell.strip().lower() for cell in cells)
    return {place: _KNOWN[head] for place, head in enumerate(heads) if head in _KNOWN}


def _table(octets: bytes) -> Iterable[list[str]]:
    if octets.startswith(b"PK\x03\x04"):
        return _workbook(octets)
    if octets.startswith(_OLD_WORKBOOK):
        raise InvalidValue(_("The file is a workbook of an old kind (XLS). Save it as XLSX, or as CSV UTF-8."))
    text = _decoded(octets)
    return _elements(text) if text.lstrip().startswith("<") else _text(text)


def _decoded(octets: bytes) -> str:
    """The text, with line feeds alone at the ends of lines: in UTF-8, or in UTF-16, as older consoles wrote it
    (EMC-DIMP-04, -05), which without its mark is told by every other octet of the heads being 0."""
    encoding = "utf-8-sig"
    if octets.startswith(_WIDE_MARKS):
        encoding = "utf-16"
    elif 0 in octets[:2]:
        encoding = "utf-16-be" if octets[0] == 0 else "utf-16-le"
    try:
        text = octets.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidValue(_("The file is not UTF-8. Save it as “CSV UTF-8”, or as a workbook.")) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(text: str) -> Iterator[list[str]]:
    said = _SAID_DELIMITER.match(text)
    delimiters = (said[1],) if said and said[1] != '"' else _DELIMITERS
    delimiter = max(delimiters, key=lambda each: _heads_between(text, each))
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            yield row[:COLUMNS_MAX]
    except csv.Error as error:
        raise InvalidValue(_("The file cannot be read as a table: %(why)s.") % {"why": error}) from error


def _heads_between(text: str, delimiter: str) -> int:
    """How many heads a line has, if this stands between cells."""
    lines = text.split("\n", BEFORE_HEAD_MAX + 1)[: BEFORE_HEAD_MAX + 1]
    return max(len(_heads([cell.strip().strip('"') for cell in line.split(delimiter)])) for line in lines)


def _elements(text: str) -> Iterator[list[str]]:
    """Each element whose children are known columns and tell one device from others is a row (SC-EXP-01)."""
    rows: list[dict[str, str]] = []
    inside: list[dict[str, str]] = [{}]

    def begin(_name: str, _attributes: dict[str, str]) -> None:
        inside.append({})

    def end(name: str, said: str) -> None:
        children = inside.pop()
        field = _KNOWN.get(name.lower())
        if field is not None and not children:
            inside[-1].setdefault(field, said)
        elif _MARKS & set(children):
            rows.append(children)

    # As text it is UTF-8 whatever its first line says; a document type, and with it every entity, is refused.
    declared = re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1)
    if not walk([declared.encode()], begin, end):
        raise InvalidValue(_("The file begins as XML, but is damaged or declares a document type. Export it as CSV."))
    said = set().union(*rows) or _MARKS
    fields = {field: head for head, field in COLUMNS.items() if field in said}
    yield list(fields.values())
    for row in rows:
        yield [row.get(field, "") for field in fields]


def _workbook(octets: bytes) -> Iterator[list[str]]:
    """The first sheet of a workbook."""
    import openpyxl  # large, and only for an import

    if _unpacked_size(octets) > UNPACKED_MAX:
        raise InvalidValue(_("The workbook is too large. Divide it."))
    last = ROWS_MAX + BEFORE_HEAD_MAX + 2
    try:
        book = openpyxl.load_workbook(io.BytesIO(octets), read_only=True, data_only=True)
        for row in book.worksheets[0].iter_rows(values_only=True, max_row=last, max_col=COLUMNS_MAX):
            yield ["" if cell is None else str(cell) for cell in row]
    except Exception as error:  # the reader raises what its parsers raise: a broken workbook is an ordinary mistake
        raise InvalidValue(_("The workbook cannot be read. Save it again as XLSX, or as CSV UTF-8.")) from error


def _unpacked_size(octets: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(octets)) as packed:
            return sum(each.file_size for each in packed.infolist())
    except zipfile.BadZipFile as error:
        raise InvalidValue(_("The workbook cannot be read. Save it again as XLSX, or as CSV UTF-8.")) from error
