"""Notices that wait to be sent: taken, sent, tried again, given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.fleet.models import Channel, Notice
from platen.fleet.noticing import repeat
from platen.fleet.telling_once import TOLD, reached_by, told_by_others

TRIES_MAX = 12
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=6)
TAKEN_FOR = timedelta(minutes=10)


def due_notices(now: datetime, limit: int = 50) -> list[tuple[int, int]]:
    """Tenant and key of those whose time has come, over all tenants."""
    waiting = Notice.everywhere.filter(sent_at__isnull=True, failed_at__isnull=True, due_at__lte=now)
    return list(waiting.order_by("due_at", "id").values_list("tenant_id", "id")[:limit])


@transaction.atomic
def take(notice_id: int, now: datetime) -> Notice | None:
    """Take one for sending. Until it is said what came of it, nobody else takes it, for as long as sending may last.

    Returns: None where there is nothing to send: somebody else has it, or others told everybody.
    """
    waiting = Notice.objects.filter(pk=notice_id, sent_at__isnull=True, failed_at__isnull=True, due_at__lte=now)
    notice: Notice | None = waiting.select_for_update().first()
    if notice is None:
        return None
    notice.tries, notice.due_at = notice.tries + 1, now + TAKEN_FOR
    others = told_by_others(notice, now)
    reached = reached_by(notice)
    notice.payload[TOLD] = [each for each in reached if each not in others]
    notice.save(update_fields=["tries", "due_at", "payload"])
    if reached and not notice.payload[TOLD]:
        _told_already(notice, sorted({others[each] for each in reached}), now)
        return None
    taken: Notice = Notice.objects.select_related("webhook", "rule", "machine").get(pk=notice.pk)
    return taken


def _told_already(notice: Notice, rules: list[str], now: datetime) -> None:
    """It counts as sent, so that its end and its repetition follow, and says who told."""
    named = ", ".join(f"“{name}”" for name in rules)
    text = f"Others told everybody of it already: {named}."
    Notice.objects.filter(pk=notice.pk).update(sent_at=now, error=text[:500])
    repeat(notice, now)


@transaction.atomic
def sent(notice: Notice, now: datetime) -> None:
    """It was sent."""
    if Notice.objects.filter(pk=notice.pk, sent_at__isnull=True).update(sent_at=now, error=""):
        repeat(notice, now)


@transaction.atomic
def not_sent(notice: Notice, error: str, now: datetime, *, for_good: bool = False) -> None:
    """It could not be sent: tried again ever later, and after days, or where it never can be, given up with a line."""
    if for_good or notice.tries >= TRIES_MAX:
        Notice.objects.filter(pk=notice.pk).update(failed_at=now, error=error[:500])
        way = "mail" if notice.channel == Channel.MAIL else f"webhook {notice.webhook}"
        text = f"A notice could not be sent by {way}: {error}"
        record_event("notice_given_up", text, severity=Severity.WARNING, device_id=notice.machine_id)
        return
    pause = min(FIRST_RETRY * 2 ** (notice.tries - 1), LONGEST_RETRY)
    Notice.objects.filter(pk=notice.pk).update(due_at=now + pause, error=error[:500])


@transaction.atomic
def send_again(notice: Notice, now: datetime) -> None:
    """One that was given up is tried again."""
    Notice.objects.filter(pk=notice.pk, sent_at__isnull=True).update(failed_at=None, tries=0, due_at=now)


def remove_old_notices(before: datetime, limit: int = 1000) -> int:
    """Notices that were sent or given up before a moment go."""
    old = Notice.objects.filter(created_at__lt=before).exclude(sent_at__isnull=True, failed_at__isnull=True)
    keys = list(old.order_by("id").values_list("id", flat=True)[:limit])
    Notice.objects.filter(pk__in=keys).delete()
    return len(keys)


def queue_mail(
    key: str, mail: dict[str, object], now: datetime, *, webhook_body: dict[str, object] | None = None
) -> None:
    """A mail that no rule made, such as a report: `to`, `cc`, `subject`, `body`, `important`, `attachments`."""
    Notice.objects.get_or_create(
        event_key=key[:200],
        defaults={"channel": Channel.MAIL, "payload": {"mail": mail, **(webhook_body or {})}, "due_at": now},
    )
