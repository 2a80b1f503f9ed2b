"""The client against agents that err, on both event loops."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterable
from dataclasses import replace

import pytest

from platen.protocols.snmp import (
    AuthProtocol,
    ErrorStatus,
    PduKind,
    Prepared,
    PrivProtocol,
    Tag,
    UsmUser,
    VarBind,
    Version,
)
from platen.protocols.snmp.messages import encode_pdu
from platen.protocols.snmp.usm import Engine
from platen.protocols.snmp.v3 import encode_v3, open_v3, read_v3
from platen.services.collect.pacing import Window
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import BadAnswer, NoAnswer
from platen.services.collect.snmp_targets import Answer, Community, Patience, Target, Traffic
from platen.services.collect.snmp_walk import WalkEnd, WalkLimits
from tests.peers.snmpd import free_udp_port
from tests.services.collect.agents import (
    OBJECTS,
    SYSTEM,
    TABLE,
    Handler,
    V3Handler,
    agent,
    answered,
    asked,
    good,
    respond,
)
from tests.services.collect.conftest import Run, needs_ipv6

COMMUNITY = Community(b"public")
V1 = Community(b"public", Version.V1)
LONG = Patience(timeout_s=20, retries=0)
"""For agents that answer at once, however slow the machine."""
FRUITLESS = Patience(timeout_s=0.1, retries=9, growth=1)
"""For agents whose answers are not taken."""
PERSISTENT = Patience(timeout_s=0.1, retries=50, growth=1.2)
"""For agents that answer in the end."""
ROWS = [(*TABLE, row) for row in range(1, 9)]
SYS_DESCR = (*SYSTEM, 1, 0)
ABSENT = (*SYSTEM, 99, 0)
USER = UsmUser("fleet", AuthProtocol.SHA_256, "maplesyrup", PrivProtocol.AES_128, "mapleleaves")


class TestCost:
    """What a question costs on the wire."""

    def test_one_packet_each_way(self, run: Run) -> None:
        """A GET is one packet each way; the octets are the message's and 28 of IP and UDP."""

        async def ask() -> None:
            async with agent(good) as printer, SnmpClient(patience=LONG) as client:
                answer = await client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR]))
                sent, received = printer.received[0], good(printer.received[0])
                assert answer.traffic == Traffic(1, len(sent) + 28, 1, len(received) + 28)
                assert client.counts.traffic == answer.traffic
                assert len(sent) == 42

        run(ask())

    @pytest.mark.parametrize("host", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
    def test_an_address_without_a_printer_costs_one_small_packet(self, run: Run, host: str) -> None:
        """Where the network says that nobody is there, nothing is sent again."""

        async def ask() -> None:
            target = Target(host, free_udp_port(host))
            async with SnmpClient(patience=Patience(timeout_s=20, retries=5)) as client:
                with pytest.raises(NoAnswer, match="Nobody takes SNMP") as caught:
                    await client.get(target, COMMUNITY, Prepared.get([SYS_DESCR]))
                assert caught.value.unreachable
                assert caught.value.traffic.packets_sent == 1
                # The loop goes on working for those who are there.
                async with agent(good) as printer:
                    answer = await client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR]))
                    assert answer.varbinds[0].value == b"A printer in a test"

        run(ask())

    def test_many_empty_addresses_do_not_disturb_the_others(self, run: Run) -> None:
        """Errors of some datagrams neither hide answers to others nor keep others from being sent."""

        async def ask() -> None:
            nobody = [Target("127.0.0.1", free_udp_port()) for _ in range(50)]
            client = SnmpClient(patience=Patience(20, 0), in_flight_max=16, sockets_per_family=1)
            async with agent(good) as printer, client:
                targets = [target for empty in nobody for target in (empty, printer.target)]
                asking = [client.get(target, COMMUNITY, Prepared.get([SYS_DESCR])) for target in targets]
                ended = await asyncio.gather(*asking, return_exceptions=True)
            assert [isinstance(one, NoAnswer) for one in ended] == [True, False] * 50
            assert all(not one.missing for one in ended if isinstance(one, Answer))

        run(ask())

    def test_a_busy_loop_does_not_ask_again_what_was_answered(self, run: Run) -> None:
        """Answers that came while the loop was held up, beyond the time-out, are all taken and cost nothing more."""

        async def ask() -> None:
            count = 200
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as printer:
                printer.bind(("127.0.0.1", 0))
                printer.settimeout(30)
                target = Target("127.0.0.1", printer.getsockname()[1])
                async with SnmpClient(patience=Patience(timeout_s=0.2, retries=9), sockets_per_family=1) as client:
                    client._exchange.window = Window(first=count, largest=count)
                    request = Prepared.get([SYS_DESCR])
                    asking = [asyncio.create_task(client.get(target, COMMUNITY, request)) for _ in range(count)]
                    await asyncio.sleep(0)  # they send
                    for _ in range(count):
                        octets, source = printer.recvfrom(2048)
                        printer.sendto(good(octets), source)
                    until = time.monotonic() + 0.4
                    while time.monotonic() < until:
                        pass  # the loop is held up
                    await asyncio.gather(*asking)
                    assert client.counts.traffic.packets_sent == count

        run(ask())

    def test_silence_is_asked_again_and_then_believed(self, run: Run) -> None:
        """After its retries a request ends; the cost is known."""

        async def ask() -> None:
            async with agent(lambda _: None) as printer, SnmpClient() as client:
                with pytest.raises(NoAnswer, match="asked 3 times") as caught:
                    await client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR]), Patience(0.05, 2, 1))
                assert not caught.value.unreachable
                assert caught.value.traffic.packets_sent == 3
                assert len(set(printer.received)) == 1

        run(ask())


