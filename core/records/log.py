"""The log of transactions in the database: appended by the writer, read in pages by whoever lacks some of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from core.records.operations import GENESIS, Transaction
from core.records.sql import batches, execute, execute_many, insert, query
from core.records.tables import local_state, sites, touched, transactions

Place = tuple[str, str]  # site, scope
Vector = Mapping[str, Mapping[str, int]]  # site -> scope -> seq: everything up to seq is known

COLUMNS = (
    "arrival", "site", "scope", "seq", "stamp", "at", "schema", "actor", "terminal", "why", "operations", "chain",
    "deferred",
)  # fmt: skip
_SENT = COLUMNS[1:-1]
_SCAN = 500  # rows read at a time while a page is filled
_MOST_NAMED = 100  # sites; when more are ahead, their transactions are not far between


class LetGoError(LookupError):
    """The asked transactions were folded away here; whoever lacks them must be seeded anew."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The end of a site's log here. Up to ``folded`` the transactions themselves are gone."""

    seq: int = 0
    chain: bytes = GENESIS
    folded: int = 0
    folded_chain: bytes = GENESIS


@dataclass(slots=True)
class Position:
    """Where the writer stands: the last hybrid time (64 bits) and the last arrival number."""

    hlc: int
    arrival: int


@dataclass(frozen=True, slots=True)
class Page:
    """Transactions in the order in which they came to the giver, and whether there are more."""

    transactions: list[Transaction]
    more: bool


def position(connection: Connection) -> Position:
    found = get_state(connection, "clock")
    if not found:
        return Position(0, 0)
    hlc, _, arrival = found.partition(":")
    return Position(int(hlc, 16), int(arrival))


def keep_position(connection: Connection, now: Position) -> None:
    put_state(connection, "clock", f"{now.hlc:016x}:{now.arrival}")


def get_state(connection: Connection, key: str) -> str:
    """A value of this terminal's own; "" when it was never set."""
    found = query(connection, "SELECT value FROM local_state WHERE key = ?", (key,))
    return str(found[0][0]) if found else ""


def put_state(connection: Connection, key: str, value: str) -> None:
    execute(connection, insert(local_state, ("key", "value"), ("key",)), (key, value))


def tip(connection: Connection, place: Place) -> Tip:
    found = query(connection, "SELECT seq, chain, folded, folded_chain FROM sites WHERE site = ? AND scope = ?", place)
    return _tip(found[0]) if found else Tip()


def tips(connection: Connection) -> dict[Place, Tip]:
    """The end of every known site's log."""
    found = query(connection, "SELECT seq, chain, folded, folded_chain, site, scope FROM sites")
    return {(row[4], row[5]): _tip(row) for row in found}


def _tip(row: Sequence[Any]) -> Tip:
    return Tip(row[0], bytes(row[1]), row[2], bytes(row[3]) if row[3] is not None else GENESIS)


def put_tips(connection: Connection, new: Mapping[Place, Tip]) -> None:
    columns = ("site", "scope", "seq", "chain", "folded", "folded_chain")
    rows = [(*place, each.seq, each.chain, each.folded, each.folded_chain) for place, each in new.items()]
    execute_many(connection, insert(sites, columns, ("site", "scope")), rows)


def vector(known: Mapping[Place, Tip]) -> dict[str, dict[str, int]]:
    """The version vector of these tips."""
    found: dict[str, dict[str, int]] = {}
    for (site, scope), each in known.items():
        if each.seq:
            found.setdefault(site, {})[scope] = each.seq
    return found


def append(connection: Connection, arrivals: Sequence[tuple[int, Transaction, str | None]]) -> None:
    """Write transactions with their arrival numbers and what of them is deferred. Tips are the caller's."""
    rows = [
        (
            arrival, each.site, each.scope, each.seq, each.stamp, each.at, each.schema, each.actor, each.terminal,
            each.why, each.operations, each.chain, deferred,
        )
        for arrival, each, deferred in arrivals
    ]  # fmt: skip
    execute_many(connection, insert(transactions, COLUMNS), rows)


def touch(connection: Connection, rows: Iterable[tuple[str, int]]) -> None:
    """Note which transactions (arrival) wrote which rows (id)."""
    execute_many(connection, insert(touched, ("row_id", "arrival")), sorted(set(rows)))


