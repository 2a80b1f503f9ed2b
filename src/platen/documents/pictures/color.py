"""Whether a JPEG stream inside another document (PCL XL) is coloured."""

from __future__ import annotations

from platen.documents.pictures.looking import look_at


def jpeg_has_color(octets: bytes) -> bool | None:
    """Whether a person sees colour on it. None: it cannot be decoded, or has more pixels than may be."""
    return look_at(octets, 0, "JPEG").color
