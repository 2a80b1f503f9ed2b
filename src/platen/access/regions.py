"""People whose rights end at regions: which these are, and who is given them."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from platen.access.rights import RIGHTS, Right
from platen.directory.errors import NotAllowed
from platen.directory.models import Role, User
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.tenants.context import acting_within


def regions_of(user: User) -> frozenset[int] | None:
    """The regions that a person's rights hold for, with those beneath them; None: for every device."""
    if not user.regional:
        return None
    with acting_within(None):
        found: frozenset[int] = user.regions.model.with_parts(user.regions.values_list("pk", flat=True))
        return found


@transaction.atomic
def limit_to_regions(user: User, regions: Collection[int] | None, *, by: Actor) -> None:
    """A person's rights hold for devices of these regions only; None: for all devices (EMC-REGN-06).

    Raises: NotAllowed for administrators, and for whoever has nothing to do with devices.
    """
    if regions is not None and (user.role == Role.ADMINISTRATOR or Right.SEE_DEVICES not in RIGHTS[Role(user.role)]):
        raise NotAllowed(
            _("The role of %(logon)s cannot be limited to regions. Device managers, help desk and auditors can.")
            % {"logon": user.logon}
        )
    known = [] if regions is None else list(user.regions.model.objects.filter(pk__in=regions).order_by("name"))
    if regions is not None and not known:
        raise NotAllowed(_("Choose at least one region, or let the rights hold for all devices."))
    before = set(user.regions.values_list("pk", flat=True)) if user.regional else None
    if before == (None if regions is None else {region.pk for region in known}):
        return
    user.regional = regions is not None
    user.save(update_fields=["regional"])
    user.regions.set(known)
    names = ", ".join(str(region) for region in known) or "all devices"
    message = f"{user.logon}: rights hold for {names}"
    record_change(by, "rights_limited", user.logon, message, user_id=user.id, regions=[str(each) for each in known])
