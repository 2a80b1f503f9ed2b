"""Raw printing with plain sockets, at a running node."""

from __future__ import annotations

import socket
import struct
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tests import node_setup
from tests.peers.running import LOOPBACK, PATIENCE_S, free_port, wait_until
from tests.running_node import RunningNode, running_node

UEL = b"\x1b%-12345X"


def document(user: str, name: str = "Report", body: bytes = b"%!PS\nshowpage\n") -> bytes:
    return (
        UEL
        + f'@PJL SET USERNAME="{user}"\r\n@PJL SET JOBNAME="{name}"\r\n@PJL ENTER LANGUAGE=POSTSCRIPT\r\n'.encode()
        + body
        + UEL
    )


def print_raw(port: int, *pieces: bytes) -> None:
    with closing(socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S)) as client:
        for piece in pieces:
            client.sendall(piece)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass


def jobs_when_there(node: RunningNode, person: str, count: int = 1) -> list[dict[str, Any]]:
    wait_until(lambda: len(node.call(node_setup.jobs_of, person)) >= count, f"{count} jobs of {person}")
    return node.call(node_setup.jobs_of, person)


class TestRaw:
    """A connection is a job."""

    def test_names_come_from_pjl(self, module_node: RunningNode) -> None:
        """Owner and name of a raw job are those of its PJL header. SC-PULL-02"""
        module_node.call(node_setup.add_person, "rachel")
        print_raw(module_node.raw, document("rachel", "Report"))
        (job,) = jobs_when_there(module_node, "rachel")
        assert (job["name"], job["received_via"]) == ("Report", "raw")
        assert job["document_format"] == "application/postscript"
        assert module_node.call(node_setup.document_of, job["id"]) == document("rachel", "Report")

    def test_slow_trickle(self, module_node: RunningNode) -> None:
        """A stream that comes octet by octet is one job with all of its octets."""
        module_node.call(node_setup.add_person, "slow")
        content = document("slow")
        print_raw(module_node.raw, *(bytes([octet]) for octet in content))
        (job,) = jobs_when_there(module_node, "slow")
        assert module_node.call(node_setup.document_of, job["id"]) == content

    def test_large_stream(self, module_node: RunningNode) -> None:
        """A stream of several megabytes comes back octet for octet."""
        module_node.call(node_setup.add_person, "rawlarge")
        content = document("rawlarge", body=b"%!PS\n" + b"0123456789abcde\n" * 250_000)
        print_raw(module_node.raw, content)
        (job,) = jobs_when_there(module_node, "rawlarge")
        assert module_node.call(node_setup.document_of, job["id"]) == content

    def test_nothing_is_no_job(self, module_node: RunningNode) -> None:
        """A connection without octets, or with questions alone, leaves no job; the questions are answered."""
        print_raw(module_node.raw)
        with closing(socket.create_connection((LOOPBACK, module_node.raw), timeout=PATIENCE_S)) as client:
            client.sendall(UEL + b"@PJL ECHO hello 7\r\n@PJL INFO ID\r\n" + UEL)
            said = b""
            while said.count(b"\f") < 2:
                said += client.recv(1000)
        assert said.startswith(b"@PJL ECHO hello 7\r\n\f@PJL INFO ID\r\n")
        module_node.call(node_setup.add_person, "after")
        print_raw(module_node.raw, document("after"))
        jobs_when_there(module_node, "after")
        assert [job for job in module_node.call(node_setup.jobs_of) if not job["submitted_as"]] == []

    def test_cut_off_is_dropped(self, module_node: RunningNode) -> None:
        """A connection that is reset in the middle leaves no job but a line in the event log."""
        module_node.call(node_setup.add_person, "reset")
        client = socket.create_connection((LOOPBACK, module_node.raw), timeout=PATIENCE_S)
        client.sendall(UEL + b"@PJL ECHO here\r\n" + document("reset"))
        client.recv(100)  # the node has begun to read
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        wait_until(lambda: any("cut off" in line for line in module_node.call(node_setup.events, "raw_refused")), "it")
        assert module_node.call(node_setup.jobs_of, "reset") == []

    def test_job_data_logon(self, module_node: RunningNode) -> None:
        """A queue's raw port finds the owner where its job data logon rule says. SC-JDL-01 SC-JDL-02 SC-JDL-08"""
        port = free_port()
        module_node.call(node_setup.add_person, "JS")
        rule = {"job_data_string": "Name=", "start": '"', "stop": '"'}
        module_node.call(node_setup.change_queue, "sap", raw_port=port, job_data_logon=rule)

        def listening() -> bool:
            try:
                socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S).close()
            except OSError:
                return False
            return True

        wait_until(listening, "the queue's port")
        print_raw(port, b'Date="2007.01.01"Name="JS",File="letter.txt"\n')
        (job,) = jobs_when_there(module_node, "JS")
        assert job["queue"] == "sap"


class TestLimits:
    """What a client may cost."""

    def test_oversize_and_silence(self, tmp_path: Path) -> None:
        """A document over the limit is dropped with a line in the event log; silence ends a job as closing does."""
        with running_node(tmp_path, document_bytes_max="300000", intake_body_timeout_s="1") as node:
            node.call(node_setup.add_person, "quiet")
            with (
                suppress(ConnectionError),  # told early
                closing(socket.create_connection((LOOPBACK, node.raw), timeout=PATIENCE_S)) as client,
            ):
                client.sendall(b"x" * 2_000_000)
            wait_until(lambda: any("larger" in line for line in node.call(node_setup.events, "raw_refused")), "it")
            with closing(socket.create_connection((LOOPBACK, node.raw), timeout=PATIENCE_S)) as client:
                client.sendall(document("quiet"))
                assert client.recv(10) == b""  # the node ends it
            jobs_when_there(node, "quiet")
            assert node.call(node_setup.jobs_of) == []
