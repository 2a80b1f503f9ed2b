"""Jobs, devices and deliveries for the tests: made as rows, ended by the real verb."""

from __future__ import annotations

from platen.devices.models import Device, Queue, QueueKind
from platen.devices.services import add_device, add_queue
from platen.directory.models import User
from platen.documents.facts import DocumentFacts, PageRun
from platen.policy.charging import sample_scheme
from platen.policy.job_states import JobState
from platen.policy.scheme_format import scheme_to_dict
from platen.printing.deliveries import end
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.spool import Spool
from platen.tracking.models import UsageRecord
from platen.tracking.schemes import assign, set_scheme
from tests.fixtures_tenant import ADMIN

A4, A3 = "iso_a4_210x297mm", "iso_a3_297x420mm"
TWO_SIDED = {"sides": "two-sided-long-edge"}
SAMPLE = scheme_to_dict(sample_scheme())


def document(*runs: tuple[int, str | None, bool | None], **values: object) -> DocumentFacts:
    """Facts of a PDF with runs of (pages, media, colour)."""
    page_runs, last = [], 0
    for count, media, color in runs:
        page_runs.append(PageRun(first=last + 1, last=last + count, media=media, color=color))
        last += count
    return DocumentFacts(format="application/pdf", pages=last, page_runs=tuple(page_runs), **values)  # type: ignore[arg-type]  # a test's own values


class Printing:
    """A device with the sample prices, a pull queue, and jobs that go through it."""

    def __init__(self, spool: Spool) -> None:
        self.spool = spool
        self.device = add_device(
            "Copier 2nd floor",
            "ipp://127.0.0.9/ipp/print",
            by=ADMIN,
            location="2nd floor",
            make_and_model="Examplecorp LX-400",
            mac="00:30:6e:c9:34:ae",
            color_supported=True,
            duplex_supported=True,
        )
        self.scheme = set_scheme("Standard", SAMPLE, by=ADMIN)
        self.secondary = set_scheme("True cost", cheap_prices(), by=ADMIN)
        assign(self.device, primary=self.scheme, secondary=self.secondary, by=ADMIN)
        self.queue = add_queue("pull", by=ADMIN, is_default=True)

    def push_queue(self, name: str = "direct", **values: object) -> Queue:
        return add_queue(name, QueueKind.PUSH, device=self.device, by=ADMIN, **values)  # type: ignore[arg-type]  # a test's own values

    def job(
        self,
        owner: User | None,
        facts: DocumentFacts | None,
        *,
        ticket: dict[str, object] | None = None,
        copies: int = 1,
        queue: Queue | None = None,
        name: str = "Report.pdf",
    ) -> Job:
        made: Job = Job.objects.create(
            queue=queue or self.queue,
            owner=owner,
            name=name,
            submitted_as=owner.logon if owner else "somebody",
            submitted_from="pc-17",
            state=JobState.PENDING,
            ticket=ticket or {},
            copies=copies,
            size_bytes=41_000,
            facts=None if facts is None else facts.to_dict(),
            device=self.device,
        )
        return made

    def delivery(
        self, job: Job, user: User | None = None, *, device: Device | None = None, copies: int | None = None
    ) -> Delivery:
        made: Delivery = Delivery.objects.create(
            job=job,
            device=device or self.device,
            user=user or job.owner,
            pull=job.queue.kind == QueueKind.PULL,
            copies=copies or job.copies,
            state=DeliveryState.SENDING,
            attempts=1,
        )
        return made

    def ended(
        self, delivery: Delivery, outcome: DeliveryState = DeliveryState.COMPLETED, told: int | None = None
    ) -> UsageRecord | None:
        """End a delivery as the output service does; the record that it left."""
        assert end(self.spool, delivery.id, outcome, impressions_completed=told)
        found: UsageRecord | None = UsageRecord.objects.filter(activity=delivery.uuid).first()
        return found

    def printed(self, owner: User | None, facts: DocumentFacts | None, **values: object) -> UsageRecord:
        """A job printed to its end; the record that it left."""
        record = self.ended(self.delivery(self.job(owner, facts, **values)))  # type: ignore[arg-type]  # a test's own values
        assert record is not None
        return record


def cheap_prices() -> dict[str, object]:
    row = {"sheet": "0.01", "mono": "0.02", "color": "0.05"}
    return {"print": {"per_job": "0", "sizes": {"A4": row, "Other": row}}}
