"""What drivers put in front of a job for their own devices: it prints nothing, and the job behind it is the document.

!R! CMMT "name"; EXIT;                 Kyocera, PRESCRIBE commands
%%XRXbegin ... %%XRXend                Xerox, a job ticket
octets of a protocol, UEL @PJL ...     Canon (CPCA), Ricoh and others
"""

from __future__ import annotations

import re

from platen.documents.source import Data

_HEADERS_MAX = 16
_PRESCRIBE = re.compile(rb"[\s\0\x04]{0,256}+!R!([^\x1b\x0c]{0,16384}?)EXIT\s*;[ \t]*(?:\r?\n|\r)?")
_PRINTS = re.compile(rb"\b(?:PAGE|TEXT|ITEM|RTXT|RVCD|BARC|BOX|BLK|DRP|DRPA|DAP|DZP|CIR|CALL|RDRP)\b")
_TICKET = re.compile(rb"[\s\0\x04]{0,256}+%%XRXbegin[^\x1b\x0c]{0,65536}?%%XRXend[^\r\n\x1b]{0,256}(?:\r?\n|\r)?")
_JOB_WITHIN_BYTES = 1024
_JOB = re.compile(rb"\x1b%-12345X[\s\0]{0,64}@PJL", re.IGNORECASE)


def behind_headers(data: Data, start: int) -> int:
    """Where the job begins behind such headers in letters; `start` where there is none, or nothing but headers."""
    position = start
    for _ in range(_HEADERS_MAX):
        prescribe = _PRESCRIBE.match(data, position)
        found = prescribe if prescribe and not _PRINTS.search(prescribe[1]) else _TICKET.match(data, position)
        if found is None:
            break
        position = found.end()
    return position if bytes(data[position : position + _JOB_WITHIN_BYTES]).strip(b"\0\4\r\n\t ") else start


def job_within(data: Data, start: int) -> int | None:
    """Where a PJL job begins behind octets that nothing else is known of; None where none does."""
    found = _JOB.search(data, start, start + _JOB_WITHIN_BYTES)
    return found.start() if found else None
