"""What the panel lets whom do: its views through Django's client."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from platen.access.models import PanelSession
from platen.access.panel_sessions import who_is_at
from platen.access.passwords import set_password
from platen.access.shown_cards import PinAsked, SessionOpened, Told, UnknownShown, show
from platen.devices.models import Device
from platen.devices.services import add_device, add_queue, ensure_default_queue, new_pairing_code
from platen.directory.models import Card, CardKind, User
from platen.directory.services import add_card, change_user, generate_puk, set_pin
from platen.documents.facts import DocumentFacts, PageRun, PagesBasis
from platen.eventlog.models import Event
from platen.panel import cookies
from platen.policy.job_states import JobState
from platen.printing.errors import NotReleasable
from platen.printing.job_passwords import password_key
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.release import release_unattended
from platen.printing.services import record_facts
from platen.tenants.errors import InvalidPolicy
from platen.tenants.models import Policy
from platen.tenants.policy_changes import change_policy
from platen.tracking.schemes import assign, set_scheme
from tests.fixtures_tenant import ADMIN


@pytest.fixture
def device(tenant: object) -> Device:
    return add_device("mfp1", "socket://127.0.0.1:9100", by=ADMIN)


def paired(device: Device, client: Client | None = None) -> Client:
    """A browser that is the device's panel."""
    client = client or Client()
    client.post("/panel/", {"code": new_pairing_code(device, by=ADMIN, now=timezone.now())})
    return client


@pytest.fixture
def panel(device: Device) -> Client:
    return paired(device)


def at(device: Device, page: str = "") -> str:
    return f"/panel/{device.uuid}/{page}"


def held(owner: User, name: str = "Letter", **values: Any) -> Job:
    made: Job = Job.objects.create(
        queue=ensure_default_queue(), owner=owner, name=name, state=JobState.PENDING_HELD, spool_key=b"key", **values
    )
    return made


def coded(owner: User, code: str, name: str = "Payslip") -> Job:
    """A document that was sent with a code."""
    job = held(owner, name)
    job.password_key = password_key(job.uuid, hashlib.sha256(code.encode()).digest())
    job.save()
    return job


def swipe(panel: Client, device: Device, number: str = "1234") -> Any:
    return panel.post(at(device, "card"), {"number": number})


class TestPairing:
    """A browser becomes a device's panel with a code."""

    def test_unpaired_browser_sees_nothing(self, device: Device) -> None:
        """Without a pairing every page of a device leads to the pairing page. SQ-AUTH-05"""
        for page in ("", "documents", "printing", "progress", "arrived"):
            assert Client().get(at(device, page)).headers["Location"] == "/panel/"
        assert swipe(Client(), device).headers["Location"] == "/panel/"

    def test_panel_of_another_device(self, device: Device, panel: Client) -> None:
        """A panel reaches the pages of its own device only, by its UUID or its name."""
        other = add_device("mfp2", "socket://127.0.0.1:9101", by=ADMIN)
        assert panel.get(at(other)).headers["Location"] == "/panel/"
        assert panel.get(at(device)).status_code == 200
        assert panel.get("/panel/mfp1/").status_code == 200
        assert panel.get("/panel/").headers["Location"] == at(device)

    def test_wrong_code(self, device: Device) -> None:
        """A code that nobody made pairs nothing, and the page says what to do."""
        answer = Client().post("/panel/", {"code": "AAAAAAAA"})
        assert answer.status_code == 403
        assert cookies.PANEL not in answer.cookies
        assert b"Make a new one" in answer.content

    def test_cookies_are_the_panels_own(self, device: Device, panel: Client, anna: User) -> None:
        """Tokens are kept where neither scripts nor other sites' pages reach them."""
        add_card(anna, "1234", by=ADMIN)
        for cookie in (panel.cookies[cookies.PANEL], swipe(panel, device).cookies[cookies.SESSION]):
            assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/panel/", "Strict", True)

    def test_forms_are_protected(self, device: Device) -> None:
        """A form that was posted from elsewhere is refused."""
        panel = paired(device)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = panel.cookies
        assert swipe(strict, device).status_code == 403
        assert PanelSession.objects.count() == 0


