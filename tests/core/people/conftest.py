"""What the tests of the rooms have in common."""

from collections.abc import Iterator

import pytest

from tests.core.people.desk import Desk, desk_at


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = desk_at()
    yield made
    made.records.close()


@pytest.fixture
def two_desks() -> Iterator[tuple[Desk, Desk]]:
    """Two terminals of one workshop that meet only when told to."""
    here, there = desk_at(seed=1), desk_at(seed=2)
    yield here, there
    here.records.close()
    there.records.close()
