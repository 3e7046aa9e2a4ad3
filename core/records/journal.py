"""The log as people read it: what came from whom, what was replaced and can be had back, what is disputed."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from core.language import tr
from core.records.capturing import settle
from core.records.fields import Merge
from core.records.operations import decode
from core.records.records import Records
from core.records.rowstate import decode_stamps
from core.records.schema import Schema, Value
from core.records.sql import execute, query, rows_with
from core.records.tables import touched, transactions

MOST = 500  # entries of one reading


class GoneError(LookupError):
    """The replaced value, or its row, is not here (any more)."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one transaction wrote to one row. ``new``: it made the row. ``before``: values it replaced, where known."""

    table: str
    row: str
    fields: Mapping[str, Value]
    before: Mapping[str, Value] = field(default_factory=dict)
    new: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction. ``number`` counts arrivals at this terminal, from 1; ``at`` is UTC ms by the writer's clock.

    ``terminal``: id of the terminal's row. ``here``: it was written at this terminal (in any epoch). ``stamp`` names it
    on every terminal.
    """

    number: int
    at: int
    actor: str
    terminal: str
    here: bool
    why: str
    site: str
    seq: int
    rows: tuple[RowChange, ...]
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class ReplacedValue:
    """Two wrote one field without knowing of each other; ``won`` is shown. ``settled``: somebody wrote it since."""

    id: str
    table: str
    row: str
    field: str
    lost_value: Value
    lost_actor: str
    lost_terminal: str
    lost_at: int
    won_value: Value
    won_actor: str
    won_terminal: str
    won_at: int
    found_at: int
    current: Value = None
    settled: bool = False
    dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the concurrent values of a status, who chose it, and when (UTC ms)."""

    value: Value
    actor: str
    terminal: str
    at: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A status that was set differently at the same time; a person chooses (``choose``). ``shown``: what is shown."""

    table: str
    row: str
    field: str
    shown: Value
    choices: tuple[Choice, ...]


# The feed ----------------------------------------------------------------------------------------------------------


def changes(
    records: Records, session: Session, *, after: int = 0, before: int | None = None, limit: int = 100
) -> tuple[Entry, ...]:
    """Transactions in the order in which they came here: those after number ``after``, oldest first; or, with
    ``before``, those before that number, newest first.
    """
    most = max(1, min(limit, MOST))
    connection = session.connection()
    if before is None:
        rows = query(connection, f"{_FEED} WHERE arrival > ? ORDER BY arrival LIMIT {most}", (after,))
    else:
        rows = query(connection, f"{_FEED} WHERE arrival < ? ORDER BY arrival DESC LIMIT {most}", (before,))
    return _entries(records, connection, rows)


def history(records: Records, session: Session, row: str, *, limit: int = 100) -> tuple[Entry, ...]:
    """The transactions that touched a row, newest first; of each only its part in this row."""
    connection = session.connection()
    most = max(1, min(limit, MOST))
    text = (
        f"{_FEED} WHERE arrival IN (SELECT arrival FROM touched WHERE row_id = ? ORDER BY arrival DESC LIMIT {most}) "
        "ORDER BY arrival DESC"
    )
    found = _entries(records, connection, query(connection, text, (row,)), only=(row,))
    return found


def history_of(records: Records, session: Session, rows: Collection[str], *, limit: int = 100) -> tuple[Entry, ...]:
    """The transactions that touched any of ``rows``, newest first; of each only its part in these rows."""
    connection = session.connection()
    arrivals = {each[0] for each in rows_with(connection, touched, ("arrival",), "row_id", sorted(rows))}
    wanted = sorted(arrivals, reverse=True)[: max(1, min(limit, MOST))]
    found = sorted(rows_with(connection, transactions, _COLUMNS, "arrival", wanted), key=lambda row: -int(row[0]))
    return _entries(records, connection, found, only=frozenset(rows))


def newest(session: Session) -> int:
    """The number of the transaction that came last; 0 when there is none."""
    return int(query(session.connection(), "SELECT coalesce(max(arrival), 0) FROM transactions")[0][0])


_COLUMNS = ("arrival", "at", "actor", "terminal", "why", "site", "seq", "operations", "stamp")
_FEED = f"SELECT {', '.join(_COLUMNS)} FROM transactions"


def _entries(
    records: Records, connection: Connection, rows: Sequence[Any], only: Collection[str] = ()
) -> tuple[Entry, ...]:
    decoded = [(row, [each for each in decode(row[7]) if not only or each.row in only]) for row in rows]
    wanted = {
        stamp
        for _, operations in decoded
        for each in operations
        for base in each.base.values()
        for stamp in ([base] if isinstance(base, str) else base)
    }
    earlier = _values_at(connection, wanted)
    first = _first(connection, {each.row for _, operations in decoded for each in operations})
    found = []
    for row, operations in decoded:
        parts = []
        for each in operations:
            before = {
                name: earlier.get((base if isinstance(base, str) else base[-1], each.row), {}).get(name)
                for name, base in each.base.items()
                if base
            }
            parts.append(RowChange(each.table, each.row, each.fields, before, new=first.get(each.row) == row[0]))
        here = row[3] == records.terminal_id or row[5] == records.site
        found.append(Entry(row[0], row[1], row[2], row[3], here, row[4], row[5], row[6], tuple(parts), row[8]))
    return tuple(found)


def _first(connection: Connection, rows: set[str]) -> dict[str, int]:
    """The number of the transaction that made each row, as far as the log goes back."""
    found: dict[str, int] = {}
    for row, arrival in rows_with(connection, touched, ("row_id", "arrival"), "row_id", sorted(rows)):
        found[row] = min(arrival, found.get(row, arrival))
    return found


def _values_at(connection: Connection, stamps: set[str]) -> dict[tuple[str, str], Mapping[str, Value]]:
    """What was written at these stamps: (stamp, row) -> fields."""
    found: dict[tuple[str, str], Mapping[str, Value]] = {}
    for stamp, operations in rows_with(connection, transactions, ("stamp", "operations"), "stamp", sorted(stamps)):
        for each in decode(operations):
            found[(stamp, each.row)] = each.fields
    return found


# What was replaced ---------------------------------------------------------------------------------------------------


def replaced(
    records: Records, session: Session, *, row: str | None = None, settled: bool = False, limit: int = 100
) -> tuple[ReplacedValue, ...]:
    """Concurrent writes that are not shown, the last found first. ``settled``: also those somebody dealt with since."""
    connection = session.connection()
    most = max(1, min(limit, MOST))
    found: list[ReplacedValue] = []
    for each in _replaced_rows(connection, row):
        made = _replaced_value(records.schema, connection, each)
        if made is not None and (settled or not (made.settled or made.dismissed)):
            found.append(made)
            if len(found) == most:
                break
    return tuple(found)


def _replaced_rows(connection: Connection, row: str | None) -> Iterator[Sequence[Any]]:
    """The list of replaced values, the last found first, a few at a time: most were settled long ago."""
    where, values = ("row_id = ? AND", (row,)) if row is not None else ("", ())
    after: tuple[int, str] = (1 << 62, "")
    while True:
        text = (
            f"SELECT {', '.join(_REPLACED)} FROM replaced_values WHERE {where} (found_at, id) < (?, ?) "
            f"ORDER BY found_at DESC, id DESC LIMIT {MOST}"
        )
        rows = query(connection, text, (*values, *after))
        yield from rows
        if len(rows) < MOST:
            return
        after = (rows[-1][12], rows[-1][0])


_REPLACED = (
    "id", "table_name", "row_id", "field", "lost_value", "lost_actor", "lost_terminal", "lost_at", "won_value",
    "won_actor", "won_terminal", "won_at", "found_at", "dismissed_at", "won_stamp",
)  # fmt: skip


def _replaced_value(schema: Schema, connection: Connection, row: Sequence[Any]) -> ReplacedValue | None:
    info = schema.tables.get(row[1])
    if info is None or row[3] not in info.fields:
        return None
    here = next(rows_with(connection, info.table, ("stamps", row[3]), "id", (row[2],)), None)
    if here is None:
        return None
    stamps, _ = decode_stamps(here[0])
    return ReplacedValue(
        id=row[0], table=row[1], row=row[2], field=row[3], lost_value=json.loads(row[4]), lost_actor=row[5],
        lost_terminal=row[6], lost_at=row[7], won_value=json.loads(row[8]), won_actor=row[9], won_terminal=row[10],
        won_at=row[11], found_at=row[12], current=here[1], settled=stamps.get(row[3]) != row[14],
        dismissed=row[13] is not None,
    )  # fmt: skip


def restore(records: Records, actor: str, id_: str) -> None:
    """Write a replaced value again, as a change of ``actor``. Raises ``GoneError``."""
    with records.read() as session:
        found = _one(records, session, id_)
    model = records.schema.tables[found.table].model

    def work(session: Session) -> None:
        row = session.get(model, found.row)
        if row is None:
            raise GoneError(tr("The row is not here any more."))
        setattr(row, found.field, found.lost_value)

    records.change(actor, work, why="restored a replaced value")


def dismiss(records: Records, id_: str) -> None:
    """Take a replaced value off the list of this terminal; the log keeps it. Raises ``GoneError``."""
    text = "UPDATE replaced_values SET dismissed_at = ? WHERE id = ?"
    at = records.wall()
    if not records.keep(lambda connection: execute(connection, text, (at, id_))):
        raise GoneError(tr("This replaced value is not on the list any more."))


def _one(records: Records, session: Session, id_: str) -> ReplacedValue:
    text = f"SELECT {', '.join(_REPLACED)} FROM replaced_values WHERE id = ?"
    rows = query(session.connection(), text, (id_,))
    found = _replaced_value(records.schema, session.connection(), rows[0]) if rows else None
    if found is None:
        raise GoneError(tr("This replaced value is not on the list any more."))
    return found


# What is disputed ----------------------------------------------------------------------------------------------------


def conflicts(
    records: Records, session: Session, *, table: str | None = None, row: str | None = None
) -> tuple[Conflict, ...]:
    """Statuses with several concurrent values that differ, of visible rows."""
    connection = session.connection()
    found: list[Conflict] = []
    for name, info in records.schema.tables.items():
        if table not in (None, name) or not any(each.rule.merge is Merge.REGISTER for each in info.fields.values()):
            continue
        text = f'SELECT id, stamps FROM "{info.table.name}" WHERE stamps LIKE ? AND deleted_at IS NULL'
        values: tuple[str, ...] = ('%"heads":%',)
        if row is not None:
            text, values = f"{text} AND id = ?", (*values, row)
        for id_, stamps in query(connection, f"{text} ORDER BY id", values):
            shown, heads = decode_stamps(stamps)
            for each, choices in heads.items():
                if len({value for _, value in choices}) > 1:
                    value = next(value for stamp, value in choices if stamp == shown[each])
                    made = tuple(_choice(connection, stamp, value) for stamp, value in choices)
                    found.append(Conflict(name, id_, each, value, made))
    return tuple(found)


def _choice(connection: Connection, stamp: str, value: Value) -> Choice:
    found = next(rows_with(connection, transactions, ("actor", "terminal", "at"), "stamp", (stamp,)), None)
    if found is None:  # folded away
        return Choice(value, "", "", int(stamp[:12], 16))
    return Choice(value, found[0], found[1], found[2])


def choose(records: Records, actor: str, conflict: Conflict, value: Value) -> None:
    """End a dispute: the status is ``value``, for everybody. Raises ``GoneError``."""
    model = records.schema.tables[conflict.table].model

    def work(session: Session) -> None:
        row = session.get(model, conflict.row)
        if row is None:
            raise GoneError(tr("The row is not here any more."))
        settle(session, row, conflict.field, value)

    records.change(actor, work, why="chose between concurrent values")
