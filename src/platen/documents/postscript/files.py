"""Files as a program sees them: what is left of the job itself, and what filters make of it. Nothing is ever opened.

A filter reads nothing before it is read itself, and never past the end of its data: the program goes on from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from platen.documents.source import Data

_CHUNK_BYTES = 512
_CHUNK_BYTES_MAX = 65_536
_HEX = re.compile(rb"[0-9A-Fa-f]")
_NOT_HEX = bytes(octet for octet in range(256) if octet not in b"0123456789abcdefABCDEF")
_LINE_END = re.compile(rb"\r\n|\r|\n")


class InputFile:
    """Octets from `position` to `end` of `buffer`, which `more` may prolong."""

    def __init__(self, buffer: Data, position: int = 0, end: int | None = None) -> None:
        self.buffer = buffer
        self.position = position
        self.end = len(buffer) if end is None else end
        self.is_open = True
        self.positionable = False

    def more(self) -> bool:
        """Get further octets behind `end`. Returns: False where there are none."""
        return False

    def available(self, count: int) -> bool:
        """Make `count` octets available, if there are as many."""
        while self.end - self.position < count and self.more():
            pass
        return self.end - self.position >= count

    def read(self, count: int) -> bytes:
        """Take at most `count` octets."""
        self.available(count)
        stop = min(self.end, self.position + count)
        taken = bytes(self.buffer[self.position : stop])
        self.position = stop
        return taken

    def read_to(self, mark: bytes) -> bytes | None:
        """Take the octets in front of `mark`, and pass over it. None, and nothing taken, where it does not come."""
        at = self.buffer.find(mark, self.position, self.end)
        while at < 0 and self.more():
            at = self.buffer.find(mark, self.position, self.end)
        if at < 0:
            return None
        taken = bytes(self.buffer[self.position : at])
        self.position = at + len(mark)
        return taken

    def read_line(self) -> tuple[bytes, bool]:
        """Take a line without its end. Returns: the line, and whether it had an end."""
        match = _LINE_END.search(self.buffer, self.position, self.end)
        while (match is None or match.end() == self.end) and self.more():
            match = _LINE_END.search(self.buffer, self.position, self.end)
        stop, after = match.span() if match else (self.end, self.end)
        line = bytes(self.buffer[self.position : stop])
        self.position = after
        return line, match is not None

    def read_hexadecimal(self, count: int) -> bytes:
        """Take at most `count` octets written as hexadecimal digits; other characters are passed over."""
        digits = b""
        while len(digits) < 2 * count:
            piece = self.read(2 * count - len(digits))
            if not piece:
                break
            digits += piece.translate(None, _NOT_HEX)
        return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())

    def close(self) -> None:
        self.is_open = False
        self.end = self.position


class DecodedFile(InputFile):
    """A filter whose data are decoded whole when the first octet is asked for."""

    def __init__(self, decode: Callable[[], bytes]) -> None:
        super().__init__(b"")
        self._decode: Callable[[], bytes] | None = decode

    def more(self) -> bool:
        if self._decode is None or not self.is_open:
            return False
        decode, self._decode = self._decode, None
        self.buffer = decode()
        self.end = len(self.buffer)
        return self.end > 0


class PulledFile(InputFile):
    """A filter's source that is a procedure: each call gives a piece, an empty one is the last."""

    def __init__(self, pull: Callable[[], bytes]) -> None:
        super().__init__(b"")
        self._pull = pull
        self._ended = False

    def more(self) -> bool:
        if self._ended or not self.is_open:
            return False
        piece = self._pull()
        self._ended = not piece
        unread = bytes(self.buffer[self.position : self.end]) if self.position == self.end else bytes(self.buffer)
        self.position = 0 if self.position == self.end else self.position
        self.buffer = unread + piece
        self.end = len(self.buffer)
        return bool(piece)


class EncryptedFile(InputFile):
    """The encrypted part of a Type 1 font (Adobe Type 1 Font Format, section 7.2), binary or hexadecimal."""

    def __init__(self, source: InputFile) -> None:
        super().__init__(b"")
        while source.available(1) and source.buffer[source.position] in b" \t\r\n":
            source.position += 1
        source.available(4)
        head = bytes(source.buffer[source.position : source.position + 4])
        self._hexadecimal = len(head) == 4 and all(_HEX.match(head, index) for index in range(4))
        self._source = source
        self._start = source.position
        self._key = 55665
        self._skip = 4  # random octets in front
        self._chunk = _CHUNK_BYTES

    def more(self) -> bool:
        if not self.is_open:
            return False
        cipher = self._source.read_hexadecimal(self._chunk) if self._hexadecimal else self._source.read(self._chunk)
        self._chunk = min(2 * self._chunk, _CHUNK_BYTES_MAX)
        plain, self._key = decrypted(cipher, self._key)
        dropped = min(self._skip, len(plain))
        self._skip -= dropped
        self.buffer = bytes(self.buffer) + plain[dropped:]
        self.end = len(self.buffer)
        return bool(plain)

    def close(self) -> None:
        """Give the source back what was taken too much."""
        if self.is_open:
            taken = self.position + 4
            if self._hexadecimal:
                self._source.position = self._start
                self._source.read_hexadecimal(taken)
            else:
                self._source.position = min(self._start + taken, self._source.position)
        super().close()


def decrypted(cipher: bytes, key: int) -> tuple[bytes, int]:
    """Undo eexec or charstring encryption (section 7.1). Returns: the octets and the key for those that follow."""
    plain = bytearray(len(cipher))
    for index, octet in enumerate(cipher):
        plain[index] = octet ^ (key >> 8)
        key = ((octet + key) * 52845 + 22719) & 0xFFFF
    return bytes(plain), key


class Sink(InputFile):
    """A file that a program writes to: what is written goes nowhere."""

    def __init__(self) -> None:
        super().__init__(b"")
