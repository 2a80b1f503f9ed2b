"""The map of sites with its words: which places are on it, how each is, what its lines are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from platen.console.map_drawing import Drawing, Line, Mark, Site, draw_map
from platen.fleet.models import Place
from platen.fleet.queries_places import Condition

SIZES = {"wide": (760.0, 440.0), "narrow": (360.0, 380.0)}
"""Two drawings, so that names are readable and apart on a screen of either kind."""
_CLASSES = ("m-none", "m-ok", "m-attn", "m-fail")


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark with its words. place: where it leads; None: to the list, since it stands for several."""

    mark: Mark
    css_class: str
    place: Place | None
    words: str

    @property
    def path(self) -> str:
        """Its outline: a square for what is down, a triangle for warnings, a circle otherwise."""
        x, y, r = self.mark.x, self.mark.y, self.mark.radius
        if self.css_class == "m-fail":
            return f"M{x - r * 0.9:.1f} {y - r * 0.9:.1f}h{r * 1.8:.1f}v{r * 1.8:.1f}h{-r * 1.8:.1f}z"
        if self.css_class == "m-attn":
            return f"M{x:.1f} {y - r:.1f}L{x + r:.1f} {y + r * 0.8:.1f}H{x - r:.1f}z"
        return f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r:.1f} 0a{r} {r} 0 1 0 {-2 * r:.1f} 0z"


@dataclass(frozen=True, slots=True)
class SiteMap:
    """One drawing with its words. Lines are pairs of a position and its degrees."""

    name: str
    drawing: Drawing
    parallels: tuple[tuple[float, str], ...]
    meridians: tuple[tuple[float, str], ...]
    spots: tuple[Spot, ...]
    scale_words: str
    middle: str

    @property
    def scale_x(self) -> float:
        """Where the scale ends."""
        return self.drawing.frame.x1 - 12

    @property
    def scale_path(self) -> str:
        """The scale: a line with its two ends."""
        scale = self.drawing.scale
        y = self.drawing.frame.y1 - 12
        return "" if scale is None else f"M{self.scale_x - scale.length:.1f} {y}v6h{scale.length}v-6"


def site_maps(places: Sequence[Place], conditions: Mapping[int, Condition]) -> list[SiteMap]:
    """The places that say where they are, for wide and for narrow screens; one alone is no map."""
    known = {each.pk: each for each in places if each.latitude is not None and each.longitude is not None}
    if len(known) < 2:
        return []
    sites = [_site(place, conditions.get(key, Condition())) for key, place in known.items()]
    return [_with_words(name, draw_map(sites, *size), known) for name, size in SIZES.items()]


def _site(place: Place, condition: Condition) -> Site:
    down = condition.failing or condition.silent
    badness = 3 if down else 2 if condition.warning else 1 if condition.total else 0
    return Site(
        key=place.pk,
        name=place.name,
        latitude=float(place.latitude or 0),
        longitude=float(place.longitude or 0),
        devices=condition.total,
        badness=badness,
    )


def _with_words(name: str, drawing: Drawing, known: Mapping[int, Place]) -> SiteMap:
    scale = drawing.scale
    return SiteMap(
        name,
        drawing,
        tuple((line.at, _north(line)) for line in drawing.parallels),
        tuple((line.at, _degrees(line, _("%(degrees)s° E"), _("%(degrees)s° W"))) for line in drawing.meridians),
        tuple(_spot(mark, known) for mark in drawing.marks),
        "" if scale is None else _length(scale.km),
        "" if scale is None else _north(Line(0, round(scale.latitude, 1), 1)),
    )


def _spot(mark: Mark, known: Mapping[int, Place]) -> Spot:
    names = ", ".join(site.name for site in mark.sites)
    devices = ngettext("%(n)s device", "%(n)s devices", mark.devices) % {
        "n": number_format(mark.devices, force_grouping=True)
    }
    state = (_("no devices"), _("all well"), _("warnings"), _("devices down"))[mark.badness]
    words = f"{names}: {devices}, {state}" if mark.devices else f"{names}: {state}"
    single = known[mark.sites[0].key] if len(mark.sites) == 1 else None
    return Spot(mark, _CLASSES[mark.badness], single, words)


def _north(line: Line) -> str:
    return _degrees(line, _("%(degrees)s° N"), _("%(degrees)s° S"))


def _degrees(line: Line, positive: str, negative: str) -> str:
    said = number_format(abs(line.degrees), line.decimals)
    return (negative if line.degrees < 0 else positive) % {"degrees": said}


def _length(km: float) -> str:
    if km < 1:
        return _("%(n)s m") % {"n": number_format(round(km * 1000))}
    return _("%(n)s km") % {"n": number_format(round(km), force_grouping=True)}
