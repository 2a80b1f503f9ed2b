"""Reading a whole fleet: every machine answers to SNMP at an address of its own, and what it says is stored.

A node has so many machines that are all due at once. Measured is the time until each of them has been read and stored,
with meters, supplies and alerts: the first time, when it is asked everything, and the second, when it is asked what can
have moved; then a third time, after some of the machines have gone silent. The simulated fleet takes its share of the
same processors. At the end, a sample of the machines is asked the same by net-snmp's tools and by pysnmp.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.collect_fleet import Simulator, simulator
from bench.collect_rivals import Cost, by_platen, by_pysnmp, by_snmpbulkwalk, by_snmpget
from bench.collect_rows import fill
from bench.result import Benchmark, Figure, Requirement, Result, say
from bench.running import RunningNode, children, data_directory, node, processor_s
from platen.protocols.snmp import Oid, parse_oid

LOOK_EVERY_S = 0.25
PATIENCE_S = 1800.0
MODELS_MIN, SWEEP_S_MAX, PEAK_MB_MAX, SILENT_MORE_MAX = 20, 90.0, 400, 0.25

_LEFT = "SELECT count(*) FROM fleet_machine WHERE tried_at IS NULL OR tried_at < ?"

READING: tuple[Oid, ...] = tuple(
    map(
        parse_oid,
        (
            "1.3.6.1.2.1.1.3.0",
            "1.3.6.1.2.1.25.3.5.1.1.1",
            "1.3.6.1.2.1.25.3.5.1.2.1",
            "1.3.6.1.2.1.43.5.1.1.17.1",
            "1.3.6.1.2.1.43.10.2.1.4.1.1",
            *(f"1.3.6.1.2.1.43.11.1.1.9.1.{supply}" for supply in range(1, 6)),
            *(f"1.3.6.1.2.1.43.8.2.1.10.1.{tray}" for tray in range(1, 5)),
        ),
    )
)
"""What one would ask a printer of which nothing is known: for the comparison with others, who ask by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it. silent: the share of machines that do not answer any more the third time."""

    machines: int = 50_000
    silent: float = 0.2
    sample: int = 500


@dataclass(slots=True)
class Peak:
    """The most memory that the node and its processes had: resident, and what of that is no file."""

    resident: int = 0
    own: int = 0


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep: seconds by the clock, and of a processor that the node and the simulated fleet took."""

    seconds: float
    node_s: float
    fleet_s: float


def measure(sizes: Sizes) -> Result:
    """Three sweeps by a node, then others beside it."""
    with data_directory() as data, simulator(sizes.machines) as fleet:
        say(f"adding {sizes.machines:,} machines of {fleet.models} models")
        fill(data, sizes.machines, port=fleet.port)
        with node(data, analysis_workers=0, trap_port=-1) as running, watched(running) as peak:
            first = _swept(running, fleet, "everything")
            again = _swept(running, fleet, "what can have moved")
            fleet.replace(silent=sizes.silent)
            with_silent = _swept(running, fleet, f"{sizes.silent:.0%} silent")
        stored = _stored(data)
        others = _others(fleet, sizes.sample)
    more = round(with_silent.seconds / again.seconds - 1, 3)
    peak_mb = round(peak.resident / 2**20)
    figures: dict[str, Figure] = {
        "models": fleet.models,
        "first_sweep": asdict(first),
        "sweep": asdict(again),
        "sweep_with_silent": asdict(with_silent),
        "silent_more": more,
        "peak_mb": peak_mb,
        "peak_own_mb": round(peak.own / 2**20),
        **stored,
        **{f"{name}_ms": cost.ms_a_machine for name, cost in others.items()},
        "times_platens_time": {
            name: round(cost.ms_a_machine / others["platen"].ms_a_machine, 1) for name, cost in others.items()
        },
    }
    return Result(
        figures=figures,
        requirements=(
            Requirement(f"at least {MODELS_MIN} models", fleet.models >= MODELS_MIN),
            Requirement("every machine stored as itself", stored["machines_stored"] == sizes.machines),
            Requirement("others got an answer of every machine", not any(cost.failed for cost in others.values())),
            Requirement(f"a sweep in less than {SWEEP_S_MAX:.0f} s", again.seconds < SWEEP_S_MAX),
            Requirement(f"at most {SILENT_MORE_MAX:.0%} more with {sizes.silent:.0%} silent", more <= SILENT_MORE_MAX),
            Requirement(f"memory below {PEAK_MB_MAX} MB", peak_mb < PEAK_MB_MAX),
        ),
    )


