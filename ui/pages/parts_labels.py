"""The label of a part: seen as it will be printed, printed as often as wanted, or kept as a PDF."""

from pathlib import Path

from PySide6.QtCore import QMarginsF, QSizeF, QStandardPaths, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QHBoxLayout, QLabel

from core.language import tr
from core.records.records import Records
from core.workshop.parts import PartView
from ui import background, theme
from ui.pages.parts_desk import EXPECTED, PartsDesk
from ui.widgets import toast
from ui.widgets.buttons import Button, IconButton
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

PPI = 300  # of the picture that is printed: what a label printer has
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
        self._pdf, self._name = b"", ""
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
        picture, self._pdf, self._name = made
        self.picture = QImage.fromData(picture)
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
        """Print on the printer this computer prints on; without one, say so."""
        found = QPrinterInfo.defaultPrinter()
        if found.isNull():
            detail = tr("Set one up on this computer, or keep the label as a PDF.")
            toast.show(self._desk.anchor, tr("This computer has no printer."), detail=detail, tone="warning")
            return
        printer = QPrinter(found, QPrinter.PrinterMode.HighResolution)
        inches = QSizeF(self.picture.width() / PPI, self.picture.height() / PPI)
        printer.setPageSize(QPageSize(inches, QPageSize.Unit.Inch))
        printer.setPageMargins(QMarginsF(), QPageLayout.Unit.Millimeter)
        printer.setCopyCount(self.copies)
        painter = QPainter(printer)
        painter.drawImage(painter.viewport(), self.picture)
        painter.end()
        self.close_sheet()
        toast.show(self._desk.anchor, tr("The label went to {printer}.", printer=found.description()), tone="ok")

    def keep_pdf(self) -> None:
        """Keep it among the documents of whoever is at this computer."""
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        file, content, anchor = folder / f"{self._name}.pdf", self._pdf, self._desk.anchor

        def work() -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            return file

        def failed(error: Exception) -> None:
            self._desk.failed(error, tr("The label could not be kept"))

        def kept(where: Path) -> None:
            toast.show(anchor, tr("The label is kept."), detail=str(where), tone="ok")

        background.run(anchor, work, kept, failed)
        self.close_sheet()
