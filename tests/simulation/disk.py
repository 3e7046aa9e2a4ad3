"""The disk of a terminal: an SQLite database in memory that outlives the program that writes to it.

SQLite's ``memdb`` keeps a named database as long as one connection to it is open, and locks and rolls it back like a
file; the disk holds that one connection. Copying is SQLite's backup, a fraction of a millisecond.
"""

import itertools
import sqlite3
from typing import Any

_names = itertools.count()


class Disk:
    """One database. ``connection`` is the simulation's own way in: it only looks.

    ``held``: stamps of the transactions seen on it, and how they were filed; ``clock``: the latest hybrid time seen.
    """

    def __init__(self, image: "Disk | None" = None) -> None:
        self.address = f"file:/simulated-{next(_names)}?vfs=memdb"
        self.connection = self.connect()
        self.held: dict[str, tuple[str, str, int]] = {}
        self.clock = 0
        self._looked_at = -1
        if image is not None:
            image.connection.backup(self.connection)
            self.held, self.clock = dict(image.held), image.clock

    @property
    def url(self) -> str:
        return f"sqlite:///{self.address}&uri=true"

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.address, uri=True, check_same_thread=False)

    def is_new(self) -> bool:
        """Whether somebody has written since this was last asked (https://www.sqlite.org/pragma.html#pragma_data_version)."""
        before = self._looked_at
        self._looked_at = int(self.all("PRAGMA data_version")[0][0])
        return self._looked_at != before

    def copy(self) -> "Disk":
        """What is committed now, on a disk of its own."""
        return Disk(self)

    def throw_away(self) -> None:
        self.connection.close()

    def all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement, values).fetchall()
