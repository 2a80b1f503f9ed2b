"""What printing does when others say that something happened."""

from __future__ import annotations

from django.dispatch import receiver

from platen.directory.events import user_deleting
from platen.directory.models import User
from platen.eventlog.actor import Actor
from platen.printing.models import OPEN_STATES, Job
from platen.printing.node_spool import node_spool
from platen.printing.services import cancel_job


@receiver(user_deleting)
def cancel_jobs_of_leaver(user: User, by: Actor, **_: object) -> None:
    """A person goes, and their waiting documents with them."""
    for job in Job.objects.filter(owner=user, state__in=OPEN_STATES):
        cancel_job(node_spool(), job, by=by)
