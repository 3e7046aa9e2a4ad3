"""Purchase orders: what was ordered of whom, what is late, and one of them at the right to be received."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStyleOptionViewItem, QVBoxLayout, QWidget

from core.language import tr, trn
from core.records.changes import ChangeSet
from core.workshop.purchase_states import PurchaseStatus
from core.workshop.purchasing import PurchaseOrderView
from ui import part_words, parts_reading, theme
from ui.money_words import money
from ui.pages.parts_desk import Freshness, PartsDesk
from ui.pages.parts_empty import Teaching
from ui.pages.parts_list import MARGIN
from ui.pages.parts_purchase_sheet import PurchaseSheet
from ui.parts_reading import PurchasePage
from ui.widgets import icons
from ui.widgets.buttons import Segmented
from ui.widgets.drawn_text import text
from ui.widgets.paged_list import Index, PagedList, PagedModel, RowDelegate
from ui.widgets.touch import scrolling

TABLES = ("purchase_orders", "purchase_order_lines", "stock_moves", "suppliers", "parts")
LIST_SHARE = 0.38
OPEN, ALL = "open", "all"


def spoken(order: PurchaseOrderView) -> tuple[str, ...]:
    """A purchase order in words: number, of whom, how it stands, when it comes."""
    state, expected = part_words.purchase_words(order.status), part_words.expected_words(order)
    return order.number or "", order.supplier_name or "", state, expected


class PurchaseDelegate(RowDelegate[PurchaseOrderView]):
    """Supplier and state, number and cost, when it comes and how much of it is here."""

    currency: str | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = sum(QFontMetricsF(theme.font(theme.scaled(px))).height() for px in (19, 17, 15))
        return QSize(200, round(2 * MARGIN + lines + 8))

    def cells(self, painter: QPainter, box: QRectF, row: PurchaseOrderView) -> None:
        self._lines(painter, box.adjusted(MARGIN + 4, MARGIN, -MARGIN, -MARGIN), row)

    def _lines(self, painter: QPainter, room: QRectF, order: PurchaseOrderView) -> None:
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
        text(painter, cost, plain, "text", money(order.cost, self.currency), right=True)
        top += height + 4
        small = theme.font(theme.scaled(15), "semibold" if order.late else "regular", tabular=True)
        expected = part_words.expected_words(order)
        line = QRectF(room.left(), top, room.width(), QFontMetricsF(small).height())
        text(painter, line, small, "critical" if order.late else "text_muted", expected)
        count = trn("{count} line", "{count} lines", order.lines)
        here = tr("{here} of {lines} here", here=order.lines - order.open_lines, lines=count)
        here = count if order.status == PurchaseStatus.DRAFT else here
        text(painter, line, theme.font(theme.scaled(15), tabular=True), "text_muted", here, right=True)


class PurchasesList(PagedList[PurchaseOrderView]):
    """Purchase orders, newest first."""

    def __init__(self) -> None:
        self.drawn = PurchaseDelegate()
        super().__init__(tr("Purchase orders"), PagedModel(spoken), self.drawn)

    def show_page(self, page: PurchasePage, row: str) -> None:
        """Show a page where one was, with this order marked, without telling."""
        self.drawn.currency = page.currency
        self.show_again(page, row)
        self.select(row)


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
        self.list.shown.wanted.connect(self._fetch)
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
                self.list.shown.add(page)

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
