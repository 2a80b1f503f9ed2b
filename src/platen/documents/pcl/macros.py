"""PCL macros (PCL 5 TRM, "Macros"): commands kept under a number, and run where they are called."""

from __future__ import annotations

_DEPTH_MAX = 2  # a macro may call one that calls none
_REPLAYED_BYTES_MAX = 1 << 30
_MACROS_MAX = 100_000


class Macros:
    """Where the macros of a job stand in its data."""

    def __init__(self) -> None:
        self.current = 0  # ESC &f#Y
        self.overlay: int | None = None  # run on every page as it comes out
        self.is_spent = False  # macros were run too often to run more of them
        self._spans: dict[int, tuple[int, int]] = {}
        self.is_recording = False
        self._recording_from: int | None = None
        self._running: list[int] = []
        self._bytes_left = _REPLAYED_BYTES_MAX

    def begin(self, start: int) -> None:
        """A definition begins; within a running macro none can."""
        if not self._running:
            self._recording_from, self.is_recording = start, True

    def end(self, stop: int) -> None:
        if self._recording_from is not None and len(self._spans) < _MACROS_MAX:
            self._spans[self.current] = (self._recording_from, max(stop, self._recording_from))
        self.abandon()

    def abandon(self) -> None:
        """A reset ends a definition without keeping it."""
        self._recording_from, self.is_recording = None, False

    def forget(self, *, all_of_them: bool) -> None:
        if all_of_them:
            self._spans.clear()
        else:
            self._spans.pop(self.current, None)

    def enter(self, macro: int) -> tuple[int, int] | None:
        """Begin to run a macro. Returns: where it stands, or None where it cannot be run; else `leave` follows."""
        span = self._spans.get(macro)
        if span is None or len(self._running) >= _DEPTH_MAX or macro in self._running:
            return None
        self._bytes_left -= span[1] - span[0]
        if self._bytes_left < 0:
            self.is_spent = True
            return None
        self._running.append(macro)
        return span

    def leave(self) -> None:
        self._running.pop()
