"""The invented models of the demonstration. No such maker, machine or part exists."""

from __future__ import annotations

from platen.demo.fleet.blueprint import (
    A3,
    A4,
    AQUEOUS_INK,
    DUAL,
    FOUR_HOLES,
    FUSER,
    INK_CARTRIDGE,
    MANUAL_FEED,
    MODEL,
    PERCENT,
    PUNCH_PATTERN,
    PUNCHER,
    RIBBON_WAX,
    ROLL,
    SHEETS_MAX,
    STACKER,
    STAPLES,
    STITCHER,
    STITCHING,
    THERMAL_TRANSFER,
    TOP_LEFT,
    Blueprint,
    Finisher,
    Supply,
    Tray,
    drum,
    four_toners,
    toner,
    waste,
)

_OFFICE_TRAYS = (
    Tray(name="Tray 1", capacity=550, media=A4),
    Tray(name="Tray 2", capacity=550, media=A4),
    Tray(name="Tray 3", capacity=550, media=A3),
    Tray(name="Bypass", capacity=100, media=A4, type=MANUAL_FEED),
)
_FINISHERS = (
    Finisher(
        name="Stapler",
        type=STITCHER,
        capacity=50,
        abilities={MODEL: ("HF-50",), SHEETS_MAX: (50,), STITCHING: (TOP_LEFT, DUAL)},
    ),
    Finisher(name="Punch unit", type=PUNCHER, abilities={PUNCH_PATTERN: (FOUR_HOLES,)}),
    Finisher(name="Stacker", type=STACKER, capacity=1000),
)
_SMALL_TRAYS = (
    Tray(name="Tray 1", capacity=250, media=A4),
    Tray(name="Multipurpose tray", capacity=50, media=A4, type=MANUAL_FEED),
)
_INKS = tuple(
    Supply(name=f"{color.capitalize()} ink", type=INK_CARTRIDGE, pages=7000, color=color, part_number=f"B77-{number}")
    for number, color in enumerate(("black", "cyan", "magenta", "yellow"), 1)
)


def _halden(model: str, product: int, ppm: int, pages: int, *, color: bool = True) -> Blueprint:
    """The machines of a copy room: colour or black, A3, everything measured."""
    part = f"HT-{model[1:]}"
    black_toner = toner("black", f"{part}K", 25_000)
    return Blueprint(
        maker="Halden",
        model=model,
        product=product,
        supplies=(
            *(four_toners(part, black=25_000, color=20_000) if color else (black_toner,)),
            drum(f"HD-{model[1:]}", 120_000),
            waste(f"HW-{model[1:]}", 40_000),
            Supply(name="Staples", type=STAPLES, pages=90_000, part_number="HS-5000", unit=PERCENT),
        ),
        trays=_OFFICE_TRAYS,
        ppm=ppm,
        pages_a_month=pages,
        color_share=0.27 if color else 0.0,
        copy_share=0.2,
        scans=True,
        faxes=True,
        firmware="4.12.1",
        finishers=_FINISHERS,
    )


CATALOGUE = (
    _halden("C458", 1, 45, 7000),
    _halden("C308", 2, 30, 3300),
    _halden("C658", 3, 65, 12_000),
    _halden("M508", 4, 50, 6000, color=False),
    Blueprint(
        maker="Morino",
        model="IX 3830",
        product=21,
        supplies=(*four_toners("MX38-", black=18_000, color=12_000), waste("MX38-W", 30_000, measured=False)),
        trays=_OFFICE_TRAYS[:2],
        ppm=38,
        pages_a_month=4500,
        color_share=0.35,
        copy_share=0.15,
        scans=True,
        firmware="2.8 R3",
    ),
    Blueprint(
        maker="Morino",
        model="IX 5250",
        product=22,
        supplies=(
            *four_toners("MX52-", black=26_000, color=22_000),
            Supply(name="Fusing unit", type=FUSER, pages=300_000, part_number="MX52-F"),
            waste("MX52-W", 50_000, measured=False),
        ),
        trays=_OFFICE_TRAYS,
        ppm=52,
        pages_a_month=9000,
        color_share=0.3,
        copy_share=0.25,
        scans=True,
        faxes=True,
        firmware="3.1 R1",
    ),
    Blueprint(
        maker="Kestrel",
        model="5400dn",
        product=41,
        supplies=(toner("black", "K54X", 9000), drum("K54D", 30_000)),
        trays=_SMALL_TRAYS,
        ppm=40,
        pages_a_month=2200,
        firmware="K54.1.20",
    ),
    Blueprint(
        maker="Kestrel",
        model="5600cdw",
        product=42,
        supplies=four_toners("K56", black=6000, color=4500),
        trays=_SMALL_TRAYS,
        ppm=28,
        pages_a_month=1400,
        color_share=0.5,
        firmware="K56.2.04",
    ),
    Blueprint(
        maker="Belvoir",
        model="Jet 770",
        product=61,
        supplies=_INKS,
        trays=_SMALL_TRAYS,
        ppm=24,
        pages_a_month=1900,
        color_share=0.6,
        copy_share=0.1,
        scans=True,
        technique=AQUEOUS_INK,
        firmware="26.15.B7",
    ),
    Blueprint(
        maker="Kestrel",
        model="T920",
        product=51,
        supplies=(Supply(name="Ribbon", type=RIBBON_WAX, pages=25_000, measured=False, part_number="KR-110"),),
        trays=(Tray(name="Roll", capacity=1, media="custom_label_100x150mm", type=ROLL),),
        ppm=60,
        pages_a_month=15_000,
        duplex=False,
        technique=THERMAL_TRANSFER,
        firmware="V74.20",
    ),
)
