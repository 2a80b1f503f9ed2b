"""How a device is, as whoever looks after it needs to know: by what collection reads of its machine.

`Device.state` and its reasons stay what the device said of itself when it was last asked, by whoever sends it documents
or reads it. `Device.needs_attention` is true where that or what its machine reports asks for somebody, so that every
list, count and sign says the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from platen.devices.models import Device, DeviceState
from platen.fleet.models import Alert, Machine
from platen.policy.fleet.alert_reasons import reasons_of
from platen.policy.fleet.power import State
from platen.policy.fleet.severity import Severity

TROUBLED_POWER = frozenset({State.SILENT, State.CONFLICT})
REASONS_MAX = 20
_POWER_REASONS = {State.SILENT: "timed-out-error", State.CONFLICT: "other-error"}


@dataclass(frozen=True, slots=True)
class DeviceCondition:
    """printer-state, printer-state-reasons and printer-state-message (RFC 8011 section 5.4.11 to 5.4.13)."""

    state: DeviceState
    reasons: list[str]
    message: str


def is_troubled(power: State, severity: int) -> bool:
    """Whether what collection knows of a machine asks for somebody."""
    return severity > Severity.NONE or power in TROUBLED_POWER


def tell_trouble(sender: object, device: Device, **_: object) -> bool:
    """For `devices.events.device_troubled`."""
    troubled = Q(severity__gt=Severity.NONE) | Q(power__in=[str(power) for power in TROUBLED_POWER])
    return bool(Machine.objects.filter(troubled, pk=device.pk).exists())


def with_machines(devices: list[Device]) -> list[Device]:
    """The devices with what their condition needs of their machines: two queries for all of them."""
    machines = Machine.objects.only("power", "severity", "trouble", "read_at", "failure", "managed", "activity")
    reported = Prefetch("alerts", queryset=_reported(), to_attr="reported")
    prefetch_related_objects(devices, Prefetch("machine", queryset=machines.prefetch_related(reported)))
    return devices


def _reported() -> QuerySet[Alert]:
    """What is reported now, the worst first."""
    found: QuerySet[Alert] = Alert.objects.filter(cleared_at__isnull=True, severity__gt=Severity.NONE)
    return found.order_by("-severity", "began_at").only("machine", "code", "severity")


def severity_words(machine: Machine) -> str:
    """How bad it is by what a machine reports; of one that is silent, what it reported last."""
    if machine.severity == Severity.NONE and (machine.read_at is None or State(machine.power) in TROUBLED_POWER):
        return "Not known" if machine.read_at is None else "Not known while it does not answer"
    words = str(machine.get_severity_display())
    return f"{words}, as last reported" if State(machine.power) in TROUBLED_POWER else words


def condition_of(device: Device) -> DeviceCondition:
    """How a device is. One that collection reads is stopped where its machine reports an error, unknown while that is
    silent or another machine answers; one that only takes documents is as it said to whoever sends them."""
    said = DeviceCondition(DeviceState(device.state), list(device.state_reasons), device.state_message)
    machine: Machine | None = getattr(device, "machine", None)
    if machine is None or machine.read_at is None:
        return said
    power = State(machine.power)
    if power in TROUBLED_POWER:
        return DeviceCondition(DeviceState.UNKNOWN, [_POWER_REASONS[power]], machine.failure)
    if machine.severity == Severity.NONE:
        return said
    stopped = machine.severity > Severity.WARNING
    alerts = getattr(machine, "reported", None)
    if alerts is None:
        alerts = _reported().filter(machine=machine)
    told = reasons_of((alert.code, alert.severity) for alert in alerts)[:REASONS_MAX]
    reasons = list(dict.fromkeys([*said.reasons, *told]))
    return DeviceCondition(DeviceState.STOPPED if stopped else said.state, reasons, machine.trouble or said.message)
