"""The panel as people use it: Chromium at a running node, with a printer at the other end."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import closing

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests import node_setup
from tests.peers.chromium import accessibility_violations
from tests.peers.rawprinter import Behaviour, RawPrinter
from tests.peers.running import LOOPBACK, PATIENCE_S
from tests.running_node import RunningNode
from tests.services.test_raw import document, jobs_when_there, print_raw

pytestmark = pytest.mark.long
READER_GAP_S, FINGER_GAP_S = 0.01, 0.15
SCREEN = {"width": 800, "height": 480}
PHONE = {"width": 390, "height": 780}
SMALLER_THAN_A_FINGER = """() => [...document.querySelectorAll("a, button, input")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && element.type !== "checkbox" && (box.width < 56 || box.height < 56);
}).map(element => element.outerHTML)"""
SCROLLS = """() => [document.documentElement, ...document.querySelectorAll(".p-main")].some(
    element => element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth)"""
# Each key occupies the page for longer than two keys of a reader are apart.
SLOW_KEYS = """() => {
    window.hits = 0;
    document.addEventListener("keydown", () => {
        window.hits += 1;
        for (const until = performance.now() + 150; performance.now() < until;);
    });
}"""
SWIPE_WHILE_LOADING = """number => document.addEventListener("load", event => {
    if (!/reader.js$/.test(event.target.src) || !/documents.\\d+$/.test(location.pathname)) return;
    if (document.body) throw new Error("the page is more than half there");
    for (const key of [...number, "Enter"]) document.dispatchEvent(new KeyboardEvent("keydown", {key}));
}, true)"""

NewContext = Callable[..., BrowserContext]


@pytest.fixture(autouse=True)
def no_pin(module_node: RunningNode) -> None:
    """A card is enough, unless the test says else."""
    module_node.call(node_setup.change_policy, pin_required=False, help_desk="4400")


@pytest.fixture
def screen(new_browser_context: NewContext) -> Page:
    """A panel's touch screen."""
    return new_browser_context(viewport=SCREEN).new_page()


def pair(page: Page, node: RunningNode, device: str) -> None:
    page.goto(node.url("/panel/"))
    page.get_by_label("Enter the pairing code").fill(node.call(node_setup.pairing_code, device))
    page.get_by_role("button", name="Pair").click()
    expect(page.get_by_text("Hold your card")).to_be_visible()


def swipe(page: Page, number: str) -> None:
    """As a reader does that types."""
    hit(page, [*number, "Enter"], gap_s=READER_GAP_S)


def hit(page: Page, keys: Sequence[str], *, gap_s: float) -> None:
    """Keys that bear the moments at which they were hit, however long the machine takes to pass them on."""
    devtools = page.context.new_cdp_session(page)
    began = time.time()
    for place, key in enumerate(keys):
        named = {"key": key, "timestamp": began + place * gap_s}
        devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "\r" if key == "Enter" else key, **named})
        devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", **named})
    devtools.detach()


def hold(route: Route, held: list[Route]) -> None:
    """Keep a request back."""
    held.append(route)


def tap(page: Page, digits: str) -> None:
    for digit in digits:
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="OK").click()


def check_looks(page: Page) -> None:
    """Nothing scrolls on a panel's screen, everything to touch is as large as a finger, and axe finds no barrier."""
    assert page.evaluate(SMALLER_THAN_A_FINGER) == []
    assert not page.evaluate(SCROLLS), page.url
    assert accessibility_violations(page) == ""


