"""Rules of who is told of what."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Notice, NoticeRule
from platen.fleet.notice_words import LANGUAGES
from platen.policy.fleet.notices import NoticeError, parse_notice_conditions
from platen.policy.fleet.windows import WindowError, parse_windows
from platen.policy.mail_address import is_mail_address

TRIGGERS = ("began", "began-or-cleared", "ongoing")
RECIPIENTS_MAX = 100


@transaction.atomic
def set_rule(
    rule: NoticeRule,
    *,
    by: Actor,
    groups: Iterable[int] = (),
    regions: Iterable[int] = (),
    webhooks: Iterable[int] = (),
) -> NoticeRule:
    """Keep a rule, new or changed. Raises: InvalidValue, NameTaken."""
    rule.name = rule.name.strip()
    if not rule.name or len(rule.name) > 120:
        raise InvalidValue(_("A rule has a name of 1 to 120 characters."))
    if rule.trigger not in TRIGGERS:
        raise InvalidValue(_("Choose when it tells: %(known)s.") % {"known": ", ".join(TRIGGERS)})
    if rule.trigger == "ongoing" and rule.delay_s <= 0:
        raise InvalidValue(_("Say how long it must have lasted."))
    if rule.language and rule.language not in LANGUAGES:
        raise InvalidValue(_("Choose a language: %(known)s.") % {"known": ", ".join(LANGUAGES)})
    try:
        parse_notice_conditions(rule.conditions)
        parse_windows(rule.quiet or [])
    except (NoticeError, WindowError) as error:
        raise InvalidValue(str(error)) from error
    rule.mail_to, rule.mail_cc = addresses_of(rule.mail_to), addresses_of(rule.mail_cc)
    hooks = list(webhooks)
    if not rule.mail_to and not hooks:
        raise InvalidValue(_("Say who is told: mail addresses, or a webhook."))
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError as error:
        raise NameTaken(_("There is a rule named %(name)s already.") % {"name": rule.name}) from error
    rule.groups.set(groups)
    rule.regions.set(regions)
    rule.webhooks.set(hooks)
    record_change(by, "notice_rule_set", rule.name, f"The notice rule {rule.name} was set")
    return rule


@transaction.atomic
def duplicate_rule(rule: NoticeRule, *, by: Actor) -> NoticeRule:
    """The same under another name, switched off."""
    groups, regions, hooks = (
        list(each.values_list("id", flat=True)) for each in (rule.groups, rule.regions, rule.webhooks)
    )
    name = f"{rule.name} - Copy"
    taken = set(NoticeRule.objects.filter(name__startswith=name).values_list("name", flat=True))
    rule.pk, rule.enabled = None, False
    rule._state.adding = True
    rule.name = next(each for each in (name, *(f"{name} {n}" for n in range(2, 10_000))) if each not in taken)
    return set_rule(rule, by=by, groups=groups, regions=regions, webhooks=hooks)


@transaction.atomic
def remove_rule(rule: NoticeRule, *, by: Actor) -> None:
    """Remove it; what waits is not sent."""
    Notice.objects.filter(rule=rule, sent_at__isnull=True).delete()
    record_change(by, "notice_rule_removed", rule.name, f"The notice rule {rule.name} was removed")
    rule.delete()


def addresses_of(given: str | Iterable[str] | None) -> list[str]:
    """Mail addresses, from a list or as people write them: by commas or lines. Raises: InvalidValue."""
    text = given if isinstance(given, str) else "\n".join(str(each) for each in given or ())
    found = [each.strip() for line in text.splitlines() for each in line.replace(";", ",").split(",") if each.strip()]
    if len(found) > RECIPIENTS_MAX:
        raise InvalidValue(_("At most 100 addresses."))
    for each in found:
        if not is_mail_address(each):
            raise InvalidValue(_("“%(address)s” is no mail address.") % {"address": each})
    return list(dict.fromkeys(found))
