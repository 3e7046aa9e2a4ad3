"""A field for a number, typed on a keyboard or on the number pad behind the button at its end."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from core.language import tr
from ui import theme
from ui.widgets.amount_sheet import AmountSheet, number_typed, typed_number
from ui.widgets.buttons import IconButton
from ui.widgets.panels import label


class NumberField(QWidget):
    """``changed`` when something was typed. Values are in the smallest unit of ``decimals``.

    ``signed``: the pad goes below 0, too.
    """

    changed = Signal()

    def __init__(
        self,
        title: str,
        *,
        decimals: int = 2,
        unit: str = "",
        before: str = "",
        signed: bool = False,
        submit: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._title, self._decimals, self._unit, self._signed = title, decimals, unit, signed
        self._before = before
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(1))
        self.field = QLineEdit()
        self.field.setAccessibleName(title)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setMinimumWidth(theme.scaled(96))
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.field.textEdited.connect(lambda _: self._typed())
        if submit is not None:
            self.field.returnPressed.connect(submit)
        if before:
            row.addWidget(label(before.strip(), "muted"))
        row.addWidget(self.field, 1)
        if unit and not before:
            row.addWidget(label(unit, "muted"))
        self.pad = IconButton("number", tr("Number pad: {title}", title=title))
        self.pad.clicked.connect(lambda _=False: self.open_pad())
        row.addWidget(self.pad)

    def value(self) -> int | None:
        """What stands there; None when it is empty or no number."""
        return typed_number(self.field.text().strip().replace(" ", ""), self._decimals)

    def good(self) -> bool:
        """Whether it is empty or a number."""
        return not self.field.text().strip() or self.value() is not None

    def set_value(self, value: int | None) -> None:
        self.field.setText(number_typed(value, self._decimals))
        self._mark()

    def open_pad(self) -> None:
        """The number pad, for a finger."""
        AmountSheet(
            self, self._title, self.value(), self._taken,
            unit=self._unit, before=self._before, decimals=self._decimals, signed=self._signed,
        ).open()  # fmt: skip

    def _taken(self, value: int | None) -> None:
        self.set_value(value)
        self.changed.emit()

    def _typed(self) -> None:
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        wrong = not self.good()
        if bool(self.field.property("invalid")) != wrong:
            self.field.setProperty("invalid", wrong)
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)
