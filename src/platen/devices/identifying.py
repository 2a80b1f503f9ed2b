"""A device is asked to identify itself: written down, and shown on its panel for a moment.

What panels show lives in the process's memory: it is over after seconds.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from platen.devices.models import Device, Queue
from platen.eventlog.actor import Actor
from platen.eventlog.services import record_event

SHOWN_S = 10.0
"""Long enough for a panel that looks every three seconds, and for a person to look up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks a device to identify itself, and what they say."""

    by: str
    message: str


_lock = threading.Lock()
_asked: dict[int, tuple[float, Asked]] = {}


def identify_queue(queue_id: int, message: str, *, by: Actor, on_panel: bool) -> Device | None:
    """Note that somebody asks a queue to identify itself; on_panel: let the panel of its device show it.

    Returns: the device behind the queue, which is to be told as well; None: there is none.
    """
    queue = Queue.objects.select_related("device").filter(id=queue_id).first()
    if queue is None:
        return None
    said = f": “{message}”" if message else ""
    record_event(
        "printer_identified",
        f"{by.name} asked queue {queue.name} to identify itself{said}",
        device_id=queue.device_id,
        user_id=by.user_id,
        queue=queue.name,
    )
    device: Device | None = queue.device
    if device is not None and on_panel:
        show_asked(device.id, Asked(by.name, message))
    return device


def show_asked(device_id: int, asked: Asked) -> None:
    """Let the panel of a device show it for SHOWN_S from now."""
    now = time.monotonic()
    with _lock:
        for other in [each for each, (until, _) in _asked.items() if until <= now]:
            del _asked[other]
        _asked[device_id] = (now + SHOWN_S, asked)


def asked_at(device_id: int) -> Asked | None:
    """Who asks the device to identify itself now."""
    with _lock:
        found = _asked.get(device_id)
    return found[1] if found is not None and time.monotonic() < found[0] else None
