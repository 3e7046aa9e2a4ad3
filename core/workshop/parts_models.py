"""The rows about parts: what is kept, what moved, what was ordered of whom."""

from sqlalchemy import BigInteger, Boolean, Index, String, Text, text
from sqlalchemy.orm import Mapped

from core.records.fields import DAY, INSTANT, MONEY, QUANTITY, ROW, Fact, Synced, fact, latest, register

# Of two concurrent words about a purchase order the one further on is shown.
PURCHASE_RANKS = {"draft": 1, "ordered": 2, "part_received": 3, "received": 4, "cancelled": 5}


class Supplier(Synced):
    """Whom parts are bought from."""

    __tablename__ = "suppliers"

    name: Mapped[str | None] = latest(String(120), search=True)
    customer_number: Mapped[str | None] = latest(String(60))  # ours, with them
    phone: Mapped[str | None] = latest(String(60))
    email: Mapped[str | None] = latest(String(200))
    address: Mapped[str | None] = latest(Text)
    lead_days: Mapped[int | None] = latest(BigInteger)
    notes: Mapped[str | None] = latest(Text)


class Part(Synced):
    """A part that the shop knows. How many there are is the sum of its moves."""

    __tablename__ = "parts"

    number: Mapped[str | None] = latest(String(60), search=True, index=True)
    name: Mapped[str | None] = latest(String(200), search=True)
    manufacturer: Mapped[str | None] = latest(String(120), search=True)
    barcode: Mapped[str | None] = latest(String(60), search=True, index=True)
    unit: Mapped[str | None] = latest(String(12))  # pc, l, kg, m
    location: Mapped[str | None] = latest(String(60), search=True)  # where it lies
    minimum: Mapped[int | None] = latest(QUANTITY)
    order_up_to: Mapped[int | None] = latest(QUANTITY)
    cost: Mapped[int | None] = latest(MONEY)
    price: Mapped[int | None] = latest(MONEY)  # without tax
    supplier_id: Mapped[str | None] = latest(ROW, index=True)
    supplier_number: Mapped[str | None] = latest(String(60), search=True)
    active: Mapped[bool | None] = latest(Boolean)
    notes: Mapped[str | None] = latest(Text)


class StockMove(Fact):
    """Parts that came or went. ``quantity`` is negative for what went."""

    __tablename__ = "stock_moves"

    part_id: Mapped[str | None] = fact(ROW, index=True)
    quantity: Mapped[int | None] = fact(QUANTITY)
    reason: Mapped[str | None] = fact(String(16))  # receipt, fitted, returned, count, scrapped, import
    order_id: Mapped[str | None] = fact(ROW, index=True)
    line_id: Mapped[str | None] = fact(ROW, index=True)
    purchase_line_id: Mapped[str | None] = fact(ROW, index=True)
    unit_cost: Mapped[int | None] = fact(MONEY)
    remark: Mapped[str | None] = fact(String(500))
    moved_by: Mapped[str | None] = fact(String(64))
    moved_by_name: Mapped[str | None] = fact(String(120))
    moved_at: Mapped[int | None] = fact(INSTANT)

    __table_args__ = (
        Index("ix_stock_moves_sum", "part_id", "deleted_at", "quantity"),  # how many there are, without the rows
        Index("ix_stock_moves_by_time", text("coalesce(moved_at, 0)"), "id"),
    )


class PurchaseOrder(Synced):
    """What is ordered of a supplier."""

    __tablename__ = "purchase_orders"

    number: Mapped[str | None] = latest(String(32), search=True)
    sequence: Mapped[int | None] = latest(BigInteger, index=True)
    supplier_id: Mapped[str | None] = latest(ROW, index=True)
    status: Mapped[str | None] = register(String(16), ranks=PURCHASE_RANKS, index=True)
    ordered_at: Mapped[int | None] = latest(INSTANT)
    expected_on: Mapped[str | None] = latest(DAY)
    reference: Mapped[str | None] = latest(String(60), search=True)  # the supplier's number for it
    notes: Mapped[str | None] = latest(Text)


class PurchaseOrderLine(Synced):
    """One part ordered. What came of it is the sum of the receipts that name it."""

    __tablename__ = "purchase_order_lines"

    purchase_order_id: Mapped[str | None] = latest(ROW, index=True)
    part_id: Mapped[str | None] = latest(ROW, index=True)
    description: Mapped[str | None] = latest(String(500))
    part_number: Mapped[str | None] = latest(String(60))
    quantity: Mapped[int | None] = latest(QUANTITY)
    unit_cost: Mapped[int | None] = latest(MONEY)
    order_id: Mapped[str | None] = latest(ROW, index=True)  # the repair order that waits for it
    line_id: Mapped[str | None] = latest(ROW, index=True)
    position: Mapped[int | None] = latest(BigInteger)
