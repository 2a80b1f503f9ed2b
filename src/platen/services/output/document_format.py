"""What a document is called towards a device."""

from __future__ import annotations

from platen.documents.detect import UNKNOWN, detect


def document_format_for(declared: str, head: bytes, formats: tuple[str, ...]) -> str | None:
    """What to call a document towards a device that lists `formats` (lower case). Returns: None if it takes no such.

    The declared format where the device knows it, else what the content says, else octet-stream, which leaves it to
    the device.
    """
    if not formats:
        return declared
    for name in (declared, detect(head, declared=declared), UNKNOWN):
        known = name.partition(";")[0].strip().casefold()
        if known in formats:
            return known
    return None
