"""Identify-Printer (PWG 5100.13): seen in the event log, at the device, and on its panel."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from platen.protocols.ipp import Operation, Status
from platen.protocols.ipp import attributes as a
from tests import node_setup
from tests.panel.test_browser import SCREEN, pair
from tests.peers.ippeveprinter import ippeveprinter
from tests.peers.rawprinter import RawPrinter
from tests.peers.running import wait_until
from tests.running_node import RunningNode
from tests.services.ipp import setup
from tests.services.ipp.client import do

DISPLAY = a.keyword("identify-actions", "display")


def add_push_queue(node: RunningNode, name: str, uri: str) -> None:
    node.call(node_setup.add_device, f"device of {name}", uri)
    node.call(setup.add_queue, name, device=f"device of {name}")
    setup.wait_for_queue(node, name)


def test_a_pull_queue_says_so_in_the_event_log(module_node: RunningNode) -> None:
    """Who asked and what they said is written down, once for somebody who asks twice in a row."""
    module_node.call(setup.add_queue, "quiet")
    setup.wait_for_queue(module_node, "quiet")
    for _ in range(2):
        said = a.text("message", "Hello\x07 there")
        assert do(module_node, Operation.IDENTIFY_PRINTER, DISPLAY, said, queue="quiet").status == Status.SUCCESSFUL_OK
    told = [line for line in module_node.call(node_setup.events, "printer_identified") if "queue quiet" in line]
    assert told == ["anna asked queue quiet to identify itself: “Hello  there”"]


def test_actions_that_nothing_can_do(module_node: RunningNode) -> None:
    """A pull queue has nothing that could flash: that alone is refused, beside another action it is left out."""
    module_node.call(setup.add_queue, "unlit")
    setup.wait_for_queue(module_node, "unlit")
    flash = a.keyword("identify-actions", "flash")
    refused = do(module_node, Operation.IDENTIFY_PRINTER, flash, queue="unlit")
    assert refused.status == Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
    both = do(module_node, Operation.IDENTIFY_PRINTER, a.keyword("identify-actions", "flash", "display"), queue="unlit")
    assert both.status == Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
    told = [line for line in module_node.call(node_setup.events, "printer_identified") if "queue unlit" in line]
    assert len(told) == 1


def test_a_push_queue_passes_it_on_to_its_device(module_node: RunningNode) -> None:
    """The device behind a push queue is asked the same by IPP, with the message."""
    with ippeveprinter("Meant") as printer:
        add_push_queue(module_node, "push", printer.uri)
        actions = do(module_node, Operation.GET_PRINTER_ATTRIBUTES, queue="push").printer
        assert actions.texts("identify-actions-supported") == ("display", "flash", "sound", "speak")
        do(module_node, Operation.IDENTIFY_PRINTER, DISPLAY, a.text("message", "over here"), queue="push")
        wait_until(lambda: "over here" in printer.program.output(), "the printer's display")


def test_a_device_that_does_not_answer(module_node: RunningNode) -> None:
    """The client is not kept waiting for it; that the device could not be asked is in the event log."""
    add_push_queue(module_node, "gone", "ipp://127.0.0.1:9/ipp/print")
    assert do(module_node, Operation.IDENTIFY_PRINTER, queue="gone").status == Status.SUCCESSFUL_OK
    wait_until(
        lambda: any("device of gone" in line for line in module_node.call(node_setup.events, "printer_not_identified")),
        "the event",
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_of_the_device_shows_it(
    module_node: RunningNode,
    raw_printer: RawPrinter,
    new_browser_context: Callable[..., BrowserContext],
    scheme: str,
) -> None:
    """A waiting panel says in large letters which printer it is and what was said, and stops by itself."""
    add_push_queue(module_node, scheme, raw_printer.uri)
    page = new_browser_context(viewport=SCREEN, color_scheme=scheme).new_page()
    pair(page, module_node, f"device of {scheme}")
    expect(page.get_by_role("alert")).to_be_hidden()
    do(module_node, Operation.IDENTIFY_PRINTER, DISPLAY, a.text("message", "The one by the window"), queue=scheme)
    expect(page.get_by_role("alert")).to_contain_text("The one by the window")
    expect(page.get_by_role("alert")).to_contain_text(f"device of {scheme}")
    expect(page.get_by_role("alert")).to_be_hidden(timeout=30_000)
