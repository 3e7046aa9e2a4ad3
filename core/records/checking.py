"""``bayline check``: whether the records are whole (database, rows, log of changes, files), also while they are in use.

Reads only, at one moment of the records, on a connection that cannot write. Nothing is believed that can be computed:
row hashes are made anew from the rows, the log's chain from its transactions, the files' hashes from the files.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect

from core.language import tr
from core.records import log
from core.records.engines import SQLITE, read_only
from core.records.errors import Corrupt, NewerSchema, explained
from core.records.files import FileStore, named_files
from core.records.migrating import REVISION, revision
from core.records.operations import GENESIS, Transaction, link
from core.records.rowstate import hash_of_row
from core.records.schema import Schema, TableInfo, read_schema
from core.records.sql import quoted

OK = "ok"
_BATCH = 1000
_MOST_WORDS = 20  # problems of one kind that are named


@dataclass(frozen=True, slots=True)
class FileCheck:
    """``count`` files are here; ``missing`` are named by rows and not here; ``corrupt`` are here with other content."""

    count: int = 0
    missing: tuple[str, ...] = ()
    corrupt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """``integrity`` and ``chain`` are "ok", or say what is wrong in the user's words."""

    integrity: str
    chain: str
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)  # rows, digest
    vector: dict[str, dict[str, int]] = field(default_factory=dict)
    files: FileCheck = field(default_factory=FileCheck)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong. A file that is missing may still be on its way: that alone is no fault."""
        return self.integrity == OK and self.chain == OK and not self.files.corrupt

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``bayline check --json``."""
        return {
            "integrity": self.integrity,
            "tables": {name: {"rows": rows, "digest": digest} for name, (rows, digest) in self.tables.items()},
            "vector": self.vector,
            "files": {
                "count": self.files.count,
                "missing": len(self.files.missing),
                "corrupt": len(self.files.corrupt),
            },
            "chain": self.chain,
        }


def check(place: Path | str, files: FileStore, schema: Schema | None = None) -> Report:
    """Read everything. Raises ``RecordsError`` when the records cannot be opened, or were written by a newer program.

    Damage is no error here: it is in the report.
    """
    schema = schema or read_schema()
    try:
        engine = read_only(place)
    except Corrupt as error:
        return Report(error.detail, OK, files=_check_files([], files))
    try:
        with engine.connect() as connection:
            report, wanted = _check_records(connection, schema, place)
    except Exception as error:
        told = explained(error, place)
        if not isinstance(told, Corrupt):
            if told is None or told is error:
                raise
            raise told from error
        report, wanted = Report(told.detail, OK), []  # so damaged that it cannot be read
    finally:
        engine.dispose()
    return Report(report.integrity, report.chain, report.tables, report.vector, _check_files(wanted, files))


def _check_records(connection: Connection, schema: Schema, place: Path | str) -> tuple[Report, list[str]]:
    problems = _check_pages(connection)
    found = revision(connection, place)
    if found is None:
        return Report(tr("there are no records in it"), OK), []
    if found.isdigit() and int(found) > int(REVISION):
        raise NewerSchema(place, tr("version {found}, here is {ours}", found=found, ours=REVISION))
    here = inspect(connection)
    tables: dict[str, tuple[int, str]] = {}
    known: dict[str, TableInfo] = {}
    for name, info in schema.tables.items():
        if not here.has_table(name):  # not upgraded yet
            problems.append(tr("the table {table} is missing", table=name))
            continue
        columns = {each["name"] for each in here.get_columns(name)}
        known[name] = info
        rows, digest, wrong = _check_table(connection, info, columns)
        tables[name] = rows, digest
        problems += [tr("{table} {row} is not what was written", table=name, row=row) for row in wrong]
    vector = log.vector(log.tips(connection))
    report = Report(_in_words(problems), _in_words(list(_check_chains(connection))), tables, vector)
    named = named_files(connection, Schema(schema.version, known))
    return report, [each for found_names in named.values() for each in found_names]


def _in_words(problems: list[str]) -> str:
    if not problems:
        return OK
    more = len(problems) - _MOST_WORDS
    shown = problems[:_MOST_WORDS] + ([tr("and {count} more", count=more)] if more > 0 else [])
    return "; ".join(shown)


def _check_pages(connection: Connection) -> list[str]:
    """What the database itself finds wrong. A PostgreSQL server is asked by reading every row, which comes next."""
    if connection.dialect.name != SQLITE:
        return []
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return [] if found == [OK] else found


def _check_table(connection: Connection, info: TableInfo, columns: set[str]) -> tuple[int, str, list[str]]:
    """The number of rows, the digest as it follows from their content, and rows whose kept hash says otherwise."""
    names = [name for name in info.columns if name in columns]
    text = f"SELECT {', '.join(map(quoted, names))} FROM {quoted(info.name)} ORDER BY id"
    rows = low = high = 0
    wrong: list[str] = []
    for part in _stream(connection, text):
        for each in part:
            row = dict(zip(names, each, strict=True))
            try:
                computed = hash_of_row(info.name, row, info.fields)
            except (ValueError, TypeError, KeyError, AttributeError):
                computed = None  # its stamps are not even readable
            if computed != row["row_hash"]:
                wrong.append(str(row["id"]))
            number = (computed or 0) & 0xFFFF_FFFF_FFFF_FFFF
            rows, low, high = rows + 1, low + (number & 0xFFFF_FFFF), high + (number >> 32)
    return rows, f"{high:016x}{low:016x}", wrong


def _check_chains(connection: Connection) -> Iterator[str]:
    """Where the log is not what was written: a gap, a changed transaction, an end that is not the one kept."""
    ends = log.tips(connection)
    reached = {place: (end.folded, end.folded_chain or GENESIS) for place, end in ends.items()}
    broken: set[log.Place] = set()
    text = (
        'SELECT site, scope, seq, stamp, "at", "schema", actor, terminal, why, operations, chain FROM transactions '
        "ORDER BY site, scope, seq"
    )
    for part in _stream(connection, text):
        for row in part:
            made = Transaction(*row)
            place = (made.site, made.scope)
            seq, chain = reached.get(place, (0, GENESIS))
            if place in broken or made.seq <= seq:
                continue
            if made.seq != seq + 1 or link(chain, made.content()) != bytes(made.chain):
                broken.add(place)
                yield tr("the log of {site} is broken at change {number}", site=made.site, number=seq + 1)
                continue
            reached[place] = made.seq, bytes(made.chain)
    for place, (seq, chain) in reached.items():
        end = ends.get(place)
        if place not in broken and (end is None or (end.seq, bytes(end.chain)) != (seq, chain)):
            yield tr("the log of {site} is broken at change {number}", site=place[0], number=seq + 1)


def _stream(connection: Connection, text: str) -> Iterator[Any]:
    """Rows in batches, without holding all of them in memory."""
    with connection.exec_driver_sql(text, execution_options={"yield_per": _BATCH}) as result:
        yield from result.partitions(_BATCH)


def _check_files(wanted: list[str], files: FileStore) -> FileCheck:
    count, corrupt = 0, []
    for each in files.all():
        count += 1
        if not files.verify(each.sha256):
            corrupt.append(each.sha256)
    return FileCheck(count, tuple(files.missing(wanted)), tuple(corrupt))
