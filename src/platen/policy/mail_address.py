"""Mail addresses: RFC 5321 section 4.1.2, and hosts of one label, as relays within a house are (root@mailhost)."""

from __future__ import annotations

import re

from platen.policy.device_uri import DeviceUriError, plain_host

_LOCAL_OCTETS_MAX = 64
_LENGTH_MAX = 254
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII | re.IGNORECASE)


def is_mail_address(text: str) -> bool:
    """Whether mail can be addressed to it: a local part without quotes, an @, and a host's name or [address]."""
    local, at, host = text.rpartition("@")
    if not at or len(text) > _LENGTH_MAX or len(local) > _LOCAL_OCTETS_MAX or not _LOCAL.fullmatch(local):
        return False
    literal = host.startswith("[") and host.endswith("]")
    try:
        plain = plain_host(host[1:-1].removeprefix("IPv6:") if literal else host.encode("idna").decode())
    except (DeviceUriError, UnicodeError):
        return False
    is_number = ":" in plain or plain.replace(".", "").isdecimal()
    return is_number if literal else not is_number and not host.endswith(".")
