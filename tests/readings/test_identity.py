"""Who a machine is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.device_id import parse_device_id
from platen.readings.identity import maker_of, plausible_serial, read_identity
from platen.readings.maker_names import without_maker
from platen.readings.physical_address import as_mac, physical_address
from platen.readings.reading import read
from platen.readings.tables import Tables
from tests.readings.replay import printer
from tests.walks import values_of

WIRED, ALSO_WIRED, WIRELESS = "0017c865e2b9", "0017c865e2ba", "c48e8fa24549"


def _interfaces(*rows: tuple[str, int, int]) -> Tables:
    """Address, ifType and ifOperStatus of each."""
    raw: dict[Oid, Value] = {}
    for number, (mac, kind, status) in enumerate(rows, 1):
        raw[(*o.IF_PHYS_ADDRESS, number)] = bytes.fromhex(mac)
        raw[(*o.IF_TYPE, number)] = kind
        raw[(*o.IF_OPER_STATUS, number)] = status
    return Tables(raw)


def test_a_plain_printer_says_who_it_is() -> None:
    """Model, serial number, address, names, colour, duplex and that it prints. DCA-DATA-01."""
    identity = read(values_of(printer())).identity
    assert (identity.model, identity.serial, identity.mac) == ("Examplecorp LX 400", "LX400-0001", WIRED)
    assert (identity.host_name, identity.location, identity.contact) == ("prn-1", "Second floor", "help desk")
    assert (identity.color, identity.duplex, identity.functions) == (True, True, frozenset({"print"}))
    assert identity.object_id == "1.3.6.1.4.1.99999.1"


def test_a_machine_that_says_nothing_is_nobody() -> None:
    """What is not said is empty or unknown, never invented. DCA-DATA-02."""
    identity = read({}).identity
    assert (identity.maker, identity.model, identity.serial, identity.mac) == ("", "", "", "")
    assert (identity.color, identity.duplex, identity.functions) == (None, None, frozenset())


@pytest.mark.parametrize(
    ("interfaces", "mac"),
    [
        ([("", 24, 1), (WIRED, 6, 1)], WIRED),
        ([("000000000000", 6, 1), (WIRED, 6, 1)], WIRED),
        ([(WIRELESS, 71, 1), (WIRED, 6, 1)], WIRED),
        ([("021122334455", 6, 1), (WIRED, 6, 1)], WIRED),
        ([("021122334455", 6, 1)], "021122334455"),
        ([(ALSO_WIRED, 6, 2), (WIRED, 6, 1)], WIRED),
        ([(WIRED, 6, 1), (ALSO_WIRED, 6, 1)], WIRED),
        ([("ffffffffffff", 6, 1)], ""),
        ([], ""),
    ],
)
def test_the_first_real_ethernet_interface_gives_the_address(interfaces: list[tuple[str, int, int]], mac: str) -> None:
    """No loopback, no zeros, wired before wireless, the maker's address before one that somebody made up."""
    assert physical_address(_interfaces(*interfaces)) == mac


@given(st.binary(max_size=40))
def test_an_address_is_twelve_digits_or_none(octets: bytes) -> None:
    """Whatever an agent gives for an address."""
    assert len(as_mac(octets)) in {0, 12}


@pytest.mark.parametrize(
    "written",
    [
        b"\x00\x17\xc8\x65\xe2\xb9",
        b"00:17:C8:65:E2:B9",
        b"0:17:c8:65:e2:b9",
        b"00-17-c8-65-e2-b9",
        b"0017.c865.e2b9",
        b"0x0017C865E2B9",
        b"00 17 C8 65 E2 B9 ",
    ],
)
def test_an_address_may_be_a_text(written: bytes) -> None:
    """As octets, or as digits in any of the usual ways to write them."""
    assert as_mac(written) == "0017c865e2b9"


@pytest.mark.parametrize("serial", ["", "0000000000", "XXXXXXXX", "unknown", "N/A", "----", '""'])
def test_what_makers_write_for_no_serial_number_is_none(serial: str) -> None:
    """Machines that share such a number are not one machine."""
    assert plausible_serial(serial) == ""


