"""The terminal that shows a code and lets another one in: the code on the screen, and the row it gets for joining."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.language import tr
from core.records.ids import new_id
from core.records.records import Records
from core.sync.members import Terminal, Workshop
from core.sync.views import PairingOffer
from core.trust.errors import PairingError
from core.trust.grant import Grant, Introduction
from core.trust.identity import Identity
from core.trust.pairing import Giver, JoinRequest
from core.trust.root import WorkshopRoot


class PairingDesk:
    """One code at a time; any thread. ``where``: the address the joiner should type, asked when a code is opened."""

    def __init__(
        self,
        records: Records,
        identity: Identity,
        root: WorkshopRoot,
        where: Callable[[], str],
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._records = records
        self._identity = identity
        self._root = root
        self._where = where
        self._told = told  # the code was opened, tried, used or taken back
        self._giver = Giver(identity)
        self._address = ""
        self._joining = threading.Lock()

    def open(self) -> PairingOffer:
        """Show a new code; one that was there is over."""
        self._address = self._where()
        self._giver.open()
        self._told()
        offer = self.offer()
        assert offer is not None
        return offer

    def offer(self) -> PairingOffer | None:
        """The code that is good now."""
        now = self._giver.offer()
        if now is None:
            return None
        expires_at = self._records.wall() + round(now.seconds_left * 1000)
        return PairingOffer(now.code, self._address, expires_at, now.tries_left)

    def close(self) -> None:
        """Take the code back."""
        self._giver.close()
        self._told()

    def hello(self, message: dict[str, Any]) -> dict[str, Any]:
        """The first message of who joins. Raises ``PairingError``."""
        return self._giver.hello(message)

    def finish(self, message: dict[str, Any]) -> dict[str, Any]:
        """The second one: whoever proves the code has a row from now on. Raises ``PairingError``, ``RecordsError``."""
        try:
            request = self._giver.finish(message)
            return request.answer(self._grant(request))
        finally:
            self._told()

    def _grant(self, request: JoinRequest) -> Grant:
        with self._joining:
            with self._records.read() as session:
                workshop = session.scalars(select(Workshop).order_by(Workshop.id)).first()
                own = _row(session, self._identity.device_id)
                before = _row(session, request.device_id)
            if workshop is None or own is None:
                raise PairingError(tr("This terminal does not belong to a workshop itself."))
            if before is not None and before.removed_at is not None:
                raise PairingError(
                    tr("This device was removed from the workshop. Empty its data folder, then it can join anew.")
                )
            terminal_id = before.id if before is not None else new_id(self._records.wall())
            self._write(terminal_id, request, own.id)
        return Grant(
            workshop_id=workshop.id,
            workshop_name=workshop.name or "",
            root_certificate=self._root.certificate_pem,
            root_key=self._root.key_pem,
            terminal_id=terminal_id,
            giver=Introduction(
                own.id,
                own.name or self._identity.name,
                own.device_id,
                own.public_key,
                own.joined_at or 0,
                self._address,
            ),
        )

    def _write(self, terminal_id: str, request: JoinRequest, own_id: str) -> None:
        """The joiner's row, made by the giver, so that membership and removal hold from the first moment on."""

        def work(session: Session) -> None:
            row = session.get(Terminal, terminal_id)
            if row is None:
                row = Terminal(id=terminal_id, device_id=request.device_id, public_key=request.public_key)
                session.add(row)
            row.name = request.name
            row.joined_at = self._records.wall()

        self._records.change(f"terminal:{own_id}", work, why=tr("joined with a code"))


def _row(session: Session, device_id: str) -> Terminal | None:
    return session.scalars(select(Terminal).where(Terminal.device_id == device_id).order_by(Terminal.id)).first()
