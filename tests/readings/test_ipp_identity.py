"""Who a machine is over IPP, where it says it in unusual places."""

import pytest

from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.values import Attribute, Attributes
from platen.readings.facts import Identity
from platen.readings.ipp import read_printer
from platen.readings.uuid_parts import mac_in, serial_in


def who(*attributes: Attribute) -> Identity:
    return read_printer(Attributes(attributes)).identity


def test_an_old_print_server_says_in_its_info_what_it_is():
    """Of a printer without make and model, an identification string in printer-info tells both."""
    found = who(a.text("printer-info", "MFG:Hewlett-Packard;CMD:PJL,PCL;MDL:HP Color LaserJet 4700;CLS:PRINTER;D"))
    assert (found.maker, found.model) == ("HP", "Color LaserJet 4700")
    assert who(a.text("printer-info", "Office: second floor; left")).model == ""


def test_a_word_for_printers_in_general_is_no_model():
    """“Unknown” as make and model gives way to the identification string."""
    found = who(a.text("printer-make-and-model", "Unknown"), a.text("printer-device-id", "MFG:EPSON;MDL:ET-4850;"))
    assert (found.maker, found.model) == ("Epson", "ET-4850")


@pytest.mark.parametrize(
    "named",
    [
        "Brother HL-2250DN - CUPS+Gutenprint v5.2.13 Simplified",
        "Brother HL-2250DN, driverless, cups-filters 1.28.17",
        "Brother HL-2250DN Foomatic/hl1250",
        "Brother Brother HL-2250DN series",
    ],
)
def test_whose_driver_a_queue_has_is_no_part_of_the_model(named):
    """What CUPS writes behind a model, or a maker's name that stands twice, is left out."""
    assert who(a.text("printer-make-and-model", named)).model == "HL-2250DN"


@pytest.mark.parametrize(
    ("uuid", "mac"),
    [
        ("e3248000-80ce-11db-8000-0080775d43fd", "0080775d43fd"),
        ("1C852A4D-B800-1F08-ABCD-D4C9EF00C3A1", "d4c9ef00c3a1"),
        ("0c34c4f0-814b-11e6-b9cd-bdbcf3cf7979", ""),  # a random node has the bit of groups set
        ("00000000-0000-1000-8000-1200deadbeef", ""),  # made up
        ("4509a320-00a0-008f-00b6-002507510eca", ""),  # of no version
        ("67bbb526-3a17-474f-a567-0080775d43fd", ""),  # random altogether
        ("e3248000-80ce-11db-8000", ""),
        ("", ""),
    ],
)
def test_the_node_of_a_uuid_is_the_hardware_address(uuid, mac):
    """Of version 1 and given by a maker (RFC 4122), otherwise it is no address. EMC-DLST-02"""
    assert mac_in(uuid) == mac
    assert who(a.uri("printer-uuid", f"urn:uuid:{uuid}")).mac == mac


def test_a_serial_number_spelt_in_the_uuid():
    """Ten letters and digits in front of the node are the serial number, which the machine says nowhere else."""
    uuid = f"{b'VNB1234567'.hex()}9c934eac2f55"
    uuid = "-".join((uuid[:8], uuid[8:12], uuid[12:16], uuid[16:20], uuid[20:]))
    found = who(a.uri("printer-uuid", f"urn:uuid:{uuid}"))
    assert (found.serial, found.mac) == ("VNB1234567", "9c934eac2f55")
    assert who(a.uri("printer-uuid", f"urn:uuid:{uuid}"), a.text("printer-device-id", "SN:AB12345;")).serial == (
        "AB12345"
    )
    assert serial_in("31323334-3536-3738-3930-9c934eac2f55") == ""  # digits alone may be anything


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ([a.name_("printer-name", "NPI62146D"), a.name_("printer-dns-sd-name", "LaserJet (62146D)")], "NPI62146D"),
        ([a.name_("printer-name", "ipp/print"), a.uri("printer-more-info", "http://EPSON18.local.:80/X")], "EPSON18"),
        ([a.name_("printer-name", "print"), a.uri("printer-uri-supported", "ipps://prn.example.org:631/ipp")],
         "prn.example.org"),
        ([a.uri("printer-more-info", "http://192.0.2.7/"), a.name_("printer-dns-sd-name", "MX in B2")], "MX in B2"),
        ([a.uri("printer-more-info", "http://[2001:db8::7]/")], ""),
    ],
)  # fmt: skip
def test_its_name(attributes, name):
    """printer-name where it is one, else the host of its addresses, else the name that people see."""
    assert who(*attributes).host_name == name


def test_contact_and_asset_number():
    """The name of whoever is responsible, else where to write; the tag that its owner gave it."""
    ann = a.collection("printer-contact-col", [a.name_("contact-name", "Ann"), a.uri("contact-uri", "tel:+1-555-0100")])
    mail = a.collection("printer-contact-col", [a.uri("contact-uri", "mailto:help@example.org")])
    found = who(ann, a.octets("printer-asset-tag", b"INV-0042"))
    assert (found.contact, found.asset_number) == ("Ann", "INV-0042")
    assert who(mail).contact == "help@example.org"


def test_firmware_in_the_identification_string():
    """Where nothing but a protocol's version has an attribute, the string's VER is the firmware's."""
    found = who(
        a.text("printer-device-id", "MFG:Canon;MDL:MX490 series;CLS:PRINTER;DES:Canon MX490 series;VER:4.050;"),
        a.name_("printer-firmware-name", "IPP"),
        a.text("printer-firmware-string-version", "2.0"),
    )
    assert found.firmware == "4.050"
