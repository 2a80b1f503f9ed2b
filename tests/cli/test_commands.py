"""What an administrator does before there is a browser: each command, and its listing as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from platen.cli import commands
from platen.cli.database import Refusal
from platen.cli.main import app
from platen.devices.services import ensure_default_queue
from platen.directory.models import Card
from platen.policy.owner import NamesOfJob
from platen.printing.arrivals import Accepted, Arrival
from platen.printing.intake import accept_batch
from platen.printing.models import Job
from platen.printing.node_spool import node_spool
from platen.printing.queue_facts import all_queue_facts

del commands  # imported for what importing it registers

PRICES = """\
currency = "EUR"
[print]
per_job = "0.20"
[print.sizes.A4]
sheet = "0.05"
mono = "0.10"
color = "0.30"
[print.sizes.Other]
sheet = "0.05"
mono = "0.10"
color = "0.30"
"""


def run(*arguments: str) -> str:
    """Run a command in this process, on the test's database. Raises: Refusal, SystemExit."""
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    if result.exit_code:
        raise SystemExit(f"{result.exit_code}: {result.output}")
    return result.stdout


def listed(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def hold_document(logon: str, name: str) -> Job:
    """A held job with a document."""
    ensure_default_queue()
    queue = next(each for each in all_queue_facts() if each.is_default)
    arrival = Arrival(queue=queue, name=name, names=NamesOfJob(requesting_user_name=logon), document=b"%PDF-1.7")
    (accepted,) = accept_batch(node_spool(), [arrival])
    assert isinstance(accepted, Accepted)
    return Job.objects.get(id=accepted.job_id)


@pytest.mark.usefixtures("tenant")
class TestPeople:
    def test_a_person_with_cards_and_pin(self) -> None:
        """One command adds a person with any number of cards and a PIN, and the list shows them. SC-USER-01"""
        run(
            "users",
            "add",
            "marta",
            "--name",
            "Marta Okafor",
            "--email",
            "m@example.org",
            "--card",
            "04A2",
            "--card",
            "04B3",
            "--pin",
            "4711",
        )
        assert [(row["logon"], row["name"]) for row in listed("users", "list")] == [("marta", "Marta Okafor")]
        assert listed("cards", "find", "04B3")["logon"] == "marta"
        assert listed("users", "list", "--search", "04A2")[0]["logon"] == "marta"

    def test_a_weak_pin_adds_nobody(self) -> None:
        """A PIN that is refused leaves no half-made person behind."""
        with pytest.raises(Refusal):
            run("users", "add", "marta", "--card", "04A2", "--pin", "1234")
        assert listed("users", "list") == []

    def test_a_domain_in_the_logon(self) -> None:
        """A logon with its domain before it is refused with a sentence that says where the domain goes."""
        with pytest.raises(Refusal, match="Write the domain before it as the domain"):
            run("users", "add", r"CORP\marta")
        assert listed("users", "list") == []

    def test_cards_are_added_and_removed(self) -> None:
        """A card changes hands by commands, and the number of another's card is refused. SC-ERR-T03"""
        run("users", "add", "marta")
        run("users", "add", "jonas")
        run("cards", "add", "marta", "04C4")
        with pytest.raises(Refusal):
            run("cards", "add", "jonas", "04C4")
        run("cards", "remove", "04C4")
        assert not Card.objects.exists()
        with pytest.raises(Refusal, match="No card"):
            run("cards", "find", "04C4")

    def test_nobody_of_that_name(self) -> None:
        """A logon that nobody has is answered with a sentence that says where to look."""
        with pytest.raises(Refusal, match="users list"):
            run("cards", "add", "nobody", "04C4")


@pytest.mark.usefixtures("tenant")
class TestDevices:
    @pytest.mark.parametrize(
        "uri",
        [
            "ipp://127.0.0.1:631/ipp/print",
            "ipps://127.0.0.1/ipp/print",
            "socket://127.0.0.1:9100",
            "lpd://127.0.0.1/raw",
        ],
    )
    def test_a_device_of_each_kind(self, uri: str) -> None:
        """Devices are added by their address, whatever the way to them. SC-CHAN-07"""
        run("devices", "add", "copyroom", "--uri", uri, "--print-all-at-login")
        assert [row["uri"] for row in listed("devices", "list")] == [uri]

    def test_a_wrong_address(self) -> None:
        """An address that cannot be one is refused before anything is stored."""
        with pytest.raises(Refusal):
            run("devices", "add", "copyroom", "--uri", "http://127.0.0.1")
        assert listed("devices", "list") == []

    def test_queues_and_readers(self) -> None:
        """A push queue needs a device, a pull queue none; a reader is bound to a device. SC-CARD-06"""
        run("devices", "add", "copyroom", "--uri", "socket://127.0.0.1:9100")
        run("queues", "add", "direct", "--push", "copyroom")
        run("queues", "add", "secure", "--pull")
        run("queues", "add", "known", "--pull", "--sign-in-required")
        assert [row["name"] for row in listed("queues", "list") if row["sign_in_required"]] == ["known"]
        kinds = {row["name"]: (row["kind"], row["device"]) for row in listed("queues", "list")}
        assert kinds == {"direct": ("push", "copyroom"), "secure": ("pull", None), "known": ("pull", None)}
        with pytest.raises(Refusal, match="--pull"):
            run("queues", "add", "neither")
        run("readers", "add", "r1", "--device", "copyroom", "--address", "127.0.0.9")
        assert [(row["name"], row["device"]) for row in listed("readers", "list")] == [("r1", "copyroom")]

    def test_readers_from_a_file(self, tmp_path: Path) -> None:
        """Readers are added from a file at once; where one is not, the exit status says so. SC-DEVADD-08"""
        run("devices", "add", "copyroom", "--uri", "socket://127.0.0.1:9100")
        file = tmp_path / "readers.csv"
        file.write_text("127.0.0.9,server,,127.0.0.1\n127.0.0.10\tserver\n127.0.0.10,server,,127.0.0.2\n")
        with pytest.raises(SystemExit, match=r"^1:"):
            run("readers", "import", str(file))
        assert [(row["address"], row["device"]) for row in listed("readers", "list")] == [("127.0.0.9", "copyroom")]
        with pytest.raises(Refusal, match="cannot be read"):
            run("readers", "import", str(tmp_path / "nowhere.csv"))

    def test_a_scheme_from_a_file(self, tmp_path: Path) -> None:
        """A charging scheme is read from a file and assigned with the device. SC-CHARGE-02, SC-CHARGE-03"""
        file = tmp_path / "prices.toml"
        file.write_text(PRICES)
        run("schemes", "set", "Standard", str(file))
        run("devices", "add", "copyroom", "--uri", "socket://127.0.0.1:9100", "--scheme", "Standard")
        assert [row["name"] for row in listed("schemes", "list")] == ["Standard"]
        file.write_text("per_job = [")
        with pytest.raises(Refusal, match="cannot be read"):
            run("schemes", "set", "Standard", str(file))


@pytest.mark.usefixtures("tenant")
class TestJobs:
    def test_list_release_cancel(self) -> None:
        """Held jobs are listed, released at a device and deleted by command. SC-PULL-20"""
        run("users", "add", "marta")
        run("devices", "add", "copyroom", "--uri", "socket://127.0.0.1:9100")
        first, second = hold_document("marta", "One"), hold_document("marta", "Two")
        assert [row["id"] for row in listed("jobs", "list")] == [second.id, first.id]
        run("jobs", "release", str(first.id), "--device", "copyroom")
        with pytest.raises(Refusal, match="already being printed"):
            run("jobs", "release", str(first.id), "--device", "copyroom")
        run("jobs", "cancel", str(second.id))
        assert not Job.objects.get(id=second.id).has_document
        assert [row["id"] for row in listed("jobs", "list", "--owner", "marta")] == [first.id]
        with pytest.raises(Refusal, match="no job 999"):
            run("jobs", "cancel", "999")

    def test_a_job_of_nobody_says_so(self) -> None:
        """A job whose owner is not known says under which name it came. SC-PULL-20"""
        hold_document("stranger", "Whose")
        (row,) = listed("jobs", "list")
        assert (row["owner"], row["why"]) == (None, "Nobody is known as “stranger”.")

    def test_events_and_usage(self) -> None:
        """What happened and what came out are listed, newest first."""
        run("users", "add", "marta")
        assert "marta was added" in listed("events", "list")[0]["message"]
        assert listed("usage", "list") == []


class TestSettings:
    def test_lines_stay_whole_for_other_programs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each row is one line when its reader is no terminal, however long it is, so that it can be searched."""
        monkeypatch.delenv("COLUMNS", raising=False)
        lines = run("settings").splitlines()
        assert len(lines) == 1 + len(listed("settings"))

    def test_every_setting_says_where_it_came_from(self) -> None:
        """Settings are listed with value, origin and meaning; what is secret is not shown."""
        rows = {row["setting"]: row for row in listed("settings")}
        assert rows["port"]["from"] in {"default", "environment PLATEN_PORT"}
        assert all(row["about"] for row in rows.values())
        assert rows["database"]["value"] in {"", "***"}
