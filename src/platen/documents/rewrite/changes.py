"""What is to be different about a document."""

from __future__ import annotations

from dataclasses import dataclass, fields

from platen.documents.facts import Sides


class CannotRewrite(Exception):
    """The document cannot be changed as asked; the sentence says why. The document itself is as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """None, or nothing: stays as it is."""

    monochrome: bool | None = None  # True: black only; False: takes back a demand for black only
    sides: Sides | None = None
    toner_save: bool | None = None
    copies: int | None = None  # of the whole document, 1..9999
    media: str | None = None  # PWG 5101.1 name
    page_ranges: tuple[tuple[int, int], ...] = ()  # from 1, both ends included, ascending; PDF only
    title: str | None = None  # in the PJL header, with the next
    user: str | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing is asked for."""
        return all(getattr(self, field.name) in (None, ()) for field in fields(self))

    @property
    def names_the_job(self) -> bool:
        """A PJL header is asked for, to carry the job's name or its owner's."""
        return self.title is not None or self.user is not None
