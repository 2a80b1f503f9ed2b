"""The life of a delivery, and of the job and the document with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from platen.devices.models import Device, Queue
from platen.directory.models import User
from platen.directory.services import delete_user
from platen.documents.analysis import analyse
from platen.eventlog.models import Event
from platen.identifiers import uuid7
from platen.policy.job_states import JobState
from platen.policy.owner import NamesOfJob
from platen.printing import deliveries, queries
from platen.printing.arrivals import Accepted, Arrival
from platen.printing.deliveries import STOPPING, Plan
from platen.printing.delivery_rows import next_deliveries
from platen.printing.errors import NotChangeable
from platen.printing.intake import accept_batch
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.release import Wish, release_jobs
from platen.printing.services import (
    assign_owner,
    cancel_job,
    drop_printed_unread,
    expire_jobs,
    give_up_reading,
    record_facts,
    set_retained,
)
from platen.printing.spool import DocumentDamaged, Spool, Stored
from platen.printing.spool.cipher import CHUNK_BYTES
from platen.services.output.look import Later, Work, look
from platen.settings import Settings
from platen.tracking.models import UsageRecord
from tests.fixtures_tenant import ADMIN
from tests.printing.conftest import Facts

pytestmark = pytest.mark.django_db(transaction=True)

D = DeliveryState


@pytest.fixture
def jobs(spool: Spool, pull: Queue, facts: Facts, anna: User) -> list[Job]:
    """Two held jobs of Anna's: a small one in a pack, and one with a file of its own."""
    sink = spool.open_file(uuid7())
    sink.write(b"large " * CHUNK_BYTES)
    queue, large = facts(pull), sink.finish()
    arrivals = [
        Arrival(queue=queue, name="Small", names=NamesOfJob(), authenticated_user_id=anna.id, document=b"s" * 20_000),
        Arrival(
            queue=queue,
            name="Large",
            names=NamesOfJob(),
            authenticated_user_id=anna.id,
            document=large,
            uuid=large.document,
        ),
    ]
    accepted = [each for each in accept_batch(spool, arrivals) if isinstance(each, Accepted)]
    return [Job.objects.get(id=each.job_id) for each in accepted]


def start(job: Job, device: Device, *, keep: bool = False) -> tuple[int, Plan]:
    """Release a job and begin to deliver it."""
    released = release_jobs([Wish(job_id=job.id, keep=keep)], device=device, user=job.owner)
    (delivery_id,) = released.delivery_ids
    plan = deliveries.begin(delivery_id)
    assert plan is not None
    return delivery_id, plan


def now(job: Job) -> Job:
    return Job.objects.get(id=job.id)


