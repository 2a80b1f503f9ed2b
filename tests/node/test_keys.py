"""The node's secrets."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from platen.keys import KEY_BYTES, derive_key, master_key, node_secret


def test_first_starts_at_the_same_moment_agree(tmp_path: Path) -> None:
    """Processes that start together over an empty data directory all use the one key that one of them made."""
    program = (
        "import sys; from pathlib import Path; from platen.keys import derive_key\n"
        "sys.stdin.readline(); print(derive_key(Path(sys.argv[1]), 'documents').hex())\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "data")]
    starts = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for each in starts:  # all have imported what they need and wait for the word
        assert each.stdin is not None
        each.stdin.write("go\n")
    keys = {each.communicate(timeout=60)[0] for each in starts}
    assert [each.returncode for each in starts] == [0] * 4
    assert len(keys) == 1
    assert [path.name for path in (tmp_path / "data" / "keys").iterdir()] == ["master"]


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    """The master key and its folder are closed to everybody else, and so is a data directory that it makes."""
    master_key(tmp_path / "data")
    for path, mode in (("data", 0o700), ("data/keys", 0o700), ("data/keys/master", 0o600)):
        assert stat.S_IMODE((tmp_path / path).stat().st_mode) == mode, path


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    """Keys of two purposes, and of two nodes, have nothing in common; each is the same on every start."""
    keys = {derive_key(tmp_path / node, purpose) for node in ("a", "b") for purpose in ("documents", "cards")}
    assert len(keys) == 4
    assert master_key(tmp_path / "a") not in keys
    derive_key.cache_clear()
    master_key.cache_clear()
    assert derive_key(tmp_path / "a", "cards") in keys
    assert node_secret(tmp_path / "a", "cards") == derive_key(tmp_path / "a", "cards").hex()


@pytest.mark.parametrize("octets", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_damaged_key_is_not_replaced(tmp_path: Path, octets: int) -> None:
    """A key of the wrong length stops the start: a new one in its place would lock every document for good."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master").write_bytes(bytes(octets))
    with pytest.raises(OSError, match="Restore it from a backup"):
        master_key(tmp_path)
    assert (tmp_path / "keys" / "master").stat().st_size == octets
