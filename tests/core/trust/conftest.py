"""Devices of a test: keys are real."""

from pathlib import Path

import pytest

from core.trust.identity import Identity


@pytest.fixture
def bay1(tmp_path: Path) -> Identity:
    return Identity.create(tmp_path / "bay1" / "identity", "Bay 1")


@pytest.fixture
def bay2(tmp_path: Path) -> Identity:
    return Identity.create(tmp_path / "bay2" / "identity", "Bay 2")
