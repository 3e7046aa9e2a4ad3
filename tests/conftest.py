"""Everything the suite shares: an off-screen Qt, where garbage is collected, and where the real drives lie."""

import gc
import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

REPOSITORY = Path(__file__).resolve().parent.parent
DRIVES = Path(os.environ.get("BAYLINE_DRIVES", REPOSITORY.parent / "shared" / "data" / "carobd"))

gc.disable()  # as the program with a window does, see ui/garbage.py: what threads leave is collected between tests
FULL = 50  # tests between full collections
_ended = 0


def pytest_collection_finish() -> None:
    """What was imported stays for good: a full collection need not look at it."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Collect what the test left, on the main thread."""
    global _ended  # noqa: PLW0603 - one count for the process
    _ended += 1
    gc.collect(1 if _ended % FULL else 2)


@pytest.fixture
def drives() -> list[Path]:
    """The recorded drives of a real car; the test is skipped, with the reason, where they are not to be had."""
    found = sorted(DRIVES.glob("*.csv"))
    if not found:
        pytest.skip(f"no recorded drives in {DRIVES} (set BAYLINE_DRIVES)")
    return found
