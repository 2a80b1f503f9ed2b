"""Reading one machine by SNMP: the first time everything, then by its plan.

    async with SnmpClient() as client:
        first = await read_machine(client, Target("192.0.2.7"), Community())
        later = await read_machine(client, target, credentials, plan=first.plan, last=first.reading)

What to ask and what the answers mean is decided in `platen.readings`; here it is only asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from platen.protocols.snmp import Oid, PduKind, Prepared, Value, VarBind, Version, in_subtree
from platen.readings.facts import Reading
from platen.readings.plan import Plan
from platen.readings.plans_by_shape import plan_of
from platen.readings.reading import read
from platen.readings.survey_objects import ALERTS, BRIEF, WHOLE, Depth
from platen.readings.survey_routes import RoutedSurvey
from platen.readings.update import (
    alert_rows,
    alerts_changed,
    asleep,
    has_restarted,
    is_another,
    missing_cells,
    seems_asleep,
    update,
    values_by_rows,
    values_of,
)
from platen.services.collect.snmp_client import SnmpClient
from platen.services.collect.snmp_errors import SnmpFailed
from platen.services.collect.snmp_targets import Answer, Community, Credentials, Patience, Target, Traffic

FAILURES_MAX = 2
"""Questions of one visit without an answer, after which the machine is left alone."""
_ALERT_COLUMNS = (*ALERTS.columns, ALERTS.shape)
_ALERT_ROWS = 6
_ALERT_REQUESTS_MAX = 24
_NAMED_MAX = 32


@dataclass(slots=True)
class Visit:
    """What a visit to a machine brought home.

    raw: what was answered in this visit. surveyed: everything was asked; `raw` and `plan` are worth keeping then.
    problems: sentences about what was strange or did not come.
    """

    reading: Reading
    raw: dict[Oid, Value]
    plan: Plan | None
    traffic: Traffic
    problems: list[str]
    surveyed: bool
    round_trip_s: float | None = None


@dataclass(slots=True)
class _Talk:
    """One machine, and what it cost so far."""

    client: SnmpClient
    target: Target
    credentials: Credentials
    patience: Patience | None
    traffic: Traffic = field(default_factory=Traffic)
    problems: list[str] = field(default_factory=list)
    told: dict[Oid, Value] = field(default_factory=dict)  # of who it is, before everything was asked
    failures: int = 0
    answers: int = 0
    round_trip_s: float | None = None

    async def ask(self, prepared: Prepared) -> Answer | None:
        """None if nothing of use came, with a sentence in `problems`. Raises: SnmpFailed if nothing ever came."""
        ways = {PduKind.GET: self.client.get, PduKind.GET_BULK: self.client.get_bulk}
        try:
            answer = await ways[prepared.kind](self.target, self.credentials, prepared, self.patience)
        except SnmpFailed as error:
            self.traffic.add(error.traffic)
            self.failures += 1
            if not self.answers:
                error.traffic = self.traffic
                raise
            self.note(str(error))
            return None
        self.answers += 1
        self.traffic.add(answer.traffic)
        self.round_trip_s = answer.round_trip_s
        for sentence in answer.notes:
            self.note(sentence)
        return answer

    def note(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)

    @property
    def by_name_only(self) -> bool:
        """SNMPv1 has no GETBULK."""
        return isinstance(self.credentials, Community) and self.credentials.version is Version.V1

    @property
    def given_up(self) -> bool:
        return self.failures >= FAILURES_MAX


async def read_machine(
    client: SnmpClient,
    target: Target,
    credentials: Credentials,
    plan: Plan | None = None,
    last: Reading | None = None,
    *,
    known: Mapping[Oid, Value] | None = None,
    brief: bool = False,
    patience: Patience | None = None,
) -> Visit:
    """By the plan, if there is one with the reading that it goes on from; else everything, as after a restart.

    known: what a search has already been told (sysObjectID, sysDescr). brief: only what a list of machines shows, for
    the moment when one has been found; the plan has no more in it then, so that the next visit should go without one.
    Raises: SnmpFailed if the machine answers nothing at all; what answers at least something gives a reading, with
    sentences about the rest in `problems`.
    """
    talk = _Talk(client, target, credentials, patience)
    if plan is not None and plan.requests and last is not None:
        visit = await _periodic(talk, plan, last)
        if visit is not None:
            return visit
    return await _survey(talk, known, BRIEF if brief else WHOLE)


async def _survey(talk: _Talk, known: Mapping[Oid, Value] | None, depth: Depth) -> Visit:
    survey = RoutedSurvey(known, depth)
    while not talk.given_up and (requests := survey.requests()):
        # The first question decides whether there is anybody; the others of a round need not wait for each other.
        if len(requests) == 1:
            answers = [await talk.ask(requests[0])]
        else:
            answers = await asyncio.gather(*(talk.ask(prepared) for prepared in requests))
        for prepared, answer in zip(requests, answers, strict=True):
            survey.take(prepared, answer.varbinds if answer is not None else ())
    for sentence in survey.notes:
        talk.note(sentence)
    raw = {**talk.told, **survey.raw}
    reading = read(raw)
    return Visit(
        reading,
        raw,
        plan_of(raw, reading.identity),
        talk.traffic,
        talk.problems,
        surveyed=True,
        round_trip_s=talk.round_trip_s,
    )


async def _periodic(talk: _Talk, plan: Plan, last: Reading) -> Visit | None:
    """None if the machine is not the one any more that the plan was made for: then everything has to be asked."""
    raw, whole = await (_by_name(talk, plan) if talk.by_name_only else _by_rows(talk, plan))
    if _is_other(talk, plan, last, raw):
        return None
    missing = missing_cells(plan, raw)
    if whole and seems_asleep(plan, missing):
        talk.note("The machine answers a small part of what it has, as one does that sleeps; the rest is as it was.")
        reading = update(plan, last, _certain(plan, raw), alerts_known=False)
        return Visit(asleep(reading), raw, plan, talk.traffic, talk.problems, False, talk.round_trip_s)
    if missing and not talk.given_up:
        if whole and missing != [plan.mark]:
            talk.note(f"{len(missing)} objects are no longer there; everything was asked again.")
            return None
        raw |= await _named(talk, missing)
        if (missing_cells(plan, raw) and not talk.given_up) or _is_other(talk, plan, last, raw):
            return None
    if not _certain(plan, raw):
        talk.note("It did not say which machine it is; nothing else that it said was taken.")
        raw, whole = {}, False
    alerts_known = whole
    if raw and plan.watches_alerts and (not whole or alerts_changed(plan, last, raw)):
        found = await _alerts(talk, alert_rows(plan, raw) if whole else None)
        alerts_known = found is not None
        raw |= found or {}
    reading = update(plan, last, raw, alerts_known=alerts_known)
    return Visit(reading, raw, plan, talk.traffic, talk.problems, surveyed=False, round_trip_s=talk.round_trip_s)


def _is_other(talk: _Talk, plan: Plan, last: Reading, raw: Mapping[Oid, Value]) -> bool:
    """Whether it began anew, or another machine answers; with a word on that."""
    if has_restarted(last, raw):
        talk.note("The machine started anew since the last reading; everything was asked again.")
    elif is_another(plan, last, raw):
        talk.note("It says that it is another machine than the last time; everything was asked again.")
    else:
        return False
    # However far it comes with answering everything, who it is has been said.
    talk.told = {oid: value for oid, value in raw.items() if oid == plan.mark}
    return True


def _certain(plan: Plan, raw: dict[Oid, Value]) -> dict[Oid, Value]:
    """What is certain to be this machine's: nothing, where it could have said who it is and did not."""
    return raw if plan.mark is None or plan.mark in raw else {}


