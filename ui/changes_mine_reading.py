"""My last changes in words: read off the window's thread."""

from dataclasses import dataclass

from core.people.roles import Actor
from core.records import journal
from core.records.records import Records
from core.workshop.undoing import Deed, Undone, last_changes
from ui.changes_reading import Item, Names, item_of

LIMIT = 30


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


def undone_words(records: Records, done: Undone) -> str:
    """What was taken back: "Repair order 1042-B3 · HH AB 123"; "" when it is not here any more."""
    with records.read() as session:
        newest = journal.newest(session)
        names = Names(records, session)
        for entry in journal.changes(records, session, before=newest + 1, limit=20):
            if entry.stamp == done.changes.stamp:
                return item_of(entry, names).what
    return ""
