"""Figures of any filter: nothing is counted twice, and what is not known is in no mean."""

import datetime as dt
from pathlib import Path

from core.records.input import Value
from core.records.rows import added
from core.vehicles.features import add_feature
from core.vehicles.figures import Share, VehicleFigures, vehicle_figures
from core.vehicles.models import Vehicle
from core.vehicles.odometer import add_reading
from core.vehicles.search import VehicleCriteria
from core.vehicles.vehicles import create_vehicle
from core.workshop.models import RepairOrder
from core.workshop.vehicle_search import DELIVERED
from tests.core.people.desk import Desk, desk_at


def milliseconds(year: int, month: int, day: int, hour: int = 12) -> int:
    return int(dt.datetime(year, month, day, hour).timestamp() * 1000)


def put(desk: Desk, model: type[Vehicle] | type[RepairOrder], **values: Value) -> str:
    return desk.records.change("test", lambda session: added(session, model, values).id).value


def served(desk: Desk, car: str, *days: tuple[int, int, int]) -> None:
    for day in days:
        put(desk, RepairOrder, vehicle_id=car, status="delivered", opened_at=milliseconds(*day))


def figures(desk: Desk, **wanted: object) -> VehicleFigures:
    return desk.see(vehicle_figures, VehicleCriteria(**wanted), services=DELIVERED)  # type: ignore[arg-type]


def test_a_vehicle_with_many_readings_features_and_services_counts_once(desk: Desk) -> None:
    golf = desk.do(create_vehicle, {"plate": "A-1", "fuel_type": "diesel", "odometer_km": 100}).id
    desk.do(create_vehicle, {"plate": "B-2", "fuel_type": "petrol", "odometer_km": 501, "status": "sold"})
    desk.do(create_vehicle, {"plate": "C-3", "fuel_type": "diesel"})
    for value in (150, 180, 200):
        desk.do(add_reading, {"vehicle_id": golf, "value": value})
    for name in ("tow bar", "roof rack"):
        desk.do(add_feature, {"vehicle_id": golf, "name": name})
    served(desk, golf, (2024, 3, 1), (2024, 9, 1), (2025, 3, 1))
    found = figures(desk)
    assert (found.count, found.with_odometer) == (3, 2)
    assert found.mean_odometer_km == 351, "of the last readings, 200 and 501, rounded"
    assert found.fuel_types == (Share("diesel", 2), Share("petrol", 1))
    assert found.statuses == (Share("active", 2), Share("sold", 1))


def test_services_are_counted_not_vehicles_by_their_last_one(desk: Desk) -> None:
    one, two = (desk.do(create_vehicle, {"plate": plate, "make": plate}).id for plate in ("A", "B"))
    served(desk, one, (2024, 3, 1), (2024, 9, 1), (2025, 3, 1))
    served(desk, two, (2024, 12, 31), (2025, 1, 1))
    put(desk, RepairOrder, vehicle_id=one, status="ready", opened_at=milliseconds(2026, 1, 1))
    assert figures(desk).services == ((2024, 3), (2025, 2))
    assert figures(desk, make="B").services == ((2024, 1), (2025, 1))


def test_new_year_is_that_of_this_place(desk: Desk) -> None:
    car = desk.do(create_vehicle, {"plate": "A"}).id
    for at in (milliseconds(2025, 1, 1, 0) - 1, milliseconds(2025, 1, 1, 0)):
        put(desk, RepairOrder, vehicle_id=car, status="delivered", opened_at=at)
    assert figures(desk).services == ((2024, 1), (2025, 1))


def test_age_is_of_the_day_it_was_built_or_registered_or_its_model_year(desk: Desk) -> None:
    today = dt.datetime.now()
    base = today.year * 12 + today.month - 1
    desk.do(create_vehicle, {"plate": "A", "make": "x", "manufacture_date": f"{today.year - 10}-{today.month:02}-01"})
    assert figures(desk, make="x").mean_age_months == 120
    desk.do(create_vehicle, {"plate": "B", "make": "y", "first_registration": f"{today.year - 2}-{today.month:02}-28"})
    assert figures(desk, make="y").mean_age_months == 24
    desk.do(create_vehicle, {"plate": "C", "make": "z", "year": 2020})
    assert figures(desk, make="z").mean_age_months == base - 2020 * 12
    desk.do(create_vehicle, {"plate": "D", "make": "w"})
    nothing = figures(desk, make="w")
    assert (nothing.count, nothing.with_age, nothing.mean_age_months, nothing.mean_odometer_km) == (1, 0, None, None)
    assert figures(desk).with_age == 3


def test_the_figures_are_of_the_filter_and_of_nothing_else(desk: Desk) -> None:
    for number in range(6):
        desk.do(create_vehicle, {"plate": f"A-{number}", "make": "Opel", "fuel_type": "diesel" if number else "lpg"})
    assert figures(desk, fuel_type=["lpg"]).count == 1
    assert figures(desk, make="Audi") == VehicleFigures(0, 0, None, 0, None, (), (), ())


def test_rows_with_nothing_in_them_and_with_nonsense_break_no_figure(place: Path | str) -> None:
    desk = desk_at(place)
    try:
        put(desk, Vehicle)
        put(desk, Vehicle, manufacture_date="yesterday", year=99_999, fuel_type="")
        put(desk, Vehicle, manufacture_date="nonsense", year=2020)
        served(desk, put(desk, Vehicle, year=2021), (2025, 5, 5))
        put(desk, RepairOrder, vehicle_id=None, status="delivered", opened_at=None)
        put(desk, RepairOrder, vehicle_id=put(desk, Vehicle), status="delivered", opened_at=1 << 60)
        found = figures(desk)
        assert (found.count, found.with_age, found.services) == (5, 2, ((2025, 1),))
    finally:
        desk.records.close()


def test_three_questions_are_asked_however_many_vehicles(desk: Desk) -> None:
    for number in range(12):
        served(desk, desk.do(create_vehicle, {"plate": f"A-{number}", "year": 2000 + number}).id, (2025, 5, 5))
    criteria = VehicleCriteria(year_from=2001, odometer_to=None)
    assert len(desk.statements(vehicle_figures, criteria, services=DELIVERED)) == 3
