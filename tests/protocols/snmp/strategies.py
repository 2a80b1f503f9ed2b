"""What SNMP can carry, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from platen.protocols.snmp import Message, Oid, Pdu, PduKind, Tag, TrapV1, VarBind, Version

arcs = st.integers(0, 2**32 - 1)


def _oid(first: int, second: int, rest: list[int]) -> Oid:
    return (first, second if first == 2 else second % 40, *rest)


oids = st.builds(_oid, st.integers(0, 2), st.integers(0, 1000), st.lists(arcs, max_size=30))
uint32 = st.integers(0, 2**32 - 1)

VALUES: dict[Tag, st.SearchStrategy[int | bytes | Oid | None]] = {
    Tag.INTEGER: st.integers(-(2**31), 2**31 - 1),
    Tag.OCTET_STRING: st.binary(max_size=300),
    Tag.NULL: st.none(),
    Tag.OBJECT_IDENTIFIER: oids,
    Tag.IP_ADDRESS: st.binary(min_size=4, max_size=4),
    Tag.COUNTER32: uint32,
    Tag.GAUGE32: uint32,
    Tag.TIME_TICKS: uint32,
    Tag.OPAQUE: st.binary(max_size=40),
    Tag.COUNTER64: st.integers(0, 2**64 - 1),
    Tag.UINTEGER32: uint32,
    Tag.NO_SUCH_OBJECT: st.none(),
    Tag.NO_SUCH_INSTANCE: st.none(),
    Tag.END_OF_MIB_VIEW: st.none(),
}
"""A strategy for each type of SMIv2 and each exception."""

varbinds = st.one_of(*(st.builds(VarBind, oids, st.just(int(tag)), value) for tag, value in VALUES.items()))
varbind_lists = st.lists(varbinds, max_size=12)

OF_V1 = [PduKind.GET, PduKind.GET_NEXT, PduKind.RESPONSE, PduKind.SET]
OF_V2 = [*OF_V1, PduKind.GET_BULK, PduKind.INFORM, PduKind.TRAP_V2, PduKind.REPORT]
int32 = st.integers(-(2**31), 2**31 - 1)


def pdus(kinds: list[PduKind]) -> st.SearchStrategy[Pdu]:
    return st.builds(Pdu, st.sampled_from(kinds), int32, varbind_lists, st.integers(0, 18), st.integers(0, 2**31 - 1))


traps_v1 = st.builds(
    TrapV1, oids, st.binary(min_size=4, max_size=4), st.integers(0, 6), st.integers(0, 2**31 - 1), uint32, varbind_lists
)
communities = st.binary(max_size=200)
messages = st.one_of(
    st.builds(Message, st.just(Version.V1), communities, st.one_of(pdus(OF_V1), traps_v1)),
    st.builds(Message, st.just(Version.V2C), communities, pdus(OF_V2)),
)
