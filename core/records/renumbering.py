"""Two copies of one terminal have both written: one of the two branches gets a site of its own, rows stay as they are.

A copied disk or a restored backup goes on with the numbers of its original, so two different transactions carry the
same site and number. Of two branches the one whose first own transaction has the larger content hash is renumbered, by
whoever holds it, into a site derived from that transaction: every terminal decides alike without asking, and arrives at
the same numbers. Stamps do not contain the site, so no row, base or hash changes: only where transactions are filed.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from core.records import log
from core.records.operations import Transaction
from core.records.sql import execute, execute_many, query

_Filed = tuple[int, Transaction, str | None]  # arrival, transaction, deferred


def branch_site(first: Transaction) -> str:
    """The site of a branch that begins with ``first``."""
    return sha256(b"bayline branch" + first.content()).hexdigest()[:16]


def loses(ours: bytes, theirs: bytes) -> bool:
    """Whether, of two different transactions with one number, ours (by content hash) is the one to be renumbered."""
    return ours > theirs


def renumber(connection: Connection, place: log.Place, seq: int, content: bytes | None = None) -> log.Place | None:
    """File what ``place`` has from ``seq`` on under the branch's own site. Returns it; None when there is nothing.

    ``content``: of the transaction at ``seq`` that was found to lose; nothing is done when another one is there by now.
    Raises ``LetGoError`` when the branch reaches into what was folded away.
    """
    branch = _branch(connection, place, seq)
    if not branch or content not in (None, branch[0][1].content()):
        return None
    end = log.tip(connection, place)
    before = log.chain_at(connection, place, seq - 1)
    if seq <= end.folded or before is None:
        raise log.LetGoError(f"transactions of {place[0]} up to {end.folded} are folded away")
    execute(connection, "DELETE FROM transactions WHERE site = ? AND scope = ? AND seq >= ?", (place[0], place[1], seq))
    log.put_tips(connection, {place: log.Tip(seq - 1, before, end.folded, end.folded_chain)})
    new = (branch_site(branch[0][1]), place[1])
    _file(connection, new, branch, 1)
    return new


def _branch(connection: Connection, place: log.Place, seq: int) -> list[_Filed]:
    names = ", ".join(f'"{name}"' for name in log.COLUMNS)
    text = f"SELECT {names} FROM transactions WHERE site = ? AND scope = ? AND seq >= ? ORDER BY seq"
    return [_filed(row) for row in query(connection, text, (*place, seq))]


def _filed(row: Sequence[Any]) -> _Filed:
    arrival, site, scope, seq, stamp, at, schema, actor, terminal, why, operations, chain, deferred = row
    made = Transaction(site, scope, seq, stamp, at, schema, actor, terminal, why, operations, bytes(chain))
    return arrival, made, deferred


def _file(connection: Connection, place: log.Place, branch: list[_Filed], start: int) -> None:
    """File ``branch`` at ``place`` from number ``start`` on, beside what is there already."""
    there = {each[1].seq: each for each in _branch(connection, place, start)}
    end = log.tip(connection, place)
    for index, ours in enumerate(branch):
        seq = start + index
        if seq > end.seq:
            _append(connection, place, branch[index:])
            return
        theirs = there.get(seq)
        if theirs is None:  # folded away here: everybody has it
            _drop(connection, ours[0])
        elif theirs[1].content() == ours[1].content():
            _keep_earlier(connection, theirs, ours, place)
        elif loses(ours[1].content(), theirs[1].content()):
            _file(connection, (branch_site(ours[1]), place[1]), branch[index:], 1)
            return
        else:
            renumber(connection, place, seq)
            _append(connection, place, branch[index:])
            return


def _append(connection: Connection, place: log.Place, branch: list[_Filed]) -> None:
    end = log.tip(connection, place)
    seq, chain = end.seq, end.chain
    entries: list[_Filed] = []
    for arrival, each, deferred in branch:
        seq += 1
        made = replace(each, site=place[0], scope=place[1], seq=seq).chained(chain)
        chain = made.chain
        entries.append((arrival, made, deferred))
    log.append(connection, entries)
    log.put_tips(connection, {place: log.Tip(seq, chain, end.folded, end.folded_chain)})


def _keep_earlier(connection: Connection, theirs: _Filed, ours: _Filed, place: log.Place) -> None:
    """The same transaction twice: the earlier arrival stays, since later ones were written by whoever knew of it."""
    if theirs[0] < ours[0]:
        _drop(connection, ours[0])
        return
    execute(connection, "DELETE FROM transactions WHERE arrival = ?", (theirs[0],))
    _drop(connection, theirs[0])
    made = replace(ours[1], site=place[0], scope=place[1], seq=theirs[1].seq, chain=theirs[1].chain)
    log.append(connection, [(ours[0], made, ours[2])])


def _drop(connection: Connection, arrival: int) -> None:
    execute_many(connection, "DELETE FROM touched WHERE arrival = ?", [(arrival,)])
