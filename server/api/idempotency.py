"""A request that is sent again makes nothing twice: what ``Idempotency-Key`` promises.

The key's digest stands with the change itself, in the log, as the reason for it. So it is kept exactly when the change
is, through a restart and a power cut, and it is looked for in the same transaction that would write. The last
``REMEMBERED`` changes of this terminal are looked through: a client tries again within seconds or days, not months.

Source: draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request

from core.language import tr
from core.people.roles import Actor
from core.records import moment
from core.records.operations import decode
from core.records.tables import transactions
from server.problems import Refusal

REMEMBERED = 1000
LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Once:
    """One request that is to happen once. ``why`` is the reason its change is kept with."""

    key: str
    body: str

    @classmethod
    def of(cls, request: Request, actor: Actor, body: bytes) -> "Once | None":
        """None when the client did not ask for it. Keys of different tokens never meet. Raises ``Refusal``: 400."""
        key = request.headers.get("idempotency-key")
        if key is None:
            return None
        if not 0 < len(key) <= LONGEST_KEY:
            words = tr("An Idempotency-Key has from 1 to {most} characters.", most=LONGEST_KEY)
            raise Refusal(HTTPStatus.BAD_REQUEST, words)
        return cls(_digest(f"{actor.reference} {request.url.path} {key}".encode()), _digest(body))

    @property
    def why(self) -> str:
        return f"idempotency-key {self.key} {self.body}"

    def made(self, session: Session, table: str) -> str | None:
        """The row of ``table`` that this request made before; None: it is new. Raises ``Refusal``: 422."""
        return next(iter(self.all_made(session, table) or ()), None)

    def all_made(self, session: Session, table: str) -> tuple[str, ...] | None:
        """All rows of ``table`` that this request made before; None: it is new. Raises ``Refusal``: 422."""
        log = transactions.c
        site = moment.site(session)
        newest = select(func.max(log.seq)).where(log.site == site).scalar_subquery()
        query = select(log.why, log.operations).where(
            log.site == site, log.seq > newest - REMEMBERED, log.why.startswith(f"idempotency-key {self.key} ")
        )
        before = session.execute(query.order_by(log.seq.desc())).first()
        if before is None:
            return None
        if before.why != self.why:
            words = tr("This Idempotency-Key was sent with other fields before. A new request needs a new one.")
            raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words)
        return tuple(each.row for each in decode(before.operations) if each.table == table)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
