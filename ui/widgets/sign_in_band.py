"""The band at the foot while nobody is signed in: what can be done, and one tap for each who was here last."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import theme
from ui.people_present import People, Standing
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel

MOST = 3


class SignInBand(QWidget):
    """``wanted`` gives the id of who was tapped, "" for anybody. It takes room of its own: it covers no gauge."""

    wanted = Signal(str)

    def __init__(self, people: People) -> None:
        super().__init__()
        self._people = people
        self._shown: tuple[object, ...] | None = None
        self.setFixedHeight(theme.scaled(76))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(5), 0, theme.space(5), 0)
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("lock", 28, "accent"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch()
        self.headline = ElidedLabel("", px=18, weight="semibold")
        self.detail = ElidedLabel("", "text_muted", 15)
        words.addWidget(self.headline)
        words.addWidget(self.detail)
        words.addStretch()
        row.addLayout(words, 1)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(theme.space(3))
        row.addLayout(self._buttons)
        self.faces: list[Button] = []
        self.enter = Button(tr("Sign in"), "people", role="primary")
        self.enter.clicked.connect(lambda _=False: self.wanted.emit(""))
        row.addWidget(self.enter)
        self.hide()

    def show_now(self) -> None:
        """Show it while nobody is signed in, with who was here last."""
        nobody = self._people.standing is Standing.NOBODY
        recent = self._people.recent[:MOST] if nobody else ()
        left = next((each for each in self._people.people if each.id == self._people.locked_out), None)
        if (nobody, recent, left) != self._shown:
            self._shown = (nobody, recent, left)
            self.headline.set_text(tr("Nobody is signed in: look, but nothing can be changed."))
            kept = tr(
                "What {name} was typing is kept, and there again after signing in.", name=left.name if left else ""
            )
            self.detail.set_text(kept if left is not None else tr("Tap your name and type your PIN."))
            for old in self.faces:
                old.hide()
                old.deleteLater()
            self.faces = []
            for person in recent:
                button = Button(person.name)
                button.clicked.connect(lambda _=False, id_=person.id: self.wanted.emit(id_))
                self._buttons.addWidget(button)
                self.faces.append(button)
        self.setVisible(nobody)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("accent_surface"))
        painter.fillRect(0, 0, self.width(), 2, theme.color("accent"))
