"""The decoding filters (PostScript Language Reference, section 3.13.3).

Each takes its encoded octets from a file, leaves the file right behind their end, and gives at most `bytes_max`.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import Any

from PIL import Image

from platen.documents.postscript.files import InputFile
from platen.documents.postscript.objects import PostScriptError

_NOT_BASE85 = bytes(octet for octet in range(256) if not (33 <= octet <= 117 or octet == 122))
_POWERS = (85**4, 85**3, 85**2, 85, 1)
_CHUNK_BYTES = 65_536
_PIXELS_MAX = 40_000_000
_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff])")


def ascii85(text: bytes) -> bytes:
    """Base-85 digits without their end mark (ASCII85Decode)."""
    import numpy as np

    digits = text.translate(None, _NOT_BASE85).replace(b"z", b"!!!!!")
    missing = -len(digits) % 5
    padded = np.frombuffer(digits + b"u" * missing, dtype=np.uint8).astype(np.int64) - 33
    words = (padded.reshape(-1, 5) * np.array(_POWERS)).sum(axis=1) & 0xFFFFFFFF
    octets: bytes = words.astype(">u4").tobytes()
    return octets[: len(octets) - missing] if missing else octets


def decode_ascii85(source: InputFile, bytes_max: int) -> bytes:
    text = source.read_to(b"~>")
    if text is None:  # data that were cut off, or end with the tilde alone
        text = source.read(bytes_max)
    return ascii85(text)[:bytes_max]


def decode_hexadecimal(source: InputFile, bytes_max: int) -> bytes:
    text = source.read_to(b">")
    if text is None:
        text = source.read(2 * bytes_max)
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", text)
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())[:bytes_max]


def decode_run_length(source: InputFile, bytes_max: int) -> bytes:
    pieces: list[bytes] = []
    total = 0
    while total < bytes_max and source.available(1):
        length = source.buffer[source.position]
        source.position += 1
        if length == 128:
            break
        piece = source.read(length + 1) if length < 128 else source.read(1) * (257 - length)
        pieces.append(piece)
        total += len(piece)
    return b"".join(pieces)


def decode_flate(source: InputFile, bytes_max: int) -> bytes:
    inflater = zlib.decompressobj()
    unpacked = bytearray()
    while not inflater.eof and len(unpacked) < bytes_max:
        piece = inflater.unconsumed_tail or source.read(_CHUNK_BYTES)
        if not piece:
            break
        try:
            unpacked += inflater.decompress(piece, bytes_max - len(unpacked))
        except zlib.error:
            break
    source.position -= len(inflater.unused_data) + len(inflater.unconsumed_tail)
    return bytes(unpacked)


def decode_lzw(source: InputFile, bytes_max: int, *, early_change: int = 1) -> bytes:
    """LZW with codes of 9 to 12 bits, high bit first; 256 clears, 257 ends."""
    unpacked = bytearray()
    table: list[bytes] = [bytes([octet]) for octet in range(256)] + [b"", b""]
    width, bits, held = 9, 0, 0
    previous = b""
    while len(unpacked) < bytes_max:
        while bits < width:
            if not source.available(1):
                return bytes(unpacked)
            held = (held << 8 | source.buffer[source.position]) & 0xFFFFFF
            source.position += 1
            bits += 8
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == 257:
            break
        if code == 256:
            del table[258:]
            width, previous = 9, b""
            continue
        if code < len(table):
            entry = table[code]
        elif previous:
            entry = previous + previous[:1]
        else:
            break
        unpacked += entry
        if previous and len(table) < 4096:
            table.append(previous + entry[:1])
        previous = entry
        if len(table) + early_change >= 1 << width and width < 12:
            width += 1
    return bytes(unpacked)


def decode_jpeg(source: InputFile, bytes_max: int) -> bytes:
    """The samples of a JPEG, interleaved, as they are stored (ISO/IEC 10918-1)."""
    octets = _jpeg(source, bytes_max)
    try:
        with Image.open(io.BytesIO(octets), formats=("JPEG",)) as picture:
            if picture.width * picture.height > min(_PIXELS_MAX, bytes_max // 4):
                raise PostScriptError("limitcheck")
            samples = picture.tobytes()
            inverted = picture.mode == "CMYK"  # Pillow takes every one for Adobe's, whose ink is stored inverted
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PostScriptError("ioerror") from error
    return samples.translate(bytes(range(255, -1, -1))) if inverted else samples


def decode_fax(source: InputFile, bytes_max: int, *, k: int, columns: int, rows: int, black_is_1: bool) -> bytes:
    """Rows of single bits coded as facsimile (ITU-T T.4 and T.6), by way of a TIFF file around them."""
    octets = source.read(bytes_max)
    compression, options = (4, 0) if k < 0 else (3, int(k > 0))
    tags = [(256, columns), (257, rows), (258, 1), (259, compression), (262, 0), (273, 122)]
    tags += [(278, rows), (279, len(octets))]
    entries = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in (*tags, (292 if k >= 0 else 293, options))]
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + b"".join(entries) + struct.pack("<I", 0)
    try:
        with Image.open(io.BytesIO(head + octets), formats=("TIFF",)) as picture:
            samples = picture.convert("1").tobytes()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PostScriptError("ioerror") from error
    return samples.translate(bytes(range(255, -1, -1))) if black_is_1 else samples


def _jpeg(source: InputFile, bytes_max: int) -> bytes:
    """The octets up to the end-of-image marker; segments with a length are passed over whole."""
    while source.end - source.position < bytes_max and source.more():
        pass
    buffer, start, end = source.buffer, source.position, source.end
    position = start
    while match := _JPEG_MARKER.search(buffer, position, end):
        position, marker = match.end(), match[1][0]
        if marker == 0xD9:
            break
        if marker != 0x01 and not 0xD0 <= marker <= 0xD8 and position + 2 <= end:
            position += max(2, struct.unpack(">H", buffer[position : position + 2])[0])
    else:
        position = end
    source.position = min(position, end)
    return bytes(buffer[start : source.position])


def decode_subfile(source: InputFile, bytes_max: int, *, mark: bytes, count: int) -> bytes:
    """Octets up to the mark as it comes for the (count + 1)th time, or `count` octets where there is no mark."""
    if not mark:
        return source.read(min(count, bytes_max) if count else bytes_max)
    pieces: list[bytes] = []
    for _ in range(count):  # occurrences that are data
        piece = source.read_to(mark)
        if piece is None:
            break
        pieces += (piece, mark)
    last = source.read_to(mark) if count == 0 or pieces else None
    pieces.append(last if last is not None else source.read(bytes_max))
    return b"".join(pieces)[:bytes_max]


def undo_predictor(octets: bytes, *, predictor: int, colors: int, bits: int, columns: int) -> bytes:
    """Undo what made the octets compress better (PNG or TIFF predictors); whole rows only."""
    import numpy as np

    unit = max(1, colors * bits // 8)
    row_bytes = (colors * bits * columns + 7) // 8
    tagged = predictor >= 10
    rows = len(octets) // (row_bytes + tagged)
    table = np.frombuffer(octets, dtype=np.uint8, count=rows * (row_bytes + tagged)).reshape(rows, -1)
    if not tagged:
        return _cumulated(table, unit).tobytes() if bits == 8 else octets
    out = np.zeros((rows, row_bytes), dtype=np.uint8)
    above = np.zeros(row_bytes, dtype=np.uint8)
    for index in range(rows):
        above = out[index] = _undo_row(int(table[index, 0]), table[index, 1:], above, unit)
    return bytes(out.tobytes())


def _cumulated(rows: Any, unit: int) -> Any:
    import numpy as np

    width = rows.shape[1] // unit * unit
    pixels = rows[:, :width].reshape(rows.shape[0], -1, unit)
    return np.cumsum(pixels, axis=1, dtype=np.uint8).reshape(rows.shape[0], -1)


def _undo_row(kind: int, row: Any, above: Any, unit: int) -> Any:
    """One row of PNG (section 9.2): 0 none, 1 sub, 2 up, 3 average, 4 Paeth."""
    import numpy as np

    if kind == 1 and len(row) % unit == 0:
        return _cumulated(row.reshape(1, -1), unit)[0]
    if kind == 2:
        return row + above
    if kind not in (1, 3, 4):
        return row
    done = [0] * unit
    up = [0] * unit + above.tolist()
    for index, value in enumerate(row.tolist()):
        left, over, corner = done[index], up[index + unit], up[index]
        guess = left if kind == 1 else (left + over) // 2 if kind == 3 else _paeth(left, over, corner)
        done.append((value + guess) & 0xFF)
    return np.array(done[unit:], dtype=np.uint8)


def _paeth(left: int, over: int, corner: int) -> int:
    guess = left + over - corner
    return min((left, over, corner), key=lambda value: abs(guess - value))