class TestMatching:
    def test_a_late_answer_to_the_first_packet_is_taken(self, run: Run) -> None:
        """The same request is sent again, so an answer to either is one; the second is counted as stray."""

        async def ask() -> None:
            waiting: list[bytes] = []

            def slow(octets: bytes) -> list[bytes]:
                waiting.append(good(octets))
                return waiting if len(waiting) == 2 else []

            async with agent(slow) as printer, SnmpClient(patience=PERSISTENT) as client:
                answer = await client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR]))
                assert answer.traffic.packets_sent == 2
                while not client.counts.strays:
                    await asyncio.sleep(0.01)
                assert client.counts.answers == 1

        run(ask())

    def test_an_answer_from_elsewhere_is_counted_and_not_taken(self, run: Run) -> None:
        """Who was not asked may not answer, unless the device is known to do so; then it is said."""

        async def ask() -> None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
                elsewhere.bind(("127.0.0.2", 0))
                async with agent(lambda _: None) as printer, SnmpClient(patience=LONG) as client:

                    def from_elsewhere(octets: bytes, source: tuple[str, int]) -> None:
                        elsewhere.sendto(good(octets), source)

                    printer.datagram_received = from_elsewhere
                    with pytest.raises(BadAnswer, match=r"127\.0\.0\.2.* was not asked"):
                        await client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR]), FRUITLESS)
                    assert client.counts.from_elsewhere
                    target = replace(printer.target, answers_from_elsewhere=True)
                    answer = await client.get(target, COMMUNITY, Prepared.get([SYS_DESCR]))
                    assert answer.varbinds[0].value == b"A printer in a test"
                    assert "127.0.0.2" in answer.notes[0]

        run(ask())

    @pytest.mark.parametrize(
        ("handler", "told"),
        [
            (lambda octets: b"\x00garbage", "no SNMP answer"),
            (lambda octets: good(octets)[:-3], "no SNMP answer"),
            (lambda octets: octets, "a GET where an answer"),
            (lambda octets: good(octets).replace(b"\x06\x08\x2b", b"\x06\x7f\x2b"), "cannot be read"),
        ],
        ids=["garbage", "truncated", "echo", "wrong-length"],
    )
    def test_what_is_no_answer_is_told(self, run: Run, handler: Handler, told: str) -> None:
        """Garbage, half an answer, one's own question or wrong lengths end in BadAnswer that says what came."""

        async def ask() -> None:
            async with agent(handler) as printer, SnmpClient(patience=FRUITLESS) as client:
                with pytest.raises(BadAnswer, match=told) as caught:
                    await client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR]))
                assert caught.value.traffic.packets_received >= 1

        run(ask())

    def test_many_requests_at_once_find_their_answers(self, run: Run) -> None:
        """Answers in any order reach whom they belong to, and the limit of what is under way holds."""

        async def ask() -> None:
            held: list[tuple[bytes, tuple[str, int]]] = []
            most = 0

            def release(printer: object) -> None:
                nonlocal most
                most = max(most, len(held))
                while held:
                    octets, source = held.pop()
                    printer.transport.sendto(good(octets), source)  # type: ignore[attr-defined]

            async with agent(lambda _: None) as printer, SnmpClient(patience=LONG, in_flight_max=10) as client:

                def hold(octets: bytes, source: tuple[str, int]) -> None:
                    if not held:
                        asyncio.get_running_loop().call_later(0.01, release, printer)
                    held.append((octets, source))

                printer.datagram_received = hold
                asking = [
                    client.get(printer.target, COMMUNITY, Prepared.get([ROWS[number % 8]])) for number in range(200)
                ]
                answers = await asyncio.gather(*asking)
                assert [answer.varbinds[0].value for answer in answers] == [(one % 8 + 1) * 10 for one in range(200)]
                assert 1 < most <= 10
                assert client._exchange.window.in_flight == 0

        run(ask())

    def test_loss_is_mended_and_slows_down(self, run: Run) -> None:
        """Every third request is lost once; all are answered, and fewer are allowed under way afterwards."""

        async def ask() -> None:
            seen: set[bytes] = set()

            def lossy(octets: bytes) -> bytes | None:
                if octets in seen or len(seen) % 3:
                    seen.add(octets)
                    return good(octets)
                seen.add(octets)
                return None

            async with agent(lossy) as printer, SnmpClient(patience=PERSISTENT) as client:
                before = client.in_flight_limit
                asking = [client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR])) for _ in range(30)]
                answers = await asyncio.gather(*asking)
                assert not any(answer.missing for answer in answers)
                assert client.counts.retries >= 10
                assert client.in_flight_limit < before + 30

        run(ask())

    def test_a_cancelled_request_leaves_nothing_behind(self, run: Run) -> None:
        """Whoever waits may be cancelled; the place under way is free again."""

        async def ask() -> None:
            async with agent(lambda _: None) as printer, SnmpClient(patience=LONG) as client:
                asking = asyncio.create_task(client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR])))
                while not printer.received:
                    await asyncio.sleep(0.01)
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
                assert client._exchange.window.in_flight == 0
                assert not client._exchange._open

        run(ask())

    def test_closing_ends_what_is_under_way(self, run: Run) -> None:
        """Nobody waits for a closed client."""

        async def ask() -> None:
            client = SnmpClient(patience=LONG)
            client.start()
            async with agent(lambda _: None) as printer:
                asking = asyncio.create_task(client.get(printer.target, COMMUNITY, Prepared.get([SYS_DESCR])))
                while not printer.received:
                    await asyncio.sleep(0.01)
                client.close()
                with pytest.raises(NoAnswer, match="closed"):
                    await asking

        run(ask())

    def test_a_name_that_leads_nowhere_is_told(self, run: Run) -> None:
        """A device may be given by name; one that cannot be a name costs no packet."""

        async def ask() -> None:
            async with agent(good) as printer, SnmpClient(patience=LONG) as client:
                answer = await client.get(Target("localhost", printer.target.port), COMMUNITY, Prepared.get([ABSENT]))
                assert answer.missing == [ABSENT]
                with pytest.raises(NoAnswer, match="leads to no address") as caught:
                    await client.get(Target("printer..example"), COMMUNITY, Prepared.get([ABSENT]))
                assert caught.value.traffic == Traffic()

        run(ask())


