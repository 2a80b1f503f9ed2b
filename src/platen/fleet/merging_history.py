"""What was of two records of one machine, as that of one: supplies, alerts, states."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from platen.fleet.models import Alert, Machine, StateSpan, Supply, SupplyEvent
from platen.policy.fleet.merging import Span, merge_spans
from platen.tenants.context import current_tenant_id

SAME_CHANGE = timedelta(days=1)
"""Two records tell of one change of a supply when their readings are no further apart."""


def merge_supplies(kept: Machine, gone: Machine, *, newer: Machine) -> None:
    """Each place once, as the record read last says it; each replacement once."""
    older = gone if newer.pk == kept.pk else kept
    keys = Supply.objects.filter(machine=newer).values_list("key", flat=True)
    Supply.objects.filter(machine=older, key__in=list(keys)).delete()
    Supply.objects.filter(machine=gone).update(machine=kept)
    changes = list(SupplyEvent.objects.filter(machine=kept).exclude(kind="level").values_list("key", "kind", "at"))
    for event in SupplyEvent.objects.filter(machine=gone).exclude(kind="level"):
        if any(
            (key, kind) == (event.key, event.kind) and abs(at - event.at) < SAME_CHANGE for key, kind, at in changes
        ):
            event.delete()
    SupplyEvent.objects.filter(machine=gone).update(machine=kept)


def merge_alerts(kept: Machine, gone: Machine) -> None:
    """An alert that both reported is one, from its first beginning to its last end; open for one, it is open."""
    known = list(Alert.objects.filter(machine=kept))
    for alert in Alert.objects.filter(machine=gone).order_by("began_at"):
        same = [each for each in known if each.key == alert.key and _overlap(each, alert)]
        ends = [each.cleared_at for each in (*same, alert)]
        alert.machine, alert.began_at = kept, min(each.began_at for each in (*same, alert))
        alert.cleared_at = None if None in ends else max(end for end in ends if end is not None)
        Alert.objects.filter(pk__in=[each.pk for each in same]).delete()
        alert.save(update_fields=["machine", "began_at", "cleared_at"])
        known = [each for each in known if each not in same] + [alert]


def _overlap(one: Alert, other: Alert) -> bool:
    ends_before = one.cleared_at is not None and one.cleared_at < other.began_at
    begins_after = other.cleared_at is not None and other.cleared_at < one.began_at
    return not ends_before and not begins_after


def merge_states(kept: Machine, gone: Machine, now: datetime, *, newer: Machine) -> None:
    """States of the time that both were watched are those of who saw the machine; of two that saw it, of who was read
    last, so that the last state is that of the machine."""
    older = gone if newer.pk == kept.pk else kept
    spans = StateSpan.objects.filter(Q(machine=kept) | Q(machine=gone)).order_by("began_at")
    ours, theirs = (
        [Span(each.state, each.began_at, each.ended_at) for each in spans if each.machine_id == machine.pk]
        for machine in (newer, older)
    )
    merged = merge_spans(ours, theirs, now)
    spans.delete()
    StateSpan.objects.bulk_create(
        [
            StateSpan(
                tenant_id=current_tenant_id(), machine=kept, state=each.state, began_at=each.begin, ended_at=each.end
            )
            for each in merged
        ],
        batch_size=500,
    )
