"""XPS and OpenXPS packages."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import PagesBasis, Sides
from platen.documents.job_facts import JobTicket, job_facts
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.testdata import TESTDATA, needs_testdata

NS = "http://schemas.microsoft.com/xps/2005/06"
KIND = f"{NS}/fixedrepresentation"
TICKET = f"{NS}/printticket"
PATH = '<Path Data="M 0,0 L 9,9" Fill="{}"/>'


def relationships(*pairs: tuple[str, str]) -> str:
    rows = "".join(f'<Relationship Id="r{n}" Type="{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(pairs))
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def page(content: str = "", width: float = 793.7, height: float = 1122.5) -> str:
    return f'<FixedPage xmlns="{NS}" Width="{width}" Height="{height}">{content}</FixedPage>'


def parts_of(*pages: str) -> dict[str, str | bytes]:
    contents = "".join(f'<PageContent Source="Pages/{n}.fpage"/>' for n in range(len(pages)))
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relationships((KIND, "/FixedDocSeq.fdseq")),
        "FixedDocSeq.fdseq": f'<FixedDocumentSequence xmlns="{NS}"><DocumentReference Source="Documents/1/D.fdoc"/>'
        "</FixedDocumentSequence>",
        "Documents/1/D.fdoc": f'<FixedDocument xmlns="{NS}">{contents}</FixedDocument>',
        **{f"Documents/1/Pages/{n}.fpage": content for n, content in enumerate(pages)},
    }


def package(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def ticket(*features: str) -> str:
    schema = "http://schemas.microsoft.com/windows/2003/08/printing/printschemaframework"
    return f'<psf:PrintTicket xmlns:psf="{schema}" xmlns:psk="urn:psk">{"".join(features)}</psf:PrintTicket>'


def feature(name: str, option: str, inner: str = "") -> str:
    return f'<psf:Feature name="psk:{name}"><psf:Option name="psk:{option}">{inner}</psf:Option></psf:Feature>'


def number(element: str, name: str, value: int) -> str:
    return f'<psf:{element} name="psk:{name}"><psf:Value>{value}</psf:Value></psf:{element}>'


class TestPages:
    """The way from the package to its pages."""

    def test_pages_come_in_the_order_of_the_sequence(self):
        """Sizes are in 1/96 inch. SC-TRACK-03, SC-TDF-132"""
        facts = analyse(package(parts_of(page(PATH.format("#000000")), page(width=1056, height=816))))
        assert facts.format == "application/vnd.ms-xpsdocument"
        assert [(run.media, run.blank) for run in facts.page_runs] == [
            ("iso_a4_210x297mm", False),
            ("na_letter_8.5x11in", True),
        ]
        assert facts.problems == ()

    def test_open_xps_is_told_from_xps(self):
        """The kinds of its relationships differ."""
        parts = parts_of(page())
        kind = "http://schemas.openxps.org/oxps/v1.0/fixedrepresentation"
        parts["_rels/.rels"] = relationships((kind, "FixedDocSeq.fdseq"))
        assert analyse(package(parts)).format == "application/oxps"

    def test_pieces_are_joined(self):
        """An interleaved part is the sum of its pieces, in the order of their numbers."""
        parts = parts_of()
        sequence = str(parts.pop("FixedDocSeq.fdseq"))
        pieces = {
            "FixedDocSeq.fdseq/[1].last.piece": sequence[40:],
            "FixedDocSeq.fdseq/[0].piece": sequence[:40],
        }
        parts["Documents/1/D.fdoc"] = f'<FixedDocument xmlns="{NS}"><PageContent Source="P.fpage"/></FixedDocument>'
        assert analyse(package({**parts, **pieces, "Documents/1/P.fpage": page()})).pages == 1

    def test_a_missing_page_is_counted_and_named(self):
        """The document says that it is there."""
        parts = parts_of(page(), page())
        del parts["Documents/1/Pages/1.fpage"]
        facts = analyse(package(parts))
        assert (facts.pages, facts.page_runs[-1].blank) == (2, None)
        assert "A page of the package is missing." in facts.problems

    def test_without_a_sequence_the_pages_that_are_there_are_taken(self):
        """A package whose way is broken still has pages, in the order of their numbers."""
        parts = parts_of(*(page(width=100 + number) for number in range(11)))
        for name in ("_rels/.rels", "FixedDocSeq.fdseq", "Documents/1/D.fdoc"):
            del parts[name]
        facts = analyse(package(parts))
        assert facts.pages == 11
        widths = [run.width_mm for run in facts.page_runs]
        assert widths == sorted(w for w in widths if w is not None)

    def test_a_package_cut_off_keeps_what_came(self):
        """Without its directory the parts are found one after the other."""
        whole = package(parts_of(*(page(PATH.format("#FF0000") + " " * n) for n in range(5))))
        facts = analyse(whole[: whole.index(b"Documents/1/Pages/4.fpage") + 40])
        assert facts.pages == 5
        assert facts.color_pages >= 4
        assert "cut off" in facts.problems[0]

    @given(st.data())
    def test_any_damage_is_foreseen(self, data):
        """A flipped octet, and a cut, cost facts at most."""
        whole = package(parts_of(page(PATH.format("#FF0000"))))
        at = data.draw(st.integers(0, len(whole) - 1))
        flipped = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
        assert DEFECT not in analyse(whole[:at] + flipped + whole[at + 1 :]).problems
        assert DEFECT not in analyse(whole[:at]).problems


class TestColour:
    """What is marked, not what is declared."""

    @pytest.mark.parametrize(
        ("content", "color", "blank"),
        [
            (PATH.format("#FF101010"), False, False),
            (PATH.format("#FFFF0000"), True, False),
            (PATH.format("#00FF0000"), False, True),
            (PATH.format("#FFFFFF"), False, True),
            (PATH.format("sc#0.5,0.5,0.5"), False, False),
            (PATH.format("sc#1,0.5,0.5,0.1"), True, False),
            (PATH.format("ContextColor /p.icc 1.0,0.4,0.4,0.4,0"), False, False),
            (PATH.format("ContextColor /p.icc 1.0,0,0,1,0"), True, False),
            (PATH.format("ContextColor /p.icc 1.0,0.5"), False, False),
            ('<Path Data="M 0,0" Stroke="#0000FF"/>', True, False),
            ('<Glyphs UnicodeString="text" Fill="#FF008000"/>', True, False),
            ('<Glyphs UnicodeString=" " Fill="#FF008000"/>', False, True),
            ('<Path><Path.Fill><LinearGradientBrush><GradientStop Color="#00FF00"/>'
             "</LinearGradientBrush></Path.Fill></Path>", True, False),
        ],
    )  # fmt: skip
    def test_colours_of_marks(self, content, color, blank):
        """Colours are judged by their channels, transparency and white leave nothing. SC-TDF-134"""
        run = analyse(package(parts_of(page(content)))).page_runs[0]
        assert (run.color, run.blank) == (color, blank)

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
    @pytest.mark.parametrize(("value", "color"), [((90, 90, 90), False), ((200, 30, 30), True)])
    def test_pictures_are_looked_into(self, kind, value, color):
        """A grey picture in RGB is no colour."""
        stream = io.BytesIO()
        Image.new("RGB", (20, 20), value).save(stream, kind)
        parts = parts_of(page('<Path><Path.Fill><ImageBrush ImageSource="/Resources/1.img"/></Path.Fill></Path>'))
        run = analyse(package({**parts, "Resources/1.img": stream.getvalue()})).page_runs[0]
        assert (run.color, run.blank) == (color, False)

    def test_a_picture_that_cannot_be_decoded_is_not_judged(self):
        """JPEG XR is unknown, not grey."""
        parts = parts_of(page('<ImageBrush ImageSource="../../../Resources/1.wdp"/>'))
        assert analyse(package({**parts, "Resources/1.wdp": b"II\xbc\x01rest"})).has_color is None

    def test_brushes_in_a_dictionary(self):
        """A remote dictionary holds colours of the page."""
        parts = parts_of(page('<ResourceDictionary Source="/d.dict"/><Path Fill="{StaticResource b}"/>'))
        brush = f'<ResourceDictionary xmlns="{NS}"><SolidColorBrush Color="#FF0000"/></ResourceDictionary>'
        assert analyse(package({**parts, "d.dict": brush})).has_color is True


class TestTickets:
    """Print tickets of the job, the document and the page."""

    def test_what_the_job_asks_for(self):
        """Sides, copies, collation and resolution. SC-TDF-133"""
        parts = parts_of(page())
        parts["_rels/FixedDocSeq.fdseq.rels"] = relationships((TICKET, "/Metadata/Job.xml"))
        parts["Metadata/Job.xml"] = ticket(
            feature("JobDuplexAllDocumentsContiguously", "TwoSidedShortEdge"),
            feature("DocumentCollate", "Collated"),
            number("ParameterInit", "JobCopiesAllDocuments", 3),
            feature(
                "PageResolution",
                "x",
                number("ScoredProperty", "ResolutionX", 600) + number("ScoredProperty", "ResolutionY", 300),
            ),
        )
        facts = analyse(package(parts))
        assert (facts.sides, facts.copies, facts.copies_collated) == (Sides.TWO_SIDED_SHORT_EDGE, 3, True)
        assert facts.resolution_dpi == (600, 300)

    @pytest.mark.parametrize("name", ["JobCopiesAllDocuments", "PageCopies"])
    def test_more_copies_than_are_counted(self, name):
        """They are counted as far as copies are, and the facts say so. SC-TDF-133"""
        parts = parts_of(page())
        owner = "_rels/FixedDocSeq.fdseq.rels" if name.startswith("Job") else "Documents/1/Pages/_rels/0.fpage.rels"
        parts[owner] = relationships((TICKET, "/t.xml"))
        parts["t.xml"] = ticket(number("ParameterInit", name, 123_456))
        facts = analyse(package(parts))
        assert facts.copies * facts.page_runs[0].copies == 9_999
        assert "More than 9,999 copies" in facts.problems[0]

    def test_what_a_page_asks_for(self):
        """A page may be grey, or printed more than once."""
        red = page(PATH.format("#FF0000"))
        parts = parts_of(red, red)
        parts["Documents/1/Pages/_rels/1.fpage.rels"] = relationships((TICKET, "../../../t.xml"))
        parts["t.xml"] = ticket(feature("PageOutputColor", "Grayscale"), number("ParameterInit", "PageCopies", 2))
        assert [(run.color, run.copies) for run in analyse(package(parts)).page_runs] == [(True, 1), (False, 2)]

    def test_the_properties_of_the_package(self):
        """Title and creator."""
        parts = parts_of(page())
        kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
        parts["_rels/.rels"] = relationships((KIND, "/FixedDocSeq.fdseq"), (kind, "core.xml"))
        parts["core.xml"] = (
            '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>Plan</dc:title>'
            "<dc:creator>anna</dc:creator></cp:coreProperties>"
        )
        facts = analyse(package(parts))
        assert (facts.title, facts.user) == ("Plan", "anna")


class TestHostilePackages:
    """What a package may not do."""

    def test_entities_are_refused(self):
        """A document type ends the reading of the part."""
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + page(PATH.format("#FF0000"))
        facts = analyse(package(parts_of(bomb)))
        assert (facts.pages, facts.has_color) == (1, None)
        assert "damaged" in facts.problems[0]

    def test_a_part_that_unpacks_without_end_is_cut(self):
        """The bound is on what is unpacked, not on what is stored."""
        options = AnalysisOptions(limits=AnalysisLimits(package_bytes_max=1_000_000))
        facts = analyse(package(parts_of(page(" " * 5_000_000 + PATH.format("#FF0000")))), options=options)
        assert facts.pages == 1
        assert any("unpacks to more" in problem for problem in facts.problems)

    def test_nesting_is_bounded(self):
        """Elements within elements stop somewhere."""
        facts = analyse(package(parts_of(page("<Canvas>" * 5000 + "</Canvas>" * 5000))))
        assert facts.pages == 1

    def test_paths_stay_in_the_package(self):
        """A target above the root is a part that is missing."""
        parts = parts_of(page())
        parts["Documents/1/D.fdoc"] = (
            f'<FixedDocument xmlns="{NS}"><PageContent Source="../../../../../etc/passwd"/></FixedDocument>'
        )
        assert "A page of the package is missing." in analyse(package(parts)).problems


@needs_testdata
@pytest.mark.parametrize(
    ("name", "color", "media"),
    [
        ("ghostpdl__tiger.xps", True, "na_letter_8.5x11in"),
        ("tika__testXLSX.xps", False, "iso_a4_210x297mm"),
        ("tika__testXPSWithDataDescriptor.xps", False, "na_letter_8.5x11in"),
        ("tika__test_text.xps", True, "iso_a4_210x297mm"),
    ],
)
def test_real_packages(name, color, media):
    """One page each, coloured as a renderer shows it. SC-TDF-110, SC-TDF-134"""
    with (TESTDATA / "pdl/xps" / name).open("rb") as file:
        facts = analyse(file)
    assert (facts.pages, facts.has_color, facts.page_runs[0].media) == (1, color, media)


def test_packages_that_were_joined_are_named():
    """Of packages one behind the other the last is read, as by every reader of ZIP archives; the facts say so."""
    one = package(parts_of(page()))
    assert analyse(one).problems == ()
    facts = analyse(one + one)
    assert facts.pages == 1
    assert any("joined" in problem for problem in facts.problems)


def tickets_of(*tickets: str) -> bytes:
    """A package of as many documents of three pages as there are tickets; an empty one is none."""
    one = parts_of(*[page(PATH.format("#000000"))] * 3)
    references = "".join(f'<DocumentReference Source="Documents/{n}/D.fdoc"/>' for n in range(len(tickets)))
    parts = {"_rels/.rels": one["_rels/.rels"]}
    parts["FixedDocSeq.fdseq"] = f'<FixedDocumentSequence xmlns="{NS}">{references}</FixedDocumentSequence>'
    for n, said in enumerate(tickets):
        pages = {name: content for name, content in one.items() if name.startswith("Documents/1/")}
        parts |= {name.replace("Documents/1/", f"Documents/{n}/"): content for name, content in pages.items()}
        if said:
            parts[f"Documents/{n}/_rels/D.fdoc.rels"] = relationships((TICKET, "ticket.xml"))
            parts[f"Documents/{n}/ticket.xml"] = ticket(said)
    return package(parts)


DUPLEX = feature("DocumentDuplex", "TwoSidedLongEdge")
TWICE = number("ParameterInit", "DocumentCopiesAllPages", 2)


@pytest.mark.parametrize(
    ("tickets", "sheets"),
    [
        ((DUPLEX, ""), 5),
        (("", DUPLEX), 5),
        ((DUPLEX, DUPLEX), 4),
        ((TWICE, ""), 9),
        ((DUPLEX + TWICE, "", TWICE), 13),
    ],
)
def test_the_ticket_of_a_document_is_for_that_document_alone(tickets, sheets):
    """Documents of three pages, each with its own sides and copies, begin on sheets of their own. SC-TDF-157"""
    assert job_facts(analyse(tickets_of(*tickets)), JobTicket()).sheets == sheets


def test_documents_that_the_job_joins_share_their_sheets():
    """Two-sided through all documents contiguously: six pages are three sheets."""
    joined = ticket(feature("JobDuplexAllDocumentsContiguously", "TwoSidedLongEdge"))
    with zipfile.ZipFile(io.BytesIO(tickets_of("", ""))) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts |= {"_rels/FixedDocSeq.fdseq.rels": relationships((TICKET, "/job.xml")), "job.xml": joined}
    assert job_facts(analyse(package(parts)), JobTicket()).sheets == 3


def test_the_ticket_of_a_page_names_its_paper():
    """A page that is laid out on A4 comes out on A5 where its ticket says so."""
    parts = parts_of(*[page(PATH.format("#000000"))] * 2)
    parts["Documents/1/Pages/_rels/1.fpage.rels"] = relationships((TICKET, "ticket.xml"))
    parts["Documents/1/Pages/ticket.xml"] = ticket(feature("PageMediaSize", "ISOA5"))
    media = [run.media for run in analyse(package(parts)).page_runs]
    assert media == ["iso_a4_210x297mm", "iso_a5_148x210mm"]


def test_pages_of_a_package_that_was_cut_off_are_an_estimate():
    """Without its directory nobody knows whether a package held more pages."""
    whole = tickets_of("")
    facts = analyse(whole[: whole.index(b"PK\x01\x02")])
    assert (facts.pages, facts.pages_basis) == (3, PagesBasis.ESTIMATED)
    assert analyse(whole).pages_basis is PagesBasis.COUNTED
