"""From what happens to machines to notices; groups of machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platen.devices.services import add_device
from platen.eventlog.models import Event
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.events import Happening, Kind, fleet_happened
from platen.fleet.group_paths import in_tree, set_group_at
from platen.fleet.groups import groups_of, ids_in, put_into, remove_group, set_group, take_out_of
from platen.fleet.mail import MailValues, mail_secrets, set_mail_server
from platen.fleet.models import Group, Machine, Notice, NoticeRule
from platen.fleet.notice_rules import addresses_of, duplicate_rule, remove_rule, set_rule
from platen.fleet.outbox import due_notices, not_sent, remove_old_notices, send_again, sent, take
from platen.fleet.regions import set_region
from platen.fleet.telling_once import mail_of
from platen.fleet.webhooks import set_webhook, webhook_secrets
from platen.services.fleet.keeping import FleetKeeping
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
OAUTH2 = {"method": "oauth2", "token_url": "https://[::1", "client_id": "c", "client_secret": "s"}
CRITICAL = [{"what": "severity", "values": ["critical"]}]


@pytest.fixture
def machine() -> Machine:
    """A machine in the library."""
    return _machine("lib-1f", maker="Halden", model="C458", serial="HC4-1", address="10.1.2.3")


def _machine(name: str, **values: Any) -> Machine:
    made = Machine(device=add_device(name, "", by=ADMIN, location="Library"), **values)
    made.save()
    return made


def rule(**values: Any) -> NoticeRule:
    """A rule that mails the help desk of critical alerts."""
    given: dict[str, Any] = {"name": "Errors", "conditions": CRITICAL, "mail_to": ["desk@example.org"]} | values
    links = {name: given.pop(name) for name in ("groups", "regions", "webhooks") if name in given}
    return set_rule(NoticeRule(**given), by=ADMIN, **links)


def happens(
    machine: Machine, tenant: Tenant, kind: Kind, at: datetime = NOW, subject: str = "jam/1", **detail: Any
) -> None:
    """Something happens to a machine, as storing a reading tells it."""
    said = {"level": "critical", "training": "untrained", "code": "jam"} | detail
    happening = Happening(kind, machine.pk, at, subject, "Paper jam, cover B", said)
    fleet_happened.send(tenant.pk, happenings=[happening])


def waiting(at: datetime = NOW) -> list[Notice]:
    """What would be sent at a moment."""
    return [notice for _, key in due_notices(at) if (notice := Notice.objects.get(pk=key))]


def test_one_notice_for_one_event(machine: Machine, tenant: Tenant) -> None:
    """Told twice, the same event gives one notice a way; its subject names the machine.

    EMC-MONI-02 EMC-MONI-03 EMC-MONI-04
    """
    rule(subject="$DEVICENAME ($PRODUCTNAME, $SERIALNUMBER) at $IPADDRESS in $LOCATION")
    happens(machine, tenant, Kind.ALERT_BEGAN)
    happens(machine, tenant, Kind.ALERT_BEGAN)
    (notice,) = waiting()
    assert notice.payload["mail"]["subject"] == "lib-1f (C458, HC4-1) at 10.1.2.3 in Library"
    assert notice.payload["mail"]["to"] == ["desk@example.org"]


def test_many_devices_at_once(tenant: Tenant) -> None:
    """A file that brings ten times as many devices is not asked about device by device. EMC-MONI-02"""
    region = set_region("Here", "", "", by=ADMIN)
    rule(name="New", conditions=[{"what": "event", "values": ["added"]}], regions=[region.pk])
    counts = []
    for place, count in ((1, 3), (2, 30)):
        machines = [_machine(f"c-{place}-{number}", region=region) for number in range(count)]
        happened = [Happening(Kind.ADDED, each.pk, NOW) for each in machines]
        with CaptureQueriesContext(connection) as asked:
            fleet_happened.send(tenant.pk, happenings=happened)
        counts.append(sum(not each["sql"].startswith("INSERT") for each in asked.captured_queries))
    assert counts[0] == counts[1]
    assert len(waiting()) == 33


def test_what_is_over_in_the_same_breath_is_told_to_nobody(machine: Machine, tenant: Tenant) -> None:
    """Beginning and end may come in one batch of readings; what begins anew after it is told. EMC-MONI-03"""
    rule()
    said = {"level": "critical", "training": "untrained", "code": "jam"}
    steps = (Kind.ALERT_BEGAN, Kind.ALERT_CLEARED, Kind.ALERT_BEGAN)
    for count, expected in ((2, 0), (3, 1)):
        moments = [NOW + timedelta(hours=count, minutes=minute) for minute in range(count)]
        happened = [
            Happening(kind, machine.pk, at, "jam/1", "Jam", said) for kind, at in zip(steps, moments, strict=False)
        ]
        fleet_happened.send(tenant.pk, happenings=happened)
        assert Notice.objects.count() == expected


class TestTwoRules:
    """Rules that would tell the same people of the same event."""

    def test_each_is_told_once(self, machine: Machine, tenant: Tenant) -> None:
        """Whom two rules name gets the mail of the first one; the other's goes to the rest. EMC-MONI-03"""
        rule(name="a", mail_to=["desk@example.org"], mail_cc=["boss@example.org"])
        rule(name="b", mail_to=["Desk@example.org"], mail_cc=["lab@example.org"])
        rule(name="c", mail_to=["boss@example.org"])
        happens(machine, tenant, Kind.ALERT_BEGAN)
        # Taken in another order than they were made in, as several threads may.
        taken = [take(each.pk, NOW) for each in reversed(waiting())]
        mails = [mail_of(each) for each in reversed(taken) if each is not None]
        assert [(each["to"], each["cc"]) for each in mails] == [
            (["desk@example.org"], ["boss@example.org"]),
            (["lab@example.org"], []),
        ]
        last = Notice.objects.get(rule__name="c")
        assert (last.sent_at, last.error) == (NOW, "Others told everybody of it already: “a”.")

    def test_whoever_is_told_first_tells(self, machine: Machine, tenant: Tenant) -> None:
        """A rule that waits for a while holds nothing back that another tells at once. EMC-MONI-07"""
        rule(name="a", trigger="ongoing", delay_s=600)
        rule(name="b")
        happens(machine, tenant, Kind.ALERT_BEGAN)
        (first,) = waiting()
        assert first.rule is not None
        assert first.rule.name == "b"
        taken = take(first.pk, NOW)
        assert taken is not None
        sent(taken, NOW)
        later = NOW + timedelta(seconds=600)
        assert [take(each.pk, later) for each in waiting(later)] == [None]

    def test_ends_and_repetitions_follow(self, machine: Machine, tenant: Tenant) -> None:
        """The end of what another rule told is told as each rule says, and that it goes on, once each. EMC-MONI-06"""
        rule(name="a")
        for name in ("b", "c"):
            rule(name=name, trigger="began-or-cleared", repeat_s=3600)
        happens(machine, tenant, Kind.ALERT_BEGAN)
        assert [take(each.pk, NOW) is None for each in waiting()] == [False, True, True]
        hour = NOW + timedelta(hours=1)
        assert [take(each.pk, hour) is None for each in waiting(hour) if each.tries == 0] == [False, True]
        Notice.objects.filter(sent_at=None).update(sent_at=hour)
        happens(machine, tenant, Kind.ALERT_CLEARED, hour)
        over = [each for each in waiting(hour) if each.payload["turn"] == "cleared"]
        assert [take(each.pk, hour) is None for each in over] == [False, True]

    def test_one_webhook(self, machine: Machine, tenant: Tenant) -> None:
        """A webhook of two rules is called once; no event holds another one back. EMC-HOOK-01"""
        one, two = (set_webhook(name, f"https://{name}.example/", by=ADMIN) for name in ("one", "two"))
        rule(name="a", mail_to=[], webhooks=[one.pk])
        rule(name="b", mail_to=[], webhooks=[one.pk, two.pk])
        for minute in range(2):
            at = NOW + timedelta(minutes=minute)
            happens(machine, tenant, Kind.ALERT_BEGAN, at)
            assert [take(each.pk, at) is None for each in waiting(at) if each.tries == 0] == [False, True, False]

    def test_what_was_given_up_told_nobody(self, machine: Machine, tenant: Tenant) -> None:
        """Where the first one is given up before the second one's time, the second one is sent."""
        rule(name="a")
        rule(name="b", delay_s=600, trigger="ongoing")
        happens(machine, tenant, Kind.ALERT_BEGAN)
        taken = take(waiting()[0].pk, NOW)
        assert taken is not None
        not_sent(taken, "No such mailbox.", NOW, for_good=True)
        later = NOW + timedelta(seconds=600)
        assert [take(each.pk, later) is None for each in waiting(later)] == [False]


