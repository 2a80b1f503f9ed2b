"""`platen demo`, as a person starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.peers.running import running, wait_until

pytestmark = pytest.mark.long
DEMO = [sys.executable, "-m", "platen", "demo"]
PORTS = ("PORT", "TLS_PORT", "LPD_PORT", "RAW_PORT", "READER_PORT", "TRAP_PORT")
FREE_PORTS = {f"PLATEN_{name}": "0" for name in PORTS}


def environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLATEN_")}
    return {**kept, **FREE_PORTS}


def test_the_main_job_is_shown_and_priced(tmp_path: Path) -> None:
    """The demonstration prints, holds, releases with a card and prices the worked example, twice over one directory.
    SC-PULL-01, SC-PRICE-05"""
    for _ in range(2):
        done = subprocess.run(
            [*DEMO, "--data", tmp_path / "demo", "--once"],
            check=False, capture_output=True, text=True, timeout=120, env=environ(),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Price: 1.85 EUR" in done.stdout
        assert "sign in as admin with" in done.stdout
        assert (tmp_path / "demo" / "printed" / "copy-room").glob("*Annual*")
    assert done.stderr == ""


def test_ctrl_c_stops_it_cleanly(tmp_path: Path) -> None:
    """The demonstration stays up until Ctrl-C, and then ends without complaint."""
    log = tmp_path / "log"
    command = [*DEMO, "--data", str(tmp_path / "demo"), "--fresh"]
    hidden = {name: "" for name in os.environ if name.startswith("PLATEN_")}
    with running(command, log=log, env={**hidden, **FREE_PORTS}) as started:
        wait_until(lambda: "Ctrl-C stops everything." in started.output(), "the end of the show", timeout_s=60)
        started.process.send_signal(signal.SIGINT)
        assert started.process.wait(30) == 0, started.output()
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("arguments", [[], ["--fresh"]])
def test_other_peoples_directories_are_left_alone(tmp_path: Path, arguments: list[str]) -> None:
    """A directory that is no demonstration's is neither used nor emptied."""
    (tmp_path / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        [*DEMO, "--data", tmp_path, "--once", *arguments],
        check=False, capture_output=True, text=True, timeout=60, env=environ(),
    )  # fmt: skip
    assert done.returncode == 1
    assert "holds something else" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
