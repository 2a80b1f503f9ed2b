"""PCL XL that may be passed over: one pattern for any number of operators, run by an engine that never backtracks.

A text page is ten thousand operators of seven octets. RE2 reads each octet once, from one state to the next,
in linear time on any input; Python's own engine tries one alternative after the other. Long stretches are looked at
for the same operators again and again, which are passed over faster still (xl_runs).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from platen.documents.pcl.xl_runs import Block, block_size
from platen.documents.source import Data

if TYPE_CHECKING:
    import re2

_COUNT_MAX = 255  # items of an array, and octets of data, that are passed over; longer ones are taken one by one
_REACH_BYTES = 2048  # looked at before one looks for what recurs; longer than most operators are
_REACH_GROWTH = 4
_LONG_OPERATOR_BYTES = 1024
_STATES_BYTES_MAX = 16 * 1024 * 1024  # all states of a pattern are some 2,500 of two kilobytes

_PLAIN = rb"\xc0.|[\xc1\xc3\xd0]..|[\xd1\xd3\xc2\xc4\xc5\xe0].{4}|[\xd2\xd4\xd5\xe1\xe3].{8}|[\xe2\xe4\xe5].{16}"
_ARRAYS = ((rb"\xc8", 1), (rb"[\xc9\xcb]", 2), (rb"[\xca\xcc\xcd]", 4))  # tags, octets of an item
_NAMED = rb"(?:\xf8.|\xf9..)"  # the attribute that a value is for
_BLANKS = rb"[\x00\x09-\x0d\x20]"


class Passing:
    """What may be passed over, from a place where no value stands."""

    def __init__(self, pattern: re2._Regexp, at_start: object, order: str) -> None:
        # The engine itself, without the binding's match objects, which take longer than most matches.
        self._spans = functools.partial(pattern._regexp.Match, at_start)
        self._order = order

    def end(self, data: Data, start: int, stop: int) -> int:
        """Where what may be passed over ends: `start` where nothing may.

        Before an operator of a kilobyte or more it may end early.
        """
        reach, spans = _REACH_BYTES, self._spans
        while stop - start > reach:
            ((_, end),) = spans(data, start, start + reach)
            if end - start < reach - _LONG_OPERATOR_BYTES:
                return start if end < 0 else int(end)
            start = self._end_of_alike(data, start, end, stop)
            if start - end < _REACH_GROWTH * reach:  # not worth having been looked for
                reach *= _REACH_GROWTH
        return self._end_of_any(data, start, stop)

    def _end_of_any(self, data: Data, start: int, stop: int) -> int:
        ((_, end),) = self._spans(data, start, stop)
        return start if end < 0 else int(end)

    def _end_of_alike(self, data: Data, start: int, end: int, stop: int) -> int:
        """Where the operators end that go on as those before `end` do."""
        size = block_size(data, start, end)
        if size == 0 or self._end_of_any(data, end - size, end) != end:
            return end
        return Block.of(bytes(data[end - size : end]), self._order).end(data, end, stop)


@functools.cache
def passing(order: str, operators: bytes) -> Passing:
    """Those operators with their attributes, short data, and blanks, as many as follow each other.

    order: "<" or ">", of the octets of a count.
    """
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.dot_nl = True
    options.longest_match = True  # there is one way to read a stream; with this, a state is a set rather than a list
    options.max_mem = _STATES_BYTES_MAX
    arrays = b"|".join(tags + _counted(lambda count: _array_count(count, order), unit) for tags, unit in _ARRAYS)
    values = b"(?:(?:%b|%b)%b)*" % (_PLAIN, arrays, _NAMED)
    operator = b"[%b]" % b"".join(_octet(each) for each in operators)
    data = _counted(lambda count: _data_count(count, order), 1)
    return Passing(
        re2.compile(b"(?:%b%b|%b|%b)+" % (values, operator, data, _BLANKS), options), re2._Anchor.ANCHOR_START, order
    )


def _counted(spelt: Callable[[int], bytes], unit: int) -> bytes:
    """A count and as many times `unit` octets.

    The tails are shared, (?:(?:...|two)..|one)..|none, so that the pattern is as long as the longest of them.
    """
    pattern = spelt(_COUNT_MAX)
    for count in range(_COUNT_MAX - 1, -1, -1):
        pattern = b"(?:%b%b|%b)" % (pattern, b"." * unit, spelt(count))
    return pattern


def _array_count(count: int, order: str) -> bytes:
    """A count of one octet or of two."""
    low = _octet(count)
    return rb"(?:\xc0%b|\xc1%b)" % (low, low + rb"\x00" if order == "<" else rb"\x00" + low)


def _data_count(count: int, order: str) -> bytes:
    """The same for data."""
    low, high = _octet(count), rb"\x00\x00\x00"
    return rb"(?:\xfb%b|\xfa%b)" % (low, low + high if order == "<" else high + low)


def _octet(octet: int) -> bytes:
    return rb"\x%02x" % octet
