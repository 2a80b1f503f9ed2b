"""Private objects of makers: data files, who is who, and what the objects say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import dotted, parse_oid
from platen.readings import makers as makers_module
from platen.readings import objects as o
from platen.readings.facts import SupplyState
from platen.readings.maker_names import maker_named, without_maker
from platen.readings.makers import MakerError, Makers, add_folder, maker_of, maker_table, makers, read_files, table_of
from platen.readings.makers_file import read_maker_file
from platen.readings.makers_values import device_id, record_number, records
from platen.readings.reading import read
from tests.readings.makers_page import lines
from tests.testdata import needs_testdata
from tests.walks import main_walks, oid_of, values_of, walk_of

HEAD = """
maker = "Ours"
missing = []

[[match]]
object_id = "1.3.6.1.4.1.99999"
source = "our own device"
seen = false
"""
PACKAGE = Path(makers_module.__file__).parent / "makers"


def ours(text: str) -> Makers:
    return Makers([read_maker_file("ours", HEAD + text)])


def facts_of(text: str, raw: dict[str, int | bytes]):
    table = ours(text).table(oid_of("1.3.6.1.4.1.99999.1"))
    assert table is not None
    return table.facts({oid_of(oid): value for oid, value in raw.items()})


def test_every_packaged_file_is_right():
    """Each maker's file loads, says who its machines are, and says what is missing. EMC-ARCH-18"""
    files = makers().files
    assert {
        "canon",
        "hp",
        "ricoh",
        "xerox",
        "kyocera",
        "konica-minolta",
        "sharp",
        "toshiba",
        "lexmark",
        "brother",
    } <= set(files)
    assert {"epson", "oki", "samsung", "fuji", "zebra", "dell", "pantum", "others"} <= set(files)
    assert all(file.matches for file in files.values())


def test_the_page_on_makers_lists_what_is_missing():
    """docs/makers.md has every maker with what is known and seen, what is missing, and every correction."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "makers.md").read_text().splitlines()
    assert [line for line in lines() if line not in page] == []


def test_makers_are_known_by_number_then_by_description():
    """A machine that says who sells it is that seller's, whatever number its agent has."""
    ricoh = oid_of("1.3.6.1.4.1.367.1.1")
    assert maker_of(ricoh, "RICOH MP 3053 1.09") == "Ricoh"
    assert maker_of(ricoh, "LANIER MP C3501/LD635C 2.01") == "Lanier"
    assert maker_of(oid_of("1.3.6.1.4.1.1347.41"), "UTAX_TA Printing System") == "Utax"
    assert maker_of(oid_of("1.3.6.1.4.1.18334.1.2.1.2.1.50.2.2"), "Develop ineo  280") == "Develop"
    assert maker_of((), "Lexmark T640 version NS.NP.N219") == "Lexmark"
    lexmark, samsung = oid_of("1.3.6.1.4.1.641.52.1"), oid_of("1.3.6.1.4.1.236.11.5.11.1")
    assert maker_of(lexmark, "TOSHIBA e-STUDIO338CS version CXTZJ.230.307 kernel 5.4") == "Toshiba"
    assert maker_of((), "TOSHIBA e-STUDIO338CS version CXTZJ.230.307 kernel 5.4") == "Toshiba"
    assert maker_of(samsung, "Xerox WorkCentre 3225; OS 3.50") == "Xerox"
    assert maker_of((), "a toaster") == ""


