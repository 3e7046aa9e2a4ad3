"""``bayline check`` finds what is not as it was written, names it, and gets in nobody's way."""

import contextlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from core.records import folding
from core.records.checking import check
from core.records.errors import NewerSchema, NotThere
from core.records.files import FileStore
from core.records.records import Records
from core.vehicles.models import Document, OdometerReading, Vehicle

PHOTO = b"a photo" * 1000


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def records(place: Path | str, files: FileStore) -> Iterator[Records]:
    opened = Records.open(place)
    for plate in ("B-MW 1", "B-MW 2", "B-MW 3"):
        opened.change("staff:anna", lambda session, plate=plate: session.add(Vehicle(plate=plate)))  # type: ignore[misc]
    sha = files.add(PHOTO).sha256
    opened.change("staff:anna", lambda session: session.add_all([Document(file_sha256=sha), OdometerReading(value=1)]))
    yield opened
    opened.close()


def _tamper(records: Records, statement: str) -> None:
    """Past everything, as another program would."""
    records.close()
    engine = create_engine(
        records.engines.writer.url if records.engines.file is None else f"sqlite:///{records.engines.file}"
    )
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute(statement)
    assert cursor.rowcount > 0, "nothing was tampered with"
    raw.commit()
    raw.close()
    engine.dispose()


def test_whole_records_are_reported_as_the_interface_says(
    records: Records, place: Path | str, files: FileStore
) -> None:
    report = check(place, files)
    assert report.ok
    told = json.loads(json.dumps(report.as_dict()))
    assert told["integrity"] == "ok"
    assert told["chain"] == "ok"
    assert told["files"] == {"count": 1, "missing": 0, "corrupt": 0}
    assert told["vector"] == {records.site: {"shop": 4}}
    digests = records.digests()
    assert told["tables"] == {name: {"rows": rows, "digest": digest} for name, (rows, digest) in digests.items()}
    assert {"vehicles", "customers", "repair_orders", "workshops", "terminals"} <= set(told["tables"])
    assert not {"transactions", "local_state", "sites", "search_documents"} & set(told["tables"])
    assert told["tables"]["vehicles"]["rows"] == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vehicles SET plate = 'B-MW 9' WHERE plate = 'B-MW 2'",
        "UPDATE vehicles SET stamps = '{}' WHERE plate = 'B-MW 2'",
        "UPDATE vehicles SET stamps = 'rubbish' WHERE plate = 'B-MW 2'",
        "UPDATE vehicles SET row_hash = row_hash - 1 WHERE plate = 'B-MW 2'",
    ],
)
def test_a_row_that_was_changed_past_the_log_is_named(
    records: Records, place: Path | str, files: FileStore, statement: str
) -> None:
    before = check(place, files)
    _tamper(records, statement)
    report = check(place, files)
    assert not report.ok
    assert report.integrity.startswith("vehicles ")
    assert report.integrity.endswith("is not what was written")
    if "row_hash" not in statement:  # the digest is of what the row holds, whatever it says of itself
        assert report.tables["vehicles"] != before.tables["vehicles"]
    assert report.tables["documents"] == before.tables["documents"]


@pytest.mark.parametrize(
    "tampering",
    [
        ("UPDATE transactions SET operations = replace(operations, 'B-MW 2', 'B-MW 9') WHERE seq = 2", 2),
        ("UPDATE transactions SET actor = 'staff:ben' WHERE seq = 3", 3),
        ("DELETE FROM transactions WHERE seq = 2", 2),
        ("DELETE FROM transactions WHERE seq = 1", 1),
        ("DELETE FROM transactions WHERE seq = 4", 4),
        ("UPDATE sites SET seq = 3", 4),
        ("DELETE FROM sites", 4),
    ],
)
def test_a_log_that_was_changed_is_found(
    records: Records,
    place: Path | str,
    files: FileStore,
    tampering: tuple[str, int],
) -> None:
    statement, number = tampering
    _tamper(records, statement)
    report = check(place, files)
    assert not report.ok
    assert report.integrity == "ok"
    assert f"the log of {records.site} is broken" in report.chain
    if not statement.endswith(("sites", "seq = 3")):
        assert f"at change {number}" in report.chain


