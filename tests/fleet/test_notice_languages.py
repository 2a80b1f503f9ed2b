"""Notices in the language of their rule."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import get_language, gettext, override

from platen.fleet import notice_texts, notice_words
from platen.fleet.errors import FleetError
from platen.fleet.events import Happening, Kind
from platen.fleet.models import Machine, NoticeRule
from platen.fleet.notice_rules import set_rule
from platen.fleet.notice_words import LANGUAGES, SOURCE
from platen.policy.fleet.notices import Turn
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
    """Each text of notices has its translation with the same names in it, and what is used is what was written."""
    written = Path(settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    pairs = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', written, re.MULTILINE))
    with override(language):
        for text in {*texts_in(notice_words), *texts_in(notice_texts)}:
            translated = gettext(text)
            assert translated == pairs[text]
            assert sorted(re.findall(r"%\(\w+\)[sd]", translated)) == sorted(re.findall(r"%\(\w+\)[sd]", text))


def test_a_mail_is_in_the_language_of_its_rule(machine: Machine, reached: None) -> None:
    """The words around what a device says of itself are German where the rule says so, and English elsewhere."""
    happening = jam(machine, training="trained")
    subject, body, _payload = told(machine, happening, language="de")
    assert subject == "lib-1f: Paper jam, cover B"
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
