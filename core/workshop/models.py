"""The rows about work."""

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped

from core.records.fields import INSTANT, MONEY, QUANTITY, ROW, Fact, Synced, fact, latest, register
from core.workshop.states import RANKS


class RepairOrder(Synced):
    """What a customer wants done to a vehicle. ``complaint`` what is said, ``cause`` what is found, ``correction``."""

    __tablename__ = "repair_orders"

    number: Mapped[str | None] = latest(String(32), search=True, index=True)
    sequence: Mapped[int | None] = latest(BigInteger, index=True)  # the whole number that ``number`` begins with
    vehicle_id: Mapped[str | None] = latest(ROW, index=True)
    customer_id: Mapped[str | None] = latest(ROW, index=True)
    status: Mapped[str | None] = register(String(24), ranks=RANKS, index=True)
    label: Mapped[str | None] = latest(String(60))  # the shop's own word within a status
    priority: Mapped[str | None] = latest(String(16))
    complaint: Mapped[str | None] = latest(Text, search=True)
    cause: Mapped[str | None] = latest(Text, search=True)
    correction: Mapped[str | None] = latest(Text, search=True)
    opened_at: Mapped[int | None] = latest(INSTANT)
    promised_at: Mapped[int | None] = latest(INSTANT)
    adviser_id: Mapped[str | None] = latest(ROW)
    technician_id: Mapped[str | None] = latest(ROW, index=True)
    bay: Mapped[str | None] = latest(String(60))
    key_tag: Mapped[str | None] = latest(String(24), search=True)
    odometer_in: Mapped[int | None] = latest(BigInteger)  # km
    odometer_out: Mapped[int | None] = latest(BigInteger)  # km


class RepairOrderLine(Synced):
    """One thing done, fitted, bought or charged."""

    __tablename__ = "repair_order_lines"

    order_id: Mapped[str | None] = latest(ROW, index=True)
    kind: Mapped[str | None] = latest(String(16))
    description: Mapped[str | None] = latest(String(500), search=True)
    part_number: Mapped[str | None] = latest(String(60), search=True)
    quantity: Mapped[int | None] = latest(QUANTITY)  # thousandths: pieces, litres, hours
    unit_price: Mapped[int | None] = latest(MONEY)  # minor units, without tax
    tax_rate: Mapped[int | None] = latest(BigInteger)  # hundredths of a percent: 1900 is 19 %
    position: Mapped[int | None] = latest(BigInteger)  # order on the paper; equal ones by id


class Note(Fact):
    """Something somebody wrote about an order."""

    __tablename__ = "notes"

    order_id: Mapped[str | None] = fact(ROW, index=True)
    text: Mapped[str | None] = fact(Text, search=True)
    author: Mapped[str | None] = fact(String(64))  # Actor.reference
    author_name: Mapped[str | None] = fact(String(120))  # as it was then
    written_at: Mapped[int | None] = fact(INSTANT)


class Photo(Fact):
    """A picture of an order: a file, named by the SHA-256 of its content."""

    __tablename__ = "photos"

    order_id: Mapped[str | None] = fact(ROW, index=True)
    file_sha256: Mapped[str | None] = fact(String(64))
    thumbnail_sha256: Mapped[str | None] = fact(String(64))
    media_type: Mapped[str | None] = fact(String(100))
    size: Mapped[int | None] = fact(BigInteger)  # bytes
    caption: Mapped[str | None] = fact(String(500), search=True)
    author: Mapped[str | None] = fact(String(64))
    author_name: Mapped[str | None] = fact(String(120))
    taken_at: Mapped[int | None] = fact(INSTANT)


class ClockPunch(Fact):
    """Somebody began to work on an order, or stopped."""

    __tablename__ = "clock_punches"

    staff_id: Mapped[str | None] = fact(ROW, index=True)
    order_id: Mapped[str | None] = fact(ROW, index=True)
    direction: Mapped[str | None] = fact(String(4))  # in, out
    at: Mapped[int | None] = fact(INSTANT)


class NumberSeries(Fact):
    """The suffix under which a site numbers its repair orders (``numbers``)."""

    __tablename__ = "number_series"

    site: Mapped[str | None] = fact(String(16), index=True)
    suffix: Mapped[str | None] = fact(String(8))
