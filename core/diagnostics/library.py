"""The recordings of this terminal: listed, played, checked, deleted, and saved from what a crash left behind.

Nothing is deleted by age. A recording is its folder in ``home/recordings`` and the chunks it names in ``home/files``.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from core.diagnostics import journal
from core.diagnostics.chunks import Chunk, ChunkBuilder, ChunkDamaged, ChunkFiles, Event, Row
from core.diagnostics.files import (
    LEAVING,
    FolderLock,
    NoticeKind,
    StorageNotice,
    notice_of,
    remove_folder,
    retire_folder,
    set_aside,
)
from core.diagnostics.playback import Playback
from core.diagnostics.profiles import ProfileError, ProfileStore, VehicleProfile, id_of
from core.diagnostics.session import INDEX, JOURNAL, ChunkEntry, IndexDamaged, SessionIndex
from core.diagnostics.timeline import Timeline
from core.diagnostics.verification import Report, verify
from core.language import tr


class RecordingMissing(LookupError):  # noqa: N818 - reads like core.obd.signals.UnknownSignal
    """There is no such recording; the message says so in words."""


class RecordingBusy(RuntimeError):  # noqa: N818
    """The recording is being made and cannot be deleted; the message says so in words."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a list shows of a recording. ``duration`` in seconds, ``size`` in bytes on the disk."""

    id: str
    vehicle: str  # name, else VIN, else that it is unknown
    vin: str
    started: datetime  # UTC
    duration: float
    size: int
    signals: tuple[str, ...]
    running: bool  # being recorded now
    frames: int  # raw CAN frames, for an export as ASC or BLF

    @classmethod
    def of(cls, index: SessionIndex) -> "Recorded":
        vehicle = index.meta.vehicle or index.meta.vin or tr("Unknown vehicle")
        return cls(
            index.id, vehicle, index.meta.vin, index.started, index.duration, index.size, index.signals,
            not index.closed, index.count("frame"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes: of all recordings, by recording, and what the disk has left."""

    total: int
    sessions: Mapping[str, int]
    free: int


class RecordingLibrary:
    """Every method may be called from any thread. ``on_notice`` hears of damaged files.

    With ``profiles`` a recording is played with its vehicle's own limits, layout and units.
    """

    def __init__(
        self,
        home: Path,
        *,
        profiles: ProfileStore | None = None,
        on_notice: Callable[[StorageNotice], None] | None = None,
    ) -> None:
        self._home = home
        self._folder = home / "recordings"
        self._files = ChunkFiles(home)
        self._profiles = profiles
        self._on_notice = on_notice

    # --- looking

    def list(self) -> tuple[Recorded, ...]:
        """All recordings, the newest first; the one being made is among them, as far as it is on the disk."""
        found = [self._label(folder) for folder in self._folders()]
        return tuple(
            sorted((one for one in found if one is not None), key=lambda one: (one.started, one.id), reverse=True)
        )

    def _label(self, folder: Path) -> Recorded | None:
        try:
            index = self._index(folder)
        except RecordingMissing:
            return None
        label = Recorded.of(index)
        label = replace(label, vehicle=self._name_of(label.vin) or label.vehicle)
        try:
            open_end = (folder / JOURNAL).stat()
        except OSError:
            return label
        until = open_end.st_mtime - index.start_utc_ms / 1000
        return replace(label, size=label.size + open_end.st_size, duration=max(label.duration, until))

    def _name_of(self, vin: str) -> str:
        """What the vehicle is called today: it may have been named only after it was recorded."""
        if self._profiles is None or not vin:
            return ""
        try:
            return self._profiles.load(id_of(vin)).name
        except ProfileError:
            return ""

    def session(self, id: str) -> SessionIndex:
        """The index of a recording. Raises ``RecordingMissing``."""
        return self._index(self._path(id))

    def usage(self) -> Usage:
        """How much room the recordings take, and how much is left."""
        sizes = {one.id: one.size for one in self.list()}
        there = next(folder for folder in (self._folder, *self._folder.parents) if folder.exists())
        return Usage(sum(sizes.values()), sizes, shutil.disk_usage(there).free)

    # --- reading

    def open(self, id: str, *, by_hand: bool = False) -> Playback:
        """Play a recording; ``by_hand`` as in ``Playback``. Of one being made, what is on the disk.

        Raises ``RecordingMissing``.
        """
        index, tail = self._with_tail(id)
        timeline = Timeline(index.chunks, lambda entry: self._chunk(entry, tail), believe_all=not index.count("values"))
        return Playback(index, timeline, self._profile_of(index), by_hand=by_hand)

    def events(self, id: str, *, on_damaged: Callable[[str], None] | None = None) -> Iterator[Event]:
        """Everything recorded, in order. Raises ``RecordingMissing``.

        A part that cannot be read is told to ``on_damaged`` in words and left out, or without it raises
        ``ChunkDamaged``.
        """
        index, tail = self._with_tail(id)
        for entry in index.chunks:
            try:
                chunk = self._chunk(entry, tail)
            except ChunkDamaged as error:
                if on_damaged is None:
                    raise
                on_damaged(str(error))
            else:
                yield from chunk.events()

    def verify(self, id: str) -> Report:
        """Check every byte, and decode every raw reply again. Raises ``RecordingMissing``."""
        folder = self._path(id)
        problems = []
        if self._files_changed(folder):
            problems.append(tr("the list of parts was changed or cannot be read"))
        index, tail = self._with_tail(id)
        return verify(index, lambda entry: self._chunk(entry, tail), problems)

    def _files_changed(self, folder: Path) -> bool:
        try:
            SessionIndex.load(folder)
        except (IndexDamaged, OSError):
            return True
        return False

    def _profile_of(self, index: SessionIndex) -> VehicleProfile:
        if self._profiles is not None:
            return self._profiles.for_vin(index.meta.vin)
        return VehicleProfile(id_of(index.meta.vin), index.meta.vin, index.meta.vehicle)

    def _chunk(self, entry: ChunkEntry, tail: Chunk | None) -> Chunk:
        if not entry.sha256 and tail is not None:
            return tail
        return Chunk.from_bytes(self._files.get(entry.sha256))

    def _with_tail(self, id: str) -> tuple[SessionIndex, Chunk | None]:
        """The index, with what is still in the journal as a last entry without a file."""
        folder = self._path(id)
        for _ in range(3):  # the journal may become a chunk between the two looks
            index = self._index(folder)
            if index.closed or not (folder / JOURNAL).exists():
                return index, None
            try:
                head, rows, _ = journal.read(folder / JOURNAL)
            except OSError:
                continue
            if rows and _is_next(index, head):
                tail = _builder_of(rows).chunk(head)
                return replace(index, chunks=(*index.chunks, ChunkEntry.of("", 0, tail.head))), tail
        return index, None

    # --- deleting

    def delete(self, id: str) -> None:
        """Remove a recording for good. Raises ``RecordingMissing``, ``RecordingBusy``, ``OSError``."""
        folder = self._path(id)
        self._index(folder)
        lock = FolderLock(folder)
        if not lock.take():
            raise RecordingBusy(tr("This recording is being made. End it first, then delete it."))
        lock.release()
        self._purge(retire_folder(folder))

    def _purge(self, leaving: Path) -> None:
        try:
            index = SessionIndex.load(leaving)
        except (IndexDamaged, OSError):
            index = None
        for entry in index.chunks if index else ():
            self._files.path(entry.sha256).unlink(missing_ok=True)
        shutil.rmtree(leaving)

    # --- after a crash

    def recover(self) -> tuple[str, ...]:
        """Turn journals that a crash left behind into chunks, and finish deletions it interrupted.

        For the start of the program. Returns the ids of the recordings that were saved. A disk that refuses is said
        through ``on_notice``; what it holds is tried again at the next start.
        """
        saved = []
        for leaving in self._folder.glob(f"{LEAVING}*"):
            with self._refusals_said(leaving):
                self._purge(leaving)
        for folder in self._folders():
            with self._refusals_said(folder):
                if self._recover(folder):
                    saved.append(folder.name)
        return tuple(saved)

    @contextmanager
    def _refusals_said(self, folder: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if self._on_notice is not None:
                self._on_notice(notice_of(error, folder))

    def _recover(self, folder: Path) -> bool:
        if not (folder / JOURNAL).exists() and self._is_closed(folder):
            return False
        lock = FolderLock(folder)
        if not lock.take():
            return False  # it is being recorded
        try:
            saved = self._close(folder)
        finally:
            lock.release()
        if not saved:
            remove_folder(folder)  # it was cut before anything was recorded
        return saved

    def _is_closed(self, folder: Path) -> bool:
        try:
            return self._index(folder).closed
        except RecordingMissing:
            return False

    def _close(self, folder: Path) -> bool:
        """Make the session whole; False when there is nothing in it."""
        try:
            index = self._index(folder)
        except RecordingMissing:
            index = None
        head, rows, _ = journal.read(folder / JOURNAL) if (folder / JOURNAL).exists() else ({}, [], 0)
        if index is None or (not index.chunks and not rows):
            return False
        if rows and _is_next(index, head):
            data, full = _builder_of(rows).encode(head)
            index = replace(index, chunks=(*index.chunks, ChunkEntry.of(self._files.put(data), len(data), full)))
        replace(index, closed=True).save(folder)
        (folder / JOURNAL).unlink(missing_ok=True)
        return True

    # --- the index, also when it is lost

    def _folders(self) -> tuple[Path, ...]:
        if not self._folder.is_dir():
            return ()
        return tuple(path for path in self._folder.iterdir() if path.is_dir() and not path.name.startswith("."))

    def _path(self, id: str) -> Path:
        folder = self._folder / id
        if not id or folder.parent != self._folder or id.startswith(".") or not folder.is_dir():
            raise RecordingMissing(tr("There is no recording “{id}”.", id=id))
        return folder

    def _index(self, folder: Path) -> SessionIndex:
        """The index, made again from the chunks and the journal when it is damaged or gone."""
        try:
            return SessionIndex.load(folder)
        except (IndexDamaged, OSError) as error:
            index = self._rebuilt(folder)
            if index is None:
                raise RecordingMissing(
                    tr("The recording “{id}” cannot be read: {why}.", id=folder.name, why=error)
                ) from error
            self._keep_damaged(folder, str(error))
            with suppress(OSError):  # it can be made again next time
                index.save(folder)
            return index

    def _rebuilt(self, folder: Path) -> SessionIndex | None:
        index: SessionIndex | None = None
        entries: dict[int, ChunkEntry] = {}
        with suppress(OSError, KeyError, TypeError, ValueError):
            index = SessionIndex.of_head(journal.read(folder / JOURNAL)[0])
        for sha256, size, head in self._files.heads():
            if head.get("session") != folder.name:
                continue
            with suppress(KeyError, TypeError, ValueError):
                entry = ChunkEntry.of(sha256, size, head)
                index = index or SessionIndex.of_head(head)
                known = entries.get(entry.seq)
                if (
                    known is None or known.last < entry.last
                ):  # a cut between chunk and index can leave two of one number
                    entries[entry.seq] = entry
        return replace(index, chunks=tuple(entries[seq] for seq in sorted(entries))) if index else None

    def _keep_damaged(self, folder: Path, why: str) -> None:
        if not (folder / INDEX).exists():
            return
        with suppress(OSError):
            aside = set_aside(folder / INDEX)
            if self._on_notice is not None:
                self._on_notice(StorageNotice(NoticeKind.DAMAGED, aside, why))


def _is_next(index: SessionIndex, head: Mapping[str, object]) -> bool:
    """Whether the journal with that head is not yet among the chunks: a cut may fall between chunk and new journal."""
    return head.get("seq") not in {entry.seq for entry in index.chunks}


def _builder_of(rows: Sequence[Row]) -> ChunkBuilder:
    builder = ChunkBuilder()
    for row in rows:
        builder.add(row)
    return builder
