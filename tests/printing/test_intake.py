"""Taking jobs in: owners, tenants, queues, documents that follow, and what is not kept."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError

from platen.devices.models import Device, Queue
from platen.devices.services import add_queue, change_queue, ensure_default_queue
from platen.directory.models import User
from platen.directory.people import add_alias, change_user
from platen.directory.services import create_user
from platen.eventlog.models import Event
from platen.identifiers import uuid7
from platen.policy.job_states import JobState
from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Accepted, Arrival, DocumentArrival, QueueFacts, Refused
from platen.printing.deliveries import stored_document
from platen.printing.intake import accept_batch, accept_stored, attach_documents, attach_stored, store_documents
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.release import Wish, release_jobs
from platen.printing.spool import Spool, SpoolFull
from platen.printing.spool.cipher import CHUNK_BYTES, new_key
from platen.tenants.context import acting_for
from platen.tenants.models import Policy, Tenant, UnknownOwner
from tests.faults.small_disk import small_disk
from tests.fixtures_tenant import ADMIN
from tests.printing.conftest import Facts


def arrival(queue: QueueFacts, user: str | None = "anna", document: bytes | None = b"%PDF-1.7 one page") -> Arrival:
    return Arrival(queue=queue, name="Report", names=NamesOfJob(requesting_user_name=user), document=document)


def accept(spool: Spool, arrived: Arrival) -> Job:
    (result,) = accept_batch(spool, [arrived])
    assert isinstance(result, Accepted), result
    return Job.everywhere.get(id=result.job_id)


def content_of(spool: Spool, job: Job) -> bytes:
    return b"".join(spool.read(stored_document(job)))


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]


class TestOwner:
    """Whose the job is."""

    @pytest.mark.parametrize(
        "submitted", ["anna", "ANNA", r"ACME\anna", r"acme\Anna", "anna@acme", "anna@acme.test", "a.lind"]
    )
    def test_every_spelling_of_a_person_finds_them(
        self, spool: Spool, anna: User, pull: Queue, facts: Facts, submitted: str
    ) -> None:
        r"""A logon, DOMAIN\logon, logon@domain, e-mail address or alias leads to its person. SC-PPORT-03"""
        change_user(anna, by=ADMIN, domain="ACME")
        add_alias(anna, "a.lind", by=ADMIN)
        job = accept(spool, arrival(facts(pull), submitted))
        assert job.owner == anna
        assert job.submitted_as == submitted
        assert (job.state, job.state_reasons) == (JobState.PENDING_HELD, "job-hold-until-specified")

    def test_an_authenticated_person_owns_whatever_name_came_with_the_job(
        self, spool: Spool, anna: User, bert: User, pull: Queue, facts: Facts
    ) -> None:
        """Who signed in owns the job, not whom the client names."""
        arrived = Arrival(
            queue=facts(pull),
            name="Report",
            names=NamesOfJob(authenticated="anna", requesting_user_name="bert"),
            authenticated_user_id=anna.id,
            document=b"content",
        )
        assert accept(spool, arrived).owner == anna

    def test_an_unknown_person_is_made_once_at_first_print(
        self, spool: Spool, policy: Policy, pull: Queue, facts: Facts
    ) -> None:
        """Two first jobs of one person in one batch make one person, who owns both. SC-FIRSTPRINT-01"""
        policy.unknown_owner = UnknownOwner.CREATE
        policy.save()
        results = accept_batch(spool, [arrival(facts(pull), "carla"), arrival(facts(pull), "Carla")])
        carla = User.objects.get(logon_key="carla")
        assert [result.owner_id for result in results if isinstance(result, Accepted)] == [carla.id, carla.id]

    def test_an_unknown_person_is_refused_where_the_policy_says_so(
        self, spool: Spool, policy: Policy, pull: Queue, facts: Facts, tmp_path: Path
    ) -> None:
        """A refused job leaves no row and no document, and a line in the event log says why."""
        policy.unknown_owner = UnknownOwner.REFUSE
        policy.save()
        large = spool.open_file(uuid7())
        large.write(bytes(CHUNK_BYTES * 2))
        refused = [arrival(facts(pull), "nobody"), arrival(facts(pull), "nobody", None)]
        stored = Arrival(queue=facts(pull), name="Big", names=NamesOfJob(), document=large.finish())
        results = accept_batch(spool, [*refused, stored])
        assert [type(result) for result in results] == [Refused] * 3
        assert {result.status for result in results if isinstance(result, Refused)} == {"client-error-not-authorized"}
        assert not Job.objects.exists()
        assert spool.file_documents() == []
        assert Event.objects.filter(kind="job_refused").count() == 3

    @pytest.mark.parametrize("user", ["nobody", None])
    def test_an_unknown_persons_job_is_held_for_nobody(
        self, spool: Spool, pull: Queue, device: Device, facts: Facts, anna: User, user: str | None
    ) -> None:
        """A job without owner waits to be assigned; no person can release it meanwhile."""
        job = accept(spool, arrival(facts(pull), user))
        assert job.owner is None
        assert "account-authorization-failed" in job.state_reasons
        assert Event.objects.filter(kind="job_without_owner", job_id=job.id).count() == 1
        for person in (anna, None):
            assert release_jobs([Wish(job_id=job.id)], device=device, user=person).delivery_ids == ()


class TestBatch:
    """Arrivals of one moment."""

    def test_answers_come_in_the_order_of_the_arrivals(
        self, spool: Spool, policy: Policy, anna: User, bert: User, pull: Queue, facts: Facts
    ) -> None:
        """Each of a mixed batch is answered in its place, with its own document."""
        policy.unknown_owner = UnknownOwner.REFUSE
        policy.save()
        people = ["anna", "nobody", "bert", "nobody", "anna"]
        queue = facts(pull)
        results = accept_batch(spool, [arrival(queue, name, b"doc %d" % n) for n, name in enumerate(people)])
        owners = [result.owner_id if isinstance(result, Accepted) else None for result in results]
        assert owners == [anna.id, None, bert.id, None, anna.id]
        for number, result in enumerate(results):
            if isinstance(result, Accepted):
                assert content_of(spool, Job.objects.get(id=result.job_id)) == b"doc %d" % number

    def test_a_batch_of_two_tenants_keeps_them_apart(
        self, spool: Spool, tenant: Tenant, other_tenant: Tenant, pull: Queue, facts: Facts, anna: User
    ) -> None:
        """Jobs of two organisations that come together each go to their own, also where logons are the same.
        SQC-SVC-11"""
        with acting_for(other_tenant.id):
            theirs = facts(ensure_default_queue())
            their_anna = create_user("anna", by=ADMIN)
        first, second, third = accept_batch(spool, [arrival(theirs), arrival(facts(pull)), arrival(theirs, "x")])
        assert isinstance(first, Accepted)
        assert isinstance(second, Accepted)
        assert isinstance(third, Accepted)
        assert (first.owner_id, first.tenant_id) == (their_anna.id, other_tenant.id)
        assert (second.owner_id, second.tenant_id) == (anna.id, tenant.id)
        assert list(Job.objects.values_list("id", flat=True)) == [second.job_id]
        assert not Event.objects.filter(kind="job_without_owner").exists(), "the other tenant's orphan shows here"

    def test_the_rows_of_a_batch_come_all_or_none(
        self, spool: Spool, other_tenant: Tenant, pull: Queue, facts: Facts, anna: User
    ) -> None:
        """When one row of a batch cannot be written, no job of any tenant is kept and no document stays."""
        with acting_for(other_tenant.id):
            theirs = facts(ensure_default_queue())
        good = arrival(facts(pull))
        before = accept(spool, good)
        with pytest.raises(IntegrityError):
            accept_batch(spool, [arrival(theirs), arrival(facts(pull)), good])
        assert list(Job.everywhere.all()) == [before]

    def test_a_batch_handed_in_again_is_accepted_once(
        self, spool: Spool, pull: Queue, facts: Facts, anna: User
    ) -> None:
        """Where nobody heard whether a commit went through, handing the same arrivals in again gives the same jobs."""
        stored = store_documents(spool, [arrival(facts(pull), document=b"%d" % number) for number in range(3)])
        first = accept_stored(spool, stored)
        assert accept_stored(spool, stored) == first
        assert [content_of(spool, job) for job in Job.objects.order_by("id")] == [b"0", b"1", b"2"]

    def test_what_a_client_sends_is_made_to_fit(self, spool: Spool, pull: Queue, facts: Facts, anna: User) -> None:
        """Names too long for their column and NUL octets do not stop a job, on any database."""
        arrived = Arrival(
            queue=facts(pull),
            name="N\0" + "ame" * 200,
            names=NamesOfJob(requesting_user_name="anna"),
            submitted_from="pc\0" * 200,
            document_format="application/" + "x" * 200,
            document=b"content",
        )
        job = accept(spool, arrived)
        assert job.name.startswith("Name")
        assert len(job.name) == 255
        assert len(job.document_format) == 80


class TestQueues:
    """What becomes of the job by its queue."""

    def test_a_push_queue_forwards_at_once(
        self, spool: Spool, push: Queue, device: Device, facts: Facts, anna: User
    ) -> None:
        """A job for a push queue gets its delivery in the same commit. SC-PUSHQ-01"""
        job = accept(spool, arrival(facts(push)))
        delivery = Delivery.objects.get(job=job)
        assert (job.state, job.device) == (JobState.PENDING, device)
        assert (delivery.state, delivery.device, delivery.user, delivery.pull) == (
            DeliveryState.WAITING,
            device,
            anna,
            False,
        )

    def test_how_long_a_document_waits(
        self, spool: Spool, pull: Queue, facts: Facts, anna: User, policy: Policy
    ) -> None:
        """A document waits as long as the organisation says when it comes in. SC-PULL-14, SC-TRACK-04"""
        waits = []
        for hours in (24, 2):
            policy.job_retention_hours = hours
            policy.save()
            job = accept(spool, arrival(facts(pull)))
            assert job.expires_at is not None
            waits.append((job.expires_at - job.created_at).total_seconds() / 3600)
        assert waits == pytest.approx([24, 2], abs=0.01)

    def test_a_pushed_job_can_be_held_by_its_sender(self, spool: Spool, push: Queue, facts: Facts, anna: User) -> None:
        """job-hold-until keeps a job on a push queue from leaving."""
        arrived = Arrival(
            queue=facts(push),
            name="Later",
            names=NamesOfJob(requesting_user_name="anna"),
            ticket={"job-hold-until": "indefinite"},
            document=b"content",
        )
        assert accept(spool, arrived).state == JobState.PENDING_HELD
        assert not Delivery.objects.exists()

    def test_a_queue_can_say_whose_all_its_jobs_are(
        self, spool: Spool, pull: Queue, facts: Facts, anna: User, bert: User
    ) -> None:
        """A queue with a specified logon gives every job to that person. SC-PPORT-04"""
        change_queue(pull, by=ADMIN, specified_logon="bert")
        assert accept(spool, arrival(facts(pull), "anna")).owner == bert

    def test_default_domains_are_those_of_the_queue(self, spool: Spool, tenant: Tenant, facts: Facts) -> None:
        """Of two people with one logon, the queue's default domain decides. SC-PPORT-09"""
        east = create_user("sam", by=ADMIN, domain="EAST")
        west = create_user("sam", by=ADMIN, domain="WEST")
        queues = [facts(add_queue(domain, by=ADMIN, default_domain=domain)) for domain in ("EAST", "WEST")]
        results = accept_batch(spool, [arrival(queue, "sam") for queue in queues])
        assert [result.owner_id for result in results if isinstance(result, Accepted)] == [east.id, west.id]


