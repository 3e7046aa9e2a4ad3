"""Which work was finished in a stretch of time, and how it went: the ground all figures of work stand on.

Only finished work counts in a mean: an order that is still open would make every mean better the longer it stands. An
order is finished when it was moved to *ready* (or was handed over without) and has not left it since: of several times
the last one counts. A stay elsewhere of less than ``BRIEF_MS`` in between is no leaving but a tap that was taken back
and repeated: then it was done the first time. Its time runs from the moment the vehicle arrived, which is the first
move out of *booked*, or the moment it was opened.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.workshop.models import ClockPunch, RepairOrder, StatusMove
from core.workshop.states import Status

DONE = frozenset({Status.READY.value, Status.DELIVERED.value})
BRIEF_MS = 15 * 60_000  # work that was taken up again is not done in less
_NOT_HERE = frozenset({None, Status.BOOKED.value})


@dataclass(frozen=True, slots=True)
class Finished:
    """An order that is done. Moments are UTC milliseconds; ``comeback_of``: the order whose work it had to do again."""

    order_id: str
    number: str | None
    vehicle_id: str | None
    technician_id: str | None
    complaint: str | None
    cause: str | None
    promised_at: int | None
    arrived_at: int
    done_at: int
    comeback_of: str | None

    @property
    def took(self) -> int:
        """Milliseconds from arrival to done."""
        return max(0, self.done_at - self.arrived_at)

    @property
    def on_time(self) -> bool | None:
        """Whether it was done when it was promised; None when nothing was."""
        return None if self.promised_at is None else self.done_at <= self.promised_at


def finished(session: Session, start: int, end: int, *, staff_id: str | None = None) -> tuple[Finished, ...]:
    """The orders finished from ``start`` until before ``end`` (UTC ms), by the moment they were. Two statements.

    ``staff_id``: only those that this person was ever clocked on to, or that are theirs by name.
    """
    in_time = (
        select(StatusMove.order_id)
        .where(StatusMove.moved_at >= start, StatusMove.moved_at < end, StatusMove.after.in_(DONE))
        .where(StatusMove.deleted_at.is_(None))
    )
    order = RepairOrder
    if staff_id is not None:
        punched = select(ClockPunch.order_id).where(ClockPunch.staff_id == staff_id, ClockPunch.deleted_at.is_(None))
        named = select(order.id).where(order.technician_id == staff_id)
        in_time = in_time.where(or_(StatusMove.order_id.in_(punched), StatusMove.order_id.in_(named)))
    columns = (
        order.id, order.number, order.vehicle_id, order.technician_id, order.complaint, order.cause, order.promised_at,
        order.opened_at, order.comeback_of,
    )  # fmt: skip
    rows = session.execute(
        select(*columns).where(order.id.in_(in_time), order.status.in_(DONE), order.deleted_at.is_(None))
    ).all()
    moves: dict[str, list[tuple[int, str | None, str | None]]] = defaultdict(list)
    query = select(StatusMove.order_id, StatusMove.moved_at, StatusMove.before, StatusMove.after)
    for order_id, at, before, after in session.execute(
        query.where(StatusMove.order_id.in_(in_time), StatusMove.deleted_at.is_(None))
    ):
        if order_id is not None and at is not None:
            moves[order_id].append((at, before, after))
    found = []
    for row in rows:
        when = _when(sorted(moves[row.id], key=lambda each: each[0]), row.opened_at)
        if when is not None and start <= when[1] < end:
            found.append(
                Finished(
                    order_id=row.id,
                    number=row.number,
                    vehicle_id=row.vehicle_id,
                    technician_id=row.technician_id,
                    complaint=row.complaint,
                    cause=row.cause,
                    promised_at=row.promised_at,
                    arrived_at=when[0],
                    done_at=when[1],
                    comeback_of=row.comeback_of,
                )
            )
    return tuple(sorted(found, key=lambda each: (each.done_at, each.order_id)))


def mean(values: Iterable[int]) -> float | None:
    """The arithmetic mean; None of nothing, which is not zero."""
    known = list(values)
    return sum(known) / len(known) if known else None


def _when(moves: list[tuple[int, str | None, str | None]], opened_at: int | None) -> tuple[int, int] | None:
    """Arrival and end, UTC ms, by an order's moves in their sequence; None when no move says that it is done."""
    done: int | None = None
    arrived: int | None = None
    was: tuple[int, int] | None = None  # when it was done before it left, and when it left
    if moves and moves[0][1] is None and moves[0][2] in DONE:
        return None  # it came with an import: nobody here saw it come or go
    for at, before, after in moves:
        if arrived is None and after not in _NOT_HERE:
            arrived = at if before in _NOT_HERE else (opened_at or at)
        if after in DONE:
            if done is None:
                done = was[0] if was is not None and at - was[1] < BRIEF_MS else at
        elif done is not None:
            was = done, at
            done = None
    if done is None:
        return None
    return min(arrived if arrived is not None else done, done), done
