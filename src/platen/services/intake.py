"""Print intake: arrivals that come together are made durable together.

Every protocol hands its jobs to one `Intake`. A single thread takes whatever has arrived since it last looked, stores
the documents with one sync and the rows with one commit, and only then are all of them acknowledged. Under load the
batches grow by themselves; a lone job waits for nobody.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connections

from platen.printing.arrivals import Accepted, Arrival, DocumentArrival, Refused
from platen.printing.intake import accept_stored, attach_stored, forget_documents, store_documents
from platen.printing.queries import without_row
from platen.printing.spool import Spool, Stored
from platen.services.database import with_connection

log = structlog.get_logger("platen.intake")

BATCH_MAX = 128
RETRY_PAUSES_S = (0.05, 0.2, 0.5, 1.0)  # a locked or lost database gets this many more tries
RETRY_FOR_S = 15.0  # no new try after this: a client is told before it gives up by itself

Outcome = Accepted | Refused
# The database is locked or gone: the next try may succeed. Anything else it says is about what was handed to it.
_PASSING = (OperationalError, InterfaceError)


class IntakeUnavailable(Exception):
    """Jobs cannot be taken now, through nobody's fault who prints; the text is for the client."""


@dataclass(slots=True)
class _Waiting:
    arrival: Arrival | DocumentArrival
    future: asyncio.Future[Outcome]


class Intake:
    """Takes jobs in, durably. on_accepted is called in the event loop for each job taken."""

    def __init__(self, spool: Spool, on_accepted: Callable[[Accepted], None] = lambda _: None) -> None:
        self._spool = spool
        self._on_accepted = on_accepted
        self._arrivals: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        # Documents of batches whose commit nobody heard of: the database decides about them when it is back.
        self._undecided: list[Arrival | DocumentArrival] = []
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="intake", daemon=True)

    def start(self) -> None:
        """Begin to take arrivals."""
        self._thread.start()

    async def stop(self) -> None:
        """Finish what has arrived."""
        self._stopped = True
        self._arrivals.put(None)
        await asyncio.to_thread(self._thread.join)

    async def submit(self, arrival: Arrival | DocumentArrival) -> Outcome:
        """Make one job durable. Raises: IntakeUnavailable; nothing of the job was kept then."""
        if self._stopped:
            raise IntakeUnavailable("The print server is stopping. Try again in a moment.")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(arrival, loop.create_future())
        self._arrivals.put(waiting)
        # Who stops waiting cancels this future only: what its batch has stored stays, and nobody is told of it.
        return await waiting.future

    def _work(self) -> None:
        while batch := self._next_batch():
            jobs = [waiting for waiting in batch if isinstance(waiting.arrival, Arrival)]
            documents = [waiting for waiting in batch if isinstance(waiting.arrival, DocumentArrival)]
            if jobs:
                self._settle(jobs, accept_stored)
            if documents:
                self._settle(documents, attach_stored)
        connections.close_all()

    def _next_batch(self) -> list[_Waiting]:
        """Everything that waits, up to BATCH_MAX; blocks for the first. Empty: time to stop."""
        batch: list[_Waiting] = []
        first = self._arrivals.get()
        while first is not None:
            batch.append(first)
            if len(batch) == BATCH_MAX:
                break
            try:
                first = self._arrivals.get_nowait()
            except queue.Empty:
                break
        else:
            if batch:
                self._arrivals.put(None)  # stop after this batch
        return batch

    def _settle(self, batch: list[_Waiting], verb: Callable[..., Sequence[Outcome]]) -> None:
        arrivals: list[Any] = [waiting.arrival for waiting in batch]
        outcomes: Sequence[Outcome | Exception]
        try:
            arrivals = store_documents(self._spool, arrivals)
            outcomes = self._with_retries(verb, arrivals)
            self._decide_left_over()
        except Exception as error:  # whatever it is, each client must get an answer, and the thread lives on
            if isinstance(error, _PASSING):
                self._undecided += arrivals
            elif len(batch) > 1 and not isinstance(error, OSError):
                self._settle_singly(batch, arrivals, verb)
                return
            else:
                forget_documents(self._spool, arrivals)
            # A full disk or a lost database explains itself; anything else is for whoever mends the program.
            explained = isinstance(error, OSError | OperationalError | InterfaceError)
            log.exception("intake_failed", jobs=len(batch), error=str(error), exc_info=not explained)
            outcomes = [_unavailable(error)] * len(batch)
        batch[0].future.get_loop().call_soon_threadsafe(self._answer, batch, outcomes)

    def _settle_singly(
        self, batch: list[_Waiting], arrivals: list[Any], verb: Callable[..., Sequence[Outcome]]
    ) -> None:
        """One bad arrival must not take the others down."""
        for waiting, arrival in zip(batch, arrivals, strict=True):
            self._settle([_Waiting(arrival, waiting.future)], verb)

    def _with_retries(self, verb: Callable[..., Sequence[Outcome]], arrivals: list[Any]) -> Sequence[Outcome]:
        give_up_at = time.monotonic() + RETRY_FOR_S
        for pause_s in RETRY_PAUSES_S:
            try:
                return with_connection(verb, self._spool, arrivals)
            except _PASSING as error:
                if time.monotonic() > give_up_at:
                    raise
                log.warning("intake_database_retry", error=str(error), pause_s=pause_s)
                time.sleep(pause_s)
        return with_connection(verb, self._spool, arrivals)

    def _decide_left_over(self) -> None:
        """Remove documents whose rows never came to be; those whose commit went through unheard stay."""
        if not self._undecided:
            return
        try:
            lost = without_row([each.document for each in self._undecided if isinstance(each.document, Stored)])
        except _PASSING as error:
            log.warning("intake_left_over", documents=len(self._undecided), error=str(error))
            return
        for stored in lost:
            self._spool.destroy(stored)
        self._undecided.clear()

    def _answer(self, batch: list[_Waiting], outcomes: Sequence[Outcome | Exception]) -> None:
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if not waiting.future.done():
                if isinstance(outcome, Exception):
                    waiting.future.set_exception(outcome)
                else:
                    waiting.future.set_result(outcome)
            if isinstance(outcome, Accepted):
                self._on_accepted(outcome)


def _unavailable(error: Exception) -> IntakeUnavailable:
    if isinstance(error, OSError):
        return IntakeUnavailable("The print server's disk cannot take the document now. Try again later.")
    return IntakeUnavailable("The print server cannot take jobs at the moment. Try again later.")
