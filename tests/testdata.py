"""Where the recorded material of real machines lies, and how tests say that it is absent."""

from pathlib import Path

import pytest

TESTDATA = Path(__file__).resolve().parents[2] / "shared" / "testdata"

needs_testdata = pytest.mark.skipif(
    not TESTDATA.is_dir(), reason="recorded test data is not beside the checkout (../shared/testdata)"
)