class TestMainPath:
    """Card, PIN, documents, print, done."""

    def test_card_to_paper(self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page) -> None:
        """A person pairs nothing, learns nothing: card, PIN, Print, and the paper is there. SC-PULL-01 SC-AUTH-01"""
        node, page = module_node, screen
        node.call(node_setup.add_device, "hall", raw_printer.uri)
        node.call(node_setup.change_policy, pin_required=True)
        node.call(node_setup.add_person, "ada", cards=("04AABBCC",), pin="2846")
        pair(page, node, "hall")
        check_looks(page)
        swipe(page, "04AABBCC")
        expect(page.get_by_text("Enter your PIN")).to_be_visible()
        check_looks(page)
        tap(page, "1111")
        expect(page.get_by_role("alert")).to_contain_text("Attempts left: 2")
        tap(page, "2846")
        expect(page.get_by_text("No documents wait for you")).to_be_visible()
        for number in (1, 2, 3):
            print_raw(node.raw, document("ada", f"Report {number}"))
            jobs_when_there(node, "ada", number)
        page.get_by_role("link", name="Look again").click()
        check_looks(page)
        page.get_by_label("Report 2", exact=False).first.uncheck()
        expect(page.locator("[data-total]")).to_contain_text("2 documents")
        page.get_by_role("button", name="Print").click()
        first, third = raw_printer.wait_for_jobs(2)
        assert [b"Report 1" in first, b"Report 3" in third] == [True, True]
        expect(page.get_by_text("Done, you are signed out")).to_be_visible()
        check_looks(page)
        page.get_by_role("link", name="Start").click()
        expect(page.get_by_text("Hold your card")).to_be_visible()
        assert [job["name"] for job in node.call(node_setup.jobs_of, "ada") if job["device"] is None] == ["Report 2"]

    def test_stop(self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page) -> None:
        """While a device stalls, progress shows what waits; stopping takes back what has not begun."""
        node, page = module_node, screen
        node.call(node_setup.add_device, "stalling", raw_printer.uri)
        node.call(node_setup.add_person, "bea", cards=("70B1",))
        for number in (1, 2):
            print_raw(node.raw, document("bea", f"Report {number}", b"%!PS\n" + b"x" * 8_000_000))
            jobs_when_there(node, "bea", number)
        raw_printer.behaviour = Behaviour(stall_after_bytes=1000)
        pair(page, node, "stalling")
        swipe(page, "70B1")
        page.get_by_role("button", name="Print").click()
        expect(page.get_by_text("Printing 1 of 2")).to_be_visible()
        raw_printer.wait_for_bytes(1000)
        check_looks(page)
        page.get_by_role("button", name="Stop printing").click()
        expect(page.get_by_text("Stopped", exact=True)).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_text("Hold your card")).to_be_visible()


class TestRegistration:
    """A card that nobody has."""

    def test_unknown_card(self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page) -> None:
        """PUK, PIN twice, and the card opens the documents. SC-AUTH-05"""
        node, page = module_node, screen
        node.call(node_setup.add_device, "foyer", raw_printer.uri)
        node.call(node_setup.add_person, "cleo")
        pair(page, node, "foyer")
        swipe(page, "99881122")
        expect(page.get_by_text("Make this card yours")).to_be_visible()
        check_looks(page)
        tap(page, node.call(node_setup.open_puk, "cleo"))
        expect(page.get_by_text("Choose a PIN")).to_be_visible()
        tap(page, "7392")
        expect(page.get_by_text("Enter the PIN again")).to_be_visible()
        tap(page, "7392")
        expect(page.get_by_role("alert")).to_contain_text("Operation succeeded. Please log in again.")
        swipe(page, "99881122")
        expect(page.get_by_text("No documents wait for you")).to_be_visible()


class TestReaderBeside:
    """An Ethernet reader at the same device."""

    def test_card_at_the_reader_opens_the_panel(
        self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page
    ) -> None:
        """A card at the reader brings its person's documents onto the screen, an unknown one its form. SC-CARD-06"""
        node, page, address = module_node, screen, "127.0.8.1"
        node.call(node_setup.add_device, "lobby", raw_printer.uri, reader_at=address)
        node.call(node_setup.add_person, "dina", cards=("6001",))
        print_raw(node.raw, document("dina", "Report"))
        jobs_when_there(node, "dina")
        pair(page, node, "lobby")
        with closing(
            socket.create_connection((LOOPBACK, node.readers), timeout=PATIENCE_S, source_address=(address, 0))
        ) as reader:
            reader.sendall(b"6001\r\n")
            expect(page.get_by_label("Report", exact=False).first).to_be_checked()
            page.get_by_role("button", name="Sign out").click()
            expect(page.get_by_text("Hold your card")).to_be_visible()
            reader.sendall(b"6002\r\n")
            expect(page.get_by_text("Make this card yours")).to_be_visible()


