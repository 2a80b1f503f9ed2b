"""A person's own place: their documents, usage, cards and PIN, and account. It needs no right but to be signed in."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.console.forms.people import OwnPinForm
from platen.console.guard import actor, needs, person, policy_of
from platen.console.job_rows import job_rows
from platen.console.lookup import found
from platen.console.views.people import DAYS, Once, usage_context
from platen.directory.errors import DirectoryError
from platen.directory.own_things import card_of
from platen.directory.queries import aliases_of, cards_of
from platen.directory.services import change_own_pin, generate_own_code, remove_card
from platen.printing.errors import PrintingError
from platen.printing.job_lists import job_in_detail, jobs_of
from platen.printing.models import Job
from platen.printing.node_spool import node_spool
from platen.printing.queries import waiting_jobs_of
from platen.printing.services import cancel_job, set_retained
from platen.tracking.usage_lists import UsageFilter, page_of_usage, today

RECENT = 20


@needs()
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """What waits for me, and what became of the last ones."""
    me = person(request)
    waiting = waiting_jobs_of(me)
    held = {job.id for job in waiting}
    past = [job for job in jobs_of(me, RECENT) if job.id not in held]
    context = {
        "waiting": job_rows(waiting, sees_names=True),
        "shows_first_pages": policy_of(request).show_first_pages,
        "past": job_rows(past, sees_names=True),
        "may_retain": me.retain_allowed and policy_of(request).retain_allowed,
    }
    fragment = request.headers.get("HX-Target") == "documents"
    return render(request, "console/mine/documents_list.html" if fragment else "console/mine/documents.html", context)


@needs()
@require_POST
def document_delete(request: HttpRequest, job_id: int) -> HttpResponse:
    """Delete one of my documents."""
    try:
        cancel_job(node_spool(), _my_job(request, job_id), by=actor(request))
    except PrintingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Deleted. Nothing was charged."))
    return HttpResponseRedirect(reverse("console:my-documents"))


@needs()
@require_POST
def document_keep(request: HttpRequest, job_id: int) -> HttpResponse:
    """Keep one of my documents after it is printed, or no longer."""
    job = _my_job(request, job_id)
    if not (person(request).retain_allowed and policy_of(request).retain_allowed):
        messages.error(request, _("Documents are not kept after printing here. Ask the help desk."))
        return HttpResponseRedirect(reverse("console:my-documents"))
    try:
        set_retained(job, not job.retained)
    except PrintingError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("console:my-documents"))


@needs()
@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """What I printed."""
    me = person(request)
    last = today(timezone.now())
    which = UsageFilter(from_day=last - timedelta(days=DAYS - 1), to_day=last, user_id=me.id)
    context = {"page": page_of_usage(which), **usage_context(me)}
    return render(request, "console/mine/usage.html", context)


@needs()
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest) -> HttpResponse:
    """My cards and codes, and my PIN."""
    me = person(request)
    form = OwnPinForm(request.POST or None, has_pin=bool(me.pin_hash))
    if request.method == "POST" and form.is_valid():
        try:
            change_own_pin(me, form.cleaned_data.get("old", ""), form.cleaned_data["new"], by=actor(request))
        except DirectoryError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Your PIN was changed."))
            return HttpResponseRedirect(reverse("console:my-cards"))
    return _cards(request, form)


@needs()
@require_POST
def code_add(request: HttpRequest) -> HttpResponse:
    """A new ID code for me."""
    try:
        secret = generate_own_code(person(request), by=actor(request), now=timezone.now())
    except DirectoryError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("console:my-cards"))
    form = OwnPinForm(None, has_pin=bool(person(request).pin_hash))
    return _cards(request, form, Once(_("Your new ID code"), secret, _("Type it at any device. It ends by itself.")))


def _cards(request: HttpRequest, form: OwnPinForm, once: Once | None = None) -> HttpResponse:
    # Hiding ID codes hides those of others: one's own tell which of several cards is meant.
    context = {"form": form, "cards": cards_of(person(request), reveal=True), "now": timezone.now(), "once": once}
    return render(request, "console/mine/cards.html", context, status=422 if form.errors else 200)


@needs()
@require_POST
def card_remove(request: HttpRequest, card_id: int) -> HttpResponse:
    """One of my cards is lost: it opens nothing any more."""
    remove_card(found(card_of(person(request), card_id)), by=actor(request))
    messages.success(request, _("Removed. It opens nothing any more."))
    return HttpResponseRedirect(reverse("console:my-cards"))


@needs()
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here."""
    return render(request, "console/mine/account.html", {"aliases": aliases_of(person(request))})


def _my_job(request: HttpRequest, job_id: int) -> Job:
    job = found(job_in_detail(job_id))
    if job.owner_id != person(request).id:
        raise Http404
    return job
