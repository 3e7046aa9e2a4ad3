"""The head of a strip: its signals, what they say now, and lowest, mean and highest of what is in sight."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from core.language import tr
from ui import theme
from ui.widgets import icons
from ui.widgets.trend_glyphs import elided, paint_sample
from ui.widgets.trend_strip import Line, Strip
from ui.widgets.trend_time import ago

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
BLOCK = 58  # px of height a line with its figures wants
SAMPLE = 30  # px, a piece of the line
ANSWERED_WELL = 0.995  # of the time; below it the gaps are said
DRAG = 16  # px


@dataclass(frozen=True, slots=True)
class Words:
    """What a header says of one line."""

    title: str
    value: str
    unit: str
    low: str = ""
    mean: str = ""
    high: str = ""
    gaps: str = ""  # "8 % no answer"
    stale: bool = False


def words_of(line: Line, at: float, live: bool) -> Words:
    """What is to be said of ``line`` at time ``at`` (s): the value then, and the figures of what is in sight."""
    trace, figures = line.trace, line.figures
    found = line.at(at)
    value = trace.words(found[1]) if found else tr("no answer")
    unit = trace.unit_text if found else ""
    stale = found is None
    last = line.history.last
    if found is None and live and last is not None:
        value = ago(at - last)
    if figures is None:
        return Words(trace.title, value, unit, stale=stale)
    gaps = ""
    if figures.answered < ANSWERED_WELL:
        gaps = tr("{n} % no answer", n=max(1, round(100 * (1 - figures.answered))))
    if trace.hold:
        return Words(trace.title, value, unit, gaps=gaps, stale=stale)
    low, high = (trace.words(figures.low), trace.words(figures.high))
    if trace.number(figures.low) > trace.number(figures.high):  # a reciprocal unit
        low, high = high, low
    return Words(trace.title, value, unit, low, trace.words(figures.mean), high, gaps, stale)


class TrendHeader(QAbstractButton):
    """A strip's head is a button that opens the strip's menu. ``moved`` asks for it to move by that many places."""

    moved = Signal(int)

    def __init__(self, strip: Strip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = strip
        self.words: tuple[Words, ...] = ()
        self._grip: QPoint | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(tr("Opens the menu of this trend"))

    def sizeHint(self) -> QSize:
        return QSize(300, theme.scaled(92))

    def say(self, at: float, live: bool) -> None:
        """Show what the lines say at ``at`` s; repaints only when the words differ."""
        words = tuple(words_of(line, at, live) for line in self.strip.lines)
        if words != self.words:
            self.words = words
            self.setAccessibleName("; ".join(f"{each.title} {each.value} {each.unit}".strip() for each in words))
            self.update()

    # --- moving it

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and self.isDown():
            away = event.position().y() - self._grip.y()
            if abs(away) > self.height() / 2 + DRAG:
                self._grip = None
                self.setDown(False)
                self.moved.emit(1 if away > 0 else -1)
                return
            if abs(away) > DRAG:
                return  # still held: neither a tap nor far enough
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grip, self._grip = self._grip, None
        if grip is None or abs(event.position().y() - grip.y()) > DRAG:
            self.setDown(False)
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.moved.emit(step)
        elif step:
            self.focusNextChild() if step > 0 else self.focusPreviousChild()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu):
            self.click()
        else:
            super().keyPressEvent(event)

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pressed = self.isDown() or self.underMouse()
        painter.fillRect(self.rect(), theme.color("surface_pressed" if pressed else "surface_raised"))
        count = max(1, len(self.words))
        more = theme.scaled(30)
        inner = QRectF(self.rect()).adjusted(12, 6, -more, -6)
        block = inner.height() / count
        for n, (words, line) in enumerate(zip(self.words, self.strip.lines, strict=False)):
            box = QRectF(inner.left(), inner.top() + n * block, inner.width(), block)
            self._paint_block(painter, words, line, box)
            if n:
                painter.fillRect(QRectF(0, box.top(), self.width() - more, 1), theme.color("line"))
        icons.paint(painter, "more", QRectF(self.width() - more + 2, 10, 24, 24), "text_muted")
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def _paint_block(self, painter: QPainter, words: Words, line: Line, box: QRectF) -> None:
        figures = box.height() >= theme.scaled(BLOCK) - 14 and bool(words.low or words.gaps)
        first = min(box.height() * (0.58 if figures else 1.0), float(theme.scaled(38)))
        total = first + (theme.scaled(20) if figures else 0)
        top = box.top() + (box.height() - total) / 2
        paint_sample(painter, line.trace, QRectF(box.left(), top, SAMPLE, first))
        self._paint_value(painter, words, QRectF(box.left() + SAMPLE + 8, top, box.width() - SAMPLE - 8, first))
        if figures:
            self._paint_figures(painter, words, QRectF(box.left(), top + first, box.width(), theme.scaled(20)))

    def _paint_value(self, painter: QPainter, words: Words, box: QRectF) -> None:
        """The title at the left, the value at the right with its unit on the same foot."""
        big, small = theme.scaled(23 if not words.stale else 17), theme.scaled(14)
        value_font, unit_font = theme.font(big, "semibold", tabular=True), theme.font(small)
        unit = QFontMetricsF(unit_font).horizontalAdvance(words.unit) + 5 if words.unit else 0.0
        room = box.width() - unit
        shown = QFontMetricsF(value_font).elidedText(words.value, Qt.TextElideMode.ElideRight, room * 0.7)
        title = room - QFontMetricsF(value_font).horizontalAdvance(shown) - 8
        px = theme.scaled(16)
        painter.setFont(theme.font(px, "medium"))
        painter.setPen(theme.color("text"))
        name = elided(words.title, int(title), px, "medium")
        painter.drawText(QRectF(box.left(), box.top(), title, box.height()), LEFT, name)
        painter.setFont(value_font)
        painter.setPen(theme.color("stale" if words.stale else "text"))
        painter.drawText(QRectF(box.left(), box.top(), room, box.height()), RIGHT, shown)
        if words.unit:
            painter.setFont(unit_font)
            painter.setPen(theme.color("text_muted"))
            drop = (big - small) * 0.36
            painter.drawText(box.adjusted(0, drop, 0, drop), RIGHT, words.unit)

    def _paint_figures(self, painter: QPainter, words: Words, box: QRectF) -> None:
        """Lowest, mean and highest in columns, so that strips can be compared down the panel; then the gaps."""
        name_font, font = theme.font(theme.scaled(14)), theme.font(theme.scaled(15), "medium", tabular=True)
        names, numbers = QFontMetricsF(name_font), QFontMetricsF(font)

        def width(name: str, text: str) -> float:
            return (names.horizontalAdvance(name) + 5 if name else 0.0) + numbers.horizontalAdvance(text)

        room = box.width() - (numbers.horizontalAdvance(words.gaps) + 12 if words.gaps else 0.0)
        mean = (tr("mean"), words.mean)
        full = ((tr("min"), words.low), mean, (tr("max"), words.high))
        range_ = ("", f"{words.low} – {words.high}" if words.low else "")
        for entries in (full, (range_, mean), (range_,)):  # as much as there is room for
            widths = [width(*entry) for entry in entries]
            if sum(widths) + 10 * (len(widths) - 1) <= room:
                break
        columns = max(widths) + 10 <= room / len(entries)
        left = box.left()
        for (name, text), used in zip(entries, widths, strict=True):
            if text:
                painter.setFont(name_font)
                painter.setPen(theme.color("text_muted"))
                painter.drawText(QRectF(left, box.top(), used, box.height()), LEFT, name)
                painter.setFont(font)
                painter.setPen(theme.color("text"))
                painter.drawText(QRectF(left, box.top(), used, box.height()), RIGHT, text)
            left += room / len(entries) if columns else used + 10
        if words.gaps:
            painter.setFont(font)
            painter.setPen(theme.color("warning"))
            painter.drawText(box, RIGHT, words.gaps)
