"""A site for tests: its configuration file, and a collector that works with it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platen.collector.configuration import Configuration, load
from platen.collector.database import Database
from platen.collector.delivery import Delivered
from platen.collector.outbox import Outbox
from platen.collector.service import Collector, run_once
from tests.running_node import ROOT

KEY = "k" * 43
UUID = "0190a1b2-0000-7000-8000-000000000000"


@dataclass(slots=True)
class Site:
    """What stands in the file; `write` it anew after a change."""

    folder: Path
    collector: str = UUID
    key: str = KEY
    home: str = "https://127.0.0.1:9"
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.folder / "collector.toml"

    @property
    def data(self) -> Path:
        return self.folder / "collector-data"

    def write(self) -> Path:
        """The file."""
        lines = [f"{name} = {json.dumps(getattr(self, name))}" for name in ("home", "collector", "key")]
        lines.append('name = "north"')
        for table, values in self.tables.items():
            lines.append(f"[{table}]")
            lines += [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        self.path.write_text("\n".join(lines) + "\n")
        self.path.chmod(0o600)
        return self.path

    def configuration(self) -> Configuration:
        """As it is read from the file."""
        return load(self.write())

    def once(self) -> Delivered:
        """Search, read, send. Raises: NotDelivered."""
        return asyncio.run(run_once(self.configuration()))

    def read(self) -> int:
        """Search and read everything; nothing is sent. Returns: octets to and from machines."""

        async def reading() -> int:
            async with Collector(self.configuration()) as collector:
                await collector.gather()
                return collector.asked_octets

        return asyncio.run(reading())

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`platen collector …` as people run it."""
        self.write()
        return subprocess.run(
            [sys.executable, "-m", "platen", "collector", *arguments, "--config", str(self.path)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=os.environ | {"COLUMNS": "200"},
            timeout=300,
        )

    def waiting(self) -> int:
        """How many rows wait."""
        database = Database(self.data)
        try:
            return Outbox(database).waiting().rows
        finally:
            database.close()
