"""A paper as it will be printed, laid over the page that asked for it: look, print, save, open.

Any page opens one::

    open_paper(self, self.context, "invoice", invoice_id)  # kinds: ui.papers_made.KINDS
    show_paper(self, tr("Estimate"), make)  # make() -> Paper, called off the window's thread
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr, trn
from core.records.errors import RecordsError, explained
from core.records.input import NotFound
from ui import background, papers_printing, theme
from ui.context import UiContext
from ui.pages.papers_printer import choose_printer, printers
from ui.pages.papers_sheets import SHOWN_PPI, PagesView
from ui.papers_made import Make, Shown, paper_of
from ui.widgets import toast
from ui.widgets.buttons import Button, IconButton
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

EXPECTED = (NotFound, RecordsError, OSError)
WIDTH = 1240
COLUMN = 250
Where = Callable[[QWidget, Path], Path | None]


def open_paper(parent: QWidget, context: UiContext, kind: str, row: str, **choices: Any) -> "PaperSheet":
    """Show the paper ``kind`` of a row: ``ui.papers_made.KINDS``. ``choices``: ``language``, ``prices``."""
    return show_paper(parent, "", paper_of(context, kind, row, **choices), context=context)


def show_paper(parent: QWidget, title: str, make: Make, *, context: UiContext | None = None) -> "PaperSheet":
    """Lay the paper that ``make`` makes (off the window's thread) over the window of ``parent``.

    ``title`` "": the paper's own. ``context``: the window's, when not given.
    """
    sheet = PaperSheet(parent, title, make, context or getattr(parent.window(), "context", None))
    sheet.open()
    return sheet


class PaperSheet(Sheet):
    """Pages to look at, and what can be done with them. ``paper`` is None until it is set."""

    def __init__(self, anchor: QWidget, title: str, make: Make, context: UiContext | None) -> None:
        super().__init__(anchor, width=WIDTH)
        self._anchor, self._context = anchor, context
        self._named = title
        self.paper: Any = None  # Shown, once it is set
        self._pages = 0
        self.pdf = b""  # the paper as it is saved
        self.ending = papers_printing.PDF
        self.where: Where = papers_printing.ask_where
        self.kiosk = context is not None and context.preferences.kiosk
        self.setAccessibleName(title or tr("Paper"))
        self.view = PagesView()
        # Paper is high and screens are wide: what can be done with it stands beside it, not under it.
        row = QHBoxLayout()
        row.setSpacing(theme.space(6))
        row.addWidget(self.view, 1)
        row.addLayout(self._column())
        self.body.addLayout(row, 1)
        self._busy(True)
        background.run(self, lambda: _set(make), self._show, self._failed)

    def _column(self) -> QVBoxLayout:
        """What it is, how large it is shown, and what can be done with it."""
        column = QVBoxLayout()
        column.setSpacing(theme.space(3))
        head = QHBoxLayout()
        head.addStretch(1)
        self.cross = IconButton("close", tr("Close"))
        self.cross.clicked.connect(self.close_sheet)
        head.addWidget(self.cross)
        column.addLayout(head)
        self.heading = label(self._named or tr("Paper"), "heading", wrap=True)
        self.heading.setFixedWidth(theme.scaled(COLUMN))
        self.count = label(tr("The paper is being set …"), "muted", wrap=True)
        column.addWidget(self.heading)
        column.addWidget(self.count)
        column.addLayout(self._zooming())
        column.addStretch(1)
        for button in self._buttons():
            column.addWidget(button)
        return column

    def _zooming(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.smaller, self.larger = Button("", "minus"), Button("", "plus")
        self.smaller.setAccessibleName(tr("Smaller"))
        self.larger.setAccessibleName(tr("Larger"))
        self.smaller.setToolTip(tr("Smaller"))
        self.larger.setToolTip(tr("Larger"))
        self.smaller.clicked.connect(lambda _=False: self._zoom(-1))
        self.larger.clicked.connect(lambda _=False: self._zoom(1))
        row.addWidget(self.smaller, 1)
        row.addWidget(self.larger, 1)
        return row

    def _buttons(self) -> tuple[Button, ...]:
        self.open_it = Button(tr("Open it"), "folder")
        self.save = Button(tr("Save as PDF"), "export")
        self.print = Button(tr("Print"), "print", role="primary")
        self.open_it.clicked.connect(lambda _=False: self.open_elsewhere())
        self.save.clicked.connect(lambda _=False: self.save_pdf())
        self.print.clicked.connect(lambda _=False: self.print_it())
        self.open_it.setHidden(self.kiosk)  # another program would be a way out
        return self.open_it, self.save, self.print

    def _busy(self, busy: bool) -> None:
        ready = not busy and self.paper is not None
        for button in (self.open_it, self.save, self.print):
            button.setEnabled(ready)
        self.smaller.setEnabled(ready and self.view.can_zoom(-1))
        self.larger.setEnabled(ready and self.view.can_zoom(1))

    def _show(self, found: tuple[Shown, bytes, tuple[bytes, ...]]) -> None:
        self.paper, self.pdf, pages = found
        name = self._named or self.paper.title
        self.setAccessibleName(name)
        self.heading.setText(name)
        self._pages = len(pages)
        self._say_pages()
        self.view.show_pages(pages)
        self._busy(False)
        self.print.setFocus(Qt.FocusReason.TabFocusReason)

    def _say_pages(self) -> None:
        self.count.setText(trn("{count} page", "{count} pages", self._pages))

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        self.count.setText(tr("It cannot be shown"))
        self.view.say(str(error))

    def _zoom(self, step: int) -> None:
        self.view.zoom(step)
        self._busy(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        for keys, button in (
            (QKeySequence.StandardKey.Print, self.print),
            (QKeySequence.StandardKey.Save, self.save),
            (QKeySequence.StandardKey.ZoomIn, self.larger),
            (QKeySequence.StandardKey.ZoomOut, self.smaller),
        ):
            if event.matches(keys):
                button.click()
                event.accept()
                return
        if not self.view.scroll_by_key(event.key()):
            super().keyPressEvent(event)

    # Out of the window -----------------------------------------------------------------------------------------------

    def save_pdf(self) -> None:
        """Into a file: where a person says, in kiosk mode among the exports."""
        if self.paper is None:
            return
        name, pdf = papers_printing.file_name(self.paper.name, self.ending), self.pdf
        if self.kiosk and self._context is not None:
            path: Path | None = papers_printing.free(self._context.home / "exports" / name)
        else:
            path = self.where(self._anchor, Path.home() / name)
        if path is None:
            return
        file = path
        self._busy(True)
        background.run(self, lambda: papers_printing.kept(file, pdf), self._saved, partial(self._not_saved, file))

    def _saved(self, path: Path) -> None:
        self._busy(False)
        toast.show(self._anchor, tr("Saved"), detail=str(path), tone="ok")

    def _not_saved(self, path: Path, error: Exception) -> None:
        self._busy(False)
        if not isinstance(error, OSError):
            raise error
        why = explained(error, path) or f"{path}: {error.strerror or error}"
        toast.show(self._anchor, tr("Nothing was saved"), detail=str(why), tone="critical")

    def open_elsewhere(self) -> None:
        """In the program this computer shows PDF with."""
        if self.paper is None:
            return
        name, pdf, ending = self.paper.name, self.pdf, self.ending
        failed = partial(self._not_saved, Path(tempfile.gettempdir()))
        self._busy(True)
        background.run(self, lambda: papers_printing.for_a_look(name, pdf, ending), self._opened, failed)

    def _opened(self, path: Path) -> None:
        self._busy(False)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            detail = tr("Save it, and open it elsewhere.")
            toast.show(self._anchor, self.no_program(), detail=detail, tone="warning")

    def no_program(self) -> str:
        return tr("This computer has no program that shows PDF.")

    def print_it(self) -> None:
        """Ask for the printer, set the pages finely, and print them."""
        if self.paper is None:
            return
        if names := printers(self._anchor):
            if self.kiosk:
                choose_printer(self._anchor, names, self.print_on)
            else:
                self._print_with_dialog()

    def _print_with_dialog(self) -> None:
        printer = QPrinter(QPrinterInfo.defaultPrinter(), QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self.window())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Off this thread: a sheet in 300 dots an inch takes its time, and so may the printer's queue."""
        paper = self.paper
        if paper is None:
            return
        self._busy(True)
        self.count.setText(tr("Printing …"))

        def work() -> bool:
            return papers_printing.print_pages(printer, paper.pages(papers_printing.PRINT_PPI))

        background.run(self, work, partial(self._printed, printer), partial(self._not_printed, printer))

    def _printed(self, printer: QPrinter, took: bool) -> None:
        if took:
            name = printer.printerName() or printer.outputFileName()
            toast.show(self._anchor, tr("It went to {printer}.", printer=name), tone="ok")
            self.close_sheet()
            return
        self._busy(False)
        self._say_pages()
        if name := printer.outputFileName():
            detail = tr("Is there room, and may this program write there?")
            toast.show(self._anchor, tr("{file} could not be written.", file=name), detail=detail, tone="critical")
        else:
            said = tr("The printer did not take it. Look at it, then try again.")
            toast.show(self._anchor, said, tone="critical")

    def _not_printed(self, printer: QPrinter, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        self._printed(printer, took=False)


def _set(make: Make) -> tuple[Shown, bytes, tuple[bytes, ...]]:
    """The paper, as PDF and as pages to look at. Waits."""
    paper = make()
    return paper, paper.file(), paper.pages(SHOWN_PPI)