@pytest.mark.parametrize(
    ("description", "model", "firmware"),
    [
        (
            "Dell 2335dn MFP; 2.70.03.02;Engine 1.10.65;NIC V4.01.30(2335dn MFP) 02-05-2010;S/N AB1",
            "2335dn MFP",
            "2.70.03.02",
        ),
        ("Dell Laser Printer 5100cn (Net 6.26, Controller 200408201123, Engine 01.00.04)", "5100cn", "200408201123"),
        ("Samsung ML-2850 Series OS 1.01.15.47 02-10-2010;Engine 1.01.25;NIC V4.01.09", "ML-2850", "1.01.15.47"),
        ("Samsung CLP-705 Series; ; Engine 1.0;S/N XXXXXXXX", "CLP-705", ""),
        ("EPSON AL-C1750N; Net 98.48,ESS 201103111031,IOT 02.17.00", "AL-C1750N", "201103111031"),
        ("EPSON Built-in 10Base-T/100Base-TX Print Server", "", ""),
        ("NRG SP C312DN V1.03 / NRG Network Printer C model", "SP C312DN", "1.03"),
        ("NRG Network Printer", "", ""),
        ("Oce, TDS750 R1.1, Power Logic Controller R14.8.1.0_12010481", "TDS750", "1.1"),
        ("InfoPrint 1832 version NR.APS.N447b2 kernel 2.6.18.5 All-N-1", "1832", "NR.APS.N447b2"),
        ("Xerox Phaser 5500DN;PS G02.10,Net 22.42,Eng 11.42.00,OS 4.46;SN RET570148", "Phaser 5500DN", "4.46"),
        ("TOSHIBA e-STUDIO338CS version CXTZJ.230.307 kernel 5.4.254", "e-STUDIO338CS", "CXTZJ.230.307"),
        ("Honeywell PM43;P10.14.014620", "PM43", "P10.14.014620"),
        ("KATUSHA_M247e", "M247e", ""),
        ("FUJI XEROX ApeosPort C4570; System 22.1.7, ESS 1.60.9, IOT 22.50.0", "ApeosPort C4570", "22.1.7"),
        ("FUJIFILM ApeosPort C2410SD; version CXLBL.076.024 kernel 4.17.19", "ApeosPort C2410SD", "CXLBL.076.024"),
        ("FUJIFILM Apeos 4620 SZ ; ESSmain 1.13", "Apeos 4620 SZ", "1.13"),
        ("FX DocuPrint P115 w, Firmware Ver.D  ,MID 84U-E07", "DocuPrint P115 w", "D"),
        ("RICOH SP 230SFNw, Firmware Ver.D  ,MID 8C5-KE5FID 2", "SP 230SFNw", "D"),
        ("RICOH IM C3510 JPN 1.10.1 / RICOH Network Printer C model", "IM C3510", "1.10.1"),
        ("Xerox(R) C235 Color MFP; SS CXLBL.081.215, kernel 5.4.90", "C235 Color MFP", "CXLBL.081.215"),
        ("Xerox(R) B225 MFP version MXLSG.075.024 kernel 4.17.19", "B225 MFP", "MXLSG.075.024"),
        ("Xerox WorkCentre 7556 v1 Multifunction System; System Software 061.121", "WorkCentre 7556", "061.121"),
        ("Xerox DocuColor 242 with EFI Fiery Controller; SW2.0,Controller ROM1.210", "DocuColor 242", "1.210"),
        ("Xerox WorkCentre 3325;Sys SW Version WC3325_V51.004.05.000 JAN-10", "WorkCentre 3325", "51.004.05.000"),
        ("Xerox Phaser 3260; MCB V3.50.01.08     FEB-05-2015, NIC V6.01.12", "Phaser 3260", "3.50.01.08"),
        ("SATO LR4NX-FA 305dpi", "LR4NX-FA", ""),
    ],
)
def test_a_description_may_be_all_that_says_what_a_machine_is(description, model, firmware):
    """Where nothing but sysDescr is answered, model and firmware are read out of it. DCA-DATA-01"""
    who = read({oid_of("1.3.6.1.2.1.1.1.0"): description.encode()}).identity
    assert (who.model, who.firmware) == (model, firmware)


