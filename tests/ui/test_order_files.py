"""Pictures, documents and the history of an order, and the one way by which an order is opened from anywhere."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from core.people.roles import SYSTEM
from core.records.files import FileStore
from core.workshop.estimates import decide
from core.workshop.lines import create_line
from core.workshop.notes import PhotoView, list_photos
from tests.ui.orders_stage import opened, page, section
from tests.ui.two_bays import Bay, until
from ui import files_taken, order_files_reading, order_opening
from ui.pages.order_files import FilesSection, ViewSheet, add_file
from ui.pages.order_history import HistorySection
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.file_sheet import FileSheet


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = QImage(1600, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 90, 60))
    path = tmp_path / "pictures" / "front brake.jpg"
    path.parent.mkdir()
    assert image.save(str(path))
    return path


def photos(bay: Bay, order: str) -> tuple[PhotoView, ...]:
    with bay.records.read() as session:
        return list_photos(session, order).items


def shown(window: Shell, order: str) -> FilesSection:
    return section(window, order, "files", FilesSection)


def test_a_picture_is_chosen_in_the_window_and_gets_a_small_one(
    one: Bay, order: str, window: Shell, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FileSheet, "last", picture.parent)
    found = shown(window, order)
    found.add.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, FileSheet)
    until(lambda: picture in sheet.files, "its folder is shown")
    sheet.files[picture].click()
    until(lambda: len(photos(one, order)) == 1, "it is added")
    made = photos(one, order)[0]
    assert (made.media_type, made.caption) == ("image/jpeg", "front brake.jpg")
    store = FileStore(one.context.home / "files")
    assert made.file_sha256 is not None
    assert made.thumbnail_sha256 is not None
    assert store.path(made.file_sha256).read_bytes() == picture.read_bytes()
    small = QImage(str(store.path(made.thumbnail_sha256)))
    assert (small.width(), small.height()) == (320, 240)
    until(lambda: made.id in found.tiles, "it is shown")
    assert found.tiles[made.id].file.small is not None


def test_a_picture_opens_large_and_its_removal_can_be_taken_back(
    one: Bay, order: str, window: Shell, picture: Path
) -> None:
    found = shown(window, order)
    add_file(found, picture)
    until(lambda: found.tiles, "it is shown")
    tile = next(iter(found.tiles.values()))
    tile.click()
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, ViewSheet)
    until(lambda: not sheet.picture.pixmap().isNull(), "the picture itself")
    sheet.remove.click()
    until(lambda: not photos(one, order), "it is removed")
    until(lambda: any(each.accessibleName().startswith("Removed") for each in toast.shown(window)), "it is said")
    toast.shown(window)[-1].undo.click()
    until(lambda: found.tiles, "it is back")


def test_what_is_no_picture_and_what_is_too_large_is_refused(
    one: Bay, order: str, window: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shown(window, order)
    (tmp_path / "fake.jpg").write_bytes(b"not a picture")
    add_file(found, tmp_path / "fake.jpg")
    until(lambda: toast.shown(window), "it is said")
    monkeypatch.setattr(files_taken, "LARGEST", 4)
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7")
    add_file(found, tmp_path / "paper.pdf")
    until(lambda: len(toast.shown(window)) == 2, "it is said")
    assert photos(one, order) == ()


def test_bytes_that_are_still_at_another_terminal_are_said_to_be_on_their_way(
    one: Bay, other: Bay, order: str, window: Shell, picture: Path
) -> None:
    store = FileStore(picture.parent / "other terminal")
    place = order_files_reading.Place(order)
    order_files_reading.add_file(other.records, store, SYSTEM, place, picture)
    found = shown(window, order)
    other.meet(one)
    until(lambda: found.tiles, "the row is here first")
    tile = next(iter(found.tiles.values()))
    assert tile.words[1] == "on its way here"


# --- history


def test_the_history_says_who_did_what_in_sentences(one: Bay, order: str, window: Shell) -> None:
    fields = {"order_id": order, "kind": "labour", "description": "Front pads", "quantity": 1500, "unit_price": 9800}
    line = one.records.change(one.actor.reference, lambda session: create_line(session, one.actor, fields)).value
    said = [(line.id, "approved")]
    one.records.change(
        "system", lambda session: decide(session, SYSTEM, order, said, {"said_by": "Ada", "way": "phone"})
    )
    one.set(order, cause="Worn to 1 mm")
    found = section(window, order, "history", HistorySection)
    until(lambda: len(found.rows) >= 4, "it is read")
    sentences = [text for row in found.rows for text in row.event_shown.lines]
    assert sentences[0] == "Cause: Worn to 1 mm"
    assert sentences[1] == "Approved: Front pads · Ada · By phone"
    assert sentences[2].startswith("Line added: Front pads · 1.5")
    assert "The order is opened." in sentences
    assert not any("_" in each for each in sentences), "no names of tables or fields"


# --- opening


def test_an_order_is_opened_from_anywhere_in_the_section_that_is_wanted(one: Bay, order: str, window: Shell) -> None:
    window.go("bays")
    order_opening.open_order(one.context, order, "estimate")
    assert window.content.current == "orders"
    found = page(window)
    assert (found.editor.row, found.editor.place) == (order, "estimate")


def test_an_order_comes_back_in_the_section_where_it_was_left(one: Bay, order: str, window: Shell) -> None:
    second = one.new_order(complaint="Another one")
    found = opened(window, order, "notes")
    opened(window, second.id)
    assert found.editor.place == "overview"
    order_opening.open_order(one.context, order)
    assert found.editor.place == "notes"


def test_sections_are_built_when_they_are_first_opened(one: Bay, order: str, window: Shell) -> None:
    found = opened(window, order)
    assert list(found.editor.sections) == ["overview"]
    found.editor.open_section("parts")
    assert list(found.editor.sections) == ["overview", "parts"]
    assert set(found.editor.tabs.tabs) == set(order_opening.SECTIONS)


def test_a_small_screen_has_the_list_or_the_order_and_a_large_one_both(one: Bay, order: str, window: Shell) -> None:
    found = opened(window, order)
    assert not found.left.isVisible()
    found.editor.head.back.click()
    assert found.left.isVisible()
    assert found.editor.row == ""
    window.resize(1920, 1080)
    opened(window, order)
    until(lambda: found.left.isVisible() and found.right.isVisible(), "both")
    assert not found.editor.head.back.isVisible()
