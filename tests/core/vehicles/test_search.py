"""Vehicles are found by everything that is known of them, each once, in any order, page by page."""

import datetime as dt
from pathlib import Path

import pytest

from core.people.customers import create_customer
from core.records.input import Refused, Value
from core.records.rows import added
from core.vehicles.features import add_feature
from core.vehicles.fleets import create_fleet
from core.vehicles.odometer import add_reading
from core.vehicles.search import LAST_SERVICE, ORDERS, VehicleCriteria
from core.vehicles.vehicles import count_vehicles, create_vehicle, delete_vehicle, list_vehicles
from core.workshop.models import RepairOrder
from core.workshop.orders import change_repair_order, create_repair_order
from core.workshop.vehicle_search import DELIVERED, last_services
from tests.core.people.desk import STARTED, Desk, desk_at

DAY = 86_400_000


def plates(desk: Desk, **wanted: object) -> list[str | None]:
    found = desk.see(list_vehicles, services=DELIVERED, **{"sort": "plate", **wanted})  # type: ignore[arg-type]
    return [each.plate for each in found.items]


@pytest.fixture
def yard(desk: Desk) -> Desk:
    """Four vehicles of two customers."""
    ada = desk.do(create_customer, {"name": "Ada Miller"}).id
    bob = desk.do(create_customer, {"name": "Bob Ott", "kind": "company"}).id
    fleet = desk.do(create_fleet, {"name": "Vans", "customer_id": bob}).id
    for each in (
        {"plate": "A-1", "make": "Volkswagen", "model": "Golf", "year": 2012, "odometer_km": 180_000, "color": "red",
         "fuel_type": "diesel", "transmission": "manual", "vehicle_type": "car", "customer_id": ada},
        {"plate": "B-2", "make": "volkswagen", "model": "Polo", "year": 2019, "odometer_km": 40_000,
         "fuel_type": "petrol", "transmission": "automatic", "vehicle_type": "car", "status": "sold",
         "vin": "WVWZZZ6RZXW000001", "engine_number": "CJZ 123456"},
        {"plate": "C-3", "make": "Ford", "model": "Transit", "year": 2019, "odometer_km": 90_000,
         "fuel_type": "diesel", "transmission": "manual", "vehicle_type": "van", "customer_id": bob, "fleet_id": fleet},
        {"plate": "D-4"},
    ):  # fmt: skip
        desk.do(create_vehicle, each)
    return desk


def id_of(desk: Desk, plate: str) -> str:
    return desk.see(list_vehicles, plate=plate).items[0].id


def test_every_single_criterion_finds_its_vehicles(yard: Desk) -> None:
    fleet = yard.see(list_vehicles, plate="C-3").items[0]
    assert plates(yard) == ["A-1", "B-2", "C-3", "D-4"]
    assert plates(yard, plate="a1") == ["A-1"]
    assert plates(yard, vin="wvwzzz6rzxw 000001") == ["B-2"]
    assert plates(yard, make="VOLKSWAGEN") == ["A-1", "B-2"]
    assert plates(yard, model="golf") == ["A-1"]
    assert plates(yard, year_from=2013) == ["B-2", "C-3"]
    assert plates(yard, year_to=2012) == ["A-1"], "what has no year is in no range"
    assert plates(yard, odometer_from=90_000) == ["A-1", "C-3"]
    assert plates(yard, odometer_to=90_000) == ["B-2", "C-3"]
    assert plates(yard, fuel_type=["diesel", "electric"]) == ["A-1", "C-3"]
    assert plates(yard, transmission=["automatic"]) == ["B-2"]
    assert plates(yard, vehicle_type=["van", "car"]) == ["A-1", "B-2", "C-3"]
    assert plates(yard, status=["sold", "scrapped"]) == ["B-2"]
    assert plates(yard, customer_id=fleet.customer_id) == plates(yard, fleet_id=fleet.fleet_id) == ["C-3"]


def test_all_conditions_count_together(yard: Desk) -> None:
    assert plates(yard, fuel_type=["diesel"], year_from=2015, odometer_to=95_000, text="ford") == ["C-3"]
    assert plates(yard, fuel_type=["diesel"], year_from=2015, odometer_to=89_999) == []


