"""What a job may ask for: RFC 8011 sections 4.2 and 5.2."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from platen.protocols.ipp import (
    Attribute,
    Collection,
    IntRange,
    JobPasswords,
    Operation,
    OutOfBand,
    RequestRefused,
    Resolution,
    Status,
    ValueTag,
    check_document_format,
    check_job_template,
    read_document_request,
    read_job_request,
    read_jobs_query,
    read_request,
)
from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.tickets import from_json, to_json
from tests.protocols.ipp.printers import PRINTER, print_job, request

A4 = [a.collection("media-size", [a.integer("x-dimension", 21000), a.integer("y-dimension", 29700)])]

SUPPORTED = [
    a.integer("copies", 999),
    a.enum("finishings", 3, 4),
    a.keyword("job-hold-until", "indefinite"),
    a.integer("job-priority", 100),
    a.keyword("job-sheets", "none"),
    a.keyword("media", "iso_a4_210x297mm"),
    a.keyword("media", "custom_mine_100x200mm"),
    a.collection("media-col", [*A4, a.keyword("media-source", "main"), a.integer("media-top-margin", 0)]),
    a.collection("media-col", [a.keyword("media-size-name", "na_letter_8.5x11in")]),
    a.keyword("multiple-document-handling", "separate-documents-collated-copies"),
    a.integer("number-up", 2),
    a.enum("orientation-requested", 4),
    a.keyword("output-bin", "automatic"),
    a.int_range("page-ranges", IntRange(1, 3), IntRange(8, 8)),
    a.keyword("print-color-mode", "monochrome"),
    a.keyword("print-content-optimize", "text"),
    a.enum("print-quality", 3),
    a.keyword("print-rendering-intent", "auto"),
    a.keyword("print-scaling", "fit"),
    a.resolution("printer-resolution", Resolution(600, 600)),
    a.keyword("sides", "two-sided-short-edge"),
    a.name_("job-account-id", "4711"),
]

NOT_SUPPORTED = [
    a.integer("copies", 0),
    a.integer("copies", 1000),
    a.keyword("copies", "two"),
    a.integer("copies", 1, 2),
    a.enum("finishings", 30),
    a.keyword("job-hold-until", "third-shift"),
    a.integer("job-priority", 101),
    a.keyword("media", "iso_4a0_1682x2378mm"),
    a.keyword("media", "parchment"),
    a.integer("number-up", 5),
    a.enum("orientation-requested", 9),
    a.int_range("page-ranges", IntRange(0, 3)),
    a.int_range("page-ranges", IntRange(3, 1)),
    a.keyword("print-color-mode", "highlight"),
    a.enum("print-quality", 6),
    a.resolution("printer-resolution", Resolution(1200, 1200)),
    a.keyword("sides", "three-sided"),
    a.text("sides", "one-sided"),
    a.integer("media-col", 4),
]


class TestJobTemplate:
    """RFC 8011 section 5.2, PWG 5100.13."""

    @pytest.mark.parametrize("attribute", SUPPORTED, ids=str)
    def test_supported(self, attribute: Attribute) -> None:
        """A supported value is accepted as it came."""
        checked = check_job_template([attribute], PRINTER)
        assert (checked.accepted, checked.unsupported) == ((attribute,), ())

    @pytest.mark.parametrize("attribute", NOT_SUPPORTED, ids=str)
    def test_not_supported(self, attribute: Attribute) -> None:
        """A value, syntax or number of values that is not supported is returned as it came."""
        checked = check_job_template([attribute], PRINTER)
        assert (checked.accepted, checked.unsupported) == ((), (attribute,))

    def test_unknown_attribute(self) -> None:
        """An attribute that the Printer does not know is returned with the out-of-band value unsupported."""
        checked = check_job_template([a.keyword("cover-front", "x")], PRINTER)
        assert checked.unsupported == (a.out_of_band("cover-front", OutOfBand.UNSUPPORTED),)

    def test_of_a_set_the_supported_values_are_kept(self) -> None:
        """A set is split into what is supported and what is not."""
        checked = check_job_template([a.enum("finishings", 4, 30)], PRINTER)
        assert checked.accepted == (a.enum("finishings", 4),)
        assert checked.unsupported == (a.enum("finishings", 30),)

    def test_of_a_media_col_the_supported_members_are_kept(self) -> None:
        """A collection is split by its members."""
        far = [a.collection("media-size", [a.integer("x-dimension", 1), a.integer("y-dimension", 1)])]
        source = a.keyword("media-source", "main")
        checked = check_job_template(
            [a.collection("media-col", [*far, source, a.keyword("media-color", "red")])], PRINTER
        )
        assert checked.accepted == (a.collection("media-col", [source]),)
        assert checked.unsupported == (a.collection("media-col", [*far, a.keyword("media-color", "red")]),)

    def test_a_monochrome_simplex_printer(self) -> None:
        """What a Printer supports is what its description says."""
        simple = replace(PRINTER, color=False, duplex=False, media_custom=None)
        asked = [
            a.keyword("sides", "two-sided-long-edge"),
            a.keyword("print-color-mode", "color"),
            a.keyword("media", "custom_mine_100x200mm"),
        ]
        assert check_job_template(asked, simple).unsupported == tuple(asked)


class TestPrintJob:
    """RFC 8011 section 4.2.1."""

    def test_everything_in_its_place(self) -> None:
        """Names, format, compression and template are read; a format's parameters do not matter."""
        job = read_job_request(
            read_request(
                print_job(
                    a.name_("job-name", "Plan"),
                    a.name_("document-name", "plan.txt"),
                    a.mime_type("document-format", "text/plain; charset=utf-8"),
                    a.keyword("compression", "gzip"),
                    job=(a.integer("copies", 2), a.keyword("job-hold-until", "indefinite")),
                )
            ),
            PRINTER,
        )
        assert (job.job_name, job.document.document_name) == ("Plan", "plan.txt")
        assert (job.document.document_format, job.document.compression) == ("text/plain", "gzip")
        assert job.template.integer("copies") == 2
        assert job.is_held
        assert job.status is Status.SUCCESSFUL_OK

    def test_without_anything(self) -> None:
        """Everything is optional: the default format, not compressed, not held."""
        job = read_job_request(read_request(print_job()), PRINTER)
        assert (job.job_name, job.document.document_format, job.document.compression, job.is_held) == (
            None,
            "application/octet-stream",
            "none",
            False,
        )

    def test_unsupported_attributes_are_ignored_and_told(self) -> None:
        """Without fidelity the job is taken, and the answer says what was ignored."""
        job = read_job_request(read_request(print_job(job=(a.integer("number-up", 5),))), PRINTER)
        assert job.status is Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
        assert job.unsupported == (a.integer("number-up", 5),)
        assert len(job.template) == 0

    @pytest.mark.parametrize(
        "insisting",
        [a.boolean("ipp-attribute-fidelity", True), a.keyword("job-mandatory-attributes", "sides", "number-up")],
        ids=str,
    )
    def test_who_insists_is_refused(self, insisting: Attribute) -> None:
        """With fidelity, or with the attribute named as mandatory, the job is refused with what is not supported."""
        with pytest.raises(RequestRefused) as caught:
            read_job_request(read_request(print_job(insisting, job=(a.integer("number-up", 5),))), PRINTER)
        assert caught.value.status is Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
        assert caught.value.unsupported == (a.integer("number-up", 5),)

    def test_mandatory_attributes_that_are_supported(self) -> None:
        """An ignored attribute that is not mandatory does not refuse the job."""
        message = print_job(a.keyword("job-mandatory-attributes", "copies"), job=(a.integer("number-up", 5),))
        assert read_job_request(read_request(message), PRINTER).unsupported

    @pytest.mark.parametrize(
        ("attribute", "status"),
        [
            (a.mime_type("document-format", "image/tiff"), Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED),
            (a.keyword("document-format", "application/pdf"), Status.CLIENT_ERROR_BAD_REQUEST),
            (a.keyword("compression", "compress"), Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED),
            (a.keyword("job-name", "x"), Status.CLIENT_ERROR_BAD_REQUEST),
        ],
        ids=str,
    )
    def test_what_cannot_be_ignored(self, attribute: Attribute, status: Status) -> None:
        """Format, compression and names are right or the job is refused."""
        with pytest.raises(RequestRefused) as caught:
            read_job_request(read_request(print_job(attribute)), PRINTER)
        assert caught.value.status is status


