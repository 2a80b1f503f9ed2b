"""Home by mail: each envelope is an attachment. Blocking; in a thread."""

from __future__ import annotations

import base64

from platen.collector.configuration import Configuration
from platen.collector.ways.errors import NotDelivered
from platen.services.fleet.mailing import NotSent, Server, message_of, send_mail


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
    server = Server(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        verify=settings.verify,
        sender=settings.sender,
        user=settings.user,
        secrets={"password": settings.password},
    )
    try:
        send_mail(server, message)
    except NotSent as error:
        raise NotDelivered(str(error)) from error
