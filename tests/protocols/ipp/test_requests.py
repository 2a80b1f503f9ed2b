"""Which requests a Printer carries out: RFC 8011 section 4.1."""

from __future__ import annotations

import pytest

from platen.protocols.ipp import (
    DecodeError,
    Group,
    GroupTag,
    IppError,
    Message,
    Operation,
    RequestRefused,
    Status,
    Target,
    Version,
    decode,
    encode,
    job_uri,
    parse_job_uri,
    parse_printer_uri,
    read_request,
    refusal,
    response,
)
from platen.protocols.ipp import attributes as a
from tests.protocols.ipp.printers import PRINTER, URI, request

GET = Operation.GET_PRINTER_ATTRIBUTES
CHARSET = a.charset("attributes-charset", "utf-8")
LANGUAGE = a.language("attributes-natural-language", "en")
TO = a.uri("printer-uri", URI)


def refused(message: Message) -> RequestRefused:
    with pytest.raises(RequestRefused) as caught:
        read_request(message, supported=frozenset(PRINTER.operations))
    return caught.value


class TestVersions:
    """RFC 8011 section 4.1.8."""

    @pytest.mark.parametrize(
        ("asked", "answered"),
        [((1, 0), (1, 0)), ((1, 1), (1, 1)), ((2, 0), (2, 0)), ((2, 2), (2, 2)), ((2, 9), (2, 2))],
    )
    def test_a_client_is_answered_in_its_version(self, asked: Version, answered: Version) -> None:
        """Versions 1.x and 2.x are answered in their own version, or the nearest minor version below."""
        answer = decode(response(read_request(request(GET, version=asked))))[0]
        assert (answer.version, answer.status, answer.request_id) == (answered, Status.SUCCESSFUL_OK, 1)

    @pytest.mark.parametrize(("asked", "answered"), [((0, 0), (1, 1)), ((3, 0), (2, 2))])
    def test_other_versions_are_not_supported(self, asked: Version, answered: Version) -> None:
        """Another major version is refused in a version that we speak."""
        message = request(GET, version=asked)
        error = refused(message)
        assert error.status is Status.SERVER_ERROR_VERSION_NOT_SUPPORTED
        assert decode(refusal(error, message))[0].version == answered


class TestOperationAttributes:
    """RFC 8011 section 4.1.4."""

    @pytest.mark.parametrize(
        "attributes",
        [
            [],
            [CHARSET, TO],
            [LANGUAGE, TO],
            [LANGUAGE, CHARSET, TO],
            [CHARSET, TO, LANGUAGE],
            [a.keyword("attributes-charset", "utf-8"), LANGUAGE, TO],
            [CHARSET, LANGUAGE],
            [CHARSET, LANGUAGE, a.keyword("printer-uri", URI)],
            [CHARSET, LANGUAGE, TO, a.text("requested-attributes", "all")],
            [CHARSET, LANGUAGE, TO, a.integer("requesting-user-name", 1)],
        ],
    )
    def test_charset_language_and_target_in_order(self, attributes: list[a.Attribute]) -> None:
        """Charset, then language, then a target, each of its syntax: anything else is a bad request."""
        message = Message((2, 0), GET, 1, (Group(GroupTag.OPERATION_ATTRIBUTES, attributes),))
        assert refused(message).status is Status.CLIENT_ERROR_BAD_REQUEST

    def test_charsets(self) -> None:
        """us-ascii is understood in any case of letters; another charset is refused and named."""
        group = Group(GroupTag.OPERATION_ATTRIBUTES, [a.charset("attributes-charset", "US-ASCII"), LANGUAGE, TO])
        assert read_request(Message((2, 0), GET, 1, (group,))).charset == "us-ascii"
        group = Group(GroupTag.OPERATION_ATTRIBUTES, [a.charset("attributes-charset", "iso-8859-1"), LANGUAGE, TO])
        error = refused(Message((2, 0), GET, 1, (group,)))
        assert error.status is Status.CLIENT_ERROR_CHARSET_NOT_SUPPORTED
        assert error.unsupported == (a.charset("attributes-charset", "iso-8859-1"),)

    def test_groups(self) -> None:
        """A request has its operation attributes first and once."""
        group = Group(GroupTag.OPERATION_ATTRIBUTES, [CHARSET, LANGUAGE, TO])
        assert refused(Message((2, 0), GET, 1, ())).status is Status.CLIENT_ERROR_BAD_REQUEST
        assert refused(Message((2, 0), GET, 1, (group, group))).status is Status.CLIENT_ERROR_BAD_REQUEST

    @pytest.mark.parametrize("request_id", [0, -1])
    def test_request_id(self, request_id: int) -> None:
        """request-id counts from 1."""
        assert refused(request(GET, request_id=request_id)).status is Status.CLIENT_ERROR_BAD_REQUEST

    @pytest.mark.parametrize("operation", [0x0001, 0x4001, Operation.PURGE_JOBS])
    def test_operations(self, operation: int) -> None:
        """An unknown operation, and one that this Printer does not offer, are not supported."""
        assert refused(request(operation)).status is Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED


