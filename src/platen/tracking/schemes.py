"""Charging schemes: making, changing and deleting them, and which device has which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from platen.devices.models import Device
from platen.eventlog.actor import Actor
from platen.eventlog.changes import record_change
from platen.policy import charging
from platen.policy.scheme_format import SchemeError, SchemeProblem, scheme_from_dict, scheme_to_dict
from platen.rows import RowsOf, one_row
from platen.tenants.context import current_tenant_id
from platen.tenants.field_check import misfit
from platen.tenants.queries import current_policy
from platen.tracking.errors import InvalidScheme, NameTaken, SchemeUnknown
from platen.tracking.models import ChargingScheme, Tariff

_TARIFFS, _SCHEMES = RowsOf(Tariff), RowsOf(ChargingScheme)
_TARIFF = (
    f"SELECT {_TARIFFS.columns('tariff')}, {_SCHEMES.columns('one')}, {_SCHEMES.columns('other')} "  # noqa: S608  # our own
    f"FROM {Tariff._meta.db_table} tariff "
    f"LEFT JOIN {ChargingScheme._meta.db_table} one ON one.id = tariff.primary_id "
    f"LEFT JOIN {ChargingScheme._meta.db_table} other ON other.id = tariff.secondary_id "
    "WHERE tariff.device_id = %s AND tariff.tenant_id = %s"
)
_BESIDE_PRICES = ("name", "description")


@transaction.atomic
def set_scheme(name: str, prices: Mapping[str, object], *, by: Actor, description: str | None = None) -> ChargingScheme:
    """Make a scheme of this name, or give the one there is these prices.

    prices: what a TOML or JSON file holds (policy.scheme_format); its name is passed over, its currency, where it
    names none, is the organisation's. description: None or nothing means what `prices` says.
    Raises: InvalidScheme with every mistake at once.
    """
    name = name.strip()
    scheme = ChargingScheme.objects.select_for_update().filter(name=name).first() or ChargingScheme(name=name)
    _fill(scheme, prices, description or None)
    _save(scheme)
    record_change(by, "scheme_set", scheme.name, f"Charging scheme {scheme.name} set", prices=scheme.prices)
    return scheme


@transaction.atomic
def change_scheme(
    scheme: ChargingScheme,
    *,
    by: Actor,
    name: str | None = None,
    description: str | None = None,
    prices: Mapping[str, object] | None = None,
) -> ChargingScheme:
    """Change what is named and leave the rest; usage records keep what they cost. Raises: InvalidScheme, NameTaken."""
    given = {"name": name, "description": description, "prices": prices}
    if name is not None:
        scheme.name = name.strip()
    _fill(
        scheme, scheme.prices if prices is None else prices, scheme.description if description is None else description
    )
    _save(scheme)
    changed = sorted(key for key, value in given.items() if value is not None)
    message = f"Charging scheme {scheme.name}: {', '.join(changed)} changed"
    record_change(by, "scheme_changed", scheme.name, message, changed=changed, prices=scheme.prices)
    return scheme


@transaction.atomic
def delete_scheme(scheme: ChargingScheme, *, by: Actor) -> int:
    """Delete a scheme. Returns: how many devices had it; what they print costs nothing until they get another."""
    users = Tariff.objects.filter(Q(primary=scheme) | Q(secondary=scheme)).count()
    message = f"Charging scheme {scheme.name} was deleted; {users} devices had it"
    record_change(by, "scheme_deleted", scheme.name, message, devices=users)
    scheme.delete()
    return users


@transaction.atomic
def assign(
    device: Device, *, by: Actor, primary: ChargingScheme | None = None, secondary: ChargingScheme | None = None
) -> Tariff:
    """Let these schemes price a device from now on; None: that price is nothing."""
    tariff: Tariff = Tariff.objects.update_or_create(
        device=device, defaults={"primary": primary, "secondary": secondary}
    )[0]
    first, second = primary.name if primary else None, secondary.name if secondary else None
    message = f"{device.name} is charged by {first or 'no scheme'}"
    record_change(by, "device_schemes_set", device.name, message, device_id=device.id, primary=first, secondary=second)
    return tariff


@transaction.atomic
def set_default_schemes(
    *, by: Actor, primary: ChargingScheme | None = None, secondary: ChargingScheme | None = None
) -> None:
    """Which schemes devices that are added from now on get; None: none."""
    ChargingScheme.objects.filter(is_default_primary=True).update(is_default_primary=False)
    ChargingScheme.objects.filter(is_default_secondary=True).update(is_default_secondary=False)
    if primary is not None:
        ChargingScheme.objects.filter(id=primary.id).update(is_default_primary=True)
    if secondary is not None:
        ChargingScheme.objects.filter(id=secondary.id).update(is_default_secondary=True)
    first, second = primary.name if primary else None, secondary.name if secondary else None
    message = f"New devices are charged by {first or 'no scheme'}"
    record_change(by, "default_schemes_set", first or "none", message, primary=first, secondary=second)


def give_default_schemes(devices: Iterable[Device]) -> None:
    """Devices that were just added get the default schemes, where there are any."""
    defaults = list(ChargingScheme.objects.filter(Q(is_default_primary=True) | Q(is_default_secondary=True)))
    if not defaults:
        return
    primary = next((scheme for scheme in defaults if scheme.is_default_primary), None)
    secondary = next((scheme for scheme in defaults if scheme.is_default_secondary), None)
    tariffs = [
        Tariff(tenant_id=device.tenant_id, device=device, primary=primary, secondary=secondary) for device in devices
    ]
    Tariff.objects.bulk_create(tariffs, batch_size=500)


def all_schemes() -> list[ChargingScheme]:
    """Every scheme in the order of the names; an organisation has a handful."""
    return list(ChargingScheme.objects.order_by("name"))


def scheme_by_name(name: str) -> ChargingScheme | None:
    """The scheme of this name."""
    found: ChargingScheme | None = ChargingScheme.objects.filter(name=name).first()
    return found


def scheme_by_id(scheme_id: int) -> ChargingScheme:
    """The scheme with this key. Raises: SchemeUnknown."""
    found: ChargingScheme | None = ChargingScheme.objects.filter(id=scheme_id).first()
    if found is None:
        raise SchemeUnknown(_("There is no such charging scheme here. It may have been deleted; look at the list."))
    return found


def devices_with(scheme: ChargingScheme, limit: int = 200) -> list[Device]:
    """Devices that a scheme prices, in the order of their names."""
    tariffs = Tariff.objects.filter(Q(primary=scheme) | Q(secondary=scheme)).select_related("device")
    return [tariff.device for tariff in tariffs.order_by("device__name")[:limit]]


def tariff_of(device_id: int) -> Tariff | None:
    """A device's schemes, both loaded."""
    row = one_row(_TARIFF, device_id, current_tenant_id())
    if row is None:
        return None
    tariff = _TARIFFS.object(row)
    primary_at, secondary_at = _TARIFFS.end(), _SCHEMES.end(_TARIFFS.end())
    tariff.primary = None if tariff.primary_id is None else _SCHEMES.object(row, primary_at)
    tariff.secondary = None if tariff.secondary_id is None else _SCHEMES.object(row, secondary_at)
    return tariff


