"""Is this a request that a Printer may carry out, and on what? (RFC 8011 section 4.1)

The checks go in the order of RFC 8011: version, request-id, operation, charset and language, target. Each failure
is a RequestRefused with the status to answer; `responses.refusal` makes the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from platen.protocols.ipp.errors import RequestRefused, Version
from platen.protocols.ipp.message import Group, Message
from platen.protocols.ipp.operations import ON_JOBS, Operation
from platen.protocols.ipp.status import Status
from platen.protocols.ipp.tags import GroupTag, ValueTag
from platen.protocols.ipp.values import Attribute, NameWithLanguage

PRINT_PATH = "/ipp/print"
"""Where Printers live: the default queue here, queue NAME at /ipp/print/NAME, their jobs with /jobs/ID after it."""

CUPS_PATH = "/printers"
"""Where the clients of CUPS look for queue NAME of a server that they were told of: /printers/NAME."""

_OF_THE_SERVER = frozenset({Operation.CUPS_GET_DEFAULT, Operation.CUPS_GET_PRINTERS})

URI_SCHEMES = frozenset({"ipp", "ipps", "http", "https"})
CHARSETS = frozenset({"utf-8", "us-ascii"})
VERSIONS: tuple[Version, ...] = ((1, 0), (1, 1), (2, 0), (2, 1), (2, 2))

_BAD_REQUEST = Status.CLIENT_ERROR_BAD_REQUEST


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about. `queue` is empty for the default queue; `job_id` is None for a Printer."""

    queue: str
    job_id: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request that passed the checks that every operation has.

    `version` is the one to answer in. `requesting_user_name` is what the client claims, None where it does not say;
    it proves nothing.
    """

    message: Message
    version: Version
    operation: Operation
    charset: str
    language: str
    target: Target
    requesting_user_name: str | None
    requested_attributes: tuple[str, ...]

    @property
    def attributes(self) -> Group:
        """The operation attributes."""
        return self.message.operation

    @property
    def request_id(self) -> int:
        """The request-id, which the response repeats."""
        return self.message.request_id


def answer_version(version: Version | None) -> Version:
    """The version in which to answer: the client's where we speak it, else the nearest below (RFC 8011 4.1.8)."""
    if version is None or version < VERSIONS[0]:
        return (1, 1)
    return max(known for known in VERSIONS if known <= version)


def read_request(message: Message, *, supported: frozenset[Operation] | None = None) -> Request:
    """Check what every request must have, and find its target.

    `supported` are the operations that this Printer carries out; None accepts every known one.
    Raises: RequestRefused.
    """
    _check_version(message.version)
    if message.request_id < 1:
        raise RequestRefused(_BAD_REQUEST, "request-id must be 1 or more; number the requests of a connection from 1")
    operation = message.operation_id
    if not isinstance(operation, Operation) or (supported is not None and operation not in supported):
        raise RequestRefused(
            Status.SERVER_ERROR_OPERATION_NOT_SUPPORTED,
            f"operation {message.code:#06x} is not supported; operations-supported lists those that are",
        )
    group = _operation_group(message)
    charset, language = _charset_and_language(group)
    return Request(
        message=message,
        version=answer_version(message.version),
        operation=operation,
        charset=charset,
        language=language,
        target=_target(group, operation),
        requesting_user_name=_user_name(group),
        requested_attributes=_keywords(group, "requested-attributes"),
    )


def _check_version(version: Version) -> None:
    if version[0] not in {1, 2}:
        raise RequestRefused(
            Status.SERVER_ERROR_VERSION_NOT_SUPPORTED,
            f"IPP/{version[0]}.{version[1]} is not supported; use 1.0, 1.1 or 2.0",
        )


def _operation_group(message: Message) -> Group:
    groups = message.all(GroupTag.OPERATION_ATTRIBUTES)
    if len(groups) != 1 or message.groups[0] is not groups[0]:
        raise RequestRefused(_BAD_REQUEST, "a request begins with operation attributes and has them once")
    return groups[0]


