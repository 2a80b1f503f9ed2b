"""The analysis pool: documents in, facts out, and what hostile documents cost."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import sys
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
import pytest
from PIL import Image

from platen.documents.facts import DocumentFacts, PagesBasis
from platen.documents.limits import AnalysisOptions
from platen.services.analysis import process
from platen.services.analysis.confine import can_confine
from platen.services.analysis.limits import PoolLimits, memory_bytes
from platen.services.analysis.pool import AnalysisPool
from platen.services.analysis.process import WorkerProcess
from tests.documents.samples import UEL, pdf, pwg_header
from tests.peers.programs import require

pytestmark = pytest.mark.long
ONE_PAGE = pdf(b"1 0 0 rg 0 0 9 9 re f")

# Long enough that an analysis can be found under way: many raster pages of single-pixel runs.
LONG_JOB = (b"RaS2", *[pwg_header(width=4000, height=4000) + (b"\0" + b"\0\x55" * 4000) * 4000] * 2)


async def wait_for_worker(pool: AnalysisPool) -> int:
    while not pool.worker_pids:
        await asyncio.sleep(0)
    return pool.worker_pids[0]


def at_once(**values: Any) -> PoolLimits:
    """Limits of workers that do not stand behind the other tests of the machine."""
    return PoolLimits(niceness=0, **values)


class TestAnalyse:
    """Documents that behave."""

    async def test_a_document_given_in_pieces(self):
        """The facts are those of the whole document. SC-TRACK-03"""
        async with AnalysisPool(1, at_once()) as pool:
            facts = await pool.analyse([ONE_PAGE[:100], ONE_PAGE[100:]])
        assert (facts.format, facts.pages, facts.color_pages) == ("application/pdf", 1, 1)

    async def test_a_document_written_by_its_owner(self):
        """Who holds the key writes the plaintext, and only memory without a name ever holds it."""

        def write(file: BinaryIO) -> None:
            file.write(ONE_PAGE)

        async with AnalysisPool(1, at_once()) as pool:
            assert (await pool.analyse(write)).pages == 1

    async def test_the_name_of_the_file_helps_where_nothing_is_declared(self):
        """A program that looks like text is known by the type of its name."""
        async with AnalysisPool(1, at_once()) as pool:
            assert (await pool.analyse([b"0 0 moveto showpage"], filename="a.ps")).format == "application/postscript"
            assert (await pool.analyse([b"0 0 moveto showpage"])).format == "text/plain"

    async def test_workers_stay_for_the_next_document_and_number_at_most_the_size(self):
        """Fifty documents at once share two workers."""
        async with AnalysisPool(2, at_once()) as pool:
            facts = await asyncio.gather(*(pool.analyse([ONE_PAGE]) for _ in range(50)))
            assert len(pool.worker_pids) == 2
        assert [one.pages for one in facts] == [1] * 50

    async def test_a_worker_is_replaced_after_its_number_of_documents(self):
        """What a worker may have lost of its memory comes back."""
        async with AnalysisPool(1, at_once(documents_per_worker=2)) as pool:
            pids = []
            for _ in range(4):
                await pool.analyse([ONE_PAGE])
                pids.append(tuple(pool.worker_pids))
        assert pids[0] != pids[2]
        assert pids[1] == ()

    async def test_an_idle_worker_ends(self):
        """A node that analyses nothing holds no workers."""
        async with AnalysisPool(1, at_once(idle_s=0)) as pool:
            await pool.analyse([ONE_PAGE])
            pid = pool.worker_pids[0]
            while pool.worker_pids:
                await asyncio.sleep(0)
            await pool.close()
            assert not Path(f"/proc/{pid}").exists()

    async def test_what_the_writer_raises_reaches_the_caller(self):
        """A document that cannot be decrypted is its owner's matter, and costs no worker."""

        def write(file: BinaryIO) -> None:
            raise PermissionError

        async with AnalysisPool(1, at_once()) as pool:
            with pytest.raises(PermissionError):
                await pool.analyse(write)
            assert (await pool.analyse([ONE_PAGE])).pages == 1


