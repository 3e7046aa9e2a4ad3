"""The order in which lines stand on an estimate and on its papers: one is taken out and put before another."""

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.rows import assign, row_of, shown
from core.workshop.models import RepairOrderLine


def move_line(session: Session, actor: Actor, id_: str, before: str | None) -> str | None:
    """Put a line before another one of its order; None, or one that is gone by now: at the end.

    Returns the line that stood behind it, which is where it comes back to; None: it was the last. Only lines whose
    place changed are written. Raises ``Denied``, ``NotFound``.
    """
    require(actor, "repair_orders.change")
    row = row_of(session, RepairOrderLine, id_)
    query = shown(RepairOrderLine, RepairOrderLine.order_id == row.order_id)
    lines = list(session.scalars(query.order_by(func.coalesce(RepairOrderLine.position, 0), RepairOrderLine.id)))
    ids = [each.id for each in lines]
    stood = ids.index(id_)
    behind = ids[stood + 1] if stood + 1 < len(ids) else None
    if before in (id_, behind):
        return behind
    moved = lines.pop(stood)
    others = [each.id for each in lines]
    lines.insert(others.index(before) if before in others else len(others), moved)
    for at, each in enumerate(lines, start=1):
        if each.position != at:
            assign(session, each, {"position": at})
    return behind
