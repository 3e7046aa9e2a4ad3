"""``bayline backup`` and ``restore``: all records and files in one ZIP, as of one moment, while the terminals go on.

Inside: ``records.db`` (SQLite, whatever the records are kept in), ``files/<sha256>`` and ``manifest.json`` with the
hash of everything. No keys, no certificate, and not the site this terminal wrote under: who restores a backup begins a
log of its own, so that nothing written from then on can be taken for what was written here after the backup.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine

from core.durable import make_folder, sync_folder
from core.language import mark, tr
from core.records.copying import copy_rows, is_empty
from core.records.engines import SQLITE, Engines, open_engines, read_only
from core.records.errors import NewerSchema, RecordsError, explained
from core.records.files import FileStore, is_name
from core.records.migrating import REVISION, make, prepare, revision

FORMAT = 1
RECORDS = "records.db"
FILES = "files"
MANIFEST = "manifest.json"
IDENTITY = ("site", "terminal_id", "epochs")  # keys of local_state that are this terminal's own

_BLOCK = 1 << 20
# What zipfile raises for a damaged archive: nothing there, bad checksums, unknown methods, passwords.
_UNREADABLE = (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_MOST_MANIFEST = 256 * 1024 * 1024

Told = Callable[[str, int, int], None]  # the step in the user's words, what is done, what there is to do


class BackupDamaged(RecordsError):  # noqa: N818 - said to a person
    words = mark("The backup {path} cannot be used: {detail}. Nothing was changed.")


class NotEmpty(RecordsError):  # noqa: N818
    words = mark("There are records in {path} already, and a backup is not written over them.")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds. ``damaged``: files that were left out, since their content is not what their name says."""

    made_at: int  # UTC ms
    files: int
    size: int  # bytes of records and files
    damaged: tuple[str, ...] = ()


def _untold(_step: str, _done: int, _total: int) -> None:
    return None


# -- making one


def backup(place: Path | str, files: FileStore, target: Path, progress: Told = _untold) -> Summary:
    """Write the records at ``place`` and the ``files`` to ``target``, which only its owner may read.

    Nobody is held up meanwhile. Raises ``RecordsError``; then there is no ``target``, or the one from before.
    """
    beside = target.with_name(f".{target.name}.new")
    with _explaining(target), tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        copy = Path(folder) / RECORDS
        copy_records(place, copy, progress)
        try:
            beside.touch(mode=0o600)  # names, numbers and hashes of PINs
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                summary = _pack(archive, copy, files, progress)
            with beside.open("rb+") as file:
                _sync(file)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(target.parent)
    return summary


def copy_records(place: Path | str, copy: Path, progress: Told = _untold) -> None:
    """The records as of one moment in a file of their own, without what is this terminal's alone."""
    step = tr("Copying the records")
    progress(step, 0, 0)
    source = read_only(place)
    try:
        if source.dialect.name == SQLITE:
            # Not through the engine: VACUUM INTO writes another file, which a connection with query_only refuses to do.
            with contextlib.closing(sqlite3.connect(_uri(source), uri=True, timeout=10.0)) as raw:
                raw.execute("VACUUM INTO ?", (str(copy),))
        else:
            target = open_engines(copy)
            with contextlib.closing(target), source.connect() as reading, target.writer.begin() as writing:
                make(writing)
                copy_rows(reading, writing, lambda done, total: progress(step, done, total))
    finally:
        source.dispose()
    with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as raw:
        raw.execute(f"DELETE FROM local_state WHERE key IN ({', '.join('?' * len(IDENTITY))})", IDENTITY)
        raw.execute("PRAGMA journal_mode=DELETE")
        raw.execute("VACUUM")  # what was deleted is gone from the pages too


def _uri(source: Engine) -> str:
    return f"{Path(str(source.url.database)).absolute().as_uri()}?mode=ro"


def _pack(archive: zipfile.ZipFile, copy: Path, files: FileStore, progress: Told) -> Summary:
    made_at = time.time_ns() // 1_000_000
    held: dict[str, int] = {}
    damaged: list[str] = []
    step = tr("Packing the records")
    records = _add(archive, RECORDS, copy.open("rb"), lambda done: progress(step, done, copy.stat().st_size))
    found = list(files.all())
    total, done = sum(each.size for each in found), 0
    step = tr("Packing the files")
    for each in found:
        done += each.size
        if not files.verify(each.sha256):  # before it is packed: nothing can be taken out of an archive again
            damaged.append(each.sha256)
            continue
        name = f"{FILES}/{each.sha256}"
        _add(archive, name, files.open(each.sha256), lambda _done: None, zipfile.ZIP_STORED)
        held[each.sha256] = each.size
        progress(step, done, total)
    size = copy.stat().st_size
    manifest = {
        "format": FORMAT,
        "schema": REVISION,
        "made_at": made_at,
        "records": {"sha256": records, "size": size},
        "files": held,
        "damaged": damaged,
    }
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return Summary(made_at, len(held), size + sum(held.values()), tuple(damaged))


def _add(
    archive: zipfile.ZipFile,
    name: str,
    source: BinaryIO,
    told: Callable[[int], None],
    compression: int = zipfile.ZIP_DEFLATED,
) -> str:
    """Pack a file; its SHA-256."""
    info = zipfile.ZipInfo(name, time.gmtime()[:6])
    info.compress_type = compression
    info.external_attr = 0o600 << 16
    digest, done = hashlib.sha256(), 0
    with source, archive.open(info, "w", force_zip64=True) as packed:
        while block := source.read(_BLOCK):
            digest.update(block)
            packed.write(block)
            done += len(block)
            told(done)
    return digest.hexdigest()


