"""The rows about what a customer says to an estimate."""

from sqlalchemy import BigInteger, Boolean, String, Text
from sqlalchemy.orm import Mapped

from core.records.fields import DAY, INSTANT, MONEY, QUANTITY, ROW, Fact, Synced, fact, latest


class LineDecision(Fact):
    """What a customer said to one line of an estimate. The last word counts; the others stay."""

    __tablename__ = "line_decisions"

    order_id: Mapped[str | None] = fact(ROW, index=True)
    line_id: Mapped[str | None] = fact(ROW, index=True)
    decision: Mapped[str | None] = fact(String(12))  # approved, declined, asked
    said_by: Mapped[str | None] = fact(String(120))  # who spoke for the customer
    way: Mapped[str | None] = fact(String(16))  # in_person, phone, message, email, signature
    remark: Mapped[str | None] = fact(String(500))
    quantity: Mapped[int | None] = fact(QUANTITY)  # as it was when they said it
    unit_price: Mapped[int | None] = fact(MONEY)
    tax_rate: Mapped[int | None] = fact(BigInteger)
    description: Mapped[str | None] = fact(String(500))  # None: written before anybody noted the words
    percent_off: Mapped[int | None] = fact(BigInteger)
    recorded_by: Mapped[str | None] = fact(String(64))  # Actor.reference
    recorded_by_name: Mapped[str | None] = fact(String(120))
    decided_at: Mapped[int | None] = fact(INSTANT)


class Recommendation(Synced):
    """Work that was advised and not done: it comes back when it is due, or at the next visit."""

    __tablename__ = "recommendations"

    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    order_id: Mapped[str | None] = latest(ROW, index=True)  # where it was advised
    line_id: Mapped[str | None] = latest(ROW, index=True)  # the line that was declined
    result_id: Mapped[str | None] = latest(ROW, index=True)  # the finding it came from
    kind: Mapped[str | None] = latest(String(16))  # of a line
    description: Mapped[str | None] = latest(String(500), search=True)
    part_number: Mapped[str | None] = latest(String(60))
    quantity: Mapped[int | None] = latest(QUANTITY)
    unit_price: Mapped[int | None] = latest(MONEY)
    tax_rate: Mapped[int | None] = latest(BigInteger)
    due_on: Mapped[str | None] = latest(DAY)
    due_odometer: Mapped[int | None] = latest(BigInteger)  # km
    state: Mapped[str | None] = latest(String(12))  # open, taken_up, dismissed
    taken_up_by: Mapped[str | None] = latest(ROW)  # the order on which it was
    advised_at: Mapped[int | None] = latest(INSTANT)


class TaxRule(Synced):
    """The tax of kinds of lines from a day on. ``kinds``: by comma; empty: all that no other rule names."""

    __tablename__ = "tax_rules"

    name: Mapped[str | None] = latest(String(60))
    rate: Mapped[int | None] = latest(BigInteger)  # hundredths of a percent: 1900 is 19 %
    kinds: Mapped[str | None] = latest(String(120))
    since: Mapped[str | None] = latest(DAY)
    active: Mapped[bool | None] = latest(Boolean)


class ShopDetails(Synced):
    """What stands on the papers. There is one; should two terminals each have made one, the older counts."""

    __tablename__ = "shop_details"

    name: Mapped[str | None] = latest(String(120))
    address: Mapped[str | None] = latest(Text)
    phone: Mapped[str | None] = latest(String(60))
    email: Mapped[str | None] = latest(String(200))
    tax_number: Mapped[str | None] = latest(String(60))
    bank: Mapped[str | None] = latest(Text)
    footer: Mapped[str | None] = latest(Text)
    currency: Mapped[str | None] = latest(String(3))  # ISO 4217
    labour_rate: Mapped[int | None] = latest(MONEY)  # an hour, without tax
    invoice_prefix: Mapped[str | None] = latest(String(12))
    invoice_holder_id: Mapped[str | None] = latest(ROW)  # the terminal that numbers invoices
    payment_days: Mapped[int | None] = latest(BigInteger)
    opens_at: Mapped[int | None] = latest(BigInteger)  # minutes after midnight, of the schedule
    closes_at: Mapped[int | None] = latest(BigInteger)
