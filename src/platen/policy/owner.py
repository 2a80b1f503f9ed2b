r"""Whose job is it: the names that came with a job, in the order in which they count, and the people they may mean.

A job can carry several names: that of an authenticated user, requesting-user-name (RFC 8011 section 9.3), the P line
of LPD (RFC 1179 section 7.8), one in PJL, one that was found in the job's data. `claims` orders them by the rule of
the queue; `resolve` asks a directory for each until one belongs to a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic, TypeVar

NAME_LENGTH_MAX = 255
T = TypeVar("T")


@lru_cache(maxsize=4096)
def normalised(name: str) -> str:
    """A name as it is compared: without spaces around, in any case, however its accents are encoded.

    Unicode's canonical caseless matching (D145), written back in composed form (NFC).
    """
    folded = unicodedata.normalize("NFD", name.strip()).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", folded).casefold())


class CandidateKind(StrEnum):
    """What a name is looked up as."""

    LOGON_IN_DOMAIN = "logon-in-domain"
    LOGON_WITHOUT_DOMAIN = "logon-without-domain"  # somebody who belongs to no domain
    LOGON = "logon"  # in any domain, if only one person has it
    ALIAS = "alias"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to look a name up; value and domain are normalised.

    With a domain, an alias counts for people of that domain and for those who have none.
    """

    kind: CandidateKind
    value: str
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class SubmittedName:
    r"""A name as a client sent it, taken apart: `ACME\js`, `js@acme.example.org` or `js`. Spelling is kept."""

    text: str
    logon: str
    domain: str | None = None
    is_address: bool = False  # written with @, so it may be an e-mail address as well

    def candidates(self, default_domain: str | None = None) -> tuple[Candidate, ...]:
        """The look-ups in their order, the most certain first.

        A name with a domain never falls back to a person of another domain, only to one who has none: a site that
        has no domains of its own still recognises what its computers send.
        """
        return _candidates(self, default_domain)


@lru_cache(maxsize=4096)
def _candidates(name: SubmittedName, default_domain: str | None) -> tuple[Candidate, ...]:
    logon = normalised(name.logon)
    whole = normalised(name.text)
    found: list[Candidate] = []
    domain = name.domain or default_domain
    if domain:
        found.append(Candidate(CandidateKind.LOGON_IN_DOMAIN, logon, normalised(domain)))
    if name.is_address:
        found.append(Candidate(CandidateKind.EMAIL, whole))
        found.append(Candidate(CandidateKind.LOGON, whole))
    if name.domain:
        found.append(Candidate(CandidateKind.LOGON_WITHOUT_DOMAIN, logon))
    else:
        found.append(Candidate(CandidateKind.LOGON, logon))
    found.append(Candidate(CandidateKind.ALIAS, whole))
    if name.domain:
        found.append(Candidate(CandidateKind.ALIAS, logon, normalised(name.domain)))
    return tuple(found)


# What clients send for nobody in particular.
_NOBODY = frozenset({"anonymous", "(null)"})


def parse_name(text: str | None) -> SubmittedName | None:
    r"""Take a submitted name apart: `DOMAIN\logon`, `logon@domain`, or a logon alone.

    None for what names nobody: nothing, "anonymous", control characters, more than 255 characters. Long names are not
    cut, as what is left might be somebody else.
    """
    name = (text or "").strip()
    if not name or len(name) > NAME_LENGTH_MAX or not name.isprintable() or normalised(name) in _NOBODY:
        return None
    domain, backslash, logon = name.partition("\\")
    if backslash:
        # `.\js` is an account of the computer itself, which says nothing about a domain here.
        domain = "" if domain.strip() == "." else domain.strip()
        logon = logon.strip()
        return SubmittedName(name, logon, domain or None) if logon and "\\" not in logon else None
    logon, at, domain = name.rpartition("@")
    if at and logon.strip() and domain.strip():
        return SubmittedName(name, logon.strip(), domain.strip(), is_address=True)
    return SubmittedName(name, name)


class ClaimSource(StrEnum):
    """Where a name came from."""

    AUTHENTICATED = "authenticated"
    REQUESTING_USER_NAME = "requesting-user-name"
    LPD = "lpd"
    PJL = "pjl"
    JOB_DATA = "job-data"
    SPECIFIED = "specified"  # the queue's own setting


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesOfJob:
    """Every name that came with a job, as sent; None where there was none."""

    authenticated: str | None = None
    requesting_user_name: str | None = None
    lpd: str | None = None
    pjl: str | None = None
    job_data: str | None = None


class OwnerMode(StrEnum):
    """How a queue finds the owner."""

    NETWORK_LOGON = "network-logon"
    SPECIFIED_LOGON = "specified-logon"
    JOB_DATA_LOGON = "job-data-logon"


