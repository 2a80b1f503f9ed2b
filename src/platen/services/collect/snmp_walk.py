"""Everything below a name, a packetful at a time."""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from platen.protocols.snmp import Oid, Prepared, Tag, VarBind, dotted, in_subtree
from platen.services.collect.snmp_bulk import BulkHabits, ask_bulk
from platen.services.collect.snmp_conversation import Conversation
from platen.services.collect.snmp_targets import Traffic


class WalkEnd(enum.Enum):
    """Why a walk ended."""

    LEFT_SUBTREE = "left the subtree"
    END_OF_MIB = "end of the MIB"
    LOOP = "the device's names do not rise"
    LIMIT = "limit reached"


@dataclass(frozen=True, slots=True)
class WalkLimits:
    """What a walk may take; objects beyond come to nobody's notice, so the end is LIMIT then."""

    objects: int = 10_000
    requests: int = 1_000
    objects_a_request: int = 25
    """max-repetitions; some 25 bindings of a printer's MIB fill one packet of 1500 octets."""


class Walk(AsyncIterator[VarBind]):
    """Iterate over it once; afterwards `end` says why it ended. Raises: SnmpFailed while iterating."""

    def __init__(
        self, begin: Callable[[], Awaitable[Conversation]], root: Oid, limits: WalkLimits, habits: BulkHabits
    ) -> None:
        self.root = root
        self.end: WalkEnd | None = None
        self._begin = begin
        self._conversation: Conversation | None = None
        self._limits = limits
        self._habits = habits
        self._cursor = root
        self._ready: deque[VarBind] = deque()
        self._given = 0
        self._requests = 0

    @property
    def traffic(self) -> Traffic:
        return self._conversation.traffic if self._conversation else Traffic()

    @property
    def notes(self) -> list[str]:
        return self._conversation.notes if self._conversation else []

    async def __anext__(self) -> VarBind:
        if not self._ready and self.end is None:
            await self._fetch()
        if not self._ready:
            raise StopAsyncIteration
        self._given += 1
        return self._ready.popleft()

    async def _fetch(self) -> None:
        rows = min(self._limits.objects_a_request, self._limits.objects - self._given)
        if rows <= 0 or self._requests >= self._limits.requests:
            self.end = WalkEnd.LIMIT
            return
        self._requests += 1
        conversation = self._conversation or await self._begin()
        self._conversation = conversation
        found = await ask_bulk(conversation, Prepared.get_bulk([], [self._cursor], rows), self._habits)
        for varbind in found[:rows]:
            if varbind.tag == Tag.END_OF_MIB_VIEW:
                self.end = WalkEnd.END_OF_MIB
            elif varbind.oid <= self._cursor:
                self.end = WalkEnd.LOOP
                conversation.note(
                    f"The walk ended because the device named {dotted(varbind.oid)} after {dotted(self._cursor)}."
                )
            elif not in_subtree(varbind.oid, self.root):
                self.end = WalkEnd.LEFT_SUBTREE
            else:
                self._cursor = varbind.oid
                self._ready.append(varbind)
                continue
            return
