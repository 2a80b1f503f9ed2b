"""Data directory, keys, disk, descriptors, settings' clock: what the machine under the server is like."""

from __future__ import annotations

import os
import resource
import stat
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from platen.cli.checks.finding import Finding, ok, problem, warning
from platen.keys import KEY_BYTES
from platen.services.analysis.confine import can_confine
from platen.settings import Settings

YEAR_MIN = 2026  # when this was written: no clock that is right shows less
CLOCK_SLACK = timedelta(seconds=60)
SPARE_DESCRIPTORS = 512  # files, database and devices beside the connections


def check_data_directory(settings: Settings) -> Iterator[Finding]:
    """It exists, is this user's alone, and keeps what is written."""
    area, data = "data directory", settings.data
    if not data.is_dir():
        yield warning(
            area,
            f"{data.resolve()} is not there yet.",
            "`platen serve` makes it; if it should be there, set PLATEN_DATA to where it is.",
        )
        return
    status = data.stat()
    if status.st_uid != os.geteuid():
        yield problem(
            area,
            f"{data.resolve()} belongs to user {status.st_uid}; this command runs as user {os.geteuid()}.",
            "Run Platen as the directory's owner, or give it to the server's user with chown -R.",
        )
    if open_to_others(data):
        yield warning(area, f"Other users of this machine can look into {data.resolve()}.", f"chmod 700 {data}")
    try:
        with tempfile.NamedTemporaryFile(dir=data, prefix=".doctor-") as file:
            file.write(b"platen")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield problem(
            area,
            f"{data.resolve()} does not keep what is written: {error.strerror}.",
            "Check the disk, its mount options and the directory's permissions. No job is accepted until it does.",
        )
    else:
        yield ok(area, f"{data.resolve()} can be written, and keeps what is written.")


def open_to_others(path: Path) -> bool:
    """Whether group or others have any right."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def check_room(settings: Settings) -> Iterator[Finding]:
    """There is room for documents, and for the database to grow."""
    area, folder = "disk", settings.data if settings.data.is_dir() else Path()
    status = os.statvfs(folder)
    free, reserve = status.f_bavail * status.f_frsize, settings.spool_free_bytes_min
    said = f"{_gigabytes(free)} free where {folder.resolve()} lies"
    if free < reserve:
        yield problem(
            area,
            f"{said}; jobs are refused below {_gigabytes(reserve)}.",
            "Free some space or enlarge the disk. Printing goes on by itself.",
        )
    elif free < 4 * reserve:
        yield warning(
            area, f"{said}; jobs are refused below {_gigabytes(reserve)}.", "Free some space or enlarge the disk soon."
        )
    elif status.f_files and status.f_favail * 20 < status.f_files:
        yield warning(
            area, f"{said}, but only {status.f_favail} more files can be made.", "Remove small files on this disk."
        )
    else:
        yield ok(area, f"{said}.")


def _gigabytes(octets: int) -> str:
    return f"{octets / 1e9:.1f} GB"


def check_keys(settings: Settings) -> Iterator[Finding]:
    """The master key is whole and secret."""
    area, path = "keys", settings.data / "keys" / "master"
    try:
        length = path.stat().st_size
    except FileNotFoundError:
        if (settings.data / "platen.sqlite3").exists() or (settings.data / "spool").exists():
            yield problem(
                area,
                f"{path} is missing, and there is data that was sealed with it.",
                "Restore it from a backup before the next start, which would make a new one: held documents, "
                "cards and PINs cannot be read without the old one.",
            )
        return
    if length != KEY_BYTES:
        yield problem(
            area, f"{path} holds {length} octets instead of {KEY_BYTES}.", "Restore it from a backup; nothing opens."
        )
    elif open_to_others(path) or open_to_others(path.parent):
        yield problem(
            area, f"Other users of this machine can read {path}.", f"chmod 700 {path.parent}; chmod 600 {path}"
        )
    else:
        yield ok(area, "The master key is whole and readable by its owner alone. Keep a copy of it in a safe place.")


def check_descriptors(settings: Settings) -> Iterator[Finding]:
    """As many connections as configured can be open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.connections_max + SPARE_DESCRIPTORS
    if hard != resource.RLIM_INFINITY and hard < wanted:
        yield warning(
            "descriptors",
            f"The system lets a process open {hard} files; {settings.connections_max} connections need {wanted}.",
            f"Raise the limit (LimitNOFILE={wanted} in systemd), or lower PLATEN_CONNECTIONS_MAX.",
        )
    else:
        yield ok("descriptors", f"{settings.connections_max} connections can be open at a time.")


def check_confinement(settings: Settings) -> Iterator[Finding]:
    """Documents are looked into by processes that can open no connection and start no program."""
    if not settings.reads_documents:
        return
    if can_confine():
        yield ok("documents", "They are looked into by processes that reach no network and start no program.")
    else:
        yield warning(
            "documents",
            "This system has no seccomp, so the processes that look into documents are not kept from the network.",
            "Use a kernel built with CONFIG_SECCOMP_FILTER, as distributions ship it, and a container that shows "
            "/proc/sys; or switch looking into documents off (PLATEN_ANALYSIS_WORKERS=0).",
        )


def check_clock(now: datetime, last_event: datetime | None) -> Iterator[Finding]:
    """The clock shows a time that can be, and not one before what has happened already."""
    if now.year < YEAR_MIN:
        yield problem("clock", f"It shows {now:%Y-%m-%d %H:%M} UTC.", "Set it, and let NTP keep it (timedatectl).")
    elif last_event is not None and now < last_event - CLOCK_SLACK:
        yield problem(
            "clock",
            f"It shows {now:%Y-%m-%d %H:%M} UTC; the last event was at {last_event.astimezone(UTC):%Y-%m-%d %H:%M}.",
            "It was set back. Set it right and let NTP keep it: till then documents and temporary cards stay too long.",
        )
    else:
        yield ok("clock", f"It shows {now:%Y-%m-%d %H:%M} UTC, which is after everything that happened.")
