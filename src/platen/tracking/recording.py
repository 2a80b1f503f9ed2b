"""Usage records: one for each activity, written in the transaction that ends its delivery.

Which deliveries are an activity. One that ended completed, interrupted, or canceled after its document had begun to
leave is; it has a record even where nothing came out, because an interruption may also be tampering. One that failed
is none, for nothing came out and the job is held again; if the device did count something, it was an interruption.

Which pages count. All of a completed job, unless the device tells of fewer: what came out is charged, no more. A count
of 0 for a completed job comes from a device that does not count, one of its sheets from a device that counts these;
both are passed over. A count above ours comes from one that counts white backs, or cover pages of its own, and nobody
is charged for these. Of a job that was cut short
the pages that the device tells of count; where it tells nothing, none, for nobody knows that any came out.

A document that nobody has looked into yet gives an undefined page count: what the device tells counts, on the paper
that the job names and in black. When the document's facts arrive, the record is completed, once. Where nobody can tell
how many pages came out of a completed job, it costs what every job does at least, and the event log says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from platen.documents.facts import DocumentFacts
from platen.eventlog.actor import SYSTEM
from platen.eventlog.audit import record_audit
from platen.eventlog.models import Severity
from platen.eventlog.services import record_event
from platen.policy.prices import COUNT_MAX, Price
from platen.policy.usage_enums import JobType, PageCountStatus, TrackingState
from platen.printing.facts import stored_facts
from platen.printing.models import Delivery, DeliveryState, Job
from platen.printing.services import note_printed
from platen.printing.support import ObeyingDevice
from platen.tenants.queries import current_policy
from platen.tracking.amounts import Amount, first_impressions, priced, unread_document, whole_job
from platen.tracking.days import day_of, zone_of
from platen.tracking.models import UsageRecord
from platen.tracking.price_field import storable
from platen.tracking.record_fields import driver_name, of_device, of_job, of_person, this_computer
from platen.tracking.rollups import add_to_day, sum_of
from platen.tracking.schemes import prices_of, tariff_of

_COUNTED = ("tracking_page_count", "tracking_color_page_count", "job_sheet_count", "job_price", "job_price2")


@dataclass(frozen=True, slots=True)
class _Count:
    """What came out, and how it is known."""

    amount: Amount
    parsed: int  # impressions of the whole job by our analysis
    colored: bool  # whether the whole job has colour
    status: PageCountStatus


def record_delivery(delivery: Delivery) -> UsageRecord | None:
    """Write the record of a delivery that has ended; its job, device and user are loaded.

    Returns: the record, also when it was there already; None where the delivery was no activity.
    """
    state = tracking_state(delivery)
    if state is None:
        return None
    values = _values(delivery, state)
    with transaction.atomic():
        record: UsageRecord
        record, created = UsageRecord.objects.get_or_create(activity=delivery.uuid, defaults=values)
        if created:
            add_to_day(day_of(record.stopped_at, zone_of(current_policy())), record, sum_of(record))
            _tell_if_uncounted(record)
            _show_in_lists(delivery, record)
    return record


def _tell_if_uncounted(record: UsageRecord) -> None:
    completed = record.tracking_state == TrackingState.COMPLETED
    if record.page_count_status == PageCountStatus.FAILURE and completed and not record.tracking_page_count:
        record_event(
            "pages_not_known",
            f"Nobody knows how many pages of “{record.job_name}” came out at {record.device_name}: its record has "
            "0 and the price of a job without its pages.",
            severity=Severity.WARNING,
            job_id=record.job_id,
            device_id=record.device_id,
            user_id=record.user_id,
        )


def _show_in_lists(delivery: Delivery, record: UsageRecord) -> None:
    """Lists of jobs tell of a printed job what its record tells."""
    if record.tracking_state == TrackingState.COMPLETED and record.page_count_status == PageCountStatus.OK:
        copies = _obeyed(delivery).get("copies")
        note_printed(
            delivery.job,
            impressions=record.tracking_page_count,
            color_impressions=record.tracking_color_page_count,
            sheets=record.job_sheet_count,
            copies=copies if isinstance(copies, int) and copies > 0 else 1,
        )


def _obeyed(delivery: Delivery) -> dict[str, object]:
    """The ticket as the device obeyed it."""
    asked: dict[str, object] | None = delivery.asked_of_device
    return asked or ObeyingDevice(delivery.device).ticket(delivery.job.ticket, delivery.copies)


def tracking_state(delivery: Delivery) -> TrackingState | None:
    """How the activity ended; None where there was none."""
    match delivery.state:
        case DeliveryState.COMPLETED:
            return TrackingState.COMPLETED
        case DeliveryState.INTERRUPTED:
            return TrackingState.INTERRUPTED
        case DeliveryState.CANCELED if delivery.attempts or delivery.impressions_completed:
            return TrackingState.INTERRUPTED
        case DeliveryState.FAILED if delivery.impressions_completed:
            return TrackingState.INTERRUPTED
    return None


def complete_from_facts(job: Job, facts: DocumentFacts) -> int:
    """Fill in what was not known when the job's deliveries ended. Returns: how many records were completed.

    Prices are those that the device has now: an undefined record kept no unit prices.
    """
    undefined = UsageRecord.objects.filter(job_uuid=job.uuid, page_count_status=PageCountStatus.UNDEFINED)
    activities = list(undefined.values_list("activity", flat=True))
    return sum(_complete(delivery, facts) for delivery in _deliveries(activities))


def _deliveries(activities: Sequence[object]) -> list[Delivery]:
    if not activities:
        return []
    found = Delivery.objects.filter(uuid__in=activities).select_related("job__queue", "device", "user")
    return list(found.order_by("id"))


@transaction.atomic
def _complete(delivery: Delivery, facts: DocumentFacts) -> bool:
    record = UsageRecord.objects.select_for_update().filter(activity=delivery.uuid).first()
    if record is None or record.page_count_status != PageCountStatus.UNDEFINED:
        return False
    before, was = sum_of(record), _plain(record)
    count = _count(delivery, TrackingState(record.tracking_state), facts)
    changed = _counts(count, delivery.job) | _prices(delivery, count.amount)
    changed["driver_name"] = driver_name(delivery.job, facts)
    for name, value in changed.items():
        setattr(record, name, value)
    record.save(update_fields=list(changed))
    add_to_day(day_of(record.stopped_at, zone_of(current_policy())), record, sum_of(record) - before)
    _tell_if_uncounted(record)
    _show_in_lists(delivery, record)
    record_audit(SYSTEM, "usage_completed", record.job_name, record=str(record.uuid), before=was, after=_plain(record))
    return True


def _plain(record: UsageRecord) -> dict[str, str]:
    return {name: str(getattr(record, name)) for name in _COUNTED}


def _count(delivery: Delivery, state: TrackingState, facts: DocumentFacts | None) -> _Count:
    device, told = delivery.device, delivery.impressions_completed
    obeyed = _obeyed(delivery)
    if facts is None or facts.pages is None:
        status = PageCountStatus.UNDEFINED if facts is None else PageCountStatus.FAILURE
        return _Count(
            unread_document(obeyed, device, told or 0, completed=state is TrackingState.COMPLETED),
            0,
            colored=False,
            status=status,
        )
    whole = whole_job(facts, obeyed, device)
    limit = _completed(told, whole) if state is TrackingState.COMPLETED else told or 0
    amount = whole
    if limit < whole.impressions:
        amount = first_impressions(facts, obeyed, device, limit)
    return _Count(
        amount, min(whole.impressions, COUNT_MAX), colored=whole.color_impressions > 0, status=PageCountStatus.OK
    )


def _completed(told: int | None, whole: Amount) -> int:
    """How many impressions came out of a job that the device says it completed."""
    if not told or (whole.two_sided and told == whole.sheets):
        return whole.impressions  # it counts nothing, or sheets
    return told


def _counts(count: _Count, job: Job) -> dict[str, object]:
    return {
        "tracking_page_count": count.amount.impressions,
        "tracking_color_page_count": count.amount.color_impressions,
        "job_sheet_count": count.amount.sheets,
        "parser_page_count": count.parsed,
        "driver_page_count": _announced(job),
        "page_count_status": count.status,
        "job_page_format": count.amount.page_format,
        "job_is_duplex": count.amount.two_sided,
        "job_is_color": count.colored,
    }


def _announced(job: Job) -> int:
    """What the client said of its own document (job-impressions, RFC 8011 section 5.3.17.2)."""
    said = job.ticket.get("job-impressions")
    return min(said, COUNT_MAX) if isinstance(said, int) and said > 0 else 0


def _prices(delivery: Delivery, amount: Amount) -> dict[str, object]:
    tariff = tariff_of(delivery.device_id)
    primary, secondary = (tariff.primary, tariff.secondary) if tariff else (None, None)
    kind, name = _job_type(delivery), delivery.job.name
    first = priced(prices_of(primary), amount, kind, name)
    second = priced(prices_of(secondary), amount, kind, name)
    return {
        "currency": first.currency or second.currency or current_policy().currency,
        "job_price": storable(first.amount),
        "job_price2": storable(second.amount),
        "scheme_name": first.scheme or "",
        "scheme2_name": second.scheme or "",
        "price_lines": _lines(first),
    }


def _lines(price: Price) -> list[dict[str, object]]:
    return [
        {
            "item": line.item.value,
            "count": line.count,
            "unit_price": f"{line.unit_price:f}",
            "amount": f"{line.amount:f}",
            "size": line.size.value if line.size else None,
            "text": line.text,
        }
        for line in price.lines
    ]


def _job_type(delivery: Delivery) -> JobType:
    return JobType.PULL if delivery.pull else JobType.PUSH


def _values(delivery: Delivery, state: TrackingState) -> dict[str, object]:
    facts = _latest_facts(delivery.job)
    count = _count(delivery, state, facts)
    return {
        "job_type": _job_type(delivery),
        "tracking_state": state,
        "computer_name": this_computer(),
        "started_at": delivery.created_at,
        "stopped_at": delivery.ended_at,
        **_counts(count, delivery.job),
        **_prices(delivery, count.amount),
        **of_job(delivery.job, facts),
        **of_person(delivery.user or delivery.job.owner, delivery.job),
        **of_device(delivery.device),
    }


def _latest_facts(job: Job) -> DocumentFacts | None:
    """The job's facts; asked for once more where they were not known when the job was read.

    By now the end of the delivery holds the job's row: facts noted before are seen here, and whoever notes them from
    here on finds the record.
    """
    if job.facts is None:
        job.facts = Job.objects.filter(id=job.id).values_list("facts", flat=True).first()
    return stored_facts(job.facts)