class TestTargets:
    """RFC 8011 section 4.1.5: what a request is about."""

    @pytest.mark.parametrize(
        ("uri", "queue"),
        [
            ("ipp://h/ipp/print", ""),
            ("ipps://h:443/ipp/print/", ""),
            ("http://[::1]:631/ipp/print/staff", "staff"),
            ("ipp://h/ipp/print/second%20floor", "second floor"),
            ("ipp://h/printers/staff", "staff"),
            ("ipp://h/ipp/print/a/b", None),
            ("ipp://h/ipp/printer", None),
            ("ipp://h/", None),
            ("ipp://[h/ipp/print", None),
        ],
    )
    def test_printer_uri(self, uri: str, queue: str | None) -> None:
        """The path names the queue, whatever address the client reached us by."""
        assert parse_printer_uri(uri) == queue

    @pytest.mark.parametrize("uri", ["ipp://h/ipp/print/jobs/x", "ipp://h/ipp/print/jobs/0", "ipp://h/jobs/4", "x"])
    def test_no_job_uri(self, uri: str) -> None:
        """What does not end in a job-id of a queue is no job."""
        assert parse_job_uri(uri) is None

    def test_a_job_by_either_name(self) -> None:
        """job-uri, and printer-uri with job-id, mean the same job."""
        by_uri = request(Operation.CANCEL_JOB, target=a.uri("job-uri", job_uri(URI + "/staff", 12)))
        by_id = request(Operation.CANCEL_JOB, a.integer("job-id", 12), target=a.uri("printer-uri", URI + "/staff"))
        assert read_request(by_uri).target == read_request(by_id).target == Target("staff", 12)

    @pytest.mark.parametrize(
        ("target", "status"),
        [
            (a.uri("printer-uri", "ftp://h/ipp/print"), Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED),
            (a.uri("printer-uri", "ipp://h/elsewhere"), Status.CLIENT_ERROR_NOT_FOUND),
            (a.uri("job-uri", "ipp://h/ipp/print/4"), Status.CLIENT_ERROR_NOT_FOUND),
            (a.uri("printer-uri", URI), Status.CLIENT_ERROR_BAD_REQUEST),  # no job-id
        ],
    )
    def test_no_target(self, target: a.Attribute, status: Status) -> None:
        """A target that is none of ours is told as the standard says."""
        assert refused(request(Operation.CANCEL_JOB, target=target)).status is status


class TestRefusals:
    """The answer to what was not carried out."""

    def test_of_a_message_that_cannot_be_decoded(self) -> None:
        """The answer repeats the version and request-id that could be read."""
        with pytest.raises(DecodeError) as caught:
            decode(encode(request(GET, version=(1, 0), request_id=77))[:-1] + b"\0")
        answer = decode(refusal(caught.value))[0]
        assert (answer.version, answer.status, answer.request_id) == ((1, 0), Status.CLIENT_ERROR_BAD_REQUEST, 77)
        assert "octet" in (answer.operation.text("status-message") or "")

    def test_of_octets_without_a_header(self) -> None:
        """Where nothing could be read the answer is IPP/1.1 with request-id 0."""
        answer = decode(refusal(IppError("nothing came", status=Status.CLIENT_ERROR_BAD_REQUEST)))[0]
        assert (answer.version, answer.request_id) == ((1, 1), 0)

    def test_long_messages_are_cut_between_characters(self) -> None:
        """status-message keeps to its 255 octets."""
        text = decode(refusal(IppError("ä" * 200, status=Status.SERVER_ERROR_BUSY)))[0].operation.text("status-message")
        assert text == "ä" * 127