def test_the_serial_number_is_looked_for_in_every_place() -> None:
    """Printer MIB first, then ENTITY-MIB's chassis, IEEE 1284 and sysDescr."""
    raw: dict[Oid, Value] = {o.SYS_DESCR: b"MULTI-ENVIRONMENT,SN:DESCR12345,FN:1"}
    assert read_identity(Tables(raw), ()).serial == "DESCR12345"
    raw[(*o.PPM_PRINTER_IEEE1284_DEVICE_ID, 1)] = b"MFG:Example;MDL:LX 400;SERN:DEVID12345;"
    assert read_identity(Tables(raw), ()).serial == "DEVID12345"
    raw |= {(*o.ENT_PHYSICAL_SERIAL_NUM, 1): b"MODULE123", (*o.ENT_PHYSICAL_SERIAL_NUM, 2): b"CHASSIS123"}
    raw |= {(*o.ENT_PHYSICAL_CLASS, 1): 9, (*o.ENT_PHYSICAL_CLASS, 2): 3}
    assert read_identity(Tables(raw), ()).serial == "CHASSIS123"
    raw[(*o.PRT_GENERAL_SERIAL_NUMBER, 1)] = 12345678  # of an agent that takes digits for a number
    assert read_identity(Tables(raw), ()).serial == "12345678"
    raw[(*o.PRT_GENERAL_SERIAL_NUMBER, 1)] = b'"PRINTER123"'
    assert read_identity(Tables(raw), ()).serial == "PRINTER123"


def test_firmware_and_asset_number_come_from_the_entity_mib() -> None:
    """entPhysicalFirmwareRev and entPhysicalAssetID."""
    raw: dict[Oid, Value] = {
        (*o.ENT_PHYSICAL_FIRMWARE_REV, 1): b"2.14",
        (*o.ENT_PHYSICAL_ASSET_ID, 1): b"A-17",
    }
    identity = read_identity(Tables(raw), ())
    assert (identity.firmware, identity.asset_number) == ("2.14", "A-17")


def test_a_device_id_is_read_by_its_keys() -> None:
    """Long and short keys of IEEE 1284 mean the same."""
    assert parse_device_id("MANUFACTURER:Example;MODEL:LX 400;CLASS:PRINTER;;junk") == {
        "MFG": "Example",
        "MDL": "LX 400",
        "CLS": "PRINTER",
    }


@pytest.mark.parametrize(
    ("name", "maker", "model"),
    [
        ("HP Color LaserJet Pro M252dw", "HP", "Color LaserJet Pro M252dw"),
        ("Hewlett-Packard HP LaserJet 4", "HP", "LaserJet 4"),
        ("RICOH MP C2503", "Ricoh", "MP C2503"),
        ("DCP-9020CDW series", "Brother", "DCP-9020CDW"),
        ("KYOCERA", "Kyocera", "KYOCERA"),
        ("Sharpener 3000", "Sharp", "Sharpener 3000"),
    ],
)
def test_a_model_is_named_without_its_maker(name: str, maker: str, model: str) -> None:
    """The maker's name in front, as a word, and "series" behind are left out."""
    assert without_maker(name, maker) == model


def test_a_name_says_who_sells_a_machine_and_the_number_who_made_its_agent() -> None:
    """A rebadged machine goes by its badge; where the badge says nothing, sysObjectID's number decides."""
    assert maker_of((1, 3, 6, 1, 4, 1, 367, 1, 1), "LANIER MP C3501") == "Lanier"
    assert maker_of((1, 3, 6, 1, 4, 1, 367, 1, 1), "MP C3501") == "Ricoh"
    assert maker_of((), "MP C3501") == ""


@pytest.mark.parametrize(
    ("text", "serial"),
    [
        ("MFG:EPSON;MDL:SC-P900 Series;SN:583757503030333448;", "X7WP0034H"),
        ("MFG:EPSON;MDL:XP-6000 Series;SN:583434593035343012;", "583434593035343012"),
        ("MFG:EPSON;MDL:AL-M320;SN:3132333435363738;", "3132333435363738"),
        ("MFG:Other;MDL:One;SN:583757503030333448;", "583757503030333448"),
    ],
)
def test_a_serial_number_that_epson_spells_in_base_16_is_read_as_the_badge_has_it(text, serial):
    assert parse_device_id(text)["SN"] == serial
