"""Credentials of a collector: [[credential]], tried in their order."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from platen.collector.table import Table
from platen.protocols.snmp import SnmpError, UsmUser, Version
from platen.protocols.snmp.usm import AuthProtocol, PrivProtocol
from platen.services.collect.search.sightings import NamedCredential
from platen.services.collect.snmp_targets import Community, Credentials

_Kind = TypeVar("_Kind", bound=Enum)
VERSIONS = {"1": Version.V1, "2c": Version.V2C}


def credentials_of(table: Table) -> tuple[NamedCredential, ...]:
    """All that are written; where none is, what machines are delivered with."""
    made = [_credential(each, number) for number, each in enumerate(table.tables("credential"), 1)]
    usable = tuple(each for each in made if each is not None)
    names = [each.name for each in usable]
    if len(set(names)) < len(names):
        table.problem("credential", "Two have the same name.", "Give each a name of its own.")
    return usable or (NamedCredential("public", Community(b"public")),)


def _credential(table: Table, number: int) -> NamedCredential | None:
    name = table.text("name", f"credential {number}")
    community, user = table.secret("community"), table.text("user")
    made: Credentials | None
    if community and not user:
        made = Community(community.encode(), VERSIONS[table.text("version", "2c", of=list(VERSIONS))])
    elif user and not community:
        made = _user(table, user)
    else:
        table.problem("", "It needs either a community or a user of SNMPv3.", "Write one of both.")
        return None
    table.finish()
    return NamedCredential(name, made, isinstance(made, UsmUser)) if made is not None else None


def _user(table: Table, name: str) -> UsmUser | None:
    auth, privacy = _protocol(table, "auth", AuthProtocol), _protocol(table, "privacy", PrivProtocol)
    passwords = table.secret("auth_password"), table.secret("privacy_password")
    try:
        return UsmUser(name, auth, passwords[0], privacy, passwords[1], table.text("context"))
    except (SnmpError, ValueError) as error:
        table.problem("user", str(error))
        return None


def _protocol(table: Table, name: str, kind: type[_Kind]) -> _Kind | None:
    known = {member.name.replace("TRIPLE_DES", "3DES").replace("_", "-"): member for member in kind}
    text = table.text(name).upper()
    if text and text not in known:
        table.problem(name, f"“{text}” is not known.", f"Write one of {', '.join(known)}.")
    return known.get(text)
