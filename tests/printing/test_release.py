"""Releasing held jobs, and who is told what when two want the same one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from platen.devices.models import Device, Queue
from platen.devices.services import add_device, ensure_default_queue, set_out_of_service
from platen.directory.models import User
from platen.directory.services import create_user
from platen.policy.job_states import JobState
from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Accepted, Arrival
from platen.printing.errors import NotReleasable
from platen.printing.intake import accept_batch
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.queries import waiting_jobs_of
from platen.printing.queue_facts import all_queue_facts
from platen.printing.release import Released, Wish, release_jobs, release_unattended
from platen.printing.services import cancel_job
from platen.printing.spool import Spool
from platen.tenants.context import acting_for
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN


def hold(spool: Spool, queue: Queue, owner: User, count: int = 1) -> list[Job]:
    """Held jobs with documents."""
    facts = next(each for each in all_queue_facts() if each.id == queue.id)
    arrivals = [
        Arrival(
            queue=facts, name=f"Secret plan {number}", names=NamesOfJob(), authenticated_user_id=owner.id, document=b"x"
        )
        for number in range(count)
    ]
    accepted = [each for each in accept_batch(spool, arrivals) if isinstance(each, Accepted)]
    return [Job.objects.get(id=each.job_id) for each in accepted]


def wishes(jobs: list[Job]) -> list[Wish]:
    return [Wish(job_id=job.id) for job in jobs]


class TestRelease:
    """One person at one device."""

    def test_deliveries_come_in_the_order_wished(self, spool: Spool, pull: Queue, device: Device, anna: User) -> None:
        """What is released leaves in the order in which it was chosen. SC-PULL-01"""
        jobs = hold(spool, pull, anna, 3)
        released = release_jobs(wishes(jobs[::-1]), device=device, user=anna)
        in_order = Delivery.objects.filter(id__in=released.delivery_ids).order_by("id")
        assert [delivery.job_id for delivery in in_order] == [job.id for job in jobs[::-1]]
        assert released.refused == {}
        assert {job.state for job in Job.objects.all()} == {JobState.PENDING}
        assert waiting_jobs_of(anna) == []

    def test_a_job_chosen_twice_prints_once(self, spool: Spool, pull: Queue, device: Device, anna: User) -> None:
        """A job that stands twice in one request gets one delivery."""
        (job,) = hold(spool, pull, anna)
        released = release_jobs([Wish(job_id=job.id, copies=2), Wish(job_id=job.id)], device=device, user=anna)
        assert Delivery.objects.get().copies == 2
        assert len(released.delivery_ids) == 1

    @pytest.mark.parametrize(("wanted", "given"), [(None, 1), (0, 1), (-3, 1), (7, 7), (10_000, 999)])
    def test_copies_stay_within_reason(
        self, spool: Spool, pull: Queue, device: Device, anna: User, wanted: int | None, given: int
    ) -> None:
        """Copies are those wished, at least one and at most 999."""
        (job,) = hold(spool, pull, anna)
        release_jobs([Wish(job_id=job.id, copies=wanted)], device=device, user=anna)
        assert Delivery.objects.get().copies == given

    def test_another_persons_job_is_neither_released_nor_named(
        self, spool: Spool, pull: Queue, device: Device, anna: User, bert: User
    ) -> None:
        """Whoever asks for somebody else's job does not get it, and does not learn its name, whatever its state."""
        held, printing = hold(spool, pull, anna, 2)
        release_jobs(wishes([printing]), device=device, user=anna)
        released = release_jobs(wishes([held, printing]), device=device, user=bert)
        assert released.delivery_ids == ()
        assert all("Secret" not in sentence for sentence in released.refused.values())
        held.refresh_from_db()
        assert held.state == JobState.PENDING_HELD

    def test_a_job_of_another_tenant_is_not_there(
        self, spool: Spool, pull: Queue, anna: User, other_tenant: Tenant
    ) -> None:
        """One organisation's job cannot be released by another's, not even by its administrator."""
        (job,) = hold(spool, pull, anna)
        with acting_for(other_tenant.id):
            theirs = add_device("Theirs", "socket://127.0.0.1:9100", by=ADMIN)
            with pytest.raises(NotReleasable, match="no longer here"):
                release_unattended(job, theirs, by=ADMIN)

    def test_a_device_out_of_service_takes_nothing(self, spool: Spool, pull: Queue, device: Device, anna: User) -> None:
        """At a device out of service documents stay held, and the person is told."""
        (job,) = hold(spool, pull, anna)
        set_out_of_service(device, True, by=ADMIN)
        released = release_jobs(wishes([job]), device=device, user=anna)
        assert released.refused[job.id] == "Copy room is out of service. Your documents stay held."
        job.refresh_from_db()
        assert job.state == JobState.PENDING_HELD

    def test_each_reason_has_its_sentence(self, spool: Spool, pull: Queue, device: Device, anna: User) -> None:
        """A job that is on its way, printed or deleted says so, and where."""
        printing, printed, deleted = hold(spool, pull, anna, 3)
        release_jobs(wishes([printing]), device=device, user=anna)
        Job.objects.filter(id=printed.id).update(state=JobState.COMPLETED, device=device)
        cancel_job(spool, deleted, by=ADMIN)
        sentences = release_jobs(wishes([printing, printed, deleted]), device=device, user=anna).refused
        assert sentences[printing.id] == "“Secret plan 0” is already being printed at Copy room."
        assert sentences[printed.id] == "“Secret plan 1” was printed at Copy room a moment ago."
        assert sentences[deleted.id] == "“Secret plan 2” was deleted."

    def test_jobs_from_the_future_are_released_as_others(
        self, spool: Spool, pull: Queue, device: Device, anna: User
    ) -> None:
        """A clock that was set back since a job came in does not hide or block the job."""
        first, second = hold(spool, pull, anna, 2)
        Job.objects.filter(id=first.id).update(created_at=timezone.now() + timedelta(days=400))
        assert waiting_jobs_of(anna) == [first, second]
        assert release_jobs(wishes([first]), device=device, user=anna).refused == {}


