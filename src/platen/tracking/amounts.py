"""What one job amounts to at one device: counts by paper, and their prices by the device's schemes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from platen.devices.models import Device
from platen.documents.facts import DocumentFacts
from platen.documents.job_facts import JobFacts, MediaTally
from platen.documents.media import everyday_name
from platen.documents.part_printed import part_printed
from platen.policy.charging import ChargingScheme
from platen.policy.prices import COUNT_MAX, Price, PrintActivity, SizeCount, price, sheets_of
from platen.policy.usage_enums import JobType
from platen.printing.facts import job_ticket, on_paper


@dataclass(frozen=True, slots=True)
class Amount:
    """What comes out of one job at one device."""

    counts: tuple[SizeCount, ...]
    two_sided: bool
    uncounted: bool = False  # something came out, and nobody knows how much

    @property
    def impressions(self) -> int:
        """Sides printed, over all copies: what usage records call pages."""
        return sum(count.impressions_mono + count.impressions_color for count in self.counts)

    @property
    def color_impressions(self) -> int:
        """Of these, those known to have colour."""
        return sum(count.impressions_color for count in self.counts)

    @property
    def sheets(self) -> int:
        """Sheets of paper."""
        return sum(count.sheets for count in self.counts)

    @property
    def page_format(self) -> str:
        """The everyday name of the paper most used, `A4`; nothing where nothing is known of it."""
        most = max(self.counts, key=lambda count: count.impressions_mono + count.impressions_color, default=None)
        return everyday_name(most.media) if most is not None and most.media else ""


NOTHING = Amount((), two_sided=False)


def whole_job(facts: DocumentFacts, obeyed: Mapping[str, object], device: Device) -> Amount:
    """All of a job, as this device prints it. obeyed, here and below: the ticket as the device obeys it, `copies` in it
    (printing.device_ticket)."""
    return _at(device, on_paper(facts, obeyed, _copies(obeyed)))


def first_impressions(facts: DocumentFacts, obeyed: Mapping[str, object], device: Device, impressions: int) -> Amount:
    """The part of a job that came out before the device stopped; never more than the whole job."""
    return _at(device, part_printed(facts, job_ticket(obeyed, _copies(obeyed)), impressions))


def unread_document(
    obeyed: Mapping[str, object], device: Device, impressions: int, *, completed: bool = False
) -> Amount:
    """What the device counted of a document whose pages are not known: on the paper that the job names, in black.

    Black, because nobody may be charged for colour that nobody saw. completed: all of it came out, counted or not.
    """
    asked = job_ticket(obeyed, 1)
    two_sided = asked.sides is not None and asked.sides.is_two_sided and device.duplex_supported is not False
    impressions = min(impressions, COUNT_MAX)
    if impressions == 0:
        return Amount((), two_sided, uncounted=completed)
    sheets = sheets_of(impressions, duplex=two_sided)
    return Amount((SizeCount(media=asked.media, sheets=sheets, impressions_mono=impressions),), two_sided)


def _copies(obeyed: Mapping[str, object]) -> int:
    copies = obeyed.get("copies")
    return copies if isinstance(copies, int) and copies > 0 else 1


def priced(scheme: ChargingScheme | None, amount: Amount, job_type: JobType, job_name: str) -> Price:
    """What it costs by one scheme."""
    return price(
        scheme, PrintActivity(counts=amount.counts, job_type=job_type, job_name=job_name, uncounted=amount.uncounted)
    )


def _at(device: Device, paper: JobFacts) -> Amount:
    """A device without colour prints in black, one without duplex on one side, whatever the job asks."""
    two_sided = paper.sides.is_two_sided and device.duplex_supported is not False
    return Amount(
        tuple(_counts(paper.media, two_sided=two_sided, color=device.color_supported is not False)), two_sided
    )


def _counts(tallies: Iterable[MediaTally], *, two_sided: bool, color: bool) -> Iterable[SizeCount]:
    for tally in tallies:
        # Unknown colour is priced as black. A file may claim any number of pages; a bill stays a number.
        impressions = min(tally.impressions, COUNT_MAX)
        colored = min(tally.color_impressions, impressions) if color else 0
        yield SizeCount(
            media=tally.media,
            sheets=min(tally.sheets, COUNT_MAX) if two_sided else impressions,
            impressions_mono=impressions - colored,
            impressions_color=colored,
        )
