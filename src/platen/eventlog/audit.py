"""The audit trail: one entry for every change to money, access or a device, chained so that tampering shows.

Each entry's hash is keyed with a secret of the node and covers the hash of the entry before it, so that an entry that
is altered, left out or slipped in breaks the chain. Removing the newest entries cannot be seen from the database alone;
therefore every hash also goes to the structured log, and `verify` tells the newest one to compare with.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from platen.eventlog.actor import Actor
from platen.eventlog.models import AuditEntry
from platen.keys import derive_key
from platen.tenants.context import current_tenant_id
from platen.tenants.models import Tenant

log = structlog.get_logger("platen.audit")

FIRST_HASH = "0" * 64
BATCH = 500


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading the whole chain found."""

    entries: int
    head_hash: str  # of the newest entry; compare with what the log or an export says
    broken_at: int | None  # id of the first entry that does not fit

    @property
    def intact(self) -> bool:
        """Whether every entry fits the one before it."""
        return self.broken_at is None


@dataclass(frozen=True, slots=True)
class Audited:
    """What an entry says beside who and when. `verb` is constant (`card_added`), `subject` is for reading, `detail`
    holds JSON values and never secrets."""

    verb: str
    subject: str
    detail: Mapping[str, Any] = field(default_factory=dict)


def record_audit(by: Actor, verb: str, subject: str, **detail: object) -> AuditEntry:
    """Add one entry for the current tenant, in the caller's transaction: no change without its entry."""
    (entry,) = record_audits(by, [Audited(verb, subject, detail)])
    return entry


@transaction.atomic
def record_audits(by: Actor, audited: Sequence[Audited]) -> list[AuditEntry]:
    """Entries for what one person did to many, in this order, in one go."""
    tenant_id = current_tenant_id()
    # One writer at a time continues a tenant's chain. SQLite has one writer anyway; elsewhere the tenant's row is held
    # until the transaction ends, in the mode that lets other rows go on referring to it.
    Tenant.objects.select_for_update(no_key=True).get(id=tenant_id)
    newest = AuditEntry.objects.order_by("-id").values_list("entry_hash", flat=True).first() or FIRST_HASH
    entries, key = [], derive_key(settings.PLATEN.data, "audit")
    for each in audited:
        entry = AuditEntry(
            tenant_id=tenant_id,
            at=timezone.now(),
            actor=by.name[:255],
            actor_id=by.user_id,
            source=by.source[:64],
            verb=each.verb,
            subject=each.subject[:255],
            detail=dict(each.detail),
            previous_hash=newest,
        )
        newest = entry.entry_hash = _hash(entry, key)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=BATCH)
    for entry in entries:
        said = {"verb": entry.verb, "subject": entry.subject, "actor": entry.actor, "source": entry.source}
        log.info("audit", **said, hash=entry.entry_hash)
    return entries


def verify() -> Verification:
    """Read the current tenant's chain from the first entry to the last."""
    previous, count, key = FIRST_HASH, 0, derive_key(settings.PLATEN.data, "audit")
    for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=1000):
        if entry.previous_hash != previous or not hmac.compare_digest(entry.entry_hash, _hash(entry, key)):
            return Verification(count, previous, entry.id)
        previous, count = entry.entry_hash, count + 1
    return Verification(count, previous, None)


def _hash(entry: AuditEntry, key: bytes) -> str:
    content = [
        entry.tenant_id,
        _instant(entry.at),
        entry.actor,
        entry.actor_id,
        entry.source,
        entry.verb,
        entry.subject,
        entry.detail,
        entry.previous_hash,
    ]
    octets = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    return hmac.new(key, octets, hashlib.sha256).hexdigest()


def _instant(at: datetime) -> int:
    """Microseconds since 1970, the same whatever zone the database gives back."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond
