"""One issued paper about money: its number, what is open of it, what was paid, and what can be done with it."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.invoice_reading import CREDIT_NOTE, InvoiceView
from core.workshop.invoice_standing import VOID, WORDS
from core.workshop.payments import WAYS, PaymentView
from ui import sync_words, theme, words
from ui.invoice_words import SHAPES, pays_back
from ui.money_words import money
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label


def paper_name(invoice: InvoiceView) -> str:
    """ "Invoice R-0042"; the number of a paper that was issued away from its series follows."""
    kind = tr("Credit note") if invoice.kind == CREDIT_NOTE else tr("Invoice")
    return f"{kind} {invoice.number}" if invoice.number else tr("{kind}, number follows", kind=kind)


class InvoiceCard(QFrame):
    """``pay``, ``show_paper``, ``credit`` and ``void`` with the id of the paper."""

    pay = Signal(str)
    paper = Signal(str)
    credit = Signal(str)
    void = Signal(str)

    def __init__(self, invoice: InvoiceView, payments: Sequence[PaymentView]) -> None:
        super().__init__()
        self.invoice = invoice
        self.setProperty("surface", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(3), theme.space(3), theme.space(3))
        column.setSpacing(theme.space(2))
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        icon, token = SHAPES.get(invoice.state, ("unknown", "info"))
        head.addWidget(IconLabel(icon, 28, token))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        self.title = ElidedLabel(paper_name(invoice), "text", 20, "semibold").set_tabular()
        texts.addWidget(self.title)
        self.about = ElidedLabel(" · ".join(_about(invoice)), "text_muted", 15).set_tabular()
        texts.addWidget(self.about)
        head.addLayout(texts, 1)
        for caption, amount, large in self._sums():
            cell = QVBoxLayout()
            cell.setSpacing(0)
            number = label(amount)
            number.setFont(theme.font(theme.scaled(24 if large else 18), "semibold", tabular=True))
            cell.addWidget(label(caption, "caption"), 0, Qt.AlignmentFlag.AlignRight)
            cell.addWidget(number, 0, Qt.AlignmentFlag.AlignRight)
            head.addLayout(cell)
        column.addLayout(head)
        for each in payments:
            column.addWidget(ElidedLabel(_paid(each, invoice), "text_muted", 15).set_tabular())
        deeds = QWidget()
        flow = Flow(deeds)
        due, back = invoice.open, pays_back(invoice)
        said = tr("Pay back") if back else tr("Take a payment")
        self.pay_button = Button(said, "undo" if back else "money", role="primary" if due else "")
        self.pay_button.clicked.connect(lambda _=False: self.pay.emit(invoice.id))
        self.paper_button = Button(tr("Look and print"), "print")
        self.paper_button.clicked.connect(lambda _=False: self.paper.emit(invoice.id))
        self.credit_button = Button(tr("Credit note"), "undo")
        self.credit_button.clicked.connect(lambda _=False: self.credit.emit(invoice.id))
        self.void_button = Button(tr("Declare void"), "close")
        self.void_button.clicked.connect(lambda _=False: self.void.emit(invoice.id))
        own = invoice.kind != CREDIT_NOTE and invoice.state != VOID
        self.pay_button.setVisible(back or due > 0)
        self.credit_button.setVisible(own)
        self.void_button.setVisible(invoice.state != VOID)
        for each_button in (self.pay_button, self.paper_button, self.credit_button, self.void_button):
            flow.addWidget(each_button)
        column.addWidget(deeds)

    def allow(self, *, pay: bool, issue: bool, void: bool) -> None:
        """What this person may do."""
        self.pay_button.setEnabled(pay)
        self.credit_button.setEnabled(issue and self.invoice.gross + self.invoice.credited > 0)
        self.void_button.setEnabled(void)

    def _sums(self) -> list[tuple[str, str, bool]]:
        invoice = self.invoice
        found = [(tr("With tax"), money(invoice.gross, invoice.currency), False)]
        if invoice.credited:
            found.append((tr("Credited"), money(invoice.credited, invoice.currency), False))
        if invoice.paid:
            found.append((tr("Paid"), money(invoice.paid, invoice.currency), False))
        if invoice.kind != CREDIT_NOTE:
            caption = tr("To pay back") if invoice.open < 0 else tr("Still open")
            found.append((caption, money(abs(invoice.open), invoice.currency), True))
        return found


def _about(invoice: InvoiceView) -> list[str]:
    found = [tr(WORDS[invoice.state]) if invoice.state in WORDS else invoice.state]
    if invoice.corrects_number:
        found.append(tr("corrects {number}", number=invoice.corrects_number))
    if invoice.issued_at is not None:
        found.append(sync_words.moment(invoice.issued_at))
    if invoice.due_on and invoice.open > 0:
        at = datetime.fromisoformat(invoice.due_on)
        found.append(tr("due {day}", day=words.day(at.timestamp() + 43_200)))
    found += [each for each in (invoice.issued_by_name, invoice.void_reason) if each]
    return found


def _paid(payment: PaymentView, invoice: InvoiceView) -> str:
    way = tr(WAYS[payment.way]) if payment.way is not None and payment.way in WAYS else payment.way or ""
    at = sync_words.moment(payment.paid_at) if payment.paid_at is not None else ""
    amount = money(payment.amount, invoice.currency)
    return " · ".join(
        part for part in (amount, way, at, payment.recorded_by_name or "", payment.reference or "") if part
    )
