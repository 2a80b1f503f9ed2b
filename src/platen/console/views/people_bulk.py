"""Several people at once: changed, deleted, or given new PUKs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from platen.access.rights import Right, require_ids_of
from platen.console.forms.people_bulk import PeopleForm
from platen.console.guard import actor, needs, person
from platen.directory.errors import DirectoryError
from platen.directory.models import User
from platen.directory.several import change_several, delete_several, generate_puks, people_by_key


@needs(Right.CHANGE_PEOPLE)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Ask what to change, and change it."""
    users = _picked(request)
    form = PeopleForm(request.POST if "apply" in request.POST else None, people=users)
    if users and form.is_bound and form.is_valid():
        try:
            count = change_several(users, by=actor(request), **form.values())
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            text = ngettext("%(count)d person was changed.", "%(count)d people were changed.", count)
            messages.success(request, text % {"count": count})
            return _back()
    if not users:
        return _nobody(request)
    context = {"form": form, "users": users}
    return render(request, "console/people/change.html", context, status=422 if form.errors else 200)


@needs(Right.CHANGE_PEOPLE)
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Delete them with their cards; what is held for them goes too."""
    users = _picked(request)
    if not users:
        return _nobody(request)
    try:
        count = delete_several(users, by=actor(request))
    except DirectoryError as error:
        messages.error(request, str(error))
    else:
        text = ngettext("%(count)d person was deleted.", "%(count)d people were deleted.", count)
        messages.success(request, text % {"count": count})
    return _back()


@needs(Right.CHANGE_PEOPLE, Right.CHANGE_IDS)
@require_POST
def puks(request: HttpRequest) -> HttpResponse:
    """New PUKs, shown this one time."""
    users = _picked(request)
    for user in users:
        require_ids_of(person(request), user)
    if not users:
        return _nobody(request)
    return render(request, "console/people/puks.html", {"made": generate_puks(users, by=actor(request))})


def _picked(request: HttpRequest) -> list[User]:
    texts = request.POST.getlist("id")
    return people_by_key([int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19])


def _nobody(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Nobody was picked. Tick the boxes before the logons first."))
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("console:people"))
