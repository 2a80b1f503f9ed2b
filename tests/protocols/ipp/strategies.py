"""Hypothesis strategies: any attribute that RFC 8010 can carry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from platen.protocols.ipp import (
    Attribute,
    Collection,
    DateTime,
    Group,
    GroupTag,
    IntRange,
    Message,
    NameWithLanguage,
    OutOfBand,
    Resolution,
    TextWithLanguage,
    Value,
    ValueTag,
)

INT32 = st.integers(-(2**31), 2**31 - 1)


def _string(octets_max: int) -> st.SearchStrategy[str]:
    characters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
    return st.text(characters, max_size=40).filter(lambda text: len(text.encode()) <= octets_max)


_MOMENTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)).map(  # noqa: DTZ001  # given a zone below
    lambda moment: moment.replace(microsecond=moment.microsecond // 100_000 * 100_000)
)
_ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC)
AWARE = st.builds(lambda moment, zone: moment.replace(tzinfo=zone), _MOMENTS, _ZONES)

SCALARS: dict[int, st.SearchStrategy[Value]] = {
    **{tag.value: st.just(tag) for tag in OutOfBand},
    ValueTag.INTEGER: INT32,
    ValueTag.ENUM: INT32,
    ValueTag.BOOLEAN: st.booleans(),
    ValueTag.OCTET_STRING: st.binary(max_size=60),
    ValueTag.DATE_TIME: AWARE.map(DateTime.of),
    ValueTag.RESOLUTION: st.builds(Resolution, INT32, INT32, st.integers(-128, 127)),
    ValueTag.RANGE_OF_INTEGER: st.builds(IntRange, INT32, INT32),
    ValueTag.TEXT_WITH_LANGUAGE: st.builds(TextWithLanguage, _string(1023), _string(63)),
    ValueTag.NAME_WITH_LANGUAGE: st.builds(NameWithLanguage, _string(255), _string(63)),
    ValueTag.TEXT: _string(1023),
    ValueTag.NAME: _string(255),
    ValueTag.KEYWORD: _string(255),
    ValueTag.URI: _string(1023),
    ValueTag.URI_SCHEME: _string(63),
    ValueTag.CHARSET: _string(63),
    ValueTag.NATURAL_LANGUAGE: _string(63),
    ValueTag.MIME_MEDIA_TYPE: _string(255),
    0x38: st.binary(max_size=20),  # unassigned
    0x7F: st.binary(min_size=4, max_size=20),  # extension
}

NAMES = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=30)


def _attribute(name: str, pairs: list[tuple[int, Value]]) -> Attribute:
    return Attribute(name, tuple(tag for tag, _ in pairs), tuple(value for _, value in pairs))


def _attributes(values: st.SearchStrategy[tuple[int, Value]]) -> st.SearchStrategy[list[Attribute]]:
    named = st.builds(_attribute, NAMES, st.lists(values, min_size=1, max_size=4))
    return st.lists(named, max_size=5, unique_by=lambda attribute: attribute.name)


SCALAR_PAIRS = st.sampled_from(sorted(SCALARS)).flatmap(lambda tag: st.tuples(st.just(tag), SCALARS[tag]))
PAIRS = st.recursive(
    SCALAR_PAIRS,
    lambda inner: st.tuples(st.just(int(ValueTag.BEGIN_COLLECTION)), _attributes(inner).map(Collection)),
    max_leaves=6,
)

GROUPS = st.builds(
    Group, st.sampled_from([tag for tag in GroupTag if tag != GroupTag.END_OF_ATTRIBUTES]), _attributes(PAIRS)
)

MESSAGES = st.builds(
    lambda version, code, request_id, first, rest: Message(
        version, code, request_id, (Group(GroupTag.OPERATION_ATTRIBUTES, first), *rest)
    ),
    st.tuples(st.integers(0, 255), st.integers(0, 255)),
    st.integers(0, 0xFFFF),
    INT32,
    _attributes(SCALAR_PAIRS),
    st.lists(GROUPS, max_size=3),
)
