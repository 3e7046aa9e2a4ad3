"""Who was clocked on to what: punches in and out, kept as facts; times are worked out from them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import Session

from core.language import tr
from core.people.models import Staff
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Refused, Value, instant, one_of, row_id
from core.records.moment import clock_said, now, site
from core.records.paging import LIMIT, Order, Page, check_sought, page_of
from core.records.reckoning import EARLIEST
from core.records.rows import added, hide, shown, unhide
from core.workshop.models import ClockPunch, RepairOrder

IN, OUT = "in", "out"
AHEAD_MS = 15 * 60_000  # of a time that is typed: a punch of tonight would hold every punch until then

OFF_MS = 2 * 60_000  # between a punch and the clock it was made by: less is the haste of two punches at once
LONGEST_MS = 24 * 3_600_000  # between two readings of one clock; more was somebody setting it

PUNCHED_AT: ColumnElement[int] = func.coalesce(ClockPunch.at, literal_column("0"))  # as its index has it

FIELDS = Fields(
    staff_id=Field(row_id, required=True, of=Staff),
    order_id=Field(row_id, required=True, of=RepairOrder),
    direction=Field(one_of([IN, OUT]), required=True),
    at=Field(instant),
)


@dataclass(frozen=True, slots=True)
class PunchView:
    """A punch: ``direction`` is in or out, ``at`` UTC milliseconds. ``clock_said``: by the clock of the terminal it was
    made on, in the log ``site``; None: the time was typed, or it is of an older program.
    """

    table: ClassVar[str] = "clock_punches"

    id: str
    staff_id: str | None
    order_id: str | None
    direction: str | None
    at: int | None
    clock_said: int | None = None
    site: str | None = None

    @property
    def doubtful(self) -> bool:
        """Whether it is of another time than the clock said: that was wrong then, or the one before it."""
        return self.at is not None and self.clock_said is not None and abs(self.at - self.clock_said) > OFF_MS


def punch(session: Session, actor: Actor, fields: Mapping[str, object]) -> PunchView:
    """Clock somebody on (``direction`` in) or off: ``staff_id``, ``order_id``; now, unless ``at`` says when.

    A person clocks themselves; another time, or for somebody else of the staff, takes who may correct. Clocked on to
    one order at a time: ``switch`` goes from one to another. Raises ``Denied``, ``Refused``.
    """
    require(actor, "clock.punch")
    if fields.get("at") is not None or (actor.kind == "staff" and fields.get("staff_id") != actor.id):
        require(actor, "clock.correct")
    problems = Problems()
    values = FIELDS.take(session, fields, None, problems)
    at = values.get("at")
    if at is not None and clock_said(session) >= EARLIEST and now(session) < int(at) - AHEAD_MS:
        problems.add("at", tr("This lies in the future."))
    problems.settle()
    if at is None:
        open_ = _check_turn(session, str(values["staff_id"]), str(values["order_id"]), str(values["direction"]))
        values |= _moment_now(session, str(values["staff_id"]), open_)
    return view_of(added(session, ClockPunch, values))


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of clocking on or off: the punches out, and the one in; both empty when nothing had to be done."""

    out: tuple[PunchView, ...] = ()
    on: PunchView | None = None


def switch(session: Session, actor: Actor, order_id: str, *, staff_id: str | None = None) -> Turn:
    """Work on this order from now on: out of whatever was open, and in here, in one go. Who is on it alone stays.

    ``staff_id``: who; the actor themselves when not said. Raises ``Denied``, ``Refused``.
    """
    person = _person(actor, staff_id)
    open_ = clocked_on(session, staff_id=person)
    out = tuple(_out(session, person, each) for each in open_ if each.order_id != order_id)
    if any(each.order_id == order_id for each in open_):
        return Turn(out)
    return Turn(out, punch(session, actor, {"staff_id": person, "order_id": order_id, "direction": IN}))


def clock_off(session: Session, actor: Actor, *, staff_id: str | None = None) -> Turn:
    """Stop, whatever it was. Nothing when nothing was open. Raises ``Denied``, ``Refused``."""
    person = _person(actor, staff_id)
    return Turn(tuple(_out(session, person, each) for each in clocked_on(session, staff_id=person)))


def _person(actor: Actor, staff_id: str | None) -> str:
    """Whose clock it is. Raises ``Denied``, ``Refused``: a tablet or a program has no hours of its own."""
    require(actor, "clock.punch")
    if staff_id is None and actor.kind != "staff":
        raise Refused(("staff_id", tr("Sign in with your name first: hours are somebody's.")))
    if actor.kind == "staff" and staff_id not in (None, actor.id):
        require(actor, "clock.correct")
    return staff_id or actor.id


