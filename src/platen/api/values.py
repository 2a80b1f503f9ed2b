"""Shapes that many resources share."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from ninja import Field, Schema
from pydantic import ConfigDict, PlainSerializer

PAGE_SIZE = 50
PAGE_SIZE_MAX = 200
T = TypeVar("T")


def _amount(value: Decimal) -> str:
    """Without zeros that say nothing, and never as 1E-8."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# An exact amount as text: numbers of JSON are binary fractions in most clients.
Amount = Annotated[Decimal, PlainSerializer(_amount, return_type=str)]


class Paging(Schema):
    """Where a list goes on, and how many at a time."""

    after: str | None = Field(None, description="`next` of the page before.")
    limit: int = Field(PAGE_SIZE, ge=1, le=PAGE_SIZE_MAX)


class Page(Schema, Generic[T]):
    """Some of a list; `next` continues it, null at the end."""

    items: list[T]
    next: str | None = None


class Input(Schema):
    """Something sent to us: a field that does not exist is a mistake, not a wish to be passed over."""

    model_config = ConfigDict(extra="forbid")


class Change(Input):
    """A change: what is left out stays."""

    def given(self) -> dict[str, object]:
        """The fields that were sent."""
        return self.model_dump(exclude_unset=True)
