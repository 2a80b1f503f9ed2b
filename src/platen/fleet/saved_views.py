"""Saved views: a list as somebody keeps it, for themselves or for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import SavedView

VIEWS_MAX = 200
QUERY_CHARS_MAX = 4_000


@transaction.atomic
def save_view(
    name: str, query: Mapping[str, Any], *, by: Actor, owner_id: int | None, pinned: bool = False
) -> SavedView:
    """Keep a list under a name; one of the same name and owner is written anew. Raises: InvalidValue, NameTaken."""
    name = name.strip()
    if not name or len(name) > 120:
        raise InvalidValue(_("A view has a name of 1 to 120 characters."))
    return _kept(name, query, by=by, owner_id=owner_id, pinned=pinned)


@transaction.atomic
def keep_as_own(query: Mapping[str, Any], *, by: Actor, owner_id: int) -> SavedView:
    """How a person wants to find the list where nothing else is said. Raises: InvalidValue."""
    return _kept("", query, by=by, owner_id=owner_id, pinned=False)


@transaction.atomic
def remove_view(view: SavedView, *, by: Actor) -> None:
    """Remove it; the machines in it stay."""
    record_change(by, "view_removed", view.name, f"The view {view.name} was removed")
    view.delete()


def _kept(name: str, query: Mapping[str, Any], *, by: Actor, owner_id: int | None, pinned: bool) -> SavedView:
    if sum(len(str(each)) for each in query.values()) > QUERY_CHARS_MAX:
        raise InvalidValue(_("This is too much for a view. Use fewer conditions or values."))
    if owner_id is not None and name and SavedView.objects.filter(name=name, owner_id__isnull=True).exists():
        raise NameTaken(_("There is a view named %(name)s already. Choose another name.") % {"name": name})
    view = SavedView.objects.filter(name=name, owner_id=owner_id).first()
    if view is None:
        if SavedView.objects.count() >= VIEWS_MAX:
            raise InvalidValue(_("There are 200 views already. Remove one first."))
        view = SavedView(name=name, owner_id=owner_id)
    view.query, view.pinned = dict(query), pinned
    view.save()
    record_change(by, "view_saved", name or "own", f"The view {name or 'of their own'} was saved")
    return view
