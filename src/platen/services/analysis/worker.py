"""The analysis subprocess: takes documents as descriptors over a socket, one after the other, and says what they hold.

Started as `python -m platen.services.analysis.worker FD LIMITS`, with the socket inherited as descriptor FD and the
limits as JSON. Imports no Django: a worker starts in a fraction of a second and stays small. It ends when the socket
is closed.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import json
import mmap
import os
import resource
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from platen.documents.analysis import analyse
from platen.documents.detect import POSTSCRIPT, UNKNOWN
from platen.documents.limits import OutOfTime
from platen.documents.source import Data
from platen.services.analysis.confine import confine
from platen.services.analysis.limits import PoolLimits, allow_cpu, bind_process, give_way
from platen.services.analysis.wire import PREFIX, REQUEST_BYTES_MAX, encode, options_from_plain

# A worker that stays this large after a document gives its memory back by ending.
_RETIRE_AT_RESIDENT_BYTES = 256 * 1024 * 1024
_OBJECTS_BEFORE_COLLECTION = 20_000  # of Python; with the default, a fifteenth of the time goes into looking for cycles
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


def _analyse(data: Data, request: dict[str, Any]) -> dict[str, Any]:
    options = options_from_plain(request.get("options", {}))
    facts = analyse(data, request.get("declared"), options)
    where = _postscript_in(data, request) if options.coverage and facts.format == POSTSCRIPT else {}
    return {**facts.to_dict(), **where}


def _preview(data: Data, request: dict[str, Any]) -> dict[str, Any]:
    from platen.documents.render.preview import first_page_preview  # few workers ever render

    width_px, height_px = request["box_px"]
    try:
        png = first_page_preview(data, request.get("declared"), (width_px, height_px))
    except OutOfTime:
        png = None
    if png is None:
        return {"png": None, **_postscript_in(data, request)}
    return {"png": base64.b64encode(png).decode()}


def _postscript_in(data: Data, request: dict[str, Any]) -> dict[str, Any]:
    """Where PostScript begins, for whoever may start Ghostscript; this process may not."""
    from platen.documents.render.preview import first_document

    if len(data) == 0:
        return {}
    start, media_type = first_document(data, request.get("declared"))
    return {"postscript_at": start} if media_type == POSTSCRIPT else {}


def _format(data: Data, request: dict[str, Any]) -> dict[str, Any]:
    """What the document is, by its beginning."""
    from platen.documents.render.preview import first_document

    return {"format": first_document(data, request.get("declared"))[1] if len(data) else UNKNOWN}


_TASKS: dict[str, Callable[[Data, dict[str, Any]], dict[str, Any]]] = {
    "analyse": _analyse,
    "preview": _preview,
    "format": _format,
}


def _do(descriptor: int, request: dict[str, Any]) -> dict[str, Any]:
    """Do one task on a document, within its time."""
    task = _TASKS[request["task"]]
    try:
        if os.fstat(descriptor).st_size == 0:
            return task(b"", request)
        with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as data:
            return task(data, request)
    finally:
        _end_time()
        os.close(descriptor)


def _begin_time(limits: PoolLimits) -> None:
    """From now on: the pool sends a SIGALRM when time is over; should the pool be gone, a timer does."""
    signal.signal(signal.SIGALRM, _out_of_time)
    signal.signal(signal.SIGPROF, _out_of_time)
    signal.setitimer(signal.ITIMER_PROF, limits.soft_s)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_s)


def _end_time() -> None:
    """Nothing interrupts what is found, nor a worker that waits for its next document."""
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _out_of_time(signum: int, frame: object) -> None:
    _end_time()
    raise OutOfTime


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
        bounds = limits.for_document(os.fstat(descriptor).st_size)
        allow_cpu(bounds.cpu_s)
        _begin_time(bounds)
        reply = _do(descriptor, request)
        retire = _resident_bytes() > _RETIRE_AT_RESIDENT_BYTES
        connection.sendall(encode({**reply, "retire": retire}))


def main() -> None:
    """The entry of the subprocess."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    limits = PoolLimits(**json.loads(sys.argv[2]))
    warnings.simplefilter("ignore")
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)
    _end_time()
    give_way(limits.niceness)
    bind_process(limits)
    with contextlib.suppress(OSError):  # a container may forbid it; the other bounds hold
        confine()
    serve(connection, limits)


if __name__ == "__main__":
    main()
