"""The list of devices as a tool: conditions, orders, columns, saved views, many at once, exports, the fleet's signs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from platen.devices.models import Device, QueueKind
from platen.devices.services import add_device, add_queue, change_device, remove_queue
from platen.directory.models import Role
from platen.fleet.adopting import adopt_devices
from platen.fleet.groups import set_group
from platen.fleet.models import Machine, Membership, Power, SavedView, Severity, Supply
from platen.fleet.regions import set_region
from platen.tasks.models import Run
from platen.tenants.models import Tenant
from platen.tenants.policy_changes import change_policy
from tests.console.test_lists import queries
from tests.fixtures_tenant import ADMIN

LIST = "/console/devices/"


def machine(name: str, **values: object) -> Machine:
    """A machine of this name, as collection knows it."""
    device = add_device(name, "", by=ADMIN, location=str(values.pop("location", "")))
    adopt_devices(timezone.now())
    Machine.objects.filter(pk=device.pk).update(**values)
    made: Machine = Machine.objects.get(pk=device.pk)
    return made


@pytest.fixture
def fleet(tenant: Tenant) -> list[Machine]:
    """Four machines that differ."""
    now = timezone.now()
    return [
        machine(
            "lib-1", location="Library", maker="Halden", model="C458", severity=Severity.ERROR, pages=900, read_at=now
        ),
        machine("lib-2", location="Library", maker="Halden", model="LBP, wide", severity=Severity.WARNING, pages=100),
        machine("hum-1", maker="Morino", model="IX", power=Power.SILENT, pages=5000, read_at=now - timedelta(days=9)),
        machine("med-1", maker="Kestrel", model="T920", severity=Severity.SERVICE, address="127.3.0.9"),
    ]


def names(client: Client, query: str = "") -> list[str]:
    """The devices that a list shows, in its order."""
    rows = client.get(f"{LIST}{query}").context["rows"]
    return [row.machine.device.name for row, _cells in rows]


def exported(client: Client, query: str = "") -> list[list[str]]:
    """The rows of an export as CSV, with its head."""
    text = client.get(f"{LIST}export/{query}").content.decode()
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def test_a_device_stands_in_the_list_from_the_moment_it_is_added(tenant: Tenant, admin: Client) -> None:
    """Also one that nothing has read yet."""
    add_device("new one", "socket://127.0.0.1:9100", by=ADMIN)
    assert names(admin) == ["new one"]
    assert "Not read yet" in admin.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?c=severity,is,error,service", ["lib-1", "med-1"]),
        ("?c=severity,is,error&c=maker,equals,halden", ["lib-1"]),
        ('?c=model,begins-with,"LBP, wide"', ["lib-2"]),
        ("?c=power,is,no-response", ["hum-1"]),
        ("?c=address,within,127.3.0.0/24", ["med-1"]),
        ("?f=LIBRARY", ["lib-1", "lib-2"]),
        ("?order=-pages", ["hum-1", "lib-1", "lib-2", "med-1"]),
        ("?order=pages", ["lib-2", "lib-1", "hum-1", "med-1"]),
    ],
)
def test_the_address_says_what_the_list_shows(
    fleet: list[Machine], admin: Client, query: str, expected: list[str]
) -> None:
    """Values of a condition are alternatives, conditions add up; the unknown comes last. EMC-DLST-04 EMC-DLST-05"""
    assert names(admin, query) == expected


def test_a_condition_that_cannot_be_used_is_said(fleet: list[Machine], admin: Client) -> None:
    """The others hold, and the page says which was left out and why."""
    page = admin.get(f"{LIST}?c=colour,is,green&c=severity,is,error")
    assert [row.machine.device.name for row, _cells in page.context["rows"]] == ["lib-1"]
    assert "There is no item “colour”" in page.content.decode()


def test_a_filter_is_added_by_the_form(fleet: list[Machine], admin: Client) -> None:
    """Several lines are several values; the rest of the list stays."""
    form = {"f": "lib", "item": "model", "op": "begins-with", "values": "C4\nLBP"}
    answer = admin.get(f"{LIST}narrow/", form)
    assert names(admin, "?" + answer.headers["Location"].partition("?")[2]) == ["lib-1", "lib-2"]
    assert "lib" in answer.headers["Location"]


def test_chosen_columns_are_kept_for_the_person(
    fleet: list[Machine], admin: Client, as_role: Callable[[Role], Client]
) -> None:
    """Each person finds the list as they keep it; others are not touched. EMC-DLST-01 SC-DEVFIND-06"""
    admin.post(f"{LIST}columns/", {"column": ["serial", "pages"]})
    assert admin.get(LIST).context["list"].columns == ("name", "serial", "pages")
    assert "state" in as_role(Role.AUDITOR).get(LIST).context["list"].columns
    assert exported(admin)[0] == ["Name", "Serial number", "Life count"]


def test_a_view_is_saved_pinned_and_removed(
    fleet: list[Machine], admin: Client, as_role: Callable[[Role], Client]
) -> None:
    """It holds filter, order and columns, stands at the side, and somebody else's is not touched. EMC-DLST-07"""
    query = "?c=severity,is,error,service&order=-pages"
    admin.post(f"{LIST}views/add/{query}", {"name": "Broken", "pinned": "on", "for_all": "on"})
    auditor = as_role(Role.AUDITOR)
    page = auditor.get(LIST)
    assert "Pinned views" in page.content.decode()
    view, kept = page.context["views"][0]
    assert names(auditor, f"?{kept}") == ["lib-1", "med-1"]
    assert "There is a view named Broken already" in (
        auditor.post(f"{LIST}views/add/", {"name": "Broken"}, follow=True).content.decode()
    )
    auditor.post(f"{LIST}views/{view.pk}/remove/")
    assert SavedView.objects.filter(name="Broken").exists()
    admin.post(f"{LIST}views/{view.pk}/remove/")
    assert not SavedView.objects.filter(name="Broken").exists()


