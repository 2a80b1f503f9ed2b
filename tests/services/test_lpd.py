"""LPD intake (RFC 1179) with CUPS's own backend and with plain sockets, at a running node."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests import node_setup
from tests.peers.lpd_client import print_over_lpd
from tests.peers.running import LOOPBACK, PATIENCE_S, free_port, wait_until
from tests.running_node import RunningNode, running_node

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(PDF)
    return path


def connect(port: int) -> socket.socket:
    return socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S)


def sent(client: socket.socket, data: bytes) -> bytes:
    """The octet that answers."""
    client.sendall(data)
    return client.recv(1)


def send_job(port: int, queue: str, control: bytes, data: bytes) -> list[bytes]:
    """The octets that a whole job is answered with, control file first."""
    with closing(connect(port)) as client:
        answers = [sent(client, b"\x02" + queue.encode() + b"\n")]
        for announced, content in (
            (b"\x02%d cfA001host\n" % len(control), control),
            (b"\x03%d dfA001host\n" % len(data), data),
        ):
            if answers[-1] != b"\0":
                break
            answers.append(sent(client, announced))
            if answers[-1] == b"\0":
                answers.append(sent(client, content + b"\0"))
    return answers


class TestReceivePrinterJob:
    """RFC 1179 section 5.2, "02 - Receive a printer job"."""

    @pytest.mark.parametrize("order", ["control,data", "data,control"])
    def test_cups_backend_prints(self, module_node: RunningNode, pdf: Path, order: str) -> None:
        """What CUPS sends over LPD is held for the person it names, whichever file comes first. SC-PULL-01"""
        person = f"lpd-{order[:4]}"
        module_node.call(node_setup.add_person, person)
        done = print_over_lpd(module_node.lpd, "pull", pdf, user=person, title="Letter to Ada", order=order)
        assert done.returncode == 0, done.messages
        (job,) = module_node.call(node_setup.jobs_of, person)
        assert (job["name"], job["received_via"], job["queue"]) == ("Letter to Ada", "lpd", "pull")
        assert job["document_format"] == "application/pdf"
        assert module_node.call(node_setup.document_of, job["id"]) == PDF

    def test_large_document_is_whole(self, module_node: RunningNode, tmp_path: Path) -> None:
        """A document larger than memory is given to one job comes back octet for octet."""
        module_node.call(node_setup.add_person, "large")
        content = b"%!PS\n" + b"0123456789abcde\n" * 200_000
        path = tmp_path / "large.ps"
        path.write_bytes(content)
        done = print_over_lpd(module_node.lpd, "pull", path, user="large")
        assert done.returncode == 0, done.messages
        (job,) = module_node.call(node_setup.jobs_of, "large")
        assert job["size_bytes"] == len(content)
        assert module_node.call(node_setup.document_of, job["id"]) == content

    def test_unknown_queue_is_refused(self, module_node: RunningNode) -> None:
        """A queue that is not there refuses the job with an octet other than zero, and the event log says so."""
        with closing(connect(module_node.lpd)) as client:
            assert sent(client, b"\x02nowhere\n") not in {b"", b"\0"}
        assert any("nowhere" in message for message in module_node.call(node_setup.events, "lpd_refused"))

    def test_print_lines_count_copies(self, module_node: RunningNode) -> None:
        """A control file that names its data file three times asks for three copies."""
        module_node.call(node_setup.add_person, "copier")
        control = b"Hws7\nPcopier\nJThree of them\n" + b"ldfA001host\n" * 3
        assert send_job(module_node.lpd, "PULL", control, PDF) == [b"\0"] * 5
        (job,) = module_node.call(node_setup.jobs_of, "copier")
        assert (job["copies"], job["name"]) == (3, "Three of them")
        assert job["submitted_from"] == f"ws7 ({LOOPBACK})"

    def test_cut_off_job_leaves_nothing(self, module_node: RunningNode) -> None:
        """A client that goes away in the middle of its data has not printed."""
        module_node.call(node_setup.add_person, "cut")
        with closing(connect(module_node.lpd)) as client:
            assert sent(client, b"\x02pull\n") == b"\0"
            control = b"Pcut\nldfA001host\n"
            assert sent(client, b"\x02%d cfA001host\n" % len(control)) == b"\0"
            assert sent(client, control + b"\0") == b"\0"
            assert sent(client, b"\x03100000 dfA001host\n") == b"\0"
            client.sendall(b"x" * 5000)
            client.shutdown(socket.SHUT_WR)
            assert client.recv(10) == b""
        assert module_node.call(node_setup.jobs_of, "cut") == []

    def test_queue_state_tells_how_many_wait(self, module_node: RunningNode) -> None:
        """A client that asks for a queue's state is told whether it takes jobs, and how many wait."""
        module_node.call(node_setup.change_queue, "asked", accepting=True)
        wait_until(lambda: "asked is accepting jobs\n0 waiting" in state(module_node.lpd, "asked"), "the new queue")
        send_job(module_node.lpd, "asked", b"Pasker\nldfA001host\n", PDF)
        assert state(module_node.lpd, "asked").endswith("1 waiting\n")


