"""The keyboard on the screen, for terminals that have none.

Qt's own virtual keyboard is no help here: the PySide6-Essentials wheel has its plugin and QML files, but not the
libraries they load (libQt6VirtualKeyboard is in PySide6-Addons only; measured with 6.11.3).
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from core import language
from core.language import tr
from ui import theme
from ui.widgets.dialogs import BOTTOM_INSET
from ui.widgets.keys import Key
from ui.widgets.numberpad import BACKSPACE, ENTER, NumberPad

_DIGITS = "1234567890"
_LETTERS = {
    "en": (_DIGITS, "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "de": (_DIGITS, "qwertzuiopü", "asdfghjklöä", "yxcvbnmß"),
}
_MARKS = (_DIGITS, "@#&%+-*=_", "()[]<>\"'°", ";!?\\|~$€")
_ALWAYS = (":", "/", ".", ",", "?", "=")  # addresses need them, so they are on every layer
_NUMERIC = Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhFormattedNumbersOnly
_LETS_GO = (QEvent.Type.MouseButtonRelease, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel)
_CONTROL = {BACKSPACE: Qt.Key.Key_Backspace, ENTER: Qt.Key.Key_Return}


def _type(key: Qt.Key | int, text: str = "") -> None:
    """Press and release a key in what has the focus, as a real keyboard would."""
    target = QApplication.focusWidget()
    if target is None:
        return
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, int(key), Qt.KeyboardModifier.NoModifier, text))


def type_text(text: str) -> None:
    """Type characters into what has the focus."""
    for character in text:
        capital = character.upper()
        _type(ord(capital) if len(capital) == 1 else 0, character)  # ß has no capital of one letter


def press(name: str) -> None:
    """Press what a ``NumberPad`` key is called."""
    if name in _CONTROL:
        _type(_CONTROL[name])
    else:
        type_text(name)


class _Letters(QWidget):
    """Letters, signs and the bar with the space key, in the order the language in use is typed in."""

    hide_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(6)
        self._shift = self._marks = False
        self._fill()

    def _fill(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        rows = _MARKS if self._marks else _LETTERS.get(language.current(), _LETTERS["en"])
        for number, characters in enumerate(rows):
            self._rows.addWidget(self._row(characters, last=number == len(rows) - 1))
        self._rows.addWidget(self._bar())

    def _row(self, characters: str, *, last: bool) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if last:
            shift = Key(tr("Shift"), "shift")
            shift.setCheckable(True)
            shift.setChecked(self._shift)
            shift.setEnabled(not self._marks)
            shift.clicked.connect(self._toggle_shift)
            row.addWidget(shift, 3)
        else:
            row.addStretch(max(0, 11 - len(characters)))
        for character in characters:
            shown = character.upper() if self._shift and character != "ß" else character
            key = Key(shown)
            key.clicked.connect(lambda _=False, shown=shown: self._letter(shown))
            row.addWidget(key, 2)
        if last:
            back = Key(tr("Backspace"), "backspace", repeats=True)
            back.clicked.connect(lambda: press(BACKSPACE))
            row.addWidget(back, 3)
        else:
            row.addStretch(max(0, 11 - len(characters)))
        return holder

    def _bar(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        layer = Key(tr("abc") if self._marks else "#+=")
        layer.clicked.connect(self._toggle_marks)
        row.addWidget(layer, 3)
        for character in _ALWAYS[:3]:
            row.addWidget(self._sign(character), 2)
        space = Key(tr("Space"))
        space.clicked.connect(lambda: type_text(" "))
        row.addWidget(space, 8)
        for character in _ALWAYS[3:]:
            row.addWidget(self._sign(character), 2)
        away = Key(tr("Hide keyboard"), "keyboard-hide")
        away.clicked.connect(self.hide_wanted)
        row.addWidget(away, 2)
        enter = Key(tr("Enter"), "enter", strong=True)
        enter.clicked.connect(lambda: press(ENTER))
        row.addWidget(enter, 3)
        return holder

    def _sign(self, character: str) -> Key:
        key = Key(character)
        key.clicked.connect(lambda: type_text(character))
        return key

    def _letter(self, character: str) -> None:
        type_text(character)
        if self._shift:
            self._toggle_shift()

    def _toggle_shift(self) -> None:
        self._shift = not self._shift
        self._fill()

    def _toggle_marks(self) -> None:
        self._marks, self._shift = not self._marks, False
        self._fill()


def takes_text(widget: QWidget | None) -> bool:
    """Whether a person could type into ``widget`` now."""
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit | QAbstractSpinBox):
        return widget.isEnabled() and not widget.isReadOnly()
    # The line of an editable box hands its focus to the box.
    return isinstance(widget, QComboBox) and widget.isEditable() and widget.isEnabled()


def takes_numbers(widget: QWidget) -> bool:
    """Whether only a number makes sense there."""
    return isinstance(widget, QAbstractSpinBox) or bool(widget.inputMethodHints() & _NUMERIC)


class OnScreenKeyboard(QWidget):
    """Comes up from the foot of ``window`` while something that takes text has the focus and ``enabled`` is set."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.enabled = False
        self._over = window
        self._held = False  # something is being pressed, and the focus has moved since
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4))
        self.letters = _Letters()
        self.letters.setMaximumWidth(1280)
        self.letters.hide_wanted.connect(self.put_away)
        self.numbers = NumberPad(marks=(",", ".", "-"), key_px=theme.target)
        self.numbers.setMaximumWidth(480)
        self.numbers.pressed.connect(press)
        for board in (self.letters, self.numbers):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(board, 20)
            row.addStretch(1)
            column.addLayout(row)
        self.hide()
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """Follow the focus, but never under a finger: what was pressed would have moved away before it is let go."""
        if not (self.enabled or self.isVisible()):
            return
        if QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._follow(new)
        elif not self._held:
            self._held = True
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def _let_go(self) -> None:
        if self._held:
            self._held = False
            QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            # Not now: what was pressed has yet to hear that it was let go.
            QTimer.singleShot(0, self, lambda: self._focus_moved(None, QApplication.focusWidget()))

    def _follow(self, new: QWidget | None) -> None:
        if not self.enabled or new is None or new.window() is not self.window() or not takes_text(new):
            self.put_away()
            return
        numeric = takes_numbers(new)
        self.letters.setVisible(not numeric)
        self.numbers.setVisible(numeric)
        self.show()
        self.raise_()
        self._place()

    def put_away(self) -> None:
        """Hide, and give the room back."""
        if self.isVisible():
            self.hide()
            self._over.setProperty(BOTTOM_INSET, 0)

    def _place(self) -> None:
        window = self._over
        self._column.activate()
        height = min(self._column.sizeHint().height(), window.height() // 2)
        self.setGeometry(0, window.height() - height, window.width(), height)
        if window.property(BOTTOM_INSET) != height:
            window.setProperty(BOTTOM_INSET, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _LETS_GO:
            self._let_go()
        elif event.type() == QEvent.Type.Resize and watched is self._over and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface_sunken"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
