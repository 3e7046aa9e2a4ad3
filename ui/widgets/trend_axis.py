"""The time axis under the strips: the clock on the wall, and how long ago the cursor is."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.widgets.trend_canvas import TrendCanvas
from ui.widgets.trend_time import TimeTick, ago, clock
from ui.widgets.trend_window import TrendWindow

HEIGHT = 30  # px
LABEL_ROOM = 96  # px a label and the space about it want


class TrendAxis(QWidget):
    """Labels for the canvas's vertical lines. ``ticks`` are shown; ``follow`` redraws after the canvas moved on."""

    def __init__(self, canvas: TrendCanvas, window: TrendWindow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._window = canvas, window
        self.left = 0  # px from this widget's left edge to the plots
        self.ticks: tuple[TimeTick, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFixedHeight(theme.scaled(HEIGHT))
        window.cursors_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(600, theme.scaled(HEIGHT))

    def follow(self, ticks: tuple[TimeTick, ...], left: int) -> None:
        """The canvas moved on: show these ticks, with the plots' left edge at ``left`` px."""
        self.ticks, self.left = ticks, left
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        font = theme.font(theme.scaled(14), "regular", tabular=True)
        painter.setFont(font)
        right = self.left + self._canvas.places.plot
        for tick in self.ticks:
            x = self.left + self._canvas.view.x(tick.t)
            if self.left - 1 <= x <= right + 1:
                painter.fillRect(QRectF(round(x), 0, 1, 6), theme.color("outline"))
                painter.setPen(theme.color("text_muted"))
                painter.drawText(QRectF(x - 60, 6, 120, self.height() - 6), Qt.AlignmentFlag.AlignCenter, tick.text)
        at = self._window.cursors.at
        if at is not None and not self._window.cursors.measuring:
            self._paint_flag(painter, at, right)

    def _paint_flag(self, painter: QPainter, at: float, right: int) -> None:
        """The cursor's own time, over the labels."""
        decimals = 1 if self._canvas.view.step * self._canvas.view.ratio < 1 else 0
        words = f"{clock(at, self._canvas.offset, decimals)}   {ago(self._canvas.now - at, decimals)}"
        font = theme.font(theme.scaled(14), "semibold", tabular=True)
        width = QFontMetricsF(font).horizontalAdvance(words) + 20
        x = self.left + self._canvas.view.x(at)
        if not self.left - 1 <= x <= right + 1:
            return
        box = QRectF(min(max(x - width / 2, 0), self.width() - width), 3, width, self.height() - 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("outline"), 1))
        painter.setBrush(theme.color("surface_raised"))
        painter.drawRoundedRect(box, 6, 6)
        painter.drawLine(QPointF(x, 0), QPointF(x, 3))
        painter.setPen(theme.color("text"))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
