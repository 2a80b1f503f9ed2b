"""Lines of card numbers from an Ethernet or serial reader, however the reader ends them."""

from __future__ import annotations

from dataclasses import dataclass

LINE_BYTES_MAX = 256
TERMINATORS = b"\r\n\x03\0"
"""CR, LF (so also CR LF), ETX and NUL end a line."""
_STX = 0x02


@dataclass(frozen=True, slots=True)
class CardLine:
    """What the reader sent for one card, printable ASCII, never empty. A secret: it must not be logged."""

    text: str

    def __repr__(self) -> str:
        return f"CardLine({len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class CardLineRejected:
    """A line that cannot be a card; `reason` is a sentence for the event log, without the line."""

    reason: str


CardLineEvent = CardLine | CardLineRejected


class CardLineDecoder:
    """Octets in pieces of any size in, lines out. STX in front of a line is dropped, empty lines are skipped.

    No clock is involved: a reader that ends its lines by silence alone is served by a driver that calls finish() when
    the reader has been quiet for a moment. Nothing a reader sends raises.
    """

    def __init__(self, *, terminators: bytes = TERMINATORS, line_bytes_max: int = LINE_BYTES_MAX) -> None:
        self._terminators = frozenset(terminators)
        self._line_bytes_max = line_bytes_max
        self._line = bytearray()
        self._is_overlong = False

    def receive_data(self, data: bytes) -> list[CardLineEvent]:
        """Take what the reader sent; returns the lines that it ends."""
        events: list[CardLineEvent] = []
        for octet in data:
            if octet in self._terminators:
                events.extend(self.finish())
            elif len(self._line) < self._line_bytes_max:
                self._line.append(octet)
            else:
                self._is_overlong = True
        return events

    def finish(self) -> list[CardLineEvent]:
        """The line at hand is whole: the connection ended, or the reader fell silent. Returns it where it is one."""
        line, overlong = bytes(self._line), self._is_overlong
        self._line.clear()
        self._is_overlong = False
        if overlong:
            return [
                CardLineRejected(
                    f"The reader sent a line of more than {self._line_bytes_max} octets. It was ignored; "
                    "check that the reader ends its lines with CR, LF, ETX or NUL."
                )
            ]
        if line[:1] == bytes([_STX]):
            line = line[1:]
        text = line.strip(b" ")
        if not text:
            return []
        if not all(0x20 <= octet <= 0x7E for octet in text):
            return [
                CardLineRejected(
                    "The reader sent characters that no card number has. The line was ignored; "
                    "check the reader's output format and, at a serial reader, its speed and parity."
                )
            ]
        return [CardLine(text.decode("ascii"))]
