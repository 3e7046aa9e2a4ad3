"""All records in one file, for a terminal that joins or that was away longer than others keep their logs.

The file holds the synced rows and the log, never what is the giver's own: its site, its terminal, its keys are in
tables and folders that are not read here. Written at one moment of the records, read back in one transaction.

Form: zstd over msgpack objects: a header, then ``[table, [[values], …]]`` batches, then ``["end", rows]``.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgpack  # type: ignore[import-untyped]
import zstandard
from sqlalchemy import Connection, Table

from core.language import mark, tr
from core.records import log
from core.records.applying import replay, search_text
from core.records.changes import PEER, ChangeSet
from core.records.records import Records
from core.records.schema import TableInfo
from core.records.sql import batches, execute, execute_many, insert, query
from core.records.tables import replaced_values, sites, touched, transactions
from core.sync.beyond import beyond, lacking, refiled

FORMAT = 1
BATCH = 1000  # rows
_FEW = 16  # rows read at once while they are large: a transaction may have eight million bytes
_FULL = 4_000_000  # characters of one batch
_LARGEST = 64_000_000  # bytes of one batch

_OWN_TABLES: tuple[Table, ...] = (sites, transactions, touched, replaced_values)  # of the log: the same for everybody

Told = Callable[[int, int], None]  # rows done, rows in all


class SnapshotError(Exception):
    """A snapshot that cannot be used; the message is in a person's words."""


def _nothing(_done: int, _total: int) -> None:
    return None


def write_snapshot(records: Records, path: Path, progress: Told = _nothing) -> int:
    """Write all records to ``path`` (replaced), as of one moment. Returns the number of rows. Raises ``OSError``."""
    packer = msgpack.Packer(use_bin_type=True)
    with records.read() as session, path.open("wb") as file:
        connection = session.connection()
        tables = [*(info.table for info in records.schema.tables.values()), *_OWN_TABLES]
        total = sum(query(connection, f'SELECT count(*) FROM "{table.name}"')[0][0] for table in tables)
        done = 0
        with zstandard.ZstdCompressor(level=3).stream_writer(file, closefd=False) as packed:
            header = {
                "format": FORMAT,
                "schema": records.schema.version,
                "rows": total,
                "clock": log.position(connection).hlc,  # stamps of the rows may be later than any of the log's
                "tables": {table.name: [column.name for column in table.columns] for table in tables},
            }
            packed.write(packer.pack(header))
            for table in tables:
                for rows in _read(connection, table):
                    packed.write(packer.pack([table.name, rows]))
                    done += len(rows)
                    progress(done, total)
            packed.write(packer.pack(["end", done]))
    return done


def _read(connection: Connection, table: Table) -> Iterator[list[list[Any]]]:
    """All rows, by primary key, batch after batch, none of which is too large for its reader."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    keys = [column.name for column in table.primary_key.columns]
    order = ", ".join(f'"{name}"' for name in keys)
    at = [list(table.columns.keys()).index(name) for name in keys]
    marks = ", ".join("?" * len(keys))
    first = f'SELECT {names} FROM "{table.name}" ORDER BY {order} LIMIT ?'
    following = f'SELECT {names} FROM "{table.name}" WHERE ({order}) > ({marks}) ORDER BY {order} LIMIT ?'
    limit = _FEW
    rows = query(connection, first, (limit,))
    while rows:
        made: list[list[Any]] = []
        size = largest = 0
        for row in rows:
            plain = [bytes(value) if isinstance(value, memoryview) else value for value in row]
            length = sum(len(value) for value in plain if isinstance(value, str | bytes))
            if made and size + length > _FULL:
                yield made
                made, size = [], 0
            made.append(plain)
            size += length
            largest = max(largest, size)
        yield made
        if len(rows) < limit:
            return
        last = tuple(rows[-1][each] for each in at)
        limit = min(BATCH, 2 * limit) if 2 * largest < _FULL else _FEW
        rows = query(connection, following, (*last, limit))


def load_snapshot(records: Records, path: Path, progress: Told = _nothing) -> int:
    """Replace all records by those of ``path``, in one transaction. Returns the number of rows.

    What a person wrote here before (in records that are not empty) and the snapshot lacks is merged in again, in the
    same transaction: a power cut leaves all as it was, or nothing lost. Raises ``SnapshotError``, ``RecordsError``;
    then nothing was changed.
    """
    stamps = _stamps_in(path)

    def work(connection: Connection) -> int:
        own = beyond(connection, stamps)
        before = log.tips(connection)
        with path.open("rb") as file:
            rows = _load(records, connection, file, progress)
        kept = refiled(connection, lacking(connection, records.schema, own))
        for (site, scope), end in log.tips(connection).items():
            if site == records.site and before.get((site, scope), end).chain != end.chain:
                records.new_site_within(connection, "seeded anew by a terminal that knew this one's log otherwise")
                break
        for some in batches(kept, BATCH):
            records.apply_within(connection, some, records.wall())
        return rows

    rows = records.keep(work)
    _tell(records)
    return rows


def _tell(records: Records) -> None:
    """Every row may read differently now: windows that are open look again."""
    rows: dict[str, dict[str, frozenset[str]]] = {}
    with records.look() as connection:
        for name, info in records.schema.tables.items():
            ids = [row[0] for row in query(connection, f'SELECT id FROM "{info.table.name}"')]
            if ids:
                rows[name] = dict.fromkeys(ids, frozenset(info.fields))
    records.bus.tell(ChangeSet(PEER, "", records.wall(), rows))


def _stamps_in(path: Path) -> frozenset[str]:
    """The stamps of the transactions in a snapshot's log. Raises ``SnapshotError``."""
    found: set[str] = set()
    with path.open("rb") as file:
        header, parts = _parts(file)
        columns = list(header["tables"].get(transactions.name, ()))
        if "stamp" not in columns:
            raise SnapshotError(tr(_DAMAGED, detail=tr("it is of another kind")))
        at = columns.index("stamp")
        for name, rows in parts:
            if name == transactions.name:
                found.update(row[at] for row in rows)
    return frozenset(found)


