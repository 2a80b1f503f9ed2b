"""Jobs of the PCL family, built octet by octet."""

from __future__ import annotations

import struct

from tests.documents.samples import UEL


def pjl(*commands: str, language: str, data: bytes) -> bytes:
    """One document with PJL around it."""
    lines = "".join(f"@PJL {command}\r\n" for command in (*commands, f"ENTER LANGUAGE = {language}"))
    return UEL + lines.encode() + data + UEL


def raster(*rows: bytes, planes: int = 1, method: int = 0) -> bytes:
    """Rows of raster data; `planes` of them make one."""
    transfers = b"".join(
        b"\x1b*b%d%s%b" % (len(row), b"W" if (index + 1) % planes == 0 else b"V", row) for index, row in enumerate(rows)
    )
    return b"\x1b*r1A\x1b*b%dM" % method + transfers + b"\x1b*rC"


class Xl:
    """PCL XL in one byte order."""

    def __init__(self, order: str = "<") -> None:
        self.order = order

    def ubyte(self, attribute: int, value: int) -> bytes:
        return bytes([0xC0, value, 0xF8, attribute])

    def uint16(self, attribute: int, value: int) -> bytes:
        return b"\xc1" + struct.pack(self.order + "H", value) + bytes([0xF8, attribute])

    def octets(self, attribute: int, value: bytes) -> bytes:
        return b"\xc8\xc1" + struct.pack(self.order + "H", len(value)) + value + bytes([0xF8, attribute])

    def reals(self, attribute: int, *values: float) -> bytes:
        return b"\xd5" + struct.pack(f"{self.order}2f", *values) + bytes([0xF8, attribute])

    def data(self, octets: bytes) -> bytes:
        return b"\xfa" + struct.pack(self.order + "I", len(octets)) + octets

    def page(
        self,
        inner: bytes = b"",
        *,
        media: bytes | None = None,
        copies: int | None = 1,
        duplex: int | None = None,
        side: int | None = None,
        orientation: int = 0,
    ) -> bytes:
        mode = self.ubyte(52, 0) if duplex is None else self.ubyte(53, duplex)
        mode += b"" if side is None else self.ubyte(54, side)
        begin = self.ubyte(40, orientation) + (self.ubyte(37, 2) if media is None else media) + mode + b"\x43"
        return begin + inner + (b"" if copies is None else self.uint16(49, copies)) + b"\x44"

    def space(self, number: int, palette: bytes | None = None) -> bytes:
        extra = b"" if palette is None else self.ubyte(2, 2) + self.octets(6, palette)
        return self.ubyte(3, number) + extra + b"\x6a"

    def brush(self, *rgb: int) -> bytes:
        return self.octets(11, bytes(rgb)) + b"\x63"

    def image(
        self, samples: bytes, *, width: int, height: int, depth: int = 2, mapping: int = 0, mode: int = 0
    ) -> bytes:
        begin = self.ubyte(100, mapping) + self.ubyte(98, depth) + self.uint16(108, width) + self.uint16(107, height)
        block = self.uint16(109, 0) + self.uint16(99, height) + self.ubyte(101, mode)
        return begin + b"\xb0" + block + b"\xb1" + self.data(samples) + b"\xb2"

    def stream(self, *pages: bytes, version: str = "2;0") -> bytes:
        binding = b")" if self.order == "<" else b"("
        return binding + f" HP-PCL XL;{version};Comment\n".encode() + b"\x41" + b"".join(pages) + b"\x42"