def _swept(running: RunningNode, fleet: Simulator, what: str) -> Swept:
    before = _processor_s(running), fleet.processor_s
    seconds = sweep(running.data)
    taken = Swept(seconds, round(_processor_s(running) - before[0], 1), round(fleet.processor_s - before[1], 1))
    say(f"{what}: {taken}")
    return taken


def _processor_s(running: RunningNode) -> float:
    return sum(map(processor_s, _processes(running)))


def _processes(running: RunningNode) -> list[int]:
    return [running.process.pid, *children(running.process.pid)]


def own_bytes(running: RunningNode) -> int:
    """Memory of the node and its processes without what is a file's, such as the mapped database."""
    return sum(map(_own_bytes, _processes(running)))


def _own_bytes(pid: int) -> int:
    """0 when the process is gone."""
    try:
        match = re.search(r"^RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 1024 * int(match[1]) if match else 0


def sweep(data: Path) -> float:
    """Somebody wants all machines read; wait until each was visited. Returns: seconds. Raises: TimeoutError.

    A machine that is due since 2000 is read in full, whatever its interval (`platen.fleet.due`).
    """
    with closing(sqlite3.connect(data / "platen.sqlite3", timeout=60, isolation_level=None)) as database:
        began = time.monotonic()
        (asked_at,) = database.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')").fetchone()
        database.execute("UPDATE fleet_machine SET due_at = '2000-01-01 00:00:00'")
        while time.monotonic() - began < PATIENCE_S:
            if not database.execute(_LEFT, (asked_at,)).fetchone()[0]:
                return round(time.monotonic() - began, 1)
            time.sleep(LOOK_EVERY_S)
        left = database.execute(_LEFT, (asked_at,)).fetchone()[0]
    raise TimeoutError(f"{left:,} machines were not visited within {PATIENCE_S:g} s")


def _stored(data: Path) -> dict[str, int]:
    """What lies in the tables; a machine is itself if the serial number is the one of its address."""
    statements = {
        "machines_stored": "SELECT count(*) FROM fleet_machine m JOIN devices_device d ON d.id = m.device_id "
        "WHERE CAST(substr(m.serial, -7) AS INTEGER) = CAST(substr(d.name, -6) AS INTEGER) AND m.serial <> '' "
        "AND m.pages > 0",
        "readings_stored": "SELECT count(*) FROM fleet_meterreading",
        "alerts_stored": "SELECT count(*) FROM fleet_alert",
        "supplies_stored": "SELECT count(*) FROM fleet_supply",
    }
    with closing(sqlite3.connect(f"file:{data / 'platen.sqlite3'}?mode=ro", uri=True)) as database:
        return {name: int(database.execute(statement).fetchone()[0]) for name, statement in statements.items()}


def _others(fleet: Simulator, sample: int) -> dict[str, Cost]:
    """The first of the machines, asked by one after the other."""
    fleet.replace(silent=0.0)
    addresses, port = fleet.addresses(sample), fleet.port
    by_platen(addresses, port, READING)  # not counted: a machine is made when it is first asked
    costs = {
        "platen": by_platen(addresses, port, READING),
        "snmpget": by_snmpget(addresses, port, READING),
        "snmpbulkwalk": by_snmpbulkwalk(addresses, port),
        "pysnmp": by_pysnmp(addresses, port, READING),
    }
    found = {name: cost for name, cost in costs.items() if cost is not None}
    say(", ".join(f"{name}: {cost.ms_a_machine} ms, {cost.failed} failed" for name, cost in found.items()))
    return found


@contextmanager
def watched(running: RunningNode) -> Iterator[Peak]:
    """How much memory the node takes at most inside the block."""
    peak, over = Peak(), threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_EVERY_S):
            peak.resident = max(peak.resident, running.resident_bytes)
            peak.own = max(peak.own, own_bytes(running))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


BENCHMARK = Benchmark(measure, full=Sizes(), small=Sizes(machines=300, sample=30))
