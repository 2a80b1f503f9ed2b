"""Words and drawings of the fleet: schedules, supplies, the map of sites, addresses of lists."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from platen.console.condition_words import choices_in_words, value_of, value_words
from platen.console.list_address import csv_row, parse_list
from platen.console.machine_cells import row_html
from platen.console.machine_columns import Row
from platen.console.machine_words import days_text, every_text, mac_text, supply_left, supply_name, supply_shown
from platen.console.notice_words import WATCHED, value_word, watched_words
from platen.console.schedule_words import schedule_text
from platen.console.site_map import site_maps
from platen.console.templatetags.platen import day
from platen.devices.models import Device
from platen.fleet.models import Machine, Place, Supply
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


def test_sites_on_the_map_in_words() -> None:
    """Each has its state by shape and colour and in words, and leads to its page; lines have their degrees, the scale
    its length. Others are not there, and one alone is no map."""
    north, east, nowhere = (
        Place(pk=1, name="Hall", latitude=53, longitude=-9),
        Place(pk=2, name="Lab", latitude=48, longitude=12),
        Place(pk=3),
    )
    for each in site_maps([north, east, nowhere], {1: Condition(9, failing=1), 2: Condition(1)}):
        spots = {spot.place.pk: spot for spot in each.spots if spot.place}
        assert {key: (spot.css_class, spot.words) for key, spot in spots.items()} == {
            1: ("m-fail", "Hall: 9 devices, devices down"),
            2: ("m-ok", "Lab: 1 device, all well"),
        }
        assert spots[1].path.count("h") == 2  # a square
        assert {words[-3:] for _y, words in each.parallels} == {"° N"}
        assert {words[-3:] for _x, words in each.meridians} >= {"° W", "° E"}
        assert each.scale_words.endswith("0 km")
        assert each.middle == "50.5° N"
    assert site_maps([north, nowhere], {}) == []
    assert site_maps([], {}) == []


def test_sites_that_share_a_mark_lead_to_the_list() -> None:
    """Several in one mark are all named, and lead to where each stands."""
    near = [Place(pk=n, name=f"Hall {n}", latitude=50 + n % 2 * 9, longitude=8) for n in range(4)]
    wide, _narrow = site_maps(near, {1: Condition(2, warning=1)})
    assert [(spot.place, spot.words, spot.css_class) for spot in wide.spots] == [
        (None, "Hall 1, Hall 3: 2 devices, warnings", "m-attn"),
        (None, "Hall 0, Hall 2: no devices", "m-none"),
    ]


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


def test_a_long_word_is_broken_where_it_would_widen_the_list() -> None:
    """What a device or a person writes without a space is marked to be broken in the list; ordinary words are not."""
    device = Device(name="hall", location="x" * 120)
    machine = Machine(device=device, model="C458 of the second floor of the main hall", contact="<" + "y" * 40)
    drawn = row_html(Row(machine, []), ["name", "location", "model", "contact"])
    assert f'<span class="long">{"x" * 120}</span>' in drawn
    assert f'<span class="long">&lt;{"y" * 40}</span>' in drawn
    assert drawn.count('class="long"') == 2
