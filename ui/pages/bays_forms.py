"""The forms with which a terminal founds a workshop or joins one."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr
from core.sync.views import UnreachableError, WrongCodeError
from ui import theme
from ui.membership import NearbyWorkshop
from ui.pages.bays_row import address_words
from ui.pages.bays_sheets import Trouble, address_field
from ui.widgets import icons
from ui.widgets.buttons import BY_KEYS, Button, pressed_by_enter
from ui.widgets.panels import Card, label

DIGITS = 8


class BigChoice(QAbstractButton):
    """One of two ways, as a card that is pressed: icon, words, and a line of what it means."""

    def __init__(self, icon: str, title: str, meaning: str) -> None:
        super().__init__()
        self._icon, self._meaning = icon, meaning
        self.setText(title)
        self.setAccessibleName(f"{title}. {meaning}")
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(520), theme.scaled(132))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isEnabled() and (self.isDown() or self.underMouse())
        edge = "focus" if self.hasFocus() else "outline" if self.isEnabled() else "line"
        painter.setPen(QPen(theme.color(edge), 2))
        painter.setBrush(theme.color("surface_pressed" if lit else "surface_raised"))
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, theme.radius, theme.radius)
        size = theme.scaled(52)
        spot = QRectF(box.left() + theme.space(7), box.center().y() - size / 2, size, size)
        icons.paint(painter, self._icon, spot, "accent" if self.isEnabled() else "stale")
        words = box.adjusted(spot.right() + theme.space(6), theme.space(4), -theme.space(16), -theme.space(4))
        head = QRectF(words.left(), words.top(), words.width(), words.height() * 0.46)
        rest = QRectF(words.left(), head.bottom(), words.width(), words.bottom() - head.bottom())
        painter.setFont(theme.font(theme.scaled(24), "semibold"))
        painter.setPen(theme.color("text" if self.isEnabled() else "stale"))
        painter.drawText(head, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setFont(theme.font(theme.base))
        painter.setPen(theme.color("text_muted" if self.isEnabled() else "stale"))
        wrap = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(rest, int(wrap), self._meaning)
        arrow = QRectF(box.right() - theme.space(12), box.center().y() - 16, 32, 32)
        icons.paint(painter, "chevron-right", arrow, "text_muted" if self.isEnabled() else "stale")


class _Form(Card):
    """A heading, labelled fields, what is wrong, and two buttons."""

    def __init__(self, heading: str, deed: str, icon: str, back: Callable[[], object]) -> None:
        super().__init__()
        self.body.addWidget(label(heading, "title"))
        self.fields = QVBoxLayout()
        self.fields.setSpacing(theme.space(2))
        self.body.addLayout(self.fields)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        self.go = Button(deed, icon, role="primary")
        self.go.clicked.connect(lambda _=False: self.submit())
        self.back = Button(tr("Back"), "chevron-left")
        self.back.clicked.connect(lambda _=False: back())
        row.addWidget(self.go, 1)
        row.addWidget(self.back, 1)
        self.body.addSpacing(theme.space(2))
        self.body.addLayout(row)

    def field(self, title: str, field: QLineEdit) -> QLineEdit:
        """Put ``field`` under its title; Enter sends the form."""
        self.fields.addWidget(label(title, "caption"))
        self.fields.addWidget(field)
        field.setAccessibleName(title)
        field.returnPressed.connect(self.submit)
        field.textEdited.connect(lambda _: self.trouble.say(""))
        return field

    def missing(self, field: QLineEdit, words: str) -> bool:
        """Whether nothing was typed there; then it is said, and the field waits for it."""
        if field.text().strip():
            return False
        self.trouble.say(words)
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def begin(self) -> None:
        """The form came to the front."""

    def submit(self) -> None:
        """Check and go."""

    def failed(self, error: Exception) -> None:
        """Say what went wrong; what was typed stays."""
        self.trouble.say(str(error))


class FoundForm(_Form):
    """``found(workshop, terminal)``."""

    def __init__(self, terminal: str, found: Callable[[str, str], object], back: Callable[[], object]) -> None:
        super().__init__(tr("Create a workshop"), tr("Create the workshop"), "workshop", back)
        self._found = found
        self.workshop = self.field(tr("Name of the workshop"), QLineEdit())
        self.workshop.setMaxLength(120)
        self.terminal = self.field(tr("Name of this terminal"), QLineEdit(terminal))
        self.terminal.setMaxLength(120)
        self.fields.addWidget(
            label(
                tr("As people call the place it stands at, for example “Bay 1” or “Reception”."), "caption", wrap=True
            )
        )

    def begin(self) -> None:
        self.workshop.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        if self.missing(self.workshop, tr("The workshop needs a name.")):
            return
        if self.missing(self.terminal, tr("The terminal needs a name.")):
            return
        self._found(self.workshop.text().strip(), self.terminal.text().strip())


class JoinForm(_Form):
    """``join(address, code, terminal)``."""

    def __init__(self, terminal: str, join: Callable[[str, str, str], object], back: Callable[[], object]) -> None:
        super().__init__(tr("Join a workshop"), tr("Join"), "join", back)
        self._join = join
        self._nearby: tuple[NearbyWorkshop, ...] | None = None
        self.fields.addWidget(
            label(
                tr("On a terminal of the workshop, open Bays and press “Pair a terminal”. It shows a code."), wrap=True
            )
        )
        self.offers = QWidget()
        self._offers = QVBoxLayout(self.offers)
        self._offers.setContentsMargins(0, theme.space(1), 0, theme.space(1))
        self._offers.setSpacing(theme.space(2))
        self.fields.addWidget(self.offers)
        self.address = self.field(tr("Address of that terminal"), address_field())
        self.code = self.field(tr("Code shown there"), QLineEdit())
        self.code.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)  # the number pad in kiosk mode
        self.code.setMaxLength(DIGITS + 1)
        self.code.setPlaceholderText("1234 5678")
        self.code.setMinimumHeight(theme.scaled(64))
        self.code.textEdited.connect(self._group)
        self.code.textChanged.connect(lambda _: self._dress_code())
        self._dress_code()
        self.terminal = self.field(tr("Name of this terminal"), QLineEdit(terminal))
        self.terminal.setMaxLength(120)

    def _dress_code(self) -> None:
        """Large digits for what was typed; the example stands small, so that it does not look like an entry."""
        typed = bool(self.code.text())
        font = theme.font(theme.scaled(30), "semibold", tabular=True) if typed else theme.font(theme.scaled(18))
        self.code.setFont(font)

    def begin(self) -> None:
        target = self.code if self.address.text() else self.address
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_nearby(self, nearby: tuple[NearbyWorkshop, ...]) -> None:
        """Offer the terminals heard on the network; a press fills in the address."""
        if nearby == self._nearby:
            return
        self._nearby = nearby
        while (item := self._offers.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        found = (
            tr("Found in this network; press the one that shows the code:")
            if nearby
            else tr("Looking for terminals in this network… The address can be typed too.")
        )
        self._offers.addWidget(label(found, "caption", wrap=True))
        for one in nearby:
            words = " · ".join(part for part in (one.workshop, one.terminal, address_words(one.address)) if part)
            button = Button(words, "workshop")
            button.clicked.connect(lambda _=False, one=one: self.choose(one))
            self._offers.addWidget(button)

    def choose(self, one: NearbyWorkshop) -> None:
        """Take this terminal's address."""
        self.address.setText(address_words(one.address))
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def _group(self, typed: str) -> None:
        """Keep the digits in two groups, as the other screen shows them."""
        digits = "".join(each for each in typed if each.isdigit())[:DIGITS]
        grouped = f"{digits[:4]} {digits[4:]}" if len(digits) > 4 else digits
        if grouped != typed:
            self.code.setText(grouped)

    def submit(self) -> None:
        code = "".join(each for each in self.code.text() if each.isdigit())
        if self.missing(self.address, tr("Type the address the other terminal shows, or choose it above.")):
            return
        if self.missing(self.code, tr("Type the code the other terminal shows.")):
            return
        if len(code) != DIGITS:
            self.trouble.say(tr("The code has {count} digits.", count=DIGITS))
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.missing(self.terminal, tr("The terminal needs a name.")):
            return
        self.trouble.say("")
        self._join(self.address.text().strip(), code, self.terminal.text().strip())

    def failed(self, error: Exception) -> None:
        cure = ""
        if isinstance(error, WrongCodeError):  # its words say what to do
            self.code.setFocus(Qt.FocusReason.OtherFocusReason)
            self.code.selectAll()
        elif isinstance(error, UnreachableError):
            cure = tr("Check the address, and that both are in the same network.")
        self.trouble.say(f"{error} {cure}".strip())
