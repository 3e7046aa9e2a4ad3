"""The rail of screens at the left: an icon and a word each; the chosen one has a bar and a plate."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QVBoxLayout, QWidget

from core.language import tr, trn
from ui import theme
from ui.pages import PageEntry
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, pressed_by_enter
from ui.widgets.touch import scrolling

WIDTH = 96
SMALLEST_PX = 13
LEAST = 52  # px of a button that still has its icon and its whole word, in a window less high than a wall terminal
ICON_PX = 28


class RailButton(QAbstractButton):
    """A place on the rail."""

    def __init__(self, icon: str, title: str, keys: str = "", *, checkable: bool = True) -> None:
        super().__init__()
        self._icon = icon
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolTip(f"{title}  {keys}".strip())
        self.setCheckable(checkable)
        self.setAutoExclusive(checkable)
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._count = 0
        self._closed = False
        self.setFixedWidth(WIDTH)
        self.setMinimumHeight(theme.scaled(LEAST))
        self.setMaximumHeight(theme.scaled(80))

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, theme.scaled(80))

    def show_count(self, count: int) -> None:
        """Show how many things wait there for a person; 0 shows nothing."""
        if count != self._count:
            self._count = count
            waiting = trn("{count} to look at", "{count} to look at", count) if count else ""
            self.setAccessibleName(f"{self.text()}: {waiting}" if count else self.text())
            self.update()

    def count(self) -> int:
        return self._count

    def show_closed(self, closed: bool) -> None:
        """Grey it: it is not for who stands here. It stays in its place, and says whom it is for when it is pressed."""
        if closed != self._closed:
            self._closed = closed
            self.setAccessibleDescription(tr("Not for who is signed in") if closed else "")
            self.update()

    def is_closed(self) -> bool:
        return self._closed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        plate = QRectF(self.rect()).adjusted(5, 3, -4, -3)
        if chosen or self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_surface" if chosen else "surface_pressed"))
            painter.drawRoundedRect(plate, theme.radius, theme.radius)
        if chosen:
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(QRectF(0, plate.top() + 12, 4, plate.height() - 24), 2, 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(plate.adjusted(1, 1, -1, -1), theme.radius, theme.radius)
        font = self._fitting("semibold" if chosen else "medium")
        spot, line = self._places(font)
        icons.paint(painter, self._icon, spot, "stale" if self._closed else "accent" if chosen else "text_muted")
        if self._closed:
            self._padlock(painter, spot)
        elif self._count:
            self._badge(painter, spot)
        painter.setFont(font)
        painter.setPen(theme.color("stale" if self._closed else "text" if chosen else "text_muted"))
        words = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, WIDTH - 4)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)

    def room(self) -> tuple[float, float]:
        """How high the word's line is, and how high its letters are."""
        font = self._fitting("semibold" if self.isChecked() else "medium")
        return self._places(font)[1].height(), QFontMetrics(font).height()

    def _places(self, font: QFont) -> tuple[QRectF, QRectF]:
        """Icon and word. The word has its whole height; where there is little of it the icon is smaller."""
        plate, tall = QRectF(self.rect()).adjusted(5, 3, -4, -3), float(QFontMetrics(font).height())
        size = min(float(ICON_PX), plate.height() - tall - 3)
        spare = plate.height() - size - tall - 2
        spot = QRectF(0, 0, size, size)
        spot.moveCenter(plate.center())
        spot.moveTop(plate.top() + min(12.0, max(1.0, spare / 2)))
        return spot, QRectF(0, spot.bottom() + 1, WIDTH, min(tall + 6, plate.bottom() - spot.bottom() - 1))

    def _padlock(self, painter: QPainter, spot: QRectF) -> None:
        """A small lock at the icon's shoulder: grey alone says nothing to many eyes."""
        plate = QRectF(spot.right() - 8, spot.top() - 6, 22, 22)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface_raised"))
        painter.drawEllipse(plate)
        icons.paint(painter, "lock", plate.adjusted(2, 2, -2, -2), "stale")

    def _badge(self, painter: QPainter, spot: QRectF) -> None:
        """The count at the icon's shoulder; beyond 99 it says so."""
        words = str(self._count) if self._count < 100 else "99+"
        font = theme.font(14, "bold", tabular=True)
        width = max(24.0, QFontMetrics(font).horizontalAdvance(words) + 12.0)
        badge = QRectF(spot.right() - 8, max(1.0, spot.top() - 9), width, 24)
        painter.setPen(QPen(theme.color("surface_raised"), 2))
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(badge, 12, 12)
        painter.setFont(font)
        painter.setPen(theme.color("on_accent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)

    def _fitting(self, weight: str) -> QFont:
        """The word's font, a little smaller where another language needs more letters ("Einstellungen")."""
        for px in range(theme.scaled(15), SMALLEST_PX - 1, -1):
            font = theme.font(px, weight)
            if QFontMetrics(font).horizontalAdvance(self.text()) <= WIDTH - 8:
                return font
        return theme.font(SMALLEST_PX, weight)


class Rail(QWidget):
    """The screens that exist, and at the foot taking back and the search."""

    chosen = Signal(str)
    search = Signal()
    undo = Signal()

    def __init__(self, entries: Sequence[PageEntry]) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH + 1)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.space(3), 1, theme.space(3))
        column.setSpacing(theme.space(1))
        self._mark = icons.IconLabel("bayline", 40, "accent")
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._screens(entries), 1)
        self.back = RailButton("undo", tr("Undo"), tr("Ctrl+Z"), checkable=False)
        self.back.clicked.connect(lambda _=False: self.undo.emit())
        self.back.hide()
        column.addWidget(self.back)
        self.finder = RailButton("search", tr("Search"), tr("Ctrl+K"), checkable=False)
        self.finder.clicked.connect(lambda _=False: self.search.emit())
        column.addWidget(self.finder)

    def _screens(self, entries: Sequence[PageEntry]) -> QScrollArea:
        """The screens' buttons; on a small window a finger pushes them."""
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)  # eleven screens, undo and search stand on a screen 800 px high
        self.buttons: dict[str, RailButton] = {}
        for number, entry in enumerate(entries, 1):
            button = self.buttons[entry.name] = RailButton(entry.icon, tr(entry.title), tr("Ctrl+{n}", n=number))
            button.clicked.connect(lambda _=False, name=entry.name: self.chosen.emit(name))
            column.addWidget(button)
        column.addStretch()
        area = self._area = scrolling(holder)
        area.setFixedWidth(WIDTH)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the screens need the room, our mark gives way, then the gaps; undo and search are as high as they."""
        super().resizeEvent(event)
        wanted = len(self.buttons) + 2  # undo and search
        needed = wanted * (theme.target + theme.space(1)) + 2 * theme.space(3) + self._mark.height() + theme.space(5)
        roomy = self.height() >= needed
        self._mark.setVisible(roomy)
        edge = theme.space(3 if roomy else 1)
        self._column.setContentsMargins(0, edge, 1, edge)
        gaps = 2 * edge + 2 * theme.space(1) + 2 * (len(self.buttons) - 1)
        each = max(theme.scaled(LEAST), (self.height() - gaps) // wanted)
        for button in (self.back, self.finder):
            button.setFixedHeight(min(each, theme.scaled(64)))

    def show_chosen(self, name: str) -> None:
        """Mark the screen that is in front."""
        self.buttons[name].setChecked(True)
        self._area.ensureWidgetVisible(self.buttons[name], 0, 0)

    def show_closed(self, names: Collection[str]) -> None:
        """Grey the screens that are not for who stands here."""
        for name, button in self.buttons.items():
            button.show_closed(name in names)

    def show_count(self, name: str, count: int) -> None:
        """Show at the screen ``name`` how much waits there."""
        if name in self.buttons:
            self.buttons[name].show_count(count)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        places = [*self.buttons.values(), *([] if self.back.isHidden() else [self.back]), self.finder]
        at = next((n for n, button in enumerate(places) if button.hasFocus()), None)
        if step is None or at is None:
            super().keyPressEvent(event)
            return
        places[max(0, min(len(places) - 1, at + step))].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface_raised"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("line"))
