"""The analysis subprocess: takes documents as descriptors over a socket, one after the other, and says what they hold.

Started as `python -m platen.services.analysis.worker FD LIMITS`, with the socket inherited as descriptor FD and the
limits as JSON. Imports no Django: a worker starts in a fraction of a second and stays small. It ends when the socket
is closed.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

import pikepdf

from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts
from platen.services.analysis.limits import PoolLimits, allow_cpu, bind_process
from platen.services.analysis.wire import PREFIX, REQUEST_BYTES_MAX, encode

# A worker that stays this large after a document gives its memory back by ending.
_RETIRE_AT_RESIDENT_BYTES = 256 * 1024 * 1024
_STATM = Path("/proc/self/statm")


def _receive(connection: socket.socket) -> tuple[dict[str, Any], int] | None:
    """The next request and its document's descriptor; None at the end of the connection."""
    octets, descriptors, _, _ = socket.recv_fds(connection, REQUEST_BYTES_MAX, 1)
    if not octets or not descriptors:
        return None
    (length,) = PREFIX.unpack_from(octets)
    while len(octets) < PREFIX.size + length:
        more = connection.recv(REQUEST_BYTES_MAX)
        if not more:
            return None
        octets += more
    request: dict[str, Any] = json.loads(octets[PREFIX.size :])
    return request, descriptors[0]


def _analyse(descriptor: int, declared: str | None) -> DocumentFacts:
    try:
        if os.fstat(descriptor).st_size == 0:
            return analyse(b"", declared)
        with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as data:
            return analyse(data, declared)
    finally:
        os.close(descriptor)


def _resident_bytes() -> int:
    # Not ru_maxrss: Linux carries that over from the node's process, through fork and exec.
    if not _STATM.exists():
        return 0
    return int(_STATM.read_bytes().split()[1]) * resource.getpagesize()


def serve(connection: socket.socket, limits: PoolLimits) -> None:
    """Answer requests until the connection ends or this process has grown too large."""
    retire = False
    while not retire and (received := _receive(connection)) is not None:
        request, descriptor = received
        allow_cpu(limits.cpu_s)
        facts = _analyse(descriptor, request.get("declared"))
        retire = _resident_bytes() > _RETIRE_AT_RESIDENT_BYTES
        connection.sendall(encode({**facts.to_dict(), "retire": retire}))


def main() -> None:
    """The entry of the subprocess."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    limits = PoolLimits(**json.loads(sys.argv[2]))
    warnings.simplefilter("ignore")
    os.nice(limits.niceness)
    # qpdf inflates whole streams; these bounds make a bomb an error before the address space runs out.
    pikepdf.settings.set_qpdf_limits(flate_max_memory=limits.address_space_bytes // 4)
    bind_process(limits)
    serve(connection, limits)


if __name__ == "__main__":
    main()
