"""What a disk, a person or a power cut does to a database: said in words, and nothing that was acknowledged is lost."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.records import engines as engines_module
from core.records.checking import check
from core.records.engines import open_engines, read_only
from core.records.errors import Busy, Corrupt, DiskFull, NoServer, NotThere, ReadOnly, RecordsError, explained
from core.records.files import FileStore
from core.records.records import Records
from core.vehicles.models import Vehicle

REPOSITORY = Path(__file__).parents[3]


def _add(records: Records, plate: str) -> None:
    records.change("staff:anna", lambda session: session.add(Vehicle(plate=plate)))


def _plates(records: Records) -> set[str]:
    with records.read() as session:
        return set(session.execute(text("SELECT plate FROM vehicles")).scalars())


# -- one writer


def test_readers_can_neither_write_nor_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    with contextlib.closing(Records.open(path)) as records:
        _add(records, "B-MW 1")
        before = path.read_bytes(), path.with_name("records.db-wal").read_bytes()
        with records.engines.reader.connect() as connection:
            for statement in ("INSERT INTO local_state VALUES ('a', 'b')", "CREATE TABLE a (b)", "DROP TABLE sites"):
                with pytest.raises(DBAPIError):
                    connection.exec_driver_sql(statement)
            connection.rollback()
            with contextlib.suppress(DBAPIError):
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        assert (path.read_bytes(), path.with_name("records.db-wal").read_bytes()) == before
    assert not path.with_name("records.db-wal").exists()  # the writer was the last one out


def test_the_writer_has_one_connection_and_every_commit_reaches_the_disk(tmp_path: Path) -> None:
    engines = open_engines(tmp_path / "records.db")
    with engines.writer.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
        assert asked == {"journal_mode": "wal", "synchronous": 2}
        assert engines.writer.pool.checkedout() == 1  # type: ignore[attr-defined]
        assert engines.writer.pool.size() == 1  # type: ignore[attr-defined]
    engines.close()


def test_readers_see_one_moment_while_the_writer_goes_on(place: Path | str) -> None:
    with contextlib.closing(Records.open(place)) as records:
        _add(records, "B-MW 1")
        with records.read() as session:
            assert session.execute(text("SELECT count(*) FROM vehicles")).scalar() == 1
            _add(records, "B-MW 2")
            assert session.execute(text("SELECT count(*) FROM vehicles")).scalar() == 1
        assert len(_plates(records)) == 2


def test_many_readers_beside_a_busy_writer_leave_a_whole_file(tmp_path: Path) -> None:
    """The pattern of SQLite's WAL-reset bug, with the one writer that avoids it."""
    path = tmp_path / "records.db"
    stop = threading.Event()
    faults: list[BaseException] = []
    with contextlib.closing(Records.open(path)) as records:

        def look() -> None:
            try:
                while not stop.is_set():
                    _plates(records)
            except Exception as error:  # noqa: BLE001 - told by the test's own thread
                faults.append(error)

        looking = [threading.Thread(target=look) for _ in range(4)]
        for each in looking:
            each.start()
        for number in range(150):
            _add(records, f"B-MW {number}")
        stop.set()
        for each in looking:
            each.join()
    assert faults == []
    report = check(path, FileStore(tmp_path / "files"))
    assert (report.ok, report.tables["vehicles"][0]) == (True, 150)


# -- a power cut

WRITING = """
import sys, core.models
from core.records.records import Records
from core.vehicles.models import Vehicle
records = Records.open(sys.argv[1])
number = 0
while True:
    number += 1
    records.change("staff:anna", lambda session: session.add(Vehicle(plate=f"B-MW {number}")))
    print(f"B-MW {number}", flush=True)
"""


@pytest.mark.parametrize("first", ["reader", "writer"])
def test_what_was_acknowledged_is_there_after_a_kill(place: Path | str, tmp_path: Path, first: str) -> None:
    told: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-c", WRITING, str(place)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as writing:
        assert writing.stdout is not None
        while len(told) < 25:
            told.append(writing.stdout.readline().strip())
            assert told[-1], "the program ended by itself"
        os.kill(writing.pid, signal.SIGKILL)
        told += [line.strip() for line in writing.stdout if line.endswith("\n")]
    if first == "reader":  # `bayline check`, before the terminal is started again
        report = check(place, FileStore(tmp_path / "files"))
        assert report.ok
        assert report.tables["vehicles"][0] >= len(told)
    with contextlib.closing(Records.open(place)) as records:
        assert set(told) <= _plates(records)
        _add(records, "B-MW 0")
    assert check(place, FileStore(tmp_path / "files")).ok


# -- a disk

