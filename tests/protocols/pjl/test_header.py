"""The PJL header of real and made streams."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.pjl import PjlHeader, PjlHeaderReader, read_pjl_header
from tests.testdata import TESTDATA, needs_testdata

UEL = b"\x1b%-12345X"
PDL = TESTDATA / "pdl"


def _in_steps(data: bytes, step: int) -> PjlHeader:
    reader = PjlHeaderReader()
    for at in range(0, len(data), step):
        header = reader.receive_data(data[at : at + step])
        if header is not None:
            return header
    return reader.finish()


@needs_testdata
@pytest.mark.parametrize(
    ("name", "user_name", "job_name", "host_name", "language", "document"),
    [
        (
            "ps/joblex__a4-5p-1up-1sided.ps",
            "MABUEHLER",
            "Microsoft Word - A4_5-seiten_1up.doc",
            "",
            "POSTSCRIPT",
            b"%!PS",
        ),
        (
            "pcl5/joblex__a4-5p-1up-2sided.pcl5",
            "MABUEHLER",
            "Microsoft Word - A4_5-seiten_1up.doc",
            "",
            "PCL",
            b"\r\x1bE",
        ),
        ("pclxl/joblex__bhc452.pclxl", "bebuehler", "Testseite", "", "PCLXL", b") HP-PCL XL;"),
        ("pclxl/gstests__tiger.px3", "henrys", "tiger.pdf", "WARTHOG", "PCLXL", b") HP-PCL XL;"),
        ("made/splix-phaser6110-a4-10p.prn", "testuser", "Test job", "", "QPDL", b"\0"),
        ("made/brlaser-dcpl2520d-a4-duplex-10p.prn", "", "1/testuser/Test job", "", "PCL", b"\x1bE"),
        ("made/foo2zjs-p1102-a4-40p.prn", "", "", "", "", b"JZJZ"),
        ("pcl3/hplip__align1_8xx.pcl", "", "", "", "PCL3GUI", b"\x1b&b17WPML"),
    ],
)
def test_headers_of_real_drivers(
    name: str, user_name: str, job_name: str, host_name: str, language: str, document: bytes
) -> None:
    """User, job name, computer and language come out of the headers that drivers write. SC-XPLAT-01, SC-JDL-01"""
    data = (PDL / name).read_bytes()[:65536]
    header = read_pjl_header(data)
    assert header.is_pjl
    assert not header.is_truncated
    facts = (header.user_name, header.job_name, header.host_name, header.language)
    assert facts == (user_name, job_name, host_name, language)
    assert data[header.length_bytes :].startswith(document)
    assert _in_steps(data, 7) == header


@needs_testdata
@pytest.mark.parametrize("folder", ["pdf", "pwg", "urf", "text", "jpeg", "escp"])
def test_streams_without_pjl_say_so(folder: str) -> None:
    """Documents in other formats have no PJL header."""
    files = [path for path in sorted((PDL / folder).iterdir()) if path.is_file() and b"@PJL" not in path.read_bytes()]
    assert files
    for path in files:
        assert read_pjl_header(path.read_bytes()) == PjlHeader(), path.name


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        ("Preis 5 €".encode("cp1252"), "Preis 5 €"),
        (b"\xff\xfe" + "Grüße".encode("utf-16-le"), "Grüße"),
        (b'with "marks" inside', 'with "marks" inside'),
        (b"tab\there", "tabhere"),
    ],
)
def test_names_in_odd_encodings(octets: bytes, name: str) -> None:
    """Names come out readable whatever encoding a driver used."""
    stream = UEL + b'@PJL SET JOBNAME = "' + octets + b'"\r\n@PJL ENTER LANGUAGE=PCL\r\n'
    assert read_pjl_header(stream).job_name == name


@pytest.mark.parametrize(
    ("line", "user_name"),
    [
        (b'@PJL SET USERNAME="anna"', "anna"),
        (b"@pjl set username=anna", "anna"),
        (b'@PJL SET LPARM:PCL USERNAME="anna"', "anna"),
        (b'@PJL SET HOSTLOGINNAME="anna"', "anna"),
        (b'@PJL SET JOBATTR="JobAcct1=anna"', "anna"),
        (b'@PJL COMMENT "Username: anna;"', "anna"),
        (b'@PJL SET USERNAME=""', ""),
        (b'@PJL DEFAULT USERNAME="anna"', ""),
    ],
)
def test_where_drivers_put_the_user(line: bytes, user_name: str) -> None:
    """The user's name is found in each of the places where drivers leave it, and not in device defaults."""
    assert read_pjl_header(UEL + line + b"\r\n@PJL ENTER LANGUAGE=PCL\r\n").user_name == user_name


def test_settings_keep_their_order_and_the_last_counts() -> None:
    """A variable set twice has its last value."""
    header = read_pjl_header(UEL + b"@PJL SET COPIES=2\n@PJL SET COPIES=3\n" + UEL + b"%!PS")
    assert header.setting("copies") == "3"
    assert header.length_bytes == len(UEL) * 2 + len(b"@PJL SET COPIES=2\n") * 2


def test_a_bare_pjl_line_is_pjl() -> None:
    """A header may hold nothing but the word that opens PJL."""
    header = read_pjl_header(UEL + b"@PJL\r\n%!PS")
    assert header.is_pjl
    assert header.length_bytes == len(UEL) + 6


def test_a_header_longer_than_the_reader_looks_is_marked() -> None:
    """Beyond its bound the reader stops, and says that it has not seen all."""
    reader = PjlHeaderReader(bytes_max=1000)
    header = reader.receive_data(UEL + b'@PJL SET USERNAME="anna"\n' + b"@PJL COMMENT x\n" * 200)
    assert header is not None
    assert header.is_truncated
    assert header.user_name == "anna"


_PIECES = st.sampled_from(
    [
        UEL,
        b"\0" * 9,
        b"\x1bE",
        b"@PJL SET A=1\r\n",
        b"@PJL",
        b"@PJ",
        b'JOB NAME="x"\n',
        b"@PJL ENTER LANGUAGE=PCL\n",
        b"\n",
    ]
)


@given(st.lists(_PIECES | st.binary(max_size=20), max_size=12), st.integers(1, 30))
def test_any_split_of_any_stream_gives_the_same_header(pieces: list[bytes], step: int) -> None:
    """Nothing raises, and the header does not depend on how the stream is cut."""
    data = b"".join(pieces)
    assert _in_steps(data, step) == _in_steps(data, max(len(data), 1))
