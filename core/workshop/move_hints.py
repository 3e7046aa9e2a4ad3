"""What is worth knowing before an order is moved, and hinders nobody: a quick job may jump."""

from collections.abc import Iterable, Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.language import tr, trn
from core.people.roles import Actor, Role
from core.workshop.mentions import unread_counts
from core.workshop.models import ClockPunch, RepairOrder
from core.workshop.states import RANKS, Status, may_move

_DONE = (Status.QUALITY_CHECK, Status.READY)
_WAITING = (Status.AWAITING_APPROVAL, Status.AWAITING_PARTS)


def hints(session: Session, actor: Actor, row: RepairOrder, ends: Iterable[Status], lines: int) -> Mapping[Status, str]:
    """By state, in words: that nobody worked on what is said to be done, that there is nothing to charge, that a note
    was not read by whoever hands the car over.
    """
    found: dict[Status, str] = {}
    wanted = set(ends)
    if wanted.intersection(_DONE) and RANKS.get(row.status or "", 0) < RANKS[Status.IN_PROGRESS]:
        punched = exists().where(ClockPunch.order_id == row.id, ClockPunch.deleted_at.is_(None))
        said = "" if session.scalar(select(punched)) else tr("Nobody has clocked on to it yet.")
        nothing = "" if lines else tr("It has no line yet.")
        if said or nothing:
            found |= dict.fromkeys(_DONE, " ".join(each for each in (said, nothing) if each))
    if Status.DELIVERED in wanted and actor.kind == "staff":
        unread = unread_counts(session, actor.id, [row.id]).get(row.id, 0)
        if unread:
            found[Status.DELIVERED] = trn("{count} note is unread.", "{count} notes are unread.", unread)
    return found


def is_step(start: str | None, end: Status, missing: bool) -> bool:
    """Whether a move is the next thing a car does, rather than a jump: a step of those who work on it, handing it over,
    or waiting for what it does wait for.
    """
    if start is None or start not in RANKS:
        return True
    if Status.DELIVERED in (Status(start), end):
        return True
    return may_move(Role.TECHNICIAN, start, end) or (end in _WAITING and not missing)
