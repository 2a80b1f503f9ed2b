"""Communities and users of SNMPv3 as commands take them, and as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from platen.cli.refusal import Refusal
from platen.cli.secrets_given import Secrets

if TYPE_CHECKING:
    from platen.fleet.credentials import CredentialValues

LEVELS = ("noAuthNoPriv", "authNoPriv", "authPriv")
AUTH_HELP = "MD5, SHA, SHA-224, SHA-256, SHA-384 or SHA-512."
PRIVACY_HELP = "DES, 3DES, AES-128, AES-192, AES-256, AES-192-CISCO or AES-256-CISCO."


def stored_protocol(name: str, known: Sequence[str]) -> str:
    """A protocol's name as it is stored, however people write it: SHA-256, aes_256_cisco. Raises: Refusal."""
    plain = name.lower().replace("-", "").replace("_", "").replace("cisco", "c")
    plain = "sha" if plain == "sha1" else plain
    if plain not in known:
        raise Refusal(f"“{name}” is no protocol for that. Known are {', '.join(known)}.")
    return plain


def user_values(user: str, level: str, auth: str, privacy: str, context: str, secrets: Secrets) -> CredentialValues:
    """A user of SNMPv3 (RFC 3414). Only the pass phrases that the level needs are asked for. Raises: Refusal."""
    from platen.fleet.credentials import AUTH, PRIVACY, CredentialValues

    named = {each.lower(): each for each in LEVELS}
    if level.lower() not in named:
        raise Refusal(f"“{level}” is no level of SNMPv3. Choose of {', '.join(LEVELS)}.")
    signs = named[level.lower()] != LEVELS[0]
    encrypts = named[level.lower()] == LEVELS[2]
    return CredentialValues(
        kind="snmpv3",
        user=user,
        context=context,
        auth=stored_protocol(auth, AUTH) if signs else "",
        auth_password=secrets.needed("auth_password") if signs else "",
        privacy=stored_protocol(privacy, PRIVACY) if encrypts else "",
        privacy_password=secrets.needed("privacy_password") if encrypts else "",
    )


def communities_of(given: Sequence[str], secrets: Secrets) -> list[str]:
    """Those of the command line, a - being typed unseen; else that of the file or the environment, if there is one."""
    if given:
        return [secrets.needed("community") if each == "-" else each for each in given]
    found = secrets.get("community")
    return [found] if found else []
