"""Signing in by touch: one's tile at the left, the number pad at the right, and nothing moves in between."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.people.at_hand import Person, needs_pin
from core.people.roles import WORDS
from core.people.signing_in import Answer, Attempt
from ui import theme
from ui.kiosk import PIN_LENGTHS
from ui.people_present import People
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.numberpad import BACKSPACE, ENTER, NumberPad
from ui.widgets.panels import ElidedLabel, Separator, label
from ui.widgets.pin_sheet import PinDots
from ui.widgets.sign_in_faces import TILE, Face, PersonTile
from ui.widgets.touch import scrolling

COLUMNS = 3  # of tiles, at the most
PAD_WIDTH = 320
WIDTH = 1020
ROWS_SEEN = 3
TICK_MS = 250
KEYS = {Qt.Key.Key_Backspace: BACKSPACE, Qt.Key.Key_Return: ENTER, Qt.Key.Key_Enter: ENTER}


class SignInSheet(Sheet):
    """Who is it? A tap and a PIN; for those who may do without a PIN the tap is all. It closes when somebody is in."""

    def __init__(self, anchor: QWidget, people: People, *, own_pin: Callable[[], object] | None = None) -> None:
        super().__init__(anchor, tr("Who is it?"), width=WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._people, self._ask_own_pin = people, own_pin
        self._digits, self._message = "", ""
        self._busy = False
        self.chosen: Person | None = None
        self.tiles: dict[str, PersonTile] = {}
        row = QHBoxLayout()
        row.setSpacing(theme.space(6))
        row.addLayout(self._left(), 1)
        row.addWidget(Separator(vertical=True))
        row.addWidget(self._right())
        self.body.addLayout(row)
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self._show)
        self._ticks.start()
        people.changed.connect(self._staff_changed)
        self._choose_first()

    # --- building

    def _left(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.space(3))
        now = self._people.person
        if now is not None:
            column.addLayout(self._signed_in(now))
            column.addWidget(Separator())
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, theme.space(2), 0)
        self._grid.setSpacing(theme.space(3))
        self._group = QButtonGroup(self)
        self._fill()
        area = scrolling(self._holder)
        area.setMinimumHeight(self._tile_size().height() * ROWS_SEEN + 2 * theme.space(3))
        column.addWidget(area, 1)
        return column

    def _signed_in(self, now: Person) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        face = Face()
        face.show_person(now)
        row.addWidget(face)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(now.name, px=20, weight="semibold"))
        words.addWidget(ElidedLabel(tr(WORDS[now.role]), "text_muted", 15))
        row.addLayout(words, 1)
        if self._ask_own_pin is not None:
            own = Button(tr("My PIN…"), "lock")
            own.clicked.connect(lambda _=False: self._own_pin())
            row.addWidget(own)
        self.out = Button(tr("Sign out"), "sign-out")
        self.out.clicked.connect(lambda _=False: self._sign_out())
        row.addWidget(self.out)
        return row

    def _right(self) -> QWidget:
        """As wide as the pad: what is left is for the tiles."""
        right = QWidget()
        right.setFixedWidth(theme.scaled(PAD_WIDTH))
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        who = QHBoxLayout()
        who.setSpacing(theme.space(3))
        self._face = Face(48)
        self._name = ElidedLabel("", px=20, weight="semibold")
        who.addWidget(self._face)
        who.addWidget(self._name, 1)
        column.addLayout(who)
        self.prompt = label("", wrap=True)
        self.prompt.setMinimumHeight(theme.scaled(76))  # three lines: the pad stays where it is
        self.prompt.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.dots = PinDots()
        column.addWidget(self.dots)
        column.addWidget(self.prompt)
        self.pad = NumberPad()
        self.pad.pressed.connect(self.press)
        column.addWidget(self.pad)
        column.addStretch()
        return right

    def _columns(self) -> int:
        """How many tiles stand beside each other without one being cut."""
        sides = 2 * theme.space(6) + theme.space(2)  # of the sheet
        width = min(self._width, self.window().width() - 2 * theme.space(6))
        room = width - sides - theme.scaled(PAD_WIDTH) - 2 * theme.space(6) - theme.space(5)
        tile, gap = self._tile_size().width(), theme.space(3)
        return max(1, min(COLUMNS, (room + gap) // (tile + gap)))

    def _tile_size(self) -> QSize:
        return next(
            (tile.size() for tile in self.tiles.values()),
            QSize(theme.scaled(TILE.width()), theme.scaled(TILE.height())),
        )

    def _fill(self) -> None:
        """A tile for everybody but who is signed in; who was here lately comes first."""
        for old in self.tiles.values():
            self._group.removeButton(old)
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        now, guarded = self._people.person, self._people.guarded
        self.tiles = {}
        columns = self._columns()
        for person in self._people.people:
            if now is not None and person.id == now.id:
                continue
            needed = needs_pin(person, guarded=guarded)
            caption = tr(WORDS[person.role]) if needed else tr("Without a PIN")
            tile = PersonTile(
                person, caption if person.has_pin or not needed else tr("Has no PIN yet"),
                usable=person.has_pin or not needed,
            )  # fmt: skip
            tile.clicked.connect(lambda _=False, person=person: self.choose(person))
            self._group.addButton(tile)
            at = len(self.tiles)
            self._grid.addWidget(tile, at // columns, at % columns, Qt.AlignmentFlag.AlignLeft)
            self.tiles[person.id] = tile
        self._grid.setRowStretch(len(self.tiles) // columns + 1, 1)
        self._grid.setColumnStretch(columns, 1)

    def _choose_first(self) -> None:
        """Who was signed out by the clock, or was here last: for them the tap on the name chip was all."""
        likely = [self._people.locked_out, *(person.id for person in self._people.recent[:1])]
        for id_ in likely:
            tile = self.tiles.get(id_)
            if tile is not None and tile.person.has_pin:
                self.choose(tile.person)
                return
        self._show()

    # --- choosing

    def choose(self, person: Person) -> None:
        """A tile was tapped."""
        if self._busy:
            return
        self.chosen, self._digits, self._message = person, "", ""
        tile = self.tiles[person.id]
        self._group.setExclusive(True)
        tile.setChecked(True)
        if not needs_pin(person, guarded=self._people.guarded):
            self._try("")
        self._show()

    def press(self, name: str) -> None:
        """A key of the pad, or of a keyboard."""
        if not self.pad.isEnabled() or self.chosen is None:
            return
        if name == ENTER:
            if self._digits:
                self._try(self._digits)
            return
        if name == BACKSPACE:
            self._digits = self._digits[:-1]
        elif len(self._digits) < PIN_LENGTHS.stop - 1:
            self._digits += name
        self._message = ""
        self._show()

    def _try(self, pin: str) -> None:
        assert self.chosen is not None
        self._digits, self._busy = "", True
        self._show()
        self._people.sign_in(self.chosen.id, pin, self._answered, self._failed)

    def _answered(self, found: Attempt) -> None:
        if self._closing:  # somebody went on while the PIN was looked at; the widgets are gone
            return
        self._busy = False
        if found.answer is Answer.IN:
            self.close_sheet()
            return
        left = self._people.tries.left(self.chosen.id if self.chosen else "")
        self._message = {
            Answer.WRONG: tr("That is not the PIN. One more try before a pause.")
            if left == 1
            else tr("That is not the PIN. {count} more tries before a pause.", count=left),
            Answer.NO_PIN: tr("There is no PIN yet: an owner or a manager sets one, in Settings, People."),
            Answer.GONE: tr("Does not work here any more."),
        }.get(found.answer, "")
        self._show()

    def _failed(self, error: Exception) -> None:
        if self._closing:
            return
        self._busy = False
        self._message = tr("The PIN could not be checked: {why}", why=error)
        self._show()

    def _show(self) -> None:
        person = self.chosen
        self._face.show_person(person)
        self._name.set_text(person.name if person else tr("Tap your name"))
        self.dots.count = len(self._digits)
        self.dots.update()
        wait = self._people.tries.wait(person.id) if person else 0.0
        usable = person is not None and person.has_pin
        self.pad.setEnabled(usable and wait <= 0 and not self._busy)
        self.prompt.setText(self._words(person, wait))

    def _words(self, person: Person | None, wait: float) -> str:
        if self._busy:
            return tr("Checking…")
        if wait > 0:
            seconds = int(wait) + 1
            return tr("That was wrong too often. The next try is possible in {count} s.", count=seconds)
        if self._message:
            return self._message
        if person is None:
            if not self.tiles:
                return tr("Nobody else works here yet. Settings, People adds them.")
            return tr("Everything done here bears the name of who is signed in.")
        if not person.has_pin:
            return tr("There is no PIN yet: an owner or a manager sets one, in Settings, People.")
        return tr("Type your PIN, then the tick.")

    def _staff_changed(self) -> None:
        if self._closing:
            return
        self._fill()
        if self.chosen is not None:
            tile = self.tiles.get(self.chosen.id)
            self.chosen = tile.person if tile else None
            if tile is not None:
                tile.setChecked(True)
        self._show()

    def _sign_out(self) -> None:
        self.close_sheet()
        self._people.sign_out()

    def _own_pin(self) -> None:
        self.close_sheet()
        if self._ask_own_pin is not None:
            self._ask_own_pin()

    def close_sheet(self) -> None:
        self._ticks.stop()
        super().close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and event.text().isascii():
            self.press(event.text())
        elif Qt.Key(event.key()) in KEYS:
            self.press(KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
