"""What a usage record copies from the job, the person and the device, so that it stays true when they change."""

from __future__ import annotations

import socket

from platen.devices.models import Device
from platen.directory.models import CostControl, User
from platen.documents.facts import DocumentFacts
from platen.policy.device_uri import DeviceUriError, parse_device_uri
from platen.policy.usage_enums import AccountingModel
from platen.printing.models import Job

_MODELS = {
    CostControl.NONE: AccountingModel.NONE,
    CostControl.TRACKING: AccountingModel.PRINT_AND_PAY,
    CostControl.PAY: AccountingModel.PAY_AND_PRINT,
}


def of_job(job: Job, facts: DocumentFacts | None) -> dict[str, object]:
    """What was printed, and the way it came in."""
    return {
        "job_id": job.id,
        "job_uuid": job.uuid,
        "job_name": job.name,
        "job_submit_logon": job.submitted_as or (job.owner.logon if job.owner else ""),
        "job_date": job.created_at,
        "job_size_bytes": job.size_bytes,
        "driver_name": driver_name(job, facts),
        "queue_name": job.queue.name,
        "port_name": job.received_via,
        "document_computer_name": (job.submitted_from or (facts.host if facts else None) or "")[:255],
    }


def driver_name(job: Job, facts: DocumentFacts | None) -> str:
    """A queue may say it instead of the driver: useful where one driver serves many machines."""
    return (job.queue.driver_name or (facts.driver if facts else None) or "")[:120]


def of_person(user: User | None, job: Job) -> dict[str, object]:
    """Whom the activity is accounted to; a queue's cost code goes before the person's."""
    cost_code = job.queue.cost_code or (user.cost_code if user else "")
    if user is None:
        return {"user_logon": job.submitted_as, "user_cost_code": cost_code}
    return {
        "accounting_model": _MODELS.get(CostControl(user.cost_control), AccountingModel.NONE),
        "user_id": user.id,
        "user_logon": user.logon,
        "user_domain": user.domain,
        "user_full_name": user.full_name,
        "user_description": user.description,
        "user_email": user.email,
        "user_cost_code": cost_code,
    }


def of_device(device: Device) -> dict[str, object]:
    """Where it came out."""
    return {
        "device_id": device.id,
        "device_name": device.name,
        "device_location": device.location,
        "device_model": device.make_and_model,
        "device_mac": device.mac,
        "device_address": _host(device.uri),
        "device_supports_duplex": bool(device.duplex_supported),
        "device_supports_color": bool(device.color_supported),
    }


def _host(uri: str) -> str:
    try:
        return parse_device_uri(uri).host
    except DeviceUriError:
        return ""  # an address that no longer reads right must not stop a record


def this_computer() -> str:
    """The computer that records, which also holds the queues."""
    return socket.gethostname()[:255]
