"""Lines of a repair order, in the order of the paper."""

import pytest
from sqlalchemy.orm import Session

from core.people.roles import Denied, Role
from core.people.staff import create_staff
from core.records.input import NotFound
from core.workshop.estimate_models import Recommendation
from core.workshop.estimates import decide
from core.workshop.inspection_models import InspectionResult
from core.workshop.lines import (
    KINDS,
    change_line,
    create_line,
    delete_line,
    get_line,
    list_lines,
    restore_line,
    take_off,
)
from core.workshop.models import Task
from core.workshop.orders import create_repair_order
from core.workshop.parts_models import Part
from core.workshop.shop import change_shop
from core.workshop.tax_rules import create_tax_rule
from core.workshop.totals import totals
from tests.core.people.desk import NOBODY, Desk, meet


@pytest.fixture
def order(desk: Desk) -> str:
    return desk.do(create_repair_order, {"complaint": "x"}).id


def test_a_line_is_kept_as_it_was_written(desk: Desk, order: str) -> None:
    given = {
        "order_id": order,
        "kind": "part",
        "description": "Brake pads, front",
        "part_number": "0 986 494 373",
        "quantity": 2_500,
        "unit_price": 4_599,
        "tax_rate": 1_900,
        "position": 7,
    }
    made = desk.do(create_line, given)
    assert desk.see(get_line, made.id) == made
    assert {name: getattr(made, name) for name in given} == given


def test_lines_stand_one_below_the_other(desk: Desk, order: str) -> None:
    made = [desk.do(create_line, {"order_id": order, "kind": kind, "description": kind}) for kind in KINDS]
    assert [each.position for each in made] == [1, 2, 3, 4, 5]
    assert all(each.quantity == 1000 for each in made)
    desk.do(change_line, made[3].id, {"position": 0})
    desk.do(delete_line, made[1].id)
    assert [each.kind for each in desk.see(list_lines, order)] == ["fee", "labour", "sublet", "discount"]
    desk.do(restore_line, made[1].id)
    assert len(desk.see(list_lines, order)) == 5


def test_what_cannot_be_is_refused(desk: Desk, order: str) -> None:
    wrong = {"order_id": NOBODY, "kind": "bribe", "quantity": -1, "unit_price": 1.5, "tax_rate": 10_001, "total": 3}
    assert set(desk.problems(create_line, wrong)) == {*wrong, "description"}
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(create_line, {"order_id": order, "kind": "fee", "description": "x"})
    with pytest.raises(NotFound):
        desk.see(list_lines, NOBODY)


