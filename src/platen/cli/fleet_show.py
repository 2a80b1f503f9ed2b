"""`platen fleet show`: everything that is known of one machine, now and as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from platen.cli.database import Refusal, tenant
from platen.cli.fleet import fleet
from platen.cli.listing import Column, show
from platen.cli.machine_rows import machine_lines, machine_named, machine_row
from platen.cli.options import AsJson, SeenBy, Tenant

if TYPE_CHECKING:
    from platen.fleet.models import Machine

_PERIODS = ("days", "months")


@fleet.command("show")
def show_machine(
    name: Annotated[str, typer.Argument(help="Its name, address, serial number or uuid.")],
    at: Annotated[
        str, typer.Option("--at", metavar="MOMENT", help="Meters at a past moment, e.g. 2026-03-01T12:00.")
    ] = "",
    sources: Annotated[bool, typer.Option("--sources", help="Where each meter was read, and what it counts.")] = False,
    history: Annotated[str, typer.Option("--history", help="Also what each of the last days or months came to.")] = "",
    last: Annotated[int, typer.Option("--last", help="So many days, months or events.", min=1, max=400)] = 31,
    events: Annotated[bool, typer.Option("--events", help="Also what happened: alerts, states, supplies.")] = False,
    seen_by: SeenBy = None,
    tenant_slug: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Show one machine."""
    if history and history not in _PERIODS:
        raise Refusal(f"“{history}” is no period of a history. Choose of {', '.join(_PERIODS)}.")
    with tenant(tenant_slug, seen_by=seen_by):
        machine = machine_named(name)
        more: dict[str, Any] = {}
        if sources:
            more |= _sources(machine)
        if at:
            more["meters_at"] = _meters_at(machine, at)
        if history:
            more["history"] = _history(machine, history, last)
        if events:
            from platen.fleet.happenings import events_of_machine

            more["events"] = list(events_of_machine(machine, last))
        _tell(machine, more, as_json=as_json)


def _tell(machine: Machine, more: dict[str, Any], *, as_json: bool) -> None:
    from platen.fleet.equipment import equipment_of
    from platen.fleet.history import open_alerts
    from platen.fleet.plain import alert_row, supply_row
    from platen.fleet.queries_machine import supplies_in

    row = machine_row(machine) | _about(machine)
    supplies, alerts = supplies_in(machine), open_alerts(machine)
    if as_json:
        equipment = equipment_of(machine)
        whole = {
            "meters": machine.meters,
            "supplies": [supply_row(each) for each in supplies],
            "alerts": [alert_row(each) for each in alerts],
            "trays": [asdict(each) for each in equipment.inputs],
            "outputs": [asdict(each) for each in equipment.outputs],
            "finishers": [asdict(each) for each in equipment.finishers],
            "ports": [asdict(each) for each in equipment.ports],
        }
        show([row | whole | more], [], as_json=True)
        return
    said: list[Mapping[str, object]] = [
        {"what": key, "value": value} for key, value in row.items() if value not in (None, "", [])
    ]
    said += _meter_lines(machine, more)
    said += machine_lines(machine, supplies, alerts)
    said += _past_lines(more)
    show(said, [Column("what", " "), Column("value", " ")], as_json=False)


def _about(machine: Machine) -> dict[str, object]:
    """What only the page of one machine says."""
    return {
        "uuid": str(machine.device.uuid),
        "region": machine.region.name if machine.region else "",
        "place": machine.place.name if machine.place else "",
        "host_name": machine.host_name,
        "contact": machine.contact,
        "asset_number": machine.asset_number,
        "managed": machine.managed,
        "collector": machine.collector,
        "trouble": machine.trouble,
        "training": machine.training,
        "uptime_s": machine.uptime_s,
        "reboots": machine.reboots,
        "failure": machine.failure,
        "suspicion": machine.suspicion,
        "display": machine.console_text,
    }


def _sources(machine: Machine) -> dict[str, Any]:
    from platen.fleet.plain import meter_rows
    from platen.fleet.queries_machine import surveyed

    survey = surveyed(machine)
    return {"meter_sources": meter_rows(machine, survey), "surveyed_at": survey.at}


def _meters_at(machine: Machine, text: str) -> dict[str, Any]:
    """Raises: Refusal for what is no moment, FleetError for one that is still to come."""
    from django.utils import timezone

    from platen.fleet.meters_at import meters_at, place_of

    unclear = f"“{text}” is no moment. Write it as 2026-03-01 or 2026-03-01T12:00."
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(unclear) from error
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=place_of(machine))
    try:
        then = meters_at(machine, moment)
    except OverflowError as error:
        raise Refusal(unclear) from error
    known = {"known_at": then.known_at, "exact": then.exact, "gaps": then.gaps}
    return {"at": moment, **known, "meters": then.values}


def _history(machine: Machine, period: str, last: int) -> list[dict[str, Any]]:
    from platen.fleet.history import months_of, page_of_days
    from platen.fleet.plain import day_row, month_row

    if period == "days":
        return [day_row(each) for each in page_of_days(machine, size=last)]
    return [month_row(each) for each in months_of(machine, last)]


def _meter_lines(machine: Machine, more: dict[str, Any]) -> Iterator[dict[str, object]]:
    if "meter_sources" in more:
        for each in more["meter_sources"]:
            value = f"{each['value']} {each['unit']}".strip()
            yield {"what": f"meter {each['meter']}", "value": f"{value} ({each['source'] or 'not said where from'})"}
        return
    yield from ({"what": f"meter {key}", "value": value} for key, value in sorted(machine.meters.items()))


def _past_lines(more: dict[str, Any]) -> Iterator[dict[str, object]]:
    if "meters_at" in more:
        then = more["meters_at"]
        yield {"what": "meters at", "value": then["at"]}
        yield {"what": "known until", "value": then["known_at"] or "nothing is kept of that time"}
        yield from ({"what": f"then {key}", "value": value} for key, value in sorted(then["meters"].items()))
        yield from ({"what": "gap", "value": each} for each in then["gaps"])
    for each in more.get("history", ()):
        pages = f"{each['pages']:,} pages, {each['color']:,} in color"
        yield {"what": each["day"].isoformat(), "value": ". ".join(filter(None, (pages, each["gap"])))}
    for each in more.get("events", ()):
        yield {"what": each["at"].astimezone().strftime("%Y-%m-%d %H:%M"), "value": f"{each['kind']}: {each['what']}"}
