"""The name chip of the top bar: who is signed in, or that nobody is; a tap changes it."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen

from core.language import tr
from core.people.roles import WORDS
from ui import theme
from ui.people_present import People, Standing
from ui.widgets.sign_in_faces import paint_face
from ui.widgets.status_chip import ICON_PX, StatusChip

WIDTH = 164
DISC_PX = 36


class PersonChip(StatusChip):
    """Follows ``people`` when told to ``show_now``; framed while the terminal waits for somebody to sign in."""

    def __init__(self, people: People) -> None:
        super().__init__(tr("Who is signed in"), WIDTH)
        self._people = people
        self._who: object = None

    def show_now(self) -> None:
        """Show who it is now."""
        standing, person = self._people.standing, self._people.person
        self.setVisible(standing is not Standing.NO_WORKSHOP)
        if person != self._who:
            self._who = person
            self.update()
        if person is not None:
            self.show_state("people", "text", person.name, tr(WORDS[person.role]), person.name.split(" ")[0])
        elif standing is Standing.NOBODY:
            self.show_state("lock", "accent", tr("Sign in"), tr("Nobody here"))
        else:
            self.show_state("people", "text_muted", tr("Everybody"), tr("No sign-in"))

    def paintEvent(self, event: QPaintEvent) -> None:
        person = self._people.person
        if self._people.standing is Standing.NOBODY:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(theme.color("accent_surface"))
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 4, -2, -4), theme.radius, theme.radius)
            painter.end()
        super().paintEvent(event)
        if person is not None:
            painter = QPainter(self)
            middle = QRectF(self.rect()).center()
            box = QRectF(0, 0, DISC_PX, DISC_PX)
            box.moveCenter(middle)
            box.moveLeft(11 + ICON_PX / 2 - DISC_PX / 2)
            paint_face(painter, person, box)
