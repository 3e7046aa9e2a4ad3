"""Lines of a repair order, in the order of the paper."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.workshop.lines import KINDS, change_line, create_line, delete_line, get_line, list_lines, restore_line
from core.workshop.orders import create_repair_order
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
    assert [each.position for each in made] == [1, 2, 3, 4]
    assert all(each.quantity == 1000 for each in made)
    desk.do(change_line, made[3].id, {"position": 0})
    desk.do(delete_line, made[1].id)
    assert [each.kind for each in desk.see(list_lines, order)] == ["fee", "labour", "sublet"]
    desk.do(restore_line, made[1].id)
    assert len(desk.see(list_lines, order)) == 4


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
