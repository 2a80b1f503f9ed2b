"""Home by files over FTP with TLS (RFC 4217): both connections secured, certificate checked. Blocking; in a thread."""

from __future__ import annotations

import contextlib
import ftplib
import io
import socket
import ssl
from collections.abc import Iterator

from platen.collector.configuration import Configuration
from platen.collector.ways.errors import NotDelivered

TIMEOUT_S = 60.0


class _SameSession(ftplib.FTP_TLS):
    """The data connection goes on with the TLS session of the control connection: most servers insist on it, so that
    nobody else can take the data connection."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)  # noqa: S321  # secured in the next lines
        if isinstance(self.sock, ssl.SSLSocket):
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=self.sock.session)
        return connection, size


def store(configuration: Configuration, name: str, content: bytes) -> None:
    """A file under its name only when it is whole. Raises: NotDelivered."""
    with _signed_in(configuration) as ftp:
        ftp.storbinary(f"STOR {name}.part", io.BytesIO(content))
        ftp.rename(f"{name}.part", name)


def try_out(configuration: Configuration) -> None:
    """Connect, sign in and go to the folder; nothing is stored. Raises: NotDelivered."""
    with _signed_in(configuration):
        pass


@contextlib.contextmanager
def _signed_in(configuration: Configuration) -> Iterator[ftplib.FTP]:
    """In the folder. Raises: NotDelivered, for what is done there as well."""
    settings = configuration.send.ftps
    ftp: ftplib.FTP
    if settings.tls:
        ftp = _SameSession(context=ssl.create_default_context(cafile=settings.ca_file or None), timeout=TIMEOUT_S)
    else:
        ftp = ftplib.FTP(timeout=TIMEOUT_S)  # noqa: S321  # allowed by send.insecure, and warned of
    try:
        ftp.connect(settings.host, settings.port)
        ftp.login(settings.user, settings.password)
        if isinstance(ftp, ftplib.FTP_TLS):
            ftp.prot_p()
        if settings.folder:
            ftp.cwd(settings.folder)
        yield ftp
        with contextlib.suppress(ftplib.Error, OSError, EOFError):
            ftp.quit()
    except ssl.SSLCertVerificationError as error:
        raise NotDelivered(
            f"{settings.host} shows a certificate that is not trusted: {error.verify_message}. If the server has one "
            "of its own, give the file of its authority as send.ftps.ca_file."
        ) from error
    except (ftplib.Error, OSError, EOFError, ValueError) as error:
        raise NotDelivered(
            f"The file could not be stored at {settings.host}: {error or type(error).__name__}"
        ) from error
    finally:
        ftp.close()
