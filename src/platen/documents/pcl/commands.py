"""What PCL 5 commands without a payload do, as far as pages, paper and colour depend on it."""

from __future__ import annotations

from collections.abc import Callable

from platen.documents.pcl.device import PclDevice, Replay
from platen.documents.pcl.layout import INCH
from platen.documents.pcl.paper import CUSTOM_SIZE, PCL5_SIZES
from platen.documents.source import Data

_DECIPOINT = INCH // 720
_LENGTHS = {
    INCH * 21 // 2: "na_executive_7.25x10.5in",
    INCH * 11: "na_letter_8.5x11in",
    INCH * 70 // 6: "iso_a4_210x297mm",
    INCH * 14: "na_legal_8.5x14in",
    INCH * 17: "na_ledger_11x17in",
}
_PIXELS_MAX = 1 << 20

Handler = Callable[[PclDevice, float], None]


def obey(device: PclDevice, name: str, value: float, data: Data, span: tuple[int, int], *, replay: Replay) -> None:
    """A command that stands in a sequence at `span` of the data."""
    if device.is_recording:
        if name == "&fX" and int(value) == 1:
            device.macros.end(span[0])
        return
    if handler := _HANDLERS.get(name):
        handler(device, value)
    elif name == "&fX":
        device.macro_data = data
        _macro(device, int(value), span[1], replay)


def handler_of(name: str) -> Handler | None:
    """What a command does that is neither about macros nor followed by data; None: nothing that matters here."""
    return _HANDLERS.get(name)


def _macro(device: PclDevice, number: int, at: int, replay: Replay) -> None:
    macros = device.macros
    if number == 0:
        macros.begin(at)
    elif number in (2, 3):
        device.run_macro(macros.current, replay)
    elif number == 4:
        macros.overlay = macros.current
    elif number == 5:
        macros.overlay = None
    elif number in (6, 7, 8):
        macros.forget(all_of_them=number != 8)


# ---- paper


def _page_size(device: PclDevice, value: float) -> None:
    number = int(value)
    if number == CUSTOM_SIZE:
        device.page.set_custom()
    elif media := PCL5_SIZES.get(number):
        device.page.set_media(media)


def _custom_measure(index: int) -> Handler:
    def measure(device: PclDevice, value: float) -> None:
        device.page.custom_decipoints[index] = value
        if device.page.is_custom:
            device.page.set_custom()

    return measure


def _page_length(device: PclDevice, value: float) -> None:
    """ESC &l#P: the length in lines also chooses the paper that is so long."""
    page = device.page
    page.force_out()
    length = int(value * page.layout.vmi)
    if length <= 0 or length > 100 * INCH:
        return
    if not page.is_landscape and (media := _LENGTHS.get(length)):
        page.set_media(media)
    page.layout.set_length(length)


def _flush_pages(device: PclDevice, value: float) -> None:
    if int(value) == 1:
        device.page.force_out()


# ---- the cursor


def _set_hmi(device: PclDevice, value: float) -> None:
    if 0 < value <= 1260:
        device.page.layout.hmi = int(value * INCH / 120)


def _lines_an_inch(device: PclDevice, value: float) -> None:
    if value > 0:
        device.page.layout.set_vmi(1 / value)


def _unit(device: PclDevice, value: float) -> None:
    if 1 <= value <= INCH:
        device.dot = INCH // int(value)


def _down(device: PclDevice, distance: float) -> None:
    device.page.layout.place(distance, is_relative=False)


# ---- raster, areas, plots


def _end_raster(device: PclDevice, value: float) -> None:
    device.rows.start()
    device.rows.method = 0


def _measure_rule(index: int) -> Handler:
    def measure(device: PclDevice, value: float) -> None:
        device.rule[index] = value

    return measure


def _fill_rule(device: PclDevice, value: float) -> None:
    if min(device.rule) > 0:
        device.page.mark(device.inks.look_of_rule(int(value)))


def _component(index: int) -> Handler:
    return lambda device, value: device.inks.set_component(index, value)


_HANDLERS: dict[str, Handler] = {
    "&lA": _page_size,
    "&lO": lambda device, value: device.page.turn(int(value)),
    "&lP": _page_length,
    "&lX": lambda device, value: device.page.set_copies(int(value)),
    "&lS": lambda device, value: device.page.set_sides(int(value)),
    "&lH": lambda device, value: device.page.force_out(),  # another source of paper
    "&lT": lambda device, value: device.page.force_out(),  # another stack of output
    "&aG": lambda device, value: device.page.choose_side(int(value)),
    "&fI": _custom_measure(0),
    "&fJ": _custom_measure(1),
    "&bM": lambda device, value: setattr(device.page, "is_mono", int(value) == 1),
    "&rF": _flush_pages,
    "&lC": lambda device, value: device.page.layout.set_vmi(value / 48),
    "&lD": _lines_an_inch,
    "&lE": lambda device, value: device.page.layout.set_top_margin(value),
    "&lF": lambda device, value: device.page.layout.set_text_length(value),
    "&lL": lambda device, value: setattr(device.page.layout, "skips_perforation", int(value) == 1),
    "&kG": lambda device, value: setattr(device.page.layout, "line_termination", int(value) & 3),
    "&kH": _set_hmi,
    "&sC": lambda device, value: setattr(device.page.layout, "wraps", int(value) == 0),
    "&uD": _unit,
    "&aR": lambda device, value: _down(device, (value + 0.75) * device.page.layout.vmi),
    "&aV": lambda device, value: _down(device, value * _DECIPOINT),
    "*pY": lambda device, value: _down(device, value * device.dot),
    "*tR": lambda device, value: device.note_resolution(int(value)),
    "*rS": lambda device, value: setattr(device.rows, "width", int(value) if 0 < value < _PIXELS_MAX else None),
    "*rA": lambda device, value: device.rows.start(),
    "*rB": lambda device, value: device.rows.start(),
    "*rC": _end_raster,
    "*bM": lambda device, value: setattr(device.rows, "method", int(value)),
    "*bY": lambda device, value: device.rows.start(),
    "*rU": lambda device, value: device.inks.take_simple(int(value)),
    "*vA": _component(0),
    "*vB": _component(1),
    "*vC": _component(2),
    "*vI": lambda device, value: device.inks.assign(int(value)),
    "*vS": lambda device, value: device.inks.set_foreground(int(value)),
    "*vT": lambda device, value: device.inks.set_pattern(int(value)),
    "&pS": lambda device, value: device.inks.select(int(value)),
    "&pI": lambda device, value: setattr(device.inks, "id", int(value)),
    "&pC": lambda device, value: device.inks.control(int(value)),
    "*pP": lambda device, value: device.inks.push_or_pop(int(value)),
    "*cG": lambda device, value: device.inks.set_pattern_id(int(value)),
    "*cA": _measure_rule(0),
    "*cH": _measure_rule(0),
    "*cB": _measure_rule(1),
    "*cV": _measure_rule(1),
    "*cP": _fill_rule,
    "&fY": lambda device, value: setattr(device.macros, "current", int(value)),
    "%A": lambda device, value: setattr(device, "in_hpgl", False),
    "%B": lambda device, value: setattr(device, "in_hpgl", True),
    # Commands in words, of devices on which text does not print.
    "%P": lambda device, value: setattr(device, "is_gui", True),
}
