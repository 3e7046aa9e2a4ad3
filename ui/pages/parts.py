"""Parts: the store, what should be ordered, and what was; a scanned barcode opens the part, or offers to make it."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr
from core.records.changes import ChangeSet
from core.workshop.parts import PartView
from ui import parts_reading, theme
from ui.pages.page import Command, Page
from ui.pages.parts_desk import PartsDesk
from ui.pages.parts_edit import EditPartSheet
from ui.pages.parts_empty import Teaching
from ui.pages.parts_labels import set_label
from ui.pages.parts_moves import COUNT, TAKE
from ui.pages.parts_purchases import PurchasesSection
from ui.pages.parts_reorder import ReorderSection
from ui.pages.parts_stock import StockSection
from ui.rows_found import open_code
from ui.scanning import Wedge
from ui.widgets.buttons import Button, Segmented
from ui.widgets.dialogs import Sheet, sheets
from ui.widgets.panels import label

SEARCH_MS = 120
POSE_MS = 150
STOCK, REORDER, PURCHASES = "stock", "reorder", "purchases"
AnySection = StockSection | ReorderSection | PurchasesSection
_KINDS: Mapping[str, Callable[[PartsDesk], AnySection]] = {
    STOCK: StockSection,
    REORDER: ReorderSection,
    PURCHASES: PurchasesSection,
}


class PartsPage(Page):
    """Three sections; the one in front is built when it is first opened."""

    def load(self) -> None:
        self.desk: PartsDesk | None = None
        self.sections: dict[str, AnySection] = {}
        self._posed = False  # for a picture
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(7), theme.space(5), theme.space(3), 0)
        outer.setSpacing(theme.space(4))
        records = self.context.records
        if records is None or self.context.actor is None:
            outer.addWidget(label(tr("Parts"), "title"))
            words = tr("Parts are kept in a workshop. On the page Bays this terminal can found one or join one.")
            outer.addWidget(Teaching("no-workshop", tr("No workshop yet"), words), 1)
            return
        self.desk = PartsDesk(self.context, records, self)
        self.desk.part.connect(self.show_part)
        self.desk.purchase.connect(self.show_purchase)
        outer.addLayout(self._head())
        self.stack = QStackedWidget()
        outer.addWidget(self.stack, 1)
        self.wedge = Wedge(self)
        self.wedge.scanned.connect(self.scan)
        self.wedge.typed.connect(self._typed)
        self._search_soon = QTimer(self)
        self._search_soon.setSingleShot(True)
        self._search_soon.setInterval(SEARCH_MS)
        self._search_soon.timeout.connect(self._search)
        self.open_section(STOCK)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(label(tr("Parts"), "title"))
        head.addSpacing(theme.space(2))
        options = {STOCK: tr("Stock"), REORDER: tr("Reorder"), PURCHASES: tr("Purchase orders")}
        self.which = Segmented(options, STOCK, tr("Section"))
        self.which.chosen.connect(lambda name: self.open_section(str(name)))
        head.addWidget(self.which)
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Search in the parts"))
        room = self.field.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.field.setSizePolicy(room)
        self.field.setPlaceholderText(tr("Name, number, place, or scan a barcode"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _: self._search_soon.start())
        self.field.returnPressed.connect(self._entered)
        head.addWidget(self.field, 1)
        self.new = Button(tr("New part"), "plus", role="primary")
        self.new.clicked.connect(lambda _=False: self.make_new())
        head.addWidget(self.new)
        head.addSpacing(theme.space(2))
        return head

    # --- sections

    def section(self, name: str) -> AnySection:
        """The section of this name, built now if it was never open before."""
        assert self.desk is not None
        if name not in self.sections:
            self.sections[name] = _KINDS[name](self.desk)
            self.stack.addWidget(self.sections[name])
        return self.sections[name]

    def open_section(self, name: str) -> None:
        """Bring a section to the front."""
        self.stack.setCurrentWidget(self.section(name))
        self.which.set_value(name)
        self.field.setVisible(name != REORDER)
        self.new.show_words(tr("New purchase order") if name == PURCHASES else tr("New part"), "plus")
        if self.desk is not None:
            self.new.setVisible(self.desk.may("purchases.change" if name == PURCHASES else "parts.change"))
        self.field.setPlaceholderText(
            tr("Order number, supplier’s number") if name == PURCHASES else tr("Name, number, place, or scan a barcode")
        )
        self._search()

    @property
    def stock(self) -> StockSection:
        found = self.section(STOCK)
        assert isinstance(found, StockSection)
        return found

    @property
    def purchases(self) -> PurchasesSection:
        found = self.section(PURCHASES)
        assert isinstance(found, PurchasesSection)
        return found

    @property
    def front(self) -> QWidget | None:
        return self.stack.currentWidget()

    def show_part(self, row: str) -> None:
        """Bring a part to the front."""
        self.open_section(STOCK)
        self.stock.show_part(row)

    def show_purchase(self, row: str) -> None:
        """Bring a purchase order to the front."""
        self.open_section(PURCHASES)
        self.purchases.show_purchase(row)

    def show_row(self, table: str, row: str) -> bool:
        if self.desk is None or table not in ("parts", "purchase_orders"):
            return False
        (self.show_part if table == "parts" else self.show_purchase)(row)
        return True

    # --- finding and scanning

    def _search(self) -> None:
        self._search_soon.stop()
        front = self.front
        if isinstance(front, StockSection | PurchasesSection):
            front.search(self.field.text())

    def _entered(self) -> None:
        """Enter opens what was typed or scanned into the field."""
        if self.field.text().strip() and self.front is not self.sections.get(PURCHASES):
            self.scan(self.field.text().strip())
        else:
            self._search()

    def _typed(self, text: str) -> None:
        """A person types without having tapped the field first: it is meant for it."""
        if self.field.isVisible() and not sheets(self.window()):
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.setText(text)

    def scan(self, code: str) -> None:
        """A code was scanned: open its part, receive it when the order in front has it, or offer to make it."""
        assert self.desk is not None
        records = self.desk.records
        self.desk.read(lambda: parts_reading.find_code(records, code), lambda part: self._scanned(code, part))

    def _scanned(self, code: str, part: PartView | None) -> None:
        if part is not None:
            self.field.selectAll()  # the next scan takes the place of this one
            if self.front is self.sections.get(PURCHASES) and self.purchases.sheet.receive_part(part.id):
                return
            self.show_part(part.id)
            return
        if self.field.text().strip() == code:
            self._search()
            if self.stock.list.shown.rows and not self._search_soon.isActive() and " " in code:
                return  # words, not a code: what they find stands in the list
        open_code(self, self.context, code, lambda: self._unknown(code))

    def _unknown(self, code: str) -> None:
        """It is on no part, and on no order and no vehicle either."""
        if self.desk is not None and self.desk.may("parts.change"):
            UnknownCodeSheet(self.desk, code, self._make).open()

    def _make(self, given: Mapping[str, str]) -> None:
        self.open_new(given)

    def make_new(self) -> None:
        """A new purchase order where they are, else a new part."""
        if self.front is not self.sections.get(PURCHASES):
            self.open_new()
        elif self.desk is not None:
            records, actor = self.desk.records, self.desk.actor
            self.desk.run(
                lambda: parts_reading.new_purchase(records, actor),
                lambda order: tr("Purchase order {number} is made.", number=order.number),
                then=lambda order: self.show_purchase(order.id),
                undo=lambda order: parts_reading.end_purchase(records, actor, order.id, "deleted"),
            )

    def open_new(self, given: Mapping[str, str] | None = None) -> None:
        """Ask what a new part is."""
        if self.desk is not None:
            sheet = EditPartSheet(self.desk, None, given or {}, self.show_part)
            sheet.open(sheet.texts["name"])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        alarm = event.key() in (Qt.Key.Key_A, Qt.Key.Key_Space) and self.context.session.alarms.active()
        if self.desk is None or (alarm and self.wedge.resting) or not self.wedge.take(event):
            super().keyPressEvent(event)  # with an alarm on the strip these two keys acknowledge it

    # --- what changes

    def on_change(self, changes: ChangeSet) -> None:
        for section in self.sections.values():
            section.on_change(changes)

    def on_hidden(self) -> None:
        if self._posed:
            self._posed = False
            self.field.clear()
            self.stock.forget()
            if PURCHASES in self.sections:
                self.purchases.forget()
            self.open_section(STOCK)

    # --- for the search box and for pictures

    def commands(self) -> tuple[Command, ...]:
        if self.desk is None:
            return ()
        new = Command(tr("New part"), self.open_new, "plus", tr("make store create"))
        return (
            *((new,) if self.desk.may("parts.change") else ()),
            Command(tr("Reorder list"), lambda: self.open_section(REORDER), "parts", tr("minimum too few buy")),
            Command(tr("Purchase orders"), lambda: self.open_section(PURCHASES), "export", tr("receive delivery")),
        )

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self.desk is None:
            return ()
        return (
            ("parts-one", self._pose_part),
            ("parts-take", lambda: self._pose_part(lambda: self.stock.sheet.ask(TAKE))),
            ("parts-count", lambda: self._pose_part(lambda: self.stock.sheet.ask(COUNT))),
            ("parts-new", self._pose_new),
            ("parts-edit", lambda: self._pose_part(self.stock.sheet.open_edit)),
            ("parts-label", lambda: self._pose_part(self._pose_label)),
            ("parts-scan", self._pose_scan),
            ("parts-reorder", self._pose_reorder),
            ("parts-purchases", self._pose_purchase),
        )

    def _pose_part(self, then: Callable[[], object] | None = None) -> None:
        """A part in front; ``then`` after it was read."""
        self._posed = True
        parts = self.stock.list.shown.rows
        if parts:
            self.show_part(next((each for each in parts if each.low), parts[0]).id)
        if then is not None:
            QTimer.singleShot(POSE_MS, self, then)

    def _pose_label(self) -> None:
        shown = self.stock.sheet.shown
        if self.desk is not None and shown is not None:
            set_label(self.desk.records, shown.part.id)  # a picture does not wait for the setter to wake up
            self.stock.sheet.open_label()

    def _pose_new(self) -> None:
        self.open_new({"barcode": "4011558736101"})

    def _pose_scan(self) -> None:
        if self.desk is not None:
            UnknownCodeSheet(self.desk, "4011558736101", self._make).open()

    def _pose_reorder(self) -> None:
        self._posed = True
        self.open_section(REORDER)

    def _pose_purchase(self) -> None:
        self._posed = True
        self.open_section(PURCHASES)
        QTimer.singleShot(POSE_MS, self, self._pose_first_purchase)

    def _pose_first_purchase(self) -> None:
        orders = self.purchases.list.shown.rows
        if orders:
            self.show_purchase(next((each for each in orders if each.status == "part_received"), orders[0]).id)


class UnknownCodeSheet(Sheet):
    """A code that is on no part: make one of it, as its barcode or as its number."""

    def __init__(self, desk: PartsDesk, code: str, make: Callable[[Mapping[str, str]], object]) -> None:
        super().__init__(desk.anchor, tr("No part has this code"), width=680)
        shown = label(code, wrap=True, select=True)
        shown.setFont(theme.font(theme.scaled(30), "semibold", tabular=True))
        self.body.addWidget(shown)
        self.body.addWidget(
            label(
                tr("A new part can have it as its barcode or as its number. From then on a scan opens it."), wrap=True
            )
        )
        self.as_barcode = Button(tr("New part with this barcode"), "plus", role="primary")
        self.as_barcode.clicked.connect(lambda _=False: self._then(make, {"barcode": code}))
        self.as_number = Button(tr("New part with this number"), "plus")
        self.as_number.clicked.connect(lambda _=False: self._then(make, {"number": code}))
        self.body.addWidget(self.as_barcode)
        self.body.addWidget(self.as_number)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)

    def _then(self, make: Callable[[Mapping[str, str]], object], given: Mapping[str, str]) -> None:
        self.close_sheet()
        make(given)
