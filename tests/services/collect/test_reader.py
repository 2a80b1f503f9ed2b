"""Reading one machine over UDP: surveys, plans, and agents that make it hard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from platen.protocols.snmp import (
    Message,
    Oid,
    Pdu,
    PduKind,
    Tag,
    UsmUser,
    VarBind,
    Version,
    decode_message,
    encode_message,
)
from platen.protocols.snmp.messages import encode_pdu
from platen.protocols.snmp.usm import AuthProtocol, Engine, PrivProtocol
from platen.protocols.snmp.v3 import encode_v3, open_v3, read_v3
from platen.readings import objects as o
from platen.readings.facts import Activity
from platen.readings.reading import read
from platen.services.collect.reader import Visit, read_machine
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import NoAnswer
from platen.services.collect.snmp_targets import Community, Patience, Target
from tests.readings.replay import alert, counter, printer
from tests.services.collect.agents import V3Handler, agent, answered, asked, respond
from tests.services.collect.conftest import Run
from tests.testdata import needs_testdata
from tests.walks import Held, main_walks, values_of, walk_of

PUBLIC = Community()
QUICK = Patience(timeout_s=0.2, retries=1)
USER = UsmUser("reader", AuthProtocol.SHA_256, "signing-password", PrivProtocol.AES_128, "hiding-password")


class Machine:
    """The handler of an agent over objects that a test may change; `most`: bindings in an answer to GETBULK."""

    def __init__(self, objects: Mapping[Oid, Held]) -> None:
        self.objects: dict[Oid, Any] = dict(objects)
        self.most = 10_000
        self.deaf_to: frozenset[PduKind] = frozenset()
        self.versions = frozenset({Version.V1, Version.V2C})

    def __call__(self, octets: bytes) -> bytes | None:
        message = decode_message(octets)
        assert isinstance(message.pdu, Pdu)
        if message.version not in self.versions or message.pdu.kind in self.deaf_to:
            return None
        pdu = answered(message.pdu, message.version, self.objects)
        if pdu.error_status:
            return encode_message(Message(message.version, message.community, pdu))
        most = self.most if message.pdu.kind is PduKind.GET_BULK else None
        return respond(octets, pdu.varbinds[:most])


async def _visit(machine: Machine, **more: Any) -> Visit:
    async with agent(machine) as served, SnmpClient(patience=QUICK) as client:
        return await read_machine(client, served.target, more.pop("credentials", PUBLIC), **more)


async def _twice(machine: Machine, between: Any = None, **more: Any) -> tuple[Visit, Visit, list[PduKind]]:
    """A first visit and one by its plan, and what the second was asked."""
    async with agent(machine) as served, SnmpClient(patience=QUICK) as client:
        credentials = more.pop("credentials", PUBLIC)
        first = await read_machine(client, served.target, credentials)
        if between is not None:
            between(machine)
        before = len(served.received)
        second = await read_machine(client, served.target, credentials, first.plan, first.reading)
        return first, second, [asked(octets).kind for octets in served.received[before:]]


def test_a_first_visit_reads_the_whole_machine(run: Run) -> None:
    """The reading is that of everything which the machine holds; octets are counted, and a plan is made."""
    objects = printer(alerts=((1, 8),))
    visit = run(_visit(Machine(objects)))
    whole = read(values_of(objects))
    assert visit.reading.supplies == whole.supplies
    assert visit.reading.identity == whole.identity
    assert visit.surveyed
    assert visit.plan is not None
    assert visit.problems == []
    assert 1_000 < visit.traffic.octets < 3_500


def test_a_later_visit_takes_one_packet_each_way(run: Run) -> None:
    """By the plan: one request, one answer, well below 1,500 octets. DCA-LOAD-02."""
    machine = Machine(printer())
    first, second, kinds = run(_twice(machine))
    assert kinds == [PduKind.GET_BULK]
    assert not second.surveyed
    assert second.reading == first.reading
    assert second.traffic.octets < 1_000


def test_an_alert_that_comes_is_read_with_all_it_says(run: Run) -> None:
    """The plan sees that the table is another one; one more request brings it."""

    def comes(machine: Machine) -> None:
        machine.objects |= alert(4, 8, words="Jam in the duplex unit")

    _, second, kinds = run(_twice(Machine(printer()), comes))
    assert [each.description for each in second.reading.alerts] == ["Jam in the duplex unit"]
    assert kinds == [PduKind.GET_BULK, PduKind.GET_BULK]


def test_a_table_of_many_alerts_is_read_to_its_end(run: Run) -> None:
    """As many requests as it takes."""

    def come(machine: Machine) -> None:
        for row in range(1, 21):
            machine.objects |= alert(row, 8, words=f"Alert {row}")

    _, second, _ = run(_twice(Machine(printer()), come))
    assert len(second.reading.alerts) == 20


def test_a_restart_has_everything_asked_again(run: Run) -> None:
    """Whoever starts anew may have another firmware, or another cartridge."""

    def restarts(machine: Machine) -> None:
        machine.objects[o.SYS_UP_TIME] = Held(0x43, 100)
        machine.objects[(*o.PRT_GENERAL_SERIAL_NUMBER, 1)] = Held(0x04, b"NEW-BOARD-1")

    _, second, _ = run(_twice(Machine(printer()), restarts))
    assert second.surveyed
    assert second.reading.identity.serial == "NEW-BOARD-1"
    assert any("started anew" in problem for problem in second.problems)


class Tired(Machine):
    """Answers so many questions more."""

    left = 10_000

    def __call__(self, octets: bytes) -> bytes | None:
        self.left -= 1
        return super().__call__(octets) if self.left >= 0 else None


SERIAL = (*o.PRT_GENERAL_SERIAL_NUMBER, 1)


def _another(machine: Machine) -> None:
    """Of the same model, on for longer, with more on its meter."""
    machine.objects[SERIAL] = Held(0x04, b"LX400-0002")
    machine.objects[(*o.PRT_MARKER_LIFE_COUNT, 1, 1)] = counter(1_101)
    machine.objects[o.SYS_UP_TIME] = Held(0x43, 9_000_000)


@pytest.mark.parametrize("version", [Version.V1, Version.V2C])
def test_another_machine_that_was_not_restarted_is_told_by_its_serial_number(run: Run, version: Version) -> None:
    """It has everything asked again, so that its meters are nobody else's. EMC-DLST-11"""
    _, second, _ = run(_twice(Machine(printer()), _another, credentials=Community(version=version)))
    assert second.surveyed
    assert (second.reading.identity.serial, second.reading.meter("total")) == ("LX400-0002", 1_101)
    assert any("another machine" in problem for problem in second.problems)


