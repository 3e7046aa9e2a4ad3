"""A change that waits for a newer program, and is filed twice after a fork, has its effect once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.records.operations import GENESIS, Transaction
from core.records.records import Records
from core.records.schema import read_schema
from tests.core.sync.two import Bench
from tests.simulation.disk import Disk


@pytest.fixture
def disk() -> Iterator[Disk]:
    made = Disk()
    yield made
    made.throw_away()


def test_a_status_that_was_replaced_does_not_come_back_with_the_upgrade(disk: Disk) -> None:
    writer = Bench("writer")
    order = writer.add_order(number="1")
    writer.move(order, "arrived")
    writer.move(order, "ready")
    log: list[Transaction] = writer.records.page({}).transactions
    arrived_again = replace(log[1], site="f" * 16, seq=1).chained(GENESIS)

    full = read_schema(2)
    older = Records.open(disk.url, schema=full.without(1, {"repair_orders": ("status",)}), inline=True)
    older.apply(log)
    older.apply([arrived_again])
    older.close()
    newer = Records.open(disk.url, schema=full, inline=True)

    assert newer.digests() == writer.records.digests()
    newer.close()
    writer.close()
