"""The same machines asked by others: net-snmp's tools, a process for each machine as scripts do it, and pysnmp."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from platen.protocols.snmp import Oid, Prepared, dotted
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import SnmpFailed
from platen.services.collect.snmp_targets import Community, Target

TOOLS_AT_ONCE = 8
ASKED_AT_ONCE = 256
PYSNMP_AT_ONCE = 32  # it needs 9 ms for each: of many more, the last answer is looked at later than it is waited for
PRINTER_TREES = ("1.3.6.1.2.1.1", "1.3.6.1.2.1.25", "1.3.6.1.2.1.43")
_OPTIONS = ("-v2c", "-c", "public", "-m", "", "-Oqn", "-t", "2", "-r", "1")


@dataclass(frozen=True, slots=True)
class Cost:
    """How long it took for one machine on average, with as many at once as is good for the asker."""

    machines: int
    failed: int
    ms_a_machine: float


def by_snmpget(addresses: Sequence[str], port: int, oids: Sequence[Oid]) -> Cost:
    """`snmpget` once for each machine."""
    return _by_tool(addresses, f"snmpget {' '.join(_quoted(_OPTIONS))} $1:{port} {' '.join(map(dotted, oids))}")


def by_snmpbulkwalk(addresses: Sequence[str], port: int) -> Cost:
    """Everything that a printer says in standard trees: `snmpbulkwalk` of each, a packet's worth at once."""
    walks = (f"snmpbulkwalk {' '.join(_quoted(_OPTIONS))} -Cr25 $1:{port} {tree}" for tree in PRINTER_TREES)
    return _by_tool(addresses, " && ".join(walks))


def _by_tool(addresses: Sequence[str], script: str) -> Cost:
    """A shell for each machine, several at once. One that fails leaves a line."""
    command = ["xargs", "-P", str(TOOLS_AT_ONCE), "-n", "1", "sh", "-c", f"({script}) >/dev/null 2>&1 || echo $1", "sh"]
    began = time.monotonic()
    done = subprocess.run(command, input="\n".join(addresses), capture_output=True, text=True, check=True)
    return _cost(len(addresses), len(done.stdout.split()), began)


def _quoted(options: Sequence[str]) -> list[str]:
    return [option or "''" for option in options]


def by_pysnmp(addresses: Sequence[str], port: int, oids: Sequence[Oid]) -> Cost | None:
    """pysnmp's asyncio interface without MIBs, which is its fastest; None where it is not installed."""
    try:
        from pysnmp.hlapi.v1arch import asyncio as pysnmp
    except ImportError:
        return None

    async def ask_all() -> Cost:
        # It complains of answers that come once it is closed: those to what it asked twice.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        dispatcher = pysnmp.SnmpDispatcher()
        community = pysnmp.CommunityData("public", mpModel=1)
        names = [pysnmp.ObjectType(pysnmp.ObjectIdentity(dotted(oid))) for oid in oids]

        async def ask(address: str) -> bool:
            target = await pysnmp.UdpTransportTarget.create((address, port), timeout=2, retries=1)
            error, status, _, _ = await pysnmp.get_cmd(dispatcher, community, target, *names, lookupMib=False)
            return not error and not status

        try:
            return await _ask_everybody(addresses, ask, PYSNMP_AT_ONCE)
        finally:
            dispatcher.close()

    return asyncio.run(ask_all())


def by_platen(addresses: Sequence[str], port: int, oids: Sequence[Oid]) -> Cost:
    """The same objects by the client that readings are made with."""
    import uvloop

    async def ask_all() -> Cost:
        prepared, community = Prepared.get(oids), Community(b"public")

        async def ask(address: str) -> bool:
            try:
                answer = await client.get(Target(address, port), community, prepared)
            except SnmpFailed:
                return False
            return len(answer.varbinds) == len(oids)

        async with SnmpClient() as client:
            return await _ask_everybody(addresses, ask, ASKED_AT_ONCE)

    return uvloop.run(ask_all())


async def _ask_everybody(addresses: Sequence[str], ask: Callable[[str], Awaitable[bool]], at_once: int) -> Cost:
    """Many at once, each as soon as there is room."""
    waiting = iter(addresses)
    failed = 0

    async def work() -> None:
        nonlocal failed
        for address in waiting:
            failed += not await ask(address)

    began = time.monotonic()
    await asyncio.gather(*(work() for _ in range(at_once)))
    return _cost(len(addresses), failed, began)


def _cost(machines: int, failed: int, began: float) -> Cost:
    return Cost(machines, failed, round(1000 * (time.monotonic() - began) / machines, 3))
