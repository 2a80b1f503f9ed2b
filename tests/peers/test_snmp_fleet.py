"""The simulated fleet over UDP, with the tools of net-snmp as its clients."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator, Sequence

import pytest

from platen.demo.fleet.access import Access
from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet
from platen.demo.fleet.population import machine, machines
from platen.demo.fleet.printer_mib import model_of
from platen.protocols.snmp.messages import Message, Pdu, PduKind, Version, decode_message, encode_message
from platen.protocols.snmp.oids import parse_oid
from platen.protocols.snmp.usm import AuthProtocol, Engine, PrivProtocol, UsmUser
from platen.protocols.snmp.values import unset
from tests.peers import snmp_fleet_manners as manners
from tests.peers.programs import require
from tests.peers.snmp_fleet import running_fleet

HERE, THERE, NOBODY = "127.10.0.1", "127.10.0.2", "127.11.0.1"
SYS_NAME, SYS_LOCATION = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0"
SERIAL, LIFE_COUNT = "1.3.6.1.2.1.43.5.1.1.17.1", "1.3.6.1.2.1.43.10.2.1.4.1.1"


@pytest.fixture
def fleet() -> Fleet:
    """One machine of each invented model, at a moment that does not pass: nothing befalls it during a walk."""
    fleet = Fleet(now=lambda: 0.0)
    for address, each in machines(len(CATALOGUE), [model_of(blueprint) for blueprint in CATALOGUE]):
        fleet.put(address, each)
    return fleet


@pytest.fixture
def port(fleet: Fleet) -> Iterator[int]:
    with running_fleet(fleet) as port:
        yield port


def net_snmp(
    tool: str,
    port: int,
    address: str,
    *arguments: str,
    community: str = "public",
    version: str = "2c",
    options: Sequence[str] = (),
) -> str:
    """What the tool prints: lines of `.1.3.6.1.2.1.1.5.0 "text"`."""
    program = require(tool, "snmp")
    usual = ["-v", version, "-c", community, "-m", "", "-O", "nqe", "-r", "1", "-t", "5"]
    command = [str(program), *usual, *options, f"{address}:{port}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def names_of(printed: str) -> list[str]:
    """The object identifiers of lines with a value."""
    return [line.split()[0] for line in printed.splitlines() if line.startswith(".") and "No more" not in line]


def ask(port: int, address: str, *oids: str, patience_s: float = 20.0) -> Message:
    """A GET from a socket that takes answers from that address only."""
    pdu = Pdu(PduKind.GET, 4711, [unset(parse_oid(oid)) for oid in oids])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(patience_s)
        client.connect((address, port))
        client.send(encode_message(Message(Version.V2C, b"public", pdu)))
        return decode_message(client.recv(65_535))


class TestNetSnmp:
    def test_every_address_is_another_machine(self, port: int) -> None:
        """Machines at two addresses of one port have serial numbers and names of their own."""
        assert net_snmp("snmpget", port, HERE, SERIAL).strip() == f'.{SERIAL} "HAL0000000"'
        assert net_snmp("snmpget", port, THERE, SERIAL, SYS_NAME).splitlines() == [
            f'.{SERIAL} "HAL0000001"',
            f'.{SYS_NAME} "prn-00001"',
        ]

    def test_a_walk_by_getbulk_is_a_walk_by_getnext(self, port: int) -> None:
        """GETBULK of SNMPv2c and GETNEXT of SNMPv1 give the same objects in the same order."""
        by_bulk = names_of(net_snmp("snmpbulkwalk", port, HERE, "1.3.6.1"))
        by_next = names_of(net_snmp("snmpwalk", port, HERE, "1.3.6.1", version="1"))
        assert len(by_bulk) > 150
        assert by_bulk == by_next

    def test_the_end_of_the_view_ends_a_walk(self, port: int) -> None:
        """net-snmp is told that there is nothing more, in both versions."""
        last = names_of(net_snmp("snmpbulkwalk", port, HERE, "1.3.6.1"))[-1]
        assert "past the end" in net_snmp("snmpgetnext", port, HERE, last)
        assert "noSuchName" in net_snmp("snmpgetnext", port, HERE, last, version="1")

    def test_sets_what_may_be_set(self, port: int) -> None:
        """With the community for writing sysLocation is set and read back; sysDescr is not writable."""
        assert "Yard" in net_snmp("snmpset", port, HERE, SYS_LOCATION, "s", "Yard", community="private")
        assert "Yard" in net_snmp("snmpget", port, HERE, SYS_LOCATION)
        refused = net_snmp("snmpset", port, HERE, "1.3.6.1.2.1.1.1.0", "s", "Mine", community="private")
        assert "notWritable" in refused

    def test_the_community_for_reading_writes_nothing(self, port: int) -> None:
        """SET with it is refused, as noAccess or as SNMPv1 says it."""
        assert "noAccess" in net_snmp("snmpset", port, HERE, SYS_NAME, "s", "Mine")
        assert "noSuchName" in net_snmp("snmpset", port, HERE, SYS_NAME, "s", "Mine", version="1")
        assert '"prn-00000"' in net_snmp("snmpget", port, HERE, SYS_NAME)


USERS = (
    UsmUser("plain"),
    UsmUser("signs", AuthProtocol.SHA, "a password to sign"),
    UsmUser("hides", AuthProtocol.SHA_256, "a password to sign", PrivProtocol.AES_128, "a password to hide"),
    UsmUser("md5-des", AuthProtocol.MD5, "a password to sign", PrivProtocol.DES, "a password to hide"),
)
_SIGNED = ("-l", "authNoPriv", "-A", "a password to sign")
_HIDDEN = ("-l", "authPriv", "-A", "a password to sign", "-X", "a password to hide")
OPTIONS = {
    "plain": ("-l", "noAuthNoPriv"),
    "signs": (*_SIGNED, "-a", "SHA"),
    "hides": (*_HIDDEN, "-a", "SHA-256", "-x", "AES"),
    "md5-des": (*_HIDDEN, "-a", "MD5", "-x", "DES"),
}


@pytest.fixture
def v3_port(fleet: Fleet, port: int) -> int:
    """Every machine knows USERS."""
    for each in fleet.machines.values():
        each.access = Access(users=USERS)
    return port


class TestUsers:
    """SNMPv3 (RFC 3414), with net-snmp as the manager."""

    @pytest.mark.parametrize("user", OPTIONS)
    def test_every_level(self, v3_port: int, user: str) -> None:
        """Nothing, signed, signed and encrypted: the same values, by GETBULK as well."""
        options = ("-u", user, *OPTIONS[user])
        assert "HAL0000001" in net_snmp("snmpget", v3_port, THERE, SERIAL, version="3", options=options)
        walk = names_of(net_snmp("snmpbulkwalk", v3_port, THERE, "1.3.6.1", version="3", options=options))
        assert walk == names_of(net_snmp("snmpbulkwalk", v3_port, THERE, "1.3.6.1"))

    def test_writes(self, v3_port: int) -> None:
        """SET with a signature and encrypted."""
        options = ("-u", "hides", *OPTIONS["hides"])
        net_snmp("snmpset", v3_port, HERE, SYS_LOCATION, "s", "Yard", version="3", options=options)
        assert '"Yard"' in net_snmp("snmpget", v3_port, HERE, SYS_LOCATION)

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("-u", "nobody", "-l", "noAuthNoPriv"), "Unknown user name"),
            (("-u", "signs", "-l", "authNoPriv", "-a", "SHA", "-A", "not the password"), "Authentication failure"),
            (("-u", "hides", *_SIGNED, "-a", "SHA-256"), "Unsupported security level"),
            (("-u", "plain", *_SIGNED, "-a", "SHA"), "Unsupported security level"),
        ],
    )
    def test_says_what_is_wrong(self, v3_port: int, options: tuple[str, ...], said: str) -> None:
        """A Report names it."""
        assert said in net_snmp("snmpget", v3_port, HERE, SERIAL, version="3", options=options)

    def test_a_restart_is_noticed(self, fleet: Fleet, v3_port: int) -> None:
        """After it, the boots of the engine are one more, and a manager that asks anew is answered."""
        options = ("-u", "hides", *OPTIONS["hides"])
        boots = "1.3.6.1.6.3.10.2.1.2.0"
        assert "No Such" in net_snmp("snmpget", v3_port, HERE, boots, version="3", options=options)
        fleet.machine(HERE).restart(0.0)
        assert fleet.machine(HERE).engine(5.0) == Engine(fleet.machine(HERE).engine_id, 2, 5)
        assert "HAL0000000" in net_snmp("snmpget", v3_port, HERE, SERIAL, version="3", options=options)


class TestOverUdp:
    def test_answers_come_from_the_address_that_was_asked(self, port: int) -> None:
        """A connected socket, which the system gives datagrams of that address only, gets them."""
        assert ask(port, THERE, SERIAL).pdu.varbinds[0].value == b"HAL0000001"

    def test_nobody_answers_where_no_machine_is(self, port: int) -> None:
        """An address without a machine stays silent while others answer."""
        with pytest.raises(TimeoutError):
            ask(port, NOBODY, SERIAL, patience_s=0.3)
        assert ask(port, HERE, SERIAL)

    def test_another_address_may_answer(self, fleet: Fleet, port: int) -> None:
        """A machine can be made to answer from an address that nobody asked."""
        fleet.behave(HERE, manners.from_another_address("127.99.0.7"))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(20)
            pdu = Pdu(PduKind.GET, 1, [unset(parse_oid(SERIAL))])
            client.sendto(encode_message(Message(Version.V2C, b"public", pdu)), (HERE, port))
            assert client.recvfrom(65_535)[1] == ("127.99.0.7", port)

    def test_late_answers_come_late_and_hold_up_nobody(self, fleet: Fleet, port: int) -> None:
        """While one machine takes its time, another answers at once; then the first does."""
        fleet.behave(HERE, manners.slow(0.5))
        pdu = Pdu(PduKind.GET, 1, [unset(parse_oid(SERIAL))])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(20)
            for address in (HERE, THERE):
                client.sendto(encode_message(Message(Version.V2C, b"public", pdu)), (address, port))
            assert [client.recvfrom(65_535)[1][0] for _ in range(2)] == [THERE, HERE]

    def test_a_broadcast_is_answered_by_all(self, port: int) -> None:
        """What is sent to the broadcast address of loopback comes back from every machine."""
        pdu = Pdu(PduKind.GET, 1, [unset(parse_oid(SERIAL))])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(20)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            client.sendto(encode_message(Message(Version.V2C, b"public", pdu)), ("127.255.255.255", port))
            assert len({client.recvfrom(65_535)[1][0] for _ in CATALOGUE}) == len(CATALOGUE)

    def test_a_machine_moves_to_another_address(self, fleet: Fleet, port: int) -> None:
        """It keeps its serial number, and its old address is empty."""
        fleet.move(HERE, NOBODY)
        assert ask(port, NOBODY, SERIAL).pdu.varbinds[0].value == b"HAL0000000"
        with pytest.raises(TimeoutError):
            ask(port, HERE, SERIAL, patience_s=0.3)

    def test_a_community_of_its_own(self, fleet: Fleet, port: int) -> None:
        """A machine that knows another community is silent to the usual one."""
        model = model_of(CATALOGUE[0])
        odd = machine(99, model)
        odd.access = Access(read=frozenset({b"printers"}))
        fleet.put(NOBODY, odd)
        assert "Timeout" in net_snmp("snmpget", port, NOBODY, SERIAL, options=("-t", "0.2"))
        assert "HAL0000099" in net_snmp("snmpget", port, NOBODY, SERIAL, community="printers")
