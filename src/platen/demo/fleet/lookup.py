"""What an agent says to GET, GETNEXT and GETBULK (RFC 3416 sections 4.2.1 to 4.2.3, RFC 1157 section 4.1)."""

from __future__ import annotations

from platen.demo.fleet.tree import Part, Template, Tree, empty, joined
from platen.protocols.snmp.messages import ErrorStatus, Pdu, PduKind, Version
from platen.protocols.snmp.oids import Oid
from platen.protocols.snmp.values import Tag

REPETITIONS_MAX = 512


def looked_up(tree: Tree, version: int, pdu: Pdu, room: int) -> Template:
    """The answer to any machine of that tree. room: octets that the variable bindings may take."""
    names = [varbind.oid for varbind in pdu.varbinds]
    if pdu.kind is PduKind.GET_BULK:
        return _bulk(tree, names, max(pdu.error_status, 0), min(pdu.error_index, REPETITIONS_MAX), room)
    find = tree.index_of if pdu.kind is PduKind.GET else tree.next_index
    parts: list[Part] = []
    for index, name in enumerate(names, 1):
        at = find(name, version)
        if at is not None:
            parts.append(tree.part(at))
        elif version == Version.V1:
            return Template(error_status=ErrorStatus.NO_SUCH_NAME, error_index=index)
        else:
            is_get = pdu.kind is PduKind.GET
            parts.append(empty(name, tree.missing_tag(name) if is_get else Tag.END_OF_MIB_VIEW))
    return Template(joined(parts))


def _bulk(tree: Tree, names: list[Oid], non_repeaters: int, repetitions: int, room: int) -> Template:
    """As many of the variable bindings as there is room for; fewer than asked is no error."""
    taken = _Taken(tree, room)
    once, repeated = names[:non_repeaters], names[non_repeaters:]
    if not all(taken.add_next(name) is not None for name in once):
        return Template(joined(taken.parts))
    for _ in range(repetitions if repeated else 0):
        row: list[Oid] = []
        for name in repeated:
            found = taken.add_next(name)
            if found is None:
                return Template(joined(taken.parts))
            row.append(found)
        if row == repeated:
            break  # every name has come to the end of the view
        repeated = row
    return Template(joined(taken.parts))


class _Taken:
    """The variable bindings of a GETBULK's answer, as far as there is room."""

    def __init__(self, tree: Tree, room: int) -> None:
        self.tree = tree
        self.room = room
        self.parts: list[Part] = []

    def add_next(self, name: Oid) -> Oid | None:
        """What follows `name`, and its own name; `name` itself at the end of the view. None: there is no room."""
        at = self.tree.next_index(name, Version.V2C)
        end = empty(name, Tag.END_OF_MIB_VIEW) if at is None else b""
        self.room -= self.tree.room_of(at) if at is not None else len(end)
        if self.room < 0:
            return None
        self.parts.append(self.tree.part(at) if at is not None else end)
        return self.tree.oids[at] if at is not None else name
