"""One repair order: every field is kept when it is left, and what other terminals write appears by itself."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from core.language import tr
from core.people.roles import Actor, Denied, require
from core.records import journal
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.journal import GoneError
from core.records.records import Records
from core.workshop.orders import RepairOrderView
from core.workshop.states import RANKS, moves_from
from ui import background, orders_reading, sync_words, theme
from ui.changes_reading import ConflictCard, ReplacedCard, ToLookAt
from ui.context import UiContext
from ui.order_words import status_shape, status_words
from ui.orders_reading import OrderRead
from ui.pages.changes_cards import ConflictWidget, ReplacedWidget
from ui.pages.orders_field import TextField
from ui.pages.orders_notes import NotesBox
from ui.pages.orders_picker import PickerSheet
from ui.pages.orders_promise import PromiseSheet
from ui.widgets import alarm_strip, icons, toast
from ui.widgets.buttons import Choice, ValueButton
from ui.widgets.panels import ElidedLabel, label

READ_AFTER_MS = 60  # one reading for a burst of changes; well within the second a person is promised
EXPECTED = (Refused, Denied, NotFound, RecordsError, GoneError, OSError)
T = TypeVar("T")

TABLES = ("repair_orders", "vehicles", "customers", "notes")


class OrderEditor(QWidget):
    """``show_order(id)`` brings one; ``settled`` tells that a conflict or a replaced value was dealt with."""

    settled = Signal()

    def __init__(self, context: UiContext, records: Records, actor: Actor) -> None:
        super().__init__()
        self.context, self._records, self._actor = context, records, actor
        self.row = ""
        self.shown: OrderRead | None = None
        self._filling = False
        self.cards: list[ConflictWidget | ReplacedWidget] = []
        self._cards_of = ToLookAt()
        self._read_soon = QTimer(self)
        self._read_soon.setSingleShot(True)
        self._read_soon.setInterval(READ_AFTER_MS)
        self._read_soon.timeout.connect(self.read)
        self._build()

    # --- building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), alarm_strip.room())
        column.setSpacing(theme.space(4))
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        self.number = label("", "title")
        head.addWidget(self.number)
        self.sub = ElidedLabel("", "text_muted")
        head.addWidget(self.sub, 1)
        column.addLayout(head)
        self.card_column = QVBoxLayout()
        self.card_column.setSpacing(theme.space(3))
        column.addLayout(self.card_column)
        column.addLayout(self._choices())
        self.texts = {
            "complaint": TextField("complaint", tr("Complaint: what the customer says")),
            "cause": TextField("cause", tr("Cause: what was found")),
            "correction": TextField("correction", tr("Correction: what was done")),
        }
        for field in self.texts.values():
            field.save.connect(self._save_text)
            column.addWidget(field)
        self.notes = NotesBox(self._write_note)
        column.addWidget(self.notes)
        column.addStretch(1)

    def _choices(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(4))
        grid.setVerticalSpacing(theme.space(1))
        self.status = Choice(tr("Status"))
        self.status.activated.connect(lambda _: self._status_chosen())
        self.status.setIconSize(QSize(24, 24))
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.promise = ValueButton("", "clock")
        self.promise.clicked.connect(lambda _=False: self.open_promise())
        self.vehicle = ValueButton("", "car")
        self.vehicle.clicked.connect(lambda _=False: self.open_vehicle())
        self.customer = ValueButton("", "people")
        self.customer.clicked.connect(lambda _=False: self.open_customer())
        parts: tuple[tuple[str, QWidget], ...] = (
            (tr("Status"), self.status),
            (tr("Promised time"), self.promise),
            (tr("Vehicle"), self.vehicle),
            (tr("Customer"), self.customer),
        )
        for at, (title, widget) in enumerate(parts):
            base = 2 * (at // 2)
            grid.addWidget(label(title, "caption"), base, at % 2)
            grid.addWidget(widget, base + 1, at % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    # --- what is shown

    def forget(self) -> None:
        """Show no order; what was typed is kept first."""
        self.flush()
        self.row, self.shown = "", None

    def show_order(self, row: str) -> None:
        """Show this order; what was typed into the one before is kept first."""
        if row == self.row:
            return
        self.flush()
        self.row, self.shown = row, None
        for field in self.texts.values():
            field.begin("", ready=False)  # until it is read: words of one order never end up in another
        self.notes.begin()
        self.read()

    def on_change(self, changes: ChangeSet) -> None:
        """Read again when something of this order may read differently."""
        mine = self.row in changes.rows.get("repair_orders", ()) or any(
            each.row == self.row for each in changes.replaced
        )
        around = any(changes.touches(table) for table in TABLES[1:])
        if self.row and (mine or around) and not self._read_soon.isActive():
            self._read_soon.start()

    def read(self) -> None:
        """Read the order, off this thread."""
        row, records = self.row, self._records
        if row:
            background.run(
                self,
                lambda: orders_reading.read_order(records, row),
                lambda found: self._loaded(row, found),
                lambda error: self._not_read(row, error),
            )

    def _not_read(self, row: str, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        if row == self.row:
            self.sub.set_text(str(error))

    def _loaded(self, row: str, found: OrderRead) -> None:
        if row != self.row:
            return
        fresh, self.shown = self.shown is None, found
        order = found.order
        self.number.setText(order.number or tr("Without a number"))
        opened = sync_words.moment(order.opened_at) if order.opened_at is not None else ""
        self.sub.set_text(tr("opened {time}", time=opened) if opened else "")
        for name, field in self.texts.items():
            if fresh:
                field.begin(getattr(order, name))
            else:
                field.show_shared(getattr(order, name), found.writers.get(name))
        self._show_choices(found)
        self._show_cards(found.to_look_at)
        self.notes.show_notes(found.notes)

    def _show_choices(self, found: OrderRead) -> None:
        order = found.order
        self._fill_status(order)
        promised = sync_words.moment(order.promised_at) if order.promised_at is not None else tr("No promise yet")
        self.promise.show_words(promised, "clock")
        about = orders_reading.vehicle_words(found.vehicle)
        plate = order.vehicle_plate or (
            tr("Choose a vehicle") if order.vehicle_id is None else tr("not known here yet")
        )
        self.vehicle.show_words(f"{plate} · {about}" if about else plate, "car")
        who = order.customer_name or (
            tr("Choose a customer") if order.customer_id is None else tr("not known here yet")
        )
        self.customer.show_words(who, "people")

    def _fill_status(self, order: RepairOrderView) -> None:
        if self.status.view().isVisible():
            return  # a person is choosing from it
        self.status.clear()
        wanted = {order.status or "", *(status.value for status in moves_from(self._actor.role, order.status))}
        for value in sorted(wanted, key=lambda each: RANKS.get(each, 0)):
            self.status.addItem(icons.icon(*status_shape(value or None)), status_words(value or None), value)
        self.status.setCurrentIndex(self.status.findData(order.status or ""))

    def _show_cards(self, wanted: ToLookAt) -> None:
        if wanted == self._cards_of:
            return
        self._cards_of = wanted
        moved = bool(self.cards)
        for old in self.cards:
            old.hide()
            old.deleteLater()
        self.cards = []
        for conflict in wanted.conflicts:
            card = ConflictWidget(conflict, alone=False)
            card.chosen.connect(self._choose)
            self.cards.append(card)
        for replaced in wanted.replaced:
            other = ReplacedWidget(replaced, alone=False)
            other.restore.connect(self._restore)
            other.leave.connect(self._leave)
            self.cards.append(other)
        for each in self.cards:
            self.card_column.addWidget(each)
            if moved:
                each.wait_for_the_finger()

    # --- what a person does

    def flush(self) -> None:
        """Keep everything typed so far."""
        for field in self.texts.values():
            field.leave()
        self.notes.flush()

    def _save_text(self, name: str, text: str) -> None:
        field, row, window = self.texts[name], self.row, self.window()
        records, actor = self._records, self._actor

        def done(order: RepairOrderView) -> None:
            if self._still(row):
                field.saved(getattr(order, name))
                self.read()

        def failed(error: Exception) -> None:
            if self._still(row):
                field.not_saved(str(error))
            else:
                self._lost(window, text, error)

        self._keep_typed(window, lambda: orders_reading.save_field(records, actor, row, name, text), done, failed)

    def _keep_typed(
        self,
        window: QWidget,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object],
    ) -> None:
        """Owned by the window: the page may be gone before it is on the disk, and a failure is told all the same."""

        def told(error: Exception) -> None:
            if not isinstance(error, EXPECTED):
                raise error
            failed(error)

        background.run(window, work, done, told)

    def _still(self, row: str) -> bool:
        """Whether the order ``row`` is still in front."""
        return isValid(self) and row == self.row

    def _lost(self, window: QWidget, text: str, error: Exception) -> None:
        """Something else is in front by now: what could not be kept goes where it can be copied from."""
        what = tr("Something typed into another order could not be saved")
        self.context.note(what, f"{error}\n{text}")
        detail = tr("{why} The text is in Settings, Problems.", why=error)
        toast.show(window, what, detail=detail, tone="critical")

    def _status_chosen(self) -> None:
        value = str(self.status.currentData() or "")
        if self.shown is None or not value or (value == self.shown.order.status and not self.shown.order.disputed):
            return
        before = self.shown.order.status
        self._save("status", value, tr("Status: {value}", value=status_words(value)), before)

    def open_promise(self) -> None:
        if self.shown is not None:
            PromiseSheet(self, self.shown.order.promised_at, self._promised).open()

    def _promised(self, at_ms: int | None) -> None:
        if self.shown is not None and at_ms != self.shown.order.promised_at:
            said = tr("Promised: {time}", time=sync_words.moment(at_ms)) if at_ms is not None else tr("No promise.")
            self._save("promised_at", at_ms, said, self.shown.order.promised_at)

    def open_vehicle(self) -> None:
        if self.shown is None:
            return
        order, records, actor = self.shown.order, self._records, self._actor
        PickerSheet(
            self,
            tr("Vehicle"),
            lambda text: orders_reading.find_vehicles(records, text),
            lambda id_: self._save("vehicle_id", id_, tr("The vehicle is set."), order.vehicle_id),
            lambda plate: self._run(
                lambda: orders_reading.new_vehicle(records, actor, order, plate),
                tr("{plate} is a new vehicle.", plate=plate),
            ),
        ).open()

    def open_customer(self) -> None:
        if self.shown is None:
            return
        order, records, actor = self.shown.order, self._records, self._actor
        PickerSheet(
            self,
            tr("Customer"),
            lambda text: orders_reading.find_customers(records, text),
            lambda id_: self._save("customer_id", id_, tr("The customer is set."), order.customer_id),
            lambda name: self._run(
                lambda: orders_reading.new_customer(records, actor, order, name),
                tr("{name} is a new customer.", name=name),
            ),
        ).open()

    def _save(self, name: str, value: object, said: str, before: object) -> None:
        """Write a field that was chosen, and offer the way back."""
        records, actor, row = self._records, self._actor, self.row
        undo = partial(self._write_back, row, name, before) if name != "status" or before else None
        self._run(lambda: orders_reading.save_field(records, actor, row, name, value), said, undo)

    def _write_back(self, row: str, name: str, value: object) -> None:
        records, actor = self._records, self._actor
        self._run(lambda: orders_reading.save_field(records, actor, row, name, value), tr("Taken back."))

    def _run(self, work: Callable[[], object], said: str, undo: Callable[[], None] | None = None) -> None:
        def done(_: object) -> None:
            toast.show(self, said, tone="ok", undo=undo)
            self.read()

        background.run(self, work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        what = tr("That could not be done")
        self.context.note(what, str(error))
        toast.show(self, what, detail=str(error), tone="critical")
        self.read()

    def _write_note(self, text: str) -> None:
        records, actor, row, window = self._records, self._actor, self.row, self.window()

        def done(_: object) -> None:
            if self._still(row):
                self.notes.written(text)
                self.read()

        def failed(error: Exception) -> None:
            if self._still(row):
                self.notes.not_written(str(error))
            else:
                self._lost(window, text, error)

        self._keep_typed(window, lambda: orders_reading.write_note(records, actor, row, text), done, failed)

    # --- what waits for a person

    def _choose(self, card: ConflictCard, side: int) -> None:
        records, actor, value = self._records, self._actor, card.raw.choices[side].value

        def work() -> None:
            require(actor, "changes.restore", card.raw)
            journal.choose(records, actor.reference, card.raw, value)

        said = tr("{field} is “{value}” now, on all terminals.", field=card.field, value=card.sides[side].value)
        self._deal(work, said)

    def _restore(self, card: ReplacedCard) -> None:
        records, actor = self._records, self._actor

        def work() -> None:
            require(actor, "changes.restore", card.raw)
            journal.restore(records, actor.reference, card.raw.id)

        self._deal(work, tr("{field} is “{value}” again.", field=card.field, value=card.lost.value))

    def _leave(self, card: ReplacedCard) -> None:
        records = self._records
        self._deal(lambda: journal.dismiss(records, card.raw.id), tr("Left as it is. The log keeps both values."))

    def _deal(self, work: Callable[[], object], said: str) -> None:
        for each in self.cards:
            each.busy(True)

        def done(_: object) -> None:
            toast.show(self, said, tone="ok")
            self._dealt()

        def failed(error: Exception) -> None:
            self._failed(error)
            self._dealt()

        background.run(self, work, done, failed)

    def _dealt(self) -> None:
        for each in self.cards:
            each.busy(False)
        self.read()
        self.settled.emit()
