"""Whether what answers is a machine that is known already: by serial number, then hardware address, then UUID.

A machine that moved to another address is the same machine. Two machines that claim one serial number are not: there
the hardware address decides, and where that differs as well, they stay two and it is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_LOCAL = frozenset("2367abefABEF")


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a machine is told from others; empty: not said."""

    serial: str = ""
    mac: str = ""
    uuid: str = ""
    address: str = ""
    maker: str = ""

    @property
    def any(self) -> bool:
        """Whether it says anything that stays when it moves."""
        return bool(self.serial or self.mac or self.uuid)


@dataclass(frozen=True, slots=True)
class Known:
    """A machine that is registered."""

    id: int
    marks: Marks


class Verdict(StrEnum):
    """What a machine that answered is."""

    NEW = "new"
    KNOWN = "known"  # the same, where it was
    MOVED = "moved"  # the same, at another address
    CONFLICT = "conflict"  # a new one that claims the serial number of another: both stay, and it is said


@dataclass(frozen=True, slots=True)
class Recognition:
    """The verdict, whose it is, and the sentence for a person where there is something to know."""

    verdict: Verdict
    id: int | None = None
    displaced: int | None = None  # the machine that was known at this address and is not the one that answers
    sentence: str = ""


def recognise(found: Marks, candidates: Sequence[Known]) -> Recognition:
    """Which of the candidates (all that share a mark or the address with what was found) it is."""
    at = (each for each in candidates if found.address and each.marks.address == found.address)
    by_address = next(at, None)
    same = _by_serial(found, candidates) or _by_mark(found, candidates)
    if same is None:
        return _unknown(found, candidates, by_address)
    if same.marks.address == found.address or not found.address:
        return Recognition(Verdict.KNOWN, same.id)
    displaced = by_address.id if by_address is not None else None
    was = f"Was at {same.marks.address}" if same.marks.address else "Had no address"
    sentence = f"{was}, is now at {found.address}."
    return Recognition(Verdict.MOVED, same.id, displaced, sentence)


def _by_serial(found: Marks, candidates: Sequence[Known]) -> Known | None:
    """The one with this serial number; of several, or with another hardware address, the one that has that too."""
    if not found.serial:
        return None
    same = [each for each in candidates if each.marks.serial == found.serial and _maker_fits(found, each.marks)]
    if len(same) == 1 and not _contradicts(found, same[0].marks):
        return same[0]
    return next((each for each in same if found.mac and each.marks.mac == found.mac), None)


def _by_mark(found: Marks, candidates: Sequence[Known]) -> Known | None:
    """The one with this hardware address or UUID, unless its serial number is another."""
    for mark in ("mac", "uuid"):
        value = getattr(found, mark)
        for each in candidates:
            if value and getattr(each.marks, mark) == value and not _other_serial(found, each.marks):
                return each
    return None


def _unknown(found: Marks, candidates: Sequence[Known], by_address: Known | None) -> Recognition:
    if by_address is not None and not any_differs(found, by_address.marks):
        return Recognition(Verdict.KNOWN, by_address.id)
    double = next((each for each in candidates if found.serial and each.marks.serial == found.serial), None)
    if double is not None and double is not by_address:
        sentence = f"Says serial number {found.serial}, which the machine at {double.marks.address} has as well."
        displaced = by_address.id if by_address is not None else None
        return Recognition(Verdict.CONFLICT, None, displaced, sentence)
    if by_address is not None:
        before = by_address.marks.serial or by_address.marks.mac or by_address.marks.uuid
        sentence = f"At {found.address} was {before}; now {found.serial or found.mac or found.uuid} answers there."
        return Recognition(Verdict.NEW, None, by_address.id, sentence)
    return Recognition(Verdict.NEW)


def _contradicts(found: Marks, known: Marks) -> bool:
    """Both name a hardware address, not the same one, at two addresses: a new network card does not move a machine.

    An address that somebody made up contradicts nothing: a site that keeps its own to itself sends such a one instead.
    """
    both = bool(found.mac and known.mac) and not _is_made_up(found.mac) and not _is_made_up(known.mac)
    return both and found.mac != known.mac and found.address != known.address


def _is_made_up(mac: str) -> bool:
    """Locally administered (IEEE 802: bit 1 of the first octet)."""
    return len(mac) == 12 and mac[1] in _LOCAL


def _other_serial(found: Marks, known: Marks) -> bool:
    return bool(found.serial and known.serial and found.serial != known.serial)


def _maker_fits(found: Marks, known: Marks) -> bool:
    """Serial numbers are unique within a maker."""
    return not found.maker or not known.maker or found.maker.casefold() == known.maker.casefold()


def any_differs(found: Marks, known: Marks) -> bool:
    """Whether something that stays is said by both and is not the same."""
    pairs = [(found.serial, known.serial), (found.mac, known.mac), (found.uuid, known.uuid)]
    return any(one and other and one != other for one, other in pairs)