class TestSignIn:
    """Who is it?"""

    def test_card(self, device: Device, panel: Client, anna: User) -> None:
        """A card that is somebody's opens their documents. SC-AUTH-01"""
        add_card(anna, "1234", by=ADMIN)
        held(anna, "Microsoft Word - Letter to Ada")
        assert swipe(panel, device).headers["Location"] == at(device, "documents")
        page = panel.get(at(device, "documents")).content.decode()
        assert "<b>Letter to Ada</b>" in page
        assert "Anna Lind" in page
        assert who_is_at(device, timezone.now()) == anna

    def test_pin(self, device: Device, panel: Client, anna: User, policy: Policy) -> None:
        """Where a PIN is asked for, the card alone opens nothing; three wrong ones lock. SC-AUTH-19"""
        policy.pin_required = True
        policy.save()
        add_card(anna, "1234", by=ADMIN)
        set_pin(anna, "2846", by=ADMIN)
        assert swipe(panel, device).headers["Location"] == at(device, "pin")
        assert panel.get(at(device, "documents")).headers["Location"] == at(device)
        for _ in range(2):
            swipe(panel, device)
            assert b"Attempts left" in panel.post(at(device, "pin"), {"pin": "9999"}).content
        swipe(panel, device)
        assert b"locked" in panel.post(at(device, "pin"), {"pin": "9999"}).content
        assert b"locked" in swipe(panel, device).content
        anna.refresh_from_db()
        assert anna.prevent_login

    def test_right_pin(self, device: Device, panel: Client, anna: User, policy: Policy) -> None:
        """The right PIN opens the documents."""
        policy.pin_required = True
        policy.save()
        add_card(anna, "1234", by=ADMIN)
        set_pin(anna, "2846", by=ADMIN)
        swipe(panel, device)
        assert panel.post(at(device, "pin"), {"pin": "2846"}).headers["Location"] == at(device, "documents")

    def test_ways_that_the_device_does_not_offer(self, device: Device, panel: Client, anna: User) -> None:
        """A device that takes cards alone neither shows nor takes ID codes. SC-AUTH-03 SC-AUTH-04"""
        Device.objects.filter(id=device.id).update(login_methods=["card"])
        add_card(anna, "4711", by=ADMIN, kind=CardKind.ID_CODE)
        page = panel.get(at(device)).content.decode()
        assert "ID code" not in page
        assert "User name and password" not in page
        assert b"cannot log in this way" in panel.post(at(device, "code"), {"code": "4711"}).content
        assert PanelSession.objects.count() == 0

    def test_guessed_cards_are_slowed_down(self, device: Device, panel: Client, anna: User) -> None:
        """After many cards that nobody has, the panel waits before it looks at another, also at a good one."""
        add_card(anna, "1234", by=ADMIN)
        for number in range(8):
            swipe(panel, device, f"99{number}")
        assert b"Too many wrong attempts" in swipe(panel, device).content
        assert PanelSession.objects.count() == 0

    def test_print_all_at_login(self, device: Device, panel: Client, anna: User) -> None:
        """A person who prints all at login is brought to what prints, oldest first. SC-PULL-16"""
        User.objects.filter(id=anna.id).update(print_all_at_login=True)
        add_card(anna, "1234", by=ADMIN)
        jobs = [held(anna, name) for name in ("first", "second")]
        assert swipe(panel, device).headers["Location"].startswith(at(device, "printing?d="))
        assert [each.job_id for each in Delivery.objects.order_by("id")] == [job.id for job in jobs]

    def test_session_ends(self, device: Device, panel: Client, anna: User) -> None:
        """A session that nobody touched is over, and the panel is back at its start."""
        add_card(anna, "1234", by=ADMIN)
        swipe(panel, device)
        PanelSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert panel.get(at(device, "documents")).headers["Location"] == at(device)

    def test_sign_out(self, device: Device, panel: Client, anna: User) -> None:
        """Signing out ends the session; its cookie opens nothing any more."""
        add_card(anna, "1234", by=ADMIN)
        token = swipe(panel, device).cookies[cookies.SESSION].value
        panel.post(at(device, "sign-out"))
        assert PanelSession.objects.count() == 0
        panel.cookies[cookies.SESSION] = token
        assert panel.get(at(device, "documents")).headers["Location"] == at(device)

    def test_out_of_service(self, device: Device, panel: Client, anna: User, policy: Policy) -> None:
        """A device that is out of service says so, names the help desk and lets nobody in. SC-AUTH-21"""
        policy.help_desk = "4400"
        policy.save()
        Device.objects.filter(id=device.id).update(out_of_service=True)
        add_card(anna, "1234", by=ADMIN)
        page = panel.get(at(device) + "?anyway=1").content.decode()
        assert "out of service" in panel.get(at(device)).content.decode()
        assert "4400" in page
        swipe(panel, device)
        assert PanelSession.objects.count() == 0


