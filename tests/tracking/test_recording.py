"""Usage records: what a delivery's end leaves behind, and what it costs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from platen.devices.services import add_device, change_device
from platen.directory.models import CostControl, User
from platen.directory.services import change_user
from platen.documents.facts import DocumentFacts
from platen.eventlog.models import AuditEntry, Event
from platen.policy.usage_enums import coverage_hundredths
from platen.printing.deliveries import end
from platen.printing.models import DeliveryState, Job
from platen.printing.services import record_facts
from platen.tenants.models import Policy
from platen.tracking.models import UsageDay, UsageRecord
from platen.tracking.recording import record_delivery
from platen.tracking.schemes import assign
from tests.fixtures_tenant import ADMIN
from tests.tracking.printed import A3, A4, TWO_SIDED, Printing, document

pytestmark = pytest.mark.django_db


class TestPrices:
    def test_worked_example(self, printing: Printing, anna: User) -> None:
        """Five colour pages A4 two-sided cost 0.20 + 3 * 0.05 + 5 * 0.30 = 1.85, and the second price is kept too.
        SC-PRICE-01, SC-PRICE-03, SC-PRICE-04, SC-PRICE-05, SC-CHARGE-02, SC-RECORD-06, SC-TDF-138, SC-TDF-147"""
        record = printing.printed(anna, document((5, A4, True)), ticket=TWO_SIDED)
        assert record.job_price == Decimal("1.85")
        assert record.job_price2 == Decimal("0.28")
        assert (record.tracking_page_count, record.job_sheet_count) == (5, 3)
        assert (record.scheme_name, record.scheme2_name, record.currency) == ("Standard", "True cost", "EUR")
        assert [line["text"] for line in record.price_lines] == ["1 job", "3 A4, sheets", "5 A4, color"]

    @pytest.mark.parametrize(
        ("facts", "ticket", "told", "price"),
        [
            (document((5, A4, True)), {}, None, "1.95"),
            (document((10, A4, False)), {}, None, "1.70"),
            (document((100, A4, False)), {}, None, "15.20"),
            (document((2, A3, True)), TWO_SIDED, None, "1.50"),
            (document((1, "custom_105x200mm_105x200mm", False)), {}, None, "0.35"),
            (document((1, None, False)), {}, None, "0.35"),
            (document((3, A4, False), (2, A4, True)), {}, None, "1.35"),
        ],
    )
    def test_sample_prices(
        self,
        printing: Printing,
        anna: User,
        facts: DocumentFacts,
        ticket: dict[str, object],
        told: int | None,
        price: str,
    ) -> None:
        """The sample scheme's cases, unknown paper as Other, mixed jobs split. SC-PRICE-07, SC-PRICE-08, SC-PRICE-09,
        SC-PRICE-12"""
        assert printing.printed(anna, facts, ticket=ticket).job_price == Decimal(price)

    def test_without_scheme_it_is_free(self, printing: Printing, anna: User) -> None:
        """A device without a charging scheme prints for nothing, in the organisation's currency. SC-PRICE-02"""
        assign(printing.device, by=ADMIN)
        record = printing.printed(anna, document((5, A4, True)))
        assert (record.job_price, record.job_price2, record.scheme_name) == (0, 0, "")
        assert record.currency == "EUR"

    def test_the_device_of_release_decides(self, printing: Printing, anna: User) -> None:
        """The price is that of the device where the job came out, whatever queue it came through. SC-TRACK-05"""
        cheap = add_device("Cheap", "socket://127.0.0.8:9100", by=ADMIN)
        assign(cheap, primary=printing.secondary, by=ADMIN)
        job = printing.job(anna, document((10, A4, False)))
        record = printing.ended(printing.delivery(job, device=cheap))
        assert record is not None
        assert (record.job_price, record.device_name) == (Decimal("0.30"), "Cheap")

    def test_unknown_colour_is_priced_in_black(self, printing: Printing, anna: User) -> None:
        """Nobody pays for colour that is not known to be there. SC-PRICE-08"""
        record = printing.printed(anna, document((10, A4, None)))
        assert (record.job_price, record.tracking_color_page_count) == (Decimal("1.70"), 0)

    def test_a_device_without_colour_or_duplex_prints_without(self, printing: Printing, anna: User) -> None:
        """A colour job two-sided comes out black and one-sided where the device can do no other. SC-PRICE-01"""
        change_device(printing.device, by=ADMIN, color_supported=False, duplex_supported=False)
        record = printing.printed(anna, document((4, A4, True)), ticket=TWO_SIDED)
        assert (record.tracking_color_page_count, record.job_sheet_count) == (0, 4)
        assert not record.job_is_duplex
        assert record.job_price == Decimal("0.80")

    def test_a_file_that_claims_absurd_numbers_still_ends(self, printing: Printing, anna: User) -> None:
        """A hostile document's page count cannot keep a delivery from ending. SC-RECORD-05"""
        record = printing.printed(anna, document((2_000_000_000, A4, True)), copies=999)
        assert record.tracking_page_count == 1_000_000_000
        assert record.job_price == Decimal("350000000.20")


