"""Pieces of an order, each with its own technician."""

import pytest

from core.people.roles import Denied, Role
from core.people.staff import create_staff
from core.records.input import NotFound
from core.workshop.models import Task
from core.workshop.orders import create_repair_order
from core.workshop.tasks import (
    FIELDS,
    change_task,
    create_task,
    delete_task,
    get_task,
    list_tasks,
    restore_task,
    set_done,
    tasks_of,
)
from tests.core.people.desk import NOBODY, Desk, meet


@pytest.fixture
def order(desk: Desk) -> str:
    return desk.do(create_repair_order, {"complaint": "x"}).id


def test_what_was_written_is_read_back(desk: Desk, order: str) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    given = {"order_id": order, "title": "Pads, front", "technician_id": tom, "expected_hours": 1_500, "position": 3}
    assert set(given) == set(FIELDS), "every field is tried here"
    made = desk.do(create_task, given)
    assert desk.see(get_task, made.id) == made
    assert {name: getattr(made, name) for name in given} == given
    assert (made.technician_name, made.done_at) == ("Tom", None)
    desk.do(delete_task, made.id)
    assert desk.see(tasks_of, [order]) == ()
    assert desk.do(restore_task, made.id).title == "Pads, front"


def test_done_says_who_and_when_and_can_be_taken_back(desk: Desk, order: str) -> None:
    id_ = desk.do(create_task, {"order_id": order, "title": "x"}).id
    technician = desk.as_(Role.TECHNICIAN)
    done = technician.do(set_done, id_)
    assert done.done_by == technician.actor.reference
    assert desk.do(set_done, id_).done_at == done.done_at, "a second tap changes nothing"
    undone = desk.do(set_done, id_, False)
    assert (undone.done_at, undone.done_by) == (None, None)
    assert set(desk.problems(set_done, id_, "yes")) == {"done"}


def test_tasks_are_listed_by_order_by_person_and_by_what_is_open(desk: Desk, order: str) -> None:
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    first, second = (desk.do(create_task, {"order_id": order, "title": title}).id for title in ("a", "b"))
    other = desk.do(create_repair_order, {"complaint": "y"}).id
    third = desk.do(create_task, {"order_id": other, "title": "c", "technician_id": tom}).id
    desk.do(change_task, first, {"position": 9, "technician_id": tom})
    desk.do(set_done, second)

    def ids(**asked: object) -> list[str]:
        return [each.id for each in desk.see(list_tasks, **asked).items]  # type: ignore[arg-type]

    assert ids(order_id=order) == [second, first]
    assert ids(technician_id=tom) == [first, third]
    assert ids(state="open") == [first, third]
    assert ids(state="done", order_id=order) == [second]
    page = desk.see(list_tasks, limit=2)
    assert ids(limit=2, after=page.after) == [third]
    assert [each.id for each in desk.see(tasks_of, [order, other])] == [third, second, first]
    assert len(desk.statements(tasks_of, [order, other])) <= 2
    assert len(desk.statements(list_tasks)) <= 2


def test_what_cannot_be_is_refused(desk: Desk, order: str) -> None:
    wrong = {"order_id": NOBODY, "technician_id": NOBODY, "expected_hours": -1, "done_at": 5}
    assert set(desk.problems(create_task, wrong)) == {*wrong, "title"}
    assert set(desk.problems(lambda session, _actor: list_tasks(session, state="x"))) == {"state"}
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(create_task, {"order_id": order, "title": "x"})
    with pytest.raises(NotFound):
        desk.do(set_done, NOBODY)


def test_done_on_two_terminals_apart_it_is_done(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    order = here.do(create_repair_order, {"complaint": "x"}).id
    id_ = here.do(create_task, {"order_id": order, "title": "x"}).id
    here.records.change("system", lambda session: session.add(Task(order_id=order)))
    meet(here, there)
    for desk in two_desks:
        desk.do(set_done, id_)
    there.do(change_task, id_, {"title": "y"})
    meet(here, there)
    assert here.see(tasks_of, [order]) == there.see(tasks_of, [order])
    assert here.see(get_task, id_).done_at is not None
    assert here.see(get_task, id_).title == "y"
