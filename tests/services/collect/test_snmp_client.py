"""The client against Net-SNMP's agent, on both event loops."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from platen.protocols.snmp import AuthProtocol, Prepared, PrivProtocol, Tag, UsmUser, VarBind, Version, parse_oid
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import NoAnswer, Refused
from platen.services.collect.snmp_targets import Community, Credentials, Patience, Target
from platen.services.collect.snmp_walk import WalkEnd
from tests.peers.snmpd import PASSWORD, PRIVATE_PASSWORD, Snmpd, SnmpdUser, snmpd
from tests.services.collect.conftest import Run, needs_ipv6

pytestmark = pytest.mark.peer

AUTH = {
    AuthProtocol.MD5: "MD5",
    AuthProtocol.SHA: "SHA",
    AuthProtocol.SHA_224: "SHA-224",
    AuthProtocol.SHA_256: "SHA-256",
    AuthProtocol.SHA_384: "SHA-384",
    AuthProtocol.SHA_512: "SHA-512",
}
# Net-SNMP has no 3DES.
PRIV = {
    PrivProtocol.DES: "DES",
    PrivProtocol.AES_128: "AES",
    PrivProtocol.AES_192: "AES-192",
    PrivProtocol.AES_256: "AES-256",
    PrivProtocol.AES_192_CISCO: "AES-192-C",
    PrivProtocol.AES_256_CISCO: "AES-256-C",
}
PATIENT = Patience(timeout_s=5, retries=3)
SYSTEM = parse_oid("1.3.6.1.2.1.1")
SYS_DESCR, SYS_UP_TIME, SYS_LOCATION = (*SYSTEM, 1, 0), (*SYSTEM, 3, 0), (*SYSTEM, 6, 0)
ABSENT = (*SYSTEM, 99, 0)
QUESTION = Prepared.get([SYS_DESCR, ABSENT, SYS_UP_TIME])


def user(auth: AuthProtocol | None, priv: PrivProtocol | None = None) -> UsmUser:
    name = "-".join(["user", *(one.name for one in (auth, priv) if one is not None)])
    return UsmUser(name, auth, PASSWORD if auth else "", priv, PRIVATE_PASSWORD if priv else "")


USERS = [
    user(None),
    *(user(auth) for auth in AUTH),
    *(user(auth, priv) for auth in (AuthProtocol.MD5, AuthProtocol.SHA_256) for priv in PRIV),
]
CREDENTIALS: list[Credentials] = [Community(b"public", Version.V1), Community(b"public"), *USERS]


def shown(credentials: Credentials) -> str:
    return credentials.version.name if isinstance(credentials, Community) else credentials.name


@pytest.fixture(scope="module")
def printer() -> Iterator[Snmpd]:
    users = [
        SnmpdUser(one.name, AUTH[one.auth] if one.auth else "", PRIV[one.priv] if one.priv else "") for one in USERS
    ]
    with snmpd(users=users) as started:
        yield started


class TestReading:
    @pytest.mark.parametrize("credentials", CREDENTIALS, ids=shown)
    def test_every_version_and_every_level_reads(self, run: Run, printer: Snmpd, credentials: Credentials) -> None:
        """The values, and what is missing; with SNMPv3 by every signature and cipher that the agent has."""

        async def ask() -> None:
            async with SnmpClient(patience=PATIENT) as client:
                answer = await client.get(Target("127.0.0.1", printer.port), credentials, QUESTION)
            assert [varbind.oid for varbind in answer.varbinds] == QUESTION.oids
            assert answer.varbinds[0].value == b"A printer for tests"
            assert answer.varbinds[2].tag == Tag.TIME_TICKS
            assert answer.missing == [ABSENT]

        run(ask())

    @pytest.mark.parametrize("credentials", [CREDENTIALS[0], CREDENTIALS[1], USERS[-1]], ids=shown)
    def test_a_walk_ends_with_the_subtree(self, run: Run, printer: Snmpd, credentials: Credentials) -> None:
        """The names of the group "system" rise, and the same ones come in every version."""

        async def ask() -> None:
            async with SnmpClient(patience=PATIENT) as client:
                walk = client.walk(Target("127.0.0.1", printer.port), credentials, SYSTEM)
                names = [varbind.oid async for varbind in walk]
                assert names == sorted(names)
                assert names[:2] == [SYS_DESCR, (*SYSTEM, 2, 0)]
                assert walk.end is WalkEnd.LEFT_SUBTREE
                follow = await client.get_next(
                    Target("127.0.0.1", printer.port), credentials, Prepared.get_next(names[:-1])
                )
                assert [varbind.oid for varbind in follow.varbinds] == names[1:]

        run(ask())

    def test_getbulk_costs_two_packets_for_a_group(self, run: Run, printer: Snmpd) -> None:
        """Thirty-odd objects in two packets each way."""

        async def ask() -> None:
            async with SnmpClient(patience=PATIENT) as client:
                walk = client.walk(Target("127.0.0.1", printer.port), Community(), SYSTEM)
                assert len([varbind async for varbind in walk]) > 25
                assert walk.traffic.packets_sent == 2
                assert walk.traffic.octets < 2_000

        run(ask())

    @needs_ipv6
    def test_ipv6(self, run: Run) -> None:
        """A device with an IPv6 address is asked and answers as any other."""

        async def ask(port: int) -> None:
            async with SnmpClient(patience=PATIENT) as client:
                answer = await client.get(Target("::1", port), Community(), QUESTION)
            assert answer.varbinds[0].value == b"A printer for tests"
            sent = len(QUESTION.message(Version.V2C, b"public", 0x8000))
            assert answer.traffic.octets_sent == sent + 40 + 8

        with snmpd(host="::1") as printer:
            run(ask(printer.port))


class TestWriting:
    @pytest.mark.parametrize("credentials", [Community(b"private", Version.V1), Community(b"private"), USERS[-1]])
    def test_a_value_is_set(self, run: Run, printer: Snmpd, credentials: Credentials) -> None:
        """What was written is read back."""

        async def ask() -> None:
            target = Target("127.0.0.1", printer.port)
            async with SnmpClient(patience=PATIENT) as client:
                for place in (b"Hall 3", b"Hall 4"):
                    request = Prepared.set_values([VarBind(SYS_LOCATION, Tag.OCTET_STRING, place)])
                    await client.set_values(target, credentials, request)
                    answer = await client.get(target, credentials, Prepared.get([SYS_LOCATION]))
                    assert answer.varbinds[0].value == place

        run(ask())

    @pytest.mark.parametrize("version", [Version.V1, Version.V2C])
    def test_a_community_that_only_reads_is_refused(self, run: Run, printer: Snmpd, version: Version) -> None:
        """The sentence says that it is a matter of rights."""

        async def ask() -> None:
            request = Prepared.set_values([VarBind(SYS_LOCATION, Tag.OCTET_STRING, b"Hall 5")])
            async with SnmpClient(patience=PATIENT) as client:
                with pytest.raises(Refused, match="no such right"):
                    await client.set_values(Target("127.0.0.1", printer.port), Community(b"public", version), request)

        run(ask())


class TestWrongCredentials:
    def test_a_wrong_community_gets_no_answer(self, run: Run, printer: Snmpd) -> None:
        """Agents are silent about it (RFC 1157 section 3.2.6.3), which the error's text does not hide."""

        async def ask() -> None:
            async with SnmpClient() as client:
                with pytest.raises(NoAnswer, match="did not answer"):
                    await client.get(Target("127.0.0.1", printer.port), Community(b"wrong"), QUESTION, Patience(0.1, 0))

        run(ask())

    @pytest.mark.parametrize(
        ("credentials", "told"),
        [
            (UsmUser("nobody-here", AuthProtocol.SHA, PASSWORD), "does not know the user"),
            (UsmUser("user-MD5", AuthProtocol.MD5, "another password"), "authentication password or protocol"),
            (UsmUser("user-MD5", AuthProtocol.SHA_256, PASSWORD), "authentication password or protocol"),
            (UsmUser("user-MD5"), "level of security|no such right|authorizationError"),
            (
                UsmUser("user-MD5", AuthProtocol.MD5, PASSWORD, PrivProtocol.AES_128, PRIVATE_PASSWORD),
                "level of security",
            ),
        ],
        ids=["user", "password", "protocol", "unsigned", "encrypted"],
    )
    def test_a_wrong_user_is_told_why(self, run: Run, printer: Snmpd, credentials: UsmUser, told: str) -> None:
        """SNMPv3 says what is wrong, and so do we."""

        async def ask() -> None:
            async with SnmpClient(patience=PATIENT) as client:
                with pytest.raises(Refused, match=told):
                    await client.get(Target("127.0.0.1", printer.port), credentials, QUESTION)

        run(ask())

    def test_a_wrong_privacy_password_is_silence_after_an_answer(self, run: Run, printer: Snmpd) -> None:
        """An agent that tells its engine and drops what it cannot decrypt is there: what to check is said."""
        wrong = UsmUser("user-MD5-AES_128", AuthProtocol.MD5, PASSWORD, PrivProtocol.AES_128, "another password")

        async def ask() -> None:
            async with SnmpClient(patience=Patience(2, 0)) as client:
                with pytest.raises(Refused, match="user-MD5-AES_128: check its privacy password"):
                    await client.get(Target("127.0.0.1", printer.port), wrong, QUESTION)

        run(ask())
