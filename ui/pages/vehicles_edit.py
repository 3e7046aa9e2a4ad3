"""What is known of a vehicle, as a form: a VIN, typed, scanned or read from the car, fills what is still empty."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.language import tr
from core.people.customers import CustomerView
from core.records.input import Refused
from core.vehicles.models import FUEL_TYPES, STATUSES, TRANSMISSIONS
from core.vehicles.vehicles import VehicleView
from core.vehicles.vin_decoding import VinFacts, decode_vin
from core.vehicles.vin_filling import FILLED
from ui import background, customers_reading, orders_reading, theme, vehicle_words, vehicles_reading, vehicles_writing
from ui.orders_reading import Option
from ui.pages.customer_sheet import NewCustomerSheet, open_customer
from ui.pages.orders_picker import PickerSheet
from ui.pages.vehicles_desk import VehiclesDesk
from ui.pages.vehicles_form import CHOICE, DAY, LINES, NUMBER, Blank, FormSheet
from ui.vehicles_reading import Choices, ProfileRead
from ui.widgets.buttons import Button, Choice, IconButton, ValueButton
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label

DECODE_MS = 250
VIN_LENGTH = 17


def blanks(*, fresh: bool) -> tuple[Blank, ...]:
    """The fields of a vehicle; its odometer only where it is new: later ones are readings."""
    found = (
        Blank("plate", tr("Plate")),
        Blank("vin", tr("VIN")),
        Blank("make", tr("Make")),
        Blank("model", tr("Model")),
        Blank("year", tr("Model year"), NUMBER),
        Blank("odometer_km", tr("Odometer"), NUMBER, unit=tr("km")),
        Blank("fuel_type", tr("Fuel"), CHOICE, words=FUEL_TYPES),
        Blank("transmission", tr("Transmission"), CHOICE, words=TRANSMISSIONS),
        Blank("vehicle_type", tr("Kind of vehicle"), CHOICE, words=vehicle_words.VEHICLE_TYPES),
        Blank("status", tr("Status"), CHOICE, words=STATUSES),
        Blank("inspection_due", tr("Inspection due"), DAY),
        Blank("registration_due", tr("Registration due"), DAY),
        Blank("first_registration", tr("First registration"), DAY),
        Blank("manufacture_date", tr("Built on"), DAY),
        Blank("color", tr("Colour")),
        Blank("engine_number", tr("Engine number")),
        Blank("notes", tr("Notes"), LINES, wide=True),
    )
    return tuple(each for each in found if fresh or each.name != "odometer_km")


def vin_titles() -> dict[str, str]:
    """What the fields are called that a VIN can fill."""
    return {each.name: each.title for each in blanks(fresh=False) if each.name in ("vin", *FILLED)}


class VehicleSheet(FormSheet):
    """``kept(vehicle)`` when it is. ``found`` None: a new one, of which ``given`` is known already."""

    def __init__(
        self,
        desk: VehiclesDesk,
        found: ProfileRead | None,
        kept: Callable[[VehicleView], object],
        given: dict[str, Any] | None = None,
    ) -> None:
        vehicle = found.vehicle if found else None
        fresh = vehicle is None
        fields = blanks(fresh=fresh)
        values = {each.name: getattr(vehicle, each.name) for each in fields} if vehicle else {**(given or {})}
        if fresh:
            values.setdefault("status", "active")
        super().__init__(
            desk, tr("New vehicle") if fresh else tr("What is known of it"), fields, values, self._write, kept=kept,
            side="right", width=820, keep_words=tr("Make the vehicle") if fresh else "",
        )  # fmt: skip
        self._vehicle = vehicle
        self._asked = 0
        self.customer_id = vehicle.customer_id if vehicle else (given or {}).get("customer_id")
        self.fleet_id = vehicle.fleet_id if vehicle else None
        owner = (found.owner.name or "") if found and found.owner else ""
        self.customer = ValueButton(owner or tr("Choose a customer"), "people")
        self.customer.clicked.connect(lambda _=False: self.open_customer())
        self.form.add(tr("Customer"), self._whose_row())
        self.fleet = Choice(tr("Fleet"))
        self.fleet.addItem(tr("None"), None)
        self.form.add(tr("Fleet"), self.fleet)
        self._remarks()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(DECODE_MS)
        self._soon.timeout.connect(self.look)
        self.form.changed.connect(self._changed)
        records = desk.records
        desk.read(lambda: vehicles_reading.read_choices(records), self._offer)
        self.look()

    # --- building

    def _whose_row(self) -> QWidget:
        """Who it is, to be chosen, and what is known of them, to be put right."""
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        row.addWidget(self.customer, 1)
        self.edit_customer = IconButton("edit", tr("What is known of the customer"), role="")
        self.edit_customer.setEnabled(self.customer_id is not None and self.desk.may("customers.change"))
        self.edit_customer.clicked.connect(lambda _=False: self.open_owner())
        row.addWidget(self.edit_customer)
        return host

    def _remarks(self) -> None:
        """What the plate and the VIN tell, above the fields, and the car that is connected."""
        self.told = QWidget()
        row = QHBoxLayout(self.told)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(3))
        self.told_icon = IconLabel("info", 24, "info")
        row.addWidget(self.told_icon)
        self.remark = label("", wrap=True)
        row.addWidget(self.remark, 1)
        self.open_known = Button(tr("Open it"), "car")
        self.open_known.clicked.connect(lambda _=False: self._open_known())
        self.open_known.hide()
        row.addWidget(self.open_known)
        self.body.insertWidget(0, self.told)
        self._say("info", "info", tr("A VIN fills what is still empty: type it, or scan it from the windscreen."))
        connected = self.desk.context.session.status().vin
        if connected and not self.form.value("vin"):
            self.read = Button(tr("Read from the connected car: {vin}", vin=connected), "plug")
            self.read.clicked.connect(lambda _=False: self.take_vin(connected))
            self.body.insertWidget(1, self.read)
        self._known: VehicleView | None = None

    def _say(self, icon: str, token: str, words: str) -> None:
        self.told_icon.show_icon(icon, token)
        self.remark.setText(words)

    def _offer(self, found: Choices) -> None:
        for each in found.fleets:
            self.fleet.addItem(each.title, each.id)
        if self.fleet_id is not None and self.fleet.findData(self.fleet_id) < 0:
            self.fleet.addItem(tr("not known here yet"), self.fleet_id)
        self.fleet.setCurrentIndex(max(0, self.fleet.findData(self.fleet_id)))
        self._offered = True

    _offered = False

    # --- what plate and VIN tell

    def take_vin(self, vin: str) -> None:
        """A VIN that was scanned or read from the car."""
        self.form.set_value("vin", vin)
        self.look()

    def _changed(self, name: str) -> None:
        self.trouble.say("")
        if name in ("plate", "vin"):
            self._soon.start()

    def look(self) -> None:
        """Look up the plate and the VIN as they stand there."""
        self._soon.stop()
        self._asked += 1
        asked, records = self._asked, self.desk.records
        plate, vin = self.form.value("plate"), self.form.value("vin")
        own = self._vehicle.id if self._vehicle else None
        plain = (vin or "").replace(" ", "").replace("-", "")

        def work() -> tuple[VehicleView | None, VinFacts | None, str]:
            known = vehicles_reading.vehicle_with(records, plate) if plate else None
            if (known is None or known.id == own) and len(plain) == VIN_LENGTH:
                known = vehicles_reading.vehicle_of_vin(records, plain)
            known = known if known is not None and known.id != own else None
            if len(plain) != VIN_LENGTH:
                return known, None, ""
            try:
                return known, decode_vin(plain), ""
            except Refused as refused:
                return known, None, str(refused)

        def told(found: tuple[VehicleView | None, VinFacts | None, str]) -> None:
            if asked == self._asked:
                self._told(*found)

        if plate or plain:
            background.run(self, work, told, self._failed)

    def _told(self, known: VehicleView | None, facts: VinFacts | None, wrong: str) -> None:
        self._known = known
        self.open_known.setVisible(known is not None)
        if known is not None:
            about = vehicle_words.about(known)
            words = tr("{plate} is here already: {what}", plate=known.plate or known.vin or "", what=about or "–")
            self._say("warning", "warning", words)
        elif wrong:
            self._say("warning", "warning", wrong)
        elif facts is not None:
            filled = self.fill(facts)
            said = ", ".join(self.form.blanks[name].title for name in filled)
            words = tr("The VIN filled: {fields}.", fields=said) if filled else tr("The VIN fits what stands here.")
            if facts.remark:
                self._say("warning", "warning", f"{words} {facts.remark}")
            else:
                self._say("ok", "ok", words)

    def fill(self, facts: VinFacts) -> tuple[str, ...]:
        """Put what a VIN tells into fields that are empty; which ones."""
        filled = []
        for name in FILLED:
            value = getattr(facts, name)
            if value is not None and self.form.value(name) is None:
                self.form.set_value(name, value)
                filled.append(name)
        return tuple(filled)

    def _open_known(self) -> None:
        known = self._known
        self.close_sheet()
        if known is not None:
            self.desk.vehicle.emit(known.id)

    # --- whose it is

    def open_customer(self) -> None:
        """Pick a customer, or make one."""
        records, actor = self.desk.records, self.desk.actor
        names: dict[str, str] = {}

        def find(text: str) -> tuple[Option, ...]:
            found = orders_reading.find_customers(records, text)
            names.update({each.id: each.title for each in found})
            return found

        def done(customer: CustomerView) -> None:
            words = tr("{name} is a new customer.", name=customer.name or "")
            self.desk.run(lambda: None, words)
            self._whose(customer.id, customer.name or "")

        def made(name: str) -> None:
            NewCustomerSheet(self, name, partial(customers_reading.new_customer, records, actor), done).ask()

        new = made if self.desk.may("customers.change") else None
        PickerSheet(self, tr("Customer"), find, lambda row: self._whose(row, names.get(row, "")), new).open()

    def _whose(self, row: str, name: str) -> None:
        self.customer_id = row
        self.customer.show_words(name, "people")
        self.edit_customer.setEnabled(self.desk.may("customers.change"))

    def open_owner(self) -> None:
        """What is known of the customer, before the vehicle itself is kept."""
        if self.customer_id is not None:
            kept = lambda customer: self._whose(customer.id, customer.name or "")  # noqa: E731
            open_customer(self, self.desk, self.customer_id, kept=kept)

    # --- keeping

    def given(self) -> dict[str, Any]:
        fields = {**self.form.values(), "customer_id": self.customer_id}
        if self._offered:
            fields["fleet_id"] = self.fleet.currentData()
        if self._vehicle is None:
            return fields
        return {name: value for name, value in fields.items() if value != getattr(self._vehicle, name)}

    def _write(self, values: dict[str, Any]) -> VehicleView:
        records, actor = self.desk.records, self.desk.actor
        if self._vehicle is None:
            return vehicles_writing.new_vehicle(records, actor, values)
        return vehicles_writing.save_vehicle(records, actor, self._vehicle.id, values)
