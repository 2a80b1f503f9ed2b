"""An ICC profile (ICC.1:2001-04) by which inks look as plain arithmetic has it, for a renderer that knows light alone.

    red, green, blue = 1 - min(1, cyan + black), 1 - min(1, magenta + black), 1 - min(1, yellow + black)

This is the conversion of ISO 32000-1 section 10.3.5. The one back from light to ink, in `coverage`, gives the inks as
they were, but for what three of them share and for more than a full ink: that is black, or nothing.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numpy.typing import NDArray

_GRID = 17  # points along each ink
# sRGB (IEC 61966-2-1) to CIE XYZ relative to D50 white, which ICC profiles have.
_XYZ_D50 = ((0.4360, 0.3851, 0.1431), (0.2225, 0.7169, 0.0606), (0.0139, 0.0971, 0.7141))
_D50 = (0.9642, 1.0, 0.8249)
_HEADER_BYTES = 128


@functools.cache
def ink_profile() -> bytes:
    """The profile, of CMYK to CIE L*a*b*."""
    tag = _lut16(_lab(_light()))
    start = _HEADER_BYTES + 4 + 12
    table = (1).to_bytes(4, "big") + b"A2B0" + start.to_bytes(4, "big") + len(tag).to_bytes(4, "big")
    return _header(start + len(tag)) + table + tag


def _header(size: int) -> bytes:
    header = bytearray(_HEADER_BYTES)
    header[0:4] = size.to_bytes(4, "big")
    header[8:12] = b"\x02\x40\0\0"
    header[12:24] = b"prtrCMYKLab "
    header[24:36] = b"\x07\xd0\0\x01\0\x01\0\0\0\0\0\0"  # a date
    header[36:40] = b"acsp"
    header[68:80] = b"".join(round(part * 65536).to_bytes(4, "big") for part in _D50)
    return bytes(header)


def _light() -> NDArray[Any]:
    """Red, green and blue, 0..1, at every point of the grid; the last ink varies fastest."""
    steps = np.linspace(0.0, 1.0, _GRID)
    cyan, magenta, yellow, black = np.meshgrid(steps, steps, steps, steps, indexing="ij")
    inks = np.stack([cyan, magenta, yellow], axis=-1).reshape(-1, 3) + black.reshape(-1, 1)
    found: NDArray[Any] = 1 - np.minimum(1, inks)
    return found


def _lab(light: NDArray[Any]) -> NDArray[Any]:
    """CIE L*a*b* of light."""
    linear = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    ratios = linear @ np.array(_XYZ_D50).T / np.array(_D50)
    cubes = np.where(ratios > (6 / 29) ** 3, np.cbrt(ratios), ratios / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = cubes[:, 0], cubes[:, 1], cubes[:, 2]
    found: NDArray[Any] = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return found


def _lut16(lab: NDArray[Any]) -> bytes:
    """The tag (section 6.5.9): matrix, straight curves for each ink, the grid, straight curves for the result."""
    coded = np.stack([lab[:, 0] * 652.8, (lab[:, 1] + 128) * 256, (lab[:, 2] + 128) * 256], axis=-1)
    grid: bytes = np.clip(np.rint(coded), 0, 65535).astype(">u2").tobytes()
    one, none = (65536).to_bytes(4, "big"), bytes(4)
    matrix = one + none * 3 + one + none * 3 + one
    straight = b"\0\0\xff\xff"
    return b"mft2" + bytes(4) + bytes((4, 3, _GRID, 0)) + matrix + b"\0\2\0\2" + straight * 4 + grid + straight * 3
