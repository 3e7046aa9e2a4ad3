"""Invoices and credit notes as they are shown: with their numbers, what was paid, and how they stand."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, case, func, literal_column, select
from sqlalchemy.orm import Session

from core.language import mark, tr
from core.records.input import Refused
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, check_sought, chosen, page_of
from core.records.rows import by_id, row_of
from core.vehicles.models import Vehicle
from core.workshop import invoice_content
from core.workshop.invoice_content import Content
from core.workshop.invoice_models import Invoice, InvoiceNumber, InvoiceVoid, Payment
from core.workshop.invoice_standing import standing
from core.workshop.models import RepairOrder

INVOICE, CREDIT_NOTE = "invoice", "credit_note"
KINDS: Mapping[str, str] = {INVOICE: mark("Invoice"), CREDIT_NOTE: mark("Credit note")}
ORDERS = (
    Order("newest", descending=True),
    Order("oldest"),
    Order("due", func.coalesce(Invoice.due_on, literal_column("'9999-12-31'"))),  # as its index has it
)
ONLY = ("open", "overdue", "settled", "void", "without_number")


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """A paper about money. Minor units of ``currency``; of a credit note negative. ``state``: ``invoice_standing``.

    ``number`` is None while the terminal that holds the series has not heard of it: "number follows". ``credited`` is
    the sum of its valid credit notes, ``open`` what is still to be paid; negative: to be paid back.
    """

    table: ClassVar[str] = "invoices"

    id: str
    kind: str
    number: str | None
    order_id: str | None
    order_number: str | None
    vehicle_id: str | None
    vehicle_plate: str | None
    customer_id: str | None
    customer_name: str | None
    corrects_id: str | None
    corrects_number: str | None
    currency: str
    net: int
    tax: int
    gross: int
    cost: int
    credited: int
    paid: int
    open: int
    state: str
    issued_at: int | None
    issued_on: str | None
    due_on: str | None
    issued_by_name: str | None
    voided_at: int | None
    void_reason: str | None


def local_day(at_ms: int) -> str:
    """The calendar day of a moment where this terminal stands."""
    return dt.datetime.fromtimestamp(at_ms / 1000).date().isoformat()


def today(session: Session) -> str:
    """The calendar day here and now."""
    return local_day(now(session))


def invoice_row(session: Session, id_: str) -> Invoice:
    """The row of a paper. Raises ``NotFound``."""
    return row_of(session, Invoice, id_, deleted=True)


def get_invoice(session: Session, id_: str) -> InvoiceView:
    """One paper. Raises ``NotFound``."""
    return views(session, [invoice_row(session, id_)])[id_]


def get_content(session: Session, id_: str) -> Content:
    """Everything that stands on a paper. Raises ``NotFound``."""
    return invoice_content.read(invoice_row(session, id_).content)


def credit_notes(session: Session, id_: str) -> tuple[InvoiceView, ...]:
    """The credit notes of an invoice, the first one first. Raises ``NotFound``."""
    invoice_row(session, id_)
    rows = session.scalars(select(Invoice).where(Invoice.corrects_id == id_).order_by(Invoice.id)).all()
    found = views(session, rows)
    return tuple(found[row.id] for row in rows)


def list_invoices(
    session: Session,
    *,
    only: str | None = None,
    kind: str | None = None,
    among: Collection[str] | None = None,
    number: str | None = None,
    customer_id: str | None = None,
    vehicle_id: str | None = None,
    order_id: str | None = None,
    since: str | None = None,
    until: str | None = None,
    sort: str = "newest",
    after: str | None = None,
    limit: int = LIMIT,
) -> Page[InvoiceView]:
    """Papers by the page, those that meet all conditions. ``only``: one of ``ONLY``; days, both included, of issue.

    ``among``: only these, by their ids, a few hundred at most (``invoice_finding``). "open" has everything that is
    still to be paid, overdue or not, or to be paid back. ``sort`` is a name in ``ORDERS``. Raises ``Refused``.
    """
    check_sought(only=only, kind=kind, number=number, customer_id=customer_id, vehicle_id=vehicle_id)
    check_sought(order_id=order_id)
    query = select(Invoice)
    wanted = {
        Invoice.kind: kind, Invoice.customer_id: customer_id, Invoice.vehicle_id: vehicle_id, Invoice.order_id: order_id
    }  # fmt: skip
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if among is not None:
        query = query.where(Invoice.id.in_(among))
    if number is not None:
        query = query.where(Invoice.id.in_(_numbered(number)))
    if only is not None:
        query = _that_are(only, today(session), query)
    if since is not None:
        query = query.where(Invoice.issued_at >= _start("since", since))
    if until is not None:
        query = query.where(Invoice.issued_at < _start("until", until, days=1))
    page = page_of(session, query, Invoice, chosen(ORDERS, sort), after=after, limit=limit)
    found = views(session, page.items)
    return page.mapped(lambda row: found[row.id])


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of some papers besides their rows, by their ids."""

    numbers: Mapping[str, str]
    voids: Mapping[str, InvoiceVoid]
    paid: Mapping[str, int]
    credited: Mapping[str, int]
    orders: Mapping[str, RepairOrder]
    vehicles: Mapping[str, Vehicle]
    day: str


