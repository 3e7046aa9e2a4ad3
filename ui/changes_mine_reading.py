"""My last changes in words: read off the window's thread."""

from dataclasses import dataclass

from core.language import tr, trn
from core.people.roles import Actor
from core.records import journal
from core.records.records import Records
from core.workshop.undoing import Deed, Undone, last_changes
from ui.changes_reading import Item, Line, Names, item_of

LIMIT = 30
LINES = 2  # of what a taking back changed that a message has room for


@dataclass(frozen=True, slots=True)
class MyChange:
    """One of somebody's last changes: as the feed says it, and whether it can be turned round."""

    item: Item
    deed: Deed


def read_mine(records: Records, actor: Actor, limit: int = LIMIT) -> tuple[MyChange, ...]:
    """The last changes of ``actor``, newest first. Raises ``RecordsError``."""
    with records.read() as session:
        names = Names(records, session)
        return tuple(
            MyChange(item_of(deed.entry, names), deed) for deed in last_changes(records, session, actor, limit)
        )


def undone_words(records: Records, done: Undone) -> tuple[str, str]:
    """What was taken back and what that changed: "Repair order 1042-B3 · HH AB 123", "Status: Ready → In progress".

    Both "" when it is not here any more.
    """
    with records.read() as session:
        newest = journal.newest(session)
        names = Names(records, session)
        for entry in journal.changes(records, session, before=newest + 1, limit=20):
            if entry.stamp == done.changes.stamp:
                item = item_of(entry, names)
                changed = [_changed(line) for line in item.lines[:LINES]]
                if more := item.more + len(item.lines) - len(changed):
                    changed.append(trn("and {count} more field", "and {count} more fields", more))
                return item.what, " · ".join(changed)
    return "", ""


def _changed(line: Line) -> str:
    if line.before and line.after:
        return tr("{field}: {before} → {after}", field=line.field, before=line.before, after=line.after)
    return f"{line.field}: {line.after or tr('empty')}"
