"""Cards, ID codes and aliases of everybody, for administrators."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from platen.access.rights import Right, require_all_ids
from platen.console.downloads import table_download
from platen.console.guard import actor, needs, person
from platen.console.lookup import number_in
from platen.directory.id_lists import (
    ALIAS_FIELDS,
    ID_FIELDS,
    Line,
    export_aliases,
    export_ids,
    ids_by_key,
    page_of_aliases,
    page_of_ids,
)
from platen.directory.services import make_permanent, remove_card
from platen.tracking.export_text import Xml

PICKED_MAX = 500


@needs(Right.CHANGE_IDS)
@require_safe
def ids(request: HttpRequest) -> HttpResponse:
    """Temporary IDs, or permanent ones on request, with their numbers."""
    require_all_ids(person(request))
    temporary = _temporary(request)
    after = number_in(request, "after") or 0
    context = {"page": page_of_ids(temporary=temporary, after=after), "temporary": temporary, "after": after}
    return render(request, "console/people/ids.html", context)


@needs(Right.CHANGE_IDS)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Make the picked ones permanent, or take them away from their people."""
    require_all_ids(person(request))
    keys = [int(text) for text in request.POST.getlist("id") if text.isascii() and text.isdigit() and len(text) < 19]
    removes = request.POST.get("do") == "remove"
    picked = ids_by_key(keys[:PICKED_MAX])
    for card in picked:
        if removes:
            remove_card(card, by=actor(request))
        else:
            make_permanent(card, by=actor(request))
    count = len(picked)
    if removes:
        done = ngettext("%(count)d removed.", "%(count)d removed.", count)
    else:
        done = ngettext("%(count)d is valid for good now.", "%(count)d are valid for good now.", count)
    messages.success(request, done % {"count": count})
    back = "" if _temporary(request) else "?kind=permanent"
    return HttpResponseRedirect(reverse("console:ids") + back)


@needs(Right.CHANGE_IDS, Right.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All of a kind as a file, numbers in clear."""
    require_all_ids(person(request))
    lines = export_ids(temporary=_temporary(request), by=actor(request))
    return _file(request, "ids", ID_FIELDS, lines, Xml("UserIds", "UserId"))


@needs(Right.SEE_PEOPLE)
@require_safe
def aliases(request: HttpRequest) -> HttpResponse:
    """Which other logon leads to whom."""
    after = number_in(request, "after") or 0
    context = {"page": page_of_aliases(after=after), "after": after}
    return render(request, "console/people/aliases.html", context)


@needs(Right.SEE_PEOPLE, Right.EXPORT)
@require_safe
def aliases_export(request: HttpRequest) -> HttpResponse:
    """All aliases as a file."""
    lines = export_aliases(by=actor(request))
    return _file(request, "aliases", ALIAS_FIELDS, lines, Xml("UserAliases", "UserAlias"))


def _temporary(request: HttpRequest) -> bool:
    return request.GET.get("kind") != "permanent"


def _file(request: HttpRequest, name: str, head: Sequence[str], lines: Sequence[Line], xml: Xml) -> HttpResponse:
    """As `?format=` says: csv, txt or xlsx as other lists are, or xml."""
    name = f"{name}-{timezone.localdate().isoformat()}"
    if request.GET.get("format") != "xml":
        return table_download(request, name, head, lines)
    return HttpResponse(
        xml.start(head) + xml.rows(head, lines) + xml.end(),
        content_type="application/xml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.xml"'},
    )
