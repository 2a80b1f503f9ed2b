"""The spool: durable together, private, gone when it should be."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from platen.identifiers import uuid7
from platen.printing.spool import DocumentDamaged, Spool, SpoolFull, SpoolInUse, Stored
from platen.printing.spool.cipher import CHUNK_BYTES, new_key
from platen.printing.spool.packs import PACK_BYTES_MAX, Packs
from tests.faults.small_disk import small_disk

NODE_KEY = new_key()


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", NODE_KEY)


@pytest.fixture
def full_disk() -> Iterator[Path]:
    """A file system of 1 MiB."""
    with small_disk(1024 * 1024) as folder:
        yield folder


def whole(spool: Spool, stored: Stored) -> bytes:
    return b"".join(spool.read(stored))


def store_file(spool: Spool, content: bytes, name: uuid.UUID | None = None) -> Stored:
    sink = spool.open_file(name or uuid7())
    sink.write(content)
    return sink.finish()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=8))
def test_a_batch_comes_back_document_by_document(tmp_path_factory: pytest.TempPathFactory, batch: list[bytes]) -> None:
    """Documents that were stored together are read singly, whatever their sizes. SQC-SVC-08"""
    spool = Spool(tmp_path_factory.mktemp("batch") / "spool", NODE_KEY)
    stored = spool.store_batch([(uuid7(), document) for document in batch])
    assert [whole(spool, each) for each in stored] == batch
    assert len({each.pack for each in stored}) == 1


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3_000_001])
def test_a_large_document_comes_back_in_bounded_pieces(spool: Spool, size: int) -> None:
    """A document in a file of its own is read in pieces of at most a chunk."""
    content = os.urandom(size)
    stored = store_file(spool, content)
    pieces = list(spool.read(stored))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= CHUNK_BYTES
    assert stored.size_bytes == size


def test_nothing_readable_lies_on_the_disk(spool: Spool, tmp_path: Path) -> None:
    """No octets of a document stand in the spool's files as they are. SC-CRYPT-04"""
    content = b"STRICTLY CONFIDENTIAL " * 40
    spool.store_batch([(uuid7(), content)])
    store_file(spool, content * 500)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"CONFIDENTIAL" not in path.read_bytes()


