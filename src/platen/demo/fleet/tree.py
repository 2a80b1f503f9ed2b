"""What an agent answers from: objects in the order of their identifiers, encoded once for every machine of a model."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from platen.demo.fleet.living import Living
from platen.protocols.snmp.ber import element
from platen.protocols.snmp.messages import Version
from platen.protocols.snmp.oids import Oid, encode_oid
from platen.protocols.snmp.values import Tag

Objects = Mapping[Oid, bytes | Living]
"""Object identifiers with instance, and their values as tag, length and content."""

Part = bytes | tuple[bytes, Living]
"""Octets of an answer, or a name with a value that is a machine's own."""

TEMPLATES_MAX = 4096
_COLUMN_ARCS_MIN = 10  # as ifPhysAddress, 1.3.6.1.2.1.2.2.1.6, has
_HEADERS = 8  # of a varbind: two tags with lengths of up to three octets each


@dataclass(frozen=True, slots=True)
class Template:
    """The variable bindings of an answer, as one machine after the other completes them."""

    parts: tuple[Part, ...] = ()
    error_status: int = 0
    error_index: int = 0
    """Where there is an error, the answer carries the request's variable bindings."""


@dataclass(slots=True)
class Tree:
    """One state of a model. `templates` remembers answers by version, kind and the octets asked."""

    oids: list[Oid]
    names: list[bytes]
    values: list[bytes | Living]
    templates: dict[tuple[int, int, bytes], Template] = field(default_factory=dict)

    @classmethod
    def of(cls, objects: Objects) -> Tree:
        """From objects in any order."""
        oids = sorted(objects)
        return cls(oids, [element(Tag.OBJECT_IDENTIFIER, encode_oid(oid)) for oid in oids], [objects[o] for o in oids])

    def index_of(self, oid: Oid, version: int) -> int | None:
        """Where exactly this object stands. SNMPv1 has no Counter64 (RFC 3584 section 4.2.2.1)."""
        at = bisect_left(self.oids, oid)
        is_there = at < len(self.oids) and self.oids[at] == oid
        return at if is_there and not (version == Version.V1 and self._is_counter64(at)) else None

    def next_index(self, oid: Oid, version: int) -> int | None:
        """Where the object after `oid` stands. SNMPv1 steps over a Counter64."""
        at = bisect_right(self.oids, oid)
        while version == Version.V1 and at < len(self.oids) and self._is_counter64(at):
            at += 1
        return at if at < len(self.oids) else None

    def missing_tag(self, oid: Oid) -> int:
        """noSuchInstance where a neighbour is of the same column, else noSuchObject (RFC 3416 section 4.2.1)."""
        at = bisect_left(self.oids, oid)
        column = oid[:-1] if oid[-1] == 0 else oid[: max(len(oid) - 2, _COLUMN_ARCS_MIN)]
        beside = self.oids[max(at - 1, 0) : at + 1]
        is_known = any(each[: len(column)] == column for each in beside)
        return Tag.NO_SUCH_INSTANCE if is_known else Tag.NO_SUCH_OBJECT

    def room_of(self, at: int) -> int:
        """The most octets that the variable binding may take."""
        value = self.values[at]
        return len(self.names[at]) + _HEADERS + (len(value) if isinstance(value, bytes) else value.octets_max)

    def part(self, at: int) -> Part:
        """A variable binding, complete or to be completed."""
        name, value = self.names[at], self.values[at]
        return element(0x30, name + value) if isinstance(value, bytes) else (name, value)

    def remember(self, key: tuple[int, int, bytes], template: Template) -> None:
        """For the next machine that is asked the same."""
        if len(self.templates) >= TEMPLATES_MAX:
            self.templates.clear()
        self.templates[key] = template

    def _is_counter64(self, at: int) -> bool:
        value = self.values[at]
        return isinstance(value, bytes) and value[0] == Tag.COUNTER64


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Neighbouring octets become one."""
    found: list[Part] = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, bytes) and isinstance(last, bytes):
            found[-1] = last + part
        else:
            found.append(part)
    return tuple(found)


def empty(name: Oid, tag: int) -> bytes:
    """A variable binding without a value: NULL or an exception."""
    return element(0x30, element(Tag.OBJECT_IDENTIFIER, encode_oid(name)) + bytes((tag, 0)))
