"""SET (RFC 3416 section 4.2.5): a few texts of the system group, and switching off and on."""

from __future__ import annotations

from platen.demo.fleet.machine import Machine
from platen.demo.fleet.tree import Part, Template, joined
from platen.protocols.snmp.messages import ErrorStatus, Pdu, Version
from platen.protocols.snmp.oids import Oid
from platen.protocols.snmp.values import Tag, VarBind, encode_varbind

SYS_CONTACT: Oid = (1, 3, 6, 1, 2, 1, 1, 4, 0)
SYS_NAME: Oid = (1, 3, 6, 1, 2, 1, 1, 5, 0)
SYS_LOCATION: Oid = (1, 3, 6, 1, 2, 1, 1, 6, 0)
TEXTS = {SYS_CONTACT: "sysContact", SYS_NAME: "sysName", SYS_LOCATION: "sysLocation"}
TEXT_OCTETS_MAX = 255
PRT_GENERAL_RESET: Oid = (1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 3, 1)
POWER_CYCLE_RESET, RESET_TO_NVRAM, RESET_TO_FACTORY = 4, 5, 6  # PrtGeneralResetTC


def written(machine: Machine, version: int, pdu: Pdu, now: float, *, may_write: bool) -> Template:
    """Everything is written, or nothing. The error-status of SNMPv1 knows less (RFC 3584 section 4.4)."""
    for index, varbind in enumerate(pdu.varbinds, 1):
        error = _refusal(varbind) if may_write else ErrorStatus.NO_ACCESS
        if error is not None:
            is_v1 = version == Version.V1
            return Template(error_status=_of_v1(error) if is_v1 else error, error_index=index)
    for varbind in pdu.varbinds:
        if isinstance(varbind.value, bytes):
            machine.written[TEXTS[varbind.oid]] = varbind.value
        else:
            machine.restart(now)
    parts: list[Part] = [encode_varbind(*varbind) for varbind in pdu.varbinds]
    return Template(joined(parts))


def _refusal(varbind: VarBind) -> ErrorStatus | None:
    if varbind.oid == PRT_GENERAL_RESET:
        if varbind.tag != Tag.INTEGER:
            return ErrorStatus.WRONG_TYPE
        known = (POWER_CYCLE_RESET, RESET_TO_NVRAM, RESET_TO_FACTORY)
        return None if varbind.value in known else ErrorStatus.WRONG_VALUE
    if varbind.oid not in TEXTS:
        return ErrorStatus.NOT_WRITABLE
    if varbind.tag != Tag.OCTET_STRING or not isinstance(varbind.value, bytes):
        return ErrorStatus.WRONG_TYPE
    return None if len(varbind.value) <= TEXT_OCTETS_MAX else ErrorStatus.WRONG_LENGTH


def _of_v1(error: ErrorStatus) -> ErrorStatus:
    return (
        ErrorStatus.NO_SUCH_NAME
        if error in (ErrorStatus.NO_ACCESS, ErrorStatus.NOT_WRITABLE)
        else ErrorStatus.BAD_VALUE
    )
