"""A wish that never reached the device lowers no charge: what counts is the ticket as the device obeys it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from platen.console.job_rows import job_rows
from platen.devices.models import Device
from platen.devices.services import add_device
from platen.directory.models import User
from platen.printing.deliveries import note_printer_job
from platen.printing.models import Job
from platen.printing.services import record_facts
from platen.tracking.models import UsageRecord
from platen.tracking.quotes import quote
from platen.tracking.schemes import assign
from tests.fixtures_tenant import ADMIN
from tests.tracking.printed import A4, TWO_SIDED, Printing, document

pytestmark = pytest.mark.django_db

WISHES: list[dict[str, Any]] = [
    {"page-ranges": [[50, 60]]},
    {"number-up": 16},
    {"print-color-mode": "monochrome"},
    TWO_SIDED,
    {"media": "iso_a3_297x420mm"},
]
SUPPORTED = {"page-ranges": [True], "copies": [[1, 99]]}


def priced_device(printing: Printing, uri: str, **known: Any) -> Device:
    """A device with the sample prices, of which this is known."""
    device = add_device("Lobby", uri, by=ADMIN)
    assign(device, primary=printing.scheme, secondary=printing.secondary, by=ADMIN)
    for name, value in known.items():
        setattr(device, name, value)
    device.save()
    return device


@pytest.mark.parametrize("uri", ["socket://127.0.0.8:9100", "lpd://127.0.0.8/print"])
@pytest.mark.parametrize("ticket", WISHES, ids=lambda ticket: next(iter(ticket)))
def test_octets_without_attributes_are_charged_whole(
    printing: Printing, anna: User, uri: str, ticket: dict[str, Any]
) -> None:
    """Five colour pages sent as they are cost 0.20 + 5 * 0.05 + 5 * 0.30, whatever the job asked for. SC-PRICE-05,
    SC-TRACK-05"""
    device = priced_device(printing, uri)
    job = printing.job(anna, document((5, A4, True)), ticket=ticket)
    record = printing.ended(printing.delivery(job, device=device))
    assert record is not None
    assert (record.tracking_page_count, record.job_sheet_count, record.job_page_format) == (5, 5, "A4")
    assert (record.job_price, quote(device, job).price.amount) == (Decimal("1.95"), Decimal("1.95"))


@pytest.mark.parametrize(
    ("ticket", "price"), [({"page-ranges": [[50, 60]]}, "0"), ({"page-ranges": [[1, 1]]}, "0.55"), (TWO_SIDED, "1.95")]
)
def test_an_ipp_device_is_charged_for_what_it_supports(
    printing: Printing, anna: User, ticket: dict[str, Any], price: str
) -> None:
    """Ranges that the device obeys count, one page or none at all; both sides that it does not know do not.
    SC-PRICE-05, SC-FID-04"""
    device = priced_device(printing, "ipp://127.0.0.8/ipp/print", ticket_supported=SUPPORTED)
    job = printing.job(anna, document((5, A4, True)), ticket=ticket)
    record = printing.ended(printing.delivery(job, device=device))
    assert record is not None
    assert (record.job_price, quote(device, job).price.amount) == (Decimal(price), Decimal(price))


def test_what_was_sent_decides(printing: Printing, anna: User) -> None:
    """A device that lists what it then refuses got the document without, and that is what is recorded. SC-TRACK-05"""
    device = priced_device(printing, "ipp://127.0.0.8/ipp/print", ticket_supported={"sides": ["two-sided-long-edge"]})
    job = printing.job(anna, document((5, A4, True)), ticket=TWO_SIDED)
    assert quote(device, job).price.amount == Decimal("1.85")
    delivery = printing.delivery(job, device=device)
    note_printer_job(delivery.id, 17, {"copies": 1})
    assert _price(printing.ended(delivery)) == Decimal("1.95")


def _price(record: UsageRecord | None) -> Decimal:
    assert record is not None
    price: Decimal = record.job_price
    return price


def shown_of(job: Job) -> tuple[int | None, int | None, int | None, int]:
    """What lists show: pages of a copy, those in colour, sheets of all copies, copies."""
    job.refresh_from_db()
    return job.pages, job.color_pages, job.sheets, job.copies


def test_lists_tell_of_a_printed_job_what_its_record_tells(printing: Printing, anna: User) -> None:
    """Held, a job is shown as its ticket has it; printed, as it came out, sides and copies with it. SC-TRACK-05"""
    device = priced_device(printing, "socket://127.0.0.8:9100")
    job = printing.job(anna, document((5, A4, True)), ticket={**TWO_SIDED, "page-ranges": [[1, 3]]})
    record_facts(job.id, document((5, A4, True)))
    assert shown_of(job) == (3, 3, 2, 1)
    (held,) = job_rows([job], sees_names=True)
    assert "both sides" in held.pages
    record = printing.ended(printing.delivery(job, device=device, copies=2))
    assert record is not None
    pages, color_pages, sheets, copies = shown_of(job)
    assert (pages, copies) == (5, 2)
    assert (pages * copies, color_pages, sheets) == (
        record.tracking_page_count,
        record.tracking_color_page_count // 2,
        record.job_sheet_count,
    )
    (printed,) = job_rows([job], sees_names=True)
    assert printed.pages == "5 pages, 5 in colour, 2 copies"


def test_a_job_that_is_held_again_is_shown_by_its_ticket(printing: Printing, anna: User) -> None:
    """What a kept document came to at one device says nothing of the next."""
    device = priced_device(printing, "socket://127.0.0.8:9100")
    job = printing.job(anna, document((5, A4, False)), ticket={"page-ranges": [[1, 3]]})
    record_facts(job.id, document((5, A4, False)))
    Job.objects.filter(id=job.id).update(retained=True)
    assert printing.ended(printing.delivery(job, device=device)) is not None
    assert shown_of(job) == (3, 0, 3, 1)


def test_facts_that_come_late_show_what_came_out(printing: Printing, anna: User) -> None:
    """Also where the document was looked into after it was printed."""
    device = priced_device(printing, "socket://127.0.0.8:9100")
    job = printing.job(anna, None, ticket={"page-ranges": [[1, 3]]})
    assert printing.ended(printing.delivery(job, device=device)) is not None
    record_facts(job.id, document((5, A4, False)))
    assert shown_of(job) == (5, 0, 5, 1)
