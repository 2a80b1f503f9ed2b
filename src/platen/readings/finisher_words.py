"""What finishers are and can do, as keywords (IANA-FINISHER-MIB, RFC 3806 section 5.7).

IPP took FinDeviceTypeTC over and writes its labels as they are (PWG 5100.1); they become keywords as all labels do.
"""

from __future__ import annotations

from collections.abc import Mapping


def _from(first: int, labels: str) -> dict[int, str]:
    """The labels, divided by spaces, numbered from `first`; "-" leaves a number out."""
    return {number: label for number, label in enumerate(labels.split(), first) if label != "-"}


FINISHER_KINDS = _from(
    1,
    "other unknown stitcher folder binder trimmer die-cutter puncher perforater slitter separation-cutter imprinter "
    "wrapper bander make-envelope stacker sheet-rotator inserter",
)
"""FinDeviceTypeTC."""
INSERTER = 18

PRESENCE = {3: "on", 4: "off", 5: "not-present"}
"""PresentOnOff; 1 is other."""
NOT_PRESENT = 5

DEVICE_NAME, VENDOR_NAME, MODEL, VERSION, SERIAL_NUMBER, CONFIGURATION = 3, 4, 5, 6, 7, 16
"""FinAttributeTypeTC whose values are texts."""
TEXTS = frozenset({DEVICE_NAME, VENDOR_NAME, MODEL, VERSION, SERIAL_NUMBER, CONFIGURATION})

COUNTS: Mapping[int, str] = {8: "maximum-sheets", 15: "positions"}
"""FinAttributeTypeTC whose values are numbers."""

_EDGES = _from(3, "top-edge bottom-edge left-edge right-edge")
_PRESENT = {3: "on", 4: "off"}
CHOICES: Mapping[int, tuple[str, Mapping[int, str]]] = {
    10: ("reference-edge", _EDGES),
    12: ("jog-edge", _EDGES),
    30: (
        "stitching",
        _from(
            4,
            "staple-top-left staple-bottom-left staple-top-right staple-bottom-right saddle-stitch edge-stitch "
            "staple-dual",
        ),
    ),
    31: ("stitching-direction", _from(3, "top-down bottom-up")),
    40: ("folding", _from(3, "z-fold half-fold letter-fold")),
    50: ("binding", _from(4, "tape plastic velo perfect spiral adhesive comb padding")),
    80: ("punch-hole", _from(3, "round oblong square rectangular star")),
    83: (
        "punch-pattern",
        _from(
            4,
            "two-hole-us-top three-hole-us two-hole-din four-hole-din twenty-two-hole-us nineteen-hole-us "
            "two-hole-metric swedish-4-hole two-hole-us-side five-hole-us seven-hole-us mixed-7h-4s norweg-6-hole "
            "metric-26-hole metric-30-hole",
        ),
    ),
    100: ("slitting", _from(4, "slit-and-separate slit-and-merge")),
    130: ("wrapping", _from(4, "shrink-wrap paper-wrap")),
    160: ("stacking", _from(4, "straight offset criss-cross")),
    162: ("stack-rotation", _PRESENT),
}
"""FinAttributeTypeTC whose values are enumerations, by number the name of the attribute and its values."""
