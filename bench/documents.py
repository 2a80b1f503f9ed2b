"""Print files looked into: pages and sizes of large files, colour of every page, and documents a second in the pool.

Files are made here: an office document by code, and its pages by Ghostscript's printer drivers, repeated to the size
wanted. Rivals run in the same run: `pdfinfo` for the structure of PDF, `gs -sDEVICE=inkcov -r72` for colour.
"""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.office_pages import RASTER_AND_PCL, office_pdf, printed_by, repeated
from bench.result import Benchmark, Requirement, Result, say
from bench.running import data_directory
from platen.documents.analysis import analyse
from platen.documents.facts import DocumentFacts
from platen.documents.limits import AnalysisOptions
from platen.services.analysis.pool import AnalysisPool

STRUCTURE = AnalysisOptions(color=False)
STREAM_MB_MIN = 300
GROWTH_MAX_MB = 32
COLOR_RATIO_MIN = 5
POOL_RATE_MIN = 200
TESTDATA = Path(__file__).resolve().parents[2] / "shared" / "testdata" / "pdl" / "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of it."""

    pdf_pages: int = 1_000
    file_mb: int = 500
    memory_file_mb: int = 2_000
    repeats: int = 5
    pool_jobs: int = 2_000
    corpus_files: int = 400  # of the PDF files beside the checkout, where there are any; else made ones


def measure(sizes: Sizes) -> Result:
    """Everything, one after the other."""
    with data_directory() as folder:
        folder.mkdir(parents=True, exist_ok=True)
        structure, structure_ratio = _structure(folder, sizes)
        streams = dict(_streams(folder, sizes))
        growth = _memory_growth_mb(folder, sizes)
        color = _color(folder, sizes)
        rate = _pool_rate(sizes)
    return Result(
        figures={
            **structure,
            **{f"{name}_mb_per_s": rate for name, rate in streams.items()},
            "memory_growth_mb": growth,
            **color,
            "pool_jobs_per_s": rate,
        },
        requirements=(
            Requirement("PDF structure at least as fast as pdfinfo", structure_ratio >= 1),
            Requirement(f"raster and PCL at {STREAM_MB_MIN} MB/s", min(streams.values()) >= STREAM_MB_MIN),
            Requirement(f"memory grows by less than {GROWTH_MAX_MB} MB", growth < GROWTH_MAX_MB),
            Requirement(f"colour {COLOR_RATIO_MIN} times as fast as inkcov", color["color_ratio"] >= COLOR_RATIO_MIN),
            Requirement("ink coverage as fast as inkcov", color["coverage_ratio"] >= 1),
            Requirement(f"{POOL_RATE_MIN} documents of ten pages a second", rate >= POOL_RATE_MIN),
        ),
    )


def _structure(folder: Path, sizes: Sizes) -> tuple[dict[str, float], float]:
    """Pages and sizes of one PDF file, with a table of objects and with object streams. Returns: ms, and the ratio."""
    figures: dict[str, float] = {}
    ratios = []
    for kind in ("table", "streams"):
        path = folder / f"{kind}.pdf"
        path.write_bytes(office_pdf(sizes.pdf_pages, object_streams=kind == "streams"))
        ours = _best_s(lambda path=path: _pages(path, STRUCTURE), sizes.repeats)
        theirs = _best_s(lambda path=path: _run("pdfinfo", "-l", str(sizes.pdf_pages), str(path)), sizes.repeats)
        figures[f"pdf_{kind}_ms"], figures[f"pdfinfo_{kind}_ms"] = round(ours * 1e3, 1), round(theirs * 1e3, 1)
        ratios.append(theirs / ours)
        say(f"PDF of {sizes.pdf_pages} pages ({kind}): {ours * 1e3:.1f} ms, pdfinfo {theirs * 1e3:.1f} ms")
    return {**figures, "pdfinfo_ratio": round(min(ratios), 2)}, min(ratios)


