"""Purchase orders: what was ordered of whom, what is late, and one of them at the right to be received."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.language import tr, trn
from core.records.changes import ChangeSet
from core.workshop.purchase_states import PurchaseStatus
from core.workshop.purchasing import PurchaseOrderView
from ui import part_words, parts_reading, theme
from ui.money_words import money
from ui.pages.parts_desk import Freshness, PartsDesk
from ui.pages.parts_empty import Teaching
from ui.pages.parts_list import MARGIN, text
from ui.pages.parts_purchase_sheet import PurchaseSheet
from ui.parts_reading import PurchasePage
from ui.widgets import icons
from ui.widgets.buttons import Segmented
from ui.widgets.touch import flick, scrolling

Index = QModelIndex | QPersistentModelIndex
ORDER = int(Qt.ItemDataRole.UserRole)
ROOT = QModelIndex()
TABLES = ("purchase_orders", "purchase_order_lines", "stock_moves", "suppliers", "parts")
LIST_SHARE = 0.38
OPEN, ALL = "open", "all"


class PurchasesModel(QAbstractListModel):
    """Purchase orders read so far, newest first. ``wanted(after)`` asks for the next page."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[PurchaseOrderView] = []
        self.after: str | None = None
        self.currency: str | None = None
        self._asked = False

    def begin(self, page: PurchasePage) -> None:
        """Show this page and nothing else."""
        self.beginResetModel()
        self.orders, self.after, self.currency, self._asked = list(page.items), page.after, page.currency, False
        self.endResetModel()

    def add(self, page: PurchasePage) -> None:
        """Put the next page below."""
        self._asked, self.after = False, page.after
        known = {order.id for order in self.orders}
        fresh = [order for order in page.items if order.id not in known]
        if fresh:
            self.beginInsertRows(ROOT, len(self.orders), len(self.orders) + len(fresh) - 1)
            self.orders += fresh
            self.endInsertRows()

    def place(self, row: str) -> int:
        """Where an order stands; -1 when it is not shown."""
        return next((at for at, order in enumerate(self.orders) if order.id == row), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.orders)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        order = self.orders[index.row()]
        if role == ORDER:
            return order
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            words = (order.number, order.supplier_name, part_words.purchase_words(order.status),
                     part_words.expected_words(order))  # fmt: skip
            return ", ".join(each for each in words if each)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return self.after is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.after is not None and not self._asked:
            self._asked = True
            self.wanted.emit(self.after)