class TestRegistration:
    """An unknown card or code becomes somebody's with a PUK."""

    def enter(self, panel: Client, device: Device, *digits: str) -> Any:
        answer = None
        for typed in digits:
            answer = panel.post(at(device, "register"), {"digits": typed})
        return answer

    def test_card(self, device: Device, panel: Client, anna: User) -> None:
        """PUK once, new PIN twice, and the card is theirs; they log in again. SC-AUTH-05"""
        puk = generate_puk(anna, by=ADMIN)
        assert swipe(panel, device, "5550").headers["Location"] == at(device, "register")
        answer = self.enter(panel, device, puk, "2846", "2846")
        assert b"Operation succeeded" in answer.content
        assert swipe(panel, device, "5550").headers["Location"] == at(device, "documents")

    def test_id_code(self, device: Device, panel: Client, anna: User) -> None:
        """The same with an ID code that nobody has. SC-AUTH-06"""
        puk = generate_puk(anna, by=ADMIN)
        assert panel.post(at(device, "code"), {"code": "ext-77"}).headers["Location"] == at(device, "register")
        self.enter(panel, device, puk, "2846", "2846")
        assert Card.objects.get(user=anna).kind == CardKind.ID_CODE

    def test_with_a_password(self, device: Device, panel: Client, anna: User, policy: Policy) -> None:
        """Where the policy says so, logon and password make a new card somebody's, without a PUK; a wrong password
        registers nothing. SC-AUTH-10, SC-UPOL-14"""
        set_password(anna, "correct horse staple", by=ADMIN)
        address = at(device, "register-with-password")
        form = {"logon": "anna", "password": "correct horse staple"}
        swipe(panel, device, "5550")
        assert panel.post(address, form).headers["Location"] == at(device)
        assert b"my password" not in panel.get(at(device, "register")).content
        policy.card_registration_by_password = True
        policy.save()
        assert b"my password" in panel.get(at(device, "register")).content
        assert panel.post(address, form | {"password": "wrong"}).status_code == 403
        assert not Card.objects.exists()
        assert b"Operation succeeded" in panel.post(address, form).content
        assert Card.objects.get().source == "self"
        assert swipe(panel, device, "5550").headers["Location"] == at(device, "documents")

    def test_wrong_puk_asks_again(self, device: Device, panel: Client, anna: User) -> None:
        """A wrong PUK is asked for again, and nothing is registered. SC-AUTH-05"""
        generate_puk(anna, by=ADMIN)
        swipe(panel, device, "5550")
        answer = self.enter(panel, device, "00000000", "2846", "2846")
        assert b"Make this card yours" in answer.content
        assert b"not known" in answer.content
        assert Card.objects.count() == 0

    def test_pins_that_differ(self, device: Device, panel: Client, anna: User) -> None:
        """Two different PINs are asked for again; a PIN that is easy to guess is refused."""
        puk = generate_puk(anna, by=ADMIN)
        swipe(panel, device, "5550")
        assert b"counts up" in self.enter(panel, device, puk, "1234").content
        assert b"not the same" in self.enter(panel, device, "2846", "2847").content
        assert Card.objects.count() == 0

    def test_number_does_not_travel_in_clear(self, device: Device, panel: Client) -> None:
        """What a browser keeps between the steps shows neither card nor PUK."""
        swipe(panel, device, "5550123")
        answer = self.enter(panel, device, "12345678")
        for text in ("5550123", "12345678"):
            assert text not in answer.content.decode()
            assert text not in panel.cookies[cookies.STEP].value


