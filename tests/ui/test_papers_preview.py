"""A paper over the window: set off its thread, looked at, saved, printed; in kiosk mode without a way out."""

import errno
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from core.workshop.papers import Paper
from tests.core.people.desk import NOBODY, Clock, Desk
from tests.core.workshop.papered import Garage, garage
from tests.ui.two_bays import Bay, until
from ui import papers_made, papers_printing
from ui.pages import papers_printer
from ui.pages.papers_preview import PaperSheet, open_paper, show_paper
from ui.pages.papers_sheets import ZOOMS
from ui.shell import Shell
from ui.widgets import dialogs, toast
from ui.widgets.choice_sheet import ChoiceSheet


@pytest.fixture
def made(one: Bay) -> Garage:
    return garage(Desk(one.records, Clock()), lines=26)


def opened(window: Shell, made: Garage, kind: str = "invoice", row: str = "") -> PaperSheet:
    sheet = open_paper(window, window.context, kind, row or made.invoice)
    until(lambda: sheet.paper is not None, "the paper was set")
    return sheet


def toasts(window: Shell) -> list[str]:
    return [each.accessibleName() for each in toast.shown(window)]


def test_every_paper_is_shown_page_by_page(window: Shell, made: Garage) -> None:
    rows = {
        "estimate": made.order, "order": made.order, "key_tag": made.order, "inspection": made.inspection,
        "invoice": made.invoice, "receipt": made.payment, "history": made.vehicle, "part_label": made.part,
    }  # fmt: skip
    assert set(rows) == set(papers_made.KINDS)
    for kind, row in rows.items():
        sheet = opened(window, made, kind, row)
        assert sheet.paper is not None
        assert sheet.paper.kind == kind
        assert sheet.view.sheets.images
        assert sheet.pdf.startswith(b"%PDF")
        assert sheet.print.isEnabled()
        sheet.close_sheet()


def test_until_it_is_set_nothing_can_be_pressed_and_the_person_is_told(window: Shell, made: Garage) -> None:
    sheet = open_paper(window, window.context, "invoice", made.invoice)
    assert sheet.paper is None
    assert "being set" in sheet.count.text()
    assert not any(button.isEnabled() for button in (sheet.print, sheet.save, sheet.open_it, sheet.larger))
    until(lambda: sheet.paper is not None)
    assert sheet.count.text() == f"{len(sheet.view.sheets.images)} pages"
    assert len(sheet.view.sheets.images) >= 2


def test_one_that_was_closed_before_it_was_set_disturbs_nobody(window: Shell, made: Garage) -> None:
    sheet = open_paper(window, window.context, "invoice", made.invoice)
    sheet.close_sheet()
    opened(window, made).close_sheet()


def test_what_cannot_be_shown_says_why(window: Shell, made: Garage) -> None:
    sheet = open_paper(window, window.context, "invoice", NOBODY)
    until(lambda: "cannot" in sheet.count.text())
    assert "deleted" in sheet.view.sheets.words
    assert not sheet.print.isEnabled()
    with pytest.raises(ValueError, match="love letter"):
        open_paper(window, window.context, "love letter", NOBODY)


def test_a_page_may_bring_its_own_paper_and_title(window: Shell, made: Garage) -> None:
    with made.desk.records.read() as session:
        from core.workshop.papers_of_money import invoice_paper

        paper: Paper = invoice_paper(session, made.invoice)
    sheet = show_paper(window.content, "As it was", lambda: paper)
    until(lambda: sheet.paper is not None)
    assert sheet.heading.text() == "As it was"


def test_it_is_saved_where_a_person_says(window: Shell, made: Garage, tmp_path: Path) -> None:
    sheet = opened(window, made)
    asked: list[Path] = []

    def where(_anchor: object, proposed: Path) -> Path:
        asked.append(proposed)
        return tmp_path / "there" / "mine.pdf"

    sheet.where = where
    sheet.save.click()
    until(lambda: "Saved" in toasts(window))
    assert sheet.paper is not None
    assert asked[0].name == f"{sheet.paper.name}.pdf"
    assert (tmp_path / "there" / "mine.pdf").read_bytes() == sheet.pdf
    assert [each.name for each in (tmp_path / "there").iterdir()] == ["mine.pdf"], "nothing half is left"
    assert sheet.save.isEnabled()
    sheet.where = lambda _anchor, _proposed: None
    sheet.save.click()
    assert sheet.save.isEnabled(), "thought better of it"


