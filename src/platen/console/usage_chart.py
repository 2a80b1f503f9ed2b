"""Usage as the columns of a chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from platen.console.charts import Datum
from platen.tracking.usage_lists import DaySum

LABELS_MAX = 8


def day_data(days: Sequence[DaySum], *, upto: date | None = None, address: str = "") -> list[Datum]:
    """One column a day: black and white below, colour above. Days after `upto` have not come yet and stay empty.

    address: with `{day}` where the day goes, for columns that lead to that day.
    """
    every = max(len(days) // LABELS_MAX, 1)
    return [_datum(each, label=at % every == 0, upto=upto, address=address) for at, each in enumerate(days)]


def _datum(each: DaySum, *, label: bool, upto: date | None, address: str) -> Datum:
    name = date_format(each.day, "D j M")
    if upto is not None and each.day > upto:
        return Datum(name=name, label=_label(each.day) if label else "", tip=name, values=None)
    sums = each.sums
    words = {"day": name, "pages": f"{sums.pages:,}", "color": f"{sums.color_pages:,}"}
    return Datum(
        name=name,
        label=_label(each.day) if label else "",
        tip=_("%(day)s: %(pages)s pages, %(color)s in colour") % words,
        values=(sums.pages - sums.color_pages, sums.color_pages),
        address=address.replace("{day}", each.day.isoformat()) if address and sums.records else "",
    )


def _label(day: date) -> str:
    return date_format(day, "j M") if day.day == 1 else str(day.day)
