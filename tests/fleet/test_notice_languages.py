"""Notices in the language of their rule."""

from __future__ import annotations

import ast
import base64
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import get_language, gettext, override

from platen.eventlog import areas
from platen.fleet import alert_words, finisher_words, notice_texts, notice_words, report_mails, run_mails
from platen.fleet.alert_words import SOURCE
from platen.fleet.errors import FleetError
from platen.fleet.events import Happening, Kind
from platen.fleet.models import Machine, NoticeRule
from platen.fleet.notice_rules import set_rule
from platen.fleet.notice_words import LANGUAGES
from platen.fleet.report_mails import report_mail
from platen.fleet.reports import audit, columns, events, tables, usage
from platen.fleet.run_mails import run_mail
from platen.policy.fleet.notices import Turn
from platen.policy.said import said
from platen.services import tasks as services_tasks
from platen.services.fleet import doing, hook_tasks, writing
from platen.services.task_orders import Outcome
from platen.tasks.models import Result, Run, RunState
from platen.tenants.models import Tenant
from tests.fixtures_tenant import ADMIN
from tests.fleet.test_notice_texts import NOW, jam, machine, reached, told

__all__ = ["machine", "reached"]
pytestmark = pytest.mark.usefixtures("tenant")
OTHERS = sorted(set(LANGUAGES) - {SOURCE})


def texts_in(module: ModuleType) -> Iterator[str]:
    """Every text that a module marks for translation, but those for the console."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "noop"}:
            (text,) = node.args
            if isinstance(text, ast.Constant):
                yield str(text.value)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    """Each text of notices, of mails of tasks and of reports has its translation with the same names in it, and what is
    used is what was written."""
    written = Path(settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    pairs = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', written, re.MULTILINE))
    modules = (notice_words, notice_texts, alert_words, run_mails, report_mails, areas, audit, columns, events)
    with override(language):
        more = (finisher_words, tables, usage, services_tasks, doing, hook_tasks, writing)
        for text in {text for module in (*modules, *more) for text in texts_in(module)}:
            translated = gettext(text)
            assert translated == pairs[text]
            assert sorted(re.findall(r"%\(\w+\)[sd]", translated)) == sorted(re.findall(r"%\(\w+\)[sd]", text))


def test_a_mail_is_in_the_language_of_its_rule(machine: Machine, reached: None) -> None:
    """The words around what a device says of itself are German where the rule says so, and English elsewhere."""
    happening = jam(machine, training="trained")
    subject, body, _payload = told(machine, happening, language="de")
    assert subject == "lib-1f: Papierstau (Paper jam, cover B)"
    for line in ("Seriennummer:", "Kritisch: Es wird nicht gedruckt", "Eingewiesene Personen", "Öffnen Sie die Abdeck"):
        assert line in body
    assert "Gemeldet von der Regel „Errors“." in body
    assert told(machine, happening, Turn.CLEARED, language="de")[0].startswith("Vorbei: ")
    assert "Serial number:" in told(machine, happening)[1]
    assert get_language() == SOURCE


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_told_in_english_as_it_happens_is_told_in_german(machine: Machine, kind: Kind) -> None:
    """A sentence that was made in English while something was stored is made anew in the rule's language."""
    detail = {"before": "4.1", "after": 7, "description": "Toner CF410X"}
    happening = Happening(kind, machine.pk, NOW, "1", "It was said in English.", detail)
    told_in = told(machine, happening, language="de")[2]["sentence"]
    assert told_in
    assert ("English" in told_in) is (
        kind in {Kind.ALERT_BEGAN, Kind.ALERT_CLEARED, Kind.SEVERITY, Kind.POWER, Kind.SUPPLY_LEVEL, Kind.REMOVED}
    )
    assert told(machine, happening)[2]["sentence"] == "It was said in English."


