"""Tasks: pieces of an order, each with its own technician."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Refused, row_id, text, whole
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, check_sought, page_of
from core.records.rows import added, assign, born, by_id, hide, last_changed, row_of, shown, unhide
from core.workshop.models import RepairOrder, Task

_LONGEST = 10_000 * 1_000  # thousandths of an hour

FIELDS = Fields(
    order_id=Field(row_id, required=True, of=RepairOrder),
    title=Field(text(200), required=True),
    technician_id=Field(row_id, of=Staff),
    expected_hours=Field(whole(0, _LONGEST)),
    position=Field(whole(0, 1_000_000)),
)
_PLACE = func.coalesce(Task.position, 0)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task. ``expected_hours`` in thousandths, ``done_at`` UTC milliseconds, ``done_by`` as ``Actor.reference``."""

    table: ClassVar[str] = "tasks"

    id: str
    order_id: str | None
    title: str | None
    technician_id: str | None
    technician_name: str | None
    expected_hours: int | None
    done_at: int | None
    done_by: str | None
    position: int | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_task(session: Session, actor: Actor, fields: Mapping[str, object]) -> TaskView:
    """A new task at the end: ``order_id`` and ``title``. Raises ``Denied``, ``Refused``."""
    require(actor, "repair_orders.change")
    values = FIELDS.settled(session, fields)
    if values.get("position") is None:
        last = shown(Task, Task.order_id == values["order_id"])
        values["position"] = (session.scalar(last.with_only_columns(func.max(Task.position))) or 0) + 1
    return _one(session, added(session, Task, values))


def change_task(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> TaskView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "repair_orders.change")
    row = row_of(session, Task, id_)
    assign(session, row, FIELDS.settled(session, fields, row))
    return _one(session, row)


def set_done(session: Session, actor: Actor, id_: str, done: object = True) -> TaskView:
    """A task is done, or after all not; one that is done keeps who did it when. Raises ``Denied``, ``NotFound``,
    ``Refused``.
    """
    require(actor, "repair_orders.change")
    row = row_of(session, Task, id_)
    if not isinstance(done, bool):
        raise Refused(("done", tr("This must be yes or no.")))
    if done and row.done_at is None:
        assign(session, row, {"done_at": now(session), "done_by": actor.reference})
    elif not done:
        assign(session, row, {"done_at": None, "done_by": None})
    return _one(session, row)


def delete_task(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    hide(session, Task, id_)


def restore_task(session: Session, actor: Actor, id_: str) -> TaskView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "repair_orders.change")
    return _one(session, unhide(session, Task, id_))


def get_task(session: Session, id_: str, *, deleted: bool = False) -> TaskView:
    """One. Raises ``NotFound``."""
    return _one(session, row_of(session, Task, id_, deleted=deleted))


def tasks_of(session: Session, order_ids: Collection[str]) -> tuple[TaskView, ...]:
    """The tasks of these orders, those of each in their order, in two queries."""
    if not order_ids:
        return ()
    rows = session.scalars(shown(Task, Task.order_id.in_(order_ids)).order_by(_PLACE, Task.id)).all()
    return tuple(_views(session, rows).values())


def list_tasks(
    session: Session,
    *,
    order_id: str | None = None,
    technician_id: str | None = None,
    state: str | None = None,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[TaskView]:
    """Tasks by the page, those of an order in its order; ``state``: "open" or "done". Raises ``Refused``."""
    check_sought(order_id=order_id, technician_id=technician_id)
    if state not in (None, "open", "done"):
        raise Refused(("state", tr("This must be one of: {values}.", values="open, done")))
    conditions: list[ColumnElement[bool]] = []
    if order_id is not None:
        conditions.append(Task.order_id == order_id)
    if technician_id is not None:
        conditions.append(Task.technician_id == technician_id)
    if state is not None:
        conditions.append(Task.done_at.is_(None) if state == "open" else Task.done_at.is_not(None))
    sort = Order("position", _PLACE, kind=int) if order_id is not None else Order("oldest")
    page = page_of(session, shown(Task, *conditions), Task, sort, after=after, limit=limit)
    views = _views(session, page.items)
    return page.mapped(lambda row: views[row.id])


def _one(session: Session, row: Task) -> TaskView:
    return _views(session, [row])[row.id]


def _views(session: Session, rows: Collection[Task]) -> dict[str, TaskView]:
    """What is shown of tasks, with the names of whose they are in one query."""
    staff = by_id(session, Staff, [row.technician_id for row in rows])
    return {row.id: _view(row, staff.get(row.technician_id or "")) for row in rows}


def _view(row: Task, technician: Staff | None) -> TaskView:
    return TaskView(
        id=row.id,
        order_id=row.order_id,
        title=row.title,
        technician_id=row.technician_id,
        technician_name=technician.name if technician else None,
        expected_hours=row.expected_hours,
        done_at=row.done_at,
        done_by=row.done_by,
        position=row.position,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
