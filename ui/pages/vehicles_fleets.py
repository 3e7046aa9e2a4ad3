"""Fleets: vehicles that are looked after together, whose they are, which belong to them, and who was let in."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr, trn
from core.people.customers import CustomerView
from core.vehicles.fleet_access import LEVELS, READ, FleetAccessView
from core.vehicles.fleets import FleetView
from core.vehicles.search import VehicleCriteria
from core.vehicles.vehicles import VehicleView
from ui import (
    background,
    customers_reading,
    fleets_reading,
    orders_reading,
    theme,
    vehicle_words,
    vehicles_writing,
    words,
)
from ui.fleets_reading import FleetRead
from ui.pages.customer_sheet import NewCustomerSheet
from ui.pages.orders_picker import PickerSheet
from ui.pages.vehicles_desk import VehiclesDesk
from ui.pages.vehicles_form import LINES, Blank, FormSheet
from ui.pages.vehicles_line import Line
from ui.pages.vehicles_tab import Section, Teach
from ui.widgets.buttons import Button, IconButton, Segmented, ValueButton
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.touch import scrolling

WIDTH = 860
T = TypeVar("T")


class FleetsSheet(Sheet):
    """All fleets; one that is pressed opens."""

    def __init__(self, desk: VehiclesDesk) -> None:
        super().__init__(desk.anchor, tr("Fleets"), side="right", width=WIDTH)
        self._desk = desk
        self.empty = Teach(
            tr("No fleet yet. The vans of a bakery, the cars of a company: a fleet keeps them together, so that they "
               "are found, counted and seen by their owner as one.")
        )  # fmt: skip
        self.empty.hide()
        self.body.addWidget(self.empty)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(2), 0)
        self._column.setSpacing(theme.space(2))
        self._column.addStretch(1)
        self.body.addWidget(scrolling(content), 1)
        self.rows: dict[str, ValueButton] = {}
        self.new = Button(tr("New fleet"), "plus", role="primary")
        self.new.clicked.connect(lambda _=False: self.open_new())
        self.new.setVisible(desk.may("vehicles.change"))
        self.footer.addWidget(self.new)
        self.footer.addStretch(1)
        desk.done.connect(self.read)
        self.read()

    def read(self) -> None:
        records = self._desk.records
        _read(self, self._desk, lambda: fleets_reading.read_fleets(records), self._show)

    def _show(self, found: tuple[FleetView, ...]) -> None:
        for old in self.rows.values():
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = {}
        for at, fleet in enumerate(found):
            count = trn("{count} vehicle", "{count} vehicles", fleet.vehicle_count)
            button = self.rows[fleet.id] = ValueButton(f"{fleet.name or tr('No name')} · {count}", "truck")
            button.clicked.connect(lambda _=False, row=fleet.id: self.open_fleet(row))
            self._column.insertWidget(at, button)
        self.empty.setVisible(not found)

    def open_fleet(self, row: str) -> "FleetSheet":
        """One fleet, over this list."""
        sheet = FleetSheet(self._desk, row, self.close_sheet)
        sheet.open()
        return sheet

    def open_new(self) -> FormSheet:
        """A new fleet, opened when it is there."""
        records, actor = self._desk.records, self._desk.actor
        sheet = FormSheet(
            self._desk, tr("New fleet"), _blanks(), {},
            lambda values: fleets_reading.keep_fleet(records, actor, None, values),
            kept=lambda fleet: self.open_fleet(fleet.id), keep_words=tr("Make the fleet"), width=640,
        )  # fmt: skip
        sheet.open(sheet.form.fields["name"])
        return sheet


class FleetSheet(Sheet):
    """``left`` is called when somebody goes on to one of its vehicles, or to the list of them."""

    def __init__(self, desk: VehiclesDesk, row: str, left: Callable[[], object]) -> None:
        super().__init__(desk.anchor, tr("Fleet"), side="right", width=WIDTH)
        self._desk, self.row, self._left = desk, row, left
        self.found: FleetRead | None = None
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.space(2), 0)
        column.setSpacing(theme.space(3))
        self.name = ElidedLabel("", px=24, weight="semibold")
        column.addWidget(self.name)
        self.about = label("", "muted", wrap=True)
        column.addWidget(self.about)
        whose = QHBoxLayout()
        whose.setSpacing(theme.space(3))
        self.customer = ValueButton(tr("Choose a customer"), "people")
        self.customer.clicked.connect(lambda _=False: self.open_customer())
        self.rename = Button(tr("Rename"), "edit")
        self.rename.clicked.connect(lambda _=False: self.open_words())
        whose.addWidget(self.customer, 1)
        whose.addWidget(self.rename)
        column.addLayout(whose)
        self.put = Button(tr("Put a vehicle in"), "plus")
        self.put.clicked.connect(lambda _=False: self.open_vehicle())
        self.members = Section(tr("Vehicles"), tr("No vehicle is in it yet."), self.put)
        self.admit = Button(tr("Let somebody in"), "plus")
        self.admit.clicked.connect(lambda _=False: self.open_person())
        self.access = Section(
            tr("Who was let in"),
            tr("Nobody but those who see all vehicles. A customer who is let in sees these vehicles with a token."),
            self.admit,
        )  # fmt: skip
        self._lines: list[QWidget] = []
        for section in (self.members, self.access):
            column.addWidget(section)
        column.addStretch(1)
        self.body.addWidget(scrolling(content), 1)
        self.drop = Button(tr("Delete"), "trash", role="danger")
        self.drop.clicked.connect(lambda _=False: self._drop())
        self.show_all = Button(tr("Show them in the list"), "search", role="primary")
        self.show_all.clicked.connect(
            lambda _=False: self._go_on(lambda: desk.asked.emit(VehicleCriteria(fleet_id=row)))
        )
        self.footer.addWidget(self.drop)
        self.footer.addStretch(1)
        self.footer.addWidget(self.show_all)
        change = desk.may("vehicles.change")
        for button in (self.put, self.rename):
            button.setVisible(change)
        self.customer.setEnabled(change)
        self.admit.setVisible(desk.may("workshop.change"))
        self.drop.setVisible(desk.may("vehicles.delete"))
        desk.done.connect(self.read)
        self.read()

    def read(self) -> None:
        records, row = self._desk.records, self.row
        _read(self, self._desk, lambda: fleets_reading.read_fleet(records, row), self._show)

    def _show(self, found: FleetRead) -> None:
        self.found, fleet = found, found.fleet
        self.name.set_text(fleet.name or tr("No name"))
        self.about.setText(fleet.description or "")
        self.about.setVisible(bool(fleet.description))
        self.customer.show_words(found.customer or tr("Choose a customer"), "people")
        for old in self._lines:
            old.hide()
            old.deleteLater()
        members = [self._member(each) for each in found.members]
        let_in = [self._admitted(each) for each in found.access]
        for section, lines in ((self.members, members), (self.access, let_in)):
            for line in lines:
                section.body.addWidget(line)
            section.empty.setVisible(not lines)
        rest = fleet.vehicle_count - len(found.members)
        if rest > 0:
            more = label(tr("and {count} more", count=words.count(rest)), "muted")
            self.members.body.addWidget(more)
            members.append(more)
        self._lines = [*members, *let_in]

    def _member(self, vehicle: VehicleView) -> QWidget:
        line = Line(
            "car", "text_muted", vehicle.plate or tr("No plate"), vehicle_words.name(vehicle),
            vehicle_words.distance(vehicle.odometer_km),
            press=lambda: self._go_on(lambda: self._desk.vehicle.emit(vehicle.id)),
        )  # fmt: skip
        words = tr("Take {plate} out", plate=vehicle.plate or "")
        remove = lambda: self._run(  # noqa: E731
            fleets_reading.take_out, vehicle.id, undo=fleets_reading.put_in,
            said=tr("{plate} is out of the fleet.", plate=vehicle.plate or tr("The vehicle")),
        )  # fmt: skip
        return _beside(line, words, remove if self._desk.may("vehicles.change") else None)

    def _admitted(self, access: FleetAccessView) -> QWidget:
        """Who, what they may, and the way out."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(3))
        row.addWidget(ElidedLabel(access.name or tr("not known here yet"), weight="medium"), 1)
        level = Segmented({key: tr(words) for key, words in LEVELS.items()}, access.level or READ, tr("What they may"))
        may = self._desk.may("workshop.change")
        level.setEnabled(may)
        records, actor = self._desk.records, self._desk.actor
        level.chosen.connect(
            lambda key: self._desk.run(lambda: fleets_reading.set_level(records, actor, access.id, str(key)))
        )
        row.addWidget(level)
        shut = lambda: self._desk.run(  # noqa: E731
            lambda: fleets_reading.shut_out(records, actor, access.id),
            tr("{name} does not see this fleet any more.", name=access.name or ""),
            lambda _: fleets_reading.let_in_again(records, actor, access.id),
        )
        return _beside(holder, tr("Take the access of {name} away", name=access.name or ""), shut if may else None)

    # --- what a person does

    def _go_on(self, deed: Callable[[], object]) -> None:
        self.close_sheet()
        self._left()
        deed()

    def _run(self, work: Callable[..., None], vehicle: str, *, said: str = "", undo: Callable[..., None]) -> None:
        records, actor, row = self._desk.records, self._desk.actor, self.row
        self._desk.run(lambda: work(records, actor, row, vehicle), said, lambda _: undo(records, actor, row, vehicle))

    def open_vehicle(self) -> PickerSheet:
        """Which vehicle is put in; a plate nobody knows becomes a new one."""
        records, actor, row = self._desk.records, self._desk.actor, self.row

        def made(plate: str) -> None:
            fields = {"plate": plate, "fleet_id": row}
            self._desk.run(lambda: vehicles_writing.new_vehicle(records, actor, fields))

        sheet = PickerSheet(
            self, tr("Put a vehicle in"), lambda text: orders_reading.find_vehicles(records, text),
            lambda id_: self._desk.run(lambda: fleets_reading.put_in(records, actor, row, id_)), made,
        )  # fmt: skip
        sheet.open()
        return sheet

    def open_person(self) -> PickerSheet:
        """Who is let in; a name nobody knows becomes a customer."""
        records, actor, row = self._desk.records, self._desk.actor, self.row

        def let_in(customer: CustomerView) -> None:
            self._desk.run(lambda: fleets_reading.let_in(records, actor, row, customer.id))

        def made(name: str) -> None:
            NewCustomerSheet(self, name, partial(customers_reading.new_customer, records, actor), let_in).ask()

        sheet = PickerSheet(
            self, tr("Let somebody in"), lambda text: fleets_reading.find_people(records, text),
            lambda who: self._desk.run(lambda: fleets_reading.let_in(records, actor, row, who)),
            made if self._desk.may("customers.change") else None,
        )  # fmt: skip
        sheet.open()
        return sheet

    def open_customer(self) -> PickerSheet:
        """Whose the fleet is."""
        records, actor, row = self._desk.records, self._desk.actor, self.row

        def keep(customer: str) -> None:
            fields: dict[str, Any] = {"customer_id": customer}
            self._desk.run(lambda: fleets_reading.keep_fleet(records, actor, row, fields))

        def made(name: str) -> None:
            done = lambda customer: keep(customer.id)  # noqa: E731
            NewCustomerSheet(self, name, partial(customers_reading.new_customer, records, actor), done).ask()

        sheet = PickerSheet(
            self, tr("Customer"), lambda text: orders_reading.find_customers(records, text), keep,
            made if self._desk.may("customers.change") else None,
        )  # fmt: skip
        sheet.open()
        return sheet

    def open_words(self) -> FormSheet | None:
        """What it is called."""
        if self.found is None:
            return None
        records, actor, fleet = self._desk.records, self._desk.actor, self.found.fleet
        sheet = FormSheet(
            self._desk, tr("Fleet"), _blanks(), {"name": fleet.name, "description": fleet.description},
            lambda values: fleets_reading.keep_fleet(records, actor, fleet.id, values), width=640,
        )  # fmt: skip
        sheet.open(sheet.form.fields["name"])
        return sheet

    def _drop(self) -> None:
        records, actor, row = self._desk.records, self._desk.actor, self.row
        name = self.found.fleet.name or "" if self.found else ""
        self.close_sheet()
        self._desk.run(
            lambda: fleets_reading.drop_fleet(records, actor, row),
            tr("Removed: {line}", line=name),
            lambda _: fleets_reading.bring_fleet(records, actor, row),
        )


def _read(sheet: Sheet, desk: VehiclesDesk, work: Callable[[], T], done: Callable[[T], object]) -> None:
    """Off this thread; a sheet that was closed meanwhile is told nothing."""
    background.run(sheet, work, done, lambda error: desk.failed(error, tr("This could not be read")))


def _blanks() -> tuple[Blank, ...]:
    return (Blank("name", tr("Name"), wide=True), Blank("description", tr("Notes"), LINES, wide=True))


def _beside(content: QWidget, words: str, remove: Callable[[], object] | None) -> QWidget:
    """Something with a way to take it away at its right."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.space(2))
    row.addWidget(content, 1)
    if remove is not None:
        drop = IconButton("trash", words)
        drop.clicked.connect(lambda _=False: remove())
        row.addWidget(drop)
    return holder