class TestDocuments:
    """What a person does with their documents."""

    @pytest.fixture
    def annas(self, device: Device, panel: Client, anna: User) -> Client:
        add_card(anna, "1234", by=ADMIN)
        swipe(panel, device)
        return panel

    def test_print(self, device: Device, annas: Client, anna: User) -> None:
        """What is selected is released at this device, with the copies chosen. SC-PULL-01"""
        chosen, left = held(anna, "chosen"), held(anna, "left")
        annas.post(at(device, f"documents/{chosen.id}"), {"copies": "3"})
        answer = annas.post(at(device, "print"), {"job": [chosen.id]})
        (delivery,) = Delivery.objects.all()
        assert answer.headers["Location"] == at(device, f"printing?d={delivery.id}")
        assert (delivery.job_id, delivery.copies, delivery.device_id) == (chosen.id, 3, device.id)
        left.refresh_from_db()
        assert left.state == JobState.PENDING_HELD

    def test_somebody_elses_job(self, device: Device, annas: Client, bert: User) -> None:
        """Nobody prints, changes or deletes another's document by its number."""
        other = held(bert)
        assert annas.post(at(device, "print"), {"job": [other.id]}).status_code == 409
        assert annas.post(at(device, "delete"), {"job": [other.id], "sure": "yes"}).status_code == 400
        assert annas.get(at(device, f"documents/{other.id}")).headers["Location"] == at(device, "documents")
        other.refresh_from_db()
        assert (other.state, Delivery.objects.count()) == (JobState.PENDING_HELD, 0)

    def test_two_panels_one_job(self, device: Device, annas: Client, anna: User) -> None:
        """Of two panels that ask for the same document one prints it, and the other is told."""
        second_device = add_device("mfp2", "socket://127.0.0.1:9101", by=ADMIN)
        second = paired(second_device)
        swipe(second, second_device)
        job = held(anna)
        annas.post(at(device, "print"), {"job": [job.id]})
        answer = second.post(at(second_device, "print"), {"job": [job.id]})
        assert answer.status_code == 409
        assert b"printed or deleted elsewhere" in answer.content
        assert Delivery.objects.get().device_id == device.id

    def test_delete_asks_first(self, device: Device, annas: Client, anna: User) -> None:
        """Deleting takes a second yes."""
        job = held(anna, spool_pack=None)
        answer = annas.post(at(device, "delete"), {"job": [job.id]})
        assert b"Delete this document?" in answer.content
        job.refresh_from_db()
        assert job.state == JobState.PENDING_HELD
        annas.post(at(device, "delete"), {"job": [job.id], "sure": "yes"})
        job.refresh_from_db()
        assert job.state == JobState.CANCELED

    def test_keep(self, device: Device, annas: Client, anna: User, policy: Policy) -> None:
        """An entitled person keeps a document; where the policy does not allow it, nobody does. SC-PULL-15"""
        job = held(anna)
        annas.post(at(device, f"documents/{job.id}"), {"keep": "yes"})
        annas.post(at(device, "print"), {"job": [job.id]})
        assert Delivery.objects.get().keep
        other = held(anna)
        policy.retain_allowed = False
        policy.save()
        annas.post(at(device, f"documents/{other.id}"), {"keep": "yes"})
        other.refresh_from_db()
        assert not other.retained

    def test_documents_that_do_not_fit_are_not_offered(self, device: Device, annas: Client, anna: User) -> None:
        """A device that cannot print a document's format does not offer it. SC-PULL-03"""
        Device.objects.filter(id=device.id).update(document_formats=["application/pdf"])
        held(anna, "fits", document_format="application/pdf")
        odd = held(anna, "does-not", document_format="application/postscript")
        page = annas.get(at(device, "documents")).content.decode()
        assert "fits" in page
        assert "does-not" not in page
        assert "1 document cannot be printed here" in page
        assert annas.post(at(device, "print"), {"job": [odd.id]}).status_code == 409

    def test_drivers_that_do_not_fit(self, device: Device, annas: Client, anna: User, policy: Policy) -> None:
        """A document of a driver that the device is not listed for is marked, or not offered, as the policy says.
        SC-PULL-03"""
        Device.objects.filter(id=device.id).update(driver_names=["Universal PS"])
        facts = DocumentFacts(format="application/postscript", driver="Other PS")
        job = held(anna, "odd")
        record_facts(job.id, facts)
        assert "odd" not in annas.get(at(device, "documents")).content.decode()
        policy.fidelity = "warn"
        policy.save()
        assert "May come out differently" in annas.get(at(device, "documents")).content.decode()

    def test_a_queue_for_each_driver(self, device: Device, annas: Client, anna: User) -> None:
        """Where each kind of printer has a shared queue of its own, a device offers what came through its queue.
        SC-FID-06, SC-FID-05"""
        Device.objects.filter(id=device.id).update(driver_names=["LX Universal"])
        for driver in ("LX Universal", "Other Universal"):
            queue = add_queue(driver.split()[0], by=ADMIN, driver_name=driver)
            Job.objects.filter(id=held(anna, f"by {driver}").id).update(queue=queue)
        page = annas.get(at(device, "documents")).content.decode()
        assert "by LX Universal" in page
        assert "by Other Universal" not in page

    def test_names_are_short(self, device: Device, annas: Client, anna: User) -> None:
        """What programs put in front of a document's name is not shown on the small screen. SC-PULL-23,
        SC-JOBNAME-01"""
        held(anna, "Microsoft Word - Minutes of May")
        page = annas.get(at(device, "documents")).content.decode()
        assert "<b>Minutes of May</b>" in page
        assert "Microsoft Word" not in page

    def test_an_organisation_has_a_list_of_its_own(self, device: Device, annas: Client, anna: User) -> None:
        """What is cut off names is a list that an organisation edits; it counts at once. SC-PULL-23, SC-JOBNAME-02"""
        held(anna, "Draft: Microsoft Word - Minutes")
        change_policy(by=ADMIN, job_name_prefixes='; ours\nItem="Draft: "\n')
        assert "<b>Microsoft Word - Minutes</b>" in annas.get(at(device, "documents")).content.decode()
        with pytest.raises(InvalidPolicy, match="Line 1 is not understood"):
            change_policy(by=ADMIN, job_name_prefixes="Draft: ")

    def test_who_may_not_print_all_chooses_one_by_one(self, device: Device, annas: Client, anna: User) -> None:
        """Without the right to print all, nothing is selected at first, there is no button for all, and a login
        prints nothing by itself. SC-PULL-17"""
        job = held(anna)
        assert b"Select none" in annas.get(at(device, "documents")).content
        change_user(anna, by=ADMIN, print_all_allowed=False, print_all_at_login=True)
        for page in (annas.get(at(device, "documents")), annas.post(at(device, "documents"), {"select": "all"})):
            assert page.context["selected"] == set()
            assert b"Select all" not in page.content
        assert swipe(annas, device).headers["Location"] == at(device, "documents")
        assert not Delivery.objects.exists()
        annas.post(at(device, "print"), {"job": [job.id]})
        assert Delivery.objects.get().job_id == job.id

    def test_prices(self, device: Device, annas: Client, anna: User) -> None:
        """Each document shows its price at this device, and the sum of what is selected. SC-PRICE-03"""
        prices = {"currency": "EUR", "print": {"sizes": {"Other": {"sheet": "0.05", "mono": "0.10", "color": "0.30"}}}}
        assign(device, by=ADMIN, primary=set_scheme("Standard", prices, by=ADMIN))
        run = PageRun(first=1, last=1, media="iso_a4_210x297mm", color=False)
        facts = DocumentFacts(format="application/pdf", pages=1, pages_basis=PagesBasis.COUNTED, page_runs=(run,))
        for name in ("one", "two"):
            record_facts(held(anna, name).id, facts)
        page = annas.get(at(device, "documents")).content.decode()
        assert page.count("€0.15") == 2
        assert "€0.30" in page

    def test_a_price_that_nobody_can_know_yet_is_not_said_to_be_nothing(
        self, device: Device, annas: Client, anna: User
    ) -> None:
        """A document whose pages are not known has no price on the panel, which says when it will. SC-PRICE-03"""
        prices = {"currency": "EUR", "print": {"sizes": {"Other": {"sheet": "0.05", "mono": "0.10", "color": "0.30"}}}}
        job = held(anna)
        record_facts(job.id, DocumentFacts(format="application/octet-stream"))
        assert "known when printed" not in annas.get(at(device, "documents")).content.decode()
        assign(device, by=ADMIN, primary=set_scheme("Standard", prices, by=ADMIN))
        listed = annas.post(at(device, "documents"), {"select": "all"}).content.decode()
        assert "data-follow>Some prices are known when printed" in listed
        assert "data-follow hidden>" in annas.post(at(device, "documents"), {"select": "none"}).content.decode()
        changing = annas.get(at(device, f"documents/{job.id}")).content.decode()
        assert "Pages not counted, price known when printed" in changing
        assert "0.00" not in listed + changing

    def test_paging_keeps_the_selection(self, device: Device, annas: Client, anna: User) -> None:
        """Turning the pages of a long list, without script, loses nothing that was selected or not."""
        jobs = [held(anna, f"job {number}") for number in range(6)]
        left_out = jobs[1]
        chosen = [job.id for job in jobs if job != left_out]
        page = annas.post(at(device, "documents"), {"job": chosen, "page": ["1", "2"]}).content.decode()
        assert "job 5" in page
        assert "job 0" not in page
        for job in jobs:
            assert (f'name="job" value="{job.id}"' in page) is (job != left_out)

    def test_progress_is_ones_own(self, device: Device, annas: Client, anna: User, bert: User) -> None:
        """Progress shows the person's own deliveries; when all are over, it leads to the end, signed out."""
        mine, other = held(anna, "mine"), held(bert, "his secret")
        deliveries = [Delivery.objects.create(job=job, device=device, user=job.owner) for job in (mine, other)]
        address = at(device, "progress?d=" + "-".join(str(each.id) for each in deliveries))
        html = annas.get(address).json()["html"]
        assert "mine" in html
        assert "his secret" not in html
        Delivery.objects.update(state=DeliveryState.COMPLETED)
        end = annas.get(address).json()["go"]
        assert b"Done, you are signed out" in annas.get(end).content
        assert PanelSession.objects.count() == 0

    def test_change_pin(self, device: Device, annas: Client, anna: User, policy: Policy) -> None:
        """A person changes their PIN at the panel where the policy allows it. SC-PINPUK-05"""
        set_pin(anna, "2846", by=ADMIN)
        for typed in ("2846", "7392", "7392"):
            answer = annas.post(at(device, "new-pin"), {"digits": typed})
        assert answer.headers["Location"] == at(device, "documents?pin=changed")
        anna.refresh_from_db()
        before = anna.pin_hash
        policy.pin_change_allowed = False
        policy.save()
        for typed in ("7392", "8461", "8461"):
            annas.post(at(device, "new-pin"), {"digits": typed})
        anna.refresh_from_db()
        assert anna.pin_hash == before


