"""Addresses of web servers as people write them: the one place that says which can be used.

`https://HOST[:PORT][/PATH][?QUERY]`, or http where the caller allows it. What passes can be split, asked and shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from platen.policy.device_uri import DeviceUriError, plain_host

LENGTH_MAX = 2_000
WEB = frozenset({"https", "http"})


class WebAddressError(ValueError):
    """It cannot be used as the address of a web server; the sentence says why and how to write it."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A checked address. `text` is what was written, without the spaces around it; `host` in its usual form."""

    text: str
    scheme: str
    host: str
    port: int | None


def parse_web_address(
    text: str, *, schemes: Collection[str] = WEB, may_sign_in: bool = False, for_people: bool = False
) -> WebAddress:
    """Read an address.

    may_sign_in: it may hold user:password, as those of proxies do. for_people: it is opened by browsers, which write
    letters beyond ASCII in their own way; what we ask ourselves is written in ASCII.
    Raises: WebAddressError.
    """
    written = text.strip()
    parts = _split(written, schemes)
    if "@" in parts.netloc and not may_sign_in:
        # It would stand in lists and logs for everybody to read.
        raise WebAddressError("The address must not hold a user name or password. Leave out all up to the @.")
    if not (for_people or written.isascii()):
        raise WebAddressError(
            "The address has letters beyond ASCII. Write it as a browser copies it, with %C3%BC for ü."
        )
    if len(written) > LENGTH_MAX:
        raise WebAddressError(f"An address has at most {LENGTH_MAX} characters.")
    try:
        host, port = _in_ascii(parts.hostname or ""), parts.port
    except ValueError:
        raise WebAddressError("The address has a faulty port or host: a port is a number from 1 to 65535.") from None
    if port == 0 or parts.netloc.endswith(":"):
        raise WebAddressError("A port is a number from 1 to 65535; without one, leave out the colon.")
    try:
        return WebAddress(written, parts.scheme, plain_host(host), port)
    except DeviceUriError as error:
        raise WebAddressError(str(error)) from error


def _split(written: str, schemes: Collection[str]) -> SplitResult:
    begins = " or ".join(f"{scheme}://" for scheme in sorted(schemes, reverse=True))
    if any(each.isspace() or not each.isprintable() for each in written):
        raise WebAddressError("An address has no spaces within it.")
    try:
        parts = urlsplit(written)
    except ValueError:
        raise WebAddressError(
            "The address cannot be read. One of IPv6 stands in brackets: https://[2001:db8::31]/."
        ) from None
    if parts.scheme not in schemes or not parts.netloc:
        raise WebAddressError(f"The address begins with {begins} and the name of a host.")
    return parts


def _in_ascii(host: str) -> str:
    """A name with letters beyond ASCII as it is looked up (RFC 3490). Raises: ValueError."""
    return host if host.isascii() else host.encode("idna").decode()
