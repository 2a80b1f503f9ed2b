"""Charts as server-rendered SVG: positions in percent, heights in px, so that one drawing fits every width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

PLOT_TOP, LABEL_ROOM, LEFT = 24, 20, 5.5
GRID_LINES_MAX = 4
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One column's values. None: nothing was measured, which is a gap and not zero."""

    name: str
    label: str  # under the column; empty for none
    tip: str
    values: tuple[int, ...] | None  # from the base line up, one for each series
    address: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle."""

    css_class: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One column as it is drawn."""

    name: str
    label: str
    tip: str
    address: str
    hit_x: float
    hit_width: float
    x: float
    width: float
    middle: float
    bars: tuple[Bar, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GridLine:
    """A line across the plot and the value it stands for."""

    y: float
    text_y: float
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """One of the parts a column is made of."""

    css_class: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChart:
    """Everything that components/chart.html draws."""

    caption: str
    sentence: str
    summary: str
    empty_text: str
    key_title: str
    height: int
    base_y: int
    legend: tuple[Series, ...]
    grid: tuple[GridLine, ...] = ()
    columns: tuple[Column, ...] = field(default=())
    caption_hidden: bool = False
    with_values: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing to draw yet."""
        return not any(column.bars for column in self.columns)

    @property
    def has_links(self) -> bool:
        """Columns lead somewhere."""
        return any(column.address for column in self.columns)

    @property
    def plot_height(self) -> int:
        """Height of the part with columns, in px."""
        return self.base_y - PLOT_TOP

    @property
    def label_y(self) -> int:
        """Where the labels under the columns stand."""
        return self.base_y + 15


def pages_series() -> tuple[Series, ...]:
    """Black and white below, colour on top."""
    return (Series("f3", _("Black and white")), Series("f1", _("Colour")))


def columns(
    data: Sequence[Datum],
    series: tuple[Series, ...],
    *,
    caption: str,
    sentence: str,
    summary: str = "",
    empty_text: str = "",
    key_title: str = "",
    height: int = 132,
    caption_hidden: bool = False,
    with_values: bool = False,
    axis_text: Callable[[float], str] | None = None,
) -> ColumnChart:
    """Lay out stacked columns. `height` is that of the whole drawing in px."""
    base_y = height - LABEL_ROOM
    top = max((sum(each.values) for each in data if each.values), default=0)
    step = grid_step(top)
    scale = (base_y - PLOT_TOP) / top if top else 0.0
    text = axis_text or short_number
    lines = [step * number for number in range(1, GRID_LINES_MAX + 1) if top and step * number <= top]
    return ColumnChart(
        caption=caption,
        sentence=sentence,
        summary=summary,
        empty_text=empty_text or _("Nothing counted yet."),
        key_title=key_title or _("Day"),
        height=height,
        base_y=base_y,
        legend=series,
        grid=tuple(_grid_line(value, base_y - value * scale, text) for value in lines),
        columns=tuple(
            _column(each, series, at=at, count=len(data), base_y=base_y, scale=scale) for at, each in enumerate(data)
        ),
        caption_hidden=caption_hidden,
        with_values=with_values,
    )


def grid_step(top: float) -> float:
    """A round step that gives at most four lines below `top`."""
    if top <= 0:
        return 1
    magnitude = 10 ** (len(str(int(top))) - 2) if top >= 10 else 0.1
    steps = (factor * magnitude * power for power in (1, 10, 100) for factor in _STEPS)
    # Pages are whole: so are the lines they are read against.
    return next((step for step in steps if step >= 1 and step == int(step) and top / step < GRID_LINES_MAX), top)


def short_number(value: float) -> str:
    """5k for 5,000; as few characters as say it."""
    for limit, sign in ((1_000_000, "M"), (1_000, "k")):
        if value >= limit:
            return (
                f"{Decimal(str(value)) / limit:f}".rstrip("0").rstrip(".") + sign
                if value % limit
                else f"{value / limit:.0f}{sign}"
            )
    return f"{value:g}"


def _grid_line(value: float, y: float, text: Callable[[float], str]) -> GridLine:
    return GridLine(round(y, 2), round(y - 4, 2), text(value))


def _column(datum: Datum, series: tuple[Series, ...], *, at: int, count: int, base_y: int, scale: float) -> Column:
    pitch = (100 - LEFT) / count
    left = LEFT + at * pitch
    width = pitch * 0.7
    return Column(
        name=datum.name,
        label=datum.label,
        tip=datum.tip,
        address=datum.address,
        hit_x=round(left, 3),
        hit_width=round(pitch, 3),
        x=round(left + (pitch - width) / 2, 3),
        width=round(width, 3),
        middle=round(left + pitch / 2, 3),
        bars=_bars(datum.values or (), series, base_y, scale),
        values=datum.values or (),
    )


def _bars(values: tuple[int, ...], series: tuple[Series, ...], base_y: int, scale: float) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    foot = float(base_y)
    for value, each in zip(values, series, strict=True) if values else ():
        if value <= 0:
            continue
        height = max(value * scale, 1.0)
        gap = 1.0 if bars else 0.0  # a hairline keeps the parts of a column apart without colour
        foot -= height
        bars.append(Bar(each.css_class, round(foot, 2), round(max(height - gap, 1.0), 2)))
    return tuple(bars)
