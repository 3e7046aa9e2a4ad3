"""Two ways into one database: the writer's single connection, and connections that can only read.

SQLite 3.7.0 to 3.51.2 can corrupt a file when two connections write or checkpoint at the same moment ("the WAL-reset
bug", https://www.sqlite.org/wal.html#walresetbug); Debian 12 has 3.40.1. So there is one connection that can write or
checkpoint at all: readers open the file with ``mode=ro``, which lets SQLite do neither.
"""

import contextlib
import os
import sqlite3
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.util import LRUCache

from core.language import tr
from core.records.errors import Corrupt, NotThere, explained

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
MEMORY = "sqlite://"

READERS = 8  # kept open
MORE_READERS = 40  # opened when these are in use: many terminals at once wait for the processor, not for a connection
_WAIT_S = 10.0  # for the lock of another process, for a free reader, for a server to answer
_STATEMENTS = 2000  # compiled ones kept for all databases in memory together


@dataclass(frozen=True, slots=True)
class Engines:
    """``writer`` has one connection, which alone can write and checkpoint; ``reader`` has up to eight that cannot.

    ``place``: the file, or the URL without its password: for messages. ``dialect``: "sqlite" or "postgresql".
    ``file``: the file of the database, None for one in memory or on a server.
    """

    writer: Engine
    reader: Engine
    dialect: str
    place: Path | str
    file: Path | None = None

    def close(self) -> None:
        """Close every connection, the writer's last: the last one out moves the log into the file (wal.html §2.1)."""
        self.reader.dispose()
        self.writer.dispose()


def open_engines(place: Path | str) -> Engines:
    """The engines of the database at ``place``: a file, or an SQLAlchemy URL of SQLite or PostgreSQL.

    A file that is not there is made, empty; ``core.records.migrating`` fills it. "sqlite://" is a database in memory,
    which both engines share. What a killed program left in its log is recovered here. Raises ``RecordsError``.
    """
    url = _url(place)
    if url.get_backend_name() == POSTGRESQL:
        return _postgresql(url)
    if url.database in (None, "", ":memory:"):
        return _memory(":memory:")
    if url.query.get("vfs") == "memdb":  # in memory with a name: it outlives its opener, as a disk does
        return _memory(f"{url.database}?vfs=memdb")
    return _file(Path(str(url.database)))


def read_only(place: Path | str) -> Engine:
    """An engine that can only read, beside another process that writes. The file must be there.

    Raises ``RecordsError``.
    """
    url = _url(place)
    if url.get_backend_name() == POSTGRESQL:
        return _opened(_postgresql_reader(url), _shown(url))
    path = Path(str(url.database))
    if not path.exists():
        raise NotThere(path, tr("there is no such file"))
    return _opened(_file_reader(path), path)


