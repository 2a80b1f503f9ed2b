"""Sites on a map of our own: where they lie to each other, how many devices, how they are. No tiles from outside."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from platen.fleet.models import Place
from platen.fleet.queries_places import Condition

MARGIN = 8.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One site. x and y: percent of the drawing; radius: px, by how many devices there are."""

    place: Place
    condition: Condition
    x: float
    y: float
    radius: float

    @property
    def css_class(self) -> str:
        """The class that paints it, by the worst that it has."""
        if self.condition.failing or self.condition.silent:
            return "f-fail"
        return "f-attn" if self.condition.warning else "f4"


def site_map(places: Sequence[Place], conditions: Mapping[int, Condition]) -> list[Spot]:
    """The places that say where they are, spread over the drawing as they lie to each other; one alone is no map."""
    known = [each for each in places if each.latitude is not None and each.longitude is not None]
    if len(known) < 2:
        return []
    north, south = max(_lat(each) for each in known), min(_lat(each) for each in known)
    middle = math.cos(math.radians((north + south) / 2)) or 1.0
    east, west = max(_lon(each) for each in known), min(_lon(each) for each in known)
    span = max(north - south, (east - west) * middle, 1e-6)
    return [
        Spot(
            each,
            conditions.get(each.pk, Condition()),
            round(50 + (_lon(each) - (east + west) / 2) * middle / span * (100 - 2 * MARGIN), 2),
            round(50 - (_lat(each) - (north + south) / 2) / span * (100 - 4 * MARGIN), 2),
            round(6 + min(18.0, math.sqrt(conditions.get(each.pk, Condition()).total)), 1),
        )
        for each in known
    ]


def _lat(place: Place) -> float:
    return float(place.latitude or 0)


def _lon(place: Place) -> float:
    return float(place.longitude or 0)
