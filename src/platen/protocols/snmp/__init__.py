"""The Simple Network Management Protocol, versions 1, 2c and 3: octets to values and back.

    request = Prepared.get([parse_oid("1.3.6.1.2.1.1.1.0")])        # once
    octets = request.message(Version.V2C, b"public", request_id)    # for each device
    head = read_head(answer)                                        # whose answer is it?
    pdu = read_rest(answer, head)                                   # pdu.varbinds: oid, tag, value

Everything that cannot be read raises `SnmpError`.
"""

from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.messages import (
    ErrorStatus,
    Message,
    Pdu,
    PduKind,
    TrapV1,
    Version,
    decode_message,
    encode_message,
    error_name,
)
from platen.protocols.snmp.oids import Oid, dotted, in_subtree, parse_oid
from platen.protocols.snmp.prepared import REQUEST_ID_MAX, REQUEST_ID_MIN, Head, Prepared, read_head, read_rest
from platen.protocols.snmp.usm import AuthProtocol, PrivProtocol, UsmUser
from platen.protocols.snmp.values import MISSING, Tag, Value, VarBind, unset

__all__ = [
    "MISSING",
    "REQUEST_ID_MAX",
    "REQUEST_ID_MIN",
    "AuthProtocol",
    "ErrorStatus",
    "Head",
    "Message",
    "Oid",
    "Pdu",
    "PduKind",
    "Prepared",
    "PrivProtocol",
    "SnmpError",
    "Tag",
    "TrapV1",
    "UsmUser",
    "Value",
    "VarBind",
    "Version",
    "decode_message",
    "dotted",
    "encode_message",
    "error_name",
    "in_subtree",
    "parse_oid",
    "read_head",
    "read_rest",
    "unset",
]
