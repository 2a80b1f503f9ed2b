"""What needs a person now, worst first, for the overview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platen.console.machine_words import machine_shown
from platen.console.words import device_shown
from platen.devices.device_lists import FleetState
from platen.devices.models import Device, DeviceState
from platen.devices.queries import devices_needing_attention
from platen.fleet.attention import is_troubled, with_machines
from platen.fleet.models import Machine
from platen.policy.fleet.power import State
from platen.policy.job_states import Shown
from platen.printing.job_lists import JobView, count_of_view

DEVICES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that needs a person."""

    css_class: str
    word: str
    title: str
    detail: str
    address: str
    action: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Is printing working? In one line and one sentence."""

    shape: str
    title: str
    detail: str


def needs(fleet: FleetState) -> list[Need]:
    """Everything that waits for somebody."""
    return [*_devices(fleet), *_jobs()]


def verdict(fleet: FleetState) -> Verdict:
    """What the first line of the overview says."""
    if fleet.total == 0:
        return Verdict(
            "", _("No devices yet"), _("Jobs are taken and held. Add a device, and they can be released there.")
        )
    working = fleet.total - fleet.down
    if working == 0:
        return Verdict(
            "shape-fail", _("No device prints"), _("Documents are safe and stay held until a device is back.")
        )
    if fleet.down:
        title = _("Printing works at %(working)d of %(total)d devices") % {"working": working, "total": fleet.total}
        return Verdict("shape-attn", title, _("Documents for the others stay held and can be released elsewhere."))
    if fleet.attention:
        return Verdict("shape-attn", _("Printing works"), _("Some devices ask for somebody before they stop."))
    return Verdict("shape-ok", _("Printing works"), _("Every device that was asked is ready."))


def _devices(fleet: FleetState) -> Iterator[Need]:
    troubled = with_machines(devices_needing_attention(DEVICES_SHOWN + 1))
    worst_first = sorted(troubled, key=lambda device: device.state != DeviceState.STOPPED)
    for device in worst_first[:DEVICES_SHOWN]:
        yield _device(device)
    more = fleet.attention + fleet.down - DEVICES_SHOWN
    if more > 0:
        yield Need(
            "s-attn",
            _("More"),
            ngettext("%(n)d more device", "%(n)d more devices", more) % {"n": more},
            _("They ask for somebody as well."),
            f"{reverse('console:devices')}?view=attention",
            _("Show"),
        )


def _device(device: Device) -> Need:
    shown = _shown(device)
    word = {"s-fail": _("Stopped"), "s-off": _("Out of service")}.get(shown.css_class, _("Attention"))
    where = device.location or device.make_and_model or device.uri
    title = device.name if shown.css_class == "s-off" else f"{device.name}: {shown.word}"
    return Need(shown.css_class, word, title, where, reverse("console:device", args=[device.uuid]), _("Open"))


def _shown(device: Device) -> Shown:
    """What its machine reports, where something reads that and it is the matter."""
    machine: Machine | None = getattr(device, "machine", None)
    if machine is None or machine.read_at is None or not machine.managed:
        return device_shown(device)
    return machine_shown(machine) if is_troubled(State(machine.power), machine.severity) else device_shown(device)


def _jobs() -> Iterator[Need]:
    stopped = count_of_view(JobView.STOPPED).shown
    if stopped:
        title = ngettext("%(n)d document is stuck", "%(n)d documents are stuck", stopped) % {"n": stopped}
        yield _view(JobView.STOPPED, "s-attn", _("Stuck"), title, _("The device that works on it has stopped."))
    unowned = count_of_view(JobView.UNOWNED).shown
    if unowned:
        title = ngettext("%(n)d document belongs to nobody", "%(n)d documents belong to nobody", unowned)
        detail = _("Its name is not known here. Give it to a person, or delete it.")
        yield _view(JobView.UNOWNED, "s-unknown", _("No owner"), title % {"n": unowned}, detail)


def _view(view: JobView, css_class: str, word: str, title: str, detail: str) -> Need:
    return Need(css_class, word, title, detail, f"{reverse('console:jobs')}?view={view.value}", _("Show"))
