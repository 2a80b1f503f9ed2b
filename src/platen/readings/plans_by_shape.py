"""The plan of a machine that has the same objects as another one is the same: it is made once.

What goes into a plan is which objects there are, how long their texts are by and large, and the values of those that do
not change. How far meters have counted and what the machine is called does not, nor do alerts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.corrections import objects_looked_at
from platen.readings.facts import Identity
from platen.readings.makers import table_of
from platen.readings.mark import mark_of
from platen.readings.plan import CONSTANTS, Plan, make_plan, marked_runs, usual_octets
from platen.readings.tables import column_of

PLANS_MAX = 500

_ALERT_ARCS = len(o.ALERT_ENTRY)
_kept: OrderedDict[tuple[object, ...], Plan] = OrderedDict()


def plan_of(raw: Mapping[Oid, Value], identity: Identity) -> Plan:
    """As `make_plan` makes it. identity: who the machine is by what it answered."""
    shape = shape_of(raw, identity)
    plan = _kept.get(shape)
    if plan is None:
        plan = _kept[shape] = make_plan(raw, identity=identity)
        if len(_kept) > PLANS_MAX:
            _kept.popitem(last=False)
    return plan


def shape_of(raw: Mapping[Oid, Value], identity: Identity) -> tuple[object, ...]:
    """All that a plan can depend on."""
    table = table_of(raw)
    keys = table.key_columns if table is not None else ()
    by_value = objects_looked_at()
    mark = mark_of(raw, identity)
    found: list[object] = [table, by_value, *marked_runs(raw, mark)]
    has_alerts = False
    for oid, value in raw.items():
        if oid[:_ALERT_ARCS] == o.ALERT_ENTRY and oid not in by_value:
            has_alerts = True
            continue
        found.append(oid)
        if value is None:
            found.append("nothing")
        elif column_of(oid) in CONSTANTS or oid in by_value or any(oid[: len(key)] == key for key in keys):
            found.append(value)
        else:
            found.append(usual_octets(value))
    found.append(has_alerts)
    return tuple(found)
