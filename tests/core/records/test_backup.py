"""A backup is everything as of one moment in one file; what is read back is all of it, or nothing and a reason."""

import contextlib
import json
import shutil
import sqlite3
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from core.records.backup import BackupDamaged, NotEmpty, backup, restore
from core.records.errors import NewerSchema, NotThere
from core.records.files import FileStore
from core.records.records import Records
from core.vehicles.models import Document, OdometerReading, Vehicle
from tests.core.records.postgres import Cluster

PHOTO = bytes(range(256)) * 1000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def files(home: Path) -> FileStore:
    return FileStore(home / "files")


@pytest.fixture
def records(place: Path | str, files: FileStore) -> Iterator[Records]:
    """A workshop with a vehicle, a document whose file is here, and a past."""
    opened = Records.open(place)
    vehicle = Vehicle(plate="B-MW 123", make="Honda")
    opened.change("staff:anna", lambda session: session.add(vehicle))
    sha = files.add(PHOTO).sha256
    opened.change(
        "staff:anna",
        lambda session: session.add_all(
            [Document(vehicle_id=vehicle.id, file_sha256=sha), OdometerReading(vehicle_id=vehicle.id, value=90_000)]
        ),
    )
    opened.join("0" * 8)
    yield opened
    opened.close()


def test_what_is_restored_is_what_was_there(
    records: Records, place: Path | str, files: FileStore, home: Path, tmp_path: Path
) -> None:
    steps: list[str] = []
    made = backup(place, files, tmp_path / "w.backup", lambda step, _done, _total: steps.append(step))
    assert (made.files, made.damaged) == (1, ())
    assert {"Copying the records", "Packing the files"} <= set(steps)
    there = tmp_path / "other"
    assert restore(tmp_path / "w.backup", there).files == 1
    again = Records.open(there / "records.db")
    assert again.digests() == records.digests()
    assert again.vector() == records.vector()
    with again.read() as session:
        assert [hit.table for hit in again.search.find(session, "bmw123")] == ["vehicles"]
    assert [each.sha256 for each in FileStore(there / "files").all()] == [each.sha256 for each in files.all()]
    again.close()


def test_the_restored_terminal_is_another_one_with_a_log_of_its_own(
    records: Records, place: Path | str, files: FileStore, home: Path, tmp_path: Path
) -> None:
    (home / "identity").mkdir()
    (home / "identity" / "device.key").write_bytes(b"a very secret key")
    backup(place, files, tmp_path / "w.backup")
    raw = b"".join(zipfile.ZipFile(tmp_path / "w.backup").read(name) for name in _names(tmp_path / "w.backup"))
    assert b"a very secret key" not in raw
    restore(tmp_path / "w.backup", tmp_path / "other")
    again = Records.open(tmp_path / "other" / "records.db")
    assert again.site != records.site
    assert again.terminal_id == ""
    again.change("staff:ben", lambda session: session.add(Vehicle(plate="HH-A 1")))
    assert again.vector()[again.site] == {"shop": 1}
    assert again.vector()[records.site] == records.vector()[records.site]
    again.apply(records.page(again.vector()).transactions)
    records.apply(again.page(records.vector()).transactions)  # what both wrote comes together
    assert again.digests() == records.digests()
    again.close()


def _names(file: Path) -> list[str]:
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


def test_a_backup_while_somebody_writes_is_of_one_moment(
    records: Records, place: Path | str, files: FileStore, tmp_path: Path
) -> None:
    """Each change adds a vehicle and its reading: a backup that has one without the other is torn."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            records.change("staff:anna", lambda session: session.add_all([Vehicle(), OdometerReading()]))

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for number in range(3):
            backup(place, files, tmp_path / f"{number}.backup")
    finally:
        stop.set()
        writing.join()
    for number in range(3):
        restore(tmp_path / f"{number}.backup", tmp_path / f"home{number}")
        with contextlib.closing(Records.open(tmp_path / f"home{number}" / "records.db")) as again:
            with again.read() as session:
                vehicles = session.execute(text("SELECT count(*) FROM vehicles")).scalar_one()
                readings = session.execute(text("SELECT count(*) FROM odometer_readings")).scalar_one()
                logged = session.execute(text("SELECT count(*) FROM transactions")).scalar_one()
            assert vehicles == readings
            assert logged == vehicles + 1  # the first two are of the fixture, with one vehicle and one reading


def test_a_backup_of_a_file_goes_into_a_server_and_back(
    tmp_path: Path, files: FileStore, empty_postgresql_url: str, cluster: Cluster
) -> None:
    first = Records.open(tmp_path / "records.db")
    first.change("staff:anna", lambda session: session.add(Vehicle(plate="B-MW 123")))
    backup(tmp_path / "records.db", files, tmp_path / "w.backup")
    restore(tmp_path / "w.backup", tmp_path / "hub", place=empty_postgresql_url)
    hub = Records.open(empty_postgresql_url)
    assert (hub.digests(), hub.vector()) == (first.digests(), first.vector())
    hub.change("staff:anna", lambda session: session.add(Vehicle(plate="B-MW 124")))
    with hub.read() as session:
        assert len(hub.search.find(session, "bmw12")) == 2
    with pytest.raises(NotEmpty):
        restore(tmp_path / "w.backup", tmp_path / "hub", place=empty_postgresql_url)
    hub.close()
    first.close()


def test_only_the_owner_may_read_a_backup(
    records: Records, place: Path | str, files: FileStore, tmp_path: Path
) -> None:
    backup(place, files, tmp_path / "w.backup")
    assert (tmp_path / "w.backup").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({"home", "w.backup", *_own(place)})


def _own(place: Path | str) -> set[str]:
    return {"records.db", "records.db-wal", "records.db-shm"} if isinstance(place, Path) else set()


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A backup with one vehicle and one file."""
    store = FileStore(tmp_path / "source")
    store.add(PHOTO)
    with contextlib.closing(Records.open(tmp_path / "source.db")) as opened:
        opened.change("staff:anna", lambda session: session.add(Vehicle(plate="B-MW 123")))
        backup(tmp_path / "source.db", store, tmp_path / "w.backup")
    return tmp_path / "w.backup"


