"""Plans at hand: machines of one kind share one, so a fleet has few."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import structlog

from platen.readings.plan import Plan, dump_plan, load_plan

log = structlog.get_logger("platen.poller")

PLANS_MAX = 2_000


class Plans:
    """Decoded once, encoded once."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[int, Plan | None] = OrderedDict()
        self._contents: OrderedDict[str, bytes] = OrderedDict()

    def has(self, plan_id: int) -> bool:
        """Whether a plan need not be loaded."""
        return plan_id in self._by_id

    def of(self, plan_id: int | None, loaded: Mapping[int, bytes]) -> Plan | None:
        """A machine's plan, from what is at hand or was loaded; None where there is none of use."""
        if plan_id is None:
            return None
        if plan_id not in self._by_id and plan_id in loaded:
            self._keep(plan_id, loaded[plan_id])
        return self._by_id.get(plan_id)

    def content(self, plan: Plan) -> bytes:
        """As it is stored."""
        if plan.key not in self._contents:
            self._contents[plan.key] = dump_plan(plan)
            if len(self._contents) > PLANS_MAX:
                self._contents.popitem(last=False)
        return self._contents[plan.key]

    def _keep(self, plan_id: int, content: bytes) -> None:
        try:
            self._by_id[plan_id] = load_plan(content)
        except (ValueError, KeyError, TypeError):  # of another version: a survey makes a new one
            log.info("plan_not_usable", plan=plan_id)
            self._by_id[plan_id] = None
        if len(self._by_id) > PLANS_MAX:
            self._by_id.popitem(last=False)
