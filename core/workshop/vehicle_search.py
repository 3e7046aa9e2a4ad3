"""What the workshop knows when vehicles are looked for: a service is a repair order that was delivered, and when.

Delivered when it was moved there for the last time. Of an order that came without its moves (an import, an older
program) the moment it was opened stands in.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from core.workshop.models import RepairOrder, StatusMove
from core.workshop.states import Status

# Nought is added so that SQLite finds the moves by their order: asked for the plain maximum, it walks the index of all
# moments backwards until it meets one of this order, which took minutes on 40,000 orders.
_MOVED = (
    select(func.max(StatusMove.moved_at + 0))
    .where(
        StatusMove.order_id == RepairOrder.id,
        StatusMove.after == Status.DELIVERED.value,
        StatusMove.deleted_at.is_(None),
    )
    .correlate(RepairOrder)
    .scalar_subquery()
)
DELIVERED_AT: ColumnElement[Any] = func.coalesce(_MOVED, RepairOrder.opened_at)  # UTC milliseconds
# Coalesced, so that the orders of a vehicle are found by the vehicle: most orders are delivered, and SQLite, which has
# no statistics, takes that index when it is offered.
IS_DELIVERED = (func.coalesce(RepairOrder.status, "") == Status.DELIVERED.value, RepairOrder.deleted_at.is_(None))


class DeliveredOrders:
    """``core.vehicles.search.Services``, out of the repair orders."""

    def last(self, vehicle_id: Any) -> ColumnElement[Any]:
        found = select(func.max(DELIVERED_AT)).where(RepairOrder.vehicle_id == vehicle_id, *IS_DELIVERED)
        return found.correlate(vehicle_id.table).scalar_subquery()

    def by_vehicle(self) -> Select[Any]:
        return select(RepairOrder.vehicle_id.label("vehicle_id"), DELIVERED_AT.label("at")).where(*IS_DELIVERED)


DELIVERED = DeliveredOrders()


def last_services(session: Session, vehicles: Collection[str]) -> dict[str, int]:
    """When each of these vehicles was last served, UTC milliseconds; those that were, in one statement."""
    if not vehicles:
        return {}
    query = select(RepairOrder.vehicle_id, func.max(DELIVERED_AT)).where(*IS_DELIVERED)
    found = session.execute(query.where(RepairOrder.vehicle_id.in_(vehicles)).group_by(RepairOrder.vehicle_id))
    return {str(row[0]): int(row[1]) for row in found if row[1] is not None}
