"""PCL 5 and PCL 3 (HP PCL 5 Printer Language Technical Reference Manual): escape sequences walked with their payloads.

    ESC x                   two-character command, x in 0..~     (ESC E resets the printer)
    ESC x y # z # Z         parameterized: x in !../, group y in `..~, values #, small z joins the next, capital Z ends
    ESC (s #W, ESC *b #W    # octets of binary data follow, in which an ESC means nothing

A page ends at a form feed, or without one where text flows over its foot, or where a command forces it out and
something stands on it. What is frequent and changes nothing is passed over by patterns, many commands at a time.
"""

from __future__ import annotations

import re

from platen.documents import garbage
from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.commands import obey
from platen.documents.pcl.device import PclDevice
from platen.documents.pcl.palette import Look
from platen.documents.pcl.plain_commands import PlainCommands
from platen.documents.pcl.rows import (
    LONG_ROW,
    chain_pattern,
    has_data,
    last_method,
    passing_pattern,
    short_rows,
)
from platen.documents.source import Data

_ESC = 0x1B
_CAPITALS = tuple(chr(octet).upper() if octet < 0x80 else "" for octet in range(256))
_FIELD = re.compile(rb"([+-]?\d{0,9}(?:\.\d{0,6})?)\d*([@-^`-~])")
_BROKEN_OFF = re.compile(rb"[+-]?[0-9.]{0,20}")  # of a sequence, by the end of the data or by what belongs in none
# Some drivers write a capital within a sequence of rows and go on: what follows is no text.
_ROWS_GO_ON = re.compile(rb"[0-9]{1,5}[mvwyVWY]")
_DIRECTION = "&kW"  # of the print head: alone of all that end so without octets behind
_PASSED_ITEMS_MAX = 4000
_TEXT_BYTES_MAX = 1 << 16
_PROGRAM_BYTES_MAX = 1 << 22
_PAYLOAD_LOOKED_AT_BYTES_MAX = 1 << 20
# What a job goes on with, or another one begins with.
_SOUND_COMMAND = re.compile(rb"\x1b(?:E|[9=YZ]|%-12345X|[&*()%][`-~]?[+-]?[0-9]{0,6}(?:\.[0-9]{1,4})?[@-Z`-z])")
_BLANKS_MAX = 4096
_BLANKS = b"\0\t\n\r \x04\x1a"
_CUT = "The PCL job ends on a page that nothing brings out, without the reset that it began with; it may be cut off."
_TEXT_BEHIND = "Text follows the reset that ends the job; it was counted, as a printer prints it."
_PLOTTER_LEFT = re.compile(rb"\x1b(?:%[+-]?\d{0,9}[AB]|E|%-12345X)")


def _glyphs(blank: str) -> re.Pattern[bytes]:
    """Printable text, moves across and to places down the page, choices of fonts: nothing that ends a page.

    Group 1 is there where something visible is printed, group 2 holds the last place down the page in dots.
    """
    items = (
        rf"[{blank}]+",
        r"[\x21-\x7e\xa0-\xff]+()",
        r"\x1b\*p(?:[0-9]{1,6}x)?([0-9]{1,6})Y",
        r"\x1b\*p[0-9]{1,6}X",
        r"\x1b&a[0-9.]{1,9}H",
        r"\x1b[()](?:s[0-9.+\-a-vx-z]{0,40}[A-VX-Z]|[0-9]{1,5}[A-VX-Z@])",
        r"\x1b\*c[0-9]{1,5}D",
    )
    return re.compile(f"(?:{'|'.join(items)}){{1,{_PASSED_ITEMS_MAX}}}".encode("ascii"), re.DOTALL)


