"""What a vehicle is and whose: the facts of its profile, its customer, what is under way, and notes."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from core.language import tr
from core.vehicles.vin_filling import Filled
from ui import sync_words, theme, vehicle_words, vehicles_writing
from ui.order_opening import open_order
from ui.order_words import status_shape, status_words
from ui.pages.customer_sheet import open_customer
from ui.pages.vehicles_edit import VehicleSheet, vin_titles
from ui.pages.vehicles_line import Line, Lines
from ui.pages.vehicles_tab import ProfileTab, Section
from ui.vehicles_reading import ProfileRead
from ui.widgets.buttons import Button
from ui.widgets.panels import label

COLUMNS = 3


class Facts(QGridLayout):
    """Captions with their values below: ``show_facts``."""

    def __init__(self, columns: int = COLUMNS) -> None:
        super().__init__()
        self._columns = columns
        self.setHorizontalSpacing(theme.space(4))
        self.setVerticalSpacing(theme.space(3))

    def show_facts(self, *pairs: tuple[str, str | None]) -> None:
        """What it is called, and what it is; a dash for what nobody knows."""
        while (item := self.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for at, (name, value) in enumerate(pairs):
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(label(name, "caption"))
            column.addWidget(label(value or "–", wrap=True, select=bool(value)))
            self.addWidget(cell, at // self._columns, at % self._columns, Qt.AlignmentFlag.AlignTop)
        for at in range(self._columns):
            self.setColumnStretch(at, 1)


class OverviewTab(ProfileTab):
    """Reads nothing of its own: the head has read it."""

    def build(self) -> None:
        self.edit = Button(tr("Edit"), "edit")
        self.edit.clicked.connect(lambda _=False: self.open_edit())
        self.column.addWidget(self._under_way())
        section = Section(tr("Vehicle"), button=self.edit)
        self.facts = Facts()
        section.body.addLayout(self.facts)
        self.read_vin = Button("", "plug")
        self.read_vin.clicked.connect(lambda _=False: self.take_vin())
        self.read_vin.hide()
        section.body.addWidget(self.read_vin, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(section)
        self.others = Button(tr("All their vehicles"), "car")
        self.others.clicked.connect(lambda _=False: self._their_vehicles())
        self.edit_customer = Button(tr("Edit"), "edit")
        self.edit_customer.clicked.connect(lambda _=False: self.open_owner())
        whose = Section(tr("Customer"), button=self.others)
        whose.head.addWidget(self.edit_customer)
        self.customer = Facts()
        whose.body.addLayout(self.customer)
        self.no_owner = label(tr("Nobody yet. “Edit” gives it a customer."), "muted", wrap=True)
        whose.body.addWidget(self.no_owner)
        self.column.addWidget(whose)
        self.noted = Section(tr("Notes"))
        self.notes = label("", wrap=True, select=True)
        self.noted.body.addWidget(self.notes)
        self.column.addWidget(self.noted)
        self.column.addStretch(1)

    def _under_way(self) -> QWidget:
        self.under_way = Section(tr("Under way"))
        self.orders = Lines()
        self.under_way.body.addLayout(self.orders)
        self.under_way.hide()
        return self.under_way

    def show_profile(self, found: ProfileRead) -> None:
        super().show_profile(found)
        vehicle, owner = found.vehicle, found.owner
        self.facts.show_facts(
            (tr("Plate"), vehicle.plate),
            (tr("VIN"), vehicle.vin),
            (tr("Make and model"), vehicle_words.name(vehicle)),
            (tr("Model year"), str(vehicle.year or "")),
            (tr("Fuel"), vehicle_words.fuel(vehicle.fuel_type)),
            (tr("Transmission"), vehicle_words.transmission(vehicle.transmission)),
            (tr("Kind of vehicle"), vehicle_words.vehicle_type(vehicle.vehicle_type)),
            (tr("Colour"), vehicle.color),
            (tr("Engine number"), vehicle.engine_number),
            (tr("First registration"), vehicle_words.day(vehicle.first_registration)),
            (tr("Inspection due"), vehicle_words.day(vehicle.inspection_due)),
            (tr("Registration due"), vehicle_words.day(vehicle.registration_due)),
            (tr("Status"), vehicle_words.status(vehicle.status)),
            (tr("Fleet"), found.fleet),
            (tr("Built on"), vehicle_words.day(vehicle.manufacture_date)),
        )
        self.no_owner.setVisible(owner is None)
        self.others.setVisible(owner is not None)
        self.edit_customer.setVisible(owner is not None)
        self.edit_customer.setEnabled(self.desk.may("customers.change"))
        if owner is None:
            self.customer.show_facts()
        else:
            self.customer.show_facts(
                (tr("Name"), owner.name),
                (tr("Phone"), owner.phone),
                (tr("Mobile"), owner.mobile),
                (tr("Email"), owner.email),
                (tr("Address"), owner.address),
                (tr("Contact person"), owner.contact_person),
            )
        self.notes.setText(vehicle.notes or "")
        self.noted.setVisible(bool(vehicle.notes))
        self.edit.setEnabled(self.desk.may("vehicles.change"))
        self._offer_vin()
        self._show_orders(found)

    def come(self) -> None:
        super().come()
        self._offer_vin()

    def _offer_vin(self) -> None:
        """The VIN of the connected car, while none is written here."""
        vin = self.desk.context.session.status().vin
        vehicle = self.profile.vehicle if self.profile else None
        wanted = bool(vin) and vehicle is not None and vehicle.vin is None and vehicle.deleted_at is None
        self.read_vin.show_words(tr("Read from the connected car: {vin}", vin=vin), "plug")
        self.read_vin.setVisible(wanted and self.desk.may("vehicles.change"))

    def take_vin(self) -> None:
        """The connected car is this one: its VIN, and what that tells, go into what is empty."""
        vin, row = self.desk.context.session.status().vin, self.row
        records, actor = self.desk.records, self.desk.actor

        def said(filled: Filled) -> str:
            names = vin_titles()
            told = ", ".join(names[name] for name in filled.fields)
            return tr("The VIN filled: {fields}.", fields=told) if told else tr("The VIN fits what stands here.")

        self.desk.run(
            lambda: vehicles_writing.fill(records, actor, row, vin),
            said,
            lambda filled: vehicles_writing.save_vehicle(records, actor, row, dict.fromkeys(filled.fields)),
        )

    def _show_orders(self, found: ProfileRead) -> None:
        lines = []
        for order in found.orders:
            icon, token = status_shape(order.status)
            promised = tr("promised {time}", time=sync_words.moment(order.promised_at)) if order.promised_at else ""
            below = " · ".join(each for each in (order.number, " ".join((order.complaint or "").split())) if each)
            lines.append(
                Line(
                    icon, token, status_words(order.status), below, "", promised or " ",
                    press=partial(open_order, self.desk.context, order.id),
                )
            )  # fmt: skip
        self.orders.show_lines(lines)
        self.under_way.setVisible(bool(lines))

    def _their_vehicles(self) -> None:
        if self.profile and self.profile.vehicle.customer_id:
            self.desk.show_of_customer(self.profile.vehicle.customer_id)

    def open_owner(self) -> None:
        """What is known of the customer."""
        if self.profile is not None and self.profile.owner is not None:
            open_customer(self, self.desk, self.profile.owner.id)

    def open_edit(self) -> VehicleSheet | None:
        """The form with all that is known."""
        if self.profile is None:
            return None
        sheet = VehicleSheet(self.desk, self.profile, lambda _: None)
        sheet.open(sheet.keep)
        return sheet