def test_its_end_is_told_where_asked_for(machine: Machine, tenant: Tenant) -> None:
    """A rule of beginnings and ends tells the end of what it told, and nothing else's. EMC-MONI-06"""
    rule(trigger="began-or-cleared")
    happens(machine, tenant, Kind.ALERT_CLEARED, subject="other")
    happens(machine, tenant, Kind.ALERT_BEGAN)
    sent(waiting()[0], NOW)
    happens(machine, tenant, Kind.ALERT_CLEARED, NOW + timedelta(minutes=9))
    (over,) = waiting(NOW + timedelta(minutes=9))
    assert over.payload["mail"]["subject"].startswith("Over: lib-1f")


def test_what_is_over_before_is_told_to_nobody(machine: Machine, tenant: Tenant) -> None:
    """With a delay, trouble that does not last is not told; what lasts is, once. EMC-MONI-07"""
    rule(trigger="ongoing", delay_s=600)
    happens(machine, tenant, Kind.ALERT_BEGAN)
    assert waiting(NOW + timedelta(seconds=599)) == []
    happens(machine, tenant, Kind.ALERT_CLEARED, NOW + timedelta(seconds=300))
    assert waiting(NOW + timedelta(hours=1)) == []
    happens(machine, tenant, Kind.ALERT_BEGAN, NOW + timedelta(hours=2))
    assert len(waiting(NOW + timedelta(hours=3))) == 1


