"""Raster pages, built octet by octet."""

from __future__ import annotations

import struct

from platen.documents.raster.lines import encode_lines

GRAY, RGB, CMYK, BLACK, LAB = 18, 19, 6, 3, 16
BITS_PER_COLOR, BITS_PER_PIXEL, BYTES_PER_LINE, COLOR_ORDER, COLOR_SPACE, NUM_COLORS = 384, 388, 392, 396, 400, 420


def header(
    *,
    width: int,
    height: int,
    color_space: int = GRAY,
    bits_per_color: int = 8,
    bits_per_pixel: int = 8,
    bytes_per_line: int | None = None,
    color_order: int = 0,
    order: str = ">",
    octets: int = 1796,
    media_class: bytes = b"PwgRaster",
    numbers: dict[int, int] | None = None,
    size_name: str = "iso_a4_210x297mm",
) -> bytes:
    """A page header of PWG or CUPS raster; `numbers` are further fields by their offset."""
    made = bytearray(1796)
    made[: len(media_class)] = media_class
    fields = {
        276: 300,
        280: 300,
        372: width,
        376: height,
        BITS_PER_COLOR: bits_per_color,
        BITS_PER_PIXEL: bits_per_pixel,
        BYTES_PER_LINE: (width * bits_per_pixel + 7) // 8 if bytes_per_line is None else bytes_per_line,
        COLOR_ORDER: color_order,
        COLOR_SPACE: color_space,
        **(numbers or {}),
    }
    for offset, number in fields.items():
        struct.pack_into(order + "I", made, offset, number)
    made[1732 : 1732 + len(size_name)] = size_name.encode()
    return bytes(made[:octets])


def page(lines: list[bytes], pixel_bytes: int = 1, **fields: object) -> bytes:
    """A compressed page of these lines, whole pixels of eight bits a channel unless `fields` say otherwise."""
    known = {"width": len(lines[0]) // pixel_bytes, "bits_per_pixel": 8 * pixel_bytes, "height": len(lines)}
    known |= fields  # type: ignore[arg-type]  # test code
    return header(**known) + b"".join(encode_lines(lines, pixel_bytes))  # type: ignore[arg-type]  # test code


def urf(pages: list[bytes], total: int = 0) -> bytes:
    return b"UNIRAST\0" + total.to_bytes(4, "big") + b"".join(pages)


def urf_page(lines: list[bytes], bits: int = 8, color_space: int = 0, duplex: int = 1, dpi: int = 300) -> bytes:
    pixel_bytes = max(1, bits // 8)
    width = len(lines[0]) * 8 // bits
    made = struct.pack(">BBBB4xIIII8x", bits, color_space, duplex, 4, 0, width, len(lines), dpi)
    return made + b"".join(encode_lines(lines, pixel_bytes))
