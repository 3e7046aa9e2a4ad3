"""One thing the top bar says: a shape, a small caption and a few words, in a place that never changes its width."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, pressed_by_enter

ICON_PX = 26


class StatusChip(QAbstractButton):
    """A chip ``width`` px wide; one that is not ``pressable`` takes no focus and no touch."""

    def __init__(self, title: str, width: int, *, pressable: bool = True) -> None:
        super().__init__()
        self._title, self._pressable = title, pressable
        self._shown = ("", "text_muted", "", "")
        self._short = self._short_caption = ""
        self.setFixedSize(QSize(theme.scaled(width), theme.scaled(64)))
        self.setAccessibleName(title)
        if pressable:
            self.setFocusPolicy(BY_KEYS)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_state(
        self, icon: str, token: str, words: str, caption: str, short: str = "", *, short_caption: str = ""
    ) -> None:
        """Show a state; repaints only when it is another one. The short ones stand in where the others do not fit."""
        self._short, self._short_caption = short, short_caption
        if (icon, token, words, caption) == self._shown:
            return
        self._shown = (icon, token, words, caption)
        self.setAccessibleName(f"{self._title}: {words}. {caption}")
        if self._pressable:
            self.setToolTip(f"{words} · {caption}" if caption else words)
        self.update()

    def words(self) -> str:
        return self._shown[2]

    def caption(self) -> str:
        return self._shown[3]

    def shape(self) -> tuple[str, str]:
        """The icon and its colour token."""
        return self._shown[0], self._shown[1]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        icon, token, words, caption = self._shown
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._pressable and (self.isDown() or self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("surface_pressed"))
            painter.drawRoundedRect(plate, theme.radius, theme.radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(plate, theme.radius, theme.radius)
        left = plate.left() + 10
        if icon and self.width() < 2 * ICON_PX + 40:  # no room for words: the icon alone, in the middle
            box = QRectF(0, 0, ICON_PX, ICON_PX)
            box.moveCenter(plate.center())
            icons.paint(painter, icon, box, token)
            return
        if icon:
            icons.paint(painter, icon, QRectF(left, plate.center().y() - ICON_PX / 2, ICON_PX, ICON_PX), token)
            left += ICON_PX + 11
        room = QRectF(left, plate.top(), plate.right() - left - 4, plate.height())
        self._lines(painter, room, words, caption)

    def _lines(self, painter: QPainter, room: QRectF, words: str, caption: str) -> None:
        small = theme.font(theme.scaled(14), "regular", tabular=True)
        large = theme.font(theme.scaled(17), "semibold", tabular=True)
        small_height, large_height = QFontMetrics(small).height(), QFontMetrics(large).height()
        top = room.center().y() - (small_height + large_height) / 2
        for font, token, text, short, height in (
            (small, "text_muted", caption, self._short_caption, small_height),
            (large, "text", words, self._short, large_height),
        ):
            painter.setFont(font)
            painter.setPen(theme.color(token))
            fits = not short or QFontMetrics(font).horizontalAdvance(text) <= room.width()
            said = text if fits else short
            shown = QFontMetrics(font).elidedText(said, Qt.TextElideMode.ElideRight, int(room.width()))
            line = QRectF(room.left(), top, room.width(), height)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            top += height
