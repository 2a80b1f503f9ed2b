"""Finding the people that submitted names mean: a whole batch of jobs with two or three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from platen.directory.models import Alias, User
from platen.policy.owner import Candidate, CandidateKind, SubmittedName


@dataclass(slots=True)
class _Found:
    """The people that any of the names may mean, by each way of looking them up."""

    by_logon: dict[str, list[User]] = field(default_factory=lambda: defaultdict(list))
    by_email: dict[str, list[User]] = field(default_factory=lambda: defaultdict(list))
    by_alias: dict[str, list[User]] = field(default_factory=lambda: defaultdict(list))

    def person(self, candidate: Candidate) -> User | None:
        """Whom a candidate means; nobody where several fit."""
        match candidate.kind:
            case CandidateKind.LOGON_IN_DOMAIN:
                fits = [user for user in self.by_logon[candidate.value] if user.domain_key == candidate.domain]
            case CandidateKind.LOGON_WITHOUT_DOMAIN:
                fits = [user for user in self.by_logon[candidate.value] if not user.domain_key]
            case CandidateKind.LOGON:
                fits = self.by_logon[candidate.value]
            case CandidateKind.ALIAS:
                fits = self.by_alias[candidate.value]
            case CandidateKind.EMAIL:
                fits = self.by_email[candidate.value]
        return fits[0] if len(fits) == 1 else None


def find_by_names(names: Iterable[SubmittedName], *, default_domain: str | None = None) -> dict[SubmittedName, User]:
    """The person each name means, by the look-ups of `policy.owner`, with two queries however many names there are,
    and a third where some may be e-mail addresses.

    Names that mean nobody, or more than one person, are absent. Names from queues with different default domains are
    looked up in separate calls.
    """
    candidates = {name: name.candidates(default_domain or None) for name in set(names)}
    if not candidates:
        return {}
    found = _look_up([each for several in candidates.values() for each in several])
    people: dict[SubmittedName, User] = {}
    for name, several in candidates.items():
        person = next((user for user in map(found.person, several) if user is not None), None)
        if person is not None:
            people[name] = person
    return people


def _look_up(candidates: list[Candidate]) -> _Found:
    logons, emails, aliases = set[str](), set[str](), set[str]()
    for candidate in candidates:
        match candidate.kind:
            case CandidateKind.EMAIL:
                emails.add(candidate.value)
            case CandidateKind.ALIAS:
                aliases.add(candidate.value)
            case _:
                logons.add(candidate.value)
    found = _Found()
    for user in User.objects.filter(logon_key__in=logons):
        found.by_logon[user.logon_key].append(user)
    # A query of its own: joined to the first by OR, SQLite would read every person of the tenant.
    for user in User.objects.filter(email_key__in=emails) if emails else ():
        found.by_email[user.email_key].append(user)
    for alias in Alias.objects.filter(name_key__in=aliases).select_related("user"):
        found.by_alias[alias.name_key].append(alias.user)
    return found
