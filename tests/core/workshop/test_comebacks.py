"""What an order takes, and which earlier order's work it does again: checked when a person says so."""

from pathlib import Path

import pytest

from core.people.customers import create_customer
from core.vehicles.vehicles import create_vehicle
from core.workshop.orders import (
    RepairOrderView,
    change_repair_order,
    create_repair_order,
    delete_repair_order,
    get_repair_order,
    list_repair_orders,
)
from tests.core.people.desk import NOBODY, Desk, desk_at, meet


def order(desk: Desk, **fields: object) -> RepairOrderView:
    return desk.do(create_repair_order, {"complaint": "x", **fields})


def refused(desk: Desk, row: RepairOrderView, **fields: object) -> set[str]:
    return set(desk.problems(change_repair_order, row.id, fields))


@pytest.mark.parametrize("hours", [0, 1_000_000, None])
def test_hours_are_expected_in_thousandths(desk: Desk, hours: int | None) -> None:
    assert order(desk, expected_hours=hours).expected_hours == hours


@pytest.mark.parametrize("hours", [-1, 1_000_001, 1.5, "2", True])
def test_hours_that_cannot_be_are_refused(desk: Desk, hours: object) -> None:
    assert set(desk.problems(create_repair_order, {"complaint": "x", "expected_hours": hours})) == {"expected_hours"}


def test_what_it_takes_are_words_each_once(desk: Desk) -> None:
    made = order(desk, skills=" Brakes,  brakes; four  wheel alignment,", equipment=" , ")
    assert (made.skills, made.equipment) == ("Brakes, four wheel alignment", None)
    assert refused(desk, made, skills="x" * 201, equipment=["lift"]) == {"skills", "equipment"}


def test_an_order_comes_back_from_an_earlier_one_of_its_vehicle(desk: Desk) -> None:
    car, other = (desk.do(create_vehicle, {"plate": plate}).id for plate in ("A-1", "B-2"))
    first, elsewhere = order(desk, vehicle_id=car), order(desk, vehicle_id=other)
    back = order(desk, vehicle_id=car, comeback_of=first.id)
    assert (back.comeback_of, back.comeback_number) == (first.id, first.number)
    words = desk.problems(change_repair_order, back.id, {"comeback_of": elsewhere.id})["comeback_of"]
    assert str(elsewhere.number) in words, "a person knows orders by their numbers"
    assert refused(desk, back, vehicle_id=other) == {"vehicle_id"}, "the vehicle of work that comes back is the same"
    assert refused(desk, back, comeback_of=NOBODY) == {"comeback_of"}
    given = {"complaint": "x", "vehicle_id": other, "comeback_of": first.id}
    assert set(desk.problems(create_repair_order, given)) == {"comeback_of"}
    moved = desk.do(change_repair_order, back.id, {"vehicle_id": other, "comeback_of": elsewhere.id})
    assert moved.comeback_number == elsewhere.number, "both at once are judged together"
    emptied = desk.do(change_repair_order, back.id, {"comeback_of": None})
    assert (emptied.comeback_of, emptied.comeback_number) == (None, None)


def test_where_no_vehicle_is_known_any_order_will_do(desk: Desk) -> None:
    ada = desk.do(create_customer, {"name": "Ada"}).id
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    loose = order(desk, customer_id=ada)
    assert order(desk, vehicle_id=car, comeback_of=loose.id).comeback_of == loose.id
    assert order(desk, customer_id=ada, comeback_of=order(desk, vehicle_id=car).id).comeback_of


def test_not_from_itself_and_not_in_a_circle(desk: Desk) -> None:
    first = order(desk)
    second = order(desk, comeback_of=first.id)
    third = order(desk, comeback_of=second.id)
    assert refused(desk, first, comeback_of=first.id) == {"comeback_of"}
    assert refused(desk, first, comeback_of=second.id) == {"comeback_of"}
    assert refused(desk, first, comeback_of=third.id) == {"comeback_of"}
    assert desk.do(change_repair_order, third.id, {"comeback_of": first.id}).comeback_of == first.id


def test_what_is_written_stays_when_the_earlier_order_is_deleted(desk: Desk) -> None:
    first = order(desk)
    back = order(desk, comeback_of=first.id)
    desk.do(delete_repair_order, first.id)
    kept = desk.do(change_repair_order, back.id, {"bay": "2", "comeback_of": first.id})
    assert (kept.bay, kept.comeback_number) == ("2", first.number)
    assert refused(desk, order(desk), comeback_of=first.id) == {"comeback_of"}


def test_a_circle_that_two_terminals_made_apart_is_read_and_can_be_opened(tmp_path: Path) -> None:
    here, there = desk_at(tmp_path / "here.db", 1), desk_at(tmp_path / "there.db", 2)
    first, second, third = order(here), order(here), order(here)
    meet(here, there)
    here.do(change_repair_order, first.id, {"comeback_of": second.id})
    there.do(change_repair_order, second.id, {"comeback_of": first.id})
    meet(here, there)
    assert here.see(get_repair_order, first.id).comeback_number == second.number
    assert here.do(change_repair_order, third.id, {"comeback_of": first.id}).comeback_of == first.id
    assert here.do(change_repair_order, first.id, {"comeback_of": None}).comeback_of is None


def test_a_page_of_orders_that_come_back_asks_one_question_more(desk: Desk) -> None:
    firsts = [order(desk) for _ in range(30)]
    few = len(desk.statements(list_repair_orders, limit=30))
    for first in firsts:
        order(desk, comeback_of=first.id)
    assert len(desk.statements(list_repair_orders, limit=30)) <= few + 1
