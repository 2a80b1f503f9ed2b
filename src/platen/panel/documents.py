"""A person's documents: what to print, how often, what to keep and what to throw away."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import may_see_first_page
from platen.panel import cookies
from platen.panel.at_panel import SignedIn, signed_in
from platen.panel.job_codes import ask_codes
from platen.panel.rows import Row, rows_of, total_of
from platen.panel.sign_in import printing_address
from platen.printing.errors import NotChangeable
from platen.printing.node_spool import node_spool
from platen.printing.print_all import left_out_at
from platen.printing.release import COPIES_MAX, Wish, release_jobs
from platen.printing.services import cancel_job, set_retained
from platen.services.analysis.previews import node_previews
from platen.tenants.queries import current_policy

ROWS_A_PAGE = 4
ID_DIGITS_MAX = 18


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def documents(request: HttpRequest, panel: SignedIn) -> HttpResponse:
    """The list; turning its pages posts the selection along.

    Everything is selected at first, except for somebody who may not print all at once: they choose one by one.
    """
    message = _("Your PIN is changed.") if request.GET.get("pin") == "changed" else ""
    return _list(request, panel, message)


def _list(request: HttpRequest, panel: SignedIn, message: str = "", status: int = 200) -> HttpResponse:
    rows = rows_of(panel, cookies.copies_wanted(request))
    selected = _selected(request, rows, may_select_all=panel.user.print_all_allowed)
    pages = [rows[at : at + ROWS_A_PAGE] for at in range(0, len(rows), ROWS_A_PAGE)] or [[]]
    number = min(max(_number(request.POST.get("page", "1"), 1), 1), len(pages))
    shown = pages[number - 1]
    context = {
        "panel": panel,
        "rows": shown,
        "selected": selected,
        "may_select_all": panel.user.print_all_allowed,
        "elsewhere": [row for row in rows if row not in shown and row.job.id in selected],
        "total": total_of([row for row in rows if row.job.id in selected]),
        "everything": total_of(rows),
        "page": number,
        "pages": len(pages),
        "left_out": _left_out(panel, len(rows)),
        "message": message,
        "good": status == 200,
        "pin_change_allowed": current_policy().pin_change_allowed,
    }
    return render(request, "panel/documents.html", context, status=status)


def _left_out(panel: SignedIn, offered: int) -> str:
    count = left_out_at(panel.user, offered)
    if not count:
        return ""
    text = ngettext("%(count)d document cannot be printed here", "%(count)d documents cannot be printed here", count)
    return text % {"count": count}


def _selected(request: HttpRequest, rows: Sequence[Row], *, may_select_all: bool) -> set[int]:
    everything = {row.job.id for row in rows}
    choice = request.POST.get("select", "")
    if request.method != "POST" or choice == "all":
        return everything if may_select_all else set()
    return set() if choice == "none" else everything & set(_ids(request))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, panel: SignedIn, job_id: int) -> HttpResponse:
    """One document: copies, keeping it."""
    copies = cookies.copies_wanted(request)
    row = next((each for each in rows_of(panel, copies) if each.job.id == job_id), None)
    if row is None:
        return HttpResponseRedirect(panel.address("documents"))
    may_keep = panel.user.retain_allowed and current_policy().retain_allowed
    if request.method == "POST":
        response = HttpResponseRedirect(panel.address("change", job_id))
        if "copies" in request.POST:
            wanted = min(max(_number(request.POST["copies"], row.copies), 1), COPIES_MAX)
            cookies.keep_copies(request, response, {**copies, job_id: wanted})
        elif may_keep and request.POST.get("keep") in {"yes", "no"}:
            set_retained(row.job, request.POST["keep"] == "yes")
        return response
    context = {"panel": panel, "row": row, "may_keep": may_keep, "copies_max": COPIES_MAX}
    context["shows_first_page"] = may_see_first_page(
        panel.user, current_policy(), row.job.owner_id, needs_code=row.job.needs_code
    )
    return render(request, "panel/change.html", context)


@require_safe
@signed_in
def first_page(request: HttpRequest, panel: SignedIn, job_id: int) -> HttpResponse:
    """What one of the person's documents looks like, as a picture."""
    row = next((each for each in rows_of(panel, {}) if each.job.id == job_id), None)
    if row is None or not may_see_first_page(
        panel.user, current_policy(), row.job.owner_id, needs_code=row.job.needs_code
    ):
        raise Http404
    picture = node_previews.first_page_of(row.job)
    return HttpResponse(picture.octets, content_type=picture.media_type)


@require_POST
@signed_in
def delete(request: HttpRequest, panel: SignedIn) -> HttpResponse:
    """Throw documents away, once it was said that it is meant."""
    wanted = set(_ids(request))
    rows = [row for row in rows_of(panel, {}) if row.job.id in wanted]
    if not rows:
        return _list(request, panel, _("Select what to delete first."), 400)
    if request.POST.get("sure") != "yes":
        return render(request, "panel/delete.html", {"panel": panel, "rows": rows})
    for row in rows:
        try:
            cancel_job(node_spool(), row.job, by=panel.actor)
        except NotChangeable:
            continue  # gone already: deleted elsewhere, or its time was over
    return HttpResponseRedirect(panel.address("documents"))


@require_POST
@signed_in
def release(request: HttpRequest, panel: SignedIn) -> HttpResponse:
    """Print what is selected."""
    wanted = set(_ids(request))
    if not wanted:
        return _list(request, panel, _("Select what to print first."), 400)
    rows = [row for row in rows_of(panel, {}) if row.job.id in wanted]
    codes = ask_codes(request, panel, rows)
    if isinstance(codes, HttpResponse):
        return codes
    rows = [row for row in rows if row.job.id not in codes.left_out]
    wanted -= codes.left_out
    if not wanted:
        return HttpResponseRedirect(panel.address("documents"))
    return _print(request, panel, rows, len(wanted), codes.opened)


def _print(
    request: HttpRequest, panel: SignedIn, rows: Sequence[Row], wanted: int, opened: frozenset[int]
) -> HttpResponse:
    copies = cookies.copies_wanted(request)
    wishes = [
        Wish(
            job_id=row.job.id,
            copies=copies.get(row.job.id),
            keep=row.job.retained,
            opened=row.job.id in opened,
        )
        for row in rows
    ]
    released = release_jobs(wishes, device=panel.device, user=panel.user)
    gone = wanted - len(wishes)
    if not released.delivery_ids:
        why = next(iter(released.refused.values()), _("This was printed or deleted elsewhere a moment ago."))
        return _list(request, panel, why, 409)
    response = HttpResponseRedirect(printing_address(panel, released.delivery_ids, len(released.refused) + gone))
    cookies.forget(response, cookies.COPIES, cookies.STEP)
    return response


def _ids(request: HttpRequest) -> list[int]:
    numbers = (_number(value, 0, digits_max=ID_DIGITS_MAX) for value in request.POST.getlist("job"))
    return [number for number in numbers if number]


def _number(text: str, default: int, digits_max: int = 8) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits_max else default
