"""Reports of the fleet: whatever is wished, as a table."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from platen.access.regions import limit_to_regions
from platen.directory.models import Role
from platen.directory.services import create_user
from platen.eventlog.areas import area_of
from platen.eventlog.audit import record_audit
from platen.fleet.errors import InvalidValue
from platen.fleet.group_paths import set_group_at
from platen.fleet.groups import put_into, set_group
from platen.fleet.models import Alert, Machine, MonthMeters, Region, StateSpan, Supply
from platen.fleet.regions import set_region
from platen.fleet.report_mails import report_mail
from platen.fleet.reports import KINDS, Wish, columns_to_choose, report, wish_of
from platen.fleet.reports.choices import keep_wish, kept_wish
from platen.policy.fleet.month_days import MonthDays
from platen.tenants.context import acting_within
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import machine

pytestmark = pytest.mark.usefixtures("tenant")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def counted(made: Machine, month: date, days: dict[int, dict[str, int]]) -> None:
    """What a machine counted on days of a month."""
    kept = MonthDays()
    sums: dict[str, int] = {}
    for number, moved in days.items():
        kept.add(number, moved)
        sums = {name: sums.get(name, 0) + moved.get(name, 0) for name in {*sums, *moved}}
    pages, color = sums.pop("total", 0), sums.pop("total.color", 0)
    MonthMeters.objects.create(machine=made, day=month, pages=pages, color=color, moved=sums, days=kept.text)


@pytest.fixture
def fleet() -> dict[str, Machine]:
    """Two copiers in regions of their own, and a printer that was never read."""
    north, south = (set_region(name, "", "", by=ADMIN) for name in ("North", "South"))
    functions = {"functions": ["copy", "print"], "notes": ['says "scan"']}
    common: dict[str, Any] = {"maker": "Halden", "counted_at": NOW, "firmware": "4.1", "facts": functions}
    one = machine("one", address="127.0.0.2", model="C458", region=north, meters={"total": 900, "copy": 40}, **common)
    two = machine("two", address="127.0.0.3", model="C558", region=south, meters={"total": 90}, **common)
    plain = machine("plain", address="127.0.0.4", model="P1", facts={"functions": ["print"]})
    counted(one, date(2026, 9, 1), {3: {"total": 50}})
    counted(one, date(2026, 10, 1), {5: {"total": 100, "total.color": 20, "copy": 10}})
    counted(one, date(2026, 11, 1), {16: {"total": 7}, 25: {"total": 2, "copy": 1}, 26: {"total": 1}})
    counted(two, date(2026, 10, 1), {31: {"total": 30}})
    return {"one": one, "two": two, "plain": plain}


def rows(wish: Wish, **more: Any) -> list[list[object]]:
    """The whole table, without its head."""
    return list(report(wish, now=NOW, **more).rows)


def named(wish: Wish, *keys: str) -> list[list[object]]:
    """Some of its columns."""
    table = report(wish, now=NOW)
    places = [[column.key for column in table.columns].index(key) for key in keys]
    return [[row[place] for place in places] for row in table.rows]


def test_one_counter_of_each_device(fleet: dict[str, Machine]) -> None:
    """A line for each device that counts, a column for each month, their sum, and the last two whole ones compared.

    EMC-REPT-05 EMC-REPT-06 EMC-RMAI-04
    """
    wish = Wish("usage", periods=3)
    table = report(wish, now=NOW)
    assert table.head[-5:] == ["2026-09", "2026-10", "2026-11", "Sum", "Change, %"]
    assert named(wish, "name", "p0", "p1", "p2", "sum", "change") == [
        ["one", 50, 100, 10, 160, 100.0],
        ["two", None, 30, 0, 30, None],
    ]
    assert named(Wish("usage", counter="copy", periods=2), "name", "p0", "p1") == [["one", 10, 1], ["two", 0, 0]]


def test_a_month_without_pages(fleet: dict[str, Machine]) -> None:
    """It is 0 where a device was read and printed nothing, and nothing where it was not known yet, did not answer, or
    is read no longer; of a part of the fleet it is 0 where one of its devices was read. EMC-REPT-05"""
    two = fleet["two"]
    MonthMeters.objects.filter(machine=two).update(day=date(2026, 5, 1))

    def away(state: str, began: date, ended: date | None) -> None:
        times = (datetime(each.year, each.month, each.day, 9, tzinfo=UTC) if each else None for each in (began, ended))
        StateSpan.objects.create(machine=two, state=state, **dict(zip(("began_at", "ended_at"), times, strict=True)))

    away("off", date(2026, 6, 20), date(2026, 7, 10))  # into July, which it still answered in
    away("silent", date(2026, 7, 30), date(2026, 8, 20))
    away("off", date(2026, 8, 20), date(2026, 9, 1))
    Machine.objects.filter(pk=two.pk).update(counted_at=datetime(2026, 10, 3, tzinfo=UTC))
    months = [f"p{place}" for place in range(8)]  # from April on
    assert named(Wish("usage", periods=8, model="C558"), *months) == [[None, 30, 0, 0, None, 0, 0, None]]
    assert named(Wish("usage", by="region", periods=8, model="C558"), *months) == [[None, 30, 0, 0, None, 0, 0, None]]
    named_days = named(Wish("usage", interval="day", periods=92, model="C558"), "p35", "p36", "p37", "p38", "p39")
    assert named_days == [[0, 0, 0, None, None]]  # the third of October is the last that is known
    (line,) = rows(Wish("usage", by="group", periods=8, model="C558"))
    assert line[2:10] == [None, 30, 0, 0, None, 0, 0, None]


@pytest.mark.parametrize(
    ("interval", "heads", "values"),
    [
        ("day", ("2026-11-25", "2026-11-26"), (2, 1)),
        ("week", ("2026-W47", "2026-W48"), (7, 3)),
        ("month", ("2026-10", "2026-11"), (100, 10)),
        ("year", ("2025", "2026"), (None, 160)),
    ],
)
def test_periods(fleet: dict[str, Machine], interval: str, heads: tuple[str, str], values: tuple[int, int]) -> None:
    """Days, weeks, months and years of the same device. EMC-REPT-06"""
    table = report(Wish("usage", interval=interval, periods=2), [fleet["one"].pk], now=NOW)
    (row,) = table.rows
    assert (tuple(table.head[5:7]), tuple(row[5:7])) == (heads, values)


def test_every_counter_of_all_devices_and_of_one(fleet: dict[str, Machine]) -> None:
    """Counters that moved, summed over devices; of one device its own. EMC-REPT-05 EMC-REPT-07"""
    wish = Wish("usage", by="counter", periods=2)
    assert rows(wish) == [
        ["total", 130, 10, 140, None],
        ["total.color", 20, 0, 20, None],
        ["copy", 10, 1, 11, None],
    ]
    assert [row[:2] for row in rows(wish, machine_ids=[fleet["two"].pk])] == [["total", 30]]


def test_sums_of_parts_of_the_fleet(fleet: dict[str, Machine]) -> None:
    """By region or group, with how many devices count in each, and all together once. EMC-REPT-02"""
    both = set_group("Both", by=ADMIN, conditions=[{"item": "maker", "op": "equals", "values": ["Halden"]}])
    set_group("Large", by=ADMIN, conditions=[{"item": "model", "op": "equals", "values": ["C558"]}])
    wish = Wish("usage", by="region", periods=2)
    assert [row[:4] for row in rows(wish)] == [["North", 1, 100, 10], ["South", 1, 30, 0], ["All", 2, 130, 10]]
    by_days = Wish("usage", by="region", interval="week", periods=9)
    assert [(row[0], row[1], row[-2]) for row in rows(by_days)] == [
        ("North", 1, 110),
        ("South", 1, 30),
        ("All", 2, 140),
    ]
    assert [row[:4] for row in rows(Wish("usage", by="location", counter="total.color", periods=2))] == [
        ["–", 2, 20, 0]
    ]
    by_group = Wish("usage", by="group", periods=2)
    assert [row[:4] for row in rows(by_group)] == [["Both", 2, 130, 10], ["Large", 1, 30, 0], ["All", 2, 130, 10]]
    region = Region.objects.get(name="South")
    assert [row[0] for row in rows(Wish("counters", region=region.pk))] == ["two"]
    assert [row[0] for row in rows(Wish("counters", group=both.pk))] == ["one", "two"]
    assert rows(Wish("counters", group=99_999)) == []


def test_groups_of_one_name(fleet: dict[str, Machine]) -> None:
    """Two groups of one name in different groups are two lines, each with its path."""
    for site, name in (("North", "one"), ("South", "two")):
        put_into(set_group_at(f"{site}:Floor 1", by=ADMIN), [fleet[name].pk], by=ADMIN)
    found = rows(Wish(by="group", interval="month", periods=2, columns=("sum",)))
    assert [(row[0], row[-1]) for row in found] == [
        *(("North", 110), ("North:Floor 1", 110), ("South", 30), ("South:Floor 1", 30)),
        ("All", 140),
    ]


def test_devices_of_a_category(fleet: dict[str, Machine]) -> None:
    """Those that only print, and those that do more; what stands in a note is no function. EMC-REPT-04"""
    Machine.objects.filter(pk=fleet["plain"].pk).update(facts={"functions": ["print"], "notes": ['"scan" "copy"']})
    assert [row[0] for row in rows(Wish("devices", category="multifunction"))] == ["one", "two"]
    assert [row[0] for row in rows(Wish("devices", category="printer"))] == ["plain"]


def test_life_counters(fleet: dict[str, Machine]) -> None:
    """Every counter since the device was made, print, copy and scan; devices that count nothing are left out.

    EMC-REPT-04 EMC-REPT-05 EMC-REPT-08
    """
    table = report(Wish("counters"), now=NOW)
    assert {"total", "print", "copy", "scan"} <= set(table.head)
    assert named(Wish("counters"), "name", "meter.total", "meter.copy") == [["one", 900, 40], ["two", 90, None]]
    assert named(Wish("counters", counters=("copy",)), "name", "meter.copy") == [["one", 40], ["two", None]]


def test_supplies_of_a_kind(fleet: dict[str, Machine]) -> None:
    """What is left in each device, of every kind or of one. EMC-REPT-12 EMC-RMAI-08"""
    said: dict[str, Any] = {"machine": fleet["one"], "state": "level", "color": "black"}
    Supply.objects.create(key="1", kind="toner-cartridge", percent=30, days_left=12, description="Black", **said)
    Supply.objects.create(key="2", kind="waste-toner", percent=80, **said)
    Supply.objects.create(key="3", kind="staples", percent=5, **said)
    Supply.objects.create(key="4", kind="toner", **{**said, "state": "missing"})
    keys = ("name", "supply", "percent", "days_left")
    assert named(Wish("supplies", supply="toner"), *keys) == [["one", "Black", 30, 12]]
    assert [row[1] for row in named(Wish("supplies"), *keys)] == ["Black", "waste-toner", "staples"]
    assert [row[1] for row in named(Wish("supplies", supply="other"), *keys)] == ["staples"]


def test_firmware_against_others_of_the_model(fleet: dict[str, Machine]) -> None:
    """What each runs, whether most of its model do, of all models or of one. EMC-REPT-13 EMC-RMAI-07"""
    for number, version in enumerate(("4.2", "4.2")):
        machine(f"more {number}", address=f"127.0.0.{9 + number}", model="C458", firmware=version)
    keys = ("name", "firmware", "alike", "of_model", "most", "is_most")
    assert named(Wish("firmware", model="C458"), *keys) == [
        ["more 0", "4.2", 2, 3, "4.2", "yes"],
        ["more 1", "4.2", 2, 3, "4.2", "yes"],
        ["one", "4.1", 1, 3, "4.2", "no"],
    ]
    assert ["two", "4.1", 1, 1, "4.1", "yes"] in named(Wish("firmware"), *keys)
    assert "plain" not in [row[0] for row in rows(Wish("firmware"))]


def test_alerts_of_the_last_days(fleet: dict[str, Machine]) -> None:
    """What was reported in the days of the wish, and for how long; what was over before is left out."""
    said: dict[str, Any] = {"machine": fleet["one"], "severity": 2, "level": "critical", "training": "trained"}
    began = NOW - timedelta(days=10)
    Alert.objects.create(key="1", code="jam", began_at=began, cleared_at=began + timedelta(hours=3), **said)
    Alert.objects.create(key="2", code="cover-open", began_at=began - timedelta(days=90), **said)
    keys = ("name", "alert", "severity", "helper", "hours")
    assert named(Wish("alerts", days=15), *keys) == [
        ["one", "Paper jam", "Error", "Trained people", 3.0],
        ["one", "A cover is open", "Error", "Trained people", 2400.0],
    ]
    assert [row[1] for row in named(Wish("alerts", days=5), *keys)] == ["A cover is open"]


def test_shares_of_time_by_period(fleet: dict[str, Machine]) -> None:
    """Of each day the share of time in the states of a choice. EMC-REPT-11 EMC-RMAI-05"""
    one = fleet["one"]
    Machine.objects.all().update(found_at=NOW - timedelta(days=60))
    begin = NOW - timedelta(days=1)  # noon
    StateSpan.objects.create(machine=one, state="ready", began_at=NOW - timedelta(days=30), ended_at=begin)
    StateSpan.objects.create(machine=one, state="error", began_at=begin, ended_at=begin + timedelta(hours=6))
    StateSpan.objects.create(machine=one, state="silent", began_at=begin + timedelta(hours=6))
    days = Wish("shares", interval="day", periods=2)
    table = report(days, [one.pk], now=NOW)
    assert table.head[5:] == ["2026-11-25", "2026-11-26"]
    assert [row[5:] for row in table.rows] == [[25.0, 0.0]]
    silent = Wish("shares", interval="day", periods=2, of="silent")
    assert [row[5:] for row in rows(silent, machine_ids=[one.pk])] == [[25.0, 100.0]]


def test_the_audit_trail_of_one_and_about_one_area() -> None:
    """Who changed what, by person and by area. EMC-REPT-14 EMC-RMAI-09"""
    record_audit(ADMIN, "task_added", "Read")
    record_audit(ADMIN, "card_added", "04A1")
    keys = ("actor", "verb", "area", "subject")
    assert named(Wish("audit", area="tasks"), *keys) == [[ADMIN.name, "task_added", "Tasks", "Read"]]
    assert [row[1] for row in named(Wish("audit", person=ADMIN.name), *keys)][:2] == ["card_added", "task_added"]
    assert rows(Wish("audit", person="nobody")) == []


def test_the_audit_trail_is_mailed_as_far_as_its_person_sees_it() -> None:
    """Nothing of it for a task that is for some regions, or whose person's rights end at regions or no longer reach it;
    whole for who may see it, and for who is at the command line. EMC-RMAI-09 EMC-REGN-05"""
    settings = {"report": "audit", "format": "csv", "to": ["a@example.org"]}
    people = {role: create_user(role.value, by=ADMIN, role=role) for role in (Role.AUDITOR, Role.DEVICE_MANAGER)}
    north = set_region("North", "", "", by=ADMIN)
    for by in ("root", "auditor"):
        assert report_mail(settings, None, NOW, by=by)[1] > 0
    with acting_within([north.pk]), pytest.raises(InvalidValue, match="of the whole organisation"):
        report_mail(settings, None, NOW, by="auditor")
    with pytest.raises(InvalidValue, match="device-manager may not see"):
        report_mail(settings, None, NOW, by="device-manager")
    limit_to_regions(people[Role.AUDITOR], [north.pk], by=ADMIN)
    with pytest.raises(InvalidValue, match="auditor may not see"):
        report_mail(settings, None, NOW, by="auditor")


def test_every_change_is_about_an_area() -> None:
    """Whatever is audited is found under what it is about."""
    verbs = set()
    for path in Path(settings.BASE_DIR).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in {"record_change", "record_audit"} and len(node.args) > 1:  # type: ignore[attr-defined]  # a call
                said = node.args[1]  # type: ignore[attr-defined]  # as above
                verbs |= {said.value} if isinstance(said, ast.Constant) else set()
    assert len(verbs) > 50
    assert {verb for verb in verbs if not area_of(verb)} == set()


def test_columns_are_chosen(fleet: dict[str, Machine]) -> None:
    """Information that is wished, in the report's order; what no report has is not looked at. EMC-RMAI-06"""
    table = report(Wish("devices", columns=("region", "name", "nonsense")), now=NOW)
    assert table.head == ["Name", "Region"]
    assert next(iter(table.rows)) == ["one", "North"]
    assert len(report(Wish("devices", columns=("nonsense",)), now=NOW).head) > 5
    for kind in KINDS:
        for column in columns_to_choose(kind):
            assert column.title in report(Wish(kind, columns=(column.key,)), now=NOW).head


