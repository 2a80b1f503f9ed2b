"""Charging schemes: the list, one as a table of sizes and prices, and what a document would cost by it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right
from platen.console.guard import actor, needs, policy_of
from platen.console.lookup import found
from platen.console.scheme_table import PriceTable, example_of, example_price, prices_from, table_of
from platen.policy.charging import sample_scheme
from platen.policy.scheme_format import scheme_to_dict
from platen.tracking.errors import InvalidScheme, SchemeUnknown, TrackingError
from platen.tracking.models import ChargingScheme
from platen.tracking.schemes import (
    all_schemes,
    change_scheme,
    delete_scheme,
    devices_with,
    scheme_by_id,
    scheme_by_name,
    set_default_schemes,
    set_scheme,
)


@needs(Right.SEE_PRICES)
@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """The list."""
    rows = [(scheme, example_price(scheme.prices, scheme.name)) for scheme in all_schemes()]
    return render(request, "console/schemes/list.html", {"rows": rows})


@needs(Right.SEE_PRICES)
@require_safe
def scheme(request: HttpRequest, scheme_id: int) -> HttpResponse:
    """One scheme."""
    the_scheme = _scheme(scheme_id)
    return _page(request, the_scheme, table_of(the_scheme.prices, the_scheme.name, the_scheme.description))


@needs(Right.CHANGE_PRICES)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new scheme, beginning with the prices of a sample."""
    sample = scheme_to_dict(sample_scheme())
    if request.method != "POST":
        return _page(request, None, table_of(sample, "", ""))
    name = request.POST.get("name", "").strip()
    table = _typed(request.POST, sample)
    if name and scheme_by_name(name) is not None:
        taken = _("There is already a charging scheme named %(name)s. Choose another name.") % {"name": name}
        return _page(request, None, table, errors=[taken], status=422)
    try:
        made = set_scheme(
            name, prices_from(request.POST, sample), by=actor(request), description=request.POST.get("description")
        )
    except TrackingError as error:
        return _page(request, None, table, errors=_sentences(error), status=422)
    messages.success(request, _("%(name)s was added. Assign it at a device's page.") % {"name": made.name})
    return _to(made)


@needs(Right.CHANGE_PRICES)
@require_POST
def change(request: HttpRequest, scheme_id: int) -> HttpResponse:
    """Other prices, from the next document on."""
    the_scheme = _scheme(scheme_id)
    table = _typed(request.POST, the_scheme.prices)
    try:
        change_scheme(
            the_scheme,
            by=actor(request),
            name=request.POST.get("name", ""),
            description=request.POST.get("description", ""),
            prices=prices_from(request.POST, the_scheme.prices),
        )
    except TrackingError as error:
        return _page(request, _scheme(scheme_id), table, errors=_sentences(error), status=422)
    messages.success(request, _("Saved. Documents are priced so from now on."))
    return _to(the_scheme)


@needs(Right.SEE_PRICES)
@require_POST
def example(request: HttpRequest) -> HttpResponse:
    """What the example document would cost by the prices as they are typed."""
    context = {"example": example_of(prices_from(request.POST, {}), request.POST, policy_of(request).currency)}
    return render(request, "console/schemes/example.html", context)


@needs(Right.CHANGE_PRICES)
@require_POST
def remove(request: HttpRequest, scheme_id: int) -> HttpResponse:
    """Delete a scheme."""
    count = delete_scheme(_scheme(scheme_id), by=actor(request))
    messages.success(request, _("Deleted. Devices that are free of charge now: %(count)d.") % {"count": count})
    return HttpResponseRedirect(reverse("console:schemes"))


@needs(Right.CHANGE_PRICES)
@require_POST
def default(request: HttpRequest, scheme_id: int) -> HttpResponse:
    """New devices get this scheme."""
    secondary = next((each for each in all_schemes() if each.is_default_secondary), None)
    set_default_schemes(by=actor(request), primary=_scheme(scheme_id), secondary=secondary)
    messages.success(request, _("Devices that are added from now on charge by it."))
    return HttpResponseRedirect(reverse("console:scheme", args=[scheme_id]))


def _scheme(scheme_id: int) -> ChargingScheme:
    try:
        return scheme_by_id(scheme_id)
    except SchemeUnknown:
        return found(None)


def _typed(post: QueryDict, before: dict[str, object]) -> PriceTable:
    """What was typed, as it was typed."""
    return table_of(prices_from(post, before), post.get("name", ""), post.get("description", ""))


def _sentences(error: TrackingError) -> list[str]:
    problems = error.problems if isinstance(error, InvalidScheme) else ()
    return [f"{problem.field}: {problem.text}" for problem in problems] or [str(error)]


def _page(
    request: HttpRequest,
    the_scheme: ChargingScheme | None,
    table: PriceTable,
    *,
    errors: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "scheme": the_scheme,
        "table": table,
        "errors": errors or [],
        "devices": devices_with(the_scheme) if the_scheme else [],
        "example": example_of(table.prices, {}, policy_of(request).currency),
    }
    return render(request, "console/schemes/scheme.html", context, status=status)


def _to(the_scheme: ChargingScheme) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:scheme", args=[the_scheme.id]))
