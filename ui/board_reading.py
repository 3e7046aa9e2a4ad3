"""The board as the window reads and writes it: each function waits, and is called off the window's thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.people.at_hand import people_at_hand
from core.people.roles import Actor
from core.planning.models import WorkBay
from core.records import journal
from core.records.records import Records
from core.records.rows import shown
from core.workshop.board import WINDOW, Board, Card, Filters, Person, board, list_bays
from core.workshop.clock import Turn, clock_off, switch
from core.workshop.models import OrderLabel
from core.workshop.moving import MoveResult, Target, move, targets
from ui.changes_reading import Names

MOST_TOLD = 12  # cards whose mover is looked up at once: more came with a long catching up

TABLES = (  # whose rows stand on a card
    "repair_orders", "vehicles", "customers", "staff", "status_moves", "clock_punches", "repair_order_lines",
    "line_decisions", "notes", "note_readings", "order_labels", "stock_moves",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoardRead:
    """The board, and of cards that were moved at another terminal since it was last read: "Bay 2 · Marek"."""

    board: Board
    moved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """What one can filter by."""

    people: tuple[Person, ...] = ()
    bays: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def read_board(
    records: Records, actor: Actor, filters: Filters, *, window: int = WINDOW, known: Mapping[str, str | None] | None
) -> BoardRead:
    """``known``: the last move of each card shown so far; None at the first look.

    Raises ``Denied``, ``RecordsError``.
    """
    with records.read() as session:
        found = board(session, actor, filters, at=records.present(), window=window)
        moved = {} if known is None else _moved_elsewhere(records, session, found, known)
        return BoardRead(found, moved)


def _moved_elsewhere(
    records: Records, session: Session, found: Board, known: Mapping[str, str | None]
) -> dict[str, str]:
    fresh = [card for card in found.cards if card.move_id is not None and known.get(card.id) != card.move_id]
    fresh.sort(key=lambda card: card.moved_at or 0, reverse=True)
    names = Names(records, session)
    told: dict[str, str] = {}
    for card in fresh[:MOST_TOLD]:
        words = _mover(records, session, names, card)
        if words:
            told[card.id] = words
    return told


def _mover(records: Records, session: Session, names: Names, card: Card) -> str:
    """Who moved a card, and where; "" when it was here."""
    entry = next(iter(journal.history(records, session, card.move_id or "", limit=1)), None)
    if entry is None or entry.here:
        return ""
    terminal = names.terminal(entry.terminal)
    person = names.person(entry.actor)
    return f"{terminal} · {person}" if person else terminal


def read_choices(records: Records) -> Choices:
    """Who and what there is to filter by. Raises ``RecordsError``."""
    with records.read() as session:
        people = tuple(Person(each.id, each.name) for each in people_at_hand(session))
        bays = {row.name for row in session.scalars(shown(WorkBay)) if row.name}
        bays |= set(list_bays(session))
        labels = {row.name for row in session.scalars(shown(OrderLabel)) if row.name}
        return Choices(people, tuple(sorted(bays)), tuple(sorted(labels)))


def read_targets(records: Records, actor: Actor, order_id: str) -> tuple[Target, ...]:
    """Where somebody may move an order, and what is missing for it. Raises ``NotFound``, ``RecordsError``."""
    with records.read() as session:
        return targets(session, actor, order_id)


def move_card(
    records: Records,
    actor: Actor,
    order_id: str,
    status: str,
    *,
    from_status: str | None,
    label: str | None = None,
    anyway: bool = False,
) -> MoveResult:
    """Move an order. Raises ``Denied``, ``NotFound``, ``Refused``, ``RecordsError``."""
    work = lambda session: move(  # noqa: E731
        session, actor, order_id, status, from_status=from_status, label=label, anyway=anyway
    )
    return records.change(actor.reference, work).value


def clock_card(records: Records, actor: Actor, order_id: str | None, *, staff_id: str | None = None) -> Turn:
    """Clock on to an order, out of whatever was open; None: off. Raises ``Denied``, ``Refused``, ``RecordsError``."""

    def work(session: Session) -> Turn:
        if order_id is None:
            return clock_off(session, actor, staff_id=staff_id)
        return switch(session, actor, order_id, staff_id=staff_id)

    return records.change(actor.reference, work).value
