"""A week of one technician with four orders, worked out by hand: the figures of the desk and of the person agree."""

from collections.abc import Iterator

import pytest

from core.insights.dashboard import dashboard
from core.insights.technicians import performance
from core.workshop.estimates import decide
from core.workshop.invoices import credit_invoice, issue_invoice, void_invoice
from core.workshop.lines import create_line
from tests.core.insights.stage import MONDAY, Shop, at
from tests.core.people.desk import OWNER, Clock, desk_at

FRIDAY_NOON = at(4 * 24 + 12)


@pytest.fixture
def shop() -> Iterator[Shop]:
    desk = desk_at(clock=Clock(MONDAY))
    yield Shop(desk)
    desk.records.close()


def line(shop: Shop, order: str, said: str = "approved", **fields: object) -> str:
    made = shop.desk.do(create_line, {"order_id": order, "description": "Work", **fields}).id
    shop.desk.do(decide, order, [(made, said)], {})
    return made


def invoiced(shop: Shop, order: str, hour: float) -> str:
    shop.desk.clock.now = at(hour)
    return shop.desk.do(issue_invoice, order).id


def week(shop: Shop) -> str:
    """Ines: brakes on time, an exhaust late, brakes that come back on Tuesday, and a paper that was a mistake."""
    ines = shop.person("Ines", shift=(8, 17, 60))
    brakes = shop.order(came=8, ready=10, promised=11, technician=ines)
    shop.clocked(ines, brakes, 8, 9.5)
    line(shop, brakes, kind="labour", quantity=2_000, unit_price=9_000)
    line(shop, brakes, kind="part", quantity=2_000, unit_price=4_000, unit_cost=2_500)
    invoiced(shop, brakes, 10)

    exhaust = shop.order(came=9, ready=13, promised=12, technician=ines)
    shop.clocked(ines, exhaust, 9.5, 13)
    line(shop, exhaust, kind="labour", quantity=3_000, unit_price=9_000)
    line(shop, exhaust, "declined", kind="labour", quantity=8_000, unit_price=9_000)
    clamp = line(shop, exhaust, kind="part", quantity=1_000, unit_price=4_000, unit_cost=3_000)
    paper = invoiced(shop, exhaust, 14)
    shop.desk.clock.now = at(24 + 9)
    shop.desk.do(credit_invoice, paper, line_ids=[clamp], remark="not needed")

    again = shop.order(came=24 + 8, comeback_of=brakes, technician=ines)
    shop.clocked(ines, again, 24 + 8, 24 + 9)
    mistake = shop.order(came=30)
    line(shop, mistake, kind="fee", quantity=1_000, unit_price=10_000)
    shop.desk.do(void_invoice, invoiced(shop, mistake, 15), "wrong car")
    shop.desk.clock.now = FRIDAY_NOON
    return ines


def test_the_dashboard_adds_up(shop: Shop) -> None:
    week(shop)
    found = shop.desk.see(dashboard, OWNER, at=FRIDAY_NOON)
    assert (found.open, found.overdue) == (4, 0), "nothing was fetched yet; two are at work, promised to nobody"
    assert (found.completed, found.completion_hours) == (2, 3.0), "two hours and four; what goes on is in no mean"
    assert (found.on_time.rate, found.on_time.count) == (0.5, 2)
    assert (found.first_time.rate, found.comebacks) == (0.5, 1)
    earned = {each.day: (each.invoices, each.net, each.cost, each.profit) for each in found.money}
    assert earned["2026-11-16"] == (2, 26_000 + 31_000, 5_000 + 3_000, 49_000), "the void one counts nowhere"
    assert earned["2026-11-17"] == (0, -4_000, -3_000, -1_000), "the clamp went back"
    assert sum(day.profit for day in found.money) == 48_000
    assert found.hours.sold == 0, "nothing was invoiced on Friday"
    assert shop.desk.see(dashboard, OWNER, at=at(20)).hours.sold == 5_000, "on Monday two hours and three"
    assert found.hours.left == 4_000, "noon till five, less her break"


def test_the_person_adds_up(shop: Shop) -> None:
    ines = week(shop)
    found = shop.desk.see(performance, OWNER, ines, start=MONDAY, end=FRIDAY_NOON)
    assert (found.completed, found.orders_worked_on) == (2, 3)
    assert (found.mean_sold, found.mean_worked) == (2.5, 2.5)
    assert (found.sold, found.worked) == (5_000, 6_000), "what was declined is not sold"
    assert found.efficiency == pytest.approx(5 / 5), "of the hours on these two"
    assert (found.on_time.rate, found.first_time.rate) == (0.5, 0.5)
    shift = 4 * 8 + 4 - 4 / 9  # Friday up to noon, with its part of the break
    assert found.on_shift == pytest.approx(shift * 1000, abs=1)
    assert found.utilisation == pytest.approx(6 / shift)