class TestWholeAnswers:
    """Every name that was asked for is in the answer, in order."""

    def test_version_1_leaves_out_what_is_not_there(self, run: Run) -> None:
        """noSuchName names one object; the others are asked again, and the missing ones reported as missing."""

        async def ask() -> None:
            names = [ABSENT, ROWS[0], (*ABSENT, 1), ROWS[1], SYS_DESCR]
            async with agent(good) as printer, SnmpClient(patience=LONG) as client:
                answer = await client.get(printer.target, V1, Prepared.get(names))
                assert [varbind.oid for varbind in answer.varbinds] == names
                assert [varbind.value for varbind in answer.varbinds] == [None, 10, None, 20, b"A printer in a test"]
                assert answer.missing == [ABSENT, (*ABSENT, 1)]
                assert answer.traffic.packets_sent == 3

        run(ask())

    def test_a_wrong_error_index_is_found_by_halves(self, run: Run) -> None:
        """A device that says noSuchName and not of which object is asked in ever smaller parts."""

        async def ask() -> None:
            def nameless(octets: bytes) -> bytes:
                pdu = answered(asked(octets), Version.V1)
                return respond(octets, pdu.varbinds, pdu.error_status, 0)

            async with agent(nameless) as printer, SnmpClient(patience=LONG) as client:
                answer = await client.get(printer.target, V1, Prepared.get([*ROWS[:3], ABSENT, *ROWS[3:]]))
                assert answer.missing == [ABSENT]
                assert [varbind.oid for varbind in answer.varbinds] == [*ROWS[:3], ABSENT, *ROWS[3:]]

        run(ask())

    def test_too_big_is_asked_in_parts(self, run: Run) -> None:
        """A device with room for three bindings gives all eight, and it is said."""

        async def ask() -> None:
            def small(octets: bytes) -> bytes:
                pdu = asked(octets)
                if len(pdu.varbinds) > 3:
                    return respond(octets, pdu.varbinds, ErrorStatus.TOO_BIG)
                return good(octets)

            async with agent(small) as printer, SnmpClient(patience=LONG) as client:
                answer = await client.get(printer.target, COMMUNITY, Prepared.get(ROWS))
                assert [varbind.value for varbind in answer.varbinds] == [10, 20, 30, 40, 50, 60, 70, 80]
                assert "in parts" in answer.notes[0]

        run(ask())

    def test_one_object_too_big_alone_is_an_error(self, run: Run) -> None:
        """What cannot be split further ends, with the device's own word."""

        async def ask() -> None:
            def tiny(octets: bytes) -> bytes:
                return respond(octets, asked(octets).varbinds, ErrorStatus.TOO_BIG)

            async with agent(tiny) as printer, SnmpClient(patience=LONG) as client:
                with pytest.raises(BadAnswer, match="tooBig"):
                    await client.get(printer.target, COMMUNITY, Prepared.get(ROWS))

        run(ask())

    def test_one_broken_object_does_not_hide_the_others(self, run: Run) -> None:
        """genErr for one object: the others are read, the one is missing, and it is said."""

        async def ask() -> None:
            def broken(octets: bytes) -> bytes:
                names = [varbind.oid for varbind in asked(octets).varbinds]
                if ROWS[2] in names:
                    return respond(octets, asked(octets).varbinds, ErrorStatus.GEN_ERR, names.index(ROWS[2]) + 1)
                return good(octets)

            async with agent(broken) as printer, SnmpClient(patience=LONG) as client:
                answer = await client.get(printer.target, COMMUNITY, Prepared.get(ROWS))
                assert answer.missing == [ROWS[2]]
                assert "genErr" in answer.notes[0]

        run(ask())

    @pytest.mark.parametrize(
        ("change", "missing", "told"),
        [
            (lambda varbinds: varbinds[:5], ROWS[5:], "left out 3 of 8"),
            (lambda varbinds: [], ROWS, "left out 8 of 8"),
            (lambda varbinds: varbinds[::-1], [], "another order"),
            (lambda varbinds: [*varbinds, VarBind(SYS_DESCR, Tag.INTEGER, 1)], [], "other names"),
        ],
        ids=["short", "empty", "reversed", "more"],
    )
    def test_names_are_never_left_out_in_silence(
        self, run: Run, change: object, missing: list[tuple[int, ...]], told: str
    ) -> None:
        """A device that answers fewer, other or reordered names: what is not there is missing, and it is said."""

        async def ask() -> None:
            def other(octets: bytes) -> bytes:
                return respond(octets, change(answered(asked(octets)).varbinds))  # type: ignore[operator]

            async with agent(other) as printer, SnmpClient(patience=LONG) as client:
                answer = await client.get(printer.target, COMMUNITY, Prepared.get(ROWS))
                assert [varbind.oid for varbind in answer.varbinds] == ROWS
                assert answer.missing == missing
                assert told in answer.notes[0]

        run(ask())