@pytest.mark.parametrize(
    ("number", "description", "maker", "model"),
    [
        (641, "Xerox(R) C235 Color MFP; SS CXLBL.081.215, kernel 5.4.90", "Xerox", "C235 Color MFP"),
        (641, "FUJIFILM ApeosPort C2410SD; version CXLBL.076.024 kernel 4.17.19", "Fujifilm", "ApeosPort C2410SD"),
        (236, "Xerox WorkCentre 3025; MCB V3.50.21.03     SEP-15-2021, NIC V6", "Xerox", "WorkCentre 3025"),
        (2435, "RICOH SP 230SFNw, Firmware Ver.D  ,MID 8C5-KE5FID 2", "Ricoh", "SP 230SFNw"),
        (2435, "FX DocuPrint P115 w, Firmware Ver.D  ,MID 84U-E07", "Fuji Xerox", "DocuPrint P115 w"),
        (11, "HP ETHERNET MULTI-ENVIRONMENT,SN:X1Y2,PID:Inspire Office HP MFP M130fn", "HP", "MFP M130fn"),
    ],
)
def test_machines_that_others_made_bear_the_name_of_who_sells_them(number, description, maker, model):
    seen = read({o.SYS_DESCR: description.encode(), o.SYS_OBJECT_ID: (*o.ENTERPRISES, number, 1)}).identity
    assert (seen.maker, seen.model) == (maker, model)


@pytest.mark.parametrize(
    ("name", "maker", "model"),
    [
        ("Xerox® VersaLink® C405", "Xerox", "VersaLink C405"),
        ("Xerox(R) C235 Color MFP", "Xerox", "C235 Color MFP"),
        ("Xerox WorkCentre 7556 v1 Multifunction System", "Xerox", "WorkCentre 7556"),
        ("Xerox D95 Copier-Printer v 84. 19.  0 Multifunction System", "Xerox", "D95 Copier-Printer"),
        ("Xerox Color EX C60-C70 with EFI Fiery Controller;", "Xerox", "Color EX C60-C70"),
        ("Dell Color Laser 5110cn; Net 9.26", "Dell", "Color Laser 5110cn"),
        ("Zebra Technologies ZTC ZT410-203dpi ZPL", "Zebra", "ZTC ZT410-203dpi ZPL"),
        ("Some Printer v2", "", "Some Printer v2"),
        (";", "", ";"),
    ],
)
def test_a_name_has_no_maker_no_signs_and_no_versions_of_parts(name, maker, model):
    assert without_maker(name, maker) == model


def test_a_general_description_does_not_overrule_the_name_of_the_device():
    """What is read out of sysDescr in want of better does not take the place of hrDeviceDescr."""
    raw = {"1.3.6.1.2.1.1.1.0": b"HP LaserJet", "1.3.6.1.2.1.25.3.2.1.3.1": b"HP LaserJet M402dn"}
    assert read({oid_of(oid): value for oid, value in raw.items()}).identity.model == "LaserJet M402dn"


def test_a_maker_has_one_name():
    """What a table calls a machine's maker is what it is called by its own name, over IPP for example."""
    brands = {match.brand for file in makers().files.values() for match in file.matches}
    assert [brand for brand in brands if maker_named(brand) != brand] == []


def test_a_machine_without_a_number_is_known_by_its_private_objects():
    """Where sysObjectID is not answered, the enterprise of most private objects tells the maker."""
    table = table_of({oid_of("1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1.0"): b"X", oid_of("1.3.6.1.2.1.1.3.0"): 5})
    assert table is not None
    assert table.brand == "Brother"


def test_a_number_becomes_a_meter():
    """A scalar that counts: a number, a text that begins with one, or nothing where the machine says “unknown”."""
    text = """
[[object]]
oid = "1.3.6.1.4.1.99999.1.0"
meter = "print.mono"
source = "ours"
seen = false
"""
    for value, count in ((7, 7), (b"1234 pages", 1234)):
        meters = facts_of(text, {"1.3.6.1.4.1.99999.1.0": value}).meters
        assert [(meter.name, meter.value, meter.source) for meter in meters] == [
            ("print.mono", count, "1.3.6.1.4.1.99999.1.0")
        ]
    for value in (-2, b"none", b""):
        assert facts_of(text, {"1.3.6.1.4.1.99999.1.0": value}).meters == ()


