"""The label of a part: seen as it will be printed, printed as often as wanted, or kept as a PDF."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QHBoxLayout, QLabel

from core.language import tr
from core.records.errors import explained
from core.records.records import Records
from core.workshop.parts import PartView
from ui import background, papers_printing, theme
from ui.pages.papers_printer import choose_printer, printers
from ui.pages.parts_desk import EXPECTED, PartsDesk
from ui.widgets import toast
from ui.widgets.buttons import Button, IconButton
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

PPI = papers_printing.PRINT_PPI  # of the picture that is printed: what a label printer has
SHOWN_PX = 520
MOST_COPIES = 99


def set_label(records: Records, row: str) -> tuple[bytes, bytes, str]:
    """The label of a part as a picture and as PDF, and what its file is called. Waits. Raises ``NotFound``."""
    from core.workshop.papers_of_work import part_label_paper  # with it comes typst: only when a label is asked for

    with records.read() as session:
        paper = part_label_paper(session, row)
    return paper.pages(PPI)[0], paper.pdf(), paper.name


class LabelSheet(Sheet):
    """What sticks on the bin: name, number, place and the code that opens the part on this screen."""

    def __init__(self, desk: PartsDesk, part: PartView) -> None:
        super().__init__(desk.anchor, tr("Label"), width=640)
        self._desk, self.part = desk, part
        self.copies = 1
        self.picture = QImage()
        self._picture, self._pdf, self._name = b"", b"", ""
        self.shown = QLabel(tr("The label is being set …"))
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.shown.setMinimumHeight(theme.scaled(260))
        self.body.addWidget(self.shown)
        self.body.addLayout(self._counter())
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.save = Button(tr("Keep as PDF"), "export")
        self.save.clicked.connect(lambda _=False: self.keep_pdf())
        self.print = Button(tr("Print"), "ok", role="primary")
        self.print.clicked.connect(lambda _=False: self.print_it())
        for button in (cancel, self.save, self.print):
            self.footer.addWidget(button, 1)
        self.save.setEnabled(False)
        self.print.setEnabled(False)
        records, row = desk.records, part.id
        background.run(self, lambda: set_label(records, row), self._show, self._failed)

    def _counter(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label(tr("How many labels")), 1)
        fewer, more = IconButton("minus", tr("One fewer")), IconButton("plus", tr("One more"))
        fewer.clicked.connect(lambda: self._count(-1))
        more.clicked.connect(lambda: self._count(1))
        self.number = label("1", "heading")
        self.number.setMinimumWidth(theme.scaled(44))
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for widget in (fewer, self.number, more):
            row.addWidget(widget)
        return row

    def _count(self, step: int) -> None:
        self.copies = max(1, min(MOST_COPIES, self.copies + step))
        self.number.setText(str(self.copies))

    def _show(self, made: tuple[bytes, bytes, str]) -> None:
        self._picture, self._pdf, self._name = made
        self.picture = QImage.fromData(self._picture)
        shown = QPixmap.fromImage(self.picture).scaledToWidth(
            theme.scaled(SHOWN_PX), Qt.TransformationMode.SmoothTransformation
        )
        self.shown.setPixmap(shown)
        self.save.setEnabled(True)
        self.print.setEnabled(True)
        self.refit()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        self.shown.setText(str(error))

    def print_it(self) -> None:
        """Labels have a printer of their own, seldom the usual one: of several it is asked on which."""
        if names := printers(self._desk.anchor):
            choose_printer(self._desk.anchor, names, self.print_on, ask=True)

    def print_on(self, printer: QPrinter) -> None:
        """Print so many; off this thread, since the queue of a printer may take its time."""
        picture, anchor = self._picture, self._desk.anchor
        printer.setCopyCount(self.copies)

        def printed(took: bool) -> None:
            if took:
                said = tr("The label went to {printer}.", printer=printer.printerName() or printer.outputFileName())
                toast.show(anchor, said, tone="ok")
            else:
                said = tr("The printer did not take it. Look at it, then try again.")
                toast.show(anchor, said, tone="critical")

        background.run(anchor, lambda: papers_printing.print_pages(printer, (picture,)), printed)
        self.close_sheet()

    def keep_pdf(self) -> None:
        """Keep it among the documents of whoever is at this computer; in kiosk mode among the exports."""
        context = self._desk.context
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        folder = context.home / "exports" if context.preferences.kiosk else Path(documents)
        file, content, anchor = folder / papers_printing.file_name(self._name), self._pdf, self._desk.anchor

        def failed(error: Exception) -> None:
            said = explained(error, file) if isinstance(error, OSError) else None
            self._desk.failed(said or error, tr("The label could not be kept"))

        def kept(where: Path) -> None:
            toast.show(anchor, tr("The label is kept."), detail=str(where), tone="ok")

        background.run(anchor, lambda: papers_printing.kept(papers_printing.free(file), content), kept, failed)
        self.close_sheet()
