"""Rows that differ although all transactions are the same: a damaged disk, or a fault of ours. Made anew from the log.

The peer's rows are never taken over: they may be the damaged ones. Whoever finds a difference makes the differing rows
anew from its own log; the peer does the same when it asks.
"""

import logging
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from core.records.applying import Work, row_values, split
from core.records.log import tips
from core.records.operations import decode
from core.records.records import Records
from core.records.rowstate import RowState
from core.records.sql import batches, execute, query, rows_with
from core.records.tables import touched
from core.sync import messages
from core.sync.messages import BadMessageError, Message, Transport

logger = logging.getLogger(__name__)

PAGE = 5000  # ids with hashes


def rows_page(records: Records, message: Message) -> Message:
    """Ids with their row hashes, those after ``after``; for a peer that looks for differing rows."""
    name, after = messages.text(message, "table", 63), messages.text(message, "after", 36)
    info = records.schema.tables.get(name)
    if info is None:
        raise BadMessageError(f"there is no table “{name}”")
    with records.read() as session:
        text = f'SELECT id, row_hash FROM "{info.table.name}" WHERE id > ? ORDER BY id LIMIT {PAGE}'
        found = query(session.connection(), text, (after,))
    return {"rows": [[row[0], row[1]] for row in found]}


def repair(records: Records, transport: Transport, table: str) -> int:
    """Make the rows of ``table`` anew that differ from the peer's. Returns how many read differently afterwards."""
    theirs = _their_hashes(transport, table)
    info = records.schema.tables[table]
    with records.read() as session:
        ours = {row[0]: row[1] for row in query(session.connection(), f'SELECT id, row_hash FROM "{info.table.name}"')}
    differing = [row for row in ours.keys() | theirs.keys() if ours.get(row) != theirs.get(row)]
    changed = rebuild(records, table, sorted(differing))
    logger.warning("%s: %d rows differ from a peer's; %d were made anew from the log", table, len(differing), changed)
    return changed


def _their_hashes(transport: Transport, table: str) -> dict[str, int]:
    found: dict[str, int] = {}
    after = ""
    while True:
        rows = messages.items(transport.request("rows", {"table": table, "after": after}), "rows", PAGE)
        for row in rows:
            if not (isinstance(row, (list, tuple)) and len(row) == 2 and isinstance(row[0], str) and row[0] > after):
                raise BadMessageError("rows are not ids with hashes")
            after, found[row[0]] = row[0], int(row[1])
        if len(rows) < PAGE:
            return found


def rebuild(records: Records, table: str, ids: Iterable[str]) -> int:
    """Merge all that the log has of these rows into empty ones, and keep what differs. Returns how many did.

    Nothing is done when parts of the log were let go: then the row alone knows them.
    """

    info = records.schema.tables[table]

    def work(connection: Connection) -> int:
        if any(each.folded for each in tips(connection).values()):
            return 0
        changed = 0
        for some in batches(ids, 200):
            made = _from_log(records, connection, table, some)
            kept = {row[0]: tuple(row) for row in rows_with(connection, info.table, info.columns, "id", some)}
            right = {row: row_values(info, row, state) for (_, row), state in made.states.items() if state.stamps}
            made.written = {(table, row) for row, values in right.items() if kept.get(row) != values}
            made.changed = {key: set(info.fields) for key in made.written}
            made.write(connection, records.search)
            changed += len(made.written)
            for row in kept.keys() - right.keys():  # no change ever made it
                changed += execute(connection, f'DELETE FROM "{info.table.name}" WHERE id = ?', (row,))
                records.search.update(connection, [(table, row, None)])
        return changed

    return records.keep(work)


def _from_log(records: Records, connection: Connection, table: str, ids: Iterable[str]) -> Work:
    wanted = set(ids)
    arrivals = {row[1] for row in rows_with(connection, touched, ("row_id", "arrival"), "row_id", sorted(wanted))}
    work = Work(records.schema, {(table, row): RowState() for row in wanted})
    rows: list[Any] = []
    for some in batches(sorted(arrivals), 500):
        text = f"SELECT arrival, stamp, operations FROM transactions WHERE arrival IN ({', '.join('?' * len(some))})"
        rows.extend(query(connection, text, some))
    seen: set[str] = set()
    for _, stamp, text in sorted(rows):
        if stamp in seen:  # filed twice after a fork
            continue
        seen.add(stamp)
        known, _ = split(records.schema, decode(text))
        for operation, fields in known:
            if operation.table == table and operation.row in wanted:
                work.merge(stamp, operation, fields)
    return work
