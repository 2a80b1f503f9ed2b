"""`platen analyse`: what print files hold."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from platen.cli.main import app
from platen.cli.paper import Paper, media_named
from platen.documents.facts import DocumentFacts, Sides
from platen.documents.job_facts import JobTicket
from platen.documents.limits import AnalysisOptions
from platen.documents.page_ranges import parse_page_ranges

if TYPE_CHECKING:
    from platen.services.analysis.limits import PoolLimits
    from platen.services.analysis.pool import AnalysisPool

_MIB = 1024 * 1024
_AHEAD = 64  # files that may be under way or waiting to be printed in their order
STANDARD_INPUT = "-"
_COVERAGE_S = 120.0  # more for a file whose ink is measured, unless a time is given
_PIPE_BYTES_MAX = 512 * _MIB  # standard input is kept in memory without a name

_Found = tuple[str, DocumentFacts | OSError]

Copies = Annotated[int | None, typer.Option(help="As a job that asks for so many copies.", min=1, max=9999)]
Coverage = Annotated[bool, typer.Option("--coverage", help="Measure the ink of each page: C M Y K in percent x 100.")]
Seconds = Annotated[
    float | None,
    typer.Option("--time", help="Seconds for each file, after which what is known by then is shown.", min=1, max=3600),
]


@app.command()
def analyse(
    files: Annotated[
        list[str], typer.Argument(help="Print files; a folder stands for all in it, - for standard input.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, page by page.")] = False,
    coverage: Coverage = False,
    color: Annotated[bool, typer.Option("--color/--no-color", help="Look for colour on each page.")] = True,
    declared: Annotated[str | None, typer.Option(help="The media type that the client named.")] = None,
    password: Annotated[str | None, typer.Option(help="Opens encrypted documents.")] = None,
    copies: Copies = None,
    sides: Annotated[Sides | None, typer.Option(help="As a job that asks for these sides.")] = None,
    number_up: Annotated[int, typer.Option(help="As a job that puts so many pages on a side.", min=1, max=64)] = 1,
    pages: Annotated[str | None, typer.Option(help="As a job that prints these pages only, as 1-3,7.")] = None,
    media: Paper = None,
    monochrome: Annotated[bool, typer.Option("--monochrome", help="As a job that asks for black only.")] = False,
    time_s: Seconds = None,
) -> None:
    """Say what print files hold: pages, sizes, colour, sides, copies, and what they come to on paper."""
    options = AnalysisOptions(color=color, coverage=coverage, password=password)
    try:
        ranges = parse_page_ranges(pages) if pages else ()
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--pages") from error
    ticket = JobTicket(
        copies=copies,
        sides=sides,
        number_up=number_up,
        page_ranges=ranges,
        media=media_named(media),
        print_color_mode="monochrome" if monochrome else None,
    )
    paths = list(_paths(files))
    if not paths:
        typer.echo("There are no files there.", err=True)
        return
    limits = _limits(paths, options, time_s)
    sys.exit(asyncio.run(_analyse_all(paths, declared, options, ticket, limits, as_json=as_json)))


def _paths(files: Iterable[str]) -> Iterator[str]:
    """Each file, and every file in each folder, in the order of their names."""
    for name in files:
        path = Path(name)
        if name != STANDARD_INPUT and path.is_dir():
            yield from sorted(str(found) for found in path.rglob("*") if found.is_file())
        else:
            yield name


async def _analyse_all(
    paths: list[str],
    declared: str | None,
    options: AnalysisOptions,
    ticket: JobTicket,
    limits: PoolLimits,
    *,
    as_json: bool,
) -> int:
    """Analyse and show. Returns: the exit status, 1 where a file could not be read."""
    from platen.logs import set_up_logs

    set_up_logs("error")  # what befell an analysis stands among the facts; nothing may stand between their lines
    from platen.cli.analysis_rows import FactsTable, json_line, json_row, unreadable_row

    table = None if as_json else FactsTable(ticket)
    failed = False
    async for path, found in _counted_off(_each(paths, declared, options, limits), len(paths)):
        failed = failed or isinstance(found, OSError)
        if table is not None:
            table.add(path, found)
            continue
        row = unreadable_row(path, found) if isinstance(found, OSError) else json_row(path, found, ticket)
        sys.stdout.write(json_line(row))
    if table is not None:
        table.show()
    return int(failed)


async def _counted_off(found: AsyncIterator[_Found], total: int) -> AsyncIterator[_Found]:
    """The same, with a bar on a terminal that says how far it is."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal or total < _AHEAD) as progress:
        task = progress.add_task("Looking into files", total=total)
        async for each in found:
            progress.advance(task)
            yield each


async def _each(
    paths: list[str], declared: str | None, options: AnalysisOptions, limits: PoolLimits
) -> AsyncIterator[_Found]:
    """The facts of each file in the order given, worked out on every processor."""
    from platen.services.analysis.pool import AnalysisPool

    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    async with AnalysisPool(min(processors, len(paths)) or 1, limits) as pool:
        under_way: list[tuple[str, asyncio.Task[DocumentFacts | OSError]]] = []
        for path in paths:
            under_way.append((path, asyncio.create_task(_facts_of(pool, path, declared, options))))
            if len(under_way) >= _AHEAD:
                first, task = under_way.pop(0)
                yield first, await task
        for path, task in under_way:
            yield path, await task


async def _facts_of(
    pool: AnalysisPool, path: str, declared: str | None, options: AnalysisOptions
) -> DocumentFacts | OSError:
    try:
        if path == STANDARD_INPUT:
            pieces = iter(lambda: sys.stdin.buffer.read(_MIB), b"")
            return await pool.analyse(pieces, declared=declared, options=options)
        _refuse_what_is_no_file(path)
        return await pool.analyse_file(Path(path), declared=declared, options=options)
    except OSError as error:
        return error


def _refuse_what_is_no_file(path: str) -> None:
    """Opening a pipe waits for whoever writes to it, and a device has no end. Raises: OSError."""
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  # follows links, as opening does
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file")


def _limits(paths: list[str], options: AnalysisOptions, time_s: float | None) -> PoolLimits:
    """Every file has the same time, whatever its size; large ones get room to be mapped."""
    from platen.services.analysis.limits import PoolLimits

    bounds = PoolLimits()
    more_s = time_s - bounds.soft_s if time_s else _COVERAGE_S if options.coverage else 0.0
    return PoolLimits(
        soft_s=bounds.soft_s + more_s,
        wall_s=bounds.wall_s + more_s,
        cpu_s=bounds.cpu_s + int(more_s),
        address_space_bytes=bounds.address_space_bytes + max((_size_bytes(path) for path in paths), default=0),
        niceness=0,
    )


def _size_bytes(path: str) -> int:
    try:
        return Path(path).stat().st_size if path != STANDARD_INPUT else _PIPE_BYTES_MAX
    except OSError:
        return 0
