"""What an IPP Everywhere Printer says of itself, typed (RFC 8011 section 5.4, PWG 5100.14 section 5).

A PrinterDescription is configuration: it changes rarely and is encoded once. A PrinterStatus is what is true at the
moment of a request. `printer_attributes` makes the octets from both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from platen.protocols.ipp.media import Margins, MediaSize
from platen.protocols.ipp.operations import Operation
from platen.protocols.ipp.values import Resolution

OCTET_STREAM = "application/octet-stream"


class PrinterState(IntEnum):
    """printer-state (RFC 8011 section 5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


@dataclass(frozen=True, slots=True)
class PrinterUri:
    """One way to the Printer: `security` is none or tls, `authentication` none, requesting-user-name, basic, ..."""

    uri: str
    security: str = "none"
    authentication: str = "requesting-user-name"


DIGITS = "iana_us-ascii_digits"
SHA_256 = "sha2-256"


@dataclass(frozen=True, slots=True)
class JobPasswords:
    """What job-password may be (PWG 5100.11): repertoire and encryptions are keywords of that standard."""

    length_max: int = 255
    repertoire: str = "iana_utf-8_any"
    encryptions: tuple[str, ...] = ("none",)


@dataclass(frozen=True, slots=True)
class Supply:
    """One entry of printer-supply (PWG 5100.13): level in percent, -2 where it is not known (RFC 3805)."""

    description: str
    type: str = "toner"
    colorant: str = "black"
    level: int = -2


_OPERATIONS = (
    Operation.PRINT_JOB,
    Operation.VALIDATE_JOB,
    Operation.CREATE_JOB,
    Operation.SEND_DOCUMENT,
    Operation.CANCEL_JOB,
    Operation.GET_JOB_ATTRIBUTES,
    Operation.GET_JOBS,
    Operation.GET_PRINTER_ATTRIBUTES,
    Operation.HOLD_JOB,
    Operation.RELEASE_JOB,
    Operation.CANCEL_MY_JOBS,
    Operation.CLOSE_JOB,
    Operation.IDENTIFY_PRINTER,
)

_MEDIA = tuple(
    MediaSize.parse(name)
    for name in (
        "iso_a4_210x297mm",
        "na_letter_8.5x11in",
        "iso_a3_297x420mm",
        "iso_a5_148x210mm",
        "iso_a6_105x148mm",
        "jis_b4_257x364mm",
        "jis_b5_182x257mm",
        "iso_b5_176x250mm",
        "na_legal_8.5x14in",
        "na_ledger_11x17in",
        "na_executive_7.25x10.5in",
        "na_invoice_5.5x8.5in",
        "na_index-4x6_4x6in",
        "na_number-10_4.125x9.5in",
        "iso_dl_110x220mm",
        "iso_c5_162x229mm",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterDescription:
    """The configured properties of one Printer. Each field is the IPP attribute of the same name unless it says else.

    `printer_up_time` counts seconds from `up_since`, and so do the times of its jobs: give a moment that does not
    move, such as the queue's creation, so that times of old jobs stay comparable over restarts.
    """

    name: str
    info: str
    uuid: UUID
    uris: tuple[PrinterUri, ...]
    up_since: datetime
    config_changed_at: datetime
    more_info: str
    icons: tuple[str, ...] = ()
    supply_info_uri: str = ""  # empty: the same as more_info
    location: str = ""
    geo_location: str = ""  # geo:... (RFC 5870), empty: unknown
    organization: str = ""
    organizational_unit: str = ""
    make_and_model: str = "Platen Queue"
    manufacturer: str = "Platen"  # MFG of printer-device-id
    firmware_version: str = ""
    language: str = "en"
    charge_info: str = ""
    charge_info_uri: str = ""

    operations: tuple[Operation, ...] = _OPERATIONS
    document_formats: tuple[str, ...] = (
        OCTET_STREAM,
        "application/pdf",
        "image/pwg-raster",
        "image/urf",
        "image/jpeg",
        "application/postscript",
        "application/vnd.hp-pcl",
        "application/vnd.hp-pclxl",
        "text/plain",
    )
    document_format_default: str = OCTET_STREAM
    compressions: tuple[str, ...] = ("none", "gzip", "deflate")
    job_k_octets_max: int = 2**31 - 1

    color: bool = True
    duplex: bool = True
    resolutions: tuple[Resolution, ...] = (Resolution(300, 300), Resolution(600, 600))
    resolution_default: Resolution = field(default=Resolution(600, 600))
    pages_per_minute: int = 30
    pages_per_minute_color: int = 30
    copies_max: int = 999
    finishings: tuple[int, ...] = (3, 4, 5)  # none, staple, punch
    number_up: tuple[int, ...] = (1, 2, 4, 6, 9, 16)
    output_bins: tuple[str, ...] = ("automatic", "face-down")
    media: tuple[MediaSize, ...] = _MEDIA
    media_default: str = "iso_a4_210x297mm"
    media_ready: tuple[str, ...] = ("iso_a4_210x297mm", "na_letter_8.5x11in", "iso_a3_297x420mm")
    media_custom: tuple[str, str] | None = ("custom_min_76.2x127mm", "custom_max_330.2x482.6mm")
    media_sources: tuple[str, ...] = ("auto", "main", "alternate", "manual", "by-pass-tray")
    media_types: tuple[str, ...] = (
        "auto",
        "stationery",
        "stationery-recycled",
        "stationery-letterhead",
        "cardstock",
        "envelope",
        "labels",
        "transparency",
        "photographic",
    )
    margins: Margins = Margins()

    job_passwords: JobPasswords | None = None
    identify_actions: tuple[str, ...] = ("display",)
    multiple_operation_time_out_s: int = 120
    supplies: tuple[Supply, ...] = (Supply("Supplies of the printer where the document is released", "other", "none"),)

    @property
    def sides(self) -> tuple[str, ...]:
        """sides-supported."""
        return ("one-sided", "two-sided-long-edge", "two-sided-short-edge") if self.duplex else ("one-sided",)

    @property
    def print_color_modes(self) -> tuple[str, ...]:
        """print-color-mode-supported."""
        return ("auto", "color", "monochrome") if self.color else ("auto", "monochrome")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterStatus:
    """What changes from request to request."""

    now: datetime
    state: PrinterState = PrinterState.IDLE
    state_reasons: tuple[str, ...] = ("none",)
    state_message: str = ""
    state_changed_at: datetime | None = None  # None: not since up_since
    is_accepting_jobs: bool = True
    queued_job_count: int = 0
