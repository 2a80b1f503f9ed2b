"""What machines finish with, in words, by its kind (FinDeviceTypeTC)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

KINDS: Mapping[str, str] = {
    "stitcher": noop("Stapler"),
    "folder": noop("Folder"),
    "binder": noop("Binder"),
    "trimmer": noop("Trimmer"),
    "die-cutter": noop("Die cutter"),
    "puncher": noop("Hole punch"),
    "perforater": noop("Perforator"),
    "slitter": noop("Slitter"),
    "separation-cutter": noop("Cutter"),
    "imprinter": noop("Imprinter"),
    "wrapper": noop("Wrapper"),
    "bander": noop("Bander"),
    "make-envelope": noop("Envelope maker"),
    "stacker": noop("Stacker"),
    "sheet-rotator": noop("Sheet rotator"),
    "inserter": noop("Inserter"),
    "other": noop("Another finisher"),
}


def kind_word(kind: str) -> str:
    """One kind, in the language in force."""
    return _(KINDS.get(kind, KINDS["other"]))


def kinds_in_words(kinds: str) -> str:
    """Kinds as a machine has them, divided by spaces, as a list for a person."""
    return ", ".join(dict.fromkeys(map(kind_word, kinds.split())))