def test_lines_added_apart_stand_on_both_papers_in_one_order(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    order = here.do(create_repair_order, {"complaint": "x"}).id
    meet(here, there)
    for desk in two_desks:
        desk.do(create_line, {"order_id": order, "kind": "fee", "description": f"of {desk.records.site}"})
    meet(here, there)
    assert len(here.see(list_lines, order)) == 2
    assert here.see(list_lines, order) == there.see(list_lines, order)


def test_all_that_a_line_is_linked_with_is_kept(desk: Desk, order: str) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    others: dict[str, str] = {}

    def add(session: Session) -> None:
        for name, row in (("part_id", Part()), ("task_id", Task()), ("result_id", InspectionResult()),
                          ("recommendation_id", Recommendation())):  # fmt: skip
            session.add(row)
            session.flush()
            others[name] = row.id

    desk.records.change("system", add)
    links = {**others, "technician_id": tom, "part_state": "on_the_way", "unit_cost": 300}
    made = desk.do(create_line, {"order_id": order, "kind": "part", "description": "x", **links})
    assert {name: getattr(made, name) for name in links} == links
    wrong = {**dict.fromkeys([*others, "technician_id"], NOBODY), "part_state": "lost", "unit_cost": -1}
    assert set(desk.problems(change_line, made.id, wrong)) == set(wrong)


def test_a_line_has_from_its_part_what_is_not_said_otherwise(desk: Desk, order: str) -> None:
    part = Part(number="04E 115 561", name="Oil filter", price=1_190, cost=640)
    desk.records.change("system", lambda session: session.add(part))
    made = desk.do(create_line, {"order_id": order, "part_id": part.id, "unit_price": 990})
    assert (made.kind, made.description, made.part_number, made.unit_price, made.unit_cost) == (
        "part",
        "Oil filter",
        "04E 115 561",
        990,
        640,
    )
    nobody = {"order_id": order, "part_id": NOBODY}
    assert set(desk.problems(create_line, nobody)) == {"part_id", "kind", "description"}


def test_labour_costs_what_an_hour_costs_and_bears_its_tax(desk: Desk, order: str) -> None:
    plain = desk.do(create_line, {"order_id": order, "kind": "labour", "description": "x"})
    assert (plain.unit_price, plain.tax_rate) == (None, None)
    desk.do(change_shop, {"labour_rate": 9_800})
    desk.do(create_tax_rule, {"name": "Full", "rate": 1_900})
    hour = desk.do(create_line, {"order_id": order, "kind": "labour", "description": "x"})
    assert (hour.unit_price, hour.tax_rate) == (9_800, 1_900)
    fee = desk.do(create_line, {"order_id": order, "kind": "fee", "description": "x", "tax_rate": 700})
    assert (fee.unit_price, fee.tax_rate) == (None, 700)
    free = {"order_id": order, "kind": "labour", "description": "x", "unit_price": 0, "tax_rate": None}
    assert [getattr(desk.do(create_line, free), name) for name in ("unit_price", "tax_rate")] == [0, None]


def test_a_discount_takes_off(desk: Desk, order: str) -> None:
    off = {"order_id": order, "kind": "discount", "description": "Loyal customer"}
    assert set(desk.problems(create_line, {**off, "unit_price": 500})) == {"unit_price"}
    made = desk.do(create_line, {**off, "unit_price": -500})
    assert set(desk.problems(change_line, made.id, {"unit_price": 1})) == {"unit_price"}
    dear = desk.do(create_line, {**off, "kind": "fee", "unit_price": 500})
    assert set(desk.problems(change_line, dear.id, {"kind": "discount"})) == {"unit_price"}


def test_percent_off_is_a_line_for_each_tax(desk: Desk, order: str) -> None:
    for price, rate in ((10_000, 1_900), (3_000, 700), (2_000, 1_900)):
        line = {"order_id": order, "kind": "fee", "description": "x", "unit_price": price, "tax_rate": rate}
        desk.do(create_line, line)
    taken = desk.do(take_off, order, 1_000, "Loyal customer")
    assert [(each.kind, each.unit_price, each.tax_rate) for each in taken] == [
        ("discount", -300, 700),
        ("discount", -1_200, 1_900),
    ]
    assert totals(desk.see(list_lines, order)).net == 13_500
    for percent in (0, 10_001, 7.5, None):
        assert set(desk.problems(take_off, order, percent, "x")) == {"percent"}


def test_the_lines_of_an_order_are_read_in_two_statements(desk: Desk, order: str) -> None:
    for _ in range(12):
        desk.do(create_line, {"order_id": order, "kind": "fee", "description": "x"})
    assert len(desk.statements(list_lines, order)) == 2


def test_nothing_is_taken_off_what_was_declined(desk: Desk) -> None:
    order = desk.do(create_repair_order, {"complaint": "x"}).id
    brakes, engine = (
        desk.do(create_line, {"order_id": order, "kind": "labour", "description": "x", "unit_price": price}).id
        for price in (10_000, 110_000)
    )
    desk.do(decide, order, [(brakes, "approved"), (engine, "declined")], {})
    assert [each.unit_price for each in desk.do(take_off, order, 1_000, "Loyal customer")] == [-1_000]
