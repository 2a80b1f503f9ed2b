"""Languages of printers that nothing here reads, by what drivers begin a job in them with.

Their escapes look like those of ESC/P, ESC/POS or PCL, so a job that began as one of these would be counted wrong.
"""

from __future__ import annotations

import re

_CONTROL_SEQUENCE = rb"\x1b\[[0-?]*[ -/]*[@-~]"
_BEGINNINGS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (
        re.compile(rb"\x1b%@|\x1b;\x1bc\x1b;|\x1bc\x1bQ"),
        "a print job in a language of Canon or Fujitsu",  # LIPS, FMLBP
    ),
    (re.compile(rb"(?:\x1bc|%b)*\x1bP[0-9;]{0,20}q" % _CONTROL_SEQUENCE), "a print job in a language of DEC (sixels)"),
    (re.compile(rb"\x1bc1\x1c[a-z<]|\x1bcl\x1bP|\x1bP\x1bG\x1bT\d\d"), "a print job in a language of NEC"),
    (re.compile(rb"(?:\x1bm\d|\x1b>)?(?:\x1bP)?\x1bT\d\d(?:\x1b[Pq]|[\n\r])"), "a print job in a language of C. Itoh"),
    (re.compile(rb"\x1b(?:\rP\x1b)?\x12"), "a print job in a language of Ricoh (RPDL)"),
    (re.compile(rb"\x1b@\x1bed\x1b\[O"), "a print job in a language of IBM"),
    (re.compile(rb"\x1be\x1b%\x80A"), "a print job in a language of Alps"),
    (re.compile(rb"\x1b%-98765X"), "a print job in a language of Oki"),
    (re.compile(rb"\x1b@\0\x02\0\xbf"), "a print job in a language of Minolta"),
    (re.compile(rb"\x1b\*(?:m\0|[\x80-\xff]|\x07[a-z])"), "a print job in a language of Lexmark"),
    (re.compile(rb"\x1b\+X\n"), "a print job in a language of Xerox (XES)"),
    (
        re.compile(rb"\x1bP(?:CNTRL|IMAGE) |\x1bEWU\0|\x1bW[ !]\.\0|JOBSIZE=P[JD]L[-,]"),
        "a print job for a photo printer",
    ),
    (re.compile(rb"\x1bM\d\d\x1bB\x1bg\d{3}"), "a label job in EPL1"),
    (
        re.compile(rb"(?:\x1b@|\x1b\*rbC|\x1b\*t\d{1,5}R|\x1bJ.|\x1b\\..)*\x1b\|[AC-IK-Z*]", re.DOTALL),
        "a print job in a raster language with ESC |",
    ),
)


def name_of(head: bytes) -> str | None:
    """What a job is that begins so, for a person; None: nothing known."""
    return next((name for pattern, name in _BEGINNINGS if pattern.match(head)), None)