def test_a_damaged_file_is_left_out_and_said(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "source")
    sha = store.add(PHOTO).sha256
    store.path(sha).write_bytes(b"rotten")
    Records.open(tmp_path / "source.db").close()
    assert backup(tmp_path / "source.db", store, tmp_path / "w.backup").damaged == (sha,)
    assert restore(tmp_path / "w.backup", tmp_path / "other").damaged == (sha,)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_backup_that_was_cut_off_is_refused(packed: Path, tmp_path: Path, share: float) -> None:
    packed.write_bytes(packed.read_bytes()[: int(packed.stat().st_size * share)])
    with pytest.raises(BackupDamaged, match="Nothing was changed"):
        restore(packed, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_backup_with_one_wrong_byte_is_refused_or_whole(packed: Path, tmp_path: Path) -> None:
    good = packed.read_bytes()
    restore(packed, tmp_path / "good")
    with contextlib.closing(Records.open(tmp_path / "good" / "records.db")) as right:
        digests = right.digests()
    for number, at in enumerate(range(0, len(good), max(1, len(good) // 60))):
        bad = bytearray(good)
        bad[at] ^= 0x55
        packed.write_bytes(bad)
        home = tmp_path / f"bad{number}"
        try:
            restore(packed, home)
        except (BackupDamaged, NewerSchema):
            assert not home.exists()
        else:  # a time, a flag: nothing that counts
            with contextlib.closing(Records.open(home / "records.db")) as found:
                assert found.digests() == digests


def test_a_newer_backup_is_refused(packed: Path, tmp_path: Path) -> None:
    _rewritten(packed, schema="0999")
    with pytest.raises(NewerSchema, match="Update this terminal"):
        restore(packed, tmp_path / "other")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("files", [{"../../x": 1}, {"/etc/passwd": 1}, [], None, {"a" * 64: "1"}, {"a" * 64: 1}])
def test_a_list_of_contents_from_elsewhere_leads_nowhere(packed: Path, tmp_path: Path, files: object) -> None:
    _rewritten(packed, files=files)
    with pytest.raises(BackupDamaged):
        restore(packed, tmp_path / "other")
    assert not (tmp_path / "other").exists()


def _rewritten(file: Path, **changed: object) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), **changed}).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_records_that_are_there_are_never_written_over(packed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with contextlib.closing(Records.open(home / "records.db")) as opened:
        opened.change("staff:ben", lambda session: session.add(Vehicle(plate="HH-A 1")))
        before = opened.digests()
    with pytest.raises(NotEmpty, match="not written over"):
        restore(packed, home)
    with contextlib.closing(Records.open(home / "records.db")) as opened:
        assert opened.digests() == before


def test_a_log_that_was_left_by_other_records_does_not_get_into_the_restored_ones(packed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    raw = sqlite3.connect(tmp_path / "old.db")
    raw.executescript("PRAGMA journal_mode=WAL; CREATE TABLE a (b); INSERT INTO a VALUES (1);")
    shutil.copy(tmp_path / "old.db-wal", home / "records.db-wal")
    raw.close()
    restore(packed, home)
    with contextlib.closing(Records.open(home / "records.db")) as opened:
        assert opened.digests()["vehicles"][0] == 1


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotThere):
        restore(tmp_path / "none.backup", tmp_path / "home")
    with pytest.raises(NotThere):
        backup(tmp_path / "none.db", FileStore(tmp_path / "files"), tmp_path / "w.backup")
    Records.open(tmp_path / "records.db").close()
    with pytest.raises(NotThere):
        backup(tmp_path / "records.db", FileStore(tmp_path / "files"), tmp_path / "no" / "w.backup")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records.db"]
