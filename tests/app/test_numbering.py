"""The holder of the series numbers what was issued elsewhere as soon as it arrives; others leave it alone."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.numbering import Numbering
from core.records.records import Records
from core.workshop.invoice_reading import get_invoice
from core.workshop.invoices import issue_invoice
from core.workshop.shop import change_shop
from tests.core.people.desk import Clock, Desk, desk_at, meet
from tests.core.workshop.billing import order_with_lines

PATIENCE_S = 20.0  # a safety net
ELSEWHERE = "01890000-0000-7000-8000-0000000000aa"


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    made = Desk(Records.open(tmp_path / "records.db", wall=clock, entropy=random.Random(1)), clock)
    made.records.join("01890000-0000-7000-8000-000000000001")
    yield made
    made.records.close()


def number_of(desk: Desk, invoice: str) -> str | None:
    """Its number, as soon as it has one."""
    deadline = time.monotonic() + PATIENCE_S
    while (number := desk.see(get_invoice, invoice).number) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    return number


def test_what_arrives_is_numbered_and_what_was_waiting_too(holder: Desk) -> None:
    away = desk_at(seed=2)
    orders = [order_with_lines(away)[0] for _ in range(2)]
    holder.do(change_shop, {"invoice_holder_id": holder.records.terminal_id})
    meet(holder, away)
    away.records.join(ELSEWHERE)
    first = away.do(issue_invoice, orders[0])
    assert first.number is None
    meet(holder, away)
    numbering = Numbering(holder.records)
    numbering.start()
    try:
        assert number_of(holder, first.id) == "1001"
        second = away.do(issue_invoice, orders[1])
        holder.records.apply(away.records.page(holder.records.vector()).transactions)
        assert number_of(holder, second.id) == "1002"
    finally:
        numbering.stop()
        numbering.stop()
        away.records.close()


def test_who_becomes_the_holder_numbers_what_waits(holder: Desk) -> None:
    order, _ = order_with_lines(holder)
    holder.do(change_shop, {"invoice_holder_id": ELSEWHERE})
    numbering = Numbering(holder.records)
    numbering.start()
    try:
        made = holder.do(issue_invoice, order)
        assert made.number is None
        holder.do(change_shop, {"invoice_holder_id": holder.records.terminal_id})
        assert number_of(holder, made.id) == "1001"
    finally:
        numbering.stop()
