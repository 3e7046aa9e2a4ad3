"""How a person looks on the screen: a disc with initials, and a tile with the name that a glove can hit."""

from zlib import crc32

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from core.language import tr
from core.people.at_hand import Person
from core.people.roles import WORDS
from ui import theme
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, pressed_by_enter

INKS = 7  # traces of the theme that discs are filled with; the eighth is as grey as what is out of order
DISC = 56
TILE = QSize(184, 128)


def paint_face(painter: QPainter, person: Person, box: QRectF) -> None:
    """The disc of a person: always the same colour for the same one, on every terminal."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(f"trace_{crc32(person.id.encode()) % INKS + 1}"))
    painter.drawEllipse(box)
    if not person.initials:
        inner = box.adjusted(box.width() / 4, box.height() / 4, -box.width() / 4, -box.height() / 4)
        icons.paint(painter, "people", inner, "surface")
        return
    painter.setFont(theme.font(round(box.height() * 0.4), "bold"))
    painter.setPen(theme.color("surface"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, person.initials)


class Face(QWidget):
    """A person's disc by itself."""

    def __init__(self, px: int = DISC) -> None:
        super().__init__()
        self.person: Person | None = None
        self.setFixedSize(theme.scaled(px), theme.scaled(px))

    def show_person(self, person: Person | None) -> None:
        self.person = person
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.person is not None:
            paint_face(painter, self.person, box)
        else:
            icons.paint(painter, "lock", box.adjusted(6, 6, -6, -6), "text_muted")


class PersonTile(QAbstractButton):
    """Disc, name and one line under it. ``usable`` False greys it: it says why when it is pressed."""

    def __init__(self, person: Person, caption: str = "", *, usable: bool = True) -> None:
        super().__init__()
        self.person, self.usable = person, usable
        self.caption = caption or tr(WORDS[person.role])
        self.setText(person.name)
        self.setAccessibleName(f"{person.name}, {self.caption}")
        self.setCheckable(True)
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(theme.scaled(TILE.width()), theme.scaled(TILE.height()))

    def nextCheckState(self) -> None:
        """The sheet decides which one is chosen."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        chosen = self.isChecked()
        pressed = self.isDown() or self.underMouse()
        fill = "accent_surface" if chosen else "surface_pressed" if pressed else "surface_sunken"
        painter.setBrush(theme.color(fill))
        ring = "focus" if self.hasFocus() else "accent" if chosen else "line"
        painter.setPen(QPen(theme.color(ring), 3 if chosen else 2))
        painter.drawRoundedRect(plate, theme.radius, theme.radius)
        disc = QRectF(0, 0, theme.scaled(DISC), theme.scaled(DISC))
        disc.moveCenter(plate.center())
        disc.moveTop(plate.top() + 14)
        if self.usable:
            paint_face(painter, self.person, disc)
        else:
            icons.paint(painter, "lock", disc.adjusted(10, 10, -10, -10), "stale")
        left, width = plate.left() + 8, plate.width() - 16
        top = disc.bottom() + 6
        for text, px, weight, token in (
            (self.person.name or tr("No name"), 18, "semibold", "text" if self.usable else "stale"),
            (self.caption, 14, "regular", "text_muted"),
        ):
            font = theme.font(theme.scaled(px), weight)
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(theme.color(token))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width))
            painter.drawText(QRectF(left, top, width, metrics.height()), Qt.AlignmentFlag.AlignCenter, shown)
            top += metrics.height()
