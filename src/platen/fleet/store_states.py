"""From when to when machines were in a state, and what devices knows of theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platen.fleet.batch_sql import Insert, as_moment, execute_many
from platen.fleet.events import Happening, Kind
from platen.fleet.known import Known
from platen.fleet.models import StateSpan
from platen.policy.fleet.power import State
from platen.policy.fleet.severity import Severity, Trouble
from platen.tenants.context import current_tenant_id

_BEGAN = Insert(StateSpan, "tenant_id", "machine_id", "state", "began_at")
_END = "UPDATE fleet_statespan SET ended_at = %s WHERE machine_id = %s AND ended_at IS NULL"
_BY_POWER = {State.OFF: "off", State.SILENT: "silent", State.UNKNOWN: "unknown", State.CONFLICT: "unknown"}
_BY_SEVERITY = {
    Severity.NONE: "ready",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
    Severity.SERVICE: "service",
}


def span_state(power: State, severity: Severity) -> str:
    """What the status report counts a moment under (EMC-REPT-10): who cannot be reached is not ready."""
    return _BY_POWER.get(power) or _BY_SEVERITY[severity]


@dataclass(slots=True)
class StateBatch:
    """Takes changes of power and severity, then writes the spans that ended and began."""

    happened: list[Happening]
    _ended: list[tuple[Any, ...]] = field(default_factory=list)
    _began: list[tuple[Any, ...]] = field(default_factory=list)

    def take(self, known: Known, power: State, trouble: Trouble, at: datetime) -> None:
        """Note a machine's state; `known` gets it."""
        before = span_state(known.power, known.severity)
        first = known.power_at is None
        if power is not known.power or first:
            detail = {"before": str(known.power), "after": str(power)}
            appeared = known.read_at is None and power in {State.ON, State.ASLEEP}
            if power is not known.power and not appeared:  # that it answers at all is no news of a new machine
                self.happened.append(Happening(Kind.POWER, known.id, at, detail=detail))
            if known.power in {State.SILENT, State.OFF} and power in {State.ON, State.ASLEEP}:
                sentence = f"{known.device.name} answers again."
                self.happened.append(Happening(Kind.BACK, known.id, at, sentence=sentence, detail=detail))
            known.power, known.power_at = power, at
        if trouble.severity is not known.severity:
            severities = {"before": int(known.severity), "after": int(trouble.severity), "training": trouble.training}
            self.happened.append(Happening(Kind.SEVERITY, known.id, at, sentence=trouble.words, detail=severities))
        known.severity, known.training, known.trouble = trouble.severity, trouble.training, trouble.words
        state = span_state(known.power, known.severity)
        if state != before or first:
            self._ended.append((as_moment(at), known.id))
            self._began.append((current_tenant_id(), known.id, state, as_moment(at)))

    def write(self) -> None:
        """The spans that ended, then those that begin."""
        execute_many(_END, self._ended)
        _BEGAN.write(self._began)
