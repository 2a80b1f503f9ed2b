"""What one connection may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LpdLimits:
    """Bounds of one LPD connection; more than this ends it with a refusal."""

    line_bytes_max: int = 1024
    """Of a command, a sub-command, or a control file's line."""
    control_file_bytes_max: int = 64 * 1024
    data_files_max: int = 100
    """Per job. RFC 1179 names have room for 52 (A to Z, a to z)."""
    data_file_bytes_max: int | None = None
    """None leaves the size to the driver, which may refuse a DataFileOffered."""
    pending_bytes_max: int = 1024 * 1024
    """Octets kept while the driver decides; a driver that stops reading meanwhile never comes near it."""
    jobs_max: int = 1000
    """Jobs over one connection."""
