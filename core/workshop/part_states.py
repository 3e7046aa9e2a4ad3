"""How far the parts of an order are: not ordered, on the way, here, fitted; and of all of them the one that is last.

Each line of kind ``part`` bears its state. One that bears none is "here" when enough of its part lies in the store, and
else "not ordered". What a customer declined needs no part.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from core.language import mark
from core.people.roles import Actor, require
from core.records.input import Field, Fields, one_of
from core.records.rows import assign, row_of
from core.workshop.estimate_models import LineDecision
from core.workshop.line_kinds import PART
from core.workshop.models import RepairOrderLine
from core.workshop.parts_models import StockMove

_ONE = 1000  # quantities are thousandths


class PartState(StrEnum):
    NOT_ORDERED = "not_ordered"
    ON_THE_WAY = "on_the_way"
    HERE = "here"
    FITTED = "fitted"


WORDS: Mapping[PartState, str] = {
    PartState.NOT_ORDERED: mark("Not ordered"),
    PartState.ON_THE_WAY: mark("On the way"),
    PartState.HERE: mark("Here"),
    PartState.FITTED: mark("Fitted"),
}
_STEPS = {state.value: step for step, state in enumerate(PartState)}

FIELDS = Fields(part_state=Field(one_of([state.value for state in PartState]), required=True))


@dataclass(frozen=True, slots=True)
class PartBadge:
    """The lines of an order that need a part, counted by their states."""

    not_ordered: int = 0
    on_the_way: int = 0
    here: int = 0
    fitted: int = 0

    @property
    def state(self) -> PartState | None:
        """What the card shows: that of the part that is least far. None: the order needs none."""
        for state in PartState:
            if getattr(self, state.value):
                return state
        return None

    @property
    def count(self) -> int:
        return self.not_ordered + self.on_the_way + self.here + self.fitted


def part_badges(session: Session, order_ids: Collection[str]) -> dict[str, PartBadge]:
    """The badges of these orders, in one statement; an order that needs no part has none."""
    wanted = set(order_ids)
    if not wanted:
        return {}
    state = state_shown()
    counts = [func.sum(case((state == each.value, 1), else_=0)) for each in PartState]
    query = (
        select(RepairOrderLine.order_id, *counts)
        .where(RepairOrderLine.order_id.in_(wanted), *needing_a_part())
        .group_by(RepairOrderLine.order_id)
    )
    return {row[0]: PartBadge(*(int(each or 0) for each in row[1:])) for row in session.execute(query)}


def state_shown() -> ColumnElement[str]:
    """The state of a line of ``RepairOrderLine`` for a query: its own word, or what the store says."""
    in_store = (
        select(func.coalesce(func.sum(StockMove.quantity), 0))
        .where(StockMove.part_id == RepairOrderLine.part_id, StockMove.deleted_at.is_(None))
        .correlate(RepairOrderLine)
        .scalar_subquery()
    )
    enough = in_store >= func.coalesce(RepairOrderLine.quantity, _ONE)
    own = RepairOrderLine.part_state
    return case(
        (own.in_(tuple(_STEPS)), own),
        (RepairOrderLine.part_id.is_not(None) & enough, PartState.HERE.value),
        else_=PartState.NOT_ORDERED.value,
    )


def needing_a_part() -> tuple[ColumnElement[bool], ...]:
    """Conditions for lines of ``RepairOrderLine`` that take a part: of this kind, not deleted, not declined."""
    last_word = (
        select(LineDecision.decision)
        .where(LineDecision.line_id == RepairOrderLine.id, LineDecision.deleted_at.is_(None))
        .order_by(func.coalesce(LineDecision.decided_at, 0).desc(), LineDecision.id.desc())
        .limit(1)
        .correlate(RepairOrderLine)
        .scalar_subquery()
    )
    wanted = func.coalesce(last_word, "") != "declined"
    return RepairOrderLine.kind == PART, RepairOrderLine.deleted_at.is_(None), wanted


def set_part_state(session: Session, actor: Actor, line_id: str, state: object) -> None:
    """Say by hand how far the part of a line is: bought at the counter, sent back. Raises ``Denied``, ``NotFound``,
    ``Refused``.
    """
    require(actor, "repair_orders.change")
    row = row_of(session, RepairOrderLine, line_id)
    assign(session, row, FIELDS.settled(session, {"part_state": state}, row))


def bring_on(session: Session, line_id: str | None, state: PartState) -> None:
    """A line's part has come as far as this; one that is further stays there, and a line that is gone stays gone."""
    row = session.get(RepairOrderLine, line_id) if line_id else None
    if row is not None and row.deleted_at is None and _STEPS.get(row.part_state or "", -1) < _STEPS[state.value]:
        assign(session, row, {"part_state": state.value})


def set_back(session: Session, line_id: str | None, state: PartState) -> None:
    """A line's part is no further than this any more: its order was cancelled, it was taken out again."""
    row = session.get(RepairOrderLine, line_id) if line_id else None
    if row is not None and row.deleted_at is None and _STEPS.get(row.part_state or "", -1) > _STEPS[state.value]:
        assign(session, row, {"part_state": state.value})


def wait_no_more(session: Session, line_id: str | None) -> None:
    """What was on the way does not come; what is here or fitted, from elsewhere, stays so."""
    row = session.get(RepairOrderLine, line_id) if line_id else None
    if row is not None and row.part_state == PartState.ON_THE_WAY.value:
        set_back(session, line_id, PartState.NOT_ORDERED)
