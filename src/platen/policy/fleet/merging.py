"""States of two records of one machine made those of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

UNSEEN = frozenset({"silent", "off", "unknown"})
"""States of a record that nobody got an answer by: what the other record saw meanwhile is what was."""


@dataclass(frozen=True, slots=True)
class Span:
    """A state from when to when; end None: it lasts."""

    state: str
    begin: datetime
    end: datetime | None = None


def merge_spans(kept: Sequence[Span], gone: Sequence[Span], now: datetime) -> list[Span]:
    """States of both as one, oldest first: where both saw the machine it is as the first of them says."""
    moments = {each.begin for each in (*kept, *gone)} | {each.end or now for each in (*kept, *gone)}
    found: list[Span] = []
    ordered = sorted(moments)
    ours, theirs = _Walk(kept, now), _Walk(gone, now)
    for begin, end in pairwise(ordered):
        mine, other = ours.at(begin), theirs.at(begin)
        state = other if mine is None or (mine in UNSEEN and other is not None and other not in UNSEEN) else mine
        if state is None:
            continue
        if found and found[-1].end == begin and found[-1].state == state:
            found[-1] = Span(state, found[-1].begin, end)
        else:
            found.append(Span(state, begin, end))
    if found and found[-1].end == now:
        found[-1] = Span(found[-1].state, found[-1].begin)
    return found


class _Walk:
    """Spans in order, asked for moments that never go back."""

    def __init__(self, spans: Sequence[Span], now: datetime) -> None:
        self._spans = sorted(spans, key=lambda span: span.begin)
        self._now, self._at = now, 0

    def at(self, moment: datetime) -> str | None:
        while self._at < len(self._spans) and (self._spans[self._at].end or self._now) <= moment:
            self._at += 1
        if self._at < len(self._spans) and self._spans[self._at].begin <= moment:
            return self._spans[self._at].state
        return None
