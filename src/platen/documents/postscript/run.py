"""Running the jobs in a stretch of data, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from platen.documents.limits import AnalysisLimits
from platen.documents.postscript.boot import machine_for
from platen.documents.postscript.files import InputFile
from platen.documents.postscript.machine import EndOfJob, Machine, OutOfBounds, Quit, Stop, TokenFrame
from platen.documents.postscript.objects import PostScriptError
from platen.documents.postscript.op_device import deactivate
from platen.documents.postscript.op_types import printed
from platen.documents.postscript.page import PageLedger
from platen.documents.source import Data

_NEXT_JOB = re.compile(rb"\x04[\x00\x04\t\r\n ]*%!")
_BOUNDARY = re.compile(rb"\x04[\x00\x04\t\r\n ]{0,64}%!PS")
_BLANK_BYTES = 64
_JOBS_MAX = 1000


@dataclass(slots=True)
class Outcome:
    """What running has shown. Without `error` and `bound` it is all there is to know."""

    ledger: PageLedger
    error: str | None = None  # what stopped a job, for a sentence: "typecheck in moveto"
    bound: str | None = None  # what the program took too much of
    stopped_at: int = 0  # how far the data were read
    pages_when_read: int = 0  # pages that had come out when the program read from its data for the last time
    limits_left: AnalysisLimits = AnalysisLimits()  # what was not used of the bounds
    left_inks: int = 0  # marks of the last job that no showpage followed

    @property
    def whole(self) -> bool:
        return self.error is None and self.bound is None


def jobs_between(data: Data, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each of the jobs between two offsets begins and ends that control-D separates."""
    begin = start
    for count, boundary in enumerate(_BOUNDARY.finditer(data, start, end), 2):
        if bytes(data[begin : min(boundary.start(), begin + _BLANK_BYTES)]).strip(b"\0\4\t\r\n "):
            yield begin, boundary.start()
            begin = boundary.start() + 1
        if count > _JOBS_MAX:
            break
    yield begin, end


def run(data: Data, start: int, end: int, limits: AnalysisLimits) -> Outcome:
    """Run everything between two offsets, as one job or as several that control-D separates."""
    file = InputFile(data, start, end)
    ledger = PageLedger(limits.pages_max)
    outcome = Outcome(ledger)
    steps_left, memory_left, decoded_left = (
        limits.postscript_steps_max,
        limits.postscript_memory_max,
        limits.postscript_decoded_bytes_max,
    )
    for _ in range(_JOBS_MAX):
        machine = machine_for(
            file,
            steps_max=steps_left,
            memory_max=memory_left,
            decoded_bytes_max=decoded_left,
            pages_max=limits.pages_max,
        )
        machine.ledger = ledger
        follows = _run_job(machine, file, outcome)
        steps_left = max(0, steps_left - machine.steps)
        memory_left, decoded_left = max(0, machine.memory_left), max(0, machine.decoded_left)
        if not follows:
            break
    outcome.limits_left = replace(
        limits,
        postscript_steps_max=steps_left,
        postscript_memory_max=memory_left,
        postscript_decoded_bytes_max=decoded_left,
    )
    outcome.stopped_at = file.position
    outcome.pages_when_read = ledger.pages_before(file.position)
    return outcome


def _run_job(machine: Machine, file: InputFile, outcome: Outcome) -> bool:
    """Run one job. Returns: whether another one follows."""
    more = False
    try:
        try:
            machine.execute(TokenFrame(machine, file))
        except EndOfJob:
            more = True
        except Quit:
            more = _to_next_job(file)
        except (Stop, PostScriptError):
            outcome.error = _error_of(machine) or outcome.error
            _handle(machine)
            more = _to_next_job(file)
        else:
            _finish(machine)
        if more:
            _finish(machine)
    except OutOfBounds as error:
        outcome.bound = error.what
    except (Stop, PostScriptError, Quit, EndOfJob):
        pass  # what a job does at its very end
    outcome.left_inks = machine.page.inks
    return more and outcome.bound is None


def _to_next_job(file: InputFile) -> bool:
    """Pass over the rest of a job that has ended before its data did."""
    match = _NEXT_JOB.search(file.buffer, file.position, file.end)
    if match is None:
        return False
    file.position = match.start() + 1
    return True


def _finish(machine: Machine) -> None:
    """The end of a job ends its page device (PostScript Language Reference, section 6.2.6)."""
    deactivate(machine, machine.graphics.device)


def _error_of(machine: Machine) -> str | None:
    """What the error was and where; None where the program stopped by its own will."""
    about = machine.named["$error"]
    if about.get("newerror") is not True:
        return None
    name, command = (printed(about.get(key)).decode("latin-1")[:40] for key in ("errorname", "command"))
    return f"{name} in {command}" if command.isprintable() and "nostringval" not in command else name


def _handle(machine: Machine) -> None:
    """An error handler of the program's own may print a page."""
    handler = machine.systemdict["handleerror"]
    machine.call(handler)
