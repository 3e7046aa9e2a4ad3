"""The log of changes in words: read off the window's thread, handed over as lines to draw and cards to decide on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from sqlalchemy.orm import Session

from core.language import tr, trn
from core.records import journal
from core.records.input import NotFound
from core.records.journal import Conflict, Entry, ReplacedValue, RowChange
from core.records.records import Records
from core.workshop.invoice_reading import get_invoice
from core.workshop.models import RepairOrder
from core.workshop.shop import shop_details
from ui import invoice_words, words
from ui.field_words import HIDDEN, MACHINERY, field_title, table_title, value_words

LINES = 6  # of one change that are shown
SEPARATELY = 4  # rows of one change whose fields are shown one by one
PAGE = 40  # entries read at a time
DEEPEST = 20  # pages looked through for entries of one kind before a person sees something
MOST_TO_LOOK_AT = 200
UNTOLD = frozenset(
    {"mentions", "note_readings", "number_series", "owner_periods", "status_moves"}
)  # rows that come about by themselves
SAYING = ("text", "description", "value", "caption", "name")  # the field that says what a row is


class Which(StrEnum):
    """Whose changes the feed shows."""

    ALL = "all"
    HERE = "here"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what it is called, what it was and what it became; "" is empty."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Item:
    """One change in the feed. ``who`` is "" where nobody but the terminal is named; ``at`` is UTC ms."""

    number: int
    at: int
    who: str
    terminal: str
    here: bool
    what: str
    deed: str
    lines: tuple[Line, ...]
    more: int  # lines that are not shown
    table: str
    row: str


@dataclass(frozen=True, slots=True)
class Page:
    """Items, newest first, and where the next page begins; 0: there are no older ones."""

    items: tuple[Item, ...]
    before: int


@dataclass(frozen=True, slots=True)
class Side:
    """A value somebody wrote: in words, by whom, at which terminal, when (UTC ms)."""

    value: str
    who: str
    terminal: str
    here: bool
    at: int


@dataclass(frozen=True, slots=True)
class ReplacedCard:
    """Two wrote one field: ``won`` is shown, ``lost`` can be had back."""

    raw: ReplacedValue
    what: str
    field: str
    lost: Side
    won: Side


@dataclass(frozen=True, slots=True)
class ConflictCard:
    """A status that was set differently at the same time; ``sides`` in the order of ``raw.choices``."""

    raw: Conflict
    what: str
    field: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """What waits for a person, conflicts first."""

    conflicts: tuple[ConflictCard, ...] = ()
    replaced: tuple[ReplacedCard, ...] = ()

    def __len__(self) -> int:
        return len(self.conflicts) + len(self.replaced)


class Names:
    """What people call rows, actors and terminals; every row is looked up once."""

    _CALLED = ("number", "plate", "name", "title", "description", "text", "caption", "value")

    def __init__(self, records: Records, session: Session) -> None:
        self._records, self._session = records, session
        self._known: dict[tuple[str, str], str] = {}

    def __call__(self, table: str, row: str) -> str:
        """The row's own name; "" when it is not here or has none."""
        key = (table, row)
        if key not in self._known:
            self._known[key] = self._find(table, row)
        return self._known[key]

    def _find(self, table: str, row: str) -> str:
        if table == "invoices":
            return self._invoice(row)
        info = self._records.schema.tables.get(table)
        found = self._session.get(info.model, row) if info is not None else None
        for field in self._CALLED:
            text = getattr(found, field, None)
            if text:
                plate = (
                    self("vehicles", found.vehicle_id) if isinstance(found, RepairOrder) and found.vehicle_id else ""
                )
                return f"{_short(str(text))} · {plate}" if plate else _short(str(text))
        return ""

    def _invoice(self, row: str) -> str:
        """Its number, which is a row of its own: the terminal that holds the series gives it."""
        try:
            return invoice_words.number(get_invoice(self._session, row))
        except NotFound:
            return ""

    @cached_property
    def currency(self) -> str:
        """What the shop counts in."""
        return shop_details(self._session).currency

    def row(self, table: str, row: str) -> str:
        """Table and name: "Repair order 1042-B3"."""
        name = self(table, row)
        return f"{table_title(table)} {name}" if name else table_title(table)

    def terminal(self, row: str) -> str:
        return self("terminals", row) or tr("a terminal not known here")

    def person(self, actor: str) -> str:
        """Who an actor is; "" for a terminal, which is named anyway."""
        kind, _, row = actor.partition(":")
        if kind == "staff":
            return self("staff", row) or tr("somebody not known here")
        if kind == "token":
            return self("access_tokens", row) or tr("a program")
        return tr("Bayline itself") if kind == "system" else ""


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 40 else f"{plain[:39]}…"


# The feed ------------------------------------------------------------------------------------------------------------


def read_page(records: Records, which: Which, before: int | None = None, limit: int = PAGE) -> Page:
    """The next items, newest first, before entry ``before`` (None: from the newest). Raises ``RecordsError``."""
    found: list[Item] = []
    with records.read() as session:
        names = Names(records, session)
        at = journal.newest(session) + 1 if before is None else before
        for _ in range(DEEPEST):
            entries = journal.changes(records, session, before=at, limit=limit)
            for entry in entries:
                at = entry.number
                if which is Which.ALL or entry.here is (which is Which.HERE):
                    found.append(item_of(entry, names))
                    if len(found) == limit:
                        return Page(tuple(found), at)
            if len(entries) < limit:
                return Page(tuple(found), 0)
            if found:
                break
    return Page(tuple(found), at)


