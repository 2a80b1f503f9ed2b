"""People: the list, one person, adding and changing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.passwords import one_time_password, set_password
from platen.access.regions import limit_to_regions
from platen.access.rights import Right, allowed, may_change_ids_of, may_see_document_names, may_see_ids
from platen.console.charts import columns, pages_series
from platen.console.csv_export import EXPORT_ROWS_MAX, csv_response
from platen.console.forms.people import AliasForm, CardForm, PersonForm
from platen.console.guard import actor, needs, person, policy_of
from platen.console.job_rows import job_rows
from platen.console.lookup import found
from platen.console.usage_chart import day_data
from platen.directory.errors import DirectoryError
from platen.directory.models import Role, User
from platen.directory.queries import aliases_of, cards_of, page_of_users, search, user_by_uuid
from platen.directory.services import (
    add_card,
    change_user,
    create_user,
    default_user,
    delete_user,
    make_default_user,
    open_puk,
    unlock_user,
)
from platen.eventlog.event_lists import latest_events
from platen.printing.queries import waiting_jobs_of
from platen.tracking.usage_lists import by_day, sums_of, today

RECENT = 10
DAYS = 30


@dataclass(frozen=True, slots=True)
class Once:
    """Something secret that is shown this one time."""

    title: str
    secret: str
    text: str


@needs(Right.SEE_PEOPLE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The list, or those that a text finds."""
    text, after = request.GET.get("f", "").strip()[:200], request.GET.get("after", "")
    role = Role(request.GET["role"]) if request.GET.get("role") in set(Role) else None
    if text:
        users, next_key = search(text), None
    else:
        page = page_of_users(after or None, role=role)
        users, next_key = page.users, page.next_key
    context = {"users": users, "next_key": next_key, "text": text, "after": after, "role": role, "roles": list(Role)}
    fragment = request.headers.get("HX-Target") == "rows"
    return render(request, "console/people/rows.html" if fragment else "console/people/list.html", context)


