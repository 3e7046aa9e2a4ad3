"""A line of a list in the settings: a shape, what it is, a line below, and a word at the right. Pressed, it opens."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, pressed_by_enter

HEIGHT = 68
EDGE = 8  # px


class SettingsRow(QAbstractButton):
    """``token`` colours the shape; ``quiet``: what is not in use any more, or not yet."""

    def __init__(
        self,
        icon: str,
        title: str,
        detail: str = "",
        state: str = "",
        *,
        token: str = "text_muted",
        opens: bool = True,
        quiet: bool = False,
    ) -> None:
        super().__init__()
        self.title, self.detail, self.state = title, detail, state
        self._icon, self._token, self._opens, self._quiet = icon, token, opens, quiet
        self.setAccessibleName(", ".join(filter(None, (title, detail, state))))
        self.setFixedHeight(theme.scaled(HEIGHT))
        self.setEnabled(opens)
        self.setFocusPolicy(BY_KEYS)
        if opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(420, theme.scaled(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._opens and (self.isDown() or self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("surface_pressed"))
            painter.drawRoundedRect(plate, theme.radius, theme.radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(plate, theme.radius, theme.radius)
        size = theme.scaled(26)
        middle = plate.center().y()
        icons.paint(painter, self._icon, QRectF(plate.left() + EDGE, middle - size / 2, size, size), self._token)
        right = plate.right() - EDGE
        if self._opens:
            icons.paint(painter, "chevron-right", QRectF(right - 24, middle - 12, 24, 24), "text_muted")
            right -= 34
        if self.state:
            right = self._word(painter, right)
        self._words(painter, plate.left() + EDGE + size + theme.space(4), right - 12)

    def _word(self, painter: QPainter, right: float) -> float:
        """The word at the right; where it begins."""
        font = theme.font(theme.scaled(17), "medium", tabular=True)
        width = QFontMetrics(font).horizontalAdvance(self.state)
        painter.setFont(font)
        painter.setPen(theme.color("text_muted" if self._quiet else "text"))
        painter.drawText(QRectF(right - width - 1, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter,
                         self.state)  # fmt: skip
        return right - width

    def _words(self, painter: QPainter, left: float, right: float) -> None:
        lines = [(self.title, 18, "medium", "text_muted" if self._quiet else "text")]
        if self.detail:
            lines.append((self.detail, 15, "regular", "text_muted"))
        fonts = [theme.font(theme.scaled(px), weight) for _, px, weight, _ in lines]
        heights = [QFontMetrics(font).height() for font in fonts]
        top = (self.height() - sum(heights)) / 2
        for (text, _, _, token), font, height in zip(lines, fonts, heights, strict=True):
            painter.setFont(font)
            painter.setPen(theme.color(token))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(right - left))
            painter.drawText(QRectF(left, top, right - left, height), Qt.AlignmentFlag.AlignVCenter, shown)
            top += height
