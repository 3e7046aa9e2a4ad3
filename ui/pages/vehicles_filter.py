"""Every criterion of a search for vehicles on one sheet, with how many it would find while it is being put together."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.records.input import Refused
from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS
from core.vehicles.search import EVERYTHING, LISTS, VehicleCriteria
from ui import background, orders_reading, theme, vehicles_reading, words
from ui.orders_reading import Option
from ui.pages.bays_sheets import Trouble
from ui.pages.orders_picker import PickerSheet
from ui.pages.parts_desk import EXPECTED
from ui.pages.vehicles_desk import VehiclesDesk
from ui.pages.vehicles_form import DAY, NUMBER, Blank, Form
from ui.vehicle_words import VEHICLE_TYPES
from ui.vehicles_reading import Choices
from ui.widgets.buttons import Button, Switch, ValueButton
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.dialogs import Sheet
from ui.widgets.flow import Flow
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

COUNT_MS = 200
SINGLE = (
    "make", "model", "plate", "vin", "year_from", "year_to", "odometer_from", "odometer_to", "serviced_from",
    "serviced_to",
)  # fmt: skip


class Several(QWidget):
    """Words of which any will do, each pressed in and out."""

    def __init__(self, title: str, changed: Callable[[], object]) -> None:
        super().__init__()
        self._changed = changed
        self.buttons: dict[str, Button] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addWidget(label(title, "caption"))
        self._host = QWidget()
        self._flow = Flow(self._host)
        column.addWidget(self._host)

    def offer(self, offered: Mapping[str, str], chosen: tuple[str, ...]) -> None:
        """Words by value; a chosen value that is not offered stands there too."""
        for value, said in {**offered, **{each: offered.get(each, each) for each in chosen}}.items():
            button = Button(said)
            button.setCheckable(True)
            button.setChecked(value in chosen)
            button.toggled.connect(lambda _: self._changed())
            self._flow.addWidget(button)
            button.show()
            self.buttons[value] = button
        self.setVisible(bool(self.buttons))
        self.updateGeometry()

    def value(self) -> tuple[str, ...]:
        return tuple(value for value, button in self.buttons.items() if button.isChecked())

    def clear(self) -> None:
        for button in self.buttons.values():
            button.setChecked(False)


class FilterSheet(Sheet):
    """``chosen(criteria, names)`` when somebody wants to see them; ``names``: customer and fleet by id."""

    def __init__(
        self,
        desk: VehiclesDesk,
        asked: VehicleCriteria,
        names: Mapping[str, str],
        chosen: Callable[[VehicleCriteria, dict[str, str]], object],
    ) -> None:
        super().__init__(desk.anchor, tr("Which vehicles"), side="right", width=820)
        self._desk, self._asked, self._chosen = desk, asked, chosen
        self._counted = 0
        self._names = dict(names)
        self._ids: dict[str, str | None] = {"customer_id": asked.customer_id, "fleet_id": asked.fleet_id}
        self._fleets: tuple[Option, ...] = ()
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(3), theme.space(3))
        self._column.setSpacing(theme.space(4))
        self._build(asked)
        self._column.addStretch(1)
        self.body.addWidget(scrolling(content), 1)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        clear = Button(tr("Clear all"))
        clear.clicked.connect(lambda _=False: self.clear())
        self.show_them = Button(tr("Show"), "search", role="primary")
        self.show_them.clicked.connect(lambda _=False: self.submit())
        self.footer.addWidget(clear, 1)
        self.footer.addWidget(self.show_them, 2)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COUNT_MS)
        self._soon.timeout.connect(self.count)
        records = desk.records
        desk.read(lambda: vehicles_reading.read_choices(records), self._offer)
        self.count()

    def _build(self, asked: VehicleCriteria) -> None:
        km = tr("km")
        blanks = (
            Blank("make", tr("Make")),
            Blank("model", tr("Model")),
            Blank("plate", tr("Plate")),
            Blank("vin", tr("VIN")),
            Blank("year_from", tr("Model year from"), NUMBER),
            Blank("year_to", tr("Model year to"), NUMBER),
            Blank("odometer_from", tr("Odometer from"), NUMBER, unit=km),
            Blank("odometer_to", tr("Odometer to"), NUMBER, unit=km),
            Blank("serviced_from", tr("Last service from"), DAY),
            Blank("serviced_to", tr("Last service to"), DAY),
        )
        self.lists: dict[str, Several] = {}
        for name, title, offered in (
            ("fuel_type", tr("Fuel"), FUEL_TYPES),
            ("transmission", tr("Transmission"), TRANSMISSIONS),
            ("vehicle_type", tr("Kind of vehicle"), VEHICLE_TYPES),
            ("status", tr("Status"), STATUSES),
        ):
            several = self.lists[name] = Several(title, self._changed)
            several.offer({value: tr(said) for value, said in offered.items()}, tuple(getattr(asked, name)))
        self.lists["features"] = Several(tr("Has any of these"), self._changed)
        self.form = Form(blanks, {name: getattr(asked, name) for name in SINGLE})
        self.form.grid.setContentsMargins(0, 0, 0, 0)
        self.form.changed.connect(lambda _: self._changed())
        self._column.addWidget(self.form)
        for name in ("status", "fuel_type", "transmission", "vehicle_type"):
            self._column.addWidget(self.lists[name])
        self._column.addLayout(self._whose())
        self._column.addWidget(self.lists["features"])
        row = QHBoxLayout()
        row.addWidget(label(tr("Only vehicles that were deleted")), 1)
        self.deleted = Switch(asked.deleted, tr("Only vehicles that were deleted"))
        self.deleted.toggled.connect(lambda _: self._changed())
        row.addWidget(self.deleted)
        self._column.addLayout(row)

    def _whose(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(4))
        self.whose: dict[str, ValueButton] = {}
        for name, title, icon, press in (
            ("customer_id", tr("Customer"), "people", self.open_customer),
            ("fleet_id", tr("Fleet"), "truck", self.open_fleet),
        ):
            cell = QVBoxLayout()
            cell.setSpacing(theme.space(1))
            cell.addWidget(label(title, "caption"))
            button = self.whose[name] = ValueButton(self._name(name), icon)
            button.clicked.connect(lambda _=False, press=press: press())
            cell.addWidget(button)
            row.addLayout(cell, 1)
        return row

    def _name(self, name: str) -> str:
        row = self._ids[name]
        return tr("Any") if row is None else self._names.get(row) or tr("not known here yet")

    def _offer(self, found: Choices) -> None:
        self._fleets = found.fleets
        self.lists["features"].offer({each: each for each in found.features}, tuple(self._asked.features))

    # --- choosing

    def open_customer(self) -> None:
        """Whose vehicles."""
        records = self._desk.records
        known: dict[str, str] = {}

        def find(text: str) -> tuple[Option, ...]:
            found = orders_reading.find_customers(records, text)
            known.update({each.id: each.title for each in found})
            return found

        def picked(row: str) -> None:
            self._set("customer_id", row, known.get(row, ""))

        sheet = PickerSheet(self, tr("Customer"), find, picked, None)  # nobody makes one in order to look for vehicles
        if self._ids["customer_id"] is not None:
            anybody = Button(tr("Anybody’s"), "minus")
            anybody.clicked.connect(lambda _=False: self._anybody(sheet))
            sheet.footer.addWidget(anybody, 1)
        sheet.open()

    def _anybody(self, sheet: Sheet) -> None:
        sheet.close_sheet()
        self._set("customer_id", None, "")

    def open_fleet(self) -> None:
        """Of which fleet."""
        answers = [Answer(each.id, tr("{name} ({count})", name=each.title, count=each.detail)) for each in self._fleets]
        names = {each.id: each.title for each in self._fleets}
        hint = "" if answers else tr("There is no fleet yet. The button Fleets above the list makes one.")
        ChoiceSheet(
            self, tr("Fleet"), answers, self._ids["fleet_id"],
            lambda row: self._set("fleet_id", row, names.get(row or "", "")), none=tr("Any"), hint=hint,
        ).open()  # fmt: skip

    def _set(self, name: str, row: str | None, title: str) -> None:
        self._ids[name] = row
        if row is not None:
            self._names[row] = title
        self.whose[name].show_words(self._name(name), "people" if name == "customer_id" else "truck")
        self._changed()

    def clear(self) -> None:
        """Ask for nothing any more."""
        for name in SINGLE:
            self.form.set_value(name, None)
        for several in self.lists.values():
            several.clear()
        self.deleted.set_value(False)
        for name in self._ids:
            self._set(name, None, "")

    def criteria(self) -> VehicleCriteria:
        """What is asked for now, with the free text that stands outside of the sheet."""
        given: dict[str, Any] = {**self.form.values(), **self._ids, "deleted": self.deleted.isChecked()}
        given |= {name: self.lists[name].value() for name in LISTS}
        if not self.lists["features"].buttons:
            given["features"] = self._asked.features  # they are still being read
        return dataclasses.replace(EVERYTHING, text=self._asked.text, **given)

    # --- how many

    def _changed(self) -> None:
        self.trouble.say("")
        self._soon.start()

    def count(self) -> None:
        """Say how many there would be."""
        self._counted += 1
        counted, asked, records = self._counted, self.criteria(), self._desk.records

        def say(found: int) -> None:
            if counted == self._counted:
                self.show_them.show_words(tr("Show {count}", count=words.count(found)), "search")

        background.run(self, lambda: vehicles_reading.read_count(records, asked), say, self._failed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        self.trouble.say(self.form.said(error) if isinstance(error, Refused) else str(error))

    def submit(self) -> None:
        """Show them."""
        if title := self.form.wrong():
            self.trouble.say(tr("{field}: this cannot be read.", field=title))
            return
        asked, names = self.criteria(), self._names
        self.close_sheet()
        self._chosen(asked, names)