@pytest.mark.parametrize("uptime", [100, 9_000_000])
def test_another_machine_that_falls_silent_has_said_who_it_is(run: Run, uptime: int) -> None:
    """However little of everything it answers after that: nothing of it is taken for the one that was there."""

    def comes(machine: Machine) -> None:
        _another(machine)
        machine.objects[o.SYS_UP_TIME] = Held(0x43, uptime)
        assert isinstance(machine, Tired)
        machine.left = 2

    _, second, _ = run(_twice(Tired(printer()), comes))
    assert (second.reading.identity.serial, second.reading.identity.mac) == ("LX400-0002", "")


def test_another_machine_is_told_where_answers_are_cut_off(run: Run) -> None:
    """The serial number is asked for by name then, before anything is taken."""

    def comes(machine: Machine) -> None:
        _another(machine)
        machine.most = 1

    _, second, _ = run(_twice(Machine(printer()), comes))
    assert second.surveyed
    assert second.reading.identity.serial == "LX400-0002"


def test_a_serial_number_that_getbulk_passes_over_is_asked_for_by_name(run: Run) -> None:
    """One small question more, not everything."""

    class Shy(Machine):
        def __call__(self, octets: bytes) -> bytes | None:
            if asked(octets).kind is PduKind.GET_BULK:
                hidden = {oid: held for oid, held in self.objects.items() if oid != SERIAL}
                return respond(octets, answered(asked(octets), objects=hidden).varbinds)
            return super().__call__(octets)

    first, second, kinds = run(_twice(Shy(printer())))
    assert kinds == [PduKind.GET_BULK, PduKind.GET]
    assert second.reading == first.reading


def test_one_that_does_not_say_who_it_is_counts_nothing(run: Run) -> None:
    """Of a machine that falls silent before it has said it, what was read last stays."""

    def tires(machine: Machine) -> None:
        machine.objects[(*o.PRT_MARKER_LIFE_COUNT, 1, 1)] = counter(1_101)
        machine.most = 4
        assert isinstance(machine, Tired)
        machine.left = 1

    first, second, _ = run(_twice(Tired(printer(supplies=24, trays=14)), tires))
    assert not second.surveyed
    assert second.reading == first.reading
    assert any("which machine it is" in problem for problem in second.problems)


def test_a_supply_that_is_gone_has_everything_asked_again(run: Run) -> None:
    """The plan was made for another machine than this one is now."""

    def loses(machine: Machine) -> None:
        machine.objects = {oid: held for oid, held in machine.objects.items() if oid[:10] != o.SUPPLIES_ENTRY}

    _, second, _ = run(_twice(Machine(printer()), loses))
    assert second.surveyed
    assert second.reading.supplies == ()