def item_of(entry: Entry, names: Names) -> Item:
    """A transaction as the feed shows it."""
    table, row = _leads_to(entry)
    told = [part for part in entry.rows if part.table not in UNTOLD] or list(entry.rows)
    own = [part for part in told if (part.table, part.row) == (table, row)]
    if len(told) > SEPARATELY:
        lines = _tally(told)
    else:
        lines = [line for part in own for line in _lines(part, names, own=True)]
        lines += [line for part in told if part not in own for line in _in_short(part, names)]
    what = names.row(table, row)
    others = len(told) - len(own)
    if len(told) > SEPARATELY:
        what = trn("{what} and {count} more entry", "{what} and {count} more entries", others, what=what)
    shown = tuple(lines[:LINES])
    person, terminal = names.person(entry.actor), names.terminal(entry.terminal)
    return Item(
        entry.number, entry.at, person, terminal, entry.here, what, _deed(own), shown, len(lines) - len(shown),
        table, row,
    )  # fmt: skip


def _tally(rows: Sequence[RowChange]) -> list[Line]:
    """How many rows of each kind, for a change of many: an import, a restored list."""
    counts = Counter(part.table for part in rows)
    return [Line(table_title(table), "", words.count(count)) for table, count in counts.most_common()]


def _leads_to(entry: Entry) -> tuple[str, str]:
    """The row a person wants to see: of a note or a line its order, of a new vehicle with its order the order."""
    for part in entry.rows:
        if part.table == "repair_orders":
            return part.table, part.row
    for part in entry.rows:
        if order := part.fields.get("order_id"):
            return "repair_orders", str(order)
    return (entry.rows[0].table, entry.rows[0].row) if entry.rows else ("", "")


def _deed(rows: Sequence[RowChange]) -> str:
    """What happened to the row a change is about, where that is more than other values."""
    if any(part.new for part in rows):
        return tr("new")
    if any(part.fields.get("deleted_at") for part in rows):
        return tr("deleted")
    if any(part.before.get("deleted_at") and "deleted_at" in part.fields for part in rows):
        return tr("brought back")
    return ""


def _in_short(part: RowChange, names: Names) -> list[Line]:
    """A row that belongs to what a change is about: of a new note, line or photo what it says, in one line."""
    if part.new:
        for field in SAYING:
            if text := value_words(part.table, field, part.fields.get(field), names, names.currency):
                return [Line(table_title(part.table), "", text)]
    name = names.row(part.table, part.row)
    return [Line(f"{name}, {line.field}", line.before, line.after) for line in _lines(part, names)]


def _lines(part: RowChange, names: Names, *, own: bool = False) -> list[Line]:
    """Field by field; ``own``: of the row the change is about, of which is said already that it was deleted."""
    found = []
    for field, value in part.fields.items():
        if field in MACHINERY or (field == "deleted_at" and (own or (value is None and part.new))):
            continue
        before = value_words(part.table, field, part.before.get(field), names, names.currency)
        after = value_words(part.table, field, value, names, names.currency)
        if field in HIDDEN and before == after:
            before = ""
        if before or after:
            found.append(Line(field_title(field), before, after))
    return found


# What waits for a person ---------------------------------------------------------------------------------------------


def read_to_look_at(records: Records, row: str | None = None) -> ToLookAt:
    """Conflicts and replaced values nobody has dealt with; of one row with ``row``. Raises ``RecordsError``."""
    with records.read() as session:
        names = Names(records, session)
        conflicts = journal.conflicts(records, session, row=row)[:MOST_TO_LOOK_AT]
        lost = journal.replaced(records, session, row=row, limit=MOST_TO_LOOK_AT)
        return ToLookAt(
            tuple(_conflict(records, each, names) for each in conflicts),
            tuple(_replaced(records, each, names) for each in lost),
        )


def waiting_for_a_person(records: Records) -> int:
    """How many conflicts and replaced values nobody has dealt with. Raises ``RecordsError``."""
    with records.read() as session:
        return len(journal.conflicts(records, session)) + len(journal.replaced(records, session))


def _conflict(records: Records, raw: Conflict, names: Names) -> ConflictCard:
    sides = tuple(
        Side(
            value_words(raw.table, raw.field, choice.value, names, names.currency) or tr("empty"),
            names.person(choice.actor), names.terminal(choice.terminal), choice.terminal == records.terminal_id,
            choice.at,
        )
        for choice in raw.choices
    )  # fmt: skip
    return ConflictCard(raw, names.row(raw.table, raw.row), field_title(raw.field), sides)


def _replaced(records: Records, raw: ReplacedValue, names: Names) -> ReplacedCard:
    def side(value: object, actor: str, terminal: str, at: int) -> Side:
        shown = value_words(raw.table, raw.field, value, names, names.currency) or tr("empty")
        return Side(shown, names.person(actor), names.terminal(terminal), terminal == records.terminal_id, at)

    return ReplacedCard(
        raw,
        names.row(raw.table, raw.row),
        field_title(raw.field),
        side(raw.lost_value, raw.lost_actor, raw.lost_terminal, raw.lost_at),
        side(raw.won_value, raw.won_actor, raw.won_terminal, raw.won_at),
    )


def side_words(side: Side) -> str:
    """By whom and where: "Anna Berg, Bay 2", "This terminal"."""
    place = tr("This terminal") if side.here else side.terminal
    return f"{side.who}, {place}" if side.who else place
