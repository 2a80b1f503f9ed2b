"""Addresses that are told of events, and the signature by which they know who tells them.

The request carries `Platen-Signature: t=SECONDS,v1=HEX`: HMAC-SHA-256 with the webhook's secret over the seconds, a dot
and the body. A receiver computes the same, compares, and refuses what is older than some minutes.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.fleet.errors import InvalidValue, NameTaken
from platen.fleet.models import Notice, Webhook
from platen.fleet.sealing import opened, sealed

SIGNATURE_HEADER = "Platen-Signature"
TOKEN_HEADER = "X-Mc-Token"  # noqa: S105  # a header's name: receivers made for other consoles look there
_WHAT = "webhook"


def signature(secret: str, body: bytes, seconds: int) -> str:
    """The value of SIGNATURE_HEADER."""
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def webhook_secret(webhook: Webhook) -> str:
    """Empty where it has none. Raises: FleetError."""
    return opened(webhook.secret, _WHAT).get("secret", "")


@transaction.atomic
def set_webhook(
    name: str,
    url: str,
    *,
    by: Actor,
    secret: str = "",
    proxy: str = "",
    enabled: bool = True,
    webhook: Webhook | None = None,
) -> Webhook:
    """A new webhook, or another shape for one; an empty secret stays as it is. Raises: InvalidValue, NameTaken."""
    webhook = webhook or Webhook()
    if urlsplit(url).scheme not in {"https", "http"} or not urlsplit(url).hostname:
        raise InvalidValue(_("The address begins with https:// or http://."))
    if proxy and (urlsplit(proxy).scheme not in {"https", "http"} or not urlsplit(proxy).hostname):
        raise InvalidValue(_("The proxy's address begins with http:// or https://."))
    if webhook.pk and webhook.url != url and not secret:
        raise InvalidValue(_("Give the secret again: another address gets it only when you say so."))
    if not name.strip() or len(name.strip()) > 120:
        raise InvalidValue(_("A webhook has a name of 1 to 120 characters."))
    webhook.name, webhook.url, webhook.proxy, webhook.enabled = name.strip(), url.strip(), proxy.strip(), enabled
    if secret or not webhook.pk:
        webhook.secret = sealed({"secret": secret}, _WHAT)
    try:
        with transaction.atomic():
            webhook.save()
    except IntegrityError as error:
        raise NameTaken(_("There is a webhook named %(name)s already.") % {"name": webhook.name}) from error
    record_change(by, "webhook_set", webhook.name, f"The webhook {webhook.name} was set")
    return webhook


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: Actor) -> None:
    """Remove it; what waits for it is not sent."""
    Notice.objects.filter(webhook=webhook, sent_at__isnull=True).delete()
    record_change(by, "webhook_removed", webhook.name, f"The webhook {webhook.name} was removed")
    webhook.delete()
