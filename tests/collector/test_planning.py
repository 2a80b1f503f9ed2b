"""What a site sees before anything of it leaves: `platen collector plan`, and `status`."""

from __future__ import annotations

import json

import pytest

from platen import __version__
from platen.collector.database import FILE_NAME, Database
from platen.collector.remote import note_version
from platen.collector.state import as_lines, state
from tests.collector.conftest import NETWORK
from tests.collector.site import Site


def test_a_fresh_site_sees_what_would_go(site: Site) -> None:
    """Before anything was sent, plan reads the machines and shows all of it in octets and words; nothing is sent.

    DCA-DATA-03
    """
    before = site.command("plan", "--no-read").stdout
    assert before.startswith("Nothing waits.")
    planned = site.command("plan")
    assert planned.stdout.startswith("3 rows wait.")
    assert planned.stdout.count("identity serial: ") == 3
    assert "Nothing is sent." in planned.stderr
    shown = json.loads(site.command("plan", "--no-read", "--json").stdout)
    assert (shown["waiting"], len(shown["rows"])) == (3, 3)
    assert f"{shown['octets']} octets of envelope" in site.command("plan", "--no-read").stdout
    assert json.loads(site.command("status", "--json").stdout)["last_sent"] is None


def test_a_collector_that_runs_reads_by_itself(site: Site) -> None:
    """While it runs, plan does not read beside it, and shows what waits."""
    site.read()
    running = Database(site.data)
    running.hold()
    try:
        planned = site.command("plan")
    finally:
        running.close()
    assert planned.returncode == 0
    assert "reads by itself" in planned.stderr
    assert planned.stdout.startswith("3 rows wait.")


def test_a_status_in_words(site: Site) -> None:
    """Of a site that never ran each line says so in words, one thing a line. DCA-UPD-02"""
    configuration = site.configuration()
    database = Database(configuration.data)
    try:
        lines = as_lines(state(configuration, database))
        database.note(sent_at=1_700_000_000.0, sent_rows=1200, sent_octets=70_000, home_last=1200)
        note_version(configuration, database, "9.9.9")
        later = as_lines(state(configuration, database))
    finally:
        database.close()
    said = {line[:17].strip(): line[17:] for line in lines[1:]}
    assert said["Runs"] == "no; it has not run yet"
    assert (said["Waiting"], said["Last sent"], said["Last search"]) == ("nothing", "never", "never")
    assert said["Versions"] == f"{__version__} here, home has not told its own"
    assert f"  Versions       {__version__} here, 9.9.9 at home" in later
    assert not any("None" in line for line in lines)
    assert "  Last sent      2023-11-14 22:13:20 UTC, 1,200 rows, 70,000 octets" in later


@pytest.mark.parametrize("command", [("status",), ("once",), ("run",), ("plan", "--no-read"), ("check", "--offline")])
def test_a_disk_that_cannot_be_used(site: Site, command: tuple[str, ...]) -> None:
    """A sentence with what to do instead of a traceback, and a status that is not 0."""
    site.data.mkdir()
    (site.data / FILE_NAME).mkdir()  # SQLite cannot open it, whoever runs this
    done = site.command(*command)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode != 0
    assert "Traceback" not in said
    assert "cannot be used: unable to open database file" in said


def test_addresses_that_are_left_out(site: Site) -> None:
    """Excluded: neither read on nor sent, though known and waiting. No longer listed: no longer read."""
    site.read()
    site.tables["search"]["exclude"] = f"{NETWORK}.7"
    assert here(site.command("plan", "--no-read", "--json").stdout) == {f"{NETWORK}.8", f"{NETWORK}.9"}
    site.tables["search"]["addresses"] = f"{NETWORK}.9"
    site.read()
    rows = json.loads(site.command("plan", "--no-read", "--json").stdout)["rows"]
    assert sorted(row["here"] for row in rows) == [f"{NETWORK}.8", f"{NETWORK}.9", f"{NETWORK}.9"]


def here(planned: str) -> set[str]:
    """Whom the rows of a plan are about."""
    return {row["here"] for row in json.loads(planned)["rows"]}