class TestCutShort:
    def test_post_track(self, printing: Printing, anna: User) -> None:
        """100 pages cancelled after 10 are tracked and priced as 10. SC-POST-01, SC-POST-03, SC-PRICE-12"""
        job = printing.job(anna, document((100, A4, False)))
        record = printing.ended(printing.delivery(job), DeliveryState.CANCELED, told=10)
        assert record is not None
        assert (record.tracking_page_count, record.job_price) == (10, Decimal("1.70"))
        assert record.tracking_state == "TRACKING_STATE_INTERRUPTED"

    def test_interrupted_after_seven_of_twenty(self, printing: Printing, anna: User) -> None:
        """The parser's pages stay, the tracked ones are what the device tells, colour as it came. SC-TDF-T03,
        SC-POST-02, SC-TDF-108, SC-TDF-109, SC-TDF-110"""
        job = printing.job(anna, document((6, A4, False), (14, A4, True)))
        record = printing.ended(printing.delivery(job), DeliveryState.INTERRUPTED, told=7)
        assert record is not None
        assert record.tracking_state == "TRACKING_STATE_INTERRUPTED"
        assert (record.parser_page_count, record.tracking_page_count) == (20, 7)
        assert (record.tracking_color_page_count, record.job_sheet_count) == (1, 7)
        assert record.job_is_color

    def test_interrupted_without_a_word_from_the_device(self, printing: Printing, anna: User) -> None:
        """Nothing is charged where nobody knows that anything came out, and the interruption is on record.
        SC-RECORD-05, SC-TDF-T03"""
        record = printing.ended(
            printing.delivery(printing.job(anna, document((20, A4, False)))), DeliveryState.INTERRUPTED
        )
        assert record is not None
        assert (record.tracking_page_count, record.job_price, record.price_lines) == (0, 0, [])

    @pytest.mark.parametrize(("told", "pages"), [(None, 5), (0, 5), (3, 5), (4, 4), (5, 5), (6, 5)])
    def test_completed_counts_at_most_what_the_document_holds(
        self, printing: Printing, anna: User, told: int | None, pages: int
    ) -> None:
        """A completed job counts whole, or less where the device counted fewer impressions; 0 and the number of sheets
        (3 of 5 pages two-sided) are no counts of impressions, more is never charged. SC-TRACK-05, SC-POST-03"""
        job = printing.job(anna, document((5, A4, False)), ticket=TWO_SIDED)
        record = printing.ended(printing.delivery(job), told=told)
        assert record is not None
        assert record.tracking_page_count == pages
        assert record.tracking_state == "TRACKING_STATE_COMPLETED"

    def test_failed_before_anything_came_out_is_no_activity(self, printing: Printing, anna: User) -> None:
        """A delivery of which nothing left the server leaves no record; its retry leaves one. SC-RECORD-05"""
        job = printing.job(anna, document((5, A4, False)))
        assert printing.ended(printing.delivery(job), DeliveryState.FAILED) is None
        assert printing.ended(printing.delivery(job)) is not None
        assert UsageRecord.objects.count() == 1

    def test_failed_though_pages_were_counted_is_an_interruption(self, printing: Printing, anna: User) -> None:
        """Where the device counted pages, they are on record however the delivery ended. SC-POST-01"""
        record = printing.ended(
            printing.delivery(printing.job(anna, document((5, A4, False)))), DeliveryState.FAILED, told=2
        )
        assert record is not None
        assert (record.tracking_state, record.tracking_page_count) == ("TRACKING_STATE_INTERRUPTED", 2)

    def test_canceled_before_its_turn_is_no_activity(self, printing: Printing, anna: User) -> None:
        """A delivery canceled before any attempt leaves no record. SC-RECORD-05"""
        delivery = printing.delivery(printing.job(anna, document((5, A4, False))))
        delivery.attempts = 0
        delivery.save()
        assert printing.ended(delivery, DeliveryState.CANCELED) is None


