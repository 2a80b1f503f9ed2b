"""Documents on their way in."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from platen.printing.spool import Spool, Stored
from platen.printing.spool.store import SMALL_BYTES_MAX
from platen.services.incoming import DocumentTooLarge, IncomingDocument


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path, b"k" * 32)


def files(spool_root: Path) -> list[Path]:
    return [path for folder in ("incoming", "files") for path in (spool_root / folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", [0, 1, SMALL_BYTES_MAX])
async def test_small_documents_stay_in_memory(spool: Spool, tmp_path: Path, size: int) -> None:
    """Up to the size of a pack's document nothing is written before intake does it."""
    incoming = IncomingDocument(spool, 10**9)
    await incoming.write(b"x" * size)
    assert await incoming.finish() == b"x" * size
    assert files(tmp_path) == []


async def test_large_documents_go_to_the_disk(spool: Spool, tmp_path: Path) -> None:
    """A larger one comes back from its file octet for octet, and its head is kept for looking into."""
    content = bytes(range(256)) * 20_000
    incoming = IncomingDocument(spool, 10**9)
    for at in range(0, len(content), 70_001):
        await incoming.write(content[at : at + 70_001])
    stored = await incoming.finish()
    assert isinstance(stored, Stored)
    assert b"".join(spool.read(stored)) == content
    assert incoming.head == content[: 64 * 1024]


async def test_too_large(spool: Spool, tmp_path: Path) -> None:
    """More than the limit is an error, and giving up leaves no file."""
    incoming = IncomingDocument(spool, 1_000_000)
    await incoming.write(b"x" * 900_000)
    with pytest.raises(DocumentTooLarge):
        await incoming.write(b"x" * 200_000)
    await incoming.abort()
    assert files(tmp_path) == []


async def test_given_up_in_the_middle_of_writing(spool: Spool, tmp_path: Path) -> None:
    """A writer that is cancelled while a thread still writes leaves no file, and no thread that writes on."""
    incoming = IncomingDocument(spool, 10**9)
    await incoming.write(b"x" * (SMALL_BYTES_MAX + 1))
    task = asyncio.create_task(incoming.write(b"x" * 50_000_000))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await incoming.abort()
    assert files(tmp_path) == []
