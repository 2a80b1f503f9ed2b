"""Sending notices: by a real SMTP server and a real HTTP server on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from platen.fleet.webhooks import SIGNATURE_HEADER
from platen.services.certificate import certificate_files
from platen.services.fleet.hooks import call
from platen.services.fleet.mail_tokens import granted_by
from platen.services.fleet.mailing import NotSent, Server, message_of, send_mail
from platen.settings import Settings

LOOPBACK = "127.0.0.1"
MAIL = {
    "to": ["desk@example.org"],
    "cc": ["boss@example.org"],
    "subject": "lib-1f: Paper jam\nBcc: x@y.z",
    "body": "Grüße",
}


SIGNED_IN: dict[str, Any] = {"auth_required": True, "require_starttls": True, "auth_exclude_mechanism": ["LOGIN"]}


class Box:
    """Takes mail; refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return self.answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody"):
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def _knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: Any) -> AuthResult:
    known = auth_data.login == b"platen" and auth_data.password == b"long secret"
    return AuthResult(success=known, handled=False)  # the library says it to the client


SIGNED_IN["authenticator"] = _knows


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate that nobody trusts."""
    certificate, key = certificate_files(Settings(data=tmp_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class _Controller(Controller):
    """At a port that the system chooses: the library would connect to port 0 to see whether it serves."""

    def _trigger_server(self) -> None:
        with socket.create_connection(self.server.sockets[0].getsockname()[:2], timeout=20) as connection:
            connection.recv(1024)


@contextmanager
def mail_server(box: Box, **options: Any) -> Iterator[int]:
    """A mail server; gives its port."""
    controller = _Controller(box, hostname=LOOPBACK, port=0, **options)
    controller.start()
    try:
        yield controller.server.sockets[0].getsockname()[1]
    finally:
        controller.stop()


def server(port: int, **values: Any) -> Server:
    """How mail goes out there."""
    given: dict[str, Any] = {"security": "none", "verify": False, "sender": "platen@example.org"} | values
    return Server(host=LOOPBACK, port=port, **given)


def test_a_mail_arrives() -> None:
    """To everybody it is for, in one piece, its subject on one line, not answered by holiday notices. EMC-MONI-03"""
    box = Box()
    attached = {"name": "counters.csv", "type": "text/csv", "data": "YSxiCg=="}
    message = message_of(
        MAIL | {"important": True, "attachments": [attached]}, "platen@example.org", "<n-1@example.org>"
    )
    with mail_server(box) as port:
        send_mail(server(port), message)
    (taken,) = box.taken
    assert taken.rcpt_tos == ["desk@example.org", "boss@example.org"]
    text = bytes(taken.content or b"").decode()
    assert "Subject: lib-1f: Paper jam Bcc: x@y.z\r\n" in text
    assert "\r\nBcc:" not in text
    assert "Message-ID: <n-1@example.org>" in text
    assert "Importance: high" in text
    assert 'filename="counters.csv"' in text


def test_starttls_and_a_password(tls: ssl.SSLContext) -> None:
    """The connection is secured before the password is said; a wrong one is a reason in words.

    EMC-PREF-02 DCA-NET-05
    """
    box = Box()
    with mail_server(box, tls_context=tls, **SIGNED_IN) as port:
        message = message_of(MAIL, "platen@example.org", "")
        right = {"security": "starttls", "user": "platen", "secrets": {"password": "long secret"}}
        send_mail(server(port, **right), message)
        assert len(box.taken) == 1
        with pytest.raises(NotSent, match="does not sign platen in"):
            send_mail(server(port, **right | {"secrets": {"password": "wrong"}}), message)
        assert len(box.taken) == 1
        with pytest.raises(NotSent, match="certificate"):
            send_mail(server(port, **right | {"verify": True}), message)


def test_never_in_the_open() -> None:
    """A server without STARTTLS gets nothing where STARTTLS was asked for. DCA-NET-05"""
    box = Box()
    with mail_server(box) as port, pytest.raises(NotSent, match="no STARTTLS"):
        send_mail(server(port, security="starttls"), message_of(MAIL, "platen@example.org", ""))
    assert box.taken == []


def test_refusals() -> None:
    """A mailbox that does not exist is given up; a server that is busy, or gone, is tried again."""
    box = Box()
    with mail_server(box) as port:
        nobody = message_of({"to": ["nobody@example.org"], "subject": "x"}, "platen@example.org", "")
        with pytest.raises(NotSent, match="No such mailbox") as refused:
            send_mail(server(port), nobody)
        assert refused.value.for_good
        box.answer = "451 Try later"
        with pytest.raises(NotSent, match="451 Try later") as busy:
            send_mail(server(port), message_of(MAIL, "platen@example.org", ""))
        assert not busy.value.for_good
    with pytest.raises(NotSent, match="could not be reached"):
        send_mail(server(port), message_of(MAIL, "platen@example.org", ""))


class _Hook(BaseHTTPRequestHandler):
    """Keeps what it is told, and answers as it is told."""

    status = 204
    told: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.told.append((dict(self.headers), body))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on standard error."""


