"""Statements written once for SQLite and PostgreSQL, for the paths where hundreds of thousands of rows go through.

Names come from our own models, never from a wire. ``exec_driver_sql`` with tuples is used because it costs a third of a
Core statement a row, and catching up is all rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

T = TypeVar("T")

AT_ONCE = 512  # values of one IN list, a power of two; SQLite takes 999 in its oldest builds


def marks(connection: Connection, count: int) -> str:
    """``?, ?, ?`` or ``%s, %s, %s``."""
    return ", ".join(["%s" if connection.dialect.name == "postgresql" else "?"] * count)


def query(connection: Connection, text: str, values: Sequence[Any] = ()) -> Sequence[Any]:
    """The rows of a query written with ``?``.

    On SQLite the driver is asked itself: what SQLAlchemy would find out about the columns of a result costs ten times
    as much as a small query. Statements that write go through SQLAlchemy, where the tests stand guard.
    """
    if connection.dialect.name != "sqlite":
        return connection.exec_driver_sql(_marked(connection.dialect.name, text), tuple(values)).fetchall()
    if not connection.in_transaction():
        connection.begin()
    raw = connection.connection.driver_connection
    assert raw is not None
    found: list[Any] = raw.execute(text, tuple(values)).fetchall()
    return found


def execute(connection: Connection, text: str, values: Sequence[Any] = ()) -> int:
    """Run a statement written with ``?``; returns the number of rows it wrote."""
    return connection.exec_driver_sql(_marked(connection.dialect.name, text), tuple(values)).rowcount


def execute_many(connection: Connection, text: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Run a statement written with ``?`` for each row; nothing for none."""
    if rows:
        connection.exec_driver_sql(_marked(connection.dialect.name, text), list(rows))


@cache
def _marked(dialect: str, text: str) -> str:
    return text.replace("?", "%s") if dialect == "postgresql" else text


@cache
def insert(table: Table, columns: tuple[str, ...], replacing: tuple[str, ...] = ()) -> str:
    """An INSERT of ``columns``; with ``replacing`` (the key) the rows that are there are overwritten."""
    names = ", ".join(quoted(each) for each in columns)
    text = f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({', '.join('?' * len(columns))})"
    if not replacing:
        return text
    key = ", ".join(quoted(each) for each in replacing)
    new = ", ".join(f"{quoted(each)} = excluded.{quoted(each)}" for each in columns if each not in replacing)
    return f"{text} ON CONFLICT ({key}) DO UPDATE SET {new}"


@cache
def select_in(table: Table, columns: tuple[str, ...], key: str, count: int) -> str:
    names = ", ".join(quoted(each) for each in columns)
    return f"SELECT {names} FROM {quoted(table.name)} WHERE {quoted(key)} IN ({', '.join('?' * count)})"


def rows_with(
    connection: Connection, table: Table, columns: tuple[str, ...], key: str, values: Iterable[Any]
) -> Iterator[Any]:
    """The rows whose ``key`` is one of ``values``, however many."""
    for some in batches(values, AT_ONCE):
        count = 1 << (len(some) - 1).bit_length()  # a few statements instead of hundreds: NULL is in no list
        padded = (*some, *(None for _ in range(count - len(some))))
        yield from query(connection, select_in(table, columns, key, count), padded)


def batches(values: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    each = iter(values)
    while some := tuple(islice(each, size)):
        yield some


def quoted(name: str) -> str:
    """A name of ours in a statement; ``order`` and the like are words of SQL."""
    return f'"{name}"'
