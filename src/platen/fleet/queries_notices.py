"""Reads on notices: rules, webhooks, what waits and what was sent."""

from __future__ import annotations

from platen.fleet.models import Notice, NoticeRule, Webhook

PAGE_SIZE = 50


def all_rules(limit: int = 500) -> list[NoticeRule]:
    """Rules by name, with what they need in a list."""
    return list(NoticeRule.objects.prefetch_related("groups", "regions", "webhooks").order_by("name")[:limit])


def rule_by_id(key: int) -> NoticeRule | None:
    """The rule with this key."""
    found: NoticeRule | None = NoticeRule.objects.filter(pk=key).first()
    return found


def all_webhooks(limit: int = 500) -> list[Webhook]:
    """Webhooks by name."""
    return list(Webhook.objects.order_by("name")[:limit])


def webhook_by_id(key: int) -> Webhook | None:
    """The webhook with this key."""
    found: Webhook | None = Webhook.objects.filter(pk=key).first()
    return found


def page_of_notices(before: int | None = None, *, given_up: bool = False, size: int = PAGE_SIZE) -> list[Notice]:
    """The outbox, newest first; the next page begins before the last of them."""
    notices = Notice.objects.select_related("rule", "webhook", "machine__device")
    if given_up:
        notices = notices.filter(failed_at__isnull=False)
    if before is not None:
        notices = notices.filter(pk__lt=before)
    return list(notices.order_by("-pk")[:size])


def notice_by_id(key: int) -> Notice | None:
    """The notice with this key."""
    found: Notice | None = Notice.objects.filter(pk=key).first()
    return found
