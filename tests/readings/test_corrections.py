"""What makers get wrong is put right by rows of data, each with a sentence in the notes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.readings import corrections as corrections_module
from platen.readings.corrections import add_file, corrected, corrections
from platen.readings.corrections_rows import read_corrections
from platen.readings.facts import Alert, AlertSeverity, Identity, Meter, Reading, Status, Supply, SupplyState
from platen.readings.makers_rows import MakerError
from platen.readings.reading import read
from tests.testdata import needs_testdata
from tests.walks import oid_of, values_of, walk_of

HEAD = 'name = "ours"\nnote = "About $what."\nevidence = "our own device"\nseen = false\n'


def supply(**fields) -> Supply:
    given_ = {"key": "1.1", "kind": "toner", "color": "black", "description": "Black Toner", "unit": "percent"}
    return Supply(**(given_ | fields))


def reading(*supplies: Supply, maker: str = "Anybody", model: str = "M1", **fields) -> Reading:
    return Reading(identity=Identity(maker=maker, model=model), supplies=supplies, **fields)


@pytest.fixture
def added(tmp_path, monkeypatch):
    """A way to add a file of rows, which are forgotten afterwards."""
    monkeypatch.setattr(corrections_module, "_files", [])

    def add(text: str) -> None:
        path = tmp_path / f"ours{len(corrections_module._files)}.toml"
        path.write_text(text)
        add_file(path)

    yield add
    corrections.cache_clear()
    corrections_module._rows_for.cache_clear()


def test_every_packaged_row_has_its_evidence():
    """Each row says where the mistake was seen or documented, and what it says to people."""
    rows = corrections()
    assert len({row.name for row in rows}) == len(rows) > 10
    assert all(len(row.evidence) > 40 and row.note.template.endswith(".") for row in rows)


def test_a_reading_without_mistakes_stays_as_it_is():
    """Nothing is changed, and no note is made, where no row fits."""
    right = reading(supply(level=40, capacity=100, percent=40, state=SupplyState.LEVEL))
    assert corrected(right, {}) is right


@pytest.mark.parametrize(
    ("level", "capacity", "state", "percent"),
    [
        (100, 100, SupplyState.LEVEL, 100),
        (104, 100, SupplyState.LEVEL, 100),
        (5600, 5300, SupplyState.LEVEL, 100),
        (143_065, 100, SupplyState.UNKNOWN, None),
        (12_000, 100, SupplyState.UNKNOWN, None),
    ],
)
def test_more_than_there_is_room_for(level, capacity, state, percent):
    """A level a little over the capacity is full; one far above it says nothing about how much is left."""
    before = reading(supply(level=level, capacity=capacity, percent=100, state=SupplyState.LEVEL))
    after = corrected(before, {})
    assert (after.supplies[0].state, after.supplies[0].percent) == (state, percent)
    assert len(after.notes) == (level > capacity)


def test_a_rule_of_one_maker_is_not_anothers():
    """The same values of another maker's machine are left as they are."""
    empty = supply(level=-100, state=SupplyState.UNKNOWN)
    assert corrected(reading(empty, maker="Savin"), {}).supplies[0].state is SupplyState.EMPTY
    assert corrected(reading(empty, maker="Xerox"), {}).supplies == (empty,)


def test_three_stages_are_no_percentages():
    """Of models that know “good”, “low” and “almost out” only, no percentage is made of it."""
    stages = [supply(level=level, capacity=100, percent=level, state=SupplyState.LEVEL) for level in (100, 10, 1)]
    after = corrected(reading(*stages, maker="Canon", model="MF4780w"), {})
    assert [(one.state, one.percent) for one in after.supplies] == [
        (SupplyState.SOME, None),
        (SupplyState.LOW, None),
        (SupplyState.LOW, None),
    ]


@needs_testdata
def test_percentages_of_a_sharp_without_capacity():
    """A recorded machine that gives no capacity and percentages as levels is read as its maker means it."""
    found = read(values_of(walk_of("librenms/sharp_mxm266nv.snmprec")))
    assert {one.description: one.percent for one in found.supplies} == {
        "Black Toner": 75,
        "Waste Toner": 100,
        "Black Photoconductive Drum": 9,
        "Black Developer": 9,
        "Fusing Unit": None,
    }
    assert sum("no capacity" in note for note in found.notes) == 3


@needs_testdata
def test_sheets_of_a_ricoh_are_impressions():
    """A recorded machine that calls its impressions sheets has a total of impressions."""
    found = read(values_of(walk_of("librenms/ricoh_mpc2503.snmprec")))
    assert [(meter.value, meter.unit) for meter in found.meters if meter.name == "total"] == [(580_249, "impressions")]


@pytest.mark.parametrize(
    "serial",
    [
        "serial_number",
        "unknown",
        "Unknown S/N",
        "XXXXXXXXXX",
        "0000000000",
        "00-00-00",
        "None",
        "1234567890",
        "0123456789012",
        "N/A",
    ],
)
def test_a_serial_number_that_is_none(serial):
    """Whatever is written where there is no number makes no two machines one."""
    after = corrected(Reading(identity=Identity(serial=serial)), {})
    assert after.identity.serial == ""
    assert serial in after.notes[0]


