"""My last changes, and taking them back: what the workshop's rows make of ``core.records.undoing``.

An invoice stays as it was issued, and so do payments: there are counter entries for them. Who works here and who may
what is changed where it was changed. A card that goes back on the board has been moved again, and that is kept too.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.language import mark, tr
from core.people.roles import TABLES, Actor, Denied, require
from core.records import undoing
from core.records.changes import ChangeSet
from core.records.input import Refused
from core.records.journal import Entry
from core.records.records import Records
from core.records.undoing import Left, NothingToUndoError, Plan, Rules, Undoable, Why
from core.workshop.models import RepairOrder
from core.workshop.moving import keep

LIMIT = 20

RULES = Rules(
    final=frozenset(
        {
            "invoices", "invoice_numbers", "invoice_voids", "payments",
            "staff", "access_tokens", "terminals", "workshops",
        }
    ),
    kept=frozenset({"number_series", "status_moves", "note_readings"}),
    parents={
        "repair_orders": "order_id",
        "vehicles": "vehicle_id",
        "customers": "customer_id",
        "parts": "part_id",
        "suppliers": "supplier_id",
        "purchase_orders": "purchase_order_id",
        "inspections": "inspection_id",
        "appointments": "appointment_id",
        "fleets": "fleet_id",
    },
    apart=re.compile(r"import [0-9a-f-]{36}"),  # ``core.csv_files``, which stands on this room
    turns=("import undone ",),
)  # fmt: skip

_FINAL: Mapping[str, str] = {
    "invoices": mark("An invoice stays as it was issued: void it, or write a credit note."),
    "invoice_numbers": mark("An invoice stays as it was issued: void it, or write a credit note."),
    "invoice_voids": mark("An invoice that was voided stays so."),
    "payments": mark("A payment stays: record the money that went back as one of its own."),
}
_ELSEWHERE = mark("People and terminals are changed where they were changed: in Settings, and on the page Bays.")


@dataclass(frozen=True, slots=True)
class Deed:
    """One of somebody's last changes. ``id`` names it on every terminal; ``at`` is UTC milliseconds.

    ``undone``: it was taken back; ``turn`` then names the taking back, so that it can be done again. ``why_not``: why
    it cannot be turned round, in words; "" while it can. ``stays``: parts that would stay, in words.
    """

    id: str
    turn: str
    at: int
    terminal: str
    here: bool
    entry: Entry
    undone: bool
    why_not: str
    stays: tuple[str, ...]

    @property
    def possible(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class Undone:
    """What a taking back did, and of what (``id``). ``left``: the parts that stayed, ``stays`` why, in words.

    ``again``: it was a taking back that was taken back.
    """

    id: str
    changes: ChangeSet
    left: tuple[Left, ...] = ()
    stays: tuple[str, ...] = ()
    again: bool = False


def last_changes(records: Records, session: Session, actor: Actor, limit: int = LIMIT) -> tuple[Deed, ...]:
    """What ``actor`` wrote last on any terminal, newest first, and whether it can still be taken back."""
    names = _Names(records, session)
    found = undoing.undoable(records, session, actor.reference, RULES, limit)
    return tuple(_deed(each, actor, names) for each in found if each.entry.rows)


def undo(records: Records, actor: Actor, id_: str) -> Undone:
    """Take back one of the actor's own changes, as a change of theirs; with a ``turn`` do it again.

    Raises ``LookupError`` for what is not theirs or was taken back, ``Denied``, ``Refused`` when all of it stays.
    """

    moved: dict[str, str | None] = {}  # order -> its status before

    def before(session: Session, plan: Plan) -> None:
        _check(actor, plan)
        for (table, row), values in plan.values.items():
            order = session.get(RepairOrder, row) if table == "repair_orders" and "status" in values else None
            if order is not None:
                moved[row] = order.status

    def after(session: Session, plan: Plan) -> None:
        for row, status in moved.items():
            order = session.get(RepairOrder, row)
            if order is not None:
                keep(session, actor, order, status)

    try:
        changed = undoing.undo(records, actor.reference, id_, RULES, before=before, after=after)
    except NothingToUndoError as error:
        raise Refused(*(("", words) for words in _in_words(records, error.left))) from error
    plan = changed.value
    return Undone(id_, changed.changes, plan.left, _in_words(records, plan.left), plan.again)


class Stays(Refused):
    """The last change is one that nobody takes back: a payment, for one. ``deed`` is its id."""

    def __init__(self, deed: str, words: str) -> None:
        super().__init__(("", words))
        self.deed = deed


def undo_last(records: Records, actor: Actor, passed: Collection[str] = ()) -> Undone | None:
    """Take back the actor's last change that was not taken back; None when there is none that can be.

    What cannot be taken back is said, as ``Stays``; who has heard it asks again with its id in ``passed``, and comes to
    the change before it.
    """
    with records.read() as session:
        deeds = last_changes(records, session, actor)
    last = next((each for each in deeds if not each.undone and each.id not in passed), None)
    if last is None:
        return None
    try:
        return undo(records, actor, last.id)
    except (Denied, Refused) as error:
        raise Stays(last.id, str(error)) from error


def redo_last(records: Records, actor: Actor) -> Undone | None:
    """Do again what the actor took back last; None when there is none, or something else was done since.

    Raises ``Denied``, ``Refused`` as ``undo``.
    """
    with records.read() as session:
        deeds = last_changes(records, session, actor)
    last = max((each for each in deeds if each.undone), key=lambda each: each.turn, default=None)
    if last is None or any(each.id > last.turn for each in deeds):
        return None
    return undo(records, actor, last.turn)


def _check(actor: Actor, plan: Plan) -> None:
    """Who may not write a table takes nothing back there either. Raises ``Denied``."""
    for table in sorted(plan.tables):
        if table not in TABLES:
            raise Denied(actor, "changes.restore")
        require(actor, TABLES[table])


def _deed(found: Undoable, actor: Actor, names: "_Names") -> Deed:
    entry = found.entry
    stays = tuple(dict.fromkeys(names.words(each) for each in found.plan.left))
    why_not = "" if found.plan else " ".join(stays) or tr("There is nothing left to take back.")
    if found.plan:
        try:
            _check(actor, found.plan)
        except Denied as denied:
            why_not = str(denied)
    return Deed(entry.stamp, found.tip, entry.at, entry.terminal, entry.here, entry, found.undone, why_not, stays)


def _in_words(records: Records, left: tuple[Left, ...]) -> tuple[str, ...]:
    with records.read() as session:
        names = _Names(records, session)
        return tuple(dict.fromkeys(names.words(each) for each in left))


class _Names:
    """Who wrote since, and where, as people say it; each is looked up once."""

    def __init__(self, records: Records, session: Session) -> None:
        self._records, self._session = records, session
        self._known: dict[tuple[str, str], str] = {}

    def words(self, left: Left) -> str:
        """Why a part stays."""
        if left.why is Why.FINAL:
            return tr(_FINAL.get(left.table, _ELSEWHERE))
        if left.why is Why.APART:
            return tr("An import is taken back as a whole: in Settings, under Import and export.")
        if left.why is Why.DISPUTED:
            return tr("Two values wait for a decision, on the page Changes.")
        if left.why is Why.FORGOTTEN:
            return tr("What was there before was let go of.")
        if left.why is Why.GONE:
            return tr("It is not here any more.")
        return self._since(left)

    def _since(self, left: Left) -> str:
        who, where = self._person(left.actor), self._name("terminals", left.terminal)
        said = {
            Why.CHANGED: (
                tr("Changed since by {name} on {terminal}.", name=who, terminal=where),
                tr("Changed since by {name}.", name=who),
                tr("Changed since on {terminal}.", terminal=where),
                tr("Changed since."),
            ),
            Why.WORKED_ON: (
                tr("{name} has worked on it since, on {terminal}.", name=who, terminal=where),
                tr("{name} has worked on it since.", name=who),
                tr("It was worked on since, on {terminal}.", terminal=where),
                tr("It was worked on since."),
            ),
        }[left.why]
        return said[(0 if where else 1) if who else (2 if where else 3)]

    def _person(self, actor: str) -> str:
        kind, _, row = actor.partition(":")
        return self._name({"staff": "staff", "token": "access_tokens"}.get(kind, ""), row)

    def _name(self, table: str, row: str) -> str:
        key = (table, row)
        if key not in self._known:
            info = self._records.schema.tables.get(table)
            found = self._session.get(info.model, row) if info is not None and row else None
            self._known[key] = str(getattr(found, "name", None) or "")
        return self._known[key]