@pytest.fixture
def hook() -> Iterator[tuple[type[_Hook], str]]:
    """A receiver of webhooks, and its address."""
    handler = type("Hook", (_Hook,), {"told": []})
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as http:
        serving = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        yield handler, f"http://{LOOPBACK}:{http.server_address[1]}/hook"
        http.shutdown()
        serving.join()


def test_a_webhook_is_signed(hook: tuple[type[_Hook], str]) -> None:
    """A receiver that knows the secret finds the signature right over exactly these octets. EMC-HOOK-01 EMC-HOOK-02

    EMC-ARCH-11
    """
    handler, url = hook
    call(url, "word-of-trust", "", {"kind": "alert-began", "sentence": "Papierstau, Gehäuse"}, key="7")
    headers, body = handler.told[0]
    seconds, _, digest = headers[SIGNATURE_HEADER].removeprefix("t=").partition(",v1=")
    expected = hmac.new(b"word-of-trust", seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert digest == expected
    assert json.loads(body)["sentence"] == "Papierstau, Gehäuse"
    assert headers["Idempotency-Key"] == "7"


def test_the_secret_is_never_sent(hook: tuple[type[_Hook], str]) -> None:
    """What signs stays at home; a token goes along only where one is set, and is that token. EMC-HOOK-01"""
    handler, url = hook
    call(url, "word-of-trust", "", {"kind": "added"}, key="1")
    call(url, "word-of-trust", "", {"kind": "added"}, key="2", token="for-your-eyes")
    assert not any("word-of-trust" in value for headers, _ in handler.told for value in headers.values())
    assert [headers.get("X-Mc-Token") for headers, _ in handler.told] == [None, "for-your-eyes"]


def test_through_a_proxy(hook: tuple[type[_Hook], str]) -> None:
    """A proxy is asked for the address, lifting an old limit. EMC-HOOK-03"""
    handler, url = hook
    call("http://hooks.example.test/in", "", url.removesuffix("/hook"), {"kind": "added"}, key="8")
    assert handler.told[0][0]["Host"] == "hooks.example.test"


@pytest.mark.parametrize(("status", "for_good"), [(302, False), (500, False), (410, True)])
def test_what_a_webhook_answers(hook: tuple[type[_Hook], str], status: int, for_good: bool) -> None:
    """A redirect is not followed, an error is tried again, and "gone" is gone."""
    handler, url = hook
    handler.status = status
    with pytest.raises(NotSent, match=str(status)) as failed:
        call(url, "secret", "", {}, key="9")
    assert failed.value.for_good is for_good
    assert len(handler.told) == 1


def test_nobody_listens() -> None:
    """An address at which nobody listens is a reason in words."""
    with pytest.raises(NotSent, match="could not be reached"):
        call(f"http://{LOOPBACK}:1/hook", "", "", {}, key="1")


@pytest.fixture
def no_http() -> Iterator[int]:
    """The port of something that greets as a mail server does, whoever comes."""
    with socket.create_server((LOOPBACK, 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"220 smtp.example.org ESMTP\r\n")

        greeting = threading.Thread(target=greet)
        greeting.start()
        yield int(listening.getsockname()[1])
        greeting.join()


def test_a_webhook_that_speaks_something_else(no_http: int) -> None:
    """What does not speak HTTP is a reason in words, with what it said."""
    with pytest.raises(NotSent, match="does not speak HTTP: BadStatusLine, 220 smtp"):
        call(f"http://{LOOPBACK}:{no_http}/", "", "", {}, key="1")


def test_a_webhook_whose_address_holds_a_password() -> None:
    """One that was stored with user:password is not called, and the reason does not tell the password."""
    with pytest.raises(NotSent, match="cannot be used") as failed:
        call("http://user:pass-word@hooks.example.org/", "", "", {}, key="1")
    assert "pass-word" not in str(failed.value)


def test_tokens_from_something_else(no_http: int) -> None:
    """Nor is there an access token where no HTTP is spoken."""
    asked = server(1, method="oauth2", token_url=f"http://{LOOPBACK}:{no_http}/", client_id="platen")
    with pytest.raises(NotSent, match="No access token could be had"):
        granted_by(asked)


class _Tokens(_Hook):
    """Gives access tokens to those who know the secret."""

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.told.append((dict(self.headers), json.dumps(asked).encode()))
        secret = asked["client_secret"][0]
        right = {"access_token": "fresh-token", "expires_in": "3600", "refresh_token": "next"}
        wrong = {"error": "invalid_client", "error_description": f"AADSTS7000222: The key\r\n{secret} is expired."}
        body = json.dumps(right if secret == "client-secret" else wrong).encode()
        self.send_response(200 if secret == "client-secret" else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def tokens() -> Iterator[tuple[type[_Hook], str]]:
    """A server of access tokens, and its address."""
    handler = type("Tokens", (_Tokens,), {"told": []})
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as http:
        serving = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        yield handler, f"http://{LOOPBACK}:{http.server_address[1]}/token"
        http.shutdown()
        serving.join()


class _Modern(Box):
    """Signs people in with OAuth2."""

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        return AuthResult(success=said == "user=platen@example.org\x01auth=Bearer fresh-token\x01\x01", handled=False)


def test_signed_in_with_oauth2(tls: ssl.SSLContext) -> None:
    """An access token signs the mailbox in."""
    box = _Modern()
    modern = {"security": "starttls", "user": "platen@example.org", "method": "oauth2"}
    with mail_server(box, tls_context=tls, auth_required=True, require_starttls=True) as port:
        right = server(port, **modern, secrets={"access_token": "fresh-token"})
        send_mail(right, message_of(MAIL, "platen@example.org", ""))
        with pytest.raises(NotSent, match=r"does not sign platen@example\.org in"):
            send_mail(server(port, **modern, secrets={"access_token": "old"}), message_of(MAIL, "p@q.example", ""))
    assert len(box.taken) == 1


def test_access_tokens_are_given(tokens: tuple[type[_Hook], str]) -> None:
    """For the client, or for a refresh token, with how long it is good; a refusal says the server's reason without the
    secret that it repeats."""
    handler, url = tokens
    asked = {"method": "oauth2", "token_url": url, "client_id": "platen", "scope": "mail.send"}
    for secrets in ({}, {"refresh_token": "long-lived"}):
        granted = granted_by(server(1, **asked, secrets={"client_secret": "client-secret", **secrets}))
        assert (granted.access_token, granted.expires_in_s, granted.refresh_token) == ("fresh-token", 3600.0, "next")
    with pytest.raises(NotSent) as refused:
        granted_by(server(1, **asked, secrets={"client_secret": "wr0ng"}))
    assert str(refused.value) == (
        "No access token was given: 401 Unauthorized. It says: AADSTS7000222: The key … is expired."
    )
    kinds = [json.loads(body)["grant_type"] for _, body in handler.told]
    assert kinds == [["client_credentials"], ["refresh_token"], ["client_credentials"]]
