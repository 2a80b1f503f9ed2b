"""Settings of the ways home."""

from __future__ import annotations

from dataclasses import dataclass, field

from platen.collector.table import Table
from platen.policy.web_address import WebAddressError, parse_web_address


@dataclass(frozen=True, slots=True)
class Https:
    """proxy: http://[user:password@]host:port, asked with CONNECT. ca_file: who signs home's certificate."""

    proxy: str = field(default="", repr=False)
    ca_file: str = ""
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Ftps:
    """FTP with explicit TLS (RFC 4217); tls false: FTP in the open."""

    host: str = ""
    port: int = 21
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = ""
    ca_file: str = ""
    tls: bool = True


@dataclass(frozen=True, slots=True)
class Sftp:
    """SFTP by the system's OpenSSH, signed in with a key; the host's key has to be known."""

    host: str = ""
    port: int = 22
    user: str = ""
    key_file: str = ""
    known_hosts: str = ""
    folder: str = ""
    program: str = "sftp"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server, and whom the readings are sent to."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    verify: bool = True
    sender: str = ""
    to: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, from which something else carries the files home."""

    path: str = ""


def https_of(table: Table) -> Https:
    """[send.https]"""
    made = Https(table.secret("proxy"), table.file("ca_file"), table.number("timeout_s", 60, 1, 600))
    try:
        if made.proxy:
            parse_web_address(made.proxy, schemes=("http",), may_sign_in=True)
    except WebAddressError as error:
        table.problem("proxy", str(error), "Write for example http://proxy.example.org:3128.")
    table.finish()
    return made


def ftps_of(table: Table, *, needed: bool) -> Ftps:
    """[send.ftps]"""
    made = Ftps(
        table.text("host", needed="Give the server's name." if needed else ""),
        table.whole("port", 21, 1, 65_535),
        table.text("user", needed="Give the user." if needed else ""),
        table.secret("password", needed="Give the password, or password_file." if needed else ""),
        table.text("folder"),
        table.file("ca_file"),
        table.switch("tls", True),
    )
    table.finish()
    return made


def sftp_of(table: Table, *, needed: bool) -> Sftp:
    """[send.sftp]"""
    made = Sftp(
        table.text("host", needed="Give the server's name." if needed else ""),
        table.whole("port", 22, 1, 65_535),
        table.text("user", needed="Give the user." if needed else ""),
        table.file("key_file"),
        table.file("known_hosts"),
        table.text("folder"),
        table.text("program", "sftp"),
    )
    for name in ("key_file", "known_hosts") if needed else ():
        if not getattr(made, name):
            table.problem(name, "It is not set.", "Passwords are not taken, and an unknown server is not believed.")
    table.finish()
    return made


def mail_of(table: Table, *, needed: bool) -> Mail:
    """[send.mail]"""
    made = Mail(
        table.text("host", needed="Give the mail server's name." if needed else ""),
        table.whole("port", 587, 1, 65_535),
        table.text("security", "starttls", of=("starttls", "tls", "none")),
        table.switch("verify", True),
        table.text("sender", needed="Give the sender's address." if needed else ""),
        table.text("to", needed="Give the address that home reads." if needed else ""),
        table.text("user"),
        table.secret("password"),
    )
    if made.user and made.security == "none":
        table.problem("user", "A password is not sent in the open.", "Use security = starttls or tls.")
    table.finish()
    return made


def folder_of(table: Table, *, needed: bool) -> Folder:
    """[send.folder]"""
    made = Folder(table.path("path", needed="Give the folder." if needed else ""))
    table.finish()
    return made
