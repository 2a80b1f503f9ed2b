"""Reading usage: pages of records, and sums that were kept while they were written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platen.devices.services import add_device
from platen.directory.models import User
from platen.policy.usage_enums import JobType, TrackingState
from platen.printing.models import DeliveryState
from platen.printing.services import record_facts
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from platen.tracking.errors import InvalidQuery
from platen.tracking.models import UsageDay, UsagePersonDay, UsageRecord
from platen.tracking.recording import record_delivery
from platen.tracking.rollups import UsageSum, sum_of
from platen.tracking.schemes import set_scheme
from platen.tracking.usage_lists import (
    UsageFilter,
    by_day,
    page_of_usage,
    sums_of,
    top_devices,
    top_people,
    usage_by_uuid,
    usage_of_job,
)
from tests.fixtures_tenant import ADMIN
from tests.tracking.printed import A3, A4, TWO_SIDED, Printing, document

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 4)


def printed_on(
    printing: Printing,
    user: User | None,
    day: date,
    pages: int = 1,
    *,
    color: bool | None = False,
    outcome: DeliveryState = DeliveryState.COMPLETED,
    told: int | None = None,
    **values: object,
) -> UsageRecord:
    delivery = printing.delivery(printing.job(user, document((pages, A4, color)), **values))  # type: ignore[arg-type]  # a test's own values
    delivery.state, delivery.impressions_completed = outcome, told
    delivery.ended_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    record = record_delivery(delivery)
    assert record is not None
    return record


class TestPages:
    def test_pages_by_key_lose_and_repeat_nothing(self, printing: Printing, anna: User) -> None:
        """Records come newest first, also those of one moment, in pages that join without gap. SC-MINING-15"""
        made = [printed_on(printing, anna, DAY + timedelta(days=number // 3)) for number in range(10)]
        seen: list[int] = []
        key: str | None = None
        while True:
            page = page_of_usage(after=key, size=4)
            seen += [record.id for record in page.records]
            key = page.next_key
            if key is None:
                break
        assert seen == [record.id for record in reversed(made)]

    def test_filters(self, printing: Printing, anna: User, bert: User) -> None:
        """By period, person, device, kind, outcome and job. SC-MINING-03, SC-MINING-04, SC-EXPORT-01"""
        elsewhere = add_device("Elsewhere", "ipp://127.0.0.4/ipp/print", by=ADMIN)
        of_bert = printed_on(printing, bert, DAY)
        cut = printed_on(printing, anna, DAY, outcome=DeliveryState.INTERRUPTED)
        pushed = printed_on(printing, anna, DAY + timedelta(days=3), queue=printing.push_queue())

        def found(**which: object) -> list[UsageRecord]:
            return page_of_usage(UsageFilter(**which)).records  # type: ignore[arg-type]  # a test's own values

        assert found(user_id=bert.id) == [of_bert]
        assert found(state=TrackingState.INTERRUPTED) == [cut]
        assert found(job_type=JobType.PUSH) == [pushed]
        assert found(from_day=DAY + timedelta(days=1)) == [pushed]
        assert found(to_day=DAY, user_id=anna.id) == [cut]
        assert found(device_id=elsewhere.id) == []
        assert found(job_uuid=cut.job_uuid) == usage_of_job(cut.job_uuid) == [cut]
        assert usage_by_uuid(cut.uuid) == cut

    def test_a_key_of_no_page_is_refused(self, printing: Printing) -> None:
        """A key that was tampered with says so instead of beginning somewhere. SC-MINING-15"""
        for key in ("x", "1", "1-2-3", f"{10**30}-1"):
            with pytest.raises(InvalidQuery):
                page_of_usage(after=key)

    def test_another_tenants_records_are_not_there(self, printing: Printing, anna: User, other_tenant: Tenant) -> None:
        """Usage of one organisation does not exist for another, in lists or sums. SC-TRACK-01"""
        record = printed_on(printing, anna, DAY)
        with acting_for(other_tenant.id):
            assert page_of_usage().records == []
            assert usage_by_uuid(record.uuid) is None
            assert sums_of(DAY, DAY) == UsageSum()
            assert top_people(DAY, DAY) == []


class TestSums:
    def test_of_a_period(self, printing: Printing, anna: User, bert: User) -> None:
        """Jobs, pages and both prices of everybody, one device, one person, and day by day. SC-MINING-05, SC-MINING-07,
        SC-MINING-10, SC-MINING-12, SC-TRACK-01"""
        printed_on(printing, anna, DAY, 5, color=True, ticket=TWO_SIDED)
        printed_on(printing, bert, DAY, 10)
        printed_on(printing, anna, DAY + timedelta(days=2), 3, outcome=DeliveryState.INTERRUPTED, told=1)
        last = DAY + timedelta(days=2)
        assert sums_of(DAY, last) == UsageSum(
            records=3,
            interrupted=1,
            pages=16,
            color_pages=5,
            sheets=14,
            price=Decimal("3.90"),
            price2=Decimal("0.61"),
        )
        assert sums_of(DAY, last, user_id=anna.id).pages == 6
        assert sums_of(DAY, last, device_id=printing.device.id).records == 3
        assert [(each.day.day, each.sums.records) for each in by_day(DAY, last)] == [(4, 2), (5, 0), (6, 1)]

    def test_the_most(self, printing: Printing, anna: User, bert: User) -> None:
        """Devices and people with most pages come first, by the names they have now. SC-MINING-09, SC-MINING-11"""
        printed_on(printing, anna, DAY, 5)
        printed_on(printing, bert, DAY, 9)
        assert [(entry.name, entry.sums.pages) for entry in top_people(DAY, DAY)] == [
            ("Bert Holm", 9),
            ("Anna Lind", 5),
        ]
        assert [entry.name for entry in top_people(DAY, DAY, limit=1)] == ["Bert Holm"]
        assert [(entry.name, entry.sums.pages) for entry in top_devices(DAY, DAY)] == [("Copier 2nd floor", 14)]
        bert_id = bert.id
        bert.delete()
        assert top_people(DAY, DAY)[0].id == bert_id
        assert top_people(DAY, DAY)[0].name == "bert"

    def test_a_period_that_ends_before_it_begins(self, printing: Printing) -> None:
        """An impossible period is refused with a sentence. SC-EXPORT-01"""
        with pytest.raises(InvalidQuery):
            sums_of(DAY, DAY - timedelta(days=1))
        with pytest.raises(InvalidQuery):
            page_of_usage(UsageFilter(from_day=DAY, to_day=DAY - timedelta(days=1)))

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        activities=st.lists(
            st.tuples(
                st.integers(0, 3),  # day
                st.integers(1, 60),  # pages
                st.sampled_from([True, False, None]),
                st.sampled_from([DeliveryState.COMPLETED, DeliveryState.INTERRUPTED]),
                st.one_of(st.none(), st.integers(0, 70)),  # what the device tells
                st.booleans(),  # the document is read only afterwards
            ),
            max_size=12,
        ),
        unit=st.decimals("0.00000001", "9.99999999", places=8),
    )
    def test_kept_sums_equal_the_records(
        self,
        printing: Printing,
        anna: User,
        activities: list[tuple[int, int, bool | None, DeliveryState, int | None, bool]],
        unit: Decimal,
    ) -> None:
        """Whatever is printed, the sums kept by day are exactly those of the records, to the last decimal.
        SC-PRICE-15, SC-MINING-07"""
        for model in (UsageRecord, UsageDay, UsagePersonDay):
            model.objects.all().delete()
        row = {"sheet": f"{unit:f}", "mono": f"{unit:f}", "color": f"{unit:f}"}
        prices = {"scale": 8, "print": {"per_job": f"{unit:f}", "sizes": {"Other": row}}}
        set_scheme("Standard", prices, by=ADMIN)
        for offset, pages, color, outcome, told, late in activities:
            facts = document((pages, A4, color), (1, A3, False))
            job = printing.job(anna, None if late else facts)
            delivery = printing.delivery(job)
            delivery.state, delivery.impressions_completed = outcome, told
            delivery.ended_at = datetime(2026, 5, 4 + offset, 12, tzinfo=UTC)
            delivery.save()
            record_delivery(delivery)
            if late:
                record_facts(job.id, facts)
        expected: dict[date, UsageSum] = {}
        for record in UsageRecord.objects.all():
            day = record.stopped_at.date()
            expected[day] = _plus(expected.get(day, UsageSum()), sum_of(record))
        for kept in (by_day(DAY, DAY + timedelta(days=3)), by_day(DAY, DAY + timedelta(days=3), user_id=anna.id)):
            assert {each.day: each.sums for each in kept if each.sums.records} == expected


def _plus(one: UsageSum, other: UsageSum) -> UsageSum:
    return one - (UsageSum() - other)
