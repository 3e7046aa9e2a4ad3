"""Vehicles: what is kept, what is refused, what two terminals make of one."""

from pathlib import Path

import pytest

from core.people.customers import create_customer, delete_customer
from core.people.roles import Denied, Role
from core.records.input import NotFound, Refused
from core.records.journal import conflicts, replaced
from core.vehicles.fleets import create_fleet, list_fleets
from core.vehicles.models import STATUS_RANKS, STATUSES, Vehicle
from core.vehicles.odometer import latest
from core.vehicles.owners import list_owners
from core.vehicles.vehicles import (
    FIELDS,
    change_vehicle,
    create_vehicle,
    delete_vehicle,
    get_vehicle,
    list_vehicles,
    restore_vehicle,
)
from tests.core.people.desk import NOBODY, Clock, Desk, desk_at, meet

GOLF = {
    "plate": "B-AY 1234",
    "vin": "WVWZZZ1JZXW000001",
    "make": "Volkswagen",
    "model": "Golf",
    "year": 1999,
    "manufacture_date": "1998-11-03",
    "color": "Grün",
    "fuel_type": "petrol",
    "transmission": "manual",
    "vehicle_type": "hatchback",
    "engine_number": "AKL 012345",
    "status": "in_workshop",
    "first_registration": "1999-01-15",
    "registration_due": "2027-01-31",
    "inspection_due": "2027-01-31",
    "notes": "timing belt\ndone at 90,000",
    "odometer_km": 187_000,
}


def test_what_was_written_is_read_back(desk: Desk) -> None:
    owner = desk.do(create_customer, {"name": "Ada"}).id
    fleet = desk.do(create_fleet, {"name": "Vans", "customer_id": owner}).id
    given = {**GOLF, "customer_id": owner, "fleet_id": fleet}
    assert set(given) == set(FIELDS), "every field is tried here"
    made = desk.do(create_vehicle, given)
    assert desk.see(get_vehicle, made.id) == made
    assert {name: getattr(made, name) for name in given} == given
    assert desk.see(list_fleets, customer_id=owner).items[0].id == fleet


def test_only_the_plate_is_needed(desk: Desk) -> None:
    made = desk.do(create_vehicle, {"plate": " M-X 1 "})
    assert (made.plate, made.status, made.odometer_km, made.vin) == ("M-X 1", "active", None, None)
    assert set(desk.problems(create_vehicle, {})) == {"plate"}
    assert set(desk.problems(create_vehicle, {"plate": "  "})) == {"plate"}
    assert set(desk.problems(change_vehicle, made.id, {"plate": None})) == {"plate"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("plate", "x" * 33),
        ("plate", "a\0b"),
        ("plate", "\udcff"),
        ("plate", 17),
        ("vin", "WVWZZZ1JZXW00000"),
        ("vin", "WVWZZZ1JZXW0000012"),
        ("vin", "WVWZZZ1JZXWO00001"),
        ("vin", "WVWZZZ1JZXWI00001"),
        ("vin", "WVWZZZ1JZXWQ00001"),
        ("vin", "WVWZZZ1JZXWß00001"),
        ("year", 1885),
        ("year", 2029),
        ("year", 10**30),
        ("year", "2020"),
        ("year", 2020.0),
        ("manufacture_date", "03.11.1998"),
        ("odometer_km", -1),
        ("odometer_km", 10_000_000),
        ("odometer_km", 1 << 63),
        ("odometer_km", True),
        ("customer_id", NOBODY),
        ("customer_id", "Ada"),
        ("fleet_id", NOBODY),
        ("notes", "x" * 20_001),
        ("mileage", 1),
        ("id", NOBODY),
        ("stamps", "{}"),
        ("row_hash", 1),
        ("deleted_at", 1),
    ],
)
def test_what_cannot_be_is_refused_at_both_doors(desk: Desk, field: str, value: object) -> None:
    made = desk.do(create_vehicle, {"plate": "M-X 1"})
    assert set(desk.problems(create_vehicle, {"plate": "M-X 2", field: value})) == {field}
    assert set(desk.problems(change_vehicle, made.id, {field: value})) == {field}
    assert desk.see(list_vehicles).items == (made,)


def test_next_years_models_are_here_already_and_a_clock_of_2009_does_not_refuse_this_years(desk: Desk) -> None:
    assert desk.do(create_vehicle, {"plate": "N-1", "year": 2027}).year == 2027
    old = desk_at(clock=Clock(1_230_768_000_000))
    assert old.do(create_vehicle, {"plate": "N-1", "year": 2026}).year == 2026
    old.records.close()


