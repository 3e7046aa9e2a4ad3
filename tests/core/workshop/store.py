"""A small store for tests: parts, what lies there, and orders that wait."""

from core.workshop.lines import create_line
from core.workshop.orders import create_repair_order
from core.workshop.parts import PartView, create_part, get_part
from core.workshop.stock_moves import move_stock
from core.workshop.suppliers import create_supplier
from tests.core.people.desk import Desk

ONE = 1000


def supplier(desk: Desk, name: str = "Nordteile", **fields: object) -> str:
    return desk.do(create_supplier, {"name": name, **fields}).id


def part(desk: Desk, number: str = "OF-1", here: int = 0, **fields: object) -> str:
    """A part of which ``here`` pieces lie in the store."""
    made = desk.do(create_part, {"number": number, "name": f"Part {number}", **fields}).id
    if here:
        move(desk, made, "receipt", here)
    return made


def move(desk: Desk, part_id: str, reason: str, pieces: int, **fields: object) -> str:
    given = {"part_id": part_id, "reason": reason, "quantity": pieces * ONE, **fields}
    anyway = bool(given.pop("anyway", False))
    return desk.do(move_stock, given, anyway=anyway).id


def order(desk: Desk, **fields: object) -> str:
    return desk.do(create_repair_order, {"complaint": "x", **fields}).id


def line(desk: Desk, order_id: str, part_id: str | None = None, pieces: int = 1, **fields: object) -> str:
    given = {"order_id": order_id, "kind": "part", "description": "Oil filter", "quantity": pieces * ONE}
    if part_id is not None:
        given["part_id"] = part_id
    return desk.do(create_line, {**given, **fields}).id


def stock(desk: Desk, part_id: str) -> PartView:
    return desk.see(get_part, part_id)


def counts(desk: Desk, part_id: str) -> tuple[int, int, int, int]:
    """On hand, reserved, on order and planned, in pieces."""
    found = stock(desk, part_id)
    return found.on_hand // ONE, found.reserved // ONE, found.on_order // ONE, found.planned // ONE
