"""How far a purchase order is: told by what came of its lines, which are facts, and kept as a state for lists."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.language import mark
from core.records.rows import assign
from core.workshop.models import RepairOrderLine
from core.workshop.part_states import PartState, bring_on, set_back
from core.workshop.parts_models import PurchaseOrder, PurchaseOrderLine
from core.workshop.stock import ONE, received_of_line


class PurchaseStatus(StrEnum):
    DRAFT = "draft"
    ORDERED = "ordered"
    PART_RECEIVED = "part_received"
    RECEIVED = "received"
    CANCELLED = "cancelled"


WORDS: Mapping[PurchaseStatus, str] = {
    PurchaseStatus.DRAFT: mark("Not sent"),
    PurchaseStatus.ORDERED: mark("Ordered"),
    PurchaseStatus.PART_RECEIVED: mark("Partly here"),
    PurchaseStatus.RECEIVED: mark("All here"),
    PurchaseStatus.CANCELLED: mark("Cancelled"),
}
OPEN = (PurchaseStatus.DRAFT, PurchaseStatus.ORDERED, PurchaseStatus.PART_RECEIVED)
_SENT = frozenset({PurchaseStatus.ORDERED.value, PurchaseStatus.PART_RECEIVED.value, PurchaseStatus.RECEIVED.value})


@dataclass(frozen=True, slots=True)
class Amounts:
    """A line of a purchase order: ordered and received, in thousandths; ``unit_cost`` in minor units."""

    id: str
    quantity: int
    received: int
    unit_cost: int
    line_id: str | None = None  # of the repair order that waits for it

    @property
    def open(self) -> int:
        """What is still to come; never negative."""
        return max(0, self.quantity - self.received)

    @property
    def cost(self) -> int:
        """What was ordered costs, rounded half up, in minor units."""
        return (self.quantity * self.unit_cost + ONE // 2) // ONE


def told_by(lines: Iterable[Amounts]) -> PurchaseStatus:
    """The state of an order that was sent, by what came of it."""
    lines = tuple(lines)
    if lines and all(each.open == 0 for each in lines):
        return PurchaseStatus.RECEIVED
    return PurchaseStatus.PART_RECEIVED if any(each.received > 0 for each in lines) else PurchaseStatus.ORDERED


def status_shown(kept: str | None, lines: Iterable[Amounts]) -> str:
    """The state to show: what is kept, or further on, when terminals that were apart each received a part of it."""
    if kept in (PurchaseStatus.ORDERED.value, PurchaseStatus.PART_RECEIVED.value):
        return told_by(lines).value
    return kept or PurchaseStatus.DRAFT.value


def amounts_of(session: Session, purchase_ids: Collection[str]) -> dict[str, tuple[Amounts, ...]]:
    """The lines of these purchase orders, in one statement."""
    found: dict[str, list[Amounts]] = defaultdict(list)
    wanted = set(purchase_ids)
    if not wanted:
        return {}
    line = PurchaseOrderLine
    query = select(
        line.purchase_order_id, line.id, line.quantity, received_of_line(), line.unit_cost, line.line_id
    ).where(line.purchase_order_id.in_(wanted), line.deleted_at.is_(None))
    for purchase_id, id_, quantity, received, cost, line_id in session.execute(query):
        found[str(purchase_id)].append(Amounts(id_, quantity or 0, int(received or 0), cost or 0, line_id))
    return {id_: tuple(lines) for id_, lines in found.items()}


def settle_purchase(session: Session, purchase_id: str) -> None:
    """Keep the state that the receipts tell, and bring the lines of repair orders that waited to where they are."""
    row = session.get(PurchaseOrder, purchase_id)
    if row is None:
        return
    lines = amounts_of(session, [purchase_id]).get(purchase_id, ())
    if row.status in _SENT or any(each.received > 0 for each in lines):
        assign(session, row, {"status": told_by(lines).value})
    for each in lines:
        if each.received > 0 and each.open == 0:
            bring_on(session, each.line_id, PartState.HERE)


def unsettle_lines(session: Session, purchase_line_ids: Collection[str]) -> None:
    """Receipts were taken back: their orders wait again, and so do the lines of the repair orders.

    Each order is looked at once, however many of its lines came: 400 of them took four seconds one by one.
    """
    gone: dict[str, set[str]] = {}
    for id_ in purchase_line_ids:
        line = session.get(PurchaseOrderLine, id_)
        if line is not None and line.purchase_order_id is not None:
            gone.setdefault(line.purchase_order_id, set()).add(id_)
    for purchase_id, ids in gone.items():
        settle_purchase(session, purchase_id)
        for each in amounts_of(session, [purchase_id]).get(purchase_id, ()):
            if each.id in ids and each.open > 0 and _waits(session, each.line_id):
                set_back(session, each.line_id, PartState.ON_THE_WAY)


def _waits(session: Session, line_id: str | None) -> bool:
    """What was fitted already did not wait for it."""
    row = session.get(RepairOrderLine, line_id) if line_id else None
    return row is not None and row.part_state != PartState.FITTED.value