_GLYPH_LEADS = frozenset((b"*p", b"&a", b"*c"))
_FONT_LEADS = (b"(", b")")
_GLYPHS = _glyphs(r" \r")
_GLYPHS_ON_LINE = _glyphs(" ")  # where a carriage return feeds a line


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read PCL from `start` to the universal exit or the end. Returns: the offset of where it stopped."""
    return read_pcl(data, start, draft, PclDevice(draft, options))


def read_pcl(data: Data, start: int, draft: Draft, device: PclDevice) -> int:
    """The same, on a device that is set up already."""
    draft.pages_known = True
    page = device.page
    try:
        position = _walk(device, data, start, len(data))
        is_under_way = page.is_marked
        page.force_out()
    finally:  # whatever stops the reading, what came out came out
        page.flush()
    if position > len(data):  # a payload claims more than there is
        draft.problem("The PCL file ends in the middle of a command.")
    elif is_under_way and position == len(data) and data[start : start + 2] == b"\x1bE" and not device.has_text_behind:
        draft.problem(_CUT)
    return len(data) if page.is_over or device.is_exhausted else min(position, len(data))


def run_snippet(device: PclDevice, snippet: bytes) -> None:
    """Run PCL that stands within the page of another language."""
    _walk(device, snippet, 0, len(snippet))


def _walk(device: PclDevice, data: Data, position: int, stop: int) -> int:
    """Take what stands from `position` to `stop`. Returns: `stop`, or the offset of the universal exit."""
    page, plain = device.page, PlainCommands(device)
    while position < stop and not page.is_over:
        if device.in_hpgl:
            position = _program(device, data, position, stop)
            continue
        is_escape = data[position] == _ESC
        lead = data[position + 1 : position + 3] if is_escape else b""
        passed = position
        if lead == b"*b":
            if not device.looks_at_rows:
                passed = _pass_rows(device, data, position, stop)
        elif not is_escape or lead in _GLYPH_LEADS or lead[:1] in _FONT_LEADS:
            passed = _pass_glyphs(device, data, position, stop)
        if passed > position:
            position = passed
        elif not is_escape:
            position = _text(device, data, position, stop)
        elif data[position : position + len(UEL)] == UEL:
            return position
        elif (passed := plain.take(data, position, stop)) > position:
            position = passed
        elif not device.count_command() or position + 1 >= stop:
            return stop
        else:
            position = _command(device, data, position, stop)
    return position


def _pass_rows(device: PclDevice, data: Data, position: int, stop: int) -> int:
    """Pass over raster rows that nobody looks at. Returns: the offset behind, or `position` where there is none."""
    start = position
    if not device.minds_methods:
        position = max(position, short_rows()(data, position, stop))
    if rows := passing_pattern().match(data, position, stop):
        device.pass_rows(has_data=False, method=last_method(rows))
        position = rows.end()
    if position > start:
        device.pass_rows(has_data=device.page.look is not Look.WHITE or has_data(data, start, position), method=None)
    elif row := LONG_ROW.match(data, position, stop):
        device.pass_rows(has_data=int(row[2]) > 0, method=int(row[1]) if row[1] else None)
        position = row.end() + int(row[2])
    else:
        return position
    return _parameters(device, data, "*b", position, stop) if _ROWS_GO_ON.match(data, position, stop) else position


def _pass_glyphs(device: PclDevice, data: Data, position: int, stop: int) -> int:
    """Pass over text that stays on its line. Returns: the offset behind, or `position` where there is none."""
    page, layout = device.page, device.page.layout
    if layout.wraps or device.is_gui or device.is_recording:
        return position
    glyphs = (_GLYPHS_ON_LINE if layout.line_termination & 1 else _GLYPHS).match(data, position, stop)
    if glyphs is None:
        return position
    if glyphs.start(1) >= 0:
        page.mark(device.inks.ink)
    if glyphs[2]:
        layout.place(int(glyphs[2]) * device.dot, is_relative=False)
    return glyphs.end()


def _text(device: PclDevice, data: Data, position: int, stop: int) -> int:
    """Take text up to the next escape, or a chunk of it. Returns: the offset behind."""
    is_whole, stop = stop == len(data), min(stop, position + _TEXT_BYTES_MAX)
    escape = data.find(b"\x1b", position, stop)
    end = escape if escape >= 0 else stop
    text = bytes(data[position:end])
    if is_whole and (odd := garbage.NEVER_WRITTEN.search(text)):
        behind = position + text.rfind(b"\f", 0, odd.start()) + 1
        if behind > position and _is_rubbish(data, behind):
            device.print(text[: behind - position], replay=_replay)
            device.draft.problem(garbage.SENTENCE)
            return garbage.next_exit(data, behind)
    device.print(text, replay=_replay)
    return end


def _is_rubbish(data: Data, position: int) -> bool:
    """Whether what follows a form feed is nothing that a job goes on with."""
    return garbage.is_binary(data, position, garbage.next_match(_SOUND_COMMAND, data, position))


def _program(device: PclDevice, data: Data, position: int, stop: int) -> int:
    """Take HP-GL/2 up to what leaves it. Labels may hold escapes."""
    stop = min(stop, position + _PROGRAM_BYTES_MAX)
    left = _PLOTTER_LEFT.search(data, position, stop)
    end = left.start() if left else stop
    if end > position:
        device.plot(data, position, end)
    if left:
        device.in_hpgl = False
    return end


def _replay(device: PclDevice, start: int, stop: int) -> None:
    """Run a macro."""
    _walk(device, device.macro_data, start, stop)
    device.in_hpgl = False


def _command(device: PclDevice, data: Data, start: int, stop: int) -> int:
    """Take one escape sequence. Returns: the offset behind it and its payloads."""
    first = data[start + 1]
    position = start + 2
    if not 0x21 <= first <= 0x2F:
        return _two_characters(device, data, first, position, stop)
    group = chr(first)
    if position < stop and 0x60 <= data[position] <= 0x7E:
        group += chr(data[position])
        position += 1
    return _parameters(device, data, group, position, stop)


def _parameters(device: PclDevice, data: Data, group: str, position: int, stop: int) -> int:
    """Take the numbers and letters of a sequence from `position` on. Returns: the offset behind it and its payloads."""
    start = position - 1 - len(group)
    while match := _FIELD.match(data, position, stop):
        if group == "*b" and not device.looks_at_rows and (rows := chain_pattern().match(data, position, stop)):
            position = rows.end()
            device.pass_rows(has_data=has_data(data, rows.start(), position), method=last_method(rows))
            continue
        position = match.end()
        ends = match[2]
        name = group + _CAPITALS[ends[0]]
        digits = match[1]
        value = float(int(digits)) if digits.isdigit() else _value(digits)
        if (name[-1] == "W" and name != _DIRECTION) or name in ("*bV", "&pX"):
            payload_bytes = max(0, int(value))
            looked_at = position + min(payload_bytes, _PAYLOAD_LOOKED_AT_BYTES_MAX)
            if not device.is_recording:
                device.take_payload(name, data, position, min(looked_at, stop), payload_bytes)
            position += payload_bytes
        else:
            obey(device, name, value, data, (start, position), replay=_replay)
        is_last = ends[0] < 0x60 and not (group == "*b" and _ROWS_GO_ON.match(data, position, stop))
        if is_last or device.page.is_over:
            return position
    number = _BROKEN_OFF.match(data, position, stop)
    return number.end() if number else position


def _value(digits: bytes) -> float:
    try:
        return float(digits or b"0")
    except ValueError:  # a sign or a point alone stands for zero
        return 0.0


def _behind_reset(device: PclDevice, data: Data, position: int) -> int:
    """What follows the reset of a job: mostly nothing, or another job. Returns: where to go on."""
    end = garbage.next_match(_SOUND_COMMAND, data, position)
    if end == position:
        return position
    if garbage.is_garbage(data, position, end) or garbage.is_binary(data, position, end):
        device.draft.problem(garbage.SENTENCE)
        return garbage.next_exit(data, position)
    is_last = end == garbage.next_exit(data, position) and data.find(b"\x1b", position, end) < 0
    if is_last and bytes(data[position : min(end, position + _BLANKS_MAX)]).strip(_BLANKS):
        device.has_text_behind = True
        device.draft.problem(_TEXT_BEHIND)
    return position


def _two_characters(device: PclDevice, data: Data, command: int, position: int, stop: int) -> int:
    if command == ord("E"):
        device.reset()
        if device.page.has_come_out and stop == len(data):
            return _behind_reset(device, data, position)
    elif command == ord("=") and not device.is_recording:
        device.feed(0.5)
    elif command == ord("Y") and not device.is_recording:  # display functions: codes are printed, not obeyed
        end = data.find(b"\x1bZ", position, stop)
        end = end if end >= 0 else stop
        device.page.mark(device.inks.ink)
        return min(end + 2, stop)
    return position
