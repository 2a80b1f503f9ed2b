"""GET, GETNEXT and SET, and what becomes of them where a device does not answer them whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from platen.protocols.snmp import ErrorStatus, Oid, Pdu, PduKind, Prepared, Tag, VarBind, dotted, error_name
from platen.services.collect.snmp_conversation import Conversation
from platen.services.collect.snmp_errors import BadAnswer, Refused
from platen.services.collect.snmp_targets import Patience

RIGHTS = frozenset({ErrorStatus.NO_ACCESS, ErrorStatus.AUTHORIZATION_ERROR})
_NOT_WRITABLE = RIGHTS | {ErrorStatus.NO_SUCH_NAME, ErrorStatus.READ_ONLY, ErrorStatus.NOT_WRITABLE}
_ONE_OF_THEM = frozenset({ErrorStatus.NO_SUCH_NAME, ErrorStatus.GEN_ERR})
"""Errors for a whole request that are about one object in it."""


async def ask_all(conversation: Conversation, prepared: Prepared, patience: Patience | None = None) -> list[VarBind]:
    """GET or GETNEXT for every name, in order; in as many requests as the device makes necessary.

    SNMPv1 answers nothing if one object is not there, and names it (RFC 1157 section 4.1.2): it is left out and the
    rest asked again. A device whose answer would be too big is asked in halves. `patience` is for the first request.
    Raises: SnmpFailed.
    """
    found: dict[int, VarBind] = {}
    parts = [list(range(len(prepared.oids)))]
    while parts:
        part = parts.pop()
        request = prepared if len(part) == len(prepared.oids) else _part_of(prepared, part)
        pdu = await conversation.ask(request, patience)
        patience = None
        if not pdu.error_status:
            found.update(zip(part, _matched(conversation, request, pdu), strict=True))
            continue
        absent, smaller = _after_error(conversation, prepared, part, pdu)
        parts.extend(smaller)
        if absent is not None:
            found[absent] = _absent(prepared, absent)
    return [found[number] for number in range(len(prepared.oids))]


def _after_error(
    conversation: Conversation, prepared: Prepared, part: list[int], pdu: Pdu
) -> tuple[int | None, list[list[int]]]:
    """Which object is to be reported as missing, and what to ask instead. Raises: Refused, BadAnswer."""
    status, number = pdu.error_status, pdu.error_index
    if status in _ONE_OF_THEM and (1 <= number <= len(part) or len(part) == 1):
        absent = part[number - 1 if 1 <= number <= len(part) else 0]
        if status == ErrorStatus.GEN_ERR:
            conversation.note(f"The device reports genErr for {dotted(prepared.oids[absent])}.")
        rest = [one for one in part if one != absent]
        return absent, [rest] if rest else []
    if (status == ErrorStatus.TOO_BIG or status in _ONE_OF_THEM) and len(part) > 1:
        if status == ErrorStatus.TOO_BIG:
            conversation.note("The device could not answer everything at once and was asked in parts.")
        half = len(part) // 2
        return None, [part[half:], part[:half]]
    raise failed(conversation, prepared, pdu)


async def set_values(conversation: Conversation, prepared: Prepared) -> list[VarBind]:
    """SET is all or nothing (RFC 3416 section 4.2.5): it is never split. Raises: SnmpFailed."""
    pdu = await conversation.ask(prepared)
    if pdu.error_status:
        raise failed(conversation, prepared, pdu)
    return pdu.varbinds


def failed(conversation: Conversation, prepared: Prepared, pdu: Pdu) -> Refused | BadAnswer:
    """The error that the device reported, as ours."""
    about = ""
    if 1 <= pdu.error_index <= len(prepared.oids):
        about = f" for {dotted(prepared.oids[pdu.error_index - 1])}"
    name = error_name(pdu.error_status)
    refusing = _NOT_WRITABLE if prepared.kind is PduKind.SET else RIGHTS
    if pdu.error_status in refusing:
        return Refused(
            f"{conversation.target} refuses this{about} ({name}): the credentials give no such right.",
            conversation.traffic,
        )
    return BadAnswer(
        f"{conversation.target} reports {name}{about}.", conversation.traffic, error_status=pdu.error_status
    )


def _part_of(prepared: Prepared, part: Sequence[int]) -> Prepared:
    make: Callable[[Sequence[Oid]], Prepared] = Prepared.get_next if prepared.kind is PduKind.GET_NEXT else Prepared.get
    return make([prepared.oids[number] for number in part])


def _absent(prepared: Prepared, number: int) -> VarBind:
    tag = Tag.END_OF_MIB_VIEW if prepared.kind is PduKind.GET_NEXT else Tag.NO_SUCH_OBJECT
    return VarBind(prepared.oids[number], tag, None)


def _matched(conversation: Conversation, request: Prepared, pdu: Pdu) -> list[VarBind]:
    """One binding for each name that was asked for, whatever came."""
    if request.kind is PduKind.GET_NEXT:
        if len(pdu.varbinds) == len(request.oids):
            return pdu.varbinds
        conversation.note(f"The device answered {len(pdu.varbinds)} of {len(request.oids)} names.")
        missing = [_absent(request, number) for number in range(len(pdu.varbinds), len(request.oids))]
        return [*pdu.varbinds[: len(request.oids)], *missing]
    if [varbind[0] for varbind in pdu.varbinds] == request.oids:
        return pdu.varbinds
    by_name = {varbind.oid: varbind for varbind in pdu.varbinds}
    silent = [oid for oid in request.oids if oid not in by_name]
    if silent:
        conversation.note(f"The answer left out {len(silent)} of {len(request.oids)} names, {dotted(silent[0])} first.")
    else:
        conversation.note("The answer has other names, or in another order, than were asked for.")
    return [by_name.get(oid) or _absent(request, number) for number, oid in enumerate(request.oids)]
