"""Files that survive a power cut (``core.durable``), and what to say when a disk will not.

A file is complete or it is not there.
"""

import errno
import os
import shutil
import stat
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from core.durable import make_folder, sync_folder, write_whole
from core.language import mark, tr

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


MOST_BYTES = 16_000_000  # of a file that is read as a whole: a profile has a few thousand


class NoticeKind(StrEnum):
    """What a disk did, or what was found on it."""

    DISK_FULL = "disk full"
    NOT_WRITABLE = "not writable"
    DISK_ERROR = "disk error"
    DISK_SLOW = "disk slow"
    RESTORED = "restored"
    DAMAGED = "damaged"


WORDS: Mapping[NoticeKind, str] = {
    NoticeKind.DISK_FULL: mark(
        "The disk is full, so nothing is being recorded. The values on the screen go on. "
        "Make room where {path} is, and recording goes on by itself."
    ),
    NoticeKind.NOT_WRITABLE: mark(
        "Nothing may be written to {path}, so nothing is being recorded. The values on the screen go on. "
        "Let this program write there, and recording goes on by itself."
    ),
    NoticeKind.DISK_ERROR: mark(
        "The disk with {path} does not take data ({detail}), so nothing is being recorded. "
        "The values on the screen go on. The program keeps trying."
    ),
    NoticeKind.DISK_SLOW: mark(
        "The disk is too slow for the recording: {detail} readings were shown but not recorded. "
        "The recording says where they are missing."
    ),
    NoticeKind.RESTORED: mark("Recording goes on. {detail} readings were not recorded meanwhile."),
    NoticeKind.DAMAGED: mark("{path} was damaged ({detail}). It was kept under that name, and a fresh start was made."),
}


@dataclass(frozen=True, slots=True)
class StorageNotice:
    """Something a person should know about the disk. ``text`` is in their words; ``detail`` is a cause or a count."""

    kind: NoticeKind
    path: Path
    detail: str = ""

    @property
    def text(self) -> str:
        return tr(WORDS[self.kind], path=self.path, detail=self.detail)


def notice_of(error: OSError, path: Path) -> StorageNotice:
    """The notice for a write to ``path`` that failed."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StorageNotice(NoticeKind.DISK_FULL, path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StorageNotice(NoticeKind.NOT_WRITABLE, path)
    return StorageNotice(NoticeKind.DISK_ERROR, path, error.strerror or str(error))


def read_whole(path: Path, most: int = MOST_BYTES) -> bytes:
    """What is in a file of our own. Raises ``OSError``, also for what is no file and for more than ``most`` bytes.

    A pipe or a device in its place would hold up the start for ever, or fill the memory.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        if stat.S_ISDIR(mode := os.fstat(handle).st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, tr("this is not a file"), str(path))
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def set_aside(path: Path) -> Path:
    """Rename a damaged file to ``NAME.damaged-STAMP`` next to it and return the new path. Raises ``OSError``."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}-{uuid.uuid4().hex[:4]}")
    path.rename(aside)
    sync_folder(path.parent)
    return aside


LEAVING = ".deleted-"


def retire_folder(folder: Path) -> Path:
    """Take a folder out of sight in one step, and return where it is until all in it is removed. Raises ``OSError``."""
    leaving = folder.with_name(f"{LEAVING}{folder.name}")
    folder.rename(leaving)
    sync_folder(folder.parent)
    return leaving


def remove_folder(folder: Path) -> None:
    """Remove a folder with all in it; a cut on the way leaves a retired one. Raises ``OSError``."""
    shutil.rmtree(retire_folder(folder))


class FolderLock:
    """Says that a folder is in use, to this and to other processes; the system lets go of it when the owner dies."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._handle: int | None = None

    def take(self) -> bool:
        """True when the folder is ours now, False when someone else has it. Raises ``OSError``."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if sys.platform == "win32":
                msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if error.errno in (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK):
                return False
            raise
        self._handle = handle
        return True

    def release(self) -> None:
        if self._handle is None:
            return
        # Closing gives the lock back. The file stays: removing it could take it from under someone who just locked it.
        os.close(self._handle)
        self._handle = None


__all__ = [
    "LEAVING",
    "MOST_BYTES",
    "WORDS",
    "FolderLock",
    "NoticeKind",
    "StorageNotice",
    "make_folder",
    "notice_of",
    "read_whole",
    "remove_folder",
    "retire_folder",
    "set_aside",
    "sync_folder",
    "write_whole",
]