@pytest.mark.parametrize("kind", KINDS)
def test_every_report_can_be_made(fleet: dict[str, Machine], kind: str) -> None:
    """Whatever is known, each has as many cells in a line as heads."""
    now = timezone.now()
    Supply.objects.create(machine=fleet["one"], key="1", kind="toner", state="some")
    Alert.objects.create(machine=fleet["one"], key="a", severity=1, began_at=now, training="other")
    table = report(Wish(kind))
    lines = list(table.rows)
    assert lines
    assert {len(line) for line in lines} == {len(table.head)}


def test_orders(fleet: dict[str, Machine]) -> None:
    """By name, or those first that counted most."""
    Machine.objects.filter(pk=fleet["two"].pk).update(pages=1_000)
    Machine.objects.filter(pk=fleet["one"].pk).update(pages=10)
    assert [row[0] for row in rows(Wish("counters"))] == ["one", "two"]
    assert [row[0] for row in rows(Wish("counters", order="most"))] == ["two", "one"]


class TestWishes:
    """What is asked for, as it is typed and stored."""

    def test_comes_back_as_it_was(self) -> None:
        """Only what is not as usual is stored, and read again it is the same."""
        wish = wish_of("usage", {"by": "region", "interval": "week", "periods": "10", "columns": "devices"})
        assert wish.as_json() == {"by": "region", "interval": "week", "periods": 10, "columns": ["devices"]}
        assert wish_of("usage", wish.as_json()) == wish
        assert wish_of("usage", {}) == Wish("usage")

    @pytest.mark.parametrize(
        "given",
        [
            {"by": "nobody"},
            {"interval": "minute"},
            {"of": "bliss"},
            {"category": "plotter"},
            {"supply": "tea"},
            {"order": "luck"},
            {"periods": "-3"},
            {"days": "soon"},
            {"counter": "Total; DROP"},
            {"counters": ["total", "#"]},
        ],
    )
    def test_nonsense_is_refused(self, given: dict[str, Any]) -> None:
        """With a sentence that says what there is."""
        with pytest.raises(InvalidValue, match=r"\w{4,}"):
            wish_of("usage", given)
        with pytest.raises(InvalidValue, match="usage, counters"):
            wish_of("weather", {})

    def test_is_kept_for_the_person(self) -> None:
        """Each person finds each report as they left it; what fits no more is as usual. EMC-REPT-03"""
        keep_wish(7, Wish("usage", by="region", order="most"))
        keep_wish(7, Wish("supplies", supply="ink"))
        assert kept_wish(7, "usage") == Wish("usage", by="region", order="most")
        assert kept_wish(8, "usage") == Wish("usage")
        keep_wish(7, Wish("usage", by="gone"))
        assert kept_wish(7, "usage") == Wish("usage")
