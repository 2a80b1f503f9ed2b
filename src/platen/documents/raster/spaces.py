"""Colour spaces of the raster formats: what the channels of a pixel are, and what they look like together.

A space is written as one letter for each channel in the order of storage:

    W R G B   light, 255 is white           K C M Y   ink, 255 is full
    A         opacity                       c m       light cyan and magenta, half as strong
    L a b     CIE L*a*b*, a and b + 128     x y z     CIE XYZ, white at 1 / 1.1 of full
    w         white of RGBW, the inverse of black
    X         an ink of a colour that the file does not name (device colours beyond four, gold)
"""

from __future__ import annotations

from collections.abc import Mapping

Rgb = tuple[int, int, int]

# PWG 5102.4 table 9 and cups/raster.h. Device colours are taken in the customary order of inks; silver is grey to the
# eye, and white ink is counted as an ink that has no colour.
SPACES: Mapping[int, str] = {
    0: "W",
    1: "RGB",
    2: "RGBA",
    3: "K",
    4: "CMY",
    5: "YMC",
    6: "CMYK",
    7: "YMCK",
    8: "KCMY",
    9: "KCMYcm",
    10: "XMCK",  # gold
    11: "XMCK",  # gold and, in place of black, silver
    12: "K",  # white ink
    13: "X",  # gold
    14: "K",  # silver
    15: "xyz",
    16: "Lab",
    17: "RGBw",
    18: "W",
    19: "RGB",
    20: "RGB",
    **dict.fromkeys(range(32, 47), "Lab"),  # ICC 1..15: CUPS stores CIE L*a*b* in them
    48: "K",
    49: "KX",
    50: "CMY",
    **{47 + colors: "CMYK" + "X" * (colors - 4) for colors in range(4, 16)},
}

_WHITE = {**dict.fromkeys("WRGBwL", 255), **dict.fromkeys("ab", 128), "x": 220, "y": 232, "z": 252}
_CHROMATIC = frozenset("RGBCMYcmabxyzX")

# CIE XYZ (D65) to linear sRGB (IEC 61966-2-1), and D50 white for L*a*b* (ISO 13655).
_LINEAR = ((3.2406, -1.5372, -0.4986), (-0.9689, 1.8758, 0.0415), (0.0557, -0.2040, 1.0570))
_D65 = (0.9505, 1.0, 1.0890)


def white_of(space: str) -> tuple[int, ...]:
    """The octet of each channel of a white pixel."""
    return tuple(_WHITE.get(channel, 0) for channel in space)


def can_be_colored(space: str) -> bool:
    return not _CHROMATIC.isdisjoint(space)


def rgb_of(space: str, values: tuple[int, ...]) -> Rgb:
    """What a pixel looks like; an ink of unknown colour (X) looks red."""
    part = dict(zip(space, values, strict=False))
    if space == "Lab":
        return _of_lab(part["L"], part["a"] - 128, part["b"] - 128)
    if space == "xyz":
        return _of_xyz(*(part[axis] * 1.1 / 255 for axis in space))
    if "R" in part:
        light = part.get("w", 255)
        opacity = part.get("A", 255)
        red, green, blue = (255 - (255 - part[axis] * light // 255) * opacity // 255 for axis in "RGB")
        return red, green, blue
    if "W" in part:
        return part["W"], part["W"], part["W"]
    return _of_inks(
        part, unnamed=max((value for ink, value in zip(space, values, strict=False) if ink == "X"), default=0)
    )


def _of_inks(part: Mapping[str, int], unnamed: int) -> Rgb:
    light = 255 - part.get("K", 0)
    red, green, blue = (
        (255 - min(255, part.get(ink, 0) + part.get(ink.lower(), 0) // 2)) * light // 255 for ink in "CMY"
    )
    return red, green * (255 - unnamed) // 255, blue * (255 - unnamed) // 255


def _of_lab(lightness: int, a: int, b: int) -> Rgb:
    """CIE 15: L*a*b* to XYZ; relative to white, so that the illuminant does not matter for what is grey."""
    y = (lightness / 2.55 + 16) / 116
    x, y, z = (
        white * (t**3 if t > 6 / 29 else (t - 16 / 116) * 3 * (6 / 29) ** 2)
        for white, t in zip(_D65, (y + a / 500, y, y - b / 200), strict=True)
    )
    return _of_xyz(x, y, z)


def _of_xyz(x: float, y: float, z: float) -> Rgb:
    red, green, blue = (_gamma(row[0] * x + row[1] * y + row[2] * z) for row in _LINEAR)
    return red, green, blue


def _gamma(linear: float) -> int:
    linear = min(1.0, max(0.0, linear))
    encoded = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return round(encoded * 255)
