"""Adding, changing and removing queues."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from platen.devices.errors import InUse, InvalidValue, NameTaken, PortTaken
from platen.devices.events import queues_changed
from platen.devices.machines import begin_to_take_documents
from platen.devices.models import Device, Queue, QueueKind
from platen.eventlog.actor import SYSTEM, Actor
from platen.eventlog.changes import record_change
from platen.policy.owner import parse_name
from platen.tenants.field_check import misfit
from platen.tenants.models import UnknownOwner

DEFAULT_QUEUE_NAME = "pull"
# What stands in an URL's path and in an LPD command without being quoted.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)


class QueueValues(TypedDict, total=False):
    """What can be said of a queue beside its name, kind and device."""

    accepting: bool
    location: str
    lpd_port: int | None
    raw_port: int | None
    unknown_owner: str
    specified_logon: str
    default_domain: str
    job_data_logon: Mapping[str, object] | None
    driver_name: str
    cost_code: str
    hide_document_names: bool
    sign_in_required: bool


@transaction.atomic
def add_queue(
    name: str,
    kind: QueueKind = QueueKind.PULL,
    *,
    by: Actor,
    device: Device | None = None,
    is_default: bool = False,
    **values: Unpack[QueueValues],
) -> Queue:
    """A new queue: a pull queue holds, a push queue sends on to its device.

    Raises: InvalidValue, NameTaken, PortTaken.
    """
    queue = Queue(name=name, kind=kind, device=device)
    _check_name(name)
    _apply(queue, values)
    if is_default:
        _make_default(queue)
    _save(queue)
    if device is not None:
        begin_to_take_documents(device)
    record_change(by, "queue_added", queue.name, f"Queue {queue.name} was added", queue=queue.name, queue_kind=kind)
    _announce(queue)
    return queue


@transaction.atomic
def change_queue(
    queue: Queue,
    *,
    by: Actor,
    name: str | None = None,
    device: Device | None = None,
    is_default: bool | None = None,
    **values: Unpack[QueueValues],
) -> Queue:
    """Change what is named and leave the rest. A queue becomes the default by taking that from the one before it.

    Raises: InvalidValue, NameTaken, PortTaken.
    """
    if name is not None:
        _check_name(name)
        queue.name = name
    if device is not None:
        queue.device = device
    if is_default:
        _make_default(queue)
    elif is_default is False and queue.is_default:
        raise InvalidValue(_("There is always a default queue. Make another queue the default instead."))
    _apply(queue, values)
    _save(queue)
    if device is not None:
        begin_to_take_documents(device)
    given = {"name": name, "device": device, "is_default": is_default}
    changed = sorted({*values, *(key for key, value in given.items() if value is not None)})
    message = f"Queue {queue.name}: {', '.join(changed)} changed"
    record_change(by, "queue_changed", queue.name, message, queue=queue.name, changed=changed)
    _announce(queue)
    return queue


@transaction.atomic
def remove_queue(queue: Queue, *, by: Actor) -> None:
    """Remove a queue that no job belongs to. Raises: InUse."""
    if queue.is_default:
        raise InUse(_("%(queue)s is the default queue. Make another queue the default first.") % {"queue": queue.name})
    removed = Queue(id=queue.id, name=queue.name, tenant_id=queue.tenant_id)
    try:
        with transaction.atomic():
            queue.delete()
    except ProtectedError as error:
        raise InUse(
            _("%(queue)s still has jobs, waiting or printed. Let it take no more, and remove it when they are gone.")
            % {"queue": queue.name}
        ) from error
    record_change(by, "queue_removed", removed.name, f"Queue {removed.name} was removed", queue=removed.name)
    _announce(removed)


def ensure_default_queue() -> Queue:
    """The pull queue that answers /ipp/print; made at the first start."""
    found: Queue | None = Queue.objects.filter(is_default=True).first()
    return found or add_queue(DEFAULT_QUEUE_NAME, by=SYSTEM, is_default=True)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidValue(
            _("A queue's name has 1 to 80 letters, digits, dots, dashes or underscores, a letter or digit first.")
        )


def _apply(queue: Queue, values: QueueValues) -> None:
    for field, value in values.items():
        setattr(queue, field, value)
    if queue.kind == QueueKind.PUSH and queue.device is None:
        raise InvalidValue(_("A push queue needs the device that it sends to."))
    if queue.kind == QueueKind.PUSH and queue.device is not None and not queue.device.uri:
        raise InvalidValue(
            _("%(device)s has no address for documents. Give it one first.") % {"device": queue.device.name}
        )
    if queue.unknown_owner and queue.unknown_owner not in UnknownOwner.values:
        raise InvalidValue(
            _("%(rule)s: write %(known)s, or nothing for the organisation's rule.")
            % {"rule": queue.unknown_owner, "known": ", ".join(UnknownOwner.values)}
        )
    if queue.specified_logon and parse_name(queue.specified_logon) is None:
        raise InvalidValue(_("The logon that all jobs belong to names nobody. Correct it, or leave it out."))
    for port in (queue.lpd_port, queue.raw_port):
        _check_port(queue, port)
    if queue.lpd_port is not None and queue.lpd_port == queue.raw_port:
        raise PortTaken(
            _("LPD and raw data cannot share port %(port)d. Choose another one.") % {"port": queue.lpd_port}
        )
    problem = misfit(queue, set(values) - {"job_data_logon"})
    if problem is not None:
        raise InvalidValue(problem)


def _check_port(queue: Queue, port: int | None) -> None:
    if port is None:
        return
    if not 1 <= port <= 65535:
        raise InvalidValue(_("%(port)d is not a port. Write a number from 1 to 65535.") % {"port": port})
    # A port is the node's, whoever's queue listens there: looked up over all tenants.
    others = Queue.everywhere.filter(Q(lpd_port=port) | Q(raw_port=port)).exclude(id=queue.id)
    if others.exists():
        raise PortTaken(_("Another queue listens on port %(port)d already. Choose another one.") % {"port": port})


def _make_default(queue: Queue) -> None:
    if queue.kind != QueueKind.PULL:
        raise InvalidValue(_("The default queue is a pull queue. Choose another queue."))
    Queue.objects.filter(is_default=True).exclude(id=queue.id).update(is_default=False)
    queue.is_default = True


def _save(queue: Queue) -> None:
    try:
        with transaction.atomic():
            queue.save()
    except IntegrityError as error:
        raise NameTaken(
            _("There is already a queue named %(name)s. Choose another name.") % {"name": queue.name}
        ) from error


def _announce(queue: Queue) -> None:
    transaction.on_commit(lambda: queues_changed.send(Queue, queue=queue))
