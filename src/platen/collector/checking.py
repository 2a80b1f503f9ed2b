"""`platen collector check`: everything that a collector needs, looked at, with what to do about what is found."""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from platen.collector.configuration import Configuration, examine
from platen.collector.database import FILE_NAME, Database, NotStored, said_plainly
from platen.collector.findings import Finding, Level
from platen.collector.ways import folder as by_folder
from platen.collector.ways import ftps, mail, sftp
from platen.collector.ways.errors import NotDelivered
from platen.collector.ways.https import HomeByHttps

ROOM_MIN_OCTETS = 100 * 1_048_576
TRIALS: Mapping[str, Callable[[Configuration], None]] = {
    "ftps": ftps.try_out,
    "sftp": sftp.try_out,
    "mail": mail.try_out,
    "folder": by_folder.try_out,
}
_NET = Path("/sys/class/net")
_POWER = Path("/sys/class/power_supply")


def check(path: Path, *, ask_home: bool = True) -> list[Finding]:
    """What there is to say, problems first."""
    configuration, findings = examine(path)
    findings += _file(path)
    if configuration is not None:
        findings += [*_words(configuration), *_disk(configuration), *_computer()]
        if ask_home:
            findings.append(_home(configuration) if configuration.send.way == "https" else _way(configuration))
    return sorted(findings, key=lambda finding: list(Level).index(finding.level))


def _file(path: Path) -> Iterator[Finding]:
    """Secrets stand in it."""
    try:
        open_to_others = path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWOTH)
    except OSError:
        return
    if open_to_others:
        advice = f"chmod 600 {path}"
        yield Finding(Level.WARNING, str(path), "Others can read it, and keys and passwords may stand in it.", advice)


def _words(configuration: Configuration) -> Iterator[Finding]:
    """What the settings mean."""
    scope, masks = configuration.search.scope, configuration.mask
    yield Finding(Level.OK, "search", f"{scope.count()} addresses, every {configuration.search.every_s} s.")
    kept = [f"{name} ({treatment})" for name, treatment in masks.items() if treatment != "send"]
    yield Finding(Level.OK, "mask", f"Kept back: {', '.join(kept) or 'nothing'}.")
    if masks["console"] == "send":
        sentence = "What stands on displays goes out: it can show names of jobs and people."
        yield Finding(Level.WARNING, "mask.console", sentence, "Set it to nothing, unless home needs it.")
    if masks["contact"] == "send":
        sentence = "The contact of each machine goes out: mostly the name of a person."
        yield Finding(Level.WARNING, "mask.contact", sentence, "Set it to token or nothing.")


def _disk(configuration: Configuration) -> Iterator[Finding]:
    folder = configuration.data
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield Finding(Level.PROBLEM, "data", f"{folder} cannot be used: {error}.", "Choose a folder of this user's.")
        return
    if not os.access(folder, os.W_OK):
        yield Finding(Level.PROBLEM, "data", f"{folder} cannot be written to.", "Give it to the user that runs this.")
        return
    if problem := _unusable(folder):
        yield Finding(Level.PROBLEM, "data", problem)
    if free < configuration.send.queue_octets_max + ROOM_MIN_OCTETS:
        sentence = f"Only {free // 1_048_576} MB are free where {folder} is; the queue may need more."
        yield Finding(Level.WARNING, "data", sentence, "Make room, or set send.queue_mb lower.")


def _unusable(folder: Path) -> str:
    """Why what is there already cannot be worked with. Nothing is made: it would belong to who checks."""
    if not (folder / FILE_NAME).exists():
        return ""
    try:
        with said_plainly(folder), closing(Database(folder)) as database:
            database.note(checked_at=time.time())
    except (NotStored, OSError) as error:
        return str(error).removeprefix("data: ")
    return ""


def _computer() -> Iterator[Finding]:
    """A collector is to run round the clock, at one place, in one network."""
    try:
        supplies = [(each / "type").read_text().strip() for each in _POWER.iterdir() if (each / "type").exists()]
        cards = [each.name for each in _NET.iterdir() if (each / "device").exists() and _is_up(each)]
    except OSError:
        return
    if "Battery" in supplies:
        sentence = "This computer has a battery: a collector is for one that stays and is never off."
        yield Finding(Level.WARNING, "computer", sentence, "Install it on a server, or a desktop that is always on.")
    if len(cards) > 1:
        sentence = f"{len(cards)} network cards are active: {', '.join(sorted(cards))}."
        yield Finding(Level.WARNING, "computer", sentence, "See that printers and home are reached by the right one.")


def _is_up(card: Path) -> bool:
    return (card / "operstate").read_text().strip() == "up"


def _way(configuration: Configuration) -> Finding:
    """Connected and signed in, as for a file, but nothing is left there."""
    way = configuration.send.way
    try:
        TRIALS[way](configuration)
    except NotDelivered as error:
        return Finding(Level.PROBLEM, f"send.{way}", str(error), "Nothing is lost meanwhile: what is read waits here.")
    return Finding(
        Level.OK, f"send.{way}", "The way is open. By it home does not answer, so whether it takes is not seen."
    )


def _home(configuration: Configuration) -> Finding:
    try:
        said = HomeByHttps(configuration).get_configuration().said
    except NotDelivered as error:
        return Finding(Level.PROBLEM, "home", str(error), "Nothing is lost meanwhile: what is read waits here.")
    return Finding(
        Level.OK, "home", f"{configuration.home} knows this collector; it has rows up to {said.get('last')}."
    )
