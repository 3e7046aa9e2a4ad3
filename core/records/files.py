"""Photos, documents and recordings as files named by the SHA-256 of their content: ``ab/abcdef…`` in the data folder.

A file is whole under its name or not there: it is written beside, verified, synced, renamed. What comes over the
network in parts waits in ``incoming`` and goes on where it stopped, also after a restart. Rows name files (``FIELDS``);
the row comes first, its file by a channel of its own.
"""

import contextlib
import hashlib
import os
import re
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from core.durable import make_folder, sync_folder
from core.language import mark
from core.records.errors import RecordsError, explained
from core.records.schema import Schema
from core.records.sql import query, quoted

FIELDS = ("file_sha256", "thumbnail_sha256")  # of any synced table; thumbnails travel first
INCOMING = "incoming"

_NAME = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20


class DamagedFile(RecordsError):  # noqa: N818 - said to a person
    words = mark("The file {path} is damaged: its content is not what its name says. It is being fetched again.")


class OutOfPlace(ValueError):  # noqa: N818 - names what is wrong, like LetGoError
    """A part that does not follow what is here. ``have``: bytes that are here; go on from there."""

    def __init__(self, have: int) -> None:
        super().__init__(f"go on at byte {have}")
        self.have = have


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that is here. ``size`` in bytes."""

    sha256: str
    size: int


def _unlimited(_bytes: int) -> None:
    return None


class FileStore:
    """The files of one terminal. May be used from any thread.

    ``admit`` is called with the bytes a file is about to have, and refuses by raising: a quota. Everything raises
    ``RecordsError`` for what a disk does, and ``ValueError`` for what is not a SHA-256 in small hexadecimal digits.
    """

    def __init__(self, folder: Path, admit: Callable[[int], None] = _unlimited) -> None:
        self.folder = folder
        self._admit = admit
        self._lock = threading.Lock()
        self._partials: dict[str, Partial] = {}

    def path(self, sha256: str) -> Path:
        """Where the file is, or would be."""
        _check_name(sha256)
        return self.folder / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def missing(self, wanted: Iterable[str]) -> list[str]:
        """Those of ``wanted`` that are not here, each once, in their order."""
        return [each for each in dict.fromkeys(wanted) if not self.has(each)]

    def all(self) -> Iterator[FileRef]:
        """Every file that is here, in the order of their names."""
        with self._explaining(self.folder):
            for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
                for path in sorted(folder.iterdir()):
                    if _NAME.fullmatch(path.name) and path.name.startswith(folder.name) and path.is_file():
                        yield FileRef(path.name, path.stat().st_size)

    def open(self, sha256: str) -> BinaryIO:
        """The file, to read. Raises ``NotThere``."""
        path = self.path(sha256)
        with self._explaining(path):
            return path.open("rb")

    def size(self, sha256: str) -> int:
        """In bytes. Raises ``NotThere``."""
        path = self.path(sha256)
        with self._explaining(path):
            return path.stat().st_size

    def verify(self, sha256: str) -> bool:
        """Whether the file that is here has the content its name says. Raises ``NotThere``."""
        path = self.path(sha256)
        with self._explaining(path), path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def set_aside(self, sha256: str) -> Path:
        """Take a damaged file out of the way, so that it counts as missing; returns where it is now."""
        path = self.path(sha256)
        aside = path.with_name(f"{sha256}.damaged-{uuid.uuid4().hex[:8]}")
        with self._explaining(path):
            path.rename(aside)
            sync_folder(path.parent)
        return aside

    def add(self, source: bytes | Path | BinaryIO) -> FileRef:
        """Keep a copy of ``source`` under the name of its content. One that is here already is kept once."""
        making = self._incoming() / f"{uuid.uuid4().hex}.new"
        with self._explaining(making):
            try:
                with making.open("xb") as file:
                    ref = self._copy(source, file)
                    file.flush()
                    os.fsync(file.fileno())
                self._keep(making, ref.sha256)
            finally:
                making.unlink(missing_ok=True)
        return ref

    def partial(self, sha256: str, size: int) -> "Partial":
        """The file that arrives in parts; ``size`` is what it will have. The same object while it is not finished."""
        path = self._incoming() / sha256
        _check_name(sha256)
        if size < 0:
            raise ValueError("a file has no size below nothing")
        with self._lock:
            found = self._partials.get(sha256)
            if found is None or found.expected != size:
                found = self._partials[sha256] = Partial(self, path, sha256, size)
            return found

    def clean(self) -> None:
        """Remove what an ended program left of files it was adding. Parts that arrive stay: they go on."""
        folder = self.folder / INCOMING
        with self._explaining(folder):
            for path in folder.glob("*.new"):
                path.unlink(missing_ok=True)

    def _incoming(self) -> Path:
        folder = self.folder / INCOMING
        with self._explaining(folder):
            make_folder(folder)
        return folder

    def _copy(self, source: bytes | Path | BinaryIO, target: BinaryIO) -> FileRef:
        if isinstance(source, Path):
            with source.open("rb") as opened:
                return self._copy(opened, target)
        digest, size = hashlib.sha256(), 0
        blocks = (source,) if isinstance(source, bytes) else iter(lambda: source.read(_BLOCK), b"")
        for block in blocks:
            self._admit(size + len(block))
            digest.update(block)
            target.write(block)
            size += len(block)
        return FileRef(digest.hexdigest(), size)

    def _keep(self, whole: Path, sha256: str) -> None:
        """Give a synced, verified file its name."""
        path = self.path(sha256)
        make_folder(path.parent)
        if path.is_file() and path.stat().st_size == whole.stat().st_size and self.verify(sha256):
            whole.unlink()
            return
        whole.replace(path)  # also over a damaged one
        sync_folder(path.parent)

    def _forget(self, sha256: str) -> None:
        with self._lock:
            self._partials.pop(sha256, None)

    @contextlib.contextmanager
    def _explaining(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            told = explained(error, path)
            if told is None:
                raise
            raise told from error


class Partial:
    """A file that arrives in parts, in order. What is here outlives the program, and is believed when it is whole."""

    def __init__(self, store: FileStore, path: Path, sha256: str, expected: int) -> None:
        self._store = store
        self._path = path
        self._sha256 = sha256
        self._lock = threading.Lock()
        self.expected = expected

    @property
    def have(self) -> int:
        """Bytes that are here: where to go on."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    @property
    def whole(self) -> bool:
        return self.have >= self.expected

    def append(self, offset: int, data: bytes) -> int:
        """Add a part that begins at ``offset``; returns the bytes that are here now. What is here already is skipped.

        Raises ``OutOfPlace`` for a part with a gap before it, or beyond the expected size.
        """
        with self._lock, self._store._explaining(self._path):
            have = self.have
            if offset < 0 or offset > have or offset + len(data) > self.expected:
                raise OutOfPlace(have)
            fresh = data[have - offset :]
            if fresh:
                self._store._admit(have + len(fresh))
                with self._path.open("ab") as file:
                    file.write(fresh)
            return max(have, offset + len(data))

    def finish(self) -> FileRef:
        """Verify and keep it. Raises ``OutOfPlace`` when parts are missing, ``DamagedFile`` when it is another file.

        A damaged one is dropped: it begins anew.
        """
        with self._lock, self._store._explaining(self._path):
            if self.expected == 0 and not self._path.exists():
                self._path.touch()
            have = self.have
            if have != self.expected:
                if have > self.expected:
                    self._path.unlink()
                raise OutOfPlace(self.have)
            with self._path.open("rb+") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
            if found != self._sha256:
                self._path.unlink()
                raise DamagedFile(self._path)
            self._store._keep(self._path, self._sha256)
            self._store._forget(self._sha256)
            return FileRef(self._sha256, have)

    def drop(self) -> None:
        """Let go of what is here: it begins anew."""
        with self._lock, self._store._explaining(self._path):
            self._path.unlink(missing_ok=True)


def named_files(connection: Connection, schema: Schema) -> dict[str, list[str]]:
    """The files that rows name: for each of ``FIELDS``, its different values. Hidden rows count: they can come back."""
    named: dict[str, dict[str, None]] = {field: {} for field in FIELDS}
    for info in schema.tables.values():
        for field in FIELDS:
            if field in info.fields:
                column = quoted(field)
                text = f"SELECT DISTINCT {column} FROM {quoted(info.name)} WHERE {column} IS NOT NULL ORDER BY {column}"
                named[field].update((row[0], None) for row in query(connection, text) if is_name(row[0]))
    return {field: list(found) for field, found in named.items()}


def is_name(text: object) -> bool:
    """Whether this names a file: SHA-256 in small hexadecimal digits."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


def _check_name(sha256: str) -> None:
    if not is_name(sha256):
        raise ValueError(f"{sha256!r:.80} is not a SHA-256")
