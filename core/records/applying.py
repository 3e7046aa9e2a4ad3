"""Transactions from another terminal, merged into the rows and filed in the log: whole, in order, and only once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from core.records import log
from core.records.changes import Replaced
from core.records.merging import Loser, merge
from core.records.operations import Operation, Transaction, decode, link
from core.records.rowstate import RowState, decode_stamps, row_hash
from core.records.schema import Schema, TableInfo, Value
from core.records.search import SearchIndex
from core.records.sql import execute_many, insert, query, rows_with
from core.records.tables import replaced_values, transactions

Deferred = list[list[Any]]  # [[index of the operation, its unknown fields or None for all of it], …]


class ForkError(Exception):
    """A site's next transaction does not follow the one we have: two copies of one terminal have both written."""

    def __init__(self, site: str, scope: str, seq: int) -> None:
        super().__init__(f"site {site} has two different transactions {seq} or before")
        self.site, self.scope, self.seq = site, scope, seq


@dataclass(slots=True)
class Applied:
    """``count`` transactions were new; ``places``: whose they were; the rest is for the change set."""

    count: int = 0
    places: set[log.Place] = field(default_factory=set)
    rows: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    replaced: list[Replaced] = field(default_factory=list)


@dataclass(slots=True)
class _Writer:
    """Who wrote at a stamp, for the list of replaced values."""

    actor: str
    terminal: str
    at: int


@dataclass(slots=True)
class Work:
    """Rows of one page while they are merged: loaded once, written once."""

    schema: Schema
    states: dict[tuple[str, str], RowState] = field(default_factory=dict)
    changed: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    written: set[tuple[str, str]] = field(default_factory=set)
    losers: list[tuple[str, str, Loser]] = field(default_factory=list)

    def load(self, connection: Connection, wanted: Iterable[tuple[str, str]]) -> None:
        """Read the rows that will be merged into; those that are not there start empty."""
        ids: dict[str, set[str]] = {}
        for table, row in wanted:
            ids.setdefault(table, set()).add(row)
        for table, rows in ids.items():
            info = self.schema.tables[table]
            names = info.columns[3:]
            for found in rows_with(connection, info.table, info.columns, "id", rows):
                stamps, heads = decode_stamps(found[1])
                values: dict[str, Value] = {
                    name: found[at] for at, name in enumerate(names, 3) if found[at] is not None
                }
                self.states[(table, found[0])] = RowState(values, stamps, heads)
            for each in rows:
                self.states.setdefault((table, each), RowState())

    def merge(self, stamp: str, operation: Operation, fields: Mapping[str, Value]) -> None:
        key = (operation.table, operation.row)
        outcome = merge(self.schema.tables[operation.table], self.states[key], stamp, fields, operation.base)
        if outcome.written:
            self.written.add(key)
        if outcome.changed:
            self.changed.setdefault(key, set()).update(outcome.changed)
        self.losers.extend((*key, each) for each in outcome.losers)

    def write(self, connection: Connection, search: SearchIndex) -> None:
        """Write the rows that changed, with their stamps and hashes, and what the search finds of them."""
        by_table: dict[str, list[tuple[Any, ...]]] = {}
        texts: list[tuple[str, str, str | None]] = []
        for key in sorted(self.written):
            table, row = key
            info, state = self.schema.tables[table], self.states[key]
            by_table.setdefault(table, []).append(row_values(info, row, state))
            changed = self.changed.get(key, ())
            if info.searched and any(name == "deleted_at" or name in info.searched for name in changed):
                texts.append((table, row, search_text(info, state.values)))
        for table, rows in by_table.items():
            info = self.schema.tables[table]
            execute_many(connection, insert(info.table, info.columns, ("id",)), rows)
        if texts:
            search.update(connection, texts)


def row_values(info: TableInfo, row: str, state: RowState) -> tuple[Value, ...]:
    """A row as it is written, in the order of ``info.columns``."""
    values = state.values
    fields = [values.get(name) for name in info.columns[3:]]
    for at in info.yes_no:
        fields[at] = None if fields[at] is None else bool(fields[at])
    return (row, state.encoded(), row_hash(info.name, row, state), *fields)