class AlternativeLogon(StrEnum):
    """What job data logon falls back on when the data names nobody."""

    NONE = "none"
    NETWORK_LOGON = "network-logon"


class UnknownOwner(StrEnum):
    """What becomes of a job whose names belong to nobody."""

    CREATE = "create"  # the person is made at first print
    REFUSE = "refuse"
    HOLD_ORPHAN = "hold-orphan"  # kept without owner until an administrator assigns it


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerRule:
    """The setting of a queue. Raises: ValueError where a specified logon is missing."""

    mode: OwnerMode = OwnerMode.NETWORK_LOGON
    specified_logon: str | None = None
    alternative: AlternativeLogon = AlternativeLogon.NETWORK_LOGON
    default_domain: str | None = None
    unknown: UnknownOwner = UnknownOwner.REFUSE

    def __post_init__(self) -> None:
        if self.mode is OwnerMode.SPECIFIED_LOGON and parse_name(self.specified_logon) is None:
            raise ValueError("A queue with a specified logon needs to be told whose jobs it takes.")


@dataclass(frozen=True, slots=True)
class Claim:
    """A name and where it came from."""

    source: ClaimSource
    name: SubmittedName


@lru_cache(maxsize=4096)  # a client sends the same names with every job
def claims(rule: OwnerRule, names: NamesOfJob) -> tuple[Claim, ...]:
    """The names that may say who owns the job, the first that belongs to a person counting.

    An authenticated name stands alone wherever it is used: falling back to a weaker one would let anybody who may sign
    in print in the name of somebody else.
    """
    network = _network_claims(names)
    match rule.mode:
        case OwnerMode.SPECIFIED_LOGON:
            return _claim(ClaimSource.SPECIFIED, rule.specified_logon)
        case OwnerMode.JOB_DATA_LOGON:
            found = _claim(ClaimSource.JOB_DATA, names.job_data)
            return found or (network if rule.alternative is AlternativeLogon.NETWORK_LOGON else ())
        case OwnerMode.NETWORK_LOGON:
            if names.authenticated is not None:
                return network
            return network + _claim(ClaimSource.JOB_DATA, names.job_data)


def _network_claims(names: NamesOfJob) -> tuple[Claim, ...]:
    if names.authenticated is not None:
        return _claim(ClaimSource.AUTHENTICATED, names.authenticated)
    return (
        *_claim(ClaimSource.REQUESTING_USER_NAME, names.requesting_user_name),
        *_claim(ClaimSource.LPD, names.lpd),
        *_claim(ClaimSource.PJL, names.pjl),
    )


def _claim(source: ClaimSource, text: str | None) -> tuple[Claim, ...]:
    name = parse_name(text)
    return () if name is None else (Claim(source, name),)


class Outcome(StrEnum):
    """What becomes of the job."""

    OWNED = "owned"
    CREATE = "create"
    REFUSE = "refuse"
    HOLD_ORPHAN = "hold-orphan"


@dataclass(frozen=True, slots=True)
class Resolution(Generic[T]):
    """The outcome: `claim` that was followed, `person` who was found, `sentence` why it is refused or held."""

    outcome: Outcome
    claim: Claim | None = None
    person: T | None = None
    sentence: str = ""


def resolve(rule: OwnerRule, names: NamesOfJob, find: Callable[[Candidate], T | None]) -> Resolution[T]:
    """Find the owner; `find` answers a candidate with a person, or None if nobody or more than one fits.

    Somebody unknown is created, refused or held as the rule says; with no name at all nobody can be created, so the job
    is held without owner in that case.
    """
    found = claims(rule, names)
    for claim in found:
        for candidate in claim.name.candidates(rule.default_domain):
            person = find(candidate)
            if person is not None:
                return Resolution(Outcome.OWNED, claim, person)
    first = found[0] if found else None
    if rule.unknown is UnknownOwner.CREATE and first is not None and first.source is not ClaimSource.SPECIFIED:
        return Resolution(Outcome.CREATE, first)
    refused = rule.unknown is UnknownOwner.REFUSE
    return Resolution(
        Outcome.REFUSE if refused else Outcome.HOLD_ORPHAN, first, sentence=_sentence(first, refused=refused)
    )


def _sentence(claim: Claim | None, *, refused: bool) -> str:
    why = "The job does not say whose it is." if claim is None else f"Nobody here is called {claim.name.text}."
    then = "It was not accepted" if refused else "It is held without an owner"
    now = "Sign in, or ask the administrator to add you." if refused else "An administrator can give it to its owner."
    return f"{why} {then}. {now}"
