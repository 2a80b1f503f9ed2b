"""Whether a job is in the language that its commands look like: then what stands between them is text."""

from __future__ import annotations

from platen.documents.detect import UNKNOWN
from platen.documents.draft import Draft, DraftState
from platen.documents.garbage import NEVER_WRITTEN_OCTETS
from platen.documents.source import Data

_LOOKED_AT_BYTES = 65_536  # of the beginning of the job
_FEW = 16
_SHARE_MIN = 25  # one octet in so many that no text holds is too many; of any octets whatever, one in sixteen is
# DC1 to DC4 and CAN stand in text for printers, where lines are short in every one.
_NO_TEXT = bytes({0, *NEVER_WRITTEN_OCTETS} - set(b"\x11\x12\x13\x14\x18"))


class Soundness:
    """Looks at the text of a job as it is read."""

    def __init__(self, draft: Draft, start: int) -> None:
        self._draft = draft
        self._before: DraftState = draft.state()
        self._stop = start + _LOOKED_AT_BYTES
        self._octets = self._never_written = 0

    def take(self, data: Data, position: int, end: int) -> bool:
        """Text stands between the offsets. Returns: False where what was met so far is none."""
        if position >= self._stop or end <= position:
            return True
        text = bytes(data[position : min(end, self._stop)]).strip(b"\0")
        self._octets += len(text)
        self._never_written += len(text) - len(text.translate(None, _NO_TEXT))
        return self._never_written < _FEW or self._never_written * _SHARE_MIN < self._octets

    def give_up(self) -> None:
        """Forget what was found in the job: nothing of it is known."""
        self._draft.restore(self._before)
        self._draft.format = UNKNOWN
        self._draft.problem(
            "The document is in a language of printers that is not known here; its pages are not known."
        )
