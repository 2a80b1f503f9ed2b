"""What one search asks with: stored credentials by their names, and those that its command gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from platen.cli.options import actor
from platen.cli.refusal import Refusal

if TYPE_CHECKING:
    from platen.fleet.credentials import CredentialValues
    from platen.fleet.models import Credential


def credentials_named(names: Sequence[str]) -> list[Credential]:
    """Stored ones. Raises: Refusal."""
    from platen.fleet.credentials import credentials_in_order

    stored = {each.name: each for each in credentials_in_order()}
    for name in names:
        if name not in stored:
            known = f" There are {', '.join(stored)}." if stored else " There is none yet."
            raise Refusal(f"There is no credential {name}.{known}")
    return [stored[name] for name in names]


@contextmanager
def asked_with(names: Sequence[str], given: Sequence[CredentialValues], *, keep: bool) -> Iterator[tuple[int, ...]]:
    """The keys of the credentials to ask with; none: all that are stored.

    What is given is stored, since the machines that answer to it are read with it from then on. What none answered to
    is forgotten afterwards, except where a kept search needs it.
    """
    from platen.fleet.credentials import remove_credential
    from platen.fleet.models import Machine

    stored = credentials_named(names)
    added = [(each, new) for each, new in map(_stored, given)]
    try:
        yield tuple(each.pk for each in (*stored, *(each for each, _new in added)))
    finally:
        for credential, new in added:
            if new and not keep and not Machine.objects.filter(credential=credential).exists():
                remove_credential(credential, by=actor())
            elif new:
                typer.echo(f"What the search was given is kept as the credential “{credential.name}”.", err=True)


def _stored(values: CredentialValues) -> tuple[Credential, bool]:
    """The stored credential that says the same, else a new one; and whether it is new. Raises: FleetError."""
    from platen.fleet.credentials import add_credential, credentials_in_order

    for each in credentials_in_order():
        if each.kind == values.kind and _says_the_same(each, values):
            return each, False
    taken = {each.name for each in credentials_in_order()}
    wanted = values.user or "of a search"
    name = next(each for each in (wanted, *(f"{wanted} {number}" for number in range(2, 10_000))) if each not in taken)
    return add_credential(name[:120], values, by=actor()), True


def _says_the_same(credential: Credential, values: CredentialValues) -> bool:
    from platen.fleet.credentials import secrets_of
    from platen.fleet.errors import FleetError

    try:
        secrets = secrets_of(credential)
    except FleetError:
        return False
    if values.kind != "snmpv3":
        return secrets.get("community") == values.community
    return (credential.user, credential.context, credential.auth, credential.privacy) == (
        values.user,
        values.context,
        values.auth,
        values.privacy,
    ) and (secrets.get("auth", ""), secrets.get("privacy", "")) == (values.auth_password, values.privacy_password)
