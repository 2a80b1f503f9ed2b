"""What is said of an invented model; `printer_mib` makes the objects of it that an agent answers from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A row of prtMarkerSuppliesTable. pages: what a full one yields.

    type: PrtMarkerSuppliesTypeTC; unit: PrtMarkerSuppliesSupplyUnitTC, 19 is percent, 7 impressions.
    measured: else the machine says no more than that some remains.
    """

    name: str
    type: int
    pages: float
    color: str = ""
    part_number: str = ""
    capacity: int = 100
    unit: int = 19
    fills: bool = False
    measured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """A row of prtInputTable, or of prtOutputTable."""

    name: str
    capacity: int
    media: str = "iso_a4_210x297mm"
    type: int = 3
    """PrtInputTypeTC: 3 is a removable tray for sheets, 5 a manual feed, 6 a roll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finisher:
    """A row of finDeviceTable. type: FinDeviceTypeTC. capacity: sheets, 0 if it has no bound.

    abilities: rows of finDeviceAttributeTable, FinAttributeTypeTC to the values of its instances.
    """

    name: str
    type: int
    capacity: int = 0
    abilities: Mapping[int, tuple[int | str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A model. ppm: impressions a minute. pages_a_month: of a machine of average use."""

    maker: str
    model: str
    product: int
    """Its number below the makers' own, in sysObjectID."""
    supplies: tuple[Supply, ...]
    trays: tuple[Tray, ...]
    ppm: int
    pages_a_month: int
    color_share: float = 0.0
    """Of its pages; 0: it prints black only."""
    duplex: bool = True
    technique: int = 4
    """PrtMarkerMarkTechTC: 4 is a laser, 12 aqueous ink, 16 thermal transfer."""
    firmware: str = "1.0"
    copy_share: float = 0.0
    scans: bool = False
    faxes: bool = False
    finishers: tuple[Finisher, ...] = ()

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.maker} {self.model}"


TONER, WASTE_TONER, INK_CARTRIDGE, OPC, RIBBON_WAX, FUSER, STAPLES = 3, 4, 6, 9, 13, 15, 32
IMPRESSIONS, PERCENT = 7, 19
MANUAL_FEED, ROLL = 5, 6
AQUEOUS_INK, THERMAL_TRANSFER = 12, 16
STITCHER, PUNCHER, STACKER = 3, 8, 16
MODEL, SHEETS_MAX, STITCHING, PUNCH_PATTERN = 5, 8, 30, 83
TOP_LEFT, DUAL, FOUR_HOLES = 4, 10, 7


def toner(color: str, part: str, pages: float) -> Supply:
    """A cartridge."""
    return Supply(name=f"{color.capitalize()} toner", type=TONER, pages=pages, color=color, part_number=f"{part}")


def four_toners(part: str, *, black: float, color: float) -> tuple[Supply, ...]:
    """Cyan, magenta, yellow, black. part: of all of them, to which the colour's letter is added."""
    letters = {"cyan": "C", "magenta": "M", "yellow": "Y"}
    colors = (toner(each, f"{part}{letter}", color) for each, letter in letters.items())
    return (*colors, toner("black", f"{part}K", black))


def drum(part: str, pages: int) -> Supply:
    """Counts impressions rather than percent."""
    return Supply(name="Drum unit", type=OPC, pages=pages, capacity=pages, unit=IMPRESSIONS, part_number=part)


def waste(part: str, pages: float, *, measured: bool = True) -> Supply:
    """A receptacle: its level is the room that is left."""
    return Supply(
        name="Waste toner box", type=WASTE_TONER, pages=pages, part_number=part, fills=True, measured=measured
    )


A4, A3, LETTER = "iso_a4_210x297mm", "iso_a3_297x420mm", "na_letter_8.5x11in"
