"""The states of a repair order, and who may move it from one to another.

Asked only when a person moves an order, never when changes from two terminals meet: there the states of both are kept,
and of concurrent ones the one further on is shown until somebody decides.

Whoever sits at the desk may put a card where the car is, in any open state: paper often comes after the fact. On the
floor a car goes step by step. Only the desk hands a car over, and only a car that is ready.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from core.language import mark
from core.people.roles import Role


class Status(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    DIAGNOSING = "diagnosing"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_PARTS = "awaiting_parts"
    IN_PROGRESS = "in_progress"
    QUALITY_CHECK = "quality_check"
    READY = "ready"
    DELIVERED = "delivered"


WORDS: Mapping[Status, str] = {
    Status.BOOKED: mark("Booked"),
    Status.ARRIVED: mark("Arrived"),
    Status.DIAGNOSING: mark("Diagnosing"),
    Status.AWAITING_APPROVAL: mark("Awaiting approval"),
    Status.AWAITING_PARTS: mark("Awaiting parts"),
    Status.IN_PROGRESS: mark("In progress"),
    Status.QUALITY_CHECK: mark("Quality check"),
    Status.READY: mark("Ready"),
    Status.DELIVERED: mark("Delivered"),
}

RANKS: Mapping[str, int] = {status.value: rank for rank, status in enumerate(Status, start=1)}

DESK = frozenset({Role.OWNER, Role.MANAGER, Role.ADVISER})
FLOOR = DESK | {Role.TECHNICIAN}
STORE = DESK | {Role.PARTS}

_OPEN = tuple(status for status in Status if status is not Status.DELIVERED)
_BOOKED, _ARRIVED, _DIAGNOSING, _APPROVAL, _PARTS, _WORK, _CHECK, _READY, _DELIVERED = Status


def _moves(
    start: Status, ends: Iterable[Status], roles: frozenset[Role]
) -> dict[tuple[Status, Status], frozenset[Role]]:
    return {(start, end): roles for end in ends if end is not start}


def _joined(*parts: Mapping[tuple[Status, Status], frozenset[Role]]) -> dict[tuple[Status, Status], frozenset[Role]]:
    whole: dict[tuple[Status, Status], frozenset[Role]] = {}
    for part in parts:
        for move, roles in part.items():
            whole[move] = whole.get(move, frozenset()) | roles
    return whole


# (from, to) -> who. What is not here is nobody's.
MOVES: Mapping[tuple[Status, Status], frozenset[Role]] = _joined(
    *(_moves(start, _OPEN, DESK) for start in _OPEN),
    _moves(_READY, (_DELIVERED,), DESK),
    _moves(_DELIVERED, (_READY,), DESK),  # a wrong tap, or a car that comes straight back
    _moves(_BOOKED, (_ARRIVED,), FLOOR),
    _moves(_ARRIVED, (_BOOKED, _DIAGNOSING, _WORK), FLOOR),
    _moves(_DIAGNOSING, (_ARRIVED, _APPROVAL, _PARTS, _WORK), FLOOR),
    _moves(_APPROVAL, (_DIAGNOSING, _PARTS, _WORK), FLOOR),
    _moves(_PARTS, (_DIAGNOSING, _APPROVAL, _WORK), FLOOR),
    _moves(_WORK, (_DIAGNOSING, _APPROVAL, _PARTS, _CHECK), FLOOR),
    _moves(_CHECK, (_WORK, _READY), FLOOR),
    _moves(_READY, (_CHECK, _WORK), FLOOR),
    _moves(_APPROVAL, (_PARTS,), STORE),
    _moves(_PARTS, (_WORK, _APPROVAL), STORE),
    _moves(_WORK, (_PARTS,), STORE),
)

# In which states an order may begin: most are booked, some cars stand in the yard already.
BEGINNINGS: Mapping[Status, frozenset[Role]] = dict.fromkeys(_OPEN, DESK) | {
    _ARRIVED: FLOOR,
    _DIAGNOSING: FLOOR,
    _BOOKED: FLOOR | STORE,
}


def may_move(role: Role, start: str | None, end: str) -> bool:
    """Whether somebody of this role may move an order so. An order without a state, or with one that is not known here
    (a newer program's), goes wherever one may begin.
    """
    if start is not None and start in RANKS:
        return start == end or role in MOVES.get((Status(start), Status(end)), ())
    return role in BEGINNINGS.get(Status(end), ())


def moves_from(role: Role, start: str | None) -> tuple[Status, ...]:
    """Where somebody of this role may move an order to, for a menu or a row of targets."""
    return tuple(end for end in Status if end != start and may_move(role, start, end))
