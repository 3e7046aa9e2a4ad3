"""A form of two columns in a sheet: fields with their names above, kept with one press; what is wrong is said in it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.people.roles import Denied
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from ui import background, theme
from ui.pages.bays_sheets import Trouble
from ui.pages.orders_field import GrowingText
from ui.widgets.buttons import Button, Choice
from ui.widgets.dialogs import Sheet
from ui.widgets.number_field import NumberField
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
EXPECTED = (Refused, Denied, NotFound, RecordsError, OSError)


class FormSheet(Sheet):
    """Add fields, then ``finish_form``. ``titles``: what the fields are called, for what is wrong with them."""

    def __init__(self, anchor: QWidget, title: str, *, width: int = 760, side: str = "center") -> None:
        super().__init__(anchor, title, width=width, side=side)
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, theme.space(3), theme.space(2))
        self._column.setSpacing(theme.space(3))
        self._next = (0, 0)
        self._grid = self._new_grid()
        self.texts: dict[str, QLineEdit] = {}
        self.lines: dict[str, GrowingText] = {}
        self.numbers: dict[str, NumberField] = {}
        self.choices: dict[str, Choice] = {}
        self.titles: dict[str, str] = {}
        self.cells: dict[str, QWidget] = {}

    def _new_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(4))
        grid.setVerticalSpacing(theme.space(3))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._column.addLayout(grid)
        self._next = (0, 0)
        return grid

    # --- what it is made of

    def group(self, heading: str, hint: str = "") -> None:
        """What follows belongs together."""
        if heading:
            self._column.addWidget(label(heading, "heading"))
        if hint:
            self._column.addWidget(label(hint, "caption", wrap=True))
        self._grid = self._new_grid()

    def text(self, name: str, title: str, value: str | None, *, wide: bool = False, longest: int = 500) -> QLineEdit:
        field = self.texts[name] = QLineEdit(value or "")
        field.setMaxLength(longest)
        field.setCursorPosition(0)
        field.returnPressed.connect(self.submit)
        return self._named(name, title, field, wide)

    def several(self, name: str, title: str, value: str | None, *, least: int = 2) -> GrowingText:
        """A text of several lines."""
        field = self.lines[name] = GrowingText(least)
        field.setPlainText(value or "")
        return self._named(name, title, field, True)

    def number(
        self,
        name: str,
        title: str,
        value: int | None,
        *,
        decimals: int = 2,
        unit: str = "",
        signed: bool = False,
        wide: bool = False,
    ) -> NumberField:
        field = self.numbers[name] = NumberField(title, decimals=decimals, unit=unit, signed=signed)
        field.set_value(value)
        self.titles[name] = title
        self.add(name, title, field, wide=wide)
        return field

    def choice(
        self, name: str, title: str, options: Sequence[tuple[object, str]], now: object, *, wide: bool = False
    ) -> Choice:
        field = self.choices[name] = Choice(title)
        for value, words in options:
            field.addItem(words, value)
        field.setCurrentIndex(max(0, [value for value, _ in options].index(now) if now in dict(options) else 0))
        return self._named(name, title, field, wide)

    def _named(self, name: str, title: str, field: W, wide: bool) -> W:
        field.setAccessibleName(title)
        self.titles[name] = title
        self.add(name, title, field, wide=wide)
        return field

    def add(self, name: str, title: str, field: QWidget, *, wide: bool = False) -> None:
        """Any widget under its name; a ``wide`` one takes both columns."""
        cell = self.cells[name] = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        if title:
            column.addWidget(label(title, "caption", wrap=True))
        column.addWidget(field)
        column.addStretch(1)
        row, place = self._next
        if wide and place:
            row, place = row + 1, 0
        self._grid.addWidget(cell, row, place, 1, 2 if wide else 1)
        self._next = (row + 1, 0) if wide or place else (row, 1)

    def finish_form(self, keep: str, *, remove: str = "", removing: Callable[[], object] | None = None) -> None:
        """Put the fields and the buttons in."""
        self.area = scrolling(self._content, whole=True)  # the on-screen keyboard takes half of it
        self.body.addWidget(self.area, 1)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        if removing is not None:
            self.remove = Button(remove, "trash")
            self.remove.clicked.connect(lambda _=False: removing())
            self.footer.addWidget(self.remove)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        self.keep = Button(keep, "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.submit())
        self.footer.addWidget(self.keep, 1)

    # --- what a person does

    def fields(self) -> dict[str, object]:
        """What stands in the form."""
        found: dict[str, object] = {name: field.text().strip() or None for name, field in self.texts.items()}
        found |= {name: field.toPlainText().strip() or None for name, field in self.lines.items()}
        found |= {name: field.value() for name, field in self.numbers.items()}
        found |= {name: field.currentData() for name, field in self.choices.items()}
        return found

    def good(self) -> bool:
        """Whether every number is one; says so otherwise."""
        wrong = [self.titles[name] for name, field in self.numbers.items() if not field.good()]
        if wrong:
            self.trouble.say(tr("This is no number: {names}.", names=", ".join(wrong)))
        return not wrong

    def submit(self) -> None:
        """Keep it: sheets say how."""

    def send(self, work: Callable[[], T], done: Callable[[T], object]) -> None:
        """Do ``work`` off this thread, then close and tell; what is wrong is said here, and what was typed stays."""

        def kept(result: T) -> None:
            self.close_sheet()
            done(result)

        self.keep.setEnabled(False)
        background.run(self, work, kept, self._failed)

    def _failed(self, error: Exception) -> None:
        self.keep.setEnabled(True)
        if not isinstance(error, EXPECTED):
            raise error
        self.trouble.say(said(error, self.titles))


def said(error: Exception, titles: Mapping[str, str]) -> str:
    """What is wrong, each with the name of its field."""
    if not isinstance(error, Refused):
        return str(error)
    return "\n".join(
        f"{titles[each.field]}: {each.words}" if each.field in titles else each.words for each in error.problems
    )
