"""job-password (PWG 5100.11) from real clients to paper."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from platen.protocols.ipp import Attribute, Operation, Status
from platen.protocols.ipp import attributes as a
from tests import node_setup
from tests.panel.test_browser import PHONE, SCREEN, check_looks, pair, swipe, tap
from tests.peers.cups import Cups
from tests.peers.ipptool import printer_attributes
from tests.peers.rawprinter import RawPrinter
from tests.peers.suite_documents import pdf
from tests.running_node import RunningNode
from tests.services.ipp import setup
from tests.services.ipp.client import PDF, ask, do, job_id_of, message, print_job
from tests.services.ipp.test_cups import wait_for_job


def password(code: str, encryption: str = "sha2-256") -> tuple[Attribute, Attribute]:
    octets = code.encode() if encryption == "none" else hashlib.sha256(code.encode()).digest()
    return a.octets("job-password", octets), a.keyword("job-password-encryption", encryption)


def test_clients_are_told(module_node: RunningNode) -> None:
    """A pull queue says what a password may be: digits, in clear or as SHA-256; a push queue takes none."""
    told = printer_attributes(module_node.ipp())
    assert told["job-password-encryption-supported"] == ["none", "sha2-256"]
    assert told["job-password-supported"] == 32
    assert told["job-password-repertoire-configured"] == "iana_us-ascii_digits"
    module_node.call(node_setup.add_device, "Direct", "socket://127.0.0.1:9")
    module_node.call(setup.add_queue, "direct", device="Direct")
    setup.wait_for_queue(module_node, "direct")
    assert "job-password-supported" not in printer_attributes(module_node.ipp("direct"))


def test_a_password_that_no_panel_can_ask_for_is_refused(module_node: RunningNode) -> None:
    """Rather no document than one that lies there without the protection that was asked for."""
    answer = print_job(module_node, PDF, *password("secret", "none"), user="una")
    assert answer.status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    assert module_node.call(node_setup.jobs_of, "una") == []


@pytest.mark.parametrize(("scheme", "viewport"), [("light", SCREEN), ("dark", SCREEN), ("dark", PHONE)])
def test_from_the_client_to_paper(
    module_node: RunningNode,
    raw_printer: RawPrinter,
    new_browser_context: Callable[..., BrowserContext],
    scheme: str,
    viewport: dict[str, int],
) -> None:
    """With Print-Job in clear and Create-Job hashed, the panel asks for each document's code, and prints with it."""
    person, card = f"zoe-{scheme}-{viewport['width']}", f"{viewport['width']}{len(scheme)}"
    module_node.call(node_setup.change_policy, pin_required=False)
    module_node.call(node_setup.add_person, person, cards=(card,))
    module_node.call(node_setup.add_device, f"near {person}", raw_printer.uri)
    name = a.name_("job-name", "Payslip")
    job_id_of(print_job(module_node, PDF, name, *password("4711", "none"), user=person))
    contract = (a.name_("job-name", "Contract"), *password("0815"))
    made = job_id_of(do(module_node, Operation.CREATE_JOB, *contract, user=person))
    rest = (a.integer("job-id", made), a.boolean("last-document", True))
    assert ask(module_node, message(Operation.SEND_DOCUMENT, *rest, user=person) + PDF).ipp.is_success
    page = new_browser_context(viewport=viewport, color_scheme=scheme).new_page()
    pair(page, module_node, f"near {person}")
    swipe(page, card)
    expect(page.get_by_text("with a code").first).to_be_visible()
    page.get_by_role("button", name="Print").click()
    expect(page.get_by_text("Enter the document's code")).to_be_visible()
    expect(page.get_by_text("Payslip")).to_be_visible()
    check_looks(page)
    tap(page, "4711")
    expect(page.get_by_text("Contract")).to_be_visible()
    tap(page, "9999")
    expect(page.get_by_role("alert")).to_contain_text("Attempts left: 2.")
    check_looks(page)
    tap(page, "0815")
    expect(page.get_by_text("Done, you are signed out")).to_be_visible()
    assert len(raw_printer.wait_for_jobs(2)) == 2


def test_lp_with_a_code(cups: Cups, module_node: RunningNode, tmp_path: Path) -> None:
    """CUPS hashes the code that lp was given; what is held needs it."""
    module_node.call(node_setup.add_person, "yara")
    cups.add_everywhere_queue("coded", module_node.ipp())
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf("a4", pages=1))
    options = {"job-password": "4711", "job-password-encryption": "sha2-256"}
    job_id = cups.lp(path, "coded", user="yara", title="With a code", options=options)
    job = wait_for_job(module_node, "With a code", cups, job_id, "yara")
    assert module_node.call(opens, job["id"], "4711")
    assert not module_node.call(opens, job["id"], "4712")


def opens(job_id: int, code: str) -> bool:
    """Whether a code opens a job."""
    from platen.printing.job_passwords import password_key
    from platen.printing.queries import job_by_id

    job = job_by_id(job_id)
    assert job is not None
    return job.password_key == password_key(job.uuid, hashlib.sha256(code.encode()).digest())