def _out(session: Session, person: str, open_: PunchView) -> PunchView:
    """Whether the order is still here is not asked: who works on one that was deleted must get off it."""
    about: dict[str, Value] = {"staff_id": person, "order_id": open_.order_id, "direction": OUT}
    return view_of(added(session, ClockPunch, {**about, **_moment_now(session, person, open_)}))


def delete_punch(session: Session, actor: Actor, id_: str) -> None:
    """Hide a punch that was wrong. Raises ``Denied``, ``NotFound``."""
    require(actor, "clock.correct")
    hide(session, ClockPunch, id_)


def restore_punch(session: Session, actor: Actor, id_: str) -> PunchView:
    """Raises ``Denied``, ``NotFound``."""
    require(actor, "clock.correct")
    return view_of(unhide(session, ClockPunch, id_))


def list_punches(
    session: Session,
    *,
    staff_id: str | None = None,
    order_id: str | None = None,
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[PunchView]:
    """Punches by the page, the last first. Raises ``Refused``."""
    check_sought(staff_id=staff_id, order_id=order_id)
    query = shown(ClockPunch)
    if staff_id is not None:
        query = query.where(ClockPunch.staff_id == staff_id)
    if order_id is not None:
        query = query.where(ClockPunch.order_id == order_id)
    order = Order("at", PUNCHED_AT, descending=True, kind=int)
    return page_of(session, query, ClockPunch, order, after=after, limit=limit).mapped(view_of)


def clocked_on(
    session: Session, *, staff_id: str | None = None, order_ids: Collection[str] | Select[str] | None = None
) -> tuple[PunchView, ...]:
    """The punches in that no punch out has answered: who works on what right now.

    ``order_ids``: on these orders only, or on those a query gives: without it all punches there ever were are read.
    """
    place = func.row_number().over(
        partition_by=(ClockPunch.staff_id, ClockPunch.order_id),
        order_by=(func.coalesce(ClockPunch.at, 0).desc(), ClockPunch.id.desc()),
    )
    ranked = select(ClockPunch.id.label("id"), place.label("place")).where(ClockPunch.deleted_at.is_(None))
    if staff_id is not None:
        ranked = ranked.where(ClockPunch.staff_id == staff_id)
    if order_ids is not None:
        ranked = ranked.where(ClockPunch.order_id.in_(order_ids))
    last = ranked.subquery()
    query = select(ClockPunch).join(last, ClockPunch.id == last.c.id)
    rows = session.scalars(query.where(last.c.place == 1, ClockPunch.direction == IN))
    return tuple(sorted((view_of(row) for row in rows), key=_moment))


def open_punches(punches: Iterable[PunchView]) -> tuple[PunchView, ...]:
    """``clocked_on`` of punches in hand, in whatever order they come."""
    last: dict[tuple[str | None, str | None], PunchView] = {}
    for each in sorted(punches, key=_moment):
        last[each.staff_id, each.order_id] = each
    return tuple(sorted((each for each in last.values() if each.direction == IN), key=_moment))


def _moment_now(session: Session, person: str, open_: PunchView | None) -> dict[str, Value]:
    """Now, and after all punches of this person, even at a terminal whose clock is wrong. One that was typed wrong and
    deleted is answered by nothing.

    ``open_``: the punch in that is answered. When that was made here, the time between them is what has passed on the
    clock here: also one that is a year behind goes as fast as any other. What nobody can know is told as doubtful.
    """
    said, here = clock_said(session), site(session)
    present = now(session)
    if open_ is not None and open_.site == here and open_.clock_said is not None and open_.at is not None:
        passed = said - open_.clock_said
        if 0 <= passed <= LONGEST_MS:
            present = max(present, open_.at + passed)
    last = select(func.max(ClockPunch.at)).where(ClockPunch.staff_id == person, ClockPunch.deleted_at.is_(None))
    return {"at": max(present, (session.scalar(last) or 0) + 1), "clock_said": said, "site": here}


def _moment(each: PunchView) -> tuple[int, str]:
    return each.at or 0, each.id


def _check_turn(session: Session, staff_id: str, order_id: str, direction: str) -> PunchView | None:
    """The punch in that is answered; None: this is one. Raises ``Refused``."""
    punches = {each.order_id: each for each in clocked_on(session, staff_id=staff_id)}
    open_ = list(punches)
    problems = Problems()
    if direction == IN and order_id in open_:
        problems.add("direction", tr("Already clocked on to this order."))
    elif direction == IN and open_:
        problems.add("direction", tr("Still clocked on to another order: clock off there first."))
    elif direction == OUT and order_id not in open_:
        problems.add("direction", tr("Not clocked on to this order."))
    problems.settle()
    return punches.get(order_id) if direction == OUT else None


def view_of(row: ClockPunch) -> PunchView:
    """What is shown of a row."""
    return PunchView(row.id, row.staff_id, row.order_id, row.direction, row.at, row.clock_said, row.site)
