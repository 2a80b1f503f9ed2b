"""The main job, end to end, with programs that are not ours on both sides: CUPS prints, ippeveprinter delivers."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from platen.demo.documents import report
from tests import node_setup
from tests.peers.cups import Cups
from tests.peers.ippeveprinter import ippeveprinter
from tests.peers.running import LOOPBACK, wait_until
from tests.running_node import RunningNode

PRICES = {
    "currency": "EUR",
    "print": {
        "per_job": "0.20",
        "sizes": {
            "A4": {"sheet": "0.05", "mono": "0.10", "color": "0.30"},
            "Other": {"sheet": "9", "mono": "9", "color": "9"},
        },
    },
}
CARD = "04A2B3C4"
READER = "127.0.9.1"


def test_printed_held_released_counted_priced(cups: Cups, module_node: RunningNode, tmp_path: Path) -> None:
    """lp prints five colour pages, A4, both sides, through a driverless queue; a card brings them out, byte for byte,
    and one usage record says 5 pages, 3 sheets and 1.85. SC-PULL-01 SC-PULL-02 SC-PRICE-05 SC-TRACK-05"""
    node = module_node
    node.call(node_setup.add_person, "marta", cards=(CARD,))
    cups.add_everywhere_queue("everywhere", node.ipp())
    path = tmp_path / "report.pdf"
    path.write_bytes(report("Annual report", 5, color=True))
    with ippeveprinter(color_and_duplex=True) as printer:
        node.call(node_setup.add_device, "copyroom", printer.uri, reader_at=READER, print_all_at_login=True)
        node.call(node_setup.price_device, "copyroom", PRICES)
        options = {"sides": "two-sided-long-edge", "media": "A4"}
        cups.lp(path, "everywhere", user="marta", title="Annual report", options=options)
        wait_until(lambda: bool(read_jobs(node)), "the job, held and read")
        (job,) = read_jobs(node)
        held = node.call(node_setup.document_of, job["id"])
        with closing(socket.create_connection((LOOPBACK, node.readers), source_address=(READER, 0))) as reader:
            reader.sendall(f"{CARD}\r\n".encode())
            (printed,) = printer.wait_for_printed()
        assert printed.read_bytes() == held
        wait_until(lambda: bool(node.call(node_setup.usage_of, "marta")), "the usage record")
    (record,) = node.call(node_setup.usage_of, "marta")
    assert record == {
        "state": "TRACKING_STATE_COMPLETED",
        "pages": 5,
        "color_pages": 5,
        "sheets": 3,
        "media": "A4",
        "duplex": True,
        "price": "1.85",
    }


def read_jobs(node: RunningNode) -> list[dict[str, Any]]:
    """Marta's jobs that were looked into."""
    return [job for job in node.call(node_setup.jobs_of, "marta") if job["pages"] is not None]


def test_a_document_printed_before_it_was_looked_into_is_charged_all_the_same(
    cups: Cups, module_node: RunningNode, tmp_path: Path
) -> None:
    """Whoever is faster at the device than the analysis, which others keep busy, pays what the document costs: the
    usage record is completed once the document was read, and then nothing of it is left. SC-TDF-140 SC-POST-03"""
    node = module_node
    node.call(node_setup.add_person, "pia", cards=("04FEED",))
    cups.add_everywhere_queue("quick", node.ipp())
    path = tmp_path / "report.pdf"
    path.write_bytes(report("Quarterly report", 5, color=True))
    options = {"sides": "two-sided-long-edge", "media": "A4"}
    cups.lp(path, "quick", user="pia", title="First", options=options)
    wait_until(lambda: any(job["pages"] for job in node.call(node_setup.jobs_of, "pia")), "a job that was read")
    with ippeveprinter(color_and_duplex=True) as printer, paused(analysis_workers(node)):
        node.call(node_setup.add_device, "hall", printer.uri, reader_at="127.0.9.2", print_all_at_login=True)
        node.call(node_setup.price_device, "hall", PRICES)
        cups.lp(path, "quick", user="pia", title="Second", options=options)
        wait_until(lambda: len(node.call(node_setup.jobs_of, "pia")) == 2, "the second job")
        with closing(socket.create_connection((LOOPBACK, node.readers), source_address=("127.0.9.2", 0))) as reader:
            reader.sendall(b"04FEED\r\n")
            printer.wait_for_printed(2)
            wait_until(lambda: len(node.call(node_setup.usage_of, "pia")) == 2, "the usage records")
        assert sorted(each["price"] for each in node.call(node_setup.usage_of, "pia"))[-1] == "1.85"
        assert sorted(each["pages"] for each in node.call(node_setup.usage_of, "pia")) == [0, 5]
    wait_until(lambda: [each["price"] for each in node.call(node_setup.usage_of, "pia")] == ["1.85"] * 2, "the charge")
    wait_until(lambda: not node.call(node_setup.documents_left, "pia"), "the end of the documents")


def analysis_workers(node: RunningNode) -> list[int]:
    """The processes that look into documents."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == node.program.process.pid and b"analysis.worker" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


@contextmanager
def paused(processes: list[int]) -> Iterator[None]:
    """As they are when others keep them busy."""
    assert processes
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
