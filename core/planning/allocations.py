"""Allocations: time of a bay, of somebody, or of both, set aside for an order. An order may have several.

What overlaps is kept and shown (``conflicts``), never refused: two terminals that are apart may book one bay twice, and
somebody who books it twice on purpose has a reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.planning.intervals import Span
from core.planning.models import Allocation, WorkBay
from core.records.input import Field, Fields, Problems, Value, instant, row_id, text
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide
from core.workshop.models import RepairOrder, Task
from core.workshop.states import Status

LONGEST_MS = 14 * 86_400_000
LOOK_BACK_MS = 31 * 86_400_000  # longer than any, also after two people moved its ends apart
SHORTEST_MS = 15 * 60_000  # of what has no end, or one before its beginning: it must be seen to be put right
FINISHED = (Status.READY.value, Status.DELIVERED.value)  # orders that book nothing any more

FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    task_id=Field(row_id, of=Task),
    bay_id=Field(row_id, of=WorkBay),
    staff_id=Field(row_id, of=Staff),
    starts_at=Field(instant, required=True),
    ends_at=Field(instant, required=True),
    remark=Field(text(200)),
)
_STARTS = func.coalesce(Allocation.starts_at, 0)
ORDERS = (
    Order("earliest", _STARTS, kind=int),
    Order("latest", _STARTS, descending=True, kind=int),
    Order("newest", descending=True),
)


@dataclass(frozen=True, slots=True)
class AllocationView:
    """Time set aside, UTC milliseconds."""

    table: ClassVar[str] = "allocations"

    id: str
    order_id: str | None
    task_id: str | None
    bay_id: str | None
    staff_id: str | None
    starts_at: int | None
    ends_at: int | None
    remark: str | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None

    @property
    def span(self) -> Span:
        """The time it takes on the schedule; a quarter of an hour when its ends make no sense."""
        starts = self.starts_at or 0
        return starts, max(self.ends_at or 0, starts + SHORTEST_MS) if self.sound else starts + SHORTEST_MS

    @property
    def sound(self) -> bool:
        """Whether it ends after it begins: moved on one terminal and shortened on another, it may not."""
        return self.starts_at is not None and self.ends_at is not None and self.ends_at > self.starts_at


def create_allocation(session: Session, actor: Actor, fields: Mapping[str, object]) -> AllocationView:
    """``order_id``, a bay or somebody, ``starts_at``, ``ends_at``. Raises ``Denied``, ``Refused``."""
    require(actor, "schedule.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    _check(values, None, problems)
    problems.settle()
    return _view(added(session, Allocation, values))


def change_allocation(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> AllocationView:
    """Move, resize, give to another: the fields that are given. A new beginning alone moves the end with it.

    Raises ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "schedule.change")
    row = row_of(session, Allocation, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    starts = values.get("starts_at")
    if isinstance(starts, int) and "ends_at" not in fields and row.starts_at is not None and row.ends_at is not None:
        values["ends_at"] = starts + max(row.ends_at - row.starts_at, SHORTEST_MS)
    _check(values, row, problems)
    problems.settle()
    assign(session, row, values)
    return _view(row)


def delete_allocation(session: Session, actor: Actor, id_: str) -> None:
    """Give the time free again. Raises ``Denied``, ``NotFound``."""
    require(actor, "schedule.change")
    hide(session, Allocation, id_)


def restore_allocation(session: Session, actor: Actor, id_: str) -> AllocationView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "schedule.change")
    return _view(unhide(session, Allocation, id_))


def get_allocation(session: Session, id_: str, *, deleted: bool = False) -> AllocationView:
    """One allocation. Raises ``NotFound``."""
    return _view(row_of(session, Allocation, id_, deleted=deleted))


def list_allocations(
    session: Session,
    *,
    start: int | None = None,
    end: int | None = None,
    order_id: str | None = None,
    bay_id: str | None = None,
    staff_id: str | None = None,
    deleted: bool = False,
    sort: str = "earliest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[AllocationView]:
    """Allocations by the page that share time with ``start`` to ``end`` (UTC ms). Raises ``Refused``."""
    check_sought(order_id=order_id, bay_id=bay_id, staff_id=staff_id)
    conditions: list[ColumnElement[bool]] = []
    if start is not None:
        conditions += touching(start)
    if end is not None:
        conditions.append(Allocation.starts_at < end)
    for column, value in (
        (Allocation.order_id, order_id),
        (Allocation.bay_id, bay_id),
        (Allocation.staff_id, staff_id),
    ):
        if value is not None:
            conditions.append(column == value)
    query = shown(Allocation, *conditions, deleted=deleted)
    return page_of(session, query, Allocation, chosen(ORDERS, sort), after=after, limit=limit).mapped(_view)


def allocations_between(
    session: Session, start_ms: int, end_ms: int
) -> tuple[tuple[AllocationView, ...], frozenset[str]]:
    """All allocations that share time with a stretch of it, by their beginning, and those that book nothing any more.

    Those are the orders' that are ready, delivered or deleted: whatever time is left of them is free.
    """
    query = shown(Allocation, *touching(start_ms), Allocation.starts_at < end_ms)
    told = query.outerjoin(RepairOrder, RepairOrder.id == Allocation.order_id).add_columns(
        or_(RepairOrder.status.in_(FINISHED), RepairOrder.deleted_at.is_not(None))
    )
    rows = session.execute(told.order_by(Allocation.starts_at, Allocation.id)).all()
    found = [(_view(row), bool(over)) for row, over in rows]
    touch = [(view, over) for view, over in found if view.span[1] > start_ms]
    return tuple(view for view, _ in touch), frozenset(view.id for view, over in touch if over)


def allocations_of(session: Session, orders: Collection[str]) -> tuple[AllocationView, ...]:
    """All allocations of some orders, by their beginning."""
    query = shown(Allocation, Allocation.order_id.in_(orders), Allocation.starts_at.is_not(None))
    return tuple(_view(row) for row in session.scalars(query.order_by(Allocation.starts_at, Allocation.id)))


def touching(start_ms: int) -> list[ColumnElement[bool]]:
    """What does not end before ``start_ms``, asked so that the index on the beginning serves it."""
    return [
        Allocation.starts_at > start_ms - LOOK_BACK_MS,
        or_(Allocation.ends_at > start_ms, Allocation.starts_at > start_ms - SHORTEST_MS),
    ]


def _check(values: Mapping[str, Value], row: Allocation | None, problems: Problems) -> None:
    def value(name: str) -> Value:
        return values[name] if name in values else getattr(row, name, None)

    if not value("bay_id") and not value("staff_id"):
        problems.add("bay_id", tr("Time is set aside of a bay, of somebody, or of both."))
    starts, ends = value("starts_at"), value("ends_at")
    if isinstance(starts, int) and isinstance(ends, int):
        if ends <= starts:
            problems.add("ends_at", tr("This lies before its beginning."))
        elif ends - starts > LONGEST_MS:
            problems.add("ends_at", tr("This is too long: {days} days at most.", days=14))


def _view(row: Allocation) -> AllocationView:
    return AllocationView(
        id=row.id,
        order_id=row.order_id,
        task_id=row.task_id,
        bay_id=row.bay_id,
        staff_id=row.staff_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        remark=row.remark,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
