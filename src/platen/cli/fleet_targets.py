"""Whom a command asks, and as whom."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TypeVar

from platen.policy.device_uri import DEFAULT_IPP_PATH, DeviceUri, parse_device_uri
from platen.protocols.snmp import UsmUser, Version
from platen.protocols.snmp.usm import AuthProtocol, PrivProtocol
from platen.services.collect.snmp_targets import SNMP_PORT, Community, Credentials, Target

_Kind = TypeVar("_Kind", bound=Enum)


def uri_of(address: str) -> DeviceUri | None:
    """The place where IPP is asked, if the address is one: ipp://HOST:PORT/path or ipps://…; None: it is a host's.

    Raises: ValueError, a sentence.
    """
    text = address.strip()
    if "://" not in text:
        return None
    uri = parse_device_uri(text)
    if not uri.channel.is_ipp:
        raise ValueError(f"{uri} is only printed to. Read ipp://HOST:PORT/path, ipps://… or HOST[:PORT] of SNMP.")
    return replace(uri, path=DEFAULT_IPP_PATH) if uri.path == "/" else uri


def target_of(address: str) -> Target:
    """From HOST, HOST:PORT, [IPv6]:PORT or a bare IPv6 address. Raises: ValueError, a sentence."""
    text = address.strip()
    host, _, port = text.removeprefix("[").partition("]:") if text.startswith("[") else text.rpartition(":")
    if text.startswith("["):
        host = host.removesuffix("]")
    elif text.count(":") != 1:
        host, port = text, ""
    if not host:
        raise ValueError("The address has no host. Write for example 10.20.4.31 or 10.20.4.31:161.")
    if not port:
        return Target(host)
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"“{port}” is no port. A port is a number from 1 to 65535; {SNMP_PORT} is SNMP's.")
    return Target(host, int(port))


def credentials_of(
    communities: list[str], *, v3: tuple[str, str, str, str, str] = ("", "", "", "", ""), v1: bool = False
) -> list[Credentials]:
    """In the order in which they are tried: the user of SNMPv3 alone, else communities with SNMPv2c, then with SNMPv1.

    v3: name, authentication protocol and password, encryption protocol and password. Raises: SnmpError, ValueError.
    """
    name, auth, auth_password, priv, priv_password = v3
    if name:
        signs = _protocol(AuthProtocol, auth) if auth_password else None
        encrypts = _protocol(PrivProtocol, priv) if priv_password else None
        return [UsmUser(name, signs, auth_password, encrypts, priv_password)]
    versions = (Version.V1,) if v1 else (Version.V2C, Version.V1)
    return [Community(community.encode(), version) for version in versions for community in communities]


def _protocol(kind: type[_Kind], name: str) -> _Kind:
    plain = name.upper().replace("-", "_").replace("3DES", "TRIPLE_DES").replace("SHA1", "SHA").replace("SHA2_", "SHA_")
    plain = plain.replace("SHA_1", "SHA") if plain == "SHA_1" else plain
    try:
        return kind[plain]
    except KeyError:
        known = ", ".join(member.name.replace("_", "-") for member in kind)
        raise ValueError(f"“{name}” is no protocol for that. Known are {known}.") from None