def known_stamps(connection: Connection, stamps: Iterable[str]) -> set[str]:
    """Which of these stamps belong to a transaction of the log, filed under whatever site."""
    found: set[str] = set()
    for some in batches(stamps, 500):
        text = f"SELECT stamp FROM transactions WHERE stamp IN ({', '.join('?' * len(some))})"
        found.update(row[0] for row in query(connection, text, some))
    return found


def chain_at(connection: Connection, place: Place, seq: int) -> bytes | None:
    """The chain of a site after its transaction ``seq``; None when it is not known, or no more."""
    if seq == 0:
        return GENESIS
    found = query(connection, "SELECT chain FROM transactions WHERE site = ? AND scope = ? AND seq = ?", (*place, seq))
    if found:
        return bytes(found[0][0])
    end = tip(connection, place)
    if seq == end.folded:
        return end.folded_chain
    return end.chain if seq == end.seq else None


_FIELDS = ", ".join(f'"{name}"' for name in _SENT)


def transaction_at(connection: Connection, place: Place, seq: int) -> Transaction | None:
    text = f"SELECT {_FIELDS} FROM transactions WHERE site = ? AND scope = ? AND seq = ?"
    found = query(connection, text, (*place, seq))
    return _transaction(found[0]) if found else None


def _transaction(row: Sequence[Any]) -> Transaction:
    site, scope, seq, stamp, at, schema, actor, terminal, why, operations, chain = row[:11]
    return Transaction(site, scope, seq, stamp, at, schema, actor, terminal, why, operations, bytes(chain))


def page(connection: Connection, known: Vector, most: int = 2500, most_characters: int = 2_000_000) -> Page:
    """The next transactions for somebody who has ``known``, in the order in which they came here; at least one if any.

    That order keeps causes before effects: whoever wrote here had what had come here before. Raises ``LetGoError``.
    """
    start, sites_ahead = _first_missing(connection, known)
    if not sites_ahead:
        return Page([], False)
    found: list[Transaction] = []
    characters = 0
    chosen: tuple[str, ...] = tuple(sites_ahead) if len(sites_ahead) <= _MOST_NAMED else ()
    # An expression, so that nobody looks in the index over sites and sorts all that it finds there.
    named = f" AND (site || '') IN ({', '.join('?' * len(chosen))})" if chosen else ""
    text = f"SELECT {_FIELDS}, arrival FROM transactions WHERE arrival >= ?{named} ORDER BY arrival LIMIT {_SCAN}"
    while True:
        rows = query(connection, text, (start, *chosen))
        for row in rows:
            if row[2] <= known.get(row[0], {}).get(row[1], 0):
                continue
            size = len(row[9])
            if found and (len(found) >= most or characters + size > most_characters):
                return Page(found, True)
            found.append(_transaction(row))
            characters += size
        if len(rows) < _SCAN:
            return Page(found, False)
        start = rows[-1][-1] + 1


def _first_missing(connection: Connection, known: Vector) -> tuple[int, set[str]]:
    """The arrival of the first transaction that is not known, and the sites of which some are not."""
    start, ahead = 0, set[str]()
    for (site, scope), end in tips(connection).items():
        has = known.get(site, {}).get(scope, 0)
        if has >= end.seq:
            continue
        if has < end.folded:
            raise LetGoError(f"transactions of {site} up to {end.folded} are folded away")
        found = query(
            connection,
            "SELECT arrival FROM transactions WHERE site = ? AND scope = ? AND seq = ?",
            (site, scope, has + 1),
        )
        arrival = int(found[0][0])
        start = min(start, arrival) if ahead else arrival
        ahead.add(site)
    return start, ahead


def waiting(known: Vector, have: Mapping[Place, Tip]) -> int:
    """How many transactions of ours somebody who has ``known`` lacks."""
    return sum(max(0, end.seq - known.get(site, {}).get(scope, 0)) for (site, scope), end in have.items())


def deferred(connection: Connection) -> list[tuple[int, str, str, list[list[Any]]]]:
    """Transactions with parts that wait for a newer program: arrival, stamp, operations, ``[[index, fields], …]``."""
    found = query(
        connection,
        "SELECT arrival, stamp, operations, deferred FROM transactions WHERE deferred IS NOT NULL ORDER BY arrival",
    )
    return [(row[0], row[1], row[2], json.loads(row[3])) for row in found]
