"""What can be done with an issued paper: take a payment, pay back, give back by a credit note, declare it void."""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.language import tr
from core.records.input import Refused
from core.workshop.invoice_reading import InvoiceView
from core.workshop.payments import WAYS, PaymentView
from ui import background, invoices_reading, order_invoice_reading
from ui.invoice_words import WAY_ICONS, pays_back
from ui.invoices_reading import InvoiceRead
from ui.money_words import decimals, money, sign, sign_before
from ui.pages.invoice_credit import CreditSheet
from ui.pages.order_anyway import AnywaySheet
from ui.pages.order_desk import OrderDesk
from ui.pages.order_invoice_card import paper_name
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.words_sheet import WordsSheet

BACK = "back"


def _ways() -> tuple[Answer, ...]:
    return tuple(Answer(way, tr(word), WAY_ICONS.get(way, "money")) for way, word in WAYS.items())


class InvoiceDeeds(QObject):
    """Asks on sheets over ``anchor``, does it at ``desk``. All of it stays: facts are corrected, never taken away."""

    def __init__(self, desk: OrderDesk, anchor: QWidget) -> None:
        super().__init__(anchor)
        self.desk, self.anchor = desk, anchor

    # --- payments

    def open_payment(self, invoice: InvoiceView) -> None:
        """How it is paid, then how much; what is open is proposed."""
        if pays_back(invoice):
            self.open_back(invoice)
            return
        answers = _ways()
        if invoice.paid > 0:
            answers += (Answer(BACK, tr("Pay something back"), "undo"),)

        def chosen(way: str | None) -> None:
            if way == BACK:
                self.open_back(invoice)
            elif way is not None:
                self._ask(invoice, way)

        ChoiceSheet(self.anchor, tr("How is it paid?"), answers, None, chosen).open()

    def open_back(self, invoice: InvoiceView) -> None:
        """How it is paid back, then how much: what is too much, or all that was paid."""

        def chosen(way: str | None) -> None:
            if way is not None:
                self._ask(invoice, way, back=True)

        ChoiceSheet(self.anchor, tr("How is it paid back?"), _ways(), None, chosen).open()

    def _ask(self, invoice: InvoiceView, way: str, *, back: bool = False) -> None:
        """How much."""
        title = tr("Pay back: {way}", way=tr(WAYS[way])) if back else tr("Payment: {way}", way=tr(WAYS[way]))
        due = -invoice.open if invoice.open < 0 else invoice.paid if back else invoice.open
        sum_ = money(due, invoice.currency)
        if not back:
            hint = tr("Open: {amount}", amount=sum_)
        else:
            hint = tr("To pay back: {amount}", amount=sum_) if invoice.open < 0 else tr("Paid: {amount}", amount=sum_)

        def typed(value: int | None) -> None:
            self.pay(invoice, way, -(value or 0) if back else value or 0)

        unit, places = sign(invoice.currency), decimals(invoice.currency)
        before = sign_before(invoice.currency)
        AmountSheet(self.anchor, title, due, typed, unit=unit, before=before, decimals=places, hint=hint).open()

    def pay(self, invoice: InvoiceView, way: str, amount: int, *, anyway: bool = False) -> None:
        """Write it down; what speaks against it is asked about once."""
        if not amount:
            return
        desk = self.desk
        records, actor = desk.records, desk.actor

        def done(made: PaymentView) -> None:
            sum_ = money(abs(made.amount), invoice.currency)
            said = tr("Paid back: {amount}", amount=sum_) if made.amount < 0 else tr("Paid: {amount}", amount=sum_)
            # Payments are facts: what was typed wrong goes back as a payment of its own.
            against = partial(order_invoice_reading.pay, records, actor, invoice.id, -amount, way, anyway=True)
            gone = tr("Both stay on the invoice: {amount} and a counter-payment.", amount=sum_)
            desk.run(lambda: None, said, against, back=(tr("Counter-payment"), "undo", gone))

        def failed(error: Exception) -> None:
            if isinstance(error, Refused) and not anyway and amount > 0:
                AnywaySheet(self.anchor, tr("Take it all the same?"), str(error), tr("Yes, it was paid"),
                            lambda: self.pay(invoice, way, amount, anyway=True)).open()  # fmt: skip
            else:
                desk.failed(error)

        work = partial(order_invoice_reading.pay, records, actor, invoice.id, amount, way, anyway=anyway)
        background.run(self.anchor, work, done, failed)

    # --- corrections

    def read_and_credit(self, row: str) -> None:
        """As ``open_credit``, of a paper of which only the number is known here."""
        records = self.desk.records
        work = partial(invoices_reading.read_invoice, records, row)
        background.run(self.anchor, work, self.open_credit, self.desk.failed)

    def open_credit(self, found: InvoiceRead) -> None:
        """Which lines are given back, then why; it is issued too, and stays."""
        if len(found.left) == 1:
            self._why(found, [found.left[0].id])
        elif found.left:
            CreditSheet(self.anchor, found, partial(self._why, found)).open()

    def _why(self, found: InvoiceRead, lines: Collection[str]) -> None:
        desk, invoice = self.desk, found.invoice
        records, actor = desk.records, desk.actor

        def done(text: str) -> None:
            desk.run(
                lambda: invoices_reading.credit(records, actor, invoice.id, lines, text),
                lambda made: tr("Issued: {paper}", paper=paper_name(made)),
            )

        amount = money(found.credit_of(lines), invoice.currency)
        hint = tr("{amount} is given back by a credit note, which stays. Why is it corrected?", amount=amount)
        WordsSheet(self.anchor, tr("Credit note"), "", done, hint=hint, keep=tr("Issue it"), needed=True).open()

    def open_void(self, invoice: InvoiceView) -> None:
        """Declaring a paper void needs a reason, which is kept with it."""
        desk = self.desk
        records, actor = desk.records, desk.actor

        def done(text: str) -> None:
            desk.run(
                lambda: order_invoice_reading.void(records, actor, invoice.id, text),
                lambda made: tr("Void: {paper}", paper=paper_name(made)),
            )

        hint = tr("It stays, with its number, and counts no more. Why is it void?")
        WordsSheet(self.anchor, tr("Declare void"), "", done, hint=hint, keep=tr("Declare void"), needed=True).open()