def search_text(info: TableInfo, values: Mapping[str, Value]) -> str | None:
    """What the search finds a row by; None for a hidden row."""
    if values.get("deleted_at") is not None:
        return None
    return "\n".join(str(value) for name in info.searched if (value := values.get(name)) not in (None, ""))


def split(schema: Schema, operations: Sequence[Operation]) -> tuple[list[tuple[Operation, dict[str, Value]]], Deferred]:
    """The operations with the fields this program knows, and what must wait for a newer one."""
    known: list[tuple[Operation, dict[str, Value]]] = []
    deferred: Deferred = []
    for index, each in enumerate(operations):
        info = schema.tables.get(each.table)
        if info is None or len(each.row) > 36 or "\x00" in each.row or not each.row.isascii():
            deferred.append([index, None])
            continue
        fields = info.fields
        fit = {name: value for name, value in each.fields.items() if name in fields and fields[name].fits(value)}
        known.append((each, fit))
        if len(fit) != len(each.fields):
            deferred.append([index, sorted(name for name in each.fields if name not in fit)])
    return known, deferred


def apply(
    connection: Connection,
    schema: Schema,
    search: SearchIndex,
    *,
    now: log.Position,
    incoming: Sequence[Transaction],
    found_at: int,
) -> Applied:
    """Merge and file what of ``incoming`` is new and follows without a gap; ``now`` is advanced.

    Raises ``ForkError`` and ``BadTransactionError``; then nothing may be kept (the caller rolls back).
    """
    applied = Applied()
    fresh, ends = _following(connection, incoming)
    if not fresh:
        return applied
    twice = log.known_stamps(connection, [each.stamp for each in fresh])
    work = Work(schema)
    parts = [(each, *split(schema, decode(each.operations))) for each in fresh]
    work.load(connection, {(part.table, part.row) for _, known, _ in parts for part, _ in known})
    entries: list[tuple[int, Transaction, str | None]] = []
    touched: list[tuple[str, int]] = []
    for each, known, deferred in parts:
        now.arrival += 1
        now.hlc = max(now.hlc, int(each.stamp[:16], 16))
        again = each.stamp in twice  # filed a second time after a fork: its effect comes, now or deferred, only once
        entries.append((now.arrival, each, json.dumps(deferred) if deferred and not again else None))
        applied.places.add((each.site, each.scope))
        if again:
            continue
        twice.add(each.stamp)
        for operation, fields in known:
            work.merge(each.stamp, operation, fields)
            touched.append((operation.row, now.arrival))
    work.write(connection, search)
    log.append(connection, entries)
    log.touch(connection, touched)
    log.put_tips(connection, ends)
    log.keep_position(connection, now)
    keep_replaced(connection, work.losers, fresh, found_at)
    applied.count = len(fresh)
    _tell(applied, work)
    return applied


def _following(
    connection: Connection, incoming: Sequence[Transaction]
) -> tuple[list[Transaction], dict[log.Place, log.Tip]]:
    """What follows our tips, in the given order, and the tips after it."""
    known = log.tips(connection)
    fresh: list[Transaction] = []
    ends: dict[log.Place, log.Tip] = {}
    for each in incoming:
        place = (each.site, each.scope)
        end = known.get(place, _NOTHING)
        if each.seq <= end.seq:  # known already, unless another copy of that terminal has written under this number
            here = end.chain if each.seq == end.seq else log.chain_at(connection, place, each.seq)
            if here is not None and here != each.chain:
                raise ForkError(each.site, each.scope, each.seq)
            continue
        if each.seq > end.seq + 1:  # whoever wrote what comes behind a gap may have known what is missing
            break
        if link(end.chain, each.content()) != each.chain:
            raise ForkError(each.site, each.scope, each.seq)
        known[place] = ends[place] = log.Tip(each.seq, each.chain, end.folded, end.folded_chain)
        fresh.append(each)
    return fresh, ends


_NOTHING = log.Tip()


def _tell(applied: Applied, work: Work) -> None:
    for (table, row), names in work.changed.items():
        applied.rows.setdefault(table, {})[row] = names
    applied.replaced.extend(Replaced(table, row, loser.field) for table, row, loser in work.losers)


