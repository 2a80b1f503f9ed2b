"""The conformance suites of ipptool, against a running node with a push queue to an IPP printer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from platen.protocols.ipp import Operation
from tests import node_setup
from tests.peers import ippeveprinter as peer
from tests.peers.ipptool import ipptool
from tests.peers.running import wait_until
from tests.running_node import RunningNode
from tests.services.ipp import setup
from tests.services.ipp.client import do, job_id_of, print_job

# What the suites print with: a printer that takes less would have them skip half of what they try.
FORMATS = (peer.PDF, peer.PWG_RASTER, peer.APPLE_RASTER, peer.JPEG, "application/postscript", "text/plain")


@pytest.fixture(scope="module")
def push_queue(module_node: RunningNode) -> Iterator[str]:
    """The address of a queue that prints at once, so that jobs come to an end as the suites want to see."""
    with peer.ippeveprinter(formats=(*FORMATS, "application/octet-stream")) as printer:
        module_node.call(node_setup.change_policy, unknown_owner="create")
        module_node.call(node_setup.add_device, "Printer", printer.uri)
        module_node.call(setup.add_queue, "push", device="Printer")
        setup.wait_for_queue(module_node, "push")
        # A first job makes the node ask the printer what it can do: suites rely on what they hear first.
        job_id_of(print_job(module_node, queue="push"))
        wait_until(lambda: "Platen Queue, " in model_of(module_node), "the printer's capabilities")
        yield module_node.ipp("push")


def model_of(node: RunningNode) -> str:
    return do(node, Operation.GET_PRINTER_ATTRIBUTES, queue="push").printer.text("printer-make-and-model") or ""


@pytest.mark.parametrize("suite", ["ipp-1.1.test", "ipp-2.0.test", "ipp-everywhere.test"])
def test_suite(push_queue: str, ipptool_suites: Path, suite: str) -> None:
    """Every test of the suite passes. SC-PUSHQ-01"""
    report = ipptool(push_queue, ipptool_suites / suite, document=ipptool_suites / "document-a4.pdf", options=("-I",))
    assert not report.failed, report.failures
    assert len(report.passed) > 40


@pytest.mark.parametrize("option", ["-C", "-L"], ids=["chunked", "with a length"])
def test_print_job_in_either_transfer(module_node: RunningNode, ipptool_suites: Path, option: str) -> None:
    """CUPS's own client prints to the pull queue with chunks and with lengths."""
    report = ipptool(
        module_node.ipp(), "print-job.test", document=ipptool_suites / "document-a4.pdf", options=(option,)
    )
    assert not report.failed, report.failures