class TestReaderBeside:
    """What an Ethernet reader beside the panel brings it."""

    def test_nothing_yet(self, device: Device, panel: Client) -> None:
        """Without a card there is nothing to do."""
        assert panel.get(at(device, "arrived")).json() == {}

    def test_each_outcome_leads_on(self, device: Device, panel: Client) -> None:
        """A session leads to the documents, an unknown card to its registration, anything else is told, each once."""
        show(device.id, SessionOpened("token"))
        answer = panel.get(at(device, "arrived"))
        assert answer.json() == {"go": at(device, "documents")}
        assert answer.cookies[cookies.SESSION].value == "token"
        show(device.id, UnknownShown("5550"))
        assert panel.get(at(device, "arrived")).json() == {"go": at(device, "register")}
        show(device.id, Told("Too many"))
        assert panel.get(at(device, "arrived")).json() == {"message": "Too many"}
        assert panel.get(at(device, "arrived")).json() == {}


class TestCodes:
    """Documents that were sent with a code (job-password)."""

    @pytest.fixture
    def annas(self, device: Device, panel: Client, anna: User) -> Client:
        add_card(anna, "1234", by=ADMIN)
        swipe(panel, device)
        return panel

    def test_the_code_is_asked_for(self, device: Device, annas: Client, anna: User) -> None:
        """Nothing is released before each document that needs one has its code; then everything is, in its order."""
        first, plain, second = coded(anna, "4711"), held(anna), coded(anna, "0815")
        wanted = [first.id, plain.id, second.id]
        page = annas.post(at(device, "print"), {"job": wanted})
        assert "Enter the document&#x27;s code" in page.content.decode() or "document's code" in page.content.decode()
        assert Delivery.objects.count() == 0
        annas.post(at(device, "print"), {"job": wanted, "code_of": first.id, "digits": "4711"})
        assert Delivery.objects.count() == 0
        annas.post(at(device, "print"), {"job": wanted, "code_of": second.id, "digits": "0815"})
        assert list(Delivery.objects.order_by("id").values_list("job", flat=True)) == wanted

    def test_a_document_can_be_left(self, device: Device, annas: Client, anna: User) -> None:
        """Who does not know the code prints the others."""
        locked, plain = coded(anna, "4711"), held(anna)
        answer = annas.post(
            at(device, "print"), {"job": [locked.id, plain.id], "code_of": locked.id, "skip": locked.id}
        )
        assert "refused" not in answer.headers["Location"]
        assert list(Delivery.objects.values_list("job", flat=True)) == [plain.id]
        anna.refresh_from_db()
        assert anna.failed_logins == 0

    def test_wrong_codes_lock_the_account(self, device: Device, annas: Client, anna: User, policy: Policy) -> None:
        """Each wrong code counts as a wrong PIN; at the limit the person is locked and signed out."""
        locked = coded(anna, "4711")
        policy.login_attempts_max = 3
        policy.save()
        answers = [
            annas.post(at(device, "print"), {"job": locked.id, "code_of": locked.id, "digits": "9999"}).content.decode()
            for _ in range(3)
        ]
        assert "Attempts left: 2." in answers[0]
        assert "Attempts left: 1." in answers[1]
        anna.refresh_from_db()
        assert anna.prevent_login
        assert who_is_at(device, timezone.now()) is None
        assert Delivery.objects.count() == 0

    def test_a_right_code_does_not_forgive_wrong_ones(self, device: Device, annas: Client, anna: User) -> None:
        """Whoever holds another's card cannot begin to count anew with a document of their own making."""
        locked, own = coded(anna, "4711"), coded(anna, "1")
        for job, digits in ((locked, "9999"), (own, "1")):
            annas.post(at(device, "print"), {"job": job.id, "code_of": job.id, "digits": digits})
        anna.refresh_from_db()
        assert anna.failed_logins == 1

    def test_a_code_counts_for_its_document_and_person_alone(
        self, device: Device, annas: Client, anna: User, bert: User
    ) -> None:
        """What was opened by one person opens nothing for the next, nor another document with the same code."""
        first, second = coded(anna, "4711"), coded(anna, "4711")
        annas.post(at(device, "print"), {"job": [first.id, second.id], "code_of": first.id, "digits": "4711"})
        assert Delivery.objects.count() == 0
        step = annas.cookies[cookies.STEP].value
        assert "4711" not in step
        add_card(bert, "5678", by=ADMIN)
        Job.objects.filter(id=first.id).update(owner=bert)
        swipe(annas, device, "5678")
        annas.cookies[cookies.STEP] = step
        annas.post(at(device, "print"), {"job": first.id})
        assert Delivery.objects.count() == 0

    def test_print_all_at_login_leaves_them(self, device: Device, panel: Client, anna: User) -> None:
        """Documents with a code are not printed with the others at login, and the event log says so."""
        add_card(anna, "1234", by=ADMIN)
        User.objects.filter(id=anna.id).update(print_all_at_login=True)
        coded(anna, "4711", name="Payslip"), held(anna, name="Menu")
        swipe(panel, device)
        assert [each.job.name for each in Delivery.objects.select_related("job")] == ["Menu"]
        [line] = Event.objects.filter(kind="job_needs_code")
        assert line.message.startswith("“Payslip” was not printed with anna's other documents at mfp1")

    def test_its_first_page_is_shown_to_nobody(self, device: Device, annas: Client, anna: User) -> None:
        """Neither the panel nor the rights let a picture out that would need no code."""
        locked, plain = coded(anna, "4711"), held(anna)
        assert "first-page" in annas.get(at(device, f"documents/{plain.id}")).content.decode()
        assert "first-page" not in annas.get(at(device, f"documents/{locked.id}")).content.decode()
        assert annas.get(reverse("panel:first-page", args=[device.uuid, locked.id])).status_code == 404

    def test_nobody_releases_it_without(self, device: Device, anna: User) -> None:
        """An administrator who lets it print from the console is told that only the code does."""
        with pytest.raises(NotReleasable, match="needs the code"):
            release_unattended(coded(anna, "4711"), device, by=ADMIN)
        assert Delivery.objects.count() == 0