class TestJobPassword:
    """PWG 5100.11: job-password."""

    ASKED = (a.octets("job-password", b"1234"), a.keyword("job-password-encryption", "none"))

    def test_a_printer_that_takes_passwords(self) -> None:
        """The password and its encryption are read."""
        printer = replace(PRINTER, job_passwords=JobPasswords(length_max=16))
        job = read_job_request(read_request(print_job(*self.ASKED)), printer)
        assert (job.password, job.password_encryption, job.unsupported) == (b"1234", "none", ())

    @pytest.mark.parametrize(
        "passwords",
        [JobPasswords(length_max=3), JobPasswords(encryptions=("sha2-256",)), JobPasswords(encryptions=("md5",))],
    )
    def test_a_password_that_cannot_be_taken_is_refused(self, passwords: JobPasswords) -> None:
        """A Printer that takes passwords prints nothing without the one that was meant, and does not send it back."""
        printer = replace(PRINTER, job_passwords=passwords)
        with pytest.raises(RequestRefused) as caught:
            read_job_request(read_request(print_job(*self.ASKED)), printer)
        assert caught.value.status is Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED
        assert caught.value.unsupported
        assert all(b"1234" not in attribute.values for attribute in caught.value.unsupported)

    @pytest.mark.parametrize(
        ("password", "encryption"), [(b"secret", "none"), (b"1234", "sha2-256"), (b"x" * 33, "sha2-256")]
    )
    def test_a_password_that_no_panel_could_ask_for(self, password: bytes, encryption: str) -> None:
        """Letters in clear, and digests of another length, are refused."""
        rules = JobPasswords(length_max=32, repertoire="iana_us-ascii_digits", encryptions=("none", "sha2-256"))
        asked = (a.octets("job-password", password), a.keyword("job-password-encryption", encryption))
        with pytest.raises(RequestRefused):
            read_job_request(read_request(print_job(*asked)), replace(PRINTER, job_passwords=rules))

    def test_in_clear_and_hashed_give_the_same_digest(self) -> None:
        """What is kept does not depend on who hashed it; an empty password is none."""
        rules = JobPasswords(length_max=32, encryptions=("none", "sha2-256"))
        printer = replace(PRINTER, job_passwords=rules)
        digest = hashlib.sha256(b"1234").digest()
        hashed = (a.octets("job-password", digest), a.keyword("job-password-encryption", "sha2-256"))
        for asked in (self.ASKED, hashed):
            assert read_job_request(read_request(print_job(*asked)), printer).password_digest == digest
        empty = read_job_request(read_request(print_job(a.octets("job-password", b""))), printer)
        assert empty.password_digest is None

    def test_a_printer_without_passwords_tells_and_never_sends_back(self) -> None:
        """The answer says that the password was ignored, without its octets."""
        job = read_job_request(read_request(print_job(*self.ASKED)), PRINTER)
        assert job.password is None
        assert job.unsupported
        assert all(b"1234" not in attribute.values for attribute in job.unsupported)


