"""Searches with a name: one's own are one's own, everybody's are everybody's."""

from dataclasses import replace

import pytest

from core.people.roles import SYSTEM, Actor, Denied, Role
from core.records.rows import added
from core.vehicles.models import SavedFilter
from core.vehicles.saved_filters import (
    change_filter,
    delete_filter,
    get_filter,
    list_filters,
    restore_filter,
    save_filter,
)
from core.vehicles.search import VehicleCriteria
from core.vehicles.vehicles import create_vehicle, list_vehicles
from tests.core.people.desk import Desk, somebody

OTHER = somebody(Role.TECHNICIAN, id_="01890000-0000-7000-8000-00000000000b")
DIESELS = {"fuel_type": ["diesel"], "year_to": 2015, "sort": "odometer", "descending": True}
MINE = {"name": "Old diesels", "page": "vehicles", "criteria": DIESELS}


def names(desk: Desk, actor: Actor, page: str = "vehicles") -> list[str | None]:
    return [each.name for each in desk.see(list_filters, actor, page)]


def test_a_search_is_saved_and_asked_again(desk: Desk) -> None:
    desk.do(create_vehicle, {"plate": "A-1", "fuel_type": "diesel", "year": 2012})
    desk.do(create_vehicle, {"plate": "B-2", "fuel_type": "diesel", "year": 2019})
    made = desk.do(save_filter, MINE)
    assert made.vehicle_criteria() == VehicleCriteria(fuel_type=("diesel",), year_to=2015)
    assert desk.see(get_filter, desk.actor, made.id) == made
    assert made.criteria == DIESELS
    found = desk.see(list_vehicles, made.vehicle_criteria(), sort=made.criteria["sort"])
    assert [each.plate for each in found.items] == ["A-1"]


def test_ones_own_are_seen_and_kept_by_nobody_else(desk: Desk) -> None:
    made = desk.do(save_filter, MINE)
    there = replace(desk, actor=OTHER)
    assert names(desk, OTHER) == []
    with pytest.raises(Denied):
        desk.see(get_filter, OTHER, made.id)
    with pytest.raises(Denied):
        there.do(change_filter, made.id, {"name": "x"})
    with pytest.raises(Denied):
        there.do(delete_filter, made.id)
    desk.do(delete_filter, made.id)
    assert names(desk, desk.actor) == []
    desk.do(restore_filter, made.id)
    assert names(desk, desk.actor) == ["Old diesels"]


def test_everybodys_are_seen_by_all_and_kept_by_who_changes_vehicles(desk: Desk) -> None:
    made = desk.do(save_filter, {**MINE, "shared": True})
    assert made.shared
    assert names(desk, OTHER) == ["Old diesels"]
    assert replace(desk, actor=OTHER).do(change_filter, made.id, {"name": "Diesels"}).name == "Diesels"
    with pytest.raises(Denied):
        desk.as_(Role.VIEWER).do(save_filter, {**MINE, "shared": True})
    assert not desk.as_(Role.VIEWER).do(save_filter, MINE).shared, "their own they may"
    assert not desk.do(change_filter, made.id, {"shared": False}).shared
    assert names(desk, OTHER) == []


def test_ones_own_come_first_then_by_name_and_each_page_has_its_own(desk: Desk) -> None:
    for name, shared in (("b", True), ("A", True), ("z", False)):
        desk.do(save_filter, {**MINE, "name": name, "shared": shared})
    desk.do(save_filter, {"name": "late", "page": "orders", "criteria": {"late": True}})
    assert names(desk, desk.actor) == ["z", "A", "b"]
    assert names(desk, desk.actor, "orders") == ["late"]
    assert len(desk.statements(list_filters, desk.actor, "vehicles")) == 1


def test_what_is_wrong_is_said_at_once(desk: Desk) -> None:
    assert set(desk.problems(save_filter, {"colour": "red"})) == {"colour", "name", "page", "criteria"}
    wrong = {"name": "x", "page": "vehicles", "criteria": {"year_from": "x", "wheels": 4}}
    assert set(desk.problems(save_filter, wrong)) == {"criteria.year_from", "criteria.wheels"}
    assert desk.problems(save_filter, {**MINE, "criteria": {"sort": "size"}})
    assert not desk.problems(save_filter, {**MINE, "criteria": {"sort": "last_service"}})
    assert set(desk.problems(save_filter, {**MINE, "page": "orders", "criteria": {"x": "y" * 10_001}})) == {"criteria"}
    made = desk.do(save_filter, MINE)
    assert set(desk.problems(change_filter, made.id, {"page": "orders"})) == {"page"}
    assert set(desk.problems(change_filter, made.id, {"criteria": {"wheels": 4}})) == {"criteria.wheels"}


def test_a_program_has_no_searches_of_its_own(desk: Desk) -> None:
    there = replace(desk, actor=SYSTEM)
    assert set(there.problems(save_filter, MINE)) == {"shared"}
    assert there.do(save_filter, {**MINE, "shared": True}).shared


@pytest.mark.parametrize("criteria", [None, "", "[1]", "not json", '{"a": '])
def test_criteria_that_cannot_be_read_ask_for_everything(desk: Desk, criteria: str | None) -> None:
    row = {"name": "x", "page": "vehicles", "criteria": criteria}
    desk.records.change("test", lambda session: added(session, SavedFilter, row) and None)
    [found] = desk.see(list_filters, desk.actor, "vehicles")
    assert found.vehicle_criteria() == VehicleCriteria()
