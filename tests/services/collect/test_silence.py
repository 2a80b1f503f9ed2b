"""Machines that never answer: what asking them leaves behind."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
from collections.abc import Iterator

import pytest

from platen.services.collect.reader import read_machine
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import NoAnswer
from platen.services.collect.snmp_targets import Community, Patience, Target


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port that takes everything and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.34.0.1", 0))
        yield int(mute.getsockname()[1])


async def test_failures_leave_nothing_behind(nobody: int) -> None:
    """Whoever does not answer costs no memory that only a search for rings of objects would give back."""

    async def ask(client: SnmpClient) -> None:
        with contextlib.suppress(NoAnswer):
            await read_machine(client, Target("127.34.0.1", nobody), Community(), patience=Patience(0.1, 0))

    async with SnmpClient() as client:
        await asyncio.gather(*(ask(client) for _ in range(50)))
        gc.collect()
        gc.disable()
        try:
            await asyncio.gather(*(ask(client) for _ in range(200)))
            left = gc.collect()
        finally:
            gc.enable()
    assert left < 200  # none of ours; a few may be of the loop and the test
