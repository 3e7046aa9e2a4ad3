"""The places where work is done, in the order they stand in the hall."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import func
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.planning.models import WorkBay
from core.planning.skills import joined, words_of
from core.records.input import Field, Fields, Value, text, whole, yes_no
from core.records.paging import LIMIT, Order, Page, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide

FIELDS = Fields(
    name=Field(text(60), required=True),
    equipment=Field(text(500)),
    position=Field(whole(0, 1_000_000)),
    active=Field(yes_no),
)
_POSITION = func.coalesce(WorkBay.position, 0)
ORDERS = (Order("position", _POSITION, kind=int), Order("name", func.lower(func.coalesce(WorkBay.name, ""))))


@dataclass(frozen=True, slots=True)
class WorkBayView:
    """A bay. ``equipment``: words by comma."""

    table: ClassVar[str] = "work_bays"

    id: str
    name: str | None
    equipment: str | None
    position: int | None
    active: bool
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_work_bay(session: Session, actor: Actor, fields: Mapping[str, object]) -> WorkBayView:
    """A new bay after the others: ``name``. Raises ``Denied``, ``Refused``."""
    require(actor, "planning.change")
    values = _tidy(FIELDS.settled(session, fields))
    if values.get("position") is None:
        last = session.scalar(shown(WorkBay).with_only_columns(func.max(WorkBay.position)))
        values["position"] = (last or 0) + 1
    return _view(added(session, WorkBay, {**values, "active": values.get("active") is not False}))


def change_work_bay(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> WorkBayView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "planning.change")
    row = row_of(session, WorkBay, id_)
    assign(session, row, _tidy(FIELDS.settled(session, fields, row)))
    return _view(row)


def delete_work_bay(session: Session, actor: Actor, id_: str) -> None:
    """Hide a bay entered by mistake; one that is no longer used becomes inactive. Raises ``Denied``, ``NotFound``."""
    require(actor, "planning.change")
    hide(session, WorkBay, id_)


def restore_work_bay(session: Session, actor: Actor, id_: str) -> WorkBayView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "planning.change")
    return _view(unhide(session, WorkBay, id_))


def get_work_bay(session: Session, id_: str, *, deleted: bool = False) -> WorkBayView:
    """One bay. Raises ``NotFound``."""
    return _view(row_of(session, WorkBay, id_, deleted=deleted))


def list_work_bays(
    session: Session,
    *,
    active: bool | None = None,
    deleted: bool = False,
    sort: str = "position",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[WorkBayView]:
    """Bays by the page. ``sort`` is a name in ``ORDERS``. Raises ``Refused``."""
    query = shown(WorkBay, deleted=deleted)
    if active is not None:
        query = query.where(func.coalesce(WorkBay.active, True) == active)
    return page_of(session, query, WorkBay, chosen(ORDERS, sort), after=after, limit=limit).mapped(_view)


def _tidy(values: dict[str, Value]) -> dict[str, Value]:
    if values.get("equipment") is not None:
        values["equipment"] = joined(words_of(str(values["equipment"])))
    return values


def _view(row: WorkBay) -> WorkBayView:
    return WorkBayView(
        id=row.id,
        name=row.name,
        equipment=row.equipment,
        position=row.position,
        active=row.active is not False,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
