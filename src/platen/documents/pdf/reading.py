"""What every reader of a PDF file's objects offers, whichever way it finds them."""

from __future__ import annotations

from typing import Protocol

from platen.documents.pdf.syntax import Dictionary, Stream, Value


class Objects(Protocol):
    """The objects of one file."""

    @property
    def trailer(self) -> Dictionary: ...

    def resolve(self, value: Value) -> Value:
        """What a reference stands for; other values as they are. Raises: Irregular."""
        ...

    def octets(self, stream: Stream, bytes_max: int) -> bytes:
        """The decoded octets of a stream. Raises: Irregular; TooLarge where they are more than `bytes_max`."""
        ...


def dictionary(objects: Objects, value: Value) -> Dictionary:
    """A dictionary, or that of a stream; anything else is an empty one. Raises: Irregular."""
    resolved = objects.resolve(value)
    if isinstance(resolved, Stream):
        return resolved.attributes
    return resolved if isinstance(resolved, dict) else {}


def array(objects: Objects, value: Value) -> list[Value]:
    """An array; anything else is an empty one. Raises: Irregular."""
    resolved = objects.resolve(value)
    return resolved if isinstance(resolved, list) else []


def text_in(objects: Objects, value: Value) -> str | None:
    """A text string (ISO 32000-1 section 7.9.2.2) without blanks around it; None: there is none. Raises: Irregular."""
    octets = objects.resolve(value)
    if not isinstance(octets, bytes):
        return None
    if octets[:2] in (b"\xfe\xff", b"\xff\xfe"):
        text = octets.decode("utf-16", "replace")
    elif octets[:3] == b"\xef\xbb\xbf":
        text = octets[3:].decode("utf-8", "replace")
    else:
        text = octets.decode("latin-1").translate(_PDF_DOC_ENCODING)
    return text.strip("\0 \t\r\n\f") or None


# ISO 32000-1 annex D.3, where it differs from Latin-1
_PDF_DOC_ENCODING = {
    **dict(enumerate("˘ˇˆ˙˝˛˚˜", start=0x18)),
    **dict(enumerate("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž", start=0x80)),
    0xA0: "€",
}
