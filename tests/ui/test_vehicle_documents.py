"""Documents of a vehicle: added from a file with what it is, seen small, opened page by page, copied, taken away."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from core.people.roles import Actor, Role
from core.records.files import FileStore
from core.vehicles.documents import DocumentView, list_documents
from core.workshop.papers_of_money import invoice_paper
from tests.core.people.desk import Clock, Desk
from tests.core.workshop.papered import garage
from tests.ui.two_bays import Bay, until
from tests.ui.vehicles_stage import opened, parked
from ui import files_taken, vehicles_writing
from ui.pages.kept_file import KeptSheet
from ui.pages.registry import ENTRIES
from ui.pages.vehicles_belongings import PapersTab
from ui.pages.vehicles_documents import DocumentForm, DocumentsSection
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.file_sheet import FileSheet

PAGES = tuple(entry for entry in ENTRIES if entry.name == "vehicles")
GOLF = "HH AB 123"


@pytest.fixture
def cars(one: Bay) -> dict[str, str]:
    return parked(one)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found = tmp_path / "scans"
    found.mkdir()
    monkeypatch.setattr(FileSheet, "last", found)
    monkeypatch.setattr("ui.widgets.file_sheet._PLUGGED_IN", (str(tmp_path),))
    return found


def scan(folder: Path, name: str = "booklet page.jpg") -> Path:
    image = QImage(900, 1200, QImage.Format.Format_RGB32)
    image.fill(QColor(120, 90, 60))
    path = folder / name
    assert image.save(str(path))
    return path


def documents(bay: Bay, row: str) -> tuple[DocumentView, ...]:
    with bay.records.read() as session:
        return list_documents(session, row).items


def section(window: Shell, row: str) -> DocumentsSection:
    tab = opened(window, row, "papers").tab("papers")
    assert isinstance(tab, PapersTab)
    until(lambda: tab.due_list.lines, "it is read")
    return tab.documents


def added(window: Shell, found: DocumentsSection, path: Path, words: str) -> DocumentForm:
    """As a person does: the button, the file, what it is called, the button."""
    QTest.mouseClick(found.add, Qt.MouseButton.LeftButton)
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, FileSheet)
    until(lambda: path in sheet.files, "its folder is shown")
    QTest.mouseClick(sheet.files[path], Qt.MouseButton.LeftButton)
    form = dialogs.sheets(window)[-1]
    assert isinstance(form, DocumentForm)
    name = form.form.fields["name"]
    name.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(name, words)
    QTest.mouseClick(form.keep, Qt.MouseButton.LeftButton)
    return form


def test_a_photograph_is_added_seen_small_opened_and_taken_away_with_a_way_back(
    one: Bay, window: Shell, cars: dict[str, str], folder: Path
) -> None:
    path, found = scan(folder), section(window, cars[GOLF])
    assert found.empty.isVisible()
    assert "service booklet" in found.empty.words.text()
    added(window, found, path, "Service at 60,000 km")
    until(lambda: found.tiles, "it is there")
    made = documents(one, cars[GOLF])[0]
    assert (made.name, made.kind, made.media_type, made.size) == (
        "Service at 60,000 km", "photo", "image/jpeg", path.stat().st_size,
    )  # fmt: skip
    assert made.thumbnail_sha256
    tile = found.tiles[made.id]
    assert tile.words[1].startswith("Photograph · ")
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    sheet = dialogs.sheets(window)[-1]
    assert isinstance(sheet, KeptSheet)
    until(lambda: sheet.paper is not None, "it is shown")
    page = sheet.view.sheets.images[0]
    assert round(page.height() / page.width(), 2) == round(1200 / 900, 2)
    sheet.where = lambda _anchor, proposed: folder / f"copy{proposed.suffix}"
    sheet.save.click()
    until((folder / "copy.jpg").exists, "a copy is saved")
    assert (folder / "copy.jpg").read_bytes() == path.read_bytes()
    rename, remove = sheet.deed_buttons
    assert rename.text().strip() == "Rename"
    remove.click()
    until(lambda: not found.tiles, "it is gone")
    assert documents(one, cars[GOLF]) == ()
    gone = next(each for each in toast.shown(window) if each.accessibleName().startswith("Removed"))
    assert gone.undo is not None
    gone.undo.click()
    until(lambda: found.tiles, "it is back")


def test_a_pdf_is_shown_page_by_page_with_its_first_page_as_the_small_picture(
    one: Bay, window: Shell, cars: dict[str, str], folder: Path
) -> None:
    made = garage(Desk(one.records, Clock()), lines=40)
    with one.records.read() as session:
        told = invoice_paper(session, made.invoice)
    (folder / "registration.pdf").write_bytes(told.pdf())
    found = section(window, cars[GOLF])
    one.context.preferences.kiosk = True
    try:
        added(window, found, folder / "registration.pdf", "Registration")
        until(lambda: found.tiles, "it is there")
        assert documents(one, cars[GOLF])[0].thumbnail_sha256, "its first page"
        next(iter(found.tiles.values())).click()
        sheet = dialogs.sheets(window)[-1]
        assert isinstance(sheet, KeptSheet)
        until(lambda: sheet.paper is not None, "it is shown")
        assert len(sheet.view.sheets.images) == len(told.pages())
        assert len(sheet.view.sheets.images) > 1
        assert sheet.open_it.isHidden(), "another program would be a way out of the kiosk"
    finally:
        one.context.preferences.kiosk = False


def test_what_cannot_be_kept_is_refused_in_words_and_what_cannot_be_shown_can_be_copied(
    one: Bay, window: Shell, cars: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = section(window, cars[GOLF])
    (folder / "fake.jpg").write_bytes(b"not a picture")
    (folder / "fake.pdf").write_bytes(b"<html>")
    (folder / "song.mp3").write_bytes(b"ID3")
    for name, words in (("fake.jpg", "no picture"), ("fake.pdf", "no PDF"), ("song.mp3", "neither a picture")):
        form = found.open_new(folder / name)
        form.keep.click()
        until(lambda form=form: form.trouble.isVisible(), "it is said")  # type: ignore[misc]
        assert words in form.trouble.words.text()
        assert form.keep.isEnabled()
        form.close_sheet()
    monkeypatch.setattr(files_taken, "LARGEST", 4)
    form = found.open_new(scan(folder))
    form.keep.click()
    until(form.trouble.isVisible, "it is said")
    assert "larger than" in form.trouble.words.text()
    form.close_sheet()
    assert documents(one, cars[GOLF]) == ()
    monkeypatch.undo()
    (folder / "locked.pdf").write_bytes(b"%PDF-1.7 and then nothing a reader knows")
    found.open_new(folder / "locked.pdf").keep.click()
    until(lambda: found.tiles, "it is kept all the same")
    sheet = found.open_document(documents(one, cars[GOLF])[0])
    until(lambda: sheet.paper is not None, "it was looked at")
    assert "cannot be shown" in sheet.view.sheets.words
    assert sheet.save.isEnabled()
    assert not sheet.print.isEnabled()


def test_who_may_only_look_opens_documents_and_adds_none(
    one: Bay, window: Shell, cars: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = FileStore(one.context.home / "files")
    path = scan(folder)
    vehicles_writing.add_document(one.records, files, one.actor, cars[GOLF], path, {"name": "Booklet"})
    monkeypatch.setattr(type(one.context), "actor", property(lambda _: Actor("staff", "x", "Vi", Role.VIEWER)))
    found = section(window, cars[GOLF])
    until(lambda: found.tiles, "it is there")
    assert not found.add.isEnabled()
    sheet = found.open_document(documents(one, cars[GOLF])[0])
    assert sheet.deed_buttons == []


def test_bytes_that_are_still_at_another_terminal_are_said_to_be_on_their_way(
    one: Bay, other: Bay, window: Shell, cars: dict[str, str], folder: Path
) -> None:
    other.meet(one)
    store = FileStore(folder / "other terminal")
    vehicles_writing.add_document(other.records, store, one.actor, cars[GOLF], scan(folder), {"name": "Booklet"})
    one.meet(other)
    found = section(window, cars[GOLF])
    until(lambda: found.tiles, "the row is here first")
    assert next(iter(found.tiles.values())).words[1] == "on its way here"
    sheet = found.open_document(documents(one, cars[GOLF])[0])
    until(lambda: "another terminal" in sheet.view.sheets.words, "it is said")