class TestFields:
    def test_sample_record(self, printing: Printing, anna: User) -> None:
        """8 pages colour A4 two-sided: 8 tracked, parsed and coloured, 4 sheets, 0 of the driver. SC-TDF-T04,
        SC-RECORD-01, SC-RECORD-04, SC-RECORD-05, SC-RECORD-08, SC-RECORD-09"""
        record = printing.printed(anna, document((8, A4, True), driver="LX Universal"), ticket=TWO_SIDED)
        assert (record.tracking_page_count, record.parser_page_count, record.tracking_color_page_count) == (8, 8, 8)
        assert (record.job_sheet_count, record.driver_page_count) == (4, 0)
        assert (record.job_name, record.job_size_bytes, record.job_page_format) == ("Report.pdf", 41_000, "A4")
        assert (record.job_is_duplex, record.job_is_color) == (True, True)
        assert (record.driver_name, record.job_type) == ("LX Universal", "JOB_TYPE_PULL")
        assert (record.page_count_status, record.page_count_model) == ("PAGECOUNT_STATUS_OK", 0)
        assert (record.device_name, record.device_location) == ("Copier 2nd floor", "2nd floor")
        assert (record.device_model, record.device_mac) == ("Examplecorp LX-400", "00306EC934AE")
        assert (record.device_address, record.device_supports_color) == ("127.0.0.9", True)
        assert (record.queue_name, record.document_computer_name) == ("pull", "pc-17")
        assert record.job_date is not None
        assert record.job_date <= record.started_at <= record.stopped_at

    def test_the_person_as_they_were_then(self, printing: Printing, anna: User) -> None:
        """A record names the person in full and keeps that when they change. SC-RECORD-03, SC-TDF-116, SC-TDF-118,
        SC-TDF-120, SC-TDF-121, SC-TDF-122"""
        change_user(anna, by=ADMIN, description="Sales", cost_code="2949")
        record = printing.printed(anna, document((1, A4, False)))
        change_user(anna, by=ADMIN, full_name="Anna Berg", cost_code="1")
        record.refresh_from_db()
        assert (record.user_id, record.user_logon, record.user_full_name) == (anna.id, "anna", "Anna Lind")
        assert (record.user_description, record.user_email) == ("Sales", "anna@acme.test")
        assert record.user_cost_code == "2949"

    @pytest.mark.parametrize(
        ("control", "model"),
        [
            (CostControl.NONE, "NONE"),
            (CostControl.TRACKING, "PRINT_AND_PAY"),
            (CostControl.PAY, "PAY_AND_PRINT"),
        ],
    )
    def test_accounting_model(self, printing: Printing, anna: User, control: CostControl, model: str) -> None:
        """The person's cost control at that moment is on record. SC-TDF-105, SC-COST-03"""
        change_user(anna, by=ADMIN, cost_control=control)
        assert printing.printed(anna, document((1, A4, False))).accounting_model == model

    def test_push_queue_overrides_cost_code_and_driver(self, printing: Printing, anna: User) -> None:
        """A push queue's cost code and driver name replace the person's and the document's. SC-TDF-T07, SC-PUSH-18,
        SC-PUSH-19, SC-PUSH-01, SC-TRACK-06, SC-PUSHQ-08, SC-PUSHQ-09"""
        change_user(anna, by=ADMIN, cost_code="2949")
        queue = printing.push_queue(cost_code="1009", driver_name="LX-400 PCL")
        record = printing.printed(anna, document((1, A4, False), driver="Universal"), queue=queue)
        assert (record.user_cost_code, record.driver_name) == ("1009", "LX-400 PCL")
        assert record.job_type == "JOB_TYPE_PUSH"
        assert record.job_price == Decimal("0.35")

    def test_author_and_collector_are_both_named(self, printing: Printing, anna: User, bert: User) -> None:
        """A document that another person collects is theirs to account for, and its author is named. SC-TDF-08,
        SC-TDF-112"""
        job = printing.job(anna, document((1, A4, False)))
        record = printing.ended(printing.delivery(job, bert))
        assert record is not None
        assert (record.user_logon, record.job_submit_logon) == ("bert", "anna")

    def test_copies_count(self, printing: Printing, anna: User) -> None:
        """Three copies of five pages two-sided are 15 pages on 9 sheets. SC-PRICE-04, SC-TDF-109, SC-TDF-157"""
        record = printing.printed(anna, document((5, A4, False)), ticket=TWO_SIDED, copies=3)
        assert (record.tracking_page_count, record.parser_page_count, record.job_sheet_count) == (15, 15, 9)

    def test_a_document_nobody_understands(self, printing: Printing, anna: User) -> None:
        """Where the analysis failed, the device's count is what there is. SC-TDF-140"""
        job = printing.job(anna, DocumentFacts(format="application/octet-stream", problems=("No pages found.",)))
        record = printing.ended(printing.delivery(job), told=4)
        assert record is not None
        assert record.page_count_status == "PAGECOUNT_STATUS_FAILURE"
        assert (record.parser_page_count, record.tracking_page_count) == (0, 4)
        assert record.job_price == Decimal("0.80")

    @pytest.mark.parametrize("read_first", [True, False])
    def test_a_document_that_nobody_could_count_is_not_free(
        self, printing: Printing, anna: User, read_first: bool
    ) -> None:
        """What came out whole with pages that neither analysis nor device counted costs what every job does at least,
        and the event log says why. SC-TDF-140, SC-PRICE-03"""
        unknown = DocumentFacts(format="text/plain", problems=("No pages found.",))
        job = printing.job(anna, unknown if read_first else None)
        record = printing.ended(printing.delivery(job))
        assert record is not None
        if not read_first:
            record_facts(job.id, unknown)
            record.refresh_from_db()
        assert (record.page_count_status, record.tracking_page_count) == ("PAGECOUNT_STATUS_FAILURE", 0)
        assert (record.job_price, [line["text"] for line in record.price_lines]) == (Decimal("0.20"), ["1 job"])
        assert "Report.pdf" in Event.objects.get(kind="pages_not_known").message

    def test_nothing_known_of_a_job_cut_short_is_free(self, printing: Printing, anna: User) -> None:
        """An interrupted job of which neither analysis nor device counted a page may have left nothing. SC-POST-03"""
        job = printing.job(anna, DocumentFacts(format="text/plain", problems=("No pages found.",)))
        record = printing.ended(printing.delivery(job), DeliveryState.INTERRUPTED)
        assert record is not None
        assert record.job_price == 0
        assert not Event.objects.filter(kind="pages_not_known").exists()

    def test_coverage_in_hundredths(self) -> None:
        """2.5 % is 250, 100 % is 10000, unknown is 0. SC-TDF-T01, SC-POST-04"""
        percents = [Decimal("2.5"), Decimal(100), None, Decimal(0), Decimal(5)]
        assert [coverage_hundredths(percent) for percent in percents] == [250, 10000, 0, 0, 500]


