"""What a database can do to a person, in their words: full, read-only, damaged, too new, busy, not there.

Everything else that SQLAlchemy raises is a bug and stays what it is.
"""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import psycopg

from core.language import mark, tr

_LITTLE = 256 * 1024  # bytes left on a disk below which a failed write is put down to them


class RecordsError(Exception):
    """Something about the records a person can act on; the message is in their words.

    ``path``: the file, or the URL of the database without its password. ``detail``: the cause, as the system says it.
    """

    words: ClassVar[str] = mark("The records in {path} cannot be used: {detail}.")

    def __init__(self, path: Path | str, detail: str = "", words: str | None = None) -> None:
        super().__init__(tr(words or self.words, path=path, detail=detail))
        self.path = path
        self.detail = detail


class DiskFull(RecordsError):  # noqa: N818 - said to a person, like its neighbours
    words = mark(
        "The disk is full, so this was not kept. Nothing that was kept before is lost. "
        "Make room where {path} is, and try again."
    )


class ReadOnly(RecordsError):  # noqa: N818
    words = mark(
        "Nothing may be written to {path}. Nothing that was kept before is lost. "
        "Let this program write to the file and its folder."
    )


class Corrupt(RecordsError):  # noqa: N818
    words = mark(
        "{path} is damaged ({detail}). The file was left as it is. "
        "Restore the last backup with “bayline restore”, or join the workshop again from another terminal."
    )


class NewerSchema(RecordsError):  # noqa: N818
    words = mark(
        "{path} was written by a newer Bayline ({detail}), and this one would not understand all of it. "
        "The file was left as it is. Update this terminal."
    )


class NotOurs(RecordsError):  # noqa: N818
    words = mark("{path} is a database of another program. It was left as it is. Choose another place for the records.")


class UpgradeFailed(RecordsError):  # noqa: N818
    words = mark(
        "{path} could not be brought up to this version of Bayline ({detail}). Nothing was changed: "
        "the version from before still works with it."
    )


class Busy(RecordsError):  # noqa: N818
    words = mark("Another program is holding {path}. Close it, and try again.")


class DiskError(RecordsError):
    words = mark(
        "The disk with {path} does not do what it should ({detail}). "
        "Make a backup now, and let someone look at the disk."
    )


class NotThere(RecordsError):  # noqa: N818
    words = mark("{path} cannot be opened: {detail}.")


class NoServer(RecordsError):  # noqa: N818
    words = mark("The database {path} does not answer ({detail}). Is it running, and may this program use it?")


_SQLITE = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_PERM: ReadOnly,
    sqlite3.SQLITE_CORRUPT: Corrupt,
    sqlite3.SQLITE_NOTADB: Corrupt,
    sqlite3.SQLITE_FORMAT: Corrupt,
    sqlite3.SQLITE_BUSY: Busy,
    sqlite3.SQLITE_LOCKED: Busy,
    sqlite3.SQLITE_IOERR: DiskError,
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES = {
    "53100": DiskFull,
    "25006": ReadOnly,
    "42501": ReadOnly,
    "XX001": Corrupt,
    "XX002": Corrupt,
    "40001": Busy,
    "40P01": Busy,
    "55P03": Busy,
    "58030": DiskError,
}
_POSTGRES_GONE = ("08", "28", "3D", "53", "57")  # classes: connection, authorization, no such database, resources, stop

_SYSTEM = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EFBIG: DiskFull,
    errno.EACCES: ReadOnly,
    errno.EPERM: ReadOnly,
    errno.EROFS: ReadOnly,
    errno.ENOENT: NotThere,
    errno.ENOTDIR: NotThere,
    errno.EISDIR: NotThere,
    errno.EIO: DiskError,
}


def explained(error: BaseException, path: Path | str, *, files: bool = True) -> RecordsError | None:
    """What ``error``, or one that led to it, says to a person about the database at ``path``; None: it is a bug.

    ``files``: an ``OSError`` is about ``path`` too. Not where other people's code ran, which opens files of its own.
    """
    for each in _causes(error):
        found: RecordsError | None = None
        if isinstance(each, RecordsError):
            found = each
        elif isinstance(each, sqlite3.Error):
            found = _of_sqlite(each, path)
        elif isinstance(each, psycopg.Error):
            found = _of_postgres(each, path)
        elif files and isinstance(each, OSError):
            kind = _SYSTEM.get(each.errno or 0)
            found = kind(path, each.strerror or str(each)) if kind else None
        if found is not None:
            return found
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        original = getattr(current, "orig", None)  # SQLAlchemy's wrapper around the driver's error
        current = original if isinstance(original, BaseException) else current.__cause__


def _of_sqlite(error: sqlite3.Error, path: Path | str) -> RecordsError | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & 0xFF  # https://www.sqlite.org/rescode.html: extended codes keep the primary one in their low byte
    if primary == sqlite3.SQLITE_CANTOPEN:
        return _cannot_open(error, path)
    kind = _SQLITE.get(primary)
    if kind is DiskError and _nearly_full(path):
        kind = DiskFull  # only a short write of the database itself is SQLITE_FULL; shared memory and syncs are not
    return kind(path, str(error)) if kind else None


def _cannot_open(error: sqlite3.Error, path: Path | str) -> RecordsError:
    if Path(path).is_dir():
        return NotThere(path, tr("this is a folder"))
    if not Path(path).parent.is_dir():
        return NotThere(path, tr("its folder is not there"))
    return ReadOnly(path, str(error))


def _nearly_full(path: Path | str) -> bool:
    try:
        return shutil.disk_usage(Path(path).parent).free < _LITTLE
    except OSError:
        return False


def _of_postgres(error: psycopg.Error, path: Path | str) -> RecordsError | None:
    state = error.sqlstate
    detail = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if state in _POSTGRES:
        return _POSTGRES[state](path, detail)
    gone = state is None and isinstance(error, psycopg.OperationalError)
    if gone or (state or "").startswith(_POSTGRES_GONE):
        return NoServer(path, detail)
    return None
