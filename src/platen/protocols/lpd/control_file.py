"""The control file of a job (RFC 1179 section 7): one fact a line, named by its first octet."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from platen.protocols.lpd.errors import ControlFileError
from platen.protocols.lpd.limits import LpdLimits
from platen.protocols.lpd.text import decode_text


class DataFileFormat(enum.StrEnum):
    """How a data file is to be printed: the lower-case commands of RFC 1179 sections 7.17 to 7.29."""

    CIF = "c"
    DVI = "d"
    FORMATTED = "f"
    PLOT = "g"
    LITERAL = "l"
    DITROFF = "n"
    POSTSCRIPT = "o"
    PR = "p"
    FORTRAN = "r"
    TROFF = "t"
    RASTER = "v"
    KERBERIZED = "k"  # reserved by the RFC; seen from some mainframe spoolers
    PALLADIUM = "z"  # reserved by the RFC


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFile:
    """One data file that the control file asks to print."""

    name: str
    """As the data file's sub-command calls it, e.g. dfA001host."""
    format: DataFileFormat
    copies: int
    """How often the control file names it: RFC 1179 repeats the line for each copy."""
    source_name: str
    """N: the document's name where the user printed it; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFile:
    """What the client says about its job; an absent fact is the empty string."""

    host: str = ""
    user: str = ""
    job_name: str = ""
    job_class: str = ""
    title: str = ""
    banner_user: str = ""
    """L: whose name goes on a banner page; empty where none is wanted."""
    mail_user: str = ""
    files: tuple[PrintedFile, ...] = ()

    @property
    def best_job_name(self) -> str:
        """J, else the first N, else T: the name a person would know the job by; may be empty."""
        names = (self.job_name, *(file.source_name for file in self.files), self.title)
        return next((name for name in names if name), "")


_FACTS = {
    "H": "host",
    "P": "user",
    "J": "job_name",
    "C": "job_class",
    "T": "title",
    "L": "banner_user",
    "M": "mail_user",
}
_FORMATS = frozenset(member.value for member in DataFileFormat)


def parse_control_file(octets: bytes, limits: LpdLimits | None = None) -> ControlFile:
    """Read a control file; unknown lines are ignored, as RFC 1179 section 7 leaves room for them.

    The name line (N) stands after the print commands of its file in most clients and before them in some, so it goes
    to the file printed last, or to the next one where that has a name or none was printed yet.
    Raises: ControlFileError for a line or a number of files beyond `limits`.
    """
    bounds = limits or LpdLimits()
    facts: dict[str, str] = {}
    files: dict[str, PrintedFile] = {}
    last, waiting_name = "", ""
    for line in octets.split(b"\n"):
        command, value = _split_line(line, bounds)
        if command in _FACTS:
            facts.setdefault(_FACTS[command], value)
        elif command == "N":
            if last and not files[last].source_name:
                files[last] = _named(files[last], value)
            else:
                waiting_name = value
        elif command in _FORMATS and value:
            before = files.get(value)
            copies = 1 if before is None else before.copies + 1
            name = waiting_name if before is None else before.source_name
            files[value] = PrintedFile(name=value, format=DataFileFormat(command), copies=copies, source_name=name)
            last, waiting_name = value, "" if before is None else waiting_name
    if len(files) > bounds.data_files_max:
        raise ControlFileError(
            f"The control file names {len(files)} data files and {bounds.data_files_max} are allowed. "
            "Nothing was kept; print the documents as several jobs."
        )
    return ControlFile(files=tuple(files.values()), **facts)


def _split_line(line: bytes, limits: LpdLimits) -> tuple[str, str]:
    if len(line) > limits.line_bytes_max:
        raise ControlFileError(
            f"A control file line has {len(line)} octets and {limits.line_bytes_max} are allowed. "
            "Nothing was kept; shorten the job's name or host name in the client."
        )
    text = decode_text(line)
    return text[:1], text[1:].strip()


def _named(file: PrintedFile, source_name: str) -> PrintedFile:
    return PrintedFile(name=file.name, format=file.format, copies=file.copies, source_name=source_name)
