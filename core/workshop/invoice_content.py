"""What stands on an invoice, frozen when it is issued: the shop, the customer, the vehicle, the lines and their sums.

It is kept as JSON with the invoice, so that the paper of today can be printed again in ten years, whatever became of
the customer's address or the tax since. Reading it never fails: a part that is missing is empty.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from core.language import AVAILABLE, current
from core.people.models import ContactWay, Customer
from core.records.rows import by_id, shown
from core.vehicles.models import Vehicle
from core.workshop.lines import LineView
from core.workshop.models import RepairOrder
from core.workshop.shop import ShopView, shop_details
from core.workshop.totals import TaxOfRate, Totals, net_of, quantity_of, totals

VERSION = 1
CURRENCY = "EUR"  # of a paper whose currency did not arrive
Party = Mapping[str, str | int | None]

_SHOP = ("name", "address", "phone", "email", "tax_number", "bank", "footer")
_VEHICLE = ("plate", "vin", "make", "model", "year")
_ORDER = ("number", "complaint", "cause", "correction", "odometer_in", "odometer_out", "opened_at")
# Of core.sync, which the rooms do not import: only the name is asked for.
_WORKSHOPS = table("workshops", column("id"), column("name"))


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """A line as it was issued. ``id``: the order's line it came from. Units as in ``totals``; ``net`` minor units.

    ``percent_off``: it was a percentage; ``unit_price`` is what that came to on this paper.
    """

    id: str = ""
    kind: str | None = None
    description: str | None = None
    part_number: str | None = None
    quantity: int | None = None
    unit_price: int | None = None
    tax_rate: int | None = None
    unit_cost: int | None = None
    net: int = 0
    percent_off: int | None = None

    def turned(self) -> "InvoiceLine":
        """The same line on a credit note: what was charged is given back."""
        return replace(self, quantity=-quantity_of(self), net=-self.net)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is printed, and in what ``language``. Days are ISO text; ``sums`` in minor units of ``currency``.

    ``corrects``: of a credit note, the number of the paper it corrects ("" while that had none) and its day.
    """

    kind: str = "invoice"
    currency: str = CURRENCY
    language: str | None = None
    issued_on: str | None = None
    performed_on: str | None = None
    due_on: str | None = None
    remark: str | None = None
    shop: Party = field(default_factory=dict)
    customer: Party = field(default_factory=dict)
    vehicle: Party = field(default_factory=dict)
    order: Party = field(default_factory=dict)
    corrects: Party = field(default_factory=dict)
    lines: tuple[InvoiceLine, ...] = ()
    sums: Totals = field(default_factory=Totals)


def written(content: Content) -> str:
    """The JSON that is kept with the invoice."""
    return json.dumps({"version": VERSION, **asdict(content)}, ensure_ascii=False, separators=(",", ":"))


def read(text: str | None) -> Content:
    """What was kept. Whatever is missing or of another kind is left out."""
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        found = {}
    if not isinstance(found, dict):
        found = {}
    words = {name: _text(found, name) for name in ("language", "issued_on", "performed_on", "due_on", "remark")}
    return Content(
        kind=_text(found, "kind") or "invoice",
        currency=_text(found, "currency") or CURRENCY,
        **words,
        shop=_party(found, "shop"),
        customer=_party(found, "customer"),
        vehicle=_party(found, "vehicle"),
        order=_party(found, "order"),
        corrects=_party(found, "corrects"),
        lines=tuple(_line(each) for each in _list(found, "lines")),
        sums=_sums(found.get("sums")),
    )


def lines_of(rows: Iterable[LineView]) -> tuple[InvoiceLine, ...]:
    """The lines of an order as they are issued."""
    return tuple(
        InvoiceLine(
            id=row.id,
            kind=row.kind,
            description=row.description,
            part_number=row.part_number,
            quantity=row.quantity,
            unit_price=row.unit_price,
            tax_rate=row.tax_rate,
            unit_cost=row.unit_cost,
            net=net_of(row),
            percent_off=row.percent_off,
        )
        for row in rows
    )


def content_of(session: Session, order: RepairOrder, lines: tuple[InvoiceLine, ...]) -> Content:
    """An order's paper as it would be issued now, without its days."""
    shop, customer = shop_details(session), customer_party(session, order.customer_id)
    return Content(
        currency=shop.currency,
        language=spoken(customer),
        shop=shop_party(session, shop),
        customer=customer,
        vehicle=vehicle_party(session, order.vehicle_id),
        order={name: getattr(order, name) for name in _ORDER},
        lines=lines,
        sums=totals(lines),
    )


def shop_party(session: Session, shop: ShopView) -> Party:
    """The head of a paper; a shop that gave no name of its own has the workshop's."""
    party = {name: getattr(shop, name) for name in _SHOP}
    if not party["name"]:
        party["name"] = session.scalar(select(_WORKSHOPS.c.name).order_by(_WORKSHOPS.c.id).limit(1))
    return party


def customer_party(session: Session, id_: str | None) -> Party:
    """Whom a paper is for, with the first address that is known."""
    customer = by_id(session, Customer, [id_]).get(id_ or "")
    if customer is None:
        return {}
    ways = shown(ContactWay, ContactWay.customer_id == customer.id, ContactWay.kind == "address")
    address = session.scalars(ways.order_by(ContactWay.id).limit(1)).first()
    return {
        "name": customer.name,
        "contact_person": customer.contact_person,
        "address": address.value if address else None,
        "tax_number": customer.tax_number,
        "language": customer.language,
    }


def vehicle_party(session: Session, id_: str | None) -> Party:
    """What the paper is about."""
    vehicle = by_id(session, Vehicle, [id_]).get(id_ or "")
    return {name: getattr(vehicle, name) for name in _VEHICLE} if vehicle is not None else {}


def spoken(customer: Party) -> str:
    """The language of a customer's papers: theirs, when it is one that is shipped (BCP 47: "de-AT" is German)."""
    theirs = str(customer.get("language") or "").replace("_", "-").partition("-")[0].lower()
    return theirs if theirs in AVAILABLE else current()


def _text(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) else None


def _whole(found: Mapping[str, Any], name: str) -> int | None:
    value = found.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _list(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = found.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _party(found: Mapping[str, Any], name: str) -> Party:
    value = found.get(name)
    if not isinstance(value, dict):
        return {}
    return {str(key): each for key, each in value.items() if each is None or isinstance(each, str | int)}


def _line(found: Mapping[str, Any]) -> InvoiceLine:
    return InvoiceLine(
        id=_text(found, "id") or "",
        kind=_text(found, "kind"),
        description=_text(found, "description"),
        part_number=_text(found, "part_number"),
        quantity=_whole(found, "quantity"),
        unit_price=_whole(found, "unit_price"),
        tax_rate=_whole(found, "tax_rate"),
        unit_cost=_whole(found, "unit_cost"),
        net=_whole(found, "net") or 0,
        percent_off=_whole(found, "percent_off"),
    )


def _sums(found: object) -> Totals:
    if not isinstance(found, dict):
        return Totals()
    names = ("net", "tax", "gross", "discount", "cost", "labour", "parts", "other")
    taxes = (TaxOfRate(*(_whole(each, name) or 0 for name in ("rate", "net", "tax"))) for each in _list(found, "taxes"))
    return Totals(taxes=tuple(taxes), **{name: _whole(found, name) or 0 for name in names})
