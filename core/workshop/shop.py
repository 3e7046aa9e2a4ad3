"""What stands on the papers of the shop: its name, where it is, its currency, what an hour costs.

There is one row. Should two terminals each have made one while apart, the older counts on both: ids tell the age.
Until somebody enters something, the currency is that of the country this computer is set to.
"""

import locale
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from babel.core import get_global
from babel.numbers import get_territory_currencies, list_currencies
from sqlalchemy.orm import Session

from core.language import current, tr
from core.people.roles import Actor, require
from core.records.input import Field, Fields, Problems, Value, Wrong, row_id, text, whole
from core.records.rows import added, assign, last_changed, shown
from core.workshop.estimate_models import ShopDetails

_DEAREST = 1_000_000_000  # minor units an hour
_DAY = 24 * 60  # minutes
OPENS, CLOSES = 8 * 60, 18 * 60  # until somebody says else
PAYMENT_DAYS = 14


def _currency(value: object) -> Value:
    """A code of ISO 4217."""
    if value is None or value == "":
        return None
    code = value.strip().upper() if isinstance(value, str) else ""
    if code not in list_currencies():
        raise Wrong(tr("This must be the three letters of a currency, like EUR or USD."))
    return code


FIELDS = Fields(
    name=Field(text(120)),
    address=Field(text(500, lines=True)),
    phone=Field(text(60)),
    email=Field(text(200)),
    tax_number=Field(text(60)),
    bank=Field(text(500, lines=True)),
    footer=Field(text(2_000, lines=True)),
    currency=Field(_currency),
    labour_rate=Field(whole(0, _DEAREST)),
    invoice_prefix=Field(text(12)),
    invoice_holder_id=Field(row_id),
    payment_days=Field(whole(0, 365)),
    opens_at=Field(whole(0, _DAY)),
    closes_at=Field(whole(0, _DAY)),
)


@dataclass(frozen=True, slots=True)
class ShopView:
    """The shop. ``labour_rate`` minor units an hour without tax; ``opens_at``, ``closes_at`` minutes after midnight.

    ``id`` is "" until somebody entered something; ``currency``, ``payment_days`` and the hours are never empty.
    """

    table: ClassVar[str] = "shop_details"

    id: str
    name: str | None
    address: str | None
    phone: str | None
    email: str | None
    tax_number: str | None
    bank: str | None
    footer: str | None
    currency: str
    labour_rate: int | None
    invoice_prefix: str | None
    invoice_holder_id: str | None
    payment_days: int
    opens_at: int
    closes_at: int
    changed_at: int | None


def shop_details(session: Session) -> ShopView:
    """The shop as it stands on the papers, in one query."""
    row = _row(session)
    return _view(row if row is not None else ShopDetails(id=""))


def change_shop(session: Session, actor: Actor, fields: Mapping[str, object]) -> ShopView:
    """Change some fields; None empties one. Raises ``Denied``, ``Refused``."""
    require(actor, "workshop.change")
    row = _row(session)
    problems = Problems()
    values = FIELDS.take(session, fields, row, problems)
    before = _view(row if row is not None else ShopDetails(id=""))
    opens = values["opens_at"] if values.get("opens_at") is not None else before.opens_at
    closes = values["closes_at"] if values.get("closes_at") is not None else before.closes_at
    if {"opens_at", "closes_at"} & values.keys() and int(opens or 0) >= int(closes or 0):
        problems.add("closes_at", tr("A shop closes after it opens."))
    problems.settle()
    if row is None:
        return _view(added(session, ShopDetails, {"currency": local_currency(), **values}))
    assign(session, row, values)
    return _view(row)


def local_currency() -> str:
    """The currency of the country this computer is set to; else of the one its language is most spoken in."""
    name = locale.getlocale(locale.LC_CTYPE)[0] or ""
    country = name.partition("_")[2].partition(".")[0].partition("@")[0]
    if len(country) != 2 or not country.isalpha():  # ISO 3166-1, as in "de_AT"; "C" has none
        country = str(get_global("likely_subtags").get(current(), "")).rpartition("_")[2]
    return next(iter(get_territory_currencies(country.upper())), "EUR")


def _row(session: Session) -> ShopDetails | None:
    return session.scalar(shown(ShopDetails).order_by(ShopDetails.id).limit(1))


def _view(row: ShopDetails) -> ShopView:
    return ShopView(
        id=row.id,
        name=row.name,
        address=row.address,
        phone=row.phone,
        email=row.email,
        tax_number=row.tax_number,
        bank=row.bank,
        footer=row.footer,
        currency=row.currency or local_currency(),
        labour_rate=row.labour_rate,
        invoice_prefix=row.invoice_prefix,
        invoice_holder_id=row.invoice_holder_id,
        payment_days=PAYMENT_DAYS if row.payment_days is None else row.payment_days,
        opens_at=OPENS if row.opens_at is None else row.opens_at,
        closes_at=CLOSES if row.closes_at is None else row.closes_at,
        changed_at=last_changed(row) if row.id else None,
    )
