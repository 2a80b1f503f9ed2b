"""One request on its way: what an operation needs to know and use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from platen.eventlog.actor import Actor
from platen.printing.arrivals import QueueFacts
from platen.printing.models import ReceivedVia
from platen.printing.queue_jobs import Asker
from platen.printing.spool import Spool
from platen.protocols.ipp import Request
from platen.services.database import Database
from platen.services.intake import Intake
from platen.services.ipp.body import Body
from platen.services.ipp.identify import Identifications
from platen.services.ipp.identity import SignedIn
from platen.services.ipp.printers import Printer
from platen.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What of the node the operations use."""

    settings: Settings
    database: Database
    intake: Intake
    spool: Spool
    identifications: Identifications


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that passed the checks of every operation, on a queue that exists.

    first: the octets of the document that came with the attributes; the rest is still in `body`.
    printers: asks for every queue of the tenant. content_length: of the whole body, None where the client does not say.
    """

    services: Services
    request: Request
    printer: Printer
    printers: Callable[[], Awaitable[list[Printer]]]
    body: Body
    first: bytes
    content_length: int | None
    signed_in: SignedIn | None
    address: str
    via: ReceivedVia

    @property
    def queue(self) -> QueueFacts:
        """The queue that the request is about."""
        return self.printer.queue

    @property
    def asker(self) -> Asker:
        """Who asks."""
        if self.signed_in is not None:
            return Asker(self.signed_in.logon, self.signed_in.user_id)
        name = self.request.requesting_user_name or ""
        return Asker(name, default_domain=self.queue.owner_rule.default_domain or "")

    @property
    def actor(self) -> Actor:
        """The asker, for the event log."""
        if self.signed_in is not None:
            return Actor(self.signed_in.logon, self.signed_in.user_id, "ipp")
        return Actor(self.request.requesting_user_name or f"somebody at {self.address}", None, "ipp")

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a verb or read of the applications for the queue's tenant."""
        return await self.services.database.run(self.queue.tenant_id, function, *args, **kwargs)
