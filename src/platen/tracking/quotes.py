"""What jobs would cost at a device, before they are printed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from platen.devices.models import Device
from platen.policy.charging import ChargingScheme
from platen.policy.prices import FREE, Price
from platen.policy.usage_enums import JobType
from platen.printing.facts import stored_facts
from platen.printing.models import Job
from platen.printing.support import ObeyingDevice
from platen.tracking.amounts import NOTHING, priced, whole_job
from platen.tracking.schemes import prices_of, tariff_of

NO_COPIES: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What one job comes to at one device. All counts are over all copies.

    known: False while nobody has looked into the document, or nobody could: then counts and prices are 0.
    price_follows: it is not free all the same; its price will be known when it is printed.
    price2: by the secondary scheme, the true cost; not for the person who prints.
    """

    job_id: int
    copies: int
    known: bool
    price_follows: bool
    pages: int  # impressions
    color_pages: int
    sheets: int
    two_sided: bool
    page_format: str  # A4, Letter, …
    price: Price
    price2: Price


def quote(device: Device, job: Job, copies: int | None = None) -> Quote:
    """What a job would cost at a device. copies: None as submitted."""
    return quote_jobs(device, [job], {} if copies is None else {job.id: copies})[job.id]


def quote_jobs(device: Device, jobs: Sequence[Job], copies: Mapping[int, int] = NO_COPIES) -> dict[int, Quote]:
    """What each of many jobs would cost at a device, by job id: one query, however many there are.

    The device decides on the price, not the queue that a job came through. copies: by job id, where they are not
    those submitted.
    """
    tariff = tariff_of(device.id)
    primary, secondary = (prices_of(tariff.primary), prices_of(tariff.secondary)) if tariff else (None, None)
    obeying = ObeyingDevice(device)
    return {job.id: _quote(obeying, job, copies.get(job.id, job.copies), primary, secondary) for job in jobs}


def _quote(
    obeying: ObeyingDevice, job: Job, copies: int, primary: ChargingScheme | None, secondary: ChargingScheme | None
) -> Quote:
    facts = stored_facts(job.facts)
    known = facts is not None and facts.pages is not None
    amount = NOTHING
    if facts is not None and known:
        amount = whole_job(facts, obeying.ticket(job.ticket, copies), obeying.device)
    return Quote(
        job_id=job.id,
        copies=copies,
        known=known,
        price_follows=primary is not None and not known,
        pages=amount.impressions,
        color_pages=amount.color_impressions,
        sheets=amount.sheets,
        two_sided=amount.two_sided,
        page_format=amount.page_format,
        price=priced(primary, amount, JobType.PULL, job.name) if known else FREE,
        price2=priced(secondary, amount, JobType.PULL, job.name) if known else FREE,
    )
