"""Messages recorded from real machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from platen.protocols.ipp import CLIENT_LIMITS, DecodeError, decode, encode
from tests.testdata import TESTDATA, needs_testdata

pytestmark = needs_testdata

FOLDER = TESTDATA / "ipp"


def _recorded() -> list[tuple[str, dict[str, Any]]]:
    listing = FOLDER / "expected.json"
    if not listing.is_file():
        return []
    files: dict[str, dict[str, Any]] = json.loads(listing.read_text())["files"]
    return [(name, entry["facts"]) for name, entry in files.items() if Path(name).suffix not in {".txt", ".xml"}]


RECORDED = _recorded()


@pytest.mark.parametrize(("name", "facts"), RECORDED, ids=[name for name, _ in RECORDED])
def test_recorded_message(name: str, facts: dict[str, Any]) -> None:
    """A machine's message is read with its facts, and written back octet by octet where it was correct."""
    data = (FOLDER / name).read_bytes()
    message, rest = decode(data, limits=CLIENT_LIMITS, strict=False)
    if facts.get("malformed"):
        with pytest.raises(DecodeError):
            decode(data, limits=CLIENT_LIMITS)
        return
    assert message.version == tuple(int(part) for part in facts["ipp_version"].split("."))
    assert message.code == int(facts["code"], 16)
    assert message.request_id == facts["request_id"]
    assert len(message.printer) == facts.get("printer_attributes", 0)
    assert len(message.jobs) == facts.get("jobs", 0)
    for attribute in ("printer-make-and-model", "printer-name", "printer-device-id", "document-format-default"):
        if attribute in facts:
            assert message.printer.text(attribute) == facts[attribute]
    assert decode(data, limits=CLIENT_LIMITS) == (message, rest)
    assert encode(message) + rest == data


def test_a_colour_laserjet_names_its_job_with_language_in_its_own_way() -> None:
    """A nameWithLanguage without its outer length is read as the printer meant it."""
    data = (FOLDER / "ipp-client-kotlin/invalid/invalidHpNameWithLanguage.response").read_bytes()
    job = decode(data, strict=False)[0].job
    assert job.text("job-name") == "A4-blank.pdf"
    assert job.text("job-originating-user-name") == "gmuth"
    assert job.integer("job-id") == 993
