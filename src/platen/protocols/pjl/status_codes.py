"""PJL status codes as IPP printer-state-reasons (PJL TRM appendix D; RFC 8011 section 5.4.12).

A code has five digits: two name the class, three the condition. Only conditions that devices of several makers
agree on stand here by themselves; any other code means what its class means.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class StatusClass(enum.Enum):
    """What a code asks of whoever sees it."""

    INFORMATION = "nothing to do"
    ATTENTION = "prints on, and wants looking after soon"
    OPERATOR = "has stopped until somebody helps"
    FAULT = "has stopped and needs service"
    LANGUAGE = "did not understand a PJL command"


@dataclass(frozen=True, slots=True)
class StatusMeaning:
    """`reasons` are printer-state-reasons keywords with their severity suffix; empty means "none"."""

    status_class: StatusClass
    reasons: tuple[str, ...] = ()

    @property
    def stops_printing(self) -> bool:
        """Nothing comes out until somebody acts."""
        return self.status_class in {StatusClass.OPERATOR, StatusClass.FAULT}


_INFORMATION, _ATTENTION = StatusClass.INFORMATION, StatusClass.ATTENTION
_OPERATOR, _FAULT, _LANGUAGE = StatusClass.OPERATOR, StatusClass.FAULT, StatusClass.LANGUAGE

CLASSES: dict[int, StatusMeaning] = {
    10: StatusMeaning(_INFORMATION),
    11: StatusMeaning(_ATTENTION, ("media-low-warning",)),  # a tray is empty, another one has the size
    12: StatusMeaning(_ATTENTION, ("other-report",)),  # a tray is open or lifting
    15: StatusMeaning(_OPERATOR, ("output-area-full-error",)),
    20: StatusMeaning(_LANGUAGE),
    25: StatusMeaning(_LANGUAGE),
    27: StatusMeaning(_LANGUAGE),
    30: StatusMeaning(_ATTENTION, ("other-warning",)),  # continues by itself
    32: StatusMeaning(_ATTENTION, ("other-report",)),  # the device's file system
    35: StatusMeaning(_ATTENTION, ("other-warning",)),  # prints on, data may be lost
    40: StatusMeaning(_OPERATOR, ("other-error",)),
    41: StatusMeaning(_OPERATOR, ("media-needed-error",)),  # no source has the medium
    42: StatusMeaning(_OPERATOR, ("media-jam-error",)),
    43: StatusMeaning(_OPERATOR, ("other-error",)),  # external paper handling
    44: StatusMeaning(_OPERATOR, ("media-jam-error",)),
    50: StatusMeaning(_FAULT, ("other-error",)),
    55: StatusMeaning(_FAULT, ("interpreter-resource-unavailable-error",)),
}

CODES: dict[int, StatusMeaning] = {
    10002: StatusMeaning(_OPERATOR, ("paused-warning",)),  # put offline
    10006: StatusMeaning(_ATTENTION, ("toner-low-warning",)),
    30016: StatusMeaning(_ATTENTION, ("interpreter-resource-unavailable-warning",)),  # memory overflow
    30017: StatusMeaning(_ATTENTION, ("interpreter-resource-unavailable-warning",)),  # print overrun
    30119: StatusMeaning(_ATTENTION, ("media-jam-warning",)),  # media feed error
    40000: StatusMeaning(_INFORMATION),  # asleep: wakes with the next job
    40010: StatusMeaning(_OPERATOR, ("marker-supply-empty-error",)),  # no cartridge in it
    40019: StatusMeaning(_OPERATOR, ("output-area-full-error",)),
    40021: StatusMeaning(_OPERATOR, ("cover-open-error",)),
    40022: StatusMeaning(_OPERATOR, ("media-jam-error",)),
    40038: StatusMeaning(_OPERATOR, ("toner-low-error",)),
    40039: StatusMeaning(_OPERATOR, ("toner-empty-error",)),
    40079: StatusMeaning(_OPERATOR, ("paused-error",)),  # offline at the panel
    40096: StatusMeaning(_OPERATOR, ("cover-open-error",)),  # duplexer
}

_UNKNOWN = StatusMeaning(_ATTENTION, ("other-warning",))


def meaning_of(code: int) -> StatusMeaning:
    """What `code` means; an unknown class is "other", so that it is seen."""
    return CODES.get(code) or CLASSES.get(code // 1000, _UNKNOWN)
