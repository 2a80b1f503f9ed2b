"""How answers leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from platen.services.web import HeadWithBody


@dataclass
class Transport:
    """Remembers each write, which is a packet."""

    packets: list[bytes] = field(default_factory=list)
    closed: bool = False

    def write(self, data: bytes) -> None:
        assert not self.closed
        self.packets.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed


@dataclass
class Cycle:
    """As much of uvicorn's as is looked at."""

    transport: Any = field(default_factory=Transport)
    response_started: bool = False


def begun(cycle: Cycle) -> HeadWithBody:
    cycle.response_started = True
    return HeadWithBody(cast("Any", cycle))


class TestHeadWithBody:
    def test_the_head_leaves_with_the_first_of_the_body(self) -> None:
        """An answer in one piece is one packet; what follows leaves as it comes."""
        cycle = Cycle()
        answer = begun(cycle)
        answer.write(b"head ")
        assert cycle.transport.packets == []
        answer.write(b"body")
        answer.write(b" and more")
        assert cycle.transport.packets == [b"head body", b" and more"]

    def test_an_answer_without_a_body_is_sent(self) -> None:
        """No octets are a body as well."""
        cycle = Cycle()
        answer = begun(cycle)
        answer.write(b"head")
        answer.write(b"")
        assert cycle.transport.packets == [b"head"]

    def test_what_comes_before_the_head_waits_for_nothing(self) -> None:
        """A client that asked whether it may send its document is told at once."""
        cycle = Cycle()
        answer = HeadWithBody(cast("Any", cycle))
        answer.write(b"100 Continue")
        assert cycle.transport.packets == [b"100 Continue"]
        cycle.response_started = True
        answer.write(b"head ")
        answer.write(b"body")
        assert cycle.transport.packets == [b"100 Continue", b"head body"]

    def test_a_head_alone_leaves_before_the_end(self) -> None:
        """Where an answer breaks off after its head, the client gets the head."""
        cycle = Cycle()
        answer = begun(cycle)
        answer.write(b"head")
        answer.close()
        assert cycle.transport.packets == [b"head"]
        assert cycle.transport.closed
