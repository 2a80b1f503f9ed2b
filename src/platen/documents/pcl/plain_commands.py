"""Commands without data behind them, read once: a driver says the same ones on every page.

What they mean is kept by their octets, so that the next page costs a look into a table and what the commands do.
"""

from __future__ import annotations

import re
from functools import partial
from typing import NamedTuple

from platen.documents.pcl.commands import handler_of
from platen.documents.pcl.device import PclDevice
from platen.documents.source import Data

_NUMBER = rb"[+-]?[0-9]{1,9}(?:\.[0-9]{1,6})?"
_FIELDS = rb"(?:%b[`-~]){0,16}%b[@-^]" % (_NUMBER, _NUMBER)
# Rows of raster, *b, are passed over elsewhere. Sequences that place the cursor differ from page to page, so each of
# them is kept by itself.
_SEQUENCE = re.compile(rb"\x1b([&*%%][a-z]?)(%b)" % _FIELDS)
_SEQUENCES = re.compile(rb"(?:\x1b(?:&[b-z]|\*[d-oq-z])%b){1,16}|\x1b(?:&a|\*[acp]|%%)%b" % (_FIELDS, _FIELDS))
_FIELD = re.compile(rb"([^@-~]+)([@-~])")
_KEPT_MAX = 4096  # a document that has more of them than drivers use begins anew


class _Plan(NamedTuple):
    """What to do for some sequences; nothing and 0 where one of them has data, or is about macros."""

    steps: tuple[partial[None], ...] = ()
    sequences: int = 0


class PlainCommands:
    """Takes sequences of commands that have no data."""

    def __init__(self, device: PclDevice) -> None:
        self._device = device
        self._plans: dict[bytes, _Plan] = {}

    def take(self, data: Data, position: int, stop: int) -> int:
        """Take the sequences at `position`. Returns: the offset behind; `position` where there is none of these."""
        match = _SEQUENCES.match(data, position, stop)
        if match is None or self._device.macros.is_recording:
            return position
        octets = match[0]
        try:
            plan = self._plans[octets]
        except KeyError:
            plan = self._remember(octets)
        if not plan.sequences:
            return position
        if not self._device.count_command(plan.sequences):
            return stop
        for act in plan.steps:
            act()
        return match.end()

    def _remember(self, octets: bytes) -> _Plan:
        if len(self._plans) >= _KEPT_MAX:
            self._plans.clear()
        plan = self._plans[octets] = self._plan(octets)
        return plan

    def _plan(self, octets: bytes) -> _Plan:
        steps, sequences = [], 0
        for sequence in _SEQUENCE.finditer(octets):
            sequences += 1
            for field in _FIELD.finditer(sequence[2]):
                name = (sequence[1] + field[2].upper()).decode("ascii")
                if name[-1] == "W" or name in ("&pX", "&fX"):
                    return _Plan()
                if handler := handler_of(name):
                    steps.append(partial(handler, self._device, float(field[1])))
        return _Plan(tuple(steps), sequences)