FULL = """
import os, sys, core.models
from pathlib import Path
from sqlalchemy import text
from core.records.checking import check
from core.records.errors import DiskFull
from core.records.files import FileStore
from core.records.records import Records
from core.vehicles.models import Vehicle
home = Path(sys.argv[1])
ballast = home / "ballast"
ballast.write_bytes(bytes(400_000))
records, files = Records.open(home / "records.db"), FileStore(home / "files")
kept, words = 0, []
for _ in range(3000):
    try:
        records.change("staff:anna", lambda session: session.add(Vehicle(notes="x" * 500)))
        kept += 1
    except DiskFull as error:
        words.append(str(error))
        if len(words) == 3:
            break
try:
    files.add(b"x" * 1_000_000)
except DiskFull as error:
    words.append(str(error))
def count():
    with records.read() as session:
        return session.execute(text("SELECT count(*) FROM vehicles")).scalar()
assert count() == kept, "what is there can be read"
ballast.unlink()
records.change("staff:anna", lambda session: session.add(Vehicle()))
assert count() == kept + 1, "and it goes on when there is room"
records.close()
assert check(home / "records.db", files).ok
assert list(files.all()) == []
print(kept, len(words), words[0])
"""


def _in_a_small_disk(code: str, folder: Path, size: str) -> "subprocess.CompletedProcess[str]":
    """Run a program with a file system of ``size`` on ``folder``, which only it sees."""
    command = f'mount -t tmpfs -o size={size} tmpfs "{folder}" && exec "{sys.executable}" -c "$CODE" "{folder}"'
    flags = "-m" if os.geteuid() == 0 else "-rm"
    probe = subprocess.run(
        ["unshare", flags, "sh", "-c", f'mount -t tmpfs tmpfs "{folder}"'], capture_output=True, text=True, check=False
    )
    if probe.returncode:
        pytest.skip(f"no file system can be mounted here: {probe.stderr.strip()}")
    environment = {**os.environ, "CODE": code, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        ["unshare", flags, "sh", "-c", command],
        capture_output=True, text=True, timeout=120, check=False, cwd=REPOSITORY, env=environment,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="small disks are made with Linux's unshare and tmpfs")
def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    ended = _in_a_small_disk(FULL, tmp_path, "4M")
    assert ended.returncode == 0, ended.stderr
    kept, words, said = ended.stdout.split(" ", 2)
    assert int(kept) > 10
    assert int(words) == 4
    assert said.startswith("The disk is full, so this was not kept. Nothing that was kept before is lost.")


FULL_UPGRADE = """
import os, sys, core.models
from pathlib import Path
from sqlalchemy import text
from core.records.engines import open_engines
from core.records.errors import DiskFull
from core.records.migrating import prepare, revision
home = Path(sys.argv[1])
engines = open_engines(home / "records.db")
prepare(engines)
with engines.writer.begin() as connection:
    connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
room = os.statvfs(home)
(home / "ballast").write_bytes(bytes(room.f_bavail * room.f_frsize - 100_000))
try:
    prepare(engines, upgrade=lambda connection: print("upgraded without a copy"))
except DiskFull:
    print("refused")
with engines.reader.connect() as connection:
    print(revision(connection, home))
print(sorted(path.name for path in home.iterdir() if "upgrade" in path.name))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="small disks are made with Linux's unshare and tmpfs")
def test_without_room_for_a_copy_nothing_is_upgraded(tmp_path: Path) -> None:
    ended = _in_a_small_disk(FULL_UPGRADE, tmp_path, "4M")
    assert ended.stdout.split("\n")[:3] == ["refused", "0000", "[]"], ended.stderr


READ_ONLY = """
import os, sys, core.models
from pathlib import Path
from core.records.errors import ReadOnly
from core.records.records import Records
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    Records.open(Path(sys.argv[1]))
except ReadOnly as error:
    print(error)