class PurchaseDelegate(QStyledItemDelegate):
    """Supplier and state, number and cost, when it comes and how much of it is here."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = sum(QFontMetricsF(theme.font(theme.scaled(px))).height() for px in (19, 17, 15))
        return QSize(200, round(2 * MARGIN + lines + 8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        order: PurchaseOrderView = index.data(ORDER)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("accent_surface"))
            painter.fillRect(QRectF(box.left(), box.top(), 4, box.height()), theme.color("accent"))
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("line"))
        model = index.model()
        currency = model.currency if isinstance(model, PurchasesModel) else None
        self._lines(painter, box.adjusted(MARGIN + 4, MARGIN, -MARGIN, -MARGIN), order, currency)
        painter.restore()

    def _lines(self, painter: QPainter, room: QRectF, order: PurchaseOrderView, currency: str | None) -> None:
        strong, plain = theme.font(theme.scaled(19), "semibold"), theme.font(theme.scaled(17), tabular=True)
        state = part_words.purchase_words(order.status)
        width = QFontMetricsF(plain).horizontalAdvance(state) + 2
        height = QFontMetricsF(strong).height()
        text(painter, QRectF(room.right() - width, room.top(), width, height), plain, "text", state)
        icon, token = part_words.purchase_shape(order)
        left = room.right() - width - 28
        icons.paint(painter, icon, QRectF(left, room.top() + height / 2 - 10, 20, 20), token)
        name = order.supplier_name or tr("No supplier yet")
        text(painter, QRectF(room.left(), room.top(), left - room.left() - 10, height), strong, "text", name)
        top, height = room.top() + height + 4, QFontMetricsF(plain).height()
        text(painter, QRectF(room.left(), top, room.width() * 0.6, height), plain, "text", order.number or "")
        cost = QRectF(room.left() + room.width() * 0.6, top, room.width() * 0.4, height)
        text(painter, cost, plain, "text", money(order.cost, currency), right=True)
        top += height + 4
        small = theme.font(theme.scaled(15), "semibold" if order.late else "regular", tabular=True)
        expected = part_words.expected_words(order)
        line = QRectF(room.left(), top, room.width(), QFontMetricsF(small).height())
        text(painter, line, small, "critical" if order.late else "text_muted", expected)
        count = trn("{count} line", "{count} lines", order.lines)
        here = tr("{here} of {lines} here", here=order.lines - order.open_lines, lines=count)
        here = count if order.status == PurchaseStatus.DRAFT else here
        text(painter, line, theme.font(theme.scaled(15), tabular=True), "text_muted", here, right=True)


class PurchasesList(QListView):
    """The list. ``chosen(row)``: a person wants to see that order."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.orders = PurchasesModel()
        self.setModel(self.orders)
        self.setItemDelegate(PurchaseDelegate(self))
        self.setProperty("role", "feed")
        self.setUniformItemSizes(True)
        self.setAccessibleName(tr("Purchase orders"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flick(self)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._moved)

    def show_page(self, page: PurchasePage, row: str) -> None:
        """Show a page, with this order marked, without telling."""
        self._quiet = True
        at = self.verticalScrollBar().value()
        self.orders.begin(page)
        self.verticalScrollBar().setValue(at)
        self._quiet = False
        self.select(row)

    def select(self, row: str) -> None:
        """Mark an order without telling, as far as it is in the list."""
        at = self.orders.place(row)
        self._quiet = True
        self.setCurrentIndex(self.orders.index(at, 0) if at >= 0 else QModelIndex())
        self._quiet = False

    def _moved(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            order: PurchaseOrderView = current.data(ORDER)
            self.chosen.emit(order.id)


class PurchasesSection(QWidget):
    """``show_purchase(id)`` brings one; ``search(text)`` shows what is found."""

    def __init__(self, desk: PartsDesk) -> None:
        super().__init__()
        self.desk = desk
        self.text = ""
        self._asked = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(5))
        self.left = QWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        self.which = Segmented({OPEN: tr("Open"), ALL: tr("All")}, OPEN, tr("Shown"))
        self.which.chosen.connect(lambda _: self.refresh())
        column.addWidget(self.which)
        self.list = PurchasesList()
        self.list.orders.wanted.connect(self._fetch)
        self.list.chosen.connect(self.show_purchase)
        self.empty = Teaching(
            "export",
            tr("Nothing is ordered"),
            tr("“Reorder” makes purchase orders of what there is too little of; “Order” on a part, or on the parts of "
               "a repair order, does so too."),
        )  # fmt: skip
        self.none = Teaching("search", tr("Nothing found"), tr("Fewer letters find more."))
        self.stack = QStackedWidget()
        for widget in (self.list, self.empty, self.none):
            self.stack.addWidget(widget)
        column.addWidget(self.stack, 1)
        row.addWidget(self.left)
        self.sheet = PurchaseSheet(desk)
        self.sheet.gone.connect(self.forget)
        self.right = QStackedWidget()
        words = tr("What comes is received there, line by line or all at once.")
        self.right.addWidget(Teaching("export", tr("Choose an order at the left"), words))
        self.right.addWidget(scrolling(self.sheet))
        row.addWidget(self.right, 1)
        self.freshness = Freshness(self, self._read_again)
        desk.done.connect(self.freshness.outdated)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.left.setFixedWidth(round(self.width() * LIST_SHARE))

    def on_change(self, changes: ChangeSet) -> None:
        if any(changes.touches(table) for table in TABLES):
            self.freshness.outdated()

    def _read_again(self) -> None:
        self.refresh()
        self.sheet.read()

    def search(self, words: str) -> None:
        """Show what is found by ``words``; "" shows those that are open."""
        if words != self.text:
            self.text = words
            self.refresh()

    def refresh(self) -> None:
        """Read the first page."""
        self._asked += 1
        asked, records, words, only = self._asked, self.desk.records, self.text, self.which.value() == OPEN
        self.desk.read(
            lambda: parts_reading.read_purchases(records, words, only_open=only),
            lambda page: self._loaded(asked, page),
        )

    def _loaded(self, asked: int, page: PurchasePage) -> None:
        if asked != self._asked:
            return
        self.list.show_page(page, self.sheet.row)
        self.stack.setCurrentWidget(self.list if page.items else self.none if self.text.strip() else self.empty)

    def _fetch(self, after: str) -> None:
        asked, records, words, only = self._asked, self.desk.records, self.text, self.which.value() == OPEN

        def add(page: PurchasePage) -> None:
            if asked == self._asked:
                self.list.orders.add(page)

        self.desk.read(lambda: parts_reading.read_purchases(records, words, only_open=only, after=after), add)

    def show_purchase(self, row: str) -> None:
        """Bring a purchase order to the front."""
        self.sheet.show_purchase(row)
        self.right.setCurrentIndex(1)
        self.list.select(row)

    def forget(self) -> None:
        """None is in front."""
        self.sheet.row, self.sheet.shown = "", None
        self.right.setCurrentIndex(0)
        self.list.select("")
