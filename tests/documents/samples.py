"""Small print files, built octet by octet so that a test can say what is in them."""

from __future__ import annotations

import io
import struct

import pikepdf

UEL = b"\x1b%-12345X"


def pdf(*contents: bytes, size_pt: tuple[float, float] = (595.28, 841.89), **page: object) -> bytes:
    """A PDF with one page for each content stream."""
    with pikepdf.new() as document:
        for content in contents:
            added = document.add_blank_page(page_size=size_pt)
            added.obj.Contents = document.make_stream(content)
            for key, value in page.items():
                added.obj[f"/{key}"] = value
        stream = io.BytesIO()
        document.save(stream, deterministic_id=True)
        return stream.getvalue()


def pwg_header(
    *,
    width: int,
    height: int,
    bits: int = 8,
    color_space: int = 18,
    name: str = "iso_a4_210x297mm",
    duplex: bool = False,
    tumble: bool = False,
    copies: int = 0,
    total: int = 0,
) -> bytes:
    """One PWG 5102.4 page header."""
    header = bytearray(1796)
    header[:9] = b"PwgRaster"
    numbers = {
        272: int(duplex),
        276: 300,
        280: 300,
        340: copies,
        368: int(tumble),
        372: width,
        376: height,
        384: min(bits, 8),
        388: bits,
        392: (width * bits + 7) // 8,
        400: color_space,
        452: total,
    }
    for offset, number in numbers.items():
        struct.pack_into(">I", header, offset, number)
    header[1732 : 1732 + len(name)] = name.encode()
    return bytes(header)


def urf_header(
    *, width: int, height: int, bits: int = 8, color_space: int = 0, duplex: int = 1, dpi: int = 300
) -> bytes:
    """One Apple raster page header."""
    return struct.pack(">BBBB4xIIII8x", bits, color_space, duplex, 4, 0, width, height, dpi)


def compressed(rows: list[bytes], pixel_bytes: int) -> bytes:
    """Lines in the raster compression, each as literal runs of at most 128 pixels."""
    lines = bytearray()
    for row in rows:
        lines.append(0)
        for start in range(0, len(row), 128 * pixel_bytes):
            run = row[start : start + 128 * pixel_bytes]
            count = len(run) // pixel_bytes
            lines += bytes([0 if count == 1 else 257 - count]) + run
    return bytes(lines)
