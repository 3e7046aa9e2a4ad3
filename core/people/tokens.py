"""Tokens: how programs and tablets say who they are to the HTTP API. Each has a role, and can be revoked."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.people.models import NAME, AccessToken
from core.people.roles import Actor, Role, require
from core.records.changes import Changed
from core.records.input import Field, Fields, Problems, one_of, text
from core.records.moment import now
from core.records.paging import LIMIT, Order, Page, chosen, page_of
from core.records.rows import added, assign, born, row_of, shown

BYTES = 32  # 256 bits: nobody guesses it, so one SHA-256 protects it, and argon2 would only slow every request

FIELDS = Fields(
    name=Field(text(NAME), required=True),
    role=Field(one_of([role.value for role in Role]), required=True),
)
ORDERS = (Order("newest", descending=True), Order("oldest"))

T = TypeVar("T")


class Changes(Protocol):
    """``Records``, as far as it is needed here."""

    def change(self, actor: str, work: Callable[[Session], T], *, why: str = "") -> Changed[T]: ...


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token, without its secret."""

    table: ClassVar[str] = "access_tokens"

    id: str
    name: str | None
    role: str | None
    revoked_at: int | None
    created_at: int | None


def issue_token(records: Changes, actor: Actor, role: str, name: str) -> str:
    """Make a token and give back its secret, URL-safe, which is not to be had again. Raises ``Denied``, ``Refused``."""
    return records.change(actor.reference, lambda session: create_token(session, actor, role, name)[1]).value


def create_token(session: Session, actor: Actor, role: str, name: str) -> tuple[TokenView, str]:
    """``issue_token`` within a change: the token and its secret. Raises ``Denied``, ``Refused``."""
    require(actor, "tokens.issue")
    problems = Problems()
    values = FIELDS.take(session, {"role": role, "name": name}, None, problems)
    problems.settle()
    require(actor, "tokens.issue", Role(str(values["role"])))
    secret = secrets.token_urlsafe(BYTES)
    return _view(added(session, AccessToken, {**values, "secret_sha256": _digest(secret)})), secret


def revoke_token(session: Session, actor: Actor, id_: str) -> TokenView:
    """From now on, and wherever it is heard, the token opens nothing. Raises ``Denied``, ``NotFound``."""
    row = row_of(session, AccessToken, id_)
    require(actor, "tokens.revoke", row)
    if row.revoked_at is None:
        assign(session, row, {"revoked_at": now(session)})
    return _view(row)


def token_actor(session: Session, secret: str) -> Actor | None:
    """Whose secret this is; None for one that was never given out, or was revoked.

    The index is asked for a digest: how long that takes tells nothing about a secret.
    """
    try:
        digest = _digest(secret)
    except UnicodeError:
        return None
    for row in session.scalars(select(AccessToken).where(AccessToken.secret_sha256 == digest)):
        known = hmac.compare_digest(row.secret_sha256 or "", digest)
        if known and row.revoked_at is None and row.deleted_at is None and row.role in set(Role):
            return Actor("token", row.id, row.name or "", Role(row.role))
    return None


def get_token(session: Session, id_: str) -> TokenView:
    """One token. Raises ``NotFound``."""
    return _view(row_of(session, AccessToken, id_))


def list_tokens(
    session: Session, *, sort: str = "newest", after: str | None = None, limit: int = LIMIT
) -> Page[TokenView]:
    """Tokens by the page, revoked ones among them. ``sort`` is a name in ``ORDERS``. Raises ``Refused``."""
    order = chosen(ORDERS, sort)
    return page_of(session, shown(AccessToken), AccessToken, order, after=after, limit=limit).mapped(_view)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _view(row: AccessToken) -> TokenView:
    return TokenView(row.id, row.name, row.role, row.revoked_at, born(row))
