"""What must hold: at every moment, for whoever looks at one terminal; and when all have met and nothing is new."""

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from core.records.fields import Merge
from core.records.operations import GENESIS, Transaction
from core.records.rowstate import decode_stamps, hash_of_row
from tests.simulation.ledger import BrokenPromiseError, Ledger
from tests.simulation.oracle import Cell, Place, expected
from tests.simulation.terminal import Terminal

if TYPE_CHECKING:
    from tests.simulation.world import World

_WRAP = 1 << 64
_STAMP = re.compile("[0-9a-f]{32}")


def at_every_moment(terminal: Terminal, ledger: Ledger) -> None:
    """Look at a terminal's disk, as it is now, from outside. Whatever has just happened to it."""
    if not terminal.disk.is_new():
        return
    ledger.look(terminal.name, terminal.disk)
    _clock_rises(terminal)
    _all_or_nothing(terminal)
    _same_log_same_rows(terminal, ledger)


def _clock_rises(terminal: Terminal) -> None:
    """No stamp of here can be smaller than one that was here before, also after a crash."""
    disk = terminal.disk
    kept = disk.all("SELECT value FROM local_state WHERE key = 'clock'")
    clock = int(kept[0][0].partition(":")[0], 16) if kept else 0
    ((latest,),) = disk.all("SELECT coalesce(max(stamp), '') FROM transactions")
    for (stamps,) in disk.all("SELECT stamps FROM repair_orders"):  # the log may be shorter than the rows' memory
        latest = max(latest, *_STAMP.findall(stamps))
    if clock < disk.clock or (latest and clock < int(latest[:16], 16)):
        raise BrokenPromiseError("clock", f"{terminal.name} is at {clock:x}, was at {disk.clock:x}, has seen {latest}")
    disk.clock = clock


def _all_or_nothing(terminal: Terminal) -> None:
    """Of notes written together one sees all, or none."""
    for text, count in terminal.disk.all("SELECT text, count(*) FROM notes WHERE text LIKE 'whole%' GROUP BY text"):
        if count != int(text.rpartition("/")[2]):
            raise BrokenPromiseError("whole", f"{terminal.name} shows {count} notes of “{text}”")


def known_by(terminal: Terminal) -> tuple[Any, ...]:
    """Which transactions a terminal has, by number and chain: two with the same have the same log."""
    return tuple(terminal.disk.all("SELECT site, scope, seq, chain FROM sites WHERE seq > 0 ORDER BY site, scope"))


def _rows(terminal: Terminal) -> tuple[Any, ...]:
    """Number and sum of the row hashes of every table the terminal's program knows, counted here and not by it."""
    parts = [f"SELECT '{name}', row_hash FROM {name}" for name in terminal.schema.tables]
    sums: dict[str, tuple[int, int]] = {}
    for name, row_hash in terminal.disk.all(" UNION ALL ".join(parts)):
        count, total = sums.get(name, (0, 0))
        sums[name] = (count + 1, (total + row_hash) % _WRAP)
    return tuple(sorted(sums.items()))


def _same_log_same_rows(terminal: Terminal, ledger: Ledger) -> None:
    """Equal vectors mean equal rows: at any time, on any two terminals with the same program."""
    ((schema,),) = terminal.disk.all("SELECT value FROM local_state WHERE key = 'schema'")
    rows = _rows(terminal)
    who, others = ledger.digests.setdefault((schema, known_by(terminal)), (terminal.name, rows))
    if others != rows:
        raise BrokenPromiseError("same rows", f"{terminal.name} has the log of {who} and other rows: {rows} / {others}")


# -- when all have met


def settled(world: "World") -> None:
    """Everybody has everything, reads what the definition says, and can find what is not shown."""
    terminals = world.terminals
    _nothing_lost(world)
    everything = (world.survivors - world.ledger.absorbed).union(*(each.disk.held for each in terminals))
    cells = expected([(stamp, world.ledger.transactions[stamp]) for stamp in sorted(everything)], terminals[0].schema)
    for each in terminals:
        _reads(each, cells)
        _hashes(each)
        _chains(each)
        _findable(each, cells)


