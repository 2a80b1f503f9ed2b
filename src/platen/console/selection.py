"""Which machines of a list were picked: some by their boxes, or all that match."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from platen.console.list_address import ListAddress, parse_list
from platen.fleet.lists import ids_of_machines
from platen.fleet.models import Machine

PICKED_MAX = 5_000  # EMC-DINF-06, EMC-DREM-05


@dataclass(frozen=True, slots=True)
class Selection:
    """Keys of machines that exist, in rising order, and the list that they were picked in."""

    ids: tuple[int, ...]
    address: ListAddress

    @property
    def written(self) -> str:
        """For a hidden field: what was picked stays the same from the form over the preview to the change."""
        return ",".join(map(str, self.ids))


def selection_in(request: HttpRequest) -> Selection:
    """What a form says was picked; what is no number or not here is left out."""
    address = parse_list(request.GET)
    if request.POST.get("all") == "1":
        return Selection(tuple(ids_of_machines(address.listing, PICKED_MAX)), address)
    texts = [*request.POST.getlist("id"), *request.POST.get("ids", "").split(",")]
    wanted = {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19}
    known: list[int] = []
    ordered = sorted(wanted)[:PICKED_MAX]
    for start in range(0, len(ordered), 500):
        some = Machine.objects.filter(pk__in=ordered[start : start + 500])
        known += some.order_by("pk").values_list("pk", flat=True)
    return Selection(tuple(known), address)
