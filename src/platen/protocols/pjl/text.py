"""PJL strings: between quotation marks, 8 bits an octet, in whatever encoding the driver's author liked."""

from __future__ import annotations

UEL = b"\x1b%-12345X"
"""Universal Exit Language (PJL TRM chapter 2): leaves any language, so PJL may follow."""

_CONTROL = dict.fromkeys((*range(0x20), 0x7F))


def decode_pjl(octets: bytes) -> str:
    """UTF-16 where a byte order mark says so, UTF-8 where valid, else Windows-1252 or Latin-1.

    Control characters and outer spaces are dropped. Never fails.
    """
    if octets[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return _clean(octets.decode("utf-16", "replace"))
    for encoding in ("utf-8", "cp1252"):
        try:
            return _clean(octets.decode(encoding))
        except UnicodeDecodeError:
            continue
    return _clean(octets.decode("latin-1"))


def _clean(text: str) -> str:
    return text.translate(_CONTROL).strip()


def quote_pjl(text: str, length_max: int = 80) -> bytes:
    """`text` as a PJL string in quotation marks: printable ASCII, others as "?", at most `length_max` characters.

    80 characters are what the PJL TRM promises to keep of a job's name.
    """
    plain = _clean(text).replace('"', "'").encode("ascii", "replace")[:length_max]
    return b'"' + plain + b'"'
