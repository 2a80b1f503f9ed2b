"""`platen collectors …`: what an administrator does at home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from platen.cli import commands
from platen.cli.main import app
from platen.cli.refusal import Refusal
from platen.fleet.models import Machine
from platen.protocols.collector.envelope import Header, seal
from platen.protocols.collector.rows import Kind, Row
from platen.readings.facts import Identity, Meter, Reading
from platen.readings.parts import parts_of

del commands  # imported for what importing it registers
pytestmark = pytest.mark.usefixtures("tenant")


def run(*arguments: str, status: int = 0) -> str:
    """What it prints. Raises: Refusal."""
    result = CliRunner().invoke(app, ["collectors", *arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.stdout


def envelope(made: dict[str, Any], number: int) -> bytes:
    """A reading, as the collector sends it."""
    parts = parts_of(Reading(identity=Identity(serial="HC4-1"), meters=(Meter("total", number, "1.3"),)))
    row = Row(number, Kind.READING, 1_700_000_000_000 + number, "m1", {"parts": parts, "full": True, "address": "a"})
    after = number - 1
    values = {"collector": made["collector"], "stream": "s", "began_ms": 1, "after": after}
    return seal(Header(first=number, last=number, rows=1, **values), [row], made["key"].encode())


def test_a_collector_is_added() -> None:
    """Its key is shown once and a new one can be made; a name is used once; the list says who never spoke."""
    made = json.loads(run("add", "north", "--json"))
    assert set(made) == {"name", "collector", "key"}
    with pytest.raises(Refusal, match="already"):
        run("add", "north")
    again = json.loads(run("key", "north", "--json"))
    assert (again["collector"], again["key"] == made["key"]) == (made["collector"], False)
    (shown,) = json.loads(run("list", "--json"))
    assert (shown["name"], shown["machines"], shown["last_seen"]) == ("north", 0, None)
    assert made["key"] not in run("list")
    with pytest.raises(Refusal, match="no collector"):
        run("key", "south")


def test_a_key_is_revoked() -> None:
    """Nothing is taken from it until it has a new key."""
    made = json.loads(run("add", "north", "--json"))
    assert "revoked" in run("revoke", "north")
    assert [each["enabled"] for each in json.loads(run("list", "--json"))] == [False]
    again = json.loads(run("key", "north", "--json"))
    assert again["key"] != made["key"]
    assert [(each["enabled"], each["waiting"]) for each in json.loads(run("list", "--json"))] == [(True, 0)]
    with pytest.raises(Refusal, match="no collector"):
        run("revoke", "south")


def test_what_home_wants_is_set() -> None:
    """Within what home may want; anything else is refused with what can be."""
    run("add", "north")
    run("set", "north", "--wants", '{"read_every_s": 900}', "--disabled")
    (shown,) = json.loads(run("list", "--json"))
    assert (shown["configuration"], shown["enabled"]) == ({"read_every_s": 900}, False)
    with pytest.raises(Refusal, match="cannot decide"):
        run("set", "north", "--wants", '{"home": "https://elsewhere"}')
    with pytest.raises(Refusal, match="JSON"):
        run("set", "north", "--wants", "soon")


def test_files_are_taken(tmp_path: Path) -> None:
    """In the order of their rows; those that cannot be taken stay, and the exit status says so."""
    made = json.loads(run("add", "north", "--json"))
    for number in (2, 1):
        (tmp_path / f"{number}.envelope").write_bytes(envelope(made, number))
    (tmp_path / "3.envelope").write_bytes(b"rubbish")
    said = run("import", str(tmp_path), "--remove", status=1)
    assert said.splitlines()[:2] == ["1.envelope: 1 rows taken.", "2.envelope: 1 rows taken."]
    assert [path.name for path in tmp_path.iterdir()] == ["3.envelope"]
    assert Machine.objects.get().pages == 2
    run("set", "north", "--disabled")
    (tmp_path / "3.envelope").write_bytes(envelope(made, 3))
    assert "switched off" in run("import", str(tmp_path / "3.envelope"), status=1)