class TestSendDocument:
    """RFC 8011 section 4.3.1."""

    def test_last_document_is_needed(self) -> None:
        """Without last-document the request is bad; with it the document is read."""
        message = request(Operation.SEND_DOCUMENT, a.integer("job-id", 4))
        with pytest.raises(RequestRefused) as caught:
            read_document_request(read_request(message), PRINTER)
        assert caught.value.status is Status.CLIENT_ERROR_BAD_REQUEST
        message = request(Operation.SEND_DOCUMENT, a.integer("job-id", 4), a.boolean("last-document", False))
        assert read_document_request(read_request(message), PRINTER).last_document is False


class TestQueries:
    """RFC 8011 sections 4.2.5 and 4.2.6."""

    def test_get_jobs(self) -> None:
        """Which jobs, whose, how many, from where."""
        asked = (a.keyword("which-jobs", "completed"), a.boolean("my-jobs", True), a.integer("limit", 10))
        query = read_jobs_query(read_request(request(Operation.GET_JOBS, *asked, a.integer("job-ids", 4, 5))))
        assert (query.which_jobs, query.my_jobs, query.limit, query.first_index) == ("completed", True, 10, 1)
        assert query.job_ids == (4, 5)
        plain = read_jobs_query(read_request(request(Operation.GET_JOBS)))
        assert (plain.which_jobs, plain.my_jobs, plain.limit, plain.job_ids) == ("not-completed", False, None, ())

    @pytest.mark.parametrize(
        ("attribute", "status"),
        [
            (a.keyword("which-jobs", "aborted"), Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED),
            (a.integer("limit", 0), Status.CLIENT_ERROR_BAD_REQUEST),
            (a.keyword("limit", "all"), Status.CLIENT_ERROR_BAD_REQUEST),
            (a.integer("job-ids", 1, 0), Status.CLIENT_ERROR_BAD_REQUEST),
        ],
        ids=str,
    )
    def test_get_jobs_with_values_that_are_none(self, attribute: Attribute, status: Status) -> None:
        """Values outside the standard are told."""
        with pytest.raises(RequestRefused) as caught:
            read_jobs_query(read_request(request(Operation.GET_JOBS, attribute)))
        assert caught.value.status is status

    def test_get_printer_attributes_for_a_format(self) -> None:
        """A client may ask about one document-format; one that is not supported is told."""
        pdf, tiff = (a.mime_type("document-format", name) for name in ("application/pdf", "image/tiff"))
        check_document_format(read_request(request(Operation.GET_PRINTER_ATTRIBUTES, pdf)), PRINTER)
        with pytest.raises(RequestRefused) as caught:
            check_document_format(read_request(request(Operation.GET_PRINTER_ATTRIBUTES, tiff)), PRINTER)
        assert caught.value.unsupported == (tiff,)


class TestTickets:
    """The ticket as it is stored."""

    @pytest.mark.parametrize("attribute", SUPPORTED, ids=str)
    def test_a_ticket_survives_its_storage(self, attribute: Attribute) -> None:
        """Every job template attribute comes back from JSON as it went."""
        accepted = Collection([attribute])
        assert list(from_json(to_json(accepted))) == [attribute]

    def test_the_form_is_plain(self) -> None:
        """A ticket reads as JSON that a person understands; octets have no place in it."""
        ticket = Collection(
            [a.integer("copies", 2), a.int_range("page-ranges", IntRange(1, 3)), a.octets("job-password", b"1")]
        )
        assert to_json(ticket) == {"copies": 2, "page-ranges": [[1, 3]]}

    def test_tags_of_the_ticket(self) -> None:
        """An enum stays an enum, an integer an integer."""
        assert from_json({"finishings": [4], "copies": 1})["finishings"].tags == (ValueTag.ENUM,)