def without_bulk(how: str) -> Handler:
    """The handler of an agent whose GETBULK fails in one way."""

    def handler(octets: bytes) -> bytes | Iterable[bytes] | None:
        if asked(octets).kind is not PduKind.GET_BULK:
            return good(octets)
        if how == "silent":
            return None
        if how == "garbage":
            return good(octets)[:-4] + b"\xff\xff\xff\xff\xff"
        return respond(octets, [], ErrorStatus.GEN_ERR if how == "genErr" else 0)

    return handler


class TestBulk:
    def test_getbulk_gives_rows(self, run: Run) -> None:
        """Non-repeaters once, then the rows, in one packet each way."""

        async def ask() -> None:
            async with agent(good) as printer, SnmpClient(patience=LONG) as client:
                answer = await client.get_bulk(printer.target, COMMUNITY, Prepared.get_bulk([SYSTEM], [TABLE], 5))
                assert [varbind.value for varbind in answer.varbinds] == [b"A printer in a test", 10, 20, 30, 40, 50]
                assert answer.traffic.packets_sent == 1
                assert answer.notes == []

        run(ask())

    @pytest.mark.parametrize("how", ["genErr", "empty", "silent", "garbage"])
    def test_a_broken_getbulk_is_replaced_and_told(self, run: Run, how: str) -> None:
        """GETNEXT gives the same bindings; a note says so; the next time GETBULK is not tried again."""

        async def ask() -> None:
            request = Prepared.get_bulk([SYSTEM], [TABLE], 5)
            patience = replace(PERSISTENT, retries=2, growth=10)
            async with agent(without_bulk(how)) as printer, SnmpClient(patience=patience) as client:
                answer = await client.get_bulk(printer.target, COMMUNITY, request)
                assert [varbind.value for varbind in answer.varbinds] == [b"A printer in a test", 10, 20, 30, 40, 50]
                assert any("GETNEXT was used" in note for note in answer.notes)
                printer.received.clear()
                again = await client.get_bulk(printer.target, COMMUNITY, request)
                assert again.varbinds == answer.varbinds
                assert set(printer.kinds()) == {PduKind.GET_NEXT}
                assert any("GETNEXT was used" in note for note in again.notes)

        run(ask())

    def test_a_device_that_is_off_costs_no_more_with_getbulk(self, run: Run) -> None:
        """The last of the tries is made with GETNEXT, so there are as many packets as with GET."""

        async def ask() -> None:
            async with agent(lambda _: None) as printer, SnmpClient(patience=Patience(0.05, 2, 1)) as client:
                with pytest.raises(NoAnswer) as caught:
                    await client.get_bulk(printer.target, COMMUNITY, Prepared.get_bulk([], [TABLE], 5))
                assert caught.value.traffic.packets_sent == 3
                assert printer.kinds() == [PduKind.GET_BULK, PduKind.GET_BULK, PduKind.GET_NEXT]

        run(ask())

    def test_fewer_rows_are_asked_for_where_they_are_too_many(self, run: Run) -> None:
        """tooBig halves the rows until the device can."""

        async def ask() -> None:
            def small(octets: bytes) -> bytes:
                pdu = asked(octets)
                if pdu.kind is PduKind.GET_BULK and pdu.error_index > 3:
                    return respond(octets, [], ErrorStatus.TOO_BIG)
                return good(octets)

            async with agent(small) as printer, SnmpClient(patience=LONG) as client:
                walk = client.walk(printer.target, COMMUNITY, TABLE)
                assert [varbind.value async for varbind in walk] == [10, 20, 30, 40, 50, 60, 70, 80]
                assert PduKind.GET_NEXT not in printer.kinds()

        run(ask())