def test_a_table_is_read_by_what_its_key_column_says():
    """Rows are known by words of another column, in whatever order and with whatever index the machine has them."""
    text = """
[[table]]
value = "1.3.6.1.4.1.99999.2.9"
keys = ["1.3.6.1.4.1.99999.2.5"]
source = "ours"
seen = false
rows = { "counter: print:total" = "print", "counter: copy*" = "copy" }
"""
    raw = {
        "1.3.6.1.4.1.99999.2.5.40": b"Counter: Copy:Black & White",
        "1.3.6.1.4.1.99999.2.9.40": 12,
        "1.3.6.1.4.1.99999.2.5.7": b"Counter: Print:Total",
        "1.3.6.1.4.1.99999.2.9.7": 30,
        "1.3.6.1.4.1.99999.2.5.8": b"Counter: Something else",
        "1.3.6.1.4.1.99999.2.9.8": 99,
    }
    assert {(meter.name, meter.value) for meter in facts_of(text, raw).meters} == {("copy", 12), ("print", 30)}


def test_a_sum_is_made_only_of_parts_that_are_there():
    """A meter that is the sum of others is left out where one of them is missing."""
    text = """
[[table]]
value = "1.3.6.1.4.1.99999.2"
source = "ours"
seen = false
rows = { "1" = "print.mono", "2" = "print.color" }

[[sum]]
meter = "print"
plus = ["print.mono", "print.color"]
source = "ours"
seen = false
"""
    both = facts_of(text, {"1.3.6.1.4.1.99999.2.1": 5, "1.3.6.1.4.1.99999.2.2": 6})
    assert {meter.name: meter.value for meter in both.meters} == {"print.mono": 5, "print.color": 6, "print": 11}
    one = facts_of(text, {"1.3.6.1.4.1.99999.2.1": 5})
    assert {meter.name for meter in one.meters} == {"print.mono"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[object]]\noid = 'abc'\nmeter = 'total'\nsource = 'x'\nseen = true", "object"),
        ("[[object]]\noid = '1.3.6.1'\nmeter = 'totals'\nsource = 'x'\nseen = true", "totals"),
        ("[[object]]\noid = '1.3.6.1'\nmeter = 'total'\nseen = true", "source"),
        ("[[object]]\noid = '1.3.6.1'\nmeter = 'total'\nsource = 'x'", "seen"),
        ("[[object]]\noid = '1.3.6.1'\nidentity = 'color'\nsource = 'x'\nseen = true", "color"),
        ("[[object]]\noid = '1.3.6.1'\nmeter = 'total'\nidentity = 'serial'\nsource = 'x'\nseen = true", "object"),
        ("[[objects]]\noid = '1.3.6.1'", "objects"),
        ("[[describe]]\npattern = '('\nsource = 'x'\nseen = true", "describe"),
        ("[[blob]]\noid = '1.3.6.1'\nlayout = 'key:1 size:1'\nsource = 'x'\nseen = true", "blob"),
        ("[[", "ours.toml"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_file_and_row(text, words):
    """Whoever writes a table reads where it is wrong, not a traceback."""
    with pytest.raises(MakerError, match=r"ours\.toml") as caught:
        ours(text)
    assert words in str(caught.value)


def test_makers_are_added_without_code(tmp_path, monkeypatch):
    """A folder's files join the packaged ones; one of the same name takes the place of the packaged one. EMC-ARCH-18"""
    (tmp_path / "ours.toml").write_text(HEAD)
    (tmp_path / "zebra.toml").write_text(HEAD.replace("99999", "99998").replace("Ours", "Our Zebra"))
    monkeypatch.setattr(makers_module, "_folders", [])
    try:
        add_folder(tmp_path)
        assert maker_of(oid_of("1.3.6.1.4.1.99999.3")) == "Ours"
        assert maker_of(oid_of("1.3.6.1.4.1.99998")) == "Our Zebra"
        assert maker_of((), "Zebra Wired") == ""
        (tmp_path / "wrong.toml").write_text("maker = 1")
        with pytest.raises(MakerError, match="wrong"):
            add_folder(tmp_path)
    finally:
        makers.cache_clear()
        maker_table.cache_clear()


@needs_testdata
def test_what_is_said_to_be_seen_was_seen():
    """Each object, column and blob marked as seen is in a recording of its maker's machines."""
    held = {oid for name in main_walks() for oid, held in walk_of(name).items() if held.value is not None}
    unseen = [
        f"{file.name}: {dotted(oid)}"
        for file in makers().files.values()
        for oid, rows in file.objects.items()
        if any(row.seen for row in rows) and oid not in held
    ]
    beginnings = {oid[:length] for oid in held for length in range(7, len(oid))}
    unseen += [
        f"{file.name}: {dotted(table.value)}"
        for file in makers().files.values()
        for table in file.tables
        if any(row.seen for row in table.rows.values()) and table.value not in beginnings
    ]
    unseen += [
        f"{file.name}: {dotted(oid)}"
        for file in makers().files.values()
        for oid, blob in file.blobs.items()
        if any(row.seen for row in blob.rows.values()) and oid not in held
    ]
    assert unseen == []


@needs_testdata
@pytest.mark.parametrize("name", main_walks())
def test_a_table_bound_to_a_machine_says_the_same(name):
    """For later visits, a machine's table holds only what it has, and reads the same facts out of it."""
    raw = values_of(walk_of(name))
    table = table_of(raw)
    if table is None:
        pytest.skip("nobody's machine")
    lean = table.bound(raw)
    assert lean.facts(raw) == table.facts(raw)
    assert lean.columns == ()
    assert set(lean.objects) <= set(raw)


@needs_testdata
@pytest.mark.parametrize(
    ("name", "of_service"),
    [
        ("printmaster/kyocera_cs4053_snmp.json", 434),
        ("librenms/konica_c250i.snmprec", 7),
        ("librenms/sharp_mxm266nv.snmprec", 10),
    ],
)
def test_private_counters_come_to_the_standard_total(name, of_service):
    """Prints, copies and faxes are all that the standard total has, but for pages the machine printed of itself."""
    reading = read(values_of(walk_of(name)))
    meters = {meter.name: meter.value for meter in reading.meters}
    assert meters["total"] - of_service == meters["print"] + meters["copy"] + meters.get("fax", 0)
    for work in ("print", "copy"):
        assert meters[work] == meters[f"{work}.mono"] + meters.get(f"{work}.color", 0)


@needs_testdata
def test_blobs_of_a_brother_say_what_their_maker_shows():
    """Percentages and pages left out of the octets of Brother's maintenance object."""
    raw = values_of(walk_of("brother/dcp-9020cdw.json"))
    table = table_of(raw)
    assert table is not None
    facts = table.facts(raw)
    drums = {supply.color: supply for supply in facts.supplies if supply.kind == "opc"}
    assert set(drums) == {"black", "cyan", "magenta", "yellow"}
    assert {(drum.percent, drum.pages_left) for drum in drums.values()} == {(68, 10061)}
    assert all(drum.state is SupplyState.LEVEL for drum in drums.values())


@given(st.binary(max_size=200))
def test_no_blob_is_read_beyond_its_end(octets):
    """Records of any octets come to an end, with values of the length that is there."""
    for file in makers().files.values():
        for blob in file.blobs.values():
            for key, value in records(blob, octets):
                row = blob.rows.get(key)
                assert row is None or len(record_number(row, value)) == 2


@given(st.text(max_size=300))
def test_no_device_id_is_an_error(text):
    """Whatever stands in an identification string, the pairs in it are read and nothing is raised."""
    assert all(isinstance(value, str) for value in device_id(text).values())


def test_packaged_tables_are_part_of_the_package():
    """The data lies inside the package, where an installed one finds it."""
    assert {path.stem for path in PACKAGE.glob("*.toml")} == {file.name for file in read_files()}
    assert (PACKAGE.parent / "corrections.toml").is_file()


def test_only_what_changes_is_asked_at_every_visit():
    """Of a table's objects, those that say who a machine is are not asked again and again."""
    table = maker_table(parse_oid("1.3.6.1.4.1.2435.2.3.9.1"), "Brother NC-8300h")
    assert table is not None
    assert set(table.changing) < set(table.objects)
