"""What was seen at a point: judged by its limits, beside the last time."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.vehicles.vehicles import create_vehicle
from core.workshop.inspection_results import (
    add_result,
    delete_result,
    get_result,
    rest_is_good,
    results_of,
    set_result,
    verdict_of,
)
from core.workshop.inspection_templates import create_point, create_template, delete_point
from core.workshop.inspections import complete_inspection, delete_inspection, start_inspection
from core.workshop.notes import add_photo
from tests.core.people.desk import NOBODY, Desk
from tests.core.workshop.inspection_stage import Yard, begun, by_name, yard


@pytest.fixture
def place(desk: Desk) -> Yard:
    return yard(desk)


@pytest.mark.parametrize(
    ("value", "below", "yellow", "red", "verdict"),
    [
        (3_000, True, 3_000, 1_600, "green"),
        (2_999, True, 3_000, 1_600, "yellow"),
        (1_600, True, 3_000, 1_600, "yellow"),
        (1_599, True, 3_000, 1_600, "red"),
        (5_000, False, 5_000, 10_000, "green"),
        (5_001, False, 5_000, 10_000, "yellow"),
        (10_001, False, 5_000, 10_000, "red"),
        (-30_000, False, -25_000, -15_000, "green"),
        (-20_000, False, -25_000, -15_000, "yellow"),
        (0, True, None, 1_600, "red"),
        (1_600, True, None, 1_600, "green"),
        (1_599, True, 3_000, None, "yellow"),
        (1, True, None, None, None),
    ],
)
def test_a_measured_value_is_judged(
    value: int, below: bool, yellow: int | None, red: int | None, verdict: str | None
) -> None:
    assert verdict_of(value, worse_below=below, yellow_at=yellow, red_at=red) == verdict


def test_a_value_judges_itself_unless_a_person_does(desk: Desk, place: Yard) -> None:
    points = by_name(desk, begun(desk, place))
    tread = points["Tread"].id
    found = desk.do(set_result, tread, {"value": 1_500})
    assert (found.verdict, found.value, found.unit, found.yellow_at, found.red_at, found.worse_below) == (
        "red",
        1_500,
        "mm",
        3_000,
        1_600,
        True,
    )
    assert found.seen_at is not None
    assert desk.do(set_result, tread, {"value": 6_000}).verdict == "green"
    assert desk.do(set_result, tread, {"value": 6_000, "verdict": "yellow", "remark": "cut"}).verdict == "yellow"
    assert desk.do(set_result, points["Wipers"].id, {"value": 5}).verdict is None, "it has no limits"
    emptied = desk.do(set_result, tread, {"value": None, "verdict": None, "remark": None})
    assert (emptied.verdict, emptied.value, emptied.seen_at) == (None, None, None)


def test_a_point_that_was_deleted_leaves_its_results(desk: Desk, place: Yard) -> None:
    tread = by_name(desk, begun(desk, place))["Tread"].id
    desk.do(delete_point, place.points["Tread"])
    assert desk.do(set_result, tread, {"value": 1_500}).verdict == "red"


def test_the_rest_is_good_in_one_tap(desk: Desk, place: Yard) -> None:
    id_ = begun(desk, place)
    points = by_name(desk, id_)
    desk.do(set_result, points["Wipers"].id, {"verdict": "red"})
    desk.do(rest_is_good, id_, "Tyres")
    assert by_name(desk, id_)["Lamps"].verdict is None
    found = {each.name: each.verdict for each in desk.do(rest_is_good, id_)}
    assert found == {"Tread": None, "Play": None, "Wipers": "red", "Lamps": "green", "Left in the car": None}


def test_something_else_was_seen(desk: Desk, place: Yard) -> None:
    id_ = begun(desk, place)
    made = desk.do(add_result, id_, {"name": "Marten bites", "section": "Engine", "verdict": "yellow"})
    assert desk.see(results_of, id_)[-1] == made
    assert (made.point_id, made.kind, made.position, made.verdict) == (None, "check", 6, "yellow")
    desk.do(delete_result, made.id)
    assert len(desk.see(results_of, id_)) == 5
    desk.do(set_result, by_name(desk, id_)["Lamps"].id, {"verdict": "green"})
    desk.do(complete_inspection, id_, leave=True)
    for work, at in ((add_result, id_), (rest_is_good, id_), (delete_result, by_name(desk, id_)["Lamps"].id)):
        given = [{"name": "x"}] if work is add_result else []
        assert set(desk.problems(work, at, *given)) == {""}  # type: ignore[arg-type]


def test_what_cannot_be_is_refused(desk: Desk, place: Yard) -> None:
    id_ = begun(desk, place)
    tread = by_name(desk, id_)["Tread"].id
    assert set(desk.problems(set_result, tread, {"verdict": "pink", "value": 1.5, "unit": "inch"})) == {
        "verdict",
        "value",
        "unit",
    }
    assert set(desk.problems(add_result, id_, {"verdict": "pink"})) == {"verdict", "name"}
    with pytest.raises(NotFound):
        desk.do(set_result, NOBODY, {})
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(set_result, tread, {"value": 1})


def test_the_last_time_stands_beside_each_point(desk: Desk, place: Yard) -> None:
    first = begun(desk, place, odometer=80_000)
    desk.do(set_result, by_name(desk, first)["Tread"].id, {"value": 5_000})
    second = begun(desk, place, odometer=90_000)
    desk.do(set_result, by_name(desk, second)["Wipers"].id, {"verdict": "yellow", "remark": "streaks"})
    third = by_name(desk, begun(desk, place, odometer=99_000))
    tread, wipers = third["Tread"].previous, third["Wipers"].previous
    assert tread is not None
    assert wipers is not None
    assert (tread.inspection_id, tread.value, tread.verdict, tread.odometer) == (first, 5_000, "green", 80_000)
    assert (wipers.inspection_id, wipers.verdict, wipers.remark, wipers.odometer) == (
        second,
        "yellow",
        "streaks",
        90_000,
    )
    assert third["Lamps"].previous is None
    assert by_name(desk, first)["Wipers"].previous is None, "what came later is no last time"
    desk.do(delete_inspection, first)
    assert desk.see(get_result, third["Tread"].id).previous is None


def test_the_last_time_of_another_car_or_another_thing_is_not_shown(desk: Desk, place: Yard) -> None:
    desk.do(set_result, by_name(desk, begun(desk, place))["Tread"].id, {"value": 5_000})
    other = desk.do(create_vehicle, {"plate": "B-2"}).id
    fresh = desk.do(start_inspection, {"template_id": place.template, "vehicle_id": other}).id
    assert by_name(desk, fresh)["Tread"].previous is None


def test_a_point_called_the_same_in_another_template_has_the_same_past(desk: Desk, place: Yard) -> None:
    desk.do(set_result, by_name(desk, begun(desk, place))["Tread"].id, {"value": 5_000})
    template = desk.do(create_template, {"name": "Yearly"}).id
    for name, unit in (("Tread", "mm"), ("Play", "mm")):
        desk.do(create_point, {"template_id": template, "name": name, "kind": "measure", "unit": unit})
    found = by_name(desk, begun(desk, place, template_id=template))
    assert found["Tread"].previous is not None
    assert found["Tread"].previous.value == 5_000
    assert found["Play"].previous is None, "it is measured in something else"


def test_photos_of_a_finding_are_counted(desk: Desk, place: Yard) -> None:
    tread = by_name(desk, begun(desk, place))["Tread"]
    given = {"order_id": place.order, "result_id": tread.id, "file_sha256": "cd" * 32}
    assert desk.do(add_photo, given).result_id == tread.id
    assert desk.see(get_result, tread.id).photos == 1


def test_many_points_take_as_many_statements_as_few(desk: Desk, place: Yard) -> None:
    before = len(desk.statements(results_of, begun(desk, place)))
    for number in range(30):
        desk.do(create_point, {"template_id": place.template, "name": f"Point {number}"})
    many = begun(desk, place)
    desk.do(rest_is_good, many)
    assert len(desk.see(results_of, many)) == 35
    assert len(desk.statements(results_of, begun(desk, place))) == before == 7
