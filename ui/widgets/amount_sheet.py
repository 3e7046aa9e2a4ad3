"""Asking for a number on the number pad: an odometer, a price, hours, a measured value."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.language import tr
from ui import theme, words
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.numberpad import BACKSPACE, ENTER, NumberPad
from ui.widgets.panels import label

LONGEST = 12  # characters
_KEYS = {Qt.Key.Key_Backspace: BACKSPACE, Qt.Key.Key_Return: ENTER, Qt.Key.Key_Enter: ENTER}
SIGN = "±"

Verdict = tuple[str, str, str]  # icon, token, words


def typed_number(text: str, decimals: int) -> int | None:
    """What was typed, in the smallest units of ``decimals``: "12,5" with 2 is 1250; None when it is no number."""
    mark = words.locale().decimalPoint()
    whole, _, part = text.replace("−", "-").replace(mark, ".").partition(".")
    if not (whole.lstrip("-") + part).isdigit() or not (whole + part).isascii() or len(part) > decimals:
        return None
    if "-" in whole[1:]:
        return None
    size: int = int(whole.lstrip("-") or "0") * 10**decimals + int((part or "0").ljust(decimals, "0") or "0")
    return -size if whole.startswith("-") else size


def number_typed(value: int | None, decimals: int) -> str:
    """The other way round, without zeros nobody typed."""
    if value is None:
        return ""
    shown = decimals
    while shown and value % 10 ** (decimals - shown + 1) == 0:
        shown -= 1
    return words.number(value / 10**decimals, shown)


class AmountSheet(Sheet):
    """``done(value)`` in the smallest units, None when it was emptied and ``none`` has words for that.

    ``judge`` says at every key what the value would mean. ``hint`` stands above, for example the value before.
    ``unit`` stands behind the number; ``before``, where there is one, before it and in its stead: "$".
    """

    def __init__(
        self,
        anchor: QWidget,
        title: str,
        value: int | None,
        done: Callable[[int | None], object],
        *,
        unit: str = "",
        before: str = "",
        decimals: int = 0,
        signed: bool = False,
        none: str = "",
        hint: str = "",
        judge: Callable[[int], Verdict] | None = None,
    ) -> None:
        super().__init__(anchor, title, width=480)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._done, self._decimals, self._judge = done, decimals, judge
        self._text, self._fresh = number_typed(value, decimals), True
        if hint:
            self.body.addWidget(label(hint, "muted", wrap=True))
        row = QHBoxLayout()
        self.shown = label("")
        self.shown.setFont(theme.font(theme.scaled(44), "semibold", tabular=True))
        self.shown.setMinimumHeight(theme.scaled(60))
        self.shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.shown, 1)
        self._sign = before
        if unit and not before:
            self.unit = label(unit, "heading")
            row.addWidget(self.unit)
        self.body.addLayout(row)
        self.verdict_icon = IconLabel("ok", 26)
        self.verdict = label("", wrap=True)
        if judge is not None:
            line = QHBoxLayout()
            line.addWidget(self.verdict_icon)
            line.addWidget(self.verdict, 1)
            self.verdict.setMinimumHeight(theme.scaled(34))
            self.body.addLayout(line)
        marks = ((words.locale().decimalPoint(),) if decimals else ()) + ((SIGN,) if signed else ())
        self.pad = NumberPad(marks=marks, key_px=theme.scaled(60), enter=False)
        self.pad.pressed.connect(self.press)
        self.body.addWidget(self.pad)
        if none:
            self.none = Button(none, "minus")
            self.none.setEnabled(value is not None)
            self.none.clicked.connect(lambda _=False: self._finish(None))
            self.body.addWidget(self.none)  # in a row of its own: beside two others its words were cut
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        self.keep = Button(tr("Keep"), "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.press(ENTER))
        self.footer.addWidget(self.keep, 1)
        self._show()

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus or self)

    def value(self) -> int | None:
        """What stands there; None when it is no number."""
        if self._text.lstrip("-") == f"0{words.locale().decimalPoint()}":
            return None  # the mark alone, which put the 0 before it: nobody has typed a number yet
        return typed_number(self._text, self._decimals)

    def type(self, text: str) -> None:
        """Press the keys of ``text`` one after the other."""
        for each in text:
            self.press(each)

    def press(self, name: str) -> None:
        """A key of the pad, or of a keyboard."""
        if name == ENTER:
            if (value := self.value()) is not None:
                self._finish(value)
            return
        mark = words.locale().decimalPoint()
        if name == SIGN:
            self._text = self._text[1:] if self._text.startswith(("-", "−")) else f"-{self._text}"
        elif name == BACKSPACE:
            self._text = self._text[:-1]
        elif self._fresh or not self._text.strip("-"):
            # The first key replaces what was there: nobody deletes six digits to type six others.
            sign = "" if self._fresh else self._text
            self._text = f"{sign}0{mark}" if name == mark else f"{sign}{name}"
        elif name != mark or mark not in self._text:
            _, _, part = self._text.partition(mark)
            if len(self._text) < LONGEST and len(part) < max(1, self._decimals):
                self._text += name
        self._fresh = False
        self._show()

    def _finish(self, value: int | None) -> None:
        self.close_sheet()
        self._done(value)

    def _show(self) -> None:
        self.shown.setText(f"{self._sign}{self._text}" if self._text else "–")
        value = self.value()
        self.keep.setEnabled(value is not None)
        if self._judge is None:
            return
        icon, token, said = self._judge(value) if value is not None else ("unknown", "text_muted", "")
        self.verdict_icon.show_icon(icon, token)
        self.verdict.setText(said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        mark = words.locale().decimalPoint()
        if event.text() in (".", ",") and self._decimals:
            self.press(mark)
        elif event.text() == "-" and SIGN in self.pad.keys:
            self.press(SIGN)
        elif event.text().isdigit() and event.text().isascii():
            self.press(event.text())
        elif Qt.Key(event.key()) in _KEYS:
            self.press(_KEYS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
