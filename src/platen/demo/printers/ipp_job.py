"""One job inside the virtual IPP printer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from platen.policy.job_states import JobState
from platen.protocols.ipp import Attributes
from platen.protocols.ipp.jobs import JobView

_REASONS = {
    JobState.PENDING: ("none",),
    JobState.PENDING_HELD: ("job-incoming",),
    JobState.PROCESSING: ("job-printing",),
    JobState.PROCESSING_STOPPED: ("printer-stopped",),
    JobState.CANCELED: ("job-canceled-by-user",),
    JobState.ABORTED: ("aborted-by-system",),
    JobState.COMPLETED: ("job-completed-successfully",),
}


@dataclass(slots=True, kw_only=True)
class PrinterJob:
    """What the printer knows of a job. `document` is None until it is there whole."""

    id: int
    name: str
    user_name: str
    template: Attributes
    state: JobState = JobState.PENDING_HELD
    document: Path | None = None
    document_format: str = "application/octet-stream"
    impressions: int | None = None
    impressions_completed: int = 0
    cancel_wanted: bool = False
    uuid: uuid.UUID = field(default_factory=uuid.uuid4)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    processing_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it has a final state."""
        return self.state in {JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED}

    def end(self, state: JobState) -> None:
        """Give it a final state."""
        self.state, self.completed_at = state, datetime.now(UTC)

    def view(self, printer_uri: str, up_since: datetime, now: datetime, *, stopped: bool) -> JobView:
        """As a client sees it."""
        state = JobState.PROCESSING_STOPPED if stopped and self.state == JobState.PROCESSING else self.state
        return JobView(
            id=self.id,
            uuid=self.uuid,
            printer_uri=printer_uri,
            state=state,
            state_reasons=("processing-to-stop-point",) if self.cancel_wanted else _REASONS[state],
            name=self.name,
            originating_user_name=self.user_name,
            created_at=self.created_at,
            up_since=up_since,
            now=now,
            processing_at=self.processing_at,
            completed_at=self.completed_at,
            document_format=self.document_format,
            impressions=self.impressions,
            impressions_completed=self.impressions_completed,
            media_sheets_completed=self.impressions_completed,
            template=self.template,
        )