def test_words_are_found_in_the_vehicle_and_in_whose_it_is(yard: Desk) -> None:
    assert plates(yard, text="volks") == ["A-1", "B-2"]
    assert plates(yard, text="cjz123") == ["B-2"], "the engine's number, however it is cut"
    assert plates(yard, text="000001") == ["B-2"], "the end of the VIN"
    assert plates(yard, text="red golf") == ["A-1"]
    assert plates(yard, text="golf miller") == ["A-1"], "Mrs Miller's Golf"
    assert plates(yard, text="polo miller") == []
    assert plates(yard, text="%") == plates(yard, text=" ") == plates(yard, text="") == []


def test_more_words_and_rows_than_a_search_box_shows_are_all_there(desk: Desk) -> None:
    for number in range(120):
        desk.do(create_vehicle, {"plate": f"N-{number:03}", "make": "Opel"})
    first = desk.see(list_vehicles, text="opel", limit=100)
    rest = desk.see(list_vehicles, text="opel", limit=100, after=first.after)
    assert len({each.id for page in (first, rest) for each in page.items}) == 120


def test_any_of_the_features_will_do_and_a_vehicle_with_both_comes_once(yard: Desk) -> None:
    for plate, name in (("A-1", "Tow bar"), ("A-1", "Roof rack"), ("C-3", "tow bar")):
        yard.do(add_feature, {"vehicle_id": id_of(yard, plate), "name": name})
    assert plates(yard, features=["TOW BAR"]) == ["A-1", "C-3"]
    assert plates(yard, features=["roof rack", "tow bar"]) == ["A-1", "C-3"]
    assert plates(yard, features=["sunroof"]) == []


def test_the_odometer_is_the_last_reading_not_the_largest_and_not_each(yard: Desk) -> None:
    golf = id_of(yard, "A-1")
    yard.do(add_reading, {"vehicle_id": golf, "value": 170_000, "read_at": STARTED - 90 * DAY})
    assert plates(yard, odometer_to=175_000) == ["B-2", "C-3"]
    assert plates(yard, odometer_from=170_000) == ["A-1"]


def served(desk: Desk, plate: str, days_ago: int) -> None:
    desk.clock.now = STARTED - days_ago * DAY
    order = desk.do(create_repair_order, {"vehicle_id": id_of(desk, plate), "status": "ready"})
    desk.do(change_repair_order, order.id, {"status": "delivered"})


def test_the_last_service_is_the_last_order_that_was_delivered(yard: Desk) -> None:
    for plate, days_ago in (("A-1", 400), ("C-3", 200), ("A-1", 10)):
        served(yard, plate, days_ago)
    yard.do(create_repair_order, {"vehicle_id": id_of(yard, "B-2"), "opened_at": STARTED - 5 * DAY})
    golf, van = id_of(yard, "A-1"), id_of(yard, "C-3")
    found = yard.see(last_services, [each.id for each in yard.see(list_vehicles).items])
    assert set(found) == {golf, van}, "what was not finished is no service"
    assert found[golf] > found[van]
    assert plates(yard, sort=LAST_SERVICE)[:2] == ["A-1", "C-3"]
    assert plates(yard, serviced_from="2000-01-01") == ["A-1", "C-3"]
    a_month_ago = dt.datetime.fromtimestamp((STARTED - 30 * DAY) / 1000).date().isoformat()
    assert plates(yard, serviced_to=a_month_ago) == ["C-3"], "the Golf was here since"
    day = dt.datetime.fromtimestamp(found[van] / 1000).date().isoformat()
    assert plates(yard, serviced_from=day, serviced_to=day) == ["C-3"], "both days are included"
    with pytest.raises(Refused):
        plates(yard, serviced_to="soon")


def test_an_order_that_came_without_its_moves_counts_from_when_it_was_opened(yard: Desk) -> None:
    golf = id_of(yard, "A-1")
    written: dict[str, Value] = {"vehicle_id": golf, "status": "delivered", "opened_at": STARTED - 700 * DAY}
    yard.records.change("test", lambda session: added(session, RepairOrder, written) and None)
    yard.records.change("test", lambda session: added(session, RepairOrder, {**written, "opened_at": None}) and None)
    assert yard.see(last_services, [golf]) == {golf: STARTED - 700 * DAY}
    assert plates(yard, serviced_from="2000-01-01") == ["A-1"]


