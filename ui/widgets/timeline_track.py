"""A stretch of time one can take hold of: a handle on a bar, with alarms as marks and silence as hatching."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from core.language import tr
from ui import theme
from ui.widgets.trend_time import ago, clock, tick_step, time_ticks

BAR = 12  # px high
HANDLE = 13.0  # px, half its width
MARK = 7.0  # px, half the width of an alarm
SNAP = 9.0  # px within which a press means an alarm
SIDE = 18.0  # px left and right of the bar
LABEL_ROOM = 110  # px


@dataclass(frozen=True, slots=True)
class AlarmMark:
    """An alarm on the bar: when it was raised (s of the source's clock), how bad ("warning", "critical"), its words."""

    t: float
    severity: str
    words: str = ""


class TimelineTrack(QAbstractSlider):
    """Time from ``start`` to ``end`` (s of the source's clock) with a handle at ``position``; None is at the end.

    ``sought`` carries the time a person asks for; the handle moves at once, what it shows is up to the listener.
    ``toggle_asked`` is the space bar.
    """

    sought = Signal(float)
    toggle_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = self.end = self.offset = 0.0
        self.position: float | None = None
        self.view: tuple[float, float] | None = None  # what the trends show
        self.gaps: Sequence[tuple[float, float]] = ()
        self.alarms: Sequence[AlarmMark] = ()
        self.from_start = False  # say times from the start instead of from now: a recording
        self._dragging = False
        self._hover: float | None = None
        self._key: object = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Time"))

    def sizeHint(self) -> QSize:
        return QSize(600, theme.scaled(66))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, theme.scaled(66))

    # --- what it shows

    @property
    def dragging(self) -> bool:
        """Whether a person holds the handle."""
        return self._dragging

    def show_time(
        self,
        start: float,
        end: float,
        position: float | None,
        *,
        view: tuple[float, float] | None = None,
        gaps: Sequence[tuple[float, float]] = (),
        alarms: Sequence[AlarmMark] = (),
    ) -> None:
        """Show a span with the handle at ``position``; repaints only when it would look different."""
        self.start, self.end, self.view, self.gaps, self.alarms = start, max(end, start), view, gaps, alarms
        if not self._dragging:
            self.position = position
        key = (
            round(self.x_of(self.at)), round((self.end - self.start) * 2), self.position is None, tuple(alarms),
            None if view is None else tuple(round(self.x_of(t)) for t in view),
            tuple((round(self.x_of(a)), round(self.x_of(b))) for a, b in gaps),
            clock(self.at, self.offset), self.width(),
        )  # fmt: skip
        if key != self._key:
            self._key = key
            self._tell_value()
            self.update()

    @property
    def at(self) -> float:
        """Where the handle is, s."""
        return self.end if self.position is None else min(max(self.position, self.start), self.end)

    def words(self, t: float) -> str:
        """A moment in words: the clock on the wall, and how long before now or after the start."""
        beside = ago(-(t - self.start)) if self.from_start else ago(self.end - t)
        return f"{clock(t, self.offset)}   {beside}"

    def _tell_value(self) -> None:
        blocked = self.blockSignals(True)
        self.setRange(0, max(1, round(self.end - self.start)))
        self.setValue(round(self.at - self.start))
        self.blockSignals(blocked)
        self.setAccessibleDescription(self.words(self.at))

    # --- geometry

    def _bar(self) -> QRectF:
        height = theme.scaled(BAR)
        return QRectF(SIDE, theme.scaled(26) - height / 2, max(1.0, self.width() - 2 * SIDE), height)

    def x_of(self, t: float) -> float:
        """Where ``t`` lies, px."""
        bar = self._bar()
        share = (t - self.start) / (self.end - self.start) if self.end > self.start else 1.0
        return bar.left() + min(max(share, 0.0), 1.0) * bar.width()

    def time_at(self, x: float) -> float:
        """The time under ``x`` px; within SNAP of an alarm its own."""
        bar = self._bar()
        near = min(self.alarms, key=lambda alarm: abs(self.x_of(alarm.t) - x), default=None)
        if near is not None and abs(self.x_of(near.t) - x) <= SNAP:
            return near.t
        return self.start + min(max((x - bar.left()) / bar.width(), 0.0), 1.0) * (self.end - self.start)

    # --- hands and keys

    def _seek(self, t: float) -> None:
        self.position = min(max(t, self.start), self.end)
        self._tell_value()
        self.update()
        self.sought.emit(self.position)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.end > self.start:
            self._dragging = True
            self._seek(self.time_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = event.position().x()
        if self._dragging:
            self._seek(self.time_at(event.position().x()))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self._seek(self.at)

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.step(-1.0 if event.angleDelta().y() > 0 else 1.0)
        event.accept()

    def step(self, seconds: float) -> None:
        """Move the handle by ``seconds``."""
        self._seek(self.at + seconds)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        leap = 10.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self.toggle_asked.emit()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(leap if key == Qt.Key.Key_Right else -leap)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.step(-60.0 if key == Qt.Key.Key_PageUp else 60.0)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._seek(self.start if key == Qt.Key.Key_Home else self.end)
        else:
            event.ignore()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = self._bar()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("track"))
        painter.drawRoundedRect(bar, 4, 4)
        passed = QRectF(bar.left(), bar.top(), self.x_of(self.at) - bar.left(), bar.height())
        painter.setBrush(theme.mix("track", "accent", 0.55))
        painter.drawRoundedRect(passed, 4, 4)
        for a, b in self.gaps:
            self._paint_gap(
                painter, QRectF(self.x_of(a), bar.top(), max(2.0, self.x_of(b) - self.x_of(a)), bar.height())
            )
        if self.view is not None:
            self._paint_view(painter, bar)
        self._paint_labels(painter, bar)
        for alarm in self.alarms:
            if self.start <= alarm.t <= self.end:
                self._paint_alarm(painter, alarm, bar)
        self._paint_handle(painter, bar)
        if self._hover is not None or self._dragging:
            self._paint_bubble(painter, bar)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.radius, theme.radius)

    def _paint_gap(self, painter: QPainter, box: QRectF) -> None:
        """Nobody answered here: hatched, so that it does not need its colour."""
        painter.save()
        painter.setClipRect(box)
        painter.fillRect(box, theme.color("surface"))
        painter.setPen(QPen(theme.color("stale"), 1.5))
        x = box.left() - box.height()
        while x < box.right():
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
            x += 5
        painter.restore()

    def _paint_view(self, painter: QPainter, bar: QRectF) -> None:
        assert self.view is not None
        left, right = self.x_of(self.view[0]), self.x_of(self.view[1])
        box = QRectF(left, bar.top() - 5, max(3.0, right - left), bar.height() + 10)
        painter.setPen(QPen(theme.color("accent"), 1.5))
        painter.setBrush(theme.color("accent", 0.16))
        painter.drawRoundedRect(box, 4, 4)

    def _paint_alarm(self, painter: QPainter, alarm: AlarmMark, bar: QRectF) -> None:
        """A triangle for a warning, a square on its corner for a critical one, on the bar's upper edge."""
        x, y = self.x_of(alarm.t), bar.top() - 3
        if alarm.severity == "critical":
            points = ((x, y - 2.2 * MARK), (x + MARK, y - 1.1 * MARK), (x, y), (x - MARK, y - 1.1 * MARK))
        else:
            points = ((x, y - 1.8 * MARK), (x + MARK, y), (x - MARK, y), (x, y - 1.8 * MARK))
        painter.setPen(QPen(theme.color("surface"), 1.5))
        painter.setBrush(theme.color(alarm.severity))
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in points]))
        painter.setPen(QPen(theme.color(alarm.severity), 2))
        painter.drawLine(QPointF(x, bar.top()), QPointF(x, bar.bottom()))

    def _paint_handle(self, painter: QPainter, bar: QRectF) -> None:
        half = theme.scaled(HANDLE)
        middle = QPointF(self.x_of(self.at), bar.center().y())
        painter.setPen(QPen(theme.color("text"), 2.5))
        painter.setBrush(theme.color("surface_raised" if self.position is not None else "accent"))
        painter.drawEllipse(middle, half, half)
        painter.setPen(QPen(theme.color("text" if self.position is not None else "on_accent"), 2))
        for x in (-3.0, 3.0):
            painter.drawLine(middle + QPointF(x, -5), middle + QPointF(x, 5))

    def _paint_labels(self, painter: QPainter, bar: QRectF) -> None:
        px = theme.scaled(14)
        painter.setFont(theme.font(px, "regular", tabular=True))
        painter.setPen(theme.color("text_muted"))
        top = bar.bottom() + theme.scaled(9)
        length = self.end - self.start
        if length < 1:
            return
        step = max(1.0, tick_step(length, max(1, int(bar.width() / theme.scaled(LABEL_ROOM)))))
        for tick in time_ticks(self.start, self.end, step, self.offset):
            x = self.x_of(tick.t)
            painter.drawLine(QPointF(x, bar.bottom() + 3), QPointF(x, bar.bottom() + 7))
            box = QRectF(min(max(x - 50, 0), self.width() - 100), top, 100, px + 6)
            side = Qt.AlignmentFlag.AlignHCenter if 50 < x < self.width() - 50 else (
                Qt.AlignmentFlag.AlignLeft if x <= 50 else Qt.AlignmentFlag.AlignRight
            )  # fmt: skip
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, tick.text)

    def _paint_bubble(self, painter: QPainter, bar: QRectF) -> None:
        """What moment is under the finger, and which alarm."""
        t = self.at if self._dragging or self._hover is None else self.time_at(self._hover)
        alarm = next((alarm.words for alarm in self.alarms if alarm.t == t and alarm.words), "")
        words = f"{self.words(t)}   {alarm}".rstrip()
        font = theme.font(theme.scaled(15), "semibold", tabular=True)
        width = QFontMetricsF(font).horizontalAdvance(words) + 20
        box = QRectF(
            min(max(self.x_of(t) - width / 2, 0), self.width() - width), bar.bottom() + 8, width, theme.scaled(26)
        )
        painter.setPen(QPen(theme.color("outline"), 1))
        painter.setBrush(theme.color("surface_raised"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(theme.color("text"))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
