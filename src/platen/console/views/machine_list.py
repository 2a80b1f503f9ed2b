"""The list of devices: every column, any order, typed text and conditions, saved views, exports of what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platen.access.rights import Right, allowed, may_name_credentials
from platen.console.condition_words import choices_in_words
from platen.console.downloads import table_download
from platen.console.guard import actor, needs, person
from platen.console.kept_list import keep_filter
from platen.console.list_address import ListAddress, conditions_in, csv_row, from_view, label_of, parse_list
from platen.console.lookup import found
from platen.console.machine_cells import row_html
from platen.console.machine_columns import COLUMNS, Column, Row, export_values
from platen.fleet.adopting import adopt_newest
from platen.fleet.collectors import all_collectors
from platen.fleet.due import BY_HAND, is_read_now
from platen.fleet.errors import FleetError
from platen.fleet.lists import PAGE_MAX, MachinePage, count_machines, first_page_and_count, page_of_machines
from platen.fleet.models import Machine, SavedView
from platen.fleet.queries_rows import own_view, saved_views, supplies_of_machines, view_by_id
from platen.fleet.saved_views import keep_as_own, remove_view, save_view
from platen.fleet.table_files import FORMATS
from platen.policy.fleet.conditions import ITEMS, OPERATORS, WITHOUT_VALUES, Kind
from platen.tracking.schemes import tariffs_of

PAGE_SIZE = 50
EXPORT_ROWS_MAX = 100_000
WIDE_COLUMNS = 9
COUNT_MAX = 10_000


@needs(Right.SEE_DEVICES)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """The list."""
    adopt_newest(timezone.now())
    address = _address(request)
    keep_filter(request, address)
    if address.after:
        page = page_of_machines(address.listing, address.after, size=PAGE_SIZE)
        total = count_machines(address.listing, COUNT_MAX + 1)
    else:
        page, total = first_page_and_count(address.listing, size=PAGE_SIZE, most=COUNT_MAX + 1)
    context: dict[str, object] = {
        "list": address,
        "heads": _heads(address),
        "rows": [(row, row_html(row, address.columns)) for row in _rows(request, page)],
        "page": page,
        "next": address.query(after=page.after) if page.after else "",
        "total": min(total, COUNT_MAX),
        "is_more": total > COUNT_MAX,
        "is_wide": len(address.columns) > WIDE_COLUMNS,
        "chips": _chips(address),
        "is_read_now": any(is_read_now(machine, BY_HAND) for machine in page.machines),
    }
    if request.headers.get("HX-Target") == "rows":
        return render(request, "console/devices/rows.html", context)
    views = saved_views(person(request).id)
    context |= {
        "views": [(view, from_view(view.query).query()) for view in views],
        "current_view": _current(views, address),
        "items": ITEMS.values(),
        "columns": [
            (column, column.name in address.columns) for column in _columns(request).values() if column.name != "name"
        ],
        "kept_for_text": _hidden(address, text=""),
        "formats": FORMATS,
    }
    return render(request, "console/devices/list.html", context)


@needs(Right.SEE_DEVICES, Right.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Exactly what the list shows, all of its pages: as CSV, text with tabs or a workbook (EMC-EXP-04)."""
    address = _address(request)
    head = [COLUMNS[name].title for name in address.columns]
    lines = (export_values(row, address.columns) for row in _every_row(request, address))
    return table_download(request, f"devices-{timezone.localdate().isoformat()}", head, lines)


@needs(Right.SEE_DEVICES)
@require_safe
def signs(request: HttpRequest) -> HttpResponse:
    """The counters of the head and the icon of the tab, anew (EMC-UI-01, -02)."""
    return render(request, "console/fleet_signs.html")


@needs(Right.SEE_DEVICES)
@require_safe
def condition(request: HttpRequest) -> HttpResponse:
    """The operators and values of an item, for the form that adds a filter."""
    item = ITEMS.get(request.GET.get("item", ""), next(iter(ITEMS.values())))
    choices = choices_in_words(item.name)
    if item.name == "collector":
        choices = [(each.name, each.name) for each in all_collectors()]
    context = {"item": item, "operators": _operators(item.kind), "choices": choices}
    return render(request, "console/devices/condition.html", context)


@needs(Right.SEE_DEVICES)
@require_safe
def narrow(request: HttpRequest) -> HttpResponse:
    """Add a condition to a list, and go there. A condition that cannot be used is said on the list."""
    address = _address(request)
    values = [line.strip() for text in request.GET.getlist("values") for line in text.splitlines() if line.strip()]
    row = [request.GET.get("item", ""), request.GET.get("op", ""), *values]
    conditions, problem = conditions_in([csv_row(row)])
    if problem:
        messages.error(request, problem)
    query = address.query(conditions=tuple(dict.fromkeys((*address.conditions, *conditions))))
    return HttpResponseRedirect(f"{reverse('console:devices')}?{query}")


