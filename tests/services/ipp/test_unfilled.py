"""Jobs whose document never comes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from platen.devices.models import Queue
from platen.directory.models import User
from platen.identifiers import uuid7
from platen.policy.job_states import JobState
from platen.printing.models import Job
from platen.printing.services import UNFILLED_S, drop_unfilled_jobs
from platen.printing.spool import Spool


def test_a_job_without_document_ends_after_its_time(anna: User, tmp_path: Path) -> None:
    """A job whose document does not come within multiple-operation-time-out is canceled; others stay."""
    queue = Queue.objects.create(name="pull")
    now = timezone.now()
    old, young = (
        Job.objects.create(queue=queue, owner=anna, uuid=uuid7(), name="?", created_at=now - timedelta(seconds=age))
        for age in (UNFILLED_S + 1, UNFILLED_S - 1)
    )
    filled = Job.objects.create(
        queue=queue, owner=anna, uuid=uuid7(), name="?", spool_key=b"k", created_at=now - timedelta(days=1)
    )
    assert drop_unfilled_jobs(Spool(tmp_path, bytes(32)), now) == 1
    states = dict(Job.objects.values_list("id", "state"))
    assert states[old.id] == JobState.CANCELED
    assert states[young.id] == states[filled.id] == JobState.PENDING_HELD
