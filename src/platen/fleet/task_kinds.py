"""What tasks can do with the fleet: their names, help and settings. The code that does them is services.fleet.doing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from platen.fleet.errors import FleetError
from platen.fleet.groups import ids_in, known_of
from platen.fleet.models import Group, Machine
from platen.fleet.notice_rules import addresses_of
from platen.fleet.notice_words import LANGUAGES
from platen.fleet.reports import wish_of
from platen.fleet.table_files import FORMATS
from platen.fleet.writing import FIELDS, WRITE
from platen.policy.fleet.conditions import ConditionError, all_hold, parse_conditions
from platen.tasks.errors import TaskError
from platen.tasks.kinds import BATCH, TaskKind, add_kind
from platen.tenants.context import current_regions

DISCOVER, READ, RESTART, REPORT, COUNTERS, HOOK = "discover", "read", "restart", "report", "counter-mail", "webhook"


def add_kinds() -> None:
    """Make them known to tasks."""
    add_kind(
        TaskKind(
            DISCOVER,
            str(_("Search for machines")),
            str(_("Runs a kept search.")),
            for_devices=False,
            check=_discover,
        )
    )
    add_kind(TaskKind(READ, str(_("Read")), str(_("Reads meters, supplies and state now.")), check=_read))
    add_kind(
        TaskKind(
            RESTART,
            str(_("Restart")),
            str(_("Restarts machines that can be restarted over the network.")),
            check=_nothing,
            dangerous=True,
        )
    )
    add_kind(
        TaskKind(
            WRITE,
            str(_("Write to devices")),
            str(_("Writes name, place, contact or asset number, as they are known here, to the devices.")),
            check=_written,
            dangerous=True,
        )
    )
    add_kind(
        TaskKind(
            REPORT,
            str(_("Send a report")),
            str(_("Mails what devices counted, held, reported or were, as a table.")),
            for_devices=False,
            check=_mailed,
        )
    )
    add_kind(
        TaskKind(
            COUNTERS,
            str(_("Send counters")),
            str(_("Mails the counters of the chosen machines, read anew just before.")),
            for_devices=False,
            check=_mailed,
        )
    )
    add_kind(
        TaskKind(
            HOOK,
            str(_("Call a webhook")),
            str(_("Tells a webhook what is known of each machine.")),
            check=_hook,
        )
    )


def mails_audit(kind: str, settings: Mapping[str, Any]) -> bool:
    """Whether a task mails the audit trail, itself or in a step: then only those who may see that change it
    (EMC-RMAI-09)."""
    steps: list[dict[str, Any]] = [{"kind": kind, "settings": settings}]
    if kind == BATCH:
        steps = list(settings.get("steps") or ())
    return any(each.get("kind") == REPORT and (each.get("settings") or {}).get("report") == "audit" for each in steps)


def check_audit(kind: str, settings: Mapping[str, Any], regions: Collection[int]) -> None:
    """Raises: TaskError where a task for some regions would mail the audit trail, which is of all (EMC-REGN-05)."""
    if mails_audit(kind, settings) and (regions or current_regions() is not None):
        raise TaskError(
            gettext("The audit trail is of the whole organisation. A task that is for some regions cannot mail it.")
        )


def targets(target: Mapping[str, Any]) -> list[tuple[int, str, str]]:
    """Key, name and time zone ("": the organisation's) of the managed machines that a task means; nothing said: all.

    target: {"groups": [keys], "devices": [keys], "conditions": [...]}; any of them.
    """
    machines = Machine.objects.filter(managed=True).select_related("device", "region", "place").order_by("pk")
    groups, devices = list(target.get("groups") or ()), list(target.get("devices") or ())
    try:
        conditions = parse_conditions(target.get("conditions") or [])
    except ConditionError as error:
        raise TaskError(str(error)) from error
    if not groups and not devices and not conditions:
        return [(machine.pk, machine.device.name, machine.time_zone) for machine in machines.iterator()]
    wanted = set(devices).union(*(ids_in(group) for group in Group.objects.filter(pk__in=groups)))
    found = []
    for machine in machines.iterator():
        if machine.pk in wanted or (conditions and _fits(conditions, machine)):
            found.append((machine.pk, machine.device.name, machine.time_zone))
    return found


def _fits(conditions: Sequence[Any], machine: Machine) -> bool:
    return all_hold(conditions, known_of(machine, timezone.now()))


def _nothing(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _read(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"everything": settings.get("everything") is True}


def _written(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What is written: the place, where nothing is said. Raises: TaskError."""
    fields = settings.get("fields") or ["location"]
    if not isinstance(fields, list) or not set(map(str, fields)) <= set(FIELDS):
        raise TaskError(f"Choose what is written: {', '.join(FIELDS)}.")
    return {"fields": [name for name in FIELDS if name in fields], "dry": settings.get("dry") is True}


def _discover(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"discovery": _number(settings.get("discovery"), "Choose a kept search.")}


def _hook(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"webhook": _number(settings.get("webhook"), "Choose a webhook.")}


def _number(value: object, sentence: str) -> int:
    if not isinstance(value, int | str) or not str(value).isdigit():
        raise TaskError(sentence)
    return int(value)


def _mailed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What is mailed to whom. Raises: TaskError."""
    kind, file_format = str(settings.get("report") or "counters"), str(settings.get("format") or "csv")
    language = str(settings.get("language") or "")
    if file_format not in FORMATS or (language and language not in LANGUAGES):
        raise TaskError(f"Choose a format ({', '.join(FORMATS)}) and a language ({', '.join(LANGUAGES)}).")
    asked = {"counters": settings.get("counters"), **(settings.get("wish") or {})}
    try:
        wish = wish_of(kind, asked)
        to, cc = addresses_of(settings.get("to")), addresses_of(settings.get("cc"))
    except FleetError as error:
        raise TaskError(str(error)) from error
    if not to:
        raise TaskError("Say who gets the mail.")
    return {
        "report": kind,
        "format": file_format,
        "to": to,
        "cc": cc,
        "subject": str(settings.get("subject") or "")[:255],
        "wish": wish.as_json(),
        "important": settings.get("important") is True,
        "language": language,
        "target": dict(settings.get("target") or {}),
    }
