"""Small secret files: readable by this user alone, whole or not there, never written over by mistake.

Written beside, synced, renamed, and the folder synced: a power cut leaves the old file or the new one (rename(2),
fsync(2)). The mode is given when the file is made, so that it is at no moment readable by others.
"""

import os
import sys
import uuid
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700
MOST_BYTES = 64 * 1024  # a key or a chain has a few thousand


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` for this user alone; one that is there is closed to others. Raises ``OSError``."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if sys.platform != "win32":  # there the profile's access list holds, and chmod only knows read-only
        folder.chmod(FOLDER_MODE)
    sync_folder(folder.parent)


def write_private(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``. Raises ``OSError``."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(beside, flags, FILE_MODE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def read_private(path: Path) -> bytes:
    """What is in a file of our own, ``MOST_BYTES`` at most. One that others could read is closed to them.

    Raises ``OSError``.
    """
    if sys.platform != "win32" and path.is_file() and path.stat().st_mode & 0o077:
        path.chmod(FILE_MODE)
    with path.open("rb") as file:
        return file.read(MOST_BYTES)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries reach the disk. Windows cannot open a folder; NTFS journals its entries instead."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
