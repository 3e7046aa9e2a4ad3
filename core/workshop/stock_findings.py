"""Parts of which the store shows less than nothing: two terminals took the last one, or nobody counted a delivery."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.workshop.parts_models import Part, StockMove


@dataclass(frozen=True, slots=True)
class Below:
    """A part and what its moves come to, in thousandths, less than 0."""

    part_id: str
    name: str
    on_hand: int


def stock_below_zero(session: Session) -> tuple[Below, ...]:
    """All of them, by name, in one statement."""
    total = func.sum(StockMove.quantity)
    sums = (
        select(StockMove.part_id, total.label("total"))
        .where(StockMove.part_id.is_not(None), StockMove.deleted_at.is_(None))
        .group_by(StockMove.part_id)
        .having(total < 0)
        .subquery()
    )
    query = select(Part.id, Part.name, Part.number, sums.c.total).join(sums, sums.c.part_id == Part.id)
    rows = session.execute(query.where(Part.deleted_at.is_(None)))
    found = (Below(row[0], row[1] or row[2] or "", int(row[3])) for row in rows)
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.part_id)))
