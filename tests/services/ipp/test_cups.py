"""CUPS as the client: a driverless queue to a Platen queue, and what lp prints through it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests import node_setup
from tests.peers.cups import Cups, JobState
from tests.peers.ippeveprinter import ippeveprinter
from tests.peers.running import wait_until
from tests.peers.suite_documents import jpeg, pdf, postscript
from tests.running_node import RunningNode
from tests.services.ipp import setup

DOCUMENTS = {
    "letter.pdf": (pdf("a4", pages=2), b"%PDF"),
    "drawing.ps": (postscript("a4", pages=2), None),
    "notes.txt": (b"Hello from a text file.\n" * 20, None),
    "picture.jpg": (jpeg(colour=True), None),
}


@pytest.fixture(scope="module")
def everywhere(cups: Cups, module_node: RunningNode) -> str:
    """A driverless queue of CUPS's to the pull queue."""
    module_node.call(node_setup.add_person, "ada")
    cups.add_everywhere_queue("platen", module_node.ipp())
    return "platen"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_lp_through_a_driverless_queue(
    cups: Cups, module_node: RunningNode, everywhere: str, tmp_path: Path, name: str
) -> None:
    """What lp prints is held for its owner, under its name, with its copies. SC-PULL-01, SC-XPLAT-06, SC-PULL-10,
    SQC-SVC-06"""
    content, begins = DOCUMENTS[name]
    (tmp_path / name).write_bytes(content)
    job_id = cups.lp(tmp_path / name, everywhere, user="ada", title=f"My {name}")
    # CUPS waits until the printer is done with a job; held is as far as it gets here, and CUPS knows that as done.
    job = wait_for_job(module_node, f"My {name}", cups, job_id)
    assert (job["state"], job["submitted_as"]) == (4, "ada")
    document = module_node.call(node_setup.document_of, job["id"])
    assert len(document) == job["size_bytes"] > 0
    if begins is not None:
        assert document.startswith(begins)


def test_lp_to_a_raw_queue_gives_the_very_octets(cups: Cups, module_node: RunningNode, tmp_path: Path) -> None:
    """Without a driver between, what is held is what lp was given, byte for byte. SC-PULL-01"""
    module_node.call(node_setup.add_person, "bob")
    cups.add_raw_queue("platen-raw", module_node.ipp())
    path = tmp_path / "letter.pdf"
    path.write_bytes(DOCUMENTS["letter.pdf"][0])
    job_id = cups.lp(path, "platen-raw", user="bob", title="Raw letter", copies=2)
    job = wait_for_job(module_node, "Raw letter", cups, job_id, "bob")
    assert module_node.call(node_setup.document_of, job["id"]) == DOCUMENTS["letter.pdf"][0]
    assert job["copies"] == 2


@pytest.mark.parametrize("destination", ["pull", None])
def test_lp_straight_to_platen(module_node: RunningNode, cups: Cups, tmp_path: Path, destination: str | None) -> None:
    """A client of CUPS that is given our address as its server finds the queues and prints. SC-XPLAT-06"""
    logon = f"straight-{destination}".lower()
    module_node.call(node_setup.add_person, logon)
    path = tmp_path / "notes.txt"
    path.write_bytes(DOCUMENTS["notes.txt"][0])
    title = f"Straight to {destination or 'the default'}"
    direct = replace(cups, port=module_node.http)
    if destination is None:
        job_id = direct.lp_to_default(path, user=logon, title=title)
    else:
        job_id = direct.lp(path, destination, user=logon, title=title)
    job = wait_for_job(module_node, title, cups, job_id, logon)
    assert module_node.call(node_setup.document_of, job["id"]) == DOCUMENTS["notes.txt"][0]


def test_a_push_queue_ends_the_job_at_the_client(cups: Cups, module_node: RunningNode, tmp_path: Path) -> None:
    """Through a push queue the document comes out at the device, and CUPS sees its job completed. SC-PUSHQ-01"""
    module_node.call(node_setup.add_person, "eve")
    with ippeveprinter() as printer:
        module_node.call(node_setup.add_device, "Push printer", printer.uri)
        module_node.call(setup.add_queue, "push", device="Push printer")
        setup.wait_for_queue(module_node, "push")
        cups.add_raw_queue("platen-push", module_node.ipp("push"))
        path = tmp_path / "letter.pdf"
        path.write_bytes(DOCUMENTS["letter.pdf"][0])
        job_id = cups.lp(path, "platen-push", user="eve", title="Pushed")
        (printed,) = printer.wait_for_printed()
        assert printed.read_bytes() == DOCUMENTS["letter.pdf"][0]
        assert cups.wait_for_job(job_id) is JobState.COMPLETED


def wait_for_job(node: RunningNode, name: str, cups: Cups, cups_job_id: int, logon: str = "ada") -> dict[str, object]:
    """The held job of a name, once its document is whole."""

    def held() -> list[dict[str, object]]:
        jobs = node.call(node_setup.jobs_of, logon)
        return [job for job in jobs if job["name"] == name and job["size_bytes"]]

    wait_until(lambda: bool(held()), f"{name}\n{cups.log_of_job(cups_job_id)[-2000:]}", timeout_s=60)
    return held()[0]
