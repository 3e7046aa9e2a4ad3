"""What invoices and payments look like over HTTP: the models of what is sent and of what is answered."""

from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from core.workshop.invoice_findings import WORDS as FOUND
from core.workshop.invoice_missing import WORDS as WANTED
from core.workshop.invoice_reading import credit_notes, get_content, get_invoice
from core.workshop.invoice_standing import WORDS
from core.workshop.invoiceable import WORDS as STATES
from core.workshop.payments import WAYS, payments_of
from server.api.shown import plain

WHO = "01931a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"


class IssueFields(BaseModel):
    """An invoice to be issued. All may be left out: then it has the approved lines that are on none yet."""

    line_ids: list[str] | None = Field(
        None, description="These lines; those without a decision are taken only when they are named.", examples=[[WHO]]
    )
    due_on: str | None = Field(None, description="Else the shop's days from now.", examples=["2026-12-06"])
    performed_on: str | None = Field(None, description="When the work was done; else today.", examples=["2026-11-22"])
    remark: str | None = Field(None, max_length=2000, examples=["Please have the wheel bolts tightened after 50 km."])


class CreditFields(BaseModel):
    """A credit note to be issued."""

    line_ids: list[str] | None = Field(
        None, description="These lines; else all that were not credited.", examples=[[WHO]]
    )
    remark: str | None = Field(None, max_length=2000, examples=["The part was faulty."])


class VoidFields(BaseModel):
    """Why a paper is void."""

    reason: str = Field(max_length=500, examples=["Issued to the wrong customer"])


class PaymentFields(BaseModel):
    """Money that came, or went back."""

    amount: int = Field(description="Minor units; negative: it was paid back.", examples=[16065])
    way: str = Field(description=f"One of {', '.join(WAYS)}.", examples=["card"])
    reference: str | None = Field(None, max_length=120, examples=["Terminal 4711"])
    paid_at: int | str | None = Field(None, description="Else now.", examples=[1795420800000])
    anyway: bool | None = Field(None, description="Although it is more than is open.", examples=[False])


class InvoiceShown(BaseModel):
    """An invoice or a credit note. Minor units of `currency`; of a credit note negative."""

    id: str = Field(examples=[WHO])
    kind: str = Field(description="invoice or credit_note.", examples=["invoice"])
    number: str | None = Field(
        description="null: the terminal that holds the series has not heard of it yet.", examples=["R-1001"]
    )
    order_id: str | None = Field(examples=[WHO])
    order_number: str | None = Field(examples=["1042-B3"])
    vehicle_id: str | None = Field(examples=[WHO])
    vehicle_plate: str | None = Field(examples=["M-OT 1234"])
    customer_id: str | None = Field(examples=[WHO])
    customer_name: str | None = Field(description="As it was issued.", examples=["Anna Ott"])
    corrects_id: str | None = Field(description="The invoice that a credit note is about.", examples=[None])
    corrects_number: str | None = Field(examples=[None])
    currency: str = Field(examples=["EUR"])
    net: int = Field(examples=[13500])
    tax: int = Field(examples=[2565])
    gross: int = Field(examples=[16065])
    cost: int = Field(description="What the shop paid, as far as lines say.", examples=[6400])
    credited: int = Field(description="The sum of its valid credit notes: nought or negative.", examples=[0])
    paid: int = Field(examples=[10000])
    open: int = Field(description="Still to be paid; negative: to be paid back.", examples=[6065])
    state: str = Field(description=f"One of {', '.join(WORDS)}.", examples=["part_paid"])
    issued_at: int | None = Field(examples=[1795392000000])
    issued_on: str | None = Field(examples=["2026-11-22"])
    due_on: str | None = Field(examples=["2026-12-06"])
    issued_by_name: str | None = Field(examples=["Ben"])
    voided_at: int | None = Field(examples=[None])
    void_reason: str | None = Field(examples=[None])


class Invoices(BaseModel):
    """A page of papers."""

    items: list[InvoiceShown]
    next: str | None = Field(
        description="Send it as `after` for the next page; null: this was the last.", examples=[None]
    )


class InvoiceLineShown(BaseModel):
    """A line as it was issued."""

    id: str = Field(description="Of the order's line.", examples=[WHO])
    kind: str | None = Field(examples=["labour"])
    description: str | None = Field(examples=["Front brakes"])
    part_number: str | None = Field(examples=[None])
    quantity: int | None = Field(description="Thousandths.", examples=[1500])
    unit_price: int | None = Field(description="Minor units without tax.", examples=[9000])
    tax_rate: int | None = Field(description="Hundredths of a percent.", examples=[1900])
    unit_cost: int | None = Field(examples=[None])
    net: int = Field(examples=[13500])
    percent_off: int | None = Field(description="It was a percentage, 1000 is 10 %.", examples=[None])


