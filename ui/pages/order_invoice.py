"""Invoice of an order: what would be on it, issuing after a question, and the papers that were issued."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr, trn
from core.workshop.invoiceable import APPROVED, DECLINED, UNDECIDED, Candidate
from ui import order_invoice_reading, theme
from ui.money_words import money, tax_words
from ui.order_invoice_reading import InvoiceRead
from ui.pages.customer_sheet import open_customer
from ui.pages.invoice_deeds import InvoiceDeeds
from ui.pages.order_invoice_card import InvoiceCard, paper_name
from ui.pages.order_invoice_missing import MissingRow, missing_words
from ui.pages.order_section import Section
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.flow import Flow
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label

SHAPES = {APPROVED: ("ok", "ok"), UNDECIDED: ("unknown", "warning"), DECLINED: ("close", "critical")}


class IssueSheet(Sheet):
    """The one question of this page: an issued paper is never taken back, only corrected."""

    def __init__(self, anchor: QWidget, found: InvoiceRead, issue: Callable[[], object]) -> None:
        super().__init__(anchor, tr("Issue the invoice?"), width=760)
        proposal = found.proposal
        who = found.customer or tr("nobody: the order has no customer")
        amount = label(money(proposal.sums.gross, found.currency))
        amount.setFont(theme.font(theme.scaled(40), "semibold", tabular=True))
        self.body.addWidget(amount)
        self.body.addWidget(
            label(
                trn("{count} line, to {name}, tax included.", "{count} lines, to {name}, tax included.",
                    len(proposal.approved), name=who),
                wrap=True,
            )
        )  # fmt: skip
        left = [each for each in proposal.candidates if each.state == UNDECIDED]
        if left:
            row = QHBoxLayout()
            row.setSpacing(theme.space(3))
            row.addWidget(IconLabel("warning", 26, "warning"), 0, Qt.AlignmentFlag.AlignTop)
            names = ", ".join(each.line.description or "" for each in left)
            self.warning = label(tr("Not approved, so not on it: {lines}", lines=names), wrap=True)
            row.addWidget(self.warning, 1)
            self.body.addLayout(row)
        if found.missing:
            row = QHBoxLayout()
            row.setSpacing(theme.space(3))
            row.addWidget(IconLabel("warning", 26, "warning"), 0, Qt.AlignmentFlag.AlignTop)
            self.missing = label(missing_words(found.missing), wrap=True)
            row.addWidget(self.missing, 1)
            self.body.addLayout(row)
        self.body.addWidget(
            label(tr("It gets its number and stays as it is. What is wrong is put right by a credit note."), "muted",
                  wrap=True)
        )  # fmt: skip
        self.no = Button(tr("Not yet"))
        self.no.clicked.connect(lambda _=False: self.close_sheet())
        self.yes = Button(tr("Issue it"), "receipt", role="primary")
        self.yes.clicked.connect(lambda _=False: self._yes(issue))
        self.footer.addWidget(self.no, 1)
        self.footer.addWidget(self.yes, 1)

    def _yes(self, issue: Callable[[], object]) -> None:
        self.close_sheet()
        issue()


class InvoiceSection(Section):
    """What can be invoiced stands above, what was issued below."""

    TABLES = frozenset(
        {
            "repair_order_lines",
            "line_decisions",
            "invoices",
            "invoice_numbers",
            "invoice_voids",
            "payments",
            "repair_orders",
            "customers",
            "contact_ways",
            "shop_details",
        }
    )  # fmt: skip

    def build(self) -> None:
        self.found: InvoiceRead | None = None
        self.deeds = InvoiceDeeds(self.desk, self)
        self.cards: dict[str, InvoiceCard] = {}
        self._shown: list[QWidget] = []
        self._known: InvoiceRead | None = None
        self.column.setSpacing(theme.space(3))
        self.next = QFrame()
        self.next.setProperty("surface", "card")
        column = QVBoxLayout(self.next)
        column.setContentsMargins(theme.space(5), theme.space(4), theme.space(4), theme.space(4))
        column.setSpacing(theme.space(2))
        self.heading = label("", "heading")
        column.addWidget(self.heading)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.space(1))
        column.addLayout(self._lines)
        self.sums = label("")
        self.sums.setFont(theme.font(theme.base, "medium", tabular=True))
        self.sums.setAlignment(Qt.AlignmentFlag.AlignRight)
        column.addWidget(self.sums)
        self.missing = MissingRow()
        self.missing.chosen.connect(self._add_missing)
        column.addWidget(self.missing)
        deeds = QWidget()
        flow = Flow(deeds)
        self.issue = Button(tr("Issue the invoice"), "receipt", role="primary")
        self.issue.clicked.connect(lambda _=False: self.open_issue())
        self.preview = Button(tr("Look at it first"), "search")
        self.preview.clicked.connect(lambda _=False: self.open_preview())
        self.decide = Button(tr("To the estimate"), "checklist")
        self.decide.clicked.connect(lambda _=False: self.desk.wanted.emit("estimate"))
        for each in (self.issue, self.preview, self.decide):
            flow.addWidget(each)
        column.addWidget(deeds)
        self.column.addWidget(self.next)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(theme.space(3))
        self.column.addLayout(self._cards)
        self.column.addStretch(1)

    # --- what is shown

    def begin(self) -> None:
        self.found = self._known = None
        self.issue.setEnabled(False)
        self.next.hide()
        self._empty()

    def _empty(self) -> None:
        for each in [*self._shown, *self.cards.values()]:
            each.hide()
            each.deleteLater()
        self._shown, self.cards = [], {}

    def reading(self) -> Callable[[], InvoiceRead]:
        records, row = self.desk.records, self.desk.row
        return lambda: order_invoice_reading.read_invoices(records, row)

    def show_read(self, found: Any) -> None:
        self.found = found
        if found != self._known:
            self._known = found
            self._empty()
            self._show_proposal(found)
            self._show_cards(found)
        self.issue.setEnabled(bool(found.proposal.approved) and self.desk.may("invoices.issue"))
        for card in self.cards.values():
            card.allow(
                pay=self.desk.may("payments.record"),
                issue=self.desk.may("invoices.issue"),
                void=self.desk.may("invoices.void"),
            )

    def _show_proposal(self, found: InvoiceRead) -> None:
        proposal = found.proposal
        rest = [each for each in proposal.candidates if each.state in (APPROVED, UNDECIDED)]
        self.next.setVisible(bool(rest) or not found.invoices)
        if proposal.approved:
            self.heading.setText(tr("Next invoice"))
        elif rest:
            self.heading.setText(tr("Nothing else is approved") if found.invoices else tr("Nothing is approved yet"))
        else:
            self.heading.setText(tr("Nothing to invoice yet: what the customer approves stands here."))
        for each in proposal.candidates:
            if each.state in SHAPES:
                self._line(each, found.currency)
        sums = proposal.sums
        taxes = "  ".join(
            f"{tax_words(each.rate, found.tax_names)}: {money(each.tax, found.currency)}" for each in sums.taxes
        )
        total = tr("Total with tax: {amount}", amount=money(sums.gross, found.currency))
        net = tr("Net: {amount}", amount=money(sums.net, found.currency))
        self.sums.setText("   ".join(part for part in (net, taxes, total) if part))
        self.sums.setVisible(bool(proposal.approved))
        self.missing.show_missing(
            found.missing if proposal.approved else (),
            customers=self.desk.may("customers.change"),
            shop=self.desk.may("workshop.change"),
        )
        self.issue.setVisible(bool(rest))
        self.preview.setVisible(bool(proposal.approved))
        self.decide.setVisible(not proposal.approved or bool(proposal.undecided))

    def _line(self, each: Candidate, currency: str) -> None:
        host = QWidget()
        row = QHBoxLayout(host)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel(*_shape(each.state)))
        off = each.state != APPROVED
        token = "text_muted" if off else "text"
        said = {UNDECIDED: tr("not approved, so not on it"), DECLINED: tr("declined")}.get(each.state, "")
        words = " · ".join(part for part in (each.line.description or "", said) if part)
        row.addWidget(ElidedLabel(words, token), 1)
        amount = ElidedLabel(money(each.line.net, currency), token, 18, "regular" if off else "medium").set_tabular()
        amount.setFixedWidth(amount.sizeHint().width() + 4)
        row.addWidget(amount)
        self._lines.addWidget(host)
        self._shown.append(host)

    def _show_cards(self, found: InvoiceRead) -> None:
        for invoice in found.invoices:
            card = self.cards[invoice.id] = InvoiceCard(invoice, found.payments.get(invoice.id, ()))
            card.pay.connect(self.open_payment)
            card.paper.connect(self.open_paper)
            card.credit.connect(self.open_credit)
            card.void.connect(self.open_void)
            self._cards.addWidget(card)

    # --- issuing

    def _add_missing(self, what: str) -> None:
        found, frame = self.found, self.desk.context.frame
        if found is None:
            return
        if what == "customer":
            self.desk.wanted.emit("overview")
        elif what == "shop" and frame is not None:
            frame.go("settings")
        elif found.customer_id is not None:
            open_customer(self, self.desk, found.customer_id, on="address")

    def open_issue(self) -> None:
        """Ask before something is issued that can never be taken back."""
        if self.found is not None and self.found.proposal.approved:
            IssueSheet(self, self.found, self._issue).open()

    def _issue(self) -> None:
        found = self.found
        if found is None:
            return
        records, actor, row = self.desk.records, self.desk.actor, self.desk.row
        lines = found.proposal.approved  # as it was shown: what changed since is asked about again
        self.desk.run(
            lambda: order_invoice_reading.issue(records, actor, row, lines),
            lambda made: tr("Issued: {paper}", paper=paper_name(made)),
        )

    def open_credit(self, id_: str) -> None:
        """A credit note about lines of an invoice; it is issued too, so it asks why first."""
        self.deeds.read_and_credit(id_)

    def open_void(self, id_: str) -> None:
        """Declaring a paper void needs a reason, which is kept with it."""
        card = self.cards.get(id_)
        if card is not None:
            self.deeds.open_void(card.invoice)

    def open_payment(self, id_: str) -> None:
        """How it is paid, then how much; what is open is proposed."""
        card = self.cards.get(id_)
        if card is not None:
            self.deeds.open_payment(card.invoice)

    # --- papers

    def open_preview(self) -> None:
        """The invoice as it would be printed."""
        records, row = self.desk.records, self.desk.row
        self.desk.show_made_paper(lambda: order_invoice_reading.preview(records, row))

    def open_paper(self, id_: str) -> None:
        """An issued paper as it is printed."""
        self.desk.show_paper("invoice", id_)


def _shape(state: str) -> tuple[str, int, str]:
    icon, token = SHAPES[state]
    return icon, 22, token
