"""Asking for a PIN on the number pad: to leave kiosk mode, and to choose a new one."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from core.language import tr, trn
from ui import background, theme
from ui.kiosk import PIN_LENGTHS, PinGate
from ui.widgets.dialogs import Sheet
from ui.widgets.numberpad import BACKSPACE, ENTER, NumberPad
from ui.widgets.panels import label

_KEYS = {Qt.Key.Key_Backspace: BACKSPACE, Qt.Key.Key_Return: ENTER, Qt.Key.Key_Enter: ENTER}


class PinDots(QWidget):
    """How many digits were typed; never which."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.setFixedHeight(theme.scaled(56))

    def sizeHint(self) -> QSize:
        return QSize(280, theme.scaled(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color("surface_sunken"))
        painter.setPen(QPen(theme.color("outline"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.radius, theme.radius)
        places = max(self.count, PIN_LENGTHS.start)
        step = 30.0
        left = self.width() / 2 - step * (places - 1) / 2
        middle = QRectF(self.rect()).center().y()
        painter.setPen(Qt.PenStyle.NoPen)
        for at in range(places):
            x = left + at * step
            if at < self.count:
                painter.setBrush(theme.color("text"))
                painter.drawEllipse(QRectF(x - 8, middle - 8, 16, 16))
            else:  # a line to write on: a small dot looked as if something had been typed
                painter.setBrush(theme.color("outline"))
                painter.drawRect(QRectF(x - 9, middle + 10, 18, 2))


class PinPad(Sheet):
    """Digits, the pad, and one line that says what to do. Subclasses say what a finished PIN is for."""

    def __init__(self, anchor: QWidget, title: str, prompt: str) -> None:
        super().__init__(anchor, title, width=440)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._digits = ""
        self.prompt = label(prompt, wrap=True)
        self.prompt.setMinimumHeight(theme.scaled(50))
        self.body.addWidget(self.prompt)
        self._dots = PinDots()
        self.body.addWidget(self._dots)
        self.pad = NumberPad()
        self.pad.pressed.connect(self.press)
        self.body.addWidget(self.pad)

    def open(self, focus: QWidget | None = None) -> None:
        """The keyboard types the PIN: at the cross, the only button here, Enter would throw it away."""
        super().open(focus or self)

    def press(self, name: str) -> None:
        """A key of the pad, or of a keyboard."""
        if not self.pad.isEnabled():
            return
        if name == ENTER:
            if self._digits:
                digits, self._digits = self._digits, ""
                self._show_digits()
                self.finished(digits)
            return
        if name == BACKSPACE:
            self._digits = self._digits[:-1]
        elif len(self._digits) < PIN_LENGTHS.stop - 1:
            self._digits += name
        self._show_digits()

    def _show_digits(self) -> None:
        self._dots.count = len(self._digits)
        self._dots.update()

    def finished(self, digits: str) -> None:
        """Enter was pressed."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text().isdigit() and event.text().isascii():
            self.press(event.text())
        elif Qt.Key(event.key()) in _KEYS:
            self.press(_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class UnlockSheet(PinPad):
    """Asks for the PIN; ``opened`` tells when it was right. Wrong ones cost time, and the sheet says how much."""

    opened = Signal()

    def __init__(self, anchor: QWidget, title: str, gate: PinGate) -> None:
        super().__init__(anchor, title, "")
        self._gate = gate
        self._ticks = QTimer(self)
        self._ticks.setInterval(250)
        self._ticks.timeout.connect(self._show_wait)
        self._ticks.start()
        self._message = tr("Type the PIN of this terminal.")
        self._show_wait()

    def finished(self, digits: str) -> None:
        self.pad.setEnabled(False)
        self._ticks.stop()
        self.prompt.setText(tr("Checking…"))
        background.run(self, lambda: self._gate.offer(digits), self._answer, self._failed)

    def _failed(self, error: Exception) -> None:
        self._message = tr("The PIN could not be checked: {why}", why=error)
        self._again()

    def _answer(self, right: bool) -> None:
        if right:
            self.close_sheet()
            self.opened.emit()
            return
        left = self._gate.tries_left()
        self._message = (
            tr("That is not the PIN. One more try before a pause.")
            if left == 1
            else tr("That is not the PIN. {count} more tries before a pause.", count=left)
        )
        self._again()

    def _again(self) -> None:
        self._ticks.start()
        self._show_wait()

    def _show_wait(self) -> None:
        wait = self._gate.wait()
        self.pad.setEnabled(wait <= 0)
        if wait > 0:
            self._message = tr("Type the PIN of this terminal.")
            seconds = int(wait) + 1
            self.prompt.setText(tr("That was wrong too often. The next try is possible in {count} s.", count=seconds))
        elif self.prompt.text() != self._message:
            self.prompt.setText(self._message)


class NewPinSheet(PinPad):
    """Asks for a new PIN twice, then calls ``keep`` with it."""

    def __init__(self, anchor: QWidget, keep: Callable[[str], object]) -> None:
        self._rule = tr("Type a PIN of {low} to {high} digits.", low=PIN_LENGTHS.start, high=PIN_LENGTHS.stop - 1)
        super().__init__(anchor, tr("New PIN"), self._rule)
        self._keep = keep
        self._first = ""

    def finished(self, digits: str) -> None:
        if not self._first:
            if len(digits) not in PIN_LENGTHS:
                n, rule = len(digits), self._rule
                few = trn("{count} digit is too few. {rule}", "{count} digits are too few. {rule}", n, rule=rule)
                self.prompt.setText(few)
                return
            self._first = digits
            self.prompt.setText(tr("Type it once more."))
        elif digits != self._first:
            self._first = ""
            self.prompt.setText(tr("The two were not the same. {rule}", rule=self._rule))
        else:
            self.close_sheet()
            self._keep(digits)
