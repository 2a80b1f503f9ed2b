"""What happens where a peer is missing."""

from __future__ import annotations

import pytest

from tests.peers.programs import require


class TestMissing:
    def test_is_skipped_with_the_way_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """On a person's machine a missing peer skips its tests, and says how to have them run."""
        monkeypatch.delenv("CI", raising=False)
        with pytest.raises(pytest.skip.Exception, match="apt-get install nowhere-utils"):
            require("no-such-program", "nowhere-utils")

    def test_fails_in_ci(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In CI a missing peer is a failure: nothing may go untested in silence."""
        monkeypatch.setenv("CI", "true")
        with pytest.raises(pytest.fail.Exception, match="CI must have every peer"):
            require("no-such-program", "nowhere-utils")
