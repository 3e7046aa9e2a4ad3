"""What was earned, by the shop's day: invoices less credit notes, void ones left out, and what the sold things cost."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.planning.local_days import day_of, days_between
from core.workshop import invoice_content
from core.workshop.invoice_models import Invoice, InvoiceVoid
from core.workshop.line_kinds import LABOUR, PART, SUBLET
from core.workshop.totals import quantity_of

_COSTING = frozenset({LABOUR, PART, SUBLET})
_NO_COST = '"unit_cost":null'  # as ``invoice_content`` writes it


@dataclass(frozen=True, slots=True)
class DayOfMoney:
    """A day (ISO). ``net`` without tax, ``cost`` of what was sold, ``profit`` the difference; minor units."""

    day: str
    invoices: int = 0
    net: int = 0
    cost: int = 0

    @property
    def profit(self) -> int:
        return self.net - self.cost


def earned(session: Session, start: int, end: int, here: dt.tzinfo | None = None) -> tuple[DayOfMoney, ...]:
    """Each day from ``start`` until before ``end`` (UTC ms), also those without invoices. One statement."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    columns = (Invoice.issued_at, Invoice.kind, Invoice.net, Invoice.cost)
    for issued_at, kind, net, cost in session.execute(_valid(start, end, *columns)):
        found = sums[day_of(issued_at or 0, here).isoformat()]
        found[0] += kind == "invoice"
        found[1] += net or 0
        found[2] += cost or 0
    days = (day.isoformat() for day in days_between(start, end, here))
    return tuple(DayOfMoney(day, *sums.get(day, (0, 0, 0))) for day in days)


def hours_sold(session: Session, start: int, end: int) -> int:
    """Labour on the invoices of a stretch of time, in thousandths of an hour; what was credited is taken off."""
    total = 0
    for (content,) in session.execute(_valid(start, end, Invoice.content)):
        for line in invoice_content.read(content).lines:
            total += quantity_of(line) if line.kind == LABOUR else 0
    return total


def cost_unknown(session: Session, start: int, end: int) -> int:
    """How many lines of a stretch of time count wholly as profit because nobody entered what they cost: parts, hours
    and the work of others. Credited lines are left out. One statement, of the papers that have such a line at all.
    """
    lines: dict[str, set[str]] = {"invoice": set(), "credit_note": set()}
    papers = _valid(start, end, Invoice.kind, Invoice.content).where(Invoice.content.contains(_NO_COST))
    for kind, content in session.execute(papers):
        for line in invoice_content.read(content).lines:
            if line.unit_cost is None and line.kind in _COSTING and line.net:
                lines["credit_note" if kind == "credit_note" else "invoice"].add(line.id)
    return len(lines["invoice"] - lines["credit_note"])


def _valid(start: int, end: int, *columns: object):  # type: ignore[no-untyped-def]  # a select of whatever is asked
    void = exists().where(InvoiceVoid.invoice_id == Invoice.id, InvoiceVoid.deleted_at.is_(None))
    query = select(*columns)  # type: ignore[call-overload]
    return query.where(Invoice.issued_at >= start, Invoice.issued_at < end, ~void)
