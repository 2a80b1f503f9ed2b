"""Fuzzes readers of print files, guided by coverage: `python -m tests.documents.fuzz FORMAT [libFuzzer options]`.

FORMAT is the name of a reader's module, as `pdf.document`, or `every`: one after the other, until one fails. Each is
fuzzed in a process of its own, which has what all of them import from here. The reader is called by itself, so that
whatever it raises ends the run with the document that did it. Beginnings come from the recorded files of that format
where they are beside the checkout, and from a few octets here.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import atheris
from PIL import Image

with atheris.instrument_imports(include=["platen.documents"]):
    from platen.documents.analysis import READERS
    from platen.documents.detect import detect
    from platen.documents.draft import Draft
    from platen.documents.facts import DocumentFacts
    from platen.documents.limits import AnalysisLimits, AnalysisOptions

from tests.documents.pcl.jobs import Xl
from tests.documents.samples import UEL, compressed, pdf, pwg_header, urf_header
from tests.testdata import TESTDATA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED_BYTES_MAX = 20_000
SEEDS_MAX = 40
ENDS = "the reader ended behind the document's end"

# Small bounds: what a bound keeps from happening is found with less input.
LIMITS = AnalysisLimits(pages_max=2_000, unpacked_bytes_max=4_000_000, postscript_steps_max=50_000)
OPTIONS = AnalysisOptions(limits=LIMITS)


def one_input(read: Callable[..., int], media_type: str) -> Callable[[bytes], None]:
    """What is called with each document."""

    def test_one_input(data: bytes) -> None:
        if not data:
            return
        draft = Draft(LIMITS)
        draft.format = media_type
        stop = read(data, 0, draft, OPTIONS)
        assert 0 <= stop <= len(data), ENDS
        facts = draft.finish()
        assert facts.pages is None or facts.pages <= LIMITS.pages_max
        assert DocumentFacts.from_dict(facts.to_dict()) == facts

    return test_one_input


def _picture(kind: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (5, 4), (200, 30, 30)).save(stream, kind)
    return stream.getvalue()


ROWS = compressed([b"\xff\0\0" * 4] * 3, 3)
MADE = (
    pdf(b"1 0 0 rg 0 0 9 9 re f"),
    b"RaS2" + pwg_header(width=4, height=3, bits=24, color_space=19) + ROWS,
    b"UNIRAST\0\0\0\0\1" + urf_header(width=4, height=3, bits=24, color_space=1) + ROWS,
    *(_picture(kind) for kind in ("PNG", "GIF", "JPEG", "TIFF")),
    b"%!PS\n<< /Duplex true >> setpagedevice 1 0 0 setrgbcolor 0 0 9 9 rectfill showpage\n",
    b"\x1bE\x1b&l26A\x1b*r1A\x1b*b3Wabc\x1b*rB\x0c\x1bE",
    UEL + b"@PJL SET COPIES=2\r\n@PJL ENTER LANGUAGE=PCL\r\n\x1bEx\x0c\x1bE" + UEL,
    *(Xl(order).stream(Xl(order).page(Xl(order).image(bytes(12), width=2, height=2))) for order in "<>"),
    b"IN;SP1;PU0,0;PD100,100;PG;",
    b"^XA^FO50,50^A0N,50^FDx^FS^PQ2^XZ",
    b'\nN\nq400\nA50,0,0,1,1,1,N,"x"\nP1\n',
)


def seeds(media_type: str) -> Iterator[bytes]:
    """Documents of the format that were made here, and small recorded ones."""
    yield from (data for data in MADE if detect(data) == media_type)
    found = 0
    for path in sorted((TESTDATA / "pdl").rglob("*")) if TESTDATA.is_dir() else ():
        if found < SEEDS_MAX and path.is_file() and path.stat().st_size <= SEED_BYTES_MAX:
            for data in _with_what_it_wraps(path.read_bytes()):
                if detect(data) == media_type:
                    found += 1
                    yield data


def _with_what_it_wraps(data: bytes) -> tuple[bytes, ...]:
    """A job in PJL, and the document in it."""
    _, entered, wrapped = data.partition(b"@PJL ENTER LANGUAGE")
    return (data, wrapped.partition(b"\n")[2]) if entered else (data,)


def main() -> None:
    """Fuzz until libFuzzer's options say that it is enough."""
    name = sys.argv.pop(1)
    if name != "every":
        fuzz(name)
        return
    names = sorted(set(READERS.values()))
    for each in names:  # instrumented once, for all processes
        reader(each)
    for each in names:
        child = os.fork()
        if not child:
            fuzz(each)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(f"{each}: {status}", flush=True)
        if status:
            sys.exit(1)


def reader(name: str) -> Callable[..., int]:
    """What reads documents in the module of this name, instrumented."""
    with atheris.instrument_imports(include=["platen.documents"]):
        read: Callable[..., int] = importlib.import_module(f"platen.documents.{name}").read
    return read


def fuzz(name: str) -> None:
    """Fuzz one reader; libFuzzer ends the process."""
    media_type = next(each for each, module in READERS.items() if module == name)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="platen-fuzz-")))
        for number, seed in enumerate(seeds(media_type)):
            (folder / str(number)).write_bytes(seed)
        limits = ["-timeout=10", "-rss_limit_mb=3000"]
        atheris.Setup([*sys.argv, *limits, str(folder)], one_input(reader(name), media_type))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
