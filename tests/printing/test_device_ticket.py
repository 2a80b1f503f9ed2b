"""What of a ticket takes effect at a device, by the channel that documents take to it."""

from __future__ import annotations

from typing import Any

import pytest

from platen.devices.models import Device
from platen.policy.device_uri import Channel
from platen.printing.device_ticket import as_obeyed, job_attributes, obeyed_ticket
from platen.printing.support import kept_support, support_of
from platen.protocols.ipp import Attribute, Attributes, Collection, IntRange
from platen.protocols.ipp import attributes as a

A4 = "iso_a4_210x297mm"
TICKET: dict[str, Any] = {
    "copies": 7,
    "sides": "two-sided-long-edge",
    "number-up": 16,
    "page-ranges": [[50, 60]],
    "print-color-mode": "monochrome",
    "media": A4,
}
CAPABLE = (
    a.int_range("copies-supported", IntRange(1, 99)),
    a.keyword("sides-supported", "one-sided", "two-sided-long-edge"),
    a.integer("number-up-supported", 1, 4, 16),
    a.boolean("page-ranges-supported", True),
    a.keyword("print-color-mode-supported", "auto", "monochrome"),
    a.keyword("media-supported", A4, "iso_a3_297x420mm"),
    a.keyword("media-col-supported", "media-size", "media-source"),
)
LISTED = {attribute.name: attribute for attribute in CAPABLE}


@pytest.mark.parametrize(
    ("channel", "supported", "obeyed"),
    [
        (Channel.SOCKET, None, {"copies": 3}),
        (Channel.LPD, None, {"copies": 3}),
        (Channel.SOCKET, CAPABLE, {"copies": 3}),
        (None, CAPABLE, {"copies": 3}),
        (Channel.IPP, CAPABLE, {**TICKET, "copies": 3}),
        (Channel.IPPS, CAPABLE, {**TICKET, "copies": 3}),
        (Channel.IPPS, None, {**TICKET, "copies": 3}),
        (Channel.IPP, (), {"copies": 1}),
    ],
)
def test_each_channel_carries_what_it_can(
    channel: Channel | None, supported: tuple[Attribute, ...] | None, obeyed: dict[str, Any]
) -> None:
    """Raw and LPD carry the copies alone, IPP what the device supports; nobody knows of one not asked. SC-CHAN-04"""
    known = None if supported is None else Attributes(supported)
    assert obeyed_ticket(TICKET, 3, channel, known) == obeyed


@pytest.mark.parametrize("name", ["sides", "number-up", "page-ranges", "print-color-mode", "media"])
def test_what_a_device_does_not_list_has_no_effect(name: str) -> None:
    """An attribute that is left out of the request is left out of the ticket that is charged. SC-FID-04"""
    others = Attributes(each for each in CAPABLE if each.name != f"{name}-supported")
    expected = {other: value for other, value in TICKET.items() if other != name} | {"copies": 3}
    assert obeyed_ticket(TICKET, 3, Channel.IPP, others) == expected


def test_values_that_a_device_does_not_list_have_no_effect() -> None:
    """A value outside the list, or a `false`, is as good as no support. SC-FID-04"""
    others = Attributes(
        [a.integer("number-up-supported", 1, 2), a.boolean("page-ranges-supported", False), LISTED["copies-supported"]]
    )
    assert obeyed_ticket(TICKET, 3, Channel.IPP, others) == {"copies": 3}


@pytest.mark.parametrize(("size", "media"), [((21000, 29700), A4), ((29700, 42000), None)])
def test_the_medium_that_is_asked_for_counts(size: tuple[int, int], media: str | None) -> None:
    """A media-col goes in place of the name, which counts only where both mean the same size. SC-PRICE-08"""
    dimensions = Collection([a.integer("x-dimension", size[0]), a.integer("y-dimension", size[1])])
    ticket = {"media": A4, **_json(a.collection("media-col", Collection([a.collection("media-size", dimensions)])))}
    sent = job_attributes(ticket, 1, Attributes(CAPABLE))
    assert [attribute.name for attribute in sent] == ["media-col"]
    assert as_obeyed(ticket, sent).get("media") == media


def test_support_is_kept_with_the_device() -> None:
    """What a device lists is the same after it was stored, numbers that look like a range too. SC-PULL-03"""
    kept = kept_support(Attributes(CAPABLE))
    assert kept["number-up"] == [[1, 1], [4, 4], [16, 16]]
    stored = support_of(Device(ticket_supported=kept))
    assert obeyed_ticket(TICKET, 3, Channel.IPP, stored) == {**TICKET, "copies": 3}
    assert obeyed_ticket({"number-up": 2}, 1, Channel.IPP, stored) == {"copies": 1}
    assert support_of(Device()) is None
    assert support_of(Device(ticket_supported={})) == Attributes()


def _json(attribute: Attribute) -> dict[str, Any]:
    obeyed = as_obeyed({}, [attribute])
    return {attribute.name: obeyed[attribute.name]}
