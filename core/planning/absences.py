"""Who is away and which bay is out of use, from one moment to another, or until further notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func, or_
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.planning.models import Absence, WorkBay
from core.records.input import Field, Fields, Problems, Value, instant, one_of, row_id, text
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide

KINDS: Mapping[str, str] = {
    "holiday": mark("Holiday"),
    "sick": mark("Sick"),
    "training": mark("Training"),
    "repair": mark("Under repair"),
    "other": mark("Away"),
}

FIELDS = Fields(
    staff_id=Field(row_id, of=Staff),
    bay_id=Field(row_id, of=WorkBay),
    starts_at=Field(instant, required=True),
    ends_at=Field(instant),
    kind=Field(one_of(KINDS)),
    remark=Field(text(200)),
)
_STARTS = func.coalesce(Absence.starts_at, 0)
ORDERS = (Order("latest", _STARTS, descending=True, kind=int), Order("earliest", _STARTS, kind=int))


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Of somebody or of a bay. ``ends_at`` None: until further notice."""

    table: ClassVar[str] = "absences"

    id: str
    staff_id: str | None
    bay_id: str | None
    starts_at: int | None
    ends_at: int | None
    kind: str | None
    remark: str | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_absence(session: Session, actor: Actor, fields: Mapping[str, object]) -> AbsenceView:
    """``staff_id`` or ``bay_id``, and ``starts_at``. Raises ``Denied``, ``Refused``."""
    require(actor, "planning.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    _check(values, None, problems)
    problems.settle()
    if values.get("kind") is None:
        values["kind"] = "other"
    return _view(added(session, Absence, values))


def change_absence(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> AbsenceView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "planning.change")
    row = row_of(session, Absence, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    _check(values, row, problems)
    problems.settle()
    assign(session, row, values)
    return _view(row)


def delete_absence(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "planning.change")
    hide(session, Absence, id_)


def restore_absence(session: Session, actor: Actor, id_: str) -> AbsenceView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "planning.change")
    return _view(unhide(session, Absence, id_))


def get_absence(session: Session, id_: str, *, deleted: bool = False) -> AbsenceView:
    """One absence. Raises ``NotFound``."""
    return _view(row_of(session, Absence, id_, deleted=deleted))


def list_absences(
    session: Session,
    *,
    staff_id: str | None = None,
    bay_id: str | None = None,
    deleted: bool = False,
    sort: str = "latest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[AbsenceView]:
    """Absences by the page. Raises ``Refused``."""
    check_sought(staff_id=staff_id, bay_id=bay_id)
    conditions: list[ColumnElement[bool]] = []
    if staff_id is not None:
        conditions.append(Absence.staff_id == staff_id)
    if bay_id is not None:
        conditions.append(Absence.bay_id == bay_id)
    query = shown(Absence, *conditions, deleted=deleted)
    return page_of(session, query, Absence, chosen(ORDERS, sort), after=after, limit=limit).mapped(_view)


def absences_between(session: Session, start_ms: int, end_ms: int) -> tuple[AbsenceView, ...]:
    """All absences that touch a stretch of time, also those without an end."""
    query = shown(
        Absence,
        Absence.starts_at < end_ms,
        or_(Absence.ends_at.is_(None), Absence.ends_at > start_ms),
    )
    return tuple(_view(row) for row in session.scalars(query.order_by(Absence.starts_at, Absence.id)))


def _check(values: Mapping[str, Value], row: Absence | None, problems: Problems) -> None:
    def value(name: str) -> Value:
        return values[name] if name in values else getattr(row, name, None)

    if not value("staff_id") and not value("bay_id"):
        problems.add("staff_id", tr("Say who is away, or which bay is out of use."))
    starts, ends = value("starts_at"), value("ends_at")
    if isinstance(starts, int) and isinstance(ends, int) and ends <= starts:
        problems.add("ends_at", tr("This lies before its beginning."))


def _view(row: Absence) -> AbsenceView:
    return AbsenceView(
        id=row.id,
        staff_id=row.staff_id,
        bay_id=row.bay_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        kind=row.kind,
        remark=row.remark,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
