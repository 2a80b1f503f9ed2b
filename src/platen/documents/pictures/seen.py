"""What a person sees as colour: the one rule for pixels, whatever file they come from.

A pixel is coloured where its red, green and blue differ by more than 24 of 255. Up to there an eye takes it for grey,
and there lie the rounding of colour conversions and the noise that JPEG leaves in grey pictures. Inks count by what
they look like: cyan, magenta and yellow in equal parts are grey, and under full black no tint is seen.
"""

from __future__ import annotations

from operator import sub

from platen.documents.near_gray import NEAR_GRAY

WHITE, GRAY, COLOR = 0, 1, 2  # what was seen, in ascending order: the most of many pixels is their max()


def has_color(red: bytes, green: bytes, blue: bytes) -> bool:
    """Whether any pixel is coloured. The channels are of the same length, one octet a pixel."""
    if red == green == blue:
        return False
    for one, other in ((red, green), (green, blue), (blue, red)):
        differences = set(map(sub, one, other))
        if max(differences) > NEAR_GRAY or min(differences) < -NEAR_GRAY:
            return True
    return False


def seen(red: int, green: int, blue: int) -> int:
    """WHITE, GRAY or COLOR for one pixel of 0..255 a channel."""
    darkest, lightest = min(red, green, blue), max(red, green, blue)
    if lightest - darkest > NEAR_GRAY:
        return COLOR
    return WHITE if darkest == 255 else GRAY
