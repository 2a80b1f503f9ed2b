"""Net-SNMP's agent starts with what a test gives it, and its tools say when they fail."""

from __future__ import annotations

import subprocess

import pytest

from tests.peers.programs import require
from tests.peers.running import LOOPBACK, PeerFailed
from tests.peers.snmpd import (
    PASSWORD,
    PRIVATE_PASSWORD,
    SnmpdUser,
    free_udp_port,
    send_notification,
    snmpd,
)

pytestmark = pytest.mark.peer

SYS_DESCR = ".1.3.6.1.2.1.1.1.0"


def snmpget(port: int, *credentials: str) -> str:
    program = require("snmpget", "snmp")
    command = [str(program), "-On", "-Oq", "-r", "1", "-t", "2", *credentials, f"{LOOPBACK}:{port}", SYS_DESCR]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env={"MIBS": ""})
    return done.stdout + done.stderr


class TestAgent:
    def test_answers_its_community_and_its_users(self) -> None:
        """The description that the tests give it comes by SNMPv2c and, encrypted, by SNMPv3."""
        with snmpd(users=[SnmpdUser("reader", "SHA-256", "AES")]) as agent:
            assert "A printer for tests" in snmpget(agent.port, "-v", "2c", "-c", "public")
            secrets = ("-a", "SHA-256", "-A", PASSWORD, "-x", "AES", "-X", PRIVATE_PASSWORD)
            answer = snmpget(agent.port, "-v", "3", "-l", "authPriv", "-u", "reader", *secrets)
            assert "A printer for tests" in answer

    def test_is_gone_afterwards(self) -> None:
        """Nothing answers at the port once the test is over."""
        with snmpd() as agent:
            port = agent.port
        assert "Timeout" in snmpget(port, "-v", "2c", "-c", "public")


class TestSending:
    def test_an_inform_to_nobody_fails(self) -> None:
        """The tool's own words are in the error."""
        with pytest.raises(PeerFailed, match="snmpinform ended with 1"):
            send_notification(
                *("-v", "2c", "-c", "public", "-r", "0", "-t", "1", f"{LOOPBACK}:{free_udp_port()}"),
                *("", "1.3.6.1.6.3.1.1.5.1"),
                inform=True,
            )