def test_files_are_for_their_owner_alone(spool: Spool, tmp_path: Path) -> None:
    """Files of the spool have mode 0600 and folders 0700, whatever the process's umask."""
    before = os.umask(0)
    try:
        made = Spool(tmp_path / "open", NODE_KEY)
        made.store_batch([(uuid7(), b"small")])
        store_file(made, b"large")
        made.open_file(uuid7()).write(b"on its way")
        made.lock()
    finally:
        os.umask(before)
    for path in (tmp_path / "open", *(tmp_path / "open").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_another_nodes_key_opens_nothing(spool: Spool, tmp_path: Path) -> None:
    """A spool copied to a node with another key stays closed."""
    stored = spool.store_batch([(uuid7(), b"content")])[0]
    stranger = Spool(tmp_path / "spool", new_key())
    with pytest.raises(DocumentDamaged, match="does not belong to this node"):
        whole(stranger, stored)


def test_a_documents_row_without_its_length_is_not_an_empty_document(spool: Spool) -> None:
    """A row that lost its length gives an error, not a document of nothing."""
    stored = spool.store_batch([(uuid7(), b"content")])[0]
    with pytest.raises(DocumentDamaged):
        whole(spool, replace(stored, length=0))


def test_a_shortened_file_is_noticed(spool: Spool, tmp_path: Path) -> None:
    """A file that lost its end is refused while it is read."""
    stored = store_file(spool, os.urandom(CHUNK_BYTES * 2))
    path = next((tmp_path / "spool" / "files").glob("*/*"))
    os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(DocumentDamaged, match="ends too early"):
        whole(spool, stored)


class TestPacks:
    """The files that small documents share."""

    def test_a_batch_costs_one_sync(self, tmp_path: Path) -> None:
        """However many documents arrive together, the disk is told once to keep them (seen from outside by strace)."""
        strace = Path("/usr/bin/strace")
        if not strace.exists():
            pytest.skip("strace is not installed; get it with: apt-get install strace")
        program = (
            "import sys; from pathlib import Path; from platen.printing.spool.packs import Packs\n"
            "packs = Packs(Path(sys.argv[1])); packs.append([b'first'])\n"
            "packs.append([b'x' * 1000] * 100)\n"
        )
        log = tmp_path / "calls"
        command = [strace, "-f", "-e", "trace=fdatasync,pwritev,pwritev2", "-o", log, sys.executable, "-c", program]
        subprocess.run([*command, tmp_path / "packs"], check=True, env=os.environ)
        assert log.read_text().count("fdatasync(") == 2
        assert log.read_text().count("pwritev") == 2

    def test_a_new_process_never_writes_into_an_old_pack(self, tmp_path: Path) -> None:
        """What an earlier process wrote is not written to again."""
        first = Packs(tmp_path)
        assert first.append([b"one", b"two"]) == [(1, 0), (1, 3)]
        assert first.append([b"three"]) == [(1, 6)]
        assert Packs(tmp_path).append([b"four"]) == [(2, 0)]
        assert first.numbers() == [1, 2]

    def test_a_full_pack_is_left_for_the_next(self, tmp_path: Path) -> None:
        """Once a pack has its size the next batch begins another."""
        packs = Packs(tmp_path)
        packs.append([bytes(PACK_BYTES_MAX)])
        assert packs.append([b"next"]) == [(2, 0)]

    def test_space_of_a_freed_document_goes_back_to_the_disk(self, tmp_path: Path) -> None:
        """A document that is done with gives its blocks back while its neighbours stay."""
        packs = Packs(tmp_path)
        places = packs.append([os.urandom(1024 * 1024), os.urandom(4096)])
        before = packs.path(1).stat()
        packs.free(1, places[0][1], 1024 * 1024)
        after = packs.path(1).stat()
        assert after.st_size == before.st_size
        assert after.st_blocks < before.st_blocks / 4, "the file system of the temporary folder punches no holes"
        assert packs.path(1).read_bytes()[:1024] == bytes(1024)
        assert packs.path(1).read_bytes()[-4096:].strip(b"\0")
        packs.free(99, 0, 10)  # a pack that is gone already

    def test_a_failed_append_leaves_nothing(self, full_disk: Path) -> None:
        """A batch that the disk cannot hold is cut off again, and the next one that fits is stored."""
        packs = Packs(full_disk / "packs")
        packs.append([b"before"])
        with pytest.raises(OSError, match="No space left") as error:
            packs.append([b"x" * 700_000, b"y" * 700_000])
        assert error.value.errno == errno.ENOSPC
        assert packs.path(1).read_bytes() == b"before"
        (number, offset), *_ = packs.append([b"after"])
        assert packs.path(number).read_bytes()[offset : offset + 5] == b"after"

    def test_what_was_cut_is_what_nobody_acknowledged(self, tmp_path: Path) -> None:
        """Cutting a pack keeps everything up to the given length and never makes a pack longer."""
        packs = Packs(tmp_path)
        packs.append([b"kept", b"lost"])
        packs.cut(1, 4)
        assert packs.path(1).read_bytes() == b"kept"
        packs.cut(1, 4000)
        assert packs.path(1).read_bytes() == b"kept"


class TestAfterACrash:
    """What an earlier process left is put in order before anything is stored."""

    def test_unfinished_files_go(self, spool: Spool, tmp_path: Path) -> None:
        """A document that was still coming in is removed; one that was finished stays."""
        kept = store_file(spool, b"finished")
        spool.open_file(uuid7()).write(b"x" * CHUNK_BYTES * 2)
        again = Spool(tmp_path / "spool", NODE_KEY)
        assert again.drop_unfinished() == 1
        assert again.file_documents() == [kept.document]
        assert whole(again, kept) == b"finished"

    def test_packs_without_jobs_go_and_tails_are_cut(self, spool: Spool, tmp_path: Path) -> None:
        """Packs that no row knows go; of the one written last, what lies behind the last known document is cut."""
        spool.store_batch([(uuid7(), b"nobody knows this")])
        second = Spool(tmp_path / "spool", NODE_KEY)
        known, _ = second.store_batch([(uuid7(), b"known"), (uuid7(), b"not acknowledged")])
        live = {2: known.length}
        third = Spool(tmp_path / "spool", NODE_KEY)
        assert third.drop_orphan_packs(live.get, live.__contains__) == 2
        assert third.packs.numbers() == [2]
        assert third.packs.path(2).stat().st_size == known.length
        assert whole(third, known) == b"known"
        assert third.drop_orphan_packs(live.get, live.__contains__) == 0

    def test_an_empty_spool_has_nothing_to_clean(self, spool: Spool) -> None:
        """A new spool is in order."""
        assert spool.drop_unfinished() == 0
        assert spool.drop_orphan_packs(lambda _: None, lambda _: False) == 0


class TestFiles:
    """Documents in files of their own."""

    def test_an_aborted_document_is_gone(self, spool: Spool, tmp_path: Path) -> None:
        """What was received of a document that did not finish is removed."""
        sink = spool.open_file(uuid7())
        sink.write(b"x" * CHUNK_BYTES * 3)
        sink.abort()
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_aborting_late_does_not_take_a_document_from_its_job(self, spool: Spool) -> None:
        """A client that goes away after its document was stored changes nothing."""
        sink = spool.open_file(uuid7())
        sink.write(b"stored")
        stored = sink.finish()
        sink.abort()
        assert whole(spool, stored) == b"stored"

    def test_a_second_document_of_one_job_does_not_replace_the_first(self, spool: Spool) -> None:
        """Of two clients that send one job's document at once, the first keeps it and the other is refused."""
        name = uuid7()
        first, second = spool.open_file(name), spool.open_file(name)
        first.write(b"first")
        second.write(b"second")
        stored = first.finish()
        with pytest.raises(FileExistsError):
            second.finish()
        second.abort()
        assert whole(spool, stored) == b"first"
        assert spool.drop_unfinished() == 0

    def test_a_full_disk_keeps_nothing_of_a_document(self, full_disk: Path) -> None:
        """A document that the disk cannot hold is refused and leaves no file."""
        spool = Spool(full_disk / "spool", NODE_KEY)
        sink = spool.open_file(uuid7())
        with pytest.raises(OSError, match="No space left"):
            sink.write(os.urandom(8 * CHUNK_BYTES))
        sink.abort()
        assert [path.name for path in full_disk.rglob("*") if path.is_file()] == []
        assert whole(spool, store_file(spool, b"the next one")) == b"the next one"

    def test_a_reserve_is_left_on_the_disk(self, full_disk: Path) -> None:
        """Below the configured reserve nothing is stored, in whatever way it comes."""
        spool = Spool(full_disk / "spool", NODE_KEY, free_bytes_min=2 * 1024 * 1024)
        with pytest.raises(SpoolFull, match="Free some space"):
            spool.store_batch([(uuid7(), b"small")])
        with pytest.raises(SpoolFull):
            spool.open_file(uuid7())
        assert [path for path in full_disk.rglob("*") if path.is_file()] == []

    def test_a_destroyed_document_is_gone(self, spool: Spool) -> None:
        """After destroying, nothing can be read, and doing it twice changes nothing."""
        large, small = store_file(spool, b"large"), spool.store_batch([(uuid7(), b"small" * 3000)])[0]
        for _ in range(2):
            spool.destroy(large)
            spool.destroy(small)
        with pytest.raises(FileNotFoundError):
            whole(spool, large)
        with pytest.raises(DocumentDamaged):
            whole(spool, small)


def test_one_process_stores_in_a_spool(spool: Spool, tmp_path: Path) -> None:
    """A second server over one data directory is told so; it may have it once the first has ended, however it did."""
    program = (
        "import sys, time; from pathlib import Path; from platen.printing.spool import Spool\n"
        "Spool(Path(sys.argv[1]), bytes(32)).lock(); print('locked', flush=True); time.sleep(60)\n"
    )
    other = subprocess.Popen([sys.executable, "-c", program, tmp_path / "spool"], stdout=subprocess.PIPE)
    assert other.stdout is not None
    with other, other.stdout as says:
        assert says.readline() == b"locked\n"
        with pytest.raises(SpoolInUse, match="Another Platen server"):
            spool.lock()
        other.kill()
    spool.lock()
    spool.unlock()
