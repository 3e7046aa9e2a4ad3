"""What the tests of the page Vehicles share: a few vehicles of a real shop's kind, and the page on them."""

from typing import Any

from sqlalchemy.orm import Session

import core.models  # noqa: F401 - the page Orders, which is opened from here, reads tables of all rooms
from core.people.customers import create_customer
from core.vehicles.features import add_feature
from core.vehicles.fleets import create_fleet
from core.vehicles.vehicles import create_vehicle
from core.workshop.orders import change_repair_order, create_repair_order
from tests.ui.two_bays import Bay, until
from ui.pages.vehicles import VehiclesPage
from ui.pages.vehicles_profile import VehicleProfile
from ui.shell import Shell

# plate, make, model, year, fuel, odometer, customer, VIN
CARS = (
    ("HH AB 123", "Volkswagen", "Golf", 2019, "petrol", 68_400, "Anna Berg", "WVWZZZAUZKW123456"),
    ("M XY 4711", "BMW", "320d Touring", 2016, "diesel", 182_300, "Max Schuster", "WBA8K51090K123456"),
    ("B CD 77", "Toyota", "Yaris", 2021, "hybrid", 31_050, "Lena Kowalczyk", None),
    ("S TU 2024", "Mercedes-Benz", "Sprinter 316", 2018, "diesel", 247_800, "Three Sheaves Bakery", None),
    ("S TU 2025", "Mercedes-Benz", "Sprinter 314", 2020, "diesel", 151_200, "Three Sheaves Bakery", None),
    ("F QR 314", "Opel", "Astra", 2012, None, None, None, None),
)


def page(shell: Shell) -> VehiclesPage:
    shell.go("vehicles")
    found = shell.content.pages["vehicles"]
    assert isinstance(found, VehiclesPage)
    return found


def change(bay: Bay, work: Any, *given: Any) -> Any:
    """A function of a room, as somebody at this terminal."""
    return bay.records.change(bay.actor.reference, lambda session: work(session, bay.actor, *given)).value


def parked(bay: Bay) -> dict[str, str]:
    """The vehicles by plate: two of one bakery, which are its fleet; the Golf was here once. Their ids."""

    def work(session: Session, actor: Any) -> dict[str, str]:
        owners: dict[str, str] = {}
        made: dict[str, str] = {}
        fleet = create_fleet(session, actor, {"name": "Bakery vans"}).id
        for plate, make, model, year, fuel, km, who, vin in CARS:
            if who and who not in owners:
                owners[who] = create_customer(session, actor, {"name": who, "phone": "040 1234"}).id
            fields = {
                "plate": plate, "make": make, "model": model, "year": year, "fuel_type": fuel, "odometer_km": km,
                "customer_id": owners.get(who or ""), "vin": vin,
                "fleet_id": fleet if plate.startswith("S TU") else None,
            }  # fmt: skip
            given = {name: value for name, value in fields.items() if value is not None}
            made[plate] = create_vehicle(session, actor, given).id
        for plate in ("S TU 2024", "M XY 4711"):
            add_feature(session, actor, {"vehicle_id": made[plate], "name": "Tow bar"})
        visit = {"vehicle_id": made["HH AB 123"], "complaint": "Brakes grind", "status": "ready"}
        order = create_repair_order(session, actor, visit)
        change_repair_order(session, actor, order.id, {"status": "delivered"})
        return made

    return change(bay, work)  # type: ignore[no-any-return]


def plates(found: VehiclesPage) -> list[str]:
    return [line.vehicle.plate or "" for line in found.list.shown.rows]


def finds(found: VehiclesPage, *wanted: str) -> None:
    """Wait until the list shows exactly these, in any order."""
    until(lambda: sorted(plates(found)) == sorted(wanted), f"{plates(found)} becomes {wanted}")


def opened(shell: Shell, row: str, tab: str = "overview") -> VehicleProfile:
    found = page(shell)
    found.show_vehicle(row, tab)
    until(lambda: found.profile.shown is not None and found.profile.shown.vehicle.id == row, "the profile is read")
    return found.profile
