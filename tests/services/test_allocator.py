"""Memory that threads leave behind."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from platen.services.allocator import ARENAS

_THREADS_ASK = """
import ctypes, sys, threading
from platen.services.allocator import keep_arenas_few
if sys.argv[1] == "few":
    assert keep_arenas_few()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
all_there = threading.Barrier(8)
def ask():
    all_there.wait()
    libc.malloc(ctypes.c_size_t(5000))
    all_there.wait()
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "mallopt"), reason="another C library")
def test_threads_share_few_pools() -> None:
    """Eight threads that ask at once get their memory from two pools; otherwise from more."""
    pools = {}
    for how in ("few", "usual"):
        command = [sys.executable, "-c", _THREADS_ASK, how]
        pools[how] = subprocess.run(command, check=True, capture_output=True, text=True).stdout.count("<heap nr=")
    assert 0 < pools["few"] <= ARENAS < pools["usual"]
