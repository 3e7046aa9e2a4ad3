"""Moving an order: what it takes, who may all the same, what is kept of it, and a card that was moved meanwhile."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.roles import Actor, Denied, Role
from core.people.staff import create_staff
from core.records.input import NotFound, Refused
from core.records.rows import added
from core.workshop.clock import punch
from core.workshop.estimate_models import LineDecision
from core.workshop.lines import create_line
from core.workshop.mentions import mark_read
from core.workshop.models import OrderLabel, QualityCheck, StatusMove, Task
from core.workshop.moving import REQUIREMENTS, MovedMeanwhile, Standing, move, standings, targets, unmet_of
from core.workshop.notes import add_note, list_notes
from core.workshop.orders import change_repair_order, create_repair_order, get_repair_order
from core.workshop.states import Status
from tests.core.people.desk import NOBODY, Desk, meet


def order(desk: Desk, **fields: object) -> str:
    return desk.do(create_repair_order, {"complaint": "rattles", **fields}).id


def add(desk: Desk, model: type, **fields: object) -> None:
    desk.do(lambda session, actor: added(session, model, fields))  # type: ignore[arg-type]


def moves(desk: Desk, order_id: str) -> list[tuple[str | None, str | None, str | None]]:
    def read(session: Session) -> list[tuple[str | None, str | None, str | None]]:
        query = select(StatusMove).where(StatusMove.order_id == order_id).order_by(StatusMove.id)
        return [(each.before, each.after, each.moved_by_name) for each in session.scalars(query)]

    return desk.see(read)


def what_is_missing(desk: Desk, order_id: str, end: str) -> Mapping[str, str]:
    return desk.problems(move, order_id, end)


def test_a_move_is_a_fact_with_who_and_when_and_the_form_keeps_the_same_one(desk: Desk) -> None:
    made = order(desk)
    result = desk.as_(Role.TECHNICIAN).do(move, made, "arrived")
    assert (result.before, result.after, result.moved, result.anyway) == ("booked", "arrived", True, ())
    desk.do(change_repair_order, made, {"status": "diagnosing"})
    desk.do(change_repair_order, made, {"bay": "2"})
    assert moves(desk, made) == [("booked", "arrived", "A technician"), ("arrived", "diagnosing", "A owner")]
    assert desk.see(get_repair_order, made).status == "diagnosing"


def test_who_may_not_and_what_is_not_there(desk: Desk) -> None:
    made = order(desk)
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(move, made, "arrived")
    with pytest.raises(NotFound):
        desk.do(move, NOBODY, "arrived")
    assert set(desk.problems(move, made, "lost")) == {"status"}
    assert "Delivered" in desk.as_(Role.TECHNICIAN).problems(move, made, "delivered")["status"]
    assert moves(desk, made) == []


def test_moving_it_where_it_is_writes_nothing(desk: Desk) -> None:
    made = order(desk, status="arrived")
    assert desk.do(move, made, "arrived").moved is False
    assert not desk.last
    assert desk.do(move, made, "arrived", from_status="booked").moved is False, "both wanted the same"


def test_a_card_that_was_moved_meanwhile_is_said_and_not_fought(desk: Desk) -> None:
    made = order(desk, status="arrived")
    desk.as_(Role.TECHNICIAN).do(move, made, "diagnosing", from_status="arrived")
    with pytest.raises(MovedMeanwhile) as moved:
        desk.do(move, made, "in_progress", from_status="arrived")
    assert (moved.value.status, moved.value.by) == ("diagnosing", "A technician")
    assert "A technician" in str(moved.value)
    assert "Diagnosing" in str(moved.value)
    assert desk.see(get_repair_order, made).status == "diagnosing"


def test_to_wait_for_approval_there_is_something_to_approve(desk: Desk) -> None:
    made = order(desk, status="diagnosing")
    assert set(what_is_missing(desk, made, "awaiting_approval")) == {"status"}
    line = desk.do(create_line, {"order_id": made, "kind": "labour", "description": "Pads"}).id
    assert what_is_missing(desk, made, "awaiting_approval") == {}
    desk.do(move, made, "diagnosing")
    add(desk, LineDecision, order_id=made, line_id=line, decision="asked", decided_at=1)
    assert desk.see(standings, [made])[made].undecided == 1, "who was only asked has not decided"
    add(desk, LineDecision, order_id=made, line_id=line, decision="approved", decided_at=2)
    assert set(what_is_missing(desk, made, "awaiting_approval")) == {"status"}
    technician = desk.as_(Role.TECHNICIAN)
    assert technician.do(move, made, "awaiting_approval", anyway=True).anyway != (), "the estimate comes later"


def test_to_wait_for_parts_one_is_missing(desk: Desk) -> None:
    made = order(desk, status="in_progress")
    assert set(what_is_missing(desk, made, "awaiting_parts")) == {"status"}
    desk.do(create_line, {"order_id": made, "kind": "part", "description": "Pads"})
    assert what_is_missing(desk, made, "awaiting_parts") == {}


def test_to_be_checked_all_tasks_are_done(desk: Desk) -> None:
    made = order(desk, status="in_progress")
    add(desk, Task, order_id=made, title="Pads")
    assert "1" in what_is_missing(desk, made, "quality_check")["status"]
    assert desk.as_(Role.TECHNICIAN).do(move, made, "quality_check", anyway=True).moved


def test_ready_needs_a_check_that_was_passed_unless_the_desk_says_so(desk: Desk) -> None:
    made = order(desk, status="quality_check")
    technician = desk.as_(Role.TECHNICIAN)
    assert set(what_is_missing(technician, made, "ready")) == {"status"}
    assert set(technician.problems(move, made, "ready", anyway=True)) == {"status"}, "not theirs to say"
    add(desk, QualityCheck, order_id=made, passed=False, checked_at=desk.clock())
    assert set(what_is_missing(technician, made, "ready")) == {"status"}
    add(desk, QualityCheck, order_id=made, passed=True, checked_at=desk.clock())
    assert technician.do(move, made, "ready").moved
    desk.do(move, made, "in_progress")
    desk.do(move, made, "quality_check")
    assert set(what_is_missing(technician, made, "ready")) == {"status"}, "the check was of the work before"
    said = desk.do(move, made, "ready", anyway=True)
    assert len(said.anyway) == 1
    notes = desk.see(list_notes, made).items
    assert [each.author_name for each in notes] == ["A owner"], "that it was done anyway stands there"
    assert "anyway" in (notes[0].text or "")


def test_the_desk_may_put_a_card_where_the_car_is_without_a_check(desk: Desk) -> None:
    made = order(desk, status="in_progress")
    assert desk.do(move, made, "ready").moved, "paper comes after the fact"


def test_who_is_clocked_on_is_named_before_a_car_goes(desk: Desk) -> None:
    made = order(desk, status="ready")
    tom = desk.do(create_staff, {"name": "Tom Marek", "role": "technician"}).id
    at_work = Desk(desk.records, desk.clock, Actor("staff", tom, "Tom Marek", Role.TECHNICIAN))
    at_work.do(punch, {"staff_id": tom, "order_id": made, "direction": "in"})
    assert "Tom Marek" in what_is_missing(desk, made, "delivered")["status"]
    at_work.do(punch, {"staff_id": tom, "order_id": made, "direction": "out"})
    desk.do(create_line, {"order_id": made, "kind": "labour", "description": "Pads"})
    assert "1" in what_is_missing(desk, made, "delivered")["status"]
    assert desk.do(move, made, "delivered", anyway=True).moved


def test_all_that_is_missing_is_said_at_once_and_the_targets_say_it_before(desk: Desk) -> None:
    made = order(desk, status="ready")
    desk.do(create_line, {"order_id": made, "kind": "labour", "description": "Pads"})
    tom = desk.do(create_staff, {"name": "Tom", "role": "technician"}).id
    desk.do(punch, {"staff_id": tom, "order_id": made, "direction": "in"})
    with pytest.raises(Refused) as refused:
        desk.do(move, made, "delivered")
    assert len(refused.value.problems) == 2
    shown = {each.status: each for each in desk.see(targets, desk.actor, made)}
    assert [each.words for each in shown[Status.DELIVERED].unmet] == [each.words for each in refused.value.problems]
    assert shown[Status.DELIVERED].open
    technician = desk.as_(Role.TECHNICIAN)
    assert [each.status for each in desk.see(targets, technician.actor, made)] == ["in_progress", "quality_check"]


def test_labels_of_a_state_stay_behind_and_those_of_any_go_along(desk: Desk) -> None:
    for position, (name, status) in enumerate(
        [("Waiting room", None), ("Call first", "ready"), ("Washed", "ready"), ("Road test", "quality_check")]
    ):
        add(desk, OrderLabel, name=name, status=status, position=position)
    made = order(desk, status="in_progress")
    assert desk.do(move, made, "quality_check").label == "Road test"
    assert desk.do(move, made, "ready", anyway=True).label == "Call first", "the first label of the new state"
    assert desk.do(move, made, "in_progress").label is None
    assert desk.do(move, made, "ready", label="Washed").label == "Washed"
    desk.do(change_repair_order, made, {"label": "Waiting room"})
    assert desk.do(move, made, "in_progress").label == "Waiting room"
    desk.do(change_repair_order, made, {"label": "by hand"})
    assert desk.do(change_repair_order, made, {"status": "ready"}).label == "by hand"
    assert desk.do(change_repair_order, made, {"status": "arrived", "label": "Key lost"}).label == "Key lost"


def test_a_disputed_card_is_settled_by_moving_it_also_to_where_it_is_shown(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    made = order(here, status="in_progress")
    meet(here, there)
    here.do(move, made, "awaiting_parts", anyway=True)
    there.do(move, made, "quality_check")
    meet(here, there)
    assert len(here.see(get_repair_order, made).disputed) == 2
    assert len(moves(here, made)) == 2, "both moves happened"
    result = here.do(move, made, "quality_check", from_status="awaiting_parts")
    assert result.moved
    meet(here, there)
    assert there.see(get_repair_order, made).disputed == ()
    assert len(moves(there, made)) == 2, "to stay where it is shown is no move"


def test_how_orders_stand_takes_as_many_statements_for_one_as_for_many(desk: Desk) -> None:
    made = [order(desk) for _ in range(12)]
    for each in made:
        desk.do(create_line, {"order_id": each, "kind": "part", "description": "Pads"})
    assert len(desk.statements(standings, made)) == len(desk.statements(standings, made[:1])) <= 8


def test_every_requirement_can_be_met_and_can_be_missing() -> None:
    good = Standing((), 2, 1, 1, 0, True)
    bad = Standing(("Tom",), 2, 0, 0, 1, False)
    for each in REQUIREMENTS:
        start = next(iter(each.starts), Status.BOOKED)
        names = {found.name for found in unmet_of(bad, start, each.end)}
        if each.name == "answered":
            assert each.name in {found.name for found in unmet_of(good, start, each.end)}
        else:
            assert each.name in names
            assert each.name not in {found.name for found in unmet_of(good, start, each.end)}
        assert each.anyway, "somebody can always go on"


def test_what_a_car_does_next_comes_first_and_a_jump_says_what_it_skips(desk: Desk) -> None:
    made = order(desk, status="booked")
    shown = {each.status: each for each in desk.see(targets, desk.actor, made)}
    assert [each for each, target in shown.items() if target.step] == [Status.ARRIVED]
    assert shown[Status.READY].hint == "Nobody has clocked on to it yet. It has no line yet."
    assert shown[Status.READY].open, "a quick job may jump"
    assert desk.do(move, made, "ready").moved
    desk.do(add_note, {"order_id": made, "text": "The wheel bolts want a second look"})
    desk_staff = Actor("staff", desk.do(create_staff, {"name": "Ada", "role": "adviser"}).id, "Ada", Role.ADVISER)
    adviser = Desk(desk.records, desk.clock, desk_staff)
    shown = {each.status: each for each in adviser.see(targets, adviser.actor, made)}
    assert shown[Status.DELIVERED].hint == "1 note is unread."
    adviser.do(mark_read, made)
    assert all(each.hint == "" for each in adviser.see(targets, adviser.actor, made))
