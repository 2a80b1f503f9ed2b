"""The fleet in Chromium: from a search over a simulated network to the dashboard; list, plan and forms by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from platen.access.passwords import ADMINISTRATOR_LOGON
from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from platen.fleet.models import Machine, SavedView
from tests.console.conftest import PASSWORD, World
from tests.console.test_browser import sign_in, watch
from tests.console.test_rights import address
from tests.node_setup import give_password
from tests.peers.chromium import accessibility_violations
from tests.running_node import RunningNode, running_node

PATIENCE_MS = 120_000


@pytest.fixture
def network() -> Iterator[FleetSocket]:
    """Three machines that answer SNMP."""
    fleet = Fleet()
    for number, place in enumerate(("127.45.1.7", "127.45.1.8", "127.45.1.9")):
        made = machine(number, model_of(CATALOGUE[number]))
        made.host_name = f"lib-{number}".encode()
        fleet.put(place, made)
    with FleetSocket(fleet) as served:
        yield served


@pytest.fixture
def collecting(tmp_path: Path) -> Iterator[RunningNode]:
    """A node with a console that reads machines."""
    with running_node(tmp_path, services="console,collect") as node:
        node.call(give_password, ADMINISTRATOR_LOGON, PASSWORD)
        yield node


@pytest.fixture
def shown(transactional_db: None, world: World, live_server: LiveServer) -> World:
    """The world, served to a browser."""
    return world


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without"])
def test_a_form_asks_for_what_is_chosen(
    shown: World, live_server: LiveServer, new_browser_context: Callable[..., BrowserContext], script: bool
) -> None:
    """Of a schedule and of a batch's steps only the fields of what is chosen are there, with scripts or without.

    EMC-TASK-04 EMC-BTCH-01
    """
    page = new_browser_context(java_script_enabled=script).new_page()
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/console/tasks/add/?kind=batch")
    on_days, day = page.get_by_text("Tuesday", exact=True).first, page.get_by_label("Day", exact=True)
    expect(on_days).to_be_hidden()
    expect(day).to_be_hidden()
    page.get_by_label("Once", exact=True).check()
    expect(day).to_be_visible()
    expect(page.get_by_label("Every", exact=True)).to_be_hidden()
    page.get_by_label("Again and again").check()
    expect(on_days).to_be_hidden()
    page.get_by_label("Unit", exact=True).select_option("weeks")
    expect(on_days).to_be_visible()
    first, second = page.get_by_label("Step 1", exact=True), page.get_by_label("Step 2", exact=True)
    expect(second).to_be_hidden()
    first.select_option("report")
    expect(second).to_be_visible()
    expect(page.locator("#id_to_0")).to_be_visible()
    expect(page.locator("#id_webhook_0")).to_be_hidden()


def test_from_a_search_to_the_dashboard(network: FleetSocket, collecting: RunningNode, page: Page) -> None:
    """An administrator searches a network, sees what was found, opens a machine that was read, and the fleet.

    EMC-DISC-01 EMC-DLST-01 EMC-DASH-02 EMC-ARCH-01
    """
    said = watch(page)
    page.goto(collecting.url("/console/"))
    page.get_by_label("User name").fill(ADMINISTRATOR_LOGON)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Devices", exact=True).click()
    page.get_by_role("link", name="Find devices").first.click()
    page.get_by_role("link", name="New search").first.click()
    page.get_by_label("Where").fill("127.45.1.0/28")
    page.get_by_label("SNMP port").fill(str(network.port))
    page.get_by_label("Pace, packets a second").fill("2000")
    page.get_by_role("button", name="Search now").click()
    expect(page.get_by_role("heading", level=1).get_by_text("Done")).to_be_visible(timeout=PATIENCE_MS)
    for name in ("lib-0", "lib-1", "lib-2"):
        expect(page.get_by_role("link", name=name)).to_be_visible(timeout=PATIENCE_MS)
    assert accessibility_violations(page) == ""
    page.get_by_role("link", name="lib-1").click()
    expect(page.get_by_role("heading", name="Supplies")).to_be_visible()
    expect(page.locator("#meters .fig dd").first).to_have_text(re.compile(r"\d"), timeout=PATIENCE_MS)
    page.get_by_role("button", name="Read now").click()
    expect(page.get_by_text("It is read now.")).to_be_visible()
    page.get_by_role("link", name="Where each value came from").click()
    expect(page.get_by_text("1.3.6.1.2.1.43.10.2.1.4.1.1").first).to_be_visible()
    page.get_by_role("link", name="Fleet", exact=True).click()
    expect(page.locator(".fig dd").first).to_have_text("3")
    assert accessibility_violations(page) == ""
    assert said == []


def test_the_list_is_worked_with_by_hand(shown: World, live_server: LiveServer, page: Page) -> None:
    """Boxes bring up what can be done; a filter, columns and a view are made in dialogs."""
    said = watch(page)
    sign_in(page, live_server)
    page.get_by_role("link", name="Devices", exact=True).click()
    bar = page.get_by_role("region", name="What was picked")
    expect(bar).to_be_hidden()
    page.get_by_label("Select all on this page").check()
    expect(bar).to_contain_text("1 selected")
    assert accessibility_violations(page) == ""
    bar.get_by_role("button", name="Clear selection").click()
    expect(bar).to_be_hidden()
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("What", exact=True).select_option("power")
    page.get_by_role("checkbox", name="Not read yet").check()
    assert accessibility_violations(page) == ""
    page.get_by_role("button", name="Add filter").click()
    expect(page.get_by_label("Remove filter Power")).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Serial number").check()
    assert accessibility_violations(page) == ""
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name="Serial number")).to_be_visible()
    page.get_by_role("button", name="Save view").click()
    page.get_by_label("Name of the view").fill("Never read")
    page.get_by_role("dialog").get_by_role("button", name="Save view").click()
    expect(page.get_by_role("navigation", name="Places").get_by_role("link", name="Never read")).to_be_visible()
    assert SavedView.objects.filter(name="Never read", pinned=True).exists()
    page.locator("#f").fill("nothing like this")
    expect(page.get_by_text("No device matches")).to_be_visible()
    page.get_by_role("button", name="Export").click()
    link = page.get_by_role("link", name="Workbook (XLSX)")
    expect(link).to_have_attribute("href", re.compile("f=nothing.*format=xlsx"))
    assert said == []


def test_a_device_is_changed_with_a_preview(shown: World, live_server: LiveServer, page: Page) -> None:
    """Picked, changed, shown before it happens, and told after."""
    sign_in(page, live_server)
    page.goto(f"{live_server.url}/console/devices/")
    page.get_by_label("Select lib-1").check()
    page.get_by_role("button", name="Change…").click()
    page.get_by_label("Place, as people say it").fill("Annex")
    page.get_by_role("button", name="Show what will change").click()
    expect(page.get_by_text("This will be changed")).to_be_visible()
    assert accessibility_violations(page) == ""
    page.get_by_role("button", name="Change 1 device").click()
    expect(page.get_by_text("1 device was changed.")).to_be_visible()
    expect(page.get_by_role("cell", name="Annex")).to_be_visible()


def test_a_device_is_moved_on_the_plan(shown: World, live_server: LiveServer, page: Page) -> None:
    """By dragging, from where it was taken hold of, and by the arrow keys, however fast; where it stands is kept. A
    click whose hand trembles opens the device."""
    said = watch(page)
    sign_in(page, live_server)
    page.goto(live_server.url + address("place", shown))
    mark = page.get_by_role("link", name=re.compile("^lib-1:"))
    mark.focus()
    with page.expect_response(lambda answer: "x=43.0" in (answer.request.post_data or "")):
        for _ in range(3):
            page.keyboard.press("ArrowRight")
    assert Machine.objects.get(pk=shown.device.pk).place_x == pytest.approx(0.43)
    plan = page.locator("[data-plan]").bounding_box()
    dot = page.locator(".mark-dot").bounding_box()
    assert plan is not None
    assert dot is not None
    name = page.locator("svg.mark text").bounding_box()
    assert name is not None
    held_x, held_y = name["x"] + name["width"] / 2, name["y"] + name["height"] / 2
    off = held_y - dot["y"] - dot["height"] / 2
    page.mouse.move(held_x, held_y)
    page.mouse.down()
    with page.expect_response(re.compile("/devices/")):
        page.mouse.move(plan["x"] + plan["width"] / 4, plan["y"] + plan["height"] / 2 + off, steps=5)
        page.mouse.up()
    moved = Machine.objects.get(pk=shown.device.pk)
    assert (moved.place_x, moved.place_y) == (pytest.approx(0.25, abs=0.02), pytest.approx(0.5, abs=0.02))
    expect(page.get_by_role("heading", name="Ground floor")).to_be_visible()
    page.mouse.down()
    page.mouse.move(plan["x"] + plan["width"] / 4 + 1, plan["y"] + plan["height"] / 2 + off)
    page.mouse.up()
    expect(page).to_have_url(re.compile(f"/console/devices/{shown.device.uuid}/"))
    still = Machine.objects.get(pk=shown.device.pk)
    assert (still.place_x, still.place_y) == (moved.place_x, moved.place_y)
    assert said == []
