"""The plots of all strips under one another, with one time axis and one cursor through them."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from core.language import tr
from ui import theme
from ui.widgets.trend_glyphs import SIZE
from ui.widgets.trend_model import TrendModel
from ui.widgets.trend_paint import paint_axes, paint_ends, paint_limit_words
from ui.widgets.trend_places import Places
from ui.widgets.trend_readout import paint_cursors, paint_playhead, paint_table, read, spoken
from ui.widgets.trend_strip import View
from ui.widgets.trend_window import TrendWindow


class TrendCanvas(QWidget):
    """Draws; what moves it is in ``trend_gestures``, what it shows in the model and the window.

    ``offset`` is added to the source's clock to get the epoch, ``now`` the source's clock when it was last drawn.
    """

    def __init__(self, model: TrendModel, window: TrendWindow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model, self.time_window = model, window
        self.places = Places(0, 0, 0, 0, (), ())
        self.view = View(0, 1, 1.0)
        self.offset = self.now = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Trends"))
        window.cursors_changed.connect(self._cursors_moved)

    def sizeHint(self) -> QSize:
        return QSize(900, self.places.height or 300)

    # --- geometry

    def set_places(self, places: Places) -> None:
        """Lie as ``places`` says; it begins right of the headers."""
        self.places = places
        self.update()

    def plot(self, n: int) -> QRectF:
        """The plot of strip ``n``."""
        return QRectF(self.places.axes, self.places.tops[n], self.places.plot, self.places.heights[n])

    @property
    def plots(self) -> list[QRectF]:
        """The plots of all strips."""
        return [self.plot(n) for n in range(min(len(self.places.tops), len(self.model.strips)))]

    def time_at(self, x: float) -> float:
        """The time under ``x`` px of this widget, kept within the plots."""
        return self.view.t(min(max(x - self.places.axes, 0.0), float(self.places.plot)))

    def x_of(self, t: float) -> float:
        """Where time ``t`` lies, px of this widget."""
        return self.places.axes + self.view.x(t)

    # --- showing

    def show_view(self, view: View, everything: bool) -> None:
        """Show what ``view`` sees; only what moved is painted unless ``everything`` is to be."""
        self.view = view
        rendered = [strip.render(view, h) for strip, h in zip(self.model.strips, self.places.heights, strict=False)]
        cursors = self.time_window.cursors
        everything = everything or cursors.at is not None or cursors.measuring  # the table may reach over the axes
        left = 0 if everything else self.places.axes
        if not any(rendered) and not everything:  # only the newest values moved
            left = max(left, int(self._ends_from()))
        self.update(QRect(left, 0, self.width() - left, self.height()))

    def _ends_from(self) -> float:
        """Left of the leftmost mark at a line's end, px."""
        ends = [line.end(self.view) for line in self.model.lines()]
        return min((self.x_of(end[0]) for end in ends if end is not None), default=0.0) - 3 * SIZE

    def _cursors_moved(self) -> None:
        self.update()
        cursors = self.time_window.cursors
        if cursors.pinned or cursors.measuring:  # not for every px of a pointer
            self.setAccessibleDescription(spoken(read(self.model, self.view, cursors, self.now, self.offset)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        dirty, plots = QRectF(event.rect()), self.plots
        self._paint_ground(painter, dirty, plots)
        for strip, plot in zip(self.model.strips, plots, strict=False):
            if dirty.top() > plot.bottom() or dirty.bottom() < plot.top():
                continue
            strip.layer.show(painter, plot, self.view.first, self.view.count)
            if dirty.left() < plot.left():
                paint_axes(painter, strip, plot)
            paint_limit_words(painter, strip, plot)
            paint_ends(painter, strip, plot, self.view, self.places.names)
            if not any(line.history.size for line in strip.lines):
                painter.setPen(theme.color("text_muted"))
                painter.setFont(theme.font(theme.base))
                painter.drawText(plot, Qt.AlignmentFlag.AlignCenter, self._nothing_words())
        self._paint_cursors(painter, plots)

    def _paint_ground(self, painter: QPainter, dirty: QRectF, plots: list[QRectF]) -> None:
        """Everything no picture covers."""
        ground = theme.color("surface")
        right = self.places.axes + self.places.plot
        painter.fillRect(QRectF(right, dirty.top(), self.width() - right, dirty.height()), ground)
        top = 0.0
        for plot in plots:
            painter.fillRect(QRectF(0, top, self.width(), plot.top() - top), ground)
            painter.fillRect(
                QRectF(right, plot.top(), self.width() - right, plot.height()), theme.color("surface_sunken")
            )
            top = plot.bottom()
        painter.fillRect(QRectF(0, top, self.width(), self.height() - top), ground)

    def _paint_cursors(self, painter: QPainter, plots: list[QRectF]) -> None:
        cursors = self.time_window.cursors
        if self.time_window.playhead is not None:
            paint_playhead(painter, plots, self.view, self.time_window.playhead)
        paint_cursors(painter, self.model.strips[: len(plots)], plots, self.view, cursors)
        if self.hasFocus() and plots:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(plots[0].united(plots[-1]).adjusted(1, 1, -1, -1))
        table = read(self.model, self.view, cursors, self.now, self.offset)
        if table is not None and plots:
            visible = QRectF(self.visibleRegion().boundingRect())
            area = plots[0].united(plots[-1]).intersected(visible)
            shown = (cursors.a, cursors.b) if cursors.measuring else (cursors.at,)
            spots = [self.x_of(t) for t in shown if t is not None]
            paint_table(painter, table, area, (min(spots), max(spots)), self.width())

    def _nothing_words(self) -> str:
        return tr("Not in this recording") if self.time_window.recorded else tr("The car has not answered yet")