# -- reading one


def restore(file: Path, home: Path, progress: Told = _untold, *, place: Path | str | None = None) -> Summary:
    """Put the records and files of a backup into ``home``, where no records may be yet.

    ``place``: where the records go when not into the home: an SQLAlchemy URL. Everything is checked before anything is
    written, and the records come last. The home is no terminal yet: it joins or founds anew. Raises ``RecordsError``.
    """
    target = place if place is not None else home / RECORDS
    with _explaining(file), _opened(file) as archive:
        manifest = _manifest(archive, file)
        _check(archive, manifest, file, progress)
        if isinstance(target, Path) and target.exists():
            raise NotEmpty(target)
        with _explaining(home):
            make_folder(home)
            with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as folder:
                copy = Path(folder) / RECORDS
                _unpack(archive, RECORDS, copy)
                _check_records(copy, file)
                _restore_files(archive, manifest, FileStore(home / FILES), progress)
                progress(tr("Restoring the records"), 0, 0)
                _put(copy, target)
    return _summary(manifest)


def _put(copy: Path, target: Path | str) -> None:
    if isinstance(target, Path):
        with copy.open("rb+") as opened:
            _sync(opened)
        for left in ("-wal", "-shm"):  # of records that are gone; SQLite would take the log for the new file's
            target.with_name(target.name + left).unlink(missing_ok=True)
        copy.replace(target)
        sync_folder(target.parent)
        return
    with contextlib.closing(open_engines(copy)) as source:
        prepare(source)  # a backup of an older version is brought up to date before it is copied row by row
        with contextlib.closing(open_engines(target)) as engines:
            prepare(engines)
            _fill(source, engines)


def _fill(source: Engines, target: Engines) -> None:
    with source.reader.connect() as reading, target.writer.begin() as writing:
        if not is_empty(writing):
            raise NotEmpty(target.place)
        writing.exec_driver_sql("DELETE FROM local_state")
        copy_rows(reading, writing)


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(file)
        if any(each.header_offset < 0 for each in archive.infolist()):  # zipfile would ask the file for such a place
            archive.close()
            raise zipfile.BadZipFile("an entry before the beginning")
        return archive
    except zipfile.BadZipFile as error:
        raise BackupDamaged(file, tr("it is not a backup, or its end is missing")) from error


def _manifest(archive: zipfile.ZipFile, file: Path) -> dict[str, Any]:
    try:
        if archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
            raise BackupDamaged(file, tr("its list of contents is damaged"))
        manifest = json.loads(archive.read(MANIFEST))
        names, records = manifest["files"], manifest["records"]
        valid = all(is_name(name) and isinstance(size, int) for name, size in names.items())
        if not valid or not is_name(records["sha256"]) or not isinstance(manifest["made_at"], int):
            raise ValueError("names and numbers")
        newer = manifest["format"] > FORMAT or int(manifest["schema"]) > int(REVISION)
    except (*_UNREADABLE, ValueError, TypeError, AttributeError) as error:
        raise BackupDamaged(file, tr("its list of contents is damaged")) from error
    if newer:
        raise NewerSchema(file, tr("version {found}, here is {ours}", found=manifest["schema"], ours=REVISION))
    return dict(manifest)


def _check(archive: zipfile.ZipFile, manifest: dict[str, Any], file: Path, progress: Told) -> None:
    """Read everything once and compare its hash: a backup is believed as a whole or not at all."""
    wanted = {RECORDS: manifest["records"]["sha256"]}
    wanted.update((f"{FILES}/{name}", name) for name in manifest["files"])
    step, total = tr("Checking the backup"), len(wanted)
    for done, (name, sha256) in enumerate(wanted.items(), start=1):
        try:
            with archive.open(name) as packed:
                found = _hash(packed)
        except _UNREADABLE as error:
            raise BackupDamaged(file, tr("{name} in it is missing or damaged", name=name)) from error
        if found != sha256:
            raise BackupDamaged(file, tr("{name} in it is missing or damaged", name=name))
        progress(step, done, total)


def _hash(packed: Any) -> str:
    digest = hashlib.sha256()
    while block := packed.read(_BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _check_records(copy: Path, file: Path) -> None:
    with contextlib.closing(sqlite3.connect(copy)) as raw:
        try:
            if raw.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise BackupDamaged(file, tr("the records in it are damaged"))
        except sqlite3.DatabaseError as error:
            raise BackupDamaged(file, tr("the records in it are damaged")) from error
    with contextlib.closing(open_engines(copy)) as engines, engines.reader.connect() as connection:
        if revision(connection, file) is None:
            raise BackupDamaged(file, tr("there are no records in it"))


def _restore_files(archive: zipfile.ZipFile, manifest: dict[str, Any], files: FileStore, progress: Told) -> None:
    step, total, done = tr("Restoring the files"), sum(manifest["files"].values()), 0
    for name, size in manifest["files"].items():
        if not files.has(name):
            with archive.open(f"{FILES}/{name}") as packed:
                files.add(packed)  # type: ignore[arg-type] # read() is all it takes
        done += size
        progress(step, done, total)


def _unpack(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    with archive.open(name) as packed, target.open("xb") as file:
        while block := packed.read(_BLOCK):
            file.write(block)


def _summary(manifest: dict[str, Any]) -> Summary:
    size = manifest["records"]["size"] + sum(manifest["files"].values())
    return Summary(manifest["made_at"], len(manifest["files"]), size, tuple(manifest.get("damaged", ())))


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextlib.contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except RecordsError:
        raise
    except Exception as error:
        told = explained(error, path)
        if told is None:
            raise
        raise told from error
