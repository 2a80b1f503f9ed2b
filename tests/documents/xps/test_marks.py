"""What is marked on fixed pages, and in which colours: what is declared, hidden or missing counts for nothing."""

from __future__ import annotations

import io
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from platen.documents.analysis import analyse
from platen.documents.limits import AnalysisLimits, AnalysisOptions
from platen.documents.xps import pictures
from platen.documents.xps.geometry import bounds_of
from tests.documents.xps.packages import NS, PATH, package, page, parts_of

RED = '<Path Data="M 0,0 L 90,0 L 90,90 Z" Fill="#FF0000"/>'
SQUARE = '<Path Data="M 0,0 L 90,0 L 90,90 L 0,90 Z"{}>{}</Path>'
COLOURED, GRAY, BLANK = (True, False), (False, False), (False, True)


def seen(content: str, parts: dict[str, str | bytes] | None = None) -> tuple[bool | None, bool | None]:
    """The colour of a page with this content, and whether it is blank."""
    run = analyse(package({**parts_of(page(content)), **(parts or {})})).page_runs[0]
    return run.color, run.blank


def image(color: object, kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (24, 24)) -> bytes:
    stream = io.BytesIO()
    Image.new(mode, size, color).save(stream, kind)  # type: ignore[arg-type]  # a colour of whatever mode
    return stream.getvalue()


def image_brush(source: str = "/r/1.img", viewbox: str = "0,0,24,24", more: str = "") -> str:
    return (
        f'<ImageBrush ImageSource="{source}" Viewbox="{viewbox}" Viewport="0,0,90,90" ViewboxUnits="Absolute"'
        f' ViewportUnits="Absolute"{more}/>'
    )


def filled(brush: str) -> str:
    return SQUARE.format("", f"<Path.Fill>{brush}</Path.Fill>")


def gradient(*colors: str) -> str:
    stops = "".join(f'<GradientStop Color="{color}" Offset="{n}"/>' for n, color in enumerate(colors))
    inner = f"<LinearGradientBrush.GradientStops>{stops}</LinearGradientBrush.GradientStops>"
    return filled(f'<LinearGradientBrush MappingMode="Absolute">{inner}</LinearGradientBrush>')


def resources(*entries: str, of: str = "FixedPage") -> str:
    inner = "".join(entries)
    return f"<{of}.Resources><ResourceDictionary>{inner}</ResourceDictionary></{of}.Resources>"


def drawing(content: str, viewbox: str = "0,0,90,90") -> str:
    inner = f"<VisualBrush.Visual>{content}</VisualBrush.Visual>"
    return f'<VisualBrush Viewbox="{viewbox}" Viewport="0,0,90,90">{inner}</VisualBrush>'


