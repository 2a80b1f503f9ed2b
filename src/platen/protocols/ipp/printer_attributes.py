"""From a PrinterDescription to its attributes: PWG 5100.14 tables 2 to 4, encoded once and picked by name.

The tables below follow the standards' grouping: Job Template `-default` and `-supported` (RFC 8011 section 5.2),
Printer Description (5.4), and media-col-database, which is left out unless it is asked for by name (PWG 5100.7).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.description import PrinterDescription, PrinterStatus, PrinterUri
from platen.protocols.ipp.encoder import encode_attribute
from platen.protocols.ipp.job_template import (
    JOB_CREATION_ATTRIBUTES,
    JOB_HOLD_UNTIL,
    JOB_SHEETS,
    MULTIPLE_DOCUMENT_HANDLING,
    ORIENTATIONS,
    PRINT_CONTENT_OPTIMIZE,
    PRINT_QUALITIES,
    PRINT_RENDERING_INTENTS,
    PRINT_SCALING,
)
from platen.protocols.ipp.media import (
    MEDIA_COL_MEMBERS,
    MediaSize,
    custom_media_col,
    custom_size,
    media_col,
)
from platen.protocols.ipp.message import EncodedGroup
from platen.protocols.ipp.tags import GroupTag
from platen.protocols.ipp.values import Attribute, Collection, IntRange, OutOfBand

_SELECTIONS_MAX = 128
"""How many different sets of requested-attributes are kept encoded; clients of one kind ask for the same set."""

_INT_MAX = 2**31 - 1


class PrinterAttributes:
    """Everything a Printer tells in Get-Printer-Attributes; build one for each description and keep it."""

    def __init__(self, description: PrinterDescription) -> None:
        self.description = description
        job_template = job_template_attributes(description)
        printer = printer_description_attributes(description)
        database = _media_col_database(description)
        self._static = {
            attribute.name: encode_attribute(attribute) for attribute in (*job_template, *printer, database)
        }
        self._groups = {
            "job-template": frozenset(attribute.name for attribute in job_template),
            "printer-description": frozenset(attribute.name for attribute in printer) | DYNAMIC,
            "all": frozenset(self._static) - {database.name} | DYNAMIC,
        }
        self._selections: dict[frozenset[str], tuple[bytes, frozenset[str]]] = {}

    @property
    def names(self) -> frozenset[str]:
        """Every attribute that can be asked for."""
        return frozenset(self._static) | DYNAMIC

    def encode(self, status: PrinterStatus, requested: Iterable[str] = ()) -> EncodedGroup:
        """The printer-attributes group with the requested attributes and groups of them; none named means `all`."""
        octets, dynamic = self._select(frozenset(requested) or frozenset({"all"}))
        if dynamic:
            fresh = status_attributes(self.description, status)
            octets += b"".join([encode_attribute(attribute) for attribute in fresh if attribute.name in dynamic])
        return EncodedGroup(GroupTag.PRINTER_ATTRIBUTES, octets)

    def _select(self, requested: frozenset[str]) -> tuple[bytes, frozenset[str]]:
        """(the static attributes, the names of the dynamic ones) for one set of requested-attributes."""
        found = self._selections.get(requested)
        if found is None:
            names = frozenset[str]().union(*(self._groups.get(name, {name}) for name in requested))
            found = (
                b"".join([octets for name, octets in self._static.items() if name in names]),
                names & DYNAMIC,
            )
            if len(self._selections) >= _SELECTIONS_MAX:
                self._selections.clear()
            self._selections[requested] = found
        return found


def job_template_attributes(d: PrinterDescription) -> list[Attribute]:
    """What each job template attribute may be and is where the client says nothing (RFC 8011 section 5.2)."""
    return [
        a.integer("copies-default", 1),
        a.int_range("copies-supported", IntRange(1, d.copies_max)),
        a.enum("finishings-default", 3),
        a.enum("finishings-supported", *d.finishings),
        a.keyword("job-hold-until-default", JOB_HOLD_UNTIL[0]),
        a.keyword("job-hold-until-supported", *JOB_HOLD_UNTIL),
        a.integer("job-priority-default", 50),
        a.integer("job-priority-supported", 100),
        a.keyword("job-sheets-default", JOB_SHEETS[0]),
        a.keyword("job-sheets-supported", *JOB_SHEETS),
        a.out_of_band("job-account-id-default", OutOfBand.NO_VALUE),
        a.boolean("job-account-id-supported", True),
        a.out_of_band("job-accounting-user-id-default", OutOfBand.NO_VALUE),
        a.boolean("job-accounting-user-id-supported", True),
        a.keyword("multiple-document-handling-default", MULTIPLE_DOCUMENT_HANDLING[0]),
        a.keyword("multiple-document-handling-supported", *MULTIPLE_DOCUMENT_HANDLING),
        a.integer("number-up-default", 1),
        a.integer("number-up-supported", *d.number_up),
        a.out_of_band("orientation-requested-default", OutOfBand.NO_VALUE),
        a.enum("orientation-requested-supported", *ORIENTATIONS),
        a.keyword("output-bin-default", d.output_bins[0]),
        a.keyword("output-bin-supported", *d.output_bins),
        a.keyword("overrides-supported", "document-number", "pages"),
        a.boolean("page-ranges-supported", True),
        a.keyword("print-color-mode-default", "auto"),
        a.keyword("print-color-mode-supported", *d.print_color_modes),
        a.keyword("print-content-optimize-default", "auto"),
        a.keyword("print-content-optimize-supported", *PRINT_CONTENT_OPTIMIZE),
        a.enum("print-quality-default", 4),
        a.enum("print-quality-supported", *PRINT_QUALITIES),
        a.keyword("print-rendering-intent-default", "auto"),
        a.keyword("print-rendering-intent-supported", *PRINT_RENDERING_INTENTS),
        a.keyword("print-scaling-default", "auto"),
        a.keyword("print-scaling-supported", *PRINT_SCALING),
        a.resolution("printer-resolution-default", d.resolution_default),
        a.resolution("printer-resolution-supported", *d.resolutions),
        a.keyword("sides-default", "one-sided"),
        a.keyword("sides-supported", *d.sides),
        *_media_attributes(d),
        *_password_attributes(d),
    ]


def _media_attributes(d: PrinterDescription) -> list[Attribute]:
    default = MediaSize.parse(d.media_default)
    ready = [MediaSize.parse(name) for name in d.media_ready]
    sizes = [size.media_size() for size in d.media]
    custom = [MediaSize.parse(name) for name in d.media_custom or ()]
    if custom:
        sizes.append(custom_size(custom[0], custom[1]))
    source, type_ = d.media_sources[0], d.media_types[0]
    return [
        a.keyword("media-default", d.media_default),
        a.keyword("media-supported", *(size.name for size in (*d.media, *custom))),
        a.keyword("media-ready", *d.media_ready),
        a.collection("media-col-default", media_col(default, d.margins, source=source, type_=type_)),
        a.collection("media-col-ready", *(media_col(size, d.margins, source=source, type_=type_) for size in ready)),
        a.keyword("media-col-supported", *MEDIA_COL_MEMBERS),
        a.integer("media-bottom-margin-supported", *sorted({0, d.margins.bottom})),
        a.integer("media-left-margin-supported", *sorted({0, d.margins.left})),
        a.integer("media-right-margin-supported", *sorted({0, d.margins.right})),
        a.integer("media-top-margin-supported", *sorted({0, d.margins.top})),
        a.collection("media-size-supported", *sizes),
        a.keyword("media-source-supported", *d.media_sources),
        a.keyword("media-type-supported", *d.media_types),
    ]


def _media_col_database(d: PrinterDescription) -> Attribute:
    entries: list[Collection] = [media_col(size, d.margins) for size in d.media]
    if d.media_custom:
        smallest, largest = (MediaSize.parse(name) for name in d.media_custom)
        entries.append(custom_media_col(smallest, largest, d.margins))
    return a.collection("media-col-database", *entries)


def _password_attributes(d: PrinterDescription) -> list[Attribute]:
    if d.job_passwords is None:
        return []
    return [
        a.integer("job-password-supported", d.job_passwords.length_max),
        a.int_range("job-password-length-supported", IntRange(0, d.job_passwords.length_max)),
        a.keyword("job-password-repertoire-configured", d.job_passwords.repertoire),
        a.keyword("job-password-repertoire-supported", d.job_passwords.repertoire),
        a.keyword("job-password-encryption-supported", *d.job_passwords.encryptions),
    ]


def printer_description_attributes(d: PrinterDescription) -> list[Attribute]:
    """The Printer Description attributes that do not change from request to request."""
    return [
        *_identity(d),
        *_uris(d),
        *_capabilities(d),
        *_raster(d),
        *_supplies(d),
        *_change_time("printer-config-change", d, d.config_changed_at),
    ]


def _identity(d: PrinterDescription) -> list[Attribute]:
    geo = a.uri("printer-geo-location", d.geo_location) if d.geo_location else None
    attributes = [
        a.name_("printer-name", a.clip(d.name, 127)),
        a.text("printer-info", a.clip(d.info, 127)),
        a.name_("printer-dns-sd-name", a.clip(d.info or d.name, 63)),
        a.text("printer-location", a.clip(d.location, 127)),
        geo or a.out_of_band("printer-geo-location", OutOfBand.UNKNOWN),
        a.text("printer-organization", a.clip(d.organization, 127)),
        a.text("printer-organizational-unit", a.clip(d.organizational_unit, 127)),
        a.text("printer-make-and-model", a.clip(d.make_and_model, 127)),
        a.text("printer-device-id", device_id(d)),
        a.uri("printer-uuid", d.uuid.urn),
        a.uri("printer-more-info", d.more_info),
        a.uri("printer-supply-info-uri", d.supply_info_uri or d.more_info),
        a.keyword("printer-kind", "document"),
    ]
    if d.icons:
        attributes.append(a.uri("printer-icons", *d.icons))
    if d.firmware_version:
        attributes.append(a.name_("printer-firmware-name", a.clip(d.manufacturer, 127)))
        attributes.append(a.text("printer-firmware-string-version", a.clip(d.firmware_version, 127)))
    if d.charge_info and d.charge_info_uri:
        attributes.append(a.text("printer-charge-info", a.clip(d.charge_info, 1023)))
        attributes.append(a.uri("printer-charge-info-uri", d.charge_info_uri))
    return attributes


_COMMAND_SETS = {
    "application/pdf": "PDF",
    "image/pwg-raster": "PWGRaster",
    "image/urf": "URF",
    "image/jpeg": "JPEG",
    "application/postscript": "PS",
    "application/vnd.hp-pcl": "PCL",
    "application/vnd.hp-pclxl": "PCLXL",
    "text/plain": "TXT",
}


def device_id(d: PrinterDescription) -> str:
    """printer-device-id: the IEEE 1284 device ID that drivers are matched by (PWG 5107.2)."""
    sets = ",".join(_COMMAND_SETS[name] for name in d.document_formats if name in _COMMAND_SETS)
    fields = {"MFG": d.manufacturer, "MDL": d.make_and_model, "CMD": sets, "CLS": "PRINTER", "DES": d.make_and_model}
    clean = {key: value.replace(";", " ").replace(":", " ") for key, value in fields.items()}
    return a.clip("".join(f"{key}:{value};" for key, value in clean.items()), 1023)


def _uris(d: PrinterDescription) -> list[Attribute]:
    return [
        a.uri("printer-uri-supported", *(way.uri for way in d.uris)),
        a.keyword("uri-security-supported", *(way.security for way in d.uris)),
        a.keyword("uri-authentication-supported", *(way.authentication for way in d.uris)),
        a.collection("printer-xri-supported", *(_xri(way) for way in d.uris)),
    ]


def _xri(way: PrinterUri) -> Collection:
    """RFC 3380 section 6: one way to the printer as one value, where the three sets above go by their order."""
    return Collection(
        [
            a.uri("xri-uri", way.uri),
            a.keyword("xri-security", way.security),
            a.keyword("xri-authentication", way.authentication),
        ]
    )


def _capabilities(d: PrinterDescription) -> list[Attribute]:
    return [
        a.charset("charset-configured", "utf-8"),
        a.charset("charset-supported", "utf-8", "us-ascii"),
        a.language("natural-language-configured", d.language),
        a.language("generated-natural-language-supported", d.language),
        a.keyword("ipp-versions-supported", "1.0", "1.1", "2.0"),
        a.keyword("ipp-features-supported", "ipp-everywhere"),
        a.enum("operations-supported", *d.operations),
        a.keyword("compression-supported", *d.compressions),
        a.mime_type("document-format-supported", *d.document_formats),
        a.mime_type("document-format-default", d.document_format_default),
        a.boolean("color-supported", d.color),
        a.integer("pages-per-minute", d.pages_per_minute),
        # PWG 5100.12: only of printers that print in colour.
        *([a.integer("pages-per-minute-color", d.pages_per_minute_color)] if d.color else []),
        a.keyword("pdl-override-supported", "attempted"),
        a.keyword("identify-actions-default", "display"),
        a.keyword("identify-actions-supported", *d.identify_actions),
        a.keyword("job-creation-attributes-supported", *_creation_attributes(d)),
        a.boolean("job-ids-supported", True),
        a.int_range("job-k-octets-supported", IntRange(0, min(d.job_k_octets_max, _INT_MAX))),
        a.int_range("job-impressions-supported", IntRange(0, _INT_MAX)),
        a.int_range("job-media-sheets-supported", IntRange(0, _INT_MAX)),
        a.boolean("multiple-document-jobs-supported", False),
        a.integer("multiple-operation-time-out", d.multiple_operation_time_out_s),
        a.keyword("multiple-operation-time-out-action", "abort-job"),
        a.boolean("preferred-attributes-supported", False),
        a.keyword("printer-get-attributes-supported", "document-format"),
        a.keyword("which-jobs-supported", "completed", "not-completed", "all"),
    ]


def _creation_attributes(d: PrinterDescription) -> list[str]:
    passwords = {"job-password", "job-password-encryption"}
    return [name for name in JOB_CREATION_ATTRIBUTES if d.job_passwords or name not in passwords]


def _raster(d: PrinterDescription) -> list[Attribute]:
    """PWG raster (PWG 5102.4) and Apple raster, where the queue takes them."""
    attributes = []
    if "image/pwg-raster" in d.document_formats:
        types = ("black_1", "sgray_8", "srgb_8") if d.color else ("black_1", "sgray_8")
        attributes += [
            a.resolution("pwg-raster-document-resolution-supported", *d.resolutions),
            a.keyword("pwg-raster-document-sheet-back", "normal"),
            a.keyword("pwg-raster-document-type-supported", *types),
        ]
    if "image/urf" in d.document_formats:
        resolutions = "-".join(str(one.cross_feed) for one in d.resolutions)
        urf = ["V1.4", "CP255", "IS1-4-5-7", "MT1-2-3-5-6-12", "OB9", "PQ3-4-5", f"RS{resolutions}", "W8"]
        urf += ["SRGB24"] if d.color else []
        urf += ["DM1"] if d.duplex else []
        attributes.append(a.keyword("urf-supported", *urf))
    if "application/pdf" in d.document_formats:
        attributes.append(a.keyword("pdf-versions-supported", "adobe-1.7", "iso-32000-1_2008", "iso-32000-2_2017"))
    return attributes


def _supplies(d: PrinterDescription) -> list[Attribute]:
    if not d.supplies:
        return []
    entries = [
        f"index={index};class=supplyThatIsConsumed;type={supply.type};unit=percent;maxcapacity=100;"
        f"level={supply.level};colorantname={supply.colorant};"
        for index, supply in enumerate(d.supplies, start=1)
    ]
    return [
        a.octets("printer-supply", *(entry.encode() for entry in entries)),
        a.text("printer-supply-description", *(a.clip(supply.description, 255) for supply in d.supplies)),
    ]


def seconds_up(d: PrinterDescription, moment: datetime) -> int:
    """A moment as printer-up-time counts (RFC 8011 section 5.4.29): whole seconds since up_since, at least 1."""
    return min(max(1, int((moment - d.up_since).total_seconds())), _INT_MAX)


def _change_time(name: str, d: PrinterDescription, moment: datetime) -> list[Attribute]:
    return [a.integer(f"{name}-time", seconds_up(d, moment)), a.date_time(f"{name}-date-time", moment)]


def status_attributes(d: PrinterDescription, status: PrinterStatus) -> list[Attribute]:
    """The attributes that are made for each request."""
    attributes = [
        a.enum("printer-state", status.state),
        a.keyword("printer-state-reasons", *(status.state_reasons or ("none",))),
        a.text("printer-state-message", a.clip(status.state_message, 1023)),
        a.boolean("printer-is-accepting-jobs", status.is_accepting_jobs),
        a.integer("queued-job-count", min(status.queued_job_count, _INT_MAX)),
        a.integer("printer-up-time", seconds_up(d, status.now)),
        a.date_time("printer-current-time", status.now),
    ]
    return attributes + _change_time("printer-state-change", d, status.state_changed_at or d.up_since)


DYNAMIC = frozenset(
    {
        "printer-state",
        "printer-state-reasons",
        "printer-state-message",
        "printer-is-accepting-jobs",
        "queued-job-count",
        "printer-up-time",
        "printer-current-time",
        "printer-state-change-time",
        "printer-state-change-date-time",
    }
)
"""The names of `status_attributes`."""
