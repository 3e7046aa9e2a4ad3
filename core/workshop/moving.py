"""The one place where an order goes from one state to another: who may, what it takes, and what is kept of it.

``states`` says who may move an order where. ``REQUIREMENTS`` says what else it takes: a person is told in words what is
missing, and whoever a requirement names may move it anyway. Of a move a fact is kept, so that everybody sees who moved
the card and figures can be worked out. Nothing of this is asked when changes from two terminals meet.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.models import Staff
from core.people.roles import Actor, Role, require
from core.records.input import Problems, Refused, Value
from core.records.moment import now
from core.records.rows import added, assign, by_id, disputed, row_of, shown
from core.workshop.clock import clocked_on
from core.workshop.estimate_models import LineDecision
from core.workshop.models import Note, OrderLabel, QualityCheck, RepairOrder, RepairOrderLine, StatusMove, Task
from core.workshop.move_hints import hints, is_step
from core.workshop.part_states import part_badges
from core.workshop.states import DESK, FLOOR, RANKS, STORE, WORDS, Status, may_move, moves_from

_DECIDED = frozenset({"approved", "declined"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What requirements ask of an order. Counts; ``clocked_on``: the names of who works on it now.

    ``checked``: the last quality check was passed, and the order has not gone back to work since.
    """

    clocked_on: tuple[str, ...] = ()
    lines: int = 0
    undecided: int = 0
    parts_missing: int = 0
    tasks_open: int = 0
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """What it takes to move an order to ``end``. ``words`` are shown while it is not ``met``; ``anyway``: who may move
    it all the same. ``starts``: only from these; empty: from anywhere. ``noted``: that it was moved anyway stands in
    its notes.
    """

    name: str
    end: Status
    words: str
    met: Callable[[Standing], bool]
    anyway: frozenset[Role]
    starts: frozenset[Status] = frozenset()
    noted: bool = False


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        "undecided",
        Status.AWAITING_APPROVAL,
        mark("There is no line the customer has yet to decide about."),
        lambda order: order.undecided > 0,
        FLOOR,  # the estimate is often written after the card has gone to the desk
    ),
    Requirement(
        "parts",
        Status.AWAITING_PARTS,
        mark("No part of this order is missing."),
        lambda order: order.parts_missing > 0,
        FLOOR | STORE,
    ),
    Requirement(
        "tasks",
        Status.QUALITY_CHECK,
        mark("Tasks that are not done: {tasks}."),
        lambda order: order.tasks_open == 0,
        FLOOR,
    ),
    Requirement(
        "checked",
        Status.READY,
        mark("No quality check was passed since the last work on it."),
        lambda order: order.checked,
        DESK,
        starts=frozenset({Status.QUALITY_CHECK}),
        noted=True,
    ),
    Requirement(
        "stopped",
        Status.READY,
        mark("Still clocked on: {names}."),
        lambda order: not order.clocked_on,
        FLOOR,
    ),
    Requirement(
        "left",
        Status.DELIVERED,
        mark("Still clocked on: {names}."),
        lambda order: not order.clocked_on,
        DESK,
        noted=True,
    ),
    Requirement(
        "answered",
        Status.DELIVERED,
        mark("Lines the customer has not decided about: {lines}."),
        lambda order: order.undecided == 0,
        DESK,
    ),
)


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement that is not met, in words; ``anyway``: who may move the order all the same."""

    name: str
    words: str
    anyway: frozenset[Role]
    noted: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A state somebody may move an order to. ``unmet``: what is missing; ``open``: it goes, if need be anyway.

    ``step``: it is what comes next, and no jump; ``hint``: words that hinder nobody ("": none).
    """

    status: Status
    unmet: tuple[Unmet, ...]
    open: bool
    step: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MoveResult:
    """What became of a move. ``moved`` is False when the order was there already. ``moved_at`` UTC milliseconds.

    ``anyway``: the words of what was not met.
    """

    order_id: str
    before: str | None
    after: str
    label: str | None
    moved: bool
    moved_at: int
    anyway: tuple[str, ...] = field(default=())


class MovedMeanwhile(Refused):
    """Somebody moved the order since it was read: ``status`` is where it is, ``by`` who moved it ("": not known)."""

    def __init__(self, status: str | None, by: str) -> None:
        self.status, self.by = status, by
        where = tr(WORDS[Status(status)]) if status and status in RANKS else status or ""
        if by:
            words = tr("{name} moved it to “{status}” meanwhile.", name=by, status=where)
        else:
            words = tr("It was moved to “{status}” meanwhile.", status=where)
        super().__init__(("from_status", words))