_NEWER = mark("The other terminal runs a newer Bayline. Update this one first.")
_DAMAGED = mark("The records that came from the other terminal are damaged ({detail}). Try again.")


def _parts(file: BinaryIO) -> tuple[dict[str, Any], Iterator[tuple[str, list[Any]]]]:
    unpacker = msgpack.Unpacker(
        zstandard.ZstdDecompressor().stream_reader(file), raw=False, strict_map_key=False, max_buffer_size=_LARGEST
    )
    try:
        header = next(unpacker)
    except (StopIteration, ValueError, zstandard.ZstdError, msgpack.exceptions.UnpackException) as error:
        raise SnapshotError(tr(_DAMAGED, detail=tr("its beginning is missing"))) from error
    if not isinstance(header, dict) or header.get("format") != FORMAT or not isinstance(header.get("tables"), dict):
        raise SnapshotError(tr(_DAMAGED, detail=tr("it is of another kind")))
    return header, _batches(unpacker)


def _batches(unpacker: Any) -> Iterator[tuple[str, list[Any]]]:
    count = 0
    try:
        for part in unpacker:
            if not isinstance(part, list) or len(part) != 2:
                raise SnapshotError(tr(_DAMAGED, detail=tr("it is of another kind")))
            if part[0] == "end":
                if part[1] != count:
                    raise SnapshotError(tr(_DAMAGED, detail=tr("rows are missing")))
                return
            count += len(part[1])
            yield part[0], part[1]
    except (ValueError, zstandard.ZstdError, msgpack.exceptions.UnpackException) as error:
        raise SnapshotError(tr(_DAMAGED, detail=str(error))) from error
    raise SnapshotError(tr(_DAMAGED, detail=tr("its end is missing")))


def _load(records: Records, connection: Connection, file: BinaryIO, progress: Told) -> int:
    header, parts = _parts(file)
    if header["schema"] > records.schema.version:
        raise SnapshotError(tr(_NEWER))
    tables = {info.table.name: info.table for info in records.schema.tables.values()}
    infos = {info.table.name: info for info in records.schema.tables.values()}
    tables.update({table.name: table for table in _OWN_TABLES})
    for table in tables.values():
        execute(connection, f'DELETE FROM "{table.name}"')
    records.search.clear(connection)
    done = 0
    for name, rows in parts:
        columns = tuple(header["tables"].get(name, ()))
        if name not in tables or not set(columns) <= set(tables[name].columns.keys()):
            raise SnapshotError(tr(_NEWER))
        table = tables[name]
        execute_many(connection, insert(table, columns), [tuple(row) for row in rows])
        if name in infos:
            _index(records, connection, infos[name], columns, rows)
        done += len(rows)
        progress(done, header["rows"])
    now = log.position(connection)
    found = query(connection, "SELECT coalesce(max(arrival), 0), coalesce(max(stamp), '0') FROM transactions")[0]
    now.arrival = max(now.arrival, int(found[0]))
    now.hlc = max(now.hlc, int(str(found[1])[:16], 16), min(int(header.get("clock", 0)), (1 << 64) - 1))
    log.keep_position(connection, now)
    replay(connection, records.schema, records.search, records.wall())  # the giver's program may be an older one
    log.put_state(connection, "seeded", json.dumps({"at": records.wall(), "rows": done}))
    return done


def _index(
    records: Records, connection: Connection, info: TableInfo, columns: tuple[str, ...], rows: list[list[Any]]
) -> None:
    if not info.searched:
        return
    texts = []
    for row in rows:
        values = dict(zip(columns, row, strict=True))
        text = search_text(info, values)
        if text:
            texts.append((info.name, str(values["id"]), text))
    records.search.update(connection, texts)