class TestHostileDocuments:
    """Each costs its own analysis; the next one succeeds."""

    async def spoil(self, limits: PoolLimits, *document: bytes) -> DocumentFacts:
        async with AnalysisPool(1, limits) as pool:
            facts = await pool.analyse(document)
            assert (await pool.analyse([ONE_PAGE])).pages == 1
        return facts

    async def test_a_worker_that_is_killed_mid_way(self):
        """kill -9 costs one document what its pages show; they are counted by another worker."""
        async with AnalysisPool(1, at_once()) as pool:
            under_way = asyncio.create_task(pool.analyse(LONG_JOB))
            os.kill(await wait_for_worker(pool), signal.SIGKILL)
            facts = await under_way
            assert facts.pages == 2
            assert facts.has_color is None
            assert "ended the analysis" in facts.problems[0]
            assert (await pool.analyse([ONE_PAGE])).pages == 1

    async def test_a_colour_profile_that_inflates_without_end(self):
        """What ends the renderer leaves the pages known, with a sentence. SC-TDF-132"""
        with pikepdf.new() as document:
            profile = document.make_stream(b"", N=3)
            profile.write(zlib.compress(b"\0" * (900 << 20), 1), filter=pikepdf.Name.FlateDecode)
            page = document.add_blank_page()
            spaces = pikepdf.Dictionary(C=pikepdf.Array([pikepdf.Name.ICCBased, profile]))
            page.obj.Resources = pikepdf.Dictionary(ColorSpace=spaces)
            page.obj.Contents = document.make_stream(b"/C cs 1 0 0 sc 0 0 m 99 0 l 99 99 l f")
            stream = io.BytesIO()
            document.save(stream, compress_streams=False)
        facts = await self.spoil(at_once(), stream.getvalue())
        assert (facts.format, facts.pages, facts.has_color) == ("application/pdf", 1, None)
        assert facts.problems

    async def test_a_worker_that_is_killed_while_idle_costs_nothing(self):
        """A document that was given to a dead worker gets another one."""
        async with AnalysisPool(1, at_once()) as pool:
            await pool.analyse([ONE_PAGE])
            pid = pool.worker_pids[0]
            os.kill(pid, signal.SIGKILL)
            assert (await pool.analyse([ONE_PAGE])).pages == 1
            assert pool.worker_pids != [pid]

    async def test_an_analysis_that_takes_too_long(self):
        """Past the wall-clock limit the worker is killed and the sentence says so."""
        facts = await self.spoil_slow()
        assert facts.pages is None
        assert "took longer than" in facts.problems[0]

    async def test_what_took_too_long_keeps_its_format(self, monkeypatch):
        """Another worker says what the document is, as far as its beginning tells."""
        ask = WorkerProcess.ask

        async def ask_in_vain(worker, descriptor, request):
            if request["task"] == "analyse":
                raise TimeoutError
            return await ask(worker, descriptor, request)

        monkeypatch.setattr(WorkerProcess, "ask", ask_in_vain)
        async with AnalysisPool(1, at_once()) as pool:
            facts = await pool.analyse([b"\x1b%-12345X@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!PS\nshowpage\n"])
        assert (facts.format, facts.pages) == ("application/postscript", None)
        assert "took longer than" in facts.problems[0]

    async def spoil_slow(self) -> DocumentFacts:
        async with AnalysisPool(1, at_once(wall_s=0.001, grace_s=0)) as pool:
            return await pool.analyse(LONG_JOB)

    @pytest.mark.parametrize("is_watched", [True, False], ids=["watched", "unwatched"])
    async def test_an_analysis_that_uses_too_much_processor_time(self, is_watched, monkeypatch):
        """A worker that computes without end is ended, by the system where nobody else does."""
        if not is_watched:
            monkeypatch.setattr(process, "bounded", lambda *_: contextlib.nullcontext())
        async with AnalysisPool(1, at_once(cpu_s=0, soft_s=60, wall_s=60)) as pool:
            program = UEL + b"@PJL ENTER LANGUAGE=POSTSCRIPT\r\n%!PS\n{ 1 pop } loop\n"
            facts = await pool.analyse([program * 20])
        assert facts.pages is None
        assert "took longer than" in facts.problems[0]

    async def test_a_worker_that_stands_still(self):
        """It uses no processor time, and is given up by the clock all the same."""
        async with AnalysisPool(1, at_once(soft_s=0.2, cpu_s=1)) as pool:
            under_way = asyncio.create_task(pool.analyse(LONG_JOB))
            stopped = await wait_for_worker(pool)
            os.kill(stopped, signal.SIGSTOP)
            facts = await under_way
            assert facts.pages is None
            assert "took longer than" in facts.problems[0]
            assert (await pool.analyse([ONE_PAGE])).pages == 1
            assert stopped not in pool.worker_pids

    @pytest.mark.parametrize(
        ("waiting", "pages", "sentence"),
        [
            ("time.sleep(3600)", 1, "too long and was stopped"),
            ("os.read(os.pipe()[0], 1)", 1, "too long and was stopped"),
            ("signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); time.sleep(3600)", None, "longer than"),
        ],
        ids=["asleep", "waiting to read", "deaf"],
    )
    async def test_a_worker_that_waits_for_ever(self, waiting, pages, sentence, monkeypatch):
        """It answers with what it found, or is ended where it does not; no processor time was used."""
        program = (
            "import os, signal, time\n"
            "from platen.documents import text\n"
            "from platen.services.analysis import worker\n"
            f"def read(data, start, draft, options): draft.add_page(); {waiting}\n"
            "text.read = read\n"
            "worker.main()\n"
        )
        monkeypatch.setattr(process, "PROGRAM", ("-I", "-c", program))
        async with AnalysisPool(1, at_once(soft_s=2, cpu_s=4)) as pool:
            facts = await pool.analyse([b"A line of text.\n"])
        assert facts.pages == pages
        assert sentence in facts.problems[0]

    async def test_an_analysis_whose_time_is_over_says_what_it_found(self):
        """Before the worker would be killed, by either clock, it answers with the pages found so far."""
        for limits in (at_once(soft_s=0.2), at_once(soft_s=60, cpu_s=60, wall_s=0.2, grace_s=60)):
            async with AnalysisPool(1, limits) as pool:
                facts = await pool.analyse(LONG_JOB)
                assert (await pool.analyse([ONE_PAGE])).format == "application/pdf"  # in time or not
            assert facts.format == "image/pwg-raster"
            assert "too long and was stopped" in facts.problems[0]

    async def test_a_pdf_that_inflates_without_end(self):
        """A bomb within a bomb is stopped by the bound on memory, not by the machine's."""
        bomb = zlib.compress(zlib.compress(b"\0" * (600 << 20), 1), 9)
        with pikepdf.new() as document:
            document.add_blank_page()
            page = document.pages[0]
            page.obj.Contents = document.make_stream(b"")
            page.obj.Contents.write(bomb, filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]))
            stream = io.BytesIO()
            document.save(stream, compress_streams=False)
        facts = await self.spoil(at_once(), stream.getvalue())
        assert facts.pages in (1, None)

    async def test_a_document_larger_than_the_limit(self):
        """Plaintext never fills the memory."""
        facts = await self.spoil(at_once(document_bytes_max=10_000), b"a" * 10_001)
        assert facts.pages is None
        assert "larger than" in facts.problems[0]

    async def test_a_thousand_million_pages(self):
        """A claim is believed by nobody: the program is run, and prints nothing."""
        claim = b"%!PS-Adobe-3.0\n%%Pages: 999999999\n%%EOF\n"
        assert (await self.spoil(at_once(), claim)).pages == 0

    async def test_a_program_that_never_ends(self):
        """It is run to a bound; what it would print, nobody knows."""
        facts = await self.spoil(at_once(), b"%!\n{} loop\n")
        assert (facts.pages, facts.pages_basis) == (None, PagesBasis.UNKNOWN)
        assert "not run to its end" in facts.problems[0]

    async def test_cancelling_gives_the_worker_up(self):
        """An answer that nobody waits for never reaches the next caller."""
        async with AnalysisPool(1, at_once()) as pool:
            under_way = asyncio.create_task(pool.analyse(LONG_JOB))
            pid = await wait_for_worker(pool)
            under_way.cancel()
            with pytest.raises(asyncio.CancelledError):
                await under_way
            assert (await pool.analyse([ONE_PAGE])).pages == 1
            assert pid not in pool.worker_pids