def _streams(folder: Path, sizes: Sizes) -> Iterator[tuple[str, float]]:
    for name, device in RASTER_AND_PCL.items():
        path = repeated(printed_by(device, folder), folder / f"{name}.prn", sizes.file_mb * 1_000_000, device)
        took_s = _best_s(lambda path=path: _pages(path, STRUCTURE), sizes.repeats)
        rate = round(path.stat().st_size / took_s / 1e6, 1)
        path.unlink()
        say(f"{name}: {rate} MB/s")
        yield name, rate


def _memory_growth_mb(folder: Path, sizes: Sizes) -> float:
    """How much memory of its own a fresh interpreter takes for a large PCL file, above what it had before."""
    path = repeated(printed_by("ljet4", folder), folder / "large.prn", sizes.memory_file_mb * 1_000_000, "ljet4")
    printed = _run(sys.executable, "-m", "bench.peak_memory", str(path))
    path.unlink()
    say(f"memory: {printed.strip()} MB more for {sizes.memory_file_mb} MB")
    return float(printed)


def _color(folder: Path, sizes: Sizes) -> dict[str, float]:
    """Colour and coverage of every page, beside Ghostscript."""
    paths = _corpus(folder, sizes)
    pages = sum(_pages(path, STRUCTURE) for path in paths)
    took = {
        "color": _timed(lambda: [_pages(path, AnalysisOptions()) for path in paths]),
        "coverage": _timed(lambda: [_pages(path, AnalysisOptions(coverage=True)) for path in paths]),
        "inkcov": _timed(lambda: [_inkcov(path) for path in paths]),
    }
    rates = {f"{name}_pages_per_s": round(pages / s, 1) for name, s in took.items()}
    say(f"{pages} pages: {rates}")
    return {
        "color_pages": pages,
        **rates,
        "color_ratio": round(took["inkcov"] / took["color"], 1),
        "coverage_ratio": round(took["inkcov"] / took["coverage"], 1),
    }


def _corpus(folder: Path, sizes: Sizes) -> list[Path]:
    """PDF files that both can read."""
    paths = sorted(TESTDATA.glob("*.pdf"))[: sizes.corpus_files] if TESTDATA.is_dir() else []
    if not paths:
        paths = [folder / f"office{number}.pdf" for number in range(20)]
        for path in paths:
            path.write_bytes(office_pdf(10, object_streams=False))
    return [path for path in paths if _pages(path, STRUCTURE) and _inkcov(path)]


def _inkcov(path: Path) -> bool:
    """Whether Ghostscript gives a line for each page."""
    command = ["gs", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-q", "-sDEVICE=inkcov", "-r72", "-o", "-", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    return ended.returncode == 0 and ended.stdout.count(" OK") == _pages(path, STRUCTURE)


def _pool_rate(sizes: Sizes) -> float:
    document = office_pdf(10, object_streams=True)

    async def analyse_all() -> float:
        async with AnalysisPool(2) as pool:
            await asyncio.gather(*(pool.analyse([document]) for _ in range(4)))  # workers are there
            began = time.perf_counter()
            facts = await asyncio.gather(*(pool.analyse([document]) for _ in range(sizes.pool_jobs)))
            took_s = time.perf_counter() - began
        assert all(each.pages == 10 for each in facts)
        return round(sizes.pool_jobs / took_s, 1)

    rate = asyncio.run(analyse_all())
    say(f"pool: {rate} documents/s")
    return rate


def _pages(path: Path, options: AnalysisOptions) -> int:
    with path.open("rb") as file:
        facts: DocumentFacts = analyse(file, options=options)
    return facts.pages or 0


def _best_s(work: Callable[[], object], repeats: int) -> float:
    return min(_timed(work) for _ in range(max(1, repeats)))


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout


BENCHMARK = Benchmark(
    measure,
    full=Sizes(),
    small=Sizes(pdf_pages=50, file_mb=5, memory_file_mb=20, repeats=1, pool_jobs=50, corpus_files=5),
)
