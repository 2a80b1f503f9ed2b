"""Errors of printing.

PrintingError
    JobNotFound      no such job here, or not yours
    NotReleasable    the job cannot be printed now; the text says why
    NotChangeable    the job is past the point where this can be done
"""


class PrintingError(Exception):
    """A verb on jobs cannot be done; the text is for a person."""


class JobNotFound(PrintingError):
    """There is no such job, or it is not for the asker to see."""


class NotReleasable(PrintingError):
    """The job cannot be released now."""


class NotChangeable(PrintingError):
    """The job can no longer be changed this way."""
