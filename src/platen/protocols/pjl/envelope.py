"""What goes around a document on a raw connection so that the device tells what becomes of it.

A device names the job in its answers as JOB NAME names it here, so a document with JOB commands of its own does not
confuse the count: only the answers with our name are ours (PJL TRM chapter 5, JOB, and chapter 7, USTATUS).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass

from platen.protocols.pjl.errors import PjlError
from platen.protocols.pjl.text import UEL, quote_pjl

_WORD = re.compile(r"[A-Za-z0-9_\-]{1,64}")
TIMED_S_MIN, TIMED_S_MAX = 5, 300  # PJL TRM: USTATUS TIMED takes 0 (off) or 5 to 300 seconds


class PjlStatusRequest(enum.Enum):
    """What a device can be asked at any time between jobs."""

    STATUS = b"@PJL INFO STATUS\r\n"
    ID = b"@PJL INFO ID\r\n"
    PAGE_COUNT = b"@PJL INFO PAGECOUNT\r\n"


@dataclass(frozen=True, slots=True)
class PjlEnvelope:
    """Octets to send before and after the document."""

    prefix: bytes
    suffix: bytes


def envelope(
    job_name: str,
    *,
    language: str = "",
    user_name: str = "",
    settings: Mapping[str, str] | None = None,
    timed_status_s: int = 0,
) -> PjlEnvelope:
    """Wrap a document as job `job_name`, with page, job and device status switched on.

    `language` is for a document that does not begin with PJL itself; empty leaves it to the device. `settings` are SET
    variables, e.g. {"COPIES": "2"}; a value of letters, digits, "-" and "_" goes bare, any other as a string.
    `timed_status_s`: 0, or repeat the status every 5 to 300 s, which shows that a silent device lives.
    Raises: PjlError for a name that is not a PJL word, or a time out of range.
    """
    if timed_status_s and not TIMED_S_MIN <= timed_status_s <= TIMED_S_MAX:
        raise PjlError(
            f"Timed status every {timed_status_s} s is not possible; PJL takes {TIMED_S_MIN} to {TIMED_S_MAX} s."
        )
    name = quote_pjl(job_name)
    lines = [
        UEL + b"@PJL",
        b"@PJL USTATUS DEVICE=ON",
        b"@PJL USTATUS JOB=ON",
        b"@PJL USTATUS PAGE=ON",
        *([b"@PJL USTATUS TIMED=%d" % timed_status_s] if timed_status_s else []),
        b"@PJL JOB NAME=" + name,
        *([b"@PJL SET USERNAME=" + quote_pjl(user_name)] if user_name else []),
        *(b"@PJL SET %b=%b" % (_word(key), _value(value)) for key, value in (settings or {}).items()),
        *([b"@PJL ENTER LANGUAGE=" + _word(language)] if language else []),
    ]
    prefix = b"".join(line + b"\r\n" for line in lines)
    # Without a language the UEL hands over to the device's own recognition, or to PJL in the document.
    suffix = UEL + b"@PJL EOJ NAME=" + name + b"\r\n" + UEL
    return PjlEnvelope(prefix if language else prefix + UEL, suffix)


def echo_request(text: str, *requests: PjlStatusRequest) -> bytes:
    """Ask the device to echo `text`, then for `requests`: answers before the echo belong to an earlier talk.

    Raises: PjlError where `text` has other than printable ASCII characters or is longer than 80.
    """
    if not (text.isascii() and text.isprintable() and 0 < len(text) <= 80):
        raise PjlError("A PJL echo is 1 to 80 printable ASCII characters.")
    return UEL + b"@PJL ECHO " + text.encode("ascii") + b"\r\n" + b"".join(item.value for item in requests) + UEL


def status_off() -> bytes:
    """Switch unsolicited status off again, for whoever uses the device next."""
    return UEL + b"@PJL USTATUSOFF\r\n" + UEL


def _word(text: str) -> bytes:
    if not _WORD.fullmatch(text):
        raise PjlError(f"{text!r} is not a PJL name; use letters, digits, '-' and '_'.")
    return text.encode("ascii")


def _value(text: str) -> bytes:
    return text.encode("ascii") if _WORD.fullmatch(text) else quote_pjl(text)
