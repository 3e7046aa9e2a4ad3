"""What is here and not in a snapshot that is about to replace everything: found before that, filed again after it.

The snapshot's log may have been let go of where ours begins, so numbers alone do not tell whether it knows a change of
ours: a disk that was put back from an old copy has written other changes under the same numbers. The rows tell: a
change whose row, or a field of it, is older there than what it wrote, has never been there. What cannot be told apart
(every field it wrote was written later there) is not shown either way.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from core.records import log
from core.records.operations import GENESIS, Transaction, decode, link
from core.records.renumbering import branch_site
from core.records.rowstate import decode_stamps
from core.records.schema import Schema
from core.records.sql import query, rows_with


def beyond(connection: Connection, stamps: Collection[str]) -> list[Transaction]:
    """Transactions of the log here whose stamps are not among ``stamps``, in the order in which they came."""
    found = []
    for arrival, stamp in query(connection, "SELECT arrival, stamp FROM transactions ORDER BY arrival"):
        if stamp not in stamps:
            text = "SELECT site, scope, seq FROM transactions WHERE arrival = ?"
            site, scope, seq = query(connection, text, (arrival,))[0]
            made = log.transaction_at(connection, (site, scope), seq)
            assert made is not None
            found.append(made)
    return found


def lacking(connection: Connection, schema: Schema, candidates: Iterable[Transaction]) -> list[Transaction]:
    """Of ``candidates`` (none is in the log here) those that never had their effect here, in their order."""
    tips = log.tips(connection)
    apart: set[log.Place] = set()  # from its first such change on, a log is another branch
    renamed: set[log.Place] = set()  # may have been filed otherwise where they were let go of
    found = []
    for each in candidates:
        place = (each.site, each.scope)
        if each.seq == 1 and each.site == branch_site(each):
            renamed.add(place)
        unheard = each.seq > tips.get(place, log.Tip()).folded and place not in renamed
        if place in apart or unheard or _never_here(connection, schema, each):
            apart.add(place)
            found.append(each)
    return found


def _never_here(connection: Connection, schema: Schema, made: Transaction) -> bool:
    for each in decode(made.operations):
        info = schema.tables.get(each.table)
        if info is None:
            continue
        row = next(rows_with(connection, info.table, ("stamps",), "id", (each.row,)), None)
        if row is None:
            return True
        stamps, heads = decode_stamps(row[0])
        for name in each.fields:
            newest = max(stamps.get(name, ""), *(stamp for stamp, _ in heads.get(name, ())), "")
            if name in info.fields and newest < made.stamp:
                return True
    return False


def refiled(connection: Connection, kept: Sequence[Transaction]) -> list[Transaction]:
    """``kept`` with the site and number under which they can be filed here: those that follow the log here keep theirs,
    the others go to the site of their branch (``core.records.renumbering``).
    """
    ends: dict[log.Place, tuple[str, int, bytes]] = {}
    found = []
    for each in kept:
        place = (each.site, each.scope)
        if place not in ends:
            end = log.tip(connection, place)
            follows = each.seq == end.seq + 1 and link(end.chain, each.content()) == each.chain
            ends[place] = (each.site, end.seq, end.chain) if follows else (branch_site(each), 0, GENESIS)
        site, seq, chain = ends[place]
        if site == each.site and each.seq != seq + 1:  # what was between is filed elsewhere
            site, seq, chain = branch_site(each), 0, GENESIS
        made = replace(each, site=site, seq=seq + 1).chained(chain)
        ends[place] = (site, made.seq, made.chain)
        found.append(made)
    return found
