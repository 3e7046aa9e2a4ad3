"""What the tests and pictures of the page Parts share: a store of a real shop's kind, and the page on it."""

from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from core.workshop.lines import create_line
from core.workshop.parts import create_part
from core.workshop.purchase_lines import buy, list_purchase_lines, receive, send_purchase_order
from core.workshop.stock_moves import fit_line, move_stock
from core.workshop.suppliers import create_supplier
from tests.ui.two_bays import Bay
from ui.pages.parts import PartsPage
from ui.pages.registry import ENTRIES
from ui.shell import Shell

PAGES = tuple(entry for entry in ENTRIES if entry.name in ("parts", "orders"))
ONE = 1000
# number, name, maker, barcode, place, here, minimum, up to, cost, price
STORE = (
    ("W 712/95", "Oil filter", "Mann", "4011558736101", "A3-12", 6, 4, 12, 540, 1190),
    ("OX 188D", "Oil filter insert", "Mahle", "4009026061930", "A3-13", 1, 4, 10, 620, 1290),
    ("CU 2939", "Cabin air filter", "Mann", "4011558540296", "A2-04", 3, 2, 6, 880, 1890),
    ("0 986 494 373", "Brake pads, front, set", "Bosch", "3165143319246", "B1-01", 2, 2, 4, 3120, 5990),
    ("0 986 479 677", "Brake disc, front", "Bosch", "3165143623480", "B1-02", 4, 4, 8, 2890, 5450),
    ("1 457 434 310", "Fuel filter", "Bosch", "3165141006216", "A2-09", 0, 1, 2, 1450, 2990),
    ("VKMA 01250", "Timing belt kit with water pump", "SKF", "7316573105264", "C2-01", 1, 1, 2, 11800, 21900),
    ("2 607 232 022", "Wiper blades, pair", "Bosch", "3165142226174", "D1-03", 7, 4, 10, 1290, 2490),
    ("ZKR7A-10", "Spark plug", "NGK", "4010326001569", "A1-22", 16, 8, 24, 410, 890),
    ("S4 008", "Battery 74 Ah", "Bosch", "4047024485624", "E0-01", 2, 1, 3, 7900, 13900),
    ("LR 1260", "Wheel bearing kit, rear", "Ruville", "4011442111110", "C1-07", 0, 0, 0, 3490, 6490),
)


def page(shell: Shell) -> PartsPage:
    shell.go("parts")
    found = shell.content.pages["parts"]
    assert isinstance(found, PartsPage)
    return found


def change(bay: Bay, work: Any, *given: Any, **named: Any) -> Any:
    """A function of a room, as somebody at this terminal."""
    return bay.records.change(bay.actor.reference, lambda session: work(session, bay.actor, *given, **named)).value


def stocked(bay: Bay) -> dict[str, str]:
    """A store with two suppliers, orders that wait and a delivery on its way. Part ids by number."""
    return bay.records.change(bay.actor.reference, partial(_stock, bay)).value


def _stock(bay: Bay, session: Session) -> dict[str, str]:
    actor = bay.actor
    suppliers = [
        create_supplier(session, actor, {"name": name, "lead_days": days}).id
        for name, days in (("Nordteile Großhandel", 1), ("Bremsen-Kontor", 2))
    ]
    made: dict[str, str] = {}
    for number, name, maker, code, place, here, minimum, up_to, cost, price in STORE:
        fields: dict[str, object] = {
            "number": number, "name": name, "manufacturer": maker, "barcode": code, "location": place,
            "minimum": minimum * ONE or None, "order_up_to": up_to * ONE or None, "cost": cost, "price": price,
            "supplier_id": suppliers[name.startswith("Brake")],
        }  # fmt: skip
        made[number] = create_part(session, actor, fields).id
        if here:
            move_stock(session, actor, {"part_id": made[number], "reason": "receipt", "quantity": here * ONE})
    oil = create_part(
        session, actor,
        {"number": "5W-30", "name": "Engine oil 5W-30, drum", "unit": "l", "location": "Oil room", "minimum": 40 * ONE,
         "order_up_to": 208 * ONE, "cost": 390, "price": 1290, "supplier_id": suppliers[0]},
    )  # fmt: skip
    made["5W-30"] = oil.id
    move_stock(session, actor, {"part_id": oil.id, "reason": "count", "quantity": 96_500})
    return made


def busy(bay: Bay, parts: dict[str, str]) -> str:
    """An order that waits for parts, and a purchase order of which a part came. Returns the purchase order."""
    order = bay.new_order(complaint="Service and brakes").id
    for number, quantity in (("W 712/95", 1), ("0 986 494 373", 1), ("LR 1260", 1)):
        fields = {
            "order_id": order, "kind": "part", "description": "x", "part_id": parts[number], "quantity": quantity * ONE,
        }  # fmt: skip
        line = change(bay, create_line, fields)
        if number == "W 712/95":
            change(bay, fit_line, line.id)
    wanted = [{"part_id": parts[number], "quantity": count * ONE} for number, count in (("OX 188D", 9), ("CU 2939", 3))]
    (purchase,) = change(bay, buy, wanted)
    change(bay, send_purchase_order, purchase.id, {"reference": "AB-77310"})
    with bay.records.read() as session:
        first = list_purchase_lines(session, purchase.id)[1].id
    change(bay, receive, purchase.id, {first: 2 * ONE})
    (draft,) = change(bay, buy, [{"part_id": parts["0 986 479 677"], "quantity": 4 * ONE}])
    assert draft.id != purchase.id
    return str(purchase.id)
