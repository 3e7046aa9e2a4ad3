"""Who brings a vehicle nobody knows yet: a name and a number to ring, or a customer who was here before."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.people.models import NAME
from core.records.records import Records
from ui import background, orders_reading, theme
from ui.orders_reading import Option
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.panels import label

PAUSE_MS = 160
OFFERED = 3


@dataclass(frozen=True, slots=True)
class Whose:
    """``id``: a customer who was picked. ``fresh``: the fields of a new one. Neither: nobody was named."""

    id: str | None = None
    fresh: Mapping[str, object] | None = None


class WhoseFields(QWidget):
    """Both fields may stay empty: a plate is enough to book a vehicle in. ``edited``: something was typed."""

    edited = Signal()

    def __init__(self, records: Records) -> None:
        super().__init__()
        self._records = records
        self._asked = 0
        self._picked: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
        self.name, self.phone = QLineEdit(), QLineEdit()
        for at, (field, title, most) in enumerate(
            ((self.name, tr("Customer"), NAME), (self.phone, tr("Phone"), 60)),
        ):
            grid.addWidget(label(title, "caption"), 0, at)
            grid.addWidget(field, 1, at)
            grid.setColumnStretch(at, 1)
            field.setAccessibleName(title)
            field.setMaxLength(most)
            field.textEdited.connect(lambda _: self._typed())
        self.name.setPlaceholderText(tr("Name, if they say it"))
        self.phone.setPlaceholderText(tr("Where they can be rung"))
        column.addLayout(grid)
        self.known = QWidget()
        self._flow = Flow(self.known)
        self.known.hide()
        column.addWidget(self.known)
        self.buttons: list[Button] = []
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look)

    def whose(self) -> Whose:
        """What was said of them."""
        if self.isHidden():
            return Whose()
        if self._picked is not None:
            return Whose(self._picked)
        typed = {"name": self.name.text().strip(), "phone": self.phone.text().strip()}
        fields: dict[str, object] = {name: text for name, text in typed.items() if text}
        return Whose(fresh=fields or None)

    def missing(self) -> str:
        """What to say when there is a number, and nobody it belongs to."""
        fresh = self.whose().fresh
        return tr("Type the customer's name, too.") if fresh and "name" not in fresh else ""

    def clear(self) -> None:
        """Nobody was named."""
        self._asked += 1
        self._picked = None
        self._pause.stop()
        self.name.clear()
        self.phone.clear()
        self._offer(())

    # --- who was here before

    def _typed(self) -> None:
        self._picked = None
        self.edited.emit()
        self._pause.start()

    def look(self) -> None:
        """Look for customers with this number, or else with this name."""
        self._asked += 1
        asked, name, phone, records = self._asked, self.name.text().strip(), self.phone.text().strip(), self._records
        if not name and not phone:
            self._offer(())
            return

        def find() -> tuple[Option, ...]:
            found = {
                each.id: each
                for text in (phone, name)
                if text
                for each in orders_reading.find_customers(records, text)[:OFFERED]
            }
            return tuple(found.values())[:OFFERED]

        background.run(self, find, lambda found: self._found(asked, found), lambda error: None)

    def _found(self, asked: int, found: tuple[Option, ...]) -> None:
        if asked == self._asked:
            self._offer(found)

    def _offer(self, found: tuple[Option, ...]) -> None:
        for old in self.buttons:
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = []
        for option in found:
            button = Button(" · ".join(part for part in (option.title, option.detail) if part), "people")
            button.clicked.connect(lambda _=False, option=option: self.pick(option))
            self._flow.addWidget(button)
            self.buttons.append(button)
        self.known.setVisible(bool(found))

    def pick(self, option: Option) -> None:
        """It is this customer."""
        self._asked += 1
        self._pause.stop()
        self._picked = option.id
        self.name.setText(option.title)
        self.phone.setText(option.detail)
        self._offer(())
        self.edited.emit()
