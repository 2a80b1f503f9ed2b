"""Labels with QR codes, and what a telephone that scanned one can do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import segno
from django.test import Client

from platen.console.label_sheets import SHEETS, lines_of, on_sheets
from platen.console.qr import QUIET, qr_code
from platen.devices.models import Device
from platen.directory.models import Role
from platen.fleet.models import Machine
from platen.policy.job_states import JobState
from platen.printing.models import Delivery, Job
from tests.console.conftest import World, held_job
from tests.console.test_rights import address

LABELS = "/console/devices/labels/"


def modules_of(path: str, modules: int) -> list[list[int]]:
    """What a path paints, module by module."""
    painted = [[0] * modules for _ in range(modules)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        for at in range(int(x), int(x) + int(width)):
            painted[int(y)][at] = 1
    return painted


def test_a_code_is_drawn_module_by_module() -> None:
    """The path paints exactly the dark modules, with a quiet zone of four around them. SC-QR-01"""
    text = "https://print.example.org/console/at/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b/"
    code = qr_code(text)
    painted = modules_of(code.path, code.modules)
    inner = [row[QUIET:-QUIET] for row in painted[QUIET:-QUIET]]
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    assert inner == [[int(dark) for dark in row] for row in matrix]
    assert sum(map(sum, painted)) == sum(map(sum, inner))


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=SHEETS)
def test_labels_fit_their_sheet(sheet: object) -> None:
    """What stands on a sheet is no larger than its paper."""
    kind = SHEETS[sheet.name]  # type: ignore[attr-defined]  # of the table
    paper = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}[kind.paper]
    assert kind.columns * kind.width_mm <= paper[0]
    assert kind.rows * kind.height_mm <= paper[1]
    assert 15 <= kind.code_mm_max < kind.height_mm


def test_labels_begin_where_a_sheet_is_used() -> None:
    """Places that were used before stay empty; what does not fit goes onto the next sheet."""
    sheet = SHEETS["a4-8"]
    pages = on_sheets(list("abcdefg"), sheet, 4)
    assert pages == [[None, None, None, "a", "b", "c", "d", "e"], ["f", "g"]]


def test_words_of_a_label(world: World) -> None:
    """Words in braces are the device's own, whatever it calls itself; empty lines go. SC-QR-02"""
    machine = Machine.objects.select_related("device").get(pk=world.device.pk)
    machine.asset_number, machine.device.name = "A-17", "{location} one"
    said = lines_of("{name}\n{serial}\nAsset {asset}, {location}\n{nonsense}", machine)
    assert said == ["{location} one", "Asset A-17, Library", "{nonsense}"]


def test_sheets_are_made_of_picked_devices(world: World, admin: Client) -> None:
    """Size and words are chosen first; each picked device then has a label with its address. SC-QR-01 SC-QR-02"""
    ids = {"ids": str(world.device.pk)}
    assert world.device.name in admin.post(LABELS, ids).content.decode()
    wanted = {
        **ids,
        "step": "print",
        "sheet": "a4-21",
        "first": "3",
        "code_mm": "20",
        "text": "{name}\nRoom {location}",
    }
    page = admin.post(LABELS, wanted)
    (sheet,) = page.context["sheets"]
    assert sheet[:2] == [None, None]
    code, lines = sheet[2]
    assert code == qr_code(f"http://testserver/console/at/{world.device.uuid}/")
    assert lines == ["lib-1", "Room Library"]
    assert 'width="20mm"' in page.content.decode()
    for wrong in ({"first": "22"}, {"code_mm": "60"}, {"sheet": "a3"}):
        assert admin.post(LABELS, wanted | wrong).status_code == 422


def test_nothing_picked(world: World, admin: Client) -> None:
    """Leads back to the list with a sentence."""
    assert admin.post(LABELS, {"ids": "x"}, follow=True).context["list"]


def test_who_scanned_it_prints_there(world: World, device: Device, as_role: Callable[[Role], Client]) -> None:
    """Whoever is signed in prints there what they tick of their own documents, and nobody else's. SC-QR-01"""
    me = as_role(Role.USER)
    Job.objects.filter(pk=world.job.pk).update(state=JobState.COMPLETED, spool_key=None)
    mine, left = (held_job(world.queue, world.people[Role.USER], name) for name in ("mine.pdf", "left.pdf"))
    theirs = held_job(world.queue, world.people[Role.AUDITOR], "theirs.pdf")
    page = me.get(address("at-device", world)).content.decode()
    assert "mine.pdf" in page
    assert "theirs.pdf" not in page
    me.post(address("at-device-print", world), {"job": [str(mine.pk), str(theirs.pk), "nonsense"]})
    assert list(Delivery.objects.values_list("job_id", "device_id")) == [(mine.pk, device.pk)]
    assert set(Job.objects.filter(pk__in=[left.pk, theirs.pk]).values_list("state", flat=True)) == {
        JobState.PENDING_HELD
    }
    Device.objects.filter(pk=device.pk).update(out_of_service=True)
    assert "Nothing can be printed here now" in me.get(address("at-device", world)).content.decode()
