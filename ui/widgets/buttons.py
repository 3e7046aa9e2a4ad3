"""What is pressed: buttons, choices of a few, and switches. All are at least a glove's target high."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QToolButton,
    QWidget,
)

from core.language import tr
from ui import theme
from ui.widgets import icons
from ui.widgets.touch import flick

_RESTYLED = (QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.EnabledChange)
ICON_PX = 24
BY_KEYS = Qt.FocusPolicy.TabFocus  # the ring is for those who use keys: a touch leaves none behind


def pressed_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press ``button`` when Enter was meant; Qt leaves buttons outside dialogs to the space bar alone."""
    meant = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    if meant and not event.isAutoRepeat():
        button.click()
    return meant


def _plain(text: str) -> str:
    """``text`` as it is: Qt would take the "&" of "Schmidt & Sons" for a mark of its own."""
    return text.replace("&", "&&")


class Button(QPushButton):
    """A button with words; ``role`` is "", "primary", "plain" or "danger"."""

    def __init__(self, text: str, icon: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(_plain(f" {text}" if icon else text), parent)
        self._icon = icon
        self.setProperty("role", role)
        self.setAutoDefault(True)  # Enter presses it too
        self.setFocusPolicy(BY_KEYS)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tint()

    def show_words(self, text: str, icon: str = "") -> None:
        """Change what the button says."""
        self.setText(_plain(f" {text}" if icon else text))
        self.setAccessibleName(text)
        self._icon = icon
        self._tint()

    def _tint(self) -> None:
        if self._icon:
            self.setIcon(icons.icon(self._icon, "on_accent" if self.property("role") == "primary" else "text", ICON_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.property("role") == "primary" and self.hasFocus():
            # The ring's own colour is as dark as the fill by day: a line in the colour of the words sets it off.
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("on_accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), theme.radius - 4, theme.radius - 4)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _RESTYLED:
            self._tint()


class ValueButton(Button):
    """A button that says a value, in as much room as there is: the end of a long one gives way."""

    def __init__(self, text: str, icon: str = "") -> None:
        self._full = text
        super().__init__(text, icon)
        self.setProperty("align", "left")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(theme.target * 2)

    def show_words(self, text: str, icon: str = "") -> None:
        self._full = text
        super().show_words(text, icon)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * theme.space(6) - (ICON_PX + theme.space(2) if self._icon else 0)
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(0, room))
        self.setText(_plain(f" {shown}" if self._icon else shown))
        self.setToolTip(self._full if shown != self._full else "")


class IconButton(QToolButton):
    """A button with an icon only; ``title`` is its tooltip and what a screen reader says."""

    def __init__(self, icon: str, title: str, role: str = "plain", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setProperty("role", role)
        self.setFocusPolicy(BY_KEYS)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self.setFixedSize(QSize(theme.target + 8, theme.target))
        self.setToolTip(title)
        self.setAccessibleName(title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tint()

    def show_icon(self, icon: str, title: str) -> None:
        """Change what the button does, or says it does."""
        if icon != self._icon:
            self._icon = icon
            self._tint()
        self.setToolTip(title)
        self.setAccessibleName(title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def _tint(self) -> None:
        self.setIcon(icons.icon(self._icon, "text", ICON_PX))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _RESTYLED:
            self._tint()


class Choice(QComboBox):
    """A choice of many that opens a list with rows a glove can hit."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        # Its own view: the one a combo box makes does not take row heights from a stylesheet.
        rows = QListView()
        rows.setItemDelegate(QStyledItemDelegate(rows))
        self.setView(rows)
        flick(rows)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page beneath: nobody changes a status by turning a wheel on the way past it."""
        event.ignore()


class _Segment(QAbstractButton):
    """One choice of a ``Segmented``. The chosen one has a tick, a frame and heavier words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(theme.font(theme.base, "semibold")).horizontalAdvance(self.text())
        return QSize(round(width) + 64, theme.target)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(3, 3, -3, -3)
        chosen = self.isChecked()
        if chosen or self.isDown():
            painter.setBrush(theme.color("accent_surface" if chosen else "surface_pressed"))
            painter.setPen(QPen(theme.color("accent" if chosen else "outline"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.radius - 3, theme.radius - 3)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.radius - 3, theme.radius - 3)
        font = theme.font(theme.base, "semibold" if chosen else "regular")
        painter.setFont(font)
        painter.setPen(theme.color("text" if self.isEnabled() else "stale"))
        width = QFontMetricsF(font).horizontalAdvance(self.text())
        left = box.center().x() - (width + (26 if chosen else 0)) / 2
        if chosen:
            icons.paint(painter, "ok", QRectF(left, box.center().y() - 10, 20, 20), "accent")
            left += 26
        painter.drawText(
            QRectF(left, box.top(), box.right() - left, box.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )


class Segmented(QWidget):
    """A choice of a few, all in sight. ``options`` maps the value to its words; ``chosen`` gives the value."""

    chosen = Signal(object)

    def __init__(self, options: Mapping[Any, str], value: object, title: str = "") -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._segments: dict[object, _Segment] = {}
        for option, words in options.items():
            segment = self._segments[option] = _Segment(words)
            segment.setAccessibleName(f"{title}: {words}" if title else words)
            segment.clicked.connect(lambda _=False, option=option: self.chosen.emit(option))
            row.addWidget(segment)
        self.set_value(value)

    def value(self) -> object:
        """The value chosen."""
        return next((option for option, segment in self._segments.items() if segment.isChecked()), None)

    def set_value(self, value: object) -> None:
        """Choose without telling."""
        if value in self._segments:
            self._segments[value].setChecked(True)

    def front(self) -> QWidget:
        """The segment that is chosen, for the keyboard to begin at."""
        return next((each for each in self._segments.values() if each.isChecked()), self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        segments = list(self._segments.values())
        at = next((n for n, segment in enumerate(segments) if segment.hasFocus()), None)
        if step is None or at is None:
            return super().keyPressEvent(event)
        target = segments[max(0, min(len(segments) - 1, at + step))]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        return target.click()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color("surface_sunken"))
        painter.setPen(QPen(theme.color("outline"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.radius, theme.radius)


class Switch(QAbstractButton):
    """On or off, with the word beside it. ``toggled`` tells; ``set_value`` does not."""

    _TRACK = QSize(60, 34)

    def __init__(self, on: bool, title: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(title)
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_value(self, on: bool) -> None:
        """Turn without telling."""
        was = self.blockSignals(True)
        self.setChecked(on)
        self.blockSignals(was)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(theme.font(theme.base, "semibold"))
        words = max(metrics.horizontalAdvance(tr("On")), metrics.horizontalAdvance(tr("Off")))
        return QSize(round(words) + self._TRACK.width() + 22, theme.target)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, enabled = self.isChecked(), self.isEnabled()
        box = QRectF(self.rect())
        track = QRectF(
            box.right() - self._TRACK.width() - 3,
            box.center().y() - self._TRACK.height() / 2,
            self._TRACK.width(),
            self._TRACK.height(),
        )
        painter.setFont(theme.font(theme.base, "semibold" if on else "regular"))
        painter.setPen(theme.color("text" if enabled else "stale"))
        painter.drawText(
            box.adjusted(0, 0, track.left() - box.right() - 10, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            tr("On") if on else tr("Off"),
        )
        half = track.height() / 2
        painter.setBrush(theme.color("accent" if on and enabled else "surface_sunken"))
        painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "accent" if on and enabled else "outline"), 2))
        painter.drawRoundedRect(track, half, half)
        knob = QRectF(0, 0, track.height() - 10, track.height() - 10)
        knob.moveCenter(track.center())
        knob.moveLeft(track.right() - knob.width() - 5 if on else track.left() + 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("on_accent" if on and enabled else "outline"))
        painter.drawEllipse(knob)
