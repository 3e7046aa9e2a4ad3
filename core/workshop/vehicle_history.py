"""What was done to a vehicle: its repair orders, the newest first, each with all that stands on its paper."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.people.models import Staff
from core.records.paging import Order, check_sought, page_of
from core.records.rows import by_id, row_of, shown
from core.vehicles.documents import DocumentView
from core.vehicles.documents import view_of as document_view
from core.vehicles.models import Document, Vehicle
from core.workshop.decisions import decisions_on
from core.workshop.estimates import EstimateLine, made_of
from core.workshop.lines import lines_of
from core.workshop.models import RepairOrder
from core.workshop.orders import RepairOrderView, views_of
from core.workshop.totals import Totals

LIMIT = 20  # orders a page: each has its lines with it
NEWEST = Order("opened_at", func.coalesce(RepairOrder.opened_at, 0), descending=True, kind=int)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Visit:
    """One repair order of a vehicle. ``totals`` are of all lines but those the customer declined, minor units."""

    table: ClassVar[str] = "repair_orders"

    order: RepairOrderView
    technician_name: str | None
    adviser_name: str | None
    lines: tuple[EstimateLine, ...]
    documents: tuple[DocumentView, ...]
    totals: Totals

    @property
    def id(self) -> str:
        return self.order.id


@dataclass(frozen=True, slots=True)
class VehicleHistory:
    """A page of visits. ``count``: how many there are in all; ``after`` asks for the next page."""

    items: tuple[Visit, ...]
    count: int
    after: str | None = None


def vehicle_history(
    session: Session,
    vehicle_id: str,
    *,
    status: Collection[str] = (),
    customers: Collection[str] | None = None,
    after: str | None = None,
    limit: int = LIMIT,
) -> VehicleHistory:
    """The repair orders of a vehicle by the page, those opened last first; of ``status`` any value will do.

    ``customers``: only what was done for these, since a vehicle had owners before. In a dozen statements however many
    orders and lines there are. Raises ``NotFound``, ``Refused``.
    """
    row_of(session, Vehicle, vehicle_id, deleted=True)
    check_sought(status=status, customers=customers)
    conditions: list[ColumnElement[bool]] = [RepairOrder.vehicle_id == vehicle_id]
    if status:
        conditions.append(RepairOrder.status.in_(status))
    if customers is not None:
        conditions.append(RepairOrder.customer_id.in_(customers))
    query = shown(RepairOrder, *conditions)
    page = page_of(session, query, RepairOrder, NEWEST, after=after, limit=limit)
    count = session.scalar(query.with_only_columns(func.count())) or 0
    return VehicleHistory(_visits(session, page.items), count, page.after)


def statuses_of(session: Session, vehicle_id: str) -> dict[str, int]:
    """How many orders of a vehicle are in each state, to filter by, in one statement."""
    query = select(RepairOrder.status, func.count()).where(
        RepairOrder.vehicle_id == vehicle_id, RepairOrder.deleted_at.is_(None), RepairOrder.status.is_not(None)
    )
    return {str(row[0]): int(row[1]) for row in session.execute(query.group_by(RepairOrder.status))}


def _visits(session: Session, rows: Collection[RepairOrder]) -> tuple[Visit, ...]:
    ids = [row.id for row in rows]
    orders = views_of(session, rows)
    lines = _by_order(lines_of(session, ids), lambda line: line.order_id)
    said = _by_order(decisions_on(session, ids), lambda decision: decision.order_id)
    papers = _by_order(_documents(session, ids), lambda paper: paper.order_id)
    staff = by_id(session, Staff, [id_ for row in rows for id_ in (row.technician_id, row.adviser_id)])

    def visit(row: RepairOrder) -> Visit:
        made = made_of(row.id, lines[row.id], said[row.id])
        done = made.wanted
        technician, adviser = staff.get(row.technician_id or ""), staff.get(row.adviser_id or "")
        return Visit(
            order=orders[row.id],
            technician_name=technician.name if technician else None,
            adviser_name=adviser.name if adviser else None,
            lines=made.lines,
            documents=tuple(document_view(each) for each in papers[row.id]),
            totals=done,
        )

    return tuple(visit(row) for row in rows)


def _documents(session: Session, orders: Collection[str]) -> list[Document]:
    if not orders:
        return []
    return list(session.scalars(shown(Document, Document.order_id.in_(orders)).order_by(Document.id)))


def _by_order(rows: Iterable[T], order_of: Callable[[T], str | None]) -> Mapping[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[order_of(row) or ""].append(row)
    return found