def test_a_machine_that_answers_a_small_part_sleeps(run: Run) -> None:
    """In deep sleep only the network interface is awake: values stay as they were, and nothing is asked again."""

    def sleeps(machine: Machine) -> None:
        awake = {o.SYS_UP_TIME, o.SYS_DESCR, o.SYS_OBJECT_ID, (*o.HR_DEVICE_STATUS, 1)}
        machine.objects = {oid: held for oid, held in machine.objects.items() if oid in awake}

    first, second, kinds = run(_twice(Machine(printer(alerts=((1, 8),))), sleeps))
    assert kinds == [PduKind.GET_BULK]
    assert second.reading.status.activity is Activity.ASLEEP
    assert second.reading.supplies == first.reading.supplies
    assert second.reading.meters == first.reading.meters
    assert second.reading.alerts == first.reading.alerts


def test_a_machine_that_was_just_found_is_read_briefly(run: Run) -> None:
    """For fewer octets, with a plan of its own."""
    whole = run(_visit(Machine(printer())))
    brief = run(_visit(Machine(printer()), brief=True))
    assert brief.reading.supplies[0].percent == whole.reading.supplies[0].percent
    assert brief.traffic.octets < whole.traffic.octets


@pytest.mark.parametrize("most", [3, 7, 20])
def test_answers_that_are_cut_off_still_make_a_whole_reading(run: Run, most: int) -> None:
    """An agent with a small buffer is asked for the rest by name."""
    machine = Machine(printer(supplies=6, trays=4))
    machine.most = most
    first, second, _ = run(_twice(machine))
    whole = read(values_of(printer(supplies=6, trays=4)))
    assert first.reading.meter("total") == whole.meter("total")
    assert {each.key for each in first.reading.supplies} == {each.key for each in whole.supplies}
    assert second.reading.meters == first.reading.meters
    assert second.reading.supplies == first.reading.supplies


def test_a_machine_without_getbulk_is_read(run: Run) -> None:
    """GETNEXT does the same in more packets, and it is said."""
    machine = Machine(printer())
    machine.deaf_to = frozenset({PduKind.GET_BULK})
    visit = run(_visit(machine))
    whole = read(values_of(printer()))
    assert visit.reading.supplies == whole.supplies
    assert visit.reading.identity == whole.identity  # name, place and contact as well
    assert any("GETNEXT" in problem for problem in visit.problems)


def test_an_agent_that_gives_one_row_to_getbulk_tells_its_place(run: Run) -> None:
    """Name, place and contact come along with the rows behind sysObjectID; without those they are asked by name."""
    machine = Machine(printer())
    machine.most = 1
    identity = run(_visit(machine)).reading.identity
    assert (identity.host_name, identity.location, identity.contact) == ("prn-1", "Second floor", "help desk")


def test_a_machine_of_version_1_is_read(run: Run) -> None:
    """SNMPv1: no GETBULK, and one missing object spoils a whole answer."""
    machine = Machine(printer(alerts=((1, 8),)))
    machine.versions = frozenset({Version.V1})
    first, second, kinds = run(_twice(machine, credentials=Community(version=Version.V1)))
    whole = read(values_of(printer(alerts=((1, 8),))))
    assert (first.reading.supplies, first.reading.meters) == (whole.supplies, whole.meters)
    assert first.reading.identity == whole.identity
    assert not second.surveyed
    assert second.reading == first.reading
    assert PduKind.GET_BULK not in kinds


class _Signed(V3Handler):
    """An SNMPv3 agent over a printer's objects."""

    def __init__(self, objects: Mapping[Oid, Held]) -> None:
        super().__init__(USER, Engine(b"\x80\x00\x1f\x88\x04reader", 3, 4711))
        self.objects: dict[Oid, Any] = dict(objects)

    def __call__(self, octets: bytes) -> bytes | None:
        message = read_v3(octets)
        if message.engine.engine_id != self.engine.engine_id:
            return super().__call__(octets)
        pdu = answered(open_v3(message, self.user).pdu, objects=self.objects)
        return encode_v3(encode_pdu(pdu), message.message_id, self.user, self.engine, salt=1)


def test_snmp_version_3_reads_the_same(run: Run) -> None:
    """Signed and encrypted (SHA-256, AES-128). EMC-COMM-06."""
    objects = printer()

    async def visit() -> Visit:
        async with agent(_Signed(objects)) as served, SnmpClient(patience=QUICK) as client:
            return await read_machine(client, served.target, USER)

    assert run(visit()).reading.supplies == read(values_of(objects)).supplies


def test_nobody_there_is_said_and_costs_little(run: Run) -> None:
    """An address without an agent gives a reason and what it cost."""
    machine = Machine(printer())
    machine.versions = frozenset()

    async def visit() -> NoAnswer:
        with pytest.raises(NoAnswer) as failed:
            await _visit(machine, patience=Patience(timeout_s=0.05, retries=0))
        return failed.value

    assert run(visit()).traffic.octets <= 160


