"""Where to search: addresses, ranges, networks and names as people write them.

One a line or separated by commas; `#` begins a remark:

    10.1.2.3            one address            10.1.2.0/24         a network, without its first and last address
    10.1.2.10-10.1.3.20 from one to the other  10.1.2.10-99        the same, short
    10.1.2-4.*          every part may be a span or everything
    2001:db8::10        an IPv6 address        2001:db8::/120      a small IPv6 network
    printer.example.org a name, looked up when the search runs

Ranges are kept as spans of numbers, so that a million addresses cost nothing until they are asked.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

ENTRIES_MAX = 10_000
ADDRESSES_MAX = 2**32
IPV6_SPAN_MAX = 2**20
ASK_ABOVE = 65_536
"""A search of more addresses than this asks its person first."""

_NAME = re.compile(r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?)+$", re.IGNORECASE)
_PART = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?$|\*$")
_NUMBER_LAST = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)
"""No name ends in a number (RFC 1123 section 2.1): programs read 0x7f.1 as 127.0.0.1."""
_OCTAL = re.compile(r"(?:^|[.-])0\d")


class AddressError(ValueError):
    """Something is no address, range, network or name; the sentence says which and how to write it."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Addresses of one version from `first` to `last`, both included."""

    version: int
    first: int
    last: int

    @property
    def size(self) -> int:
        """How many addresses."""
        return self.last - self.first + 1

    def __contains__(self, address: object) -> bool:
        if not isinstance(address, ipaddress.IPv4Address | ipaddress.IPv6Address):
            return False
        return address.version == self.version and self.first <= int(address) <= self.last