class TestDocumentsThatFollow:
    """Create-Job, then Send-Document."""

    def attach(self, spool: Spool, job: Job, document: bytes = b"the document") -> Accepted | Refused:
        (result,) = attach_documents(spool, [self.document(job, document)])
        return result

    def document(self, job: Job, document: bytes) -> DocumentArrival:
        return DocumentArrival(tenant_id=job.tenant_id, job_id=job.id, job_uuid=job.uuid, document=document)

    def test_a_job_without_document_waits_for_it(
        self, spool: Spool, pull: Queue, device: Device, facts: Facts, anna: User
    ) -> None:
        """A created job is job-incoming and cannot be released until its document is there."""
        job = accept(spool, arrival(facts(pull), document=None))
        assert (job.state, job.state_reasons) == (JobState.PENDING_HELD, "job-incoming")
        released = release_jobs([Wish(job_id=job.id)], device=device, user=anna)
        assert "still coming in" in released.refused[job.id]
        assert isinstance(self.attach(spool, job), Accepted)
        job.refresh_from_db()
        assert content_of(spool, job) == b"the document"
        assert release_jobs([Wish(job_id=job.id)], device=device, user=anna).refused == {}

    def test_a_pushed_job_leaves_when_its_document_is_there(
        self, spool: Spool, push: Queue, facts: Facts, anna: User
    ) -> None:
        """On a push queue the delivery comes with the document, not before. SC-PPORT-16"""
        job = accept(spool, arrival(facts(push), document=None))
        assert not Delivery.objects.exists()
        self.attach(spool, job)
        assert Delivery.objects.get(job=job).state == DeliveryState.WAITING

    def test_of_two_documents_in_one_batch_the_first_stays(
        self, spool: Spool, pull: Queue, facts: Facts, anna: User
    ) -> None:
        """A job takes one document; a second one sent at the same moment does not damage it."""
        job = accept(spool, arrival(facts(pull), document=None))
        first, second = attach_documents(spool, [self.document(job, b"first" * 2000), self.document(job, b"second")])
        assert isinstance(first, Accepted)
        assert second == Refused(reason="This job takes no document any more.", status="client-error-not-possible")
        job.refresh_from_db()
        assert content_of(spool, job) == b"first" * 2000

    def test_a_canceled_or_unknown_job_takes_none(
        self, spool: Spool, pull: Queue, facts: Facts, anna: User, other_tenant: Tenant
    ) -> None:
        """A document for a job that ended, or is another organisation's, is refused."""
        job = accept(spool, arrival(facts(pull), document=None))
        with acting_for(other_tenant.id):
            foreign = DocumentArrival(tenant_id=other_tenant.id, job_id=job.id, job_uuid=job.uuid, document=b"content")
        (result,) = attach_documents(spool, [foreign])
        assert isinstance(result, Refused)
        Job.objects.filter(id=job.id).update(state=JobState.CANCELED)
        assert isinstance(self.attach(spool, job), Refused)

    def test_handed_in_again_it_is_accepted_again(self, spool: Spool, pull: Queue, facts: Facts, anna: User) -> None:
        """Where nobody heard whether the commit went through, the same document is not refused as a second one."""
        job = accept(spool, arrival(facts(pull), document=None))
        stored = store_documents(spool, [self.document(job, b"content")])
        assert attach_stored(spool, stored) == attach_stored(spool, stored)
        job.refresh_from_db()
        assert content_of(spool, job) == b"content"


