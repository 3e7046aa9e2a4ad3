"""A form of a few fields that is kept with one press: what is wrong is said in it, and what was typed stays."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.records.input import Refused
from ui import background, theme, vehicle_words
from ui.pages.bays_sheets import Trouble
from ui.pages.orders_field import GrowingText
from ui.pages.parts_desk import EXPECTED
from ui.pages.vehicles_desk import VehiclesDesk
from ui.widgets.buttons import Button, Choice
from ui.widgets.dialogs import Sheet
from ui.widgets.number_field import NumberField
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

TEXT, LINES, DAY, NUMBER, CHOICE = "text", "lines", "day", "number", "choice"


class DayField(QLineEdit):
    """A day, typed as "22 Nov 2026", "22.11.2026", "22/11/2026" or "2026-11-22"."""

    changed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setPlaceholderText(tr("like {day}", day=vehicle_words.typed_day(dt.date.today().isoformat())))
        self.textEdited.connect(lambda _: self._typed())
        self.editingFinished.connect(self._tidy)

    def value(self) -> str | None:
        """ISO text; None when it is empty or no day."""
        return vehicle_words.parsed_day(self.text())

    def good(self) -> bool:
        """Whether it is empty or a day."""
        return not self.text().strip() or self.value() is not None

    def set_value(self, day: str | None) -> None:
        self.setText(vehicle_words.typed_day(day))
        self._mark()

    def _typed(self) -> None:
        self._mark()
        self.changed.emit()

    def _tidy(self) -> None:
        if (day := self.value()) is not None:
            self.set_value(day)

    def _mark(self) -> None:
        wrong = not self.good()
        if bool(self.property("invalid")) != wrong:
            self.setProperty("invalid", wrong)
            self.style().unpolish(self)
            self.style().polish(self)


@dataclass(frozen=True, slots=True)
class Blank:
    """One field of a form. ``words``: of a choice, by value; ``decimals`` of a number."""

    name: str
    title: str
    kind: str = TEXT
    wide: bool = False
    words: Mapping[str, str] | None = None
    unit: str = ""
    decimals: int = 0


class Form(QWidget):
    """Blanks in two columns. ``values`` are what stands in them, ``good`` whether each can be read."""

    changed = Signal(str)

    def __init__(self, blanks: Sequence[Blank], given: Mapping[str, Any]) -> None:
        super().__init__()
        self.blanks = {blank.name: blank for blank in blanks}
        self.fields: dict[str, QWidget] = {}
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, theme.space(3), theme.space(3))
        self.grid.setHorizontalSpacing(theme.space(4))
        self.grid.setVerticalSpacing(theme.space(3))
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        self._next = (0, 0)
        for blank in blanks:
            self.add(blank.title, self._field(blank, given.get(blank.name)), wide=blank.wide)

    def _field(self, blank: Blank, value: Any) -> QWidget:
        made = self._made(blank)
        self.fields[blank.name] = made
        self.set_value(blank.name, value)
        return made

    def _made(self, blank: Blank) -> QWidget:
        told = lambda *_: self.changed.emit(blank.name)  # noqa: E731
        if blank.kind == NUMBER:
            number = NumberField(blank.title, decimals=blank.decimals, unit=blank.unit)
            number.changed.connect(told)
            return number
        if blank.kind == DAY:
            day = DayField(blank.title)
            day.changed.connect(told)
            return day
        if blank.kind == LINES:
            lines = GrowingText(3, 6)
            lines.setAccessibleName(blank.title)
            return lines
        if blank.kind == CHOICE:
            choice = Choice(blank.title)
            choice.addItem(tr("Not known"), None)
            for word, said in (blank.words or {}).items():
                choice.addItem(tr(said), word)
            choice.activated.connect(told)
            return choice
        field = QLineEdit()
        field.setAccessibleName(blank.title)
        field.textEdited.connect(told)
        return field

    def add(self, title: str, field: QWidget, *, wide: bool = False) -> None:
        """Put a field into the next place."""
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addWidget(label(title, "caption"))
        column.addWidget(field)
        column.addStretch(1)
        row, place = self._next
        if wide and place:
            row, place = row + 1, 0
        self.grid.addWidget(cell, row, place, 1, 2 if wide else 1)
        self._next = (row + 1, 0) if wide or place else (row, 1)

    def set_value(self, name: str, value: Any) -> None:
        """Show ``value``; a word that is not offered is offered from now on."""
        field = self.fields[name]
        if isinstance(field, NumberField | DayField):
            field.set_value(value)
        elif isinstance(field, GrowingText):
            field.setPlainText(value or "")
        elif isinstance(field, Choice):
            if value is not None and field.findData(value) < 0:
                field.addItem(str(value), value)
            field.setCurrentIndex(max(0, field.findData(value)))
        elif isinstance(field, QLineEdit):
            field.setText("" if value is None else str(value))
            field.setCursorPosition(0)

    def value(self, name: str) -> Any:
        field = self.fields[name]
        if isinstance(field, NumberField | DayField):
            return field.value()
        if isinstance(field, GrowingText):
            return field.toPlainText().strip() or None
        if isinstance(field, Choice):
            return field.currentData()
        assert isinstance(field, QLineEdit)
        return field.text().strip() or None

    def values(self) -> dict[str, Any]:
        return {name: self.value(name) for name in self.fields}

    def wrong(self) -> str:
        """The title of the first field that cannot be read; "" when all can."""
        for name, field in self.fields.items():
            if isinstance(field, NumberField | DayField) and not field.good():
                return self.blanks[name].title
        return ""

    def said(self, refused: Refused) -> str:
        """What is wrong, each with the title of its field."""
        found = []
        for each in refused.problems:
            blank = self.blanks.get(each.field)
            found.append(f"{blank.title}: {each.words}" if blank else each.words)
        return "\n".join(found)


class FormSheet(Sheet):
    """``keep(values)`` is called off this thread when it is kept, ``kept(result)`` on it afterwards.

    ``drop`` (with ``drop_words``) takes away what is edited.
    """

    def __init__(
        self,
        desk: VehiclesDesk,
        title: str,
        blanks: Sequence[Blank],
        given: Mapping[str, Any],
        keep: Callable[[dict[str, Any]], Any],
        *,
        kept: Callable[[Any], object] = lambda _: None,
        drop: Callable[[], object] | None = None,
        drop_words: str = "",
        hint: str = "",
        keep_words: str = "",
        width: int = 760,
        side: str = "center",
    ) -> None:
        super().__init__(desk.anchor, title, side=side, width=width)
        self.desk = desk
        self._work, self._kept_it = keep, kept
        if hint:
            self.body.addWidget(label(hint, "muted", wrap=True))
        self.form = Form(blanks, given)
        if side == "center" and len(blanks) <= 8:
            self.body.addWidget(self.form)
        else:
            self.body.addWidget(scrolling(self.form), 1)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        if drop is not None:
            self.drop = Button(drop_words or tr("Remove"), "trash", role="danger")
            self.drop.clicked.connect(lambda _=False: self._gone(drop))
            self.footer.addWidget(self.drop)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.keep = Button(keep_words or tr("Keep"), "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.submit())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.keep, 1)

    def _gone(self, drop: Callable[[], object]) -> None:
        self.close_sheet()
        drop()

    def given(self) -> dict[str, Any]:
        """What is kept."""
        return self.form.values()

    def submit(self) -> None:
        """Keep it, off this thread."""
        if title := self.form.wrong():
            self.trouble.say(tr("{field}: this cannot be read.", field=title))
            return
        values, work = self.given(), self._work
        self.keep.setEnabled(False)
        background.run(self, lambda: work(values), self._done, self._failed)

    def _done(self, result: Any) -> None:
        self.close_sheet()
        self._kept_it(result)
        self.desk.done.emit()

    def _failed(self, error: Exception) -> None:
        self.keep.setEnabled(True)
        if not isinstance(error, EXPECTED):
            raise error
        self.trouble.say(self.form.said(error) if isinstance(error, Refused) else str(error))
