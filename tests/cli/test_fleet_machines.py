"""`platen fleet discover|list|show` together, as somebody types them, with a simulated fleet on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from platen.cli import fleet_list, fleet_search, fleet_show
from platen.demo.fleet.catalogue import CATALOGUE
from platen.demo.fleet.fleet import Fleet
from platen.demo.fleet.network import FleetSocket
from platen.demo.fleet.population import machine
from platen.demo.fleet.printer_mib import model_of
from platen.tenants.models import Tenant
from tests.cli.own_database import commands_of


@pytest.fixture
def port() -> Iterator[int]:
    """Two machines of different makers, and the port at which they answer."""
    fleet = Fleet()
    fleet.put("127.33.1.7", machine(0, model_of(CATALOGUE[0])))
    fleet.put("127.33.1.8", machine(1, model_of(CATALOGUE[4])))
    with FleetSocket(fleet) as served:
        yield served.port


def platen(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command over a data directory of the test's own."""
    environ = {"PLATEN_DATA": str(data), "PATH": "/usr/bin:/bin", "TERM": "dumb"}
    command = [sys.executable, "-m", "platen", "fleet", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=False)


def answer(data: Path, *arguments: str) -> Any:
    """What it says to a program."""
    done = platen(data, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_from_a_search_to_one_machine(tmp_path: Path, port: int) -> None:
    """A search finds and registers, the list shows, filters and orders, one machine is shown whole.

    SC-DEVFIND-02 EMC-DLST-05
    """
    asked = ("discover", "127.33.1.0/28", "--port", str(port), "--packets-per-s", "5000")
    assert [each["outcome"] for each in answer(tmp_path, *asked, "--dry-run")] == ["new", "new"]
    assert answer(tmp_path, "list") == []
    assert [each["outcome"] for each in answer(tmp_path, *asked)] == ["new", "new"]
    listed = answer(tmp_path, "list", "--order", "-address")
    assert [each["address"] for each in listed] == ["127.33.1.8", "127.33.1.7"]
    second = answer(tmp_path, "list", "--where", f"serial:equals:{listed[0]['serial'].lower()}")
    assert [each["address"] for each in second] == ["127.33.1.8"]
    (shown,) = answer(tmp_path, "show", "127.33.1.7")
    assert shown["meters"]["total"] == shown["pages"] > 0
    assert any(each["percent"] is not None for each in shown["supplies"])
    # In the same words as a machine that is read, and as in the console.
    said = " ".join(platen(tmp_path, "show", "127.33.1.7").stdout.split())
    read = " ".join(platen(tmp_path, "read", "--address", f"127.33.1.7:{port}").stdout.split())
    assert "% of room" in said
    assert "% of room" in read
    assert shown["state"] != "On"


def test_a_search_that_says_everything(tmp_path: Path, port: int) -> None:
    """A community, a condition and what becomes of the rest; kept under a name, by which it runs again. EMC-DISC-09"""
    asked = ("discover", "127.33.1.0/28", "--port", str(port), "--packets-per-s", "5000", "--community", "public")
    only = ("--where", "address:equals:127.33.1.7", "--outcome", "only")
    outcomes = {each["address"]: each["outcome"] for each in answer(tmp_path, *asked, *only, "--keep", "Ground floor")}
    assert outcomes == {"127.33.1.7": "new", "127.33.1.8": "ignored"}
    again = {each["address"]: each["outcome"] for each in answer(tmp_path, "discover", "--search", "Ground floor")}
    assert again == {"127.33.1.7": "known", "127.33.1.8": "ignored"}
    (kept,) = answer(tmp_path, "searches")
    assert (kept["name"], kept["outcome"], kept["port"]) == ("Ground floor", "only", port)
    assert [each["name"] for each in answer(tmp_path, "credentials", "list")] == ["of a search"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("discover",), "Say where to search"),
        (("discover", "127.33.1.300"), "127.33.1.300"),
        (("discover", "127.0.0.0/8"), "16,777,214 addresses"),
        (("discover", "--search", "Attic"), "no search Attic"),
        (("discover", "10.0.0.1", "--credential", "Hall"), "no credential Hall"),
        (("list", "--where", "mood:is:bad"), "no item"),
        (("list", "--order", "nonsense"), "no column “nonsense”"),
        (("show", "nowhere"), "no machine"),
        (("discover", "10.0.0.1", "--group", "Hall"), "no group Hall"),
        (("discover", "10.0.0.1", "--search", "Attic"), "Leave out the rest"),
        (("discover", "10.0.0.1", "--method", "ipp", "--ipp-port", "8631", "--keep", "x"), "usual ports"),
    ],
)
def test_what_cannot_be_done(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str
) -> None:
    """It is refused in a sentence, before anything is asked."""
    commands = commands_of(tenant, monkeypatch, fleet_search, fleet_list, fleet_show)
    assert sentence in commands.refused(*arguments)