def views(session: Session, rows: Collection[Invoice]) -> dict[str, InvoiceView]:
    """What is shown of papers, in six questions whatever their number."""
    ids = [row.id for row in rows]
    paid = select(Payment.invoice_id, func.sum(Payment.amount)).where(Payment.invoice_id.in_(ids))
    taken = select(Invoice.corrects_id, func.sum(Invoice.gross)).where(Invoice.corrects_id.in_(ids))
    known = _Known(
        numbers=numbers_of(session, {*ids, *(row.corrects_id for row in rows if row.corrects_id)}),
        voids=voids_of(session, ids),
        paid=_sums(session, paid.group_by(Payment.invoice_id)),
        credited=_sums(session, taken.where(_is_credit(), ~_is_void()).group_by(Invoice.corrects_id)),
        orders=by_id(session, RepairOrder, [row.order_id for row in rows]),
        vehicles=by_id(session, Vehicle, [row.vehicle_id for row in rows]),
        day=today(session),
    )
    return {row.id: _view(row, known) for row in rows}


def numbers_of(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The number of each paper that has one; of two the one given first."""
    query = select(InvoiceNumber.invoice_id, InvoiceNumber.number).where(InvoiceNumber.invoice_id.in_(ids))
    found: dict[str, str] = {}
    for id_, number in session.execute(query.order_by(InvoiceNumber.id)):
        if id_ and number:
            found.setdefault(id_, number)
    return found


def voids_of(session: Session, ids: Collection[str]) -> dict[str, InvoiceVoid]:
    """Which of these papers were declared void, the first time."""
    rows = session.scalars(select(InvoiceVoid).where(InvoiceVoid.invoice_id.in_(ids)).order_by(InvoiceVoid.id))
    found: dict[str, InvoiceVoid] = {}
    for row in rows:
        found.setdefault(str(row.invoice_id), row)
    return found


def _view(row: Invoice, known: _Known) -> InvoiceView:
    credit, void = row.kind == CREDIT_NOTE, known.voids.get(row.id)
    paid, credited = known.paid.get(row.id, 0), known.credited.get(row.id, 0)
    order, vehicle = known.orders.get(row.order_id or ""), known.vehicles.get(row.vehicle_id or "")
    stands = standing(
        gross=row.gross or 0,
        credited=credited,
        paid=paid,
        due_on=row.due_on,
        today=known.day,
        void=void is not None,
        credit=credit,
    )
    return InvoiceView(
        id=row.id,
        kind=CREDIT_NOTE if credit else INVOICE,
        number=known.numbers.get(row.id),
        order_id=row.order_id,
        order_number=order.number if order else None,
        vehicle_id=row.vehicle_id,
        vehicle_plate=vehicle.plate if vehicle else None,
        customer_id=row.customer_id,
        customer_name=row.customer_name,
        corrects_id=row.corrects_id,
        corrects_number=known.numbers.get(row.corrects_id or ""),
        currency=row.currency or invoice_content.CURRENCY,
        net=row.net or 0,
        tax=row.tax or 0,
        gross=row.gross or 0,
        cost=row.cost or 0,
        credited=credited,
        paid=paid,
        open=stands.open,
        state=stands.state,
        issued_at=row.issued_at,
        issued_on=local_day(row.issued_at) if row.issued_at is not None else None,
        due_on=row.due_on,
        issued_by_name=row.issued_by_name,
        voided_at=void.voided_at if void else None,
        void_reason=void.reason if void else None,
    )


def _that_are(only: str, day: str, query: Select[Invoice]) -> Select[Invoice]:
    """``standing`` as the database asks it, so that a page of what is open does not read all that is paid.

    Void papers and credit notes are few: they are gathered once, and only payments are looked up for each invoice.
    """
    if only == "void":
        return query.where(Invoice.id.in_(_gone()))
    if only == "without_number":
        return query.where(~select(InvoiceNumber.id).where(InvoiceNumber.invoice_id == Invoice.id).exists())
    query, left = to_be_paid(query)
    if only == "open":
        return query.where(left != 0)
    if only == "overdue":
        return query.where(Invoice.due_on < day, left > 0)
    if only == "settled":
        return query.where(left == 0, Invoice.id.not_in(_gone()))
    raise Refused(("only", tr("This must be one of: {values}.", values=", ".join(ONLY))))


def to_be_paid(query: Select[Any]) -> tuple[Select[Any], ColumnElement[int]]:
    """``query``, which selects of invoices, without credit notes; and what is open of each, as ``standing`` has it."""
    paid = select(func.sum(Payment.amount)).where(Payment.invoice_id == Invoice.id).correlate(Invoice).scalar_subquery()
    note = Invoice.__table__.alias("credit")
    taken = (
        select(note.c.corrects_id, func.sum(note.c.gross).label("sum"))
        .where(note.c.corrects_id.is_not(None), note.c.kind == CREDIT_NOTE, note.c.id.not_in(_gone()))
        .group_by(note.c.corrects_id)
        .subquery()
    )
    asked = func.coalesce(Invoice.gross, 0) + func.coalesce(taken.c.sum, 0)
    left = case((Invoice.id.in_(_gone()), 0), else_=asked) - func.coalesce(paid, 0)
    return query.outerjoin(taken, taken.c.corrects_id == Invoice.id).where(~_is_credit()), left


def _gone() -> Select[Any]:
    """Papers that were declared void."""
    return select(InvoiceVoid.invoice_id).where(InvoiceVoid.invoice_id.is_not(None))


def _numbered(number: str) -> Select[Any]:
    """The invoices of this number, but for case: by the whole number that it ends with, which has an index."""
    digits = re.search(r"[0-9]{1,18}$", number.strip())
    whole = int(digits[0]) if digits is not None else None
    same = func.upper(InvoiceNumber.number) == number.strip().upper()
    return select(InvoiceNumber.invoice_id).where(InvoiceNumber.sequence == whole, same)


def _is_void() -> ColumnElement[bool]:
    return select(InvoiceVoid.id).where(InvoiceVoid.invoice_id == Invoice.id).correlate(Invoice).exists()


def _is_credit() -> ColumnElement[bool]:
    return func.coalesce(Invoice.kind, "") == CREDIT_NOTE


def _sums(session: Session, query: Select[Any, Any]) -> dict[str, int]:
    return {str(id_): int(total or 0) for id_, total in session.execute(query)}


def _start(field: str, day: str, days: int = 0) -> int:
    """The first moment of a day here, UTC milliseconds."""
    try:
        start = dt.datetime.fromisoformat(f"{day}T00:00:00") + dt.timedelta(days=days)
        return int(start.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise Refused((field, tr("This must be a day like 2026-11-22."))) from None
