"""What customers said to the lines of an estimate: facts, of which the last word of each line counts.

The last word is the one of the latest moment, ties by id: the same on every terminal, in whatever order they came.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.language import mark
from core.records.paging import LIMIT, Order, Page, page_of
from core.records.rows import row_of, shown
from core.workshop.estimate_models import LineDecision
from core.workshop.models import RepairOrder

ASKED, APPROVED, DECLINED = "asked", "approved", "declined"
WORDS: Mapping[str, str] = {
    ASKED: mark("Asked"),
    APPROVED: mark("Approved"),
    DECLINED: mark("Declined"),
}
WAYS: Mapping[str, str] = {
    "in_person": mark("In person"),
    "phone": mark("By phone"),
    "message": mark("By message"),
    "email": mark("By e-mail"),
    "signature": mark("Signed"),
}


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was said to a line. ``quantity`` to ``percent_off``: what the line was then; ``said_by``: for the customer.

    ``recorded_by`` as in ``Actor.reference``; ``decided_at`` UTC milliseconds.
    """

    table: ClassVar[str] = "line_decisions"

    id: str
    order_id: str | None
    line_id: str | None
    decision: str | None
    said_by: str | None
    way: str | None
    remark: str | None
    quantity: int | None
    unit_price: int | None
    tax_rate: int | None
    description: str | None
    percent_off: int | None
    recorded_by: str | None
    recorded_by_name: str | None
    decided_at: int | None


def last_words(decisions: Iterable[DecisionView]) -> dict[str, DecisionView]:
    """The decision that counts for each line, by its id."""
    return {each.line_id: each for each in sorted(decisions, key=_moment) if each.line_id}


def decisions_on(session: Session, order_ids: Collection[str]) -> tuple[DecisionView, ...]:
    """All that was said on these orders, oldest first, in one statement."""
    if not order_ids:
        return ()
    query = shown(LineDecision, LineDecision.order_id.in_(order_ids)).order_by(_AT, LineDecision.id)
    return tuple(view(row) for row in session.scalars(query))


def list_decisions(
    session: Session, order_id: str, *, line_id: str | None = None, after: str | None = None, limit: int = LIMIT
) -> Page[DecisionView]:
    """What was said on an order, or to one of its lines, the last first. Raises ``NotFound``, ``Refused``."""
    row_of(session, RepairOrder, order_id, deleted=True)
    query = shown(LineDecision, LineDecision.order_id == order_id)
    if line_id is not None:
        query = query.where(LineDecision.line_id == line_id)
    order = Order("decided_at", _AT, descending=True, kind=int)
    return page_of(session, query, LineDecision, order, after=after, limit=limit).mapped(view)


def last_word(line_id: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    """For a query: the decision that counts for the line whose id stands in this column, NULL when there is none."""
    return (
        select(LineDecision.decision)
        .where(LineDecision.line_id == line_id, LineDecision.deleted_at.is_(None))
        .order_by(_AT.desc(), LineDecision.id.desc())
        .limit(1)
        .correlate(line_id.class_)
        .scalar_subquery()
    )


def view(row: LineDecision) -> DecisionView:
    return DecisionView(
        id=row.id,
        order_id=row.order_id,
        line_id=row.line_id,
        decision=row.decision,
        said_by=row.said_by,
        way=row.way,
        remark=row.remark,
        quantity=row.quantity,
        unit_price=row.unit_price,
        tax_rate=row.tax_rate,
        description=row.description,
        percent_off=row.percent_off,
        recorded_by=row.recorded_by,
        recorded_by_name=row.recorded_by_name,
        decided_at=row.decided_at,
    )


_AT: ColumnElement[int] = func.coalesce(LineDecision.decided_at, 0)


def _moment(each: DecisionView) -> tuple[int, str]:
    return each.decided_at or 0, each.id
