"""Groups and regions: how people cut the fleet."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right
from platen.console.forms.places import GroupForm, RegionForm
from platen.console.guard import actor, needs
from platen.console.list_address import csv_row
from platen.console.lookup import found
from platen.fleet.errors import FleetError
from platen.fleet.group_paths import DELIMITER, in_tree, set_group_at
from platen.fleet.groups import remove_group
from platen.fleet.models import Group, Region
from platen.fleet.queries_places import condition_by, group_by_uuid, members_by_hand, region_by_id
from platen.fleet.queries_rows import groups_by_name, regions_by_name
from platen.fleet.regions import remove_region, set_region


@needs(Right.SEE_DEVICES)
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """All groups and regions, each with a way to its devices."""
    by_hand = members_by_hand()
    regions = regions_by_name()
    conditions = condition_by("region", [each.pk for each in regions])
    context = {
        "groups": [
            (each, path.rpartition(DELIMITER)[0], by_hand.get(each.pk, 0), _devices("group", each.name))
            for each, path in in_tree(groups_by_name())
        ],
        "regions": [(each, conditions[each.pk], _devices("region", each.name)) for each in regions],
    }
    return render(request, "console/groups/list.html", context)


@needs(Right.CHANGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new group."""
    return _edit(request, None)


@needs(Right.CHANGE_DEVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Change a group."""
    return _edit(request, found(group_by_uuid(uuid)))


@needs(Right.CHANGE_DEVICES)
@require_POST
def remove(request: HttpRequest, uuid: str) -> HttpResponse:
    """Remove a group."""
    try:
        remove_group(found(group_by_uuid(uuid)), by=actor(request))
    except FleetError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The group was removed. Its devices stay."))
    return HttpResponseRedirect(reverse("console:groups"))


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def region_add(request: HttpRequest) -> HttpResponse:
    """A new region."""
    return _region(request, None)


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_http_methods(["GET", "HEAD", "POST"])
def region_edit(request: HttpRequest, region_id: int) -> HttpResponse:
    """Change a region."""
    return _region(request, found(region_by_id(region_id)))


@needs(Right.CHANGE_DEVICES, Right.WHOLE_FLEET)
@require_POST
def region_remove(request: HttpRequest, region_id: int) -> HttpResponse:
    """Remove a region."""
    try:
        remove_region(found(region_by_id(region_id)), by=actor(request))
    except FleetError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The region was removed. Its devices are in none now."))
    return HttpResponseRedirect(reverse("console:groups"))


def _devices(item: str, name: str) -> str:
    return f"{reverse('console:devices')}?{urlencode({'c': csv_row([item, 'equals', name])})}"


def _edit(request: HttpRequest, group: Group | None) -> HttpResponse:
    form = GroupForm(request.POST or None, initial=GroupForm.initial_of(group) if group else {}, group=group)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        parent = Group.objects.filter(pk=int(given["parent"])).first() if given["parent"] else None
        try:
            set_group_at(given["name"], by=actor(request), group=group, parent=parent, **form.values())
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("console:groups"))
    context = {"form": form, "group": group}
    return render(request, "console/groups/edit.html", context, status=422 if form.errors else 200)


def _region(request: HttpRequest, region: Region | None) -> HttpResponse:
    names = ("name", "addresses", "host_suffixes")
    initial = {name: getattr(region, name) for name in names} | {"parent": region.parent_id or ""} if region else {}
    form = RegionForm(request.POST or None, initial=initial, region=region)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        parent = region_by_id(int(given["parent"])) if given["parent"] else None
        try:
            set_region(*(given[name] for name in names), by=actor(request), region=region, parent=parent)
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("console:groups"))
    context = {"form": form, "region": region}
    return render(request, "console/groups/region.html", context, status=422 if form.errors else 200)
