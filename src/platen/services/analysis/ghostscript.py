"""Ghostscript, where it is installed: PostScript pages as pictures and as ink, in a bounded process a document."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
from collections.abc import Sequence

import structlog

from platen.documents.facts import Coverage
from platen.documents.render.ghostscript import PROGRAM, coverage_arguments, coverages_in, preview_arguments
from platen.services.analysis.limits import PoolLimits
from platen.services.analysis.patience import bounded

log = structlog.get_logger(__name__)

_OUTPUT_BYTES_MAX = 8 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"
_SPACE_BYTES = 2 * 1024 * 1024 * 1024
_SEARCH_PATH = "/usr/local/bin:/usr/bin:/bin"


def is_there() -> bool:
    """Whether this machine has it. Nothing but pictures and ink of PostScript needs it."""
    return shutil.which(PROGRAM, path=_SEARCH_PATH) is not None


async def first_page(descriptor: int, start: int, box_px: tuple[int, int], limits: PoolLimits) -> bytes | None:
    """The first page of the PostScript document at this offset of the file, as a PNG; None where it cannot be had."""
    output = await _run(preview_arguments(box_px), descriptor, start, limits)
    return output if output.startswith(_PNG) else None


async def coverages(descriptor: int, start: int, pages_max: int, limits: PoolLimits) -> list[Coverage]:
    """The ink of each page, as far as it got within its time."""
    return list(coverages_in(await _run(coverage_arguments(pages_max), descriptor, start, limits)))


async def _run(arguments: Sequence[str], descriptor: int, start: int, limits: PoolLimits) -> bytes:
    """What the program writes, with the file from `start` on as its input. It may not write files or start others."""
    own = os.dup(descriptor)
    try:
        os.lseek(own, start, os.SEEK_SET)
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=own,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": _SEARCH_PATH},
            cwd="/",
            preexec_fn=lambda: _bind(limits),
        )
    except OSError as error:
        log.warning("ghostscript_not_started", error=str(error))
        return b""
    finally:
        os.close(own)
    output = bytearray()
    try:
        async with bounded(process.pid, limits):
            while process.stdout is not None and (piece := await process.stdout.read(1 << 16)):
                output += piece
                if len(output) > _OUTPUT_BYTES_MAX:
                    break
    except TimeoutError:
        log.info("ghostscript_timed_out")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    return bytes(output)


def _bind(limits: PoolLimits) -> None:
    os.nice(limits.niceness)
    resource.setrlimit(resource.RLIMIT_AS, (_SPACE_BYTES, _SPACE_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
