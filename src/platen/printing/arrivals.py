"""What comes in: the values that print intake hands to the verbs of `printing.intake`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from platen.identifiers import uuid7
from platen.policy.job_data_logon import JobDataLogonRule
from platen.policy.owner import NamesOfJob, OwnerRule
from platen.printing.models import ReceivedVia
from platen.printing.spool import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """What intake needs to know of a queue and its tenant's policy; a snapshot, refreshed every few seconds."""

    id: int
    tenant_id: int
    name: str
    uuid: uuid.UUID
    is_pull: bool
    is_default: bool
    accepting: bool
    device_id: int | None
    location: str
    owner_rule: OwnerRule
    job_data_logon: JobDataLogonRule | None
    retention_hours: int
    tenant_name: str = ""
    lpd_port: int | None = None  # listeners of its own, beside the node's
    raw_port: int | None = None
    sign_in_required: bool = False


@dataclass(slots=True, kw_only=True)
class Arrival:
    """One job as it came in.

    document: the whole document when it is small, where it was stored when it is large, None when it follows later
    (Create-Job). names: every name it came under; the queue's rule says which counts.
    """

    queue: QueueFacts
    name: str
    names: NamesOfJob
    authenticated_user_id: int | None = None
    submitted_from: str = ""
    received_via: ReceivedVia = ReceivedVia.IPP
    document_format: str = "application/octet-stream"
    ticket: Mapping[str, object] = field(default_factory=dict)
    copies: int = 1
    document: bytes | Stored | None = None
    password_key: str = ""  # printing.job_passwords; empty: printing needs no code
    uuid: uuid.UUID = field(default_factory=uuid7)

    def stored_at(self, place: Stored) -> Arrival:
        """The same, its document on the disk. Written out: `dataclasses.replace` takes five times as long."""
        return Arrival(
            queue=self.queue,
            name=self.name,
            names=self.names,
            authenticated_user_id=self.authenticated_user_id,
            submitted_from=self.submitted_from,
            received_via=self.received_via,
            document_format=self.document_format,
            ticket=self.ticket,
            copies=self.copies,
            document=place,
            password_key=self.password_key,
            uuid=self.uuid,
        )

    @property
    def submitted_as(self) -> str:
        """The name that the client gave, whether or not anybody is called so."""
        names = self.names
        return names.authenticated or names.requesting_user_name or names.lpd or names.pjl or names.job_data or ""


@dataclass(slots=True, kw_only=True)
class DocumentArrival:
    """The document of a job that was created without one (Send-Document)."""

    tenant_id: int
    job_id: int
    job_uuid: uuid.UUID
    document: bytes | Stored
    document_format: str | None = None
    ticket: Mapping[str, object] = field(default_factory=dict)

    def stored_at(self, place: Stored) -> DocumentArrival:
        """The same, its document on the disk."""
        return replace(self, document=place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The job is durable. device_id: the device whose turn it is now, for a job that goes straight on."""

    job_id: int
    uuid: uuid.UUID
    state: int
    state_reasons: str
    owner_id: int | None
    tenant_id: int
    device_id: int | None = None
    has_document: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The job was not taken and nothing of it was kept."""

    reason: str  # a sentence
    status: str  # IPP status keyword, e.g. client-error-not-authorized
