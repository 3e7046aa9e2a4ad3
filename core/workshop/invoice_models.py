"""The rows about money: what was invoiced, corrected and paid. All are facts: what is issued is never taken back."""

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, validates

from core.language import tr
from core.records.fields import DAY, INSTANT, MONEY, ROW, Fact, fact
from core.records.input import Refused


class Issued(Fact):
    """A fact that cannot be hidden either: whoever tries, by whatever door, is refused.

    One that arrives hidden from another terminal is merged as it is, and shown and counted all the same.
    """

    __abstract__ = True

    @validates("deleted_at")
    def _stays(self, _field: str, value: int | None) -> int | None:
        if value is not None:
            words = tr("What was issued or paid is never deleted. An invoice can be declared void, with a reason.")
            raise Refused(("", words))
        return value


class Invoice(Issued):
    """An invoice or a credit note, with all that stands on it. Its number is a fact of its own (``InvoiceNumber``)."""

    __tablename__ = "invoices"

    kind: Mapped[str | None] = fact(String(12))  # invoice, credit_note
    order_id: Mapped[str | None] = fact(ROW, index=True)
    vehicle_id: Mapped[str | None] = fact(ROW, index=True)
    customer_id: Mapped[str | None] = fact(ROW, index=True)
    corrects_id: Mapped[str | None] = fact(ROW, index=True)  # the invoice that a credit note is about
    customer_name: Mapped[str | None] = fact(String(120), search=True)
    content: Mapped[str | None] = fact(Text)  # JSON: everything that is printed
    currency: Mapped[str | None] = fact(String(3))
    net: Mapped[int | None] = fact(MONEY)
    tax: Mapped[int | None] = fact(MONEY)
    gross: Mapped[int | None] = fact(MONEY)
    cost: Mapped[int | None] = fact(MONEY)  # of what was sold, for the figures
    issued_at: Mapped[int | None] = fact(INSTANT, index=True)
    due_on: Mapped[str | None] = fact(DAY)
    issued_by: Mapped[str | None] = fact(String(64))
    issued_by_name: Mapped[str | None] = fact(String(120))

    __table_args__ = (Index("ix_invoices_by_due", text("coalesce(due_on, '9999-12-31')"), "id"),)


class InvoiceNumber(Issued):
    """The number of an invoice, given by the one terminal that holds the series."""

    __tablename__ = "invoice_numbers"

    invoice_id: Mapped[str | None] = fact(ROW, index=True)
    number: Mapped[str | None] = fact(String(32), search=True)
    sequence: Mapped[int | None] = fact(BigInteger, index=True)
    numbered_at: Mapped[int | None] = fact(INSTANT)


class InvoiceVoid(Issued):
    """An issued paper was declared void: it stays, with its number, and counts no more."""

    __tablename__ = "invoice_voids"

    invoice_id: Mapped[str | None] = fact(ROW, index=True)
    reason: Mapped[str | None] = fact(String(500))
    voided_by: Mapped[str | None] = fact(String(64))
    voided_by_name: Mapped[str | None] = fact(String(120))
    voided_at: Mapped[int | None] = fact(INSTANT)


class Payment(Issued):
    """Money that came, or went back (negative)."""

    __tablename__ = "payments"

    invoice_id: Mapped[str | None] = fact(ROW, index=True)
    amount: Mapped[int | None] = fact(MONEY)
    way: Mapped[str | None] = fact(String(16))  # cash, card, transfer, other
    reference: Mapped[str | None] = fact(String(120), search=True)
    paid_at: Mapped[int | None] = fact(INSTANT)
    recorded_by: Mapped[str | None] = fact(String(64))
    recorded_by_name: Mapped[str | None] = fact(String(120))
