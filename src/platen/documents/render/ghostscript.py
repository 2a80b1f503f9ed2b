"""What to ask of Ghostscript, for whoever may start a program, and what its answers mean.

PostScript is a language: only running it shows its pages. Ghostscript runs it without files, with bounded memory and
on paper of bounded size; the caller adds bounds on time, on the output and on the process (see
`platen.services.analysis`). The document goes to its standard input, the answer comes from its standard output;
what the document itself prints goes to standard error.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from platen.documents.facts import COVERAGE_MAX, Coverage

PROGRAM = "gs"

_MEMORY_KB = 512 * 1024
_BOX_PX_MAX = 2048
_COVERAGE_DPI = 72
_SAFELY = (
    "-dSAFER",  # no files but fonts and its own
    "-dBATCH",
    "-dNOPAUSE",
    "-dNOPROMPT",
    "-dNOINTERPOLATE",
    "-dQUIET",
    "-sstdout=%stderr",  # so that a document cannot put words into the answer
    f"-K{_MEMORY_KB}",
)
# Red, green and blue become inks by the rule that holds for every format (see `coverage`), not by a profile.
_PLAIN_INKS = (
    "-dUseFastColor=true",
    "-c",
    "<</Install {{} bind setblackgeneration {} bind setundercolorremoval} bind>> setpagedevice",
    "-f",
)
_NUMBER = rb"[ \t]+(\d{1,9}(?:\.\d{1,9})?)"
# From ten percent on nothing stands in front of the first number.
_INKS = re.compile(rb"^" + _NUMBER.replace(b"+", b"*", 1) + _NUMBER * 3 + rb"[ \t]+CMYK OK[ \t]*$", re.MULTILINE)


def preview_arguments(box_px: tuple[int, int]) -> list[str]:
    """A PNG of the first page, scaled to fit into a picture of this width and height.

    The page is still run to its end: the time that this takes is the caller's to bound.
    """
    width, height = (max(1, min(edge, _BOX_PX_MAX)) for edge in box_px)
    return [
        PROGRAM,
        *_SAFELY,
        "-sDEVICE=png16m",
        "-dTextAlphaBits=4",
        "-dGraphicsAlphaBits=4",
        "-dFirstPage=1",
        "-dLastPage=1",
        f"-g{width}x{height}",
        "-dFIXEDMEDIA",
        "-dPSFitPage",
        "-sOutputFile=%stdout",
        "-",
    ]


def coverage_arguments(pages_max: int) -> list[str]:
    """How much of each ink every page takes, one line a page; read them with `coverages_in`."""
    return [
        PROGRAM,
        *_SAFELY,
        "-sDEVICE=ink_cov",
        f"-r{_COVERAGE_DPI}",
        "-dFirstPage=1",
        f"-dLastPage={max(1, pages_max)}",
        "-sOutputFile=/dev/stdout",
        *_PLAIN_INKS,
        "-",
    ]


def coverages_in(output: bytes) -> Iterator[Coverage]:
    """The coverage of each page that the device ink_cov wrote, in percent x 100; other lines are passed over."""
    for match in _INKS.finditer(output):
        cyan, magenta, yellow, black = (_hundredths(percent) for percent in match.groups())
        yield (cyan, magenta, yellow, black)


def _hundredths(percent: bytes) -> int:
    return min(COVERAGE_MAX, math.floor(float(percent) * 100 + 0.5))