@pytest.mark.parametrize(
    "serial", ["E71833C4J372261", "0505571100", "X3B8022793", "CN64Q15091", "000A5J431816", "1234567890ABC", "1"]
)
def test_a_serial_number_that_is_one_stays(serial):
    """Real numbers are left alone, with however many zeros."""
    kept = corrected(Reading(identity=Identity(maker="Epson", serial=serial)), {}).identity.serial
    assert kept == ("" if serial == "1" else serial)


def test_a_serial_number_in_hexadecimal():
    """The codes of letters are written as the letters that stand on the machine's label."""
    after = corrected(Reading(identity=Identity(maker="Epson", serial="583445413030303132")), {})
    assert after.identity.serial == "X4EA00012"


def test_history_is_no_alert():
    """Of a machine that lists what happened, only what needs somebody stays, and one note says so."""
    events = [Alert(str(n), AlertSeverity.OTHER, "unknown", group="other", source="printer-alert") for n in range(9)]
    jam = Alert("jam", AlertSeverity.CRITICAL, "jam", source="printer-alert")
    stopped = Status(reasons=frozenset({"media-jam-error"}))
    after = corrected(reading(maker="HP", alerts=(*events, jam), status=stopped), {})
    assert after.alerts == (jam,)
    assert len(after.notes) == 1
    assert corrected(reading(maker="HP", alerts=(jam,), status=Status()), {}).alerts == ()
    assert corrected(reading(maker="Ricoh", alerts=(jam,), status=Status()), {}).alerts == (jam,)


def test_rows_are_added_without_code(added):
    """A file of rows works at once, and comes before the packaged ones."""
    added(f'[[supply]]\n{HEAD}maker = "Any*"\nwhen = {{ kind = "waste-*" }}\nlevel_is = "used"\n')
    box = supply(kind="waste-toner", description="Box", level=5, capacity=100, percent=5, state=SupplyState.LEVEL)
    after = corrected(reading(box), {})
    assert after.supplies[0].percent == 95
    assert after.notes == ("About Box.",)


def test_a_row_may_ask_for_what_an_object_says(added):
    """A mistake of one firmware only is put right where that firmware answers."""
    added(f'[[meter]]\n{HEAD}objects = {{ "1.3.6.1.4.1.9.1.0" = "1.*" }}\nscale = [10, 1]\n')
    before = reading(meters=(Meter("total", 7, "1.2"),))
    assert corrected(before, {oid_of("1.3.6.1.4.1.9.1.0"): b"1.02"}).meters[0].value == 70
    assert corrected(before, {oid_of("1.3.6.1.4.1.9.1.0"): b"2.02"}).meters[0].value == 7
    assert corrected(before, {}).meters[0].value == 7


def test_what_is_not_there_is_dropped(added):
    """A supply that a model does not have disappears, with a note."""
    added(f'[[supply]]\n{HEAD}when = {{ color = ["cyan", "magenta"], level = -2 }}\ndrop = true\n')
    after = corrected(reading(supply(), supply(key="1.2", color="cyan", description="Cyan", level=-2)), {})
    assert [one.key for one in after.supplies] == ["1.1"]
    assert after.notes == ("About Cyan.",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('[[supply]]\nname = "ours"\n', "takes one of"),
        (f"[[supply]]\n{HEAD}", "takes one of"),
        (f'[[meter]]\n{HEAD}level_is = "full"\n', "not done to a meter"),
        (f'[[supply]]\n{HEAD}level_is = "half"\n', "half"),
        (f'[[supply]]\n{HEAD}when = {{ colour = "cyan" }}\ndrop = true\n', "colour"),
        (f"[[supply]]\n{HEAD}when = {{ level = [9, 1] }}\ndrop = true\n", "range"),
        (f'[[supply]]\n{HEAD}when = {{ kind = "~(" }}\ndrop = true\n', "ours"),
        (f"[[supply]]\n{HEAD}set = {{ receptacle = 1 }}\n", "receptacle"),
        (f"[[meter]]\n{HEAD}scale = [0, 1]\n", "scale"),
        (f"[[tray]]\n{HEAD}drop = true\n", "tray"),
        (f"[[supply]]\n{HEAD}drop = true\nwhy = 1\n", "why"),
        (f'[[supply]]\n{HEAD}objects = {{ "x.y" = 1 }}\ndrop = true\n', "ours"),
        ("[[supply]]\nname = 'ours'\nnote = 'x'\nseen = true\ndrop = true\nevidence = ' '\n", "evidence"),
        ("[[", "ours.toml"),
    ],
)
def test_a_mistake_in_a_row_is_told_with_file_and_row(row, words):
    """Whoever writes a correction reads which row is wrong, not a traceback."""
    with pytest.raises(MakerError, match=r"ours\.toml") as caught:
        read_corrections("ours.toml", row)
    assert words in str(caught.value)


@given(
    st.sampled_from(["HP", "Sharp", "Ricoh", "Canon", "Epson", ""]),
    st.one_of(st.none(), st.integers()),
    st.one_of(st.none(), st.integers(min_value=1)),
    st.text(max_size=40),
)
def test_nothing_that_a_machine_says_is_an_error(maker, level, capacity, serial):
    """Corrections raise on no values, and leave percentages between 0 and 100."""
    before = Reading(identity=Identity(maker=maker, serial=serial), supplies=(supply(level=level, capacity=capacity),))
    after = corrected(before, {})
    assert all(one.percent is None or 0 <= one.percent <= 100 for one in after.supplies)
