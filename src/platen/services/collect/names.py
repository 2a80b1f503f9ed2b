"""Looking names of hosts up."""

from __future__ import annotations

import asyncio
import socket


async def why_no_address(name: str) -> str:
    """A sentence where a name leads to no address; empty where it leads to one."""
    try:
        await asyncio.get_running_loop().getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        return no_address(name, error)
    return ""


def no_address(name: str, error: Exception) -> str:
    """The sentence for a person."""
    why = getattr(error, "strerror", None) or error
    return f"The name {name} leads to no address: {why}. Check it, or give the device's address."
