"""Whether escape sequences are ESC/P (pages) or ESC/POS (receipts): both may begin with ESC @."""

from __future__ import annotations

import re

_NEXT = re.compile(rb"[\x10\x1b\x1c\x1d]")
_COMMANDS_MAX = 2000

# Behind ESC, what only one of the two knows.
_PAGE = frozenset(b"(PgxkQlCNOXYZ./^9:jwq4567FHsI\x19\x01")
_RECEIPT = frozenset(b"de={cVTim")
# Behind GS, DLE and FS; ESC/P has none of these, but for Kanji commands behind FS.
_OTHER_LEADS = {
    b"\x1d": b"!\"#$%&'()*/:8BCDEHILPQTVW\\^abcfghijklrvwxyz\x02\x03",
    b"\x10": b"\x04\x05\x14",
    b"\x1c": b"pq",
}
# ESC i is a cut in one, and in the other one row of dots: ink, compression, bits.
_TRANSFER = re.compile(rb"i[\0-\x24][\0-\2][\1\2\x08]")
_STRIPS, _STRIP_HIGH_MAX = frozenset(b"KL"), 9  # with a length of two octets in one; no text goes on so in the other
_ONE_PARAMETER = frozenset(b" !%-23AEGJMRSUWart?$\\KLD")


def is_receipt(head: bytes) -> bool:
    """Whether the first sequence that only one dialect knows is one of ESC/POS.

    Args: head: the beginning of the document, some kilobytes.
    """
    position = 0
    for _ in range(_COMMANDS_MAX):
        found = _NEXT.search(head, position)
        if found is None or found.end() >= len(head):
            return False
        lead, second = found[0], head[found.end()]
        position = found.end() + 1
        if second in _OTHER_LEADS.get(lead, b""):
            return True
        if lead == b"\x1b":
            if second in _PAGE or _TRANSFER.match(head, position - 1):
                return False
            if second in _RECEIPT:
                return True
            position += _payload_bytes(head, second, position)
    return False


def _payload_bytes(head: bytes, second: int, position: int) -> int:
    """How many octets belong to a sequence that both dialects know."""
    if second == ord("*") and position + 3 <= len(head):
        columns = head[position + 1] | head[position + 2] << 8
        return 3 + columns * (3 if head[position] >= 32 else 1)
    if second in _STRIPS and position + 2 <= len(head) and head[position + 1] <= _STRIP_HIGH_MAX:
        return 2 + (head[position] | head[position + 1] << 8)
    return 1 if second in _ONE_PARAMETER else 0