class TestDiskFull:
    """A disk that is really full."""

    @pytest.fixture
    def disk(self) -> Iterator[Path]:
        with small_disk(1024 * 1024) as folder:
            yield folder

    def test_a_batch_that_does_not_fit_leaves_nothing(
        self, disk: Path, tenant: Tenant, pull: Queue, facts: Facts, anna: User
    ) -> None:
        """On a full disk no row and no octet of a document is kept; when there is room again, printing goes on."""
        spool = Spool(disk / "spool", new_key())
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(600_000))
        with pytest.raises(OSError, match=r"nearly full|No space left") as error:
            accept_batch(spool, [arrival(facts(pull), document=bytes(200_000)) for _ in range(5)])
        assert isinstance(error.value, SpoolFull) or error.value.errno == errno.ENOSPC
        assert not Job.objects.exists()
        assert files_below(disk / "spool") == []
        ballast.unlink()
        assert content_of(spool, accept(spool, arrival(facts(pull)))) == b"%PDF-1.7 one page"


class TestSyncFails:
    """A disk that takes octets and then cannot keep them."""

    def test_no_row_is_committed_for_documents_that_the_disk_did_not_keep(
        self, spool: Spool, pull: Queue, facts: Facts, anna: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The sync of the documents comes before the commit of the rows: where it fails there is no row, and what was
        accepted before and is accepted after it is whole."""
        before = accept(spool, arrival(facts(pull)))
        with monkeypatch.context() as broken:
            broken.setattr(os, "fdatasync", _input_output_error)
            with pytest.raises(OSError, match="disk error"):
                accept_batch(spool, [arrival(facts(pull), document=b"lost"), arrival(facts(pull), document=b"lost")])
        assert list(Job.objects.values_list("id", flat=True)) == [before.id]
        after = accept(spool, arrival(facts(pull), document=b"kept"))
        assert [content_of(spool, job) for job in (before, after)] == [b"%PDF-1.7 one page", b"kept"]


def _input_output_error(_descriptor: int) -> None:
    raise OSError(errno.EIO, "disk error")
