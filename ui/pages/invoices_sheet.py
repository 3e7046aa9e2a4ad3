"""One paper: how it stands, what can be done with it, and all that stands on it as it was issued."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.invoice_reading import CREDIT_NOTE, InvoiceView
from core.workshop.invoice_standing import VOID
from ui import background, invoice_words, invoices_reading, sync_words, theme
from ui.invoices_reading import InvoiceRead
from ui.money_words import money
from ui.order_opening import open_order
from ui.pages.invoice_deeds import InvoiceDeeds
from ui.pages.invoices_rows import SumsBlock, line_rows, payment_rows
from ui.pages.order_desk import OrderDesk
from ui.pages.order_invoice_card import paper_name
from ui.pages.parts_sheet import Figures
from ui.widgets import alarm_strip
from ui.widgets.buttons import Button, ValueButton
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label


class InvoiceSheet(QWidget):
    """``show_invoice(id)`` brings one; ``read`` reads it again. ``wanted(id)``: another paper that is linked to it."""

    wanted = Signal(str)

    def __init__(self, desk: OrderDesk) -> None:
        super().__init__()
        self.desk = desk
        self.deeds = InvoiceDeeds(desk, self)
        self.row = ""
        self.shown: InvoiceRead | None = None
        self._asked = 0
        self.links: list[ValueButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(3), alarm_strip.room())
        column.setSpacing(theme.space(3))
        self.name = ElidedLabel("", px=28, weight="semibold").set_tabular()
        self.whose = ElidedLabel("", "text")
        self.about = ElidedLabel("", "text_muted", 16).set_tabular()
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.name)
        names.addWidget(self.whose)
        names.addWidget(self.about)
        column.addLayout(names)
        self.figures = Figures()
        column.addWidget(self.figures)
        column.addLayout(self._state())
        column.addLayout(self._buttons())
        self.linked = QVBoxLayout()
        self.linked.setSpacing(theme.space(2))
        column.addLayout(self.linked)
        self.lines, self.lines_host = self._block(column, tr("As it was issued"))
        self.remark = label("", "muted", wrap=True)
        column.addWidget(self.remark)
        self.payments, self.payments_host = self._block(column, tr("Payments"))
        column.addStretch(1)

    # --- building

    def _block(self, column: QVBoxLayout, heading: str) -> tuple[QVBoxLayout, QWidget]:
        """A heading with rows under it."""
        host = QWidget()
        block = QVBoxLayout(host)
        block.setContentsMargins(0, theme.space(2), 0, 0)
        block.setSpacing(0)
        block.addWidget(label(heading, "heading"))
        rows = QVBoxLayout()
        rows.setSpacing(0)
        block.addLayout(rows)
        column.addWidget(host)
        return rows, host

    def _state(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.state_icon = IconLabel("ok", 24, "ok")
        self.state = label("", wrap=True)
        self.state.setMinimumHeight(theme.scaled(28))
        row.addWidget(self.state_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.state, 1)
        return row

    def _buttons(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.space(2))
        self.pay = Button(tr("Take a payment"), "money", role="primary")
        self.paper = Button(tr("Look and print"), "print")
        self.credit = Button(tr("Credit note"), "undo")
        self.void = Button(tr("Declare void"), "close")
        self.order = ValueButton(tr("Open the order"), "orders")
        self.pay.clicked.connect(lambda _=False: self.open_payment())
        self.paper.clicked.connect(lambda _=False: self.desk.show_paper("invoice", self.row))
        self.credit.clicked.connect(lambda _=False: self.open_credit())
        self.void.clicked.connect(lambda _=False: self.open_void())
        self.order.clicked.connect(lambda _=False: self.open_order())
        for at, button in enumerate((self.pay, self.paper, self.credit, self.void)):
            grid.addWidget(button, at // 2, at % 2)
        grid.addWidget(self.order, 2, 0, 1, 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        return grid

    # --- showing

    def show_invoice(self, row: str) -> None:
        """Bring a paper to the front."""
        if row != self.row:
            self.row, self.shown = row, None
        self.read()

    def forget(self) -> None:
        """No paper is in front."""
        self.row, self.shown = "", None

    def read(self) -> None:
        """Read the paper that is in front."""
        if not self.row:
            return
        self._asked += 1
        asked, records, row = self._asked, self.desk.records, self.row
        background.run(
            self, lambda: invoices_reading.read_invoice(records, row), lambda found: self._show(asked, found),
            self.desk.failed,
        )  # fmt: skip

    def _show(self, asked: int, found: InvoiceRead) -> None:
        if asked != self._asked or found.invoice.id != self.row:
            return
        fresh, self.shown = found != self.shown, found
        if fresh:
            invoice = found.invoice
            self.name.set_text(paper_name(invoice))
            day = invoice_words.day(invoice.issued_on)
            whose = (invoice.customer_name or tr("No customer"), invoice.vehicle_plate)
            self.whose.set_text(" · ".join(each for each in whose if each))
            issued = tr("Issued {day}", day=day) if day else ""
            self.about.set_text(" · ".join(each for each in (issued, invoice.issued_by_name) if each))
            self._show_state(invoice)
            self._show_figures(invoice)
            self._show_rows(found)
            self._show_links(found)
        self._allow(found)

    def _show_state(self, invoice: InvoiceView) -> None:
        self.state_icon.show_icon(*invoice_words.shape(invoice))
        words = [invoice_words.state(invoice), invoice_words.due(invoice)]
        if invoice.state == VOID:
            at = sync_words.moment(invoice.voided_at) if invoice.voided_at is not None else ""
            words += [at, invoice.void_reason or ""]
        if invoice.number is None:
            words.append(tr("its number follows when the terminal that gives numbers has heard of it"))
        self.state.setText(" · ".join(each for each in words if each))

    def _show_figures(self, invoice: InvoiceView) -> None:
        cells = [(tr("With tax"), money(invoice.gross, invoice.currency), "text")]
        if invoice.credited:
            cells.append((tr("Credited"), money(invoice.credited, invoice.currency), "text"))
        if invoice.paid:
            cells.append((tr("Paid"), money(invoice.paid, invoice.currency), "text"))
        if invoice.kind != CREDIT_NOTE:
            token = "critical" if invoice.state == "overdue" else "text"
            caption = tr("To pay back") if invoice.open < 0 else tr("Still open")
            cells.append((caption, money(abs(invoice.open), invoice.currency), token))
        self.figures.show_cells(*cells)

    def _show_rows(self, found: InvoiceRead) -> None:
        currency = found.invoice.currency
        sums = SumsBlock(found.content.sums, currency, found.tax_names)
        _fill(self.lines, [*line_rows(found.content.lines, currency), sums])
        remark = found.content.remark or ""
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        none = label(tr("Nothing yet. “Take a payment” writes it down."), "muted", wrap=True)
        _fill(self.payments, payment_rows(found.payments, currency) or [none])
        self.payments_host.setVisible(found.invoice.kind != CREDIT_NOTE)

    def _show_links(self, found: InvoiceRead) -> None:
        """What corrects this paper, or what it corrects: a press away."""
        invoice = found.invoice
        self.links = []
        for note in found.credits:
            words = " · ".join((paper_name(note), money(note.gross, note.currency), invoice_words.state(note)))
            self._link(words, note.id)
        if invoice.corrects_id is not None:
            number = invoice.corrects_number or tr("number follows")
            self._link(tr("Corrects invoice {number}", number=number), invoice.corrects_id)
        _fill(self.linked, self.links)

    def _link(self, words: str, row: str) -> None:
        button = ValueButton(words, "receipt")
        button.clicked.connect(lambda _=False: self.wanted.emit(row))
        self.links.append(button)

    def _allow(self, found: InvoiceRead) -> None:
        """What makes sense with this paper, and what this person may do with it."""
        invoice = found.invoice
        own = invoice.kind != CREDIT_NOTE and invoice.state != VOID
        back = invoice_words.pays_back(invoice)
        self.pay.show_words(tr("Pay back") if back else tr("Take a payment"), "undo" if back else "money")
        role = "primary" if invoice.open else ""  # of a paid one nothing is waited for
        if self.pay.property("role") != role:
            self.pay.setProperty("role", role)
            self.pay.style().polish(self.pay)
        self.pay.setEnabled((back or invoice.open > 0) and self.desk.may("payments.record"))
        self.credit.setEnabled(own and bool(found.left) and self.desk.may("invoices.issue"))
        self.void.setEnabled(invoice.state != VOID and self.desk.may("invoices.void"))
        self.order.setVisible(invoice.order_id is not None)
        number = invoice.order_number
        self.order.show_words(tr("Order {number}", number=number) if number else tr("Open the order"), "orders")

    # --- what a person does

    def open_payment(self) -> None:
        """How it is paid, and how much."""
        if self.shown is not None:
            self.deeds.open_payment(self.shown.invoice)

    def open_credit(self) -> None:
        """Which lines are given back, and why."""
        if self.shown is not None:
            self.deeds.open_credit(self.shown)

    def open_void(self) -> None:
        """Why it is void."""
        if self.shown is not None:
            self.deeds.open_void(self.shown.invoice)

    def open_order(self) -> None:
        """The order it is about, at its invoices."""
        if self.shown is not None and self.shown.invoice.order_id is not None:
            open_order(self.desk.context, self.shown.invoice.order_id, "invoice")


def _fill(rows: QVBoxLayout, widgets: Sequence[QWidget]) -> None:
    """Put these in the place of what stood there."""
    while (item := rows.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
    for each in widgets:
        rows.addWidget(each)
