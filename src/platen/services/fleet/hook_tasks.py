"""The step of a task that calls a webhook: done when the receiver has accepted what it is told, failed when it has not.

What is told is a row of the outbox like any notice, so that a receiver that is away is told once it is back, under the
same Idempotency-Key. The result of the step is that of the first try.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from platen.fleet.attention import severity_words
from platen.fleet.models import Channel, Machine, Notice, Webhook
from platen.fleet.page_links import page_link
from platen.policy.said import said
from platen.services.database import Database
from platen.services.fleet.notices import NoticeSender
from platen.services.task_orders import Order, Outcome

WAIT_S = 45.0
"""Longer than a call takes (hooks.TIMEOUT_S): for one that the outbox began before the step could."""
LOOK_S = 0.2
_KIND = "task"


@dataclass(frozen=True, slots=True)
class _Told:
    """A row of the outbox. is_over: whether a try has ended since."""

    key: int
    webhook: str
    is_over: bool = False
    is_sent: bool = False
    is_given_up: bool = False
    error: str = ""


class HookTasks:
    """Calls webhooks for tasks."""

    def __init__(self, database: Database, sender: NoticeSender) -> None:
        self._database = database
        self._sender = sender

    async def call(self, order: Order) -> Outcome:
        """Tell a webhook what is known of a machine, and wait for its answer."""
        told = await self._database.run(order.tenant_id, _queued, order)
        if told is None:
            return Outcome.of(False, said(noop("The webhook or the machine is gone.")))
        status = None if told.is_sent else await self._sender.send(order.tenant_id, told.key)
        for _ in range(round(WAIT_S / LOOK_S)):
            now = await self._database.run(order.tenant_id, _as_it_is, told)
            if now.is_over:
                return _outcome(now, status)
            await asyncio.sleep(LOOK_S)
        return Outcome.of(False, said(noop("%(webhook)s has not answered yet."), webhook=told.webhook))


def _outcome(told: _Told, status: int | None) -> Outcome:
    if told.is_sent and status is not None:
        accepted = said(noop("%(webhook)s is told; it answered %(status)s."), webhook=told.webhook, status=status)
        return Outcome.of(True, accepted)
    if told.is_sent:
        return Outcome.of(True, said(noop("%(webhook)s is told."), webhook=told.webhook))
    refused = said(noop("%(webhook)s did not accept it: %(why)s"), webhook=told.webhook, why=told.error)
    if told.is_given_up:
        return Outcome.of(False, refused)
    return Outcome.of(False, refused, said(noop("It is tried again later, which does not change this result.")))


def _queued(order: Order) -> _Told | None:
    """The row of an order: made once, however often that is given. None: the webhook or the machine is gone."""
    webhook = Webhook.objects.filter(pk=order.settings.get("webhook") or 0).first()
    machine = Machine.objects.select_related("device").filter(pk=order.device_id).first()
    if webhook is None or machine is None:
        return None
    event_key = f"{order.key}/{machine.pk}/{webhook.pk}"
    waiting = Notice.objects.filter(sent_at__isnull=True, failed_at__isnull=True).exclude(error="")
    # What an earlier run could not tell says no more than this does: it is not told twice.
    waiting.filter(machine=machine, webhook=webhook, rule=None, payload__kind=_KIND).exclude(
        event_key=event_key
    ).delete()
    values = {"channel": Channel.WEBHOOK, "webhook": webhook, "machine": machine, "payload": _payload(machine)}
    notice, is_new = Notice.objects.get_or_create(event_key=event_key, defaults=values)
    if not is_new:  # the server was stopped in between
        waiting.filter(pk=notice.pk).update(due_at=timezone.now(), error="")
    return _Told(notice.pk, webhook.name, is_sent=notice.sent_at is not None)


def _payload(machine: Machine) -> dict[str, object]:
    severity = severity_words(machine)
    return {
        "turn": "began",
        "kind": _KIND,
        "sentence": f"{machine.device.name}: {machine.trouble or severity}",
        "link": page_link("device", machine.device.uuid),
        "device": str(machine.device.uuid),
        "name": machine.device.name,
        "serial": machine.serial,
        "meters": machine.meters,
        "severity": severity,
        "trouble": machine.trouble,
    }


def _as_it_is(told: _Told) -> _Told:
    notice = Notice.objects.filter(pk=told.key).first()
    if notice is None:
        return _Told(told.key, told.webhook, is_over=True, is_given_up=True, error="The webhook was removed.")
    is_sent, is_given_up = notice.sent_at is not None, notice.failed_at is not None
    is_over = is_sent or is_given_up or bool(notice.error)
    return _Told(told.key, told.webhook, is_over, is_sent, is_given_up, notice.error)
