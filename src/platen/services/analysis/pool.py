"""A pool of analysis processes behind one call: a document in, facts out, whatever the document does."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import mimetypes
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog

from platen.documents.detect import UNKNOWN
from platen.documents.facts import DocumentFacts
from platen.documents.limits import AnalysisOptions
from platen.documents.page_coverage import with_coverage
from platen.services.analysis import ghostscript
from platen.services.analysis.document import DocumentTooLargeError, DocumentWriter, in_memory
from platen.services.analysis.limits import PoolLimits
from platen.services.analysis.process import WorkerLostError, WorkerProcess
from platen.services.analysis.wire import options_to_plain

log = structlog.get_logger(__name__)

_DEFAULTS = AnalysisOptions()

_ENDED = "The analysis ended unexpectedly; the document may be damaged."
_NO_LOOKS = "Looking at what the pages show ended the analysis, so their colour is not known."
_STILL_PRINTS = "Its pages are not known; it can still be printed."


class _WorkerWasStaleError(Exception):
    """A worker that had served before ended: it may have been dead already, so the document gets another try."""


class _NoAnswerError(Exception):
    """No worker could answer; its sentence says why."""


class _CrashedError(_NoAnswerError):
    """The worker ended under the document, before its time was over."""


class AnalysisPool:
    """At most `size` documents are analysed at once; further callers wait their turn.

    Workers start on first use, take many documents, and are replaced after `documents_per_worker` documents, after a
    crash or a timeout, and end when they have been idle for `idle_s`. A pool belongs to one event loop.
    """

    def __init__(self, size: int = 2, limits: PoolLimits | None = None) -> None:
        self._limits = limits or PoolLimits()
        self._places = asyncio.Semaphore(size + 1)  # in memory; one more, so that a worker's next is there when it asks
        self._slots = asyncio.Semaphore(size)
        self._idle: list[tuple[WorkerProcess, asyncio.TimerHandle]] = []
        self._busy: set[WorkerProcess] = set()
        self._stopping: set[asyncio.Task[None]] = set()

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that run now."""
        return [worker.pid for worker, _ in self._idle] + [worker.pid for worker in self._busy]

    async def analyse(
        self,
        write: DocumentWriter,
        *,
        declared: str | None = None,
        filename: str | None = None,
        options: AnalysisOptions = _DEFAULTS,
    ) -> DocumentFacts:
        """Say what a document holds.

        Args:
            write: writes the plaintext to the file it is given, or gives it in pieces. Called in a thread, once.
            declared: the media type that the client named; filename: used where it named none.
        Returns: facts; where the worker crashed, ran out of memory or time, or the document is too large, facts
            with `pages` None and a problem. Raises: only what `write` raises.
        """
        declared = declared if declared not in (None, "", UNKNOWN) else _type_of(filename)
        async with self._places:
            try:
                descriptor = await asyncio.to_thread(in_memory, write, self._limits)
            except DocumentTooLargeError:
                megabytes = self._limits.document_bytes_max // 1_000_000
                return _failed(declared, f"The document is larger than {megabytes} MB and was not analysed.")
            try:
                async with self._slots:
                    return await self._analyse(descriptor, declared, options)
            finally:
                os.close(descriptor)

    async def analyse_file(
        self, path: Path, *, declared: str | None = None, options: AnalysisOptions = _DEFAULTS
    ) -> DocumentFacts:
        """Say what a file of this machine holds, without a copy of it. Raises: OSError where it cannot be opened."""
        async with self._slots:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return await self._analyse(descriptor, declared, options)
            finally:
                os.close(descriptor)

    async def preview(self, write: DocumentWriter, *, declared: str | None, box_px: tuple[int, int]) -> bytes | None:
        """The first page of a document as a small PNG; None where it cannot be rendered.

        Raises: what `write` raises.
        """
        async with self._slots:
            try:
                descriptor = await asyncio.to_thread(in_memory, write, self._limits)
            except DocumentTooLargeError:
                return None
            try:
                reply = await self._ask(descriptor, {"task": "preview", "declared": declared, "box_px": box_px})
                png = reply.get("png")
                if isinstance(png, str):
                    return base64.b64decode(png)
                start = reply.get("postscript_at")
                if isinstance(start, int) and ghostscript.is_there():
                    return await ghostscript.first_page(descriptor, start, box_px, self._limits)
                return None
            except (_NoAnswerError, ValueError):
                return None
            finally:
                os.close(descriptor)

    async def _analyse(self, descriptor: int, declared: str | None, options: AnalysisOptions) -> DocumentFacts:
        try:
            try:
                return await self._facts(descriptor, declared, options)
            except _CrashedError:  # mostly what the pages show ended the worker; they can still be counted
                plainer = replace(options, color=False, coverage=False)
                facts = await self._facts(descriptor, declared, plainer)
                return replace(facts, problems=(_NO_LOOKS, *facts.problems))
        except _NoAnswerError as error:
            return _failed(await self._format(descriptor, declared), str(error))
        except (KeyError, ValueError, TypeError) as error:  # a worker that was taken over may say anything
            log.warning("analysis_reply_unreadable", error=type(error).__name__)
            return _failed(declared, "The analysis gave no readable answer; the document may be damaged.")

    async def _facts(self, descriptor: int, declared: str | None, options: AnalysisOptions) -> DocumentFacts:
        request = {"task": "analyse", "declared": declared, "options": options_to_plain(options)}
        reply = await self._ask(descriptor, request)
        return await self._with_ink(DocumentFacts.from_dict(reply), descriptor, reply.get("postscript_at"))

    async def _format(self, descriptor: int, declared: str | None) -> str | None:
        """What another worker finds a document to be that could not be looked into; else what it was called."""
        try:
            media_type = (await self._ask(descriptor, {"task": "format", "declared": declared})).get("format")
        except _NoAnswerError:
            return declared
        return media_type if isinstance(media_type, str) else declared

    async def _with_ink(self, facts: DocumentFacts, descriptor: int, start: object) -> DocumentFacts:
        """The same with the ink of PostScript pages, where it was asked for and Ghostscript is here to measure it."""
        if not isinstance(start, int) or not facts.pages or not ghostscript.is_there():
            return facts
        return with_coverage(facts, await ghostscript.coverages(descriptor, start, facts.pages, self._limits))

    async def _ask(self, descriptor: int, request: Mapping[str, Any]) -> dict[str, Any]:
        """A worker's reply. Raises: _NoAnswerError."""
        try:
            try:
                return await self._ask_one(descriptor, request)
            except _WorkerWasStaleError:
                return await self._ask_one(descriptor, request)
        except _WorkerWasStaleError as error:
            raise _CrashedError(_ENDED) from error
        except OSError as error:
            log.exception("analysis_worker_not_started")
            raise _NoAnswerError("The analysis could not be started; the server may be short of memory.") from error

    async def _ask_one(self, descriptor: int, request: Mapping[str, Any]) -> dict[str, Any]:
        """One worker's reply. Raises: OSError where none starts; _WorkerWasStaleError; _NoAnswerError."""
        worker = await self._take()
        answered = False
        try:
            reply = await worker.ask(descriptor, request)
            answered = True
        except TimeoutError as error:
            log.warning("analysis_timed_out", pid=worker.pid)
            raise _NoAnswerError(self._out_of_time) from error
        except WorkerLostError as error:
            log.warning("analysis_worker_lost", returncode=error.returncode, pid=worker.pid)
            if not worker.is_fresh and not error.used_up_its_time:
                raise _WorkerWasStaleError from error
            raise (_NoAnswerError(self._out_of_time) if error.used_up_its_time else _CrashedError(_ENDED)) from error
        finally:
            self._busy.discard(worker)
            if answered and worker.usable:
                self._put_back(worker)
            else:
                self._stop(worker, kill=not answered)
        return reply

    @property
    def _out_of_time(self) -> str:
        return (
            f"The analysis took longer than {self._limits.cpu_s} s, or than so large a document may, and was stopped."
        )

    async def _take(self) -> WorkerProcess:
        while self._idle:
            worker, idle_timer = self._idle.pop()
            idle_timer.cancel()
            if worker.usable:
                self._busy.add(worker)
                return worker
            self._stop(worker, kill=True)
        worker = await WorkerProcess.start(self._limits)
        self._busy.add(worker)
        return worker

    def _put_back(self, worker: WorkerProcess) -> None:
        timer = asyncio.get_running_loop().call_later(self._limits.idle_s, self._end_idle, worker)
        self._idle.append((worker, timer))

    def _end_idle(self, worker: WorkerProcess) -> None:
        self._idle = [(other, timer) for other, timer in self._idle if other is not worker]
        self._stop(worker)

    def _stop(self, worker: WorkerProcess, *, kill: bool = False) -> None:
        """End a worker beside the caller, who need not wait for it."""
        task = asyncio.get_running_loop().create_task(worker.stop(kill=kill))
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)

    async def close(self) -> None:
        """End all workers. Analyses under way are given up."""
        for worker, timer in self._idle:
            timer.cancel()
            self._stop(worker)
        self._idle.clear()
        for worker in list(self._busy):
            self._stop(worker, kill=True)
        while self._stopping:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*self._stopping, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def _type_of(filename: str | None) -> str | None:
    return mimetypes.guess_type(filename)[0] if filename else None


def _failed(declared: str | None, problem: str) -> DocumentFacts:
    return DocumentFacts(format=declared or UNKNOWN, problems=(f"{problem} {_STILL_PRINTS}",))