SOLID = '<SolidColorBrush xmlns:x="x" x:Key="{}" Color="{}"/>'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PATH.format("#FF101010"), GRAY),
        (PATH.format("#FFFF0000"), COLOURED),
        (PATH.format("#00FF0000"), BLANK),
        (PATH.format("#FFFFFF"), BLANK),
        (PATH.format("#E8E8FF"), GRAY),
        (PATH.format("sc#0.5,0.5,0.5"), GRAY),
        (PATH.format("sc#1,0.5,0.5,0.1"), COLOURED),
        (PATH.format("ContextColor /p.icc 1.0,0.4,0.4,0.4,0"), GRAY),
        (PATH.format("ContextColor /p.icc 1.0,0.6,0.2,0.2,1"), GRAY),
        (PATH.format("ContextColor /p.icc 1.0,0,0,1,0"), COLOURED),
        (PATH.format("ContextColor /p.icc 1.0,0.5"), GRAY),
        ('<Path Data="M 0,5 H 9" Stroke="#0000FF"/>', COLOURED),
        ('<Path Data="M 0,5 H 9" Fill="#0000FF"/>', BLANK),
        ('<Path Data="M 0,5" Stroke="#0000FF"/>', BLANK),
        ('<Path Data="M 0,5 H 9" Stroke="#0000FF" StrokeThickness="0"/>', BLANK),
        ('<Glyphs UnicodeString="text" Fill="#FF008000" FontRenderingEmSize="12" OriginX="9" OriginY="99"/>', COLOURED),
        ('<Glyphs UnicodeString=" " Fill="#FF008000" FontRenderingEmSize="12" OriginX="9" OriginY="99"/>', BLANK),
        ('<Glyphs UnicodeString="  " Indices="3;3" Fill="#F00" FontRenderingEmSize="12"/>', BLANK),
        ('<Glyphs UnicodeString="  " Indices="3;4" Fill="#FF0000" FontRenderingEmSize="12"/>', COLOURED),
        ('<Glyphs UnicodeString="{}" Fill="#FF0000" FontRenderingEmSize="12"/>', BLANK),
        ('<Glyphs UnicodeString="text" Fill="#FF0000" FontRenderingEmSize="0"/>', BLANK),
        (gradient("#00FF00", "#0000FF"), COLOURED),
        (gradient("#101010", "#FFFFFF"), GRAY),
        (gradient("#00FF0000", "#FF000000"), COLOURED),
        (gradient("#00FF0000", "#00FF0000"), BLANK),
    ],
)  # fmt: skip
def test_paint_is_judged_by_what_it_leaves_on_white_paper(content, expected):
    """Channels decide, beyond what an eye takes for grey; clear, white and empty shapes leave nothing. SC-TDF-134"""
    assert seen(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        resources(SOLID.format("b", "#FF0000")),
        resources(drawing(RED).replace("<VisualBrush ", '<VisualBrush xmlns:x="x" x:Key="b" ')),
        f'<Canvas Opacity="0">{RED}</Canvas>',
        RED.replace("/>", ' Opacity="0"/>'),
        RED.replace("/>", ' RenderTransform="1,0,0,1,-500,0"/>'),
        RED.replace("/>", ' RenderTransform="0,0,0,0,0,0"/>'),
        f'<Canvas RenderTransform="1,0,0,1,0,1200">{RED}</Canvas>',
        f'<Canvas RenderTransform="1,0,0,1,0,1200"><Canvas>{RED}</Canvas></Canvas>',
        RED.replace("/>", ' Clip="M 100,0 L 200,0 200,90 Z"/>'),
        RED.replace("/>", ' Clip="M 0,0"/>'),
        f'<Canvas Clip="M 100,0 L 200,0 200,90 Z">{RED}</Canvas>',
        f'<Canvas><Canvas.Clip><PathGeometry Figures="M 100,0 h 100 v 90 z"/></Canvas.Clip>{RED}</Canvas>',
        f'<Canvas Clip="M 0,0 h 50 v 50 h -50 z"><Canvas Clip="M 60,0 h 9 v 9 z">{RED}</Canvas></Canvas>',
        "<Canvas><Canvas.RenderTransform><MatrixTransform Matrix='1,0,0,1,0,-91'/></Canvas.RenderTransform>"
        f"{RED}</Canvas>",
        f'<Canvas><Canvas.OpacityMask><SolidColorBrush Color="#00000000"/></Canvas.OpacityMask>{RED}</Canvas>',
        SQUARE.format(' Fill="{StaticResource nothing}"', ""),
        SQUARE.format("", '<Path.Fill><SolidColorBrush Color="#FF0000" Opacity="0"/></Path.Fill>'),
        filled(drawing("")),
        filled(drawing(RED, viewbox="100,0,50,50")),
        filled(drawing(f'<Canvas Opacity="0">{RED}</Canvas>')),
        '<Glyphs UnicodeString="far off" Fill="#FF0000" FontRenderingEmSize="12" OriginX="900" OriginY="99"/>',
        '<Glyphs UnicodeString="above" Fill="#FF0000" FontRenderingEmSize="12" OriginX="9" OriginY="-99"/>',
        "<Path Fill='#FF0000'><Path.Data><PathGeometry><PathFigure StartPoint='-20,5'>"
        "<PolyLineSegment Points='-9,5 -9,9'/></PathFigure></PathGeometry></Path.Data></Path>",
    ],
)  # fmt: skip
def test_what_nobody_sees_is_no_colour_and_no_mark(content):
    """Defined and not used, transparent, off the page, or clipped away. SC-TDF-134"""
    assert seen(content) == BLANK


@pytest.mark.parametrize(
    "content",
    [
        resources(SOLID.format("b", "#FF0000")) + SQUARE.format(' Fill="{StaticResource b}"', ""),
        f"<Canvas>{resources(SOLID.format('b', '#FF0000'), of='Canvas')}<Canvas>"
        + SQUARE.format(' Stroke="{StaticResource b}"', "")
        + "</Canvas></Canvas>",
        resources(SOLID.format("b", "#808080"))
        + f"<Canvas>{resources(SOLID.format('b', '#FF0000'), of='Canvas')}"
        + SQUARE.format(' Fill="{StaticResource b}"', "")
        + "</Canvas>",
        resources('<PathGeometry xmlns:x="x" x:Key="g" Figures="M 1,1 h 9 v 9 z"/>')
        + '<Path Data="{StaticResource g}" Fill="#FF0000"/>',
        f'<Canvas Opacity="0.5" Clip="M 0,0 h 20 v 20 h -20 z">{RED}</Canvas>',
        f'<Canvas RenderTransform="1,0,0,1,-85,0">{RED}</Canvas>',
        f'<Canvas RenderTransform="0,1,-1,0,90,0">{RED}</Canvas>',
        f"<Canvas><Canvas.OpacityMask>{image_brush()}</Canvas.OpacityMask>{RED}</Canvas>",
        filled(drawing(RED)),
        filled(drawing(filled(drawing(RED)))),
        resources(RED.replace("/>", ' xmlns:x="x" x:Key="v"/>'))
        + filled('<VisualBrush Viewbox="0,0,90,90" Viewport="0,0,9,9" Visual="{StaticResource v}"/>'),
        '<Path Data="M -10,5 A 20,20 0 0 1 -10,25" Fill="#FF0000"/>',
        "<Path Fill='#FF0000'><Path.Data><PathGeometry Transform='1,0,0,1,30,0'><PathFigure StartPoint='-20,5'>"
        "<PolyLineSegment Points='-9,5 -9,9'/></PathFigure></PathGeometry></Path.Data></Path>",
    ],
)  # fmt: skip
def test_what_is_drawn_by_a_detour_is_seen(content):
    """Resources by their key, the nearest first; drawings in brushes; moved, masked and clipped in part. SC-TDF-134"""
    assert seen(content, {"r/1.img": image((0, 0, 0))}) == COLOURED


