"""Commands over the test's own database, which is set up already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from platen.cli.main import app
from platen.cli.refusal import Refusal
from platen.tenants.models import Tenant


class FleetCommands:
    """`platen fleet …` as somebody types it."""

    def __init__(self) -> None:
        self.runner = CliRunner()

    def run(self, *arguments: str, **more: Any) -> Result:
        """Whatever comes of it. more: what is typed at a prompt, the environment."""
        return self.runner.invoke(app, ["fleet", *arguments], **more)

    def said(self, *arguments: str, **more: Any) -> str:
        """What it says to a person; the test fails unless it succeeds."""
        done = self.run(*arguments, **more)
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    def told(self, *arguments: str, **more: Any) -> Any:
        """What it says to a program."""
        done = self.run(*arguments, "--json", **more)
        assert done.exit_code == 0, (done.output, done.exception)
        return json.loads(done.stdout)

    def refused(self, *arguments: str, **more: Any) -> str:
        """The sentence with which it refuses."""
        done = self.run(*arguments, **more)
        assert isinstance(done.exception, Refusal), (done.output, done.exception)
        return str(done.exception)


def commands_of(tenant: Tenant, monkeypatch: pytest.MonkeyPatch, *modules: ModuleType) -> FleetCommands:
    """The commands of these modules, acting for the tenant; what a verb refuses is refused as with a real one."""
    from platen.cli.database import _verb_errors

    @contextmanager
    def here(*_slug: object, **_more: object) -> Iterator[int]:
        try:
            yield tenant.id
        except _verb_errors() as error:
            raise Refusal(str(error)) from error

    for module in modules:
        monkeypatch.setattr(module, "tenant", here)
    return FleetCommands()
