"""What the demonstration shows, step by step: printed, held, swiped, released, counted, priced."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from platen.demo import documents, site
from platen.demo.client import PrintClient
from platen.demo.printers import Printed, VirtualIppPrinter, VirtualRawPrinter
from platen.policy.job_states import JobState
from platen.printing.models import Job
from platen.protocols.ipp import attributes as a
from platen.services.database import Database
from platen.services.node import Addresses
from platen.tracking.models import UsageRecord

T = TypeVar("T")
PATIENCE_S = 30.0
LOOK_S = 0.05
WORKED_EXAMPLE = Decimal("1.85")


class Unexpected(Exception):
    """The demonstration did not go as it should; the text says where."""


@dataclass(slots=True)
class Show:
    """One run. Everything goes through the doors that anybody has: ports, cards, printers."""

    console: Console
    database: Database
    tenant_id: int
    addresses: Addresses
    colour: VirtualIppPrinter
    black: VirtualRawPrinter
    held: list[int] = field(default_factory=list)

    async def run(self) -> None:
        """Show everything. Raises: Unexpected."""
        await self._print_into_the_pull_queue()
        await self._print_with_cups()
        await self._show_what_is_held()
        await self._swipe()
        await self._print_to_the_push_queue()

    def _say(self, text: str) -> None:
        self.console.print(text, highlight=False)

    def _step(self, title: str) -> None:
        self.console.print(f"\n[bold]{title}[/bold]", highlight=False)

    def _client(self, logon: str, queue: str = "") -> PrintClient:
        path = f"/ipp/print/{queue}" if queue else "/ipp/print"
        return PrintClient(f"ipp://{site.LOOPBACK}:{self.addresses.http}{path}", logon)

    async def _print_into_the_pull_queue(self) -> None:
        self._step("1. Three people print. Their documents are held, encrypted, until they come for them.")
        two_sided = [a.keyword("sides", "two-sided-long-edge"), a.keyword("media", "iso_a4_210x297mm")]
        a4 = two_sided[1:]
        jobs = [
            ("anna", "Annual report", documents.report("Annual report", 5, color=True), "application/pdf", two_sided),
            ("bert", "Letter to a customer", documents.letter(2), "application/postscript", a4),
            ("felix", "Stationery", documents.note(), "text/plain", a4),
        ]
        for logon, name, document, document_format, attributes in jobs:
            job_id = await asyncio.to_thread(self._client(logon).print_job, name, document, document_format, attributes)
            self.held.append(job_id)
            self._say(f"   {logon:6} Print-Job “{name}” ({len(document):,} octets, {document_format}) → job {job_id}")

    async def _print_with_cups(self) -> None:
        """A client that is not ours, where one is installed: the lp of CUPS, with Platen as its server."""
        lp = shutil.which("lp")
        if lp is None:
            self._say("   (CUPS is not installed here; with it one more job would come from its lp.)")
            return
        server = f"{site.LOOPBACK}:{self.addresses.http}"
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            await asyncio.to_thread(Path(file.name).write_bytes, documents.report("Minutes", 1, color=False))
            process = await asyncio.create_subprocess_exec(
                *(lp, "-h", server, "-d", "pull", "-U", "carla", "-t", "Minutes", file.name),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            said = (await process.communicate())[0].decode(errors="replace").strip()
        if process.returncode:
            raise Unexpected(f"lp ended with {process.returncode}: {said}")
        self._say(f"   carla  lp -h {server} -d pull minutes.pdf → {said} (the client of CUPS)")

    async def _show_what_is_held(self) -> None:
        jobs = await self._eventually("what is held", lambda: _held_and_read(self.held))
        table = Table(box=None, pad_edge=False, header_style="bold")
        for title in ("   job", "document", "owner", "state", "pages", "colour", "sheets"):
            table.add_column(title, justify="right" if title in {"pages", "colour", "sheets"} else "left")
        for job in jobs:
            numbers = (str(job.pages), str(job.color_pages), str(job.sheets))
            table.add_row(f"   {job.id}", job.name, str(job.owner), job.job_state.keyword, *numbers)
        self.console.print(table)

    async def _swipe(self) -> None:
        anna = site.person("anna")
        self._step(f"2. Anna holds her card ({anna.card}) to the reader at “{site.IPP_DEVICE}”.")
        before = len(self.colour.engine.printed)
        _, writer = await asyncio.open_connection(site.LOOPBACK, self.addresses.readers)
        writer.write(f"{anna.card}\r\n".encode())
        await writer.drain()
        printed = await self._came_out(self.colour.engine.wait_for_printed, before, site.IPP_DEVICE)
        writer.close()
        self._say(f"   {self.colour.uri} printed “{printed.name}” for {printed.user_name}: "
                  f"{printed.impressions} impressions, {printed.size_bytes:,} octets.")  # fmt: skip
        record = await self._record_of(self.held[0])
        self._tell(record)
        if record.job_price != WORKED_EXAMPLE:
            raise Unexpected(f"it should have cost {WORKED_EXAMPLE}, and cost {record.job_price}")
        state = await self.database.run(self.tenant_id, _state_of, self.held[0])
        if state != JobState.COMPLETED:
            raise Unexpected(f"the job is {state.keyword} after it was printed")
        self._say("   The document's key is destroyed, and with it the document.")

    async def _print_to_the_push_queue(self) -> None:
        self._step(
            f"3. Carla prints to “{site.PUSH_QUEUE}”, which sends straight on to a raw printer that answers PJL."
        )
        before = len(self.black.engine.printed)
        job_id = await asyncio.to_thread(
            self._client("carla", site.PUSH_QUEUE).print_job,
            "Delivery notes",
            documents.report("Delivery notes", 3, color=False),
            "application/pdf",
            [a.keyword("media", "iso_a4_210x297mm")],
        )
        printed = await self._came_out(self.black.engine.wait_for_printed, before, site.RAW_DEVICE)
        self._say(
            f"   {self.black.uri} printed “{printed.name or 'Delivery notes'}”: {printed.impressions} impressions."
        )
        self._tell(await self._record_of(job_id))

    def _tell(self, record: UsageRecord) -> None:
        sides = "two-sided" if record.job_is_duplex else "one-sided"
        self._say(
            f"   Usage record: {record.tracking_page_count} pages ({record.tracking_color_page_count} in colour), "
            f"{record.job_sheet_count} sheets {record.job_page_format} {sides}, for {record.user_full_name}."
        )
        for line in record.price_lines:
            self._say(f"      {line['text'] or line['item']:20} × {line['unit_price']:>4} = {line['amount']:>4}")
        self._say(
            f"   Price: [bold]{record.job_price:.2f} {record.currency}[/bold] "
            f"(true cost {record.job_price2:.2f} {record.currency})."
        )

    async def _came_out(self, wait_for_printed: Callable[[int], object], before: int, device: str) -> Printed:
        waiting: asyncio.Future[Sequence[Printed]] = asyncio.ensure_future(wait_for_printed(before + 1))  # type: ignore[call-overload]  # a coroutine, as PrintEngine's
        try:
            return (await asyncio.wait_for(waiting, PATIENCE_S))[before]
        except TimeoutError:
            raise Unexpected(f"nothing came out at {device} within {PATIENCE_S:g} s") from None

    async def _record_of(self, job_id: int) -> UsageRecord:
        return await self._eventually("the usage record", lambda: _record(job_id))

    async def _eventually(self, what: str, look: Callable[[], T | None]) -> T:
        try:
            async with asyncio.timeout(PATIENCE_S):
                # It shows in the database, which wakes nobody.
                while (found := await self.database.run(self.tenant_id, look)) is None:  # noqa: ASYNC110  # as said
                    await asyncio.sleep(LOOK_S)
        except TimeoutError:
            raise Unexpected(f"{what} did not come within {PATIENCE_S:g} s") from None
        return found


def _held_and_read(job_ids: list[int]) -> list[Job] | None:
    """Everything held now, once the documents named have been read."""
    if Job.objects.filter(id__in=job_ids, pages__isnull=True).exists():
        return None
    held = Job.objects.filter(state=JobState.PENDING_HELD, id__gte=min(job_ids)).select_related("owner")
    jobs = list(held.order_by("id"))
    return jobs if all(job.pages is not None for job in jobs) else None


def _record(job_id: int) -> UsageRecord | None:
    record: UsageRecord | None = UsageRecord.objects.filter(job_id=job_id).first()
    return record


def _state_of(job_id: int) -> JobState:
    return JobState(Job.objects.values_list("state", flat=True).get(id=job_id))
