"""One try at one delivery: what a channel may ask of the rest of the service while it carries a document out.

The order is the point: `begin` is durable before the first octet leaves, `note_printer_job` before the document does,
and the end of the delivery is written by the engine alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from platen.printing import deliveries, queries
from platen.printing.deliveries import STOPPING, Plan
from platen.printing.leaving import Settled
from platen.services.database import Database
from platen.services.output.departure import Departure
from platen.services.output.document import Document

LOOK_FOR_STOP_S = 2.0


class NotWanted(Exception):
    """The delivery was canceled before anything of it left."""


class Attempt:
    """A try under way. `octets_sent` counts what was given to the connection, of the document or around it."""

    def __init__(
        self,
        database: Database,
        front: Database,
        plan: Plan,
        document: Document,
        on_first: Callable[[], None],
        *,
        departure: Departure | None,
    ) -> None:
        self.database = database
        self._front = front
        self._departure = departure
        self.plan = plan
        self.document = document
        self.octets_sent = 0
        self.handed_over = False
        self.printer_job_id = plan.printer_job_id
        self._on_first = on_first
        self._begun = False
        self._said: tuple[int | None, str, bool] = (None, "", False)
        self._stop_wanted = False
        self._looked_at = time.monotonic()

    async def begin(self) -> None:
        """Return when it is durable that octets are about to leave. Raises: NotWanted.

        Called once there is a connection: a server that dies while it calls an absent device has sent nothing, and the
        next one shall know that.
        """
        if self._begun:
            return
        settled = Settled.WAITING if self._departure is None else await self._departure.leave()
        if settled is Settled.WAITING:
            self._begun = await self._front.run(self.plan.tenant_id, deliveries.begin_planned, self.plan)
        else:
            self._begun = settled is Settled.BEGUN
        if not self._begun:
            raise NotWanted

    async def is_released(self) -> bool:
        """Whether there is such a delivery; returns once that is known."""
        return self._departure is None or await self._departure.settled() is not Settled.UNDONE

    def sent(self, octets: int) -> None:
        """So many octets went to the connection."""
        if self.octets_sent == 0 and octets:
            self._on_first()
        self.octets_sent += octets

    @property
    def can_be_resumed(self) -> bool:
        """Whether another process could follow it to its end just as well."""
        return self.handed_over and self.printer_job_id is not None

    async def note_printer_job(self, printer_job_id: int, asked: Mapping[str, object] | None = None) -> None:
        """The device gave the job a number. asked: what of the ticket was sent with it, where that is known."""
        self.printer_job_id = printer_job_id
        await self._verb(deliveries.note_printer_job, self.plan.delivery_id, printer_job_id, asked)

    async def hand_over(self) -> None:
        """The device has the whole document."""
        if not self.handed_over:
            self.handed_over = True
            await self._verb(deliveries.note_handed_over, self.plan.delivery_id)

    async def progress(
        self, impressions_completed: int | None = None, message: str = "", stopped: bool = False
    ) -> bool:
        """Say how far it is, for the person who waits; written when it is news. Returns: False once it shall stop."""
        said = (impressions_completed, message, stopped)
        if self._stop_wanted:
            return False
        if said != self._said:
            self._said = said
            self._stop_wanted = not await self.database.run(
                self.plan.tenant_id,
                deliveries.note_progress,
                self.plan.delivery_id,
                impressions_completed=impressions_completed,
                message=message,
                stopped=stopped,
            )
        elif time.monotonic() - self._looked_at >= LOOK_FOR_STOP_S:
            self._looked_at = time.monotonic()
            self._stop_wanted = await self.database.run(self.plan.tenant_id, _stop_wanted, self.plan.delivery_id)
        return not self._stop_wanted

    async def _verb(self, verb: Callable[..., None], *arguments: object) -> None:
        await self.database.run(self.plan.tenant_id, verb, *arguments)


def _stop_wanted(delivery_id: int) -> bool:
    found = queries.recent_deliveries([delivery_id])
    return not found or STOPPING in found[0].job.state_reasons
