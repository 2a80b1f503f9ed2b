"""Whether a document comes out of a device as it was meant: by its format, and by the driver that made it.

The format decides what is possible at all: a device that names the formats it takes prints nothing sensible from
another. The driver decides how well: made for a device that is not on this one's list, the document may lose trays,
staples or two-sided printing, which is expected and marked. What is not known is no reason to doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

UNTYPED = "application/octet-stream"


class FidelityPolicy(StrEnum):
    """The setting of a server."""

    NO_CHECK = "no-check"  # everything can be collected everywhere
    WARN = "warn"  # a doubtful document is marked, and can be collected
    FILTER = "filter"  # only what fits is offered


class Fidelity(StrEnum):
    """How well a document fits a device."""

    MATCH = "match"
    LOW = "low"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentNeeds:
    """What is known of a document. `driver_name` is that of the queue where the queue overrides it."""

    document_format: str | None = None
    driver_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOffers:
    """What a device says of itself (document-format-supported), and the drivers it is listed for; empty is unknown."""

    name: str
    document_format_supported: tuple[str, ...] = ()
    driver_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FidelityResult:
    """The verdict. `is_offered`: the document can be collected here; `is_marked`: with a question mark in the list."""

    fidelity: Fidelity
    is_offered: bool
    is_marked: bool = False
    sentence: str = ""


def fidelity_of(document: DocumentNeeds, device: DeviceOffers, policy: FidelityPolicy) -> FidelityResult:
    """Compare a document with a device.

    Without a check all is offered, with neither mark nor sentence. Otherwise what the device cannot print is never
    offered, as it would fill the tray with characters; what it may print less well is offered unless filtered.
    """
    if policy is FidelityPolicy.NO_CHECK:
        return FidelityResult(Fidelity.MATCH, is_offered=True)
    if not _format_fits(document.document_format, device.document_format_supported):
        sentence = (
            f"{device.name} cannot print {_format_words(document.document_format)}. Collect this document at another "
            "printer, or print it again through a queue that this one understands."
        )
        return FidelityResult(Fidelity.CANNOT, is_offered=False, is_marked=True, sentence=sentence)
    if not _driver_fits(document.driver_name, device.driver_names):
        sentence = (
            f"This document was made for another kind of printer than {device.name} ({document.driver_name}). It may "
            "come out differently, for example on one side only."
        )
        offered = policy is not FidelityPolicy.FILTER
        return FidelityResult(Fidelity.LOW, is_offered=offered, is_marked=True, sentence=sentence)
    return FidelityResult(Fidelity.MATCH, is_offered=True)


def _format_fits(document_format: str | None, supported: tuple[str, ...]) -> bool:
    if not supported or document_format is None:
        return True
    # A job of no declared type is the device's to recognise, if it says that it does that.
    return _media_type(document_format) in {_media_type(candidate) for candidate in supported}


def _driver_fits(driver_name: str | None, driver_names: tuple[str, ...]) -> bool:
    if not driver_name or not driver_names:
        return True
    return driver_name.strip().casefold() in {name.strip().casefold() for name in driver_names}


def _media_type(text: str) -> str:
    """A media type as it is compared: in any case, without parameters (RFC 2045 section 5.1)."""
    return text.partition(";")[0].strip().casefold()


_FORMAT_WORDS = {
    "application/pdf": "PDF documents",
    "application/postscript": "PostScript documents",
    "application/vnd.hp-pcl": "PCL documents",
    "image/pwg-raster": "PWG raster documents",
    "image/urf": "Apple raster documents",
    "image/jpeg": "JPEG pictures",
    "text/plain": "plain text",
    UNTYPED: "documents of an unknown kind",
}


def _format_words(document_format: str | None) -> str:
    media_type = _media_type(document_format or UNTYPED)
    return _FORMAT_WORDS.get(media_type, f"documents of the kind {media_type}")
