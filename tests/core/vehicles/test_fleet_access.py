"""Who sees what of a fleet: staff all, a customer theirs and what they were let into; and who may keep its vehicles."""

from dataclasses import dataclass, replace

import pytest

from core.people.customers import create_customer
from core.people.roles import Actor, Denied, Role
from core.people.staff import create_staff
from core.records.input import NotFound, Refused
from core.vehicles.fleet_access import (
    change_access,
    fleets_seen_by,
    get_access,
    give_access,
    list_access,
    may_see,
    may_see_fleet,
    restore_access,
    take_access_away,
    vehicles_seen_by,
    work_seen_by,
)
from core.vehicles.fleets import add_members, create_fleet, delete_fleet, get_fleet, list_fleets, remove_member
from core.vehicles.search import VehicleCriteria
from core.vehicles.vehicles import change_vehicle, count_vehicles, create_vehicle, get_vehicle, list_vehicles
from tests.core.people.desk import NOBODY, Desk


@dataclass
class Yard:
    desk: Desk
    ada: Actor  # has a car of her own
    bob: Actor  # has a fleet
    fleet: str
    van: str
    car: str

    def plates(self, actor: Actor) -> list[str | None]:
        found = self.desk.see(list_vehicles, seen=vehicles_seen_by(actor), sort="plate")
        return [each.plate for each in found.items]

    def sees(self, actor: Actor, vehicle: str) -> bool:
        with self.desk.records.read() as session:
            return may_see(session, actor, get_vehicle(session, vehicle))

    def by(self, actor: Actor) -> Desk:
        return replace(self.desk, actor=actor)


@pytest.fixture
def yard(desk: Desk) -> Yard:
    ids = [desk.do(create_customer, {"name": name}).id for name in ("Ada", "Bob")]
    ada, bob = (Actor("customer", id_, "x", Role.CUSTOMER) for id_ in ids)
    fleet = desk.do(create_fleet, {"name": "Vans", "customer_id": bob.id}).id
    van = desk.do(create_vehicle, {"plate": "V-1", "customer_id": bob.id, "fleet_id": fleet}).id
    car = desk.do(create_vehicle, {"plate": "A-1", "customer_id": ada.id}).id
    desk.do(create_vehicle, {"plate": "X-1"})
    return Yard(desk, ada, bob, fleet, van, car)


def test_staff_see_all_and_a_customer_what_is_theirs(yard: Yard) -> None:
    assert yard.plates(yard.desk.as_(Role.VIEWER).actor) == ["A-1", "V-1", "X-1"]
    assert yard.plates(yard.ada) == ["A-1"]
    assert yard.plates(yard.bob) == ["V-1"]
    assert (yard.sees(yard.ada, yard.car), yard.sees(yard.ada, yard.van)) == (True, False)
    counted = yard.desk.see(count_vehicles, VehicleCriteria(), seen=vehicles_seen_by(yard.ada))
    assert counted == 1
    for stranger in (
        Actor("token", NOBODY, "x", Role.DEVICE),
        Actor("token", yard.ada.id, "x", Role.CUSTOMER),  # a customer's role does not make a token that customer
        Actor("customer", "", "x", Role.CUSTOMER),
    ):
        with pytest.raises(Denied):
            vehicles_seen_by(stranger)
        with pytest.raises(Denied):
            fleets_seen_by(stranger)


def test_who_is_let_in_sees_the_fleet_until_the_access_is_taken_away(yard: Yard) -> None:
    made = yard.desk.do(give_access, {"fleet_id": yard.fleet, "customer_id": yard.ada.id})
    assert (made.level, made.name) == ("read", "Ada")
    assert yard.plates(yard.ada) == ["A-1", "V-1"]
    assert yard.sees(yard.ada, yard.van)
    assert [each.id for each in yard.desk.see(list_fleets, seen=fleets_seen_by(yard.ada)).items] == [yard.fleet]
    yard.desk.do(take_access_away, made.id)
    assert yard.plates(yard.ada) == ["A-1"]
    assert not yard.sees(yard.ada, yard.van)
    assert yard.desk.see(list_fleets, seen=fleets_seen_by(yard.ada)).items == ()
    yard.desk.do(restore_access, made.id)
    assert yard.desk.see(may_see_fleet, yard.ada, yard.fleet)


def test_a_fleet_that_was_deleted_lets_nobody_in(yard: Yard) -> None:
    yard.desk.do(give_access, {"fleet_id": yard.fleet, "customer_id": yard.ada.id})
    yard.desk.do(delete_fleet, yard.fleet)
    assert yard.plates(yard.ada) == ["A-1"]
    assert not yard.sees(yard.ada, yard.van)
    assert yard.plates(yard.bob) == ["V-1"], "it is still his"