def test_everything_wrong_is_said_at_once_in_words(desk: Desk) -> None:
    problems = desk.problems(create_vehicle, {"vin": "I" * 17, "year": 3000, "odometer_km": -5, "wheels": 5})
    assert set(problems) == {"plate", "vin", "year", "odometer_km", "wheels"}
    assert all(words and words[0].isupper() for words in problems.values())


def test_a_vin_may_be_short_when_the_vehicle_is_old(desk: Desk) -> None:
    assert desk.do(create_vehicle, {"plate": "H-1", "vin": "113 2087 441", "year": 1963}).vin == "1132087441"
    assert set(desk.problems(create_vehicle, {"plate": "H-2", "vin": "1132087441", "year": 1990})) == {"vin"}


def test_what_is_emptied_is_empty_and_the_rest_stays(desk: Desk) -> None:
    made = desk.do(create_vehicle, GOLF)
    changed = desk.do(change_vehicle, made.id, {"color": None, "notes": ""})
    assert (changed.color, changed.notes, changed.make) == (None, None, "Volkswagen")
    desk.do(change_vehicle, made.id, {**GOLF, "color": None, "notes": None})
    assert not desk.last, "nothing differed"


def test_deleted_is_hidden_and_comes_back(desk: Desk) -> None:
    made = desk.do(create_vehicle, GOLF)
    desk.do(delete_vehicle, made.id)
    with pytest.raises(NotFound):
        desk.see(get_vehicle, made.id)
    with pytest.raises(NotFound):
        desk.do(change_vehicle, made.id, {"year": 2000})
    assert desk.see(list_vehicles).items == ()
    assert desk.see(get_vehicle, made.id, deleted=True).deleted_at is not None
    assert desk.do(restore_vehicle, made.id).odometer_km == 187_000


def test_a_viewer_and_the_parts_counter_change_no_vehicle(desk: Desk) -> None:
    made = desk.do(create_vehicle, GOLF)
    for role in (Role.VIEWER, Role.PARTS, Role.CUSTOMER, Role.DEVICE):
        with pytest.raises(Denied):
            desk.as_(role).do(change_vehicle, made.id, {"color": "red"})
    with pytest.raises(Denied):
        desk.as_(Role.TECHNICIAN).do(delete_vehicle, made.id)
    assert desk.as_(Role.TECHNICIAN).do(change_vehicle, made.id, {"color": "red"}).color == "red"


def test_an_owner_who_was_deleted_since_stays_where_they_are_and_cannot_be_chosen_again(desk: Desk) -> None:
    owner = desk.do(create_customer, {"name": "Ada"}).id
    made = desk.do(create_vehicle, {"plate": "A-1", "customer_id": owner})
    desk.do(delete_customer, owner)
    assert desk.do(change_vehicle, made.id, {"customer_id": owner, "color": "red"}).customer_id == owner
    assert set(desk.problems(create_vehicle, {"plate": "A-2", "customer_id": owner})) == {"customer_id"}


def test_whose_it_was_is_remembered(desk: Desk) -> None:
    ada, bob = (desk.do(create_customer, {"name": name}).id for name in ("Ada", "Bob"))
    made = desk.do(create_vehicle, {"plate": "A-1", "customer_id": ada})
    desk.clock.now += 40 * 86_400_000
    desk.do(change_vehicle, made.id, {"customer_id": bob})
    desk.do(change_vehicle, made.id, {"customer_id": bob, "color": "red"})
    now, before = desk.see(list_owners, made.id)
    assert (now.customer_id, now.until) == (bob, None)
    assert (before.customer_id, before.until) == (ada, now.since)
    assert before.since is not None
    assert now.since is not None
    assert before.since < now.since
    desk.do(change_vehicle, made.id, {"customer_id": None})
    assert all(each.until is not None for each in desk.see(list_owners, made.id))


