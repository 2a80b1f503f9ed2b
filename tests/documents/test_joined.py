"""Several documents in one file: behind each other with and without PJL, each with its own copies and sides."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from platen.documents.analysis import DEFECT, analyse
from platen.documents.facts import DocumentFacts, Sides
from platen.documents.job_facts import JobTicket, job_facts
from platen.documents.limits import AnalysisOptions
from platen.documents.part_printed import part_printed
from tests.documents.pcl.jobs import Xl, pjl
from tests.documents.samples import UEL, pdf, pwg_header, urf_header

PCL = b"\x1bE" + b"page\x0c" * 5 + b"\x1bE"


def picture(form: str, *, frames: int = 1) -> bytes:
    stream = io.BytesIO()
    pages = [Image.new("L", (8, 8), shade) for shade in range(0, 40 * frames, 40)]
    pages[0].save(stream, form, **({"save_all": True, "append_images": pages[1:]} if frames > 1 else {}))
    return stream.getvalue()


BARE = {
    "PDF": (pdf(b"0 0 9 9 re f", b"0 0 9 9 re f"), 2),
    "PCL XL": (Xl().stream(Xl().page(), Xl().page()), 2),
    "PostScript": (b"%!\n0 0 9 9 rectfill showpage\n\x04", 1),
    "PWG raster": (b"RaS2" + pwg_header(width=4, height=2) + b"\1\xfd\1\2\3\4", 1),
    "Apple raster": (b"UNIRAST\0\0\0\0\1" + urf_header(width=4, height=2) + b"\1\xfd\1\2\3\4", 1),
    "JPEG": (picture("JPEG"), 1),
    "PNG": (picture("PNG"), 1),
    "GIF": (picture("GIF"), 1),
    "TIFF": (picture("TIFF", frames=3), 3),
    "text": (b"one\x0ctwo\x0c", 2),
    "ESC/P": (b"\x1b@one\x0c\x1b@", 1),
    "ZPL": (b"^XA^FDx^FS^XZ\n", 1),
    "EPL": (b'N\r\nq800\r\nA50,50,0,3,1,1,N,"text"\r\nP1\r\n', 1),
}


@pytest.mark.parametrize("name", BARE)
@pytest.mark.parametrize("between", [UEL, UEL + b"@PJL ENTER LANGUAGE=PCL\r\n", b"\r\n\0" + UEL])
def test_what_follows_a_bare_document_behind_an_exit_is_counted(name, between):
    """A universal exit ends any document, also one that no PJL stands in front of. SC-TRACK-03"""
    document, pages = BARE[name]
    alone = analyse(document)
    facts = analyse(document + between + PCL + UEL)
    assert (alone.pages, facts.pages, facts.format) == (pages, pages + 5, alone.format)
    assert facts.document_ends == (pages,)
    assert facts.problems == alone.problems


@pytest.mark.parametrize("name", BARE)
def test_an_exit_alone_behind_a_document_changes_nothing(name):
    """Port monitors and drivers put one behind every job."""
    document, _ = BARE[name]
    options = AnalysisOptions(color=False)
    assert analyse(document + UEL, options=options) == analyse(document, options=options)


@pytest.mark.parametrize("name", ["PDF", "JPEG", "PNG", "GIF", "TIFF"])
def test_octets_of_a_document_that_look_like_an_exit_do_not_end_it(name):
    """Pixels and streams may hold anything; an exit stands behind the end of the format."""
    document, pages = BARE[name]
    if name == "PDF":
        document = pdf(b"% " + UEL + PCL, b"0 0 9 9 re f")
    else:
        stream = io.BytesIO()
        # Plain octets of a comment or of the pixels, as the format allows.
        options = {"JPEG": {"comment": UEL + PCL}, "GIF": {"comment": UEL + PCL}}.get(name, {})
        pixels = (UEL + PCL).ljust(64, b"\0")
        image = Image.frombytes("L", (8, 8), pixels)
        image.save(stream, name, **options)
        document, pages = stream.getvalue(), 1
    assert analyse(document, options=AnalysisOptions(color=False)).pages == pages
    assert analyse(document + UEL + PCL, options=AnalysisOptions(color=False)).pages == pages + 5


def test_pcl_in_front_of_a_bare_pdf_keeps_its_pages():
    """What stands behind the exit does not say what stands before it."""
    facts = analyse(PCL + UEL + BARE["PDF"][0])
    assert (facts.format, facts.pages) == ("application/vnd.hp-PCL", 7)


@pytest.mark.parametrize("between", [b"", b"\n", b"\0\0"])
def test_pdf_files_that_were_joined_are_named(between):
    """Readers go by the last trailer; that another file stands in front of it is said, also where both are alike."""
    one, other = pdf(b"0 0 9 9 re f"), pdf(b"0 0 9 9 re f", b"0 0 9 9 re f")
    assert any("several PDF documents" in problem for problem in analyse(one + between + one).problems)
    facts = analyse(one + between + other)
    assert facts.pages == 2
    assert any("several PDF documents" in problem for problem in facts.problems)
    assert analyse(one).problems == ()


@pytest.mark.parametrize("form", ["PNG", "GIF", "JPEG"])
def test_pictures_that_were_joined_are_named(form):
    """One picture is counted, as devices print the first, and the facts say that another follows."""
    facts = analyse(picture(form) * 2)
    assert facts.pages == 1
    assert any("Another picture follows" in problem for problem in facts.problems)
    assert analyse(picture(form)).problems == ()


def duplex(pages: int, copies: int, *, sides: Sides | None = Sides.TWO_SIDED_LONG_EDGE, sets: int = 1) -> bytes:
    """A PJL job of so many pages; it says nothing of sides where they are None."""
    commands = [f"SET COPIES={copies}", f"SET QTY={sets}"]
    if sides is not None:
        commands.append(f"SET DUPLEX={'ON' if sides.is_two_sided else 'OFF'}")
    if sides is Sides.TWO_SIDED_SHORT_EDGE:
        commands.append("SET BINDING=SHORTEDGE")
    return pjl(*commands, language="PCL", data=b"\x1bE" + b"x\x0c" * pages + b"\x1bE")


def test_each_document_of_a_job_begins_on_a_new_sheet():
    """Three pages twice and one page once, two-sided: two sheets twice and one. SC-PRICE-04, SC-TDF-157"""
    facts = analyse(duplex(3, 2) + duplex(1, 1))
    on_paper = job_facts(facts, JobTicket())
    assert (on_paper.pages, on_paper.impressions, on_paper.sheets) == (4, 7, 5)
    assert job_facts(analyse(duplex(3, 3) + duplex(1, 3)), JobTicket()).sheets == 9
    assert job_facts(analyse(duplex(1, 1) * 3), JobTicket()).sheets == 3


PAGES = b"\x1bEa\x0cb\x0cc\x0c\x1bE"
DUPLEX_PCL = b"\x1bE\x1b&l1Sa\x0cb\x0cc\x0c\x1bE"
PS_PAGES = b"%!PS-Adobe-3.0\n%%Pages: 3\n" + b"0 0 9 9 rectfill showpage\n" * 3 + b"%%EOF\n"
DUPLEX_PS = PS_PAGES.replace(b"Pages: 3\n", b"Pages: 3\n<</Duplex true>> setpagedevice\n")
THREE = pdf(*[b"0 0 9 9 re f"] * 3)
ON = "SET DUPLEX=ON"


@pytest.mark.parametrize(
    "job",
    [
        pjl("JOB", ON, language="PCL", data=PAGES) + pjl("EOJ", "JOB", language="PCL", data=PAGES),
        pjl(ON, language="PCL", data=PAGES) + pjl("JOB", language="PCL", data=PAGES),
        DUPLEX_PCL + PAGES,
        pjl(language="PCL", data=DUPLEX_PCL) + pjl(language="PDF", data=THREE),
        pjl("JOB", ON, language="PDF", data=THREE) + pjl("EOJ", "JOB", language="PDF", data=THREE),
        pjl("JOB", ON, language="PDF", data=THREE) + pjl("EOJ", "JOB", language="PCL", data=PAGES),
        pjl(language="POSTSCRIPT", data=DUPLEX_PS) + pjl(language="POSTSCRIPT", data=PS_PAGES),
        DUPLEX_PS + b"\x04" + PS_PAGES + b"\x04",
        b"\x04" + PS_PAGES + b"\x04" + DUPLEX_PS,
        pjl("JOB", language="POSTSCRIPT", data=DUPLEX_PS + b"\x04" + PS_PAGES),
    ],
)
def test_what_asks_for_two_sides_asks_for_itself_alone(job):
    """Three pages two-sided and three of a document that says nothing of sides: two sheets and three. SC-TDF-157"""
    facts = analyse(job)
    assert (facts.pages, job_facts(facts, JobTicket()).sheets) == (6, 5)
    assert facts.problems == ()
    assert DocumentFacts.from_dict(facts.to_dict()) == facts
    assert job_facts(facts, JobTicket(sides=Sides.TWO_SIDED_SHORT_EDGE)).sheets == 4


def test_a_reset_goes_back_to_what_the_job_asks_for():
    """One side in the data holds for what asks for it; behind it the job's own wish does. SC-TDF-157"""
    for job in (
        DUPLEX_PCL.replace(b"1S", b"0S") + PAGES,
        duplex(3, 1, sides=Sides.ONE_SIDED) + duplex(3, 1, sides=None),
    ):
        assert job_facts(analyse(job), JobTicket()).sheets == 6
        assert job_facts(analyse(job), JobTicket(sides=Sides.TWO_SIDED_LONG_EDGE)).sheets == 5