def test_many_are_changed_after_a_preview(fleet: list[Machine], admin: Client) -> None:
    """The preview names what will change and changes nothing; then all of them change. SC-DEVBULK-01 EMC-DINF-05"""
    group = set_group("Reading room", by=ADMIN)
    picked = {"id": [str(fleet[0].pk), str(fleet[1].pk)]}
    wish = {"location": "Annex", "group_in": str(group.pk)}
    preview = admin.post(f"{LIST}change/", {**picked, **wish, "step": "preview"})
    assert "Annex" in preview.content.decode()
    assert Device.objects.filter(location="Annex").count() == 0
    ids = preview.context["picked"].written
    admin.post(f"{LIST}change/", {"ids": ids, **wish, "change_location": "on", "step": "apply"})
    assert set(Device.objects.filter(location="Annex").values_list("name", flat=True)) == {"lib-1", "lib-2"}
    assert Membership.objects.filter(group=group).count() == 2


def test_all_that_match_are_picked_at_once(fleet: list[Machine], admin: Client) -> None:
    """They are those of the whole list, not of one page. EMC-DREM-02 EMC-DREM-05"""
    admin.post(f"{LIST}manage/?c=maker,equals,Halden", {"all": "1", "managed": "no"})
    assert names(admin) == ["hum-1", "med-1"]
    assert names(admin, "?removed=1") == ["lib-1", "lib-2"]
    admin.post(f"{LIST}manage/?removed=1", {"id": [str(fleet[0].pk)], "managed": "yes"})
    assert names(admin) == ["hum-1", "lib-1", "med-1"]


def test_picked_devices_are_read_now(fleet: list[Machine], as_role: Callable[[Role], Client]) -> None:
    """Those with an address are due at once; the page says how many are not. Who does not answer stands in the list.

    SC-DEVMON-01
    """
    desk = as_role(Role.HELP_DESK)
    page = desk.post(f"{LIST}read/", {"id": [str(each.pk) for each in fleet]}, follow=True).content.decode()
    assert "1 device is read now. 3 have no address" in page
    assert Machine.objects.get(pk=fleet[3].pk).due_at is not None
    power = {row[0]: row[1] for row in exported(as_role(Role.ADMINISTRATOR), "?cols=name,power")}
    assert (power["hum-1"], power["lib-1"]) == ("Not answering", "Not read yet")