def tariffs_of(device_ids: Iterable[int]) -> dict[int, Tariff]:
    """The schemes of many devices by device, in one query; a device without any is not in it."""
    tariffs = Tariff.objects.select_related("primary", "secondary").filter(device_id__in=list(device_ids))
    return {tariff.device_id: tariff for tariff in tariffs}


def prices_of(scheme: ChargingScheme | None) -> charging.ChargingScheme | None:
    """A stored scheme as the values that prices are worked out with."""
    if scheme is None:
        return None
    return scheme_from_dict({**scheme.prices, "name": scheme.name, "description": scheme.description})


def _fill(scheme: ChargingScheme, prices: Mapping[str, object], description: str | None) -> None:
    currency = current_policy().currency
    given = {"currency": currency, **prices, "name": scheme.name}
    if description is not None:
        given["description"] = description
    try:
        read = scheme_from_dict(given)
    except SchemeError as error:
        raise InvalidScheme(str(error), error.problems) from error
    if read.currency != currency:
        # Sums over devices would otherwise add one money to another.
        text = _("These prices are in %(theirs)s, but this organisation counts in %(ours)s. Write them in %(ours)s.")
        sentence = text % {"theirs": read.currency, "ours": currency}
        raise InvalidScheme(sentence, (SchemeProblem("currency", sentence),))
    scheme.description = read.description
    scheme.prices = {key: value for key, value in scheme_to_dict(read).items() if key not in _BESIDE_PRICES}
    scheme.changed_at = timezone.now()
    problem = misfit(scheme, _BESIDE_PRICES)
    if problem is not None:
        raise InvalidScheme(problem)


def _save(scheme: ChargingScheme) -> None:
    try:
        with transaction.atomic():
            scheme.save()
    except IntegrityError as error:
        raise NameTaken(
            _("There is already a charging scheme named %(name)s. Choose another name.") % {"name": scheme.name}
        ) from error
