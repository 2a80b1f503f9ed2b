"""Charging schemes as files hold them."""

import contextlib
import copy
import json
import tomllib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.charging import ChargingScheme, sample_scheme
from platen.policy.job_name_filters import JobNameFilter
from platen.policy.scheme_format import SchemeError, scheme_from_dict, scheme_to_dict

from .test_prices import papers, prices_4

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "name",
                    "print",
                    "sizes",
                    "A4",
                    "Other",
                    "mono",
                    "per_job",
                    "job_name_filters",
                    "pattern",
                    "price",
                    "scale",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FILE = """
name = "Standard"
[print]
per_job = "0.20"
sizes.A4 = { sheet = "0.05", mono = 0.1, color = "0.30" }
sizes.Other = { sheet = "0.05", mono = "0.10", color = "0.30" }
[fax]
per_page = 1
[[job_name_filters]]
pattern = "Test Page"
price = "0.00"
"""


def changed(path: str, value: Any) -> dict[str, Any]:
    """The sample scheme as data with one field set, or removed where value is None."""
    data: dict[str, Any] = copy.deepcopy(scheme_to_dict(sample_scheme()))
    *tables, last = path.split(".")
    table = data
    for name in tables:
        table = table[name]
    if value is None:
        del table[last]
    else:
        table[last] = value
    return data


def problems(data: object) -> list[tuple[str, str]]:
    with pytest.raises(SchemeError) as caught:
        scheme_from_dict(data)
    return [(problem.field, problem.text) for problem in caught.value.problems]


def test_a_written_file_is_read() -> None:
    """What a short file leaves out is free, and filters switch themselves on. SC-CHARGE-04, SC-CHARGE-08"""
    scheme = scheme_from_dict(tomllib.loads(FILE))
    assert scheme.print.sizes[0][1].mono == Decimal("0.1")
    assert scheme.fax.per_page == 1
    assert scheme.copy.per_job == 0
    assert scheme.job_name_pricing
    assert scheme.job_name_filters == (JobNameFilter("Test Page", Decimal("0.00")),)


@given(
    st.builds(
        ChargingScheme,
        name=st.text("abc ", min_size=1, max_size=9).map(lambda text: f"x{text}x"),
        print=papers,
        copy=papers,
        job_name_filters=st.lists(
            st.builds(JobNameFilter, st.text("ab*", min_size=1, max_size=4), prices_4), max_size=3
        ).map(tuple),
        job_name_pricing=st.booleans(),
        scale=st.integers(0, 8),
    )
)
def test_round_trip(scheme: ChargingScheme) -> None:
    """A scheme written as JSON is read back unchanged. SC-CHARGE-01, SC-CHARGE-04"""
    assert scheme_from_dict(json.loads(json.dumps(scheme_to_dict(scheme)))) == scheme


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("print.sizes.A4.mono", "0,10", "decimal point"),
        ("print.sizes.A4.mono", "-1", "not a price"),
        ("print.sizes.A4.mono", True, "must be a price"),
        ("print.sizes.A4.mono", float("nan"), "not a price"),
        ("print.sizes.A4.mono", "٣", "not a price"),
        ("print.sizes.A4.mono", "9" * 30, "must lie between"),
        ("print.sizes.A4.mono", None, "missing"),
        ("print.sizes.A4.colour", "1", "Did you mean color?"),
        ("print.sizes.a4", {}, "Did you mean A4?"),
        ("print.sizes.A5", {}, "no such field"),
        ("print.sizes.Other", None, "other paper"),
        ("print", None, "missing"),
        ("copy", "free", "must be a table"),
        ("fax.per_sheet", "1", "no such field"),
        ("name", "", "needs a name"),
        ("name", 5, "text in quotes"),
        ("currency", "euro", "three capital letters"),
        ("scale", 9, "0 to 8"),
        ("job_name_pricing", "yes", "true or false"),
        ("job_name_filters", "Test", "list"),
    ],
)
def test_mistakes_are_named(path: str, value: Any, text: str) -> None:
    """A wrong field is named by its path, with how to write it. SC-CHARGE-03, SC-CHARGE-04"""
    found = dict(problems(changed(path, value)))
    assert path in found
    assert text in found[path]


def test_filters_are_checked() -> None:
    """A filter of five wildcards and a price with a comma are both reported. SC-CHARGE-08, SC-JNP-T05, SC-JNP-T06,
    SC-JNP-08"""
    found = problems(changed("job_name_filters", [{"pattern": "a*b*c*d*e*", "price": "0,10"}]))
    assert [where for where, _ in found] == ["job_name_filters[1].price", "job_name_filters[1].pattern"]


def test_all_mistakes_at_once() -> None:
    """A file with three mistakes reports three, so that it is corrected in one go. SC-CHARGE-03"""
    data = changed("name", "")
    data["scale"] = "x"
    data["print"]["per_job"] = "free"
    assert {where for where, _ in problems(data)} == {"name", "scale", "print.per_job"}


@given(JSON_VALUES)
def test_whatever_a_file_holds(data: object) -> None:
    """Any data is either a scheme or refused with sentences, never a crash. SC-CHARGE-03"""
    with contextlib.suppress(SchemeError):
        assert scheme_from_dict(data).name
