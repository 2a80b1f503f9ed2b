"""What notices say: a sentence of what happened, which device, where, since when, how bad, what to do."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from pytest_django import Settings

from platen.devices.services import add_device
from platen.fleet.events import Happening, Kind
from platen.fleet.models import Machine, NoticeRule, Place
from platen.fleet.notice_texts import VARIABLES, filled, payload_of
from platen.fleet.run_mails import LINES_MAX, run_body, run_subject
from platen.policy.fleet.notices import Turn
from platen.tasks.models import Result, Run, RunState
from tests.fixtures_tenant import ADMIN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant", "reached")]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture
def reached(settings: Settings) -> None:
    """A node that people reach by a name."""
    settings.PLATEN = dataclasses.replace(settings.PLATEN, public_url="https://print.example.org/")


@pytest.fixture
def machine() -> Machine:
    """A machine on the first floor of the library."""
    place = Place.objects.create(name="Library, first floor")
    made = Machine(
        device=add_device("lib-1f", "", by=ADMIN, location="Beside the stairs"),
        maker="Halden",
        model="C458",
        serial="HC4-1",
        address="10.1.2.3",
        place=place,
    )
    made.save()
    return made


def told(
    machine: Machine, happening: Happening, turn: Turn = Turn.BEGAN, **rule: Any
) -> tuple[str, str, dict[str, Any]]:
    """Subject and body of the mail, and what a webhook gets."""
    payload = payload_of(NoticeRule(name="Errors", **rule), machine, happening, turn, ZONE)
    return payload["mail"]["subject"], payload["mail"]["body"], payload


def jam(machine: Machine, **detail: Any) -> Happening:
    """A paper jam."""
    said = {"level": "critical", "training": "untrained", "code": "jam"} | detail
    return Happening(Kind.ALERT_BEGAN, machine.pk, NOW, "jam/1", "Paper jam, cover B", said)


def test_a_mail_says_what_it_is_about(machine: Machine) -> None:
    """What happened, which device it is and where, since when, how bad, what to do, and its page. EMC-MONI-03"""
    subject, body, _ = told(machine, jam(machine))
    assert subject == "lib-1f: Paper jam, cover B"
    for words in (
        "Paper jam, cover B",
        "lib-1f",
        "Halden C458",
        "HC4-1",
        "10.1.2.3",
        "Library, first floor, Beside the stairs",
        "2026-03-04 13:00 (Europe/Berlin)",
        "Critical: it does not print",
        "Anybody",
        "take the paper out",
        f"https://print.example.org/console/devices/{machine.device.uuid}/",
        "“Errors”",
    ):
        assert words in body


def test_a_subject_of_one_s_own_keeps_the_event(machine: Machine) -> None:
    """Whatever a rule's subject and text are, the mail says what happened. EMC-MONI-03 EMC-MONI-04"""
    subject, body, _ = told(machine, jam(machine), subject="[$SERIALNUMBER] $DEVICENAME")
    assert subject == "[HC4-1] lib-1f"
    assert "Paper jam, cover B" in body
    _, body, _ = told(machine, jam(machine), subject="[$SERIALNUMBER]", body="Dear colleagues")
    assert body == "Paper jam, cover B\n\nDear colleagues"
    _, body, _ = told(machine, jam(machine), subject="x", body="It says $EVENT: $ADVICE")
    assert body.startswith("It says Paper jam, cover B: Open")


def test_its_end(machine: Machine) -> None:
    """The end says since when it was, and asks for nothing. EMC-MONI-06"""
    over = dataclasses.replace(jam(machine, began_at="2026-03-04T10:30:00+00:00"), kind=Kind.ALERT_CLEARED)
    subject, body, _ = told(machine, over, Turn.CLEARED)
    assert subject == "Over: lib-1f: Paper jam, cover B"
    assert "2026-03-04 11:30" in body
    assert "Nothing has to be done any more." in body
    assert "take the paper out" not in body


