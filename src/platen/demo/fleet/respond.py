"""The Response PDU of a machine, in whatever message it came and goes.

A fleet's collector asks machines of a model the same, over and over. So what is worked out for a request is remembered
with the model: an answer then costs no more than filling in the machine's own values.
"""

from __future__ import annotations

from platen.demo.fleet.lookup import looked_up
from platen.demo.fleet.machine import Machine
from platen.demo.fleet.tree import Template, Tree
from platen.demo.fleet.writing import written
from platen.protocols.snmp.ber import encode_length
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import Pdu, PduKind, Version, decode_rest

_NO_ERROR, _TOO_BIG = b"\x02\x01\x00\x02\x01\x00", b"\x02\x01\x01\x02\x01\x00"
_KINDS = {int(kind): kind for kind in (PduKind.GET, PduKind.GET_NEXT, PduKind.GET_BULK, PduKind.SET)}


def respond(
    machine: Machine, version: int, kind: int, request_id: bytes, rest: bytes, *, room: int, now: float, may_write: bool
) -> bytes:
    """The Response PDU. rest: error-status, error-index and variable bindings of the request. Raises: SnmpError."""
    if kind == PduKind.SET:
        template = written(machine, version, _decoded(kind, rest), now, may_write=may_write)
    else:
        template = _template(machine.tree(now), version, kind, rest, room)
    if template.error_status:
        return _pdu(request_id, _error(template), _varbinds_of(rest))
    content = _filled(template, machine, now)
    if len(content) > room:
        return _pdu(request_id, _TOO_BIG, b"" if version != Version.V1 else _varbinds_of(rest))
    return _pdu(request_id, _NO_ERROR, content)


def _template(tree: Tree, version: int, kind: int, rest: bytes, room: int) -> Template:
    key = (version, kind, rest)
    template = tree.templates.get(key)
    if template is None:
        template = looked_up(tree, version, _decoded(kind, rest), room)
        tree.remember(key, template)
    return template


def _decoded(kind: int, rest: bytes) -> Pdu:
    known = _KINDS.get(kind)
    if known is None:
        raise SnmpError(f"An agent does not answer a PDU with the tag {kind:#04x}.")
    return decode_rest(rest, 0, len(rest), known, 0)


def _filled(template: Template, machine: Machine, now: float) -> bytes:
    """The variable bindings with the machine's own values."""
    found = []
    for part in template.parts:
        if isinstance(part, bytes):
            found.append(part)
        else:
            name, living = part
            value = living.encode(machine, now)
            found += (b"\x30", encode_length(len(name) + len(value)), name, value)
    return b"".join(found)


def _error(template: Template) -> bytes:
    return bytes((2, 1, template.error_status, 2, 1, template.error_index))


def _varbinds_of(rest: bytes) -> bytes:
    """The request's own, without the header of their list."""
    pdu_rest = rest[rest.index(b"\x30") :]
    skip = 2 + (pdu_rest[1] & 0x7F if pdu_rest[1] & 0x80 else 0)
    return pdu_rest[skip:]


def _pdu(request_id: bytes, error: bytes, varbinds: bytes) -> bytes:
    listed = encode_length(len(varbinds))
    length = encode_length(len(request_id) + len(error) + 1 + len(listed) + len(varbinds))
    return b"".join((b"\xa2", length, request_id, error, b"\x30", listed, varbinds))