def test_an_alert_without_words_of_its_own(machine: Machine) -> None:
    """What its code means is told, in the rule's language; a code that nobody knows as it is."""
    for code, english, german in (("jam", "Paper jam", "Papierstau"), ("31-07", "31-07", "31-07")):
        happening = Happening(Kind.ALERT_BEGAN, machine.pk, NOW, "a", code, {"code": code, "description": ""})
        assert told(machine, happening)[2]["sentence"] == english
        assert told(machine, happening, language="de")[2]["sentence"] == german


def test_the_mail_of_a_run_is_in_the_language_of_its_task() -> None:
    """What each result says as well, and its table of results, with what is wished of each. EMC-TASK-11"""
    run = Run(name="Nachts", kind="read", state=RunState.ERROR, targets=2, done=2, failed=1)
    late = said("It took longer than %(seconds)s s.", seconds="300").as_json()
    run.message, run.said = "It took longer than 300 s.", [late]
    run.save()
    outcome = Outcome.of(False, said("It did not answer."))
    Result.objects.create(run=run, target="a", state=RunState.TIMEOUT, message=outcome.message, detail=outcome.detail)
    columns = ["state", "target", "message"]
    wanted = {"mail": ["a@example.org"], "language": "de", "format": "csv", "columns": columns}
    mail: dict[str, Any] = run_mail(run, {**wanted, "important": True})
    assert mail["subject"] == "Nachts: mit Fehlern, 2 von 2 Geräten, 1 fehlgeschlagen"
    assert "Fehlgeschlagen (1)\n  a: Es hat nicht geantwortet." in mail["body"]
    assert "\nEs dauerte länger als 300 s.\n" in mail["body"]
    table = base64.b64decode(mail["attachments"][0]["data"]).decode("utf-8-sig")
    assert table.splitlines() == ["Gerät,Zustand,Meldung", "a,Zeit abgelaufen,Es hat nicht geantwortet."]
    assert mail["important"] is True
    assert "a: It did not answer." in str(run_mail(run, {"mail": ["a@example.org"]})["body"])
    assert run_mail(run, {"mail": ["a@example.org"]})["subject"] == "Nachts: with errors, 2 of 2 devices, 1 failed"
    assert get_language() == SOURCE


def test_a_report_is_mailed_in_the_language_of_its_task(machine: Machine) -> None:
    """Subject, sentence and heads; marked as important where the task says so. EMC-RMAI-02"""
    Machine.objects.filter(pk=machine.pk).update(severity=2, trouble="Paper jam")
    settings = {"report": "status", "format": "csv", "to": ["a@example.org"], "important": True, "language": "de"}
    mail, rows = report_mail(settings, None, NOW)
    assert (mail["subject"].split(",")[0], rows) == ("Zustände", 1)
    assert mail["body"].endswith("1 Zeile, angehängt.")
    table = base64.b64decode(mail["attachments"][0]["data"]).decode("utf-8-sig")
    assert table.startswith("Name,Hersteller,Modell,Seriennummer,Adresse,Strom,Schwere,Fehler,Ausgelesen")
    assert ",Fehler,Paper jam," in table
    assert mail["important"] is True
    english, _rows = report_mail({**settings, "language": "", "important": False}, None, NOW)
    assert english["subject"].startswith("States, ")
    assert english["important"] is False


def test_a_language_that_there_is_not(tenant: Tenant) -> None:
    """A rule has a language that there is a catalogue of, or none."""
    rule = NoticeRule(name="Jams", conditions=[{"what": "code", "values": ["jam"]}], mail_to=["a@example.org"])
    rule.language = "tlh"
    with pytest.raises(FleetError, match="language"):
        set_rule(rule, by=ADMIN)
    rule.language = "de"
    assert set_rule(rule, by=ADMIN).language == "de"


def test_pages_stay_in_one_language(tenant: Tenant) -> None:
    """A catalogue of notices does not make the console a mixture of languages."""
    page = Client().get("/console/sign-in/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="en">' in page
