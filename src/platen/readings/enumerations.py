"""Numbers of the textual conventions as keywords (IANA-PRINTER-MIB, RFC 3805, RFC 2790, RFC 3806).

IPP took the same enumerations over and writes their labels with hyphens (PWG 5100.9, PWG 5100.13); so do we.
"""

from __future__ import annotations

from platen.readings.facts import AlertSeverity, Training


def _from(first: int, labels: str) -> dict[int, str]:
    """The labels, divided by spaces, numbered from `first`; "-" leaves a number out."""
    return {number: label for number, label in enumerate(labels.split(), first) if label != "-"}


SUPPLY_TYPES = _from(
    1,
    "other unknown toner waste-toner ink ink-cartridge ink-ribbon waste-ink opc developer fuser-oil solid-wax "
    "ribbon-wax waste-wax fuser corona-wire fuser-oil-wick cleaner-unit fuser-cleaning-pad transfer-unit "
    "toner-cartridge fuser-oiler water waste-water glue-water-additive waste-paper binding-supply banding-supply "
    "stitching-wire shrink-wrap paper-wrap staples inserts covers matte-toner matte-ink",
)
"""PrtMarkerSuppliesTypeTC."""

SUPPLY_RECEPTACLE = 4
"""PrtMarkerSuppliesClassTC; 3 is a supply that is consumed, 1 other."""

UNITS = _from(
    1,
    "other unknown ten-thousandths-of-inches micrometers characters lines impressions sheets dot-row - hours "
    "thousandths-of-ounces tenths-of-grams hundredths-of-fluid-ounces tenths-of-milliliters feet meters items percent",
)
"""PrtMarkerSuppliesSupplyUnitTC, PrtCapacityUnitTC and PrtMarkerCounterUnitTC, which agree where they overlap."""

UNIT_INCHES, UNIT_MICROMETERS = 3, 4
"""PrtMediaUnitTC: ten thousandths of inches, micrometres."""

SEVERITIES = {
    1: AlertSeverity.OTHER,
    3: AlertSeverity.CRITICAL,
    4: AlertSeverity.WARNING,
    5: AlertSeverity.WARNING_BINARY,
}
"""PrtAlertSeverityLevelTC."""

TRAININGS = dict(enumerate(Training, 1))
"""PrtAlertTrainingLevelTC, whose numbers follow the order of `Training`."""

ALERT_GROUPS = _from(
    1,
    "other unknown host-resources-storage host-resources-device general-printer cover localization input output "
    "marker marker-supplies marker-colorant media-path channel interpreter console-display-buffer console-lights alert",
) | _from(30, "fin-device fin-supply fin-supply-media-input fin-attribute")
"""PrtAlertGroupTC."""

CONSOLE_COLORS = _from(1, "other unknown white red green blue cyan magenta yellow orange")
"""PrtConsoleColorTC."""

MEDIA_PATH_DUPLEX = frozenset({3, 4})
"""PrtMediaPathTypeTC: longEdgeBindingDuplex, shortEdgeBindingDuplex; 5 is simplex."""

_GENERIC_CODES = _from(
    3,
    "cover-open cover-closed interlock-open interlock-closed configuration-change jam subunit-missing "
    "subunit-life-almost-over subunit-life-over subunit-almost-empty subunit-empty subunit-almost-full subunit-full "
    "subunit-near-limit subunit-at-limit subunit-opened subunit-closed subunit-turned-on subunit-turned-off "
    "subunit-offline subunit-power-saver subunit-warming-up subunit-added subunit-removed subunit-resource-added "
    "subunit-resource-removed subunit-recoverable-failure subunit-unrecoverable-failure "
    "subunit-recoverable-storage-error subunit-unrecoverable-storage-error subunit-motor-failure "
    "subunit-memory-exhausted subunit-under-temperature subunit-over-temperature subunit-timing-failure "
    "subunit-thermistor-failure",
)
# A finisher's codes are 30000, plus a hundred for its kind, plus the generic code.
_FINISHERS = _from(
    2,
    "stapler stitcher folder binder trimmer die-cutter puncher perforater slitter separation-cutter imprinter wrapper "
    "bander make-envelope stacker sheet-rotator inserter",
)

ALERT_CODES = (
    _from(1, "other unknown")
    | _GENERIC_CODES
    | _from(501, "door-open door-closed power-up power-down printer-nms-reset printer-manual-reset")
    | {507: "printer-ready-to-print"}
    | _from(
        801,
        "input-media-tray-missing input-media-size-change input-media-weight-change input-media-type-change "
        "input-media-color-change input-media-form-parts-change input-media-supply-low input-media-supply-empty "
        "input-media-change-request input-manual-input-request input-tray-position-failure "
        "input-tray-elevation-failure input-cannot-feed-size-selected",
    )
    | _from(
        901,
        "output-media-tray-missing output-media-tray-almost-full output-media-tray-full output-mailbox-select-failure",
    )
    | _from(
        1001,
        "marker-fuser-under-temperature marker-fuser-over-temperature marker-fuser-timing-failure "
        "marker-fuser-thermistor-failure marker-adjusting-print-quality",
    )
    | _from(
        1101,
        "marker-toner-empty marker-ink-empty marker-print-ribbon-empty marker-toner-almost-empty "
        "marker-ink-almost-empty marker-print-ribbon-almost-empty marker-waste-toner-receptacle-almost-full "
        "marker-waste-ink-receptacle-almost-full marker-waste-toner-receptacle-full marker-waste-ink-receptacle-full "
        "marker-opc-life-almost-over marker-opc-life-over marker-developer-almost-empty marker-developer-empty "
        "marker-toner-cartridge-missing",
    )
    | _from(
        1301,
        "media-path-media-tray-missing media-path-media-tray-almost-full media-path-media-tray-full "
        "media-path-cannot-duplex-media-selected",
    )
    | _from(
        1501,
        "interpreter-memory-increase interpreter-memory-decrease interpreter-cartridge-added "
        "interpreter-cartridge-deleted interpreter-resource-added interpreter-resource-deleted "
        "interpreter-resource-unavailable - interpreter-complex-page-encountered",
    )
    | {1801: "alert-removal-of-binary-change-entry"}
    | {
        30_000 + 100 * kind + code: f"{name}-{label.removeprefix('subunit-')}"
        for kind, name in _FINISHERS.items()
        for code, label in _GENERIC_CODES.items()
    }
)
"""PrtAlertCodeTC."""

SUPPLY_ALERTS_LOW = frozenset(
    {"subunit-almost-empty", "subunit-life-almost-over", "subunit-almost-full", "subunit-near-limit"}
    | {label for label in ALERT_CODES.values() if label.startswith("marker-") and "-almost-" in label}
)
SUPPLY_ALERTS_EMPTY = frozenset(
    {"subunit-empty", "subunit-life-over", "subunit-full", "subunit-at-limit"}
    | {
        label
        for label in ALERT_CODES.values()
        if label.startswith("marker-") and "-almost-" not in label and label.endswith(("-empty", "-full", "-life-over"))
    }
)
"""Codes that say of a supply without a measured level how it stands."""

ERROR_STATE_REASONS = (
    "media-low",
    "media-empty",
    "toner-low",
    "toner-empty",
    "door-open",
    "media-jam",
    "offline",
    "service-requested",
    "input-tray-missing",
    "output-tray-missing",
    "marker-supply-missing",
    "output-area-almost-full",
    "output-area-full",
    "input-tray-empty",
    "maintenance-overdue",
)
"""Bits of hrPrinterDetectedErrorState from the most significant on (RFC 2790), as printer-state-reasons."""