@needs(Right.SEE_PEOPLE, Right.EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Exactly what the list shows, as CSV; never card numbers."""
    text = request.GET.get("f", "").strip()[:200]
    role = Role(request.GET["role"]) if request.GET.get("role") in set(Role) else None
    users = search(text) if text else page_of_users(size=EXPORT_ROWS_MAX, role=role).users
    head = [_("Logon"), _("Domain"), _("Full name"), _("E-mail"), _("Cost code"), _("Role"), _("Locked"), _("Added")]
    rows = (
        [u.logon, u.domain, u.full_name, u.email, u.cost_code, u.role, u.prevent_login, u.created_at.isoformat()]
        for u in users
    )
    return csv_response("people", head, rows)


@needs(Right.SEE_PEOPLE)
@require_safe
def one(request: HttpRequest, uuid: str) -> HttpResponse:
    """One person."""
    return person_page(request, found(user_by_uuid(uuid)))


@needs(Right.CHANGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new person, with a card if one is at hand."""
    gives_roles = allowed(person(request), Right.CHANGE_ROLES)
    pattern = default_user()
    initial = {"role": Role.USER.value, "cost_control": "tracking", "retain_allowed": True, "print_all_allowed": True}
    if pattern is not None:
        names = ("login_without_pin", "cost_control", "print_all_at_login", "retain_allowed", "print_all_allowed")
        initial |= {name: getattr(pattern, name) for name in names}
    form = PersonForm(request.POST or None, gives_roles=gives_roles, is_new=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            user = _create(request, form)
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(name)s was added.") % {"name": user})
            return _to(user)
    return render(request, "console/people/edit.html", {"form": form}, status=422 if form.errors else 200)


@transaction.atomic
def _create(request: HttpRequest, form: PersonForm) -> User:
    """Person and card together, or neither."""
    given, by = form.cleaned_data, actor(request)
    user = create_user(given["logon"], by=by, domain=given["domain"], **form.values())
    if given.get("holds"):
        limit_to_regions(user, form.limit(), by=by)
    if given["card"]:
        add_card(user, given["card"], by=by)
    return user


@needs(Right.CHANGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uuid: str) -> HttpResponse:
    """Change a person."""
    user = found(user_by_uuid(uuid))
    gives_roles = allowed(person(request), Right.CHANGE_ROLES)
    form = PersonForm(request.POST or None, gives_roles=gives_roles, is_new=False, initial=_initial(user))
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, user, form)
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return _to(user)
    context = {"form": form, "person": found(user_by_uuid(uuid))}
    return render(request, "console/people/edit.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _change(request: HttpRequest, user: User, form: PersonForm) -> None:
    """Person and regions together, or neither."""
    given, by = form.cleaned_data, actor(request)
    holds = given.get("holds")
    limit = form.limit() if holds else None
    if holds and limit is None:  # first: an administrator's rights hold for everything
        limit_to_regions(user, None, by=by)
    change_user(user, by=by, logon=given["logon"], domain=given["domain"], **form.values())
    if limit is not None:
        limit_to_regions(user, limit, by=by)


@needs(Right.CHANGE_PEOPLE)
@require_POST
def remove(request: HttpRequest, uuid: str) -> HttpResponse:
    """Delete a person with their cards; their waiting documents go too."""
    user = found(user_by_uuid(uuid))
    name = str(user)
    try:
        delete_user(user, by=actor(request))
    except DirectoryError as error:
        messages.error(request, str(error))
        return _to(user)
    messages.success(request, _("%(name)s was deleted.") % {"name": name})
    return HttpResponseRedirect(reverse("console:people"))


@needs(Right.CHANGE_IDS)
@require_POST
def unlock(request: HttpRequest, uuid: str) -> HttpResponse:
    """Let a locked person in again."""
    user = found(user_by_uuid(uuid))
    unlock_user(user, by=actor(request))
    messages.success(request, _("%(name)s may log in again.") % {"name": user})
    return _to(user)


@needs(Right.CHANGE_PEOPLE, Right.CHANGE_ROLES)
@require_POST
def password(request: HttpRequest, uuid: str) -> HttpResponse:
    """Give a person a one-time password for the console, shown once."""
    user = found(user_by_uuid(uuid))
    secret = one_time_password()
    set_password(user, secret, by=actor(request), must_change=True)
    text = _("Tell it to %(name)s. It must be changed at the first sign-in and cannot be shown again.")
    return person_page(request, user, once=Once(_("One-time password"), secret, text % {"name": user}))


@needs(Right.CHANGE_PEOPLE)
@require_POST
def pattern(request: HttpRequest, uuid: str) -> HttpResponse:
    """New people take their settings from this person, or no longer."""
    user = found(user_by_uuid(uuid))
    try:
        make_default_user(None if user.is_default_user else user, by=actor(request))
    except DirectoryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved."))
    return _to(user)


def person_page(
    request: HttpRequest,
    user: User,
    *,
    once: Once | None = None,
    card_form: CardForm | None = None,
    alias_form: AliasForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one person, with what was just made shown once."""
    reader, policy = person(request), policy_of(request)
    sees_ids, changes_ids = may_see_ids(reader, policy), may_change_ids_of(reader, user)
    waiting = waiting_jobs_of(user, limit=50) if allowed(reader, Right.SEE_JOBS) else []
    names = may_see_document_names(reader, policy)
    context: dict[str, object] = {
        "person": user,
        "once": once,
        "cards": cards_of(user, reveal=sees_ids),
        "card_form": card_form or CardForm(),
        "aliases": aliases_of(user),
        "alias_form": alias_form or AliasForm(),
        "limited_to": sorted(map(str, user.regions.all())) if user.regional else [],
        "has_puk": bool(user.puk_key),
        "puk": open_puk(user) if sees_ids and changes_ids else None,  # whoever has it can register a card
        "changes_ids": changes_ids,
        "rows": job_rows(waiting, sees_names=names, reader=reader),
        "now": timezone.now(),
        "events": latest_events(RECENT, user_id=user.id) if allowed(reader, Right.SEE_EVENTS) else [],
    }
    if allowed(reader, Right.SEE_USAGE):
        context |= usage_context(user)
    return render(request, "console/people/person.html", context, status=status)


def usage_context(user: User) -> dict[str, object]:
    """A person's last 30 days as sums and a chart."""
    last = today(timezone.now())
    first = last - timedelta(days=DAYS - 1)
    drawing = columns(
        day_data(by_day(first, last, user_id=user.id)),
        pages_series(),
        caption=_("Pages a day"),
        sentence=_("Pages a day of %(name)s") % {"name": user},
        caption_hidden=True,
        empty_text=_("No pages in the last 30 days."),
        with_values=True,
    )
    return {"sums": sums_of(first, last, user_id=user.id), "chart": drawing}


def _initial(user: User) -> dict[str, object]:
    others = ("card", "holds", "regions")
    initial: dict[str, object] = {name: getattr(user, name) for name in PersonForm.base_fields if name not in others}
    initial["holds"] = "regions" if user.regional else "all"
    initial["regions"] = [str(key) for key in user.regions.values_list("pk", flat=True)]
    return initial


def _to(user: User) -> HttpResponse:
    return HttpResponseRedirect(reverse("console:person", args=[user.uuid]))
