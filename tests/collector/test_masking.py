"""What a site keeps to itself, and that it does not come out by another way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.collector.configuration import MASKS
from platen.collector.database import Database
from platen.collector.late_masks import masked_now
from platen.collector.machines import Machines
from platen.collector.masking import Masks
from platen.collector.outbox import Outbox
from platen.collector.visits import Brought
from platen.policy.fleet.collector import MASKED
from platen.readings.facts import (
    Alert,
    AlertSeverity,
    Finisher,
    Identity,
    Meter,
    Port,
    Reading,
    Status,
    Supply,
    Tray,
)
from platen.readings.parts import parts_of

WHO = Identity(
    maker="Halden",
    model="C458",
    serial="HC458-0001",
    firmware="4.12.0.7",
    mac="00c076ff00f2",
    uuid="16a65700-007c-1000-bb49-00c076ff00f2",
    host_name="hall-registry.example.org",
    location="Main Hall, room of Jane Roe",
    contact="Jane Roe, ext. 1234",
    asset_number="A-77123",
    description="Halden C458; hall-registry; 00:C0:76:FF:00:F2 at 10.1.2.3, Jane Roe, ext. 1234",
)
ALERT = Alert("input/1/jam/Call HALL-REGISTRY", AlertSeverity.CRITICAL, "jam", description="Job payroll.pdf of roe")
READING = Reading(
    identity=WHO,
    status=Status(console=("Printing payroll.pdf", "for roe"), uptime_s=77),
    meters=(Meter("total", 1234, "1.3.6.1.2.1.43"),),
    supplies=(Supply("1.1", "toner", description="Black, ask 10.1.2.3"),),
    trays=(Tray("1", name="Tray Main Hall, room of Jane Roe"),),
    alerts=(ALERT,),
    notes=("10.1.2.3 answers from 10.1.2.4.",),
    finishers=(Finisher("1.1", "stitcher", "Main Hall, room of Jane Roe", abilities=("configuration=10.1.2.3",)),),
    ports=(Port("port.1.1", "lpd", 515, "hall-registry-LPR", "hall-registry"),),
)
NOTHING = dict.fromkeys(MASKED, "nothing")


def out(treatments: dict[str, str], reading: Reading = READING, key: bytes = b"k") -> str:
    """What would go out, as text."""
    masks = Masks({**dict.fromkeys(MASKED, "send"), **treatments}, key)
    return json.dumps([masks.address("10.1.2.3"), parts_of(masks.reading(reading, "10.1.2.3"))])


def test_people_and_jobs_stay_by_default() -> None:
    """Without a word about it neither the display nor the contact of a machine goes out. DCA-DATA-04 DCA-SEC-01"""
    said = out({**MASKS, "alert_text": "nothing"})
    assert "payroll" not in said
    assert "ext. 1234" not in said
    assert "Main Hall" in said
    everything = out({})
    assert all(word in everything for word in ("payroll", "ext. 1234", "Main Hall", "10.1.2.3"))


@pytest.mark.parametrize("treatment", ["token", "nothing"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("address", ["10.1.2.3", "10.1.2.4"]),
        ("mac", ["00c076ff00f2", "00:C0:76:FF:00:F2", "16a65700"]),
        ("host_name", ["hall-registry", "HALL-REGISTRY"]),
        ("location", ["room of Jane"]),
        ("contact", ["ext. 1234"]),
        ("asset_number", ["77123"]),
        ("console", ["Printing", "for roe"]),
        ("alert_text", ["Job payroll"]),
    ],
)
def test_what_is_kept_back_is_nowhere(name: str, words: list[str], treatment: str) -> None:
    """Neither in its own place nor in a description, a tray's name, an alert or a note. DCA-DATA-03"""
    sent = out({})
    assert all(word in sent for word in words)
    kept = out({name: treatment})
    assert not [word for word in words if word.casefold() in kept.casefold()]
    assert "HC458-0001" in kept
    assert "4.12.0.7" in kept  # a version is no address


FULL = "secrethost1.corp.example"


@pytest.mark.parametrize("known", ["secrethost1", FULL, FULL.upper()])
def test_a_name_is_kept_back_in_all_its_forms(known: str) -> None:
    """The name that somebody gave a machine goes out neither behind its model nor with its domain, whichever of its
    forms the machine tells as its name. DCA-DATA-03"""
    who = replace(WHO, host_name=known, model="C458 secrethost1", description=f"C458 {FULL}, up")
    finisher = replace(READING.finishers[0], model="F1 SecretHost1", version="secrethost1")
    supply = replace(READING.supplies[0], description=f"of {FULL}.")
    status = Status(lights={"ready secrethost1": "on"})
    reading = replace(READING, identity=who, finishers=(finisher,), supplies=(supply,), status=status)
    kept = out({"host_name": "token"}, reading).casefold()
    assert "secrethost1" not in kept
    assert "corp" not in kept
    assert r'"c458 \u2026"' in kept