def test_how_often_nobody_was_asked_is_said(run: Run) -> None:
    """Every packet counts, of GETBULK as of the GETNEXT that was tried in its place."""
    mute = Machine(printer())
    mute.versions = frozenset()

    async def visit() -> tuple[str, int]:
        async with agent(mute) as served, SnmpClient(patience=Patience(timeout_s=0.05, retries=3)) as client:
            with pytest.raises(NoAnswer) as failed:
                await read_machine(client, served.target, PUBLIC)
            return str(failed.value), len(served.received)

    sentence, asked_times = run(visit())
    assert asked_times > 2
    assert f"was asked {asked_times} times and did not answer" in sentence


def test_a_machine_that_falls_silent_gives_what_it_said_until_then(run: Run) -> None:
    """Half a survey is a reading with problems, not a failure."""

    tired = Tired(printer())
    tired.left = 2
    visit = run(_visit(tired, patience=Patience(timeout_s=0.05, retries=0)))
    assert visit.reading.identity.description == "A printer that somebody made up"
    assert visit.problems


def test_garbage_is_no_reading_and_no_crash(run: Run) -> None:
    """An agent that answers octets which are no message counts as one that does not answer."""

    async def visit() -> None:
        async with agent(lambda octets: b"\x30\x82garbage") as served, SnmpClient() as client:
            await read_machine(client, served.target, PUBLIC, patience=Patience(timeout_s=0.05, retries=0))

    with pytest.raises(Exception, match=r"127\.0\.0\.1"):
        run(visit())


def _in_circles(octets: bytes) -> bytes:
    """Every GETNEXT goes one step down, and back once it is deep enough; whatever is asked for is a text."""
    message = decode_message(octets)
    assert isinstance(message.pdu, Pdu)

    def following(oid: Oid) -> Oid:
        return (*oid, 1) if len(oid) < 15 else (*oid[:-2], 0)

    pdu = message.pdu
    if pdu.kind is PduKind.GET_BULK:
        return respond(octets, [], 5, 1)
    names = [following(each.oid) if pdu.kind is PduKind.GET_NEXT else each.oid for each in pdu.varbinds]
    return respond(octets, [VarBind(name, Tag.OCTET_STRING, b"cyc") for name in names])


@pytest.mark.parametrize("credentials", [PUBLIC, Community(version=Version.V1)])
def test_an_agent_that_goes_in_circles_has_no_invented_supplies(run: Run, credentials: Community) -> None:
    """Rows with one index, or three, are none, and nothing that is named below a row is one; it is said."""

    async def visit() -> Visit:
        async with agent(_in_circles) as served, SnmpClient(patience=QUICK) as client:
            return await read_machine(client, served.target, credentials)

    visit_ = run(visit())
    assert visit_.reading.supplies == ()
    assert visit_.reading.trays == ()
    assert visit_.reading.alerts == ()
    assert visit_.reading.meters == ()
    assert any("do not rise" in problem for problem in visit_.problems)


def test_what_a_search_knows_is_not_asked_again(run: Run) -> None:
    """sysObjectID and sysDescr that were answered to a search save their octets."""
    objects = printer()
    known = {oid: objects[oid].value for oid in (o.SYS_OBJECT_ID, o.SYS_DESCR)}
    plain = run(_visit(Machine(objects)))
    knowing = run(_visit(Machine(objects), known=known))
    assert knowing.reading == plain.reading
    assert knowing.traffic.octets < plain.traffic.octets


def test_a_meter_that_moved_is_read_by_the_plan(run: Run) -> None:
    """The next reading has the next count."""

    def prints(machine: Machine) -> None:
        machine.objects[(*o.PRT_MARKER_LIFE_COUNT, 1, 1)] = counter(1_017)

    first, second, _ = run(_twice(Machine(printer(total=1_000)), prints))
    assert (first.reading.meter("total"), second.reading.meter("total")) == (1_000, 1_017)


@needs_testdata
@pytest.mark.parametrize("name", main_walks()[::4])
def test_recorded_machines_are_read_twice(run: Run, name: str) -> None:
    """By survey and by plan, over UDP, to the same levels and counts."""
    first, second, _ = run(_twice(Machine(walk_of(name))))
    assert second.reading.meters == first.reading.meters
    assert second.reading.supplies == first.reading.supplies
    assert not second.surveyed or not first.plan or not first.plan.requests


def test_a_prepared_request_names_a_target(run: Run) -> None:
    """An address in words leads to a sentence, not to a traceback."""

    async def visit() -> None:
        async with SnmpClient(patience=QUICK) as client:
            await read_machine(client, Target("no-such-host.invalid"), PUBLIC)

    with pytest.raises(NoAnswer, match=r"no-such-host\.invalid"):
        run(visit())
