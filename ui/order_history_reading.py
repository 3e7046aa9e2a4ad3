"""What became of an order, in words: every change of it and of all that belongs to it. Waits."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.language import tr
from core.records.records import Records
from core.workshop.belongings import rows_of_order
from ui import changes_reading
from ui.changes_reading import Item
from ui.orders_reading import OF_AN_ORDER

FIRST = 40
TABLES = frozenset({"repair_orders", "quality_checks", "status_moves", "payments", *OF_AN_ORDER})
SHAPES: Mapping[str, tuple[str, str]] = {
    "note": ("note", "text_muted"),
    "new": ("plus", "ok"),
    "deleted": ("trash", "warning"),
    "": ("edit", "text_muted"),
}


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
        items = changes_reading.read_of(records, session, rows_of_order(session, models, row), limit + 1)
    return HistoryRead(tuple(_event(item) for item in items[:limit]), len(items) > limit)


def _event(item: Item) -> Event:
    place = tr("This terminal") if item.here else item.terminal
    lines = []
    for line in item.lines:
        if line.before and line.after:
            lines.append(tr("{field}: {before} → {after}", field=line.field, before=line.before, after=line.after))
        else:
            lines.append(f"{line.field}: {line.after or tr('empty')}")
    if item.more:
        lines.append(tr("and {count} more", count=item.more))
    icon, token = SHAPES["new" if item.deed == tr("new") else "deleted" if item.deed == tr("deleted") else ""]
    return Event(item.at, f"{item.who}, {place}" if item.who else place, tuple(lines or (item.what,)), icon, token)
