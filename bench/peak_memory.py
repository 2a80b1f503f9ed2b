"""Prints by how many MB a process grows of its own while it looks into a file: `python -m bench.peak_memory FILE`.

Pages of the mapped file are the system's cache and not counted.
"""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisOptions

EVERY_S = 0.01


def own_kib() -> int:
    """Anonymous resident memory of this process."""
    match = re.search(r"^RssAnon:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(match[1]) if match else 0


def main() -> None:
    """Look, and print the most that was seen above the beginning."""
    before = peak = own_kib()
    over = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(EVERY_S):
            peak = max(peak, own_kib())

    thread = threading.Thread(target=watch)
    thread.start()
    with Path(sys.argv[1]).open("rb") as file:
        analyse(file, options=AnalysisOptions(color=False))
    over.set()
    thread.join()
    print(round((max(peak, own_kib()) - before) / 1024, 1))


if __name__ == "__main__":
    main()
