"""Finding the people that submitted names mean: a whole batch of jobs with two or three queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar, cast

from platen.directory.models import Alias, User
from platen.policy.owner import Candidate, CandidateKind, SubmittedName
from platen.rows import gathered
from platen.tenants.context import current_tenant_id


class _Key(NamedTuple):
    """As much of a person as telling names apart needs."""

    id: int
    logon_key: str
    domain_key: str
    email_key: str


_KEYS = ", ".join(_Key._fields)
_VALUES_MAX = 1_000
"""Values of one statement; SQLite allows 32,766."""

Person = TypeVar("Person", User, _Key)
Load = Callable[[str, Collection[object]], Iterable[Person]]
"""The tenant's people of whom a column has one of the values."""


@dataclass(slots=True)
class _Found(Generic[Person]):
    """The people that any of the names may mean, by each way of looking them up."""

    by_logon: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_email: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    by_alias: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))

    def person(self, candidate: Candidate) -> Person | None:
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
    a third where some may be e-mail addresses, and a fourth where some are aliases.

    Names that mean nobody, or more than one person, are absent. Names from queues with different default domains are
    looked up in separate calls.
    """
    return _find(names, default_domain, _users)


def find_ids_by_names(names: Iterable[SubmittedName], *, default_domain: str | None = None) -> dict[SubmittedName, int]:
    """As find_by_names, for who needs no more than whose a name is: print intake asks for every job."""
    found = _find(names, default_domain, _keys)
    return {name: person.id for name, person in found.items()}


def _users(column: str, values: Collection[object]) -> Iterable[User]:
    return cast("Iterable[User]", User.objects.filter(**{f"{column}__in": values}) if values else ())


def _keys(column: str, values: Collection[object]) -> Iterable[_Key]:
    return map(_Key._make, _gathered(_KEYS, User._meta.db_table, column, values))


def _gathered(columns: str, table: str, column: str, values: Collection[object]) -> Iterable[list[Any]]:
    """Columns of the rows of the tenant that have one of the values. Written out, as every batch of jobs asks."""
    some = list(values)
    for start in range(0, len(some), _VALUES_MAX):
        part = some[start : start + _VALUES_MAX]
        source = f"{table} WHERE tenant_id = %s AND {column} IN ({', '.join(['%s'] * len(part))})"
        yield from gathered(columns, source, current_tenant_id(), *part)


def _find(
    names: Iterable[SubmittedName],
    default_domain: str | None,
    load: Load[Person],
) -> dict[SubmittedName, Person]:
    candidates = {name: name.candidates(default_domain or None) for name in set(names)}
    if not candidates:
        return {}
    found = _look_up([each for several in candidates.values() for each in several], load)
    people: dict[SubmittedName, Person] = {}
    for name, several in candidates.items():
        person = next((user for user in map(found.person, several) if user is not None), None)
        if person is not None:
            people[name] = person
    return people


def _look_up(candidates: list[Candidate], load: Load[Person]) -> _Found[Person]:
    logons, emails, aliases = set[str](), set[str](), set[str]()
    for candidate in candidates:
        match candidate.kind:
            case CandidateKind.EMAIL:
                emails.add(candidate.value)
            case CandidateKind.ALIAS:
                aliases.add(candidate.value)
            case _:
                logons.add(candidate.value)
    found: _Found[Person] = _Found()
    for user in load("logon_key", logons):
        found.by_logon[user.logon_key].append(user)
    # A query of its own: joined to the first by OR, SQLite would read every person of the tenant.
    for user in load("email_key", emails):
        found.by_email[user.email_key].append(user)
    owners = dict(_gathered("name_key, user_id", Alias._meta.db_table, "name_key", aliases))
    people = {user.id: user for user in load("id", set(owners.values()))}
    for key, user_id in owners.items():
        found.by_alias[key].append(people[user_id])
    return found