@pytest.mark.parametrize("domain", ["corp.example", "deep.corp.example"])
def test_the_domain_alone_is_kept_back(domain: str) -> None:
    """The domain of a name that is kept back does not come out beside another name. DCA-DATA-03"""
    who = replace(WHO, host_name=f"hall.{domain}", description=f"Mail by relay.corp.example or @{domain}")
    assert "corp" not in out({"host_name": "nothing"}, replace(READING, identity=who))


MAC = "021111113301"


@pytest.mark.parametrize(
    "written",
    [
        *("0211.1111.3301", "02:11:11:11:33:01", "02-11-11-11-33-01", MAC, "02 11 11 11 33 01", "0211-1111-3301"),
        *("021111-113301", "2:11:11:11:33:1", "02.11.11.11.33.01", "NPI113301", f"MAC{MAC}X"),
    ],
)
def test_a_hardware_address_in_every_spelling(written: str) -> None:
    """However a machine writes its hardware address into a text, it is found there. DCA-DATA-03"""
    for text in (written, written.upper()):
        who = replace(WHO, mac=MAC, uuid="", description=f"Halden, {text}; ready")
        said = json.loads(out({"mac": "token"}, replace(READING, identity=who)))[1]["identity"]
        assert any(f"Halden, {left}; ready" in said for left in ("…", "NPI…", "MAC…X"))


@pytest.mark.parametrize("written", ["0211.1111.3301", "02:11:11:11:33:01", "02-11-11-11-33-01", MAC])
def test_a_hardware_address_that_is_not_known(written: str) -> None:
    """One that a machine writes into a text alone, or of another port of it, is taken out as well. DCA-DATA-03"""
    for mac in ("", "00c076ff00f2"):
        who = replace(WHO, mac=mac, uuid="", description=f"Halden {written}, 4.12.0.7")
        kept = out({"mac": "nothing"}, replace(READING, identity=who))
        assert written not in kept
        assert "Halden …, 4.12.0.7" in json.loads(kept)[1]["identity"]


def test_a_token_stays_the_same_and_says_nothing() -> None:
    """The same value has the same token, with another key another one; a token of a hardware address looks like one."""
    masks = Masks({**MASKS, "mac": "token", "address": "token"}, b"k")
    first, second = masks.reading(READING, "10.1.2.3"), masks.reading(READING, "10.1.2.3")
    assert first == second
    assert int(first.identity.mac[:2], 16) & 3 == 2
    assert len(first.identity.mac) == 12
    assert masks.address("10.1.2.3") == masks.address("10.1.2.3") != masks.address("10.1.2.4")
    assert Masks({**MASKS, "address": "token"}, b"other").address("10.1.2.3") != masks.address("10.1.2.3")


def test_an_address_made_of_the_hardware_address() -> None:
    """An IPv6 address that holds the hardware address is masked with that."""
    masks = Masks({**MASKS, "mac": "nothing"}, b"k")
    assert masks.address("fe80::2c0:76ff:feff:f2") == ""
    assert masks.address("2001:db8::10") == "2001:db8::10"


texts = st.text(st.characters(codec="utf-8"), max_size=60)


@given(texts, texts, st.sampled_from(["host_name", "location", "contact"]))
def test_whatever_machines_write(before: str, after: str, name: str) -> None:
    """Whatever stands around it, a value that is kept back does not come out."""
    value = "Quillon-Würzburg 7"
    identity: Any = replace(WHO, description=f"{before}{value}{after}", **{name: value})
    assert value not in json.loads(out(NOTHING, replace(READING, identity=identity)))[1]["identity"]


def test_masks_that_come_later(tmp_path: Path) -> None:
    """Rows that wait go out as if they had been masked from the first, whole ones and those of changes alone."""
    later = {**MASKS, "host_name": "token", "mac": "token", "address": "nothing", "console": "nothing"}

    def gone_out(folder: Path, *masks: dict[str, str]) -> list[Mapping[str, Any]]:
        with closing(Database(folder)) as database:
            machines = Machines(database, Outbox(database))
            for number, treatments in enumerate(masks):
                moved = replace(READING, notes=(f"{READING.identity.host_name} {number}",))
                visit = Brought(None, "10.1.2.3", 161, 1000.0 + number, moved, None, not number)
                machines.record([visit], Masks(treatments, b"k"), 3600)
            return [masked_now(row, Masks(later, b"k"), machines).content for row in Outbox(database).batch()]

    at_once = gone_out(tmp_path / "a", later, later)
    assert [content["full"] for content in at_once] == [True, False]
    assert gone_out(tmp_path / "b", MASKS, MASKS) == at_once
    assert READING.identity.host_name not in str(at_once)
    assert "10.1.2.3" not in str(at_once)
    assert "masked" not in at_once[0]
    assert gone_out(tmp_path / "c", later) == at_once[:1]
