"""The shop at a glance: each figure counts what it says, and what has no sample is not zero."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.insights.dashboard import Dashboard, dashboard
from core.people.roles import Denied, Role
from core.planning.models import Allocation
from core.workshop.invoice_content import Content, InvoiceLine, written
from core.workshop.invoice_models import Invoice, InvoiceVoid
from core.workshop.line_kinds import LABOUR, PART
from core.workshop.models import ClockPunch, RepairOrder, RepairOrderLine, StatusMove
from tests.core.insights.stage import MONDAY, Shop, at
from tests.core.people.desk import OWNER, Clock, desk_at, somebody

NOON = at(4 * 24 + 12)  # on Friday


@pytest.fixture
def shop() -> Iterator[Shop]:
    desk = desk_at(clock=Clock(NOON))
    yield Shop(desk)
    desk.records.close()


def seen(shop: Shop) -> Dashboard:
    return shop.desk.see(dashboard, OWNER, at=NOON)


def test_a_shop_without_work_has_counts_of_nothing_and_no_means(shop: Shop) -> None:
    found = seen(shop)
    assert (found.open, found.overdue, found.completed, found.comebacks) == (0, 0, 0, 0)
    assert found.completion_hours is None
    assert found.on_time.rate is None
    assert found.first_time.rate is None
    assert len(found.money) == 30
    assert all(day.net == day.profit == 0 for day in found.money)
    assert found.money[-1].day == found.day == "2026-11-20"


def test_open_late_and_waiting(shop: Shop) -> None:
    shop.order(status="in_progress", promised=90)
    shop.order(status="awaiting_approval", promised=200)
    shop.order(status="awaiting_parts")
    shop.order(status="ready", promised=90)  # done before it was due
    shop.order(status="delivered", promised=90)
    shop.order(status="booked", promised=300)
    found = seen(shop)
    assert found.open == 5
    assert found.overdue == 1
    assert (found.waiting_for_approval, found.waiting_for_parts) == (1, 1)
    assert found.by_status["delivered"] == 1


def test_a_state_of_a_newer_terminal_is_open_work(shop: Shop) -> None:
    shop.order(status="on_the_test_bench", promised=90)
    shop.order(status="booked")
    found = seen(shop)
    assert (found.open, found.overdue, found.by_status["on_the_test_bench"]) == (2, 1, 1)
    assert sum(found.by_status.values()) == 2


def test_the_mean_is_of_what_was_finished(shop: Shop) -> None:
    shop.order(came=8, ready=10)
    shop.order(came=8, ready=14)
    shop.order(came=0.5)
    found = seen(shop)
    assert (found.completed, found.completion_hours) == (2, 4.0)


def test_what_was_handed_over_without_a_word_was_done_then(shop: Shop) -> None:
    order = shop.order(came=8, status="delivered")
    shop.move(order, "in_progress", "delivered", 9)
    assert seen(shop).completion_hours == 1.0


def test_a_comeback_counts_against_the_order_it_came_back_from(shop: Shop) -> None:
    first, _ = shop.order(ready=10), shop.order(ready=11)
    shop.order(came=40, comeback_of=first)
    found = seen(shop)
    assert (found.comebacks, found.first_time.rate, found.first_time.count) == (1, 0.5, 2)


def test_profit_is_net_less_cost_by_the_shops_day_and_void_ones_do_not_count(shop: Shop) -> None:
    def invoice(kind: str, net: int, cost: int, hour: float) -> str:
        id_ = shop.id()
        shop.put(Invoice(id=id_, kind=kind, net=net, cost=cost, gross=net, tax=0, issued_at=at(hour), content="{}"))
        return id_

    invoice("invoice", 50_000, 20_000, 0.1)  # just after midnight on Monday
    invoice("invoice", 30_000, 10_000, 15)
    invoice("credit_note", -5_000, -1_000, 16)
    shop.put(InvoiceVoid(id=shop.id(), invoice_id=invoice("invoice", 99_000, 0, 17), reason="twice"))
    monday = next(day for day in seen(shop).money if day.day == "2026-11-16")
    assert (monday.invoices, monday.net, monday.cost, monday.profit) == (2, 75_000, 29_000, 46_000)


def test_how_many_lines_count_as_profit_because_nobody_knows_their_cost(shop: Shop) -> None:
    def issued(kind: str, *lines: InvoiceLine) -> None:
        content = written(Content(kind=kind, lines=lines))
        shop.put(Invoice(id=shop.id(), kind=kind, issued_at=at(9), content=content))

    pads, work = InvoiceLine("a", PART, net=5_000), InvoiceLine("b", LABOUR, net=9_000)
    known, fee = InvoiceLine("c", PART, net=100, unit_cost=0), InvoiceLine("d", "fee", net=500)
    issued("invoice", pads, work, known, fee)
    assert seen(shop).cost_unknown == 2, "a cost of nought is known, and a fee has none"
    issued("credit_note", replace(pads, net=-5_000))
    assert seen(shop).cost_unknown == 1, "what was given back is no profit"


def test_hours_of_today(shop: Shop) -> None:
    ines = shop.person("Ines", shift=(8, 17, 0))
    order = shop.order()
    friday = 4 * 24
    shop.put(
        Allocation(id=shop.id(), order_id=order, staff_id=ines, starts_at=at(friday + 13), ends_at=at(friday + 15))
    )
    content = '{"lines": [{"kind": "labour", "quantity": 1500}, {"kind": "part", "quantity": 4000}]}'
    shop.put(Invoice(id=shop.id(), kind="invoice", content=content, issued_at=at(friday + 9)))
    shop.put(Invoice(id=shop.id(), kind="invoice", content=content, issued_at=at(friday - 3)))
    hours = seen(shop).hours
    assert (hours.sold, hours.booked, hours.left) == (1500, 2000, 3000)  # five hours till five, two of them set aside


def test_parts_that_are_not_here(shop: Shop) -> None:
    order, gone = shop.order(), shop.order(status="delivered")
    for owner, state in ((order, "on_the_way"), (order, "here"), (order, "not_ordered"), (gone, "on_the_way")):
        shop.put(RepairOrderLine(id=shop.id(), order_id=owner, kind="part", quantity=1000, part_state=state))
    assert seen(shop).parts_waiting == 2


def test_it_is_for_the_desk(shop: Shop) -> None:
    with pytest.raises(Denied):
        shop.desk.see(dashboard, somebody(Role.TECHNICIAN))


def test_it_takes_as_many_statements_for_sixty_orders_as_for_two(shop: Shop) -> None:
    def add(count: int) -> None:
        for number in range(count):
            shop.order(ready=10 + number / 100)
            shop.order(status="in_progress")

    add(1)
    few = shop.desk.statements(dashboard, OWNER, at=NOON)
    add(30)
    assert len(shop.desk.statements(dashboard, OWNER, at=NOON)) == len(few) <= 18


def test_rows_that_came_in_pieces_break_nothing(shop: Shop) -> None:
    shop.put(RepairOrder(id=shop.id()), StatusMove(id=shop.id(), moved_at=MONDAY, after="ready"))
    shop.put(StatusMove(id=shop.id()), ClockPunch(id=shop.id()), Invoice(id=shop.id()), Allocation(id=shop.id()))
    assert seen(shop).completed == 0


def test_ready_taken_back_and_tapped_again_within_minutes_is_ready_the_first_time(shop: Shop) -> None:
    order = shop.order(came=80, ready=84)
    shop.move(order, "ready", "in_progress", 84.1)
    shop.move(order, "in_progress", "ready", 84.2)
    shop.move(order, "ready", "delivered", 84.5)
    shop.move(order, "delivered", "ready", 84.6)
    shop.move(order, "ready", "delivered", 84.7)
    assert seen(shop).completion_hours == pytest.approx(4.0)
    again = shop.order(came=80, ready=82)  # work that was taken up again counts
    shop.move(again, "ready", "in_progress", 82.1)
    shop.move(again, "in_progress", "ready", 86)
    assert seen(shop).completion_hours == pytest.approx((4.0 + 6.0) / 2)
