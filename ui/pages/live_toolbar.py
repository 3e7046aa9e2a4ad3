"""The Live page's own row: time at the left; adding, arranging, trends and recordings at the right."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from core.language import tr
from ui import theme
from ui.context import UiContext
from ui.widgets import icons
from ui.widgets.buttons import Button, IconButton
from ui.widgets.gauge_paint import LEFT, font, pen, put, text_width
from ui.widgets.playback_bar import PlaybackBar
from ui.widgets.timeline import Timeline

WIDE = 1500  # px from which every button has its word
NARROW = 1000  # px under which none has


class LiveToolbar(QWidget):
    """``timeline`` and ``playback`` share one place: see ``show_playback``. The signals are what the buttons say."""

    add_asked = Signal()
    arrange_asked = Signal(bool)
    trends_asked = Signal(bool)
    recordings_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(2), theme.space(1), theme.space(2), theme.space(1))
        row.setSpacing(theme.space(2))
        self.timeline = Timeline(context)
        self.playback = PlaybackBar(context)
        self._time = QStackedWidget()
        self._time.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._time.addWidget(self.timeline)
        self._time.addWidget(self.playback)
        self.undo = IconButton("undo", tr("Undo (Ctrl+Z)"))
        self.redo = IconButton("redo", tr("Redo (Ctrl+Y)"))
        self.add = Button(tr("Add gauge"), "plus")
        self.add.setToolTip(tr("Add a gauge (+)"))
        self.arrange = Button(tr("Arrange"), "move")
        self.arrange.setCheckable(True)
        self.arrange.setToolTip(tr("Move, resize and remove gauges (Ctrl+G); or hold a finger on one"))
        self.trends = Button(tr("Trends"), "trend")
        self.trends.setCheckable(True)
        self.trends.setToolTip(tr("Show or hide the trends (Ctrl+T)"))
        self.vehicle = Button(tr("Its vehicle"), "car")
        self.vehicle.setToolTip(tr("Open its vehicle in the workshop"))
        self.vehicle.hide()
        self.recordings = Button(tr("Recordings"), "history")
        self.recordings.setToolTip(tr("Look at an earlier visit again"))
        row.addWidget(self._time, 1)
        for widget in (self.undo, self.redo, self.add, self.arrange, self.trends, self.vehicle, self.recordings):
            row.addWidget(widget)
        self.add.clicked.connect(lambda _=False: self.add_asked.emit())
        self.arrange.clicked.connect(self.arrange_asked)
        self.trends.clicked.connect(self.trends_asked)
        self.recordings.clicked.connect(lambda _=False: self.recordings_asked.emit())
        self.undo.clicked.connect(lambda _=False: self.undo_asked.emit())
        self.redo.clicked.connect(lambda _=False: self.redo_asked.emit())
        self._arranging = False
        self.show_arranging(False)

    @property
    def playing(self) -> bool:
        """Whether a recording is controlled in place of the car's own time."""
        return self._time.currentWidget() is self.playback

    def show_playback(self, on: bool) -> None:
        """Control a recording, or the car's own time."""
        self._time.setCurrentWidget(self.playback if on else self.timeline)
        self._say()

    def show_arranging(self, on: bool) -> None:
        """Undo and redo stand there while gauges are arranged."""
        self._arranging = on
        self.arrange.setChecked(on)
        self.undo.setVisible(on)
        self.redo.setVisible(on)
        self._say()

    def show_history(self, undo: bool, redo: bool) -> None:
        """Whether there is anything to undo or redo."""
        self.undo.setEnabled(undo)
        self.redo.setEnabled(redo)

    def _say(self) -> None:
        """Words on the buttons as far as there is room; an icon alone has its words in the tooltip."""
        width = self.width() - (theme.scaled(300) if self.playing else 0)
        arrange = (tr("Done"), "ok") if self._arranging else (tr("Arrange"), "move")
        table = (
            (self.add, tr("Add gauge"), "plus", NARROW),
            (self.arrange, *arrange, NARROW),
            (self.trends, tr("Trends"), "trend", WIDE),
            (self.vehicle, tr("Its vehicle"), "car", WIDE),
            (self.recordings, tr("Recordings"), "history", WIDE),
        )
        for button, words, icon, from_width in table:
            button.show_words(words, icon)
            if width < theme.scaled(from_width):
                button.setText("")
        # A recording's own controls come first: gauges can be added and arranged by key or from the car's own view.
        for button in (self.add, self.arrange):
            button.setVisible(not self.playing or self._arranging)
        # While gauges are arranged there are two buttons more.
        room = not self._arranging or self.width() >= theme.scaled(WIDE)
        self.trends.setVisible(room)
        self.recordings.setVisible(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say()


def _badge_px() -> int:
    return round(theme.base * 0.9)


class MomentBadge(QWidget):
    """Says over the page that time is held, and at which moment. Takes no input."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.words = ""
        self.hide()

    def show_words(self, words: str) -> None:
        """Appear with ``words``; disappear without."""
        if words != self.words:
            self.words = words
            self.setAccessibleName(words)
            self.resize(self.sizeHint())
            self.update()
        self.setVisible(bool(words))

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.words, _badge_px(), "semibold", True)) + 56, theme.scaled(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(pen(theme.color("warning"), 1.5))
        painter.setBrush(theme.color("warning_surface"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        icons.paint(painter, "pause", QRectF(box.left() + 12, box.center().y() - 9, 18, 18), "warning")
        put(
            painter,
            box.adjusted(38, 0, 0, 0),
            self.words,
            font(_badge_px(), "semibold", True),
            theme.color("text"),
            LEFT,
        )
