"""Changes through the console's forms reach the verbs, and what is refused says why and keeps what was typed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from platen.devices.models import Device, Queue, QueueKind
from platen.devices.services import add_device, pair
from platen.directory.models import Alias, Card, Role, User
from platen.directory.pin_hash import pin_matches
from platen.directory.queries import card_by_number
from platen.directory.services import change_user, open_puk
from platen.eventlog.models import AuditEntry
from platen.fleet.adopting import adopt_devices
from platen.fleet.models import Machine
from platen.policy.job_states import JobState
from platen.printing.models import Delivery, Job
from platen.printing.sample_page import pdf_page
from platen.tenants.models import Policy
from platen.tracking.models import ChargingScheme
from platen.tracking.schemes import assign, tariff_of
from tests.console.conftest import PASSWORD, World
from tests.console.test_rights import address
from tests.fixtures_tenant import ADMIN

PERSON = {"logon": "nina", "full_name": "Nina Berg", "role": "user", "cost_control": "tracking"}


def secret_on(page: str) -> str:
    """What a page shows once."""
    found = re.search(r'class="secret">([^<]+)<', page)
    assert found is not None
    return found[1]


class TestPeople:
    """Adding people and what identifies them."""

    def test_a_person_is_added_with_a_card(self, admin: Client) -> None:
        """One form makes a person and registers their card; both are in the audit trail under who did it. SC-AUTH-08,
        SC-USERLIST-01"""
        answer = admin.post("/console/people/add/", {**PERSON, "card": "04FFEE"})
        card = card_by_number("04FFEE")
        assert answer.status_code == 302
        assert card is not None
        assert card.user.full_name == "Nina Berg"
        verbs = list(AuditEntry.objects.filter(actor="the-administrator").values_list("verb", flat=True))
        assert {"user_created", "card_added"} <= set(verbs)

    def test_a_person_gets_a_role_regions_and_an_address(self, world: World, admin: Client) -> None:
        """Name, role, mail address, and of which regions the rights hold. EMC-USER-05"""
        assert world.region is not None
        said = {"role": Role.DEVICE_MANAGER.value, "holds": "regions", "regions": [str(world.region.pk)]}
        assert admin.post("/console/people/add/", {**PERSON, **said, "email": "nina@example.org"}).status_code == 302
        nina = User.objects.get(logon="nina")
        assert (nina.role, nina.email, nina.regional) == (Role.DEVICE_MANAGER, "nina@example.org", True)
        assert list(nina.regions.values_list("pk", flat=True)) == [world.region.pk]

    def test_a_card_that_is_taken_adds_nobody(self, world: World, admin: Client) -> None:
        """Person and card are added together or not at all, and the form keeps what was typed."""
        answer = admin.post("/console/people/add/", {**PERSON, "card": "04A1B2C3"})
        assert answer.status_code == 422
        assert "registered already" in answer.content.decode()
        assert "Nina Berg" in answer.content.decode()
        assert not User.objects.filter(logon="nina").exists()

    def test_a_random_pin_is_shown_once(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """The help desk gives a random PIN: it works, and the page shows it this one time only."""
        client = as_role(Role.HELP_DESK)
        pin = secret_on(client.post(address("person-pin", world)).content.decode())
        user = User.objects.get(id=world.people[Role.USER].id)
        assert pin_matches(user, pin)
        assert 'class="secret"' not in client.get(address("person", world)).content.decode()

    def test_a_puk_and_an_id_code_are_shown_once(self, world: World, admin: Client) -> None:
        """A new PUK has eight digits and stays when the page is left; a new ID code can be used. SC-PINPUK-09"""
        puk = secret_on(admin.post(address("person-puk", world)).content.decode())
        assert re.fullmatch(r"\d{8}", puk)
        admin.get("/console/people/")
        assert open_puk(User.objects.get(id=world.people[Role.USER].id)) == puk
        code = secret_on(admin.post(address("person-code", world)).content.decode())
        assert card_by_number(code) is not None

    def test_an_id_code_is_typed_in(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """The help desk registers a number that the person knows already as ID code. SC-AUTH-09"""
        form = {"number": "ext-4711", "kind": "id-code", "valid_until": ""}
        assert as_role(Role.HELP_DESK).post(address("card-add", world), form).status_code == 302
        code = card_by_number("ext-4711")
        assert code is not None
        assert (code.user, code.kind) == (world.people[Role.USER], "id-code")

    def test_the_pattern_for_new_people(self, world: World, admin: Client) -> None:
        """An ordinary person is made the pattern for new people at their page, the list shows who it is, and the next
        new person's form begins with their settings. SC-UPOL-15, SC-DUSER-12, SC-DUSER-17"""
        change_user(world.people[Role.USER], by=ADMIN, print_all_at_login=True)
        admin.post(address("person-pattern", world))
        assert admin.get("/console/people/").content.count(b"pattern for new people") == 1
        assert admin.get("/console/people/add/").context["form"].initial["print_all_at_login"] is True
        admin.post(address("person-pattern", world))
        assert b"pattern for new people" not in admin.get("/console/people/").content

    def test_a_locked_person_is_let_in_again(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """The help desk unlocks somebody who tried too often, on the person's page. EMC-USER-06"""
        User.objects.filter(id=world.people[Role.USER].id).update(prevent_login=True, failed_logins=3)
        as_role(Role.HELP_DESK).post(address("person-unlock", world))
        user = User.objects.get(id=world.people[Role.USER].id)
        assert (user.prevent_login, user.failed_logins) == (False, 0)

    def test_the_only_administrator_stays(self, world: World, admin: Client) -> None:
        """Nobody can take the last administrator's role away, be it the first one's. EMC-USER-02"""
        uuid = world.people[Role.ADMINISTRATOR].uuid
        form = {**PERSON, "logon": "the-administrator", "role": "user"}
        answer = admin.post(f"/console/people/{uuid}/edit/", form)
        assert answer.status_code == 422
        assert "only administrator" in answer.content.decode()

    def test_a_role_cannot_be_slipped_in(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """The help desk can neither edit a person nor give a role, whatever the request contains."""
        answer = as_role(Role.HELP_DESK).post(address("person-edit", world), {**PERSON, "role": "administrator"})
        assert answer.status_code == 403
        assert User.objects.get(id=world.people[Role.USER].id).role == Role.USER

    def test_aliases_come_and_go(self, world: World, admin: Client) -> None:
        """An alias is added and removed at the person's page; one that is taken is refused with the reason."""
        assert admin.post(address("alias-add", world), {"alias": "the-auditor"}).status_code == 422
        admin.post(address("alias-add", world), {"alias": "laptop"})
        assert Alias.objects.filter(user=world.people[Role.USER], name="laptop").exists()
        admin.post(address("alias-remove", world))
        assert not Alias.objects.filter(id=world.alias.id).exists()

    def test_a_one_time_password_works_once(self, world: World, admin: Client) -> None:
        """A new one-time password lets its person in and makes them choose another."""
        given = secret_on(admin.post(address("person-password", world)).content.decode())
        client = Client()
        client.post("/console/sign-in/", {"logon": "the-user", "password": given})
        assert client.get("/console/my/documents/").headers["Location"] == "/console/password/"


class TestJobs:
    """What the help desk does to jobs."""

    def test_a_job_is_released_at_a_device(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """A held job goes to the device that was chosen, and the event log says who let it print."""
        client = as_role(Role.HELP_DESK)
        client.post(address("job-release", world), {"device": str(world.device.uuid)})
        assert Delivery.objects.get(job=world.job).device_id == world.device.id
        assert "the-help-desk" in client.get("/console/events/").content.decode()

    def test_a_second_release_is_told_why_not(self, world: World, admin: Client) -> None:
        """A job that prints already is not released again, and the page says so."""
        for _time in range(2):
            answer = admin.post(address("job-release", world), {"device": str(world.device.uuid)}, follow=True)
        assert "already being printed" in answer.content.decode()
        assert Delivery.objects.filter(job=world.job).count() == 1

    def test_a_release_to_nowhere_is_refused(self, world: World, admin: Client) -> None:
        """A made-up device is not found; the job stays held."""
        for junk in ("", "x", "00000000-0000-0000-0000-000000000000"):
            assert admin.post(address("job-release", world), {"device": junk}).status_code == 404
        world.job.refresh_from_db()
        assert world.job.state == JobState.PENDING_HELD

    def test_a_job_is_given_to_another_person(self, world: World, admin: Client) -> None:
        """A held job gets another owner by logon; an unknown logon changes nothing and says so."""
        answer = admin.post(address("job-assign", world), {"logon": "nobody"}, follow=True)
        assert "There is nobody with the logon nobody" in answer.content.decode()
        admin.post(address("job-assign", world), {"logon": "the-auditor"})
        world.job.refresh_from_db()
        assert world.job.owner_id == world.people[Role.AUDITOR].id


class TestDevices:
    """Devices, panels, readers and queues."""

    def test_a_device_is_added_and_changed(self, admin: Client) -> None:
        """A device is added by name and address; a wrong address is refused with how to write it."""
        answer = admin.post("/console/devices/add/", {"name": "hall", "uri": "http://127.0.0.1/"})
        assert answer.status_code == 422
        assert 'value="hall"' in answer.content.decode()
        admin.post(
            "/console/devices/add/", {"name": "hall", "uri": "socket://127.0.0.1:9100", "print_all_at_login": "yes"}
        )
        device = Device.objects.get(name="hall")
        assert device.print_all_at_login is True
        form = {"name": "hall", "uri": "socket://127.0.0.1:9100", "location": "Main hall", "print_all_at_login": ""}
        admin.post(f"/console/devices/{device.uuid}/edit/", form)
        device.refresh_from_db()
        assert (device.location, device.print_all_at_login) == ("Main hall", None)

    def test_what_a_device_can_is_told_by_hand(self, admin: Client) -> None:
        """Colour and both sides are said for a device that does not tell, as prices are worked out by them; its page
        shows these beside its identifier, address, place, model and hardware address. SC-DEV-03, SC-DEV-01"""
        form = {"name": "hall", "uri": "socket://127.0.0.1:9100", "mac": "00:C0:76:FF:00:F2", "location": "Main hall"}
        admin.post("/console/devices/add/", {**form, "color_supported": "no", "duplex_supported": "yes"})
        device = Device.objects.get(name="hall")
        assert (device.color_supported, device.duplex_supported) == (False, True)
        where = f"/console/devices/{device.uuid}/"
        assert admin.get(f"{where}edit/").context["form"]["color_supported"].value() == "no"
        page = admin.get(where).content.decode()
        for words in (str(device.uuid), "socket://127.0.0.1:9100", "Main hall", "00:c0:76:ff:00:f2"):
            assert words in page, words
        admin.post(f"{where}edit/", form)
        device.refresh_from_db()
        assert (device.color_supported, device.duplex_supported) == (None, None)

    def test_a_pairing_code_pairs_a_panel(self, world: World, admin: Client) -> None:
        """The code on the page is the one that a panel is paired with."""
        code = secret_on(admin.post(address("device-pairing", world)).content.decode())
        paired, _token = pair(code, source="127.0.0.1", now=timezone.now())
        assert paired.id == world.device.id

    def test_a_device_goes_out_of_service_and_back(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """The help desk takes a device out of service; its page says so."""
        client = as_role(Role.HELP_DESK)
        client.post(address("device-service", world), {"out": "yes"})
        assert "Out of service" in client.get(address("device", world)).content.decode()
        client.post(address("device-service", world), {"out": "no"})
        assert not Device.objects.get(id=world.device.id).out_of_service

    def test_a_test_page_is_printed_like_any_job(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """The help desk prints a test page: one sound page that is on its way to the device, charged to who asked."""
        as_role(Role.HELP_DESK).post(address("device-test-page", world))
        job = Job.objects.get(name="Test page of lib-1")
        assert (job.owner_id, job.device_id) == (world.people[Role.HELP_DESK].id, world.device.id)
        assert Delivery.objects.filter(job=job, device=world.device).count() == 1
        with pikepdf.open(io.BytesIO(pdf_page(["A (odd) name \\", "second"]))) as document:
            assert len(document.pages) == 1

    def test_a_device_out_of_service_gets_no_test_page(self, world: World, admin: Client) -> None:
        """A device that is out of service prints nothing, and the page says what to do."""
        admin.post(address("device-service", world), {"out": "yes"})
        answer = admin.post(address("device-test-page", world), follow=True)
        assert "Put it back first" in answer.content.decode()
        assert not Job.objects.filter(name="Test page of lib-1").exists()

    def test_schemes_are_assigned_at_the_device(self, world: World, admin: Client) -> None:
        """A device gets the schemes that were chosen, or none. SC-DEV-04"""
        admin.post(address("device-prices", world), {"primary": "", "secondary": str(world.scheme.id)})
        tariff = tariff_of(world.device.id)
        assert tariff is not None
        assert (tariff.primary_id, tariff.secondary_id) == (None, world.scheme.id)

    def test_schemes_are_looked_at_from_the_device(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """From the list as from a device that charges by it, a charging scheme's prices can be seen. SC-CHARGE-09"""
        assign(world.device, by=ADMIN, primary=world.scheme)
        scheme = address("scheme", world)
        for role in (Role.ADMINISTRATOR, Role.AUDITOR):
            client = as_role(role)
            for page in (address("device", world), address("schemes", world)):
                assert f'href="{scheme}"' in client.get(page).content.decode()
            assert "0.30" in client.get(scheme).content.decode()

    def test_a_push_queue_needs_its_device(self, world: World, admin: Client) -> None:
        """A push queue without a device is refused; with one it is added with its port and job data logon, and stands
        on the device's page. SC-PUSHQ-15"""
        form = {"name": "direct", "kind": "push", "accepting": "on", "job_data_string": "User:"}
        assert admin.post("/console/queues/add/", form).status_code == 422
        admin.post("/console/queues/add/", {**form, "device": str(world.device.uuid), "raw_port": "9101"})
        queue = Queue.objects.get(name="direct")
        page = admin.get(address("device", world)).content.decode()
        assert f'href="{reverse("console:queue", args=[queue.uuid])}"' in page
        assert (queue.kind, queue.raw_port, queue.device_id) == (QueueKind.PUSH, 9101, world.device.id)
        assert queue.job_data_logon == {"job_data_string": "User:"}

    def test_a_queue_asks_for_a_sign_in(self, world: World, admin: Client) -> None:
        """The box of the form makes a queue ask for passwords, and its page then names only the encrypted way in."""
        form = {"name": "safe", "kind": "pull", "accepting": "on", "sign_in_required": "on"}
        page = admin.post("/console/queues/add/", form, follow=True).content.decode()
        assert Queue.objects.get(name="safe").sign_in_required
        assert "ipps://" in page
        assert "ipp://" not in page

    def test_a_queue_with_jobs_stays(self, world: World, admin: Client) -> None:
        """The default queue cannot be removed, and the page says what to do first."""
        answer = admin.post(address("queue-remove", world), follow=True)
        assert "Make another queue the default first" in answer.content.decode()


class TestPrices:
    """Charging schemes as a table, with an example."""

    def test_the_example_is_the_worked_one(self, world: World, admin: Client) -> None:
        """5 colour pages on A4, both sides, cost 1.85 by the sample prices. SC-PRICE-05"""
        page = admin.get(address("scheme", world)).content.decode()
        assert '<b id="example-total">€1.85</b>' in page

    def test_the_example_follows_what_is_typed(self, world: World, admin: Client) -> None:
        """The example is worked out again from the fields, before anything is saved; a comma is a decimal point."""
        form = {"print.per_job": "0", "print.A4.sheet": "0,01", "print.A4.color": "1", "example.pages": "2"}
        assert "€2.01" in admin.post("/console/schemes/example/", form).content.decode()
        assert "is not a price" in admin.post("/console/schemes/example/", {"print.A4.color": "much"}).content.decode()

    def test_prices_are_changed(self, world: World, admin: Client) -> None:
        """A new price is stored exactly, and a wrong one is refused with the field it stands in."""
        page = admin.get(address("scheme", world)).content.decode()
        form = dict(re.findall(r'name="([a-z]+\.[\w.]+)" value="([^"]*)"', page))
        form |= {"name": "Standard", "description": "for all", "print.A4.color": "0.3125"}
        admin.post(address("scheme-change", world), form)
        scheme = ChargingScheme.objects.get(id=world.scheme.id)
        assert scheme.prices["print"]["sizes"]["A4"]["color"] == "0.3125"
        answer = admin.post(address("scheme-change", world), {**form, "copy.A3.mono": "-1"})
        assert answer.status_code == 422
        assert "copy.sizes.A3.mono" in answer.content.decode()
        assert 'value="-1"' in answer.content.decode()


class TestSettings:
    """What the organisation decides."""

    def test_the_policy_is_changed(self, world: World, admin: Client) -> None:
        """A changed policy is stored; a limit out of range is refused and nothing is changed."""
        page = admin.get("/console/settings/")
        form = {name: value for name, value in page.context["form"].initial.items() if value is not False}
        admin.post("/console/settings/policy/", {**form, "job_retention_hours": 48, "help_desk": "4400"})
        policy = Policy.objects.get(tenant_id=world.device.tenant_id)
        assert (policy.job_retention_hours, policy.help_desk) == (48, "4400")
        answer = admin.post("/console/settings/policy/", {**form, "job_retention_hours": 0})
        assert answer.status_code == 422
        assert Policy.objects.get(id=policy.id).job_retention_hours == 48

    def test_a_token_is_shown_once(self, world: World, admin: Client) -> None:
        """A new API token is shown this one time, and a revoked one is gone."""
        page = admin.post("/console/settings/tokens/add/", {"name": "backup"}).content.decode()
        token = re.search(r"plt_[\w-]{40,}", page)
        assert token is not None
        assert token[0] not in admin.get("/console/settings/").content.decode()
        admin.post(address("token-revoke", world))
        assert "script" not in [each.name for each in admin.get("/console/settings/").context["tokens"]]

    def test_the_node_s_settings_show_no_secret(self, admin: Client) -> None:
        """Each of the node's settings is shown with where it came from; a secret one is not readable."""
        settings = {each.name: each for each in admin.get("/console/settings/").context["node"]}
        assert settings["port"].source
        assert settings["database"].value in ("", "***")


class TestOwnPlace:
    """What a person without rights does for themselves."""

    def test_a_person_deletes_their_document(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """One's own waiting document can be kept after printing and deleted."""
        client = as_role(Role.USER)
        client.post(address("my-document-keep", world))
        world.job.refresh_from_db()
        assert world.job.retained

    def test_a_person_makes_a_code(self, world: World, as_role: Callable[[Role], Client], policy: Policy) -> None:
        """A person makes an ID code for themselves, of the organisation's pattern; it ends after half a year. Where
        only administrators register IDs there is none. SC-IDCODE-05, SC-IDCODE-06, SC-AUTH-17"""
        client = as_role(Role.USER)
        code = card_by_number(secret_on(client.post("/console/my/cards/code/").content.decode()))
        assert code is not None
        assert (code.user, code.source) == (world.people[Role.USER], "generated")
        assert code.valid_until is not None
        assert 175 < (code.valid_until - timezone.now()).days < 187
        policy.card_registration_allowed = False
        policy.save()
        answer = client.post("/console/my/cards/code/", follow=True)
        assert "Ask the help desk" in answer.content.decode()
        assert Card.objects.filter(user=world.people[Role.USER]).count() == 2

    def test_own_numbers_are_shown(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """That ID codes are hidden from others does not hide a person's own. SC-HIDE-10"""
        assert Policy.objects.get().hide_id_codes
        assert b"04A1B2C3" in as_role(Role.USER).get("/console/my/cards/").content

    def test_a_lost_card_is_removed(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """A person takes their lost card out of use."""
        as_role(Role.USER).post(address("my-card-remove", world))
        assert not Card.objects.filter(id=world.card.id).exists()

    def test_the_first_pin_is_chosen_and_changed(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """A person sets a PIN, and needs the present one to change it."""
        client = as_role(Role.USER)
        client.post("/console/my/cards/", {"new": "4071", "again": "4071"})
        user = User.objects.get(id=world.people[Role.USER].id)
        assert pin_matches(user, "4071")
        answer = client.post("/console/my/cards/", {"old": "9999", "new": "8352", "again": "8352"})
        assert answer.status_code == 422
        assert not pin_matches(User.objects.get(id=user.id), "8352")

    def test_a_password_is_changed_by_its_person(self, world: World, as_role: Callable[[Role], Client]) -> None:
        """Changing the password keeps this session and asks for the present one."""
        client = as_role(Role.USER)
        form = {"old": PASSWORD, "new": "quite another one", "again": "quite another one"}
        assert client.post("/console/password/", form).status_code == 302
        assert client.get("/console/my/account/").status_code == 200


class TestDoubles:
    def test_two_records_are_merged_after_a_look(self, device: Device, admin: Client) -> None:
        """A device's page and the list of doubles lead to what merging would do; it is done when it is confirmed."""
        other = add_device("lib-2", "", by=ADMIN)
        adopt_devices(timezone.now())
        Machine.objects.update(serial="HC458-0001")
        where = reverse("console:device-merge", args=[device.uuid, other.uuid])
        assert where in admin.get(reverse("console:device", args=[device.uuid])).content.decode()
        assert where in admin.get(reverse("console:devices-doubles")).content.decode()
        assert "Nothing is changed yet" in admin.get(where).content.decode()
        assert Machine.objects.count() == 2
        assert admin.post(where).headers["Location"] == reverse("console:device", args=[device.uuid])
        assert Machine.objects.get().pk == device.pk
        assert admin.get(where).status_code == 404
        assert "No doubles" in admin.get(reverse("console:devices-doubles")).content.decode()
