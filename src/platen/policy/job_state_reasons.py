"""Keywords of job-state-reasons: why a job is in its state.

RFC 8011 section 5.3.8, and those of the PWG that apply to a print service (5100.3, 5100.7, 5100.11, 5100.13, 5100.16).
"""

from __future__ import annotations

from enum import StrEnum


class JobStateReason(StrEnum):
    """One keyword; a job has any number of them, or `none` alone."""

    # RFC 8011 section 5.3.8
    NONE = "none"
    ABORTED_BY_SYSTEM = "aborted-by-system"
    COMPRESSION_ERROR = "compression-error"
    DOCUMENT_ACCESS_ERROR = "document-access-error"
    DOCUMENT_FORMAT_ERROR = "document-format-error"
    JOB_CANCELED_AT_DEVICE = "job-canceled-at-device"
    JOB_CANCELED_BY_OPERATOR = "job-canceled-by-operator"
    JOB_CANCELED_BY_USER = "job-canceled-by-user"
    JOB_COMPLETED_SUCCESSFULLY = "job-completed-successfully"
    JOB_COMPLETED_WITH_ERRORS = "job-completed-with-errors"
    JOB_COMPLETED_WITH_WARNINGS = "job-completed-with-warnings"
    JOB_DATA_INSUFFICIENT = "job-data-insufficient"
    JOB_HOLD_UNTIL_SPECIFIED = "job-hold-until-specified"
    JOB_INCOMING = "job-incoming"
    JOB_INTERPRETING = "job-interpreting"
    JOB_OUTGOING = "job-outgoing"
    JOB_PRINTING = "job-printing"
    JOB_QUEUED = "job-queued"
    JOB_QUEUED_FOR_MARKER = "job-queued-for-marker"
    JOB_RESTARTABLE = "job-restartable"
    JOB_TRANSFORMING = "job-transforming"
    PRINTER_STOPPED = "printer-stopped"
    PRINTER_STOPPED_PARTLY = "printer-stopped-partly"
    PROCESSING_TO_STOP_POINT = "processing-to-stop-point"
    QUEUED_IN_DEVICE = "queued-in-device"
    RESOURCES_ARE_NOT_READY = "resources-are-not-ready"
    SERVICE_OFF_LINE = "service-off-line"
    SUBMISSION_INTERRUPTED = "submission-interrupted"
    UNSUPPORTED_COMPRESSION = "unsupported-compression"
    UNSUPPORTED_DOCUMENT_FORMAT = "unsupported-document-format"
    # PWG
    ACCOUNT_AUTHORIZATION_FAILED = "account-authorization-failed"
    ACCOUNT_CLOSED = "account-closed"
    ACCOUNT_INFO_NEEDED = "account-info-needed"
    ACCOUNT_LIMIT_REACHED = "account-limit-reached"
    CONFLICTING_ATTRIBUTES = "conflicting-attributes"
    DOCUMENT_PASSWORD_ERROR = "document-password-error"  # noqa: S105 - a keyword, no password
    DOCUMENT_PERMISSION_ERROR = "document-permission-error"
    DOCUMENT_SECURITY_ERROR = "document-security-error"
    DOCUMENT_UNPRINTABLE_ERROR = "document-unprintable-error"
    ERRORS_DETECTED = "errors-detected"
    JOB_DELAY_OUTPUT_UNTIL_SPECIFIED = "job-delay-output-until-specified"
    JOB_FETCHABLE = "job-fetchable"
    JOB_HELD_FOR_REVIEW = "job-held-for-review"
    JOB_PASSWORD_WAIT = "job-password-wait"  # noqa: S105 - a keyword, no password
    JOB_PRINTED_SUCCESSFULLY = "job-printed-successfully"
    JOB_RELEASE_WAIT = "job-release-wait"
    JOB_SAVED_SUCCESSFULLY = "job-saved-successfully"
    JOB_SAVING = "job-saving"
    JOB_SPOOLING = "job-spooling"
    JOB_STREAMING = "job-streaming"
    JOB_SUSPENDED = "job-suspended"
    JOB_SUSPENDED_BY_OPERATOR = "job-suspended-by-operator"
    JOB_SUSPENDED_BY_SYSTEM = "job-suspended-by-system"
    JOB_SUSPENDED_BY_USER = "job-suspended-by-user"
    RESOURCES_ARE_NOT_SUPPORTED = "resources-are-not-supported"
    UNSUPPORTED_ATTRIBUTES_OR_VALUES = "unsupported-attributes-or-values"
    WARNINGS_DETECTED = "warnings-detected"
