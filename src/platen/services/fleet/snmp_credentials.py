"""Stored credentials as the SNMP client takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platen.fleet.credentials import secrets_of
from platen.fleet.errors import FleetError
from platen.fleet.models import Credential
from platen.protocols.snmp import UsmUser, Version
from platen.protocols.snmp.errors import SnmpError
from platen.protocols.snmp.usm import AuthProtocol, PrivProtocol
from platen.services.collect.snmp_targets import Community, Credentials

_AUTH = {
    "md5": AuthProtocol.MD5,
    "sha": AuthProtocol.SHA,
    "sha224": AuthProtocol.SHA_224,
    "sha256": AuthProtocol.SHA_256,
    "sha384": AuthProtocol.SHA_384,
    "sha512": AuthProtocol.SHA_512,
}
_PRIVACY = {
    "des": PrivProtocol.DES,
    "3des": PrivProtocol.TRIPLE_DES,
    "aes128": PrivProtocol.AES_128,
    "aes192": PrivProtocol.AES_192,
    "aes256": PrivProtocol.AES_256,
    "aes192c": PrivProtocol.AES_192_CISCO,
    "aes256c": PrivProtocol.AES_256_CISCO,
}
FACTORY = Community(b"public")
"""What machines are asked with where an organisation has named nothing."""


@dataclass(frozen=True, slots=True)
class KnownCredentials:
    """A tenant's credentials for SNMP, by their keys, in the order in which they are tried."""

    by_id: Mapping[int, Credentials]

    def to_try(self, first: int | None) -> list[tuple[int | None, Credentials]]:
        """Those to try with a machine: the one that it answered to before, then the others."""
        others = [(key, credentials) for key, credentials in self.by_id.items() if key != first]
        if first is not None and first in self.by_id:
            return [(first, self.by_id[first]), *others]
        return list(others) or [(None, FACTORY)]


def known_credentials() -> KnownCredentials:
    """The current tenant's. Those that cannot be used are left out."""
    usable: dict[int, Credentials] = {}
    for credential in Credential.objects.filter(kind__startswith="snmp").order_by("rank", "name"):
        try:
            usable[credential.id] = snmp_credentials(credential)
        except (FleetError, SnmpError, KeyError):
            continue
    return KnownCredentials(usable)


def snmp_credentials(credential: Credential) -> Credentials:
    """One of them. Raises: FleetError, SnmpError; KeyError where it names what is not known here."""
    secrets = secrets_of(credential)
    if credential.kind != "snmpv3":
        version = Version.V1 if credential.kind == "snmpv1" else Version.V2C
        return Community(secrets["community"].encode(), version)
    return UsmUser(
        credential.user,
        _AUTH[credential.auth] if credential.auth else None,
        secrets.get("auth", ""),
        _PRIVACY[credential.privacy] if credential.privacy else None,
        secrets.get("privacy", ""),
        credential.context,
    )