def _url(place: Path | str) -> URL:
    if isinstance(place, Path) or "://" not in place:
        return URL.create("sqlite", database=str(place))
    try:
        url = make_url(place)
    except ArgumentError as error:
        raise NotThere(place, tr("this is not the URL of a database")) from error
    name = url.get_backend_name()
    if name not in (SQLITE, POSTGRESQL, "postgres"):
        raise NotThere(_shown(url), tr("only SQLite and PostgreSQL can hold the records"))
    return url if name == SQLITE else url.set(drivername="postgresql+psycopg")


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _opened(engine: Engine, place: Path | str) -> Engine:
    """``engine``, after its first connection has been made and has read something: problems show here, not later."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == SQLITE:  # opening reads nothing yet, not even the header
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").scalar_one()
    except Exception as error:
        engine.dispose()
        told = explained(error, place)
        if told is None:
            raise
        raise told from error
    return engine


# -- a file


def _file(path: Path) -> Engines:
    writer = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        creator=lambda: _connect_writer(path),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_WAIT_S,
    )
    event.listen(writer, "begin", _begin_immediate)
    _opened(writer, path)
    try:
        _refuse_truncated(writer, path)
        # After the writer: what a killed program left in the log is recovered, and the shared memory is there.
        reader = _opened(_file_reader(path), path)
    except BaseException:
        writer.dispose()
        raise
    return Engines(writer, reader, SQLITE, path, path)


def _refuse_truncated(writer: Engine, path: Path) -> None:
    """SQLite reads the pages it needs, and would open half a file and add to it. Raises ``Corrupt``."""
    with contextlib.closing(writer.raw_connection()) as raw:
        cursor = raw.cursor()
        _, logged, moved = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if logged != moved:
            return  # somebody reads; pages may be in the log alone
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        size = cursor.execute("PRAGMA page_size").fetchone()[0]
    if path.stat().st_size < pages * size:
        raise Corrupt(path, tr("its end is missing"))


def _file_reader(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        creator=lambda: _connect_reader(path),
        poolclass=QueuePool,
        pool_size=READERS,
        max_overflow=MORE_READERS,
        pool_timeout=_WAIT_S,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _connect_writer(path: Path) -> sqlite3.Connection:
    with contextlib.suppress(OSError):  # customers and PINs: nobody else's to read. SQLite says what is wrong, if it is
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    raw = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")  # every commit reaches the disk: an acknowledged change survives a cut
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA temp_store=MEMORY")
        raw.execute("PRAGMA cache_size=-64000")
        raw.execute("PRAGMA journal_size_limit=16777216")
        # Pages: 16 MB as well. A page of the log that is written again before it is moved is moved once: catching up
        # writes a fifth less to the disk than with SQLite's 1,000.
        raw.execute("PRAGMA wal_autocheckpoint=4000")
    except BaseException:
        raw.close()
        raise
    return raw


def _connect_reader(path: Path) -> sqlite3.Connection:
    raw = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )
    try:
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA temp_store=MEMORY")
    except BaseException:
        raw.close()
        raise
    return raw


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that writes after it has read can fail with SQLITE_BUSY at once, whatever the timeout.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


# -- memory


def _memory(address: str) -> Engines:
    """One connection for both. The dialect and the compiled statements are shared by all databases in memory, since
    the simulation opens them by the hundred thousand."""
    writer_dialect, reader_dialect, statements = _in_memory()
    raw = sqlite3.connect(address, uri=address.startswith("file:"), isolation_level=None, check_same_thread=False)
    raw.execute("PRAGMA foreign_keys=ON")

    writer, reader = _sharing(raw, writer_dialect), _sharing(raw, reader_dialect)
    writer._compiled_cache = reader._compiled_cache = statements  # the key holds the dialect
    return Engines(writer, reader, SQLITE, MEMORY)


def _sharing(raw: sqlite3.Connection, dialect: SQLiteDialect_pysqlite) -> Engine:
    creator: Any = lambda: raw  # noqa: E731 - sqlite3's connection does not say that it is a DBAPI connection
    return Engine(StaticPool(creator, dialect=dialect), dialect, make_url(MEMORY))


class _MemoryWriter(SQLiteDialect_pysqlite):
    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.execute("BEGIN")


class _MemoryReader(SQLiteDialect_pysqlite):
    """Looks on at the writer's own connection: what it ends is never the writer's transaction."""

    supports_statement_cache = True

    def do_rollback(self, dbapi_connection: Any) -> None:
        pass

    def do_commit(self, dbapi_connection: Any) -> None:
        pass


_making = threading.Lock()


def _in_memory() -> tuple[SQLiteDialect_pysqlite, SQLiteDialect_pysqlite, "LRUCache[Any, Any]"]:
    with _making:
        return _made_in_memory()


@cache
def _made_in_memory() -> tuple[SQLiteDialect_pysqlite, SQLiteDialect_pysqlite, "LRUCache[Any, Any]"]:
    made = []
    for kind in (_MemoryWriter, _MemoryReader):
        dialect = kind(dbapi=sqlite3)
        engine = _sharing(sqlite3.connect(":memory:", isolation_level=None), dialect)
        with engine.connect() as connection:
            dialect.initialize(connection)  # what create_engine does at its first connection
        engine.dispose()
        made.append(dialect)
    return made[0], made[1], LRUCache(_STATEMENTS)


# -- a server


def _postgresql(url: URL) -> Engines:
    place = _shown(url)
    writer = create_engine(
        url,
        pool_size=1,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        pool_pre_ping=True,
        connect_args={"connect_timeout": int(_WAIT_S), "application_name": "bayline writer"},
    )
    _opened(writer, place)
    try:
        reader = _opened(_postgresql_reader(url), place)
    except BaseException:
        writer.dispose()
        raise
    return Engines(writer, reader, POSTGRESQL, place)


def _postgresql_reader(url: URL) -> Engine:
    # One snapshot a transaction, as SQLite gives it: a list and its count must not come from two moments.
    options = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    return create_engine(
        url,
        pool_size=READERS,
        max_overflow=MORE_READERS,
        pool_timeout=_WAIT_S,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": int(_WAIT_S),
            "application_name": "bayline reader",
            "options": options,
        },
    )
