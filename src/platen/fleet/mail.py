"""How an organisation's mail goes out: its server, and how it is signed in at."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue
from platen.fleet.models import MailServer
from platen.fleet.sealing import opened, sealed
from platen.fleet.web_address import checked_web_address
from platen.policy.mail_address import is_mail_address

SECURITY = ("starttls", "tls", "none")
METHODS = ("password", "oauth2")
_WHAT = "mail-server"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailValues:
    """A mail server as a person gives it; a secret that is left empty stays as it is."""

    host: str
    port: int = 587
    security: str = "starttls"
    verify: bool = True
    sender: str
    user: str = ""
    method: str = "password"
    password: str = ""
    token_url: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    scope: str = ""


def mail_server() -> MailServer | None:
    """The organisation's; None while it has none."""
    found: MailServer | None = MailServer.objects.first()
    return found


def mail_secrets(server: MailServer) -> dict[str, str]:
    """`password`, or `client_secret` and `refresh_token`. Raises: FleetError."""
    return opened(server.secret, _WHAT)


@transaction.atomic
def set_mail_server(values: MailValues, *, by: Actor) -> MailServer:
    """Set it. Raises: InvalidValue."""
    server = mail_server() or MailServer()
    before = opened(server.secret, _WHAT) if server.pk else {}
    if values.host.strip().casefold() != server.host.casefold() or values.user != server.user:
        before = {}  # a secret is not shown to another server than it was given for
    given = {
        "password": values.password,
        "client_secret": values.client_secret,
        "refresh_token": values.refresh_token,
    }
    secret = {**before, **{name: value for name, value in given.items() if value}}
    _check(values, secret)
    for name in ("host", "port", "security", "verify", "sender", "user", "method", "token_url", "client_id", "scope"):
        value = getattr(values, name)
        setattr(server, name, value.strip() if isinstance(value, str) else value)
    server.secret = sealed(secret, _WHAT)
    server.save()
    record_change(by, "mail_server_set", server.host, f"Mail goes out by {server.host}")
    return server


@transaction.atomic
def keep_refresh_token(before: str, after: str) -> None:
    """The server of tokens gave another refresh token, and takes the one before no longer; what a person has entered
    meanwhile stays. Raises: FleetError."""
    server = mail_server()
    secret = opened(server.secret, _WHAT) if server is not None else {}
    if server is not None and secret.get("refresh_token") == before:
        server.secret = sealed(secret | {"refresh_token": after}, _WHAT)
        server.save(update_fields=["secret"])


def _check(values: MailValues, secret: dict[str, str]) -> None:
    if not values.host.strip() or not 1 <= values.port <= 65_535:
        raise InvalidValue(_("Give the mail server's name and a port from 1 to 65535."))
    if values.security not in SECURITY or values.method not in METHODS:
        raise InvalidValue(_("Choose how the connection is secured and how to sign in."))
    if not is_mail_address(values.sender.strip()):
        raise InvalidValue(_("“%(address)s” is no mail address.") % {"address": values.sender})
    if values.user and values.security == "none":
        raise InvalidValue(_("A password is not sent over a connection that is not secured. Choose STARTTLS or TLS."))
    if values.method == "oauth2":
        if not values.token_url.strip():
            raise InvalidValue(_("OAuth2 needs the https address where tokens are had."))
        checked_web_address(values.token_url, schemes=("https",))
        if not values.user or not values.client_id or not (secret.get("client_secret") or secret.get("refresh_token")):
            raise InvalidValue(_("OAuth2 needs the mailbox, the client and its secret or a refresh token."))
    elif values.user and not secret.get("password"):
        raise InvalidValue(_("Give the password."))
