"""PDF: encrypted files, opened or not."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Encryption, ObjectStreamMode

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts, PagesBasis
from platen.documents.limits import AnalysisOptions
from tests.documents.pdf.made import saved
from tests.documents.pdf.written import A4, written

REVISIONS = [2, 3, 4, 6]  # RC4 with 40 and 128 bits, AES with 128 and 256
PLAIN_TREE = ObjectStreamMode.disable


def locked(revision: int = 6, *, user: str = "user", mode: ObjectStreamMode = PLAIN_TREE, **how: object) -> bytes:
    with pikepdf.new() as document:
        for _ in range(3):
            document.add_blank_page(page_size=(595, 842))
        document.docinfo["/Title"] = "Secret plan"
        aes, metadata = revision >= 4, revision >= 4
        how["encryption"] = Encryption(owner="owner", user=user, R=revision, aes=aes, metadata=metadata)
        return saved(document, object_stream_mode=mode, **how)


def opened(document: bytes, password: str | None = None) -> DocumentFacts:
    return analyse(document, options=AnalysisOptions(color=False, password=password))


@pytest.mark.parametrize("mode", [ObjectStreamMode.disable, ObjectStreamMode.generate])
@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize(("user", "password"), [("", None), ("", "wrong"), ("user", "user"), ("user", "owner")])
def test_a_file_that_opens_is_read_whole(revision, mode, user, password):
    """With no password, the user's or the owner's, pages and title are known. SC-TDF-110, SC-TDF-113"""
    facts = opened(locked(revision, user=user, mode=mode), password)
    assert (facts.pages, facts.pages_basis, facts.encrypted) == (3, PagesBasis.COUNTED, True)
    assert (facts.title, facts.problems) == ("Secret plan", ())


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("password", [None, "wrong"])
def test_pages_are_counted_without_the_password(revision, password):
    """Only strings and streams are encrypted: the page tree is in plain, the title is not. SC-TDF-110"""
    facts = opened(locked(revision), password)
    assert (facts.pages, facts.pages_basis, facts.encrypted, facts.title) == (3, PagesBasis.COUNTED, True, None)
    assert facts.page_runs[0].media == "iso_a4_210x297mm"
    assert "password" in facts.problems[0]


def test_pages_in_encrypted_streams_are_not_known():
    """Where the tree itself is encrypted, nothing is guessed. SC-TDF-140"""
    facts = opened(locked(mode=ObjectStreamMode.generate))
    assert (facts.pages, facts.encrypted) == (None, True)
    assert any("cannot be told for sure" in problem for problem in facts.problems)


def test_a_linearized_file_declares_its_pages_in_plain():
    """What stands in front of a file for the web is never encrypted. SC-TDF-110"""
    facts = opened(locked(mode=ObjectStreamMode.generate, linearize=True))
    assert (facts.pages, facts.pages_basis) == (3, PagesBasis.DECLARED)


def test_a_password_beyond_ascii_opens():
    """Passwords are UTF-8 since AES-256 and PDFDocEncoding before."""
    for revision in (4, 6):
        assert opened(locked(revision, user="æøå"), "æøå").title == "Secret plan", revision


def test_a_file_whose_attachments_alone_are_encrypted_needs_no_password():
    """Crypt filters that leave strings and streams as they are hide no page (ISO 32000-1 section 7.6.5)."""
    document = written(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            3: b"<</Type/Page" + A4 + b">>",
            4: b"<</Title(In plain)>>",
            5: b"<</Filter/Standard/V 4/R 4/Length 128/O<00>/U<00>/P -4/StmF/Identity/StrF/Identity/EFF/StdCF>>",
        },
        trailer=b"/Root 1 0 R/Info 4 0 R/Encrypt 5 0 R",
    )
    facts = opened(document)
    assert (facts.pages, facts.encrypted, facts.title, facts.problems) == (1, True, "In plain", ())


def test_an_encryption_that_nobody_knows_leaves_the_page_tree():
    """A file locked by certificates or by a program of its own still has its pages in plain."""
    document = written(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            3: b"<</Type/Page" + A4 + b">>",
            5: b"<</Filter/Own.Handler/V 9>>",
        },
        trailer=b"/Root 1 0 R/Encrypt 5 0 R",
    )
    facts = opened(document)
    assert (facts.pages, facts.encrypted) == (1, True)
    assert facts.problems
