"""Two terminals for each test, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import core.models  # noqa: F401 - every synced table
from tests.core.sync.two import Bench


@pytest.fixture
def one(place: Path | str) -> Iterator[Bench]:
    """A terminal whose records are in a file, or on a PostgreSQL server."""
    bench = Bench("one", place=place)
    yield bench
    bench.close()


@pytest.fixture
def two() -> Iterator[Bench]:
    bench = Bench("two")
    yield bench
    bench.close()


@pytest.fixture
def three() -> Iterator[Bench]:
    bench = Bench("three")
    yield bench
    bench.close()
