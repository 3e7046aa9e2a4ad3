"""An order with an estimate of three lines, for the tests that need one."""

from dataclasses import dataclass

from core.vehicles.vehicles import create_vehicle
from core.workshop.lines import create_line
from core.workshop.orders import create_repair_order
from tests.core.people.desk import Desk


@dataclass(frozen=True)
class Stage:
    vehicle: str
    order: str
    pads: str  # a part, 2 at 45.99
    work: str  # labour, 1.5 h at 98.00
    fee: str  # 2.50


def staged(desk: Desk, plate: str = "A-1") -> Stage:
    vehicle = desk.do(create_vehicle, {"plate": plate}).id
    order = desk.do(create_repair_order, {"vehicle_id": vehicle}).id

    def line(kind: str, words: str, quantity: int, price: int) -> str:
        given = {"order_id": order, "kind": kind, "description": words, "quantity": quantity, "unit_price": price}
        return desk.do(create_line, {**given, "tax_rate": 1_900}).id

    return Stage(
        vehicle,
        order,
        line("part", "Brake pads, front", 2_000, 4_599),
        line("labour", "Replace front pads", 1_500, 9_800),
        line("fee", "Disposal", 1_000, 250),
    )


def visit(desk: Desk, vehicle: str) -> str:
    """The next time the car comes."""
    return desk.do(create_repair_order, {"vehicle_id": vehicle}).id
