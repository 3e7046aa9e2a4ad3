"""The rows about people: staff, the tokens of programs and tablets, customers and how to reach them."""

from sqlalchemy import Boolean, String, Text
from sqlalchemy.orm import Mapped

from core.records.fields import INSTANT, MONEY, ROW, Synced, latest

NAME = 120  # characters
NOTES = 20_000
VALUE = 500  # of a contact way: an address has several lines


class Staff(Synced):
    """Somebody who works here. ``pin_hash``: argon2id; who leaves becomes inactive, and stays in what was written."""

    __tablename__ = "staff"

    name: Mapped[str | None] = latest(String(NAME), search=True)
    role: Mapped[str | None] = latest(String(16))
    pin_hash: Mapped[str | None] = latest(String(200))
    active: Mapped[bool | None] = latest(Boolean)
    skills: Mapped[str | None] = latest(String(500))  # words by comma: "brakes, air conditioning"
    hourly_cost: Mapped[int | None] = latest(MONEY)  # to the shop


class AccessToken(Synced):
    """A program or a tablet that may use the HTTP API. Of its secret only the SHA-256 is kept."""

    __tablename__ = "access_tokens"

    name: Mapped[str | None] = latest(String(NAME))
    role: Mapped[str | None] = latest(String(16))
    secret_sha256: Mapped[str | None] = latest(String(64), index=True)
    revoked_at: Mapped[int | None] = latest(INSTANT)


class Customer(Synced):
    """A person or a company that brings vehicles."""

    __tablename__ = "customers"

    kind: Mapped[str | None] = latest(String(16))  # person or company
    name: Mapped[str | None] = latest(String(NAME), search=True)
    contact_person: Mapped[str | None] = latest(String(NAME), search=True)  # whom to ask for at a company
    tax_number: Mapped[str | None] = latest(String(40))
    language: Mapped[str | None] = latest(String(16))  # BCP 47, for papers and messages
    notes: Mapped[str | None] = latest(Text, search=True)


class ContactWay(Synced):
    """One way to reach a customer."""

    __tablename__ = "contact_ways"

    customer_id: Mapped[str | None] = latest(ROW, index=True)
    kind: Mapped[str | None] = latest(String(16))  # phone, mobile, email, address
    value: Mapped[str | None] = latest(String(VALUE), search=True)


SECRETS = frozenset({("staff", "pin_hash"), ("staff", "hourly_cost"), ("access_tokens", "secret_sha256")})


def is_secret(table: str, field: str) -> bool:
    """Whether the values of a field are shown to nobody, not in a list of changes either."""
    return (table, field) in SECRETS
