"""Addresses, ranges and networks as people write them."""

from __future__ import annotations

import contextlib
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.addresses import AddressError, one_address, parse_scope, subnet_of


def listed(text: str) -> list[str]:
    return list(parse_scope(text).addresses())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1.2.3", ["10.1.2.3"]),
        ("10.1.2.3, 10.1.2.3;10.1.2.4", ["10.1.2.3", "10.1.2.4"]),
        ("10.1.2.254-10.1.3.1", ["10.1.2.254", "10.1.2.255", "10.1.3.0", "10.1.3.1"]),
        ("10.1.2.9 - 10.1.2.10  # the lab", ["10.1.2.9", "10.1.2.10"]),
        ("10.1.2.9-11", ["10.1.2.9", "10.1.2.10", "10.1.2.11"]),
        ("10.1.2-3.7", ["10.1.2.7", "10.1.3.7"]),
        ("10.1.2.4/30", ["10.1.2.5", "10.1.2.6"]),
        ("10.1.2.4/31", ["10.1.2.4", "10.1.2.5"]),
        ("10.1.2.4/32", ["10.1.2.4"]),
        ("2001:db8::fe/127", ["2001:db8::fe", "2001:db8::ff"]),
        ("2001:db8::1\n2001:db8::9", ["2001:db8::1", "2001:db8::9"]),
        ("2001:db8::1-2001:db8::3", ["2001:db8::1", "2001:db8::2", "2001:db8::3"]),
        ("", []),
        ("# nothing yet", []),
    ],
)
def test_every_way_of_writing(text: str, expected: list[str]) -> None:
    """Single addresses, ranges, networks and IPv6 lists give their addresses, each once.

    EMC-REGN-10 EMC-AGNT-05 EMC-AGNT-06 EMC-AGNT-10
    """
    assert listed(text) == expected


def test_a_star_is_everything() -> None:
    """A star stands for every number of a part."""
    assert len(parse_scope("10.1.2.*").spans) == 1
    assert parse_scope("10.1.*.7").count() == 256


def test_names_are_kept_for_later() -> None:
    """A host name is looked up when the search runs. EMC-DISC-09 EMC-AGNT-11 EMC-AGNT-10"""
    scope = parse_scope("Printer-7.example.org, printer-7.example.org\nprinter-8")
    assert scope.names == ("printer-7.example.org", "printer-8")
    assert scope.count() == 2


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "10.1.2.300",
            "10.1.2",
            "10.1.2.9-3",
            "10.1.3.1-10.1.2.1",
            "10.1.2.0/40",
            "2001:db8::/32",
            "10.0.0.1-fd00::1",
        ),
        *("*.*.*.*", "no/where", "ab:cd", "pri_nter!", "256-300.1.1.1", "-", "10.1.2.3/x"),
        *("127.010.0.1", "10.1.2.01-09", "0x7f.1", "0x7f000001", "10.1.2.3.", "999.1.1.1"),
    ],
)
def test_what_is_no_address_is_named(entry: str) -> None:
    """An entry that cannot be read is refused with the entry and how to write it."""
    with pytest.raises(AddressError, match="“"):
        parse_scope(f"10.1.1.1\n{entry}")


def test_numbers_that_programs_read_in_several_ways() -> None:
    """A leading zero is octal to some, and 0x7f.1 an address: neither is asked as something else than was meant."""
    with pytest.raises(AddressError, match="leading zeros"):
        parse_scope("127.010.0.1")
    assert parse_scope("printer.0x7f.example, 10.0.0.1").count() == 2


@pytest.mark.parametrize(
    "text",
    ["999.1.1.1", "bad host", "10.0.0.0/8", "10.1.2.3/32", "10.1.2.3-4", "10.1.2.*", "a,b", "", "http://a", "a:80"],
)
def test_a_single_address_is_one(text: str) -> None:
    """Where one address is wanted, networks, ranges, lists and what is no address are refused."""
    with pytest.raises(AddressError, match="“"):
        one_address(text)


def test_a_single_address_in_its_usual_form() -> None:
    """Addresses of both versions and names are told as they are usually written."""
    given = (" 10.1.2.3 ", "2001:DB8:0::1", "Printer-7.Example.org.", "lab")
    assert [one_address(each) for each in given] == ["10.1.2.3", "2001:db8::1", "printer-7.example.org", "lab"]


def test_a_million_addresses_cost_nothing_until_asked() -> None:
    """A wide network is one span; a search goes on in it where it stopped."""
    scope = parse_scope("10.0.0.0/8")
    assert scope.count() == 2**24 - 2
    assert len(scope.spans) == 1
    assert next(scope.addresses(skip=1_000_000)) == str(ipaddress.IPv4Address("10.0.0.1") + 1_000_000)


def test_exclusions() -> None:
    """Excluded addresses are cut out of the middle."""
    scope = parse_scope("10.1.2.1-9, lab").without(parse_scope("10.1.2.3-4, 10.1.2.9, lab, 10.9.9.9"))
    assert list(scope.addresses()) == [f"10.1.2.{n}" for n in (1, 2, 5, 6, 7, 8)]
    assert scope.names == ()
    assert "10.1.2.5" in scope
    assert "10.1.2.3" not in scope


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), max_size=8), st.integers(0, 400))
def test_spans_hold_what_sets_hold(pairs: list[tuple[int, int]], skip: int) -> None:
    """However ranges overlap, every address comes once, in order, from wherever a search goes on."""
    base = int(ipaddress.IPv4Address("10.0.0.0"))
    made = [(ipaddress.IPv4Address(base + start), ipaddress.IPv4Address(base + start + more)) for start, more in pairs]
    scope = parse_scope("\n".join(f"{first}-{last}" for first, last in made))
    wanted = sorted({number for first, last in made for number in range(int(first), int(last) + 1)})
    assert list(scope.addresses(skip=skip)) == [str(ipaddress.IPv4Address(number)) for number in wanted[skip:]]
    assert scope.count() == len(wanted)


@given(st.text(max_size=60))
def test_nothing_else_is_raised(text: str) -> None:
    """Whatever is typed gives addresses or a sentence."""
    with contextlib.suppress(AddressError):
        parse_scope(text)


def test_subnets_of_known_machines() -> None:
    """The network around a machine is found from its address; names and IPv6 have none."""
    assert subnet_of("10.1.2.77") == "10.1.2.0/24"
    assert subnet_of("printer-7") is None
    assert subnet_of("fd00::7") is None
