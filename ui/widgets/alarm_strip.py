"""The strip at the foot of the page: the alarm that needs a person now. It lies over the page, so nothing moves.

At the foot, because the head is where a person reaches at that very moment: pause, scrub, arrange, and play.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.diagnostics.alarms import Alarm
from core.language import tr
from ui import theme
from ui.widgets import alarm_words, icons
from ui.widgets.buttons import Button

_ICON_PX = 34
_MARGIN = 2  # steps between the strip and the edges of the page
_ROUND = 2  # steps between the strip's edge and its button


def height() -> int:
    """Height of the strip in px: a button and the least around it."""
    return max(theme.target, theme.scaled(48)) + 2 * theme.space(_ROUND)


def room() -> int:
    """What the strip may cover at the foot of a page, in px: what scrolls leaves that much free at its end."""
    return height() + 2 * theme.space(_MARGIN)


def unseen(alarms: tuple[Alarm, ...]) -> list[Alarm]:
    """The alarms nobody has acknowledged: those that are on before those that are over."""
    waiting = [alarm for alarm in alarms if alarm.state in ("active", "cleared")]
    return sorted(waiting, key=lambda alarm: alarm.state == "cleared")


class AlarmStrip(QWidget):
    """Shows the first of the alarms nobody has acknowledged. One that is over has a dashed edge and says so."""

    acknowledge = Signal(str)
    more = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.alarm: Alarm | None = None
        self.held_back = False  # for pictures of what lies under it
        self._lines = ("", "", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.space(_ROUND), 0)
        row.setSpacing(theme.space(2))
        row.addStretch()
        self.others = Button("", role="plain")
        self.others.clicked.connect(lambda _=False: self.more.emit())
        self.button = Button(tr("Acknowledge"), "ok")
        self.button.setToolTip(tr("Space or A"))
        self.button.clicked.connect(self._acknowledge)
        row.addWidget(self.others)
        row.addWidget(self.button)
        self.setFixedHeight(height())
        parent.installEventFilter(self)
        self.hide()

    def show_alarms(self, alarms: tuple[Alarm, ...], now: float) -> None:
        """Bring the strip up to date; it hides itself when everything has been seen."""
        waiting = unseen(alarms)
        if not waiting or self.held_back:
            self.alarm = None
            self.hide()
            return
        self.alarm = alarm = waiting[0]
        rest = len(waiting) - 1
        self.others.setVisible(rest > 0)
        if rest:
            self.others.show_words(tr("1 more") if rest == 1 else tr("{count} more", count=rest))
        over = alarm.state == "cleared"
        word = tr("{severity}, over", severity=alarm_words.severity(alarm)) if over else alarm_words.severity(alarm)
        headline = f"{alarm_words.title(alarm)} {alarm_words.limit(alarm)}"
        lines = (word, headline, f"{alarm_words.peak(alarm)} · {alarm_words.span(alarm, now)}")
        self.setAccessibleName(", ".join(lines))
        if lines != self._lines or not self.isVisible():
            self._lines = lines
            self.update()
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Lie along the foot of the parent."""
        parent = self.parentWidget()
        if parent is not None:
            margin = theme.space(_MARGIN)
            top = parent.height() - self.height() - margin
            self.setGeometry(margin, top, parent.width() - 2 * margin, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def _acknowledge(self) -> None:
        if self.alarm is not None:
            self.acknowledge.emit(self.alarm.id)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.alarm is None:
            return
        token = str(self.alarm.rule.severity)
        over = self.alarm.state == "cleared"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(theme.color("surface_raised" if over else f"{token}_surface"))
        pen = QPen(theme.color(token), 2)
        if over:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(box, theme.radius, theme.radius)
        icons.paint(painter, token, QRectF(22, box.center().y() - _ICON_PX / 2, _ICON_PX, _ICON_PX), token)
        self._words(painter, box)

    def _words(self, painter: QPainter, box: QRectF) -> None:
        """The word beside two lines; where that is too long for the headline, the word begins the second line."""
        word, headline, detail = self._lines
        left = 22.0 + _ICON_PX + 20
        right = (self.others if self.others.isVisible() else self.button).x() - 16
        bold = theme.font(theme.scaled(22), "bold")
        large = theme.font(theme.scaled(19), "semibold", tabular=True)
        small = theme.font(theme.scaled(16), "regular", tabular=True)
        painter.setPen(theme.color("text"))
        width = QFontMetrics(bold).horizontalAdvance(word) + 26
        if left + width + QFontMetrics(large).horizontalAdvance(headline) <= right:
            painter.setFont(bold)
            painter.drawText(QRectF(left, box.top(), width, box.height()), Qt.AlignmentFlag.AlignVCenter, word)
            left += width
        else:
            detail = f"{word} · {detail}"
        heights = QFontMetrics(large).height(), QFontMetrics(small).height()
        top = box.center().y() - sum(heights) / 2
        for font, text, tall in ((large, headline, heights[0]), (small, detail, heights[1])):
            painter.setFont(font)
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(right - left)))
            painter.drawText(QRectF(left, top, right - left, tall), Qt.AlignmentFlag.AlignVCenter, shown)
            top += tall
