"""The main job, end to end, with programs that are not ours on both sides: CUPS prints, ippeveprinter delivers."""

from __future__ import annotations

import socket
from contextlib import closing
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
