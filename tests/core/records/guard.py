"""The guard on the one writer: in every test of core, a write of synced rows that goes around it fails.

Allowed is only what the writer's own connection does (``core.records.records.MARK``) while a change is flushed, or
while changes of others are merged. Everything else would be missing in the log, and so on all other terminals.
"""

import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from core.records.fields import ALL, RULE
from core.records.records import MARK

_WRITE = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)"?', re.IGNORECASE
)

# A page of others' changes is merged; a terminal is seeded; rows are made anew from the log. Or a change is flushed.
_LEGITIMATE = {"core.records.applying", "core.sync.seeding", "core.sync.repairing"}
_COPYING = {"core.records.copying"}  # a whole database, its log with it, into an empty one
_FLUSH = ("sqlalchemy.orm.session", "_flush")


class WentAroundError(AssertionError):
    """Synced rows were written past the log."""


class Guard:
    """``caught``: what was tried. A test that tries on purpose empties it."""

    def __init__(self) -> None:
        self.caught: list[str] = []

    def check(self, connection: Connection, _cursor: Any, statement: str, *_others: Any) -> None:
        table = written_table(statement)
        if table is None or _called_from(_COPYING) or (connection.info.get(MARK) and _called_from(_LEGITIMATE, _FLUSH)):
            return
        self.caught.append(statement)
        raise WentAroundError(f"{table} was written around the writer: {statement:.200}")


def written_table(statement: str) -> str | None:
    """The synced table that ``statement`` writes; None for any other statement."""
    found = _WRITE.match(statement)
    table = ALL.tables.get(found[1]) if found else None
    if table is None or not any(RULE in column.info for column in table.columns):
        return None
    return str(table.name)


def _called_from(modules: set[str], function: tuple[str, str] | None = None) -> bool:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module in modules or (module, frame.f_code.co_name) == function:
            return True
        frame = frame.f_back
    return False


@pytest.fixture(autouse=True)
def no_writes_around_the_writer() -> Iterator[Guard]:
    guard = Guard()
    event.listen(Engine, "before_cursor_execute", guard.check)
    yield guard
    event.remove(Engine, "before_cursor_execute", guard.check)
    assert guard.caught == []
