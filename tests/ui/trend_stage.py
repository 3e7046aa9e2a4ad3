"""A trend panel on a page, driven by hand: what the panel's tests share."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.fake_session import FakeSession
from ui import theme
from ui.context import UiContext
from ui.widgets.trend_panel import TrendPanel


class HandClock:
    """A frame clock the test turns: nothing beats by itself."""

    def __init__(self) -> None:
        self.listeners: list[object] = []

    def add(self, listener: object) -> None:
        self.listeners.append(listener)

    def remove(self, listener: object) -> None:
        self.listeners.remove(listener)


class Stage:
    """A shown panel with its session. ``frame`` lets time pass and draws; ``picture`` is what is on the screen."""

    def __init__(self, qtbot: QtBot, seconds: float = 60.0, width: int = 1200, height: int = 420) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if theme.current() != "night" or not app.styleSheet():
            theme.use(app, "night")  # costs half a second
        self.session = FakeSession(seconds)
        self.context = UiContext(session=self.session)
        self.clock = HandClock()
        self.panel = TrendPanel(self.context, self.clock)
        qtbot.addWidget(self.panel)
        self.panel.resize(width, height)
        self.panel.show()
        qtbot.waitExposed(self.panel)
        self.at = 100.0

    def add(self, *strips: tuple[str, ...]) -> "Stage":
        for keys in strips:
            self.panel.add(*keys)
        QApplication.processEvents()
        return self.frame()

    def frame(self, seconds: float = 0.0) -> "Stage":
        """Let ``seconds`` pass in the car, and half a second on the wall so that everything is due."""
        if seconds:
            self.session.advance(seconds)
        self.at += 0.5
        self.panel.beat(self.at)
        return self

    def picture(self) -> QImage:
        return self.panel.canvas.grab().toImage()

    def spot(self, share: float, strip: int = 0) -> QPoint:
        """A point of a strip's plot, ``share`` of the width from the left."""
        plot = self.panel.canvas.plot(strip)
        return QPoint(round(plot.left() + share * plot.width()), round(plot.center().y()))

    def columns_with(self, token: str, strip: int = 0) -> set[int]:
        """Px from the plot's left edge in which something is drawn in that colour."""
        picture, plot, color = self.picture(), self.panel.canvas.plot(strip), theme.color(token)
        found = set()
        for x in range(int(plot.left()), int(plot.right())):
            for y in range(int(plot.top()), int(plot.bottom())):
                if _near(picture.pixelColor(x, y), color):
                    found.add(x - int(plot.left()))
                    break
        return found

    def wheel(self, share: float, notches: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        at = QPointF(self.spot(share))
        event = QWheelEvent(
            at, self.panel.canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
            keys, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.panel.canvas, event)


def _near(one: QColor, other: QColor) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(_parts(one), _parts(other), strict=True))


def _parts(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()
