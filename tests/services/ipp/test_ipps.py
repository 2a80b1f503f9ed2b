"""Print clients over TLS: IPPS (RFC 7472) with CUPS's own programs, and with a client that checks the certificate."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from platen.protocols.ipp import Operation
from tests import node_setup
from tests.peers.cups import Cups
from tests.peers.ipptool import ipptool, printer_attributes
from tests.peers.running import LOOPBACK, wait_until
from tests.peers.suite_documents import pdf
from tests.running_node import RunningNode
from tests.services.ipp.client import Connection, head, job_id_of, message

LARGE = pdf("a4", pages=2) + b"%" + bytes(range(32, 127)) * 40_000 + b"\n"


class SecureConnection(Connection):
    """A client that was given the node's own certificate to trust, and checks that the address stands in it."""

    def __init__(self, node: RunningNode, context: ssl.SSLContext) -> None:
        super().__init__(node.https)
        self.socket = context.wrap_socket(self.socket, server_hostname=LOOPBACK)


@pytest.mark.parametrize("transfer", ["-C", "-L"], ids=["chunked", "with a length"])
def test_ipptool_prints(module_node: RunningNode, ipptool_suites: Path, transfer: str) -> None:
    """CUPS's own client prints to ipps:// with chunks and with lengths. SC-PULL-01"""
    document = ipptool_suites / "document-a4.pdf"
    report = ipptool(module_node.ipps(), "print-job.test", document=document, options=(transfer,))
    assert not report.failed, report.failures


def test_a_client_hears_both_ways_in(module_node: RunningNode) -> None:
    """Asked over TLS, a queue names its ipps address first and says that it is encrypted, then the plain one."""
    told = printer_attributes(module_node.ipps())
    secure, plain = (uri.replace(LOOPBACK, "localhost") for uri in (module_node.ipps(), module_node.ipp()))
    assert told["printer-uri-supported"] == [secure, plain]
    assert told["uri-security-supported"] == ["tls", "none"]


def test_lp_through_cups_gives_the_very_octets(cups: Cups, module_node: RunningNode, tmp_path: Path) -> None:
    """A document of megabytes that lp prints over ipps is held byte for byte, and is known to have come encrypted.
    SC-PULL-11, SC-PPORT-17, SC-CRYPT-04, SC-CRYPT-01"""
    module_node.call(node_setup.add_person, "ada")
    cups.add_raw_queue("secure", module_node.ipps())
    path = tmp_path / "letter.pdf"
    path.write_bytes(LARGE)
    job_id = cups.lp(path, "secure", user="ada", title="Secure letter")

    def held() -> list[dict[str, object]]:
        return [job for job in module_node.call(node_setup.jobs_of, "ada") if job["size_bytes"]]

    wait_until(lambda: bool(held()), f"the letter\n{cups.log_of_job(job_id)[-2000:]}", timeout_s=60)
    (job,) = held()
    assert (job["name"], job["received_via"], job["state"]) == ("Secure letter", "ipps", 4)
    assert module_node.call(node_setup.document_of, job["id"]) == LARGE


def test_a_client_that_trusts_the_certificate_prints(module_node: RunningNode) -> None:
    """With the certificate of the data directory as its only authority, a strict client connects and prints."""
    module_node.call(node_setup.add_person, "eve")
    trusting = ssl.create_default_context(cafile=str(module_node.data / "tls" / "certificate.pem"))
    opened = SecureConnection(module_node, trusting)
    with opened.socket:
        body = message(Operation.PRINT_JOB, user="eve") + LARGE
        opened.send(head(len(body), host=f"{LOOPBACK}:{module_node.https}") + body)
        job_id = job_id_of(opened.read_answer().ipp)
    assert module_node.call(node_setup.document_of, job_id) == LARGE


def test_a_strict_client_without_the_certificate_does_not(module_node: RunningNode) -> None:
    """The node signs its certificate itself: whoever trusts only known authorities is told so, and sends nothing."""
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate"):
        SecureConnection(module_node, ssl.create_default_context())
