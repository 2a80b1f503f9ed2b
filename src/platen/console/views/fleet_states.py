"""How much of the time the fleet was ready, in trouble, off or silent; who most of all (EMC-REPT-09)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_safe

from platen.access.rights import Right
from platen.console.downloads import table_download
from platen.console.guard import needs
from platen.console.lookup import number_in
from platen.console.state_words import STATE_WORDS, percent_of, share_parts, share_strip
from platen.fleet.reports import Wish, report
from platen.fleet.state_shares import CHOICES, STATES
from platen.fleet.state_summaries import DAYS, shares_of_days

CHOICE_WORDS = {
    "service": noop("Service calls"),
    "error": noop("Errors and worse"),
    "warning": noop("Warnings and worse"),
    "off": noop("Off or silent"),
    "silent": noop("Silent"),
}


@needs(Right.SEE_DEVICES)
@require_safe
def fleet_states(request: HttpRequest) -> HttpResponse:
    """The fleet as shares of time, and the devices that were longest in what is chosen."""
    days, choice = _days(request), request.GET.get("of", "")
    choice = choice if choice in CHOICES else "error"
    now = timezone.now()
    shares = shares_of_days(days, now, choice)
    context = {
        "days": days,
        "days_offered": DAYS,
        "choice": choice,
        "choices": [(name, _(words)) for name, words in CHOICE_WORDS.items()],
        "summed_at": None if shares.at == now else shares.at,
        "parts": share_parts(shares.whole),
        "strip": share_strip(shares.whole),
        "is_known": shares.whole.all_s > 0,
        "rows": [
            (machine, percent_of(each, *CHOICES[choice]), [percent_of(each, state) for state in STATES])
            for machine, each in shares.longest
        ],
        "heads": [_(STATE_WORDS[state][0]) for state in STATES],
    }
    return render(request, "console/fleet/states.html", context)


@needs(Right.SEE_DEVICES, Right.EXPORT)
@require_safe
def fleet_states_export(request: HttpRequest) -> HttpResponse:
    """The shares of every managed device."""
    table = report(Wish("shares", days=_days(request)))
    name = f"shares-of-time-{timezone.localdate().isoformat()}"
    return table_download(request, name, table.head, table.rows)


def _days(request: HttpRequest) -> int:
    days = number_in(request, "days")
    return days if days in DAYS else 30
