"""The parts of an order as the window reads and writes them. Each function waits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.people.roles import Actor
from core.records.records import Records
from core.workshop.order_parts import OrderPart, order_parts
from core.workshop.part_states import PartState, set_part_state
from core.workshop.parts import parts_of
from core.workshop.purchase_lines import (
    Received,
    add_purchase_line,
    list_purchase_lines,
    receive,
    send_purchase_order,
)
from core.workshop.purchasing import (
    PurchaseOrderView,
    cancel_purchase_order,
    create_purchase_order,
    delete_purchase_order,
)
from core.workshop.stock_moves import fit_line, take_back_moves, take_out_line
from core.workshop.suppliers import SupplierView, create_supplier, list_suppliers

SUPPLIERS = 100


@dataclass(frozen=True, slots=True)
class PartsRead:
    """The parts of an order; ``usual``: the supplier of each line's part, by the line's id."""

    parts: tuple[OrderPart, ...]
    suppliers: tuple[SupplierView, ...]
    usual: dict[str, str]


def read_parts(records: Records, row: str) -> PartsRead:
    """Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        parts = order_parts(session, row)
        known = parts_of(session, [each.part_id for each in parts if each.part_id])
        usual = {
            each.line_id: str(known[each.part_id].supplier_id)
            for each in parts
            if each.part_id in known and known[each.part_id].supplier_id
        }
        return PartsRead(parts, list_suppliers(session, limit=SUPPLIERS).items, usual)


def order_now(records: Records, actor: Actor, lines: Sequence[str], supplier: str) -> PurchaseOrderView:
    """Order the parts of these lines of one supplier, on a purchase order of their own.

    Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``.
    """

    def work(session: Session) -> PurchaseOrderView:
        made = create_purchase_order(session, actor, {"supplier_id": supplier})
        for line in lines:
            add_purchase_line(session, actor, {"purchase_order_id": made.id, "line_id": line})
        return send_purchase_order(session, actor, made.id)

    return records.change(actor.reference, work).value


def order_back(records: Records, actor: Actor, purchase: str) -> None:
    """It was not ordered after all. Raises as ``order_now``."""

    def work(session: Session) -> None:
        cancel_purchase_order(session, actor, purchase)
        delete_purchase_order(session, actor, purchase)

    records.change(actor.reference, work)


def order_of_new(records: Records, actor: Actor, lines: Sequence[str], name: str) -> PurchaseOrderView:
    """As ``order_now``, of a supplier that is new here."""

    def work(session: Session) -> str:
        return create_supplier(session, actor, {"name": name}).id

    return order_now(records, actor, lines, records.change(actor.reference, work).value)


def it_came(records: Records, actor: Actor, part: OrderPart) -> Received | None:
    """The part of a line came: received on its purchase order, or only said to be here when it is on none."""

    def work(session: Session) -> Received | None:
        if part.purchase_id is not None:
            lines = list_purchase_lines(session, part.purchase_id)
            came = {each.id: each.open for each in lines if each.line_id == part.line_id and each.open}
            if came:
                return receive(session, actor, part.purchase_id, came)
        set_part_state(session, actor, part.line_id, PartState.HERE.value)
        return None

    return records.change(actor.reference, work).value


def it_did_not(records: Records, actor: Actor, part: OrderPart, came: Received | None) -> None:
    """Take ``it_came`` back."""

    def work(session: Session) -> None:
        if came is not None:
            take_back_moves(session, actor, came.moves)
        set_part_state(session, actor, part.line_id, part.state.value)

    records.change(actor.reference, work)


def fit(records: Records, actor: Actor, line: str, *, anyway: bool = False) -> None:
    """The part was fitted. Raises ``Refused`` when the store has not enough of it, unless ``anyway``."""
    records.change(actor.reference, lambda session: fit_line(session, actor, line, anyway=anyway))


def take_out(records: Records, actor: Actor, line: str) -> None:
    """The part was taken out again. Raises as ``order_now``."""
    records.change(actor.reference, lambda session: take_out_line(session, actor, line))


def say_state(records: Records, actor: Actor, line: str, state: str) -> None:
    """Say by hand how far a part is. Raises as ``order_now``."""
    records.change(actor.reference, lambda session: set_part_state(session, actor, line, state))
