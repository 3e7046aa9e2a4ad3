"""Files are whole under the name of their content, or not there; what comes in parts goes on where it stopped."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.records.errors import NotThere
from core.records.files import INCOMING, DamagedFile, FileRef, FileStore, OutOfPlace, named_files
from core.records.records import Records
from core.vehicles.models import Document

PHOTO = bytes(range(256)) * 5000  # 1.28 MB
SHA = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def _everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["bytes", "path", "stream"])
def test_a_file_is_kept_under_the_name_of_its_content(store: FileStore, tmp_path: Path, kind: str) -> None:
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    source = {"bytes": PHOTO, "path": tmp_path / "photo.jpg", "stream": io.BytesIO(PHOTO)}[kind]
    assert store.add(source) == FileRef(SHA, len(PHOTO))  # type: ignore[arg-type]
    assert _everything(store.folder) == [f"{SHA[:2]}/{SHA}"]
    with store.open(SHA) as file:
        assert file.read() == PHOTO
    assert store.has(SHA)
    assert store.verify(SHA)
    assert store.size(SHA) == len(PHOTO)
    assert list(store.all()) == [FileRef(SHA, len(PHOTO))]


def test_the_same_content_is_kept_once(store: FileStore) -> None:
    assert store.add(PHOTO) == store.add(PHOTO)
    assert _everything(store.folder) == [f"{SHA[:2]}/{SHA}"]


def test_a_damaged_file_is_noticed_and_replaced_by_a_good_one(store: FileStore) -> None:
    store.add(PHOTO)
    store.path(SHA).write_bytes(PHOTO[:-1] + b"!")
    assert not store.verify(SHA)
    store.add(PHOTO)
    assert store.verify(SHA)
    store.path(SHA).write_bytes(b"?")
    store.set_aside(SHA)
    assert store.missing([SHA]) == [SHA]


def test_what_is_missing_is_told_once_and_in_order(store: FileStore) -> None:
    store.add(PHOTO)
    others = ["f" * 64, "0" * 64]
    assert store.missing([others[0], SHA, others[1], others[0]]) == others
    with pytest.raises(NotThere):
        store.open(others[0])


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "a" * 63, f"{'a' * 63}/", "a" * 65, f"{'a' * 64}\n"]
)
def test_a_name_from_outside_that_is_no_hash_leads_nowhere(store: FileStore, name: str) -> None:
    for ask in (store.has, store.open, store.verify, store.path, lambda each: store.partial(each, 1)):
        with pytest.raises(ValueError, match="is not a SHA-256"):
            ask(name)


def test_parts_go_on_where_they_stopped_also_after_a_restart(store: FileStore) -> None:
    part = store.partial(SHA, len(PHOTO))
    assert part.append(0, PHOTO[:1000]) == 1000
    again = FileStore(store.folder).partial(SHA, len(PHOTO))
    assert again.have == 1000
    assert again.append(500, PHOTO[500:2000]) == 2000  # what is here already is skipped
    assert again.append(0, PHOTO[:100]) == 2000
    assert not store.has(SHA)
    again.append(2000, PHOTO[2000:])
    assert again.whole
    assert again.finish() == FileRef(SHA, len(PHOTO))
    assert store.verify(SHA)
    assert _everything(store.folder) == [f"{SHA[:2]}/{SHA}"]


def test_a_part_after_a_gap_is_refused_and_says_where_to_go_on(store: FileStore) -> None:
    part = store.partial(SHA, len(PHOTO))
    part.append(0, PHOTO[:10])
    for offset, data in ((11, b"x"), (-1, b"x"), (10, PHOTO)):
        with pytest.raises(OutOfPlace) as refused:
            part.append(offset, data)
        assert refused.value.have == 10
    with pytest.raises(OutOfPlace):
        part.finish()
    assert part.have == 10


def test_another_file_than_announced_is_dropped(store: FileStore) -> None:
    part = store.partial(SHA, len(PHOTO))
    part.append(0, PHOTO[:-1] + b"!")
    with pytest.raises(DamagedFile, match="its content is not what its name says"):
        part.finish()
    assert part.have == 0
    assert not store.has(SHA)
    part.append(0, PHOTO)
    part.finish()
    assert store.verify(SHA)


def test_an_empty_file_is_a_file(store: FileStore) -> None:
    empty = hashlib.sha256(b"").hexdigest()
    assert store.partial(empty, 0).finish() == FileRef(empty, 0)
    assert store.add(b"") == FileRef(empty, 0)


@settings(deadline=None, max_examples=50)
@given(cuts=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), max_size=30))
def test_whatever_parts_come_in_whatever_order_only_the_file_itself_is_kept(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[int, int]]
) -> None:
    content = bytes(range(250))
    sha = hashlib.sha256(content).hexdigest()
    part = FileStore(tmp_path_factory.mktemp("parts")).partial(sha, len(content))
    for offset, length in cuts:
        if offset > part.have:
            with pytest.raises(OutOfPlace):
                part.append(offset, content[offset : offset + length])
        else:
            part.append(offset, content[offset : offset + length])
    part.append(part.have, content[part.have :])
    assert part.finish().sha256 == sha


def test_a_quota_refuses_before_anything_is_kept(tmp_path: Path) -> None:
    def admit(size: int) -> None:
        if size > 1000:
            raise RuntimeError("too much")

    store = FileStore(tmp_path, admit)
    with pytest.raises(RuntimeError, match="too much"):
        store.add(PHOTO)
    assert _everything(tmp_path) == []
    store.add(PHOTO[:1000])


KILLED = """
import sys
from pathlib import Path
from core.records.files import FileStore
store = FileStore(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while True:
    number += 1
    store.add(number.to_bytes(4, "big") * 50_000)
    print(number, flush=True)
"""


def test_a_program_killed_while_adding_leaves_only_whole_files(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as adding:
        assert adding.stdout is not None
        told = ""
        while told.strip() != "20":
            told = adding.stdout.readline()
            assert told, "the program ended by itself"
        os.kill(adding.pid, signal.SIGKILL)
    store = FileStore(tmp_path)
    found = list(store.all())
    assert len(found) >= 20
    assert all(store.verify(each.sha256) for each in found)
    store.clean()
    assert list((tmp_path / INCOMING).iterdir()) == []


def test_the_files_that_rows_name_are_known(place: Path | str) -> None:
    records = Records.open(place)

    rows = [Document(file_sha256="a" * 64, thumbnail_sha256="b" * 64), Document(file_sha256="a" * 64), Document()]
    records.change("system", lambda session: session.add_all(rows))
    with records.read() as session:
        named = named_files(session.connection(), records.schema)
    assert named == {"file_sha256": ["a" * 64], "thumbnail_sha256": ["b" * 64]}
    records.close()
