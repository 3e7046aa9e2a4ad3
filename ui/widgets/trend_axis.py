"""The time axis under the strips: the clock on the wall, and how long ago the cursor is."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.widgets.trend_canvas import TrendCanvas
from ui.widgets.trend_time import TimeTick, ago, clock
from ui.widgets.trend_window import TrendWindow

HEIGHT = 30  # px
CLOSE = 140  # px between A and B
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
        cursors = self._window.cursors
        if cursors.a is not None or cursors.b is not None:
            self._paint_marks(painter, right)
        elif cursors.at is not None:
            words = f"{self._clock(cursors.at)}   {ago(self._canvas.now - cursors.at, self._decimals)}"
            self._paint_flag(painter, cursors.at, words, right)

    @property
    def _decimals(self) -> int:
        return 1 if self._canvas.view.step * self._canvas.view.ratio < 1 else 0

    def _clock(self, t: float) -> str:
        return clock(t, self._canvas.offset, self._decimals)

    def _paint_marks(self, painter: QPainter, right: int) -> None:
        """A and B at their feet; beside each other when they are close."""
        cursors = self._window.cursors
        both = cursors.a is not None and cursors.b is not None
        for t, other, letter in ((cursors.a, cursors.b, "A"), (cursors.b, cursors.a, "B")):
            if t is not None:
                near = both and other is not None and abs(self._canvas.view.x(t) - self._canvas.view.x(other)) < CLOSE
                side = 0 if not near or other is None else -1 if (t, letter) < (other, "B") else 1
                self._paint_flag(painter, t, f"{letter}  {self._clock(t)}", right, side)

    def _paint_flag(self, painter: QPainter, at: float, words: str, right: int, side: int = 0) -> None:
        """The cursor's own time over the labels; ``side`` -1 or 1 puts it left or right of the cursor."""
        font = theme.font(theme.scaled(14), "semibold", tabular=True)
        width = QFontMetricsF(font).horizontalAdvance(words) + 20
        x = self.left + self._canvas.view.x(at)
        if not self.left - 1 <= x <= right + 1:
            return
        left = x - width / 2 + side * width / 2
        box = QRectF(min(max(left, 0), self.width() - width), 3, width, self.height() - 4)
        letter = words[0] in "AB"
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent" if letter else "outline"), 1))
        painter.setBrush(theme.color("accent" if letter else "surface_raised"))
        painter.drawRoundedRect(box, 6, 6)
        painter.drawLine(QPointF(x, 0), QPointF(x, 3))
        painter.setPen(theme.color("on_accent" if letter else "text"))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
