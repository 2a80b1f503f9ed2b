"""PCL XL, also called PCL 6 (HP PCL XL Feature Reference): a stream of tagged values and operators.

header    ") HP-PCL XL;2;0;comment" LF       ")" little-endian, "(" big-endian, "'" text
page      attributes BeginPage ... attributes EndPage      see xl_tokens for how they are written
"""

from __future__ import annotations

import re
import struct

from platen.documents.detect import UEL
from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pcl.xl_device import VENDOR_UNIQUE, XlDevice
from platen.documents.pcl.xl_tokens import OutOfData, Value, read_attributes
from platen.documents.source import Data

_HEADER = re.compile(rb"([()']) HP-PCL XL;([^\n]{0,1000})\n")
_VERSION = re.compile(rb"(\d{1,2});(\d{1,2})")
_HEADER_WITHIN_BYTES = 4096
_END_PAGE = 0x44
_DEPTH_MAX = 4  # streams that run streams


def read(data: Data, start: int, draft: Draft, options: AnalysisOptions) -> int:
    """Read a PCL XL stream at `start` up to the universal exit or the end. Returns: where it stopped."""
    header = _HEADER.search(data, start, start + _HEADER_WITHIN_BYTES)
    draft.pages_known = True
    if header is None:
        draft.problem("The PCL XL header is damaged.")
        return _skip_to_exit(data, start)
    if version := _VERSION.match(header[2]):
        draft.format_version = f"{int(version[1])}.{int(version[2])}"
    if header[1] == b"'":
        draft.pages_known = draft.pages > 0
        draft.problem("The file is PCL XL in its text form, which printers do not take; its pages were not counted.")
        return _skip_to_exit(data, start)
    device = XlDevice(draft, options, "<" if header[1] == b")" else ">")
    try:
        return _Walk(device, data).run(header.end(), len(data))
    finally:  # what reached the device comes out
        device.finish()


def _skip_to_exit(data: Data, position: int) -> int:
    exit_at = data.find(UEL, position)
    return exit_at if exit_at >= 0 else len(data)


class _Walk:
    """Takes the tokens of one stream."""

    def __init__(self, device: XlDevice, data: Data, depth: int = 0) -> None:
        self._device = device
        self._data = data
        self._depth = depth

    def run(self, position: int, stop: int) -> int:
        """Take tokens from `position` to `stop`. Returns: where it stopped."""
        device, data = self._device, self._data
        attributes: dict[int, Value] = {}
        may_pass = True
        try:
            while position < stop:
                began = position
                if may_pass:
                    position = device.passing.end(data, position, stop)
                tokens = 0
                if position < stop and not 0x41 <= data[position] <= 0xBF:
                    position, tokens = read_attributes(
                        data, position, stop, device.order, attributes, device.tokens_left
                    )
                if not device.may_go_on(tokens):
                    return stop
                if position >= stop:
                    break
                tag = data[position]
                if device.regrets(tag):
                    position = began
                    attributes.clear()
                    continue
                if 0x41 <= tag <= 0xBF:
                    position = self._operate(tag, attributes, position + 1, stop)
                    attributes.clear()
                    # Behind a page there is the next one, mostly: nothing to pass over.
                    may_pass = not device.awaits_data and tag != _END_PAGE
                elif tag in (0xFA, 0xFB):
                    position = self._embedded(tag, position + 1, stop)
                    may_pass = True
                elif data[position : position + len(UEL)] == UEL:
                    break
                else:
                    device.draft.problem(
                        "The PCL XL stream holds an octet that is no tag; the pages before it were counted."
                    )
                    return _skip_to_exit(data, position) if self._depth == 0 else stop
        except (OutOfData, IndexError, struct.error):
            device.draft.problem("The PCL XL stream ends in the middle of a value.")
            return stop
        return min(position, stop)

    def _operate(self, tag: int, attributes: dict[int, Value], position: int, stop: int) -> int:
        """An operator that ends before `position`. Returns: where to go on."""
        if tag == VENDOR_UNIQUE:
            return position + self._device.take_vendor_data(attributes, stop - position)
        if (stream := self._device.operate(tag, attributes)) is not None:
            self._run_stream(stream)
        return position

    def _embedded(self, tag: int, position: int, stop: int) -> int:
        """Data within the stream. Returns: the offset behind them. Raises: IndexError, struct.error."""
        if tag == 0xFB:
            size, position = self._data[position], position + 1
        else:
            (size,) = struct.unpack_from(self._device.order + "I", self._data, position)
            position += 4
        if position + size > stop:
            self._device.draft.problem("The PCL XL stream ends in the middle of a value.")
        self._device.take_data(self._data, position, min(position + size, stop))
        return position + int(size)

    def _run_stream(self, stream: bytes) -> None:
        """A stream that the job defined before."""
        if self._depth < _DEPTH_MAX:
            header = _HEADER.match(stream)
            _Walk(self._device, stream, self._depth + 1).run(header.end() if header else 0, len(stream))
