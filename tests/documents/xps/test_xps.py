"""XPS and OpenXPS packages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import PagesBasis
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from tests.documents.xps.packages import (
    KIND,
    NS,
    PATH,
    package,
    page,
    parts_of,
    relationships,
)
from tests.testdata import TESTDATA, needs_testdata


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


class TestProperties:
    """What the package says of itself."""

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


def test_pages_of_a_package_that_was_cut_off_are_an_estimate():
    """Without its directory nobody knows whether a package held more pages."""
    whole = package(parts_of(*[page(PATH.format("#000000"))] * 3))
    facts = analyse(whole[: whole.index(b"PK\x01\x02")])
    assert (facts.pages, facts.pages_basis) == (3, PagesBasis.ESTIMATED)
    assert analyse(whole).pages_basis is PagesBasis.COUNTED