class TaxShown(BaseModel):
    """The tax of one rate."""

    rate: int = Field(description="Hundredths of a percent.", examples=[1900])
    net: int = Field(examples=[13500])
    tax: int = Field(examples=[2565])


class SumsShown(BaseModel):
    """What lines come to, in minor units."""

    net: int = Field(examples=[13500])
    taxes: list[TaxShown]
    tax: int = Field(examples=[2565])
    gross: int = Field(examples=[16065])
    discount: int = Field(description="Nought or negative, within net.", examples=[0])
    cost: int = Field(examples=[6400])
    labour: int = Field(examples=[13500])
    parts: int = Field(examples=[0])
    other: int = Field(examples=[0])


class PaymentShown(BaseModel):
    """A payment."""

    id: str = Field(examples=[WHO])
    invoice_id: str | None = Field(examples=[WHO])
    invoice_number: str | None = Field(examples=["R-1001"])
    amount: int = Field(description="Minor units; negative: it was paid back.", examples=[10000])
    way: str | None = Field(examples=["card"])
    reference: str | None = Field(examples=["Terminal 4711"])
    paid_at: int | None = Field(examples=[1795420800000])
    recorded_by_name: str | None = Field(examples=["Ben"])


class Payments(BaseModel):
    """Payments, the first one first."""

    items: list[PaymentShown]


class ContentShown(BaseModel):
    """Everything that stands on the paper, as it was when it was issued."""

    kind: str = Field(examples=["invoice"])
    currency: str = Field(examples=["EUR"])
    language: str | None = Field(examples=["de"])
    issued_on: str | None = Field(examples=["2026-11-22"])
    performed_on: str | None = Field(examples=["2026-11-22"])
    due_on: str | None = Field(examples=["2026-12-06"])
    remark: str | None = Field(examples=[None])
    shop: dict[str, str | int | None] = Field(examples=[{"name": "Ott & Sons", "address": "Hof 2\nMunich"}])
    customer: dict[str, str | int | None] = Field(examples=[{"name": "Anna Ott", "address": "Ring 1\nMunich"}])
    vehicle: dict[str, str | int | None] = Field(examples=[{"plate": "M-OT 1234", "make": "Volkswagen"}])
    order: dict[str, str | int | None] = Field(examples=[{"number": "1042-B3", "odometer_in": 84210}])
    corrects: dict[str, str | int | None] = Field(description="Of a credit note.", examples=[{}])
    lines: list[InvoiceLineShown]
    sums: SumsShown


class InvoiceFull(InvoiceShown):
    """An invoice or a credit note with everything on it and about it."""

    content: ContentShown
    payments: list[PaymentShown]
    credit_notes: list[InvoiceShown]


class FindingShown(BaseModel):
    """Something about money that does not fit since terminals were apart."""

    kind: str = Field(description=f"One of {', '.join(FOUND)}.", examples=["line_invoiced_twice"])
    rows: list[str] = Field(description="The invoices.", examples=[[WHO]])
    name: str = Field(description="The number, or what the line says.", examples=["Front brakes"])
    words: str = Field(description="What to do.", examples=["“Front brakes” is on 2 invoices. Declare one void."])


class Findings(BaseModel):
    """All that does not fit now."""

    items: list[FindingShown]


class CandidateShown(BaseModel):
    """A line of the order, and whether it can be invoiced."""

    line: InvoiceLineShown
    state: str = Field(description=f"One of {', '.join(STATES)}.", examples=["approved"])


class ProposalShown(BaseModel):
    """What an invoice of the order would have now."""

    order_id: str = Field(examples=[WHO])
    candidates: list[CandidateShown]
    approved: list[str] = Field(description="These are taken when nothing else is said.", examples=[[WHO]])
    undecided: list[str] = Field(description="These are taken only when they are named.", examples=[[]])
    sums: SumsShown
    missing: list[str] = Field(
        description=f"What the paper would lack that many countries want on it: of {', '.join(WANTED)}.",
        examples=[["customer_address"]],
    )


def full(session: Session, id_: str) -> dict[str, Any]:
    """An ``InvoiceFull``. Raises ``NotFound``."""
    found: dict[str, Any] = plain(get_invoice(session, id_))
    found["content"] = plain(get_content(session, id_))
    found["payments"] = plain(payments_of(session, id_))
    found["credit_notes"] = plain(credit_notes(session, id_))
    return found
