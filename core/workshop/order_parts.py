"""The parts of one repair order: how far each is, what the store has of it, and when the rest is expected."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.moment import now
from core.records.rows import added, by_id, row_of
from core.vehicles.models import InstalledPart
from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.part_states import PartState, needing_a_part, state_shown
from core.workshop.parts_models import Part, PurchaseOrder, PurchaseOrderLine
from core.workshop.purchasing import local_day
from core.workshop.stock import NOTHING, ONE, fitted_of_line, received_of_line, stock_of


@dataclass(frozen=True, slots=True)
class OrderPart:
    """A line that needs a part. Quantities are thousandths; ``taken`` of them left the store for this line.

    ``on_hand`` and ``free`` (nobody else waits for it) of the store, ``location`` where it lies; ``part_id`` None: it
    is not kept there. ``purchase_id`` and ``purchase_number``: on which purchase order it stands, ``expected_on``:
    when it should come.
    """

    line_id: str
    part_id: str | None
    description: str | None
    part_number: str | None
    unit: str
    quantity: int
    taken: int
    state: PartState
    on_hand: int
    free: int
    location: str | None
    purchase_id: str | None
    purchase_number: str | None
    expected_on: str | None


def order_parts(session: Session, order_id: str) -> tuple[OrderPart, ...]:
    """The lines of an order that need a part, as they stand on the paper, in four statements. Raises ``NotFound``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    query = (
        select(RepairOrderLine, state_shown(), fitted_of_line())
        .where(RepairOrderLine.order_id == order_id, *needing_a_part())
        .order_by(func.coalesce(RepairOrderLine.position, 0), RepairOrderLine.id)
    )
    found = session.execute(query).all()
    lines = [row for row, _, _ in found]
    parts = by_id(session, Part, [row.part_id for row in lines])
    stock = stock_of(session, parts)
    bought = _bought(session, [row.id for row in lines])
    made = []
    for row, state, taken in found:
        part, there = parts.get(row.part_id or ""), stock.get(row.part_id or "", NOTHING)
        purchase = bought.get(row.id)
        made.append(
            OrderPart(
                line_id=row.id,
                part_id=row.part_id,
                description=row.description or (part.name if part else None),
                part_number=row.part_number or (part.number if part else None),
                unit=(part.unit if part else None) or "pc",
                quantity=ONE if row.quantity is None else row.quantity,
                taken=int(taken or 0),
                state=PartState(state),
                on_hand=there.on_hand,
                free=there.free,
                location=part.location if part else None,
                purchase_id=purchase.id if purchase else None,
                purchase_number=purchase.number if purchase else None,
                expected_on=purchase.expected_on if purchase else None,
            )
        )
    return tuple(made)


def install_line(session: Session, actor: Actor, line_id: str, *, place: str | None = None) -> str | None:
    """What was fitted sits in the vehicle from today: the id of the ``InstalledPart``; None: no vehicle is known.

    ``place``: "front left". Raises ``Denied``, ``NotFound``.
    """
    require(actor, "vehicles.change")
    line = row_of(session, RepairOrderLine, line_id)
    order = session.get(RepairOrder, line.order_id) if line.order_id else None
    if order is None or order.vehicle_id is None:
        return None
    part = session.get(Part, line.part_id) if line.part_id else None
    values = {
        "vehicle_id": order.vehicle_id,
        "part_id": line.part_id,
        "order_id": order.id,
        "line_id": line.id,
        "name": (part.name if part else None) or (line.description or "")[:200] or None,
        "part_number": line.part_number or (part.number if part else None),
        "place": place,
        "quantity": line.quantity,
        "fitted_on": local_day(now(session)).isoformat(),
        "fitted_at_odometer": order.odometer_out or order.odometer_in,
    }
    return added(session, InstalledPart, values).id


def _bought(session: Session, line_ids: Iterable[str]) -> dict[str, PurchaseOrder]:
    """The purchase order each line stands on; of several the last of which something is still to come."""
    wanted = set(line_ids)
    if not wanted:
        return {}
    still = func.coalesce(PurchaseOrderLine.quantity, 0) > received_of_line()
    query = (
        select(PurchaseOrderLine.line_id, PurchaseOrder)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.purchase_order_id)
        .where(
            PurchaseOrderLine.line_id.in_(wanted),
            PurchaseOrderLine.deleted_at.is_(None),
            PurchaseOrder.deleted_at.is_(None),
            func.coalesce(PurchaseOrder.status, "") != "cancelled",
        )
        .order_by(still, PurchaseOrderLine.id)
    )
    return {str(line_id): order for line_id, order in session.execute(query)}
