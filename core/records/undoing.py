"""Taking back what somebody wrote: an undo is a change like any other, wherever it was written.

A field goes back to what was there before only while its value is still the one that was written: what somebody else
wrote since is theirs, and stays. A row that came into being is hidden, unless somebody else has worked on it since; a
row that was hidden is shown again. Taking back an undo is the way forward again.

Nothing here knows what rows mean: which tables refuse, and who may, is said by the rooms (``core.workshop.undoing``).
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from core.records import journal
from core.records.changes import Changed
from core.records.journal import Entry
from core.records.moment import now
from core.records.operations import Operation, decode
from core.records.records import Records
from core.records.rows import assign
from core.records.rowstate import Head, decode_stamps
from core.records.schema import Schema, Value
from core.records.sql import batches, query, rows_with
from core.records.tables import IS_UNDO, touched, transactions

WHY = "undo "  # and the stamp of what was taken back
SEARCHED = 20_000  # arrivals that are looked through: the last changes of a person who works here
MOST = 200
_SHOWN = "deleted_at"
_COLUMNS = ("arrival", "at", "actor", "terminal", "why", "site", "seq", "operations", "stamp")
SPARE = 30  # read beyond the limit, for those that turn out to be none to people
DEEPEST = 12  # times that one value is followed through taking back and doing again
LARGEST = 1_000_000  # characters of a change that is looked into; an import is taken back by the import


class Why(StrEnum):
    """Why a part of a change stays as it is."""

    CHANGED = "changed"  # somebody wrote it since
    DISPUTED = "disputed"  # two values wait for a person to choose
    WORKED_ON = "worked_on"  # the new row has others' work in it by now
    FORGOTTEN = "forgotten"  # what was there before was let go of
    GONE = "gone"  # the row, or its table, is not here
    FINAL = "final"  # its table refuses
    APART = "apart"  # it is a part of something that is taken back as a whole


@dataclass(frozen=True, slots=True)
class Left:
    """A part that stays. ``field`` "" is the row itself; ``actor``, ``terminal``, ``at`` (UTC ms): who wrote since."""

    why: Why
    table: str
    row: str
    field: str = ""
    actor: str = ""
    terminal: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rooms say. ``final``: one row of these, and the whole change stays; ``kept``: rows that stay without a
    word, as they came about by themselves; ``parents``: table -> the field by which others' rows belong to a row of it.

    By the beginning of what changes were made for: ``apart`` are parts of something that is taken back elsewhere, all
    with the same beginning being one; ``turns`` take back themselves, so that nobody has worked on a row by them.
    """

    final: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    parents: Mapping[str, str] = field(default_factory=dict)
    apart: re.Pattern[str] | None = None
    turns: tuple[str, ...] = ()

    def whole(self, why: str) -> str:
        """What a change made for ``why`` is a part of; "" when it stands for itself."""
        found = self.apart.match(why) if self.apart is not None else None
        return found.group() if found is not None else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking back comes to: fields by (table, row), the new rows to hide, and what stays.

    ``again``: what is taken back is a taking back itself.
    """

    values: Mapping[tuple[str, str], Mapping[str, Value]] = field(default_factory=dict)
    hidden: tuple[tuple[str, str], ...] = ()
    left: tuple[Left, ...] = ()
    again: bool = False

    @property
    def tables(self) -> frozenset[str]:
        """The tables that would be written."""
        return frozenset(table for table, _ in (*self.values, *self.hidden))

    def __bool__(self) -> bool:
        return bool(self.values or self.hidden)


@dataclass(frozen=True, slots=True)
class Undoable:
    """A change of somebody. ``tip``: the stamp of what was done last about it - itself, its taking back, its being done
    again; ``undone``: that was a taking back. ``plan`` is what it comes to to turn it round.
    """

    entry: Entry
    tip: str
    plan: Plan
    undone: bool = False


@dataclass(frozen=True, slots=True)
class _Touch:
    arrival: int
    actor: str
    terminal: str
    at: int


class NothingToUndoError(LookupError):
    """Nothing of the change can be taken back; ``left`` says why, part by part."""

    def __init__(self, left: tuple[Left, ...]) -> None:
        super().__init__("nothing of it can be taken back")
        self.left = left


def undoable(
    records: Records, session: Session, actor: str, rules: Rules, limit: int = 20, *, only: str = ""
) -> tuple[Undoable, ...]:
    """The last changes of ``actor`` on any terminal, newest first; ``only`` the one with this stamp or this tip."""
    connection = session.connection()
    chains = _chains(connection, journal.newest(session), actor, rules)
    if only:
        chains = [each for each in chains if only in (each.root.stamp, each.tip.stamp)]
    most = max(1, min(limit, MOST))
    chains = [each for each in chains if max(each.root.size, each.tip.size) <= LARGEST][: most + SPARE]
    arrivals = {each.arrival for chain in chains for each in (chain.root, chain.tip)}
    rows = {str(row[8]): row for row in rows_with(connection, transactions, _COLUMNS, "arrival", sorted(arrivals))}
    chains = [each for each in chains if _matters(rows[each.root.stamp], rules)][:most]
    plans = [
        Plan(left=(Left(Why.APART, "", ""),)) if rules.whole(chain.root.why) else plan
        for chain, plan in zip(
            chains, _plans(connection, records.schema, [rows[each.tip.stamp] for each in chains], rules), strict=True
        )
    ]
    entries = journal._entries(records, connection, [rows[each.root.stamp] for each in chains])
    return tuple(
        Undoable(entry, chain.tip.stamp, plan, chain.undone)
        for chain, entry, plan in zip(chains, entries, plans, strict=True)
    )


def plans_of(records: Records, session: Session, stamps: Sequence[str], rules: Rules) -> tuple[Plan, ...]:
    """What taking back each of these changes comes to, whoever wrote it and however long ago; in their order."""
    connection = session.connection()
    rows = {str(row[8]): row for row in rows_with(connection, transactions, _COLUMNS, "stamp", sorted(stamps))}
    return tuple(_plans(connection, records.schema, [rows[each] for each in stamps if each in rows], rules))


@dataclass(frozen=True, slots=True)
class _Own:
    """A change of the person, before it is looked into."""

    arrival: int
    stamp: str
    why: str
    size: int


@dataclass(frozen=True, slots=True)
class _Chain:
    """A change and the last of its taking back and doing again."""

    root: _Own
    tip: _Own
    undone: bool


def _chains(connection: Connection, newest: int, actor: str, rules: Rules) -> list[_Chain]:
    """The last changes of the person that are no taking back themselves, newest first; of what is one whole the last
    part.
    """
    text = (
        "SELECT arrival, stamp, why, length(operations) FROM transactions WHERE arrival > ? AND actor = ? "
        f"ORDER BY arrival DESC LIMIT {MOST}"
    )
    own = [_Own(*row) for row in query(connection, text, (newest - SEARCHED, actor))]
    own.sort(key=lambda each: each.stamp)  # what was done elsewhere may have arrived later
    turned: dict[str, _Own] = {each.why.removeprefix(WHY): each for each in own if each.why.startswith(WHY)}
    found = []
    seen: set[str] = set()
    for root in reversed([each for each in own if not each.why.startswith(WHY)]):
        tip, undone = root, False
        if whole := rules.whole(root.why):
            if whole in seen:
                continue
            seen.add(whole)
        while tip.stamp in turned and turned[tip.stamp].stamp > tip.stamp:
            tip, undone = turned[tip.stamp], not undone
        found.append(_Chain(root, tip, undone))
    return found


def _matters(row: Any, rules: Rules) -> bool:
    """Whether a change is one to people: not only that somebody has read a note."""
    return any(each.table not in rules.kept for each in decode(row[7]))


def undo(
    records: Records,
    actor: str,
    stamp: str,
    rules: Rules,
    *,
    before: Callable[[Session, Plan], object],
    after: Callable[[Session, Plan], object] = lambda session, plan: None,
) -> Changed[Plan]:
    """Take back the change ``stamp`` of ``actor``, in a change of theirs; with the stamp of a taking back do it again.

    ``before`` is asked before anything is written, and may raise; ``after`` may write what belongs to it. Raises
    ``LookupError`` when there is no such change or it was taken back, ``NothingToUndoError`` when all of it stays.
    """

    with records.read() as reading:
        tip = _one(records, reading, actor, rules, stamp).tip

    def work(session: Session) -> Plan:
        found = _one(records, session, actor, rules, tip)  # again: somebody may have been quicker
        plan = replace(found.plan, again=found.undone)
        if not plan:
            raise NothingToUndoError(plan.left)
        before(session, plan)
        _write(records.schema, session, plan)
        after(session, plan)
        return plan

    return records.change(actor, work, why=f"{WHY}{tip}")


def _one(records: Records, session: Session, actor: str, rules: Rules, stamp: str) -> Undoable:
    found = undoable(records, session, actor, rules, only=stamp)
    if not found or (stamp != found[0].tip and found[0].undone):
        raise LookupError(stamp)
    return found[0]


def turned(connection: Connection, stamps: Collection[str]) -> frozenset[str]:
    """Of these changes, by their stamps, those that are taken back now: neither stand nor were done again.

    Asked of the index of taking back (``core.records.tables``), whatever the log's length.
    """
    tips, undone = {each: each for each in stamps}, set[str]()
    wanted = set(stamps)
    for _ in range(DEEPEST):
        if not wanted:
            break
        found: dict[str, str] = {}
        for some in batches([f"{WHY}{tips[each]}" for each in sorted(wanted)], 500):
            marks = ", ".join("?" * len(some))
            text = f"SELECT why, max(stamp) FROM transactions WHERE {IS_UNDO} AND why IN ({marks}) GROUP BY why"
            found.update({str(why): str(stamp) for why, stamp in query(connection, text, some)})
        wanted = {each for each in wanted if f"{WHY}{tips[each]}" in found}
        for each in wanted:
            tips[each] = found[f"{WHY}{tips[each]}"]
        undone ^= wanted
    return frozenset(undone)


def _write(schema: Schema, session: Session, plan: Plan) -> None:
    hide: dict[str, Value] = {_SHOWN: now(session)}
    for (table, row), values in (*plan.values.items(), *((key, hide) for key in plan.hidden)):
        found = session.get(schema.tables[table].model, row)
        if found is not None:
            assign(session, found, values)


# What it comes to ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Here:
    """The rows as they are now, who touched them, and who wrote what."""

    values: dict[tuple[str, str], Mapping[str, Value]] = field(default_factory=dict)
    stamps: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    heads: dict[tuple[str, str], Mapping[str, list[Head]]] = field(default_factory=dict)
    touches: dict[str, list[_Touch]] = field(default_factory=dict)
    writers: dict[str, _Touch] = field(default_factory=dict)
    earlier: dict[tuple[str, str], Mapping[str, Value]] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=dict)
    brought_back: dict[tuple[str, str, str], str] = field(default_factory=dict)  # stamp, row, field -> whose value

    def stands(self, current: str, stamp: str, row: str, name: str) -> bool:
        """Whether what was written at ``stamp`` is what is there now: itself, or brought back by taking back others."""
        for _ in range(DEEPEST):
            if current == stamp:
                return True
            current = self.brought_back.get((current, row, name), "")
        return False


def _plans(connection: Connection, schema: Schema, rows: Sequence[Any], rules: Rules) -> list[Plan]:
    """In a number of statements that does not grow with the changes."""
    decoded = [(row, decode(row[7])) for row in rows]
    here = _look(connection, schema, [(row, each) for row, operations in decoded for each in operations], rules)
    return [_plan(schema, here, row, operations, rules) for row, operations in decoded]


def _plan(schema: Schema, here: _Here, row: Any, operations: Sequence[Operation], rules: Rules) -> Plan:
    stamp, actor, arrival = str(row[8]), str(row[2]), int(row[0])
    final = [Left(Why.FINAL, each.table, each.row) for each in operations if each.table in rules.final]
    if final:
        return Plan(left=tuple(final))
    own = {each.row for each in operations}
    values: dict[tuple[str, str], dict[str, Value]] = {}
    hidden: list[tuple[str, str]] = []
    left: list[Left] = []
    for each in operations:
        key = (each.table, each.row)
        if each.table in rules.kept:
            continue
        if each.table not in schema.tables or key not in here.values:
            left.append(Left(Why.GONE, *key))
        elif _is_new(here, each, stamp, arrival):
            worked = _worked_on(here, each, actor, own)
            if here.values[key].get(_SHOWN) is not None:
                continue  # it is hidden already
            if worked is None:
                hidden.append(key)
            else:
                left.append(Left(Why.WORKED_ON, *key, "", worked.actor, worked.terminal, worked.at))
        else:
            back, stays = _fields(here, each, stamp)
            left += stays
            if back:
                values[key] = back
    return Plan(values, tuple(hidden), tuple(left))


def _is_new(here: _Here, operation: Operation, stamp: str, arrival: int) -> bool:
    """Whether the operation made its row: nothing older is known of it, in the log or in the row itself."""
    older = any(each < stamp for each in here.stamps[(operation.table, operation.row)].values())
    first = min((touch.arrival for touch in here.touches.get(operation.row, ())), default=arrival)
    return not operation.base and not older and first == arrival


def _worked_on(here: _Here, operation: Operation, actor: str, own: Collection[str]) -> _Touch | None:
    """Who else has worked on a new row, or on what belongs to it, the last one."""
    rows = [operation.row, *(each for each in here.children.get(operation.row, ()) if each not in own)]
    found = [touch for each in rows for touch in here.touches.get(each, ()) if touch.actor != actor]
    return max(found, key=lambda touch: touch.arrival, default=None)


def _fields(here: _Here, operation: Operation, stamp: str) -> tuple[dict[str, Value], list[Left]]:
    """What each field goes back to, and which stay."""
    key = (operation.table, operation.row)
    back: dict[str, Value] = {}
    left: list[Left] = []
    for name in operation.fields:
        if name in here.heads[key]:
            left.append(Left(Why.DISPUTED, *key, name))
        elif not here.stands(current := here.stamps[key].get(name) or "", stamp, operation.row, name):
            writer = here.writers.get(current)
            left.append(
                Left(Why.CHANGED, *key, name, writer.actor, writer.terminal, writer.at)
                if writer
                else Left(Why.CHANGED, *key, name)
            )
        else:
            base = operation.base.get(name)
            before = here.earlier.get((_seen(base), operation.row))
            if base and (before is None or name not in before):
                left.append(Left(Why.FORGOTTEN, *key, name))
            elif (value := before[name] if before is not None else None) != here.values[key].get(name):
                back[name] = value
    return back, left


def _seen(base: str | list[str] | None) -> str:
    return (base if isinstance(base, str) else base[-1]) if base else ""


def _look(connection: Connection, schema: Schema, parts: Sequence[tuple[Any, Operation]], rules: Rules) -> _Here:
    here = _Here()
    by_table: dict[str, set[str]] = {}
    for _, each in parts:
        if each.table in schema.tables and each.table not in rules.kept:
            by_table.setdefault(each.table, set()).add(each.row)
    for table, ids in by_table.items():
        info = schema.tables[table]
        names = tuple(info.fields)
        for found in rows_with(connection, info.table, ("id", "stamps", *names), "id", sorted(ids)):
            key = (table, str(found[0]))
            here.values[key] = dict(zip(names, found[2:], strict=True))
            here.stamps[key], here.heads[key] = decode_stamps(found[1])
    born = {each.row for _, each in parts if not each.base}
    here.children = _children(connection, schema, [each for _, each in parts if each.row in born], rules)
    among = {each for ids in here.children.values() for each in ids}
    here.touches = _touches(connection, born | among, (WHY, *rules.turns))
    stamps = {stamp for each in here.stamps.values() for stamp in each.values()}
    here.writers = _writers(connection, stamps)
    here.brought_back = _brought_back(connection, stamps)
    bases = {_seen(base) for _, each in parts for base in each.base.values()} - {""}
    here.earlier = journal._values_at(connection, bases)
    return here


def _brought_back(connection: Connection, stamps: Iterable[str]) -> dict[tuple[str, str, str], str]:
    """Of each taking back among these: the stamp of the value that is there again, by row and field."""
    found: dict[tuple[str, str, str], str] = {}
    looked: set[str] = set()
    wanted = set(stamps)
    for _ in range(DEEPEST):
        looked |= wanted
        turns = {
            str(stamp): str(why).removeprefix(WHY)
            for stamp, why in rows_with(connection, transactions, ("stamp", "why"), "stamp", sorted(wanted))
            if str(why).startswith(WHY)
        }
        if not turns:
            break
        targets = rows_with(connection, transactions, ("stamp", "operations"), "stamp", sorted(set(turns.values())))
        operations = {str(stamp): decode(text) for stamp, text in targets}
        for stamp, target in turns.items():
            for each in operations.get(target, ()):
                for name in each.fields:
                    found[(stamp, each.row, name)] = _seen(each.base.get(name))
        wanted = {stamp for stamp in found.values() if stamp} - looked
    return found


def _children(connection: Connection, schema: Schema, made: Iterable[Operation], rules: Rules) -> dict[str, list[str]]:
    """The visible rows that belong to new rows."""
    wanted: dict[str, set[str]] = {}
    for each in made:
        if each.table in rules.parents:
            wanted.setdefault(rules.parents[each.table], set()).add(each.row)
    found: dict[str, list[str]] = {}
    for name, ids in wanted.items():
        for info in schema.tables.values():
            if name in info.fields and info.table.columns[name].index:
                for parent, id_, gone in rows_with(connection, info.table, (name, "id", _SHOWN), name, sorted(ids)):
                    if gone is None:
                        found.setdefault(str(parent), []).append(str(id_))
    return found


def _touches(connection: Connection, rows: Iterable[str], turns: tuple[str, ...]) -> dict[str, list[_Touch]]:
    """Who touched each row, as far as the log goes back; taking back (``turns``) is no work on it."""
    pairs = [
        (str(row), int(at)) for row, at in rows_with(connection, touched, ("row_id", "arrival"), "row_id", sorted(rows))
    ]
    arrivals = sorted({arrival for _, arrival in pairs})
    columns = ("arrival", "actor", "terminal", "at", "why")
    known = {
        int(each[0]): _Touch(*each[:4])
        for each in rows_with(connection, transactions, columns, "arrival", arrivals)
        if not str(each[4]).startswith(turns)
    }
    found: dict[str, list[_Touch]] = {}
    for row, arrival in pairs:
        if arrival in known:
            found.setdefault(row, []).append(known[arrival])
    return found


def _writers(connection: Connection, stamps: Iterable[str]) -> dict[str, _Touch]:
    columns = ("stamp", "arrival", "actor", "terminal", "at")
    found = rows_with(connection, transactions, columns, "stamp", sorted(stamps))
    return {str(each[0]): _Touch(*each[1:]) for each in found}