def test_nothing_is_done_to_nothing(fleet: list[Machine], admin: Client) -> None:
    """Without a tick the page says so; numbers that are none of ours are left out."""
    for path in ("change/", "read/", "manage/"):
        assert (
            "No device was picked" in admin.post(f"{LIST}{path}", {"id": ["x", "9" * 30]}, follow=True).content.decode()
        )
    assert Machine.objects.filter(managed=False).count() == 0


def test_an_export_is_exactly_what_is_shown(fleet: list[Machine], admin: Client) -> None:
    """Columns, filter and order; what begins like a formula is made text in every format. EMC-EXP-01 EMC-EXP-02"""
    Device.objects.filter(name="lib-1").update(location="=1+1")
    rows = exported(admin, "?c=maker,equals,Halden&cols=name,location,pages&order=-pages")
    assert rows == [["Name", "Place", "Life count"], ["lib-1", "\t=1+1", "900"], ["lib-2", "Library", "100"]]
    book = admin.get(f"{LIST}export/?cols=name,location,pages&c=name,equals,lib-1&format=xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    name, location, pages = next(sheet.iter_rows(min_row=2))
    assert (name.value, pages.value) == ("lib-1", 900)
    assert (location.data_type, location.value) == ("s", "'=1+1")
    refused = admin.get(f"{LIST}export/?format=tab")
    assert (refused.status_code, "csv, txt, xlsx" in refused.content.decode()) == (400, True)
    text = admin.get(f"{LIST}export/?cols=name&format=txt&c=name,equals,lib-1")
    assert text.headers["Content-Disposition"].endswith('.txt"')


def test_the_head_counts_each_device_under_its_worst(fleet: list[Machine], admin: Client) -> None:
    """Counters lead to their devices, one of none is not there, the tab's icon is the worst.

    EMC-UI-01 EMC-UI-02 EMC-UI-03 EMC-UI-04
    """
    page = admin.get("/console/jobs/").content.decode()
    assert 'aria-label="1 service call"' in page
    assert "mark-service" in page
    assert names(admin, "?c=severity%2Cis%2Cwarning") == ["lib-2"]
    Machine.objects.filter(severity=Severity.SERVICE).update(severity=Severity.NONE)
    page = admin.get("/console/devices/signs/").content.decode()
    assert "service call" not in page
    assert "mark-error" in page
    Machine.objects.filter(severity=Severity.ERROR).update(severity=Severity.NONE)
    assert "platen/mark" in admin.get("/console/jobs/").content.decode()
    assert "mark-error" not in admin.get("/console/jobs/").content.decode()


def test_the_supply_that_is_out_first_stands_in_the_list(fleet: list[Machine], admin: Client) -> None:
    """With its days where they are forecast, else with what is left."""
    pk = fleet[0].pk
    for key, color, percent, days in (("1", "cyan", 40, 3), ("2", "black", 20, None)):
        Supply.objects.create(
            machine_id=pk, key=key, kind="toner", color=color, state="level", percent=percent, days_left=days
        )
    page = admin.get(LIST).content.decode()
    assert "Cyan, 3 days" in page
    Supply.objects.filter(machine_id=pk).update(days_left=None)
    assert "Black 20%" in admin.get(LIST).content.decode()


def test_the_list_costs_the_same_for_any_number(fleet: list[Machine], admin: Client) -> None:
    """No query for each device: neither for its supplies nor for its region or place."""
    before = queries(admin, LIST)
    for number in range(12):
        made = machine(f"more-{number}", severity=Severity.WARNING)
        Supply.objects.create(machine_id=made.pk, key="1", kind="toner", state="level", percent=5)
    assert queries(admin, LIST) == before
    assert queries(admin, "/console/fleet/") <= 40


def test_a_long_list_is_paged_by_key(tenant: Tenant, admin: Client) -> None:
    """Together the pages show every device once, in the order of the list, also where many are equal."""
    for number in range(115):
        add_device(f"d-{number:03}", "", by=ADMIN)
    adopt_devices(timezone.now())
    for order in ("name", "-pages_month"):
        shown, query = [], f"order={order}"
        while query:
            page = admin.get(f"{LIST}?{query}").context
            shown += [row.machine.device.name for row, _cells in page["rows"]]
            query = page["next"]
        assert sorted(shown) == [f"d-{number:03}" for number in range(115)], order
    assert "115 devices" in admin.get(LIST).content.decode()


def test_a_filter_stays_while_its_person_is_elsewhere(
    fleet: list[Machine], admin: Client, as_role: Callable[[Role], Client]
) -> None:
    """The way to the list leads to it as it was narrowed, and says so, on every page; one condition or all are taken
    away there. Somebody else's list is not narrowed. EMC-DLST-06"""
    query = "?f=LIB&c=severity%2Cis%2Cerror&c=maker%2Cequals%2Chalden"
    page = admin.get(f"{LIST}{query}")
    assert [label for label, _words, _query in page.context["chips"]] == ["State", "Maker"]
    assert f'href="{LIST}">Reset</a>' in page.content.decode()
    escaped = query.replace("&", "&amp;")
    for elsewhere in ("/console/fleet/", f"{LIST}{fleet[0].device.uuid}/"):
        content = admin.get(elsewhere).content.decode()
        assert f'href="{LIST}{escaped}"' in content
        assert ">filtered<" in content
    assert ">filtered<" not in as_role(Role.AUDITOR).get("/console/fleet/").content.decode()
    assert names(admin, f"?{page.context['chips'][0][2]}") == ["lib-1", "lib-2"]
    admin.get(LIST)
    assert ">filtered<" not in admin.get("/console/fleet/").content.decode()


def test_a_row_leads_where_it_points(fleet: list[Machine], admin: Client) -> None:
    """The name leads to the device, its address to the machine's own web page, state, power, severity and response to
    how it is now, the link to what was stored. EMC-DLST-02 EMC-DLST-08 EMC-DLST-14"""
    Machine.objects.filter(pk=fleet[3].pk).update(
        link="https://wiki.example.org/med", training="field-service", trouble="Call service E000"
    )
    columns = "name,address,state,power,severity,training,trouble,link,model,maker,location"
    page = admin.get(f"{LIST}?f=med-1&cols={columns}").content.decode()
    device = f"{LIST}{fleet[3].device.uuid}/"
    assert f'<a class="name" href="{device}">med-1</a>' in page
    assert '<a href="http://127.3.0.9/" rel="noreferrer">127.3.0.9</a>' in page
    assert page.count(f'<a class="now" href="{device}#now">') == 4
    assert '<a href="https://wiki.example.org/med"' in page
    assert "Call service E000" in page
    Machine.objects.filter(pk=fleet[3].pk).update(address="2001:db8::9")
    assert '<a href="http://[2001:db8::9]/"' in admin.get(f"{LIST}?f=med-1&cols={columns}").content.decode()
    assert 'id="now"' in admin.get(device).content.decode()


def test_the_list_has_its_tools(fleet: list[Machine], admin: Client) -> None:
    """Views, a filter, devices added by hand, by file and by a search, exports in three formats, a view to save, and
    those that were removed from management. EMC-DLST-03 EMC-DIMP-01"""
    page = admin.get(LIST).content.decode()
    search = admin.get("/console/discovery/").content.decode()
    for path in ("?removed=1", "?view=attention", "/console/discovery/", "/console/devices/add/", "views/add/"):
        assert f'{path}"' in page or f"{path}?" in page, path
    for kind in ("xlsx", "csv", "txt"):
        assert f"format={kind}" in page
    assert "/console/devices/import/" in search


def test_what_is_managed_stands_in_a_column(fleet: list[Machine], admin: Client) -> None:
    """Each device says whether it is watched, beside restarts, time since the last of these, how fast it answered and
    how fast it usually does. SC-DEVMON-04 SC-DEVMON-05"""
    Machine.objects.filter(pk=fleet[0].pk).update(managed=False)
    Machine.objects.filter(pk=fleet[1].pk).update(reboots=3, uptime_s=7_200, response_ms=12.4, response_usual_ms=9.6)
    columns = "&cols=name,managed,reboots,uptime,response_ms,response_usual_ms"
    assert exported(admin, f"?removed=1{columns}")[1][:2] == ["lib-1", "no"]
    assert exported(admin, f"?f=lib-2{columns}")[1] == ["lib-2", "yes", "3", "2 h 0 min", "12", "10"]


def test_several_are_deleted_for_good(fleet: list[Machine], admin: Client) -> None:
    """Devices that were removed from management are deleted with all that was read of them, once that is confirmed;
    what a queue needs keeps all of them. Where deleting several is denied, one by one. EMC-DREM-04 SC-DEVBULK-03"""
    Supply.objects.create(machine=fleet[0], key="1", kind="toner", state="level")
    picked = {"ids": f"{fleet[0].pk},{fleet[1].pk}"}
    Machine.objects.filter(pk__in=[fleet[0].pk, fleet[1].pk]).update(managed=False)
    assert f"{LIST}delete/" in admin.get(f"{LIST}?removed=1").content.decode()
    assert f"{LIST}delete/" not in admin.get(LIST).content.decode()
    asked = admin.post(f"{LIST}delete/?removed=1", picked).content.decode()
    assert "Delete 2 devices?" in asked
    assert Device.objects.count() == 4
    needed = change_device(fleet[1].device, by=ADMIN, uri="socket://127.0.0.1:9100")
    queue = add_queue("desk", QueueKind.PUSH, by=ADMIN, device=needed)
    told = admin.post(f"{LIST}delete/?removed=1", {**picked, "step": "do"}, follow=True).content.decode()
    assert "Nothing was deleted. lib-2 is the device of desk." in told
    assert Device.objects.count() == 4
    remove_queue(queue, by=ADMIN)
    change_policy(by=ADMIN, deny_multi_delete=True)
    told = admin.post(f"{LIST}delete/?removed=1", {**picked, "step": "do"}, follow=True).content.decode()
    assert "Devices are deleted one by one here." in told
    change_policy(by=ADMIN, deny_multi_delete=False)
    assert admin.post(f"{LIST}delete/?removed=1", {**picked, "step": "do"})["Location"] == f"{LIST}?removed=1"
    assert [each.name for each in Device.objects.order_by("name")] == ["hum-1", "med-1"]
    assert not Supply.objects.exists()


def test_picked_devices_are_restarted(fleet: list[Machine], admin: Client) -> None:
    """One or several are restarted from the list, once that is confirmed: a run with a result for each.
    SC-DEVADM-01 EMC-RSTR-01"""
    picked = {"ids": f"{fleet[0].pk},{fleet[3].pk}"}
    assert "Restart 2 devices?" in admin.post(f"{LIST}restart/", picked).content.decode()
    assert not Run.objects.exists()
    answer = admin.post(f"{LIST}restart/", {**picked, "step": "do"})
    run = Run.objects.get()
    assert answer["Location"] == f"/console/runs/{run.uuid}/"
    assert (run.kind, run.settings["target"]) == ("restart", {"devices": [fleet[0].pk, fleet[3].pk]})
    assert "restart" in admin.get(f"{LIST}{fleet[3].device.uuid}/").content.decode()
    assert "No device was picked" in admin.post(f"{LIST}restart/", {}, follow=True).content.decode()


def test_what_picked_devices_have_now_is_said(fleet: list[Machine], admin: Client) -> None:
    """A form for several shows the value that all of them have, and says where they differ. SC-DEVBULK-02"""
    region = set_region("Campus", "127.3.0.0/16", "", by=ADMIN)
    Machine.objects.filter(pk__in=[fleet[0].pk, fleet[1].pk]).update(region=region)

    def said(*machines: Machine) -> dict[str, str]:
        form = admin.post(f"{LIST}change/", {"id": [each.pk for each in machines]}).context["form"]
        return {name: str(form.fields[name].help_text).strip() for name in ("location", "region", "place", "managed")}

    alike = {"location": "Now: Library.", "region": "Now: Campus.", "place": "Now: None."}
    assert said(fleet[0], fleet[1]) == {**alike, "managed": "Now: Yes: read and counted."}
    Machine.objects.filter(pk=fleet[3].pk).update(managed=False)
    mixed = "Now they differ."
    assert said(*fleet) == {"location": mixed, "region": mixed, "place": "Now: None.", "managed": mixed}
