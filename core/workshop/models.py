"""The rows about work: the order, what is done on it, and what people say of it."""

from sqlalchemy import BigInteger, Boolean, Index, String, Text, text
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
    expected_hours: Mapped[int | None] = latest(QUANTITY)  # a guess at the desk, until lines say how long it takes
    skills: Mapped[str | None] = latest(String(200))  # what it takes to do it: words of Staff.skills, by comma
    equipment: Mapped[str | None] = latest(String(200))  # what it needs: words of WorkBay.equipment, by comma
    comeback_of: Mapped[str | None] = latest(ROW, index=True)  # the order whose work was not right the first time

    # The lists of the board and of the desk, each by a row and its id. An expression stands here in the very words of
    # the query, which has no NULLs to sort (``core.records.paging.Order``).
    __table_args__ = (
        Index("ix_repair_orders_by_status", "status", "id"),
        Index("ix_repair_orders_by_promise", "promised_at", "id"),
        Index("ix_repair_orders_by_sequence", "sequence", "id"),
        Index("ix_repair_orders_listed_by_promise", text("coalesce(promised_at, 4611686018427387903)"), "id"),
        Index("ix_repair_orders_listed_by_number", text("coalesce(sequence, 0)"), "id"),
        Index("ix_repair_orders_by_vehicle", "vehicle_id", "id"),
    )


class OrderLabel(Synced):
    """A word of the shop's own that an order may bear while it is in a state; ``status`` empty: in any."""

    __tablename__ = "order_labels"

    name: Mapped[str | None] = latest(String(60))
    status: Mapped[str | None] = latest(String(24))
    color: Mapped[str | None] = latest(String(16))  # a token of the themes: signal, ready, fault, ...
    position: Mapped[int | None] = latest(BigInteger)


class StatusMove(Fact):
    """An order went from one state to another. What happened; what is now is ``RepairOrder.status``."""

    __tablename__ = "status_moves"

    order_id: Mapped[str | None] = fact(ROW, index=True)
    before: Mapped[str | None] = fact(String(24))
    after: Mapped[str | None] = fact(String(24))
    moved_by: Mapped[str | None] = fact(String(64))  # Actor.reference
    moved_by_name: Mapped[str | None] = fact(String(120))
    moved_at: Mapped[int | None] = fact(INSTANT, index=True)


class QualityCheck(Fact):
    """Somebody looked the finished work over."""

    __tablename__ = "quality_checks"

    order_id: Mapped[str | None] = fact(ROW, index=True)
    passed: Mapped[bool | None] = fact(Boolean)
    remark: Mapped[str | None] = fact(Text)
    checked_by: Mapped[str | None] = fact(String(64))
    checked_by_name: Mapped[str | None] = fact(String(120))
    checked_at: Mapped[int | None] = fact(INSTANT)


class Task(Synced):
    """A piece of an order with its own technician."""

    __tablename__ = "tasks"

    order_id: Mapped[str | None] = latest(ROW, index=True)
    title: Mapped[str | None] = latest(String(200), search=True)
    technician_id: Mapped[str | None] = latest(ROW, index=True)
    expected_hours: Mapped[int | None] = latest(QUANTITY)
    done_at: Mapped[int | None] = latest(INSTANT)
    done_by: Mapped[str | None] = latest(String(64))
    position: Mapped[int | None] = latest(BigInteger)


class RepairOrderLine(Synced):
    """One thing done, fitted, bought, charged or taken off. Approved or not: see ``LineDecision``."""

    __tablename__ = "repair_order_lines"

    order_id: Mapped[str | None] = latest(ROW, index=True)
    kind: Mapped[str | None] = latest(String(16))
    description: Mapped[str | None] = latest(String(500), search=True)
    part_number: Mapped[str | None] = latest(String(60), search=True)
    quantity: Mapped[int | None] = latest(QUANTITY)  # thousandths: pieces, litres, hours
    unit_price: Mapped[int | None] = latest(MONEY)  # minor units, without tax
    tax_rate: Mapped[int | None] = latest(BigInteger)  # hundredths of a percent: 1900 is 19 %
    position: Mapped[int | None] = latest(BigInteger)  # order on the paper; equal ones by id
    percent_off: Mapped[int | None] = latest(BigInteger)  # a discount of 1000 takes 10 % off what is charged beside it
    unit_cost: Mapped[int | None] = latest(MONEY)  # what it costs the shop
    part_id: Mapped[str | None] = latest(ROW, index=True)  # of the store, when it is kept there
    part_state: Mapped[str | None] = latest(String(16))  # not_ordered, on_the_way, here, fitted
    task_id: Mapped[str | None] = latest(ROW)
    technician_id: Mapped[str | None] = latest(ROW)
    result_id: Mapped[str | None] = latest(ROW, index=True)  # the finding of an inspection that it came from
    recommendation_id: Mapped[str | None] = latest(ROW, index=True)  # the earlier advice that it takes up


class Note(Fact):
    """Something somebody wrote about an order."""

    __tablename__ = "notes"

    order_id: Mapped[str | None] = fact(ROW, index=True)
    text: Mapped[str | None] = fact(Text, search=True)
    author: Mapped[str | None] = fact(String(64))  # Actor.reference
    author_name: Mapped[str | None] = fact(String(120))  # as it was then
    written_at: Mapped[int | None] = fact(INSTANT)


class Mention(Fact):
    """A note that somebody should read."""

    __tablename__ = "mentions"

    note_id: Mapped[str | None] = fact(ROW, index=True)
    order_id: Mapped[str | None] = fact(ROW, index=True)
    staff_id: Mapped[str | None] = fact(ROW, index=True)


class NoteReading(Fact):
    """Somebody read the notes of an order up to a moment."""

    __tablename__ = "note_readings"

    order_id: Mapped[str | None] = fact(ROW, index=True)
    staff_id: Mapped[str | None] = fact(ROW, index=True)
    up_to: Mapped[int | None] = fact(INSTANT)


class Photo(Fact):
    """A picture of an order: a file, named by the SHA-256 of its content."""

    __tablename__ = "photos"

    order_id: Mapped[str | None] = fact(ROW, index=True)
    result_id: Mapped[str | None] = fact(ROW, index=True)  # of the finding it shows
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
    clock_said: Mapped[int | None] = fact(INSTANT)  # by the terminal, right or wrong; None: the time was typed
    site: Mapped[str | None] = fact(String(16))  # where: two readings of one clock tell how long it was between them

    __table_args__ = (Index("ix_clock_punches_by_time", text("coalesce(at, 0)"), "id"),)


class NumberSeries(Fact):
    """The suffix under which a site numbers its repair orders (``numbers``)."""

    __tablename__ = "number_series"

    site: Mapped[str | None] = fact(String(16), index=True)
    suffix: Mapped[str | None] = fact(String(8))
