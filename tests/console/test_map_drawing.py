"""Drawing sites as a map: lines of degrees, a scale, marks, and names that do not cover each other."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.console.map_drawing import KM_PER_DEGREE, Box, Drawing, Mark, Site, draw_map

WIDTH, HEIGHT = 760.0, 440.0
TOWNS = ((52.52, 13.40), (53.55, 10.0), (48.14, 11.58), (50.94, 6.96), (51.05, 13.74), (47.37, 8.54))


def drawn(*where: tuple[float, float], **values: int) -> Drawing:
    """A drawing of sites at these latitudes and longitudes, named A, B, C …"""
    sites = [
        Site(key=n, name=chr(ord("A") + n), latitude=latitude, longitude=longitude, **values)
        for n, (latitude, longitude) in enumerate(where)
    ]
    return draw_map(sites, WIDTH, HEIGHT)


def at(drawing: Drawing, name: str) -> Mark:
    """The mark of a site."""
    return next(mark for mark in drawing.marks if name in {site.name for site in mark.sites})


def name_box(mark: Mark) -> Box:
    """What a name covers at the least, by narrow letters."""
    assert mark.label is not None
    length = len(mark.label.text) * 5.0
    left = mark.label.x - {"start": 0, "middle": length / 2, "end": length}[mark.label.anchor]
    return Box(left, mark.label.y - 9, left + length, mark.label.y)


def test_north_is_up_and_lengths_are_true() -> None:
    """North is up, east is right, everything is within the frame, and as far apart as the scale says."""
    drawing = drawn(*TOWNS)
    berlin, munich = at(drawing, "A"), at(drawing, "C")
    assert berlin.y < munich.y
    assert berlin.x > munich.x
    assert all(drawing.frame.holds(mark.box) for mark in drawing.marks)
    assert drawing.scale is not None
    km = math.hypot(berlin.x - munich.x, berlin.y - munich.y) / drawing.scale.length * drawing.scale.km
    assert km == pytest.approx(505, rel=0.03)  # between the two towns


@pytest.mark.parametrize("span", [170.0, 20.0, 3.0, 0.4, 0.03, 0.001])
def test_lines_at_round_degrees(span: float) -> None:
    """However large or small the map is, a few lines of each kind stand at round degrees, and lie where these are."""
    drawing = drawn((50 - span / 4, 10), (50 - span / 4, 10 + span), (50 - span / 4 + span / 100, 10))
    for lines in (drawing.parallels, drawing.meridians):
        assert 2 <= len(lines) <= 10
        assert all(line.degrees == round(line.degrees, line.decimals) for line in lines)
        apart = [after.at - before.at for before, after in itertools.pairwise(lines)]
        assert max(apart) - min(apart) < 0.3
        assert min(map(abs, apart)) >= 59
    assert drawing.scale is not None
    assert 40 < drawing.scale.length <= 130
    degrees = abs(drawing.parallels[0].degrees - drawing.parallels[1].degrees)
    units = abs(drawing.parallels[0].at - drawing.parallels[1].at)
    assert drawing.scale.km / drawing.scale.length == pytest.approx(degrees * KM_PER_DEGREE / units, rel=0.02)


def test_across_the_180th_meridian() -> None:
    """Sites on both sides of it lie beside each other, and its degrees turn from east to west."""
    drawing = drawn((-17.7, 178.1), (-13.8, -171.8), (-21.1, -175.2))
    fiji, samoa = at(drawing, "A"), at(drawing, "B")
    assert fiji.x < samoa.x
    degrees = [line.degrees for line in drawing.meridians]
    assert any(each > 170 for each in degrees)
    assert any(each < -170 for each in degrees)
    assert len(drawing.meridians) >= 3


def test_sites_too_near_to_be_told_apart_share_a_mark() -> None:
    """The one with the most devices names it, with how many others; their devices add up and the worst shows."""
    near = [
        Site(key=1, name="Annex", latitude=52.5, longitude=13.4, devices=2, badness=3),
        Site(key=2, name="Library", latitude=52.501, longitude=13.401, devices=9, badness=1),
        Site(key=3, name="Far", latitude=48.1, longitude=11.6),
    ]
    drawing = draw_map(near, WIDTH, HEIGHT)
    assert len(drawing.marks) == 2
    mark = at(drawing, "Annex")
    assert (mark.text, mark.devices, mark.badness) == ("Library +1", 11, 3)


def test_the_worst_is_named_first() -> None:
    """Where there is no room for all names, the worst site has its own, and how many have none is told."""
    grid = [
        Site(key=n, name=f"A place of a long name {n}", latitude=n // 12 * 0.9, longitude=n % 12, badness=int(n == 66))
        for n in range(144)
    ]
    drawing = draw_map(grid, WIDTH, HEIGHT)
    assert at(drawing, "A place of a long name 66").label is not None
    assert 0 < drawing.unnamed < 144


def test_a_name_beside_others_has_a_line() -> None:
    """A name that has no room beside its mark stands further away with a line to it; one that is too long is cut."""
    crowd = [(50 + down * 0.5, 10 + right * 0.8) for down in range(3) for right in range(3)]
    names = ["y" * 11] * 9 + ["x" * 120] * 2
    where = [*crowd, (47, 4), (53, 16)]
    sites = [
        Site(key=n, name=name, latitude=latitude, longitude=longitude)
        for n, (name, (latitude, longitude)) in enumerate(zip(names, where, strict=True))
    ]
    labels = [mark.label for mark in draw_map(sites, WIDTH, HEIGHT).marks if mark.label is not None]
    assert any(label.leader is not None for label in labels)
    assert max(len(label.text) for label in labels) == 26


def test_nothing_to_draw() -> None:
    """Without sites the drawing is empty; one alone lies in the middle."""
    assert draw_map([], WIDTH, HEIGHT).marks == []
    (mark,) = drawn((90, 0)).marks
    assert mark.x == pytest.approx((58 + WIDTH - 6) / 2, abs=1)


anywhere = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
nearby = st.tuples(st.floats(50, 54), st.floats(6, 14))


@given(st.lists(anywhere, min_size=1, max_size=40) | st.lists(nearby, min_size=1, max_size=40))
def test_names_cover_nothing(where: list[tuple[float, float]]) -> None:
    """Wherever sites are, marks lie within the frame, and no name lies over another, over a mark or outside."""
    drawing = drawn(*where, devices=4)
    named = [mark for mark in drawing.marks if mark.label is not None]
    assert sum(len(mark.sites) for mark in drawing.marks) == len(where)
    assert all(drawing.frame.holds(mark.box) for mark in drawing.marks)
    for mark in named:
        box = name_box(mark)
        assert drawing.frame.holds(box)
        assert not any(box.meets(other.box) for other in drawing.marks)
        assert not any(box.meets(name_box(other)) for other in named if other is not mark)
