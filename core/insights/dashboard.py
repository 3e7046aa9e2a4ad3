"""The shop at a glance: what is open and late, what today holds, and how the last weeks went.

Each figure says what it counts where it is defined, and a figure without a sample is None, never zero: with nothing
finished there is no mean time, and with nothing promised nobody was on time.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from core.insights.codes import CodeCount, top_codes
from core.insights.finished import Finished, finished, mean
from core.insights.money import DayOfMoney, cost_unknown, earned, hours_sold
from core.people.roles import Actor, require
from core.planning.capacity import capacity
from core.planning.local_days import HOUR_MS, day_of, day_span, moment
from core.records.moment import now as present
from core.workshop.models import RepairOrder
from core.workshop.part_states import part_badges
from core.workshop.shop import shop_details
from core.workshop.states import Status

WEEKS = 30  # days: of means, rates and money
COMEBACK_DAYS = 90  # of comebacks: trouble shows late
_THOUSAND = 1000
_AT_WORK = frozenset(Status) - {Status.READY, Status.DELIVERED}
_IN_HOUSE = _AT_WORK - {Status.BOOKED}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share from 0 to 1 of ``count`` cases; None when there was none."""

    rate: float | None
    count: int


@dataclass(frozen=True, slots=True)
class HoursToday:
    """Thousandths of an hour. ``sold``: labour invoiced today; ``booked`` and ``left``: of people's time until the end
    of the day, as ``core.planning.capacity`` defines them.
    """

    sold: int
    booked: int
    left: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The figures at ``at`` (UTC ms).

    ``open``: not delivered. ``by_status``: also states that only a newer program knows, as it calls them; work in such
    a one is open, in the house and not ready. ``overdue``: promised before now and not ready.
    ``waiting_for_approval`` and ``waiting_for_parts``: orders in these states. ``parts_waiting``: lines of vehicles in
    the house whose part is not.
    ``completion_hours``: mean from arrival to ready of what was finished in the last 30 days, ``completed`` orders.
    ``on_time``: of those with a promise. ``first_time``: of what was finished in the last 90 days the share that did
    not come back; ``comebacks``: those that did. ``money``: each of the last 30 days, ``cost_unknown``: how many lines
    in it count wholly as profit, because their cost is not known. ``currency``: ISO 4217.
    """

    at: int
    day: str
    open: int
    by_status: Mapping[str, int]
    overdue: int
    waiting_for_approval: int
    waiting_for_parts: int
    parts_waiting: int
    hours: HoursToday
    completion_hours: float | None
    completed: int
    on_time: Rate
    first_time: Rate
    comebacks: int
    money: tuple[DayOfMoney, ...]
    codes: tuple[CodeCount, ...]
    currency: str
    cost_unknown: int = 0


def dashboard(session: Session, actor: Actor, *, at: int | None = None, here: dt.tzinfo | None = None) -> Dashboard:
    """The dashboard now, or as of ``at`` (UTC ms), in a fixed number of statements. Raises ``Denied``."""
    require(actor, "figures.read")
    moment_ = present(session) if at is None else at
    today = day_of(moment_, here)
    since = moment(today - dt.timedelta(days=WEEKS - 1), 0, here)
    done = finished(session, moment(today - dt.timedelta(days=COMEBACK_DAYS - 1), 0, here), moment_ + 1)
    lately = [each for each in done if each.done_at >= since]
    counts = _by_status(session)
    took = mean(each.took for each in lately)
    comebacks = _comebacks(session, done)
    start, end = day_span(today, here)
    return Dashboard(
        at=moment_,
        day=today.isoformat(),
        open=sum(count for status, count in counts.items() if status != Status.DELIVERED),
        by_status={**{status.value: 0 for status in Status}, **counts},
        overdue=_overdue(session, moment_, _those(_AT_WORK, counts)),
        waiting_for_approval=counts[Status.AWAITING_APPROVAL.value],
        waiting_for_parts=counts[Status.AWAITING_PARTS.value],
        parts_waiting=_parts_waiting(session, _those(_IN_HOUSE, counts)),
        hours=_hours(session, start, end, moment_, here),
        completion_hours=None if took is None else took / HOUR_MS,
        completed=len(lately),
        on_time=on_time(lately),
        first_time=Rate(1 - len(comebacks) / len(done) if done else None, len(done)),
        comebacks=len(comebacks),
        money=earned(session, since, end, here),
        codes=top_codes(done),
        currency=shop_details(session).currency,
        cost_unknown=cost_unknown(session, since, end),
    )


def on_time(done: list[Finished]) -> Rate:
    """How many of those with a promise were done when promised."""
    promised = [each.on_time for each in done if each.on_time is not None]
    return Rate(sum(promised) / len(promised) if promised else None, len(promised))


def _by_status(session: Session) -> Counter[str]:
    query = select(RepairOrder.status, func.count()).where(RepairOrder.deleted_at.is_(None))
    found: Counter[str] = Counter()
    for status, count in session.execute(query.group_by(RepairOrder.status)):
        found[status or Status.BOOKED.value] += count  # one that did not arrive yet: a new order
    return found


def _those(known: Collection[Status], counts: Mapping[str, int]) -> ColumnElement[bool]:
    """Orders in these states, and in such as a newer program knows, of which there are ``counts``."""
    newer = [each for each in counts if each not in tuple(Status)]
    among = RepairOrder.status.in_([*(each.value for each in known), *newer])
    return or_(among, RepairOrder.status.is_(None)) if Status.BOOKED in known else among


def _overdue(session: Session, at: int, those: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(RepairOrder)
    late = RepairOrder.promised_at < at, those, RepairOrder.deleted_at.is_(None)
    return session.scalar(query.where(*late)) or 0


def _parts_waiting(session: Session, those: ColumnElement[bool]) -> int:
    query = select(RepairOrder.id).where(those, RepairOrder.deleted_at.is_(None))
    badges = part_badges(session, session.scalars(query).all())
    return sum(each.not_ordered + each.on_the_way for each in badges.values())


def _hours(session: Session, start: int, end: int, at: int, here: dt.tzinfo | None) -> HoursToday:
    people = [day.people for day in capacity(session, start, end, now=at, here=here)]
    booked, left = sum(each.booked for each in people), sum(each.left for each in people)
    return HoursToday(hours_sold(session, start, end), booked * _THOUSAND // HOUR_MS, left * _THOUSAND // HOUR_MS)


def _comebacks(session: Session, done: tuple[Finished, ...]) -> set[str]:
    """The finished orders whose work was not right: another order says that it does it again."""
    query = select(RepairOrder.comeback_of).where(
        RepairOrder.comeback_of.is_not(None), RepairOrder.deleted_at.is_(None)
    )
    known = {each.order_id for each in done}
    return {str(order) for order in session.scalars(query) if order in known}
