"""The logon that an application wrote into the stream it prints under one generic user.

...  User:   JS  Doc: letter.txt  ...
     ^^^^^ the job data string, then characters to skip, a start character, the logon, a stop character
"""

from __future__ import annotations

from dataclasses import dataclass

SEARCH_BYTES_DEFAULT = 1000
SEARCH_BYTES_MAX = 64 * 1024
_LOGON_BYTES_MAX = 256
_LINE_ENDS = b"\r\n"


class JobDataLogonRuleError(ValueError):
    """Settings of a rule that could never find a logon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDataLogonRule:
    """Where a queue's streams carry the logon.

    `skip`, `start` and `stop` are one character each, or None; see named_character() for how people choose them.
    Raises: JobDataLogonRuleError.
    """

    job_data_string: str
    """What stands before the logon, compared with regard to case."""
    search_bytes_max: int = SEARCH_BYTES_DEFAULT
    """How much of the stream is searched; the logon must lie within it."""
    skip: str | None = None
    """Every one of these between the job data string and the start character (or the logon) is passed over."""
    start: str | None = None
    """Must stand right before the logon."""
    stop: str | None = None
    """Ends the logon; a line end does too. Without one, a skip character also ends it: what pads a logon in front is
    not part of it behind."""

    def __post_init__(self) -> None:
        """Refuse what could never find a logon."""
        if not self.job_data_string:
            raise JobDataLogonRuleError("The job data string is empty. Enter the text that precedes the logon.")
        if not 1 <= self.search_bytes_max <= SEARCH_BYTES_MAX:
            raise JobDataLogonRuleError(f"The search length must be 1 to {SEARCH_BYTES_MAX} bytes.")
        for name, character in (("skip", self.skip), ("start", self.start), ("stop", self.stop)):
            if character is not None and not _is_choosable(character):
                raise JobDataLogonRuleError(
                    f"The {name} character must be one tab, space or printable ASCII character."
                )


def named_character(name: str) -> str | None:
    """The character that a person chose: "<None>" or "" (None), "<Tab>", "<Space>", or the character itself.

    Raises: JobDataLogonRuleError.
    """
    named = {"": None, "<none>": None, "<tab>": "\t", "<space>": " "}
    if name.lower() in named:
        return named[name.lower()]
    if not _is_choosable(name):
        raise JobDataLogonRuleError(f"{name!r} is not <None>, <Tab>, <Space> or one printable ASCII character.")
    return name


def logon_in_stream(head: bytes, rule: JobDataLogonRule) -> str | None:
    """The logon that the first octets of a stream carry, or None.

    `head`: at least `rule.search_bytes_max` octets where the stream has so many. Every occurrence of the job data
    string is tried in turn. A logon that the end of the search cuts off is not taken, since a part of a name may be
    another person's name; one at the very end of a shorter stream is.
    """
    searched = head[: rule.search_bytes_max]
    is_whole = len(head) < rule.search_bytes_max
    wanted = rule.job_data_string.encode("utf-8")
    at = searched.find(wanted)
    while at >= 0:
        logon = _logon_at(searched, at + len(wanted), rule, is_whole=is_whole)
        if logon is not None:
            return logon
        at = searched.find(wanted, at + 1)
    return None


def _logon_at(searched: bytes, at: int, rule: JobDataLogonRule, *, is_whole: bool) -> str | None:
    if rule.skip is not None:
        at += len(searched[at:]) - len(searched[at:].lstrip(rule.skip.encode("ascii")))
    if rule.start is not None:
        if searched[at : at + 1] != rule.start.encode("ascii"):
            return None
        at += 1
    stop = rule.stop if rule.stop is not None else rule.skip
    stops = _LINE_ENDS + (stop.encode("ascii") if stop is not None else b"")
    end = next((index for index in range(at, len(searched)) if searched[index] in stops), None)
    if end is None and not is_whole:
        return None
    return _decode(searched[at:end])


def _decode(octets: bytes) -> str | None:
    """A logon in UTF-8 or else Windows-1252, without outer spaces; None where it cannot be one."""
    if len(octets) > _LOGON_BYTES_MAX:
        return None
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("cp1252", "replace")
    logon = text.strip()
    return logon if logon and logon.isprintable() and "\ufffd" not in logon else None


def _is_choosable(character: str) -> bool:
    return len(character) == 1 and (character == "\t" or (character.isascii() and character.isprintable()))
