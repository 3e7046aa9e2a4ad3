"""What there is too little of, and how much of it to buy: the reorder list."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.records.rows import shown
from core.workshop.parts import COUNTED, PartView, part_views
from core.workshop.parts_models import Part, Supplier
from core.workshop.stock import ONE, stock_table

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part that should be bought; ``quantity`` in thousandths of its unit."""

    part: PartView
    quantity: int


def suggested(part: PartView) -> int:
    """How many to buy, so that after all that waits and all that comes there are ``order_up_to``, or the minimum.

    Thousandths; what is sold by the piece is bought whole; 0: there is enough.
    """
    there = part.free + part.on_order + part.planned
    if there >= (part.minimum or 0):
        return 0
    missing = max(part.order_up_to or 0, part.minimum or 0) - there
    return -(-missing // ONE) * ONE if part.unit in COUNTED else missing


def reorder_list(session: Session, *, supplier_id: str | None = None) -> tuple[Wanted, ...]:
    """What to buy, by supplier and name, those without a supplier last; at most ``MOST_LISTED``. Three statements."""
    stock = stock_table()
    free = func.coalesce(stock.c.on_hand, 0) - func.coalesce(stock.c.reserved, 0)
    coming = func.coalesce(stock.c.on_order, 0) + func.coalesce(stock.c.planned, 0)
    query = (
        shown(Part, free + coming < func.coalesce(Part.minimum, 0), func.coalesce(Part.active, True))
        .outerjoin(stock, stock.c.part_id == Part.id)
        .outerjoin(Supplier, Supplier.id == Part.supplier_id)
    )
    if supplier_id is not None:
        query = query.where(Part.supplier_id == supplier_id)
    by_supplier = (Part.supplier_id.is_(None), func.lower(func.coalesce(Supplier.name, "")))
    rows = session.scalars(query.order_by(*by_supplier, func.lower(func.coalesce(Part.name, "")), Part.id))
    return wanted_of(part_views(session, rows.fetchmany(MOST_LISTED)))


def wanted_of(parts: Iterable[PartView]) -> tuple[Wanted, ...]:
    """Of these parts those that should be bought."""
    return tuple(Wanted(part, quantity) for part in parts if (quantity := suggested(part)) > 0)
