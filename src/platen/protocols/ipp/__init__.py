"""IPP, sans-I/O: the codec of RFC 8010 and the semantics of an IPP Everywhere Printer (RFC 8011, PWG 5100.14).

Octets come in through MessageDecoder and leave through encode; nothing here opens a socket or reads a clock.
"""

from platen.protocols.ipp.decoder import (
    CLIENT_LIMITS,
    SERVER_LIMITS,
    Limits,
    MessageDecoder,
    decode,
    decode_response,
)
from platen.protocols.ipp.description import (
    JobPasswords,
    PrinterDescription,
    PrinterState,
    PrinterStatus,
    PrinterUri,
    Supply,
)
from platen.protocols.ipp.encoder import encode, encode_attribute, encode_group, encode_header
from platen.protocols.ipp.errors import (
    DecodeError,
    EncodeError,
    IppError,
    LimitExceeded,
    RequestRefused,
    TruncatedMessage,
    Version,
)
from platen.protocols.ipp.job_requests import (
    DocumentRequest,
    JobRequest,
    JobsQuery,
    check_document_format,
    read_document_request,
    read_job_ids,
    read_job_request,
    read_jobs_query,
)
from platen.protocols.ipp.job_template import check_job_template
from platen.protocols.ipp.jobs import CREATED, GET_JOBS_DEFAULT, JobSelection, JobView, select
from platen.protocols.ipp.media import Margins, MediaSize
from platen.protocols.ipp.message import EncodedGroup, Group, Message
from platen.protocols.ipp.operations import JOB_CREATION, ON_JOBS, WITH_DOCUMENT, Operation
from platen.protocols.ipp.printer_attributes import PrinterAttributes
from platen.protocols.ipp.requests import (
    CUPS_PATH,
    PRINT_PATH,
    Request,
    Target,
    answer_version,
    job_uri,
    parse_job_uri,
    parse_printer_uri,
    read_request,
)
from platen.protocols.ipp.responses import refusal, response
from platen.protocols.ipp.status import Status
from platen.protocols.ipp.tags import GroupTag, ValueTag
from platen.protocols.ipp.values import (
    Attribute,
    Attributes,
    Collection,
    DateTime,
    IntRange,
    NameWithLanguage,
    OutOfBand,
    Resolution,
    ResolutionUnits,
    TextWithLanguage,
    Value,
)

__all__ = [
    "CLIENT_LIMITS",
    "CREATED",
    "CUPS_PATH",
    "GET_JOBS_DEFAULT",
    "JOB_CREATION",
    "ON_JOBS",
    "PRINT_PATH",
    "SERVER_LIMITS",
    "WITH_DOCUMENT",
    "Attribute",
    "Attributes",
    "Collection",
    "DateTime",
    "DecodeError",
    "DocumentRequest",
    "EncodeError",
    "EncodedGroup",
    "Group",
    "GroupTag",
    "IntRange",
    "IppError",
    "JobPasswords",
    "JobRequest",
    "JobSelection",
    "JobView",
    "JobsQuery",
    "LimitExceeded",
    "Limits",
    "Margins",
    "MediaSize",
    "Message",
    "MessageDecoder",
    "NameWithLanguage",
    "Operation",
    "OutOfBand",
    "PrinterAttributes",
    "PrinterDescription",
    "PrinterState",
    "PrinterStatus",
    "PrinterUri",
    "Request",
    "RequestRefused",
    "Resolution",
    "ResolutionUnits",
    "Status",
    "Supply",
    "Target",
    "TextWithLanguage",
    "TruncatedMessage",
    "Value",
    "ValueTag",
    "Version",
    "answer_version",
    "check_document_format",
    "check_job_template",
    "decode",
    "decode_response",
    "encode",
    "encode_attribute",
    "encode_group",
    "encode_header",
    "job_uri",
    "parse_job_uri",
    "parse_printer_uri",
    "read_document_request",
    "read_job_ids",
    "read_job_request",
    "read_jobs_query",
    "read_request",
    "refusal",
    "response",
    "select",
]