"""


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user may look into: pytest's own is closed to those who have no rights at all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.parametrize("new", [True, False], ids=["new", "existing"])
def test_a_folder_that_may_not_be_written_is_said(public_folder: Path, new: bool) -> None:
    path = public_folder / "records.db"
    if not new:
        Records.open(path).close()
        path.chmod(0o444)
    public_folder.chmod(0o555)
    before = path.read_bytes() if not new else b""
    ended = subprocess.run(
        [sys.executable, "-c", READ_ONLY, path], capture_output=True, text=True, timeout=60, check=False, cwd=REPOSITORY
    )
    assert ended.stdout.startswith(f"Nothing may be written to {path}. Nothing that was kept before is lost."), (
        ended.stderr
    )
    assert (path.read_bytes() if not new else b"") == before


# -- a file that is not what it was


@pytest.fixture
def good(tmp_path: Path) -> bytes:
    path = tmp_path / "good.db"
    with contextlib.closing(Records.open(path)) as records:
        for number in range(200):
            _add(records, f"B-MW {number}")
    return path.read_bytes()


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.7, 0.9999])
def test_a_truncated_file_is_refused_and_left_alone(good: bytes, tmp_path: Path, share: float) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(good[: int(len(good) * share)])
    before = path.read_bytes()
    with pytest.raises(Corrupt, match=r"is damaged .*The file was left as it is\. Restore the last backup"):
        Records.open(path)
    assert path.read_bytes() == before


def _damaged(good: bytes, at: int, path: Path) -> Exception | None:
    """What comes out of opening, reading and writing when 512 bytes from ``at`` are not what they were."""
    path.write_bytes(good[:at] + b"\xa5" * 512 + good[at + 512 :])
    try:
        with contextlib.closing(Records.open(path)) as records:
            _plates(records)
            _add(records, "HH-A 1")
    except (RecordsError, ValueError) as error:  # ValueError: text that is no text any more
        return error
    return None


def test_overwritten_bytes_are_damage_in_words_or_harmless(good: bytes, tmp_path: Path) -> None:
    """Wherever they are: opening, reading and writing succeed, or say what is wrong; nothing else comes out."""
    for number, at in enumerate(range(0, len(good) - 512, len(good) // 40)):
        _damaged(good, at, tmp_path / f"{number}.db")


@pytest.mark.parametrize("table", ["sqlite_schema", "alembic_version", "local_state", "vehicles"])
def test_overwritten_bytes_where_every_start_reads_are_refused(good: bytes, tmp_path: Path, table: str) -> None:
    whole = tmp_path / "whole.db"
    whole.write_bytes(good)
    with contextlib.closing(sqlite3.connect(whole)) as database:
        [size] = database.execute("PRAGMA page_size").fetchone()
        pages = dict(database.execute("SELECT name, rootpage FROM sqlite_schema"))
    page = pages.get(table, 1)  # the schema itself begins the file
    assert isinstance(_damaged(good, (page - 1) * size, tmp_path / "records.db"), Corrupt)


def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(Corrupt, match="file is not a database"):
        Records.open(path)
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_a_folder_in_its_place_or_no_folder_at_all_is_said(tmp_path: Path) -> None:
    (tmp_path / "records.db").mkdir()
    with pytest.raises(NotThere, match="this is a folder"):
        Records.open(tmp_path / "records.db")
    with pytest.raises(NotThere, match="its folder is not there"):
        Records.open(tmp_path / "none" / "records.db")
    with pytest.raises(NotThere, match="no such file"):
        read_only(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def test_another_program_that_holds_the_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines_module, "_WAIT_S", 0.2)
    path = tmp_path / "records.db"
    with contextlib.closing(Records.open(path)) as records, contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="Another program is holding"):
            _add(records, "B-MW 1")
        other.rollback()
        _add(records, "B-MW 2")
        assert _plates(records) == {"B-MW 2"}


# -- a server


def test_a_server_that_does_not_answer_is_said_without_its_password() -> None:
    with pytest.raises(NoServer, match="does not answer") as refused:
        open_engines("postgresql://anna:secret@127.0.0.1:1/records")
    assert "secret" not in str(refused.value)


def test_a_server_that_was_restarted_is_used_again(postgresql_url: str, cluster: object) -> None:
    with contextlib.closing(Records.open(postgresql_url)) as records:
        _add(records, "B-MW 1")
        stranger = open_engines(postgresql_url)
        with stranger.writer.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        stranger.close()
        with contextlib.suppress(NoServer):
            _add(records, "B-MW 2")
        _add(records, "B-MW 3")
        assert {"B-MW 1", "B-MW 3"} <= _plates(records)


@pytest.mark.parametrize("place", ["mysql://localhost/records", "sqlite+nonsense", "://"])
def test_other_places_are_refused_or_are_file_names(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if "://" in place:
        with pytest.raises(NotThere):
            open_engines(place)
    else:
        open_engines(place).close()
        assert (tmp_path / place).exists()


def test_a_file_that_the_work_misses_is_not_put_down_to_the_records(tmp_path: Path) -> None:
    with contextlib.closing(Records.open("sqlite://", inline=True)) as records, pytest.raises(FileNotFoundError):
        records.change("system", lambda _session: (tmp_path / "none.jpg").read_bytes())


def test_faults_of_ours_are_not_called_the_disks() -> None:
    assert explained(ZeroDivisionError(), "records.db") is None
    assert explained(sqlite3.OperationalError("no such table"), "records.db") is None
    assert isinstance(explained(OSError(28, "No space left"), "records.db"), DiskFull)
    wrapped = DBAPIError("INSERT", {}, OSError(30, "Read-only file system"))
    assert isinstance(explained(wrapped, "records.db"), ReadOnly)
