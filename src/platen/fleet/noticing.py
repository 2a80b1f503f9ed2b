"""From what happens to machines to the notices that tell people: rows first, sent later.

A notice waits as long as its rule says that the trouble must have lasted, and for the end of quiet hours. Trouble that
is over before is told to nobody. One event gives one notice for each rule and way, whatever is said twice; whom two
rules would tell is told once (telling_once).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from platen.fleet.events import Happening
from platen.fleet.groups import groups_of
from platen.fleet.models import Channel, Machine, Notice, NoticeRule, Region, Webhook
from platen.fleet.notice_texts import payload_of
from platen.fleet.telling_once import repeated
from platen.policy.fleet.notices import (
    Condition,
    Event,
    Turn,
    parse_notice_conditions,
    turn_of,
)
from platen.policy.fleet.windows import parse_windows
from platen.tenants.context import acting_within, current_tenant_id
from platen.tenants.models import Policy

_OF_RULES = ("webhooks", "groups", "regions")

WRITTEN_AT_ONCE = 500


def notice(sender: object, happenings: Sequence[Happening], **_more: object) -> None:
    """Receives fleet_happened, in the transaction that stores what happened."""
    with acting_within(None):  # whoever caused it: rules are the organisation's
        _notice(happenings)


def _notice(happenings: Sequence[Happening]) -> None:
    rules = list(NoticeRule.objects.filter(enabled=True).prefetch_related(*_OF_RULES).order_by("name"))
    if not rules or not happenings:
        return
    machines = {
        machine.pk: machine
        for machine in Machine.objects.select_related("device", "place").filter(
            pk__in={each.machine_id for each in happenings}
        )
    }
    grouped = groups_of(list(machines)) if any(rule.groups.all() for rule in rules) else {}
    writing = _Writing(_zone())
    for rule in rules:
        conditions = parse_notice_conditions(rule.conditions)
        groups = {group.pk for group in rule.groups.all()}
        regions = Region.with_parts(region.pk for region in rule.regions.all())
        for each in happenings:
            machine = machines.get(each.machine_id)
            if machine is None or not machine.managed or (regions and machine.region_id not in regions):
                continue
            if not groups or groups & grouped.get(machine.pk, set()):
                _apply(rule, conditions, machine, each, writing)
    writing.flush()


@dataclass(slots=True)
class _Writing:
    """Notices that are to be written, all of them in one go: a file may bring thousands of devices at once."""

    zone: ZoneInfo
    notices: list[Notice] = field(default_factory=list)

    def flush(self) -> None:
        """Write them; one that is there already is left alone."""
        Notice.objects.bulk_create(self.notices, batch_size=WRITTEN_AT_ONCE, ignore_conflicts=True)
        self.notices.clear()


def _apply(
    rule: NoticeRule, conditions: Iterable[Condition], machine: Machine, happening: Happening, writing: _Writing
) -> None:
    event = Event(happening.kind, happening.subject, happening.detail)
    turn = turn_of(conditions, event, all_of_them=rule.all_of_them)
    if turn is None:
        return
    trouble = _trouble(rule, machine, happening)
    if turn is Turn.CLEARED:
        writing.flush()
        _over(rule, machine, happening, trouble, writing)
        return
    _write(rule, machine, happening, f"{trouble}/{happening.at.isoformat()}", writing)


def _trouble(rule: NoticeRule, machine: Machine, happening: Happening) -> str:
    """What stays the same from the beginning of a trouble to its end."""
    kind = happening.kind.value.removesuffix("-began").removesuffix("-cleared")
    kind = "supply" if kind.startswith("supply-") else kind
    return f"{rule.pk}/{machine.pk}/{kind}/{happening.subject}"[:140]


def _over(rule: NoticeRule, machine: Machine, happening: Happening, trouble: str, writing: _Writing) -> None:
    """What waits is not sent any more; where it was sent, and the rule says so, its end is told as well."""
    told = Notice.objects.filter(rule=rule, machine=machine, event_key__startswith=f"{trouble}/")
    waiting = told.filter(sent_at__isnull=True, failed_at__isnull=True)
    sent = told.filter(sent_at__isnull=False).order_by("-id").first()
    waiting.delete()
    if rule.trigger == "began-or-cleared" and sent is not None and sent.payload.get("turn") != Turn.CLEARED:
        key = f"{trouble}/{happening.at.isoformat()}/cleared"
        _write(rule, machine, happening, key, writing, turn=Turn.CLEARED)


def _write(
    rule: NoticeRule, machine: Machine, happening: Happening, key: str, writing: _Writing, *, turn: Turn = Turn.BEGAN
) -> None:
    delay = timedelta(seconds=rule.delay_s if turn is Turn.BEGAN else 0)
    due = _after_quiet(rule, happening.at + delay, writing.zone)
    payload = payload_of(rule, machine, happening, turn, writing.zone)
    ways: list[tuple[str, Webhook | None]] = [
        (Channel.WEBHOOK.value, hook) for hook in rule.webhooks.all() if hook.enabled
    ]
    if rule.mail_to:
        ways.append((Channel.MAIL.value, None))
    for channel, webhook in ways:
        writing.notices.append(
            Notice(
                tenant_id=current_tenant_id(),
                event_key=f"{key}/{webhook.pk if webhook else 'mail'}"[:200],
                rule=rule,
                machine=machine,
                channel=channel,
                webhook=webhook,
                payload=payload,
                due_at=due,
            )
        )


def repeat(sent: Notice, now: datetime) -> None:
    """After a notice was sent: where its rule repeats while the trouble lasts, the next one waits.

    It is removed like any other that waits when the trouble is over.
    """
    rule = sent.rule
    if rule is None or not rule.enabled or rule.repeat_s <= 0 or sent.payload.get("turn") != Turn.BEGAN:
        return
    number = int(sent.payload.get("number", 1)) + 1
    key = f"{sent.event_key.partition('#')[0]}#{number}"[:200]
    due = _after_quiet(rule, now + timedelta(seconds=rule.repeat_s), _zone())
    Notice.objects.get_or_create(
        event_key=key,
        defaults={
            "rule": rule,
            "machine": sent.machine,
            "channel": sent.channel,
            "webhook": sent.webhook,
            "payload": repeated(sent.payload, number),
            "due_at": due,
        },
    )


def _after_quiet(rule: NoticeRule, due: datetime, zone: ZoneInfo) -> datetime:
    """The end of quiet hours, where it would be told within them."""
    quiet = parse_windows(rule.quiet or [])
    if quiet.always or not quiet.contains(due, zone):
        return due
    return quiet.closes(due, zone) or due


def _zone() -> ZoneInfo:
    name = Policy.objects.filter(tenant_id=current_tenant_id()).values_list("time_zone", flat=True).first()
    return ZoneInfo(name or "UTC")
