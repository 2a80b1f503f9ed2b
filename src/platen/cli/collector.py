"""`platen collector …`: the collector alone, at a site of its own. Neither Django nor a node's settings are loaded."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from platen.cli.main import app
from platen.cli.options import AsJson
from platen.cli.refusal import Refusal

if TYPE_CHECKING:
    from platen.collector.configuration import Configuration

collector = typer.Typer(help="The collector alone: reads a site's printers, sends home.", no_args_is_help=True)
app.add_typer(collector, name="collector")

CHECK_FAILED = 1
ConfigurationFile = Annotated[
    Path, typer.Option("--config", "-c", envvar="PLATEN_COLLECTOR", help="The collector's configuration.")
]
DEFAULT = Path("collector.toml")


@collector.command("init")
def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = DEFAULT,
    name: Annotated[str, typer.Option(help="The site's name.")] = "site",
    home: Annotated[str, typer.Option("--home", help="Where home is, as https://….")] = "",
    uuid: Annotated[str, typer.Option("--collector", help="The collector's UUID, as home shows it.")] = "",
    ask_key: Annotated[
        bool, typer.Option("--ask-key", help="Ask for the key; it is not shown as it is typed.")
    ] = False,
) -> None:
    """Write a configuration with every setting explained. What is there already is left alone."""
    if path.exists():
        raise Refusal(f"{path} is there already. Choose another name, or edit it.")
    key = typer.prompt("Key", hide_input=True).strip() if ask_key else ""
    template = Path(__file__).parents[1] / "collector" / "template.toml"
    text = template.read_text(encoding="utf-8").replace('"{name}"', json.dumps(name), 1)
    for setting, blank, given in (
        ("home", "https://platen.example.org", home),
        ("collector", "", uuid),
        ("key", "", key),
    ):
        line = f'\n{setting} = "{blank}"'
        text = text.replace(line, f"\n{setting} = {json.dumps(given or blank)}", 1)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Refusal(f"{path} is there already. Choose another name, or edit it.") from error
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error}.") from error
    missing = [what for what, given in (("home", home), ("collector", uuid), ("key", key)) if not given]
    typer.echo(f"{path} is written. Fill in {', '.join([*missing, 'addresses'])}; then `platen collector check`.")


@collector.command("check")
def check(
    config: ConfigurationFile = DEFAULT,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask home.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong and what to do. Exit status: 0 when it can run, 1 when there is a problem."""
    from platen.collector.checking import check as examine
    from platen.collector.findings import Level

    found = examine(config, ask_home=not offline)
    if as_json:
        rows = [
            {"level": each.level, "place": each.place, "sentence": each.sentence, "advice": each.advice}
            for each in found
        ]
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        for each in found:
            typer.echo(f"{each.level.value}: {each.place}: {each.sentence}")
            if each.advice:
                typer.echo(f"    {each.advice}")
    if any(each.level is Level.PROBLEM for each in found):
        raise typer.Exit(CHECK_FAILED)


@collector.command("run")
def run(config: ConfigurationFile = DEFAULT, log_json: Annotated[bool, typer.Option("--log-json")] = False) -> None:
    """Run until told to stop: search, read, send, and watch over itself."""
    from platen.collector.configuration import load
    from platen.collector.database import InUse, NotStored, said_plainly
    from platen.collector.findings import NotUsable
    from platen.collector.service import run_until_told
    from platen.logs import set_up_logs

    set_up_logs("info", as_json=log_json)
    try:
        configuration = load(config)
        with said_plainly(configuration.data):
            asyncio.run(run_until_told(configuration))
    except (NotUsable, NotStored, InUse, OSError) as error:
        _refuse(error)


@collector.command("once")
def once(config: ConfigurationFile = DEFAULT) -> None:
    """Search where it is time, read every machine, send what waits; for a scheduled task."""
    from platen.collector.configuration import load
    from platen.collector.database import InUse, NotStored, said_plainly
    from platen.collector.findings import NotUsable
    from platen.collector.service import run_once
    from platen.collector.ways.errors import NotDelivered
    from platen.logs import set_up_logs

    set_up_logs("warning")
    try:
        configuration = load(config)
        with said_plainly(configuration.data):
            done = asyncio.run(run_once(configuration))
    except (NotUsable, NotStored, InUse, NotDelivered, OSError) as error:
        _refuse(error)
    typer.echo(f"{done.rows} rows are home, in {done.octets} octets.")


@collector.command("plan")
def plan(
    config: ConfigurationFile = DEFAULT,
    read: Annotated[
        bool, typer.Option("--read/--no-read", help="Read the machines first; no: only what waits already.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Show exactly what would be sent next, in octets and in words, after masking. Reads, and sends nothing.

    What was read waits, and goes home with the next `once` or `run`.
    """
    from platen.collector.configuration import load
    from platen.collector.database import Database, NotStored, said_plainly
    from platen.collector.findings import NotUsable
    from platen.collector.planning import as_json as to_json
    from platen.collector.planning import as_lines
    from platen.collector.planning import plan as planned_of
    from platen.collector.remote import effective
    from platen.policy.job_names import without_controls

    try:
        configuration = load(config)
        with said_plainly(configuration.data):
            if read:
                _read(configuration)
            with closing(Database(configuration.data)) as database:
                planned = planned_of(effective(configuration, database.fact("wishes", {})), database)
    except (NotUsable, NotStored, OSError) as error:
        _refuse(error)
    if as_json:
        typer.echo(json.dumps(to_json(planned), ensure_ascii=False, indent=2))
    else:
        for line in as_lines(planned):
            typer.echo(without_controls(line))


@collector.command("status")
def status(
    config: ConfigurationFile = DEFAULT,
    alive_within: Annotated[
        float,
        typer.Option("--alive-within", help="Exit with 1 unless its heart beat within so many seconds; 0: do not."),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Show what waits, what was sent last, since when it runs and when it was off."""
    from platen.collector.configuration import load
    from platen.collector.database import Database, NotStored, said_plainly
    from platen.collector.findings import NotUsable
    from platen.collector.state import as_lines, is_alive, state
    from platen.policy.job_names import without_controls

    try:
        configuration = load(config)
        with said_plainly(configuration.data), closing(Database(configuration.data)) as database:
            found = state(configuration, database)
    except (NotUsable, NotStored, OSError) as error:
        _refuse(error)
    typer.echo(
        json.dumps(found, ensure_ascii=False, indent=2) if as_json else without_controls("\n".join(as_lines(found)))
    )
    if alive_within and not is_alive(found, alive_within):
        raise typer.Exit(1)


def _read(configuration: Configuration) -> None:
    """Where the collector runs, it reads by itself; what it has read is what waits."""
    from platen.collector.database import InUse
    from platen.collector.service import read_only
    from platen.logs import set_up_logs

    set_up_logs("warning")
    typer.echo("Searching and reading. Nothing is sent.", err=True)
    try:
        asyncio.run(read_only(configuration))
    except InUse:
        typer.echo("The collector runs and reads by itself; this is what waits now.", err=True)


def _refuse(error: Exception) -> NoReturn:
    raise Refusal(str(error)) from error
