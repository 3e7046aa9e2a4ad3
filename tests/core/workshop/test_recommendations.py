"""What was declined or put off comes back: when it is due, and at the next visit."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.vehicles.odometer import add_reading
from core.vehicles.vehicles import create_vehicle
from core.workshop.estimate_models import Recommendation
from core.workshop.estimates import decide, estimate
from core.workshop.lines import delete_line, list_lines
from core.workshop.orders import change_repair_order, create_repair_order
from core.workshop.recommendations import (
    FIELDS,
    change_recommendation,
    coming_back,
    create_recommendation,
    delete_recommendation,
    dismiss,
    get_recommendation,
    is_due,
    list_recommendations,
    open_recommendations,
    reopen,
    restore_recommendation,
    take_up,
)
from tests.core.people.desk import NOBODY, Desk, meet
from tests.core.workshop.estimate_stage import Stage, staged, visit


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return staged(desk)


def declined(desk: Desk, stage: Stage, **due: object) -> str:
    desk.do(decide, stage.order, [(stage.pads, "declined")], {"way": "phone", **due})
    (found,) = desk.see(open_recommendations, stage.vehicle)
    return found.id


def test_what_was_declined_comes_back_as_it_was_offered(desk: Desk, stage: Stage) -> None:
    id_ = declined(desk, stage, due_on="2027-05-01", due_odometer=90_000)
    found = desk.see(get_recommendation, id_)
    assert (found.vehicle_id, found.vehicle_plate, found.order_id, found.line_id) == (
        stage.vehicle,
        "A-1",
        stage.order,
        stage.pads,
    )
    assert (found.kind, found.description, found.quantity, found.unit_price, found.tax_rate) == (
        "part",
        "Brake pads, front",
        2_000,
        4_599,
        1_900,
    )
    assert (found.due_on, found.due_odometer, found.state) == ("2027-05-01", 90_000, "open")
    assert found.advised_at is not None


def test_nobody_advises_a_fee_that_was_declined(desk: Desk, stage: Stage) -> None:
    desk.do(decide, stage.order, [(stage.fee, "declined")], {})
    assert desk.see(open_recommendations, stage.vehicle) == ()


def test_it_comes_back_at_the_next_visit_and_not_on_the_same_order(desk: Desk, stage: Stage) -> None:
    id_ = declined(desk, stage)
    assert desk.see(coming_back, stage.order) == ()
    assert [each.id for each in desk.see(coming_back, visit(desk, stage.vehicle))] == [id_]
    assert desk.see(coming_back, desk.do(create_repair_order, {"complaint": "walks in"}).id) == ()


def test_a_mind_that_is_changed_takes_it_back_and_again(desk: Desk, stage: Stage) -> None:
    id_ = declined(desk, stage, due_on="2027-05-01")
    desk.do(decide, stage.order, [(stage.pads, "approved")], {})
    assert desk.see(open_recommendations, stage.vehicle) == ()
    assert desk.see(get_recommendation, id_).state == "withdrawn"
    again = declined(desk, stage)
    assert again == id_
    assert desk.see(get_recommendation, id_).due_on == "2027-05-01", "a no said again forgets no date"


def test_taken_up_it_is_a_line_that_can_be_declined_again(desk: Desk, stage: Stage) -> None:
    id_ = declined(desk, stage)
    order = visit(desk, stage.vehicle)
    line = desk.do(take_up, id_, order)
    assert (line.order_id, line.recommendation_id, line.kind, line.description) == (
        order,
        id_,
        "part",
        "Brake pads, front",
    )
    assert (line.quantity, line.unit_price, line.tax_rate) == (2_000, 4_599, 1_900)
    assert desk.do(take_up, id_, order) == line, "a second tap makes no second line"
    found = desk.see(get_recommendation, id_)
    assert (found.state, found.taken_up_by) == ("taken_up", order)
    assert desk.see(open_recommendations, stage.vehicle) == ()
    third = visit(desk, stage.vehicle)
    assert set(desk.problems(take_up, id_, third)) == {"order_id"}
    desk.do(decide, order, [(line.id, "declined")], {})
    (next_,) = desk.see(coming_back, third)
    assert (next_.line_id, next_.id != id_) == (line.id, True)


def test_when_the_line_is_taken_off_again_the_advice_is_open_again(desk: Desk, stage: Stage) -> None:
    id_, order = declined(desk, stage), visit(desk, stage.vehicle)
    line = desk.do(take_up, id_, order)
    desk.do(delete_line, line.id)
    assert [each.id for each in desk.see(open_recommendations, stage.vehicle)] == [id_]
    assert desk.do(take_up, id_, order).id == line.id
    assert len(desk.see(list_lines, order)) == 1


def test_dismissed_it_stays_away(desk: Desk, stage: Stage) -> None:
    id_ = declined(desk, stage)
    assert desk.do(dismiss, id_).state == "dismissed"
    assert desk.see(open_recommendations, stage.vehicle) == ()
    assert [each.id for each in desk.see(list_recommendations, state="dismissed").items] == [id_]
    assert desk.do(reopen, id_).state == "open"
    desk.do(delete_recommendation, id_)
    assert desk.see(list_recommendations, state="any").items == ()
    assert desk.do(restore_recommendation, id_).state == "open"


def test_advice_of_a_persons_own_is_kept(desk: Desk, stage: Stage) -> None:
    given = {
        "vehicle_id": stage.vehicle,
        "order_id": stage.order,
        "result_id": None,
        "kind": "labour",
        "description": "Timing belt",
        "part_number": "04E 109 119",
        "quantity": 3_000,
        "unit_price": 9_800,
        "tax_rate": 1_900,
        "due_on": "2027-05-01",
        "due_odometer": 120_000,
    }
    assert set(given) == set(FIELDS), "every field is tried here"
    made = desk.do(create_recommendation, given)
    assert desk.see(get_recommendation, made.id) == made
    assert {name: getattr(made, name) for name in given} == given
    assert desk.do(change_recommendation, made.id, {"due_on": "2028-01-01"}).due_on == "2028-01-01"


def test_what_cannot_be_is_refused(desk: Desk, stage: Stage) -> None:
    wrong = {"vehicle_id": NOBODY, "kind": "fee", "due_on": "May", "due_odometer": -1, "unit_price": -1, "mood": "x"}
    assert set(desk.problems(create_recommendation, wrong)) == {*wrong, "description"}
    id_ = declined(desk, stage)
    other = staged(desk, "B-2")
    assert set(desk.problems(take_up, id_, other.order)) == {"order_id"}, "of another vehicle"
    with pytest.raises(NotFound):
        desk.do(take_up, id_, NOBODY)
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(dismiss, id_)
    with pytest.raises(NotFound):
        desk.see(coming_back, NOBODY)


@pytest.mark.parametrize(
    ("due_on", "due_odometer", "odometer", "due"),
    [
        (None, None, 90_000, False),
        ("2026-11-22", None, None, True),
        ("2026-11-23", None, None, False),
        (None, 90_000, 89_999, False),
        (None, 90_000, 90_000, True),
        (None, 90_000, None, False),
        ("2027-01-01", 90_000, 95_000, True),
        ("2026-01-01", 90_000, 10, True),
    ],
)
def test_due_by_day_or_by_odometer(
    due_on: str | None, due_odometer: int | None, odometer: int | None, due: bool
) -> None:
    assert is_due(due_on, due_odometer, "2026-11-22", odometer) is due


def test_who_should_be_called_is_a_list(desk: Desk) -> None:
    def advised(plate: str, kilometres: int | None, **due: object) -> str:
        car = desk.do(create_vehicle, {"plate": plate}).id
        for value in () if kilometres is None else (kilometres - 500, kilometres):
            desk.do(add_reading, {"vehicle_id": car, "value": value})
        return desk.do(create_recommendation, {"vehicle_id": car, "description": "x", **due}).id

    by_day = advised("A", None, due_on="2026-11-20")
    by_km = advised("B", 90_100, due_odometer=90_000)
    advised("C", 89_000, due_odometer=90_000)
    advised("D", 90_100)
    later = advised("E", None, due_on="2027-01-01")
    asked = {"due_by": "2026-11-22", "sort": "due"}
    found = desk.see(list_recommendations, **asked).items  # type: ignore[arg-type]
    assert [each.id for each in found] == [by_day, by_km]
    first = desk.see(list_recommendations, sort="due", limit=3)
    rest = desk.see(list_recommendations, sort="due", limit=3, after=first.after)
    assert len(first.items) + len(rest.items) == 5
    assert [each.id for each in first.items[:2]] == [by_day, later]


def test_reading_advice_takes_as_many_statements_for_much_as_for_little(desk: Desk) -> None:
    stages = [staged(desk, f"C-{n}") for n in range(8)]
    for each in stages:
        desk.do(decide, each.order, [(each.pads, "declined"), (each.work, "declined")], {})
    assert len(desk.statements(list_recommendations, limit=2)) == 4
    assert len(desk.statements(list_recommendations, limit=50)) == 4
    assert len(desk.statements(coming_back, visit(desk, stages[0].vehicle))) == 5


def test_the_order_is_given_its_vehicle_later(desk: Desk) -> None:
    stage = staged(desk)
    desk.do(change_repair_order, stage.order, {"vehicle_id": None})
    desk.do(decide, stage.order, [(stage.pads, "declined")], {})
    desk.do(change_repair_order, stage.order, {"vehicle_id": stage.vehicle})
    assert len(desk.see(open_recommendations, stage.vehicle)) == 1


def test_taken_up_on_both_terminals_apart_it_is_one_line(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    stage = staged(here)
    id_, order = declined(here, stage), visit(here, stage.vehicle)
    meet(here, there)
    for desk in two_desks:
        desk.do(take_up, id_, order)
    meet(here, there)
    assert len(here.see(list_lines, order)) == 1
    assert here.see(list_lines, order) == there.see(list_lines, order)


def test_a_yes_elsewhere_takes_the_advice_back_everywhere(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    stage = staged(here)
    meet(here, there)
    there.clock.now = here.clock.now + 3_600_000
    declined(here, stage)
    there.do(decide, stage.order, [(stage.pads, "approved")], {})
    meet(here, there)
    for desk in two_desks:
        assert desk.see(estimate, stage.order).lines[0].state == "approved"
        assert desk.see(open_recommendations, stage.vehicle) == ()


def test_rows_with_nothing_in_them_break_nothing(desk: Desk) -> None:
    row = Recommendation()
    desk.records.change("system", lambda session: session.add(row))
    assert [each.state for each in desk.see(list_recommendations).items] == ["open"]
    assert desk.do(take_up, row.id, visit(desk, staged(desk).vehicle)).kind == "labour"
