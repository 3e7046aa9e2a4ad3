"""A finding becomes a line of the estimate in one step, once, wherever it was tapped."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.records.journal import replaced
from core.vehicles.vehicles import create_vehicle
from core.workshop.estimates import decide
from core.workshop.inspection_findings import advise_finding, finding_off_line, finding_to_line, findings_to_lines
from core.workshop.inspection_results import get_result, set_result
from core.workshop.inspection_templates import create_point
from core.workshop.inspections import change_inspection, start_inspection
from core.workshop.lines import delete_line, list_lines
from core.workshop.orders import create_repair_order
from core.workshop.recommendations import coming_back, open_recommendations, take_up
from tests.core.people.desk import NOBODY, Desk, meet
from tests.core.workshop.estimate_stage import visit
from tests.core.workshop.inspection_stage import Yard, begun, by_name, yard


@pytest.fixture
def place(desk: Desk) -> Yard:
    return yard(desk)


def found(desk: Desk, place: Yard) -> dict[str, str]:
    """An inspection with a red, a yellow and a good point; the results by the names of their points."""
    results = by_name(desk, begun(desk, place))
    desk.do(set_result, results["Tread"].id, {"value": 1_000})
    desk.do(set_result, results["Wipers"].id, {"verdict": "yellow", "remark": "they\n streak"})
    desk.do(set_result, results["Lamps"].id, {"verdict": "green"})
    return {name: each.id for name, each in results.items()}


def test_the_line_says_what_its_point_says(desk: Desk, place: Yard) -> None:
    results = found(desk, place)
    line = desk.do(finding_to_line, results["Tread"])
    assert (line.order_id, line.result_id) == (place.order, results["Tread"])
    assert (line.kind, line.description, line.quantity, line.unit_price) == (
        "part",
        "Replace tyres (Tread 1 mm)",
        2_000,
        8_900,
    )
    assert desk.see(get_result, results["Tread"]).line_id == line.id
    plain = desk.do(finding_to_line, results["Wipers"])
    assert (plain.kind, plain.description) == ("labour", "Wipers: they streak")


def test_a_second_tap_makes_no_second_line(desk: Desk, place: Yard) -> None:
    tread = found(desk, place)["Tread"]
    line = desk.do(finding_to_line, tread)
    assert desk.do(finding_to_line, tread) == line
    desk.do(delete_line, line.id)
    assert desk.see(get_result, tread).line_id is None
    assert desk.do(finding_to_line, tread).id == line.id
    assert len(desk.see(list_lines, place.order)) == 1


def test_all_that_is_red_and_yellow_at_once(desk: Desk, place: Yard) -> None:
    results = found(desk, place)
    first = desk.do(finding_to_line, results["Wipers"])
    inspection = str(desk.see(get_result, results["Wipers"]).inspection_id)
    lines = desk.do(findings_to_lines, inspection)
    assert [each.result_id for each in lines] == [results["Tread"], results["Wipers"]]
    assert first in lines
    assert len(desk.see(list_lines, place.order)) == 2


def test_what_is_good_or_has_no_order_is_refused(desk: Desk, place: Yard) -> None:
    results = found(desk, place)
    for name in ("Lamps", "Play"):
        assert set(desk.problems(finding_to_line, results[name])) == {""}
        assert set(desk.problems(advise_finding, results[name], {})) == {""}
    alone = desk.do(start_inspection, {"template_id": place.template, "vehicle_id": place.vehicle}).id
    tread = by_name(desk, alone)["Tread"].id
    desk.do(set_result, tread, {"value": 0})
    assert set(desk.problems(finding_to_line, tread)) == {"order_id"}
    assert desk.do(finding_to_line, tread, place.order).order_id == place.order
    with pytest.raises(NotFound):
        desk.do(finding_to_line, NOBODY)
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(finding_to_line, tread)


def test_a_finding_goes_onto_no_order_of_another_vehicle(desk: Desk, place: Yard) -> None:
    tread = found(desk, place)["Tread"]
    other = desk.do(create_repair_order, {"vehicle_id": desk.do(create_vehicle, {"plate": "B-2"}).id}).id
    free = desk.do(create_repair_order, {"complaint": "x"}).id
    assert set(desk.problems(finding_to_line, tread, other)) == {"order_id"}
    assert desk.see(list_lines, other) == ()
    inspection = str(desk.see(get_result, tread).inspection_id)
    assert set(desk.problems(findings_to_lines, inspection, other)) == {"order_id"}
    assert set(desk.problems(change_inspection, inspection, {"order_id": other})) == {"order_id"}
    begin = {"template_id": place.template, "order_id": other, "vehicle_id": place.vehicle}
    assert set(desk.problems(start_inspection, begin)) == {"order_id"}
    assert desk.do(finding_to_line, tread, free).order_id == free, "its vehicle is not known yet"


def test_a_finding_that_is_put_off_comes_back(desk: Desk, place: Yard) -> None:
    results = found(desk, place)
    advice = desk.do(advise_finding, results["Tread"], {"due_on": "2027-05-01", "due_odometer": 90_000})
    assert (advice.vehicle_id, advice.order_id, advice.result_id) == (place.vehicle, place.order, results["Tread"])
    assert (advice.description, advice.unit_price, advice.due_on, advice.due_odometer) == (
        "Replace tyres",
        8_900,
        "2027-05-01",
        90_000,
    )
    assert desk.do(advise_finding, results["Tread"], {}).id == advice.id
    assert [each.id for each in desk.see(coming_back, visit(desk, place.vehicle))] == [advice.id]
    assert set(desk.problems(advise_finding, results["Tread"], {"due_on": "May", "price": 1})) == {"due_on", "price"}


def test_done_today_after_all_it_does_not_come_back(desk: Desk, place: Yard) -> None:
    results = found(desk, place)
    advice = desk.do(advise_finding, results["Tread"], {})
    line = desk.do(finding_to_line, results["Tread"])
    assert line.recommendation_id == advice.id
    assert desk.see(open_recommendations, place.vehicle) == ()


def test_from_the_finding_to_the_next_visit(desk: Desk, place: Yard) -> None:
    line = desk.do(finding_to_line, found(desk, place)["Tread"])
    desk.do(decide, place.order, [(line.id, "declined")], {"way": "phone"})
    order = visit(desk, place.vehicle)
    (advice,) = desk.see(coming_back, order)
    again = desk.do(take_up, advice.id, order)
    assert (again.result_id, again.description) == (line.result_id, "Replace tyres (Tread 1 mm)")


def test_tapped_on_two_terminals_apart_it_is_one_line(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    place = yard(here)
    results = found(here, place)
    meet(here, there)
    for desk in two_desks:
        desk.do(finding_to_line, results["Tread"])
        desk.do(advise_finding, results["Wipers"], {})
    meet(here, there)
    for desk in two_desks:
        assert len(desk.see(list_lines, place.order)) == 1
        assert len(desk.see(open_recommendations, place.vehicle)) == 1
        with desk.records.read() as session:
            assert [each.field for each in replaced(desk.records, session)] == [], "nobody is told of a clash"
    assert here.see(list_lines, place.order) == there.see(list_lines, place.order)


def test_two_findings_on_one_axle_are_one_line_that_names_both(desk: Desk, place: Yard) -> None:
    for name in ("Depth, front left", "Depth, front right", "Depth, rear left"):
        axle = "front" if "front" in name else "rear"
        work = {"line_description": f"Replace {axle} tyres", "line_kind": "labour"}
        point = {"template_id": place.template, "name": name, "kind": "measure", "unit": "mm", **work}
        desk.do(create_point, point)
    inspection = begun(desk, place)
    results = {name: each.id for name, each in by_name(desk, inspection).items()}
    for name, value, verdict in (("front left", 1_200, "red"), ("front right", 2_500, "yellow")):
        desk.do(set_result, results[f"Depth, {name}"], {"value": value, "verdict": verdict})
    left, right = results["Depth, front left"], results["Depth, front right"]
    advice = desk.do(advise_finding, right, {})
    first, again = desk.do(findings_to_lines, inspection)
    assert first.id == again.id
    (line,) = desk.see(list_lines, place.order)
    assert line.description == "Replace front tyres (front left 1.2 mm, front right 2.5 mm)"
    assert {desk.see(get_result, each).line_id for each in (left, right)} == {line.id}
    assert desk.do(finding_to_line, right) == line, "a second tap changes nothing"
    assert advice.id not in [each.id for each in desk.see(open_recommendations, place.vehicle)]

    desk.do(finding_off_line, right)
    (line,) = desk.see(list_lines, place.order)
    assert line.description == "Replace front tyres (front left 1.2 mm)"
    assert desk.see(get_result, right).line_id is None
    desk.do(finding_to_line, right)
    desk.do(delete_line, line.id)
    assert {desk.see(get_result, each).line_id for each in (left, right)} == {None}, "both are offered again"

    desk.do(set_result, results["Depth, rear left"], {"value": 900, "verdict": "red"})
    desk.do(findings_to_lines, inspection)
    assert sorted(str(each.description) for each in desk.see(list_lines, place.order)) == [
        "Replace front tyres (front left 1.2 mm, front right 2.5 mm)",
        "Replace rear tyres (rear left 0.9 mm)",
    ]
