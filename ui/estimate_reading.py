"""The estimate of an order as the window reads and writes it. Each function waits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.language import tr
from core.people.roles import Actor
from core.records.input import Refused
from core.records.records import Records
from core.workshop.estimates import Estimate, decide, decide_all, estimate
from core.workshop.line_order import move_line
from core.workshop.lines import LineView, change_line, create_line, delete_line, restore_line, take_off
from core.workshop.orders import get_repair_order
from core.workshop.parts import PartView, list_parts, part_with_code
from core.workshop.shop import shop_details
from core.workshop.tax_rules import rate_today, tax_names
from core.workshop.undoing import last_changes, undo

FOUND = 5  # parts offered for what was typed


@dataclass(frozen=True, slots=True)
class EstimateRead:
    """``estimate`` with what stands around it: the shop's currency and what an hour costs, minor units.

    ``tax_names``: what the shop calls the tax of a rate.
    """

    estimate: Estimate
    currency: str
    labour_rate: int | None
    customer: str
    tax_names: Mapping[int, str]


def read_estimate(records: Records, row: str) -> EstimateRead:
    """Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        shop = shop_details(session)
        customer = get_repair_order(session, row, deleted=True).customer_name or ""
        found = estimate(session, row)
        names = tax_names(session, found.wanted)
        return EstimateRead(found, shop.currency, shop.labour_rate, customer, names)


def find_parts(records: Records, text: str) -> tuple[PartView, ...]:
    """Parts of the store for what was typed or scanned; the one with exactly this code first."""
    with records.read() as session:
        exact = part_with_code(session, text)
        found = list_parts(session, q=text, limit=FOUND).items
        return ((exact,) if exact is not None else ()) + tuple(
            each for each in found if exact is None or each.id != exact.id
        )


def tax_of(records: Records, kind: str) -> int | None:
    """The rate that a new line of this kind has, hundredths of a percent."""
    with records.read() as session:
        return rate_today(session, kind)


def add_line(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> LineView:
    """A new line at the end. Raises ``Refused``, ``Denied``, ``NotFound``, ``RecordsError``."""
    given = {"order_id": row, **fields}
    return records.change(actor.reference, lambda session: create_line(session, actor, given)).value


def save_line(records: Records, actor: Actor, line: str, fields: Mapping[str, object]) -> LineView:
    """Change a line. Raises as ``add_line``."""
    return records.change(actor.reference, lambda session: change_line(session, actor, line, fields)).value


def place_line(records: Records, actor: Actor, line: str, before: str | None) -> str | None:
    """Put a line before another, None: at the end; gives the one it stood before. Raises as ``add_line``."""
    return records.change(actor.reference, lambda session: move_line(session, actor, line, before)).value


def remove_lines(records: Records, actor: Actor, lines: Sequence[str]) -> None:
    """Take lines away, in one change. Raises as ``add_line``."""

    def work(session: Session) -> None:
        for each in lines:
            delete_line(session, actor, each)

    records.change(actor.reference, work)


def bring_back(records: Records, actor: Actor, lines: Sequence[str]) -> None:
    """Show lines again that were taken away. Raises as ``add_line``."""

    def work(session: Session) -> None:
        for each in lines:
            restore_line(session, actor, each)

    records.change(actor.reference, work)


def give_discount(records: Records, actor: Actor, row: str, percent: int, words: str) -> tuple[LineView, ...]:
    """Take hundredths of a percent off. Raises as ``add_line``."""
    return records.change(actor.reference, lambda session: take_off(session, actor, row, percent, words)).value


def say(
    records: Records, actor: Actor, row: str, said: Sequence[tuple[str, str]], about: Mapping[str, object]
) -> Estimate:
    """Write down what the customer said to lines. Raises as ``add_line``."""
    return records.change(actor.reference, lambda session: decide(session, actor, row, said, about)).value


def say_all(records: Records, actor: Actor, row: str, decision: str, about: Mapping[str, object]) -> Estimate:
    """The same of all lines that nobody has said yes or no to. Raises as ``add_line``."""
    return records.change(actor.reference, lambda session: decide_all(session, actor, row, decision, about)).value


def unsay(records: Records, actor: Actor, decisions: Collection[str]) -> None:
    """Take decisions back that were just written, and the advice that a no had made. Raises as ``add_line``."""
    with records.read() as session:
        deeds = last_changes(records, session, actor)
    deed = next(
        (each for each in deeds if not each.undone and any(part.row in decisions for part in each.entry.rows)), None
    )
    if deed is None:
        raise Refused(("", tr("This cannot be taken back any more: press the other answer.")))
    undo(records, actor, deed.id)