class TestOnce:
    def test_an_end_reported_twice_is_recorded_once(self, printing: Printing, anna: User) -> None:
        """A second end of the same delivery changes nothing, and neither does a second record of it. SC-RECORD-05"""
        delivery = printing.delivery(printing.job(anna, document((5, A4, False))))
        printing.ended(delivery)
        assert not end(printing.spool, delivery.id, DeliveryState.COMPLETED)
        delivery.refresh_from_db()
        record_delivery(delivery)
        assert UsageRecord.objects.count() == 1
        assert UsageDay.objects.get().pages == 5

    def test_a_job_kept_and_printed_again_has_two_records(self, printing: Printing, anna: User) -> None:
        """Each time a retained job is printed is an activity of its own. SC-RECORD-05"""
        job = printing.job(anna, document((5, A4, False)))
        Job.objects.filter(id=job.id).update(retained=True)
        for _time in range(2):
            job.refresh_from_db()
            printing.ended(printing.delivery(job))
        assert UsageRecord.objects.count() == 2


class TestFactsThatComeLate:
    def test_undefined_until_the_document_is_read(self, printing: Printing, anna: User) -> None:
        """A job that ended before its document was read is completed in its record once it is. SC-TDF-140,
        SC-TDF-109, SC-POST-03"""
        job = printing.job(anna, None, ticket=TWO_SIDED)
        record = printing.ended(printing.delivery(job))
        assert record is not None
        assert (record.page_count_status, record.tracking_page_count) == ("PAGECOUNT_STATUS_UNDEFINED", 0)
        record_facts(job.id, document((5, A4, True)))
        record.refresh_from_db()
        assert (record.page_count_status, record.tracking_page_count) == ("PAGECOUNT_STATUS_OK", 5)
        assert (record.job_sheet_count, record.job_price) == (3, Decimal("1.85"))
        day = UsageDay.objects.get()
        assert (day.records, day.pages, day.color_pages, day.sheets, day.price) == (1, 5, 5, 3, Decimal("1.85"))
        entry = AuditEntry.objects.get(verb="usage_completed")
        assert entry.detail["before"]["job_price"] != entry.detail["after"]["job_price"]

    def test_it_is_completed_once(self, printing: Printing, anna: User) -> None:
        """Facts that are noted again change no record. SC-TDF-140"""
        job = printing.job(anna, None)
        record = printing.ended(printing.delivery(job))
        assert record is not None
        record_facts(job.id, document((5, A4, True)))
        record_facts(job.id, document((50, A4, True)))
        record.refresh_from_db()
        assert record.tracking_page_count == 5
        assert UsageDay.objects.get().pages == 5

    def test_what_the_device_told_meanwhile_is_charged_in_black(self, printing: Printing, anna: User) -> None:
        """Until the document is read, the device's count is priced on the paper that the job names. SC-TRACK-05"""
        job = printing.job(anna, None, ticket={"media": A3})
        record = printing.ended(printing.delivery(job), told=2)
        assert record is not None
        assert (record.job_price, record.job_page_format) == (Decimal("0.80"), "A3")

    def test_facts_noted_just_before_the_end_are_seen(self, printing: Printing, anna: User) -> None:
        """Facts that came in after the job was read for its end still count. SC-TDF-140"""
        delivery = printing.delivery(printing.job(anna, None))
        delivery.state, delivery.ended_at = DeliveryState.COMPLETED, delivery.created_at
        record_facts(delivery.job_id, document((5, A4, False)))
        record = record_delivery(delivery)
        assert record is not None
        assert (record.page_count_status, record.tracking_page_count) == ("PAGECOUNT_STATUS_OK", 5)


def test_the_day_is_the_tenants(printing: Printing, anna: User, policy: Policy) -> None:
    """A day of the sums is one of the organisation's calendar, not of UTC. SC-MINING-06"""
    policy.time_zone = "Pacific/Auckland"
    policy.save()
    delivery = printing.delivery(printing.job(anna, document((1, A4, False))))
    delivery.state, delivery.ended_at = DeliveryState.COMPLETED, datetime(2026, 6, 30, 20, 0, tzinfo=UTC)
    record_delivery(delivery)
    assert UsageDay.objects.get().day == date(2026, 7, 1)