def test_brushes_in_a_dictionary_of_its_own():
    """A dictionary that is a part of the package is read, and of it only what is used."""
    content = '<FixedPage.Resources><ResourceDictionary Source="/d.dict"/></FixedPage.Resources>'
    entries = SOLID.format("red", "#FF0000") + SOLID.format("gray", "#777777")
    parts: dict[str, str | bytes] = {"d.dict": f'<ResourceDictionary xmlns="{NS}">{entries}</ResourceDictionary>'}
    assert seen(content + SQUARE.format(' Fill="{StaticResource red}"', ""), parts) == COLOURED
    assert seen(content + SQUARE.format(' Fill="{StaticResource gray}"', ""), parts) == GRAY
    assert seen(content, parts) == BLANK


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize(
    ("value", "expected"), [((90, 90, 90), GRAY), ((200, 30, 30), COLOURED), ((255, 255, 255), BLANK)]
)
def test_pictures_are_looked_into(kind, value, expected):
    """A grey picture in RGB is no colour, and a white one is nothing."""
    assert seen(filled(image_brush()), {"r/1.img": image(value, kind)}) == expected


def test_pictures_by_what_is_seen_of_them():
    """Transparent pixels, what a Viewbox leaves out, and a place off the page are not seen."""
    half = Image.new("RGB", (24, 24), (90, 90, 90))
    half.paste((255, 0, 0), (12, 0, 24, 24))
    stream = io.BytesIO()
    half.save(stream, "PNG")
    parts: dict[str, str | bytes] = {"r/1.img": stream.getvalue(), "r/2.img": image((255, 0, 0, 0), mode="RGBA")}
    assert seen(filled(image_brush()), parts) == COLOURED
    assert seen(filled(image_brush(viewbox="0,0,12,24")), parts) == GRAY
    assert seen(filled(image_brush(viewbox="12,0,12,24")), parts) == COLOURED
    assert seen(filled(image_brush("/r/2.img")), parts) == BLANK
    assert seen(filled(image_brush(more=' Transform="1,0,0,1,200,0"')), parts) == BLANK
    assert seen(filled(image_brush(more=' Transform="1,0,0,1,200,0" TileMode="Tile"')), parts) == COLOURED
    assert seen(filled(image_brush(more=' Opacity="0"')), parts) == BLANK
    assert seen(filled(image_brush("{ColorConvertedBitmap /r/1.img /p.icc}")), parts) == COLOURED


def test_a_picture_that_is_missing_shows_nothing():
    """The facts say so."""
    facts = analyse(package(parts_of(page(filled(image_brush())))))
    assert [(run.color, run.blank) for run in facts.page_runs] == [BLANK]
    assert "A picture of the package is missing; nothing is shown in its place." in facts.problems


def jpeg_xr(kind: int) -> bytes:
    identifier = bytes.fromhex("24c3dd6f034efe4bb1853d77768dc9") + bytes([kind])
    return b"II\xbc\x01" + struct.pack("<IHHHIII", 8, 1, 0xBC01, 1, 16, 26, 0) + identifier


def test_a_picture_that_cannot_be_decoded_is_not_judged():
    """JPEG XR is unknown, not grey, unless its pixels have one channel alone."""
    brush = filled(image_brush())
    assert seen(brush, {"r/1.img": b"II\xbc\x01rest"}) == (None, False)
    assert seen(brush, {"r/1.img": jpeg_xr(0x0C)}) == (None, False)
    assert seen(brush, {"r/1.img": jpeg_xr(0x08)}) == GRAY