@pytest.mark.parametrize("kind", list(Kind))
def test_there_is_always_a_sentence(machine: Machine, kind: Kind) -> None:
    """Whatever happened, a webhook is told it in a sentence, and a mail what to do. EMC-HOOK-01 EMC-HOOK-04"""
    _, body, payload = told(machine, Happening(kind, machine.pk, NOW))
    assert "lib-1f" in payload["sentence"]
    assert payload["link"].endswith(f"/{machine.device.uuid}/")
    assert "What to do:" in body


@pytest.mark.parametrize(
    ("after", "words"), [("no-response", "lib-1f does not answer."), ("asleep", "asleep"), ("on", "lib-1f answers")]
)
def test_power_in_words(machine: Machine, after: str, words: str) -> None:
    """A change of power says what it changed to."""
    subject, _, payload = told(machine, Happening(Kind.POWER, machine.pk, NOW, detail={"after": after}))
    assert words in payload["sentence"]
    assert subject.count("lib-1f") == 1


def test_every_variable_is_filled(machine: Machine) -> None:
    """Each variable that the form names becomes something, and what it becomes is not read again. EMC-MONI-04"""
    machine.device.name = "$SERIALNUMBER"
    said = payload_of(NoticeRule(name="x"), machine, jam(machine), Turn.BEGAN, ZONE)["said"]
    assert said.keys() == VARIABLES.keys()
    assert filled("$DEVICENAME $NOTHING $", said) == "$SERIALNUMBER $NOTHING $"
    assert "$" not in filled(" ".join(f"${name}" for name in VARIABLES if name != "DEVICENAME"), said)


def test_no_link_that_leads_nowhere(machine: Machine, settings: Settings) -> None:
    """Where nobody knows how the node is reached, there is no link rather than a wrong one."""
    settings.PLATEN = dataclasses.replace(settings.PLATEN, public_url="", port=0)
    _, body, payload = told(machine, jam(machine))
    assert payload["link"] == ""
    assert "Its page" not in body


def _run(**values: Any) -> Run:
    made = Run(name="Nightly", kind="read", state=RunState.ERROR, **values)
    made.save()
    return made


def test_the_mail_of_a_run_names_each_device() -> None:
    """Those that failed first, with their reasons, then the others, and where all of it stands. EMC-TASK-11"""
    run = _run(targets=3, done=3, failed=1)
    for name, state, message in (
        ("a", RunState.SUCCESS, "Read; 7 pages."),
        ("b", RunState.ERROR, "10.1.2.9 does not answer."),
        ("c", RunState.SKIPPED, ""),
    ):
        Result.objects.create(run=run, target=name, state=state, message=message)
    assert run_subject(run) == "Nightly: with errors, 3 of 3 devices, 1 failed"
    body = run_body(run)
    places = [body.index(each) for each in ("Failed (1)", "b: 10.1.2.9", "Left out (1)", "Done (1)", "a: Read; 7")]
    assert places == sorted(places)
    assert body.endswith(f"All results: {settings.PLATEN.public_url}console/runs/{run.uuid}/")


def test_the_mail_of_a_large_run_is_bounded() -> None:
    """So many lines and no more; how many are left out is said. EMC-TASK-11"""
    run = _run(targets=LINES_MAX + 50, done=LINES_MAX + 50, failed=1)
    rows = [
        Result(tenant_id=run.tenant_id, run=run, target=f"{n:04}", state=RunState.SUCCESS)
        for n in range(LINES_MAX + 49)
    ]
    Result.objects.bulk_create([*rows, Result(tenant_id=run.tenant_id, run=run, target="z", state=RunState.TIMEOUT)])
    body = run_body(run)
    assert body.index("\n  z\n") < body.index("\n  0000\n")
    assert "and 50 more" in body
    assert len(body.splitlines()) < LINES_MAX + 20