class TestNextPerson:
    """Somebody shows a card while another person is signed in."""

    @pytest.fixture
    def annas(self, device: Device, panel: Client, anna: User, bert: User) -> Client:
        """Anna is signed in; Bert has a card."""
        add_card(anna, "1234", by=ADMIN)
        add_card(bert, "5678", by=ADMIN)
        held(anna, "Annas secret")
        swipe(panel, device)
        assert "Annas secret" in panel.get(at(device, "documents")).content.decode()
        return panel

    def test_their_card_signs_the_first_out(self, device: Device, annas: Client, bert: User) -> None:
        """The second person is signed in instead of the first, whose documents are shown no more."""
        swipe(annas, device, "5678")
        assert who_is_at(device, timezone.now()) == bert
        assert "Annas secret" not in annas.get(at(device, "documents")).content.decode()

    @pytest.mark.parametrize("number", ["5678", "9999"], ids=["one that needs a PIN", "one that nobody has"])
    def test_a_card_that_does_not_open_at_once(
        self, device: Device, annas: Client, bert: User, policy: Policy, number: str
    ) -> None:
        """Before the second person's PIN or PUK is asked for, the first one is signed out."""
        set_pin(bert, "2846", by=ADMIN)
        policy.pin_required = policy.card_registration_allowed = True
        policy.save()
        answer = swipe(annas, device, number)
        assert answer.headers["Location"] == at(device, "pin" if number == "5678" else "register")
        assert annas.get(answer.headers["Location"]).status_code == 200
        assert who_is_at(device, timezone.now()) is None
        assert annas.get(at(device, "documents")).headers["Location"] == at(device)

    @pytest.mark.parametrize("shown", [PinAsked("ticket"), UnknownShown("5550")])
    def test_at_the_reader_beside(self, device: Device, annas: Client, shown: PinAsked | UnknownShown) -> None:
        """The same where an Ethernet reader brought the card; what the next page needs is kept."""
        show(device.id, shown)
        answer = annas.get(at(device, "arrived"))
        assert who_is_at(device, timezone.now()) is None
        assert answer.cookies[cookies.SESSION].value == ""
        assert answer.cookies[cookies.STEP].value

    def test_a_refused_card_at_the_reader_beside(self, device: Device, annas: Client) -> None:
        """Why a card opens nothing is told on the start, where the first person is signed out."""
        show(device.id, Told("This card is locked"))
        assert annas.get(at(device, "arrived")).json() == {"go": at(device)}
        assert who_is_at(device, timezone.now()) is None
        assert annas.get(at(device, "arrived")).json() == {"message": "This card is locked"}

    def test_a_page_of_the_first_persons_printing(self, device: Device, annas: Client, bert: User) -> None:
        """A request about the first person's printing that comes late does not sign the second one out."""
        swipe(annas, device, "5678")
        assert annas.get(at(device, "done") + "?d=1").headers["Location"] == at(device, "documents")
        assert who_is_at(device, timezone.now()) == bert


def test_edited_copies_are_ignored() -> None:
    """A browser's note of copies that somebody edited counts for nothing."""
    for text in ("x", "[1]", '[[1,"a"]]', "[[1,-3]]"):
        assert cookies.copies_wanted(SimpleNamespace(COOKIES={cookies.COPIES: text})) == {}  # type: ignore[arg-type]  # only its cookies are read
