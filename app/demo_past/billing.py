"""What was invoiced for the demo's work, and when it was paid: people at the desk, companies later, a few late."""

import datetime as dt
import random
from collections.abc import Iterator

from app.demo_past.cars import Car, Owner
from app.demo_past.diary import MINUTE, at
from app.demo_past.rows import Left, World, day_of
from app.demo_past.setting import Setting
from core.records.fields import Synced
from core.records.ids import new_id
from core.workshop import invoice_content
from core.workshop.estimate_models import LineDecision
from core.workshop.invoice_content import Content, InvoiceLine
from core.workshop.invoice_models import Invoice, InvoiceNumber, Payment
from core.workshop.invoice_numbers import FIRST
from core.workshop.models import RepairOrderLine
from core.workshop.totals import net_of, totals

_LATE = 0.04  # of companies do not pay until they are asked
_CARD = 0.7  # of people pay by card


class Billing:
    """Makes invoices, numbered one after another, and the payments on their days."""

    def __init__(self, world: World, setting: Setting, owners: list[Owner]) -> None:
        self._world, self._setting, self._owners = world, setting, owners
        self._dice = random.Random(f"{world.seed}/billing")
        self._sequence = FIRST - 1
        self._coming: list[tuple[dt.date, Invoice]] = []
        shop = setting.shop
        names = ("name", "address", "phone", "email", "tax_number", "bank", "footer")
        self._head = {name: getattr(shop, name) for name in names}

    def invoice(self, left: Left, car: Car, delivered: int) -> Iterator[Synced]:
        """The rows of the invoice of an order that was handed over at ``delivered`` (UTC milliseconds)."""
        said_no = (each for each in left.rest if isinstance(each, LineDecision) and each.decision == "declined")
        declined = {each.line_id for each in said_no}
        lines = tuple(_issued(line) for line in left.lines if line.id not in declined)
        owner, order, shop = self._owners[car.owner], left.order, self._setting.shop
        issued = delivered - 5 * MINUTE
        day = day_of(issued)
        due = (dt.date.fromisoformat(day) + dt.timedelta(days=shop.payment_days or 0)).isoformat()
        said = {name: getattr(order, name) for name in ("number", "complaint", "cause", "correction", "opened_at")}
        content = Content(
            currency=shop.currency or "EUR",
            issued_on=day,
            performed_on=day,
            due_on=due,
            shop=self._head,
            customer={"name": owner.name, "address": owner.address},
            vehicle={
                "plate": car.plate,
                "vin": car.vin,
                "make": car.model.make,
                "model": car.model.model,
                "year": car.registered.year,
            },
            order={**said, "odometer_in": order.odometer_in, "odometer_out": order.odometer_out},
            lines=lines,
            sums=totals(lines),
        )
        invoice = self._row(content, left, owner, issued)
        yield invoice
        self._sequence += 1
        yield InvoiceNumber(
            id=new_id(issued, self._dice),
            invoice_id=invoice.id,
            number=f"{shop.invoice_prefix or ''}{self._sequence}",
            sequence=self._sequence,
            numbered_at=issued,
        )
        if not owner.company:
            yield self._payment(invoice, "card" if self._dice.random() < _CARD else "cash", delivered)
        elif self._dice.random() > _LATE:
            self._coming.append((dt.date.fromisoformat(day) + dt.timedelta(days=self._dice.randint(4, 19)), invoice))

    def on(self, date: dt.date) -> list[Synced]:
        """The transfers that come on that day, or came over the days before without work."""
        today = [each for each in self._coming if each[0] <= date]
        self._coming = [each for each in self._coming if each[0] > date]
        return [self._payment(invoice, "transfer", at(date, 9 * 60)) for _, invoice in today]

    def _row(self, content: Content, left: Left, owner: Owner, issued: int) -> Invoice:
        adviser, sums = self._world.adviser, content.sums
        return Invoice(
            id=new_id(issued, self._dice),
            kind="invoice",
            order_id=left.order.id,
            vehicle_id=left.order.vehicle_id,
            customer_id=left.order.customer_id,
            customer_name=owner.name,
            content=invoice_content.written(content),
            currency=content.currency,
            net=sums.net,
            tax=sums.tax,
            gross=sums.gross,
            cost=sums.cost,
            issued_at=issued,
            due_on=content.due_on,
            issued_by=f"staff:{adviser.id}",
            issued_by_name=adviser.name,
        )

    def _payment(self, invoice: Invoice, way: str, paid: int) -> Payment:
        adviser = self._world.adviser
        return Payment(
            id=new_id(paid, self._dice),
            invoice_id=invoice.id,
            amount=invoice.gross,
            way=way,
            paid_at=paid,
            recorded_by=f"staff:{adviser.id}",
            recorded_by_name=adviser.name,
        )


def _issued(line: RepairOrderLine) -> InvoiceLine:
    return InvoiceLine(
        id=line.id,
        kind=line.kind,
        description=line.description,
        part_number=line.part_number,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_rate=line.tax_rate,
        unit_cost=line.unit_cost,
        net=net_of(line),
    )
