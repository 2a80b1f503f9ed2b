"""The PJL lines at the head of a print stream: whose job it is, what it is called, and its language.

    [NUL ...] [ESC E] ESC%-12345X @PJL ... LF @PJL ... LF [ESC%-12345X @PJL ...] @PJL ENTER LANGUAGE=PCL LF  <document>

A reader sees the first kilobytes only, in pieces of any size, and says when it has seen enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from platen.protocols.pjl.text import UEL, decode_pjl

HEADER_BYTES_MAX = 64 * 1024
"""Drivers put up to some 10 kB of NUL octets in front, to flush what an interrupted job left in the printer."""

_LEADING = re.compile(rb"(?:[\0\t\r\n ]|\x1bE)*")
_VARIABLE = re.compile(rb"(?:(?:LPARM|IPARM)\s*:\s*[^\s=]+\s+)?([A-Za-z0-9_\-]+)\s*=\s*(.*)", re.DOTALL)
_OPTION = re.compile(rb'([A-Za-z]+)\s*=\s*("[^"]*"?|\S+)')

# Which variable names the user, in the order of trust; each is what some vendor's driver sets.
_USER_VARIABLES = ("USERNAME", "HOSTLOGINNAME", "LOGINUSER", "USERID")
_HOST_VARIABLES = ("HOSTNAME", "COMPUTERNAME")
# JOBATTR is a list of attributes under one variable; the accounting ones are numbered.
_ATTRIBUTE_USER, _ATTRIBUTE_HOST, _ATTRIBUTE_DOMAIN = "JOBACCT1", "JOBACCT2", "JOBACCT3"
_COMMENT_USER = re.compile(r"user\s?name\s*:\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PjlSetting:
    """One SET or JOBATTR: `name` in upper case, `value` without quotation marks."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PjlHeader:
    """What the header said; an absent fact is the empty string."""

    is_pjl: bool = False
    """The stream begins with PJL at all."""
    is_truncated: bool = False
    """The header was longer than the reader looked, or the stream ended inside it; facts may be missing."""
    length_bytes: int = 0
    """Where the document in its own language begins; 0 where there is no PJL."""
    user_name: str = ""
    job_name: str = ""
    host_name: str = ""
    domain: str = ""
    language: str = ""
    """As ENTER LANGUAGE names it, upper case, e.g. PCL, PCLXL, POSTSCRIPT; empty where the printer is to find out."""
    settings: tuple[PjlSetting, ...] = ()
    attributes: tuple[PjlSetting, ...] = ()
    comments: tuple[str, ...] = ()

    def setting(self, name: str) -> str:
        """The last value set for `name`, or the empty string."""
        return next((item.value for item in reversed(self.settings) if item.name == name.upper()), "")


