"""The parts that sit in a vehicle: those entered by hand, and those that its repair orders say were fitted.

What was fitted on an order is not written a second time: it follows from the line, and goes again when that is
taken back. Where a row of its own stands for a line (``install_line``), that is shown instead.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.records.rows import row_of
from core.vehicles.installed_parts import InstalledPartView, list_installed_parts
from core.vehicles.models import InstalledPart, Vehicle
from core.workshop.decisions import DECLINED, last_word
from core.workshop.line_kinds import PART
from core.workshop.models import RepairOrder, RepairOrderLine, StatusMove
from core.workshop.part_states import PartState
from core.workshop.parts_models import Part, StockMove
from core.workshop.purchasing import local_day
from core.workshop.states import Status

MOST = 200


def parts_in(session: Session, vehicle_id: str, *, limit: int = MOST) -> tuple[InstalledPartView, ...]:
    """Both, last fitted first; ``limit`` of each at most. What follows from a line has its id. Raises ``NotFound``."""
    row_of(session, Vehicle, vehicle_id, deleted=True)
    by_hand = list_installed_parts(session, vehicle_id, limit=limit).items
    both = (*by_hand, *fitted_parts(session, vehicle_id, limit=limit))
    return tuple(sorted(both, key=lambda each: (each.fitted_on or "", each.id), reverse=True))


def fitted_parts(session: Session, vehicle_id: str, *, limit: int = MOST) -> tuple[InstalledPartView, ...]:
    """What lines of the vehicle's orders say was fitted, in one statement: the newest orders first.

    The day is that of the fitting, as far as the store knows it, else the day the car was ready, else that it came.
    """
    line, order, move = RepairOrderLine, RepairOrder, StatusMove
    own = select(InstalledPart.line_id).where(
        InstalledPart.vehicle_id == vehicle_id, InstalledPart.line_id.is_not(None), InstalledPart.deleted_at.is_(None)
    )
    taken = (
        select(func.max(StockMove.moved_at))
        .where(StockMove.line_id == line.id, StockMove.reason == "fitted", StockMove.deleted_at.is_(None))
        .scalar_subquery()
    )
    ready = (
        select(func.max(move.moved_at))
        .where(
            move.order_id == order.id,
            move.after.in_((Status.READY.value, Status.DELIVERED.value)),
            move.deleted_at.is_(None),
        )
        .scalar_subquery()
    )
    query = (
        select(line, order, Part.name, Part.number, func.coalesce(taken, ready, order.opened_at))
        .join(order, order.id == line.order_id)
        .outerjoin(Part, Part.id == line.part_id)
        .where(
            order.vehicle_id == vehicle_id,
            order.deleted_at.is_(None),
            line.deleted_at.is_(None),
            line.kind == PART,
            line.part_state == PartState.FITTED.value,
            line.id.not_in(own),
            func.coalesce(last_word(line.id), "") != DECLINED,
        )
        .order_by(func.coalesce(order.opened_at, 0).desc(), line.id.desc())
        .limit(limit)
    )
    return tuple(_view(*row) for row in session.execute(query))


def _view(
    line: RepairOrderLine, order: RepairOrder, name: str | None, number: str | None, at: int | None
) -> InstalledPartView:
    return InstalledPartView(
        id=line.id,
        vehicle_id=order.vehicle_id,
        part_id=line.part_id,
        order_id=order.id,
        line_id=line.id,
        name=line.description or name,
        part_number=line.part_number or number,
        place=None,
        quantity=line.quantity,
        fitted_on=local_day(at).isoformat() if at is not None else None,
        fitted_at_odometer=order.odometer_in if order.odometer_in is not None else order.odometer_out,
        removed_on=None,
        deleted_at=None,
    )
