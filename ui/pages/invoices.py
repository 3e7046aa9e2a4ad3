"""Invoices: what is open and since when, every paper that was issued, and one of them at the right."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr, trn
from core.records.changes import ChangeSet
from ui import background, invoice_words, invoices_reading, theme
from ui.invoices_reading import ALL, OPEN, OVERDUE, InvoicePage, Overview
from ui.pages.invoices_findings import FindingsCard
from ui.pages.invoices_list import InvoicesHead, InvoicesList
from ui.pages.invoices_sheet import InvoiceSheet
from ui.pages.order_desk import OrderDesk
from ui.pages.page import Command, Page
from ui.pages.parts_desk import Freshness
from ui.pages.parts_empty import Teaching
from ui.pages.parts_sheet import Figures
from ui.widgets.buttons import Segmented
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

SEARCH_MS = 120
POSE_MS = 200
NONE = "none"
LIST_SHARE = 0.57
MONEY = frozenset({"invoices", "invoice_numbers", "invoice_voids", "payments"})
AROUND = frozenset({"vehicles", "repair_orders"})  # plates and order numbers stand in the rows


class InvoicesPage(Page):
    """The list at the left, held to a section and to what is typed; the paper that is in front at the right."""

    def load(self) -> None:
        self.desk: OrderDesk | None = None
        self.among: tuple[str, ...] = ()
        self.overview: Overview | None = None
        self._asked = self._asked_above = 0
        self._posed = False  # for a picture
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(7), theme.space(5), theme.space(3), 0)
        outer.setSpacing(theme.space(3))
        records = self.context.records
        if records is None or self.context.actor is None:
            outer.addWidget(label(tr("Invoices"), "title"))
            words = tr("Invoices are kept in a workshop. On the page Bays this terminal can found one or join one.")
            outer.addWidget(Teaching("no-workshop", tr("No workshop yet"), words), 1)
            return
        self.desk = OrderDesk(self.context, records, self)
        self._search_soon = QTimer(self)
        self._search_soon.setSingleShot(True)
        self._search_soon.setInterval(SEARCH_MS)
        self._search_soon.timeout.connect(self._typed)
        outer.addLayout(self._head())
        row = QHBoxLayout()
        row.setSpacing(theme.space(5))
        row.addWidget(self._left())
        self.sheet = InvoiceSheet(self.desk)
        self.sheet.wanted.connect(self.show_invoice)
        self.right = QStackedWidget()
        words = tr("What stands on it, what was paid and what can be done with it comes here.")
        self.right.addWidget(Teaching("receipt", tr("Choose an invoice at the left"), words))
        self.right.addWidget(scrolling(self.sheet))
        row.addWidget(self.right, 1)
        outer.addLayout(row, 1)
        self.freshness = Freshness(self, self._read_again)
        self.desk.done.connect(self.freshness.outdated)
        self.refresh()
        self._read_above()

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(label(tr("Invoices"), "title"))
        head.addSpacing(theme.space(2))
        options = {OPEN: tr("Open"), OVERDUE: tr("Overdue"), ALL: tr("All")}
        self.which = Segmented(options, OPEN, tr("Shown"))
        self.which.chosen.connect(lambda name: self.open_section(str(name)))
        head.addWidget(self.which)
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Search in the invoices"))
        self.field.setPlaceholderText(tr("Number, customer or plate"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(lambda _: self._search_soon.start())
        self.field.returnPressed.connect(self._typed)
        head.addWidget(self.field, 1)
        head.addSpacing(theme.space(2))
        return head

    def _left(self) -> QWidget:
        self.left = QWidget()
        column = QVBoxLayout(self.left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        self.sums = Figures()
        column.addWidget(self.sums)
        self.findings = FindingsCard()
        self.findings.wanted.connect(self.show_these)
        column.addWidget(self.findings)
        self.list = InvoicesList()
        self.head = InvoicesHead(self.list)
        column.addWidget(self.head)
        self.list.shown.wanted.connect(self._fetch)
        self.list.chosen.connect(self.show_invoice)
        self.nothing: dict[str, Teaching] = {
            NONE: Teaching(
                "search", tr("Nothing found"), tr("Fewer letters find more. “All” looks through what is paid as well.")
            ),
            OPEN: Teaching("ok", tr("Nothing is open"), tr("Nothing is to be paid or paid back. “All” shows them.")),
            OVERDUE: Teaching("ok", tr("Nothing is overdue"), tr("No invoice waits longer than was agreed.")),
            ALL: Teaching(
                "receipt",
                tr("No invoices yet"),
                tr("An invoice is issued from its repair order: open the order, then “Invoice”. From then on it "
                   "stands here."),
            ),
        }  # fmt: skip
        self.stack = QStackedWidget()
        for widget in (self.list, *self.nothing.values()):
            self.stack.addWidget(widget)
        column.addWidget(self.stack, 1)
        return self.left

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.desk is not None:
            self.left.setFixedWidth(round(self.contentsRect().width() * LIST_SHARE))

    # --- the list

    @property
    def section(self) -> str:
        """Which papers are shown: a key of ``invoices_reading.SORTED``."""
        return str(self.which.value())

    def open_section(self, name: str) -> None:
        """Show the papers of a section."""
        self.which.set_value(name)
        self.among = ()
        self._show_above()
        self.refresh()

    def show_these(self, rows: tuple[str, ...]) -> None:
        """Hold the list to these papers; none: to all again."""
        self.among = rows
        self.which.set_value(ALL)
        if self.field.text():
            self.field.clear()
        self._show_above()
        self.refresh()
        if rows:
            self.show_invoice(rows[0])

    def _typed(self) -> None:
        self._search_soon.stop()
        if self.field.text().strip():
            self.among = ()
            self._show_above()
        self.refresh()

    def _reading(self, after: str | None = None, limit: int = invoices_reading.PAGE) -> Callable[[], InvoicePage]:
        assert self.desk is not None
        records, section, text, among = self.desk.records, self.section, self.field.text(), self.among
        return lambda: invoices_reading.read_invoices(records, section, text, among=among, after=after, limit=limit)

    def refresh(self) -> None:
        """Read the first page."""
        self._asked += 1
        self._read(self._reading(), self._begin)

    def _begin(self, page: InvoicePage) -> None:
        self.list.quietly(lambda: self.list.shown.begin(page))
        self.list.select(self.sheet.row)
        self.list.scrollToTop()
        self._show_list()

    def _fetch(self, after: str) -> None:
        self._read(self._reading(after), self.list.shown.add)

    def _read(self, work: Callable[[], InvoicePage], show: Callable[[InvoicePage], object]) -> None:
        """Read a page of the list; what was asked before something else was wanted is not shown."""
        assert self.desk is not None
        asked = self._asked

        def done(page: InvoicePage) -> None:
            if asked == self._asked:
                show(page)

        background.run(self, work, done, self.desk.failed)

    def _show_list(self) -> None:
        some = bool(self.list.shown.rows)
        nothing = self.nothing[NONE if self.field.text().strip() else self.section]
        self.stack.setCurrentWidget(self.list if some else nothing)
        self.head.setVisible(some)

    # --- what stands above it

    def _read_above(self) -> None:
        assert self.desk is not None
        self._asked_above += 1
        asked, records = self._asked_above, self.desk.records

        def done(found: Overview) -> None:
            if asked == self._asked_above:
                self.overview = found
                self._show_above()

        background.run(self, lambda: invoices_reading.read_overview(records), done, self.desk.failed)

    def _show_above(self) -> None:
        if self.overview is None:
            return
        sums = self.overview.sums
        count, late = sum(each.count for each in sums), sum(each.overdue_count for each in sums)
        open_ = trn("Open, {count} invoice", "Open, {count} invoices", count)
        overdue = trn("Overdue, {count} invoice", "Overdue, {count} invoices", late)
        nought = invoice_words.together([(0, sums[0].currency if sums else self.overview.currency)])
        cells = [
            (open_, invoice_words.open_of(sums) or nought, "text"),
            (overdue, invoice_words.overdue_of(sums) or nought, "critical" if late else "text_muted"),
        ]
        if owed := sum(each.owed_count for each in sums):
            back = trn("To pay back, {count} invoice", "To pay back, {count} invoices", owed)
            cells.append((back, invoice_words.owed_of(sums), "text"))
        self.sums.show_cells(*cells)
        self.findings.show_findings(self.overview.findings, self.among)

    # --- what changes

    def on_change(self, changes: ChangeSet) -> None:
        if self.desk is not None and any(changes.touches(table) for table in MONEY | AROUND):
            self.freshness.outdated()

    def _read_again(self) -> None:
        """The list as long as it was read, what stands above it, and the paper in front."""
        self._asked += 1
        length = max(invoices_reading.PAGE, len(self.list.shown.rows))
        self._read(self._reading(limit=length), self._again)
        self._read_above()
        self.sheet.read()

    def _again(self, page: InvoicePage) -> None:
        self.list.show_again(page, self.sheet.row)
        self._show_list()

    # --- the paper

    def show_invoice(self, row: str) -> None:
        """Bring a paper to the front."""
        self.sheet.show_invoice(row)
        self.right.setCurrentIndex(1)
        self.list.select(row)

    def show_row(self, table: str, row: str) -> bool:
        if self.desk is None or table != "invoices":
            return False
        self.show_invoice(row)
        return True

    def forget(self) -> None:
        """No paper is in front."""
        self.sheet.forget()
        self.right.setCurrentIndex(0)
        self.list.quietly(self.list.clearSelection)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_hidden(self) -> None:
        if self._posed:
            self._posed = False
            self.forget()
            self.open_section(OPEN)

    # --- for the search box and for pictures

    def commands(self) -> tuple[Command, ...]:
        if self.desk is None:
            return ()
        return (
            Command(tr("Open invoices"), lambda: self.open_section(OPEN), "receipt", tr("money unpaid payment")),
            Command(tr("Overdue invoices"), lambda: self.open_section(OVERDUE), "critical", tr("money late remind")),
        )

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self.desk is None:
            return ()
        return (
            ("invoices-one", self._pose),
            ("invoices-credit", lambda: self._pose(self.sheet.open_credit)),
            ("invoices-pay", lambda: self._pose(self.sheet.open_payment)),
            ("invoices-all", self._pose_all),
        )

    def _pose(self, then: Callable[[], object] | None = None) -> None:
        """A paper with something to do in front; ``then`` after it was read."""
        self._posed = True
        papers = self.list.shown.rows
        if papers:
            self.show_invoice(next((each for each in papers if each.paid), papers[0]).id)
        if then is not None:
            QTimer.singleShot(POSE_MS, self, then)

    def _pose_all(self) -> None:
        self._posed = True
        self.open_section(ALL)
