"""People who are made when they first print."""

from __future__ import annotations

from django.db import transaction

from platen.directory.cards import add_card
from platen.directory.errors import CardTaken, InvalidValue, LogonTaken, TooManyCards
from platen.directory.models import CardKind, CardSource, User
from platen.directory.people import create_user
from platen.directory.puks import generate_puk
from platen.eventlog.actor import Actor
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.owner import SubmittedName, normalised
from platen.tenants.models import Policy
from platen.tenants.queries import current_policy

BY = Actor("Platen", None, "first print")


@transaction.atomic
def create_at_first_print(name: SubmittedName, *, default_domain: str = "") -> User:
    """The person of a name that was not known when its first job came; made with the default user's settings.

    By the policy they get an e-mail address, their logon as ID code, and a PUK. Whether people are made at all
    (`Policy.unknown_owner`) is for the caller to ask. Two first jobs at once make one person.
    Raises: InvalidValue for a name that cannot be a logon, LogonTaken where it is an alias.
    """
    policy = current_policy()
    logon, domain = name.logon, name.domain or default_domain
    email = f"{logon}@{policy.email_domain}" if policy.email_domain else ""
    try:
        user = _create(logon, domain, email)
    except LogonTaken:
        same = User.objects.filter(logon_key=normalised(logon), domain_key=normalised(domain))
        made: User | None = same.first()
        if made is None:
            raise
        return made
    _identify(user, policy)
    return user


def _create(logon: str, domain: str, email: str) -> User:
    try:
        return create_user(logon, by=BY, domain=domain, email=email)
    except InvalidValue:
        # A logon that makes no e-mail address is still a logon.
        return create_user(logon, by=BY, domain=domain)


def _identify(user: User, policy: Policy) -> None:
    if policy.logon_is_id_code:
        try:
            add_card(user, user.logon, by=BY, kind=CardKind.ID_CODE, source=CardSource.GENERATED)
        except (CardTaken, TooManyCards, InvalidValue) as error:
            record_event(
                "logon_not_id_code",
                f"The logon of {user.logon} did not become an ID code: {error}",
                severity=Severity.WARNING,
                user_id=user.id,
            )
    if policy.puk_at_first_print and not (policy.logon_is_id_code and policy.ids_per_person_max == 1):
        # With one ID a person a PUK would take the ID code away that was just given.
        generate_puk(user, by=BY)
