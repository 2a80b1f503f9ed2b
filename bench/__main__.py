"""Runs benchmarks one after the other, each giving one line of JSON. Ends with 1 where a requirement is not met."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import fields, replace
from typing import Any

from bench import (
    beside,
    collect,
    collect_history,
    collect_soak,
    collect_traffic,
    documents,
    intake,
    release,
    rival,
    start,
    upload,
)
from bench.result import Benchmark

BENCHMARKS: dict[str, Benchmark] = {
    "documents": documents.BENCHMARK,
    "beside": beside.BENCHMARK,
    "start": start.BENCHMARK,
    "upload": upload.BENCHMARK,
    "intake": intake.BENCHMARK,
    "rival": rival.BENCHMARK,
    "release": release.BENCHMARK,
    "collect": collect.BENCHMARK,
    "collect-history": collect_history.BENCHMARK,
    "collect-soak": collect_soak.BENCHMARK,
    "collect-traffic": collect_traffic.BENCHMARK,
}


def main(arguments: list[str] | None = None) -> int:
    """Returns: the process's status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all of them without one")
    parser.add_argument("--small", action="store_true", help="little of everything: does it run, not how fast")
    parser.add_argument(
        "--set", action="append", default=[], type=_size, metavar="SIZE=NUMBER", help="for example jobs=5000"
    )
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    all_met = True
    for name in chosen.names or BENCHMARKS:
        benchmark = BENCHMARKS[name]
        sizes = _sizes(benchmark.small if chosen.small else benchmark.full, dict(chosen.set))
        print(f"{name}: {sizes}", file=sys.stderr, flush=True)
        began = time.monotonic()
        result = benchmark.measure(sizes)
        print(result.to_json(name, sizes, time.monotonic() - began), flush=True)
        all_met &= result.is_met
    return 0 if all_met or chosen.small else 1


def _size(text: str) -> tuple[str, str]:
    name, _, number = text.partition("=")
    return name, number


def _sizes(sizes: Any, wanted: dict[str, str]) -> Any:
    """Another value for each size that a benchmark has by such a name; one of the same type."""
    known = {each.name: type(getattr(sizes, each.name)) for each in fields(sizes)}
    return replace(sizes, **{name: known[name](number) for name, number in wanted.items() if name in known})


if __name__ == "__main__":
    sys.exit(main())
