"""Meters over time: moves, days, months, doubts, and what they were at any moment."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from platen.eventlog.models import Event
from platen.fleet.accepting import accept_identity
from platen.fleet.errors import InvalidValue
from platen.fleet.events import Kind
from platen.fleet.history import (
    days_of,
    fleet_months,
    months_of,
    page_of_days,
    page_of_readings,
    top_machines,
)
from platen.fleet.meters_at import meters_at, moves_of
from platen.fleet.models import MeterReading, MonthMeters
from platen.policy.fleet.month_days import MonthDays
from platen.protocols.snmp.ber import element
from platen.protocols.snmp.oids import encode_oid
from platen.protocols.snmp.values import Tag, decode_varbinds
from platen.readings.reading import read
from platen.tenants.models import Policy, Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.machines import START, WHO, Watching, machine, reading


@pytest.fixture
def watched(tenant: Tenant) -> Watching:
    """A machine that is read."""
    return Watching(machine())


class TestMoves:
    def test_readings_keep_what_moved(self, watched: Watching) -> None:
        """A reading's row has the meters that moved and nothing else."""
        watched.read(reading(total=100, copy=7))
        watched.read(reading(total=130, copy=7))
        watched.read(reading(total=130, copy=7))
        assert [each.moved for each in page_of_readings(watched.machine)] == [{"total": 30}, {}]

    def test_days_and_months_add_up(self, watched: Watching) -> None:
        """Moves of readings are those of days, and of months."""
        for hours, total in ((1, 100), (1, 110), (24, 150), (24 * 30, 190)):
            watched.read(reading(total=total, total__color=total // 10, scan=total * 2), hours=hours)
        days = days_of(watched.machine, date(2026, 3, 1), date(2026, 4, 30))
        assert [(each.day.isoformat(), each.pages) for each in days] == [
            ("2026-03-02", 10),
            ("2026-03-03", 40),
            ("2026-04-02", 40),
        ]
        months = months_of(watched.machine)
        assert [(each.day.isoformat(), each.pages, each.color) for each in months] == [
            ("2026-04-01", 40, 4),
            ("2026-03-01", 50, 5),
        ]
        assert months[1].moved == {"scan": 100}
        assert watched.machine.pages_month == 40
        assert fleet_months(date(2026, 3, 1), date(2026, 4, 30)) == {
            date(2026, 3, 1): (50, 5),
            date(2026, 4, 1): (40, 4),
        }

    def test_a_day_is_that_of_the_machine_s_place(self, policy: Policy, watched: Watching) -> None:
        """Half past eleven in the evening in London is the next day in Berlin. EMC-REPT-08"""
        policy.time_zone = "Europe/Berlin"
        policy.save()
        other = Watching(machine("London", address="127.20.1.9", time_zone="Europe/London"))
        for each, serial in ((watched, "A"), (other, "B")):
            each.now = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
            each.read(reading(total=100, identity=replace(WHO, serial=serial)))
            each.read(reading(total=110, identity=replace(WHO, serial=serial)))
        for each, day in ((watched, date(2026, 3, 3)), (other, date(2026, 3, 2))):
            assert [found.day for found in page_of_days(each.machine) if found.pages == 10] == [day]

    def test_a_new_month_begins_with_nothing(self, watched: Watching) -> None:
        """On the first reading of a month the month's pages begin anew, also where nothing moved."""
        watched.read(reading(total=100))
        watched.read(reading(total=150))
        watched.read(reading(total=150), hours=24 * 31)
        assert watched.machine.pages_month == 0

    def test_a_gap_is_explained(self, watched: Watching) -> None:
        """Pages that were counted while nobody read stand on one day, which says so."""
        watched.read(reading(total=100))
        watched.read(reading(total=400), hours=24 * 5)
        (day,) = days_of(watched.machine, date(2026, 3, 7), date(2026, 3, 7))
        assert (day.pages, "2026-03-02" in day.gap) == (300, True)

    def test_those_with_most_and_fewest(self, tenant: Tenant) -> None:
        """The machines that counted most pages in a month, and those that counted fewest."""
        for number, pages in enumerate((5, 500, 50)):
            each = Watching(machine(f"M{number}", address=f"127.20.2.{number}"))
            each.read(reading(total=100, identity=replace(WHO, serial=str(number), mac="")))
            each.read(reading(total=100 + pages, identity=replace(WHO, serial=str(number), mac="")))
        assert [each.machine.device.name for each in top_machines(date(2026, 3, 9), 2)] == ["M1", "M2"]
        assert top_machines(date(2026, 3, 9), 1, fewest=True)[0].pages == 5


class TestDoubt:
    def test_a_million_million_pages_are_kept_marked_and_explained(self, watched: Watching) -> None:
        """A reading that cannot be is stored as it was read, with why, and counts nothing."""
        watched.read(reading(total=1_000))
        assert Kind.SUSPICIOUS in watched.read(reading(total=10**12))
        assert Kind.SUSPICIOUS not in watched.read(reading(total=10**12))
        found = watched.machine
        assert (found.pages, found.pages_month) == (1_000, 0)
        assert "no machine has counted" in found.suspicion
        assert found.surveyed_at is None  # everything is asked the next time: it may be another machine
        kept = MeterReading.objects.exclude(suspicion="").first()
        assert kept is not None
        assert (kept.moved, kept.pages) == ({}, 10**12)
        assert Event.objects.filter(kind="meters_suspicious").count() == 1

    def test_it_goes_on_where_it_was(self, watched: Watching) -> None:
        """After a wrong reading the next right one is compared with the last that was believed."""
        for total in (1_000, 0, 1_020):
            watched.read(reading(total=total))
        assert (watched.machine.pages, watched.machine.pages_month, watched.machine.suspicion) == (1_020, 20, "")

    def test_a_reset_is_believed_and_no_usage(self, watched: Watching) -> None:
        """A counter that was reset is believed when the readings after it agree, and what it printed meanwhile counts;
        the way back is no usage, and the day says what happened."""
        watched.read(reading(total=50_000))
        kinds = [watched.read(reading(total=total)) for total in (3, 9, 20, 25)]
        assert [Kind.BELIEVED in each for each in kinds] == [False, False, True, False]
        assert (watched.machine.pages, watched.machine.pages_month) == (25, 22)
        (day,) = page_of_days(watched.machine)
        assert day.gap.startswith("The meter total went from 50,000 back to 3, as after a reset.")
        assert "(17 since)" in day.gap

    def test_days_and_months_count_what_was_printed_in_doubt(self, watched: Watching) -> None:
        """Daily readings of 1,000 to 2,200, then 5, 105 and 205: the month has 1,400 pages, 200 of them on the day on
        which the reset is believed, and the meters at each moment are those that were believed then."""
        for total in (*range(1_000, 2_300, 100), 5, 105, 205, 215):
            watched.read(reading(total=total), hours=24)
        assert (watched.machine.pages, watched.machine.pages_month) == (215, 1_410)
        assert [day.pages for day in page_of_days(watched.machine)][:3] == [10, 200, 100]
        believed = watched.now - timedelta(hours=24)
        for at, total in ((watched.now, 215), (believed, 205), (believed - timedelta(hours=1), 2_200)):
            assert meters_at(watched.machine, at).values == {"total": total}
        MeterReading.objects.all().delete()
        assert meters_at(watched.machine, watched.now - timedelta(hours=1)).values == {"total": 205}

    def test_whatever_a_machine_says_pages_never_fall(self, watched: Watching) -> None:
        """Where every third reading of a hundred is nonsense, the sum is that of the sane ones."""
        chance, total, sane = random.Random(5), 10_000, []
        for number in range(100):
            total += chance.randint(0, 30)
            wrong = chance.choice([0, 10**12, total - 500, total + 10**6])
            watched.read(reading(total=wrong if number % 3 == 1 else total))
            sane += [] if number % 3 == 1 else [total]
        assert watched.machine.pages == sane[-1]
        assert sum(each.pages for each in MonthMeters.objects.all()) == sane[-1] - sane[0]

    @pytest.mark.parametrize("claimed", [10**12, 3_567_587_328])
    def test_a_machine_that_claims_too_much_from_the_first_reading_on(self, watched: Watching, claimed: int) -> None:
        """A Counter32 of six octets is read as it was said; nothing of it, and nothing that no machine of any age has
        counted, is believed: it is kept, marked and explained, however often it is said."""
        octets = claimed.to_bytes(6, "big")
        name = encode_oid((1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1))
        bound = element(0x06, name) + element(Tag.COUNTER32, octets)
        (counter,) = decode_varbinds(found := element(0x30, bound), 0, len(found))
        (total,) = read({counter.oid: counter.value}).meters
        for _ in range(5):
            watched.read(reading(**{total.name: total.value}))
        known = watched.machine
        assert (known.pages, known.pages_month) == (None, 0)
        assert f"total says {claimed:,}, which no machine has counted" in known.suspicion
        kept = MeterReading.objects.exclude(suspicion="").first()
        assert kept is not None
        assert kept.pages == claimed
        watched.read(reading(total=5_000))
        watched.read(reading(total=5_010))
        assert (watched.machine.pages, watched.machine.pages_month, watched.machine.suspicion) == (5_010, 10, "")


class TestAtAMoment:
    def test_meters_at_any_moment_are_those_of_the_last_reading(self, watched: Watching) -> None:
        """For 200 readings over four months, each moment in between has the meters of the reading before it."""
        chance, meters = random.Random(11), {"total": 5_000, "scan": 300}
        read: list[tuple[datetime, dict[str, int]]] = []
        for _ in range(200):
            meters = {name: value + chance.choice([0, 0, 3, 40]) for name, value in meters.items()}
            watched.read(reading(**meters), hours=chance.choice([1, 5, 13, 30]))
            read.append((watched.now, dict(meters)))
        found = watched.machine
        for at, values in read[::7]:
            assert meters_at(found, at).values == values
            assert meters_at(found, at + timedelta(minutes=30)).values == values
        assert meters_at(found, START - timedelta(days=1)).known_at is None

    def test_across_a_reset(self, watched: Watching) -> None:
        """Before a reset the meters are the old ones, after it the new ones, and the gap is explained."""
        watched.read(reading(total=50_000))
        watched.read(reading(total=50_010))
        before = watched.now
        for total in (3, 9, 20, 25):
            watched.read(reading(total=total))
        later = watched.now
        watched.read(reading(total=30), hours=72)
        found = watched.machine
        assert meters_at(found, before).values == {"total": 50_010}
        assert meters_at(found, later).values == {"total": 25}
        after = meters_at(found, later + timedelta(days=2))
        assert after.values == {"total": 25}
        assert any("reset" in gap for gap in after.gaps)

    @pytest.mark.parametrize("days", [1, 28])
    def test_nobody_knows_meters_that_are_still_to_come(self, watched: Watching, days: int) -> None:
        """A moment after now is refused with a sentence; until then the meters are those of the last reading."""
        watched.now = datetime.now(UTC) - timedelta(hours=2)
        watched.read(reading(total=100))
        found = watched.machine
        assert meters_at(found, datetime.now(UTC)).values == {"total": 100}
        for moment in (datetime.now(UTC) + timedelta(days=days), datetime(9999, 12, 31, 23, 59, tzinfo=UTC)):
            with pytest.raises(InvalidValue, match="is still to come"):
                meters_at(found, moment)

    def test_old_readings_are_known_by_their_day(self, watched: Watching) -> None:
        """Where readings are kept no longer, the meters at a moment are those at the end of the day before."""
        for total in (100, 110, 150):
            watched.read(reading(total=total), hours=24)
        moment = watched.now - timedelta(hours=8)
        MeterReading.objects.all().delete()
        found = meters_at(watched.machine, moment)
        assert (found.values, found.exact) == ({"total": 110}, False)

    def test_where_days_are_gone_months_lead_there(self, watched: Watching) -> None:
        """A month whose end is known is the place to start from."""
        watched.read(reading(total=100))
        watched.read(reading(total=150), hours=24)
        watched.read(reading(total=170), hours=24 * 40)
        watched.read(reading(total=190), hours=24)
        MeterReading.objects.all().delete()
        MonthMeters.objects.filter(day__lt=date(2026, 4, 1)).update(days="")
        assert MonthMeters.objects.get(day=date(2026, 3, 1)).at_end == {"total": 150}
        assert meters_at(watched.machine, watched.now - timedelta(days=5)).values == {"total": 150}

    @pytest.mark.parametrize("first", [{}, {"scan": 3}])
    @pytest.mark.parametrize("hours", [0.01, 72])
    def test_a_meter_that_shows_later_is_known_from_then_on(
        self, watched: Watching, first: dict[str, int], hours: float
    ) -> None:
        """Where the first visit asks for little, and the next one for all: each meter is as it was read, from its own
        first reading on, and before that it is not there."""
        watched.read(reading(total=1_000, **first))
        before = watched.now
        watched.read(reading(total=1_000, copy=500, print=500, **first), hours=hours)
        shown = watched.now
        watched.read(reading(total=1_010, copy=505, print=505, **first), hours=24)
        later = watched.now
        watched.read(reading(total=1_030, copy=510, print=520, **first), hours=24)
        for moment, meters in (
            (before, {"total": 1_000}),
            (shown, {"total": 1_000, "copy": 500, "print": 500}),
            (later, {"total": 1_010, "copy": 505, "print": 505}),
        ):
            then = meters_at(watched.machine, moment)
            assert (then.values, then.exact) == (first | meters, True)
        MeterReading.objects.all().delete()
        ends = first | {"total": 1_010, "copy": 505, "print": 505}
        assert meters_at(watched.machine, later + timedelta(hours=16)).values == ends

    def test_a_meter_of_which_only_moves_are_kept_is_left_out(self, watched: Watching) -> None:
        """Where nothing says where a meter stood when it first showed, its moves alone are not its value."""
        watched.read(reading(total=1_000))
        watched.read(reading(total=1_010), hours=24)
        month = MonthMeters.objects.get()
        days = MonthDays(month.days)
        days.add(3, {"copy": 5})
        MonthMeters.objects.update(days=days.text)
        watched.read(reading(total=1_030), hours=24)
        moment = watched.now
        watched.read(reading(total=1_040), hours=24)
        then = meters_at(watched.machine, moment)
        assert (then.values, then.exact) == ({"total": 1_030}, False)
        assert then.gaps == ["It is not kept where these meters stood when they first showed: copy."]

    def test_where_a_day_s_readings_are_not_whole_it_says_so(self, watched: Watching) -> None:
        """Where some readings of a day are gone, the meters are those at the end of the day before, and it says why."""
        for number in range(80):
            watched.read(reading(total=1_000 + 10 * number))
        noon = datetime(2026, 3, 4, 12, tzinfo=UTC)
        then = meters_at(watched.machine, noon + timedelta(hours=6))
        assert (then.values, then.exact) == ({"total": 1_560}, True)
        MeterReading.objects.filter(at__lt=noon).delete()
        then = meters_at(watched.machine, noon + timedelta(hours=6))
        assert (then.values, then.exact) == ({"total": 1_370}, False)
        assert then.known_at == datetime(2026, 3, 4, tzinfo=UTC)
        assert then.gaps == ["2026-03-04: not all readings of this day are kept."]

    def test_a_base_that_is_gone_with_a_day_s_first_readings(self, watched: Watching) -> None:
        """Where counting began anew on a day whose first readings are gone, nothing is added to what was before it."""
        watched.read(reading(total=40_000))
        watched.read(reading(total=40_010), hours=24)
        watched.read(reading(total=900, identity=replace(WHO, serial="another")), hours=24)
        accept_identity(watched.machine, by=ADMIN)
        for total in (900, 910, 920):
            watched.read(reading(total=total, identity=replace(WHO, serial="another")))
        moment = watched.now
        watched.read(reading(total=930, identity=replace(WHO, serial="another")), hours=24)
        then = meters_at(watched.machine, moment)
        assert (then.values, then.exact) == ({"total": 920}, True)
        MeterReading.objects.filter(at__lt=moment - timedelta(hours=1)).delete()
        then = meters_at(watched.machine, moment)
        assert (then.values, then.exact) == ({"total": 40_010}, False)

    def test_months_without_their_days_are_not_led_through(self, watched: Watching) -> None:
        """Readings that are kept longer than the days before them in their month lead to no meters: it says so."""
        watched.read(reading(total=100))
        watched.read(reading(total=150), hours=24 * 30)
        watched.read(reading(total=170), hours=24)
        watched.read(reading(total=190), hours=24)
        moment = watched.now
        watched.read(reading(total=200), hours=24)
        MonthMeters.objects.update(days="")
        then = meters_at(watched.machine, moment)
        assert (then.values, then.exact) == ({"total": 100}, False)
        assert then.known_at == datetime(2026, 4, 1, tzinfo=UTC)

    def test_a_month_without_days_before_a_year_of_rest(self, watched: Watching) -> None:
        """Where a month's days and its end are not kept, the days of later months are not added to what was before."""
        for total, days in ((100, 0), (150, 30), (170, 400), (190, 1)):
            watched.read(reading(total=total), hours=24 * days + 1)
        moment = watched.now
        watched.read(reading(total=200), hours=24)
        assert meters_at(watched.machine, moment).values == {"total": 190}
        MonthMeters.objects.filter(day__lt=date(2027, 1, 1)).update(days="")
        then = meters_at(watched.machine, moment)
        assert (then.values, then.exact) == ({"total": 100}, False)
        assert then.gaps[-1] == "2026-04: the days of this month are kept no longer."

    def test_moves_have_all_meters(self, watched: Watching) -> None:
        """Pages and colour are among the moves of a day and of a month."""
        watched.read(reading(total=100, total__color=10, copy=5))
        watched.read(reading(total=110, total__color=12, copy=6))
        (day,) = page_of_days(watched.machine)
        assert day.moved == moves_of(MonthMeters.objects.get()) == {"total": 10, "total.color": 2, "copy": 1}
