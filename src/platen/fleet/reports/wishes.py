"""What somebody wants to know: which report, of which devices, over which periods, with which columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from platen.fleet.errors import InvalidValue
from platen.fleet.state_shares import CHOICES
from platen.policy.fleet.periods import Interval

KINDS = ("usage", "counters", "status", "shares", "alerts", "supplies", "firmware", "devices", "audit")
PARTS = ("device", "counter", "region", "group", "model", "maker", "location", "collector")
"""What the lines of a usage report are: one for each device, for each counter, or sums of devices."""
COUNTERS = (
    *("total", "total.mono", "total.color", "print", "print.mono", "print.color"),
    *("copy", "copy.mono", "copy.color", "scan", "fax", "sheets", "duplex"),
)
CATEGORIES = ("printer", "multifunction", "color", "mono")
SUPPLY_KINDS = ("toner", "ink", "drum", "waste", "other")
ORDERS = ("name", "location", "model", "most", "month")
DAYS = 30
DAYS_MAX = 3_660
NAMES_MAX = 200
_COUNTER = re.compile(r"[a-z][a-z0-9.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Wish:
    """A report that is asked for.

    by, counter, interval, periods: of usage; interval, of: of shares of time; days: of shares without an interval, and
    of alerts. category, model, supply, group, region: what it is limited to. person, area: of the audit trail.
    columns: which of the columns that can be chosen; none: the usual ones. counters: instead of the usual ones.
    """

    kind: str = "usage"
    by: str = "device"
    counter: str = "total"
    interval: str = ""
    periods: int = 0
    of: str = "error"
    days: int = DAYS
    category: str = ""
    model: str = ""
    supply: str = ""
    group: int = 0
    region: int = 0
    order: str = "name"
    person: str = ""
    area: str = ""
    columns: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As tasks store it: what differs from what is usual."""
        usual = Wish(self.kind)
        said = {name: value for name, value in asdict(self).items() if value != getattr(usual, name)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}

    @property
    def every(self) -> Interval:
        """How long each period is."""
        return Interval(self.interval or Interval.MONTH)


def wish_of(kind: str, given: Mapping[str, Any]) -> Wish:
    """A wish as it is stored, typed or put in an address; what is not said is as usual. Raises: InvalidValue."""
    _one_of(kind, KINDS, _("a report"))
    wish = Wish(
        kind,
        **{
            each.name: _read(each.name, each.type, given[each.name])
            for each in fields(Wish)[1:]
            if given.get(each.name)
        },
    )
    _one_of(wish.by, PARTS, _("what its lines are"))
    _one_of(wish.interval, ("", *Interval), _("an interval"))
    _one_of(wish.of, tuple(CHOICES), _("states"))
    _one_of(wish.category, ("", *CATEGORIES), _("a category"))
    _one_of(wish.supply, ("", *SUPPLY_KINDS), _("a kind of supply"))
    _one_of(wish.order, ORDERS, _("an order"))
    for counter in (wish.counter, *wish.counters):
        if not _COUNTER.fullmatch(counter):
            raise InvalidValue(
                _("“%(name)s” is no counter. Use names such as total or copy.color.") % {"name": counter}
            )
    return wish


def _read(name: str, typed: object, value: Any) -> Any:
    """Raises: InvalidValue."""
    if "tuple" in str(typed):
        some: Iterable[object] = value.split(",") if isinstance(value, str) else value
        return tuple(str(each).strip()[:64] for each in list(some)[:NAMES_MAX] if str(each).strip())
    if str(typed) != "int":
        return str(value).strip()[:255]
    if not str(value).strip().isdecimal():
        raise InvalidValue(_("“%(value)s” is no number.") % {"value": str(value)[:40]})
    return min(int(str(value)[:18]), DAYS_MAX if name == "days" else 2**62)


def _one_of(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        offered = ", ".join(each for each in known if each)
        raise InvalidValue(_("Choose %(what)s: %(known)s.") % {"what": what, "known": offered})
