"""A short run of the fuzzer on every reader; longer ones by hand (tests.documents.fuzz)."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from platen.documents.analysis import READERS

RUNS = 400

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris has no build for this Python or system (pip install atheris)",
)


def test_readers_survive_what_the_fuzzer_makes_of_their_files(tmp_path: Path) -> None:
    """No document makes a reader raise, run without end, or say what is not possible."""
    command = [sys.executable, "-m", "tests.documents.fuzz", "every", f"-runs={RUNS}", "-max_len=8192", "-seed=7"]
    ended = subprocess.run(
        [*command, f"-artifact_prefix={tmp_path}/"], capture_output=True, text=True, check=False, errors="replace"
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    assert set(re.findall(r"^(\S+): 0$", ended.stdout, re.MULTILINE)) == set(READERS.values())
    assert len(re.findall(r"^Done \d+ runs", ended.stderr, re.MULTILINE)) == len(set(READERS.values()))