def move(
    session: Session,
    actor: Actor,
    order_id: str,
    status: str,
    *,
    from_status: str | None = None,
    label: str | None = None,
    anyway: bool = False,
) -> MoveResult:
    """Move an order. ``from_status``: where the mover saw it; ``label``: the shop's word, else the state's first one.

    ``anyway``: although something is missing, for whom the requirement allows it. An order that is there already stays.
    Raises ``Denied``, ``NotFound``, ``MovedMeanwhile``, and ``Refused`` with all that is missing.
    """
    require(actor, "repair_orders.change")
    row = row_of(session, RepairOrder, order_id)
    if status not in RANKS:
        raise Refused(("status", tr("This must be one of: {values}.", values=", ".join(RANKS))))
    heads = statuses(row)
    if row.status == status and not heads:
        return MoveResult(row.id, row.status, status, row.label, False, now(session))
    if from_status is not None and from_status != row.status and from_status not in heads:
        raise MovedMeanwhile(row.status, last_mover(session, row.id))
    problems = Problems()
    missing = check(session, actor, row, status, problems, anyway=anyway)
    problems.settle()
    before = row.status
    values: dict[str, str | None] = {"status": status, "label": label_then(session, row, status)}
    if label is not None:
        values["label"] = label.strip()[:60] or None
    assign(session, row, values)
    keep(session, actor, row, before, missing)
    return MoveResult(row.id, before, status, row.label, True, now(session), tuple(each.words for each in missing))


def check(
    session: Session, actor: Actor, row: RepairOrder, status: str, problems: Problems, *, anyway: bool
) -> tuple[Unmet, ...]:
    """Whether this person may move the order so; from any of its states, when terminals disagree about it.

    What hinders goes into ``problems``; returned is what is missing and was passed over.
    """
    heads = statuses(row)
    starts: tuple[str | None, ...] = heads or (row.status,)
    if not any(may_move(actor.role, start, status) for start in starts):
        problems.add("status", cannot(row.status, status))
        return ()
    missing = () if row.status == status else unmet(session, row, status)
    for each in missing:
        if not (anyway and actor.role in each.anyway):
            problems.add("status", each.words)
    return missing


def keep(session: Session, actor: Actor, row: RepairOrder, before: str | None, missing: Iterable[Unmet] = ()) -> None:
    """Keep the fact that somebody moved an order, and in its notes what they passed over. Nothing when it is where it
    was.
    """
    if row.status == before:
        return
    at = now(session)
    who = actor.reference, actor.name
    values: dict[str, Value] = {"order_id": row.id, "before": before, "after": row.status}
    added(session, StatusMove, {**values, "moved_by": who[0], "moved_by_name": who[1], "moved_at": at})
    passed = [each.words for each in missing if each.noted]
    if passed:
        status = tr(WORDS[Status(str(row.status))])
        text = tr("Moved to “{status}” anyway: {words}", status=status, words=" ".join(passed))
        note: dict[str, Value] = {"order_id": row.id, "text": text, "written_at": at}
        added(session, Note, {**note, "author": who[0], "author_name": who[1]})


def targets(session: Session, actor: Actor, order_id: str) -> tuple[Target, ...]:
    """Where this person may move an order, and what is missing for it. Raises ``NotFound``."""
    row = row_of(session, RepairOrder, order_id)
    standing = standings(session, [row.id])[row.id]
    heads = statuses(row)
    ends = dict.fromkeys(end for start in heads or (row.status,) for end in moves_from(actor.role, start))
    if heads and row.status in RANKS:
        ends[Status(str(row.status))] = None  # saying that it stands where it is shown settles it
    hinted, found = hints(session, actor, row, ends, standing.lines), []
    for end in sorted(ends, key=lambda each: RANKS[each]):
        missing = () if end == row.status else unmet_of(standing, row.status, end)
        goes = all(actor.role in each.anyway for each in missing)
        step = bool(heads) or is_step(row.status, end, bool(missing))
        found.append(Target(end, missing, goes, step, hinted.get(end, "")))
    return tuple(found)


def unmet(session: Session, order: RepairOrder, end: str) -> tuple[Unmet, ...]:
    """What is missing for an order to go to ``end``."""
    if not any(each.end == end for each in REQUIREMENTS):
        return ()
    return unmet_of(standings(session, [order.id])[order.id], order.status, end)


def unmet_of(standing: Standing, start: str | None, end: str) -> tuple[Unmet, ...]:
    """``unmet`` of an order that stands so. Pure."""
    return tuple(
        Unmet(
            each.name,
            tr(
                each.words,
                names=", ".join(standing.clocked_on),
                tasks=standing.tasks_open,
                lines=standing.undecided,
            ),
            each.anyway,
            each.noted,
        )
        for each in REQUIREMENTS
        if each.end == end and (not each.starts or start in each.starts) and not each.met(standing)
    )


