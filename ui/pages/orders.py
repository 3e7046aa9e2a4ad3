"""Orders: the repair orders of the workshop and one of them in front, alive while other terminals write."""

from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr
from core.people.roles import may
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.records import Records
from core.workshop.orders import RepairOrderView
from ui import background, theme
from ui.order_opening import open_order
from ui.orders_reading import OrderPage, read_orders, read_some
from ui.pages.order_sections import TITLES
from ui.pages.orders_editor import OrderEditor
from ui.pages.orders_list import OrdersList
from ui.pages.orders_new import NewOrderSheet
from ui.pages.page import Command, Page
from ui.widgets import toast
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.paged_list import ROW
from ui.widgets.panels import Paragraph, label
from ui.widgets.search_box import opens_search

SEARCH_MS = 150
CHANGED_MS = 60
MANY = 200  # changed rows from which the list is read anew
LIST_SHARE = 0.36
BUSY = ("in_progress", "quality_check", "awaiting_parts")  # an order on which something is to be seen
LIST_WIDTHS = (340, 520)
BESIDE = 1500  # px of the page from which the list has room beside the order


class OrdersPage(Page):
    """The list at the left and the order at the right; on a small screen the one or the other."""

    def load(self) -> None:
        self.records: Records | None = self.context.records
        self._asked = 0
        self._changed: set[str] = set()
        self._around: set[str] = set()
        self._posed = False  # for a picture
        if self.records is None or self.context.actor is None:
            outer = QVBoxLayout(self)
            outer.setContentsMargins(theme.space(7), theme.space(5), theme.space(3), 0)
            outer.addWidget(label(tr("Repair orders"), "title"))
            outer.addWidget(_NoWorkshop(self._to_bays), 1)
            return
        self.editor = OrderEditor(self.context, self.records)
        self.editor.settled.connect(self._settled)
        self.editor.closed.connect(self.close_order)
        self.right = QStackedWidget()
        self.right.addWidget(_Hint())
        self.right.addWidget(self.editor)
        row = self._row = QHBoxLayout(self)
        row.setSpacing(theme.space(5))
        self.left = self._left()
        row.addWidget(self.left)
        row.addWidget(self.right, 1)
        self._timers()
        self._share()
        self.refresh()

    def _left(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(3))
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(label(tr("Repair orders"), "title"), 1)
        self.new = Button(tr("New order"), "plus", role="primary")
        self.new.clicked.connect(lambda _=False: self.open_new())
        head.addWidget(self.new)
        if not self._may_make:
            self.new.hide()
        column.addLayout(head)
        self.search = QLineEdit()
        self.search.setAccessibleName(tr("Search in the orders"))
        self.search.setPlaceholderText(tr("Plate, customer, number, or a word"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._search_soon.start())
        column.addWidget(self.search)
        self.list = OrdersList()
        self.list.shown.wanted.connect(self._fetch)
        self.list.chosen.connect(self.show_order)
        self.list.clicked.connect(lambda index: self.show_order(index.data(ROW).id))
        self.empty = label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.lists = QStackedWidget()
        self.lists.addWidget(self.list)
        self.lists.addWidget(self.empty)
        column.addWidget(self.lists, 1)
        return side

    def _timers(self) -> None:
        self._search_soon = QTimer(self)
        self._search_soon.setSingleShot(True)
        self._search_soon.setInterval(SEARCH_MS)
        self._search_soon.timeout.connect(self.refresh)
        self._changed_soon = QTimer(self)
        self._changed_soon.setSingleShot(True)
        self._changed_soon.setInterval(CHANGED_MS)
        self._changed_soon.timeout.connect(self._read_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.records is not None:
            self._share()

    def _share(self) -> None:
        """Give list and order the room there is."""
        beside = self.width() >= theme.scaled(BESIDE)
        one = bool(self.editor.row)
        self.left.setVisible(beside or not one)
        self.right.setVisible(beside or one)
        self.editor.head.back.setVisible(not beside)
        low, high = (theme.scaled(width) for width in LIST_WIDTHS)
        self.left.setMaximumWidth(max(low, min(high, round(self.width() * LIST_SHARE))) if beside else 16_777_215)
        self.left.setMinimumWidth(low)
        self._row.setContentsMargins(theme.space(6), theme.space(4), 0 if one else theme.space(6), 0)

    def close_order(self) -> None:
        """Back to the list; what was typed is kept."""
        self.editor.forget()
        self.right.setCurrentIndex(0)
        self._share()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.records is not None and self.editor.row:
            self.close_order()
        elif not (self.records is not None and self.editor.take_typed(opens_search(event))):
            super().keyPressEvent(event)

    # --- the list

    def refresh(self) -> None:
        """Read the first page of what is searched for, or of everything."""
        records, text = self.records, self.search.text()
        if records is None:
            return
        self._asked += 1
        asked = self._asked
        background.run(self, lambda: read_orders(records, text), lambda page: self._loaded(asked, page), self._failed)

    def _loaded(self, asked: int, page: OrderPage) -> None:
        if asked != self._asked:
            return
        self.list.quietly(lambda: self.list.shown.begin(page))
        self.list.select(self.editor.row)
        self._show()

    def _fetch(self, after: str) -> None:
        records, asked, text = self.records, self._asked, self.search.text()
        if records is None:
            return

        def add(page: OrderPage) -> None:
            if asked == self._asked:
                self.list.shown.add(page)

        background.run(self, lambda: read_orders(records, text, after), add, self._failed)

    def _show(self) -> None:
        some = bool(self.list.shown.rows)
        if not some:
            self.empty.setText(
                tr("Nothing found. Fewer letters find more.")
                if self.search.text().strip()
                else tr("No repair orders yet. “New order” makes the first one.")
            )
        self.lists.setCurrentWidget(self.list if some else self.empty)

    def on_change(self, changes: ChangeSet) -> None:
        if self.records is None:
            return
        self._changed |= set(changes.rows.get("repair_orders", ()))
        self._changed |= {each.row for each in changes.replaced if each.table == "repair_orders"}
        for table in ("vehicles", "customers"):
            self._around |= set(changes.rows.get(table, ()))
        if (self._changed or self._around) and not self._changed_soon.isActive():
            self._changed_soon.start()
        self.editor.on_change(changes)

    def _read_changed(self) -> None:
        """Read what changed of the rows in the list, and what is new."""
        records = self.records
        around, self._around = self._around, set()
        rows, self._changed = self._changed, set()
        shown = self.list.shown.rows
        rows |= {each.id for each in shown if each.vehicle_id in around or each.customer_id in around}
        if records is None or not rows:
            return
        if len(rows) > MANY:
            self.refresh()
            return
        background.run(self, lambda: read_some(records, rows), lambda found: self._update(rows, found), self._failed)

    def _update(self, rows: Collection[str], found: dict[str, RepairOrderView]) -> None:
        insert = not self.search.text().strip()
        wanted = {row: found.get(row) for row in rows}
        self.list.quietly(lambda: self.list.shown.follow(wanted, insert=insert))
        if not self.list.currentIndex().isValid():
            self.list.select(self.editor.row)
        self._show()

    # --- what a person does

    def show_order(self, row: str) -> None:
        """Bring an order to the front."""
        self.editor.show_order(row)
        self.right.setCurrentIndex(1)
        self._share()
        self.list.select(row)

    def show_row(self, table: str, row: str) -> bool:
        if self.records is None or table != "repair_orders":
            return False
        self.show_order(row)
        return True

    def open_new(self) -> None:
        """Ask for the first words of a new order."""
        if self.records is not None and self.context.actor is not None:
            sheet = NewOrderSheet(self, self.records, self.context.actor, self._made)
            sheet.open(sheet.plate)

    def _made(self, order: RepairOrderView) -> None:
        self.search.clear()
        self.list.quietly(lambda: self.list.shown.follow({order.id: order}, insert=True))
        self._show()
        self.show_order(order.id)
        toast.show(self, tr("Repair order {number} is made.", number=order.number or ""), tone="ok")

    def _settled(self) -> None:
        if self.context.frame is not None:
            self.context.frame.count_unread()

    def _to_bays(self) -> None:
        if self.context.frame is not None:
            self.context.frame.go("bays")

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, RecordsError | OSError):
            raise error
        what = tr("The orders cannot be read")
        self.context.note(what, str(error))
        toast.show(self, what, detail=str(error), tone="critical")

    def on_shown(self) -> None:
        if self.records is not None:
            self.editor.page_shown()

    def on_hidden(self) -> None:
        """Nothing typed waits for the page to come back."""
        if self.records is None:
            return
        self.editor.page_hidden()
        if self._posed:
            self._posed = False
            self.editor.forget()
            self.right.setCurrentIndex(0)
            self._share()
            self.list.quietly(self.list.clearSelection)

    # --- for the search box and for pictures

    @property
    def _may_make(self) -> bool:
        actor = self.context.actor
        return actor is not None and may(actor, "repair_orders.change")

    def commands(self) -> tuple[Command, ...]:
        if self.records is None:
            return ()
        new = Command(tr("New repair order"), self.open_new, "plus", tr("job order create"))
        return (new,) if self._may_make else ()

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self.records is None:
            return ()
        shown = (("orders-new", self.open_new), ("orders-one", partial(self._pose, "")))
        return (*shown, *((f"orders-{name}", partial(self._pose, name)) for name in TITLES))

    def _pose(self, section: str) -> None:
        """Show an order in a section, for a picture: the one with the most to decide first."""
        orders = self.list.shown.rows
        if orders:
            self._posed = True
            busy = next((each for each in orders if each.status in BUSY), orders[0])
            order = busy if section else next((each for each in orders if each.disputed), busy)
            open_order(self.context, order.id, section or None)


class _Hint(QWidget):
    """What stands at the right before an order was chosen."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconLabel("orders", 48, "text_muted"), 0, middle)
        column.addWidget(label(tr("Choose an order at the left"), "heading"), 0, middle)
        column.addStretch(3)


class _NoWorkshop(QWidget):
    """Orders belong to a workshop: how there comes to be one."""

    def __init__(self, to_bays: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.setContentsMargins(0, theme.space(14), 0, 0)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconLabel("no-workshop", 48, "text_muted"), 0, middle)
        column.addWidget(label(tr("No workshop yet"), "heading"), 0, middle)
        text = Paragraph(
            tr("Repair orders are kept in a workshop. On the page Bays this terminal can found one or join one.")
        )
        column.addWidget(text, 0, middle)
        button = Button(tr("To the page Bays"), "bays", role="primary")
        button.clicked.connect(lambda _=False: to_bays())
        column.addWidget(button, 0, middle)
        column.addStretch(1)
