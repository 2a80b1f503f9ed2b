"""The ways by which documents reach a machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.protocols.snmp import Oid, Value
from platen.readings import objects as o
from platen.readings.facts import Port
from platen.readings.plan import make_plan
from platen.readings.ports import read_ports, resource_of
from platen.readings.reading import read
from platen.readings.tables import Tables
from platen.readings.update import update
from tests.readings.replay import Replay, number, printer, surveyed, text
from tests.testdata import needs_testdata
from tests.walks import Held, main_walks, values_of, walk_of

LPD, PORT_9100, USB, PORT_TCP, IPP = 8, 11, 34, 37, 44


def port(row: int, type_: int, target: int, *, enabled: int = 1, uri: str = "", name: str = "") -> dict[Oid, Held]:
    """A row of ppmPortTable."""
    return {
        (*o.PPM_PORT_ENABLED, 1, row): number(enabled),
        (*o.PPM_PORT_NAME, 1, row): text(name),
        (*o.PPM_PORT_SERVICE_NAME_OR_URI, 1, row): text(uri),
        (*o.PPM_PORT_PROTOCOL_TYPE, 1, row): number(type_),
        (*o.PPM_PORT_PROTOCOL_TARGET_PORT, 1, row): number(target),
    }


def channel(row: int, type_: int, *, state: int = 3, information: str = "") -> dict[Oid, Held]:
    """A row of prtChannelTable."""
    return {
        (*o.PRT_CHANNEL_TYPE, 1, row): number(type_),
        (*o.PRT_CHANNEL_STATE, 1, row): number(state),
        (*o.PRT_CHANNEL_INFORMATION, 1, row): text(information),
    }


def told(*rows: dict[Oid, Held]) -> list[tuple[str, int | None, str, bool | None]]:
    """Protocol, number, resource and whether it takes documents, of each port."""
    objects = {oid: held for row in rows for oid, held in row.items()}
    ports = read_ports(Tables(values_of(objects)))
    return [(each.protocol, each.number, each.resource, each.takes_documents) for each in ports]


def test_ports_have_names_numbers_and_queues() -> None:
    """ppmPortTable of PWG 5107.1; the address in a URI is the machine's own and is left out. SC-CHAN-06."""
    assert told(
        port(1, LPD, 515, uri="lpr://192.0.2.7:515/PASSTHRU"),
        port(2, PORT_9100, 9100, enabled=2),
        port(3, IPP, 0, uri="http://192.0.2.7:631/ipp/print"),
        port(4, 0, 9100),
        port(5, 0, 0),
    ) == [
        ("lpd", 515, "PASSTHRU", True),
        ("raw", 9100, "", False),
        ("ipp", 631, "/ipp/print", True),
        ("raw", 9100, "", True),
    ]


def test_channels_say_which_ports_are_open() -> None:
    """prtChannelTable: by their types, and what prtChannelInformation says of queue, number and URI. SC-CHAN-06."""
    assert told(
        channel(1, USB),
        channel(2, LPD, information="Queue=print"),
        channel(3, PORT_TCP, information="Port=2501"),
        channel(4, PORT_9100, state=4),
        channel(5, IPP, state=1, information="URI=ipp://192.0.2.7:8631/ipp\nAuth=none"),
        channel(6, 1),
        channel(7, 46),
    ) == [
        ("usb", None, "", True),
        ("lpd", 515, "print", True),
        ("raw", 2501, "", True),
        ("raw", 9100, "", False),
        ("ipp", 8631, "/ipp", None),
        ("46", None, "", True),
    ]


def test_a_channel_that_is_a_port_as_well_is_there_once() -> None:
    """What the channel does not say the port does; another number is another port."""
    assert told(
        port(1, LPD, 515, uri="lpr://192.0.2.7/lp"),
        channel(1, LPD),
        channel(2, PORT_TCP, information="Port=9101"),
        channel(3, USB),
    ) == [("lpd", 515, "lp", True), ("raw", 9101, "", True), ("usb", None, "", True)]


@pytest.mark.parametrize(
    ("said", "resource"),
    [
        ("lpr://192.0.2.7:515/PASSTHRU", "PASSTHRU"),
        ("ipp://printer.example/ipp/print/", "/ipp/print"),
        ("http://[::1", ""),
        ("raw", "raw"),
        ("two words", ""),
        ("", ""),
    ],
)
def test_a_resource_is_a_path_or_the_name_of_a_queue(said: str, resource: str) -> None:
    """Nothing that names the machine or that is no name goes along."""
    assert resource_of(said) == resource


def test_a_survey_asks_for_channels_where_there_are_no_ports() -> None:
    """Of the ports all columns; channels only where a machine has no ports. A periodic reading has them as before."""
    channels = dict(sorted({**printer(), **channel(1, LPD, information="Queue=lp"), **channel(2, USB)}.items()))
    raw = surveyed(Replay(channels))
    found = read(raw)
    assert [each.protocol for each in found.ports] == ["lpd", "usb"]
    assert found.ports[0].resource == "lp"
    assert update(make_plan(raw), found, {}).ports == found.ports
    both = dict(sorted({**channels, **port(1, PORT_9100, 9100, name="RAW")}.items()))
    replay = Replay(both)
    assert [(each.name, each.number) for each in read(surveyed(replay)).ports] == [("RAW", 9100)]
    assert not any(oid[:11] == o.PRT_CHANNEL_STATE for prepared in replay.requests for oid in prepared.oids)


@needs_testdata
def test_recorded_machines_say_by_which_ports_they_print() -> None:
    """A label printer names its ports, an office machine has channels."""
    names = {name: read(surveyed(Replay(walk_of(name)))).ports for name in main_walks()}
    label = next(ports for name, ports in names.items() if "epson_cw" in name)
    assert [(each.protocol, each.number, each.resource) for each in label] == [
        ("lpd", 515, "PASSTHRU"),
        ("raw", 9100, ""),
        ("ipp", 631, "/ipp/print"),
    ]
    office = next(ports for name, ports in names.items() if "kyocera_cs4053" in name)
    assert {("lpd", 515), ("raw", 9100), ("ipp", 631), ("ftp", 21)} <= {(p.protocol, p.number) for p in office}


@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(
                [
                    *(o.PPM_PORT_ENABLED, o.PPM_PORT_NAME, o.PPM_PORT_SERVICE_NAME_OR_URI, o.PPM_PORT_PROTOCOL_TYPE),
                    *(o.PPM_PORT_PROTOCOL_TARGET_PORT, o.PRT_CHANNEL_TYPE, o.PRT_CHANNEL_STATE),
                    o.PRT_CHANNEL_INFORMATION,
                ]
            ),
            st.lists(st.integers(0, 3), min_size=1, max_size=3).map(tuple),
        ).map(lambda cell: (*cell[0], *cell[1])),
        st.none()
        | st.integers(-5, 70_000)
        | st.binary(max_size=20)
        | st.from_regex(rb"(Port|URI|Queue)=\S{0,12}", fullmatch=True),
        max_size=20,
    )
)
def test_anything_in_these_tables_is_read_without_an_error(raw: dict[Oid, Value]) -> None:
    """A port has a protocol, and a number of TCP if any."""
    for each in read_ports(Tables(raw)):
        assert isinstance(each, Port)
        assert each.protocol
        assert each.number is None or 0 < each.number <= 65_535
