"""Words and drawings of the fleet: schedules, supplies, the map of sites, addresses of lists."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from platen.console.condition_words import choices_in_words, value_of, value_words
from platen.console.list_address import csv_row, parse_list
from platen.console.machine_words import days_text, every_text, mac_text, supply_left, supply_name, supply_shown
from platen.console.notice_words import WATCHED, value_word, watched_words
from platen.console.schedule_words import schedule_text
from platen.console.site_map import site_map
from platen.console.templatetags.platen import day
from platen.fleet.models import Place, Supply
from platen.fleet.queries_places import Condition
from platen.policy.fleet.conditions import ITEMS


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (None, "when somebody starts it"),
        ({"kind": "every", "unit": "hours", "n": 1, "start": "2026-01-01"}, "every hour"),
        (
            {"kind": "every", "unit": "months", "n": 1, "start": "2026-01-01", "at": "08:00", "day": -1, "zone": "UTC"},
            "every month on the last day at 08:00, by UTC",
        ),
        (
            {"kind": "every", "unit": "months", "n": 3, "start": "2026-01-01", "week": -1, "weekday": 4},
            "every 3 months on the last Fri at 00:00, by each device’s own clock",
        ),
        ({"kind": "once", "at": "2026-12-24T07:30", "zone": "UTC"}, "once on 2026-12-24 07:30, by UTC"),
        ({"kind": "never"}, "A schedule is “once” or “every”."),
    ],
)
def test_a_schedule_is_a_sentence(schedule: object, said: str) -> None:
    """When a task is done, as it would be said aloud."""
    assert schedule_text(schedule) == said


def test_a_supply_says_what_matters_most() -> None:
    """Days where they are known, else what is left; urgent within a week or at a tenth; a receptacle has room."""
    soon = Supply(kind="toner", color="cyan", state="level", percent=40, days_left=3)
    shown = supply_shown(soon)
    assert (supply_name(soon), shown.word, shown.css_class) == ("Cyan", "3 days", "s-attn")
    assert supply_shown(Supply(kind="toner", state="level", percent=10)).css_class == "s-attn"
    assert supply_shown(Supply(kind="toner", state="level", percent=11)).css_class == ""
    assert supply_left(Supply(kind="waste-toner", state="level", percent=30, receptacle=True)) == "30% room"
    assert supply_left(Supply(kind="toner", state="some")) == "some left"
    assert (days_text(1), days_text(42), days_text(43)) == ("1 day", "42 days", "6 weeks")


def test_conditions_in_words() -> None:
    """A choice is shown by its word, and may be typed by it or by what is stored."""
    assert value_words("power", "no-response") == "Not answering"
    assert value_words("training", "field-service") == "The service"
    assert [value_of("power", typed) for typed in ("not answering", "no-response", "nonsense")] == [
        "no-response",
        "no-response",
        "nonsense",
    ]
    assert value_of("name", "on") == "on"
    assert all(word != value or value in {"on", "off"} for item in ITEMS for value, word in choices_in_words(item))


def test_what_a_rule_watches_in_words() -> None:
    """No value of a rule's conditions is shown as it is stored."""
    low = {"what": "remaining", "values": ["toner", "waste"], "at_most": 7}
    assert watched_words(low) == "A supply runs low: Toner or ink, Waste containers, at most 7 %"
    assert all(value_word(value) != value for _label, values in WATCHED.values() for value in values)


def test_how_often_in_words() -> None:
    """In the largest unit that fits."""
    assert [every_text(seconds) for seconds in (45, 300, 3600, 172_800)] == [
        "every 45 seconds",
        "every 5 minutes",
        "every hour",
        "every 2 days",
    ]
    assert mac_text("001ba9c0ffee") == "00:1b:a9:c0:ff:ee"


def test_sites_lie_on_the_map_as_they_lie_to_each_other() -> None:
    """North is up, east is right, all are inside; others are not there, and one alone is no map."""
    north, east, nowhere = Place(pk=1, latitude=53, longitude=9), Place(pk=2, latitude=48, longitude=12), Place(pk=3)
    spots = {spot.place.pk: spot for spot in site_map([north, east, nowhere], {1: Condition(9, failing=1)})}
    assert set(spots) == {1, 2}
    assert spots[1].y < spots[2].y
    assert spots[1].x < spots[2].x
    assert all(0 < each.x < 100 and 0 < each.y < 100 for each in spots.values())
    assert (spots[1].css_class, spots[2].css_class) == ("f-fail", "f4")
    assert site_map([north, nowhere], {}) == []
    assert site_map([], {}) == []


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20)


@given(st.lists(TEXTS.map(str.strip).filter(bool), min_size=1, max_size=4, unique=True))
def test_any_values_of_a_condition_stand_in_an_address(values: list[str]) -> None:
    """Commas, quotes and signs of every kind come back as they were, also from the address that the list writes."""
    query = QueryDict(mutable=True)
    query.setlist("c", [csv_row(["model", "equals", *values])])
    found = parse_list(query)
    assert found.conditions[0].values == tuple(values)
    assert parse_list(QueryDict(found.query())).conditions == found.conditions


@given(st.text(max_size=60))
@pytest.mark.untraced
def test_no_address_is_a_mistake_of_ours(text: str) -> None:
    """Whatever stands in an address, a list comes of it."""
    query = QueryDict(mutable=True)
    for name in ("f", "c", "order", "cols", "view", "after"):
        query[name] = text
    found = parse_list(query)
    assert found.columns[0] == "name"
    assert parse_list(QueryDict(found.query())).order == found.order


def test_a_day_of_another_year_says_its_year() -> None:
    """A fuser that lasts two years is not ordered this October."""
    today = timezone.localdate()
    assert not day(today).endswith(str(today.year))
    assert day(today.replace(day=1, year=today.year + 2)).endswith(str(today.year + 2))
    assert day(None) == "–"
