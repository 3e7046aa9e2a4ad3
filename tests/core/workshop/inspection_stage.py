"""A car on an order, and a template with a point of every kind, for the tests that need one."""

from dataclasses import dataclass

from core.vehicles.vehicles import create_vehicle
from core.workshop.inspection_results import ResultView, results_of
from core.workshop.inspection_templates import create_point, create_template
from core.workshop.inspections import start_inspection
from core.workshop.orders import create_repair_order
from tests.core.people.desk import Desk


@dataclass(frozen=True)
class Yard:
    vehicle: str
    order: str
    template: str
    points: dict[str, str]  # by name


def yard(desk: Desk) -> Yard:
    vehicle = desk.do(create_vehicle, {"plate": "A-1"}).id
    order = desk.do(create_repair_order, {"vehicle_id": vehicle, "odometer_in": 84_210}).id
    template = desk.do(create_template, {"name": "Brakes"}).id
    tread: dict[str, object] = {
        "kind": "measure",
        "unit": "mm",
        "worse_below": True,
        "yellow_at": 3_000,
        "red_at": 1_600,
    }
    given: list[dict[str, object]] = [
        {"name": "Tread", "section": "Tyres", **tread, "line_description": "Replace tyres", "line_kind": "part",
         "line_quantity": 2_000, "line_price": 8_900},
        {"name": "Play", "section": "Steering", "kind": "measure", "unit": "°", "yellow_at": 5_000, "red_at": 10_000},
        {"name": "Wipers", "section": "Sight"},
        {"name": "Lamps", "section": "Sight"},
        {"name": "Left in the car", "section": "Inside", "kind": "text"},
    ]  # fmt: skip
    points = {str(each["name"]): desk.do(create_point, {"template_id": template, **each}).id for each in given}
    return Yard(vehicle, order, template, points)


def begun(desk: Desk, place: Yard, **fields: object) -> str:
    return desk.do(start_inspection, {"template_id": place.template, "order_id": place.order, **fields}).id


def by_name(desk: Desk, inspection: str) -> dict[str, ResultView]:
    return {str(each.name): each for each in desk.see(results_of, inspection)}