def test_two_sides_around_all_postscript_jobs_are_those_of_each():
    """PJL says two-sided for two PostScript jobs of three pages: two sheets each, as each begins on a new one."""
    facts = analyse(pjl(ON, language="POSTSCRIPT", data=PS_PAGES + b"\x04" + PS_PAGES))
    assert (facts.document_ends, job_facts(facts, JobTicket()).sheets) == ((3,), 4)


@pytest.mark.untraced
def test_a_postscript_job_that_never_ends_leaves_the_next_its_marked_pages():
    """The bounds of a file are for all of its jobs; what they leave out is known by its comments."""
    facts = analyse(b"%!PS\n{ } loop\n\x04" + PS_PAGES.replace(b"0 0", b"%%Page: 1 1\n0 0"))
    assert facts.pages == 3
    assert facts.problems
    assert DEFECT not in facts.problems


def test_copies_of_a_page_are_not_its_two_sides():
    """PCL that prints its first page three times: three sheets of it, two-sided or not."""
    facts = analyse(pjl("SET DUPLEX=ON", language="PCL", data=b"\x1bE\x1b&l3Xa\x0c\x1b&l1Xb\x0cc\x0c\x1bE"))
    on_paper = job_facts(facts, JobTicket())
    assert (on_paper.impressions, on_paper.sheets) == (5, 4)


