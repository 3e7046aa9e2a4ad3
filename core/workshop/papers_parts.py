"""What papers have in common, as data for the templates: head and foot, whom it is for, the vehicle, lines and sums."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.language import tr
from core.workshop.invoice_content import InvoiceLine, Party
from core.workshop.line_kinds import LABOUR
from core.workshop.papers_format import Format
from core.workshop.totals import TaxOfRate, Totals

LONG = 500  # characters: a row of more may go on over the page
Pairs = list[tuple[str, str]]


def head(
    form: Format,
    title: str,
    shop: Party,
    *,
    recipient: Party | None = None,
    meta: Iterable[tuple[str, str | None]] = (),
    words: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What ``common.typ`` needs for the sheet, its head and foot. ``meta``: facts on the right; empty ones fall out."""
    address = lines(shop.get("address"))
    contact = [each for name in ("phone", "email") if (each := said(shop.get(name)))]
    name = said(shop.get("name"))
    tax = said(shop.get("tax_number"))
    foot = [[name, *address], contact, lines(shop.get("bank")), [tr("Tax number"), tax] if tax else []]
    return {
        "title": title,
        "size": form.size,
        "lang": form.language,
        "region": form.country,
        "shop": {
            "name": name,
            "contact": [*address, *contact],
            "foot": [part for each in foot if (part := [word for word in each if word])],
        },
        "sender": " · ".join([name, *address]) if name and recipient else None,
        "recipient": _recipient(recipient or {}),
        "meta": [(label, value) for label, value in meta if value],
        "words": {
            "page": tr("Page {page} of {pages}"),
            "brought": tr("Brought forward"),
            "carried": tr("Carried forward"),
            "position": tr("No."),
            "description": tr("Description"),
            "quantity": tr("Quantity"),
            "unit_price": tr("Unit price"),
            "tax": tr("Tax"),
            "amount": tr("Amount"),
            "signature": tr("Signature"),
            "place_and_day": tr("Place, day"),
            "decision": tr("Decision"),
            **(words or {}),
        },
        "notes": [footer] if (footer := said(shop.get("footer"))) else [],
    }


def vehicle_strip(form: Format, vehicle: Party, odometers: Iterable[tuple[str, int | None]] = ()) -> Pairs:
    """The facts of a vehicle that identify it; nothing, when the paper is about none."""
    if not vehicle:
        return []
    make = " ".join(each for name in ("make", "model", "year") if (each := said(vehicle.get(name))))
    pairs = [(tr("Plate"), said(vehicle.get("plate"))), (tr("Vehicle"), make), (tr("VIN"), said(vehicle.get("vin")))]
    read = [(label, form.kilometres(value)) for label, value in odometers if value is not None]
    return [*((label, value) for label, value in pairs if value), *read]


def priced(
    form: Format, items: Sequence[InvoiceLine], *, counted: Iterable[bool] | None = None
) -> list[dict[str, Any]]:
    """Rows with their prices and the sum so far. ``counted``: which of them the sum has; all, when not said."""
    rows, sum_ = [], 0
    for at, (item, counts) in enumerate(zip(items, counted or [True] * len(items), strict=True), 1):
        sum_ += item.net if counts else 0
        rows.append({
            **described(item.description, item.part_number),
            "position": str(at),
            "quantity": quantity(form, item.kind, item.quantity),
            "unit_price": form.amount(item.unit_price),
            "tax": form.rate(item.tax_rate),
            "amount": form.amount(item.net),
            "carry": form.amount(sum_),
        })  # fmt: skip
    return rows


def described(description: str | None, part_number: str | None = None) -> dict[str, Any]:
    """The words of a row."""
    words = said(description) or "–"
    return {"description": words, "detail": said(part_number) or None, "long": len(words) > LONG}


def due(form: Format, day: str | None, odometer: int | None) -> str:
    """By day, by odometer, or by both."""
    parts = [form.day(day) if day else "", form.kilometres(odometer) if odometer is not None else ""]
    return " / ".join(part for part in parts if part) or "–"


def quantity(form: Format, kind: str | None, thousandths: int | None) -> str:
    """How much of it: labour is in hours."""
    number = form.quantity(1000 if thousandths is None else thousandths)
    return tr("{hours} h", hours=number) if kind == LABOUR else number


def sums(form: Format, totals: Totals, total: str, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Net, the tax of each rate by its name in ``names``, and what is to be paid, called ``total``."""
    taxes = [
        (_tax(form, each, names.get(each.rate)), form.amount(each.tax))
        for each in totals.taxes
        if each.rate or each.tax
    ]
    rows = [sum_row(tr("Net"), form.amount(totals.net)), *(sum_row(*each) for each in taxes)]
    return [*rows, sum_row(total, form.money(totals.gross), strong=True)]


def _tax(form: Format, of: TaxOfRate, name: str | None) -> str:
    rate, net = form.rate(of.rate), form.amount(of.net)
    if not name:
        return tr("Tax {rate} of {net}", rate=rate, net=net)
    return tr("{tax} {rate} of {net}", tax=name, rate=rate, net=net)


def sum_row(name: str, value: str, *, strong: bool = False) -> dict[str, Any]:
    return {"name": name, "value": value, "strong": strong}


def said(value: object) -> str:
    """As text; nothing is ""."""
    return "" if value is None else str(value).strip()


def lines(value: object) -> list[str]:
    """The lines of an address, without empty ones."""
    return [line.strip() for line in said(value).splitlines() if line.strip()]


def texts(pairs: Iterable[tuple[str, object]]) -> Pairs:
    """Headings with what was written under them; what nobody wrote falls out."""
    return [(label, words) for label, value in pairs if (words := said(value))]


def file_name(*parts: object) -> str:
    """A name for a file: what no system forbids."""
    plain = " ".join(said(each) for each in parts if said(each))
    return "".join(each if each.isalnum() or each in " ._-" else "-" for each in plain).strip(" .") or "paper"


def _recipient(party: Party) -> list[str]:
    name, person = said(party.get("name")), said(party.get("contact_person"))
    return [each for each in (name, person, *lines(party.get("address"))) if each]
