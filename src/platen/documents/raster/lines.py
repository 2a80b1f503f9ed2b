"""The line compression that PWG raster (PWG 5102.4 section 4.4), Apple raster and CUPS raster 2 share: the codec.

    line   = repeat octet (the line occurs repeat + 1 times), then runs until the line is full
    run    = 0..127   the next pixel occurs n + 1 times
             129..255 257 - n pixels follow as they are
             128      the rest of the line is white

A pixel is one octet where it has fewer than eight bits. A run that is longer than its line is cut off at the line's
end, as CUPS does. There is no length anywhere: `walk` is about finding the end of a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from platen.documents.raster.layout import RasterLayout
from platen.documents.source import Data

REPEAT_MAX = 256  # lines in one
RUN_MAX = 128  # pixels in one
_TO_END_OF_LINE = 128


class Run(NamedTuple):
    """Pixels of a line: one that occurs so many times, or several as they are (`times` 1)."""

    pixels: bytes
    times: int


class Line(NamedTuple):
    """A decoded line."""

    octets: bytes  # exactly as many as the line has
    repeat: int  # times that it occurs, 1..256
    stop: int  # offset behind it


def runs_of_line(
    data: Data, position: int, line_bytes: int, pixel_bytes: int, white: bytes
) -> Iterator[tuple[Run, int]]:
    """The runs of the line whose first code is at `position`, each with the offset behind it.

    Raises: IndexError where the data end within the line.
    """
    left = line_bytes
    while left > 0:
        code = data[position]
        if code == _TO_END_OF_LINE:
            run, stop = Run(white, -(-left // len(white))), position + 1
        elif code < _TO_END_OF_LINE:
            stop = position + 1 + pixel_bytes
            run = Run(data[position + 1 : stop], code + 1)
        else:
            stop = position + 1 + min((257 - code) * pixel_bytes, left)
            run = Run(data[position + 1 : stop], 1)
        if stop > len(data):
            raise IndexError("the data end within a line")
        left -= len(run.pixels) * run.times
        position = stop
        yield run, stop


def decode_line(data: Data, position: int, line_bytes: int, pixel_bytes: int, white: bytes = b"\xff") -> Line:
    """The compressed line that begins, with its repeat octet, at `position`.

    Args: white: the octet, or the pixel, that code 128 fills with.
    Raises: IndexError where the data end within the line.
    """
    repeat, pieces, stop = data[position] + 1, [], position + 1
    for run, stop in runs_of_line(data, position + 1, line_bytes, pixel_bytes, white):  # noqa: B007  # the last one
        pieces.append(run.pixels * run.times)
    return Line(b"".join(pieces)[:line_bytes], repeat, stop)


def decode_lines(data: Data, position: int, layout: RasterLayout) -> Iterator[Line]:
    """The lines of a page (of its first plane), each once with its repeat; their repeats add up to those of the page.

    Raises: IndexError where the data end within a line.
    """
    lines = layout.lines
    while lines > 0:
        line = decode_line(data, position, layout.line_bytes, layout.pixel_bytes, layout.white)
        yield line._replace(repeat=min(line.repeat, lines))
        lines -= line.repeat
        position = line.stop


def encode_line(octets: bytes, pixel_bytes: int, repeat: int = 1) -> bytes:
    """Compress one line that occurs `repeat` times, 1..256; its length is a multiple of `pixel_bytes`."""
    encoded = bytearray((repeat - 1,))
    literal = 0  # where the pixels begin that are not yet written
    for start, stop in _repeats(octets, pixel_bytes):
        _add_literals(encoded, octets[literal:start], pixel_bytes)
        pixel = octets[start : start + pixel_bytes]
        count = (stop - start) // pixel_bytes
        while count > 0:
            taken = min(count, RUN_MAX)
            encoded.append(taken - 1)
            encoded += pixel
            count -= taken
        literal = stop
    _add_literals(encoded, octets[literal:], pixel_bytes)
    return bytes(encoded)


def encode_lines(lines: Iterable[bytes], pixel_bytes: int) -> Iterator[bytes]:
    """Compress the lines of a page; equal lines that follow each other become one."""
    pending: bytes | None = None
    repeat = 0
    for line in lines:
        if line == pending and repeat < REPEAT_MAX:
            repeat += 1
            continue
        if pending is not None:
            yield encode_line(pending, pixel_bytes, repeat)
        pending, repeat = line, 1
    if pending is not None:
        yield encode_line(pending, pixel_bytes, repeat)


def _repeats(octets: bytes, pixel_bytes: int) -> Iterator[tuple[int, int]]:
    """Where a pixel is followed by its like: start and stop of each stretch."""
    start, end = 0, len(octets)
    pixel = octets[:pixel_bytes]
    for position in range(pixel_bytes, end + pixel_bytes, pixel_bytes):
        following = octets[position : position + pixel_bytes]
        if following != pixel:
            if position - start > pixel_bytes:
                yield start, position
            start, pixel = position, following


def _add_literals(encoded: bytearray, pixels: bytes, pixel_bytes: int) -> None:
    step = RUN_MAX * pixel_bytes
    for start in range(0, len(pixels), step):
        part = pixels[start : start + step]
        count = len(part) // pixel_bytes
        encoded.append(0 if count == 1 else 257 - count)  # a lone pixel is a run of one: 256 is no octet
        encoded += part
