"""How somebody did: finished work only, rates of what they are rates of, and hours of the shift they really had."""

from collections.abc import Iterator

import pytest

from core.insights.technicians import Performance, performance
from core.people.roles import Actor, Denied, Role
from core.planning.models import Absence
from core.records.input import Refused
from core.workshop.estimate_models import LineDecision
from tests.core.insights.stage import HOUR, MONDAY, NOW, Shop, at
from tests.core.people.desk import OWNER, Clock, desk_at

FRIDAY = MONDAY + 5 * 24 * HOUR  # at midnight


@pytest.fixture
def shop() -> Iterator[Shop]:
    desk = desk_at(clock=Clock(NOW))
    yield Shop(desk)
    desk.records.close()


def of(shop: Shop, person: str, start: int = MONDAY, end: int = FRIDAY) -> Performance:
    return shop.desk.see(performance, OWNER, person, start=start, end=end)


def test_means_are_of_finished_work_alone(shop: Shop) -> None:
    ines = shop.person("Ines")
    done, going_on = shop.order(came=8, ready=12, technician=ines), shop.order(came=8, technician=ines)
    shop.labour(done, 2000)
    shop.labour(going_on, 40_000)
    shop.clocked(ines, done, 9, 11.5)
    shop.clocked(ines, going_on, 12, 16)
    found = of(shop, ines)
    assert (found.orders_worked_on, found.completed) == (2, 1)
    assert (found.mean_sold, found.mean_worked) == (2.0, 2.5)
    assert found.worked == 6500
    assert found.efficiency == pytest.approx(2.0 / 2.5)


def test_nothing_finished_has_no_mean_and_no_rate(shop: Shop) -> None:
    found = of(shop, shop.person("Ines"))
    assert (found.completed, found.mean_sold, found.efficiency) == (0, None, None)
    assert (found.on_time.rate, found.on_time.count) == (None, 0)
    assert (found.first_time.rate, found.utilisation) == (None, 0.0)


def test_of_a_minute_on_the_clock_no_efficiency_is_said(shop: Shop) -> None:
    ines = shop.person("Ines")
    done = shop.order(came=8, ready=12, technician=ines)
    shop.labour(done, 1500)
    shop.clocked(ines, done, 9, 9 + 67 / 3600)
    assert of(shop, ines).efficiency is None
    shop.clocked(ines, done, 10, 10.5)
    assert of(shop, ines).efficiency is not None


def test_on_time_is_a_rate_of_what_was_promised(shop: Shop) -> None:
    ines = shop.person("Ines")
    for ready, promised in ((10, 12), (12, 12), (13, 12), (14, None)):
        shop.order(ready=ready, promised=promised, technician=ines)
    found = of(shop, ines).on_time
    assert found.rate == pytest.approx(2 / 3)
    assert found.count == 3


def test_utilisation_is_of_the_hours_on_shift_without_breaks_and_absences(shop: Shop) -> None:
    ines = shop.person("Ines", shift=(8, 17, 60))  # eight hours a day
    order = shop.order(technician=ines)
    shop.clocked(ines, order, 9, 15)
    whole = of(shop, ines)
    assert (whole.on_shift, whole.worked) == (40_000, 6000)
    assert whole.utilisation == pytest.approx(6 / 40)
    shop.put(Absence(id=shop.id(), staff_id=ines, starts_at=at(24), ends_at=at(96), kind="holiday"))
    assert of(shop, ines).on_shift == 16_000


def test_a_shift_counts_up_to_now_only(shop: Shop) -> None:
    ines = shop.person("Ines")
    found = of(shop, ines, start=MONDAY + 7 * 24 * HOUR, end=MONDAY + 12 * 24 * HOUR)
    assert found.on_shift == 0


def test_work_that_came_back_was_not_right_the_first_time(shop: Shop) -> None:
    ines = shop.person("Ines")
    first = shop.order(ready=10, technician=ines)
    shop.order(ready=11, technician=ines)
    shop.order(came=30, comeback_of=first)
    assert of(shop, ines).first_time.rate == 0.5


def test_an_order_belongs_to_who_was_clocked_on_to_it(shop: Shop) -> None:
    ines, marek = shop.person("Ines"), shop.person("Marek")
    order = shop.order(ready=12, technician=ines)
    shop.clocked(marek, order, 9, 10)
    assert of(shop, marek).completed == 1
    assert of(shop, ines).completed == 0


def test_labour_is_sold_by_whose_line_it_is_and_what_was_declined_is_not(shop: Shop) -> None:
    ines, marek = shop.person("Ines"), shop.person("Marek")
    order = shop.order(ready=12, technician=ines)
    shop.clocked(ines, order, 9, 10)
    shop.clocked(marek, order, 10, 11)
    shop.labour(order, 1500)
    shop.labour(order, 700, marek)
    no = shop.labour(order, 9000)
    shop.put(LineDecision(id=shop.id(), order_id=order, line_id=no, decision="declined", decided_at=at(9)))
    assert of(shop, ines).sold == 1500
    assert of(shop, marek).sold == 700
    assert of(shop, marek).orders[0].sold == 2200


def test_an_order_moved_back_to_work_is_not_done(shop: Shop) -> None:
    ines = shop.person("Ines")
    order = shop.order(ready=12, technician=ines, status="in_progress")
    shop.move(order, "ready", "in_progress", 13)
    assert of(shop, ines).completed == 0


def test_makes_models_and_codes(shop: Shop) -> None:
    ines = shop.person("Ines")
    for make, cause in (("VW", "P0302: misfire"), ("VW", "p0302 and P0128"), ("Kia", "worn")):
        shop.order(ready=10, technician=ines, make=make, cause=cause)
    found = of(shop, ines)
    assert (found.makes, found.models) == (2, 2)
    assert [(each.code, each.orders) for each in found.codes] == [("P0302", 2), ("P0128", 1)]
    assert found.codes[0].share == pytest.approx(2 / 3)


def test_everybody_sees_their_own_and_the_desk_everybodys(shop: Shop) -> None:
    ines, marek = shop.person("Ines"), shop.person("Marek")
    herself = Actor("staff", ines, "Ines", Role.TECHNICIAN)
    assert shop.desk.see(performance, herself, ines, start=MONDAY, end=FRIDAY).name == "Ines"
    with pytest.raises(Denied):
        shop.desk.see(performance, herself, marek, start=MONDAY, end=FRIDAY)
    with pytest.raises(Refused):
        of(shop, ines, end=MONDAY)


def test_it_takes_as_many_statements_for_fifty_orders_as_for_two(shop: Shop) -> None:
    ines = shop.person("Ines")

    def add(count: int) -> None:
        for _ in range(count):
            order = shop.order(ready=10, technician=ines)
            shop.labour(order, 1000)
            shop.clocked(ines, order, 9, 10)

    add(2)
    few = shop.desk.statements(performance, OWNER, ines, start=MONDAY, end=FRIDAY)
    add(48)
    assert len(shop.desk.statements(performance, OWNER, ines, start=MONDAY, end=FRIDAY)) == len(few) <= 14
