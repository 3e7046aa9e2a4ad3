"""What the rooms of core share in their tests: places for records, and the guard on the one writer."""

from tests.core.records.guard import no_writes_around_the_writer
from tests.core.records.postgres import cluster, empty_place, empty_postgresql_url, place, postgresql_url

__all__ = ["cluster", "empty_place", "empty_postgresql_url", "no_writes_around_the_writer", "place", "postgresql_url"]
