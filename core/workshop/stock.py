"""How many of each part there are: the sum of its moves, which are facts, less what orders wait for, and what comes.

Quantities are thousandths. Two terminals that could not see each other may both take the last one: the sum goes below
zero, is shown so, and ``findings`` tells. Only a person who takes more than they can see is asked first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.part_states import PartState, needing_a_part
from core.workshop.parts_models import PurchaseOrder, PurchaseOrderLine, StockMove
from core.workshop.states import Status

ONE = 1000  # quantities are thousandths
TAKEN = ("fitted", "returned")  # reasons of moves between the store and an order's line
COMING = ("ordered", "part_received")  # states of purchase orders of which something is still to come


@dataclass(frozen=True, slots=True)
class Stock:
    """Of one part, in thousandths: what lies there, what open orders wait for, what was ordered and not come yet,
    and what stands on purchase orders that were not sent.
    """

    on_hand: int = 0
    reserved: int = 0
    on_order: int = 0
    planned: int = 0

    @property
    def free(self) -> int:
        """What nobody waits for."""
        return self.on_hand - self.reserved


NOTHING = Stock()


def stock_of(session: Session, part_ids: Collection[str]) -> dict[str, Stock]:
    """The stock of these parts, in one statement; a part that never moved and nobody wants is not in it."""
    wanted = set(part_ids)
    if not wanted:
        return {}
    table = stock_table(wanted).c
    query = select(table.part_id, table.on_hand, table.reserved, table.on_order, table.planned)
    return {row[0]: Stock(*(int(each) for each in row[1:])) for row in session.execute(query)}


def stock_table(part_ids: Collection[str] | None = None) -> Subquery:
    """``part_id, on_hand, reserved, on_order, planned`` of these parts, or of all, for use in a query."""
    rows = union_all(_moved(part_ids), _waited_for(part_ids), _bought(part_ids)).subquery()
    sums = [func.sum(rows.c[name]).label(name) for name in ("on_hand", "reserved", "on_order", "planned")]
    return select(rows.c.part_id, *sums).group_by(rows.c.part_id).subquery()


def received_of_line() -> ColumnElement[int]:
    """What came of a line of ``PurchaseOrderLine``, for a query."""
    came = select(func.coalesce(func.sum(StockMove.quantity), 0)).where(
        StockMove.purchase_line_id == PurchaseOrderLine.id, StockMove.deleted_at.is_(None)
    )
    return came.correlate(PurchaseOrderLine).scalar_subquery()


def fitted_of_line() -> ColumnElement[int]:
    """What was taken for a line of ``RepairOrderLine`` and not brought back, for a query."""
    taken = select(-func.coalesce(func.sum(StockMove.quantity), 0)).where(
        StockMove.line_id == RepairOrderLine.id, StockMove.reason.in_(TAKEN), StockMove.deleted_at.is_(None)
    )
    return taken.correlate(RepairOrderLine).scalar_subquery()


def _moved(part_ids: Collection[str] | None) -> Select[Any]:
    total = func.coalesce(func.sum(StockMove.quantity), 0)
    query = select(StockMove.part_id.label("part_id"), *_columns(on_hand=total)).where(
        StockMove.part_id.is_not(None), StockMove.deleted_at.is_(None)
    )
    return (query if part_ids is None else query.where(StockMove.part_id.in_(part_ids))).group_by(StockMove.part_id)


def _waited_for(part_ids: Collection[str] | None) -> Select[Any]:
    """What lines of open orders take and was not fitted yet."""
    open_ = func.coalesce(RepairOrderLine.quantity, ONE) - fitted_of_line()
    query = (
        select(RepairOrderLine.part_id.label("part_id"), *_columns(reserved=case((open_ > 0, open_), else_=0)))
        .join(RepairOrder, RepairOrder.id == RepairOrderLine.order_id)
        .where(
            RepairOrderLine.part_id.is_not(None),
            func.coalesce(RepairOrderLine.part_state, "") != PartState.FITTED.value,
            RepairOrder.deleted_at.is_(None),
            RepairOrder.id.in_(_open_orders()),
            *needing_a_part(),
        )
    )
    return query if part_ids is None else query.where(RepairOrderLine.part_id.in_(part_ids))


def _open_orders() -> Select[str]:
    """Orders that are not delivered, a few of many: by ranges, so that the index serves."""
    status, delivered = RepairOrder.status, Status.DELIVERED.value
    return select(RepairOrder.id).where(or_(status < delivered, status > delivered, status.is_(None)))


def _bought(part_ids: Collection[str] | None) -> Select[Any]:
    """What is on purchase orders and did not come yet."""
    open_ = func.coalesce(PurchaseOrderLine.quantity, 0) - received_of_line()
    open_ = case((open_ > 0, open_), else_=0)
    sent = PurchaseOrder.status.in_(COMING)
    columns = _columns(on_order=case((sent, open_), else_=0), planned=case((sent, 0), else_=open_))
    query = (
        select(PurchaseOrderLine.part_id.label("part_id"), *columns)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.purchase_order_id)
        .where(
            PurchaseOrderLine.part_id.is_not(None),
            PurchaseOrderLine.deleted_at.is_(None),
            PurchaseOrder.deleted_at.is_(None),
            PurchaseOrder.status.in_(("draft", *COMING)),
        )
    )
    return query if part_ids is None else query.where(PurchaseOrderLine.part_id.in_(part_ids))


def _columns(**given: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    names = ("on_hand", "reserved", "on_order", "planned")
    return [given.get(name, literal(0)).label(name) for name in names]
