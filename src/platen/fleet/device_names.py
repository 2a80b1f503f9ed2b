"""Names for devices that were found: what they call themselves, else what they are; and which of them are free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from platen.devices.models import Device
from platen.identifiers import uuid7
from platen.readings.facts import Identity

NAME_TRIES = 50
NUMBERED_FROM = 4
"""So many names at most go before those that end with a number."""
_AT_ONCE = 500


def device_names(name: str, identity: Identity, address: str) -> list[str]:
    """Names to try: as it calls itself, what it is with the end of its serial number, its address; with numbers; at
    last one that nobody else has."""
    what = f"{identity.maker} {identity.model}".strip()
    names = [name, identity.host_name.partition(".")[0]]
    end = identity.serial[-6:].lstrip("-./_ ")
    names += [f"{what} {end}".strip() if end else "", f"{what} {address}".strip()]
    base = next((name for name in names if name), address)
    names += [f"{base} ({number})" for number in range(2, NAME_TRIES)]
    return [name.strip()[:120] for name in names if name.strip()] + [f"{address} {uuid7().hex[-12:]}".strip()]


class FreeNames:
    """Which names no device has yet, looked up for many devices at once. A name that was taken here is no longer
    free."""

    def __init__(self, wanted: Iterable[Sequence[str]]) -> None:
        """wanted: the names of each device as `device_names` gives them; most find theirs among the first."""
        self._is_taken: dict[str, bool] = {}
        self._look_up(name for names in wanted for name in names[:NUMBERED_FROM])

    def take(self, names: Sequence[str]) -> str:
        """The first that is free; the last in any case."""
        for name in names[:-1]:
            if name not in self._is_taken:
                self._look_up(names[:-1])
            if not self._is_taken[name]:
                break
        else:
            name = names[-1]
        self._is_taken[name] = True
        return name

    def _look_up(self, names: Iterable[str]) -> None:
        unknown = list(dict.fromkeys(name for name in names if name not in self._is_taken))
        for start in range(0, len(unknown), _AT_ONCE):
            some = unknown[start : start + _AT_ONCE]
            taken = set(Device.objects.filter(name__in=some).values_list("name", flat=True))
            self._is_taken |= {name: name in taken for name in some}
