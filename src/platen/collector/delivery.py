"""Getting rows home: envelope after envelope, until home has everything or something stands in the way. Blocking."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from platen.collector.configuration import Configuration
from platen.collector.database import Database
from platen.collector.machines import Machines
from platen.collector.numbering import go_on_after_home
from platen.collector.outbox import Outbox
from platen.collector.packing import Packed, pack
from platen.collector.ways import folder, ftps, mail, sftp
from platen.collector.ways.errors import NotDelivered
from platen.collector.ways.https import Answer, HomeByHttps

log = structlog.get_logger("platen.collector")

ALIVE_S = 86_400
"""By ways on which home does not answer, it gets a sign of life at least so often."""
FILES: Mapping[str, Callable[[Configuration, str, bytes], None]] = {
    "ftps": ftps.store,
    "sftp": sftp.store,
    "mail": mail.store,
    "folder": folder.store,
}


@dataclass(slots=True)
class Delivered:
    """What a round brought home."""

    rows: int = 0
    octets: int = 0
    envelopes: int = 0


class Delivery:
    """Sends what waits. What home is known to have is forgotten here, and nothing else."""

    def __init__(self, configuration: Configuration, database: Database, outbox: Outbox, machines: Machines) -> None:
        self.configuration = configuration
        self._database = database
        self._outbox = outbox
        self._machines = machines
        self._home = HomeByHttps(configuration) if configuration.send.way == "https" else None

    def everything(self) -> Delivered:
        """Raises: NotDelivered, after which what is not home yet waits."""
        done = Delivered()
        self._machines.keep_from_home(self.configuration.search.leaves_out)
        try:
            while not self._outbox.is_empty:
                self._one(done)
            if not done.envelopes and self._home is None and self._is_quiet():
                self._one(done)
        except NotDelivered as error:
            self._database.note(send_failed_at=time.time(), send_failure=str(error))
            raise
        finally:
            if done.envelopes:
                self._database.note(sent_at=time.time(), sent_octets=done.octets, sent_rows=done.rows)
        self._database.note(send_failure="")
        return done

    def _one(self, done: Delivered) -> None:
        highest = self._outbox.highest  # looked at first: meanwhile rows are added
        packed = self._packed()
        if self._home is None:
            FILES[self.configuration.send.way](self.configuration, packed.file_name, packed.octets)
            last = packed.header.last or packed.header.after
        else:
            last = self._by_https(self._home, packed, highest)
        self._outbox.delivered(last)
        done.rows += len(packed.rows)
        done.octets += len(packed.octets)
        done.envelopes += 1
        log.info("rows_delivered", rows=len(packed.rows), octets=len(packed.octets), last=last)

    def _packed(self) -> Packed:
        return pack(self.configuration, self._database, self._outbox, at_s=time.time() + self._clock_ahead_s)

    def _by_https(self, home: HomeByHttps, packed: Packed, highest: int) -> int:
        answer = home.post_readings(packed.octets)
        last = answer.said.get("last")
        if isinstance(last, int) and last > highest and go_on_after_home(home.get_configuration().said, self._database):
            # It took nothing of it, since it has other rows of these numbers.
            packed = self._packed()
            answer = home.post_readings(packed.octets)
        if answer.said.get("outcome") == "gap":
            # Home has less than it once said: it was set back. What it lacks is gone here, so it gets everything whole.
            log.warning("home_has_less", home_has=answer.said.get("last"), sent_after=packed.header.after)
            self._machines.want_whole()
            packed = pack(self.configuration, self._database, self._outbox, lost=True)
            answer = home.post_readings(packed.octets)
        return self._settled(answer, packed)

    def _settled(self, answer: Answer, packed: Packed) -> int:
        outcome, last = answer.said.get("outcome"), answer.said.get("last")
        if outcome == "old-stream":
            raise NotDelivered(
                "At home a newer installation of this collector is known. Stop one of them; for another site add a "
                "collector of its own with `platen collectors add`."
            )
        if outcome != "stored" or not isinstance(last, int) or last < packed.header.last:
            raise NotDelivered(f"Home answered something that is not understood: {str(answer.said)[:200]}")
        whole = answer.said.get("full")
        if isinstance(whole, list):
            self._machines.want_whole([token for token in whole if isinstance(token, str)])
        return packed.header.last or packed.header.after

    @property
    def _clock_ahead_s(self) -> int:
        return self._home.clock_ahead_s if self._home is not None else 0

    def _is_quiet(self) -> bool:
        return time.time() - float(self._database.fact("sent_at", 0)) >= ALIVE_S