def test_said_again_while_it_lasts(machine: Machine, tenant: Tenant) -> None:
    """A rule that repeats says it again until it is over."""
    rule(repeat_s=3600)
    happens(machine, tenant, Kind.ALERT_BEGAN)
    for hour in range(3):
        (notice,) = waiting(NOW + timedelta(hours=hour))
        sent(notice, NOW + timedelta(hours=hour))
    happens(machine, tenant, Kind.ALERT_CLEARED, NOW + timedelta(hours=2, minutes=10))
    assert waiting(NOW + timedelta(days=1)) == []
    assert Notice.objects.count() == 3


def test_quiet_hours(machine: Machine, tenant: Tenant) -> None:
    """What happens within them is told at their end, by the organisation's clock, over midnight too."""
    rule(quiet=["20:00-07:00"])
    happens(machine, tenant, Kind.ALERT_BEGAN, datetime(2026, 3, 4, 23, 15, tzinfo=UTC))
    assert Notice.objects.get().due_at == datetime(2026, 3, 5, 7, 0, tzinfo=UTC)


def test_by_group_and_region(machine: Machine, tenant: Tenant) -> None:
    """A rule for a group or a region speaks of its machines only. EMC-MONI-05"""
    colour = set_group("Halden", by=ADMIN, conditions=[{"item": "maker", "op": "equals", "values": ["halden"]}])
    north = set_region("North", "10.1.0.0/16", "", by=ADMIN)
    elsewhere = _machine("eng-1", maker="Kestrel")
    rule(name="a", groups=[colour.pk])
    rule(name="b", regions=[north.pk])
    machine.refresh_from_db()
    happens(machine, tenant, Kind.ALERT_BEGAN)
    happens(elsewhere, tenant, Kind.ALERT_BEGAN)
    assert sorted((each.rule.name, each.machine_id) for each in Notice.objects.all() if each.rule) == [
        ("a", machine.pk),
        ("b", machine.pk),
    ]


def test_what_is_not_managed_is_silent(machine: Machine, tenant: Tenant) -> None:
    """Nobody is told of machines that were removed from management, nor by rules that are switched off."""
    rule(name="off", enabled=False)
    happens(machine, tenant, Kind.ALERT_BEGAN)
    Machine.objects.update(managed=False)
    rule()
    happens(machine, tenant, Kind.ALERT_BEGAN)
    assert not Notice.objects.exists()


def test_copied_and_removed(machine: Machine, tenant: Tenant) -> None:
    """A copy is switched off; what waits of a removed rule is not sent. EMC-MONI-15 EMC-MONI-16"""
    made = rule()
    happens(machine, tenant, Kind.ALERT_BEGAN)
    copy = duplicate_rule(NoticeRule.objects.get(pk=made.pk), by=ADMIN)
    assert (copy.name, copy.enabled, copy.conditions) == ("Errors - Copy", False, CRITICAL)
    remove_rule(made, by=ADMIN)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"name": " "},
        {"conditions": []},
        {"trigger": "whenever"},
        {"trigger": "ongoing"},
        {"quiet": ["25:00-26:00"]},
        {"mail_to": []},
        {"mail_to": ["not an address"]},
    ],
)
def test_what_is_no_rule(values: dict[str, Any]) -> None:
    """A rule that makes no sense is refused with a sentence."""
    with pytest.raises(InvalidValue, match=r"\."):
        rule(**values)


def test_addresses_as_people_write_them() -> None:
    """By commas, semicolons or lines, each once. EMC-MONI-03 EMC-TASK-11"""
    assert addresses_of("a@b.example, c@d.example;\na@b.example") == ["a@b.example", "c@d.example"]


