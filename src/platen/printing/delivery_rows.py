"""Deliveries with all that belongs to them, read by statements that are written out.

A device's line asks for its next one and for the one that ends, document after document, while people wait at others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from platen.devices.models import Device, Queue
from platen.directory.models import User
from platen.printing.models import OPEN_DELIVERIES, Delivery, Job
from platen.rows import RowsOf, all_rows, one_row
from platen.tenants.context import current_tenant_id

_DELIVERIES, _JOBS, _QUEUES = RowsOf(Delivery), RowsOf(Job), RowsOf(Queue)
_DEVICES, _USERS = RowsOf(Device), RowsOf(User)
_JOB_AT = _DELIVERIES.end()
_DEVICE_AT = _JOBS.end(_JOB_AT)
_USER_AT = _DEVICES.end(_DEVICE_AT)
_QUEUE_AT = _USERS.end(_USER_AT)

_COLUMNS = ", ".join(
    rows.columns(table)
    for rows, table in ((_DELIVERIES, "delivery"), (_JOBS, "job"), (_DEVICES, "device"), (_USERS, "person"))
)
_SOURCES = (
    f"FROM {Delivery._meta.db_table} delivery "
    f"JOIN {Job._meta.db_table} job ON job.id = delivery.job_id "
    f"JOIN {Device._meta.db_table} device ON device.id = delivery.device_id "
    f"LEFT JOIN {User._meta.db_table} person ON person.id = delivery.user_id "
)
_OPEN_ONE = (
    f"SELECT {_COLUMNS}, {_QUEUES.columns('queue')} {_SOURCES}"  # our own names
    f"JOIN {Queue._meta.db_table} queue ON queue.id = job.queue_id "
    f"WHERE delivery.id = %s AND delivery.tenant_id = %s AND delivery.state IN ({', '.join(['%s'] * 3)})"
)
_NEXT_ONES = (
    f"SELECT {_COLUMNS} {_SOURCES}"  # our own names
    "WHERE delivery.device_id = %s AND delivery.tenant_id = %s AND delivery.ended_at IS NULL "
    "ORDER BY delivery.id LIMIT %s"
)


def open_delivery_locked(delivery_id: int) -> Delivery | None:
    """A delivery that is not over, nobody else changing it; its job, the job's queue, its device and user loaded."""
    lock = " FOR UPDATE OF delivery" if connection.features.has_select_for_update else ""
    states = [state.value for state in OPEN_DELIVERIES]
    row = one_row(_OPEN_ONE + lock, delivery_id, current_tenant_id(), *states)
    if row is None:
        return None
    delivery = _delivery(row)
    delivery.job.queue = _QUEUES.object(row, _QUEUE_AT)
    return delivery


def next_deliveries(device_id: int, *, limit: int = 20) -> list[Delivery]:
    """Deliveries of a device that are not over, in order; their jobs, device and users loaded."""
    return [_delivery(row) for row in all_rows(_NEXT_ONES, device_id, current_tenant_id(), limit)]


def _delivery(row: Sequence[Any]) -> Delivery:
    delivery = _DELIVERIES.object(row)
    delivery.job = _JOBS.object(row, _JOB_AT)
    delivery.device = _DEVICES.object(row, _DEVICE_AT)
    delivery.user = _USERS.object(row, _USER_AT) if delivery.user_id is not None else None
    return delivery
