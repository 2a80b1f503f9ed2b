"""QR codes (ISO/IEC 18004) as one path of an SVG."""

from __future__ import annotations

from dataclasses import dataclass

QUIET = 4
"""Modules around a code that stay empty (ISO/IEC 18004 section 5.3.8)."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """Of `modules` x `modules`, its quiet zone included; `path` draws the dark ones."""

    modules: int
    path: str


def qr_code(text: str) -> QrCode:
    """A code that says this; up to 15% of it may be worn or dirty (level M)."""
    import segno  # only where a label is made

    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    parts = []
    for y, row in enumerate(matrix, QUIET):
        start = None
        for x, dark in enumerate([*row, 0], QUIET):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return QrCode(len(matrix) + 2 * QUIET, "".join(parts))
