"""Raster rows as the PCL languages compress them (PCL 5 TRM, "Set Compression Method"; PCL XL, CompressMode).

0 as it is        1 run length: pairs (repeat - 1, octet)        2 TIFF PackBits
3 delta row: (octets - 1) << 5 | offset, the offset in further octets while it is 31 or 255, then the octets
5 adaptive: blocks of method and 16-bit length, one row each; 4 is that many empty rows, 5 that many repeated rows
9 compressed replacement, of ink-jet devices: offset << 3 | (octets - 1), then as many octets; or a run, with the
  highest bit set: offset << 5 | (repeat - 2), then the octet. What is full goes on in further octets, the offset first
"""

from __future__ import annotations

ROW_BYTES_MAX = 1 << 18  # a row of the widest engine in its finest resolution is far shorter
_ROWS_MAX = 4096  # rows of one adaptive block that are given; more are like the last


def unpacked_row(method: int, payload: bytes, seed: bytes) -> bytes | None:
    """One row. Trailing zeros may be missing. None: the method is not known here."""
    if method == 0:
        return payload[:ROW_BYTES_MAX]
    if method == 1:
        return _run_length(payload)
    if method == 2:
        return packbits(payload)
    if method == 3:
        return delta_row(payload, seed)
    if method == 9:
        return _replaced_row(payload, seed)
    return None


def _run_length(payload: bytes) -> bytes:
    row = bytearray()
    for at in range(0, len(payload) - 1, 2):
        row += payload[at + 1 : at + 2] * (payload[at] + 1)
        if len(row) > ROW_BYTES_MAX:
            break
    return bytes(row)


def packbits(payload: bytes, bytes_max: int = ROW_BYTES_MAX) -> bytes:
    """PackBits (TIFF 6.0 section 9); also the RLE of PCL XL."""
    pieces, at, length, total = [], 0, len(payload), 0
    while at < length and total < bytes_max:
        control = payload[at]
        if control < 128:
            pieces.append(payload[at + 1 : at + 2 + control])
            total += control + 1
            at += control + 2
        else:
            if control > 128:
                pieces.append(payload[at + 1 : at + 2] * (257 - control))
                total += 257 - control
                at += 1
            at += 1
    return b"".join(pieces)


def delta_row(payload: bytes, seed: bytes) -> bytes:
    """The seed row with what changed in it."""
    row = bytearray(seed)
    at, place, length = 0, 0, len(payload)
    while at < length:
        command = payload[at]
        at += 1
        count, offset = (command >> 5) + 1, command & 31
        if offset == 31:
            more = 255
            while more == 255 and at < length:
                more = payload[at]
                offset += more
                at += 1
        place += offset
        if place + count > ROW_BYTES_MAX:
            break
        if len(row) < place:
            row.extend(bytes(place - len(row)))
        row[place : place + count] = payload[at : at + count]
        at, place = at + count, place + count
    return bytes(row)


def _replaced_row(payload: bytes, seed: bytes) -> bytes:
    """The seed row with what changed in it, where runs are written once."""
    row = bytearray(seed)
    at, place, length = 0, 0, len(payload)
    while at < length:
        command = payload[at]
        is_run = command >= 0x80
        offset, offset_most = (command >> 5 & 3, 3) if is_run else (command >> 3, 15)
        count, count_most = (command & 31, 31) if is_run else (command & 7, 7)
        offset, at = _continued(payload, at + 1, offset, offset_most)
        count, at = _continued(payload, at, count, count_most)
        count += 2 if is_run else 1
        place += offset
        if place + count > ROW_BYTES_MAX:
            break
        if len(row) < place:
            row.extend(bytes(place - len(row)))
        row[place : place + count] = payload[at : at + 1] * count if is_run else payload[at : at + count]
        at, place = at + (1 if is_run else count), place + count
    return bytes(row)


def _continued(payload: bytes, at: int, number: int, most: int) -> tuple[int, int]:
    """A number that goes on in the next octets where it is `most`, and the offset behind it."""
    more = 255 if number == most else 0
    while more == 255 and at < len(payload):
        more = payload[at]
        number += more
        at += 1
    return number, at


def adaptive_rows(payload: bytes, seed: bytes) -> list[bytes]:
    """The rows of an adaptive block (method 5)."""
    rows: list[bytes] = []
    at = 0
    while at + 3 <= len(payload) and len(rows) < _ROWS_MAX:
        method, size = payload[at], payload[at + 1] << 8 | payload[at + 2]
        at += 3
        if method == 4:
            seed = b""
            rows.append(seed)
        elif method == 5:
            rows.append(seed)
        else:
            seed = unpacked_row(method, payload[at : at + size], seed) or b""
            rows.append(seed)
            at += size
    return rows