class TestLargeDocuments:
    """What a job may be as large as, its analysis has memory and time for."""

    def test_a_machine_has_room_for_documents_by_its_memory(self):
        """An eighth of it for one, as three may be there at once; never less than half a gibibyte."""
        gib = 1 << 30
        for memory, document in ((1, 0.5), (4, 0.5), (16, 2), (24, 3), (512, 4)):
            limits = PoolLimits.for_memory(memory * gib)
            assert limits.document_bytes_max == document * gib
            assert limits.address_space_bytes >= limits.document_bytes_max + gib // 2

    def test_memory_is_what_the_machine_or_its_container_has(self):
        """It is some, and the document's share of it is no more than the machine's."""
        assert 1 << 26 < memory_bytes() <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")

    def test_a_large_document_has_more_time(self):
        """Two gigabytes of raster take some ten seconds to walk; a small document is answered in ten."""
        limits = PoolLimits()
        assert limits.for_document(99_999_999) is limits
        large = limits.for_document(2_000_000_000)
        assert (large.soft_s, large.cpu_s) == (limits.soft_s + 20, limits.cpu_s + 20)
        assert large.wall_s > large.cpu_s


class TestBounds:
    """What the system grants a worker."""

    async def test_a_worker_runs_under_its_limits(self):
        """Memory, files, descriptors and cores are bounded, and the worker is nice."""
        async with AnalysisPool(1) as pool:
            await pool.analyse([ONE_PAGE])
            limits = Path(f"/proc/{pool.worker_pids[0]}/limits").read_text()
            nice = os.getpriority(os.PRIO_PROCESS, pool.worker_pids[0])
            variables = Path(f"/proc/{pool.worker_pids[0]}/environ").read_bytes()
        granted = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
        assert granted["Max address space"] == str(1024 * 1024 * 1024)
        assert (granted["Max file size"], granted["Max core file size"], granted["Max open files"]) == ("0", "0", "32")
        assert nice >= 10
        assert variables == b""

    @pytest.mark.skipif(not can_confine(), reason="this system has no seccomp")
    @pytest.mark.parametrize(
        "attempt",
        [
            "socket.create_connection(('127.0.0.1', {port}))",
            "socket.socket(socket.AF_UNIX)",
            "os.execv('/bin/true', ['true'])",
        ],
    )
    async def test_a_worker_reaches_nobody(self, attempt, monkeypatch):
        """Neither a network, nor a service of the machine, nor another program."""
        async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as listener:
            port = listener.sockets[0].getsockname()[1]
            program = (
                "import os, socket\n"
                "from platen.documents import text\n"
                "from platen.services.analysis import worker\n"
                "def read(data, start, draft, options):\n"
                f"    try: {attempt.format(port=port)}\n"
                "    except OSError as error: draft.problem(type(error).__name__)\n"
                "    return len(data)\n"
                "text.read = read\n"
                "worker.main()\n"
            )
            monkeypatch.setattr(process, "PROGRAM", ("-I", "-c", program))
            async with AnalysisPool(1, at_once()) as pool:
                facts = await pool.analyse([b"A line of text.\n"])
        assert facts.problems[0] == "PermissionError"

    async def test_a_worker_holds_no_framework(self):
        """Workers start fast because they import the documents' package alone."""
        program = (
            "import sys, platen.services.analysis.worker\n"
            "print([name for name in sys.modules if name.split('.')[0] in ('django', 'asyncio', 'structlog')])"
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", program, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        assert output.strip() == b"[]"


class TestGhostscript:
    """What only running PostScript shows: pictures and ink, through Ghostscript where it is installed."""

    RED_PAGE = (
        b"%!PS\n<< /PageSize [200 100] >> setpagedevice 1 0 0 setrgbcolor 0 0 100 100 rectfill showpage showpage\n"
    )

    @pytest.fixture(autouse=True)
    def needs_ghostscript(self):
        require("gs", "ghostscript")

    @pytest.mark.parametrize("wrapped", [False, True], ids=["plain", "in PJL"])
    async def test_the_first_page_of_a_program(self, wrapped):
        """The picture shows the red half of the first page."""
        job = UEL + b"@PJL ENTER LANGUAGE=POSTSCRIPT\r\n" + self.RED_PAGE + UEL if wrapped else self.RED_PAGE
        async with AnalysisPool(1, at_once()) as pool:
            png = await pool.preview([job], declared=None, box_px=(100, 50))
        assert png is not None
        with Image.open(io.BytesIO(png)) as picture:
            assert picture.getpixel((25, 25)) == (255, 0, 0)
            assert picture.getpixel((75, 25)) == (255, 255, 255)

    async def test_ink_of_each_page(self):
        """Half a page in red takes half of its area in magenta and in yellow; the next is blank. SC-TDF-153"""
        async with AnalysisPool(1, at_once()) as pool:
            facts = await pool.analyse([self.RED_PAGE], options=AnalysisOptions(coverage=True))
        first, second = facts.page_runs
        assert first.coverage is not None
        assert [round(part / 100) for part in first.coverage] == [0, 50, 50, 0]
        assert second.coverage == (0, 0, 0, 0)

    async def test_a_program_that_never_ends_has_no_picture(self):
        """Its time is over, and the next document is answered."""
        async with AnalysisPool(1, at_once(soft_s=1, cpu_s=2)) as pool:
            assert await pool.preview([b"%!PS\n{ } loop\n"], declared=None, box_px=(99, 99)) is None
            assert (await pool.analyse([ONE_PAGE])).pages == 1

    async def test_a_program_that_reads_files_gets_none(self):
        """The file system is closed to a stranger's program."""
        program = b"%!PS\n(/etc/hostname) (r) file pop 0 0 99 99 rectfill showpage\n"
        async with AnalysisPool(1, at_once()) as pool:
            png = await pool.preview([program], declared=None, box_px=(50, 50))
        if png is not None:
            with Image.open(io.BytesIO(png)) as picture:
                assert picture.convert("L").getextrema() == (255, 255)
