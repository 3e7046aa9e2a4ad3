"""The shop's own lists of what to look at."""

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.workshop.inspection_models import InspectionPoint, InspectionTemplate
from core.workshop.inspection_templates import (
    FIELDS,
    POINT_FIELDS,
    change_point,
    change_template,
    create_point,
    create_template,
    delete_point,
    delete_template,
    get_point,
    get_template,
    list_templates,
    points_of,
    restore_point,
    restore_template,
)
from tests.core.people.desk import NOBODY, Desk


def test_what_was_written_is_read_back(desk: Desk) -> None:
    given = {"name": "Tyres", "description": "Four of them\nand the spare", "active": False, "position": 7}
    assert set(given) == set(FIELDS), "every field is tried here"
    made = desk.do(create_template, given)
    assert desk.see(get_template, made.id) == made
    assert {name: getattr(made, name) for name in given} == given
    point = {
        "template_id": made.id,
        "section": "Front",
        "name": "Tread",
        "kind": "measure",
        "unit": "mm",
        "worse_below": True,
        "yellow_at": 3_000,
        "red_at": 1_600,
        "position": 4,
        "line_description": "Replace tyres",
        "line_kind": "part",
        "line_quantity": 2_000,
        "line_price": 8_900,
    }
    assert set(point) == set(POINT_FIELDS), "every field is tried here"
    kept = desk.do(create_point, point)
    assert desk.see(get_point, kept.id) == kept
    assert {name: getattr(kept, name) for name in point} == point
    assert desk.see(get_template, made.id).points == 1


def test_points_stand_one_below_the_other_and_can_be_taken_out(desk: Desk) -> None:
    template = desk.do(create_template, {"name": "x"}).id
    made = [desk.do(create_point, {"template_id": template, "name": name}) for name in ("a", "b", "c")]
    assert [(each.position, each.kind) for each in made] == [(1, "check"), (2, "check"), (3, "check")]
    desk.do(change_point, made[2].id, {"position": 0})
    desk.do(delete_point, made[0].id)
    assert [each.name for each in desk.see(points_of, template)] == ["c", "b"]
    desk.do(restore_point, made[0].id)
    assert len(desk.see(points_of, template)) == 3


def test_templates_are_listed_in_the_shops_order(desk: Desk) -> None:
    ids = [desk.do(create_template, {"name": name}).id for name in ("a", "b", "c")]
    desk.do(change_template, ids[0], {"active": False, "position": 9})
    assert [each.name for each in desk.see(list_templates).items] == ["b", "c", "a"]
    assert [each.name for each in desk.see(list_templates, active=True).items] == ["b", "c"]
    first = desk.see(list_templates, limit=2)
    assert [each.name for each in desk.see(list_templates, limit=2, after=first.after).items] == ["a"]
    desk.do(delete_template, ids[1])
    assert len(desk.see(list_templates).items) == 2
    desk.do(restore_template, ids[1])
    assert len(desk.statements(list_templates)) == 2


def test_limits_make_sense_or_are_refused(desk: Desk) -> None:
    template = desk.do(create_template, {"name": "x"}).id
    measured = {"template_id": template, "name": "x", "kind": "measure", "unit": "mm"}
    wrong_way = {"worse_below": True, "yellow_at": 1_600, "red_at": 3_000}
    assert set(desk.problems(create_point, {**measured, **wrong_way})) == {"red_at"}
    assert set(desk.problems(create_point, {**measured, **wrong_way, "worse_below": False})) == set()
    assert set(desk.problems(create_point, {"template_id": template, "name": "x", "red_at": 1})) == {"yellow_at"}
    made = desk.do(create_point, {**measured, "yellow_at": 1_000, "red_at": 2_000})
    assert set(desk.problems(change_point, made.id, {"yellow_at": 3_000})) == {"red_at"}
    assert desk.do(change_point, made.id, {"yellow_at": None}).yellow_at is None


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    wrong = {
        "template_id": NOBODY,
        "kind": "guess",
        "unit": "x" * 13,
        "line_kind": "discount",
        "line_price": -1,
        "x": 1,
    }
    assert set(desk.problems(create_point, wrong)) == {*wrong, "name"}
    with pytest.raises(Denied):
        desk.as_(Role.TECHNICIAN).do(create_template, {"name": "x"})
    with pytest.raises(NotFound):
        desk.see(points_of, NOBODY)


def test_rows_with_nothing_in_them_break_nothing(desk: Desk) -> None:
    template = InspectionTemplate()
    desk.records.change("system", lambda session: session.add(template))
    desk.records.change("system", lambda session: session.add(InspectionPoint(template_id=template.id)))
    (found,) = desk.see(points_of, template.id)
    assert (found.kind, found.worse_below) == ("check", False)
    assert desk.see(list_templates).items[0].points == 1
