"""Files that survive a power cut: written beside, synced, renamed.

A file is complete or it is not there. POSIX promises that only when the data is synced before the rename and the folder
after it (rename(2), fsync(2): "calling fsync() does not necessarily ensure that the entry in the directory containing
the file has also reached disk").
"""

import os
import sys
import uuid
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the folder's entries reach the disk. Windows cannot open a folder; NTFS journals its entries instead."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Create ``folder`` and what is missing above it, each entry synced. Raises ``OSError``."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``: after a power cut it holds the old bytes or the new ones. Raises ``OSError``."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.new")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
