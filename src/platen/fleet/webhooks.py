"""Addresses that are told of events, and the signature by which they know who tells them.

The request carries `Platen-Signature: t=SECONDS,v1=HEX`: HMAC-SHA-256 with the webhook's secret over the seconds, a dot
and the body. A receiver computes the same, compares, and refuses what is older than some minutes. The secret itself is
never sent. Receivers that look for a fixed word instead get a token of its own, which signs nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import FleetError, InvalidValue, NameTaken
from platen.fleet.models import Notice, Webhook
from platen.fleet.sealing import opened, sealed
from platen.fleet.web_address import checked_web_address

SIGNATURE_HEADER = "Platen-Signature"
TOKEN_HEADER = "X-Mc-Token"  # noqa: S105  # a header's name: receivers made for other consoles look there
_WHAT = "webhook"


def signature(secret: str, body: bytes, seconds: int) -> str:
    """The value of SIGNATURE_HEADER."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def webhook_secrets(webhook: Webhook) -> tuple[str, str]:
    """What signs, and the token that is sent along; each empty where it has none. Raises: FleetError."""
    kept = opened(webhook.secret, _WHAT)
    return kept.get("secret", ""), kept.get("token", "")


def has_token_of(webhook: Webhook) -> bool:
    """Whether a token is sent along; one that cannot be opened any more counts, so that it can be taken away."""
    try:
        return bool(webhook_secrets(webhook)[1])
    except FleetError:
        return True


@transaction.atomic
def set_webhook(
    name: str,
    url: str,
    *,
    by: Actor,
    secret: str = "",
    token: str | None = None,
    proxy: str = "",
    enabled: bool = True,
    webhook: Webhook | None = None,
) -> Webhook:
    """A new webhook, or another shape for one. Raises: InvalidValue, NameTaken.

    secret: signs; left empty it stays as it is. token: sent as it is; None leaves it, empty takes it away.
    """
    webhook = webhook or Webhook()
    url = checked_web_address(url)
    proxy = checked_web_address(proxy, may_sign_in=True) if proxy.strip() else ""
    kept = _kept(webhook, anew=bool(secret))
    if webhook.pk and webhook.url != url:
        _check_given_again(kept, secret, token)
    if not name.strip() or len(name.strip()) > 120:
        raise InvalidValue(_("A webhook has a name of 1 to 120 characters."))
    webhook.name, webhook.url, webhook.proxy, webhook.enabled = name.strip(), url, proxy, enabled
    secrets = {"secret": secret or kept.get("secret", ""), "token": kept.get("token", "") if token is None else token}
    if not (secrets["token"].isascii() and secrets["token"].isprintable()):
        raise InvalidValue(
            _("A token has letters, digits and signs of ASCII only: it goes into a line of the request.")
        )
    webhook.secret = sealed(secrets, _WHAT)
    try:
        with transaction.atomic():
            webhook.save()
    except IntegrityError as error:
        raise NameTaken(_("There is a webhook named %(name)s already.") % {"name": webhook.name}) from error
    record_change(by, "webhook_set", webhook.name, f"The webhook {webhook.name} was set")
    return webhook


def _kept(webhook: Webhook, *, anew: bool) -> dict[str, str]:
    """What is stored. Raises: FleetError where it cannot be opened and nothing new is given in its place."""
    try:
        return opened(webhook.secret, _WHAT)
    except FleetError:
        if not anew:
            raise
        return {}


def _check_given_again(kept: Mapping[str, str], secret: str, token: str | None) -> None:
    if kept.get("secret") and not secret:
        raise InvalidValue(_("Give the secret again: another address gets it only when you say so."))
    if kept.get("token") and token is None:
        raise InvalidValue(_("Give the token again, or take it away: another address gets it only when you say so."))


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: Actor) -> None:
    """Remove it; what waits for it is not sent."""
    Notice.objects.filter(webhook=webhook, sent_at__isnull=True).delete()
    record_change(by, "webhook_removed", webhook.name, f"The webhook {webhook.name} was removed")
    webhook.delete()
