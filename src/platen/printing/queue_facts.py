"""Queues as print intake sees them: with their tenant's policy worked in."""

from __future__ import annotations

from platen.devices.models import Queue, QueueKind
from platen.policy.job_data_logon import JobDataLogonRule
from platen.policy.owner import AlternativeLogon, OwnerMode, OwnerRule, UnknownOwner
from platen.printing.arrivals import QueueFacts
from platen.tenants import models as tenants
from platen.tenants.models import Policy


def all_queue_facts() -> list[QueueFacts]:
    """Every queue of the node, over all tenants: intake decides by host name which of them a client may see."""
    policies = {policy.tenant_id: policy for policy in Policy.objects.select_related("tenant")}
    queues = Queue.everywhere.order_by("tenant_id", "id")
    return [_facts(queue, policies[queue.tenant_id]) for queue in queues if queue.tenant_id in policies]


def _facts(queue: Queue, policy: Policy) -> QueueFacts:
    return QueueFacts(
        id=queue.id,
        tenant_id=queue.tenant_id,
        tenant_name=policy.tenant.name,
        name=queue.name,
        uuid=queue.uuid,
        is_pull=queue.kind == QueueKind.PULL,
        is_default=queue.is_default,
        accepting=queue.accepting,
        device_id=queue.device_id,
        location=queue.location,
        owner_rule=_owner_rule(queue, policy),
        job_data_logon=_job_data_rule(queue),
        retention_hours=policy.job_retention_hours,
        lpd_port=queue.lpd_port,
        raw_port=queue.raw_port,
        sign_in_required=queue.sign_in_required,
    )


_UNKNOWN = {
    tenants.UnknownOwner.CREATE: UnknownOwner.CREATE,
    tenants.UnknownOwner.HOLD: UnknownOwner.HOLD_ORPHAN,
    tenants.UnknownOwner.REFUSE: UnknownOwner.REFUSE,
}


def _owner_rule(queue: Queue, policy: Policy) -> OwnerRule:
    mode = OwnerMode.NETWORK_LOGON
    if queue.specified_logon:
        mode = OwnerMode.SPECIFIED_LOGON
    elif queue.job_data_logon:
        mode = OwnerMode.JOB_DATA_LOGON
    alternative = (queue.job_data_logon or {}).get("alternative", AlternativeLogon.NETWORK_LOGON)
    return OwnerRule(
        mode=mode,
        specified_logon=queue.specified_logon or None,
        alternative=AlternativeLogon(alternative),
        default_domain=queue.default_domain or policy.default_domain or None,
        unknown=_UNKNOWN[tenants.UnknownOwner(queue.unknown_owner or policy.unknown_owner)],
    )


def _job_data_rule(queue: Queue) -> JobDataLogonRule | None:
    if not queue.job_data_logon:
        return None
    return JobDataLogonRule(**{name: value for name, value in queue.job_data_logon.items() if name != "alternative"})
