"""Letting go of old transactions that every terminal has: rows, stamps and hidden rows stay, only the log gets shorter.

Age alone lets go of nothing: a transaction goes when every terminal of the workshop is known to have it and it is old.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from core.records import log
from core.records.log import Vector
from core.records.sql import execute, query


def fold(connection: Connection, acknowledged: Iterable[Vector], before_ms: int) -> int:
    """Let go of transactions of which each of the ``acknowledged`` vectors tells, written before ``before_ms`` (UTC).

    Nothing is let go with a part that waits for a newer program, nor anything after it of its site. Returns how many.
    """
    vectors = list(acknowledged)
    gone = 0
    for (site, scope), end in log.tips(connection).items():
        told = [each.get(site, {}).get(scope, 0) for each in vectors]
        if any(seq > end.seq for seq in told):  # perhaps of another branch, from before a disk was put back
            continue
        everywhere = min([end.seq, *told])
        last = _last(connection, (site, scope), everywhere, before_ms)
        if last <= end.folded:
            continue
        chain = log.chain_at(connection, (site, scope), last)
        if chain is None:
            continue
        where = "site = ? AND scope = ? AND seq <= ?"
        execute(
            connection,
            f"DELETE FROM touched WHERE arrival IN (SELECT arrival FROM transactions WHERE {where})",
            (site, scope, last),
        )
        gone += execute(connection, f"DELETE FROM transactions WHERE {where}", (site, scope, last))
        log.put_tips(connection, {(site, scope): log.Tip(end.seq, end.chain, last, chain)})
    return gone


def _last(connection: Connection, place: log.Place, most: int, before_ms: int) -> int:
    """The number up to which a site's transactions are old, understood, and not beyond ``most``."""
    text = (
        "SELECT min(seq) FROM transactions WHERE site = ? AND scope = ? AND seq <= ? "
        "AND (at >= ? OR deferred IS NOT NULL)"
    )
    kept = query(connection, text, (*place, most, before_ms))[0][0]
    return most if kept is None else int(kept) - 1
