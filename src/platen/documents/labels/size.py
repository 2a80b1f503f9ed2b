"""Sizes of labels that are given in dots."""

from __future__ import annotations

from platen.documents.draft import Draft

DOTS_PER_MM = 8.0  # 203 dots an inch, what most label printers have; the languages do not say it
_MM_MAX = 20_000.0


def size_of_dots(draft: Draft, width_dots: float, length_dots: float, dots_per_mm: float) -> tuple[float, float] | None:
    """Millimetres of a label; None where one measure is not given. Says that the resolution was assumed."""
    if width_dots <= 0 or length_dots <= 0:
        return None
    width_mm, length_mm = width_dots / dots_per_mm, length_dots / dots_per_mm
    if max(width_mm, length_mm) > _MM_MAX:
        return None
    draft.problem(
        "The size of the labels is given in dots and was worked out for a printer with 203 dots an inch; "
        "the file does not say what the printer has."
    )
    return width_mm, length_mm
