"""Everything the suite shares: an off-screen Qt, and where the real drives lie when they are there."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPOSITORY = Path(__file__).resolve().parent.parent
DRIVES = Path(os.environ.get("BAYLINE_DRIVES", REPOSITORY.parent / "shared" / "data" / "carobd"))


@pytest.fixture
def drives() -> list[Path]:
    """The recorded drives of a real car; the test is skipped, with the reason, where they are not to be had."""
    found = sorted(DRIVES.glob("*.csv"))
    if not found:
        pytest.skip(f"no recorded drives in {DRIVES} (set BAYLINE_DRIVES)")
    return found
