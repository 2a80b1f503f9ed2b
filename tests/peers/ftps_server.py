"""A file server that speaks FTP with explicit TLS (RFC 4217): what an upload needs, and no more."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"


class FtpsServer(socketserver.ThreadingTCPServer):
    """Stores below `folder`. in_the_open: passwords and files that came without TLS, which none should."""

    daemon_threads = True

    def __init__(self, folder: Path, context: ssl.SSLContext, user: str, password: str) -> None:
        super().__init__((LOOPBACK, 0), _Talk)
        self.folder = folder
        self.context = context
        self.account = (user, password)
        self.in_the_open: list[str] = []
        self.sessions: list[bool] = []
        """Of each data connection: whether it went on with a TLS session, as strict servers demand."""
        self.broken_after: int | None = None
        """Octets after which an upload breaks off."""


class _Talk(socketserver.StreamRequestHandler):
    server: FtpsServer
    secured = False
    private = False
    user = ""
    folder = Path()
    renamed = ""

    def handle(self) -> None:
        self.folder = self.server.folder
        self.listener: socket.socket | None = None
        self.say("220 ready")
        with contextlib.suppress(OSError):
            while line := self.rfile.readline(4096):
                word, _, rest = line.decode().strip().partition(" ")
                if word.upper() == "QUIT":
                    self.say("221 bye")
                    return
                getattr(self, f"do_{word.lower()}", self.unknown)(rest)

    def finish(self) -> None:
        if self.listener is not None:
            self.listener.close()
        with contextlib.suppress(OSError):
            super().finish()
            self.connection.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def unknown(self, _: str) -> None:
        self.say("502 not here")

    def do_auth(self, _: str) -> None:
        self.say("234 go on")
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.secured = True

    def do_user(self, name: str) -> None:
        self.user = name
        self.say("331 password?")

    def do_pass(self, password: str) -> None:
        if not self.secured:
            self.server.in_the_open.append(password)
        self.say("230 welcome" if (self.user, password) == self.server.account else "530 who are you?")

    def do_pbsz(self, _: str) -> None:
        self.say("200 ok")

    def do_prot(self, level: str) -> None:
        self.private = level.upper() == "P"
        self.say("200 ok")

    def do_type(self, _: str) -> None:
        self.say("200 ok")

    def do_cwd(self, name: str) -> None:
        self.folder = self.server.folder / name
        self.say("250 ok" if self.folder.is_dir() else "550 no such folder")

    def do_epsv(self, _: str) -> None:
        self.listener = socket.create_server((LOOPBACK, 0))
        self.say(f"229 ok (|||{self.listener.getsockname()[1]}|)")

    def do_pasv(self, _: str) -> None:
        self.listener = socket.create_server((LOOPBACK, 0))
        high, low = divmod(self.listener.getsockname()[1], 256)
        self.say(f"227 ok (127,0,0,1,{high},{low})")

    def do_stor(self, name: str) -> None:
        assert self.listener is not None
        self.say("150 send")
        connection, _ = self.listener.accept()
        self.listener.close()
        if self.private:
            connection = self.server.context.wrap_socket(connection, server_side=True)
            self.server.sessions.append(bool(connection.session_reused))
        else:
            self.server.in_the_open.append(name)
        with connection, (self.folder / name).open("wb") as file:
            while octets := connection.recv(65_536):
                file.write(octets[: self.server.broken_after])
                if self.server.broken_after is not None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
        self.say("226 stored")

    def do_rnfr(self, name: str) -> None:
        self.renamed = name
        self.say("350 to what?")

    def do_rnto(self, name: str) -> None:
        (self.folder / self.renamed).rename(self.folder / name)
        self.say("250 renamed")


@contextmanager
def ftps_server(folder: Path, context: ssl.SSLContext, user: str, password: str) -> Iterator[FtpsServer]:
    """A server for the block."""
    with FtpsServer(folder, context, user, password) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield server
        finally:
            server.shutdown()
            serving.join()
