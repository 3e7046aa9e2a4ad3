"""Which lines of an invoice are given back: all that are left are ticked, and the sum follows every press."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.invoice_content import InvoiceLine
from ui import theme
from ui.invoices_reading import InvoiceRead
from ui.money_words import money
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, Button, pressed_by_enter
from ui.widgets.dialogs import Sheet
from ui.widgets.drawn_text import text
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

FEW = 6  # lines that fit without scrolling
TICK = 30  # px


class LineTick(QAbstractButton):
    """A line with a box to tick. One that was credited already says so, and cannot be ticked."""

    def __init__(self, line: InvoiceLine, currency: str, *, gone: bool) -> None:
        super().__init__()
        self.line, self._currency, self._gone = line, currency, gone
        self.setCheckable(True)
        self.setChecked(not gone)
        self.setEnabled(not gone)
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(line.description or tr("Line without words"))
        said = tr("credited already") if gone else ""
        self.setAccessibleName(", ".join(each for each in (self.text(), money(line.net, currency), said) if each))

    def sizeHint(self) -> QSize:
        return QSize(400, theme.target)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        square = QRectF(4, box.center().y() - TICK / 2, TICK, TICK)
        ticked = self.isChecked()
        token = "focus" if self.hasFocus() else "accent" if ticked else "outline"
        painter.setPen(QPen(theme.color("line" if self._gone else token), 2))
        painter.setBrush(theme.color("accent_surface" if ticked else "surface_sunken"))
        painter.drawRoundedRect(square, 6, 6)
        if ticked:
            icons.paint(painter, "ok", square.adjusted(5, 5, -5, -5), "accent")
        font = theme.font(theme.base, "medium" if ticked else "regular", tabular=True)
        ink = "text" if ticked else "text_muted"
        amount = money(self.line.net, self._currency)
        used = QFontMetricsF(font).horizontalAdvance(amount) + 16
        words = self.text()
        if self._gone:
            words = tr("{line}, credited already", line=words)
        text(painter, QRectF(TICK + 20, 0, box.width() - TICK - 24 - used, box.height()), font, ink, words)
        text(painter, QRectF(box.width() - used, 0, used - 4, box.height()), font, ink, amount, right=True)
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.color("line"))


class CreditSheet(Sheet):
    """``chosen(line ids)`` when a person goes on."""

    def __init__(self, anchor: QWidget, found: InvoiceRead, chosen: Callable[[Collection[str]], object]) -> None:
        super().__init__(anchor, tr("What is given back?"), width=760)
        self.found, self._chosen = found, chosen
        currency = found.invoice.currency
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.ticks = {
            line.id: LineTick(line, currency, gone=line.id in found.gone) for line in found.content.lines if line.id
        }
        for tick in self.ticks.values():
            tick.toggled.connect(lambda _: self._show())
            column.addWidget(tick)
        column.addStretch(1)
        if len(self.ticks) > FEW:
            area = scrolling(content)
            area.setMinimumHeight(theme.target * FEW)
            self.body.addWidget(area, 1)
        else:
            self.body.addWidget(content)
        self.sum = label("")
        self.sum.setFont(theme.font(theme.scaled(28), "semibold", tabular=True))
        self.sum.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.body.addWidget(self.sum)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.go = Button(tr("Say why"), "chevron-right", role="primary")
        self.go.clicked.connect(lambda _=False: self._go())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.go, 1)
        self._show()

    def lines(self) -> list[str]:
        """The ids of what is ticked."""
        return [row for row, tick in self.ticks.items() if tick.isChecked()]

    def _show(self) -> None:
        lines = self.lines()
        amount = money(self.found.credit_of(lines) if lines else 0, self.found.invoice.currency)
        self.sum.setText(tr("Given back, tax included: {amount}", amount=amount))
        self.go.setEnabled(bool(lines))

    def _go(self) -> None:
        lines = self.lines()
        self.close_sheet()
        self._chosen(lines)
