"""The part that puts marks on paper: one page after another, as long as nothing is in the way."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platen.documents.analysis import analyse
from platen.documents.facts import Sides
from platen.documents.job_facts import JobTicket, job_facts

_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/postscript": ".ps",
    "image/pwg-raster": ".pwg",
    "image/urf": ".urf",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A job that came out, whole or in part."""

    name: str
    user_name: str
    document_format: str
    impressions: int
    size_bytes: int
    path: Path | None  # where it was kept


class PrintEngine:
    """Prints an impression every `page_s` seconds while there is paper and nothing is wrong.

    sheets: how many are in the tray; None: it never runs out. keep_in: a folder for what was printed.
    """

    def __init__(self, *, page_s: float = 0.0, sheets: int | None = None, keep_in: Path | None = None) -> None:
        self.page_s = page_s
        self.sheets = sheets
        self.keep_in = keep_in
        self.life_count = 0
        self.printed: list[Printed] = []
        self._reasons: set[str] = set()
        self._able = asyncio.Condition()
        if keep_in is not None:
            keep_in.mkdir(parents=True, exist_ok=True)

    @property
    def reasons(self) -> tuple[str, ...]:
        """printer-state-reasons; none of them: empty."""
        return tuple(sorted(self._reasons))

    @property
    def stopped(self) -> bool:
        """Whether something keeps paper from coming out."""
        return any(reason.endswith("-error") for reason in self._reasons)

    async def set_trouble(self, reason: str) -> None:
        """Something happens, e.g. media-jam-error (stops it) or toner-low-warning (does not)."""
        self._reasons.add(reason)
        await self._changed()

    async def clear_trouble(self, reason: str | None = None) -> None:
        """Somebody set it right; None: all of it."""
        self._reasons = self._reasons - {reason} if reason else set()
        await self._changed()

    async def load_paper(self, sheets: int | None) -> None:
        """Somebody fills the tray."""
        self.sheets = sheets
        self._reasons.discard("media-empty-error")
        await self._changed()

    async def wait_until_able(self) -> None:
        """Return when nothing is in the way."""
        async with self._able:
            await self._able.wait_for(lambda: not self.stopped)

    async def wait_for_printed(self, count: int = 1) -> list[Printed]:
        """Return when so many jobs have come out."""
        async with self._able:
            await self._able.wait_for(lambda: len(self.printed) >= count)
        return self.printed

    async def print_impression(self) -> None:
        """One more side comes out, when it can."""
        while True:
            await self.wait_until_able()
            if self.sheets != 0:
                break
            await self.set_trouble("media-empty-error")
        await asyncio.sleep(self.page_s)
        if self.sheets is not None:
            self.sheets -= 1
        self.life_count += 1

    async def keep(self, document: Path, *, name: str, user_name: str, document_format: str, impressions: int) -> None:
        """The job is out: note it, and keep its document where asked to."""
        size_bytes, path = (await asyncio.to_thread(document.stat)).st_size, None
        if self.keep_in is not None:
            stem = re.sub(r"[^\w.-]+", "_", name)[:80] or "document"
            suffix = _SUFFIXES.get(document_format, ".prn")
            path = self.keep_in / f"{len(self.printed) + 1:05d}-{stem.removesuffix(suffix)}{suffix}"
            await asyncio.to_thread(shutil.copyfile, document, path)
        self.printed.append(
            Printed(
                name=name,
                user_name=user_name,
                document_format=document_format,
                impressions=impressions,
                size_bytes=size_bytes,
                path=path,
            )
        )
        await self._changed()

    async def _changed(self) -> None:
        async with self._able:
            self._able.notify_all()


async def impressions_of(document: Path, document_format: str, template: Mapping[str, Any]) -> int:
    """How many sides a document makes under its job's attributes; at least one for whatever cannot be read."""
    return await asyncio.to_thread(_impressions_of, document, document_format, template)


def _impressions_of(document: Path, document_format: str, template: Mapping[str, Any]) -> int:
    with document.open("rb") as file:
        facts = analyse(file, document_format)
    ticket = JobTicket(
        copies=template.get("copies"),
        sides=Sides(template["sides"]) if "sides" in template else None,
        number_up=template.get("number-up", 1),
        page_ranges=tuple((first, last) for first, last in template.get("page-ranges", ())),
    )
    return max(1, job_facts(facts, ticket).impressions)