def _charset_and_language(group: Group) -> tuple[str, str]:
    """The first two attributes, in this order (RFC 8011 section 4.1.4)."""
    first = list(group.by_name.values())[:2]
    expected = [
        ("attributes-charset", (ValueTag.CHARSET,)),
        ("attributes-natural-language", (ValueTag.NATURAL_LANGUAGE,)),
    ]
    if [(attribute.name, attribute.tags) for attribute in first] != expected:
        raise RequestRefused(
            _BAD_REQUEST, "the first two attributes must be attributes-charset and attributes-natural-language"
        )
    charset, language = str(first[0].value).lower(), str(first[1].value)
    if charset not in CHARSETS:
        raise RequestRefused(
            Status.CLIENT_ERROR_CHARSET_NOT_SUPPORTED, f"charset {charset} is not supported; use utf-8", (first[0],)
        )
    return charset, language


def _target(group: Group, operation: Operation) -> Target:
    """The Printer or the job, from job-uri, printer-uri, or printer-uri with job-id (RFC 8011 section 4.1.5)."""
    job_uri = _uri(group, "job-uri") if operation in ON_JOBS else None
    if job_uri is not None:
        target = parse_job_uri(job_uri)
        if target is None:
            raise RequestRefused(Status.CLIENT_ERROR_NOT_FOUND, f"there is no job at {job_uri}")
        return target
    printer_uri = _uri(group, "printer-uri")
    if operation in _OF_THE_SERVER:
        return Target("")
    if printer_uri is None:
        raise RequestRefused(_BAD_REQUEST, "the request does not say for whom it is: printer-uri is missing")
    queue = parse_printer_uri(printer_uri)
    if queue is None:
        raise RequestRefused(Status.CLIENT_ERROR_NOT_FOUND, f"there is no printer at {printer_uri}")
    if operation not in ON_JOBS:
        return Target(queue)
    job_id = group.integer("job-id")
    if job_id is None or job_id < 1:
        raise RequestRefused(_BAD_REQUEST, f"{operation.keyword} needs a job-uri, or a printer-uri and a job-id")
    return Target(queue, job_id)


def _uri(group: Group, name: str) -> str | None:
    attribute = group.get(name)
    if attribute is None:
        return None
    if attribute.tags != (ValueTag.URI,):
        raise RequestRefused(_BAD_REQUEST, f"{name} must be one uri")
    uri = str(attribute.value)
    scheme = uri.partition(":")[0].lower()
    if scheme not in URI_SCHEMES:
        raise RequestRefused(
            Status.CLIENT_ERROR_URI_SCHEME_NOT_SUPPORTED, f"{name} has scheme {scheme}; use ipp or ipps", (attribute,)
        )
    return uri


@lru_cache(maxsize=4096)
def parse_printer_uri(uri: str) -> str | None:
    """The queue that a printer-uri names: empty for the default queue, None where the path is not one of ours."""
    path = _path(uri)
    if path == PRINT_PATH:
        return ""
    name = path.removeprefix(PRINT_PATH + "/").removeprefix(CUPS_PATH + "/")
    return None if name == path or not name or "/" in name else unquote(name)


def parse_job_uri(uri: str) -> Target | None:
    """The queue and job-id that a job-uri names, or None where it is not one of ours."""
    printer_uri, slash, number = uri.partition("?")[0].rpartition("/jobs/")
    if not slash or not (number.isascii() and number.isdigit()) or len(number) > 10:
        return None
    queue = parse_printer_uri(printer_uri)
    return None if queue is None or not 0 < int(number) < 2**31 else Target(queue, int(number))


def job_uri(printer_uri: str, job_id: int) -> str:
    """The job-uri of a job, which `parse_job_uri` understands."""
    return f"{printer_uri}/jobs/{job_id}"


def _path(uri: str) -> str:
    try:
        return urlsplit(uri).path.rstrip("/")
    except ValueError:  # a bracket that is no address
        return ""


def _user_name(group: Group) -> str | None:
    value = group.first("requesting-user-name")
    if value is None:
        return None
    text = value.text if isinstance(value, NameWithLanguage) else value
    if not isinstance(text, str):
        raise RequestRefused(_BAD_REQUEST, "requesting-user-name must be a name")
    return text or None


def _keywords(group: Group, name: str) -> tuple[str, ...]:
    attribute: Attribute | None = group.get(name)
    if attribute is None:
        return ()
    if any(tag != ValueTag.KEYWORD for tag in attribute.tags):
        raise RequestRefused(_BAD_REQUEST, f"{name} must be keywords")
    return group.texts(name)