def test_a_log_whose_beginning_was_let_go_is_whole(records: Records, place: Path | str, files: FileStore) -> None:
    far = records.wall() + 1_000_000
    gone = records.keep(lambda connection: folding.fold(connection, [{records.site: {"shop": 2}}], far))
    assert gone == 2
    report = check(place, files)
    assert (report.chain, report.vector) == ("ok", {records.site: {"shop": 4}})


def test_files_that_are_missing_or_rotten_are_counted(records: Records, place: Path | str, files: FileStore) -> None:
    records.change("staff:anna", lambda session: session.add(Document(file_sha256="a" * 64, thumbnail_sha256="b" * 64)))
    report = check(place, files)
    assert report.files.missing == ("a" * 64, "b" * 64)
    assert report.ok  # they may be on their way
    sha = next(files.all()).sha256
    files.path(sha).write_bytes(b"rotten")
    report = check(place, files)
    assert report.as_dict()["files"] == {"count": 1, "missing": 2, "corrupt": 1}
    assert not report.ok


def test_it_works_in_another_process_while_this_one_writes(tmp_path: Path) -> None:
    """Also in the middle of a change, which it does not see, and which it does not hold up."""
    code = (
        "import json, sys, core.models; from pathlib import Path; from core.records.checking import check\n"
        "from core.records.files import FileStore\n"
        "print(json.dumps(check(Path(sys.argv[1]), FileStore(Path(sys.argv[2]))).as_dict()))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "records.db"), str(tmp_path / "files")]
    told: list[str] = []

    def work(session: object) -> None:
        session.add(Vehicle(plate="B-MW 2"))  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        told.append(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout)

    with contextlib.closing(Records.open(tmp_path / "records.db")) as records:
        records.change("staff:anna", lambda session: session.add(Vehicle(plate="B-MW 1")))
        records.change("staff:anna", work)
        assert json.loads(told[0])["tables"]["vehicles"]["rows"] == 1
        assert json.loads(told[0])["integrity"] == "ok"
        told.append(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout)
        assert json.loads(told[1])["tables"]["vehicles"]["rows"] == 2


def test_it_changes_nothing(records: Records, place: Path | str, files: FileStore) -> None:
    records.close()
    if isinstance(place, str):
        check(place, files)
        return
    before = place.read_bytes()
    check(place, files)
    assert place.read_bytes() == before


def test_damaged_pages_are_reported_not_raised(tmp_path: Path, files: FileStore) -> None:
    path = tmp_path / "records.db"
    with contextlib.closing(Records.open(path)) as records:
        for number in range(300):
            records.change("staff:anna", lambda session, n=number: session.add(Vehicle(plate=f"B-MW {n}")))  # type: ignore[misc]
    good = path.read_bytes()
    seen = 0
    for at in range(4096, len(good) - 4096, len(good) // 12):
        path.write_bytes(good[:at] + b"\xa5" * 4096 + good[at + 4096 :])
        report = check(path, files)
        seen += not report.ok
    assert seen >= 10  # a free page may be anything
    path.write_bytes(b"this is no database" * 1000)
    assert not check(path, files).ok


def test_what_cannot_be_checked_is_said(tmp_path: Path, files: FileStore) -> None:
    with pytest.raises(NotThere):
        check(tmp_path / "none.db", files)
    Records.open(tmp_path / "records.db").close()
    raw = sqlite3.connect(tmp_path / "records.db")
    raw.execute("UPDATE alembic_version SET version_num = '0999'")
    raw.commit()
    raw.close()
    with pytest.raises(NewerSchema):
        check(tmp_path / "records.db", files)
