"""Envelopes that came as files: by FTPS, SFTP, or as attachments of mails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils import timezone

from platen.fleet.collected import Outcome, Receipt, take
from platen.fleet.collectors import collector_by_uuid, key_of
from platen.fleet.errors import FleetError
from platen.protocols.collector.envelope import (
    OCTETS_MAX,
    EnvelopeError,
    Forged,
    open_envelope,
    read_header,
)

SUFFIX = ".envelope"
FILES_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file. done: it is of no more use."""

    done: bool
    sentence: str


def waiting_files(paths: Iterable[Path]) -> list[Path]:
    """Files and those in folders, in the order of their names, which is that of their rows."""
    found: list[Path] = []
    for path in paths:
        found += path.glob(f"*{SUFFIX}") if path.is_dir() else [path]
    return sorted(found, key=lambda path: path.name)[:FILES_MAX]


def take_file(path: Path, *, skip_gaps: bool = False) -> Taken:
    """Take one, for the current tenant."""
    try:
        with path.open("rb") as file:
            octets = file.read(OCTETS_MAX + 1)
        collector = collector_by_uuid(read_header(octets).collector)
        if collector is None or not collector.enabled:
            return Taken(False, "It is of a collector that is not known here, or is switched off.")
        header, rows = open_envelope(octets, key_of(collector))
    except OSError as error:
        return Taken(False, f"It cannot be read: {error}.")
    except Forged:
        return Taken(False, "It is not signed with the collector's key. Was the key changed since it was sent?")
    except (EnvelopeError, FleetError) as error:
        return Taken(False, str(error))
    receipt = take(collector.pk, header, rows, timezone.now())
    if receipt.outcome is Outcome.GAP and skip_gaps:
        receipt = take(collector.pk, replace(header, lost=True), rows, timezone.now())
    return _said(receipt, header.after)


def _said(receipt: Receipt, after: int) -> Taken:
    if receipt.outcome is Outcome.GAP:
        return Taken(
            False,
            f"Rows {receipt.last + 1} to {after} come before it and are not here yet. Take their file first, or "
            "go on without with --skip-gaps.",
        )
    if receipt.outcome is Outcome.OLD_STREAM:
        return Taken(False, "It is of an older installation of the collector than the one that is known here.")
    if not receipt.stored:
        return Taken(True, "nothing new.")
    return Taken(True, f"{receipt.stored} rows taken.")
