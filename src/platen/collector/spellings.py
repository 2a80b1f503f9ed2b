"""How what a site keeps back is written within other texts: names of hosts with and without their domain, hardware
addresses with every separator, addresses of both versions. Patterns as text; they are matched without regard to case.
"""

from __future__ import annotations

import re

SHORTEST = 3
"""A place named "A" cannot be taken out of texts."""
IPV4 = r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)"
IPV6 = r"(?<![0-9a-f:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![0-9a-f:])"
HARDWARE = (
    r"(?<![0-9a-z])(?:"
    r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}"  # 00:C0:76:FF:00:F2
    r"|(?:[0-9a-f]{4}[.:-]){2}[0-9a-f]{4}"  # 00c0.76ff.00f2, as network equipment writes it
    r"|[0-9a-f]{12}"
    r")(?![0-9a-z])"
)
"""Any hardware address: a machine may name that of another port than the one by which it is known."""


def of_text(text: str) -> list[str]:
    """A text as it stands."""
    return [re.escape(text)] if len(text) >= SHORTEST else []


def of_host(name: str) -> list[str]:
    """A host's name: its first label with whatever domain follows it, and its domain alone.

    "hall" keeps "hall.example.org" back as well: machines write the one here and the other there.
    """
    label, _, domain = name.rstrip(".").partition(".")
    patterns = [rf"{each}(?:\.[\w-]+)*" for each in of_text(label)] or of_text(name)
    while "." in domain:  # "example.org", but not "org"
        patterns += of_text(domain)
        domain = domain.partition(".")[2]
    return patterns


def of_hardware(mac: str) -> list[str]:
    """A hardware address with any separator between any of its octets or pairs of them, with or without leading zeros,
    and its last three octets as they stand in names that machines give themselves. mac: hexadecimal digits.
    """
    if len(mac) != 12:
        return of_text(mac)
    octets = [mac[place : place + 2] for place in range(0, 12, 2)]
    short = [f"0?{octet[1]}" if octet[0] == "0" else octet for octet in octets]
    return [r"[:.\- ]?".join(octets), r"[:.\- ]".join(short), mac[6:]]
