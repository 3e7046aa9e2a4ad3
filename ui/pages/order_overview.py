"""Overview of an order: where it is and may go, whose it is, who does it where, and what was advised before."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.moving import Target
from core.workshop.orders import PRIORITIES, RepairOrderView
from ui import customers_reading, order_overview_reading, orders_reading, sync_words, theme, words
from ui.money_words import hours
from ui.order_overview_reading import OverviewRead
from ui.order_words import status_words
from ui.orders_reading import OrderRead
from ui.pages.customer_sheet import NewCustomerSheet, open_customer
from ui.pages.order_advice import AdviceBox
from ui.pages.order_comeback import ComebackSheet
from ui.pages.order_moving import MoveSheet
from ui.pages.order_section import Section
from ui.pages.order_takes import TakesSheet
from ui.pages.order_track import StatusTrack
from ui.pages.orders_picker import PickerSheet
from ui.pages.orders_promise import PromiseSheet
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.buttons import Button, IconButton, ValueButton
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.flow import Flow
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.words_sheet import WordsSheet

COLUMNS = 4
PRIORITY_SHAPES = {
    "low": ("arrow-down", "text_muted"),
    "normal": ("minus", "text_muted"),
    "high": ("arrow-up", "warning"),
    "urgent": ("warning", "critical"),
}


class OverviewSection(Section):
    """What is decided at the desk. Every field is one press, and every press can be taken back."""

    TABLES = frozenset(
        {
            "repair_orders", "order_labels", "work_bays", "staff", "recommendations", "line_decisions", "tasks",
            "quality_checks",
        }
    )  # fmt: skip

    def build(self) -> None:
        self.cards = QVBoxLayout()  # what two terminals set differently, put here by the order
        self.cards.setSpacing(theme.space(3))
        self.column.addLayout(self.cards)
        self.track = StatusTrack()
        self.track.wanted.connect(self.move_to)
        self.column.addWidget(self.track)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(4))
        grid.setVerticalSpacing(theme.space(1))
        tiles: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("vehicle", tr("Vehicle"), "car", self.open_vehicle),
            ("customer", tr("Customer"), "people", self.open_customer),
            ("promise", tr("Promised time"), "clock", self.open_promise),
            ("technician", tr("Technician"), "people", partial(self.open_person, "technician_id")),
            ("adviser", tr("Adviser"), "people", partial(self.open_person, "adviser_id")),
            ("bay", tr("Bay"), "bays", self.open_bay),
            ("key_tag", tr("Key tag"), "key", self.open_key_tag),
            ("odometer_in", tr("Odometer at arrival"), "dial", partial(self.open_odometer, "odometer_in")),
            ("odometer_out", tr("Odometer at handover"), "dial", partial(self.open_odometer, "odometer_out")),
            ("priority", tr("Priority"), "minus", self.open_priority),
            ("label", tr("Label"), "tag", self.open_label),
            ("expected_hours", tr("Expected hours"), "wait", self.open_hours),
            ("skills", tr("Skills it takes"), "wrench", partial(self.open_takes, "skills")),
            ("equipment", tr("Equipment it needs"), "workshop", partial(self.open_takes, "equipment")),
            ("comeback_of", tr("Comes back from"), "history", self.open_comeback),
        )
        self.tiles: dict[str, ValueButton] = {}
        self.captions: dict[str, ElidedLabel] = {}
        place = 0
        for name, title, icon, deed in tiles:
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, theme.space(2))
            column.setSpacing(theme.space(1))
            caption = self.captions[name] = ElidedLabel(title, "text_muted", 15).set_tabular()
            column.addWidget(caption)
            button = self.tiles[name] = ValueButton("", icon)
            button.setToolTip(title)
            button.clicked.connect(lambda _=False, deed=deed: deed())
            wide = name == "vehicle"  # a plate and a name beside it need two places
            if wide:
                column.addLayout(self._beside(button))
            elif name == "customer":
                column.addLayout(self._known(button))
            else:
                column.addWidget(button)
            grid.addWidget(cell, place // COLUMNS, place % COLUMNS, 1, 2 if wide else 1)
            place += 2 if wide else 1
        for column_number in range(COLUMNS):
            grid.setColumnStretch(column_number, 1)
        self.column.addLayout(grid)
        self.advice = AdviceBox(self.desk)
        self.column.addWidget(self.advice)
        self.column.addLayout(self._last_row())
        self.column.addStretch(1)
        self.targets: dict[str, Target] = {}
        self.found: OverviewRead | None = None

    def _beside(self, tile: ValueButton) -> QHBoxLayout:
        """The vehicle of the order, and the way to all that is known of it."""
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        row.addWidget(tile, 1)
        self.to_vehicle = Button(tr("Open the vehicle"), "chevron-right")
        self.to_vehicle.clicked.connect(lambda _=False: self.show_vehicle())
        row.addWidget(self.to_vehicle)
        return row

    def _known(self, tile: ValueButton) -> QHBoxLayout:
        """Whose order it is, to be changed; and what is known of them, to be put right."""
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        row.addWidget(tile, 1)
        self.edit_customer = IconButton("edit", tr("What is known of the customer"), role="")
        self.edit_customer.clicked.connect(lambda _=False: self.open_known())
        row.addWidget(self.edit_customer)
        return row

    def _last_row(self) -> QHBoxLayout:
        """What can be printed, and, below the tile it is about, what a comeback does."""
        row = QHBoxLayout()
        row.setSpacing(theme.space(4))
        papers = QWidget()
        flow = Flow(papers)
        self.sheet = Button(tr("Job sheet"), "print")
        self.sheet.clicked.connect(lambda _=False: self.desk.show_paper("order", self.desk.row))
        self.tag = Button(tr("Label for the key"), "key")
        self.tag.clicked.connect(lambda _=False: self.desk.show_paper("key_tag", self.desk.row))
        for each in (self.sheet, self.tag):
            flow.addWidget(each)
        row.addWidget(papers, 1)
        self.counts = label(tr("An order that comes back counts in the figures."), "caption", wrap=True)
        self.counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.counts, 1)
        return row

    # --- what is shown

    def begin(self) -> None:
        self.targets, self.found = {}, None
        self.track.show_status(None, ())
        self.advice.show_advice((), "")
        self.to_vehicle.setEnabled(False)
        self.edit_customer.setEnabled(False)
        for button in self.tiles.values():
            button.setText("")

    def show_order(self, found: OrderRead, *, fresh: bool) -> None:
        order = found.order
        if self.found is None:
            self.track.show_status(order.status, ())
        about = orders_reading.vehicle_words(found.vehicle)
        plate = order.vehicle_plate or (
            tr("Choose a vehicle") if order.vehicle_id is None else tr("not known here yet")
        )
        who = order.customer_name or (
            tr("Choose a customer") if order.customer_id is None else tr("not known here yet")
        )
        promised = sync_words.moment(order.promised_at) if order.promised_at is not None else tr("No promise yet")
        nobody = tr("Nobody yet")
        self._say("vehicle", f"{plate} · {about}" if about else plate, "car")
        self._say("customer", who, "people")
        phone = customers_reading.phone_of(found.customer)
        self.captions["customer"].set_text(" · ".join(part for part in (tr("Customer"), phone) if part))
        self.edit_customer.setEnabled(found.customer is not None and self.desk.may("customers.change"))
        self._say("promise", promised, "clock")
        self._say("technician", found.person(order.technician_id) or nobody, "people")
        self._say("adviser", found.person(order.adviser_id) or nobody, "people")
        self._say("bay", order.bay or tr("No bay yet"), "bays")
        for name, value in (("odometer_in", order.odometer_in), ("odometer_out", order.odometer_out)):
            self._say(name, _distance(value) or tr("Not read yet"), "dial")
        self._say("key_tag", order.key_tag or tr("None"), "key")
        priority = order.priority or "normal"
        word = tr(PRIORITIES[priority]) if priority in PRIORITIES else priority
        self._say("priority", word, PRIORITY_SHAPES.get(priority, PRIORITY_SHAPES["normal"])[0])
        self._say("label", order.label or tr("None"), "tag")
        self._show_takes(order)
        self.to_vehicle.setEnabled(found.vehicle is not None and self.desk.may("vehicles.read"))
        self.outdated()

    def _show_takes(self, order: RepairOrderView) -> None:
        guess = _hundredths(order.expected_hours)
        self._say("expected_hours", hours(guess * 10) if guess is not None else tr("No guess yet"), "wait")
        self._say("skills", order.skills or tr("Anybody"), "wrench")
        self._say("equipment", order.equipment or tr("Any bay"), "workshop")
        unknown = tr("Not a comeback") if order.comeback_of is None else tr("not known here yet")
        self._say("comeback_of", order.comeback_number or unknown, "history")

    def _say(self, name: str, text: str, icon: str) -> None:
        self.tiles[name].show_words(text, icon)

    def reading(self) -> Callable[[], OverviewRead]:
        records, actor, row = self.desk.records, self.desk.actor, self.desk.row
        return lambda: order_overview_reading.read_overview(records, actor, row)

    def show_read(self, found: Any) -> None:
        self.found = found
        self.targets = {target.status.value: target for target in found.targets}
        # What is missing is said when somebody presses it: a state that cannot be pressed explains nothing.
        self.track.show_status(found.status, self.targets)
        self.advice.show_advice(found.advice, found.currency)

    # --- moving it

    def move_to(self, status: str) -> None:
        """Move the order; what is missing is said first, with a way to do it anyway where that is allowed."""
        target, found = self.targets.get(status), self.desk.shown
        if target is None or found is None:
            return
        if target.unmet or (target.hint and status == "delivered"):  # a jump can be undone, a car is gone
            MoveSheet(self, target, partial(self._move, status, anyway=bool(target.unmet))).open()
        else:
            self._move(status)

    def _move(self, status: str, *, anyway: bool = False) -> None:
        found = self.desk.shown
        if found is None:
            return
        records, actor, order = self.desk.records, self.desk.actor, found.order
        before = order.status

        def back() -> object:
            return order_overview_reading.move_order(records, actor, order.id, before or "", anyway=True)

        self.desk.run(
            lambda: order_overview_reading.move_order(
                records, actor, order.id, status, seen=order.status, anyway=anyway
            ),
            tr("Status: {value}", value=status_words(status)),
            back if before and not order.disputed else None,
        )

    # --- one press each

    def _order(self) -> RepairOrderView | None:
        return self.desk.shown.order if self.desk.shown is not None else None

    def _save(self, name: str, value: object, said: str) -> None:
        """Write a field that was chosen, and offer the way back."""
        order = self._order()
        before = getattr(order, name, None)
        if order is None or value == before:
            return
        records, actor, row = self.desk.records, self.desk.actor, order.id
        self.desk.run(
            lambda: orders_reading.save_field(records, actor, row, name, value),
            said,
            lambda: orders_reading.save_field(records, actor, row, name, before),
        )

    def open_promise(self) -> None:
        if (order := self._order()) is not None:
            PromiseSheet(self, order.promised_at, self._promised).open()

    def _promised(self, at_ms: int | None) -> None:
        said = tr("Promised: {time}", time=sync_words.moment(at_ms)) if at_ms is not None else tr("No promise.")
        self._save("promised_at", at_ms, said)

    def open_vehicle(self) -> None:
        order = self._order()
        if order is None:
            return
        records, actor = self.desk.records, self.desk.actor

        def made(plate: str) -> None:
            words = tr("{plate} is a new vehicle.", plate=plate)
            self.desk.run(lambda: orders_reading.new_vehicle(records, actor, order, plate), words)

        PickerSheet(
            self,
            tr("Vehicle"),
            lambda text: orders_reading.find_vehicles(records, text),
            lambda id_: self._save("vehicle_id", id_, tr("The vehicle is set.")),
            made if self.desk.may("vehicles.change") else None,
        ).open()

    def show_vehicle(self) -> None:
        """Bring the page Vehicles to the front with the vehicle of this order."""
        order, frame = self._order(), self.desk.context.frame
        if order is not None and order.vehicle_id is not None and frame is not None:
            frame.open_row("vehicles", order.vehicle_id)

    def open_customer(self) -> None:
        order = self._order()
        if order is None:
            return
        records, actor = self.desk.records, self.desk.actor

        def done(now: RepairOrderView) -> None:
            words = tr("{name} is a new customer.", name=now.customer_name or "")
            back = partial(orders_reading.without_customer, records, actor, order, now.customer_id or "")
            self.desk.run(lambda: None, words, back)

        def made(name: str) -> None:
            write = partial(orders_reading.new_customer, records, actor, order)
            NewCustomerSheet(self, name, write, done).ask()

        PickerSheet(
            self,
            tr("Customer"),
            lambda text: orders_reading.find_customers(records, text),
            lambda id_: self._save("customer_id", id_, tr("The customer is set.")),
            made if self.desk.may("customers.change") else None,
        ).open()

    def open_known(self) -> None:
        """What is known of the customer of this order."""
        order = self._order()
        if order is not None and order.customer_id is not None:
            open_customer(self, self.desk, order.customer_id)

    def open_person(self, field: str) -> None:
        found = self.desk.shown
        if found is None:
            return
        title = tr("Technician") if field == "technician_id" else tr("Adviser")
        answers = tuple(Answer(each.id, each.name, "people", "text_muted") for each in found.people)
        hint = "" if answers else tr("Nobody works here yet: people are entered in the settings.")
        said = tr("{title} is set.", title=title)
        chosen = partial(self._chosen, field, said)
        ChoiceSheet(self, title, answers, getattr(found.order, field), chosen, none=tr("Nobody"), hint=hint).open()

    def _chosen(self, field: str, said: str, value: str | None) -> None:
        self._save(field, value, said)

    def open_bay(self) -> None:
        order = self._order()
        if order is None:
            return
        bays: Sequence[str] = self.found.bays if self.found is not None else ()
        if not bays:
            WordsSheet(self, tr("Bay"), order.bay or "", lambda text: self._save("bay", text or None, _bay_said(text)),
                       longest=60).open()  # fmt: skip
            return
        answers = tuple(Answer(each, each, "bays", "text_muted") for each in bays)
        ChoiceSheet(
            self, tr("Bay"), answers, order.bay, lambda value: self._save("bay", value, _bay_said(value)),
            none=tr("No bay"),
        ).open()  # fmt: skip

    def open_odometer(self, field: str) -> None:
        order = self._order()
        if order is None:
            return
        title = tr("Odometer at arrival") if field == "odometer_in" else tr("Odometer at handover")
        last = order.odometer_in if field == "odometer_out" else self.found.odometer if self.found else None
        hint = tr("Last read: {distance}", distance=_distance(last)) if last is not None else ""
        AmountSheet(
            self, title, getattr(order, field), lambda value: self._save(field, value, tr("The odometer is kept.")),
            unit=tr("km"), none=tr("Not read"), hint=hint,
        ).open()  # fmt: skip

    def open_hours(self) -> None:
        """Hundredths are typed; a guess that a booking made finer than that stays as it is until another is typed."""
        order = self._order()
        if order is None:
            return
        shown = _hundredths(order.expected_hours)

        def done(value: int | None) -> None:
            if value != shown:
                self._save("expected_hours", None if value is None else value * 10, tr("The expected hours are kept."))

        AmountSheet(
            self, tr("Expected hours"), shown, done, unit=tr("h"), decimals=2, none=tr("No guess"),
            hint=tr("A guess for the plan, until the estimate says how long it takes."),
        ).open()  # fmt: skip

    def open_takes(self, field: str) -> None:
        order, found = self._order(), self.found or OverviewRead(None)
        if order is None:
            return
        if field == "skills":
            title, none = tr("Skills it takes"), tr("Anybody")
            hint = tr("The schedule offers people who have all of these, and warns when somebody else is planned.")
        else:
            title, none = tr("Equipment it needs"), tr("Any bay")
            hint = tr("The schedule offers bays that have all of these, and warns when another is planned.")
        said = tr("{title} is set.", title=title)
        done = partial(self._chosen, field, said)
        TakesSheet(self, title, getattr(found, field), getattr(order, field), done, hint=hint, none=none).open()

    def open_comeback(self) -> None:
        if (order := self._order()) is not None:
            ComebackSheet(self, self.desk, order, self._comes_back).open()

    def _comes_back(self, earlier: RepairOrderView | None) -> None:
        number = (earlier.number if earlier is not None else None) or "?"
        said = tr("It comes back from {number}.", number=number) if earlier is not None else tr("It is no comeback.")
        self._save("comeback_of", earlier.id if earlier is not None else None, said)

    def open_key_tag(self) -> None:
        if (order := self._order()) is not None:
            WordsSheet(
                self, tr("Key tag"), order.key_tag or "",
                lambda text: self._save("key_tag", text or None, tr("Key tag: {value}", value=text or tr("None"))),
                longest=24,
            ).open()  # fmt: skip

    def open_priority(self) -> None:
        if (order := self._order()) is not None:
            answers = tuple(Answer(each, tr(word), *PRIORITY_SHAPES[each]) for each, word in PRIORITIES.items())
            chosen = partial(self._chosen, "priority", tr("The priority is set."))
            ChoiceSheet(self, tr("Priority"), answers, order.priority, chosen).open()

    def open_label(self) -> None:
        order = self._order()
        if order is None:
            return
        labels: Sequence[str] = self.found.labels if self.found is not None else ()
        done = partial(self._chosen, "label", tr("The label is set."))
        if not labels:
            WordsSheet(self, tr("Label"), order.label or "", lambda text: done(text or None), longest=60).open()
            return
        answers = tuple(Answer(each, each, "tag", "text_muted") for each in labels)
        ChoiceSheet(self, tr("Label"), answers, order.label, done, none=tr("No label")).open()


def _distance(value: int | None) -> str:
    return "" if value is None else tr("{distance} km", distance=words.count(value))


def _hundredths(thousandths: int | None) -> int | None:
    """Hours as they are typed and shown: 80 minutes are 1.33."""
    return None if thousandths is None else round(thousandths / 10)


def _bay_said(bay: str | None) -> str:
    return tr("Bay: {bay}", bay=bay) if bay else tr("No bay.")
