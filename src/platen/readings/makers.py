"""What makers keep in private objects: who made a machine, and what its private objects say, as data (`makers/*.toml`).

    table = maker_table(sys_object_id, sys_descr)          # or table_of(raw), which looks further
    table.objects, table.columns            # what to ask at a first visit: instances, and columns to walk
    facts = table.facts(raw)                # whatever of it was answered
    lean = table.bound(raw)                 # the same for later visits: only what this machine has, without tables

Compiled once into plain look-ups; a reading is one pass over what the machine answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path

from platen.protocols.snmp import Oid, SnmpError, Value, dotted, parse_oid
from platen.readings.facts import Identity, Meter, Supply
from platen.readings.makers_file import MakerFile, read_maker_file
from platen.readings.makers_gather import Gathered
from platen.readings.makers_rows import Blob, Encoding, MakerError, Match, Row, Sum, Table
from platen.readings.makers_values import Words, number_of, record_number, records, text_of
from platen.readings.text import decoded

__all__ = [
    "MakerError",
    "MakerFacts",
    "MakerTable",
    "Makers",
    "add_folder",
    "maker_of",
    "maker_table",
    "makers",
    "table_of",
    "table_of_identity",
]

_dotted = lru_cache(maxsize=65_536)(dotted)
_CHARACTER_SET: Oid = (1, 3, 6, 1, 2, 1, 43, 7, 1, 1, 4, 1, 1)
_SYS_DESCR: Oid = (1, 3, 6, 1, 2, 1, 1, 1, 0)
_SYS_OBJECT_ID: Oid = (1, 3, 6, 1, 2, 1, 1, 2, 0)
_NAMES: tuple[Oid, ...] = (
    (1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1),  # hrDeviceDescr
    (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 16, 1),  # prtGeneralPrinterName
)
_ENTERPRISES: Oid = (1, 3, 6, 1, 4, 1)
_ANYBODY = frozenset({11, 2699})
"""Enterprises whose objects other makers' machines have as well: HP's device id, the PWG's MIBs."""


