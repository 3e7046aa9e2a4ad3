"""Who waits for a part, and what brings it: open repair orders and purchase orders, the most pressing first."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.part_states import PartState, needing_a_part
from core.workshop.parts_models import PurchaseOrder, PurchaseOrderLine
from core.workshop.states import Status
from core.workshop.stock import COMING, ONE, fitted_of_line, received_of_line

MOST = 20
_NEVER = (1 << 62) - 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """A repair order that waits for ``quantity`` (thousandths) of a part."""

    order_id: str
    number: str | None
    quantity: int
    promised_at: int | None


@dataclass(frozen=True, slots=True)
class Coming:
    """A purchase order that brings ``quantity`` (thousandths) of a part; ``sent``: it was ordered already."""

    purchase_id: str
    number: str | None
    quantity: int
    expected_on: str | None
    sent: bool


@dataclass(frozen=True, slots=True)
class PartUses:
    """``MOST`` of each at most."""

    waiting: tuple[Waiting, ...] = ()
    coming: tuple[Coming, ...] = ()


def uses_of_part(session: Session, part_id: str) -> PartUses:
    """In two statements; what is summed up here is what ``stock`` counts as reserved, on order and planned."""
    return PartUses(_waiting(session, part_id), _coming(session, part_id))


def _waiting(session: Session, part_id: str) -> tuple[Waiting, ...]:
    open_ = func.coalesce(RepairOrderLine.quantity, ONE) - fitted_of_line()
    total = func.sum(case((open_ > 0, open_), else_=0))
    query = (
        select(RepairOrder.id, RepairOrder.number, total, RepairOrder.promised_at)
        .join(RepairOrderLine, RepairOrderLine.order_id == RepairOrder.id)
        .where(
            RepairOrderLine.part_id == part_id,
            func.coalesce(RepairOrderLine.part_state, "") != PartState.FITTED.value,
            RepairOrder.deleted_at.is_(None),
            func.coalesce(RepairOrder.status, "") != Status.DELIVERED.value,
            *needing_a_part(),
        )
        .group_by(RepairOrder.id, RepairOrder.number, RepairOrder.promised_at)
        .having(total > 0)
        .order_by(func.coalesce(RepairOrder.promised_at, _NEVER), RepairOrder.id)
        .limit(MOST)
    )
    return tuple(Waiting(row[0], row[1], int(row[2]), row[3]) for row in session.execute(query))


def _coming(session: Session, part_id: str) -> tuple[Coming, ...]:
    open_ = func.coalesce(PurchaseOrderLine.quantity, 0) - received_of_line()
    total = func.sum(case((open_ > 0, open_), else_=0))
    order = PurchaseOrder
    query = (
        select(order.id, order.number, total, order.expected_on, order.status)
        .join(PurchaseOrderLine, PurchaseOrderLine.purchase_order_id == order.id)
        .where(
            PurchaseOrderLine.part_id == part_id,
            PurchaseOrderLine.deleted_at.is_(None),
            order.deleted_at.is_(None),
            order.status.in_(("draft", *COMING)),
        )
        .group_by(order.id, order.number, order.expected_on, order.status)
        .having(total > 0)
        .order_by(func.coalesce(order.expected_on, "9999-12-31"), order.id)
        .limit(MOST)
    )
    return tuple(Coming(row[0], row[1], int(row[2]), row[3], row[4] in COMING) for row in session.execute(query))
