"""Prices shown before printing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from platen.devices.services import add_device
from platen.directory.models import User
from platen.tracking.quotes import quote, quote_jobs
from tests.fixtures_tenant import ADMIN
from tests.tracking.printed import A4, TWO_SIDED, Printing, document

pytestmark = pytest.mark.django_db


def test_a_quote_is_what_the_record_will_say(printing: Printing, anna: User) -> None:
    """The worked example is quoted as 1.85 at the device and recorded as that. SC-PRICE-05, SC-TRACK-05, SC-PUSH-17"""
    job = printing.job(anna, document((5, A4, True)), ticket=TWO_SIDED)
    shown = quote(printing.device, job)
    assert (shown.price.amount, shown.price2.amount) == (Decimal("1.85"), Decimal("0.28"))
    assert (shown.pages, shown.color_pages, shown.sheets, shown.page_format) == (5, 5, 3, "A4")
    record = printing.ended(printing.delivery(job))
    assert record is not None
    assert record.job_price == shown.price.amount


def test_copies_change_the_price(printing: Printing, anna: User) -> None:
    """Other copies than submitted are quoted as such: 0.20 + 10 * 0.05 + 10 * 0.10. SC-PRICE-03"""
    job = printing.job(anna, document((5, A4, False)))
    assert quote(printing.device, job, copies=2).price.amount == Decimal("1.70")


def test_the_device_decides(printing: Printing, anna: User) -> None:
    """The same job costs nothing at a device without a scheme. SC-TRACK-05, SC-PRICE-02"""
    elsewhere = add_device("Free", "socket://127.0.0.8:9100", by=ADMIN)
    job = printing.job(anna, document((5, A4, True)))
    assert quote(elsewhere, job).price.amount == 0
    assert quote(elsewhere, job).pages == 5


def test_a_document_not_read_yet_has_no_price(printing: Printing, anna: User) -> None:
    """Until the pages are known the quote says so rather than a wrong price. SC-TRACK-03"""
    shown = quote(printing.device, printing.job(anna, None))
    assert not shown.known
    assert shown.price_follows
    assert not quote(add_device("Free", "socket://127.0.0.8:9100", by=ADMIN), printing.job(anna, None)).price_follows
    assert (shown.pages, shown.price.amount) == (0, 0)


def test_many_jobs_cost_one_query(
    printing: Printing, anna: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """A list of jobs is quoted with one query, not one a job. SC-TRACK-05"""
    jobs = [printing.job(anna, document((pages, A4, False))) for pages in range(1, 21)]
    with django_assert_num_queries(1):
        shown = quote_jobs(printing.device, jobs, {jobs[0].id: 3})
    assert len(shown) == 20
    assert (shown[jobs[0].id].pages, shown[jobs[19].id].pages) == (3, 20)