class TestNextPerson:
    """A card is shown while somebody is signed in."""

    @pytest.mark.parametrize("beside", [False, True], ids=["a reader that types", "a reader beside"])
    def test_the_first_is_signed_out_and_the_second_in(
        self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page, beside: bool
    ) -> None:
        """From the list, from a document and while it prints, the next card leads to the next person's documents."""
        node, page = module_node, screen
        name, address = f"two-{beside}", "127.0.8.2" if beside else ""
        node.call(node_setup.add_device, name, raw_printer.uri, reader_at=address)
        people = [f"{first}-{beside}" for first in ("fay", "gus")]
        cards = dict(zip(people, (f"61{beside:d}1", f"61{beside:d}2"), strict=True))
        for person in people:
            node.call(node_setup.add_person, person, cards=(cards[person],))
            print_raw(node.raw, document(person, f"Report of {person}", b"%!PS\n" + b"x" * 8_000_000))
            jobs_when_there(node, person, 1)
        pair(page, node, name)
        fay, gus = people
        with contextlib.ExitStack() as stack:
            if beside:
                source = (address, 0)
                reader = stack.enter_context(
                    closing(
                        socket.create_connection((LOOPBACK, node.readers), timeout=PATIENCE_S, source_address=source)
                    )
                )

            def show(person: str) -> None:
                reader.sendall(cards[person].encode() + b"\r\n") if beside else swipe(page, cards[person])
                expect(page.get_by_role("heading", name=person)).to_be_visible()

            show(fay)
            expect(page.get_by_text(f"Report of {fay}")).to_be_visible()
            show(gus)
            expect(page.get_by_text(f"Report of {gus}")).to_be_visible()
            expect(page.get_by_text(f"Report of {fay}")).not_to_be_visible()
            page.get_by_role("link", name="Change").first.click()
            show(fay)
            expect(page.get_by_text(f"Report of {fay}")).to_be_visible()
            raw_printer.behaviour = Behaviour(stall_after_bytes=1000)
            page.get_by_role("button", name="Print").click()
            expect(page.get_by_role("heading", name="Printing")).to_be_visible()
            show(gus)
            expect(page.get_by_text(f"Report of {gus}")).to_be_visible()
            assert node.call(node_setup.jobs_of, fay)[0]["device"] == name


