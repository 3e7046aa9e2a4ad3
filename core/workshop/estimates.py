"""The estimate of an order: what each line costs, and what the customer said to it.

An estimate is no paper of its own but the lines of the order beside the decisions on them. So a line that is added
later is open by itself, and one that became another after a yes - price, tax, words - is seen to be.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Value, day, one_of, text
from core.records.moment import now
from core.records.rows import added, row_of, shown
from core.vehicles.odometer import kilometres
from core.workshop import decisions, lines
from core.workshop.decisions import APPROVED, ASKED, DECLINED, WAYS, DecisionView, decisions_on, last_words
from core.workshop.discounts import is_share, priced_together
from core.workshop.estimate_models import LineDecision
from core.workshop.lines import LineView
from core.workshop.models import RepairOrder, RepairOrderLine
from core.workshop.recommendations import advise_again
from core.workshop.totals import Totals, totals

OPEN, CHANGED = "open", "changed"
STATES: Mapping[str, str] = {
    OPEN: mark("Not asked yet"),
    **decisions.WORDS,
    CHANGED: mark("Changed since it was approved"),
}
UNDECIDED = (OPEN, ASKED, CHANGED)

SAID = Fields(
    said_by=Field(text(120)),
    way=Field(one_of(WAYS)),
    remark=Field(text(500)),
    due_on=Field(day),
    due_odometer=Field(kilometres),
)


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """A line and where it stands: ``state`` is one of ``STATES``, ``decision`` the last word on it."""

    line: LineView
    state: str
    decision: DecisionView | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate of an order. ``waiting``: of what nobody has said yes or no to, as it is now."""

    order_id: str
    lines: tuple[EstimateLine, ...]
    everything: Totals
    approved: Totals
    declined: Totals
    waiting: Totals

    @property
    def wanted(self) -> Totals:
        """Of what was not declined: what is agreed and what may be yet; what an invoice of it would come to."""
        return totals(priced_together([each.line for each in self.lines if each.state != DECLINED]))

    @property
    def counts(self) -> Mapping[str, int]:
        """How many lines are in each of ``STATES``."""
        states = [each.state for each in self.lines]
        return {state: states.count(state) for state in STATES}


def estimate(session: Session, order_id: str) -> Estimate:
    """The estimate of an order, in three queries. Raises ``NotFound``."""
    return made_of(order_id, lines.list_lines(session, order_id), decisions_on(session, [order_id]))


def made_of(order_id: str, views: Sequence[LineView], said: Sequence[DecisionView]) -> Estimate:
    """``estimate`` of lines and decisions in hand."""
    words = last_words(said)
    kept = [line.id for line in views if not lines.is_declined(words.get(line.id))]
    priced = priced_together(views, kept)
    rows = tuple(EstimateLine(line, state_of(line, words.get(line.id)), words.get(line.id)) for line in priced)

    def of(*states: str) -> Totals:
        """Percentages of the lines in these states: 10 % of what is approved is taken off what is approved."""
        return totals(priced_together([each.line for each in rows if each.state in states]))

    return Estimate(order_id, rows, of(*STATES), of(APPROVED), of(DECLINED), of(*UNDECIDED))


def state_of(line: LineView, last: DecisionView | None) -> str:
    """Where a line stands after the last word on it: a yes is to its words and its tax, too, not to its price alone.

    A yes that noted no words is one of an older program, and to quantity and price.
    """
    if last is None or last.decision not in decisions.WORDS:
        return OPEN
    if is_share(line):  # its price follows the others, and is not what was agreed to
        same = last.percent_off == line.percent_off
    else:
        same = (last.quantity, last.unit_price) == (line.quantity, line.unit_price)
    if last.description is not None:
        same = same and (last.description, last.tax_rate) == (line.description or "", line.tax_rate)
    return CHANGED if last.decision == APPROVED and not same else str(last.decision)


def decide(
    session: Session, actor: Actor, order_id: str, said: Sequence[tuple[str, str]], fields: Mapping[str, object]
) -> Estimate:
    """Write down what the customer said to lines: ``said`` is (line id, "approved", "declined" or "asked").

    ``fields``: ``said_by``, ``way`` (in person when not given), ``remark``; and for what was declined ``due_on`` and
    ``due_odometer``, when it shall come back. Declined work is advised again. Said twice is written once. Raises
    ``Denied``, ``NotFound``, ``Refused``.
    """
    require(actor, "estimates.decide")
    row_of(session, RepairOrder, order_id)
    problems = Problems()
    values = SAID.take(session, fields, None, problems)
    query = shown(RepairOrderLine, RepairOrderLine.order_id == order_id)
    here = {row.id: row for row in session.scalars(query)}
    _check(said, here, problems)
    problems.settle()
    before = decisions_on(session, [order_id])
    words = last_words(before)
    # After every word that is known here, even at a terminal whose clock stands at 2009.
    at = max([now(session), *((each.decided_at or 0) + 1 for each in before)])
    about = {"said_by": values.get("said_by"), "way": values.get("way") or "in_person", "remark": values.get("remark")}
    due_on, due_odometer = values.get("due_on"), values.get("due_odometer")
    for line_id, decision in dict(said).items():
        line = here[line_id]
        fact: dict[str, Value] = {
            **about,
            "decision": decision,
            **{name: getattr(line, name) for name in ("quantity", "unit_price", "tax_rate", "percent_off")},
            "description": line.description or "",
        }
        last = words.get(line_id)
        if last is None or any(getattr(last, name) != value for name, value in fact.items()):
            signed: dict[str, Value] = {
                "recorded_by": actor.reference,
                "recorded_by_name": actor.name,
                "decided_at": at,
            }
            added(session, LineDecision, {"order_id": order_id, "line_id": line_id, **fact, **signed})
        if decision == DECLINED:
            advise_again(
                session,
                line,
                due_on=None if due_on is None else str(due_on),
                due_odometer=None if due_odometer is None else int(due_odometer),
            )
    return estimate(session, order_id)


def decide_all(session: Session, actor: Actor, order_id: str, decision: str, fields: Mapping[str, object]) -> Estimate:
    """``decide`` on every line that nobody has said yes or no to. Raises ``Denied``, ``NotFound``, ``Refused``."""
    require(actor, "estimates.decide")
    found = estimate(session, order_id)
    waiting = [each.line.id for each in found.lines if each.state in UNDECIDED]
    if found.lines and not waiting:
        return found  # a second tap
    return decide(session, actor, order_id, [(line_id, decision) for line_id in waiting], fields)


def estimates(session: Session, order_ids: Collection[str]) -> dict[str, Estimate]:
    """The estimates of many orders, for a board or a list of figures: two queries for all of them."""
    by_order: dict[str, list[LineView]] = {each: [] for each in order_ids}
    for line in lines.lines_of(session, order_ids):
        by_order.setdefault(line.order_id or "", []).append(line)
    said: dict[str, list[DecisionView]] = {each: [] for each in by_order}
    for each in decisions_on(session, order_ids):
        said.setdefault(each.order_id or "", []).append(each)
    return {order: made_of(order, views, said[order]) for order, views in by_order.items() if order}


def _check(said: Sequence[tuple[str, str]], here: Mapping[str, RepairOrderLine], problems: Problems) -> None:
    if not said:
        problems.add("decisions", tr("There is nothing to decide."))
    for line_id, decision in said:
        if line_id not in here:
            problems.add("decisions", tr("This order has no line {id}.", id=line_id))
        if decision not in decisions.WORDS:
            problems.add("decisions", tr("This must be one of: {values}.", values=", ".join(decisions.WORDS)))