def test_pictures_are_not_decoded_where_colour_is_not_asked_for():
    """Marks are told all the same."""
    facts = analyse(
        package({**parts_of(page(filled(image_brush()))), "r/1.img": image((255, 0, 0))}),
        options=AnalysisOptions(color=False),
    )
    assert [(run.color, run.blank) for run in facts.page_runs] == [(None, False)]


def test_of_alternatives_one_is_drawn():
    """A choice for readers that know more is passed over, and what others take instead is drawn."""
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    gray = PATH.format("#808080")
    needs = (
        f'<mc:AlternateContent {mc} xmlns:n="{{}}"><mc:Choice Requires="n">{RED}</mc:Choice>{{}}</mc:AlternateContent>'
    )
    fallback = f"<mc:Fallback>{gray}</mc:Fallback>"
    assert seen(needs.format("urn:new", fallback)) == GRAY
    assert seen(needs.format("urn:new", "")) == BLANK
    assert seen(needs.format(NS, fallback)) == COLOURED


def test_brushes_that_stand_in_each_other_without_end_paint_nothing_more():
    """A drawing that paints with itself ends."""
    brush = drawing(SQUARE.format(' Fill="{StaticResource b}"', "")).replace(
        "<VisualBrush ", '<VisualBrush xmlns:x="x" x:Key="b" '
    )
    assert seen(resources(brush) + SQUARE.format(' Fill="{StaticResource b}"', "")) == BLANK


def test_drawings_used_again_and_again_cost_no_more_than_is_bounded():
    """Each of twenty brushes draws with the one before it twice: a million squares are not drawn."""
    key = '<VisualBrush xmlns:x="x" x:Key="b{}" '
    square = SQUARE.format(' Fill="{{StaticResource b{}}}"', "")
    chain = [drawing(SQUARE.format(' Fill="#808080"', "")).replace("<VisualBrush ", key.format(0))]
    for n in range(20):
        chain.append(drawing(f"<Canvas>{square.format(n) * 2}</Canvas>").replace("<VisualBrush ", key.format(n + 1)))
    assert seen(resources(*chain) + square.format(20)) == GRAY


LETTERS = "MmLlHhVvCcQqSsAaZzFf0123456789.,- e"


@given(st.text(LETTERS, max_size=60))
def test_any_geometry_is_foreseen(text):
    """Whatever stands there gives a box of four numbers."""
    assert len(bounds_of(text)) == 4


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=2, max_size=9))
def test_a_geometry_is_the_same_in_steps_as_in_places(points):
    """Relative commands give the box that absolute ones give, which is the box around the points."""
    places = "M " + " L ".join(f"{x},{y}" for x, y in points)
    steps = f"m {points[0][0]},{points[0][1]}" + "".join(f" l {x - a},{y - b}" for (a, b), (x, y) in pairwise(points))
    xs, ys = zip(*points, strict=True)
    assert bounds_of(places) == bounds_of(steps) == (min(xs), min(ys), max(xs), max(ys))


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("M 0,0 C 1,2 3,4 5,6", (0, 0, 5, 6)),
        ("F1 M0 0h5v6z l -1 -1", (-1, -1, 5, 6)),
        ("m 1,1 2,2 3,3", (1, 1, 6, 6)),
        ("M 1,1 2,2 H 9 V 7 S 1,2 3,4 Q 0,0 1,1", (0, 0, 9, 7)),
        ("M 0,0 A 10,20 0 0 1 5,5", (-40, -40, 45, 45)),
        ("M 1e1,1E1 L 20,20", (10, 10, 20, 20)),
    ],
)
def test_boxes_of_geometries(text, box):
    """Every kind of command, with numbers as they may be written (ECMA-388 section 11.2.3)."""
    assert bounds_of(text) == box


def test_windows_on_a_picture_are_looked_through_as_far_as_a_bound_goes(monkeypatch):
    """A grey picture is decoded once, however many parts of it are shown; of a coloured one, what was not is open."""
    windows = [image_brush(viewbox=f"{n % 20},{n // 20},2,2") for n in range(400)]
    content = "".join(map(filled, windows))
    looks: list[object] = []
    look_at = pictures.look_at
    monkeypatch.setattr(pictures, "look_at", lambda *args, **how: looks.append(how) or look_at(*args, **how))
    assert seen(content, {"r/1.img": image((90, 90, 90))}) == GRAY
    assert len(looks) == 1
    dot = Image.new("RGB", (24, 24), (90, 90, 90))
    dot.putpixel((23, 23), (255, 0, 0))
    stream = io.BytesIO()
    dot.save(stream, "PNG")
    few = AnalysisOptions(limits=AnalysisLimits(picture_bytes_max=20_000))
    parts: dict[str, str | bytes] = {**parts_of(page(content)), "r/1.img": stream.getvalue()}
    assert analyse(package(parts)).page_runs[0].color is False
    assert analyse(package(parts), options=few).page_runs[0].color is None
