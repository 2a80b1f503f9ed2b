"""What home wants of the collector, put into what the site allows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from platen import __version__
from platen.collector.configuration import Configuration
from platen.collector.database import Database
from platen.collector.numbering import go_on_after_home
from platen.collector.ways.https import HomeByHttps
from platen.policy.fleet.addresses import parse_scope
from platen.policy.fleet.collector import check_wishes, more_masked

log = structlog.get_logger("platen.collector")


def fetch_wishes(configuration: Configuration, database: Database) -> bool:
    """Ask home; the last good ones are kept. Blocking. Returns: whether they changed. Raises: NotDelivered."""
    home = HomeByHttps(configuration)
    said = home.get_configuration().said
    note_version(configuration, database, said.get("version"))
    go_on_after_home(said, database, clock_is_right=not home.clock_ahead_s)
    wishes = said.get("configuration")
    if not configuration.update_configuration:
        return False
    problems = check_wishes(wishes) if isinstance(wishes, dict) else ["It is no table of settings."]
    if problems:
        log.warning("configuration_of_home_refused", problems=problems)
        database.note(wishes_problem=" ".join(problems))
        return False
    changed = bool(wishes != database.fact("wishes", {}))
    database.note(wishes=wishes, wishes_at=time.time(), wishes_problem="")
    if changed:
        log.info("configuration_of_home_taken", wishes=wishes)
    return changed


def effective(configuration: Configuration, wishes: Mapping[str, Any]) -> Configuration:
    """What the site says, with what home wants of it. Wishes that cannot be are left out."""
    if not configuration.update_configuration or not isinstance(wishes, Mapping) or check_wishes(wishes):
        return configuration
    search, read = configuration.search, configuration.read
    excluded = parse_scope(wishes.get("exclude", ""))
    search = replace(
        search,
        every_s=wishes.get("search_every_s", search.every_s),
        packets_per_s=min(search.packets_per_s, wishes.get("packets_per_s", search.packets_per_s)),
        scope=search.scope.without(excluded),
        excluded=(*search.excluded, excluded),
    )
    read = replace(
        read,
        every_s=wishes.get("read_every_s", read.every_s),
        survey_every_s=wishes.get("survey_every_s", read.survey_every_s),
    )
    send = replace(configuration.send, every_s=wishes.get("send_every_s", configuration.send.every_s))
    mask = more_masked(configuration.mask, wishes.get("mask", {}))
    return replace(configuration, search=search, read=read, send=send, mask=mask)


def note_version(configuration: Configuration, database: Database, version: object) -> None:
    """A collector does not change itself: whoever looks after the computer is told, and installs what is newer."""
    if not isinstance(version, str) or not version or version[:40] == database.fact("home_version"):
        return
    if configuration.update_software and version != __version__:
        log.warning("home_has_another_version", home=version, here=__version__)
    database.note(home_version=version[:40])