def test_a_place_that_cannot_be_written_is_said(window: Shell, made: Garage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    sheet = opened(window, made)
    sheet.where = lambda _anchor, _proposed: tmp_path / "file" / "mine.pdf"
    sheet.save.click()
    until(lambda: "Nothing was saved" in toasts(window))
    assert sheet.save.isEnabled()


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "Nothing may be")])
def test_a_full_or_read_only_disk_is_said_in_words(
    window: Shell, made: Garage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, number: int, words: str
) -> None:
    def write(_path: Path, _content: bytes) -> int:
        raise OSError(number, "in the words of the system")

    sheet = opened(window, made)
    sheet.where = lambda _anchor, _proposed: tmp_path / "mine.pdf"
    monkeypatch.setattr(Path, "write_bytes", write)
    sheet.save.click()
    until(lambda: "Nothing was saved" in toasts(window))
    shown = " ".join(label.text() for each in toast.shown(window) for label in each.findChildren(QLabel))
    assert words in shown
    assert "system" not in shown
    assert not [*tmp_path.glob("*mine*")], "nothing half is left"


def test_in_kiosk_mode_there_is_no_way_out(window: Shell, made: Garage) -> None:
    window.context.preferences.kiosk = True
    sheet = opened(window, made)
    sheet.where = lambda _anchor, _proposed: pytest.fail("a file dialog")
    assert not sheet.open_it.isVisible()
    exports = window.context.home / "exports"
    for count in (1, 2):
        sheet.save.click()
        until(lambda: sheet.save.isEnabled() and len(toasts(window)) == count)  # noqa: B023 - asked at once
    assert all(each.read_bytes() == sheet.pdf for each in exports.glob("*.pdf")), "nothing is replaced"


def test_pages_get_larger_and_smaller_and_stay_in_the_middle(window: Shell, made: Garage) -> None:
    sheet = opened(window, made)
    height = sheet.view.sheets.height()
    QTest.keyClick(sheet, Qt.Key.Key_PageDown)
    assert sheet.view.verticalScrollBar().value() > 0
    for _ in ZOOMS:
        sheet.larger.click()
    assert sheet.view.sheets.height() > 1.5 * height
    assert not sheet.larger.isEnabled()
    for _ in range(2 * len(ZOOMS)):
        sheet.smaller.click()
    assert not sheet.smaller.isEnabled()
    first = sheet.view.sheets._places[0]
    assert first.height() <= sheet.view.viewport().height(), "a whole page"
    sheet.grab()


def to_file(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_pages_are_printed_each_on_a_sheet_of_its_size(
    window: Shell, made: Garage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the dialog of the system, which prints into a file as well."""

    def accept(dialog: QPrintDialog) -> int:
        dialog.printer().setOutputFileName(str(tmp_path / "printed.pdf"))
        return int(QPrintDialog.DialogCode.Accepted)

    monkeypatch.setattr(QPrintDialog, "exec", accept)
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["Office"]))
    sheet = opened(window, made)
    count = len(sheet.view.sheets.images)
    QTest.keyClick(sheet, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    until(lambda: any(words.startswith("It went to") for words in toasts(window)))
    printed = (tmp_path / "printed.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") == count
    assert b"/MediaBox [0 0 612" in printed, "Letter, as it was set: the shop counts in dollars"


def test_in_kiosk_mode_the_printer_is_chosen_on_a_sheet_of_ours(
    window: Shell, made: Garage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: pytest.fail("a dialog of the system"))
    monkeypatch.setattr(QPrinterInfo, "defaultPrinterName", staticmethod(lambda: ""))
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["Office", "Counter"]))
    monkeypatch.setattr(papers_printer, "printer_named", lambda name: to_file(tmp_path / f"{name}.pdf"))
    window.context.preferences.kiosk = True
    sheet = opened(window, made)
    sheet.print.click()
    asked = dialogs.sheets(window)[-1]
    assert isinstance(asked, ChoiceSheet)
    asked.buttons["Counter"].click()
    until(lambda: any(words.startswith("It went to") for words in toasts(window)))
    assert (tmp_path / "Counter.pdf").read_bytes().startswith(b"%PDF-")


def test_a_printer_that_takes_nothing_is_said_and_the_paper_stays(window: Shell, made: Garage, tmp_path: Path) -> None:
    sheet = opened(window, made)
    sheet.print_on(to_file(tmp_path / "nowhere" / "x.pdf"))
    assert not sheet.print.isEnabled()
    until(lambda: any("could not be written" in words for words in toasts(window)))
    assert sheet.print.isEnabled()


def test_nothing_to_print_is_no_print(dressed: QApplication, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFileName(str(tmp_path / "nowhere" / "x.pdf"))
    assert not papers_printing.print_pages(printer, ())


def test_a_computer_without_a_printer_says_so(window: Shell, made: Garage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: []))
    sheet = opened(window, made)
    sheet.print.click()
    assert "This computer has no printer." in toasts(window)
    assert sheet.print.isEnabled()


def test_a_copy_to_look_at_is_the_paper(tmp_path: Path) -> None:
    file = papers_printing.for_a_look("a/b: c", b"%PDF")
    assert file.name == "a b  c.pdf"
    assert file.read_bytes() == b"%PDF"
    assert papers_printing.file_name("...") == "paper.pdf"
    assert QImage.fromData(b"nothing").isNull()
