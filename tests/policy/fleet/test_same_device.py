"""Whether what answers is known already."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from platen.policy.fleet.same_device import Known, Marks, Verdict, recognise

HERE, THERE = "10.1.2.3", "10.1.2.4"
A = Known(1, Marks("SN-A", "aa", "", HERE, "Canon"))


def test_a_machine_that_moved_is_the_same() -> None:
    """Its serial number names it at another address; what was known at that address is displaced."""
    found = recognise(Marks("SN-A", "aa", "", THERE, "Canon"), [A, Known(2, Marks("SN-B", "bb", "", THERE))])
    assert (found.verdict, found.id, found.displaced) == (Verdict.MOVED, 1, 2)
    assert HERE in found.sentence
    assert THERE in found.sentence


def test_where_it_was() -> None:
    """Same marks, same address: known, nothing to say."""
    found = recognise(A.marks, [A])
    assert (found.verdict, found.id, found.sentence) == (Verdict.KNOWN, 1, "")


def test_where_it_is_was_not_said() -> None:
    """It is the same machine where it was, and nobody who has no address either is in its way."""
    found = recognise(Marks("SN-A", "aa", ""), [A, Known(2, Marks("SN-A", "bb", "", ""))])
    assert (found.verdict, found.id, found.displaced, found.sentence) == (Verdict.KNOWN, 1, None, "")


def test_without_serial_number_the_hardware_address_tells() -> None:
    """Serial first, then hardware address, then UUID."""
    assert recognise(Marks("", "aa", "", THERE), [A]).id == 1
    by_uuid = Known(3, Marks("", "", "u-3", HERE))
    assert recognise(Marks("", "", "u-3", THERE), [by_uuid]).verdict is Verdict.MOVED


def test_a_new_network_card_in_place() -> None:
    """The same serial number at the same address with another hardware address is the same machine."""
    assert recognise(Marks("SN-A", "ff", "", HERE), [A]).verdict is Verdict.KNOWN


def test_a_moved_network_card_does_not_move_a_machine() -> None:
    """A hardware address that is known with another serial number belongs to another machine now."""
    assert recognise(Marks("SN-Z", "aa", "", THERE), [A]).verdict is Verdict.NEW


def test_duplicate_serial_numbers_stay_two() -> None:
    """Two machines that claim one serial number stay two, and it is said which."""
    found = recognise(Marks("SN-A", "ee", "", THERE), [A])
    assert (found.verdict, found.id) == (Verdict.CONFLICT, None)
    assert HERE in found.sentence


def test_serial_numbers_are_unique_within_a_maker() -> None:
    """The same number of another maker is another machine."""
    assert recognise(Marks("SN-A", "", "", THERE, "Ricoh"), [A]).id is None


def test_another_machine_at_a_known_address() -> None:
    """It is new, and the one that was known there is displaced. EMC-DLST-11 EMC-DISC-10"""
    found = recognise(Marks("SN-X", "xx", "", HERE), [A])
    assert (found.verdict, found.displaced) == (Verdict.NEW, 1)
    assert "SN-A" in found.sentence


def test_from_v1_to_v3_it_is_the_same() -> None:
    """How a machine is asked does not matter: only what it says. EMC-DISC-08"""
    assert recognise(Marks("SN-A", "aa", "", HERE), [A]).id == 1


def test_a_machine_that_says_nothing_of_itself() -> None:
    """Without any mark its address must do."""
    nameless = Known(5, Marks(address=HERE))
    assert recognise(Marks(address=HERE), [nameless]).id == 5
    assert recognise(Marks(address=THERE), [nameless]).verdict is Verdict.NEW


marks = st.builds(
    Marks,
    serial=st.sampled_from(["", "S1", "S2"]),
    mac=st.sampled_from(["", "m1", "m2"]),
    uuid=st.sampled_from(["", "u1"]),
    address=st.sampled_from([HERE, THERE, "10.1.2.5"]),
)


@given(marks, st.lists(marks, max_size=4))
def test_the_verdict_fits_what_it_names(found: Marks, others: list[Marks]) -> None:
    """Known means where it was, moved means elsewhere, and a machine with another serial number is never taken."""
    known = [Known(number, each) for number, each in enumerate(others)]
    recognition = recognise(found, known)
    if recognition.id is None:
        assert recognition.verdict in {Verdict.NEW, Verdict.CONFLICT}
        return
    taken = others[recognition.id]
    assert (taken.address == found.address) is (recognition.verdict is Verdict.KNOWN)
    assert not (found.serial and taken.serial and found.serial != taken.serial)


def test_a_hardware_address_that_was_made_up_contradicts_nothing() -> None:
    """A site that keeps its hardware addresses to itself sends locally administered ones for them."""
    known = Known(1, Marks("SN-A", "001ba94c71e2", "", HERE))
    assert recognise(Marks("SN-A", "02aabbccddee", "", THERE), [known]).id == 1
    assert recognise(Marks("SN-A", "00aabbccddee", "", THERE), [known]).verdict is Verdict.CONFLICT
