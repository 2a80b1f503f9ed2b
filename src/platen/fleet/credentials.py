"""What machines are asked with: communities and SNMPv3 users. IPP is asked without: nothing secret is said to a machine
whose certificate nobody vouches for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Credential
from platen.fleet.sealing import opened, sealed

KINDS = ("snmpv2c", "snmpv1", "snmpv3")
AUTH = ("sha256", "sha512", "sha384", "sha224", "sha", "md5")
PRIVACY = ("aes128", "aes256", "aes192", "aes256c", "aes192c", "3des", "des")
PASSWORD_MIN = 8  # RFC 3414 section 11.2
DEFAULT_NAME = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialValues:
    """A credential as a person gives it. Which secrets are needed depends on the kind."""

    kind: str
    community: str = ""
    user: str = ""
    auth: str = ""
    auth_password: str = ""
    privacy: str = ""
    privacy_password: str = ""
    context: str = ""
    writes: bool = False
    rank: int = 100
    comment: str = ""


@transaction.atomic
def add_credential(name: str, values: CredentialValues, *, by: Actor) -> Credential:
    """A new credential. Raises: InvalidValue, NameTaken."""
    credential = Credential(name=_name(name))
    _apply(credential, values)
    _save(credential)
    record_change(by, "credential_added", credential.name, f"Credential {credential.name} was added", of=values.kind)
    return credential


@transaction.atomic
def change_credential(credential: Credential, values: CredentialValues, *, by: Actor, name: str = "") -> None:
    """Change it; a secret that is left empty stays as it is. Raises: InvalidValue, NameTaken."""
    credential.name = _name(name or credential.name)
    before = opened(credential.secret, _what(credential)) if credential.kind == values.kind else {}
    _apply(credential, values, before)
    _save(credential)
    record_change(by, "credential_changed", credential.name, f"Credential {credential.name} was changed")


@transaction.atomic
def remove_credential(credential: Credential, *, by: Actor) -> None:
    """Remove it; machines that were asked with it are tried with the others."""
    record_change(by, "credential_removed", credential.name, f"Credential {credential.name} was removed")
    credential.delete()


def credentials_in_order(only: Iterable[int] | None = None) -> list[Credential]:
    """Those to try, in the order of their rank; `only` some of them."""
    found = Credential.objects.order_by("rank", "name")
    return list(found if only is None else found.filter(id__in=list(only)))


def secrets_of(credential: Credential) -> dict[str, str]:
    """Its secrets: `community`, or `auth` and `privacy` pass phrases. Raises: FleetError."""
    return opened(credential.secret, _what(credential))


@transaction.atomic
def ensure_default_credential() -> Credential:
    """The community that machines have from the factory, for an organisation that has named none."""
    found: Credential | None = Credential.objects.order_by("rank").first()
    if found is None:
        found = Credential(name=DEFAULT_NAME)
        _apply(found, CredentialValues(kind="snmpv2c", community="public"))
        _save(found)
    return found


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > 120:
        raise InvalidValue(_("A credential has a name of 1 to 120 characters."))
    return name


def _apply(credential: Credential, values: CredentialValues, before: dict[str, str] | None = None) -> None:
    secret = {name: value for name, value in _secret(values).items() if value}
    secret = {**(before or {}), **secret}
    _check(values, secret)
    credential.kind, credential.user, credential.context = values.kind, values.user.strip(), values.context.strip()
    credential.auth = values.auth if values.kind == "snmpv3" else ""
    credential.privacy = values.privacy if values.kind == "snmpv3" else ""
    credential.writes, credential.rank, credential.comment = values.writes, values.rank, values.comment
    credential.secret = sealed(secret, _what(credential))


def _secret(values: CredentialValues) -> dict[str, str]:
    if values.kind in {"snmpv1", "snmpv2c"}:
        return {"community": values.community}
    return {"auth": values.auth_password, "privacy": values.privacy_password}


def _check(values: CredentialValues, secret: dict[str, str]) -> None:
    if values.kind not in KINDS:
        raise InvalidValue(_("Choose a kind: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    if not 0 <= values.rank <= 32_767:
        raise InvalidValue(_("The order is a number from 0 to 32,767."))
    if values.kind in {"snmpv1", "snmpv2c"}:
        if not secret.get("community"):
            raise InvalidValue(_("Give the community."))
        return
    if not values.user.strip():
        raise InvalidValue(_("Give the user's name."))
    _check_usm(values, secret)


def _check_usm(values: CredentialValues, secret: dict[str, str]) -> None:
    if len(values.user.strip().encode()) > 32:
        raise InvalidValue(_("The name of an SNMPv3 user has at most 32 characters."))
    if values.auth and values.auth not in AUTH:
        raise InvalidValue(_("Choose an authentication: %(known)s.") % {"known": ", ".join(AUTH)})
    if values.privacy and values.privacy not in PRIVACY:
        raise InvalidValue(_("Choose an encryption: %(known)s.") % {"known": ", ".join(PRIVACY)})
    if values.privacy and not values.auth:
        raise InvalidValue(_("SNMPv3 encrypts only what it also signs: choose an authentication as well."))
    for chosen, name in ((values.auth, "auth"), (values.privacy, "privacy")):
        if chosen and len(secret.get(name, "").encode()) < PASSWORD_MIN:
            raise InvalidValue(_("The pass phrases of an SNMPv3 user have at least 8 characters."))


def _save(credential: Credential) -> None:
    try:
        with transaction.atomic():
            credential.save()
    except IntegrityError as error:
        raise NameTaken(_("There is a credential named %(name)s already.") % {"name": credential.name}) from error


def _what(credential: Credential) -> str:
    """What the secret belongs to: bound to its kind, so that a community never becomes a pass phrase."""
    return f"credential/{credential.kind}"
