"""Notices: rules, webhooks, the mail server, and the outbox."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from platen.access.rights import Right
from platen.console.forms.notices import MailForm, RuleForm, WebhookForm
from platen.console.guard import actor, needs, policy_of
from platen.console.lookup import found, number_in
from platen.fleet.errors import FleetError
from platen.fleet.mail import mail_server, set_mail_server
from platen.fleet.models import NoticeRule, Webhook
from platen.fleet.notice_rules import addresses_of, duplicate_rule, remove_rule, set_rule
from platen.fleet.outbox import queue_mail, send_again
from platen.fleet.queries_notices import (
    PAGE_SIZE,
    all_rules,
    all_webhooks,
    notice_by_id,
    page_of_notices,
    rule_by_id,
    webhook_by_id,
)
from platen.fleet.webhooks import has_token_of, remove_webhook, set_webhook


@needs(Right.SEE_SETTINGS)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Rules, webhooks, mail, and what was sent last."""
    context = {
        "rules": all_rules(),
        "webhooks": all_webhooks(),
        "mail": mail_server(),
        "notices": page_of_notices(size=8),
    }
    return render(request, "console/notices/list.html", context)


@needs(Right.SEE_SETTINGS)
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What waits, was sent, or was given up."""
    given_up = request.GET.get("view") == "given-up"
    page = page_of_notices(number_in(request, "before"), given_up=given_up)
    context = {
        "notices": page,
        "given_up": given_up,
        "before": page[-1].pk if len(page) == PAGE_SIZE else None,
        "goes_on": any(not (each.sent_at or each.failed_at) and each.due_at <= timezone.now() for each in page),
    }
    return render(request, "console/notices/outbox.html", context)


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def resend(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Try one again that was given up."""
    send_again(found(notice_by_id(notice_id)), timezone.now())
    messages.success(request, _("It is sent again."))
    return HttpResponseRedirect(reverse("console:outbox"))


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_add(request: HttpRequest) -> HttpResponse:
    """A new rule."""
    return _rule(request, None)


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_edit(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Change a rule."""
    return _rule(request, found(rule_by_id(rule_id)))


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def rule_copy(request: HttpRequest, rule_id: int) -> HttpResponse:
    """The same under another name, switched off."""
    copy = duplicate_rule(found(rule_by_id(rule_id)), by=actor(request))
    messages.success(request, _("This is the copy. It is switched off until you say so."))
    return HttpResponseRedirect(reverse("console:notice-edit", args=[copy.pk]))


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def rule_remove(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Remove a rule."""
    remove_rule(found(rule_by_id(rule_id)), by=actor(request))
    messages.success(request, _("The rule was removed. What waited by it is not sent."))
    return _back()


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_add(request: HttpRequest) -> HttpResponse:
    """A new webhook."""
    return _webhook(request, None)


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_edit(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Change a webhook."""
    return _webhook(request, found(webhook_by_id(webhook_id)))


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def webhook_remove(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Remove a webhook."""
    remove_webhook(found(webhook_by_id(webhook_id)), by=actor(request))
    messages.success(request, _("The webhook was removed. What waited for it is not sent."))
    return _back()


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """How mail goes out."""
    server = mail_server()
    form = MailForm(request.POST or None, initial=MailForm.initial_of(server) if server else {})
    if request.method == "POST" and form.is_valid():
        try:
            set_mail_server(form.values(), by=actor(request))
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Send a test mail to see that it works."))
            return HttpResponseRedirect(reverse("console:mail-server"))
    context = {"form": form, "server": server}
    return render(request, "console/notices/mail.html", context, status=422 if form.errors else 200)


@needs(Right.SEE_SETTINGS, Right.CHANGE_SETTINGS)
@require_POST
def mail_test(request: HttpRequest) -> HttpResponse:
    """A mail that says that mail works; the outbox shows what came of it."""
    now = timezone.now()
    try:
        to = addresses_of(request.POST.get("to", ""))
    except FleetError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("console:mail-server"))
    if not to or mail_server() is None:
        messages.error(request, _("Set the mail server first, and say who gets the test."))
        return HttpResponseRedirect(reverse("console:mail-server"))
    name = policy_of(request).tenant.name
    body = _("Mail from %(organisation)s’s printers goes out. Nothing has to be done.") % {"organisation": name}
    queue_mail(f"test/{now.isoformat()}", {"to": to, "subject": _("Test mail"), "body": body}, now)
    messages.success(request, _("The test is on its way. What comes of it stands here."))
    return HttpResponseRedirect(reverse("console:outbox"))


def _rule(request: HttpRequest, rule: NoticeRule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, initial=RuleForm.initial_of(rule) if rule else {})
    if request.method == "POST" and form.is_valid():
        keys = {name: form.keys(name) for name in ("groups", "regions", "webhooks")}
        try:
            set_rule(form.fill(rule or NoticeRule()), by=actor(request), **keys)
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return _back()
    context = {"form": form, "rule": found(rule_by_id(rule.pk)) if rule else None}
    return render(request, "console/notices/rule.html", context, status=422 if form.errors else 200)


def _webhook(request: HttpRequest, webhook: Webhook | None) -> HttpResponse:
    initial, has_token = WebhookForm.initial_of(webhook) if webhook else {}, bool(webhook and has_token_of(webhook))
    form = WebhookForm(request.POST or None, initial=initial, has_token=has_token)
    if request.method == "POST" and form.is_valid():
        try:
            kept = set_webhook(**form.values(), by=actor(request), webhook=webhook)
        except FleetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            if kept.in_the_open:
                messages.warning(request, _("It is called by http://: everybody on the way can read what is told."))
            return _back()
    context = {"form": form, "webhook": found(webhook_by_id(webhook.pk)) if webhook else None}
    return render(request, "console/notices/webhook.html", context, status=422 if form.errors else 200)


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("console:notices"))
