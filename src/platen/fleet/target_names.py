"""Single devices as targets of a task, by their names as people type them: one a line (EMC-TASK-12)."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from platen.fleet.errors import InvalidValue
from platen.fleet.models import Machine

TARGETS_MAX = 5_000
_SHOWN = 5


def devices_named(text: str) -> list[int]:
    """Their keys, each once. Raises: InvalidValue, naming those that are not there, or of which there are several."""
    names = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if len(names) > TARGETS_MAX:
        raise InvalidValue(_("At most 5,000 devices at once. Make a group of them."))
    found: dict[str, list[int]] = {name: [] for name in names}
    for start in range(0, len(names), 500):
        some = Machine.objects.filter(managed=True, device__name__in=names[start : start + 500])
        for key, name in some.values_list("pk", "device__name"):
            found[name].append(key)
    wrong = [name for name, keys in found.items() if len(keys) != 1]
    if wrong:
        said = ", ".join(wrong[:_SHOWN]) + (" …" if len(wrong) > _SHOWN else "")
        raise InvalidValue(_("These are no managed device, or several: %(names)s.") % {"names": said})
    return [key for keys in found.values() for key in keys]


def names_of(keys: Collection[int]) -> str:
    """The same back again; those that are gone or not seen are left out."""
    machines = Machine.objects.filter(pk__in=list(keys)[:TARGETS_MAX]).order_by("device__name")
    return "\n".join(machines.values_list("device__name", flat=True))


def unseen_of(keys: Collection[int]) -> list[int]:
    """Of these, those that whoever asks does not see, or that were deleted: they stay when the others are changed. A
    task that lost the last device of its own would be one for all devices."""
    wanted = list(keys)[:TARGETS_MAX]
    return sorted(set(wanted) - set(Machine.objects.filter(pk__in=wanted).values_list("pk", flat=True)))