def standings(session: Session, order_ids: Collection[str]) -> dict[str, Standing]:
    """How these orders stand, in as many statements for one as for a hundred."""
    wanted = list(dict.fromkeys(order_ids))
    on = _names_on(session, wanted)
    lines, undecided = _undecided(session, wanted)
    badges = part_badges(session, wanted)
    tasks = Counter(
        session.scalars(
            select(Task.order_id).where(Task.order_id.in_(wanted), Task.deleted_at.is_(None), Task.done_at.is_(None))
        )
    )
    checked = _checked(session, wanted)
    return {
        id_: Standing(
            clocked_on=on.get(id_, ()),
            lines=lines[id_],
            undecided=undecided[id_],
            parts_missing=badge.not_ordered + badge.on_the_way if (badge := badges.get(id_)) else 0,
            tasks_open=tasks[id_],
            checked=id_ in checked,
        )
        for id_ in wanted
    }


def statuses(row: RepairOrder) -> tuple[str, ...]:
    """The states terminals that were apart gave an order; empty when they agree."""
    return tuple(str(each) for each in disputed(row, "status") if each is not None)


def cannot(start: str | None, end: str) -> str:
    """That an order cannot go so, in words."""
    to = tr(WORDS[Status(end)])
    if start is not None and start in RANKS:
        return tr("You cannot move an order from “{start}” to “{end}”.", start=tr(WORDS[Status(start)]), end=to)
    return tr("An order cannot begin as “{end}”.", end=to)


def last_mover(session: Session, order_id: str) -> str:
    """The name of who moved an order last, as it was then; "" when nobody did."""
    query = select(StatusMove.moved_by_name).where(StatusMove.order_id == order_id, StatusMove.deleted_at.is_(None))
    query = query.order_by(func.coalesce(StatusMove.moved_at, 0).desc(), StatusMove.id.desc()).limit(1)
    return session.scalar(query) or ""


def default_labels(session: Session) -> Mapping[str, str]:
    """The first label of each state that has labels of its own."""
    found: dict[str, str] = {}
    for row in _labels(session):
        if row.status and row.name:
            found.setdefault(row.status, row.name)
    return found


def label_then(session: Session, row: RepairOrder, status: str) -> str | None:
    """Which label an order bears in another state: a label of the state it leaves stays behind, and it takes the first
    of the new one; a label of any state, or one that was typed by hand, goes along.
    """
    labels = _labels(session)
    named = [each for each in labels if each.name and each.name == row.label]
    goes_along = row.label and (not named or any(not each.status or each.status == status for each in named))
    if goes_along or row.status == status:
        return row.label
    return next((each.name for each in labels if each.status == status and each.name), None)


def _labels(session: Session) -> list[OrderLabel]:
    return list(session.scalars(shown(OrderLabel).order_by(func.coalesce(OrderLabel.position, 0), OrderLabel.id)))


def _names_on(session: Session, wanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    on = clocked_on(session, order_ids=wanted)
    staff = by_id(session, Staff, [each.staff_id for each in on])
    names: dict[str, list[str]] = {}
    for each in on:
        person = staff.get(each.staff_id or "")
        names.setdefault(each.order_id or "", []).append(person.name if person and person.name else tr("somebody"))
    return {id_: tuple(found) for id_, found in names.items()}


def _undecided(session: Session, wanted: Collection[str]) -> tuple[Counter[str | None], Counter[str | None]]:
    """How many lines the orders have, and how many of these nobody has said yes or no to."""
    line, said = RepairOrderLine, LineDecision
    lines = session.execute(select(line.id, line.order_id).where(line.order_id.in_(wanted), line.deleted_at.is_(None)))
    order_of = {row[0]: row[1] for row in lines}
    query = select(said.line_id, said.decision).where(said.order_id.in_(wanted), said.deleted_at.is_(None))
    spoken = session.execute(query.order_by(func.coalesce(said.decided_at, 0), said.id))
    last = {row[0]: row[1] for row in spoken}  # the last word counts
    undecided = (order for line_id, order in order_of.items() if last.get(line_id) not in _DECIDED)
    return Counter(order_of.values()), Counter(undecided)


def _checked(session: Session, wanted: Collection[str]) -> frozenset[str]:
    """Orders whose last quality check was passed, and that have not gone back to work since."""
    look, went = QualityCheck, StatusMove
    at = func.coalesce(look.checked_at, 0)
    checks = select(look.order_id, look.passed, at).where(look.order_id.in_(wanted), look.deleted_at.is_(None))
    last: dict[str | None, tuple[bool | None, int]] = {
        row[0]: (row[1], row[2]) for row in session.execute(checks.order_by(at, look.id))
    }
    earlier = [status for status, rank in RANKS.items() if rank < RANKS[Status.QUALITY_CHECK]]
    back = select(went.order_id, func.max(went.moved_at)).where(
        went.order_id.in_(wanted), went.after.in_(earlier), went.deleted_at.is_(None)
    )
    again: dict[str | None, int] = {row[0]: row[1] or 0 for row in session.execute(back.group_by(went.order_id))}
    return frozenset(id_ for id_, (passed, when) in last.items() if id_ and passed and when >= again.get(id_, 0))
