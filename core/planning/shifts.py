"""When people usually work: a day of the week, from one time on the clock to another, and since when that holds."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.planning.intervals import Span
from core.planning.local_days import DAY_MIN, moment
from core.planning.models import Shift
from core.records.input import Field, Fields, Problems, Value, day, row_id, whole
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import added, assign, born, hide, last_changed, row_of, shown, unhide

LONGEST_MIN = 16 * 60

FIELDS = Fields(
    staff_id=Field(row_id, required=True, of=Staff),
    weekday=Field(whole(1, 7), required=True),
    starts=Field(whole(0, DAY_MIN - 1), required=True),
    ends=Field(whole(1, 2 * DAY_MIN), required=True),
    break_minutes=Field(whole(0, 480)),
    since=Field(day),
    until=Field(day),
)
ORDERS = (
    Order("weekday", func.coalesce(Shift.weekday, 0) * 10_000 + func.coalesce(Shift.starts, 0), kind=int),
    Order("newest", descending=True),
)


@dataclass(frozen=True, slots=True)
class ShiftView:
    """``weekday`` 1 is Monday; ``starts`` and ``ends`` are minutes after midnight where the shop is, ``ends`` beyond
    1440 when it ends the day after; ``since`` and ``until`` are days that it holds on, too.
    """

    table: ClassVar[str] = "shifts"

    id: str
    staff_id: str | None
    weekday: int | None
    starts: int | None
    ends: int | None
    break_minutes: int | None
    since: str | None
    until: str | None
    created_at: int | None
    changed_at: int | None
    deleted_at: int | None


def create_shift(session: Session, actor: Actor, fields: Mapping[str, object]) -> ShiftView:
    """A new shift: ``staff_id``, ``weekday``, ``starts``, ``ends``. Raises ``Denied``, ``Refused``."""
    require(actor, "planning.change")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    _check(values, None, problems)
    problems.settle()
    return _view(added(session, Shift, values))


def change_shift(session: Session, actor: Actor, id_: str, fields: Mapping[str, object]) -> ShiftView:
    """Change some fields; None empties one. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "planning.change")
    row = row_of(session, Shift, id_)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    _check(values, row, problems)
    problems.settle()
    assign(session, row, values)
    return _view(row)


def delete_shift(session: Session, actor: Actor, id_: str) -> None:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "planning.change")
    hide(session, Shift, id_)


def restore_shift(session: Session, actor: Actor, id_: str) -> ShiftView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "planning.change")
    return _view(unhide(session, Shift, id_))


def get_shift(session: Session, id_: str, *, deleted: bool = False) -> ShiftView:
    """One shift. Raises ``NotFound``."""
    return _view(row_of(session, Shift, id_, deleted=deleted))


def list_shifts(
    session: Session,
    *,
    staff_id: str | None = None,
    deleted: bool = False,
    sort: str = "weekday",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[ShiftView]:
    """Shifts by the page. Raises ``Refused``."""
    check_sought(staff_id=staff_id)
    conditions: list[ColumnElement[bool]] = [] if staff_id is None else [Shift.staff_id == staff_id]
    query = shown(Shift, *conditions, deleted=deleted)
    return page_of(session, query, Shift, chosen(ORDERS, sort), after=after, limit=limit).mapped(_view)


def shifts_of(session: Session, staff: Collection[str] | None = None) -> tuple[ShiftView, ...]:
    """Every shift there is, or those of some people; a shop has a few dozen."""
    query = shown(Shift) if staff is None else shown(Shift, Shift.staff_id.in_(staff))
    return tuple(_view(row) for row in session.scalars(query.order_by(Shift.id)))


@dataclass(frozen=True, slots=True)
class Stint:
    """One shift on one day: ``span`` in UTC ms, of which ``break_ms`` are not worked."""

    staff_id: str
    span: Span
    break_ms: int


def stints(shifts: Iterable[ShiftView], days: Iterable[dt.date], here: dt.tzinfo) -> tuple[Stint, ...]:
    """The shifts of these days, by the wall clock of ``here``. Shifts that lack something are left out."""
    some = list(shifts)
    return tuple(
        Stint(each.staff_id, span, (each.break_minutes or 0) * 60_000)
        for date in days
        for each in some
        if each.staff_id and each.starts is not None and each.ends is not None and _holds(each, date)
        if (span := (moment(date, each.starts, here), moment(date, each.ends, here)))[0] < span[1]
    )


def _holds(shift: ShiftView, date: dt.date) -> bool:
    """ISO days compare as text does."""
    text = date.isoformat()
    return shift.weekday == date.isoweekday() and (shift.since or "") <= text <= (shift.until or "9999-12-31")


def _check(values: Mapping[str, Value], row: Shift | None, problems: Problems) -> None:
    def value(name: str) -> Value:
        return values[name] if name in values else getattr(row, name, None)

    starts, ends, since, until = (value(name) for name in ("starts", "ends", "since", "until"))
    if isinstance(starts, int) and isinstance(ends, int):
        if ends <= starts:
            problems.add("ends", tr("A shift ends after it begins; add 1440 when it ends the day after."))
        elif ends - starts > LONGEST_MIN:
            problems.add("ends", tr("A shift has 16 hours at most."))
        elif int(value("break_minutes") or 0) >= ends - starts:
            problems.add("break_minutes", tr("The break is longer than the shift."))
    if since and until and str(until) < str(since):
        problems.add("until", tr("This lies before its first day."))


def _view(row: Shift) -> ShiftView:
    return ShiftView(
        id=row.id,
        staff_id=row.staff_id,
        weekday=row.weekday,
        starts=row.starts,
        ends=row.ends,
        break_minutes=row.break_minutes,
        since=row.since,
        until=row.until,
        created_at=born(row),
        changed_at=last_changed(row),
        deleted_at=row.deleted_at,
    )