def test_the_owner_of_a_fleet_sees_vehicles_in_it_that_are_somebody_elses(yard: Yard) -> None:
    yard.desk.do(change_vehicle, yard.van, {"customer_id": None})
    assert yard.plates(yard.bob) == ["V-1"]
    assert yard.sees(yard.bob, yard.van)


def test_level_change_lets_one_keep_the_vehicles_but_not_give_them_away(yard: Yard) -> None:
    clerk = yard.desk.do(create_staff, {"name": "Pia", "role": "parts"})
    pia = Actor("staff", clerk.id, "Pia", Role.PARTS)
    with pytest.raises(Denied):
        yard.by(pia).do(change_vehicle, yard.van, {"color": "red"})
    made = yard.desk.do(give_access, {"fleet_id": yard.fleet, "staff_id": clerk.id, "level": "read"})
    with pytest.raises(Denied):
        yard.by(pia).do(change_vehicle, yard.van, {"color": "red"})
    yard.desk.do(change_access, made.id, {"level": "change"})
    assert yard.by(pia).do(change_vehicle, yard.van, {"color": "red", "odometer_km": 5}).odometer_km == 5
    for field, value in (("customer_id", yard.ada.id), ("fleet_id", None)):
        with pytest.raises(Denied):
            yard.by(pia).do(change_vehicle, yard.van, {field: value})
    for other in (yard.car, NOBODY, "x"):
        with pytest.raises(Denied):
            yard.by(pia).do(change_vehicle, other, {"color": "red"})


def test_an_access_is_of_one_person_and_one_fleet_and_given_by_the_office(yard: Yard) -> None:
    desk = yard.desk
    for fields in (
        {"fleet_id": yard.fleet},
        {
            "fleet_id": yard.fleet,
            "customer_id": yard.ada.id,
            "staff_id": desk.do(create_staff, {"name": "P", "role": "viewer"}).id,
        },
    ):
        assert set(desk.problems(give_access, fields)) == {"customer_id"}
    wrong = {"fleet_id": NOBODY, "customer_id": NOBODY, "level": "all"}
    assert set(desk.problems(give_access, wrong)) == {"fleet_id", "customer_id", "level"}
    with pytest.raises(Denied):
        desk.as_(Role.ADVISER).do(give_access, {"fleet_id": yard.fleet, "customer_id": yard.ada.id})
    made = desk.do(give_access, {"fleet_id": yard.fleet, "customer_id": yard.ada.id})
    again = desk.do(give_access, {"fleet_id": yard.fleet, "customer_id": yard.ada.id, "level": "change"})
    assert (again.id, again.level) == (made.id, "change"), "who is in already gets the level anew"
    assert desk.see(list_access, yard.fleet) == (again,)
    assert desk.see(get_access, made.id) == again
    assert set(desk.problems(change_access, made.id, {"customer_id": yard.bob.id})) == {"customer_id"}


def test_members_come_from_other_fleets_and_go_without_harm(yard: Yard) -> None:
    desk = yard.desk
    other = desk.do(create_fleet, {"name": "Cars"}).id
    assert desk.do(add_members, other, [yard.van, yard.car]).vehicle_count == 2
    assert desk.see(get_fleet, yard.fleet).vehicle_count == 0
    desk.do(remove_member, other, yard.car)
    with pytest.raises(NotFound):
        desk.do(remove_member, other, yard.car)
    assert desk.see(get_vehicle, yard.car).fleet_id is None
    for wrong in ([], [NOBODY, yard.car], ["x"]):
        with pytest.raises(Refused):
            desk.do(add_members, other, wrong)
    assert desk.see(get_vehicle, yard.car).fleet_id is None, "all of them or none"


def test_whose_work_on_a_vehicle_somebody_sees(yard: Yard) -> None:
    desk = yard.desk
    assert desk.see(work_seen_by, desk.actor, yard.van) is None
    assert desk.see(work_seen_by, yard.ada, yard.car) == (yard.ada.id,)
    for vehicle in (yard.van, NOBODY):
        with pytest.raises(Denied):
            desk.see(work_seen_by, yard.ada, vehicle)
    desk.do(give_access, {"fleet_id": yard.fleet, "customer_id": yard.ada.id})
    assert desk.see(work_seen_by, yard.ada, yard.van) == (yard.ada.id, yard.bob.id)


def test_a_page_of_fleets_and_its_accesses_take_few_questions(yard: Yard) -> None:
    for number in range(12):
        fleet = yard.desk.do(create_fleet, {"name": f"F{number}"}).id
        yard.desk.do(add_members, fleet, [yard.van])
        customer = yard.desk.do(create_customer, {"name": f"C{number}"}).id
        yard.desk.do(give_access, {"fleet_id": yard.fleet, "customer_id": customer})
    assert len(yard.desk.statements(list_fleets)) == 2
    assert len(yard.desk.statements(list_access, yard.fleet)) <= 4
