"""What of an order can be invoiced: lines that the customer approved, and that no valid invoice has yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.records.input import Problems
from core.records.rows import row_of
from core.workshop import invoice_content
from core.workshop.discounts import is_share, priced_together
from core.workshop.estimates import estimate
from core.workshop.invoice_content import InvoiceLine, lines_of
from core.workshop.invoice_models import Invoice, InvoiceVoid
from core.workshop.line_kinds import DISCOUNT
from core.workshop.models import RepairOrder
from core.workshop.totals import Totals, net_of, totals

APPROVED, UNDECIDED, DECLINED, INVOICED = "approved", "undecided", "declined", "invoiced"

WORDS: Mapping[str, str] = {
    APPROVED: mark("Approved"),
    UNDECIDED: mark("Not decided yet"),
    DECLINED: mark("Declined"),
    INVOICED: mark("Invoiced already"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line, and whether it can be invoiced: ``state`` is a key of ``WORDS``."""

    line: InvoiceLine
    state: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an invoice of an order would have: the approved lines, and what they come to.

    ``undecided`` are for the person to choose: they are invoiced only when they are named. Ids are of lines.
    """

    order_id: str
    candidates: tuple[Candidate, ...]
    approved: tuple[str, ...]
    undecided: tuple[str, ...]
    sums: Totals


def propose_invoice(session: Session, order_id: str) -> Proposal:
    """What can be invoiced of an order now, in six questions. Raises ``NotFound``."""
    row_of(session, RepairOrder, order_id)
    done = invoiced_lines(session, order_id)
    said = {each.line.id: each for each in estimate(session, order_id).lines}
    lines = lines_of(each.line for each in said.values())
    states = {line.id: _state(line, said[line.id].state, done) for line in lines}
    left = priced_together(lines, [id_ for id_, state in states.items() if state in (APPROVED, UNDECIDED)])
    candidates = tuple(Candidate(replace(each, net=net_of(each)), states[each.id]) for each in left)
    approved = on_one_paper([each.line for each in candidates if each.state == APPROVED])
    undecided = tuple(each.line.id for each in candidates if each.state == UNDECIDED)
    return Proposal(order_id, candidates, tuple(each.id for each in approved), undecided, totals(approved))


def chosen_lines(proposal: Proposal, wanted: Collection[str] | None, problems: Problems) -> tuple[InvoiceLine, ...]:
    """The lines to be invoiced, in the order of the paper; None: all that are approved. What cannot be, is a problem.

    A line without a decision is taken when it is named, and only then.
    """
    states = {each.line.id: each.state for each in proposal.candidates}
    names = {each.line.id: each.line.description or "" for each in proposal.candidates}
    for id_ in dict.fromkeys(wanted or ()):
        state = states.get(id_)
        if state is None:
            problems.add("line_ids", tr("This order has no such line: {line}.", line=id_))
        elif state == DECLINED:
            problems.add("line_ids", tr("The customer declined “{line}”: it cannot be invoiced.", line=names[id_]))
        elif state == INVOICED:
            problems.add("line_ids", tr("“{line}” is on an invoice already.", line=names[id_]))
    taken = set(proposal.approved if wanted is None else wanted)
    lines = on_one_paper([each.line for each in proposal.candidates if each.line.id in taken])
    if not wanted and all(line.kind == DISCOUNT for line in lines):
        problems.add("line_ids", tr("There is nothing to invoice: approve a line, or say which lines to take."))
    return lines


def on_one_paper(lines: Sequence[InvoiceLine]) -> tuple[InvoiceLine, ...]:
    """These lines as a paper has them: percentages are of just them, and one that comes to nothing is left out."""
    priced = (replace(each, net=net_of(each)) for each in priced_together(lines))
    return tuple(each for each in priced if each.net or not is_share(each))


def invoiced_lines(session: Session, order_id: str) -> frozenset[str]:
    """The order's lines that stand on a valid invoice and were not credited since. A percentage is never through: it
    is taken off every paper.
    """
    charged = charged_lines(_valid_papers(session, order_id))
    return frozenset(line.id for _, line in charged if not is_share(line))


def charged_lines(papers: Collection[Invoice]) -> tuple[tuple[str, InvoiceLine], ...]:
    """(invoice id, line) of what these valid papers charge and did not give back.

    A credit note takes off what it corrects and nothing else, and takes it off once: terminals that were apart may both
    have credited an invoice, or one of them have declared it void, and the next invoice is not paid for by that.
    """
    lines = {paper.id: invoice_content.read(paper.content).lines for paper in papers}
    back = {(paper.corrects_id, line.id) for paper in papers if _is_credit(paper) for line in lines[paper.id]}
    charged = ((paper.id, line) for paper in papers if not _is_credit(paper) for line in lines[paper.id])
    return tuple((id_, line) for id_, line in charged if (id_, line.id) not in back)


def _is_credit(paper: Invoice) -> bool:
    return paper.kind == "credit_note"


def _valid_papers(session: Session, order_id: str) -> list[Invoice]:
    """The order's papers that count. One that was hidden at a terminal of other habits still does."""
    void = select(InvoiceVoid.invoice_id).where(InvoiceVoid.invoice_id == Invoice.id).exists()
    return list(session.scalars(select(Invoice).where(Invoice.order_id == order_id, ~void).order_by(Invoice.id)))


def _state(line: InvoiceLine, said: str, done: Collection[str]) -> str:
    """What was made dearer since the customer agreed is not decided: they agreed to something else."""
    if line.id in done:
        return INVOICED
    if said in (APPROVED, DECLINED):
        return said
    # Nobody needs to agree to pay less.
    return APPROVED if line.kind == DISCOUNT and line.net <= 0 else UNDECIDED
