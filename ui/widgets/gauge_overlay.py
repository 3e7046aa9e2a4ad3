"""What is drawn over the gauges while they are arranged: grips, the place a dropped one takes, or why it may not."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.language import tr
from ui import theme
from ui.widgets import icons
from ui.widgets.gauge_chrome import MARGIN
from ui.widgets.gauge_paint import CENTERED, FADE, LEFT, fade, font, pen, put, text_width

GRIP = 48  # px, a target for a finger (UI.md: tablets 48 px); drawn smaller


def resize_grip(gauge: QRect) -> QRect:
    """The corner a gauge is resized by."""
    return QRect(gauge.right() - MARGIN - GRIP + 1, gauge.bottom() - MARGIN - GRIP + 1, GRIP, GRIP)


def remove_grip(gauge: QRect) -> QRect:
    """The corner a gauge is removed by."""
    return QRect(gauge.right() - MARGIN - GRIP + 1, gauge.top() + MARGIN, GRIP, GRIP)


class ArrangeOverlay(QWidget):
    """Lies over the grid and takes no input. Tell it what to show with ``show_state``."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._gauges: list[QRect] = []
        self._held: QRect | None = None
        self._target: QRect | None = None
        self._refused = False

    def show_state(self, gauges: list[QRect], held: QRect | None, target: QRect | None, refused: bool) -> None:
        """``gauges`` that can be taken hold of, the one ``held``, and where it would land."""
        self._gauges, self._held, self._target, self._refused = gauges, held, target, refused
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._target is not None:
            self._paint_target(painter, QRectF(self._target).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))
        for rect in self._gauges:
            self._paint_grips(painter, rect)
        if self._held is not None:
            box = QRectF(self._held).adjusted(MARGIN + 1, MARGIN + 1, -MARGIN - 1, -MARGIN - 1)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(theme.color("critical" if self._refused else "accent"), 3.0))
            painter.drawRoundedRect(box, theme.radius, theme.radius)

    def _paint_target(self, painter: QPainter, box: QRectF) -> None:
        token = "critical" if self._refused else "accent"
        edge = pen(theme.color(token), 2.5, Qt.PenCapStyle.FlatCap)
        edge.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.setBrush(theme.color(token, 0.16))
        painter.drawRoundedRect(box, theme.radius, theme.radius)
        if not self._refused:
            return
        words = tr("No room here")
        width = text_width(words, theme.base, "semibold") + 52
        pill = QRectF(0, 0, width, theme.base * 2.1)
        pill.moveCenter(box.center())
        painter.setPen(pen(theme.color("critical"), 1.5))
        painter.setBrush(theme.color("critical_surface"))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        icons.paint(painter, "critical", QRectF(pill.left() + 12, pill.center().y() - 11, 22, 22), "critical")
        put(painter, pill.adjusted(40, 0, 0, 0), words, font(theme.base, "semibold"), theme.color("text"), LEFT)

    def _paint_grips(self, painter: QPainter, rect: QRect) -> None:
        edge = pen(theme.color("outline"), 1.5, Qt.PenCapStyle.FlatCap)
        edge.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        box = QRectF(rect).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        painter.drawRoundedRect(box, theme.radius, theme.radius)
        for grip, name in ((remove_grip(rect), "close"), (resize_grip(rect), "resize")):
            beneath = QRectF(grip).adjusted(-FADE, 5, -3, -5)
            fade(painter, theme.color("surface_raised"), beneath)
            spot = QRectF(grip).adjusted(7, 7, -7, -7)
            painter.setPen(pen(theme.color("outline"), 1.2))
            painter.setBrush(_veil(theme.color("surface_pressed")))
            painter.drawRoundedRect(spot, 8, 8)
            icons.paint(painter, name, spot.adjusted(7, 7, -7, -7), "text")


def _veil(color: QColor) -> QColor:
    color.setAlphaF(0.92)
    return color


class EmptyGrid(QWidget):
    """What an empty grid says; its button is the page's own."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.rect().center())
        icons.paint(painter, "dial", QRectF(middle.x() - 32, middle.y() - 96, 64, 64), "text_muted")
        lines = (
            (tr("No gauges yet"), round(theme.base * 1.4), "semibold", "text"),
            (tr("Press + or “Add gauge” and choose what you want to see."), theme.base, "regular", "text_muted"),
        )
        top = middle.y() - 20
        for words, px, weight, token in lines:
            put(painter, QRectF(0, top, self.width(), px * 1.6), words, font(px, weight), theme.color(token), CENTERED)
            top += px * 1.9
