"""Documents that need a code to be printed: one page after the other asks for it, before anything is released."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from platen.access.outcomes import Locked, Throttled
from platen.panel import cookies
from platen.panel.at_panel import SignedIn, signed_out
from platen.panel.rows import Row
from platen.panel.start import start_page
from platen.printing.job_passwords import CodeAnswer, Verdict, try_code

CODE_LENGTH_MAX = 32
ID_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class Codes:
    """Documents whose codes were right, and those that the person rather leaves."""

    opened: frozenset[int]
    left_out: frozenset[int]


def ask_codes(request: HttpRequest, panel: SignedIn, rows: Sequence[Row]) -> Codes | HttpResponse:
    """What the codes opened once every document has its code or is left out; until then the page that asks."""
    opened = cookies.jobs_opened(request, panel.device.id, panel.user.id, panel.now)
    left_out = frozenset(int(each) for each in request.POST.getlist("skip") if _is_number(each))
    error = ""
    asked = next((row for row in rows if str(row.job.id) == request.POST.get("code_of")), None)
    if asked is not None and asked.job.id not in left_out:
        answer = try_code(
            asked.job,
            request.POST.get("digits", "")[:CODE_LENGTH_MAX],
            user=panel.user,
            device=panel.device,
            now=panel.now,
        )
        if answer.verdict is Verdict.LOCKED:
            return signed_out(request, panel, start_page(request, panel, Locked().message, 403))
        if answer.verdict is Verdict.RIGHT:
            opened |= {asked.job.id}
        else:
            error = _what_is_wrong(answer)
    closed = [row for row in rows if row.job.needs_code and row.job.id not in opened | left_out]
    if not closed:
        return Codes(opened, left_out)
    context = {"panel": panel, "row": closed[0], "rows": rows, "left_out": left_out, "error": error}
    response = render(request, "panel/job_code.html", context, status=403 if error else 200)
    step = cookies.OpenedJobs.of(panel.user.id, opened)
    cookies.keep_step(request, response, panel.device.id, step, panel.now)
    return response


def _what_is_wrong(answer: CodeAnswer) -> str:
    if answer.verdict is Verdict.WAIT:
        return Throttled(answer.wait_s).message
    if answer.attempts_left is None:
        return _("This code is not right. Try again.")
    return _("This code is not right. Attempts left: %(count)d.") % {"count": answer.attempts_left}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= ID_DIGITS_MAX
