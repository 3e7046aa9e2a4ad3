"""What belongs to a vehicle: features, parts in it, insurances, warranties."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.records.rows import added
from core.vehicles import features, installed_parts, insurances, warranties
from core.vehicles.models import InstalledPart, Insurance, VehicleFeature, Warranty
from core.vehicles.vehicles import create_vehicle
from core.vehicles.warranties import WarrantyView
from tests.core.people.desk import NOBODY, Desk


class Room(NamedTuple):
    model: type[Any]
    create: Callable[..., Any]
    change: Callable[..., Any]
    delete: Callable[..., Any]
    restore: Callable[..., Any]
    get: Callable[..., Any]
    listed: Callable[..., Any]
    given: dict[str, Any]
    needed: str


ROOMS = {
    "features": Room(
        VehicleFeature, features.add_feature, features.change_feature, features.delete_feature,
        features.restore_feature, features.get_feature, features.list_features, {"name": "Tow bar"}, "name",
    ),
    "installed parts": Room(
        InstalledPart, installed_parts.create_installed_part, installed_parts.change_installed_part,
        installed_parts.delete_installed_part, installed_parts.restore_installed_part,
        installed_parts.get_installed_part,
        lambda session, car: installed_parts.list_installed_parts(session, car).items,
        {"name": "Disc", "part_number": "09.A758.11", "place": "front left", "quantity": 2000, "part_id": NOBODY,
         "order_id": NOBODY, "line_id": NOBODY, "fitted_on": "2026-01-02", "fitted_at_odometer": 84_210,
         "removed_on": "2026-11-02"},
        "name",
    ),
    "insurances": Room(
        Insurance, insurances.create_insurance, insurances.change_insurance, insurances.delete_insurance,
        insurances.restore_insurance, insurances.get_insurance, insurances.list_insurances,
        {"company": "Alpine Mutual", "policy_number": "K-1", "cover": "comprehensive", "valid_from": "2026-01-01",
         "valid_until": "2026-12-31", "notes": "a\nb"},
        "company",
    ),
    "warranties": Room(
        Warranty, warranties.create_warranty, warranties.change_warranty, warranties.delete_warranty,
        warranties.restore_warranty, warranties.get_warranty, warranties.list_warranties,
        {"name": "Clutch", "giver": "us", "order_id": NOBODY, "valid_from": "2026-01-01",
         "valid_until": "2027-12-31", "up_to_odometer": 100_000, "notes": None},
        "name",
    ),
}  # fmt: skip


@pytest.fixture
def car(desk: Desk) -> str:
    return desk.do(create_vehicle, {"plate": "A-1"}).id


@pytest.fixture(params=ROOMS)
def room(request: pytest.FixtureRequest) -> Room:
    return ROOMS[request.param]


def test_it_is_written_read_changed_hidden_and_shown_again(desk: Desk, car: str, room: Room) -> None:
    given = {"vehicle_id": car, **room.given}
    made = desk.do(room.create, given)
    assert {name: getattr(made, name) for name in given} == given
    assert desk.see(room.get, made.id) == made
    assert desk.see(room.listed, car) == (made,)
    changed = desk.do(room.change, made.id, {room.needed: "Other"})
    assert getattr(changed, room.needed) == "Other"
    desk.do(room.delete, made.id)
    assert desk.see(room.listed, car) == ()
    with pytest.raises(NotFound):
        desk.see(room.get, made.id)
    assert desk.do(room.restore, made.id) == changed


def test_all_that_is_wrong_is_said_at_once(desk: Desk, car: str, room: Room) -> None:
    assert set(desk.problems(room.create, {})) == {"vehicle_id", room.needed}
    wrong = {"vehicle_id": NOBODY, room.needed: "x" * 201, "colour": "red"}
    assert set(desk.problems(room.create, wrong)) == {"vehicle_id", room.needed, "colour"}
    made = desk.do(room.create, {"vehicle_id": car, **room.given})
    assert set(desk.problems(room.change, made.id, {room.needed: None})) == {room.needed}
    with pytest.raises(NotFound):
        desk.see(room.listed, NOBODY)


def test_who_may_not_change_vehicles_changes_nothing_of_them(desk: Desk, car: str, room: Room) -> None:
    made = desk.do(room.create, {"vehicle_id": car, **room.given})
    for role in (Role.VIEWER, Role.PARTS, Role.CUSTOMER):
        for work, args in ((room.create, ({"vehicle_id": car, **room.given},)), (room.delete, (made.id,))):
            with pytest.raises(Denied):
                desk.as_(role).do(work, *args)


def test_an_empty_row_of_another_terminal_is_shown_as_it_is(desk: Desk, car: str, room: Room) -> None:
    desk.records.change("test", lambda session: added(session, room.model, {"vehicle_id": car}) and None)
    [found] = desk.see(room.listed, car)
    assert getattr(found, room.needed) is None


def test_a_list_takes_two_questions_however_long_it_is(desk: Desk, car: str, room: Room) -> None:
    for number in range(12):
        desk.do(room.create, {"vehicle_id": car, room.needed: f"x {number}"})
    assert len(desk.statements(room.listed, car)) <= 2


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [("insurances", "valid_from", "valid_until"), ("warranties", "valid_from", "valid_until"),
     ("installed parts", "fitted_on", "removed_on")],
)  # fmt: skip
def test_nothing_ends_before_it_begins(desk: Desk, car: str, name: str, begin: str, end: str) -> None:
    room = ROOMS[name]
    given = {"vehicle_id": car, room.needed: "x", begin: "2026-05-02"}
    assert set(desk.problems(room.create, {**given, end: "2026-05-01"})) == {end}
    made = desk.do(room.create, {**given, end: "2026-05-02"})
    assert set(desk.problems(room.change, made.id, {end: "2026-05-01"})) == {end}
    assert set(desk.problems(room.change, made.id, {begin: "2026-05-03"})) == {end}


def test_a_feature_said_twice_is_one_and_names_are_there_to_choose_from(desk: Desk, car: str) -> None:
    first = desk.do(features.add_feature, {"vehicle_id": car, "name": "Tow bar"})
    assert desk.do(features.add_feature, {"vehicle_id": car, "name": "TOW BAR"}).id == first.id
    other = desk.do(create_vehicle, {"plate": "B-2"}).id
    for name in ("tow bar", "Sunroof"):
        desk.do(features.add_feature, {"vehicle_id": other, "name": name})
    names = desk.see(features.feature_names)
    assert [each.casefold() for each in names] == ["tow bar", "sunroof"]


def test_parts_that_were_taken_out_are_told_from_those_that_sit_there(desk: Desk, car: str) -> None:
    old, new = (
        desk.do(installed_parts.create_installed_part, {"vehicle_id": car, "name": "Disc", "fitted_on": day})
        for day in ("2020-01-01", "2026-01-01")
    )
    assert new.quantity == 1000
    gone = desk.do(installed_parts.change_installed_part, old.id, {"removed_on": "2026-01-01"})
    assert desk.see(installed_parts.list_installed_parts, car).items == (new, gone)
    assert desk.see(installed_parts.list_installed_parts, car, removed=False).items == (new,)
    assert desk.see(installed_parts.list_installed_parts, car, removed=True).items == (gone,)


@pytest.mark.parametrize(
    ("today", "odometer", "holds"),
    [
        ("2026-01-01", 10, True),
        ("2025-12-31", 10, False),
        ("2027-12-31", 100_000, True),
        ("2028-01-01", 10, False),
        ("2026-06-01", 100_001, False),
        ("2026-06-01", None, None),
    ],
)
def test_a_warranty_ends_with_the_first_of_both(today: str, odometer: int | None, holds: bool | None) -> None:
    given = WarrantyView("x", None, None, "Clutch", None, "2026-01-01", "2027-12-31", 100_000, None, None)
    assert given.holds(today, odometer) is holds
    assert WarrantyView("x", *(None,) * 9).holds(today, None) is True
