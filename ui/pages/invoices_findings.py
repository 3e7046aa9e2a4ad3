"""What does not fit about money after terminals were apart: said on a card, with a press that shows which papers."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr, trn
from core.workshop.invoice_findings import InvoiceFinding
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label

SHOWN = 2  # at once: the list needs its room


class FindingsCard(QFrame):
    """``wanted(rows)``: show these papers and no others; empty: all again."""

    wanted = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.space(4), theme.space(2), theme.space(2), theme.space(2))
        self._column.setSpacing(theme.space(1))
        self._rows: list[QWidget] = []
        self.findings: tuple[InvoiceFinding, ...] = ()
        self.among: tuple[str, ...] = ()
        self.buttons: list[Button] = []
        self.hide()

    def show_findings(self, findings: Sequence[InvoiceFinding], among: tuple[str, ...]) -> None:
        """What was found; ``among``: the papers that the list is held to, whose finding stands first."""
        found = tuple(sorted(findings, key=lambda each: each.rows != among))
        if (found, among) == (self.findings, self.among):
            return
        self.findings, self.among = found, among
        for each in self._rows:
            each.hide()
            each.deleteLater()
        self._rows, self.buttons = [], []
        for finding in found[:SHOWN]:
            self._add(finding)
        if len(found) > SHOWN:
            more = trn("{count} more like this", "{count} more like these", len(found) - SHOWN)
            self._put(label(more, "caption"))
        self.setVisible(bool(found))

    def _add(self, finding: InvoiceFinding) -> None:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("warning", 26, "warning"), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(label(finding.words, wrap=True), 1)
        held = finding.rows == self.among
        button = Button(tr("Show all again") if held else tr("Show them"), "close" if held else "search")
        button.clicked.connect(lambda _=False: self.wanted.emit(() if held else finding.rows))
        self.buttons.append(button)
        row.addWidget(button)
        self._put(host)

    def _put(self, widget: QWidget) -> None:
        self._rows.append(widget)
        self._column.addWidget(widget)
