"""The console in Chromium: the main paths, and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from platen.directory.models import Role
from platen.directory.queries import card_by_number
from platen.policy.job_states import JobState
from platen.printing.models import Job
from platen.tracking.models import ChargingScheme
from tests.console.conftest import PASSWORD, World
from tests.console.test_rights import address
from tests.peers.chromium import accessibility_violations

pytestmark = pytest.mark.long


@pytest.fixture
def shown(transactional_db: None, world: World, live_server: LiveServer) -> World:
    """The world, served to a browser."""
    return world


def sign_in(page: Page, server: LiveServer, role: Role = Role.ADMINISTRATOR) -> None:
    """As a person does."""
    page.goto(f"{server.url}/console/")
    page.get_by_label("User name").fill(f"the-{role.value}")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/console/(my/documents/)?$"))


def watch(page: Page) -> list[str]:
    """What the browser complains about: scripts, and anything that the security policy blocked."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_a_job_is_found_and_deleted(shown: World, live_server: LiveServer, page: Page) -> None:
    """An administrator signs in, finds a job by typing, opens its details and deletes it after being asked.
    SC-USERJOBS-01"""
    said = watch(page)
    sign_in(page, live_server)
    page.get_by_role("link", name="Jobs", exact=True).click()
    page.locator("#f").fill("nothing like this")
    expect(page.get_by_text("No job matches")).to_be_visible()
    page.locator("#f").fill("Thesis")
    expect(page.get_by_role("link", name="Thesis.pdf")).to_be_visible()
    page.get_by_label(f"Details of job {shown.job.id}").click()
    expect(page.get_by_text("Open the job")).to_be_visible()
    page.get_by_label(f"Details of job {shown.job.id}").click()
    expect(page.get_by_text("Open the job")).to_be_hidden()
    page.get_by_role("link", name="Thesis.pdf").click()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Deleted. Nothing was charged.")).to_be_visible()
    assert Job.objects.get(id=shown.job.id).state == JobState.CANCELED
    assert said == []


def test_a_person_is_added_with_a_card_and_gets_a_pin(shown: World, live_server: LiveServer, page: Page) -> None:
    """An administrator adds a person with a card, finds them by it, and tells them a PIN that is shown once."""
    sign_in(page, live_server)
    page.get_by_role("link", name="People", exact=True).click()
    page.get_by_role("link", name="Add person").click()
    page.get_by_label("Logon").fill("nina")
    page.get_by_label("Full name").fill("Nina Berg")
    page.get_by_label("Card number").fill("04FFEE01")
    page.get_by_role("button", name="Add person").click()
    expect(page.get_by_role("heading", name="Nina Berg")).to_be_visible()
    page.locator("#find").fill("04FFEE01")
    page.locator("#find").press("Enter")
    expect(page.get_by_role("heading", name="Nina Berg")).to_be_visible()
    page.get_by_role("button", name="New PIN").click()
    assert re.fullmatch(r"\d{4,}", page.locator(".secret").inner_text())
    card = card_by_number("04FFEE01")
    assert card is not None
    assert card.user.pin_hash


def test_prices_are_edited_with_a_live_example(shown: World, live_server: LiveServer, page: Page) -> None:
    """The example follows the prices as they are typed; “Set all” fills a column; saving keeps them. SC-PRICE-05"""
    said = watch(page)
    sign_in(page, live_server)
    page.goto(live_server.url + address("scheme", shown))
    expect(page.locator("#example-total")).to_have_text("€1.85")
    page.get_by_label("Printing, A4, colour page").fill("0.50")
    expect(page.locator("#example-total")).to_have_text("€2.85")
    page.get_by_label("Printing, all sizes, sheet").fill("0.02")
    page.locator("#t-print").get_by_role("button", name="Set all").click()
    expect(page.get_by_label("Printing, Letter, sheet")).to_have_value("0.02")
    expect(page.locator("#example-total")).to_have_text("€2.76")
    page.get_by_role("button", name="Save prices").click()
    expect(page.get_by_text("Documents are priced so from now on")).to_be_visible()
    sizes = ChargingScheme.objects.get(id=shown.scheme.id).prices["print"]["sizes"]
    assert (sizes["A4"]["color"], sizes["Letter"]["sheet"]) == ("0.50", "0.02")
    assert said == []


def test_a_wrong_password_is_answered_in_place(shown: World, live_server: LiveServer, page: Page) -> None:
    """A refused sign-in says so beside the form, keeps the name, and has the cursor in the password."""
    page.goto(f"{live_server.url}/console/jobs/")
    page.get_by_label("User name").fill("the-user")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Not signed in")
    expect(page.get_by_label("User name")).to_have_value("the-user")
    expect(page.get_by_label("Password")).to_be_focused()
    assert accessibility_violations(page) == ""


def test_a_person_without_rights_has_a_place_of_their_own(shown: World, live_server: LiveServer, page: Page) -> None:
    """An ordinary person sees their own documents and nothing else to go to, and deletes one."""
    sign_in(page, live_server, Role.USER)
    expect(page.get_by_role("heading", name="My documents")).to_be_visible()
    places = page.get_by_role("navigation", name="Places").get_by_role("link").all_inner_texts()
    assert places == ["My documents", "My usage", "My cards and PIN", "My account"]
    page.get_by_role("button", name="Delete Thesis.pdf").click()
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()


def test_the_console_works_by_keyboard(shown: World, live_server: LiveServer, page: Page) -> None:
    """The first Tab offers to skip to the content, "/" reaches the search, Escape closes the account menu."""
    sign_in(page, live_server)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    account = page.get_by_role("button", name="Account menu of The Administrator")
    account.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()


def test_the_theme_is_kept(shown: World, live_server: LiveServer, page: Page) -> None:
    """The switch changes between light and dark, and the next page has it too."""
    sign_in(page, live_server)
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{live_server.url}/console/jobs/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_states_change_in_place(shown: World, live_server: LiveServer, page: Page) -> None:
    """The page of a job that is under way shows its new state without being loaded again."""
    sign_in(page, live_server)
    page.goto(live_server.url + address("job", shown))
    expect(page.locator("#now")).to_contain_text("Held")
    Job.objects.filter(id=shown.job.id).update(state=JobState.PROCESSING)
    expect(page.locator("#now")).to_contain_text("Printing")