class TestOutbox:
    """Notices that wait."""

    @pytest.fixture
    def notice(self, machine: Machine, tenant: Tenant) -> Notice:
        """One that waits."""
        rule()
        happens(machine, tenant, Kind.ALERT_BEGAN)
        return Notice.objects.get()

    def test_taken_once(self, notice: Notice) -> None:
        """While one is being sent nobody else takes it; what a dead process took comes back."""
        assert take(notice.pk, NOW) is not None
        assert take(notice.pk, NOW) is None
        assert take(notice.pk, NOW + timedelta(minutes=10)) is not None

    def test_tried_again_and_given_up(self, notice: Notice) -> None:
        """Ever later, then given up with a line in the event log; from there it can be sent again."""
        moment, pauses = NOW, []
        for _ in range(12):
            taken = take(notice.pk, moment)
            assert taken is not None
            not_sent(taken, "Nobody answers.", moment)
            taken.refresh_from_db()
            pauses.append(taken.due_at - moment)
            moment = taken.due_at
        assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
        assert max(pauses) == timedelta(hours=6)
        assert Event.objects.filter(kind="notice_given_up", message__contains="Nobody answers").count() == 1
        assert take(notice.pk, moment + timedelta(days=9)) is None
        send_again(notice, moment)
        assert take(notice.pk, moment) is not None

    def test_old_ones_go(self, notice: Notice) -> None:
        """What was sent longer ago than states are kept is removed in the round of a day, what waits is not."""
        later = notice.created_at + timedelta(days=4000)
        assert remove_old_notices(later) == 0
        sent(notice, NOW)
        FleetKeeping().step(notice.created_at + timedelta(days=399))
        assert Notice.objects.exists()
        FleetKeeping().step(notice.created_at + timedelta(days=401))
        assert not Notice.objects.exists()


class TestGroups:
    """Machines put together."""

    def test_by_hand_and_by_conditions(self, machine: Machine) -> None:
        """A machine is in groups by hand and by conditions, and in all that these are part of.

        EMC-DGRP-01 EMC-DGRP-03
        """
        site = set_group("Site", by=ADMIN)
        library = set_group("Library", by=ADMIN, parent=site)
        halden = set_group("Halden", by=ADMIN, conditions=[{"item": "maker", "op": "equals", "values": ["Halden"]}])
        other = _machine("eng-1", maker="Kestrel")
        assert put_into(library, [machine.pk, other.pk, 10**9], by=ADMIN) == 2
        assert groups_of([machine.pk, other.pk]) == {
            machine.pk: {site.pk, library.pk, halden.pk},
            other.pk: {site.pk, library.pk},
        }
        assert ids_in(site) == {machine.pk, other.pk}
        assert ids_in(halden) == {machine.pk}
        assert take_out_of(library, [other.pk], by=ADMIN) == 1
        remove_group(site, by=ADMIN)
        assert groups_of([machine.pk])[machine.pk] == {halden.pk}

    def test_the_kind_may_change(self, machine: Machine) -> None:
        """From conditions to by hand it begins with what the conditions held, lifting an old limit. EMC-DGRP-02"""
        group = set_group("Halden", by=ADMIN, conditions=[{"item": "maker", "op": "equals", "values": ["Halden"]}])
        with pytest.raises(InvalidValue, match="conditions"):
            put_into(group, [machine.pk], by=ADMIN)
        set_group("Halden", by=ADMIN, group=group)
        assert ids_in(group) == {machine.pk}

    def test_levels_at_once(self, machine: Machine) -> None:
        """A name with colons makes the levels that are not there yet; the list shows each below what it is part of.

        EMC-DGRP-04
        """
        floor = set_group_at("Site:Library:1st floor", by=ADMIN)
        other = set_group_at(" Site : Annex ", by=ADMIN, comment="new")
        put_into(floor, [machine.pk], by=ADMIN)
        assert [path for _group, path in in_tree(Group.objects.order_by("pk"))] == [
            *("Site", "Site:Annex", "Site:Library", "Site:Library:1st floor"),
        ]
        assert ids_in(Group.objects.get(name="Site")) == {machine.pk}
        assert (other.parent, other.comment) == (Group.objects.get(name="Site"), "new")
        set_group_at("Other:Annex", by=ADMIN, group=other)
        assert other.parent is not None
        assert other.parent.name == "Other"
        for wrong in ("Site:", ":Site", "a::b", ":".join("x" * 40)):
            with pytest.raises(InvalidValue, match="levels"):
                set_group_at(wrong, by=ADMIN)

    def test_regions_of_a_group(self, machine: Machine) -> None:
        """A group of regions takes only their machines. EMC-REGN-03 EMC-DGRP-05"""
        south = set_region("South", "10.9.0.0/16", "", by=ADMIN)
        group = set_group("South", by=ADMIN, regions=[south.pk])
        with pytest.raises(InvalidValue, match="regions"):
            put_into(group, [machine.pk], by=ADMIN)

    def test_what_is_no_group(self) -> None:
        """No name, a name twice, a group inside itself: refused with a sentence."""
        site = set_group("Site", by=ADMIN)
        inner = set_group("Inner", by=ADMIN, parent=site)
        for wrong in ({"name": " "}, {"name": "x", "conditions": [{"item": "mood"}]}):
            with pytest.raises(InvalidValue):
                set_group(**wrong, by=ADMIN)  # type: ignore[arg-type]  # of a dict of mixed values
        with pytest.raises(NameTaken):
            set_group("Site", by=ADMIN)
        with pytest.raises(InvalidValue, match="itself"):
            set_group("Site", by=ADMIN, group=site, parent=inner)