class TestWalk:
    @pytest.mark.parametrize("credentials", [COMMUNITY, V1])
    def test_a_subtree_is_read_whole(self, run: Run, credentials: Community) -> None:
        """Everything below the root, and why it ended."""

        async def ask() -> None:
            async with agent(good) as printer, SnmpClient(patience=LONG) as client:
                walk = client.walk(printer.target, credentials, SYSTEM)
                assert [varbind.oid async for varbind in walk] == [SYS_DESCR, (*SYSTEM, 3, 0)]
                assert walk.end is WalkEnd.LEFT_SUBTREE
                walk = client.walk(printer.target, credentials, (1, 3))
                assert [varbind.oid async for varbind in walk] == sorted(OBJECTS)
                assert walk.end is WalkEnd.END_OF_MIB

        run(ask())

    @pytest.mark.parametrize("credentials", [COMMUNITY, V1])
    def test_a_loop_ends(self, run: Run, credentials: Community) -> None:
        """A device whose names go round is left, with what came before."""

        async def ask() -> None:
            def round_and_round(octets: bytes) -> bytes:
                pdu = asked(octets)
                first = pdu.varbinds[0].oid
                following = [(*TABLE, 1), (*TABLE, 2), (*TABLE, 1)]
                if pdu.kind is PduKind.GET_BULK:
                    return respond(octets, [VarBind(oid, Tag.INTEGER, 1) for oid in following])
                after = {following[0]: following[1], following[1]: following[2]}.get(first, following[0])
                return respond(octets, [VarBind(after, Tag.INTEGER, 1)])

            async with agent(round_and_round) as printer, SnmpClient(patience=LONG) as client:
                walk = client.walk(printer.target, credentials, TABLE)
                assert [varbind.oid async for varbind in walk] == [(*TABLE, 1), (*TABLE, 2)]
                assert walk.end is WalkEnd.LOOP
                assert any("The walk ended because" in note for note in walk.notes)

        run(ask())

    def test_a_walk_without_end_has_one(self, run: Run) -> None:
        """A device that invents names for ever is read up to the limits."""

        async def ask() -> None:
            def endless(octets: bytes) -> bytes:
                pdu = asked(octets)
                at = pdu.varbinds[0].oid[-1]
                return respond(octets, [VarBind((*TABLE, at + 1 + one), Tag.INTEGER, 1) for one in range(10)])

            async with agent(endless) as printer, SnmpClient(patience=LONG) as client:
                walk = client.walk(printer.target, COMMUNITY, TABLE, WalkLimits(objects=35, objects_a_request=10))
                assert len([varbind async for varbind in walk]) == 35
                assert walk.end is WalkEnd.LIMIT
                walk = client.walk(printer.target, COMMUNITY, TABLE, WalkLimits(requests=2, objects_a_request=10))
                assert len([varbind async for varbind in walk]) == 20
                assert walk.end is WalkEnd.LIMIT

        run(ask())


