"""Charging schemes: /schemes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from platen.access.rights import Right
from platen.api.bearer import actor, needs
from platen.api.errors import Missing
from platen.api.values import Change, Input
from platen.tracking.errors import NameTaken
from platen.tracking.models import ChargingScheme
from platen.tracking.schemes import (
    all_schemes,
    change_scheme,
    delete_scheme,
    scheme_by_id,
    scheme_by_name,
    set_default_schemes,
    set_scheme,
)

router = Router()


class SchemeShown(Schema):
    """A charging scheme; prices are exact decimals as text."""

    id: int
    name: str
    description: str
    prices: dict[str, Any]
    is_default_primary: bool
    is_default_secondary: bool
    changed_at: datetime


class NewScheme(Input):
    """A scheme: a table `print` (and copy, fax, scan, email) with prices by paper size."""

    name: str
    description: str = ""
    prices: dict[str, Any]


class SchemeChange(Change):
    """What is to change; prices are replaced as a whole."""

    name: str | None = None
    description: str | None = None
    prices: dict[str, Any] | None = None


class Defaults(Input):
    """Ids of the schemes that new devices get; null: none."""

    primary: int | None = None
    secondary: int | None = None


@router.get("", response=list[SchemeShown], auth=needs(Right.SEE_PRICES))
def list_schemes(request: HttpRequest) -> list[ChargingScheme]:
    """Every charging scheme in the order of the names."""
    return all_schemes()


@router.post("", response={201: SchemeShown}, auth=needs(Right.CHANGE_PRICES))
def add(request: HttpRequest, new: NewScheme) -> Status[ChargingScheme]:
    """Add a charging scheme."""
    if scheme_by_name(new.name.strip()) is not None:
        raise NameTaken(f"There is already a charging scheme named {new.name.strip()}. Change that one instead.")
    return Status(201, set_scheme(new.name, new.prices, description=new.description, by=actor(request)))


@router.put("/defaults", response={204: None}, auth=needs(Right.CHANGE_PRICES))
def set_defaults(request: HttpRequest, wanted: Defaults) -> Status[None]:
    """Which schemes devices that are added from now on get."""
    primary, secondary = (None if key is None else _scheme(key) for key in (wanted.primary, wanted.secondary))
    set_default_schemes(primary=primary, secondary=secondary, by=actor(request))
    return Status(204, None)


@router.get("/{int:key}", response=SchemeShown, auth=needs(Right.SEE_PRICES))
def show(request: HttpRequest, key: int) -> ChargingScheme:
    """One charging scheme."""
    return _scheme(key)


@router.patch("/{int:key}", response=SchemeShown, auth=needs(Right.CHANGE_PRICES))
def change(request: HttpRequest, key: int, change: SchemeChange) -> ChargingScheme:
    """Change what is sent; usage records keep what they cost."""
    return change_scheme(_scheme(key), by=actor(request), **change.model_dump(exclude_unset=True))


@router.delete("/{int:key}", response={204: None}, auth=needs(Right.CHANGE_PRICES))
def remove(request: HttpRequest, key: int) -> Status[None]:
    """Delete a charging scheme; devices that had it print for nothing until they get another."""
    delete_scheme(_scheme(key), by=actor(request))
    return Status(204, None)


def _scheme(key: int) -> ChargingScheme:
    if key >= 2**63:
        raise Missing("There is no such charging scheme here.")
    return scheme_by_id(key)
