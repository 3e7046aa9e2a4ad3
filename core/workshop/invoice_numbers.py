"""The numbers of invoices: one series without gaps, given by one terminal.

The law wants each number once and none missing, which terminals that cannot see each other cannot promise. So one of
them holds the series: ``ShopDetails.invoice_holder_id``, or the first terminal of the workshop when nobody was chosen
(or the one that was chosen is no longer there). An invoice issued elsewhere is valid at once and says "number follows";
the holder numbers it when it hears of it, in the order in which they were issued.

There is one series for invoices and credit notes, and it never begins again: a year more or less does not matter to it,
so an invoice issued on 31 December and numbered on 2 January is where it belongs. ``invoice_prefix`` stands before the
whole number. Should the holder be changed while terminals are apart, two may have numbered: ``invoice_findings`` shows
it, and of two numbers of one invoice the first counts.
"""

from collections.abc import Collection

from sqlalchemy import Select, column, exists, func, select, table
from sqlalchemy.orm import Session

from core.people.roles import Actor, require
from core.records.input import Value
from core.records.moment import now, terminal
from core.records.rows import added
from core.workshop.invoice_models import Invoice, InvoiceNumber
from core.workshop.shop import shop_details

FIRST = 1001
LAST = 999_999_999  # beyond it a number came from a fault, and does not raise the others
FEW = 500  # ids in one question
# Of core.sync, which the rooms do not import.
_TERMINALS = table("terminals", column("id"), column("removed_at"), column("deleted_at"))


def series_holder(session: Session) -> str:
    """The row id of the terminal that numbers; "" when no terminal is known at all."""
    there = _TERMINALS.c.removed_at.is_(None) & _TERMINALS.c.deleted_at.is_(None)
    known = session.scalars(select(_TERMINALS.c.id).where(there).order_by(_TERMINALS.c.id)).all()
    wanted = shop_details(session).invoice_holder_id
    if wanted and (wanted in known or not known):
        return wanted
    return str(known[0]) if known else ""


def holds_series(session: Session, terminal_id: str | None = None) -> bool:
    """Whether this terminal (or the one named) gives the numbers."""
    return series_holder(session) == (terminal(session) if terminal_id is None else terminal_id)


def waiting(session: Session, among: Collection[str] | None = None) -> tuple[str, ...]:
    """The invoices that have no number yet, by the moment they were issued; ``among`` these, or all."""
    if among is None:
        return tuple(session.scalars(_without_number()))
    ids = sorted(among)
    found: list[str] = []
    for start in range(0, len(ids), FEW):
        found += session.scalars(_without_number().where(Invoice.id.in_(ids[start : start + FEW])))
    return tuple(found)


def number_waiting_invoices(
    session: Session, actor: Actor, terminal_id: str | None = None, *, among: Collection[str] | None = None
) -> tuple[str, ...]:
    """Give every invoice without a number its own, when this terminal holds the series. Returns their ids.

    ``terminal_id``: this terminal's, when the caller knows better than the records. ``among``: only of these invoices.
    Called again, it does nothing. Raises ``Denied``.
    """
    require(actor, "invoices.issue")
    if not holds_series(session, terminal_id):
        return ()
    ids = waiting(session, among)
    if not ids:
        return ()
    prefix = shop_details(session).invoice_prefix or ""
    sequence = next_sequence(session)
    at = now(session)
    for offset, id_ in enumerate(ids):
        number = f"{prefix}{sequence + offset}"
        values: dict[str, Value] = {
            "invoice_id": id_,
            "number": number,
            "sequence": sequence + offset,
            "numbered_at": at,
        }
        added(session, InvoiceNumber, values)
    return ids


def next_sequence(session: Session) -> int:
    """The whole number after the largest that is known here."""
    largest = session.scalar(select(func.max(InvoiceNumber.sequence)).where(InvoiceNumber.sequence <= LAST))
    return max((largest or 0) + 1, FIRST)


def _without_number() -> Select[str]:
    numbered = exists().where(InvoiceNumber.invoice_id == Invoice.id)
    return select(Invoice.id).where(~numbered).order_by(func.coalesce(Invoice.issued_at, 0), Invoice.id)
