"""A picture as a page: one for each, on whatever media the job names, as the device fits it there."""

from __future__ import annotations

from dataclasses import dataclass

from platen.documents.draft import Draft
from platen.documents.limits import AnalysisOptions
from platen.documents.pictures.looking import PictureLook, look_at
from platen.documents.source import Data


@dataclass(slots=True)
class PicturePages:
    """Adds the frames of one file to a draft, and looks at them as long as the bound on decoded samples allows."""

    data: Data
    start: int
    form: str  # as Pillow names it
    draft: Draft
    options: AnalysisOptions
    octets: int = 0  # decoded so far

    def add(
        self,
        *,
        frame: int = 0,
        gray: bool = False,
        size_mm: tuple[float, float] | None = None,
        media: str | None = None,
    ) -> bool:
        """Add a page. Args: gray: the file says that it has one channel. Returns: False when no more may be added."""
        look = self._look(frame)
        return self.draft.add_page(
            size_mm=size_mm, media=media, color=False if gray else look.color, blank=look.blank, coverage=look.coverage
        )

    def _look(self, frame: int) -> PictureLook:
        options = self.options
        if not options.color and not options.coverage:
            return PictureLook()
        if self.octets > options.limits.picture_bytes_max:
            self.draft.problem("The pictures are too large to look at each; the colour of the last pages is not known.")
            return PictureLook()
        look = look_at(self.data, self.start, self.form, frame=frame, coverage=options.coverage)
        self.octets += look.octets
        if look.too_large:
            self.draft.problem("A picture is too large to be decoded; whether it holds colour is not known.")
        elif look.color is None:
            self.draft.problem("A picture cannot be decoded; it is damaged or of an unusual kind.")
        elif look.damaged:
            self.draft.problem("A picture is damaged or cut off; what is there of it was looked at.")
        return look