def replay(connection: Connection, schema: Schema, search: SearchIndex, found_at: int) -> Applied:
    """Merge what an older program could not understand, in the order in which it came; what is still unknown stays."""
    applied = Applied()
    entries = log.deferred(connection)
    if not entries:
        return applied
    work = Work(schema)
    parts = []
    for arrival, stamp, text, waiting in entries:
        operations = decode(text)
        chosen = []
        for index, names in waiting:
            each = operations[index]
            fields = each.fields if names is None else {name: each.fields[name] for name in names}
            chosen.append((index, Operation(each.table, each.row, fields, each.base)))
        parts.append((arrival, stamp, chosen))
    still: list[tuple[str | None, int]] = []
    touched: list[tuple[str, int]] = []
    for arrival, stamp, chosen in parts:
        known, left = split(schema, [each for _, each in chosen])
        still.append((json.dumps([[chosen[at][0], names] for at, names in left]) if left else None, arrival))
        work.load(connection, {(each.table, each.row) for each, _ in known} - work.states.keys())
        for operation, fields in known:
            if fields:
                work.merge(stamp, operation, fields)
                touched.append((operation.row, arrival))
    work.write(connection, search)
    execute_many(connection, "UPDATE transactions SET deferred = ? WHERE arrival = ?", still)
    _touch_again(connection, touched)
    keep_replaced(connection, work.losers, (), found_at)
    _tell(applied, work)
    return applied


def _touch_again(connection: Connection, touched: list[tuple[str, int]]) -> None:
    text = "INSERT INTO touched (row_id, arrival) VALUES (?, ?) ON CONFLICT DO NOTHING"
    execute_many(connection, text, sorted(set(touched)))


# -- replaced values


def keep_replaced(
    connection: Connection, losers: Sequence[tuple[str, str, Loser]], fresh: Sequence[Transaction], found_at: int
) -> None:
    """Put concurrent writes that are not shown on the list of replaced values."""
    if not losers:
        return
    writers = _writers(
        connection, {stamp for _, _, each in losers for stamp in (each.lost_stamp, each.won_stamp)}, fresh
    )
    rows = []
    for table, row, each in losers:
        key = sha256(f"{table}:{row}:{each.field}:{each.lost_stamp}".encode()).hexdigest()[:32]
        lost, won = writers.get(each.lost_stamp, _UNKNOWN), writers.get(each.won_stamp, _UNKNOWN)
        rows.append(
            (
                key, table, row, each.field,
                json.dumps(each.lost_value), each.lost_stamp, lost.actor, lost.terminal, lost.at,
                json.dumps(each.won_value), each.won_stamp, won.actor, won.terminal, won.at, found_at,
            )
        )  # fmt: skip
    execute_many(connection, insert(replaced_values, _REPLACED, ("id",)), rows)


_UNKNOWN = _Writer("", "", 0)
_REPLACED = (
    "id", "table_name", "row_id", "field", "lost_value", "lost_stamp", "lost_actor", "lost_terminal", "lost_at",
    "won_value", "won_stamp", "won_actor", "won_terminal", "won_at", "found_at",
)  # fmt: skip


def _writers(connection: Connection, stamps: set[str], fresh: Sequence[Transaction]) -> dict[str, _Writer]:
    found = {each.stamp: _Writer(each.actor, each.terminal, each.at) for each in fresh if each.stamp in stamps}
    columns = ("stamp", "actor", "terminal", "at")
    for row in rows_with(connection, transactions, columns, "stamp", sorted(stamps - found.keys())):
        found[row[0]] = _Writer(row[1], row[2], row[3])
    return found


def digests(connection: Connection, schema: Schema) -> dict[str, tuple[int, str]]:
    """Of each synced table the number of rows and 128 bits over them: two sums over the halves of the row hashes.

    Equal for two terminals with the same changes, whatever the order. Computed from the rows here, always.
    """
    found = {}
    low, high = "row_hash & 4294967295", "(row_hash >> 32) & 4294967295"
    for name, info in schema.tables.items():
        text = f'SELECT count(*), coalesce(sum({low}), 0), coalesce(sum({high}), 0) FROM "{info.table.name}"'
        count, lows, highs = query(connection, text)[0]
        found[name] = (int(count), f"{int(highs):016x}{int(lows):016x}")
    return found
