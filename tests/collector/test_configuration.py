"""The configuration file: what it is told, what is wrong with it, what home may change of it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from platen.cli import commands
from platen.cli.main import app
from platen.collector.checking import check
from platen.collector.configuration import MASKS, examine, load
from platen.collector.findings import Level, NotUsable
from platen.collector.remote import effective
from platen.protocols.snmp import UsmUser
from platen.services.collect.snmp_targets import Community
from tests.collector.site import KEY, UUID, Site
from tests.running_node import ROOT

del commands  # imported for what importing it registers


@pytest.fixture
def quiet(tmp_path: Path) -> Site:
    """A site without a network."""
    return Site(tmp_path, tables={"search": {"addresses": "10.1.2.0/24"}})


def problems(site: Site) -> dict[str, str]:
    """What stands in the way, by its place."""
    found = examine(site.write())[1]
    return {each.place: f"{each.sentence} {each.advice}" for each in found if each.level is Level.PROBLEM}


def test_init_writes_every_setting(tmp_path: Path) -> None:
    """The file that is written is complete but for what only the site knows, is for its owner alone, and names every
    setting; a second one is not written over it. DCA-UPD-04"""
    path = tmp_path / "collector.toml"
    command = [sys.executable, "-m", "platen", "collector", "init", str(path), "--name", 'North "A"']
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 0
    assert path.stat().st_mode & 0o077 == 0
    again = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert (again.returncode, "there already" in again.stderr) == (1, True)
    places = {each.place for each in examine(path)[1]}
    assert places == {"collector", "key", "search.addresses"}
    text = path.read_text().replace('addresses = """\n', 'addresses = """\n10.1.2.0/24\n')
    path.write_text(text.replace('collector = ""', f'collector = "{UUID}"').replace('key = ""', f'key = "{KEY}"'))
    configuration = load(path)
    assert (configuration.name, configuration.search.scope.count(), configuration.mask) == ('North "A"', 254, MASKS)
    assert (configuration.health_check, configuration.update_configuration) == (True, True)


def test_init_as_home_shows_it(tmp_path: Path) -> None:
    """The line that home's page shows fills in everything but the addresses; the key is asked for. DCA-UPD-05

    EMC-AGNT-02
    """
    path = tmp_path / "collector.toml"
    line = ["collector", "init", str(path), "--name", "North", "--home", "https://home.example.org"]
    answer = CliRunner().invoke(app, [*line, "--collector", UUID, "--ask-key"], input=f"{KEY}\n")
    assert answer.exit_code == 0
    assert KEY not in answer.output
    assert answer.output.splitlines()[-1].endswith("Fill in addresses; then `platen collector check`.")
    assert {each.place for each in examine(path)[1]} == {"search.addresses"}
    path.write_text(path.read_text().replace('addresses = """\n', 'addresses = """\n10.1.2.0/24\n'))
    configuration = load(path)
    assert (configuration.home, configuration.collector) == ("https://home.example.org", UUID)
    assert configuration.key == KEY.encode()


def test_every_commented_setting_is_known(tmp_path: Path) -> None:
    """What the file shows as a remark can be used as it stands there."""
    template = (ROOT / "src/platen/collector/template.toml").read_text()
    lines = [
        line.removeprefix("# ") if line.startswith("# ") and ("=" in line or line[2] == "[") else line
        for line in template.splitlines()
    ]
    text = "\n".join(lines).replace('"{name}"', '"n"').replace('addresses = """', 'addresses = """10.0.0.1')
    text = text.replace('collector = ""', f'collector = "{UUID}"').replace('key = ""', f'key = "{KEY}"')
    path = tmp_path / "collector.toml"
    path.write_text(text)
    for name in ("auth", "privacy", "ftps", "mail"):
        (tmp_path / f"{name}.secret").write_text("a long password\n")
    for name in ("id_ed25519", "known_hosts"):
        (tmp_path / name).write_text("x")
    configuration, findings = examine(path)
    assert [each for each in findings if each.level is Level.PROBLEM] == []
    assert configuration is not None
    assert [type(each.credentials) for each in configuration.credentials] == [Community, UsmUser]
    assert configuration.send.mail.password == "a long password"


@pytest.mark.parametrize(
    ("table", "values", "place"),
    [
        ("search", {"addresses": "10.1.2.0/99"}, "search.addresses"),
        ("search", {"addresses": ""}, "search.addresses"),
        ("search", {"addresses": "10.1.2.3", "methods": ["smoke"]}, "search.methods"),
        ("read", {"every_s": 1}, "read.every_s"),
        ("read", {"every_s": True}, "read.every_s"),
        ("mask", {"mac": "hide"}, "mask.mac"),
        ("mask", {"adress": "nothing"}, "mask.adress"),
        ("send", {"way": "pigeon"}, "send.way"),
        ("send", {"way": "mail"}, "send.mail.to"),
        ("send", {"way": "sftp"}, "send.sftp.known_hosts"),
        ("send.https", {"proxy": "socks://x"}, "send.https.proxy"),
        ("send.https", {"ca_file": "gone.pem"}, "send.https.ca_file"),
        ("health", {"check": "yes"}, "health.check"),
    ],
)
def test_what_is_wrong_is_named(quiet: Site, table: str, values: dict[str, Any], place: str) -> None:
    """The setting, and what to write instead; a slip of the pen in a mask does not go unseen."""
    quiet.tables[table] = values
    assert place in problems(quiet)
    with pytest.raises(NotUsable):
        load(quiet.path)


def test_never_in_the_open_without_a_word(quiet: Site) -> None:
    """HTTP, FTP and mail without encryption are refused; where they are allowed, a warning stays.

    DCA-NET-02 DCA-NET-04 DCA-NET-05
    """
    quiet.home = "http://home.example.org"
    assert "insecure = true" in problems(quiet)["home"]
    quiet.home = "https://home.example.org"
    quiet.tables["send"] = {"way": "ftps"}
    quiet.tables["send.ftps"] = {"host": "h", "user": "u", "password": "p", "tls": False}
    assert "insecure = true" in problems(quiet)["send.ftps"]
    quiet.tables["send"] = {"way": "mail"}
    quiet.tables["send.mail"] = {"host": "h", "sender": "a@b", "to": "c@d", "security": "none"}
    assert "insecure = true" in problems(quiet)["send.mail"]
    quiet.tables["send"]["insecure"] = True
    assert problems(quiet) == {}
    assert any("in the open" in each.sentence for each in examine(quiet.path)[1] if each.level is Level.WARNING)


def test_check_says_what_home_says(quiet: Site) -> None:
    """A home that is away is a problem with advice; a file that others read, and a console that is sent, are warnings.

    DCA-SYS-02
    """
    quiet.tables["mask"] = {"console": "send"}
    quiet.write()
    quiet.path.chmod(0o644)
    done = quiet.command("check", "--json")
    assert done.returncode == 0 or done.returncode == 1
    quiet.path.chmod(0o644)
    found = {each.place: each for each in check(quiet.path)}
    assert found["home"].level is Level.PROBLEM
    assert "could not be reached" in found["home"].sentence
    assert found[str(quiet.path)].level is Level.WARNING
    assert found["mask.console"].level is Level.WARNING
    rows = json.loads(done.stdout)
    assert done.returncode == 1
    assert {"level", "place", "sentence", "advice"} == set(rows[0])


def test_what_home_wants(quiet: Site) -> None:
    """Home changes intervals, leaves addresses out and masks more; it widens nothing, and only where the site lets it.

    DCA-UPD-01 DCA-UPD-03 DCA-UPD-04
    """
    quiet.tables["mask"] = {"address": "nothing", "mac": "send"}
    quiet.tables["search"]["packets_per_s"] = 50
    configuration = quiet.configuration()
    wishes = {
        "read_every_s": 600,
        "packets_per_s": 9000,
        "exclude": "10.1.2.1-10.1.2.100",
        "mask": {"address": "send", "mac": "token"},
    }
    wanted = effective(configuration, wishes)
    assert (wanted.read.every_s, wanted.search.packets_per_s, wanted.search.scope.count()) == (600, 50, 154)
    assert (wanted.mask["address"], wanted.mask["mac"]) == ("nothing", "token")
    assert effective(configuration, {**wishes, "home": "https://elsewhere"}) == configuration
    off = replace(configuration, update_configuration=False)
    assert effective(off, wishes) == off


def test_secrets_are_not_shown(quiet: Site) -> None:
    """Neither the key nor a password stands in what is logged of a configuration."""
    quiet.tables["send"] = {"way": "ftps"}
    quiet.tables["send.ftps"] = {"host": "h", "user": "u", "password": "geheim-7"}
    shown = repr(quiet.configuration())
    assert KEY not in shown
    assert "geheim-7" not in shown


def test_no_django(quiet: Site) -> None:
    """Commands of the collector load neither Django nor a node's settings."""
    quiet.write()
    script = (
        "import sys; sys.argv = ['platen', 'collector', 'status', '--config', sys.argv[1]]\n"
        "from platen.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "import platen.collector.service\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('django', 'ninja', 'psycopg')])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(quiet.path)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_computer_that_does_not_fit(quiet: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A laptop, and a computer in two networks, are warned of; one with a single cable is not. DCA-SYS-03 DCA-SYS-05"""
    files = {"BAT0/type": "Battery", "eth0/operstate": "up", "wlan0/operstate": "up", "lo/operstate": "up"}
    for name, value in files.items():
        path = tmp_path / "sys" / name
        path.parent.mkdir(parents=True)
        path.write_text(f"{value}\n")
    for name in ("eth0", "wlan0"):
        (tmp_path / "sys" / name / "device").mkdir()
    monkeypatch.setattr("platen.collector.checking._NET", tmp_path / "sys")
    monkeypatch.setattr("platen.collector.checking._POWER", tmp_path / "sys")
    quiet.write()

    def said() -> list[str]:
        found = check(quiet.path, ask_home=False)
        return [each.sentence for each in found if each.place == "computer"]

    battery, cards = said()
    assert "battery" in battery
    assert "2 network cards are active: eth0, wlan0" in cards
    (tmp_path / "sys" / "wlan0" / "operstate").write_text("down\n")
    (tmp_path / "sys" / "BAT0" / "type").write_text("Mains\n")
    assert said() == []


def test_who_is_read_on(quiet: Site) -> None:
    """Who is listed and not excluded, here or by home; where networks are listened to, others as well."""
    quiet.tables["search"] = {"addresses": "10.1.2.0/24 hall.example.org", "exclude": "10.1.2.9"}
    search = effective(quiet.configuration(), {"exclude": "10.1.2.20-29"}).search
    asked = ("10.1.2.3", "hall.example.org", "10.1.2.9", "10.1.2.21", "10.1.3.3")
    assert [search.reads(address) for address in asked] == [True, True, False, False, False]
    quiet.tables["search"]["methods"] = ["snmp", "wsd"]
    search = effective(quiet.configuration(), {"exclude": "10.1.2.20-29"}).search
    assert [search.reads(address) for address in asked] == [True, True, False, False, True]