def test_copies_in_the_data_win_for_each_document():
    """The job's copies hold for the documents that ask for none, as for a document alone."""
    alone = [job_facts(analyse(one), JobTicket(copies=2)) for one in (duplex(3, 3), duplex(1, 1))]
    joined = job_facts(analyse(duplex(3, 3) + duplex(1, 1)), JobTicket(copies=2))
    assert [on_paper.impressions for on_paper in alone] == [9, 2]
    assert (joined.impressions, joined.sheets) == (11, sum(on_paper.sheets for on_paper in alone))


JOBS = st.lists(
    st.builds(
        duplex,
        st.integers(1, 5),
        st.integers(1, 4),
        sides=st.sampled_from([None, *Sides]),
        sets=st.integers(1, 2),
    ),
    min_size=1,
    max_size=4,
)


@given(JOBS, st.sampled_from([None, 1, 3]), st.sampled_from([1, 2]), st.sampled_from([None, *Sides]))
def test_joined_jobs_come_to_the_sum_of_each(jobs, copies, number_up, sides):
    """Impressions and sheets of jobs behind each other are those of each, under any ticket. SC-PRICE-04, SC-TRACK-03"""
    ticket = JobTicket(copies=copies, number_up=number_up, sides=sides)
    each = [job_facts(analyse(job), ticket) for job in jobs]
    joined = job_facts(analyse(b"".join(jobs)), ticket)
    assert joined.pages == sum(one.pages or 0 for one in each)
    assert joined.impressions == sum(one.impressions for one in each)
    assert joined.sheets == sum(one.sheets for one in each)


@given(JOBS, st.integers(0, 150))
def test_a_part_of_joined_jobs_comes_out_in_order(jobs, told):
    """Each further impression adds itself and at most one sheet, until all is there. SC-POST-01"""
    facts, ticket = analyse(b"".join(jobs)), JobTicket()
    part, further = (part_printed(facts, ticket, count) for count in (told, told + 1))
    whole = job_facts(facts, ticket)
    assert part.impressions == min(told, whole.impressions)
    assert 0 <= further.sheets - part.sheets <= 1
    assert part.sheets <= whole.sheets
    assert part_printed(facts, ticket, whole.impressions) == whole


def test_ends_of_documents_are_kept_with_the_facts():
    """What is stored of a job gives the same sheets later."""
    facts = analyse(duplex(1, 1) * 3)
    assert facts.document_ends == (1, 2)
    assert DocumentFacts.from_dict(facts.to_dict()) == facts


def test_looking_for_an_exit_has_an_end():
    """A file of nothing but exits behind a beginning is one document that was not understood, and soon so."""
    facts = analyse(b"%PDF-1.7\n" + UEL * 200_000)
    assert not facts.pages
    assert facts.problems
