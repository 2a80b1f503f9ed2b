"""A job in ESC/P or ESC/P2: pages by form feeds, and by running off the end of a page.

Lines too long for the paper wrap on a printer; that is not followed here.
"""

from __future__ import annotations

import re

from platen.documents import garbage
from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.escp.printer import Printer
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.documents.soundness import Soundness
from platen.documents.source import Data

# A form feed in front of what begins a page or ends a job: in pictures the three octets are rare.
_RESET = b"\x1b@"
_PAGE_END = re.compile(rb"\f(?=\x1b[@(]|[\r\n]*\Z)")


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read ESC/P from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    soundness = Soundness(draft, start)
    draft.pages_known = True
    printer = Printer(data, draft, options)
    position, stop, is_over = start, len(data), False
    while position < stop and not printer.sheet.stopped and not printer.is_exhausted:
        escape = data.find(b"\x1b", position)
        end = escape if escape >= 0 else stop
        text_end = position if is_over and _is_no_text(data, position, end) else _text_end(data, position, end)
        if not soundness.take(data, position, text_end):
            soundness.give_up()
            return garbage.next_exit(data, position)
        printer.text(position, text_end)
        if text_end < end:
            draft.problem(garbage.SENTENCE)
            position = garbage.next_exit(data, text_end)
            break
        if escape < 0 or data[escape : escape + len(UEL)] == UEL:
            position = end
            break
        position = printer.command(escape)
        # After a reset behind its pages a job may go on, but not with signs that nobody wrote.
        is_reset = data[escape : escape + len(_RESET)] == _RESET and draft.pages > 0
        is_over = (is_over or is_reset) and not printer.sheet.is_marked
    if printer.is_exhausted:
        draft.weaken(PagesBasis.ESTIMATED)
        draft.problem("The job is too long to be followed to its end; the rest was searched for form feeds only.")
        for _ in _PAGE_END.finditer(data, position):
            printer.sheet.form_feed()
        position = stop
    if position > stop:
        draft.problem("The job ends in the middle of a command: it was cut off.")
    elif position == stop and _is_unfinished(printer):
        draft.problem(
            "The job ends within a page, without a form feed or a reset: it was cut off, or its end is missing."
        )
    printer.sheet.finish()
    return min(position, stop)


def _is_no_text(data: Data, position: int, end: int) -> bool:
    return garbage.is_garbage(data, position, end) or garbage.is_binary(data, position, end)


def _text_end(data: Data, position: int, end: int) -> int:
    """Where text ends that goes over into what nobody wrote, behind a form feed; else `end`."""
    never_written = garbage.NEVER_WRITTEN.search(data, position, end)
    feed = data.rfind(b"\f", position, never_written.start()) if never_written else -1
    return feed + 1 if feed >= 0 and garbage.is_binary(data, feed + 1, end) else end


def _is_unfinished(printer: Printer) -> bool:
    """Whether a job that fed its pages, or draws as drivers do, leaves one within. Text alone may end anywhere."""
    sheet = printer.sheet
    return sheet.is_marked and not sheet.was_reset and (sheet.was_fed or printer.draws)
