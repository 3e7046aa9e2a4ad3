"""Photos and documents follow their rows to every terminal, whole or not at all."""

import hashlib
import shutil
from pathlib import Path

import pytest

from core.records.errors import DiskFull
from core.records.ids import new_id
from core.records.records import wall_ms
from core.workshop.models import Photo
from server.sync import client as client_module
from tests.server.sync.bays import Running, founded, joined, wait_until


@pytest.fixture(scope="module")
def joined_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homes")
    with Running(founded(folder / "1"), "Bay 1") as one:
        joined(folder / "2", one, "Bay 2")
        joined(folder / "3", one, "Bay 3")
    return folder


@pytest.fixture
def homes(joined_homes: Path, tmp_path: Path) -> list[Path]:
    return [shutil.copytree(joined_homes / name, tmp_path / name) for name in ("1", "2", "3")]


def photograph(bay: Running, picture: bytes, small: bytes | None = None) -> tuple[str, str]:
    """A photo of an order, with its thumbnail, as a terminal keeps it; returns both names."""
    whole = bay.bay.files.add(picture).sha256
    thumbnail = bay.bay.files.add(small).sha256 if small is not None else None
    row = Photo(id=new_id(wall_ms()), file_sha256=whole, thumbnail_sha256=thumbnail)
    bay.bay.records.change("system", lambda session: session.add(row))
    return whole, thumbnail or ""


def test_a_photo_follows_its_row_also_through_a_third(homes: list[Path]) -> None:
    picture = bytes(range(256)) * 20_000
    with (
        Running(homes[0], "Bay 1") as one,
        Running(homes[1], "Bay 2", peers=[one.address]) as two,
        Running(homes[2], "Bay 3", peers=[one.address]) as three,
    ):
        whole, small = photograph(two, picture, b"small")
        wait_until(lambda: one.bay.files.has(whole) and one.bay.files.has(small), "the photo at 1")
        wait_until(lambda: three.bay.files.has(whole) and three.bay.files.has(small), "the photo at 3, through 1")
        with three.bay.files.open(whole) as file:
            assert file.read() == picture


def test_a_file_goes_on_where_it_stopped(homes: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PIECE", 1000)
    picture = b"".join(hashlib.sha256(bytes([each])).digest() for each in range(250))
    with Running(homes[0], "Bay 1") as one:
        whole, _ = photograph(one, picture)
        with Running(homes[1], "Bay 2") as two:
            two.bay.files.partial(whole, len(picture)).append(0, picture[:5000])
            asked: list[int] = []
            served = client_module.Line.piece

            async def piece(line: client_module.Line, path: str, start: int) -> client_module.Piece:
                asked.append(start)
                return await served(line, path, start)

            monkeypatch.setattr(client_module.Line, "piece", piece)
            two.link.add_address(one.address)
            wait_until(lambda: two.bay.files.has(whole), "the photo")
            assert asked == [4999, 5999, 6999, 7999]
            assert two.bay.files.verify(whole)


def test_a_damaged_copy_is_never_kept_and_another_terminal_gives_the_right_one(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one, Running(homes[1], "Bay 2", peers=[one.address]) as two:
        whole, _ = photograph(one, b"as it was taken")
        wait_until(lambda: two.bay.files.has(whole), "the photo at 2")
        one.bay.files.path(whole).write_bytes(b"rotten on disk!")
        with Running(homes[2], "Bay 3", peers=[one.address]) as three:
            wait_until(lambda: three.link.summary().in_step >= 1, "being in step")
            assert not three.bay.files.has(whole)
            three.link.add_address(two.address)
            three.link.sync_now()
            wait_until(lambda: three.bay.files.has(whole), "the photo from 2")
            assert three.bay.files.verify(whole)


def test_a_full_disk_is_said_and_the_rows_go_on(homes: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    with Running(homes[0], "Bay 1") as one, Running(homes[1], "Bay 2", peers=[one.address]) as two:

        def full(_bytes: int) -> None:
            raise DiskFull(two.home)

        monkeypatch.setattr(two.bay.files, "_admit", full)
        whole, _ = photograph(one, b"a photo")
        wait_until(lambda: bool(two.link.summary().problem), "the words")
        assert not two.bay.files.has(whole)
        one.write("AB 1")
        wait_until(lambda: two.plates() == {"AB 1"}, "the rows")
