"""Every row that belongs to an order: its lines, notes, pictures, punches, inspections, papers and payments.

Found by what rows say of themselves (``order_id``, and ``inspection_id`` or ``invoice_id`` of such rows), so that a
table that is added later is found without being named here.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.records.fields import Synced
from core.workshop.inspection_models import Inspection
from core.workshop.invoice_models import Invoice

_THROUGH: tuple[tuple[type[Synced], str], ...] = ((Inspection, "inspection_id"), (Invoice, "invoice_id"))


def rows_of_order(session: Session, models: Iterable[type[Synced]], order_id: str) -> frozenset[str]:
    """The ids of the order and of all that belongs to it in ``models``, deleted ones too: one statement a table."""
    found, through = {order_id}, {name: set[str]() for _, name in _THROUGH}
    later: list[type[Synced]] = []
    for model in models:
        column = getattr(model, "order_id", None)
        if column is None:
            later.append(model)
            continue
        ids = set(session.scalars(select(model.id).where(column == order_id)))
        found |= ids
        for owner, name in _THROUGH:
            if model is owner:
                through[name] = ids
    for model in later:
        for name, ids in through.items():
            column = getattr(model, name, None)
            if column is not None and ids:
                found |= set(session.scalars(select(model.id).where(column.in_(ids))))
    return frozenset(found)