class TestReaderThatTypes:
    """A card counts whenever it is shown, and only a card does."""

    def sign_in(self, node: RunningNode, printer: RawPrinter, page: Page, name: str) -> None:
        """A panel with a person at it, who is called as the device, and another one with the card B<name>."""
        node.call(node_setup.add_device, name, printer.uri)
        node.call(node_setup.add_person, name, cards=(f"A{name}",))
        node.call(node_setup.add_person, f"{name}2", cards=(f"B{name}",))
        print_raw(node.raw, document(name, "Report"))
        jobs_when_there(node, name)
        pair(page, node, name)
        swipe(page, f"A{name}")
        expect(page.get_by_role("heading", name=name.title(), exact=True)).to_be_visible()

    def test_page_whose_script_is_still_on_its_way(
        self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page
    ) -> None:
        """A card that is shown as soon as there is something to see signs its person in."""
        node, page = module_node, screen
        self.sign_in(node, raw_printer, page, "early")
        withheld: list[Route] = []
        page.route("**/panel.js", lambda route: hold(route, withheld))
        page.get_by_role("link", name="Change Report").click()
        expect(page.get_by_role("heading", name="Report")).to_be_visible()
        swipe(page, "Bearly")
        expect(page.get_by_role("heading", name="Early2")).to_be_visible()
        assert withheld

    def test_page_that_is_half_there(self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page) -> None:
        """A card that is shown before the page has come to its end is kept until then."""
        node, page = module_node, screen
        self.sign_in(node, raw_printer, page, "half")
        page.add_init_script(f"({SWIPE_WHILE_LOADING})('Bhalf')")
        page.get_by_role("link", name="Change Report").click()
        expect(page.get_by_role("heading", name="Half2")).to_be_visible()

    def test_next_page_on_its_way(self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page) -> None:
        """The page at which a number began gets all of it: one that was asked for before does not cut it in two."""
        node, page = module_node, screen
        self.sign_in(node, raw_printer, page, "cut")
        withheld: list[Route] = []
        page.route("**/documents/*", lambda route: hold(route, withheld))
        with page.expect_request("**/documents/*"):
            page.get_by_role("link", name="Change Report").click(no_wait_after=True)
        with page.expect_event("requestfailed"):
            hit(page, "Bc", gap_s=READER_GAP_S)
        expect(page.get_by_role("list", name="Your documents")).to_be_visible()

    def test_busy_panel(self, module_node: RunningNode, raw_printer: RawPrinter, screen: Page) -> None:
        """Fingers are told from a reader by when keys were hit, not by when a busy panel comes to look at them.
        SC-CARD-10"""
        node, page = module_node, screen
        self.sign_in(node, raw_printer, page, "busy")
        page.evaluate(f"({SLOW_KEYS})()")
        hit(page, [*"Bbusy", "Enter"], gap_s=FINGER_GAP_S)
        assert page.evaluate("window.hits") == len("Bbusy") + 1
        expect(page.get_by_role("heading", name="Busy", exact=True)).to_be_visible()
        swipe(page, "Bbusy")
        expect(page.get_by_role("heading", name="Busy2")).to_be_visible()


class TestSizes:
    """Other screens."""

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_phone(
        self, module_node: RunningNode, raw_printer: RawPrinter, new_browser_context: NewContext, scheme: str
    ) -> None:
        """On a phone, light or dark, the pages keep within its width and their targets stay large."""
        node, page = module_node, new_browser_context(viewport=PHONE, color_scheme=scheme).new_page()
        device, person = f"phone-{scheme}", f"eve-{scheme}"
        node.call(node_setup.add_device, device, raw_printer.uri)
        node.call(node_setup.add_person, person, cards=(f"80{scheme}",))
        for number in range(1, 6):
            print_raw(node.raw, document(person, f"Report {number} with a long name"))
            jobs_when_there(node, person, number)
        pair(page, node, device)
        check_looks(page)
        swipe(page, f"80{scheme}")
        expect(page.get_by_text("5 documents")).to_be_visible()
        check_looks(page)
        page.get_by_role("button", name="Later documents").click()
        expect(page.get_by_text("Report 5")).to_be_visible()
        expect(page.get_by_text("5 documents")).to_be_visible()

    def test_without_script(
        self, module_node: RunningNode, raw_printer: RawPrinter, new_browser_context: NewContext
    ) -> None:
        """A browser without script signs in, prints and is told the end."""
        node = module_node
        page = new_browser_context(viewport=SCREEN, java_script_enabled=False).new_page()
        node.call(node_setup.add_device, "plain", raw_printer.uri)
        node.call(node_setup.add_person, "finn", codes=("4711",))
        print_raw(node.raw, document("finn", "Report"))
        jobs_when_there(node, "finn")
        pair(page, node, "plain")
        page.get_by_role("link", name="Enter your ID code instead").click()
        page.get_by_label("Enter your ID code").fill("4711")
        page.get_by_role("button", name="OK").click()
        page.get_by_role("button", name="Print").click()
        raw_printer.wait_for_jobs(1)
        expect(page.get_by_text("Done, you are signed out")).to_be_visible()
