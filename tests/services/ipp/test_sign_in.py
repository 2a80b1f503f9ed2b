"""A queue that takes documents only from people who sign in."""

from __future__ import annotations

import base64
import ssl
import urllib.request
from pathlib import Path

import pytest

from platen.protocols.ipp import Operation, Status
from tests import node_setup
from tests.peers.ipptool import ipptool, printer_attributes
from tests.peers.running import LOOPBACK, PATIENCE_S
from tests.running_node import RunningNode
from tests.services.ipp import setup
from tests.services.ipp.client import PDF, HttpAnswer, ask, head, job_id_of, message
from tests.services.ipp.test_ipps import SecureConnection
from tests.services.test_lpd import send_job

PASSWORD = "correct horse battery"
LARGE = PDF + b"%" + b"x" * 3_000_000


@pytest.fixture(scope="module")
def node(module_node: RunningNode) -> RunningNode:
    """With the queue `safe`, and Carla who has a password."""
    module_node.call(setup.add_queue, "safe", sign_in_required=True)
    module_node.call(setup.add_person_with_password, "carla", PASSWORD)
    module_node.call(node_setup.add_person, "dora")
    setup.wait_for_queue(module_node, "safe")
    return module_node


def ask_secure(node: RunningNode, body: bytes, **headers: str) -> HttpAnswer:
    trusting = ssl.create_default_context(cafile=str(node.data / "tls" / "certificate.pem"))
    opened = SecureConnection(node, trusting)
    with opened.socket:
        opened.send(head(len(body), "/ipp/print/safe", f"{LOOPBACK}:{node.https}", **headers) + body)
        return opened.read_answer()


def basic(logon: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{logon}:{password}".encode()).decode()


@pytest.mark.parametrize("scheme", ["ipp", "ipps"])
def test_clients_are_told_before_they_print(node: RunningNode, scheme: str) -> None:
    """Asked either way, without a password, the queue names its encrypted address alone and that it wants Basic."""
    told = printer_attributes(node.ipps("safe") if scheme == "ipps" else node.ipp("safe"))
    assert told["printer-uri-supported"] == node.ipps("safe").replace(LOOPBACK, "localhost")
    assert (told["uri-security-supported"], told["uri-authentication-supported"]) == ("tls", "basic")


@pytest.mark.parametrize("document", [PDF, LARGE], ids=["small", "large"])
def test_without_a_password_there_is_a_challenge(node: RunningNode, document: bytes) -> None:
    """HTTP 401 with a challenge, which a client gets to read also while it still sends; nothing is kept. SC-PPORT-05,
    SQC-FLOW-03"""
    answer = ask_secure(node, message(Operation.PRINT_JOB, queue="safe", user="dora") + document)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert node.call(node_setup.jobs_of, "dora") == []


@pytest.mark.parametrize("operation", [Operation.VALIDATE_JOB, Operation.CREATE_JOB, Operation.GET_JOBS])
def test_other_operations_want_it_as_well(node: RunningNode, operation: Operation) -> None:
    """Jobs are neither made nor listed for somebody who only says a name."""
    assert ask_secure(node, message(operation, queue="safe", user="carla")).status == 401


def test_the_password_decides_whose_job_it_is(node: RunningNode) -> None:
    """requesting-user-name is not believed: the job belongs to the person whose password came with it. SC-PPORT-06"""
    body = message(Operation.PRINT_JOB, queue="safe", user="dora") + LARGE
    job_id = job_id_of(ask_secure(node, body, authorization=basic("carla", PASSWORD)).ipp)
    assert job_id in [job["id"] for job in node.call(node_setup.jobs_of, "carla")]
    assert node.call(node_setup.document_of, job_id) == LARGE


def test_a_wrong_password(node: RunningNode) -> None:
    """It is answered with another challenge."""
    body = message(Operation.PRINT_JOB, queue="safe", user="carla") + PDF
    assert ask_secure(node, body, authorization=basic("carla", "wrong")).status == 401


def test_ipptool_signs_in(node: RunningNode, ipptool_suites: Path) -> None:
    """CUPS's client answers the challenge with the password of its address, and prints."""
    uri = node.ipps("safe").replace("://", f"://carla:{PASSWORD.replace(' ', '%20')}@")
    report = ipptool(uri, "print-job.test", document=ipptool_suites / "document-a4.pdf")
    assert not report.failed, report.failures


def test_plain_ipp_is_refused_whatever_comes_with_it(node: RunningNode) -> None:
    """Over a way that anybody can listen to, not even the right password is taken, nor one asked for."""
    body = message(Operation.PRINT_JOB, queue="safe", user="carla") + PDF
    for headers in ({}, {"authorization": basic("carla", PASSWORD)}):
        answer = ask(node, body, "/ipp/print/safe", f"{LOOPBACK}:{node.http}", **headers).ipp
        assert answer.status == Status.CLIENT_ERROR_FORBIDDEN
        assert node.ipps("safe") in (answer.operation.text("status-message") or "")


def test_its_page_names_the_encrypted_address(node: RunningNode) -> None:
    """A person who opens the queue's address in a browser is told the one that it takes documents at."""
    with urllib.request.urlopen(node.url("/ipp/print/safe"), timeout=PATIENCE_S) as answer:
        page = answer.read().decode()
    assert node.ipps("safe") in page
    assert "ipp://" not in page


def test_lpd_is_refused(node: RunningNode) -> None:
    """A protocol without passwords prints nothing there, and the event log says why."""
    assert send_job(node.lpd, "safe", b"Hhost\nPdora\nJSneaked in\nfdfA001host\n", PDF)[-1] != b"\0"
    assert node.call(node_setup.jobs_of, "dora") == []
    told = [line for line in node.call(node_setup.events, "job_refused") if "Sneaked in" in line]
    assert told
    assert "The queue safe takes documents only from people who sign in." in told[0]
