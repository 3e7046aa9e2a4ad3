"""Papers of a vehicle."""

import pytest

from core.records.input import NotFound
from core.vehicles.documents import (
    change_document,
    create_document,
    delete_document,
    get_document,
    list_documents,
    restore_document,
)
from core.vehicles.fleets import change_fleet, create_fleet, delete_fleet, get_fleet, list_fleets, restore_fleet
from core.vehicles.vehicles import create_vehicle
from tests.core.people.desk import NOBODY, Desk


def test_a_paper_is_a_name_and_a_file(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A-1"}).id
    given = {
        "vehicle_id": car,
        "name": "Registration",
        "file_sha256": "ab" * 32,
        "size": 1_000_000,
        "kind": "registration",
    }
    made = desk.do(create_document, given)
    assert desk.see(get_document, made.id) == made
    assert {name: getattr(made, name) for name in given} == given
    assert desk.do(change_document, made.id, {"name": "Old registration"}).name == "Old registration"
    assert [each.id for each in desk.see(list_documents, car).items] == [made.id]
    desk.do(delete_document, made.id)
    assert desk.see(list_documents, car).items == ()
    assert desk.do(restore_document, made.id).file_sha256 == "ab" * 32


def test_a_paper_of_nothing_is_refused(desk: Desk) -> None:
    problems = desk.problems(create_document, {"vehicle_id": NOBODY, "file_sha256": "../../etc/passwd", "size": -1})
    assert set(problems) == {"vehicle_id", "name", "file_sha256", "size"}
    with pytest.raises(NotFound):
        desk.see(list_documents, NOBODY)


def test_a_fleet_has_a_name_goes_and_comes_back(desk: Desk) -> None:
    assert set(desk.problems(create_fleet, {"customer_id": NOBODY})) == {"name", "customer_id"}
    made = desk.do(create_fleet, {"name": "Vans", "description": "white\nones"})
    assert desk.do(change_fleet, made.id, {"name": "Trucks"}).name == "Trucks"
    desk.do(delete_fleet, made.id)
    with pytest.raises(NotFound):
        desk.see(get_fleet, made.id)
    assert desk.do(restore_fleet, made.id).name == "Trucks"
    assert [each.name for each in desk.see(list_fleets).items] == ["Trucks"]
