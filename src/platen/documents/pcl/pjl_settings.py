"""What PJL commands say of the paper of a job: the environment that documents behind them print in.

PJL TRM, "Kernel Commands", "Job Separation" and "Environment Commands": SET lasts to the end of the job. DEFAULT leaves
the current environment as it is and holds from the next reset on; JOB, EOJ, RESET, INITIALIZE and a universal exit
outside of a job are such resets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from platen.documents.draft import Draft
from platen.documents.facts import Sides
from platen.documents.media import media_for_word

_DIGITS_MAX = 6  # of a number of copies; all are far more than are counted
_ON = frozenset({"ON", "TRUE", "YES", "1", "ENABLE"})
_LONG = frozenset({"LONGEDGE", "LONG", "VERTICAL", "LEFT", "RIGHT", "BOOK", "DUPLEXNOTUMBLE"})
_SHORT = frozenset({"SHORTEDGE", "SHORT", "HORIZONTAL", "TOP", "BOTTOM", "TABLET", "DUPLEXTUMBLE"})
_GRAY = frozenset(
    {"GRAYSCALE", "GREYSCALE", "GRAY", "GREY", "MONO", "MONOCHROME", "BLACK", "BLACKONLY", "BW", "BLACKWHITE"}
)
COLOR_SETTINGS = frozenset({"RENDERMODE", "COLORMODE", "DRIVERCOLORSELECT", "COLORSELECT", "COLOR", "PRINTCOLORMODE"})
GRAY_SETTINGS = frozenset({"PLANESINUSE", "GRAYSCALE", "FORCEMONO", "MONOCHROME"})
_NUMBER_UP = frozenset(
    {"NUP", "MULTIUP", "MULTIPAGE", "NUMBERUP", "PAGESPERSHEET", "PAGESPERSIDE", "COMBINE", "LAYOUT"}
)
SET_COPIES = frozenset({"QTY", "QUANTITY", "SETS"})
PAGE_COPIES = frozenset({"COPIES", "NUMCOPIES"})
_RESOLUTION = re.compile(r"(\d{2,5})(?:\s*X\s*(\d{2,5}))?(?:\s*DPI)?", re.IGNORECASE)
_UP = re.compile(r"(\d{1,2})(?:\s*(?:UP|IN1|IN-1)?|\s*X\s*(\d{1,2}))", re.IGNORECASE)
_UPS = frozenset({2, 4, 6, 8, 9, 16, 25, 32})


@dataclass(frozen=True, slots=True)
class PjlEnvironment:
    """Settings in force. None: left to the device."""

    page_copies: int = 1
    set_copies: int = 1
    is_collated: bool = False  # COPIES are of whole sets
    is_duplex: bool | None = None
    is_short_edge: bool = False
    media: str | None = None
    is_landscape: bool = False
    gray: frozenset[str] = frozenset()  # the settings that demand grey
    resolution_dpi: tuple[int, int] | None = None
    number_up: int = 1

    @property
    def sides(self) -> Sides | None:
        if self.is_duplex is None:
            return None
        if not self.is_duplex:
            return Sides.ONE_SIDED
        return Sides.TWO_SIDED_SHORT_EDGE if self.is_short_edge else Sides.TWO_SIDED_LONG_EDGE

    def begin(self, draft: Draft) -> None:
        """Another document prints in this environment."""
        sets = self.set_copies * (self.page_copies if self.is_collated else 1)
        pages = 1 if self.is_collated else self.page_copies
        draft.begin_part(job_copies=draft.copies_within(sets), page_copies=draft.copies_within(pages), sides=self.sides)
        if sets * pages > 1:
            draft.copies_collated = True if pages == 1 else False if sets == 1 else None
        draft.media, draft.landscape, draft.monochrome = self.media, self.is_landscape, bool(self.gray)
        draft.resolution_dpi = self.resolution_dpi or draft.resolution_dpi
        draft.device_number_up = self.number_up

    def with_setting(self, name: str, value: str) -> PjlEnvironment:
        """This environment after SET `name` = `value`; what is not understood changes nothing."""
        word = value.strip().upper()
        if name in SET_COPIES or name in PAGE_COPIES:
            return self._with_copies(name, word)
        if name in ("DUPLEX", "BINDING"):
            return self._with_sides(name, word)
        if name == "RESOLUTION":
            return self._with_resolution(word)
        if name == "PAPER":
            return replace(self, media=media_for_word(value.strip()) or self.media)
        changed = self._with_color(name, word)
        if name == "COLLATE":
            changed = replace(self, is_collated=word in _ON)
        elif name == "ORIENTATION":
            changed = replace(self, is_landscape=word in ("LANDSCAPE", "REVLANDSCAPE", "RLANDSCAPE"))
        elif name in _NUMBER_UP:
            changed = replace(self, number_up=_number_up(word))
        return changed

    def _with_copies(self, name: str, word: str) -> PjlEnvironment:
        if not (word.isascii() and word.isdecimal()):
            return self
        copies = max(1, int(word[:_DIGITS_MAX]))
        return replace(self, set_copies=copies) if name in SET_COPIES else replace(self, page_copies=copies)

    def _with_sides(self, name: str, word: str) -> PjlEnvironment:
        if word in _LONG or word in _SHORT:
            is_duplex = True if name == "DUPLEX" else self.is_duplex
            return replace(self, is_duplex=is_duplex, is_short_edge=word in _SHORT)
        if name == "DUPLEX":
            return replace(self, is_duplex=word in _ON)
        return self

    def _with_resolution(self, word: str) -> PjlEnvironment:
        if (found := _RESOLUTION.fullmatch(word)) is None:
            return self
        across = int(found[1])
        return replace(self, resolution_dpi=(across, int(found[2] or across)))

    def _with_color(self, name: str, word: str) -> PjlEnvironment:
        if name in COLOR_SETTINGS:
            demands = word in _GRAY
        elif name == "PLANESINUSE":
            demands = word == "1"
        elif name in GRAY_SETTINGS:
            demands = word in _GRAY or word in _ON or word == "COMPOSITE"
        else:
            return self
        return replace(self, gray=self.gray | {name} if demands else self.gray - {name})


def _number_up(word: str) -> int:
    """2, 2UP, 2IN1, 2X2; anything else is one page on a side."""
    found = _UP.fullmatch(word)
    count = int(found[1]) * int(found[2] or 1) if found else 1
    return count if count in _UPS else 1


@dataclass(slots=True)
class PjlJob:
    """The environment through a stream of jobs."""

    current: PjlEnvironment = field(default_factory=PjlEnvironment)
    _defaults: PjlEnvironment = field(default_factory=PjlEnvironment)
    _is_within_job: bool = False  # between JOB and EOJ
    _awaits_reset: bool = False  # a document was printed in the environment, or there are new defaults

    def obey(self, command: str) -> None:
        """JOB, EOJ, RESET, INITIALIZE."""
        if command in ("JOB", "EOJ"):
            self._is_within_job = command == "JOB"
        if command == "INITIALIZE":
            self._defaults = PjlEnvironment()
        self.current, self._awaits_reset = self._defaults, False

    def set(self, name: str, value: str, *, is_default: bool) -> None:
        if is_default:
            self._defaults, self._awaits_reset = self._defaults.with_setting(name, value), True
        else:
            self.current = self.current.with_setting(name, value)

    def begin_commands(self) -> None:
        """A universal exit led back to PJL: outside of JOB and EOJ that ends the job."""
        if self._awaits_reset and not self._is_within_job:
            self.current = self._defaults
        self._awaits_reset = False

    def begin_document(self, draft: Draft) -> None:
        self._awaits_reset = True
        self.current.begin(draft)