class PjlHeaderReader:
    """Reads a header from a stream in pieces: receive_data() until it returns the header, or finish().

    Nothing in a stream raises; what is not PJL gives a header with `is_pjl` false.
    """

    def __init__(self, bytes_max: int = HEADER_BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._head = bytearray()
        self._at = 0
        self._started = False
        self._lines: list[bytes] = []
        self._header: PjlHeader | None = None

    def receive_data(self, data: bytes) -> PjlHeader | None:
        """Take the next octets. Returns the header once it is whole or known to be absent, else None."""
        if self._header is None:
            self._head += data[: self._bytes_max - len(self._head)]
            full = len(self._head) >= self._bytes_max
            if self._scan(final=full):
                self._header = self._build(is_truncated=False)
            elif full:
                self._header = self._build(is_truncated=True)
        return self._header

    def finish(self) -> PjlHeader:
        """The stream has ended: the header of what there was."""
        if self._header is None:
            whole = self._scan(final=True)
            self._header = self._build(is_truncated=not whole)
        return self._header

    def _scan(self, *, final: bool) -> bool:
        """Move over whole lines. Returns whether the end of the header was seen."""
        while True:
            if not self._skip_to_command(final=final):
                return False
            if self._head[self._at : self._at + 4].upper() != b"@PJL":
                return True
            end = self._line_end(final=final)
            if end < 0:
                return False
            line = bytes(self._head[self._at + 4 : end]).strip(b"\0\t\r\n ")
            self._at = end + 1 if self._head[end : end + 1] == b"\n" else end
            self._started = True
            self._lines.append(line)
            if re.match(rb"ENTER\s+LANGUAGE\b", line, re.IGNORECASE):
                return True

    def _skip_to_command(self, *, final: bool) -> bool:
        """Stand where a command or the document begins; false where more octets are needed to tell."""
        while True:
            if not self._started:
                match = _LEADING.match(self._head, self._at)
                self._at = match.end() if match else self._at
            rest = self._head[self._at : self._at + len(UEL)]
            if bytes(rest) == UEL:
                # The document begins after the UEL where no other PJL line follows it.
                self._at += len(UEL)
                self._started = True
            elif not final and len(rest) < len(UEL) and (UEL.startswith(rest) or b"@PJL".startswith(rest[:4].upper())):
                return False
            else:
                return final or len(self._head) - self._at >= 4 or not b"@PJL".startswith(rest.upper())

    def _line_end(self, *, final: bool) -> int:
        """Index of the LF or UEL that ends the line at hand, or -1 where it has not come yet."""
        newline = self._head.find(b"\n", self._at)
        exit_at = self._head.find(UEL, self._at)
        ends = [end for end in (newline, exit_at) if end >= 0]
        if ends:
            return min(ends)
        return len(self._head) if final and len(self._head) < self._bytes_max else -1

    def _build(self, *, is_truncated: bool) -> PjlHeader:
        if not self._lines:
            return PjlHeader()
        return _header_of(self._lines, length_bytes=self._at, is_truncated=is_truncated)


def read_pjl_header(head: bytes) -> PjlHeader:
    """The header of a stream whose first octets are `head` (at most HEADER_BYTES_MAX of them are looked at)."""
    reader = PjlHeaderReader()
    return reader.receive_data(head) or reader.finish()


def _header_of(lines: list[bytes], *, length_bytes: int, is_truncated: bool) -> PjlHeader:
    settings: list[PjlSetting] = []
    attributes: list[PjlSetting] = []
    comments: list[str] = []
    job_command_name = language = ""
    for line in lines:
        command, rest = _split_command(line)
        if command == "SET":
            setting = _setting(rest)
            if setting is not None and setting.name == "JOBATTR":
                attributes.append(_attribute(setting.value))
            elif setting is not None:
                settings.append(setting)
        elif command == "JOB":
            job_command_name = job_command_name or _options(rest).get("NAME", "")
        elif command == "COMMENT":
            comments.append(_unquote(rest))
        elif command == "ENTER":
            language = _options(rest).get("LANGUAGE", "").upper()
    named = {item.name: item.value for item in settings if item.value}
    counted = {item.name: item.value for item in attributes if item.value}
    return PjlHeader(
        is_pjl=True,
        is_truncated=is_truncated,
        length_bytes=length_bytes,
        user_name=_first(named, _USER_VARIABLES) or counted.get(_ATTRIBUTE_USER, "") or _user_in(comments),
        job_name=named.get("JOBNAME", "") or job_command_name,
        host_name=_first(named, _HOST_VARIABLES) or counted.get(_ATTRIBUTE_HOST, ""),
        domain=counted.get(_ATTRIBUTE_DOMAIN, ""),
        language=language,
        settings=tuple(settings),
        attributes=tuple(attributes),
        comments=tuple(comments),
    )


def _split_command(line: bytes) -> tuple[str, bytes]:
    # "COMMENT" runs into its text in streams of several drivers.
    if line[:7].upper() == b"COMMENT":
        return "COMMENT", line[7:]
    word, *rest = line.split(maxsplit=1) or [b""]
    return word.decode("latin-1").upper(), rest[0] if rest else b""


def _setting(rest: bytes) -> PjlSetting | None:
    match = _VARIABLE.match(rest)
    if match is None:
        return None
    return PjlSetting(match[1].decode("ascii").upper(), _unquote(match[2]))


def _attribute(value: str) -> PjlSetting:
    name, _, content = value.partition("=")
    return PjlSetting(name.strip().upper(), content.strip())


def _options(rest: bytes) -> dict[str, str]:
    return {match[1].decode("ascii").upper(): _unquote(match[2]) for match in _OPTION.finditer(rest)}


def _unquote(octets: bytes) -> str:
    value = octets.strip(b"\0\t\r\n ")
    if value[:1] == b'"':
        # Without the closing mark (a cut line) the rest is the value; after it only blanks may follow.
        inner, closing, after = value[1:].rpartition(b'"')
        value = inner if closing and not after.strip() else value[1:]
    return decode_pjl(value)


def _first(values: dict[str, str], names: tuple[str, ...]) -> str:
    return next((values[name] for name in names if name in values), "")


def _user_in(comments: list[str]) -> str:
    matches = (_COMMENT_USER.match(comment) for comment in comments)
    return next((match[1].strip().rstrip(";") for match in matches if match), "")
