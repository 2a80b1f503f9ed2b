"""What the operations on jobs ask for, read and checked (RFC 8011 sections 4.2 and 4.3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from platen.protocols.ipp.description import DIGITS, SHA_256, JobPasswords, PrinterDescription
from platen.protocols.ipp.errors import RequestRefused
from platen.protocols.ipp.job_template import NO_HOLD, check_job_template
from platen.protocols.ipp.message import Group
from platen.protocols.ipp.requests import Request
from platen.protocols.ipp.status import Status
from platen.protocols.ipp.tags import ValueTag
from platen.protocols.ipp.values import Attribute, Attributes, IntRange, OutOfBand

_BAD_REQUEST = Status.CLIENT_ERROR_BAD_REQUEST
_NOT_SUPPORTED = Status.CLIENT_ERROR_ATTRIBUTES_OR_VALUES_NOT_SUPPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRequest:
    """The document that a Print-Job or Send-Document brings. `last_document` is always true for Print-Job."""

    document_format: str
    compression: str
    document_name: str | None
    last_document: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequest:
    """What Print-Job, Create-Job or Validate-Job asks for.

    `template` are the job template attributes that the Printer honours, `unsupported` those that it ignores.
    `password` is the octets of job-password as sent, None where there is none: never log it.
    """

    job_name: str | None
    document: DocumentRequest
    template: Attributes
    unsupported: tuple[Attribute, ...]
    password: bytes | None = None
    password_encryption: str | None = None

    @property
    def status(self) -> Status:
        """The status of success (RFC 8011 appendix B.1.2)."""
        if self.unsupported:
            return Status.SUCCESSFUL_OK_IGNORED_OR_SUBSTITUTED_ATTRIBUTES
        return Status.SUCCESSFUL_OK

    @property
    def password_digest(self) -> bytes | None:
        """SHA-256 of the password, whether it came in clear or hashed; None: the job has none."""
        if not self.password:
            return None
        return self.password if self.password_encryption == SHA_256 else hashlib.sha256(self.password).digest()

    @property
    def is_held(self) -> bool:
        """Whether the client asks to hold the job, until Release-Job."""
        return self.template.text("job-hold-until", NO_HOLD) != NO_HOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsQuery:
    """Which jobs Get-Jobs asks for (RFC 8011 section 4.2.6.1). `limit` None: all; `first_index` counts from 1."""

    which_jobs: str
    my_jobs: bool
    limit: int | None
    first_index: int
    job_ids: tuple[int, ...]


def read_job_request(request: Request, description: PrinterDescription) -> JobRequest:
    """The job that Print-Job, Create-Job or Validate-Job describes.

    Raises: RequestRefused with client-error-document-format-not-supported, -compression-not-supported, or, where the
    client insists with ipp-attribute-fidelity or job-mandatory-attributes, -attributes-or-values-not-supported.
    """
    group = request.attributes
    document = _document(group, description, last_document=True)
    checked = check_job_template(request.message.job, description)
    password, encryption, refused = _password(group, description)
    unsupported = (*checked.unsupported, *refused)
    _insist(group, unsupported)
    return JobRequest(
        job_name=_name(group, "job-name"),
        document=document,
        template=Attributes(checked.accepted),
        unsupported=unsupported,
        password=password,
        password_encryption=encryption,
    )


def read_document_request(request: Request, description: PrinterDescription) -> DocumentRequest:
    """The document of a Send-Document. Raises: RequestRefused; bad-request where last-document is missing."""
    group = request.attributes
    attribute = group.get("last-document")
    if attribute is None or attribute.tags != (ValueTag.BOOLEAN,):
        raise RequestRefused(_BAD_REQUEST, "Send-Document needs last-document, true with a job's only document")
    return _document(group, description, last_document=group.boolean("last-document"))


def check_document_format(request: Request, description: PrinterDescription) -> None:
    """Get-Printer-Attributes may name a format to be told about (RFC 8011 section 4.2.5.1). Raises: RequestRefused."""
    _format(request.attributes, description)


def read_jobs_query(request: Request) -> JobsQuery:
    """What Get-Jobs asks for. Raises: RequestRefused for values that are none."""
    group = request.attributes
    which = group.text("which-jobs", "not-completed") or "not-completed"
    if which not in {"completed", "not-completed", "all"}:
        raise RequestRefused(
            _NOT_SUPPORTED,
            f"which-jobs {which} is not supported; which-jobs-supported lists what is",
            _of(group, "which-jobs"),
        )
    limit = _positive(group, "limit")
    return JobsQuery(
        which_jobs=which,
        my_jobs=group.boolean("my-jobs"),
        limit=limit,
        first_index=_positive(group, "first-index") or 1,
        job_ids=read_job_ids(request),
    )


def read_job_ids(request: Request) -> tuple[int, ...]:
    """job-ids of Get-Jobs and Cancel-My-Jobs (PWG 5100.7), empty where the request is about all."""
    attribute = request.attributes.get("job-ids")
    if attribute is None:
        return ()
    job_ids = request.attributes.integers("job-ids")
    if len(job_ids) != len(attribute.values) or any(job_id < 1 for job_id in job_ids):
        raise RequestRefused(_BAD_REQUEST, "job-ids must be integers from 1")
    return job_ids


def _positive(group: Group, name: str) -> int | None:
    attribute = group.get(name)
    if attribute is None:
        return None
    number = group.integer(name)
    if number is None or number < 1 or len(attribute.values) > 1:
        raise RequestRefused(_BAD_REQUEST, f"{name} must be one integer from 1")
    return number


def _document(group: Group, d: PrinterDescription, *, last_document: bool) -> DocumentRequest:
    compression = group.text("compression", "none") or "none"
    if compression not in d.compressions:
        raise RequestRefused(
            Status.CLIENT_ERROR_COMPRESSION_NOT_SUPPORTED,
            f"compression {compression} is not supported; use one of {', '.join(d.compressions)}",
            _of(group, "compression"),
        )
    return DocumentRequest(
        document_format=_format(group, d),
        compression=compression,
        document_name=_name(group, "document-name"),
        last_document=last_document,
    )


def _format(group: Group, d: PrinterDescription) -> str:
    attribute = group.get("document-format")
    if attribute is None:
        return d.document_format_default
    if attribute.tags != (ValueTag.MIME_MEDIA_TYPE,):
        raise RequestRefused(_BAD_REQUEST, "document-format must be one mimeMediaType")
    # Parameters, as in text/plain; charset=utf-8, do not make it another format.
    base = str(attribute.value).partition(";")[0].strip().lower()
    if base not in d.document_formats:
        raise RequestRefused(
            Status.CLIENT_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED,
            f"document-format {base} is not supported; document-format-supported lists what is",
            (attribute,),
        )
    return base


def _name(group: Group, name: str) -> str | None:
    attribute = group.get(name)
    if attribute is None:
        return None
    if attribute.tags not in {(ValueTag.NAME,), (ValueTag.NAME_WITH_LANGUAGE,)}:
        raise RequestRefused(_BAD_REQUEST, f"{name} must be one name")
    return group.text(name) or None


def _of(group: Group, name: str) -> tuple[Attribute, ...]:
    attribute = group.get(name)
    return (attribute,) if attribute else ()


def _password(group: Group, d: PrinterDescription) -> tuple[bytes | None, str | None, tuple[Attribute, ...]]:
    """(password, encryption, attributes that are not supported).

    Raises: RequestRefused where the Printer takes passwords, and not this one: who sent it would not want the document
    to be printed without.
    """
    given = group.get("job-password")
    if given is None:
        return None, None, ()
    # Without its value: a password is never sent back.
    unsupported = (Attribute("job-password", (ValueTag.UNSUPPORTED,), (OutOfBand.UNSUPPORTED,)),)
    if d.job_passwords is None:
        return None, None, unsupported
    encryption = group.text("job-password-encryption", "none") or "none"
    if encryption not in d.job_passwords.encryptions:
        known = ", ".join(d.job_passwords.encryptions)
        sentence = f"job-password-encryption {encryption} is not supported; {known} are"
        raise RequestRefused(_NOT_SUPPORTED, sentence, _of(group, "job-password-encryption"))
    password = group.octets("job-password")
    problem = _password_problem(password, encryption, d.job_passwords)
    if password is None or problem:
        raise RequestRefused(_NOT_SUPPORTED, problem, unsupported)
    return password, encryption, ()


def _password_problem(password: bytes | None, encryption: str, rules: JobPasswords) -> str:
    """Why a password cannot be taken, as a sentence; empty where it can."""
    if password is None:
        return "job-password must be one octetString"
    if len(password) not in IntRange(0, rules.length_max):
        return f"job-password has more than {rules.length_max} octets"
    if encryption == SHA_256 and len(password) != hashlib.sha256().digest_size:
        return "a job-password of sha2-256 has 32 octets"
    if encryption == "none" and rules.repertoire == DIGITS and password and not password.isdigit():
        return "a job-password has digits and nothing else here, as panels have no letters"
    return ""


def _insist(group: Group, unsupported: tuple[Attribute, ...]) -> None:
    """Refuse where the client would rather have no job than a job that is not as it asked."""
    if not unsupported:
        return
    mandatory = frozenset(group.texts("job-mandatory-attributes"))
    if group.boolean("ipp-attribute-fidelity"):
        refused = unsupported
    else:
        refused = tuple(attribute for attribute in unsupported if attribute.name in mandatory)
    if refused:
        names = ", ".join(attribute.name for attribute in refused)
        raise RequestRefused(_NOT_SUPPORTED, f"not printed, because not supported as asked for: {names}", unsupported)