class TestWays:
    """How notices go out."""

    def test_secrets_go_to_nobody_else(self) -> None:
        """Another address gets the secret only when it is given again; stored secrets are sealed. EMC-HOOK-01"""
        hook = set_webhook("chat", "https://chat.example/hook", by=ADMIN, secret="word-of-trust")
        assert b"word" not in bytes(hook.secret or b"")
        set_webhook("chat", "https://chat.example/hook", by=ADMIN, webhook=hook)
        assert webhook_secrets(hook) == ("word-of-trust", "")
        with pytest.raises(InvalidValue, match="again"):
            set_webhook("chat", "https://evil.example/", by=ADMIN, webhook=hook)
        with pytest.raises(InvalidValue):
            set_webhook("x", "file:///etc/passwd", by=ADMIN)

    @pytest.mark.parametrize(
        "given",
        [
            *({"url": "http://[::1"}, {"url": "http://127.0.0.1:99999/"}, {"url": "https://me:word@chat.example/"}),
            *({"url": "https://chat.example/", "proxy": each} for each in ("http://[::1", "proxy:3128", "socks://x")),
        ],
    )
    def test_addresses_that_cannot_be_called(self, given: dict[str, str]) -> None:
        """An address that cannot be called, or would show a password in lists, is refused. EMC-HOOK-01"""
        with pytest.raises(InvalidValue, match=r"\.$"):
            set_webhook("chat", by=ADMIN, **given)

    def test_a_proxy_that_is_signed_in_at(self) -> None:
        """A proxy's address may hold how one signs in there. EMC-HOOK-03"""
        assert set_webhook("c", "https://c.example/", by=ADMIN, proxy=" http://u:p@proxy:3128 ").proxy[-1] == "8"

    def test_a_token_of_its_own(self) -> None:
        """It is set, kept and taken away apart from the secret, and does not break the request's line. EMC-HOOK-01"""
        hook = set_webhook("chat", "http://chat.example/hook", by=ADMIN, secret="word-of-trust", token="for-you")
        assert webhook_secrets(hook) == ("word-of-trust", "for-you")
        assert hook.in_the_open
        with pytest.raises(InvalidValue, match="token again"):
            set_webhook("chat", "https://other.example/", by=ADMIN, webhook=hook, secret="word-of-trust")
        with pytest.raises(InvalidValue, match="ASCII"):
            set_webhook("chat", hook.url, by=ADMIN, webhook=hook, token="a\r\nb")
        set_webhook("chat", hook.url, by=ADMIN, webhook=hook, token="")
        assert webhook_secrets(hook) == ("word-of-trust", "")

    def test_the_mail_server(self) -> None:
        """Its password stays when it is not typed again, and goes to no other server. EMC-PREF-02"""
        values = MailValues(host="mail.example", sender="p@example.org", user="p", password="long secret")
        set_mail_server(values, by=ADMIN)
        kept = set_mail_server(_with(values, password="", port=25), by=ADMIN)
        assert (kept.port, mail_secrets(kept)) == (25, {"password": "long secret"})
        for wrong in (
            {"host": "other.example"},
            {"security": "none"},
            {"sender": "nobody"},
            {"method": "oauth2"},
            OAUTH2,
        ):
            with pytest.raises(InvalidValue, match=r"\."):
                set_mail_server(_with(values, **{"password": "", **wrong}), by=ADMIN)


def _with(values: MailValues, **changed: Any) -> MailValues:
    return replace(values, **changed)
