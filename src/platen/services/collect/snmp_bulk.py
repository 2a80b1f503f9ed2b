"""GETBULK, and GETNEXT in its place where a device has none or a broken one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from platen.protocols.snmp import ErrorStatus, Oid, Prepared, Tag, VarBind, Version, error_name, in_subtree
from platen.services.collect.snmp_conversation import Conversation
from platen.services.collect.snmp_errors import BadAnswer, NoAnswer
from platen.services.collect.snmp_parts import RIGHTS, ask_all, failed
from platen.services.collect.snmp_targets import Patience
from platen.services.collect.udp import Address

_REMEMBERED_MAX = 65_536
_REMEMBERED_S = 3600.0
_OF_V1 = "SNMPv1 has no GETBULK; GETNEXT was used."


class BulkHabits:
    """Which devices have a GETBULK that does not work, so that the time-outs are paid once.

    Not for ever: what looked like a broken GETBULK may have been packets lost in a row.
    """

    def __init__(self) -> None:
        self._broken: dict[Address, tuple[str, float]] = {}

    def why_not(self, conversation: Conversation) -> str | None:
        """Why GETBULK is not to be tried; None if it is."""
        if conversation.version is Version.V1:
            return _OF_V1
        known = self._broken.get(conversation.address)
        if known is None or asyncio.get_running_loop().time() > known[1]:
            return None
        return known[0]

    def broken(self, address: Address, why: str) -> None:
        """Remembers it for a while."""
        self._broken.pop(address, None)
        if len(self._broken) >= _REMEMBERED_MAX:
            del self._broken[next(iter(self._broken))]
        self._broken[address] = why, asyncio.get_running_loop().time() + _REMEMBERED_S


async def ask_bulk(conversation: Conversation, prepared: Prepared, habits: BulkHabits) -> list[VarBind]:
    """The bindings as GETBULK gives them: non-repeaters, then row after row. Raises: SnmpFailed."""
    if (known := habits.why_not(conversation)) is not None:
        conversation.note(known)
        return await ask_next_rows(conversation, prepared)
    patience, last = conversation.patience, None
    found: list[VarBind] | None = None
    try:
        # The last try is left for GETNEXT: a device that is switched off costs no more packets than with GET.
        found, why = await _bulk(conversation, prepared, replace(patience, retries=max(patience.retries - 1, 0)))
    except NoAnswer as error:
        if error.unreachable or not patience.retries:
            raise
        last = replace(patience, timeout_s=patience.timeout_s * patience.growth**patience.retries, retries=0)
        why = "gives no answer"
    except BadAnswer as error:
        if error.error_status:
            raise
        why = "gives an answer that cannot be read"
    if found is not None:
        return found
    rows = await ask_next_rows(conversation, prepared, last)
    reason = f"GETBULK {why} on this device where GETNEXT works; GETNEXT was used."
    habits.broken(conversation.address, reason)
    conversation.note(reason)
    return rows


async def _bulk(conversation: Conversation, prepared: Prepared, patience: Patience) -> tuple[list[VarBind] | None, str]:
    """What came, or None and why not. Raises: SnmpFailed."""
    while True:
        pdu = await conversation.ask(prepared, patience)
        if not pdu.error_status and pdu.varbinds:
            return pdu.varbinds, ""
        if not pdu.error_status:
            return None, "gives an empty answer"
        if pdu.error_status in RIGHTS:
            raise failed(conversation, prepared, pdu)
        if pdu.error_status != ErrorStatus.TOO_BIG or prepared.max_repetitions <= 1:
            return None, f"gives {error_name(pdu.error_status)}"
        conversation.note("The device could not answer as many rows at once as it was asked for.")
        prepared = _with_rows(prepared, prepared.max_repetitions // 2)


def _with_rows(prepared: Prepared, max_repetitions: int) -> Prepared:
    oids = prepared.oids
    return Prepared.get_bulk(oids[: prepared.non_repeaters], oids[prepared.non_repeaters :], max_repetitions)


async def ask_next_rows(
    conversation: Conversation, prepared: Prepared, patience: Patience | None = None
) -> list[VarBind]:
    """What GETBULK would have given, row by row with GETNEXT; it stops once every column has ended.

    `patience` is for the first request. Raises: SnmpFailed.
    """
    count = prepared.non_repeaters
    first = await ask_all(conversation, Prepared.get_next(prepared.oids), patience)
    found, row = first[:count], first[count:]
    columns = [_column(asked, varbind) for asked, varbind in zip(prepared.oids[count:], row, strict=True)]
    for repetition in range(prepared.max_repetitions):
        found.extend(row)
        if repetition + 1 == prepared.max_repetitions or _all_ended(columns, row):
            break
        before, row = row, await _following(conversation, row)
        if any(now.oid <= then.oid and not now.missing for then, now in zip(before, row, strict=True)):
            found.extend(row)  # the caller sees that the names do not rise and goes no further
            break
    return found


async def _following(conversation: Conversation, row: list[VarBind]) -> list[VarBind]:
    """The next row; columns that have come to the end of the MIB are not asked for again."""
    going_on = [varbind.oid for varbind in row if varbind.tag != Tag.END_OF_MIB_VIEW]
    answers = iter(await ask_all(conversation, Prepared.get_next(going_on)))
    return [varbind if varbind.tag == Tag.END_OF_MIB_VIEW else next(answers) for varbind in row]


def _column(asked: Oid, first: VarBind) -> Oid:
    """The subtree beyond which more rows are of no use: the name asked for, or the column that it is a row of."""
    return asked if in_subtree(first.oid, asked) and first.oid != asked else asked[:-1]


def _all_ended(columns: Sequence[Oid], row: Sequence[VarBind]) -> bool:
    return all(
        varbind.tag == Tag.END_OF_MIB_VIEW or not in_subtree(varbind.oid, column)
        for column, varbind in zip(columns, row, strict=True)
    )
