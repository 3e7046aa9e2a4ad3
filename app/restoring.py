"""A data folder begins again with the records of a backup, and never by writing over what it holds.

What was there is moved into a folder beside it first, and back when the backup cannot be used. A terminal that still
has its key goes on as the same terminal of the workshop, in a new epoch. Without a key, or with that of another
workshop, it founds the workshop again: the backup holds no keys.
"""

import time
from contextlib import suppress
from pathlib import Path

import core.models  # noqa: F401 - every table is known before records are opened
from core.durable import sync_folder
from core.records.backup import restore
from core.records.records import Records
from core.sync.founding import IDENTITY, RECORDS, forget_unfinished, found_again, is_founded
from core.sync.members import is_member
from core.sync.views import Progress
from core.trust.errors import TrustError
from core.trust.identity import Identity

ASIDE = "before-restore"
_LOG_FILES = (f"{RECORDS}-wal", f"{RECORDS}-shm")  # SQLite's, part of the records while they are there


def occupied(home: Path) -> bool:
    """Whether ``home`` holds records, or the key of a terminal."""
    return is_founded(home) or (home / RECORDS).exists()


def begin_again(home: Path, backup: Path, terminal: str, progress: Progress, database: str | None) -> Path | None:
    """Restore ``backup`` into ``home``, whose lock the caller holds. Returns where the records from before are now.

    ``terminal``: what the terminal is called if it has to found the workshop again. Raises ``RecordsError``,
    ``TrustError`` and ``OSError``; when nothing could be restored everything is as it was.
    """
    aside = _Aside(home)
    aside.move(RECORDS, *_LOG_FILES)
    try:
        forget_unfinished(home)
        restore(backup, home, progress, place=database)
    except BaseException:
        aside.undo()
        raise
    if not _goes_on(home, database):
        aside.move(IDENTITY)
        found_again(home, terminal, database)
    return aside.folder if aside.moved else None


def _goes_on(home: Path, database: str | None) -> bool:
    """Whether the key in ``home`` is that of a terminal of the restored workshop, which it then is again."""
    try:
        device_id = Identity.load(home / IDENTITY).device_id
    except TrustError:
        return False
    records = Records.open(database or home / RECORDS)
    try:
        with records.read() as session:
            own = is_member(session, device_id)
        if own is None:
            return False
        records.join(own.id)
    finally:
        records.close()
    return True


class _Aside:
    """A folder of its own in ``home`` for what is in the way."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.folder = home / f"{ASIDE}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
        self.moved: list[str] = []

    def move(self, *names: str) -> None:
        for name in names:
            if (self._home / name).exists():
                self.folder.mkdir(mode=0o700, exist_ok=True)
                (self._home / name).rename(self.folder / name)
                self.moved.append(name)
        if self.moved:
            sync_folder(self.folder)
            sync_folder(self._home)

    def undo(self) -> None:
        for name in self.moved:
            (self.folder / name).rename(self._home / name)
        with suppress(OSError):
            self.folder.rmdir()