def _nothing_lost(world: "World") -> None:
    """What anybody had when everything was healed, everybody has, or has let go of after it had its effect."""
    filed: dict[str, set[tuple[str, str, int]]] = {}
    for each in world.terminals:
        for stamp, place in each.disk.held.items():
            filed.setdefault(stamp, set()).add(place)
    for each in world.terminals:
        folded = dict(each.disk.all("SELECT site || scope, folded FROM sites"))
        for stamp in sorted(world.survivors - world.ledger.absorbed - each.disk.held.keys()):
            if not any(folded.get(site + scope, 0) >= seq for site, scope, seq in filed[stamp]):
                raise BrokenPromiseError("kept", f"{each.name} lacks {stamp} though somebody had it: {filed[stamp]}")


def _stored(terminal: Terminal, table: str) -> Iterable[dict[str, Any]]:
    columns = terminal.schema.tables[table].columns
    for row in terminal.disk.all(f"SELECT {', '.join(columns)} FROM {table}"):
        yield dict(zip(columns, row, strict=True))


def _reads(terminal: Terminal, cells: dict[Place, Cell]) -> None:
    """Every field of every row is what the oracle says, and nothing else is there."""
    there = set()
    for table, info in terminal.schema.tables.items():
        for row in _stored(terminal, table):
            stamps, heads = decode_stamps(row["stamps"])
            for name, stamp in stamps.items():
                place = (table, row["id"], name)
                there.add(place)
                cell = cells.get(place)
                if cell is None or cell.shown is None or (stamp, row[name]) != cell.shown[:2]:
                    raise BrokenPromiseError("merge", f"{terminal.name} shows {row[name]!r} {stamp} at {place}: {cell}")
                register = info.fields[name].rule.merge is Merge.REGISTER
                beside = [(each.stamp, each.value) for each in cell.heads] if len(cell.heads) > 1 else None
                if register and heads.get(name) != beside:
                    raise BrokenPromiseError(
                        "register", f"{terminal.name} has {heads.get(name)} at {place}, not {beside}"
                    )
            unwritten = {each for each in info.fields if row[each] is not None} - stamps.keys()
            if unwritten:
                raise BrokenPromiseError("merge", f"{terminal.name} has values nobody wrote: {table} {unwritten}")
    if there != cells.keys():
        raise BrokenPromiseError("merge", f"{terminal.name} lacks {sorted(cells.keys() - there)[:5]}")


def _hashes(terminal: Terminal) -> None:
    for table, info in terminal.schema.tables.items():
        for row in _stored(terminal, table):
            if hash_of_row(table, row, info.fields) != row["row_hash"]:
                raise BrokenPromiseError("hashes", f"{terminal.name} has a wrong hash at {table} {row['id']}")


def _chains(terminal: Terminal) -> None:
    """Each site's log is without a gap, and each link follows from the one before."""
    last: dict[tuple[str, str], tuple[int, bytes]] = {}
    sites = terminal.disk.all("SELECT site, scope, seq, chain, folded, folded_chain FROM sites")
    for site, scope, _, _, folded, chain in sites:
        last[site, scope] = (folded, chain if folded else GENESIS)
    columns = "site, scope, seq, stamp, at, schema, actor, terminal, why, operations, chain"
    for row in terminal.disk.all(f"SELECT {columns} FROM transactions ORDER BY site, scope, seq"):
        found = Transaction(*row)
        seq, chain = last.get((found.site, found.scope), (0, GENESIS))
        if found.seq != seq + 1 or found.chained(chain).chain != found.chain:
            raise BrokenPromiseError("chain", f"{terminal.name}: {found.site}/{found.seq} does not follow {seq}")
        last[found.site, found.scope] = (found.seq, found.chain)
    for site, scope, seq, chain, _, _ in sites:
        if last[site, scope] != (seq, chain):
            raise BrokenPromiseError(
                "chain", f"{terminal.name}: the log of {site} ends at {last[site, scope]}, not {seq}"
            )


def _findable(terminal: Terminal, cells: dict[Place, Cell]) -> None:
    """A write nobody built upon and that is not shown stands beside the shown one, or on the list of replaced ones.

    Two people who wrote the same are one entry of that list.
    """
    listed = terminal.disk.all("SELECT table_name, row_id, field, lost_value FROM replaced_values")
    replaced = {(table, row, name, json.loads(value)) for table, row, name, value in listed}
    for place, cell in cells.items():
        beside = {each.stamp for each in cell.heads}
        for write in cell.unseen():
            if write.stamp not in beside and (*place, write.value) not in replaced:
                raise BrokenPromiseError("losers", f"{terminal.name} has lost {write} at {place}: {cell}")
