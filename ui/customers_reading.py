"""Customers as the window reads and writes them: each function waits, and is called off the window's thread.

All raise ``NotFound``, ``RecordsError``; those that write ``Refused``, ``Denied``, too.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from core.people.customers import CustomerView, change_customer, create_customer, delete_customer, get_customer
from core.people.roles import Actor
from core.records.input import NotFound
from core.records.records import Records


def read_customer(records: Records, row: str) -> CustomerView:
    """One customer, and one that was deleted: orders and vehicles keep naming them."""
    with records.read() as session:
        return get_customer(session, row, deleted=True)


def customer_of(session: Session, row: str | None) -> CustomerView | None:
    """The same inside a reading; None: there is none, or what names them arrived first."""
    try:
        return get_customer(session, row, deleted=True) if row else None
    except NotFound:
        return None


def new_customer(records: Records, actor: Actor, fields: Mapping[str, object]) -> CustomerView:
    """A new customer."""
    return records.change(actor.reference, lambda session: create_customer(session, actor, fields)).value


def drop_customer(records: Records, actor: Actor, row: str) -> None:
    """The way back from a new one."""
    records.change(actor.reference, lambda session: delete_customer(session, actor, row))


def save_customer(records: Records, actor: Actor, row: str, fields: Mapping[str, object]) -> CustomerView:
    """Write fields of a customer."""
    return records.change(actor.reference, lambda session: change_customer(session, actor, row, fields)).value


def phone_of(customer: CustomerView | None) -> str:
    """The number to ring: a mobile where there is nothing else; "" for none."""
    return (customer.phone or customer.mobile or "") if customer is not None else ""
