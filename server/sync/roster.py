"""The other terminals as the records alone know them, and taking one out: also without a running server."""

from dataclasses import replace

from sqlalchemy.orm import Session

from core.language import tr
from core.records import log as records_log
from core.records.log import Vector
from core.sync.bay import Bay
from core.sync.members import Terminal
from core.sync.views import PeerState, PeerView, SyncError
from server.sync.membership import Membership


def remembered_peers(bay: Bay) -> tuple[PeerView, ...]:
    """What the records alone know of the others: nobody is asked."""
    members = Membership(bay.records)
    members.close()
    met = bay.exchange.peers.all()
    tips = bay.records.tips()
    ours = records_log.vector(tips)
    views = []
    for member in members.all().values():
        if member.device_id == bay.identity.device_id:
            continue
        last = met.get(member.device_id)
        state = PeerState.REMOVED if member.removed else PeerState.NEVER_SEEN if last is None else PeerState.AWAY
        view = PeerView(member.terminal_id, member.device_id, member.name, state, member.address)
        if last is not None and not member.removed:
            view = replace(
                view,
                last_contact=last.met_at,
                clock_difference_ms=last.clock_difference_ms,
                waiting_out=records_log.waiting(last.vector, tips),
                waiting_in=waiting_in(ours, last.vector),
            )
        views.append(view)
    return tuple(sorted(views, key=lambda each: (each.name.casefold(), each.device_id)))


def remove_terminal(bay: Bay, device_id: str, actor: str) -> None:
    """Take a terminal out of the workshop. Raises ``SyncError`` for one that is not there, ``RecordsError``."""
    if device_id == bay.identity.device_id:
        raise SyncError(tr("This is the very terminal you are at. Another terminal can remove it."))

    def work(session: Session) -> None:
        rows = session.query(Terminal).filter(Terminal.device_id == device_id).all()
        if not rows:
            raise SyncError(tr("The workshop has no terminal with this number."))
        for row in rows:
            if row.removed_at is None:
                row.removed_at = bay.records.wall()

    bay.records.change(actor, work, why=tr("a terminal was removed"))
    bay.exchange.peers.forget(device_id)


def waiting_in(ours: Vector, theirs: Vector) -> int:
    """How many changes ``theirs`` has that are not in ``ours``."""
    return sum(
        max(0, seq - ours.get(site, {}).get(scope, 0))
        for site, scopes in theirs.items()
        for scope, seq in scopes.items()
    )