class TestAtOnce:
    """Two panels, one job: on a database that commits and locks as in service."""

    @pytest.fixture
    def people_and_jobs(self, own_tenant: Tenant, spool: Spool) -> tuple[User, list[Device], list[Job]]:
        anna = create_user("anna", by=ADMIN)
        devices = [add_device(f"Device {number}", "socket://127.0.0.1:9100", by=ADMIN) for number in range(2)]
        return anna, devices, hold(spool, ensure_default_queue(), anna, 12)

    def test_one_wins_and_the_other_is_told(
        self, own_tenant: Tenant, people_and_jobs: tuple[User, list[Device], list[Job]]
    ) -> None:
        """Two releases of the same jobs at once, in opposite orders: each job goes to one device, and the other
        panel is told where it is being printed. SC-PULL-01"""
        anna, devices, jobs = people_and_jobs
        start = threading.Barrier(2)

        def panel(number: int) -> Released:
            try:
                with acting_for(own_tenant.id):
                    start.wait(10)
                    order = jobs if number == 0 else jobs[::-1]
                    return release_jobs(wishes(order), device=devices[number], user=anna)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as panels:
            first, second = panels.map(panel, range(2))
        assert len(first.delivery_ids) + len(second.delivery_ids) == len(jobs)
        assert not set(first.refused) & set(second.refused)
        for sentence in [*first.refused.values(), *second.refused.values()]:
            assert "is already being printed at Device" in sentence
        assert Delivery.objects.filter(state=DeliveryState.WAITING).count() == len(jobs)

    def test_deleting_and_releasing_at_once_end_in_one_of_both(
        self, own_tenant: Tenant, people_and_jobs: tuple[User, list[Device], list[Job]], spool: Spool
    ) -> None:
        """A job that is deleted while it is released is deleted; nothing is left waiting for a job that is gone."""
        anna, devices, jobs = people_and_jobs
        start = threading.Barrier(2)

        def release() -> None:
            try:
                with acting_for(own_tenant.id):
                    start.wait(10)
                    for job in jobs:
                        release_jobs(wishes([job]), device=devices[0], user=anna)
            finally:
                connections.close_all()

        def delete() -> None:
            try:
                with acting_for(own_tenant.id):
                    start.wait(10)
                    for job in jobs:
                        cancel_job(spool, job, by=ADMIN)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as panels:
            for done in [panels.submit(release), panels.submit(delete)]:
                done.result(60)
        assert {job.state for job in Job.objects.all()} == {JobState.CANCELED}
        assert not Delivery.objects.filter(ended_at__isnull=True).exists()
        assert not Job.objects.filter(spool_key__isnull=False).exists()
