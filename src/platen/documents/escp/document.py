"""A job in ESC/P or ESC/P2: pages by form feeds, and by running off the end of a page.

Lines too long for the paper wrap on a printer; that is not followed here.
"""

from __future__ import annotations

import re

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.escp.printer import Printer
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.source import Data


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read ESC/P from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    draft.pages_known = True
    printer = Printer(data, draft, options)
    position, stop = start, len(data)
    while position < stop and not printer.sheet.stopped and not printer.is_exhausted:
        escape = data.find(b"\x1b", position)
        end = escape if escape >= 0 else stop
        printer.text(position, end)
        if escape < 0 or data[escape : escape + len(UEL)] == UEL:
            position = end
            break
        position = printer.command(escape)
    if printer.is_exhausted:
        draft.weaken(PagesBasis.ESTIMATED)
        draft.problem("The job is too long to be followed to its end; the rest was searched for form feeds only.")
        for _ in re.finditer(rb"\f(?=\x1b|[\r\n]*\Z)", data[position:]):
            printer.sheet.form_feed()
        position = stop
    printer.sheet.finish()
    return min(position, stop)
