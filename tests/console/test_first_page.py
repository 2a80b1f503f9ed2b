"""What a document looks like: for its owner and for administrators, where the organisation wants that."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from platen.console.document_facts import document_facts
from platen.directory.models import Role
from platen.documents.facts import DocumentFacts, PageRun
from platen.eventlog.models import Event
from platen.printing.models import Job
from platen.tenants.policy_changes import change_policy
from tests import node_setup
from tests.console.conftest import PASSWORD, World
from tests.documents.samples import pdf
from tests.fixtures_tenant import ADMIN
from tests.peers.cups import Cups
from tests.peers.running import wait_until
from tests.running_node import RunningNode


def address(world: World) -> str:
    return reverse("console:job-first-page", args=[world.job.id])


def test_nobody_but_owner_and_administrator_sees_it(world: World, as_role: Callable[[Role], Client]) -> None:
    """The help desk and auditors see jobs, not what is on their pages; who looks after devices sees neither."""
    seeing = {role for role in Role if as_role(role).get(address(world)).status_code == 200}
    assert seeing == {Role.ADMINISTRATOR, Role.USER}
    assert {as_role(role).get(address(world)).status_code for role in set(Role) - seeing} == {403}


def test_it_can_be_switched_off(world: World, as_role: Callable[[Role], Client]) -> None:
    """Where the organisation says so, nobody sees it, and no page offers it."""
    change_policy(by=ADMIN, show_first_pages=False)
    assert as_role(Role.ADMINISTRATOR).get(address(world)).status_code == 403
    assert as_role(Role.USER).get(address(world)).status_code == 403
    page = as_role(Role.ADMINISTRATOR).get(reverse("console:job", args=[world.job.id])).content.decode()
    assert "first-page.png" not in page


def test_looking_at_anothers_document_is_on_the_record(world: World, as_role: Callable[[Role], Client]) -> None:
    """An administrator leaves a line in the event log, the owner leaves none."""
    as_role(Role.USER).get(address(world))
    assert not Event.objects.filter(kind="first_page_seen").exists()
    as_role(Role.ADMINISTRATOR).get(address(world))
    event = Event.objects.get(kind="first_page_seen")
    assert event.job_id == world.job.id
    assert "looked at the first page" in event.message


def test_a_document_that_is_gone_is_an_empty_sheet(world: World, as_role: Callable[[Role], Client]) -> None:
    """The picture says that there is nothing to show; it is not a broken one."""
    Job.objects.filter(id=world.job.id).update(spool_key=None)
    answer = as_role(Role.USER).get(address(world))
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("image/svg+xml", True)


def test_a_price_that_follows_is_no_price(world: World, as_role: Callable[[Role], Client]) -> None:
    """Of a document whose pages nobody knows the page says that its price is known when it is printed. SC-PRICE-03"""
    Job.objects.filter(id=world.job.id).update(facts=DocumentFacts(format="application/octet-stream").to_dict())
    page = as_role(Role.ADMINISTRATOR).get(reverse("console:job", args=[world.job.id])).content.decode()
    assert "The price is not known until it is printed" in page
    assert "0.00" not in page


def test_facts_of_a_document_in_words() -> None:
    """Sizes in the order of their first page, and what the reader should know. SC-TDF-132"""
    runs = (
        PageRun(first=1, last=2, media="iso_a4_210x297mm", width_mm=210, height_mm=297, blank=True),
        PageRun(first=3, last=3, media="iso_a3_297x420mm", width_mm=420, height_mm=297),
    )
    facts = DocumentFacts(
        format="application/pdf", format_version="1.7", pages=3, page_runs=runs, resolution_dpi=(600, 600), number_up=2
    )
    said = {fact.name: fact.value for fact in document_facts(Job(facts=facts.to_dict()))}
    assert said == {
        "Paper": "2 x A4, 1 x A3 landscape",
        "Blank pages": "2",
        "Pages on a side": "2",
        "Format": "application/pdf 1.7",
        "Resolution": "600 dpi",
    }


def test_a_printed_document_is_seen_by_its_owner(
    cups: Cups, module_node: RunningNode, page: Page, tmp_path: Path
) -> None:
    """Marta prints, signs in, and sees the red square that her first page holds."""
    node = module_node
    node.call(node_setup.add_person, "marta")
    node.call(node_setup.give_password, "marta", PASSWORD)
    document = tmp_path / "square.pdf"
    document.write_bytes(pdf(b"1 0 0 rg 0 0 595.28 841.89 re f", b"0 g"))
    replace(cups, port=node.http).lp_to_default(document, user="marta", title="Square")
    wait_until(lambda: bool(node.call(node_setup.jobs_of, "marta")), "the job")
    page.goto(node.url("/console/"))
    page.get_by_label("User name").fill("marta")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/my/documents/"))
    thumb = page.get_by_role("img", name="First page of Square")
    expect(thumb).to_be_visible()
    octets = page.request.get(node.url(str(thumb.get_attribute("src")))).body()
    with Image.open(BytesIO(octets)) as picture:
        assert picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2)) == (255, 0, 0)
        assert max(picture.size) <= 640
