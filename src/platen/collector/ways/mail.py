"""Home by mail: each envelope is an attachment. Blocking; in a thread."""

from __future__ import annotations

import base64

from platen.collector.configuration import Configuration
from platen.collector.ways.errors import NotDelivered
from platen.services.fleet.mailing import NotSent, Server, message_of, send_mail, sign_in_only


def store(configuration: Configuration, name: str, content: bytes) -> None:
    """Raises: NotDelivered."""
    settings = configuration.send.mail
    mail = {
        "to": [settings.to],
        "subject": f"Platen collector {configuration.name}",
        "body": "The attached file holds readings of printers. Take it with: platen collectors import FILE\n",
        "attachments": [{"name": name, "type": "application/octet-stream", "data": base64.b64encode(content).decode()}],
    }
    domain = settings.sender.rpartition("@")[2]
    # What is sent again after a doubt has the same number, so that mailboxes keep one.
    message = message_of(mail, settings.sender, f"<{name}@{domain}>")
    try:
        send_mail(_server(configuration), message)
    except NotSent as error:
        raise NotDelivered(str(error)) from error


def try_out(configuration: Configuration) -> None:
    """Connect and sign in; no mail is sent. Raises: NotDelivered."""
    try:
        sign_in_only(_server(configuration))
    except NotSent as error:
        raise NotDelivered(str(error)) from error


def _server(configuration: Configuration) -> Server:
    settings = configuration.send.mail
    return Server(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        verify=settings.verify,
        sender=settings.sender,
        user=settings.user,
        secrets={"password": settings.password},
    )