async def _by_rows(talk: _Talk, plan: Plan) -> tuple[dict[Oid, Value], bool]:
    """What the plan's requests brought, and whether every answer was whole."""
    raw: dict[Oid, Value] = {}
    whole = True
    for request in plan.requests:
        answer = await talk.ask(request.prepared)
        values, complete = values_by_rows(plan, request.prepared, answer.varbinds if answer is not None else ())
        raw |= values
        whole = whole and complete
    return raw, whole


async def _by_name(talk: _Talk, plan: Plan) -> tuple[dict[Oid, Value], bool]:
    """The same for machines without GETBULK. Alerts are no part of it, so it never is whole where they are watched."""
    raw: dict[Oid, Value] = {}
    for prepared in plan.by_name:
        answer = await talk.ask(prepared)
        raw |= values_of(answer.varbinds if answer is not None else ())
    return raw, not plan.watches_alerts


async def _named(talk: _Talk, cells: list[Oid]) -> dict[Oid, Value]:
    raw: dict[Oid, Value] = {}
    for first in range(0, len(cells), _NAMED_MAX):
        if talk.given_up:
            break
        answer = await talk.ask(Prepared.get(cells[first : first + _NAMED_MAX]))
        raw |= values_of(answer.varbinds if answer is not None else ())
    return raw


async def _alerts(talk: _Talk, rows: int | None) -> dict[Oid, Value] | None:
    """The whole table of alerts; None if it did not come. rows: how many it has, where that is known."""
    raw: dict[Oid, Value] = {}
    cursors: dict[Oid, Oid] = {column: column for column in _ALERT_COLUMNS}
    for _ in range(_ALERT_REQUESTS_MAX):
        answer = await talk.ask(Prepared.get_bulk((), list(cursors.values()), rows or _ALERT_ROWS))
        if answer is None:
            return None
        ended = _take_rows(raw, cursors, answer.varbinds)
        if ended or rows is not None:
            break
    return raw


def _take_rows(raw: dict[Oid, Value], cursors: dict[Oid, Oid], varbinds: Sequence[VarBind]) -> bool:
    """Put an answer's rows to the others. Returns: whether the table has come to its end, or goes no further."""
    ended, moved = False, False
    for number, column in enumerate(cursors):
        for varbind in varbinds[number :: len(cursors)]:
            if varbind.missing or not in_subtree(varbind.oid, column):
                ended = ended or column == ALERTS.shape
                break
            if varbind.oid > cursors[column]:
                raw[varbind.oid], cursors[column], moved = varbind.value, varbind.oid, True
    return ended or not moved