@needs(Right.SEE_DEVICES)
@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Which columns the person sees from now on, and in which order the list is for them (EMC-DLST-01)."""
    address = parse_list(request.GET)
    chosen = [name for name in request.POST.getlist("column") if name in _columns(request)]
    own = {"cols": ["name", *chosen], "order": address.order}
    keep_as_own(own, by=actor(request), owner_id=person(request).id)
    query = parse_list(request.GET, own).query(columns=("name", *chosen) if chosen else ())
    return HttpResponseRedirect(f"{reverse('console:devices')}?{query}")


@needs(Right.SEE_DEVICES)
@require_POST
def view_add(request: HttpRequest) -> HttpResponse:
    """Keep the list under a name (EMC-DLST-07): for oneself, or for everybody where one may change devices."""
    address = _address(request)
    for_all = request.POST.get("for_all") == "on" and _keeps_for_all(request)
    try:
        save_view(
            request.POST.get("name", ""),
            address.kept(),
            by=actor(request),
            owner_id=None if for_all else person(request).id,
            pinned=request.POST.get("pinned") == "on",
        )
    except FleetError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The view was saved."))
    return HttpResponseRedirect(f"{reverse('console:devices')}?{address.query()}")


@needs(Right.SEE_DEVICES)
@require_POST
def view_remove(request: HttpRequest, view_id: int) -> HttpResponse:
    """Remove a saved view: one's own, or everybody's where one may change devices."""
    view = found(view_by_id(view_id, person(request).id))
    if view.owner_id is None and not _keeps_for_all(request):
        messages.error(request, _("This view is everybody's: an administrator can remove it."))
    else:
        remove_view(view, by=actor(request))
        messages.success(request, _("The view was removed. Its devices stay."))
    return HttpResponseRedirect(reverse("console:devices"))


def _keeps_for_all(request: HttpRequest) -> bool:
    return all(allowed(person(request), right) for right in (Right.CHANGE_DEVICES, Right.WHOLE_FLEET))


def _address(request: HttpRequest) -> ListAddress:
    own = None if "cols" in request.GET and "order" in request.GET else own_view(person(request).id)
    address = parse_list(request.GET, own.query if own else None)
    return replace(address, columns=tuple(name for name in address.columns if name in _columns(request)))


def _columns(request: HttpRequest) -> dict[str, Column]:
    """Those that the person may see."""
    unseen = () if may_name_credentials(person(request)) else ("credential",)
    return {name: column for name, column in COLUMNS.items() if name not in unseen}


def _rows(request: HttpRequest, page: MachinePage) -> list[Row]:
    supplies = supplies_of_machines([machine.pk for machine in page.machines])
    sees_prices = allowed(person(request), Right.SEE_PRICES)
    tariffs = tariffs_of(machine.pk for machine in page.machines) if sees_prices else {}
    return [Row(machine, supplies[machine.pk], tariffs.get(machine.pk)) for machine in page.machines]


def _every_row(request: HttpRequest, address: ListAddress) -> Iterable[Row]:
    after, count = None, 0
    while count < EXPORT_ROWS_MAX:
        page = page_of_machines(address.listing, after, size=PAGE_MAX)
        yield from _rows(request, page)
        count, after = count + len(page.machines), page.after
        if after is None:
            return


def _heads(address: ListAddress) -> list[tuple[Column, str, str]]:
    """Each column with what its head leads to, and how the list is sorted by it now."""
    heads = []
    for name in address.columns:
        column = COLUMNS[name]
        down = address.order == f"-{column.order}"
        is_sorted = column.order and address.order.removeprefix("-") == column.order
        turned = column.order if down or not is_sorted else f"-{column.order}"
        sort = ("descending" if down else "ascending") if is_sorted else ""
        heads.append((column, address.query(order=turned) if column.order else "", sort))
    return heads


def _chips(address: ListAddress) -> list[tuple[str, str, str]]:
    """Each condition in words, with the list without it."""
    chips = []
    for each in address.conditions:
        rest = tuple(other for other in address.conditions if other != each)
        chips.append((*label_of(each), address.query(conditions=rest)))
    return chips


def _current(views: list[SavedView], address: ListAddress) -> int | None:
    now = address.query()
    return next((view.pk for view in views if from_view(view.query).query() == now), None)


def _hidden(address: ListAddress, **changes: object) -> list[tuple[str, str]]:
    """The address as the hidden fields of a form that changes a part of it."""
    query = QueryDict(address.query(**changes))
    return [(name, value) for name, values in query.lists() for value in values]


def _operators(kind: Kind) -> list[tuple[str, str]]:
    return [(op, _(op.replace("-", " ")) + ("" if op in WITHOUT_VALUES else " …")) for op in OPERATORS[kind]]


def machine_rows(machines: list[Machine]) -> list[Row]:
    """Machines with their supplies, for pages that show a few."""
    supplies = supplies_of_machines([machine.pk for machine in machines])
    return [Row(machine, supplies[machine.pk]) for machine in machines]
