"""A car, an order with lines and what the customer said to them: what the tests of invoices begin with."""

from core.people.customers import create_customer
from core.vehicles.vehicles import create_vehicle
from core.workshop.estimates import decide
from core.workshop.lines import create_line
from core.workshop.orders import create_repair_order
from tests.core.people.desk import Desk

LINES = (
    {"kind": "labour", "description": "Front brakes", "quantity": 1_500, "unit_price": 9_000, "tax_rate": 1_900},
    {"kind": "part", "description": "Brake pads", "quantity": 1_000, "unit_price": 7_995, "tax_rate": 1_900},
    {"kind": "part", "description": "Brake fluid", "quantity": 333, "unit_price": 1_003, "tax_rate": 700},
)


def order_with_lines(
    desk: Desk, lines: tuple[dict[str, object], ...] = LINES, said: str = "aaa", name: str = "Ada Ott"
) -> tuple[str, list[str]]:
    """An order and its lines. ``said``, letter by letter: approved, declined, or nothing yet (a, d, -)."""
    ada = desk.do(create_customer, {"name": name, "address": "Ring 1\n80331 München"}).id
    car = desk.do(create_vehicle, {"plate": "M-OT 1", "make": "Volkswagen", "model": "Golf", "customer_id": ada}).id
    order = desk.do(create_repair_order, {"vehicle_id": car, "complaint": "Squeals", "odometer_in": 84_210}).id
    ids = [desk.do(create_line, {"order_id": order, **each}).id for each in lines]
    for line, letter in zip(ids, said, strict=False):
        if letter in "ad":
            desk.do(decide, order, [(line, "approved" if letter == "a" else "declined")], {})
    return order, ids
