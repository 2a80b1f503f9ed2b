"""Connecting to a device: TCP, and TLS for ipps, within a time, with failures told in sentences."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from functools import lru_cache

from platen.policy.device_uri import Channel, DeviceUri
from platen.services.output.errors import DeviceUnreachable

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
READ_BUFFER_BYTES = 64 * 1024
WRITE_BUFFER_BYTES = 256 * 1024  # a chunk of the spool; more would only wait in memory


async def connect(uri: DeviceUri, *, timeout_s: float, tls_verify: bool = False) -> Streams:
    """A connection to the first of the address's ports that answers. Raises: DeviceUnreachable."""
    first, *others = uri.ports
    try:
        return await _connect(uri, first, timeout_s, tls_verify)
    except DeviceUnreachable:
        for port in others:
            with contextlib.suppress(DeviceUnreachable):  # the first port's failure is the one to tell of
                return await _connect(uri, port, timeout_s, tls_verify)
        raise


async def _connect(uri: DeviceUri, port: int, timeout_s: float, tls_verify: bool) -> Streams:
    context = tls_client(verify=tls_verify) if uri.channel is Channel.IPPS else None
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection(uri.host, port, limit=READ_BUFFER_BYTES, ssl=context)
    except TimeoutError:
        raise DeviceUnreachable(
            f"No answer from {uri.host} port {port} within {timeout_s:g} s. Is it switched on and on the network?"
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise DeviceUnreachable(
            f"The certificate of {uri.host} port {port} is not trusted ({error.verify_message}). Give the device a "
            "certificate from a known authority, or switch the check off for it."
        ) from error
    except ssl.SSLError as error:
        raise DeviceUnreachable(_no_tls(uri.host, port, error.reason or "no reason given")) from error
    except OSError as error:
        if context is not None and isinstance(error, ConnectionResetError | ConnectionAbortedError):
            # It took the connection and hung up on the handshake: that is what devices without TLS do.
            raise DeviceUnreachable(_no_tls(uri.host, port, "it hangs up")) from error
        raise DeviceUnreachable(_why_not(uri.host, port, error)) from error
    writer.transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
    _keep_alive(writer)
    return reader, writer


def _no_tls(host: str, port: int, why: str) -> str:
    return (
        f"{host} port {port} does not talk TLS as ipps needs it ({why}). Correct the device's address, or use ipp://."
    )


def _why_not(host: str, port: int, error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"The name {host} is not known to the network. Correct the device's address, or its name service entry."
    if isinstance(error, ConnectionRefusedError):
        return f"{host} refuses connections to port {port}. Is it switched on, and is this way to print enabled there?"
    return f"{host} port {port} cannot be reached ({error.strerror or error}). Is it switched on and on the network?"


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    """Find out within some two minutes that a silent device has gone."""
    connection: socket.socket | None = writer.get_extra_info("socket")
    if connection is None:
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        option = getattr(socket, name, None)  # not on every system
        if option is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


@lru_cache(maxsize=2)
def tls_client(*, verify: bool) -> ssl.SSLContext:
    """TLS towards devices.

    verify False, as nearly every device needs it: its certificate is one that it made itself, and any is taken. What
    is printed is then hidden from whoever listens, not from whoever stands in between. verify True: the certificate
    has to name the address and come from an authority that the operating system trusts, or one in the file that
    SSL_CERT_FILE names; a site with its own authority puts it there. Read once in the life of the process.
    """
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