def test_vehicles_are_found_by_what_is_known_of_them(desk: Desk) -> None:
    owner = desk.do(create_customer, {"name": "Ada"}).id
    golf = desk.do(create_vehicle, {**GOLF, "customer_id": owner})
    polo = desk.do(create_vehicle, {"plate": "b ay-1235", "make": "VOLKSWAGEN", "fuel_type": "diesel"})

    def ids(**filters: object) -> list[str]:
        return [each.id for each in desk.see(list_vehicles, **filters).items]  # type: ignore[arg-type]

    assert ids() == [polo.id, golf.id]
    assert ids(plate="bay1234") == [golf.id]
    assert ids(plate="B-AY 1235") == [polo.id]
    assert ids(vin="wvwzzz1jzxw000001") == [golf.id]
    assert ids(make="volkswagen", sort="oldest") == [golf.id, polo.id]
    assert ids(fuel_type=["diesel", "electric"]) == [polo.id]
    assert ids(status=["in_workshop"]) == [golf.id]
    assert ids(customer_id=owner) == [golf.id]
    assert ids(plate="%") == []
    with pytest.raises(Refused):
        ids(plate="\0")


def test_a_page_of_vehicles_takes_three_questions_to_the_database(desk: Desk) -> None:
    for number in range(30):
        desk.do(create_vehicle, {"plate": f"N-{number}", "odometer_km": number})
    asked = desk.statements(list_vehicles, limit=30)
    assert len(asked) == 3, asked
    assert all(each.odometer_km is not None for each in desk.see(list_vehicles, limit=30).items)


def test_two_statuses_set_apart_are_both_kept_until_somebody_decides(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    made = here.do(create_vehicle, GOLF)
    meet(here, there)
    here.do(change_vehicle, made.id, {"status": "sold"})
    there.do(change_vehicle, made.id, {"status": "scrapped"})
    meet(here, there)
    for desk in two_desks:
        assert desk.see(get_vehicle, made.id).status == "scrapped", "the one that is harder to take back is shown"
        with desk.records.read() as session:
            assert {each.value for each in conflicts(desk.records, session)[0].choices} == {"sold", "scrapped"}
    here.do(change_vehicle, made.id, {"status": "scrapped"})
    meet(here, there)
    with there.records.read() as session:
        assert conflicts(there.records, session) == (), "who sets what is shown already has decided"
    assert set(STATUS_RANKS) == set(STATUSES)


def test_a_colour_that_was_replaced_is_in_the_log(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    made = here.do(create_vehicle, GOLF)
    meet(here, there)
    here.do(change_vehicle, made.id, {"color": "red"})
    there.clock.now += 60_000
    there.do(change_vehicle, made.id, {"color": "blue"})
    meet(here, there)
    assert here.see(get_vehicle, made.id).color == there.see(get_vehicle, made.id).color == "blue"
    with there.records.read() as session:
        assert [(each.field, each.lost_value) for each in replaced(there.records, session)] == [("color", "red")]


def test_a_vehicle_of_a_customer_who_has_not_arrived_yet_is_taken_as_it_comes(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    with here.records.read() as session:
        assert session.get(Vehicle, NOBODY) is None

    def past_the_form(session: object) -> str:
        vehicle = Vehicle(plate="A-1", customer_id=NOBODY, year=9999, vin="IOQ")
        session.add(vehicle)  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        return vehicle.id

    id_ = here.records.change("system", past_the_form).value
    meet(here, there)
    assert there.see(get_vehicle, id_).customer_id == NOBODY
    assert there.do(change_vehicle, id_, {"color": "red"}).color == "red", (
        "what was wrong before does not stand in the way"
    )


def test_the_search_finds_a_plate_and_what_was_written(desk: Desk) -> None:
    made = desk.do(create_vehicle, GOLF)
    with desk.records.read() as session:
        for words in ("B-AY", "wvwzzz1j", "golf grun", "timing"):
            assert [hit.row for hit in desk.records.search.find(session, words)] == [made.id], words


def test_all_of_it_on_both_databases(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        made = desk.do(create_vehicle, GOLF)
        other = desk.do(create_vehicle, {"plate": "Z-1"})
        desk.do(change_vehicle, made.id, {"odometer_km": 188_000})
        assert desk.see(latest, [made.id, other.id])[made.id].value == 188_000
        for sort in ("newest", "oldest", "plate", "make", "year"):
            first = desk.see(list_vehicles, sort=sort, limit=1)
            second = desk.see(list_vehicles, sort=sort, limit=1, after=first.after)
            assert {first.items[0].id, second.items[0].id} == {made.id, other.id}
        assert desk.see(list_vehicles, plate="bay1234", status=["in_workshop"]).items[0].odometer_km == 188_000
    finally:
        desk.records.close()