class TestTheWayOut:
    """waiting, sending, following, ended."""

    def test_each_step_is_seen_in_job_and_delivery(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """A job is pending, processing and completed as its delivery goes on."""
        job = jobs[0]
        delivery_id, plan = start(job, device)
        assert b"".join(spool.read(plan.document)) == b"s" * 20_000
        assert (now(job).state, Delivery.objects.get().state) == (JobState.PROCESSING, D.SENDING)
        deliveries.note_printer_job(delivery_id, 17)
        deliveries.note_handed_over(delivery_id)
        assert Delivery.objects.get().state == D.FOLLOWING
        assert deliveries.note_progress(delivery_id, impressions_completed=1, message="Add paper", stopped=True)
        assert (now(job).state, now(job).state_message) == (JobState.PROCESSING_STOPPED, "Add paper")
        assert deliveries.end(spool, delivery_id, D.COMPLETED, impressions_completed=2)
        assert now(job).state == JobState.COMPLETED
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.impressions_completed, delivery.printer_job_id) == (D.COMPLETED, 2, 17)

    @pytest.mark.parametrize("which", [0, 1], ids=["in a pack", "in a file"])
    def test_a_printed_document_is_gone_with_its_key(
        self, spool: Spool, jobs: list[Job], device: Device, which: int, tmp_path: Path
    ) -> None:
        """Once completed, the row holds no key and no place, and the octets are gone from the disk."""
        job = jobs[which]
        delivery_id, plan = start(job, device)
        deliveries.end(spool, delivery_id, D.COMPLETED)
        left = now(job)
        assert (left.spool_key, left.spool_pack, left.spool_offset, left.spool_length) == (None,) * 4
        with pytest.raises((DocumentDamaged, FileNotFoundError)):
            list(spool.read(plan.document))
        if which == 0:
            pack = spool.packs.path(1).read_bytes()
            assert pack[plan.document.offset or 0 :][: plan.document.length] == bytes(plan.document.length)
        else:
            assert spool.file_documents() == []

    @pytest.mark.parametrize("outcome", [D.COMPLETED, D.CANCELED])
    def test_a_document_that_nobody_looked_into_yet_is_kept_until_somebody_has(
        self, spool: Spool, jobs: list[Job], device: Device, outcome: DeliveryState
    ) -> None:
        """A document that is printed before its pages were counted is counted all the same, and charged; then it is
        gone like any other. SC-TDF-140"""
        job = jobs[0]
        delivery_id, plan = start(job, device)
        deliveries.end(spool, delivery_id, outcome, unread_stays=True)
        assert now(job).completed_at is not None
        assert b"".join(spool.read(plan.document)) == b"s" * 20_000
        assert job.id in [job_id for job_id, _ in queries.jobs_to_analyse(0, 10)]
        gone = record_facts(job.id, analyse(b"%!PS-Adobe-3.0\n%%Pages: 1\n%%EOF\nshowpage\n"))
        assert gone is not None
        assert gone.offset == plan.document.offset
        assert (now(job).spool_key, now(job).facts is not None) == (None, True)
        assert job.id not in [job_id for job_id, _ in queries.jobs_to_analyse(0, 10)]

    def test_one_that_was_looked_into_is_gone_at_once(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """What is known of a document is known: nothing of it is kept for looking. SC-TDF-140"""
        delivery_id, _ = start(jobs[0], device)
        assert record_facts(jobs[0].id, analyse(b"text\n")) is None
        deliveries.end(spool, delivery_id, D.COMPLETED, unread_stays=True)
        assert now(jobs[0]).spool_key is None

    def test_one_that_cannot_be_read_any_more_is_given_up(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """A kept document that turns out damaged does not stay for ever, and the event log says that its record lacks
        what it held; one of a job that waits is left alone. SC-TDF-140"""
        assert give_up_reading(jobs[1].id) is None
        delivery_id, _ = start(jobs[0], device)
        deliveries.end(spool, delivery_id, D.COMPLETED, unread_stays=True)
        assert give_up_reading(jobs[0].id) is not None
        assert (now(jobs[0]).spool_key, now(jobs[1]).has_document) == (None, True)
        assert Event.objects.filter(kind="document_not_read", job_id=jobs[0].id).count() == 1

    def test_one_that_nobody_comes_to_is_given_up_after_a_day(
        self, spool: Spool, jobs: list[Job], device: Device
    ) -> None:
        """However long the analysis is away, a printed document is gone after a day; one that waits is not touched."""
        delivery_id, plan = start(jobs[0], device)
        deliveries.end(spool, delivery_id, D.COMPLETED, unread_stays=True)
        assert drop_printed_unread(spool, timezone.now() + timedelta(hours=23)) == 0
        assert drop_printed_unread(spool, timezone.now() + timedelta(hours=25)) == 1
        assert (now(jobs[0]).spool_key, now(jobs[1]).has_document) == (None, True)
        with pytest.raises(DocumentDamaged):
            list(spool.read(plan.document))

    def test_nobody_keeps_documents_where_nobody_reads_them(self) -> None:
        """A node that runs no analysis, by its workers or by its services, destroys what it printed at once."""
        assert Settings().reads_documents
        assert not Settings(analysis_workers=0).reads_documents
        assert not Settings(services="output").reads_documents

    def test_it_ends_once(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """Ending a delivery a second time changes nothing: one usage record, one end."""
        delivery_id, _ = start(jobs[0], device)
        assert deliveries.end(spool, delivery_id, D.COMPLETED)
        assert not deliveries.end(spool, delivery_id, D.FAILED, message="late")
        assert now(jobs[0]).state == JobState.COMPLETED
        assert UsageRecord.objects.count() == 1

    def test_news_that_come_late_do_not_wake_a_job_that_ended(
        self, spool: Spool, jobs: list[Job], device: Device
    ) -> None:
        """What a device says after the end leaves the job as it is."""
        delivery_id, _ = start(jobs[0], device)
        deliveries.end(spool, delivery_id, D.COMPLETED)
        assert not deliveries.note_progress(delivery_id, impressions_completed=9, message="", stopped=False)
        deliveries.note_handed_over(delivery_id)
        deliveries.put_back(delivery_id, message="", retry_at=None)
        assert deliveries.begin(delivery_id) is None
        assert now(jobs[0]).state == JobState.COMPLETED
        assert Delivery.objects.get().impressions_completed is None

    @pytest.mark.parametrize("outcome", [D.FAILED, D.INTERRUPTED])
    def test_what_did_not_come_out_is_held_again(
        self, spool: Spool, jobs: list[Job], device: Device, outcome: DeliveryState
    ) -> None:
        """A job that failed or was cut short is still there, says why, and can be released again. SQC-FLOW-03"""
        delivery_id, _ = start(jobs[0], device)
        deliveries.end(spool, delivery_id, outcome, impressions_completed=0, message="Paper jam.")
        job = now(jobs[0])
        assert (job.state, job.state_message, job.has_document) == (JobState.PENDING_HELD, "Paper jam.", True)
        assert b"".join(spool.read(deliveries.stored_document(job))) == b"s" * 20_000
        start(job, device)

    @pytest.mark.parametrize("by", ["wish", "job"])
    def test_what_is_kept_is_held_again_after_printing(
        self, spool: Spool, jobs: list[Job], device: Device, by: str
    ) -> None:
        """A document that its owner keeps can be printed several times, each with a usage record. SC-PULL-15"""
        if by == "job":
            set_retained(jobs[0], True)
        for _ in range(2):
            delivery_id, _plan = start(now(jobs[0]), device, keep=by == "wish")
            deliveries.end(spool, delivery_id, D.COMPLETED)
            assert (now(jobs[0]).state, now(jobs[0]).has_document) == (JobState.PENDING_HELD, True)
        assert UsageRecord.objects.count() == 2

    def test_put_back_it_waits_for_the_device(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """When nothing left, the delivery waits, the job says for what, and it begins again later."""
        delivery_id, _ = start(jobs[0], device)
        deliveries.put_back(delivery_id, message="Copy room is off.", retry_at=timezone.now())
        assert (now(jobs[0]).state, now(jobs[0]).state_message) == (JobState.PROCESSING_STOPPED, "Copy room is off.")
        assert deliveries.begin(delivery_id) is not None
        assert Delivery.objects.get().attempts == 2

    def test_a_clock_set_back_does_not_put_a_try_off(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """A next try that was due before the clock was set back by a day is made now, not a day later."""
        delivery_id, _ = start(jobs[0], device)
        for ahead, waits in ((timedelta(seconds=30), True), (timedelta(days=1), False)):
            deliveries.put_back(delivery_id, message="Copy room is off.", retry_at=timezone.now() + ahead)
            assert isinstance(look(device.id, lambda _: False, impatient=False), Later if waits else Work)

    def test_a_clock_set_back_does_not_end_a_delivery_before_its_start(
        self, spool: Spool, jobs: list[Job], device: Device
    ) -> None:
        """A delivery that began in what is now the future ends no earlier than it began."""
        delivery_id, _ = start(jobs[0], device)
        ahead = timezone.now() + timedelta(hours=5)
        Delivery.objects.update(started_at=ahead, created_at=ahead)
        deliveries.end(spool, delivery_id, D.COMPLETED)
        record = UsageRecord.objects.get()
        assert record.stopped_at >= record.started_at == ahead


class TestDeleting:
    """Canceling a job, by whom and whenever."""

    def test_a_waiting_job_goes_at_once(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """A job that is held, or waits for its device, is deleted with its document."""
        held, waiting = jobs
        release_jobs([Wish(job_id=waiting.id)], device=device, user=waiting.owner)
        for job in (held, waiting):
            cancel_job(spool, job, by=ADMIN)
            assert (now(job).state, now(job).has_document) == (JobState.CANCELED, False)
        delivery = Delivery.objects.get()
        assert delivery.state == D.CANCELED
        assert delivery.ended_at is not None
        assert deliveries.begin(delivery.id) is None
        assert spool.file_documents() == []

    def test_a_printing_job_is_stopped_first(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """While a device works on a job, deleting asks it to stop; what the device says then does not undo it."""
        delivery_id, _ = start(jobs[0], device)
        job = cancel_job(spool, jobs[0], by=ADMIN)
        assert (job.state, job.state_reasons) == (JobState.PROCESSING, STOPPING)
        assert not deliveries.note_progress(delivery_id, impressions_completed=1, message="Printing", stopped=False)
        assert now(job).state_reasons == STOPPING
        deliveries.end(spool, delivery_id, D.INTERRUPTED, impressions_completed=1)
        assert (now(job).state, now(job).has_document) == (JobState.CANCELED, False)
        assert UsageRecord.objects.get().activity == Delivery.objects.get().uuid

    def test_a_stopped_job_that_was_put_back_does_not_begin_again(
        self, spool: Spool, jobs: list[Job], device: Device
    ) -> None:
        """Deleting a job whose device could not be reached is not forgotten at the next try."""
        delivery_id, _ = start(jobs[0], device)
        cancel_job(spool, jobs[0], by=ADMIN)
        deliveries.put_back(delivery_id, message="Copy room is off.", retry_at=None)
        assert deliveries.begin(delivery_id) is None
        assert now(jobs[0]).state_reasons == STOPPING

    def test_what_ended_cannot_be_changed(self, spool: Spool, jobs: list[Job], bert: User) -> None:
        """A job that ended says so when somebody deletes, keeps or assigns it."""
        stale = now(jobs[0])
        cancel_job(spool, jobs[0], by=ADMIN)
        with pytest.raises(NotChangeable, match="has ended already"):
            cancel_job(spool, stale, by=ADMIN)
        with pytest.raises(NotChangeable):
            set_retained(stale, True)
        with pytest.raises(NotChangeable):
            assign_owner(stale, bert, by=ADMIN)

    def test_a_person_who_leaves_takes_their_documents_along(
        self, spool: Spool, jobs: list[Job], device: Device, anna: User
    ) -> None:
        """Deleting a person deletes their held jobs and stops what is being printed for them."""
        held, printing = jobs
        delivery_id, _ = start(printing, device)
        delete_user(anna, by=ADMIN)
        assert (now(held).state, now(held).has_document) == (JobState.CANCELED, False)
        assert now(printing).state_reasons == STOPPING
        deliveries.end(spool, delivery_id, D.CANCELED, impressions_completed=0)
        assert now(printing).state == JobState.CANCELED


class TestExpiry:
    """Jobs whose time is over."""

    def test_only_what_is_held_and_due_goes(self, spool: Spool, jobs: list[Job], device: Device) -> None:
        """Held jobs are deleted when their time is over; one that somebody just released is not. SC-PULL-14,
        SC-TRACK-04"""
        held, released = jobs
        release_jobs([Wish(job_id=released.id)], device=device, user=released.owner)
        assert expire_jobs(spool, timezone.now()) == 0
        assert expire_jobs(spool, timezone.now() + timedelta(hours=25)) == 1
        assert (now(held).state, now(held).state_reasons) == (JobState.CANCELED, "job-canceled-at-retention-end")
        assert now(released).state == JobState.PENDING

    def test_a_clock_set_back_deletes_nothing(self, spool: Spool, jobs: list[Job]) -> None:
        """With a clock that was set back by years jobs stay, and go in their time."""
        assert expire_jobs(spool, timezone.now() - timedelta(days=3650)) == 0
        assert expire_jobs(spool, timezone.now() + timedelta(days=2), limit=1) == 1
        assert expire_jobs(spool, timezone.now() + timedelta(days=2)) == 1


class TestFlatCost:
    """Reads that run every second or minute, or at every swipe, touch what is open, however much lies behind."""

    @pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads SQLite's query plans")
    def test_reads_use_the_indexes_made_for_them(self, spool: Spool, device: Device, anna: User) -> None:
        """Looking for work, for expired jobs and for what to analyse uses the index of what is open."""
        stored = Stored(document=uuid7(), pack=1, offset=0, length=1, size_bytes=1, wrapped_key=b"x")
        reads = {
            "delivery_open": [
                lambda: next_deliveries(device.id),
                queries.devices_with_open_deliveries,
                lambda: queries.jobs_in_progress_of(anna, device),
            ],
            "job_expiry": [lambda: expire_jobs(spool, timezone.now())],
            "job_unread": [lambda: queries.jobs_to_analyse(0, 10)],
            "job_in_pack": [lambda: queries.pack_is_live(1), lambda: queries.end_of_pack(1)],
            "job_of_owner": [lambda: queries.waiting_jobs_of(anna)],
            "sqlite_autoindex_printing_job": [lambda: queries.without_row([stored])],
        }
        for index, several in reads.items():
            for read in several:
                with CaptureQueriesContext(connection) as captured:
                    read()
                (sql,) = [each["sql"] for each in captured.captured_queries if "printing_" in each["sql"]]
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                    plan = " ".join(row[3] for row in cursor.fetchall())
                assert index in plan, f"{sql}\n{plan}"
