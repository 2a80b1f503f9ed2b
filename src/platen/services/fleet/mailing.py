"""Sending mail: SMTP with STARTTLS or TLS, signed in with a password or OAuth2 (XOAUTH2). Blocking; in a thread."""

from __future__ import annotations

import base64
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import Any

TIMEOUT_S = 30.0


class NotSent(Exception):
    """It could not be sent, with a sentence; `for_good`: it never can be as it is."""

    def __init__(self, sentence: str, *, for_good: bool = False) -> None:
        super().__init__(sentence)
        self.for_good = for_good


@dataclass(frozen=True, slots=True)
class Server:
    """How mail goes out, with its secrets opened; of OAuth2 an `access_token` is among them (mail_tokens)."""

    host: str
    port: int
    security: str
    verify: bool
    sender: str
    user: str = ""
    method: str = "password"
    token_url: str = ""
    client_id: str = ""
    scope: str = ""
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def message_of(mail: dict[str, Any], sender: str, message_id: str) -> EmailMessage:
    """A mail of `to`, `cc`, `subject`, `body`, `important`, `attachments` (name, type, base64 text).

    message_id: what is sent again after a doubt has the same, so that receivers see one.
    """
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, ", ".join(mail.get("to") or [sender])
    if mail.get("cc"):
        message["Cc"] = ", ".join(mail["cc"])
    message["Subject"] = " ".join(str(mail.get("subject", "")).split())[:400]
    message["Date"], message["Message-ID"] = formatdate(localtime=False), message_id or make_msgid()
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice answers it
    if mail.get("important"):
        message["X-Priority"], message["Importance"] = "1", "high"
    message.set_content(str(mail.get("body") or mail.get("subject", "")))
    for each in mail.get("attachments") or []:
        main, _, sub = str(each["type"]).partition("/")
        message.add_attachment(base64.b64decode(each["data"]), maintype=main, subtype=sub, filename=each["name"])
    return message


def sign_in_only(server: Server) -> None:
    """Try the way; no mail is sent. Raises: NotSent."""
    try:
        with _connected(server) as smtp:
            _sign_in(smtp, server)
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"The mail server does not sign {server.user} in: {_text(error.smtp_error)}") from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"{server.host} could not be reached or broke off: {error}") from error


def send_mail(server: Server, message: EmailMessage) -> None:
    """Raises: NotSent."""
    try:
        with _connected(server) as smtp:
            _sign_in(smtp, server)
            refused = smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        reasons = "; ".join(f"{who}: {_text(said[1])}" for who, said in error.recipients.items())
        permanent = all(said[0] >= 500 for said in error.recipients.values())
        raise NotSent(f"The mail server takes no mail for {reasons}", for_good=permanent) from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(f"The mail server does not sign {server.user} in: {_text(error.smtp_error)}") from error
    except smtplib.SMTPResponseException as error:
        # A 5xx to the message itself will not get better by repeating it.
        permanent = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
        raise NotSent(
            f"The mail server says: {error.smtp_code} {_text(error.smtp_error)}", for_good=permanent
        ) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"{server.host} could not be reached or broke off: {error}") from error
    if refused:
        raise NotSent(f"Sent, but not to {', '.join(refused)}.", for_good=True)


def _connected(server: Server) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if not server.verify:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if server.security == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    if server.security == "starttls":
        try:
            smtp.starttls(context=context)
        except smtplib.SMTPNotSupportedError as error:
            smtp.close()
            raise NotSent(f"{server.host} offers no STARTTLS, and mail is not sent in the open.") from error
        except BaseException:
            smtp.close()
            raise
    return smtp


def _sign_in(smtp: smtplib.SMTP, server: Server) -> None:
    if not server.user:
        return
    if server.method != "oauth2":
        smtp.login(server.user, server.secrets.get("password", ""))
        return
    token = server.secrets.get("access_token", "")
    smtp.ehlo_or_helo_if_needed()
    said = f"user={server.user}\x01auth=Bearer {token}\x01\x01"
    # The challenge after a refusal holds the reason and wants an empty answer.
    smtp.auth("XOAUTH2", lambda challenge=None: said if challenge is None else "")


def _text(said: object) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