@dataclass(frozen=True, slots=True)
class Scope:
    """Addresses without doubles, in rising order, and names that are looked up later."""

    spans: tuple[Span, ...] = ()
    names: tuple[str, ...] = ()

    def count(self) -> int:
        """How many addresses; names count as one each."""
        return sum(span.size for span in self.spans) + len(self.names)

    def __contains__(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return address.casefold() in self.names
        return any(parsed in span for span in self.spans)

    def addresses(self, *, skip: int = 0) -> Iterator[str]:
        """Every address, one after the other; `skip` of them are left out, so that a search can go on."""
        for span in self.spans:
            if skip >= span.size:
                skip -= span.size
                continue
            make = ipaddress.IPv4Address if span.version == 4 else ipaddress.IPv6Address
            for number in range(span.first + skip, span.last + 1):
                yield str(make(number))
            skip = 0

    def without(self, other: Scope) -> Scope:
        """These addresses but for those of another scope."""
        spans = [left for span in self.spans for left in _cut(span, other.spans)]
        return Scope(tuple(spans), tuple(name for name in self.names if name not in other.names))


def parse_scope(text: str) -> Scope:
    """What a person wrote. Empty gives an empty scope.

    Raises: AddressError, naming the entry.
    """
    spans: list[Span] = []
    names: list[str] = []
    for number, entry in enumerate(_entries(text)):
        if number >= ENTRIES_MAX:
            raise AddressError(f"At most {ENTRIES_MAX} entries can be given.")
        found = _spans_of(entry)
        if found is None:
            names.append(entry.casefold().rstrip("."))
        spans.extend(found or ())
    scope = Scope(_merged(spans), tuple(dict.fromkeys(names)))
    if scope.count() > ADDRESSES_MAX:
        raise AddressError("These are more addresses than IPv4 has. Give smaller ranges.")
    return scope


def one_address(text: str) -> str:
    """One address in its usual form, or a name in lower case. Raises: AddressError where it is more, or neither."""
    entry = text.strip()
    if _is_address(entry):
        return str(ipaddress.ip_address(entry))
    if re.search(r"[\s,;#/]", entry) or _spans_of(entry) is not None:
        raise AddressError(f"“{entry}” is more than one address. Write one, such as 10.1.2.3 or printer.example.org.")
    return entry.casefold().rstrip(".")


def subnet_of(address: str, prefix: int = 24) -> str | None:
    """The network around an IPv4 address, such as 10.1.2.0/24; None for anything else."""
    try:
        return str(ipaddress.IPv4Network((address, prefix), strict=False))
    except ValueError:
        return None


def _entries(text: str) -> Iterator[str]:
    for line in text.splitlines():
        for entry in re.split(r"[,;\s]+", re.sub(r"\s*-\s*", "-", line.partition("#")[0])):
            if entry:
                yield entry


def _spans_of(entry: str) -> list[Span] | None:
    """The spans that an entry means; None for a name."""
    if "/" in entry:
        return [_network(entry)]
    first, dash, last = entry.partition("-")
    if dash and _is_address(first) and _is_address(last):
        return [_between(entry, first, last)]
    if _is_address(entry):
        address = ipaddress.ip_address(entry)
        return [Span(address.version, int(address), int(address))]
    if re.fullmatch(r"[\d.*-]+", entry):
        return _by_parts(entry)
    if ":" in entry or not _NAME.match(entry) or _NUMBER_LAST.match(entry):
        raise AddressError(f"“{entry}” is no address, range, network or name. {_HOW}")
    return None


_HOW = "Write for example 10.1.2.3, 10.1.2.0/24, 10.1.2.10-99, 2001:db8::10 or printer.example.org."


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _network(entry: str) -> Span:
    try:
        network = ipaddress.ip_network(entry, strict=False)
    except ValueError as error:
        raise AddressError(f"“{entry}” is no network. {_HOW}") from error
    first, last = int(network.network_address), int(network.broadcast_address)
    if network.version == 4 and network.prefixlen < 31:
        first, last = first + 1, last - 1
    return _bounded(Span(network.version, first, last), entry)


def _between(entry: str, first: str, last: str) -> Span:
    low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
    if low.version != high.version:
        raise AddressError(f"“{entry}” goes from one kind of address to the other.")
    if int(low) > int(high):
        raise AddressError(f"“{entry}” ends before it begins.")
    return _bounded(Span(low.version, int(low), int(high)), entry)


def _bounded(span: Span, entry: str) -> Span:
    if span.version == 6 and span.size > IPV6_SPAN_MAX:
        raise AddressError(f"“{entry}” has more addresses than can be asked. List the IPv6 addresses, or use DNS-SD.")
    return span


def _by_parts(entry: str) -> list[Span]:
    """10.1.2-4.*: each of the four parts one number, a span, or everything."""
    if _OCTAL.search(entry):
        raise AddressError(f"“{entry}”: write numbers without leading zeros. Some programs read them as octal.")
    parts = entry.split(".")
    matches = [_PART.match(part) for part in parts]
    if len(parts) != 4 or not all(matches):
        raise AddressError(f"“{entry}” is no address, range, network or name. {_HOW}")
    ranges = [_part(part, entry) for part in parts]
    head, (low, high) = ranges[:-1], ranges[-1]
    if _wide(head) > 65_536:
        raise AddressError(f"“{entry}” is too wide. Write it as a network, such as 10.0.0.0/8.")
    spans = []
    for a, b, c in product(*(range(first, last + 1) for first, last in head)):
        base = a << 24 | b << 16 | c << 8
        spans.append(Span(4, base + low, base + high))
    return spans


def _wide(ranges: Iterable[tuple[int, int]]) -> int:
    wide = 1
    for first, last in ranges:
        wide *= last - first + 1
    return wide


def _part(part: str, entry: str) -> tuple[int, int]:
    if part == "*":
        return 0, 255
    first, _, last = part.partition("-")
    low, high = int(first), int(last or first)
    if low > high or high > 255:
        raise AddressError(f"“{entry}”: the parts of an address go from 0 to 255, the smaller one first.")
    return low, high


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Without doubles, in rising order."""
    merged: list[Span] = []
    for span in sorted(spans):
        before = merged[-1] if merged else None
        if before is not None and before.version == span.version and span.first <= before.last + 1:
            merged[-1] = Span(span.version, before.first, max(before.last, span.last))
        else:
            merged.append(span)
    return tuple(merged)


def _cut(span: Span, others: Iterable[Span]) -> list[Span]:
    left = [span]
    for other in others:
        if other.version != span.version:
            continue
        left = [
            part
            for piece in left
            for part in (
                Span(piece.version, piece.first, min(piece.last, other.first - 1)),
                Span(piece.version, max(piece.first, other.last + 1), piece.last),
            )
            if part.size > 0
        ]
    return left