def state(port: int, queue: str) -> str:
    with closing(connect(port)) as client:
        client.sendall(b"\x03" + queue.encode() + b"\n")
        parts = []
        while part := client.recv(1000):
            parts.append(part)
    return b"".join(parts).decode()


class TestOwnerRules:
    """Whose job it is, and what happens where nobody knows."""

    def test_refused_owner_gets_no_acknowledgement(self, module_node: RunningNode) -> None:
        """A queue that refuses unknown people refuses with the job's last octet. SC-PULL-02"""
        module_node.call(node_setup.change_queue, "strict", unknown_owner="refuse")
        wait_until(lambda: "strict is" in state(module_node.lpd, "strict"), "the new queue")
        answers = send_job(module_node.lpd, "strict", b"Pnobody\nldfA001host\n", PDF)
        assert answers[:4] == [b"\0"] * 4
        assert answers[4] not in {b"", b"\0"}

    def test_closed_queue_refuses(self, module_node: RunningNode) -> None:
        """A queue that takes no jobs says so before any document is sent."""
        module_node.call(node_setup.change_queue, "closed", accepting=False)
        wait_until(lambda: "not accepting" in state(module_node.lpd, "closed"), "the new queue")
        assert send_job(module_node.lpd, "closed", b"Panna\nldfA001host\n", PDF) not in [[b"\0"], [b""]]

    def test_port_of_a_queue(self, module_node: RunningNode) -> None:
        """A queue with an LPD port of its own takes what comes there, whatever queue the client names."""
        port = free_port()
        module_node.call(node_setup.add_person, "porter")
        module_node.call(node_setup.change_queue, "own-port", lpd_port=port)
        wait_until(lambda: answers_at(port), "the queue's port")
        assert send_job(port, "lp", b"Pporter\nldfA001host\n", PDF) == [b"\0"] * 5
        (job,) = module_node.call(node_setup.jobs_of, "porter")
        assert job["queue"] == "own-port"
        module_node.call(node_setup.change_queue, "own-port", lpd_port=None)
        wait_until(lambda: not answers_at(port), "the queue's port to close")


def answers_at(port: int) -> bool:
    try:
        connect(port).close()
    except OSError:
        return False
    return True


class TestLimits:
    """What a client may cost."""

    def test_oversize_and_silence(self, tmp_path: Path) -> None:
        """A document over the limit is refused, and a client that falls silent is dropped."""
        with running_node(tmp_path, document_bytes_max="300000", intake_body_timeout_s="1") as node:
            answers = send_job(node.lpd, "pull", b"Panna\nldfA001host\n", b"x" * 300_001)
            assert answers[-1] not in {b"", b"\0"}
            with closing(connect(node.lpd)) as silent:
                assert sent(silent, b"\x02pull\n") == b"\0"
                assert silent.recv(10) == b""
            assert node.call(node_setup.jobs_of) == []
