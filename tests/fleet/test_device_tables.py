"""Lists of devices as programs and people write them: each form is read, or refused with what would be right."""

from __future__ import annotations

import contextlib
import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.fleet.errors import InvalidValue
from platen.fleet.importing import ImportRow, rows_of_file

HEAD = ["DeviceName", "SerialNumber", "PhysicalAddress", "IPAddress"]
CELLS = [["Büro 1; Nord", "S1", "00c076ff0001", "10.1.0.1"], ["Copier 2", "S2", "", "10.1.0.2"]]


def written(*, before: str = "", delimiter: str = ",", ends: str = "\r\n", encoding: str = "utf-8") -> bytes:
    """The two devices as text."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows([HEAD, *CELLS])
    return (before + text.getvalue()).encode(encoding)


def devices(octets: bytes) -> list[tuple[int, str, str, str, str]]:
    """What was read, by line."""
    return [(each.line, each.name, each.serial, each.mac, each.address) for each in rows_of_file("devices.csv", octets)]


def meant(first: int = 2) -> list[tuple[int, str, str, str, str]]:
    """The two devices, the first on that line."""
    return [(line, name, serial, mac, address) for line, (name, serial, mac, address) in enumerate(CELLS, first)]


@pytest.mark.parametrize(
    ("octets", "first"),
    [
        pytest.param(written(), 2, id="commas"),
        pytest.param(written(delimiter=";"), 2, id="semicolons"),
        pytest.param(written(delimiter="\t"), 2, id="tabs"),
        pytest.param(written(before="sep=;\r\n", delimiter=";"), 3, id="the delimiter is said"),
        pytest.param(written(before="sep=|\r\n", delimiter="|"), 3, id="an unusual delimiter is said"),
        pytest.param(written(before="Devices; all, as of 1 May; 2 rows\r\n"), 3, id="a title"),
        pytest.param(written(before="\r\n\r\n"), 4, id="empty lines"),
        pytest.param(written(ends="\r"), 2, id="carriage returns alone"),
        pytest.param(written(encoding="utf-8-sig"), 2, id="UTF-8 with its mark"),
        pytest.param(written(delimiter="\t", encoding="utf-16"), 2, id="UTF-16 with its mark"),
        pytest.param(written(delimiter="\t", encoding="utf-16-le"), 2, id="UTF-16, little end first, without"),
        pytest.param(written(delimiter=";", encoding="utf-16-be"), 2, id="UTF-16, big end first, without"),
    ],
)
def test_text_as_programs_write_it(octets: bytes, first: int) -> None:
    """The heads are found below titles, whatever ends lines and stands between cells. EMC-DIMP-04 EMC-DIMP-05"""
    assert devices(octets) == meant(first)


def test_a_workbook_with_a_title() -> None:
    """Heads need not stand in its first row. EMC-DIMP-04"""
    book, stored = openpyxl.Workbook(), io.BytesIO()
    for row in (["Devices of the north"], [], HEAD, *CELLS):
        book.active.append(row)
    book.save(stored)
    assert devices(stored.getvalue()) == meant(4)


SAFECOM = ["DeviceID", "Name", "Model", "Type", "Location", "IPAddress", "PushPrint", "DeviceMac", "ChargingSchemeName"]
GO = ["1", "Go 1", "HP M527", "SafeCom Go HP", "Hall", "10.1.0.7", "Yes", "00-11-22-33-44-55", "Usual"]


def test_devices_of_safecom_keep_their_hardware_address() -> None:
    """As CSV and as XML, whose elements are named as the columns. SC-EXP-01 SC-EXP-04"""
    fields = "".join(f"<{head}>{cell}</{head}>" for head, cell in zip(SAFECOM, GO, strict=True))
    xml = f'<?xml version="1.0" encoding="UTF-16"?>\n<Devices><Device>{fields}</Device></Devices>'
    lines = [";".join(SAFECOM), ";".join(GO)]
    for octets in ("\r\n".join(lines).encode(), xml.encode("utf-16")):
        (row,) = rows_of_file("devices", octets)
        said = {"name": "Go 1", "model": "HP M527", "location": "Hall", "address": "10.1.0.7"}
        assert row == ImportRow(line=2, mac="00-11-22-33-44-55", **said)


def test_of_two_columns_that_mean_the_same_the_first_that_says_something() -> None:
    """A name in the network beside an address does not take its place."""
    (one, two) = rows_of_file("d.csv", b"IPAddress,HostName\n10.1.0.1,copier.example.org\n,10.1.0.2\n")
    assert (one.address, two.address) == ("10.1.0.1", "10.1.0.2")


@pytest.mark.parametrize(
    ("octets", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook of an old kind"),
        (b"", "is empty"),
        (b"\r\n \r\n", "is empty"),
        (b"Devices\r\nName,Model\r\na,b\r\n", "None of the columns"),
        (written(encoding="cp1252"), "not UTF-8"),
        (b"<Devices><Device><IPAddress>10.1.0.1</IPAddress>", "damaged"),
        (b'<!DOCTYPE d [<!ENTITY e "x">]><d><r><IPAddress>&e;</IPAddress></r></d>', "declares a document type"),
        (b"<Users><User><UserID>1</UserID></User></Users>", "names no device"),
    ],
)
def test_what_cannot_be_read_is_said(octets: bytes, sentence: str) -> None:
    """In a sentence, with what would be right."""
    with pytest.raises(InvalidValue, match=sentence):
        rows_of_file("", octets)


@given(st.binary(max_size=200), st.sampled_from([b"", b"IPAddress\n", b"sep=", b"<a>", b"PK\x03\x04", b"\xff\xfe"]))
def test_whatever_a_file_holds(octets: bytes, start: bytes) -> None:
    """It is read, or refused; nothing else happens."""
    with contextlib.suppress(InvalidValue):
        assert rows_of_file("", start + octets)
