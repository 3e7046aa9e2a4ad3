"""The sections of an order as a row of large targets, each with its word and one line of how things stand there."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui import theme
from ui.widgets.buttons import BY_KEYS, pressed_by_enter

HEIGHT = 64
SMALLEST_PX = 13
NARROWEST = 100  # of its share: what stands beneath a short word needs room too


class Tab(QAbstractButton):
    """One section. ``say`` puts a line beneath its word, in the colour of a token."""

    def __init__(self, title: str, keys: str) -> None:
        super().__init__()
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolTip(f"{title}  {keys}")
        self._caption, self._token = "", "text_muted"
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.scaled(HEIGHT))
        self.setMinimumWidth(theme.target)

    def say(self, caption: str, token: str = "text_muted") -> None:
        """How things stand in this section; "" for nothing to say."""
        if (caption, token) != (self._caption, self._token):
            self._caption, self._token = caption, token
            self.setAccessibleName(f"{self.text()}: {caption}" if caption else self.text())
            self.update()

    def caption(self) -> str:
        return self._caption

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font(16, "semibold")).horizontalAdvance(self.text()) + 20, self.height())

    def _font(self, px: int, weight: str) -> QFont:
        return theme.font(theme.scaled(px), weight, tabular=True)

    def _fitting(self, px: int, weight: str, text: str) -> QFont:
        """A little smaller where another language needs more letters."""
        for size in range(px, SMALLEST_PX - 1, -1):
            font = self._font(size, weight)
            if QFontMetrics(font).horizontalAdvance(text) <= self.width() - 8:
                return font
        return self._font(SMALLEST_PX, weight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, box = self.isChecked(), QRectF(self.rect())
        plate = box.adjusted(1, 1, -1, -5)
        if chosen or self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_surface" if chosen else "surface_pressed"))
            painter.drawRoundedRect(plate, theme.radius - 2, theme.radius - 2)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(QRectF(box.left() + 8, box.bottom() - 4, box.width() - 16, 4), 2, 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(plate.adjusted(1, 1, -1, -1), theme.radius - 2, theme.radius - 2)
        self._words(painter, plate.adjusted(3, 0, -3, 0), chosen)

    def _words(self, painter: QPainter, room: QRectF, chosen: bool) -> None:
        large = self._fitting(16, "semibold" if chosen else "medium", self.text())
        small = self._fitting(14, "medium" if self._token != "text_muted" else "regular", self._caption)
        heights = [QFontMetrics(large).height(), QFontMetrics(small).height() if self._caption else 0]
        top = room.center().y() - sum(heights) / 2
        for font, token, text, height in (
            (large, "text" if chosen else "text_muted", self.text(), heights[0]),
            (small, self._token, self._caption, heights[1]),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(token))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(QRectF(room.left(), top, room.width(), height), Qt.AlignmentFlag.AlignCenter, shown)
            top += height


class Tabs(QWidget):
    """``chosen(name)`` when a person opens a section."""

    chosen = Signal(str)

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, theme.space(3), 0)
        row.setSpacing(theme.space(1))
        self.tabs: dict[str, Tab] = {}
        for number, (name, title) in enumerate(titles.items(), 1):
            tab = self.tabs[name] = Tab(title, f"Alt+{number}")
            tab.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            row.addWidget(tab, max(NARROWEST, tab.sizeHint().width()))

    def show_place(self, name: str) -> None:
        """Show which is open."""
        self.tabs[name].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        places = list(self.tabs.values())
        at = next((n for n, tab in enumerate(places) if tab.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        target = places[max(0, min(len(places) - 1, at + step))]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        target.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width() - theme.space(3), 1, theme.color("line"))
