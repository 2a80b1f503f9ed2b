"""From rows that wait to the octets that go home."""

from __future__ import annotations

import time
from dataclasses import dataclass

from platen import __version__
from platen.collector.configuration import Configuration
from platen.collector.database import Database
from platen.collector.late_masks import masked_now
from platen.collector.machines import Machines
from platen.collector.masking import Masks
from platen.collector.outbox import BATCH_ROWS, Outbox
from platen.protocols.collector.envelope import OCTETS_MAX, Header, seal
from platen.protocols.collector.rows import Row


@dataclass(frozen=True, slots=True)
class Packed:
    """An envelope, ready to go."""

    header: Header
    rows: list[Row]
    octets: bytes

    @property
    def file_name(self) -> str:
        """What it is called as a file: files in the order of their names are in the order of their rows."""
        header = self.header
        what = f"{header.first:012}-{header.last:012}" if header.rows else f"{header.after:012}-alive-{header.at_ms}"
        return f"platen-{header.collector}-{header.began_ms}-{what}.envelope"


def pack(
    configuration: Configuration, database: Database, outbox: Outbox, *, at_s: float | None = None, lost: bool = False
) -> Packed:
    """The next rows, as many as fit; without any, an envelope that only says that the collector lives.

    lost: rows that home does not have are gone, and it is known there.
    """
    rows_max = BATCH_ROWS
    masks, machines = Masks(configuration.mask, database.mask_key()), Machines(database, outbox)
    while True:
        rows = [masked_now(row, masks, machines) for row in outbox.batch(rows_max)]
        after = (
            rows[0].sequence - 1 if rows and lost else min(outbox.home_last, rows[0].sequence - 1 if rows else 2**62)
        )
        header = Header(
            collector=configuration.collector,
            stream=database.fact("stream"),
            began_ms=database.fact("began_ms"),
            after=after,
            first=rows[0].sequence if rows else 0,
            last=rows[-1].sequence if rows else 0,
            rows=len(rows),
            lost=lost,
            at_ms=int((time.time() if at_s is None else at_s) * 1000),
            every_s=configuration.send.every_s,
            version=__version__,
            waiting=outbox.behind(rows[-1].sequence) if rows else 0,
            went_back=bool(rows and database.fact("went_back", False)),
        )
        octets = seal(header, rows, configuration.key)
        if len(octets) <= OCTETS_MAX or rows_max == 1:
            return Packed(header, rows, octets)
        rows_max = max(1, len(rows) // 2)
