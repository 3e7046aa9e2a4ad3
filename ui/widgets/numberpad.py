"""The number pad: for PINs, odometers and measured values, large enough for a glove."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from core.language import tr
from ui import theme
from ui.widgets.keys import Key

BACKSPACE = "backspace"
ENTER = "enter"


class NumberPad(QWidget):
    """Digits in the order of a telephone. ``pressed`` gives a digit, ``BACKSPACE``, ``ENTER`` or the ``mark``.

    Without ``enter`` the first mark takes its place: where a button below already says what happens.
    """

    pressed = Signal(str)

    def __init__(self, *, marks: tuple[str, ...] = (), key_px: int = 72, enter: bool = True) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.space(2))
        self.keys: dict[str, Key] = {}
        for at, digit in enumerate("123456789"):
            grid.addWidget(self._key(digit, Key(digit, px=theme.scaled(26))), at // 3, at % 3)
        grid.addWidget(self._key(BACKSPACE, Key(tr("Backspace"), "backspace", repeats=True)), 3, 0)
        grid.addWidget(self._key("0", Key("0", px=theme.scaled(26))), 3, 1)
        if enter:
            grid.addWidget(self._key(ENTER, Key(tr("Enter"), "ok", strong=True)), 3, 2)
        spots = [*([] if enter else [(3, 2)]), *((row, 3) for row in range(4))]
        for mark, spot in zip(marks, spots, strict=False):
            grid.addWidget(self._key(mark, Key(mark, px=theme.scaled(26))), *spot)
        for key in self.keys.values():
            key.setMinimumHeight(key_px)

    def _key(self, name: str, key: Key) -> Key:
        key.clicked.connect(lambda: self.pressed.emit(name))
        self.keys[name] = key
        return key
