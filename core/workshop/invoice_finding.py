"""Finding invoices by their numbers and customers as somebody types, and what is open of all of them together."""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from core.records.paging import check_sought
from core.records.search import SearchIndex
from core.vehicles.models import Vehicle
from core.workshop.invoice_content import CURRENCY
from core.workshop.invoice_models import Invoice, InvoiceNumber
from core.workshop.invoice_reading import to_be_paid, today

MOST = 200  # papers that words find: more letters make it fewer
_SEARCH = SearchIndex()
_TABLES = (Invoice.__tablename__, InvoiceNumber.__tablename__, Vehicle.__tablename__)


@dataclass(frozen=True, slots=True)
class OpenSum:
    """What is still to be paid in one currency, minor units, and on how many invoices; of it what is overdue.

    ``owed``: what the shop has to pay back, after a credit note on a paid invoice or of one that is void.
    """

    currency: str
    open: int
    count: int
    overdue: int
    overdue_count: int
    owed: int = 0
    owed_count: int = 0


def find_invoices(session: Session, text: str) -> tuple[str, ...]:
    """Ids of the papers with these words in their number, customer or vehicle, at most ``MOST``, the newest.

    For ``list_invoices(among=…)``. In three statements. Raises ``Refused``.
    """
    check_sought(q=text)
    hits = _SEARCH.find(session, text, tables=_TABLES, limit=MOST)
    by_table = {name: [hit.row for hit in hits if hit.table == name] for name in _TABLES}
    of_number = select(InvoiceNumber.invoice_id).where(InvoiceNumber.id.in_(by_table[InvoiceNumber.__tablename__]))
    found = select(Invoice.id).where(
        Invoice.id.in_(by_table[Invoice.__tablename__])
        | Invoice.id.in_(of_number)
        | Invoice.vehicle_id.in_(by_table[Vehicle.__tablename__])
    )
    return tuple(session.scalars(found.order_by(Invoice.id.desc()).limit(MOST))) if hits else ()


def open_sums(session: Session) -> tuple[OpenSum, ...]:
    """What is open, by currency, the largest first; nothing when everything is paid. In one statement."""
    query, left = to_be_paid(select(Invoice.id))
    each = query.add_columns(
        func.coalesce(Invoice.currency, CURRENCY).label("currency"), left.label("open"), Invoice.due_on.label("due_on")
    ).subquery()
    due, back = each.c.open > 0, each.c.open < 0
    late = and_(due, each.c.due_on < today(session))
    sums = [
        func.coalesce(func.sum(case((those, value), else_=0)), 0)
        for those, amount in ((due, each.c.open), (late, each.c.open), (back, -each.c.open))
        for value in (amount, 1)
    ]
    rows = session.execute(select(each.c.currency, *sums).where(each.c.open != 0).group_by(each.c.currency))
    found = (OpenSum(currency, *(int(number) for number in numbers)) for currency, *numbers in rows)
    return tuple(sorted(found, key=lambda one: (-one.open, -one.owed, one.currency)))