@dataclass(frozen=True, slots=True)
class MakerFacts:
    """What private objects said. `identity`: fields of facts.Identity that had a value."""

    identity: Mapping[str, str] = field(default_factory=dict)
    meters: tuple[Meter, ...] = ()
    supplies: tuple[Supply, ...] = ()
    console: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class MakerTable:
    """The private objects of one kind of machine. `brand` is on the badge, `family` is the file that knows it."""

    def __init__(
        self,
        brand: str,
        family: str,
        exact: Mapping[Oid, tuple[Row, ...]],
        *,
        tables: tuple[Table, ...] = (),
        blobs: Mapping[Oid, Blob] | None = None,
        sums: tuple[Sum, ...] = (),
    ) -> None:
        self.brand = brand
        self.family = family
        self._exact = dict(exact)
        self._tables = tables
        self._blobs = dict(blobs or {})
        self._sums = sums
        # Of each column's length the columns, so that an object is looked up once for each length that occurs.
        self._columns: dict[int, dict[Oid, Table]] = {}
        for table in tables:
            self._columns.setdefault(len(table.value), {})[table.value] = table

    def __repr__(self) -> str:
        return f"MakerTable({self.brand!r}, {self.family!r}, {len(self._exact)} objects, {len(self._tables)} tables)"

    @property
    def objects(self) -> tuple[Oid, ...]:
        """Instances to ask for by name."""
        return (*self._exact, *self._blobs)

    @property
    def listed(self) -> tuple[Oid, ...]:
        """Of `objects` those that lists of machines show something of."""
        return (*(oid for oid, rows in self._exact.items() if any(row.listed for row in rows)), *self._blobs)

    @property
    def columns(self) -> tuple[Oid, ...]:
        """Columns to walk; those that say what a row is come first."""
        keys = dict.fromkeys(key for table in self._tables for key in table.keys)
        return (*keys, *(column for column in dict.fromkeys(t.value for t in self._tables) if column not in keys))

    @property
    def key_columns(self) -> tuple[Oid, ...]:
        """Of `columns` those that say what a row is."""
        return tuple(dict.fromkeys(key for table in self._tables for key in table.keys))

    @property
    def walked(self) -> tuple[Oid, ...]:
        """Of `columns` those that have to be walked: the keys, and values whose rows are known by patterns only."""
        patterns = (table.value for table in self._tables if table.patterns and not table.keys)
        return tuple(dict.fromkeys((*self.key_columns, *patterns)))

    def cells(self, raw: Mapping[Oid, Value]) -> tuple[Oid, ...]:
        """The values of tables that are worth asking for, as far as `raw` has what says which rows they are."""
        found: dict[Oid, None] = {}
        for table in self._tables:
            if table.keys:
                first = table.keys[0]
                indexes = [oid[len(first) :] for oid in raw if oid[: len(first)] == first]
            else:
                indexes = [tuple(map(int, key.split("."))) for key in table.rows if key.replace(".", "").isdigit()]
            found |= {(*table.value, *index): None for index in indexes if _row_of(table, index, raw) is not None}
        return tuple(found)

    @property
    def serials(self) -> tuple[Oid, ...]:
        """Of `objects` those that say the machine's serial number."""
        return tuple(oid for oid, rows in self._exact.items() if any(row.is_serial for row in rows))

    @property
    def changing(self) -> tuple[Oid, ...]:
        """Of `objects` those that are worth asking at every visit: all but the identity."""
        return (*(oid for oid, rows in self._exact.items() if any(row.changes for row in rows)), *self._blobs)

    @property
    def added(self) -> dict[Oid, str]:
        """Of `objects` those that are added up, with the meter that they make: without one of them it would fall."""
        return {oid: row.name for oid, rows in self._exact.items() for row in rows if row.add}

    def bound(self, raw: Mapping[Oid, Value]) -> MakerTable:
        """For a machine that answered `raw` whole: the objects it has, its tables' rows as plain objects."""
        exact = {oid: rows for oid, rows in self._exact.items() if raw.get(oid) is not None}
        for oid, row in sorted(self._rows_of(raw), key=lambda pair: pair[0]):
            exact[oid] = (*exact.get(oid, ()), row)
        blobs = {oid: blob for oid, blob in self._blobs.items() if raw.get(oid) is not None}
        return MakerTable(self.brand, self.family, exact, blobs=blobs, sums=self._sums)

    def facts(self, raw: Mapping[Oid, Value], charset: int | None = None, language: str = "") -> MakerFacts:
        """What the answered objects say; never raises. charset, language: of its texts, see `text.decoded`."""
        if charset is None and type(declared := raw.get(_CHARACTER_SET)) is int:
            charset = declared
        words = (charset, language)
        gathered = Gathered()
        for oid, rows in self._exact.items():
            value = raw.get(oid)
            if value is not None:
                for row in rows:
                    _take(gathered, row, (oid, value), words)
        for oid, row in sorted(self._rows_of(raw), key=lambda pair: pair[0]):
            _take(gathered, row, (oid, raw[oid]), words)
        for oid, blob in self._blobs.items():
            value = raw.get(oid)
            if isinstance(value, bytes):
                _take_records(gathered, blob, oid, value)
        gathered.add_up(self._sums)
        return MakerFacts(
            gathered.identity,
            tuple(gathered.meters.values()),
            gathered.supplies(),
            tuple(gathered.console),
            tuple(gathered.notes),
        )

    def _rows_of(self, raw: Mapping[Oid, Value]) -> Iterable[tuple[Oid, Row]]:
        """Values of tables with what they are."""
        if not self._columns:
            return
        for oid in raw:
            for arcs, columns in self._columns.items():
                table = columns.get(oid[:arcs])
                row = _row_of(table, oid[arcs:], raw) if table is not None else None
                if row is not None:
                    yield oid, row


def _row_of(table: Table, index: Oid, raw: Mapping[Oid, Value]) -> Row | None:
    """Which row of the table's data an instance is, by what its key columns say, or by its index."""
    parts = [_key_text(raw.get((*column, *index))) for column in table.keys]
    key = "/".join(parts) if parts else dotted(index)
    row = table.rows.get(key)
    if row is None and table.patterns:
        row = next((row for pattern, row in table.patterns if pattern.fullmatch(key)), None)
    return row


def _key_text(value: Value) -> str:
    if isinstance(value, int):
        return str(value)
    return decoded(value).lower() if isinstance(value, bytes) else ""


def _take(gathered: Gathered, row: Row, answered: tuple[Oid, Value], words: Words) -> None:
    oid, value = answered
    if row.encoding is Encoding.NUMBER:
        number = number_of(value)
        if number is not None:
            gathered.number(row, number, _dotted(oid))
        return
    text = text_of(row, value, words)
    if text:
        gathered.text(row, text, _dotted(oid))


def _take_records(gathered: Gathered, blob: Blob, oid: Oid, octets: bytes) -> None:
    source = _dotted(oid)
    for key, value in records(blob, octets):
        row = blob.rows.get(key)
        if row is not None and row.octets in {0, len(value)}:
            number, capacity = record_number(row, value)
            gathered.number(row, number, f"{source}[{key:02x}]", capacity)


