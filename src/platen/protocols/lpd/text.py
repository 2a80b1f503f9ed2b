"""Text on the wire: RFC 1179 says ASCII, clients send what they have."""

from __future__ import annotations

_CONTROL = dict.fromkeys((*range(0x20), 0x7F))


def decode_text(octets: bytes) -> str:
    """UTF-8 where it is valid, else Latin-1, which cannot fail; control characters are dropped."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("latin-1")
    return text.translate(_CONTROL).strip()


def encode_operand(text: str, length_max: int) -> bytes:
    """`text` as one operand in UTF-8, without control characters, cut at `length_max` octets between characters."""
    octets = text.translate(_CONTROL).strip().encode("utf-8", "replace")[:length_max]
    return octets.decode("utf-8", "ignore").encode("utf-8")
