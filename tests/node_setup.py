"""What tests arrange at a running node and ask of it afterwards: plain values in and out, for RunningNode.call."""

from __future__ import annotations

from typing import Any

from platen.eventlog.actor import Actor

TEST = Actor("test", None, "test")


def add_person(
    logon: str, *, cards: tuple[str, ...] = (), codes: tuple[str, ...] = (), pin: str = "", **values: Any
) -> int:
    """A person with cards and ID codes. values: further columns. Returns: the person's key."""
    from platen.directory.cards import add_card
    from platen.directory.models import CardKind, User
    from platen.directory.people import create_user
    from platen.directory.pins import set_pin

    user = create_user(logon, by=TEST, full_name=logon.title())
    for number in cards:
        add_card(user, number, by=TEST)
    for code in codes:
        add_card(user, code, by=TEST, kind=CardKind.ID_CODE)
    if pin:
        set_pin(user, pin, by=TEST)
    if values:
        User.objects.filter(id=user.id).update(**values)
    return int(user.id)


def give_password(logon: str, password: str) -> None:
    """A person who can sign in to the console."""
    from platen.access.passwords import set_password
    from platen.directory.queries import find_by_logon

    user = find_by_logon(logon)
    assert user is not None
    set_password(user, password, by=TEST)


def open_puk(logon: str) -> str:
    """A new PUK of a person."""
    from platen.directory.puks import generate_puk
    from platen.directory.queries import find_by_logon

    user = find_by_logon(logon)
    assert user is not None
    return generate_puk(user, by=TEST)


def add_device(
    name: str,
    uri: str,
    *,
    reader_at: str = "",
    card_format: dict[str, object] | None = None,
    feedback: str = "",
    **values: Any,
) -> int:
    """A device, with a card reader where `reader_at` names its address. Returns: the device's key."""
    from platen.devices import services

    device = services.add_device(name, uri, by=TEST, **values)
    if reader_at:
        services.add_reader(f"reader {name}", device, reader_at, by=TEST, card_format=card_format, feedback=feedback)
    return int(device.id)


def pairing_code(device_name: str) -> str:
    """A code to pair a panel with."""
    from django.utils import timezone

    from platen.devices.queries import device_by_name
    from platen.devices.services import new_pairing_code

    device = device_by_name(device_name)
    assert device is not None
    return new_pairing_code(device, by=TEST, now=timezone.now())


def change_device(name: str, **values: Any) -> None:
    """Set columns of a device as they are."""
    from platen.devices.models import Device

    Device.objects.filter(name=name).update(**values)


def change_policy(**values: Any) -> None:
    """Set columns of the tenant's policy."""
    from platen.tenants.queries import current_policy

    policy = current_policy()
    for name, value in values.items():
        setattr(policy, name, value)
    policy.save()


def change_queue(name: str, **values: Any) -> None:
    """Set columns of a queue, making it (a pull queue) where there is none of the name."""
    from platen.devices.models import Queue

    Queue.objects.update_or_create(name=name, defaults=values)


def jobs_of(logon: str | None = None) -> list[dict[str, Any]]:
    """Jobs of a person (None: of nobody), oldest first."""
    from platen.printing.models import Job

    jobs = Job.objects.filter(owner__logon=logon) if logon else Job.objects.filter(owner=None)
    names = (
        "id",
        "name",
        "state",
        "state_reasons",
        "submitted_as",
        "submitted_from",
        "received_via",
        "copies",
        "pages",
    )
    return [
        {name: getattr(job, name) for name in (*names, "document_format", "size_bytes")}
        | {"queue": job.queue.name, "device": job.device.name if job.device else None}
        for job in jobs.order_by("id")
    ]


def documents_left(logon: str) -> int:
    """How many of a person's jobs have a document that can still be read."""
    from platen.printing.models import Job

    return Job.objects.filter(owner__logon=logon, spool_key__isnull=False).count()


def document_of(job_id: int) -> bytes:
    """What a job's document holds, decrypted."""
    from platen.printing.deliveries import stored_document
    from platen.printing.node_spool import node_spool
    from platen.printing.queries import job_by_id

    return b"".join(node_spool().read(stored_document(job_by_id(job_id))))


def events(kind: str) -> list[str]:
    """The messages of event lines of a kind, oldest first."""
    from platen.eventlog.models import Event

    return list(Event.objects.filter(kind=kind).order_by("id").values_list("message", flat=True))


def price_device(name: str, prices: dict[str, object]) -> None:
    """Let a scheme of these prices charge what a device prints."""
    from platen.devices.queries import device_by_name
    from platen.tracking.schemes import assign, set_scheme

    device = device_by_name(name)
    assert device is not None
    assign(device, by=TEST, primary=set_scheme(f"prices of {name}", prices, by=TEST))


def usage_of(logon: str) -> list[dict[str, Any]]:
    """A person's usage records, oldest first."""
    from platen.tracking.models import UsageRecord

    return [
        {
            "state": record.tracking_state,
            "pages": record.tracking_page_count,
            "color_pages": record.tracking_color_page_count,
            "sheets": record.job_sheet_count,
            "media": record.job_page_format,
            "duplex": record.job_is_duplex,
            "price": f"{record.job_price:.2f}",
        }
        for record in UsageRecord.objects.filter(user_logon=logon).order_by("id")
    ]