class Makers:
    """Every maker's file, compiled, and who is who."""

    def __init__(self, files: Iterable[MakerFile]) -> None:
        self.files = {file.name: file for file in files}
        self._matches: list[tuple[Match, MakerTable]] = []
        self._describe: dict[str, MakerFile] = {}
        for file in self.files.values():
            for match in file.matches:
                table = self._compiled(match.brand, file, match.like or file.like)
                self._matches.append((match, table))
        self._matches.sort(key=lambda pair: pair[0].weight, reverse=True)

    def _compiled(self, brand: str, file: MakerFile, like: str) -> MakerTable:
        sources = [file]
        if like:
            if like not in self.files:
                raise MakerError(f"{file.name}.toml: there is no file “{like}.toml” that its machines could be like.")
            sources.append(self.files[like])
        exact: dict[Oid, tuple[Row, ...]] = {}
        for source in reversed(sources):
            exact.update({oid: tuple(rows) for oid, rows in source.objects.items()})
        return MakerTable(
            brand,
            file.name,
            exact,
            tables=tuple(table for source in sources for table in source.tables),
            blobs={oid: blob for source in reversed(sources) for oid, blob in source.blobs.items()},
            sums=tuple(total for source in sources for total in source.sums),
        )

    def table(self, object_id: Oid = (), description: str = "") -> MakerTable | None:
        """Who answers so, and what to ask; None where nobody is known to."""
        return next((table for match, table in self._matches if match.fits(object_id, description)), None)

    def described(self, table: MakerTable, description: str, *, bare: bool = True) -> dict[str, str]:
        """Model, firmware and serial number as far as the maker writes them into sysDescr.

        bare: the machine says nowhere else what it is, so that what people can change counts too.
        """
        file = self.files[table.family]
        for candidate in (file, *(self.files[name] for name in {file.like} & set(self.files))):
            for pattern in candidate.descriptions if bare else candidate.firm_descriptions:
                found = pattern.search(description)
                if found:
                    return {name: " ".join(text.split()) for name, text in found.groupdict().items() if text}
        return {}


def read_files(*folders: Path) -> list[MakerFile]:
    """The packaged files, then those of folders; one of the same name takes the place of an earlier one.

    Raises: MakerError, OSError.
    """
    texts = {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in sorted(resources.files("platen.readings").joinpath("makers").iterdir(), key=lambda e: e.name)
        if entry.name.endswith(".toml")
    }
    for folder in folders:
        texts.update({path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))})
    return [read_maker_file(name, text) for name, text in texts.items()]


_folders: list[Path] = []


@lru_cache(maxsize=1)
def makers() -> Makers:
    """All of them, read once."""
    return Makers(read_files(*_folders))


def add_folder(folder: Path) -> None:
    """Take a folder's files as well, from now on. Raises: MakerError where they are not right; then nothing changes."""
    Makers(read_files(*_folders, folder))
    _folders.append(folder)
    makers.cache_clear()
    maker_table.cache_clear()


@lru_cache(maxsize=8192)
def maker_table(object_id: Oid = (), description: str = "") -> MakerTable | None:
    """The private objects of a machine with this sysObjectID and sysDescr; None where its maker is not known."""
    return makers().table(object_id, description)


def table_of(raw: Mapping[Oid, Value]) -> MakerTable | None:
    """The private objects of the machine that answered `raw`, by the first of these that tells: sysObjectID and
    sysDescr, the names of the device, the enterprise that most of its private objects belong to.
    """
    object_id = raw.get(_SYS_OBJECT_ID)
    known = object_id if isinstance(object_id, tuple) else ()
    for oid in (_SYS_DESCR, *_NAMES):
        name = raw.get(oid)
        table = maker_table(known, decoded(name)) if isinstance(name, bytes) else maker_table(known)
        if table is not None:
            return table
    private = Counter(oid[6] for oid in raw if oid[:6] == _ENTERPRISES and len(oid) > 6 and oid[6] not in _ANYBODY)
    return next((maker_table((*_ENTERPRISES, enterprise)) for enterprise, _ in private.most_common(1)), None)


def table_of_identity(identity: Identity) -> MakerTable | None:
    """The private objects of a machine that was read before."""
    return maker_table(_object_id(identity.object_id), identity.description)


@lru_cache(maxsize=4096)
def _object_id(dotted: str) -> Oid:
    try:
        return parse_oid(dotted) if dotted else ()
    except SnmpError:
        return ()


def maker_of(object_id: Oid = (), description: str = "") -> str:
    """The name on the machine's badge; "" where it is not known."""
    table = maker_table(object_id, description)
    return table.brand if table else ""
