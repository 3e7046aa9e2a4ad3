"""Somebody looks the finished work over; the last look counts."""

import pytest

from core.people.roles import Actor, Denied, Role
from core.people.staff import create_staff
from core.records.capturing import FactChangedError
from core.records.input import NotFound
from core.workshop.clock import clock_off, switch
from core.workshop.lines import create_line
from core.workshop.models import QualityCheck
from core.workshop.orders import change_repair_order, create_repair_order
from core.workshop.quality import check_quality, delete_check, last_check, last_checks, list_checks, restore_check
from core.workshop.tasks import create_task
from tests.core.people.desk import NOBODY, Desk, meet


@pytest.fixture
def order(desk: Desk) -> str:
    return desk.do(create_repair_order, {"complaint": "x"}).id


def test_the_last_look_counts_and_all_are_kept(desk: Desk, order: str) -> None:
    assert desk.see(last_check, order) is None
    failed = desk.do(check_quality, {"order_id": order, "passed": False, "remark": "wheel not torqued"})
    technician = desk.as_(Role.TECHNICIAN)
    passed = technician.do(check_quality, {"order_id": order, "passed": True})
    assert desk.see(last_check, order) == passed
    assert (passed.checked_by, passed.checked_by_name) == (technician.actor.reference, technician.actor.name)
    first = desk.see(list_checks, order, limit=1)
    assert first.items == (passed,)
    assert desk.see(list_checks, order, limit=1, after=first.after).items == (failed,)
    desk.do(delete_check, passed.id)
    assert desk.see(last_check, order) == failed
    assert desk.do(restore_check, passed.id) == passed


def person(desk: Desk, name: str, role: str) -> Desk:
    made = desk.do(create_staff, {"name": name, "role": role})
    return Desk(desk.records, desk.clock, Actor("staff", made.id, name, Role(role)))


@pytest.mark.parametrize("how", ["clocked on", "the order", "a task", "a line"])
def test_nobody_passes_their_own_work(desk: Desk, order: str, how: str) -> None:
    tom, ann = person(desk, "Tom", "technician"), person(desk, "Ann", "technician")
    if how == "clocked on":
        tom.do(switch, order)
        tom.do(clock_off)
    elif how == "the order":
        desk.do(change_repair_order, order, {"technician_id": tom.actor.id})
    elif how == "a task":
        desk.do(create_task, {"order_id": order, "title": "x", "technician_id": tom.actor.id})
    else:
        line = {"order_id": order, "kind": "labour", "description": "x", "technician_id": tom.actor.id}
        desk.do(create_line, line)
    passed = {"order_id": order, "passed": True}
    words = "You have worked on this order: somebody else looks it over, Ann for one."
    assert tom.problems(check_quality, passed) == {"passed": words}
    tom.do(check_quality, {"order_id": order, "passed": False, "remark": "A bolt is missing"})
    assert ann.do(check_quality, passed).passed


def test_who_is_alone_or_answers_for_all_work_passes_their_own(desk: Desk, order: str) -> None:
    tom, passed = person(desk, "Tom", "technician"), {"order_id": order, "passed": True}
    tom.do(switch, order)
    person(desk, "Vic", "viewer")
    assert tom.do(check_quality, passed).passed, "nobody else may"
    ann = person(desk, "Ann", "technician")
    ann.do(switch, order)
    assert tom.do(check_quality, passed).passed, "both of two have worked on it"
    boss = person(desk, "Eva", "manager")
    assert set(tom.problems(check_quality, passed)) == {"passed"}
    boss.do(switch, order)
    assert boss.do(check_quality, passed).passed


def test_a_look_is_never_rewritten(desk: Desk, order: str) -> None:
    made = desk.do(check_quality, {"order_id": order, "passed": True})

    def rewrite(session: object) -> None:
        session.get(QualityCheck, made.id).passed = False  # type: ignore[attr-defined]

    with pytest.raises(FactChangedError):
        desk.records.change("system", rewrite)


def test_what_did_not_pass_says_why(desk: Desk, order: str) -> None:
    assert set(desk.problems(check_quality, {"order_id": order, "passed": False})) == {"remark"}
    assert set(desk.problems(check_quality, {"order_id": NOBODY, "passed": "yes", "by": "x"})) == {
        "order_id",
        "passed",
        "by",
    }
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(check_quality, {"order_id": order, "passed": True})
    with pytest.raises(NotFound):
        desk.see(list_checks, NOBODY)


def test_many_orders_are_one_statement(desk: Desk) -> None:
    orders = [desk.do(create_repair_order, {"complaint": "x"}).id for _ in range(5)]
    for order in orders[1:]:
        desk.do(check_quality, {"order_id": order, "passed": True})
    assert set(desk.see(last_checks, orders)) == set(orders[1:])
    assert len(desk.statements(last_checks, orders)) == 1


def test_looks_taken_apart_come_together(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    order = here.do(create_repair_order, {"complaint": "x"}).id
    there.records.change("system", lambda session: session.add(QualityCheck(order_id=order)))
    meet(here, there)
    there.clock.now = here.clock.now + 3_600_000
    here.do(check_quality, {"order_id": order, "passed": True})
    there.do(check_quality, {"order_id": order, "passed": False, "remark": "squeaks"})
    meet(here, there)
    for desk in two_desks:
        last = desk.see(last_check, order)
        assert last is not None
        assert (last.passed, last.remark) == (False, "squeaks")
        assert len(desk.see(list_checks, order).items) == 3
