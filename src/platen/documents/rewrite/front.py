"""What stands in front of a job and is no part of it: copied as it is, or the reason why the job is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from platen.documents.detect import UNKNOWN, detect
from platen.documents.driver_headers import behind_headers, job_within
from platen.documents.rewrite.changes import CannotRewrite, Changes
from platen.documents.source import Data

# In names and comments any word may stand.
_QUOTED = re.compile(rb"\"[^\"]*\"?|'[^'\r\n]*'?|%%XRX[a-z]*(?:title|name|message|comment)[^\r\n]*", re.IGNORECASE)
# Words of PRESCRIBE and of job tickets that decide on the same things as changes do. FRPO sets any of them.
_SIDES = re.compile(rb"duplex|tumble|simplex|sides?\b|plex\b|DUPX|FRPO", re.IGNORECASE)
_COPIES = re.compile(rb"copy|copies|quantity|FRPO", re.IGNORECASE)
_MEDIA = re.compile(rb"media|paper|stock|page-?size|CASS|SPSZ|PSRC|FRPO", re.IGNORECASE)
_COLOR = re.compile(rb"colou?r|mono|gr[ae]y|CMOD|FRPO", re.IGNORECASE)
_TONER = re.compile(rb"toner|eco|draft|quality|FRPO", re.IGNORECASE)


def start_of_job(data: Data, changes: Changes, declared: str | None) -> tuple[int, str]:
    """Where the job begins behind what a driver has put there, and what it begins as.

    Raises: CannotRewrite where that says something of what is to be changed, or where nobody knows what it says.
    """
    start = behind_headers(data, 0)
    if start:
        header = _QUOTED.sub(b"", bytes(data[:start]))
        for word, words in _decided(changes):
            if words.search(header):
                raise CannotRewrite(f"What the driver put in front of the job says something of its {word} as well.")
    media_type = detect(data, start, declared)
    if media_type == UNKNOWN and job_within(data, start) is not None:
        raise CannotRewrite("The job stands within a protocol that is not known here, so it was not changed.")
    return start, media_type


def _decided(changes: Changes) -> Iterator[tuple[str, re.Pattern[bytes]]]:
    if changes.sides is not None:
        yield "sides", _SIDES
    if changes.copies is not None:
        yield "copies", _COPIES
    if changes.media is not None:
        yield "paper", _MEDIA
    if changes.monochrome is not None:
        yield "colour", _COLOR
    if changes.toner_save is not None:
        yield "toner", _TONER