class TestVersion3:
    def test_discovery_is_paid_once(self, run: Run) -> None:
        """The first question finds out the engine, from then on a question is one packet each way."""

        async def ask() -> None:
            handler = V3Handler(USER, Engine(b"\x80\x00\x00\x00\x05one", 4, 1000))
            async with agent(handler) as printer, SnmpClient(patience=LONG) as client:
                packets = [
                    (await client.get(printer.target, USER, Prepared.get([SYS_DESCR]))).traffic.packets_sent
                    for _ in range(3)
                ]
                assert packets == [2, 1, 1]

        run(ask())

    def test_the_time_is_learnt(self, run: Run) -> None:
        """An agent that tells its time only in a signed Report costs one packet more, once."""

        async def ask() -> None:
            handler = V3Handler(USER, Engine(b"\x80\x00\x00\x00\x05one", 4, 1000))
            handler.tells_time_at_once = False
            async with agent(handler) as printer, SnmpClient(patience=LONG) as client:
                packets = [
                    (await client.get(printer.target, USER, Prepared.get([SYS_DESCR]))).traffic.packets_sent
                    for _ in range(2)
                ]
                assert packets == [3, 1]

        run(ask())

    @pytest.mark.parametrize(
        "engine", [Engine(b"\x80\x00\x00\x00\x05one", 5, 3), Engine(b"\x80\x00\x00\x00\x05two", 1, 3)]
    )
    def test_a_device_that_started_again_is_found_again(self, run: Run, engine: Engine) -> None:
        """Other boots, or another engine id: the question is put again with what the Report says."""

        async def ask() -> None:
            handler = V3Handler(USER, Engine(b"\x80\x00\x00\x00\x05one", 4, 1000))
            async with agent(handler) as printer, SnmpClient(patience=LONG) as client:
                await client.get(printer.target, USER, Prepared.get([SYS_DESCR]))
                handler.engine = engine
                answer = await client.get(printer.target, USER, Prepared.get([SYS_DESCR]))
                assert answer.varbinds[0].value == b"A printer in a test"
                assert answer.traffic.packets_sent == 2

        run(ask())

    def test_an_engine_that_changes_for_ever_is_left(self, run: Run) -> None:
        """A few attempts, then an error that says why."""

        async def ask() -> None:
            handler = V3Handler(USER, Engine(b"\x80\x00\x00\x00\x050", 4, 1000))

            def fickle(octets: bytes) -> bytes | None:
                handler.engine = Engine(handler.engine.engine_id + b"x", 4, 1000)
                return handler(octets)

            async with agent(fickle) as printer, SnmpClient(patience=LONG) as client:
                with pytest.raises(BadAnswer, match="keeps changing"):
                    await client.get(printer.target, USER, Prepared.get([SYS_DESCR]))
                assert len(printer.received) <= 6

        run(ask())

    def test_an_answer_in_the_clear_to_an_encrypted_question_is_not_taken(self, run: Run) -> None:
        """Anybody could have written it, with the right ids."""

        async def ask() -> None:
            engine = Engine(b"\x80\x00\x00\x00\x05one", 4, 1000)
            handler = V3Handler(USER, engine)

            def unprotected(octets: bytes) -> bytes | None:
                message = read_v3(octets)
                if not message.is_encrypted:
                    return handler(octets)
                pdu = encode_pdu(answered(open_v3(message, USER).pdu))
                return encode_v3(pdu, message.message_id, UsmUser(USER.name), engine, salt=1)

            async with agent(unprotected) as printer, SnmpClient(patience=LONG) as client:
                with pytest.raises(BadAnswer, match="not protected"):
                    await client.get(printer.target, USER, Prepared.get([SYS_DESCR]))

        run(ask())

    def test_an_answer_signed_with_another_key_is_not_taken(self, run: Run) -> None:
        """Whoever does not know the password cannot answer for the device."""

        async def ask() -> None:
            good_one = V3Handler(USER, Engine(b"\x80\x00\x00\x00\x05one", 4, 1000))

            async with agent(good_one) as printer, SnmpClient(patience=LONG) as client:
                await client.get(printer.target, USER, Prepared.get([SYS_DESCR]))

                def last_octet_changed(octets: bytes) -> bytes | None:
                    answer = good_one(octets)
                    return None if answer is None else answer[:-1] + bytes((answer[-1] ^ 1,))

                printer.handler = last_octet_changed
                with pytest.raises(BadAnswer, match="not to be trusted"):
                    await client.get(printer.target, USER, Prepared.get([SYS_DESCR]))

        run(ask())
