"""What the first octets of a print stream say: whose it is, what it is called, what it is written in."""

from __future__ import annotations

from dataclasses import dataclass

from platen.documents.detect import PCL5, PCL_XL, PDF, POSTSCRIPT, UEL, UNKNOWN, detect
from platen.policy.job_data_logon import JobDataLogonRule, logon_in_stream
from platen.protocols.pjl import PjlHeader, read_pjl_header

HEAD_BYTES_MAX = 64 * 1024
"""As much of a stream is kept for looking into."""

_LANGUAGES = {"PCL": PCL5, "PCLXL": PCL_XL, "POSTSCRIPT": POSTSCRIPT, "PDF": PDF}


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamHead:
    """What a stream says of itself; None where it is silent. `pjl` and `job_data` belong into NamesOfJob."""

    pjl: str | None = None
    job_data: str | None = None
    job_name: str | None = None
    host_name: str | None = None
    document_format: str = UNKNOWN
    is_empty: bool = False
    """Nothing but PJL commands, as far as the head goes: a driver that asks, not a document."""


def read_head(head: bytes, rule: JobDataLogonRule | None = None) -> StreamHead:
    """Look into the first octets (up to HEAD_BYTES_MAX) of a stream.

    rule: where the queue's streams carry a logon; None where they carry none.
    """
    header = read_pjl_header(head)
    return StreamHead(
        pjl=_user_name(header),
        job_data=logon_in_stream(head, rule) if rule is not None else None,
        job_name=header.job_name or None,
        host_name=header.host_name or None,
        document_format=_document_format(head, header),
        is_empty=not head[header.length_bytes :].replace(UEL, b"").strip(b"\0\r\n\t \x04"),
    )


def _user_name(header: PjlHeader) -> str | None:
    if header.domain and header.user_name and not set("\\@") & set(header.user_name):
        return f"{header.domain}\\{header.user_name}"
    return header.user_name or None


def _document_format(head: bytes, header: PjlHeader) -> str:
    """The language behind the PJL; what the document begins with says more than what its header calls it."""
    found = detect(head, header.length_bytes)
    return _LANGUAGES.get(header.language, found) if found == UNKNOWN or not header.is_pjl else found
