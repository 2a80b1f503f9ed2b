"""Print tickets of jobs, documents and pages: whose word counts, and what comes out on paper."""

from __future__ import annotations

import pytest

from platen.documents.analysis import analyse
from platen.documents.facts import Sides
from platen.documents.job_facts import JobTicket, job_facts
from tests.documents.xps.packages import (
    NS,
    PATH,
    TICKET,
    feature,
    number,
    package,
    page,
    parts_of,
    relationships,
    ticket,
)


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


def tickets_of(*tickets: str, job: str = "", last_page: str = "") -> bytes:
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
    if job:
        parts |= {"_rels/FixedDocSeq.fdseq.rels": relationships((TICKET, "/job.xml")), "job.xml": ticket(job)}
    if last_page:
        parts[f"Documents/{len(tickets) - 1}/Pages/_rels/2.fpage.rels"] = relationships((TICKET, "/page.xml"))
        parts["page.xml"] = ticket(last_page)
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


JOB_DUPLEX = feature("JobDuplexAllDocumentsContiguously", "TwoSidedLongEdge")


def number_up(name: str, pages: int) -> str:
    return feature(name, "", number("ScoredProperty", "PagesPerSheet", pages))


def on_paper(octets: bytes) -> tuple[int, int]:
    """Impressions and sheets."""
    job = job_facts(analyse(octets), JobTicket())
    return job.impressions, job.sheets


@pytest.mark.parametrize(
    ("documents", "job", "expected"),
    [
        (("", ""), JOB_DUPLEX, (6, 3)),
        (("", ""), DUPLEX, (6, 4)),
        ((feature("DocumentDuplex", "OneSided"), ""), JOB_DUPLEX, (6, 5)),
        (("", ""), number_up("JobNUpAllDocumentsContiguously", 2), (3, 3)),
        (("", ""), number_up("DocumentNUp", 2), (4, 4)),
        ((number_up("DocumentNUp", 2), ""), "", (5, 5)),
        (("", number_up("DocumentNUp", 4)), number_up("DocumentNUp", 2), (3, 3)),
        ((number_up("DocumentNUp", 1), ""), number_up("DocumentNUp", 2), (5, 5)),
        (("", ""), number("ParameterInit", "JobCopiesAllDocuments", 2) + TWICE, (24, 24)),
        (("", TWICE), number("ParameterInit", "JobCopiesAllDocuments", 2), (18, 18)),
        (("", ""), number("ParameterInit", "PageCopies", 2), (12, 12)),
        (("", TWICE), JOB_DUPLEX, (9, 6)),
    ],
)
def test_documents_under_the_ticket_of_their_job(documents, job, expected):
    """What a job says of documents holds until theirs say otherwise; contiguous layouts join them. SC-TDF-157"""
    assert on_paper(tickets_of(*documents, job=job)) == expected


@pytest.mark.parametrize(
    ("document", "last_page"),
    [
        (JOB_DUPLEX, ""),
        (number("ParameterInit", "JobCopiesAllDocuments", 3), ""),
        (number_up("JobNUpAllDocumentsContiguously", 2), ""),
        ("", DUPLEX),
        ("", TWICE),
        ("", number_up("DocumentNUp", 2)),
    ],
)
def test_what_may_not_stand_in_a_ticket_is_passed_over(document, last_page):
    """A document says nothing of the job, and a page nothing of its document (Print Schema, scoping prefix)."""
    assert on_paper(tickets_of(document, last_page=last_page)) == (3, 3)


A5, A3 = feature("PageMediaSize", "ISOA5"), feature("PageMediaSize", "ISOA3")


@pytest.mark.parametrize(
    ("job", "document", "last_page", "media"),
    [
        (A5, "", "", ["iso_a5_148x210mm"]),
        (A5, A3, "", ["iso_a3_297x420mm"]),
        ("", A5, A3, ["iso_a5_148x210mm", "iso_a3_297x420mm"]),
        ("", "", "", ["iso_a4_210x297mm"]),
    ],
)
def test_paper_is_what_the_nearest_ticket_names(job, document, last_page, media):
    """Where the size of the page differs, the ticket's is the paper that it is printed on. SC-TRACK-03"""
    facts = analyse(tickets_of(document, job=job, last_page=last_page))
    assert [run.media for run in facts.page_runs] == media


def test_paper_of_any_size_is_named_by_parameters():
    """CustomMediaSize refers to two of them, in microns."""
    custom = feature("PageMediaSize", "CustomMediaSize") + number(
        "ParameterInit", "PageMediaSizeMediaSizeWidth", 100_000
    )
    job = custom + number("ParameterInit", "PageMediaSizeMediaSizeHeight", 150_000)
    run = analyse(tickets_of("", job=job)).page_runs[0]
    assert (run.width_mm, run.height_mm) == (100.0, 150.0)


def test_numbers_belong_to_the_feature_they_stand_in():
    """The size of a job's paper is not that of a page which names another paper without numbers."""
    sized = number("ScoredProperty", "MediaSizeWidth", 200_000) + number("ScoredProperty", "MediaSizeHeight", 250_000)
    facts = analyse(tickets_of("", job=feature("PageMediaSize", "Special", sized), last_page=A5))
    assert [run.width_mm for run in facts.page_runs] == [200.0, 148.0]


def test_sets_and_single_pages():
    """How the copies of a document are sorted is its own matter first."""
    job = feature("JobCollateAllDocuments", "Uncollated") + feature("DocumentCollate", "Collated") + TWICE
    assert analyse(tickets_of("", job=job)).copies_collated is True


def test_the_ticket_of_a_page_names_its_paper():
    """A page that is laid out on A4 comes out on A5 where its ticket says so."""
    parts = parts_of(*[page(PATH.format("#000000"))] * 2)
    parts["Documents/1/Pages/_rels/1.fpage.rels"] = relationships((TICKET, "ticket.xml"))
    parts["Documents/1/Pages/ticket.xml"] = ticket(feature("PageMediaSize", "ISOA5"))
    media = [run.media for run in analyse(package(parts)).page_runs]
    assert media == ["iso_a4_210x297mm", "iso_a5_148x210mm"]