def test_a_list_is_sorted_by_every_column_both_ways_with_ties_by_id(yard: Desk) -> None:
    for order in (*ORDERS,):
        for descending in (True, False):
            found: list[str | None] = []
            after: str | None = None
            while True:
                page = yard.see(list_vehicles, sort=order.name, descending=descending, after=after, limit=1)
                found += [each.plate for each in page.items]
                after = page.after
                if after is None:
                    break
            whole = [each.plate for each in yard.see(list_vehicles, sort=order.name, descending=descending).items]
            assert found == whole, f"{order.name}: one by one as in one go"
            assert sorted(str(each) for each in found) == ["A-1", "B-2", "C-3", "D-4"]
    assert plates(yard, sort="odometer") == ["A-1", "C-3", "B-2", "D-4"]
    assert plates(yard, sort="odometer", descending=False) == ["D-4", "B-2", "C-3", "A-1"]
    assert plates(yard, sort="year", descending=False) == ["D-4", "A-1", "B-2", "C-3"]
    with pytest.raises(Refused):
        plates(yard, sort="plate; DROP TABLE vehicles")


def test_what_is_deleted_is_counted_and_listed_apart(yard: Desk) -> None:
    yard.do(delete_vehicle, id_of(yard, "A-1"))
    assert plates(yard) == ["B-2", "C-3", "D-4"]
    assert plates(yard, deleted=True) == ["A-1"]
    assert yard.see(count_vehicles, VehicleCriteria()) == 3
    assert yard.see(count_vehicles, VehicleCriteria(make="volkswagen")) == 1


def test_however_many_criteria_and_rows_the_questions_stay_few(yard: Desk) -> None:
    for number in range(30):
        yard.do(create_vehicle, {"plate": f"N-{number}", "make": "Opel", "odometer_km": number, "year": 2020})
    criteria = VehicleCriteria(
        text="opel", make="Opel", year_from=2000, odometer_from=0, features=(), status=("active",)
    )
    few = yard.statements(list_vehicles, criteria, services=DELIVERED, sort="odometer", limit=2)
    many = yard.statements(list_vehicles, criteria, services=DELIVERED, sort="odometer", limit=30)
    assert len(few) == len(many) <= 3, many


def test_criteria_are_made_of_what_was_stored_and_say_all_that_is_wrong() -> None:
    wanted = VehicleCriteria(text="golf", year_from=2010, odometer_from=0, status=("active", "sold"))
    assert VehicleCriteria.of(wanted.given()) == wanted
    assert wanted.given() == {"text": "golf", "year_from": 2010, "odometer_from": 0, "status": ["active", "sold"]}
    with pytest.raises(Refused) as refused:
        VehicleCriteria.of({"year_from": "x", "serviced_to": "soon", "colour": "red", "status": [1], "fleet_id": "x"})
    assert {each.field for each in refused.value.problems} == {
        "year_from",
        "serviced_to",
        "colour",
        "status",
        "fleet_id",
    }


def test_every_criterion_and_order_is_understood_by_both_databases(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        ada = desk.do(create_customer, {"name": "Ada Miller"}).id
        car = desk.do(
            create_vehicle,
            {"plate": "A-1", "make": "VW", "model": "Golf", "year": 2012, "odometer_km": 10, "customer_id": ada,
             "fuel_type": "diesel", "transmission": "manual", "vehicle_type": "car"},
        ).id  # fmt: skip
        desk.do(add_feature, {"vehicle_id": car, "name": "Tow bar"})
        served(desk, "A-1", 3)
        everything = VehicleCriteria(
            text="golf miller", plate="a1", make="vw", model="golf", year_from=2000, year_to=2020, odometer_from=1,
            odometer_to=20, fuel_type=["diesel"], transmission=["manual"], vehicle_type=["car"], status=["active"],
            features=["tow bar"], customer_id=ada, serviced_from="2000-01-01", serviced_to="2100-01-01",
        )  # fmt: skip
        desk.do(create_vehicle, {"plate": "B-2"})
        for sort in (*(each.name for each in ORDERS), LAST_SERVICE):
            found = desk.see(list_vehicles, everything, services=DELIVERED, sort=sort)
            assert [each.id for each in found.items] == [car]
            first = desk.see(list_vehicles, services=DELIVERED, sort=sort, limit=1)
            rest = desk.see(list_vehicles, services=DELIVERED, sort=sort, limit=1, after=first.after)
            assert len({each.id for each in (*first.items, *rest.items)}) == 2, sort
        assert desk.see(count_vehicles, everything, services=DELIVERED) == 1
    finally:
        desk.records.close()
