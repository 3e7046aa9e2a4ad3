"""What became of an order, in words: every change of it and of all that belongs to it. Waits."""

from dataclasses import dataclass, replace

from core.language import tr
from core.records import journal
from core.records.journal import Entry
from core.records.records import Records
from core.workshop.belongings import rows_of_order
from ui.changes_reading import Names
from ui.order_history_words import told
from ui.orders_reading import OF_AN_ORDER

FIRST = 40
LINES = 6  # of one change; an inspection that was begun has fifty rows
TABLES = frozenset({"repair_orders", "quality_checks", "status_moves", "payments", *OF_AN_ORDER})


@dataclass(frozen=True, slots=True)
class Event:
    """One change. ``at`` UTC milliseconds; ``lines`` say what it was."""

    at: int
    who: str
    lines: tuple[str, ...]
    icon: str
    token: str


@dataclass(frozen=True, slots=True)
class HistoryRead:
    """The last changes, newest first; ``more``: there are earlier ones."""

    events: tuple[Event, ...] = ()
    more: bool = False


def read_history(records: Records, row: str, limit: int) -> HistoryRead:
    """Raises ``RecordsError``."""
    with records.read() as session:
        models = [info.model for info in records.schema.tables.values()]
        rows = rows_of_order(session, models, row)
        entries = journal.history_of(records, session, rows, limit=limit + 1)
        names = Names(records, session)
        events = tuple(event for entry in entries[:limit] if (event := _event(entry, names, row)) is not None)
    return HistoryRead(events, len(entries) > limit)


def _event(entry: Entry, names: Names, order: str) -> Event | None:
    """A change in words; None when it only wrote what nobody needs to be told."""
    moved = any(part.table == "status_moves" and part.new for part in entry.rows)
    made = any(part.row == order and part.new for part in entry.rows)
    found = []
    for part in entry.rows:
        if moved and not made and part.row == order:  # the move says it
            rest = {name: value for name, value in part.fields.items() if name not in ("status", "label")}
            if not rest:
                continue
            words = told(replace(part, fields=rest), names)
        else:
            words = told(part, names)
        if words is not None:
            found.append(words)
    if made:
        first = tr("The order is opened.")
    elif found:
        first = ""
    else:
        return None
    lines = [first, *(each.text for each in found)] if first else [each.text for each in found]
    shown = lines[:LINES]
    if len(lines) > LINES:
        shown.append(tr("and {count} more", count=len(lines) - LINES))
    place = tr("This terminal") if entry.here else names.terminal(entry.terminal)
    person = names.person(entry.actor)
    icon, token = ("plus", "ok") if made else (found[0].icon, found[0].token)
    return Event(entry.at, f"{person}, {place}" if person else place, tuple(shown), icon, token)
