"""The history of a vehicle as a paper: every visit with all that was written, and the papers there are."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.language import speaking, tr
from core.records.moment import now
from core.records.rows import born, row_of, shown
from core.vehicles.models import Document, OdometerReading, Vehicle
from core.workshop.decisions import DECLINED
from core.workshop.inspection_models import Inspection
from core.workshop.inspections import VERDICTS, Counts, counts
from core.workshop.invoice_content import customer_party, shop_party, spoken, vehicle_party
from core.workshop.invoice_models import Invoice
from core.workshop.invoice_reading import CREDIT_NOTE, InvoiceView, views
from core.workshop.models import Photo
from core.workshop.papers import Paper
from core.workshop.papers_format import Format
from core.workshop.papers_parts import described, file_name, head, quantity, said, texts, vehicle_strip
from core.workshop.shop import shop_details
from core.workshop.totals import net_of
from core.workshop.vehicle_history import Visit, vehicle_history

VISITS = 500  # the newest; a page of the records holds as many
READINGS = 60


def history_paper(
    session: Session,
    vehicle_id: str,
    *,
    prices: bool = True,
    customers: Collection[str] | None = None,
    language: str | None = None,
) -> Paper:
    """All that was done to a vehicle, the newest first; without ``prices`` for whoever buys it.

    ``customers``: only what was done for these. Raises ``NotFound``.
    """
    vehicle = row_of(session, Vehicle, vehicle_id, deleted=True)
    shop = shop_details(session)
    theirs = customers is None or vehicle.customer_id in customers  # where the present owner lives is nobody else's
    customer = customer_party(session, vehicle.customer_id if theirs else None)
    found = vehicle_history(session, vehicle_id, customers=customers, limit=VISITS)
    orders = {visit.id: visit for visit in found.items}
    form = Format(language or spoken(customer), shop.currency)
    with speaking(form.language):
        papers = (*_papers_of(session, list(orders)), *_others(session, vehicle_id, orders, customers))
        extra = _Beside(session, list(orders))
        readings = _readings(session, vehicle_id) if customers is None else []
        title = tr("Vehicle history {plate}", plate=vehicle.plate or "")
        data = head(form, title.strip(), shop_party(session, shop), recipient=customer, words=_words(), meta=[
            (tr("Date"), form.day_of(now(session))),
        ])  # fmt: skip
        spent = sum(visit.totals.gross for visit in found.items)
        last = readings[0][1] if readings else None
        data |= {
            "vehicle": vehicle_strip(form, vehicle_party(session, vehicle_id)),
            "figures": [
                (tr("Visits"), form.whole(found.count)),
                *([(tr("Odometer"), form.kilometres(last))] if last is not None else []),
                *([(tr("Spent in all"), form.money(spent))] if prices else []),
            ],
            "visits": [_visit(form, visit, extra, prices) for visit in found.items],
            "papers": [
                _paper(form, row, orders) for row in (*papers, *_others(session, vehicle_id, orders, customers))
            ],
            "readings": [(form.day_of(at), form.kilometres(value)) for at, value in readings],
        }
        return Paper("history", data, form.language, file_name(tr("Vehicle history"), vehicle.plate))


class _Beside:
    """What belongs to visits besides their lines: invoices, inspections, photographs; each in its own question."""

    def __init__(self, session: Session, orders: Collection[str]) -> None:
        self.invoices: dict[str, list[InvoiceView]] = {}
        rows = session.scalars(select(Invoice).where(Invoice.order_id.in_(orders)).order_by(Invoice.id)).all()
        for view in views(session, rows).values():
            self.invoices.setdefault(view.order_id or "", []).append(view)
        looked = session.scalars(shown(Inspection, Inspection.order_id.in_(orders)).order_by(Inspection.id)).all()
        results = counts(session, [row.id for row in looked])
        self.inspections: dict[str, list[tuple[str, Counts]]] = {}
        for row in looked:
            told = (said(row.name), results.get(row.id, Counts()))
            self.inspections.setdefault(row.order_id or "", []).append(told)
        query = select(Photo.order_id, func.count()).where(Photo.order_id.in_(orders), Photo.deleted_at.is_(None))
        self.photos = {str(order): int(count) for order, count in session.execute(query.group_by(Photo.order_id))}


def _words() -> dict[str, str]:
    return {
        "nothing": tr("Nothing was done to this vehicle here yet."),
        "papers": tr("Papers"),
        "readings": tr("Odometer"),
        "day": tr("Day"),
        "name": tr("Name"),
        "kind": tr("Kind"),
        "order": tr("Repair order"),
    }


def _day(form: Format, visit: Visit) -> str:
    return form.day_of(visit.order.opened_at)


def _visit(form: Format, visit: Visit, beside: _Beside, prices: bool) -> dict[str, Any]:
    order = visit.order
    odometer = order.odometer_out if order.odometer_out is not None else order.odometer_in
    about = [tr("Repair order {number}", number=order.number or "–")]
    for each in beside.invoices.get(visit.id, []):
        number = each.number or tr("Number follows")
        credit = each.kind == CREDIT_NOTE
        about.append(tr("Credit note {number}", number=number) if credit else tr("Invoice {number}", number=number))
    items = [each.line for each in visit.lines if each.state != DECLINED]
    rows = [
        described(line.description, line.part_number)
        | {
            "strong": False,
            "quantity": quantity(form, line.kind, line.quantity),
            "amount": form.amount(net_of(line)) if prices else "",
        }
        for line in items
    ]
    if prices and rows:
        total = {"quantity": "", "amount": form.amount(visit.totals.gross), "strong": True}
        rows.append(described(tr("Total with tax")) | total)
    return {
        "day": _day(form, visit),
        "about": " · ".join(about),
        "odometer": form.kilometres(odometer) if odometer is not None else "",
        "texts": texts([
            (tr("What was asked for"), order.complaint), (tr("What was found"), order.cause),
            (tr("What was done"), order.correction),
        ]),
        "rows": rows,
        "lines": _lines(visit, beside),
    }  # fmt: skip


def _lines(visit: Visit, beside: _Beside) -> list[str]:
    """What else there is of a visit, each in a line."""
    lines = []
    for name, found in beside.inspections.get(visit.id, []):
        parts = [
            f"{count} {tr(VERDICTS[kind])}" for kind in ("red", "yellow", "green") if (count := getattr(found, kind))
        ]
        lines.append(tr("Inspection “{name}”: {results}", name=name, results=", ".join(parts) or "–"))
    if visit.documents:
        lines.append(tr("Papers: {names}", names=", ".join(said(each.name) or "–" for each in visit.documents)))
    if photos := beside.photos.get(visit.id, 0):
        lines.append(tr("Photographs: {count}", count=photos))
    if visit.technician_name:
        lines.append(tr("Work done by {name}", name=visit.technician_name))
    return lines


def _papers_of(session: Session, orders: Collection[str]) -> list[Document]:
    return list(session.scalars(shown(Document, Document.order_id.in_(orders)).order_by(Document.id.desc())))


def _others(
    session: Session, vehicle_id: str, orders: Collection[str], customers: Collection[str] | None
) -> Iterable[Document]:
    """Papers of the vehicle that belong to no visit; those of an earlier owner are nobody else's."""
    if customers is not None:
        return ()
    query = shown(Document, Document.vehicle_id == vehicle_id).order_by(Document.id.desc())
    return [row for row in session.scalars(query) if row.order_id not in orders]


def _paper(form: Format, row: Document, orders: "dict[str, Visit]") -> dict[str, Any]:
    visit = orders.get(row.order_id or "")
    made_at = born(row)
    return {
        "day": form.day_of(made_at),
        "name": said(row.name) or "–",
        "kind": said(row.kind) or None,
        "order": visit.order.number if visit else None,
    }


def _readings(session: Session, vehicle_id: str) -> list[tuple[int | None, int]]:
    """What the odometer said, the last first."""
    query = shown(OdometerReading, OdometerReading.vehicle_id == vehicle_id, OdometerReading.value.is_not(None))
    last = query.order_by(func.coalesce(OdometerReading.read_at, 0).desc(), OdometerReading.id.desc()).limit(READINGS)
    return [(row.read_at, int(row.value or 0)) for row in session.scalars(last)]
