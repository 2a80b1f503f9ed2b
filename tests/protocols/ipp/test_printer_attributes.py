"""What a Printer and its jobs tell of themselves: RFC 8011 sections 5.3 and 5.4, PWG 5100.14 section 5."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from platen.protocols.ipp import (
    CREATED,
    GET_JOBS_DEFAULT,
    Group,
    IntRange,
    JobPasswords,
    MediaSize,
    Operation,
    OutOfBand,
    PrinterAttributes,
    PrinterDescription,
    PrinterState,
    PrinterStatus,
    ValueTag,
    decode,
    read_request,
    response,
    select,
)
from platen.protocols.ipp import attributes as a
from platen.protocols.ipp.job_template import JOB_CREATION_ATTRIBUTES, RULES
from tests.protocols.ipp.printers import JOB, NOW, PRINTER, URI, request

STATUS = PrinterStatus(now=NOW, queued_job_count=3)
READY = PrinterAttributes(PRINTER)


def tell(*requested: str, printer: PrinterAttributes = READY, status: PrinterStatus = STATUS) -> Group:
    """The printer attributes as a client reads them."""
    asked = read_request(request(Operation.GET_PRINTER_ATTRIBUTES))
    return decode(response(asked, groups=[printer.encode(status, requested)]))[0].printer


class TestSelection:
    """RFC 8011 section 4.2.5.1: requested-attributes."""

    def test_nothing_requested_is_everything_but_the_media_database(self) -> None:
        """Without requested-attributes all are told, except the one that must be asked for by name."""
        told = set(tell().by_name)
        assert told == READY.names - {"media-col-database"}
        assert set(tell("all", "media-col-database").by_name) == READY.names

    def test_groups(self) -> None:
        """job-template and printer-description together are all, and have nothing in common."""
        template, printer = set(tell("job-template").by_name), set(tell("printer-description").by_name)
        assert {"copies-supported", "sides-default", "media-ready"} <= template
        assert {"printer-state", "printer-uuid", "operations-supported"} <= printer
        assert template | printer == set(tell("all").by_name)
        assert not template & printer

    def test_single_names(self) -> None:
        """Static and changing attributes are told by name; unknown names are not."""
        assert set(tell("printer-state", "printer-name", "no-such-thing").by_name) == {"printer-state", "printer-name"}
        assert len(tell("no-such-thing")) == 0

    def test_any_number_of_different_requests(self) -> None:
        """Sets of names that nobody asked for before do not pile up and change no answer."""
        printer = PrinterAttributes(PRINTER)
        for number in range(500):
            assert len(tell("printer-name", f"x{number}", printer=printer)) == 1
        assert len(printer._selections) <= 128


class TestStatus:
    """What changes from request to request."""

    def test_each_answer_tells_the_moment(self) -> None:
        """State, reasons, counts and times are those of the request, though the rest is encoded once."""
        first = tell()
        assert first.integer("printer-state") == PrinterState.IDLE
        assert first.integer("printer-up-time") == 2 * 24 * 3600
        later = PrinterStatus(
            now=NOW + timedelta(seconds=5),
            state=PrinterState.STOPPED,
            state_reasons=("spool-area-full",),
            state_message="The disk is full.",
            state_changed_at=NOW,
            is_accepting_jobs=False,
        )
        second = tell(status=later)
        assert second.integer("printer-up-time") == 2 * 24 * 3600 + 5
        assert second.integer("printer-state-change-time") == 2 * 24 * 3600
        assert second.date_time("printer-state-change-date-time") == NOW
        assert second.texts("printer-state-reasons") == ("spool-area-full",)
        assert second.boolean("printer-is-accepting-jobs", True) is False

    def test_a_clock_that_jumps_back(self) -> None:
        """printer-up-time is never below 1, whatever the clock says."""
        assert tell(status=replace(STATUS, now=PRINTER.up_since - timedelta(days=9))).integer("printer-up-time") == 1


class TestDescription:
    """Printer description and capabilities."""

    def test_ways_to_the_printer_go_together(self) -> None:
        """URIs, security and authentication have the same number of values in the same order."""
        told = tell()
        assert told.texts("printer-uri-supported") == (URI, "ipps://print.example:8631/ipp/print")
        assert told.texts("uri-security-supported") == ("none", "tls")
        assert told.texts("uri-authentication-supported") == ("requesting-user-name",) * 2

    def test_operations_and_features(self) -> None:
        """What IPP Everywhere demands is there."""
        told = tell()
        demanded = {2, 4, 5, 6, 8, 9, 10, 11, 0x39, 0x3B, 0x3C}
        assert demanded <= set(told.integers("operations-supported"))
        assert told.texts("ipp-versions-supported") == ("1.0", "1.1", "2.0")
        assert "ipp-everywhere" in told.texts("ipp-features-supported")
        assert told.boolean("multiple-document-jobs-supported", True) is False

    def test_what_is_told_as_supported_is_what_is_checked(self) -> None:
        """Every job template attribute that the check knows has its -supported attribute, and is told as settable."""
        told = tell("job-template")
        assert {f"{name}-supported" for name in RULES} <= set(told.by_name)
        assert set(RULES) < set(JOB_CREATION_ATTRIBUTES)

    def test_media(self) -> None:
        """Every medium is in the database with its size and margins, and the range of custom sizes as well."""
        database = tell("media-col-database").collections("media-col-database")
        assert len(database) == len(PRINTER.media) + 1
        size = database[0].collection("media-size")
        assert size is not None
        assert (size.integer("x-dimension"), size.integer("y-dimension")) == (21000, 29700)
        custom = database[-1].collection("media-size")
        assert custom is not None
        assert custom.ranges("x-dimension") == (IntRange(7620, 33020),)

    def test_a_monochrome_simplex_printer(self) -> None:
        """A Printer without colour tells no colour speed or raster, one without duplex no second side."""
        told = tell(printer=PrinterAttributes(replace(PRINTER, color=False, duplex=False)))
        assert "pages-per-minute-color" not in told
        assert told.texts("pwg-raster-document-type-supported") == ("black_1", "sgray_8")
        assert not {"SRGB24", "DM1"} & set(told.texts("urf-supported"))
        assert told.texts("sides-supported") == ("one-sided",)

    def test_raster_only_where_it_is_taken(self) -> None:
        """Raster attributes are told only with their document format."""
        told = tell(printer=PrinterAttributes(replace(PRINTER, document_formats=("application/pdf",))))
        assert not {"urf-supported", "pwg-raster-document-type-supported"} & set(told.by_name)

    def test_job_password_is_optional(self) -> None:
        """Passwords are told only where they are taken."""
        assert "job-password-supported" not in tell()
        assert "job-password" not in tell().texts("job-creation-attributes-supported")
        told = tell(printer=PrinterAttributes(replace(PRINTER, job_passwords=JobPasswords(length_max=8))))
        assert told.integer("job-password-supported") == 8
        assert "job-password" in told.texts("job-creation-attributes-supported")

    def test_long_and_odd_texts_fit_their_syntax(self) -> None:
        """Names longer than the standard allows are cut, and a device-id cannot be broken by its parts."""
        odd: PrinterDescription = replace(PRINTER, info="ü" * 300, make_and_model="A;B:C")
        told = tell(printer=PrinterAttributes(odd))
        assert told.text("printer-info") == "ü" * 63
        assert "MDL:A B C;" in (told.text("printer-device-id") or "")

    def test_unknown_place(self) -> None:
        """A Printer that does not know where it stands says so."""
        assert tell()["printer-geo-location"].value is OutOfBand.UNKNOWN


class TestMediaNames:
    """PWG 5101.1 section 5."""

    @pytest.mark.parametrize(
        ("name", "x", "y"),
        [
            ("iso_a4_210x297mm", 21000, 29700),
            ("na_letter_8.5x11in", 21590, 27940),
            ("na_number-10_4.125x9.5in", 10478, 24130),
            ("custom_min_76.2x127mm", 7620, 12700),
        ],
    )
    def test_dimensions_from_the_name(self, name: str, x: int, y: int) -> None:
        """A self-describing name gives its size in hundredths of a millimetre."""
        assert MediaSize.parse(name) == MediaSize(name, x, y)

    @pytest.mark.parametrize("name", ["a4", "iso_a4", "iso_a4_210x297cm", "ISO_A4_210x297mm", ""])
    def test_other_names(self, name: str) -> None:
        """A name of another form is told, with an example of the right one."""
        with pytest.raises(ValueError, match="iso_a4_210x297mm"):
            MediaSize.parse(name)


class TestJobs:
    """RFC 8011 section 5.3."""

    def test_all(self) -> None:
        """Description and template of a job, with times in the count of printer-up-time."""
        view = replace(JOB, template=a.Collection([a.integer("copies", 2)]))
        group = select(()).group(view)
        assert group.integer("job-id") == 7
        assert group.text("job-uri") == f"{URI}/jobs/7"
        assert group.integer("copies") == 2
        assert group.integer("time-at-creation") == 2 * 24 * 3600 - 600
        assert group["time-at-completed"].value is OutOfBand.NO_VALUE
        assert group.date_time("date-time-at-creation") == NOW - timedelta(minutes=10)
        assert group.integer("job-k-octets") == 3
        assert group["job-impressions"].tags == (ValueTag.NO_VALUE,)

    def test_groups_and_names(self) -> None:
        """job-template, job-description and single names pick what they say."""
        view = replace(JOB, template=a.Collection([a.integer("copies", 2), a.keyword("sides", "one-sided")]))
        assert set(select(("job-template",)).group(view).by_name) == {"copies", "sides"}
        assert "copies" not in select(("job-description",)).group(view)
        assert set(select(("job-state", "copies")).group(view).by_name) == {"job-state", "copies"}
        assert set(select((), GET_JOBS_DEFAULT).group(view).by_name) == {"job-id", "job-uri"}
        assert {"job-id", "job-uri", "job-state", "job-state-reasons"} <= set(select(CREATED).group(view).by_name)

    def test_private(self) -> None:
        """Who is not the owner is not told the job's name, owner or accounts."""
        view = replace(JOB, template=a.Collection([a.name_("job-account-id", "4711"), a.integer("copies", 2)]))
        group = select(()).group(view, private=True)
        assert not {"job-name", "job-originating-user-name", "document-name-supplied", "job-account-id"} & set(
            group.by_name
        )
        assert (group.integer("copies"), group.integer("job-state")) == (2, 4)
