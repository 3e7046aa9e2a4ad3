"""All other terminals as one thing: who is in reach, what is waiting, pairing and removal; what the screen shows of it.

Everything here happens on the server's loop, once it runs. What windows call from their own thread reads pictures that
were made there, and hands work over to it.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from core.language import tr
from core.records import log as records_log
from core.records.changes import HERE, ChangeSet
from core.records.log import Place, Tip, Vector
from core.sync import messages
from core.sync.bay import Bay
from core.sync.members import Terminal
from core.sync.seeding import load_snapshot
from core.sync.views import PairingOffer, PeerState, PeerView, SyncError, SyncSummary
from server.sync.client import Line
from server.sync.copying import fetch_copy
from server.sync.errors import CallError
from server.sync.file_fetch import FileFetcher
from server.sync.membership import Member, Membership
from server.sync.pairing_desk import PairingDesk
from server.sync.peer import Around, Peer, Standing, lacks
from server.sync.roster import remembered_peers, remove_terminal, waiting_in
from server.sync.sightings import PROTOCOL, Presence, Sighting, workshop_hash
from server.sync.whereabouts import Whereabouts, normal_address

__all__ = ["Peers", "remembered_peers", "remove_terminal"]

log = logging.getLogger(__name__)

MOST_ROUNDS = 32  # at a time; they mostly wait for the network, and one that hangs must not hold up another
DEBOUNCE = 0.05  # s after a change here, so that a burst of them is one poke
RELAY_AFTER = 0.4  # s after changes from elsewhere: who wrote them pokes everybody it can reach itself
PROBE_EVERY = 10.0  # s between looks at typed addresses of which nobody is known
TMP = "tmp"  # in the home


class Peers:
    """``core.sync.views.WorkshopLink``, and the ``Watcher`` of ``server.discovery``.

    ``given``: addresses from the command line. ``start`` and ``stop`` belong to the server's loop.
    """

    def __init__(self, bay: Bay, members: Membership, desk: PairingDesk, *, given: Iterable[str] = ()) -> None:
        self._bay = bay
        self._members = members
        self._desk = desk
        self._where = Whereabouts(bay.records, given)
        self._pool: Executor | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._peers: dict[str, Peer] = {}
        self._tips: dict[Place, Tip] = bay.records.tips()
        self._vector: Vector = records_log.vector(self._tips)
        self._clone: Sighting | None = None
        self._removed = False
        self._offline_since: int | None = None
        self._views = remembered_peers(bay)
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._told = False
        self._due: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] = lambda: None
        self._files: FileFetcher | None = None
        self._seeding = asyncio.Lock()
        self._reading = asyncio.Lock()

    # For windows, from any thread ------------------------------------------------------------------------------------

    def summary(self) -> SyncSummary:
        """For the frame; returns at once."""
        views = [each for each in self._views if each.state is not PeerState.REMOVED]
        in_step = sum(each.state is PeerState.IN_STEP for each in views)
        away = bool(views) and not any(each.state in (PeerState.IN_STEP, PeerState.SYNCING) for each in views)
        return SyncSummary(
            founded=True,
            in_step=in_step,
            peers=len(views),
            offline_since=max((each.last_contact or 0 for each in views), default=0) or None if away else None,
            waiting=self._waiting_alone(),
            problem=self._problem(),
        )

    def peers(self) -> tuple[PeerView, ...]:
        """The other terminals; returns at once."""
        return self._views

    def offer(self) -> PairingOffer | None:
        return self._desk.offer()

    def open_pairing(self) -> PairingOffer:
        """Show a code. Raises ``SyncError`` at a terminal that was removed itself."""
        if self._removed:
            raise SyncError(self._problem())
        return self._desk.open()

    def close_pairing(self) -> None:
        self._desk.close()

    def remove(self, device_id: str, actor: str) -> None:
        """Take a terminal out of the workshop, everywhere this is heard. Raises ``SyncError``, ``RecordsError``."""
        remove_terminal(self._bay, device_id, actor)

    def sync_now(self) -> None:
        """Meet everybody now."""
        self._on_loop(self._meet_all)

    def add_address(self, address: str) -> None:
        """Look for a terminal there, now and later. Raises ``SyncError`` for what is no address."""
        url = normal_address(address)

        def add() -> None:
            self._where.add_typed(url)
            self._keep_addresses()
            self._do(self._probe(url))

        self._on_loop(add)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Be told, on the server's thread, when ``peers``, ``summary`` or ``offer`` say something else."""
        self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            self._listeners = tuple(each for each in self._listeners if each is not listener)

        return unsubscribe

    def pairing_changed(self) -> None:
        """The code was opened, tried, used or taken back; from any thread."""
        self._on_loop(self._tell)

    # The server's loop -----------------------------------------------------------------------------------------------

    @property
    def presence(self) -> Presence:
        """For the announcement."""
        return Presence(self._bay.identity.device_id, self._bay.records.site, workshop_hash(self._bay.workshop_id))

    async def start(self, port: int) -> None:
        """Begin to look for everybody. ``port``: where this terminal listens."""
        self._loop = asyncio.get_running_loop()
        self._pool = ThreadPoolExecutor(MOST_ROUNDS, "sync-round")
        self._around = Around(
            identity=self._bay.identity,
            exchange=self._bay.exchange,
            pool=self._pool,
            addresses=lambda member: self._where.of(member.device_id, member.address),
            reached=self._reached,
            told=self._tell,
            vector=lambda: self._vector,
            met=self._met,
            seed_anew=self._seed_anew,
            port=port,
        )
        self._unsubscribe = self._bay.records.subscribe(self._changed)
        self._files = FileFetcher(
            self._bay.records, self._bay.files, connected=self.connected, told=self._tell, pool=self._pool
        )
        self._follow_members()
        self._do(self._probe_again_and_again())
        self._tell()

    async def stop(self) -> None:
        """End every wait, within a second."""
        self._unsubscribe()
        self._desk.close()
        if self._due is not None:
            self._due.cancel()
        for task in self._tasks:
            task.cancel()
        files = [self._files.stop()] if self._files is not None else []
        await asyncio.gather(*files, *(peer.stop() for peer in self._peers.values()))
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._loop = None

    def heard(self, device_id: str, address: str) -> None:
        """A terminal called us, and says it listens at ``address``."""
        peer = self._peers.get(device_id)
        if peer is not None:
            if self._where.called(device_id, address) and address != peer.standing.address:
                peer.meet_soon()  # it was started anew, or moved
            else:
                peer.called()

    def poked(self, device_id: str, message: dict[str, Any]) -> dict[str, Any]:
        """A terminal says it has something new. We come at once when we can reach it. Raises ``BadMessageError``."""
        theirs = messages.vector(message, "vector")
        peer = self._peers.get(device_id)
        coming = False
        if peer is not None:
            peer.vector = theirs
            coming = peer.connected
            if lacks(self._vector, theirs):
                peer.meet_soon()
            elif coming and not lacks(theirs, self._vector):
                peer.has_everything()
            elif coming:
                peer.look_soon()  # it may have said this before it got what it lacks, and need not say so again
            self._tell()
        return {"coming": coming, "vector": self._vector}

    def peer(self, device_id: str) -> Peer | None:
        return self._peers.get(device_id)

    def connected(self) -> list[Peer]:
        """Those in reach now."""
        return [peer for peer in self._peers.values() if peer.connected]

    # The watcher of discovery ----------------------------------------------------------------------------------------

    def seen(self, sighting: Sighting) -> None:
        self._where.seen(sighting)
        if sighting.workshop != workshop_hash(self._bay.workshop_id) or sighting.protocol != PROTOCOL:
            return
        peer = self._peers.get(sighting.device_id)
        if peer is not None and not peer.connected:
            peer.meet_soon()
        self._tell()

    def lost(self, sighting: Sighting) -> None:
        self._where.lost(sighting)
        peer = self._peers.get(sighting.device_id)
        if peer is not None:
            peer.meet_soon()  # it said goodbye, or was not heard of for long: find out
        self._tell()

    def cloned(self, sighting: Sighting | None) -> None:
        self._clone = sighting
        self._tell()

    def network_changed(self) -> None:
        self._meet_all()

    # Inside ----------------------------------------------------------------------------------------------------------

    def _on_loop(self, work: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended meanwhile
                loop.call_soon_threadsafe(work)

    def _do(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _meet_all(self) -> None:
        for peer in self._peers.values():
            peer.meet_soon()

    def _changed(self, changes: ChangeSet) -> None:
        """On whatever thread changed something."""
        members = changes.touches(Terminal.__tablename__)
        delay = DEBOUNCE if changes.origin == HERE else RELAY_AFTER * random.uniform(0.6, 1.4)
        self._on_loop(lambda: self._news(delay, members))

    def _news(self, delay: float, members: bool) -> None:
        if members:
            self._follow_members()
        loop = asyncio.get_running_loop()
        if self._due is not None and not self._due.cancelled() and self._due.when() <= loop.time() + delay:
            return
        if self._due is not None:
            self._due.cancel()
        self._due = loop.call_later(delay, self._spread)

    def _spread(self) -> None:
        self._due = None
        self._do(self._poke_all())

    async def _poke_all(self) -> None:
        assert self._pool is not None
        async with self._reading:  # one after the other: what was read earlier must not replace what was read later
            self._tips = await asyncio.get_running_loop().run_in_executor(self._pool, self._bay.records.tips)
            self._vector = records_log.vector(self._tips)
        for peer in self._peers.values():
            if peer.connected and (peer.owes_news or lacks(peer.vector, self._vector)):
                peer.poke_soon()
        self._tell()

    def _follow_members(self) -> None:
        """A loop for each member, and none for who was removed."""
        members = self._members.all()
        own = members.get(self._bay.identity.device_id)
        self._removed = own is not None and own.removed
        wanted = {each.device_id for each in members.values() if not each.removed and each is not own}
        if self._removed:
            wanted = set()
        for device_id in self._peers.keys() - wanted:
            peer = self._peers.pop(device_id)
            self._where.forget(device_id)
            self._do(peer.stop())
        for device_id in wanted:
            peer_or_none = self._peers.get(device_id)
            if peer_or_none is None:
                self._begin(members[device_id])
            else:
                peer_or_none.member = members[device_id]
        self._keep_addresses()
        self._tell()

    def _begin(self, member: Member) -> None:
        met = self._bay.exchange.peers.all().get(member.device_id)
        standing = Standing()
        if met is not None:
            standing = Standing(PeerState.AWAY, "", met.met_at, met.clock_difference_ms)
        peer = Peer(member, self._around, met.vector if met is not None else {}, standing)
        self._peers[member.device_id] = peer
        peer.start()

    def _met(self, peer: Peer) -> None:
        if peer.owes_news or lacks(self._vector, peer.vector) or lacks(peer.vector, self._vector):
            self._do(self._poke_all())  # and see what we have now: a branch may have been filed under another name
        if self._files is not None:
            self._files.try_again()

    async def _seed_anew(self, line: Line) -> None:
        """Raises ``CallError``, ``SnapshotError`` and ``RecordsError``; then everything is as it was."""
        async with self._seeding:
            copy = self._bay.home / TMP / "anew.seed"
            try:
                await fetch_copy(line, copy)
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._pool, load_snapshot, self._bay.records, copy)
            finally:
                copy.unlink(missing_ok=True)
            with contextlib.suppress(CallError):
                await line.drop("snapshot")

    def _reached(self, device_id: str, address: str) -> None:
        self._where.reached(device_id, address)
        self._keep_addresses()

    def _keep_addresses(self) -> None:
        keep = self._where.to_keep()
        if keep is not None and self._pool is not None:
            self._pool.submit(_kept, keep)

    async def _probe_again_and_again(self) -> None:
        while True:
            reached = {peer.standing.address for peer in self.connected()}
            for address in self._where.typed():
                if address not in reached:
                    await self._probe(address)
            await asyncio.sleep(PROBE_EVERY)

    async def _probe(self, address: str) -> None:
        """Find out whose key answers at a typed address."""
        line = Line(address, self._bay.identity, None)
        try:
            await line.meet()
        except CallError:
            return
        finally:
            await line.close()
        device_id = line.met[0].device_id
        self._where.probed(address, device_id)
        peer = self._peers.get(device_id)
        if peer is not None and not peer.connected:
            peer.meet_soon()

    # What is seen of it ----------------------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Make new pictures once, however many changes come in one go."""
        if not self._told and self._loop is not None:
            self._told = True
            asyncio.get_running_loop().call_soon(self._publish)

    def _publish(self) -> None:
        self._told = False
        own = self._bay.identity.device_id
        members = self._members.all().values()
        views = [self._view(each) for each in members if each.device_id != own]
        self._views = tuple(sorted(views, key=lambda each: (each.name.casefold(), each.device_id)))
        for listener in self._listeners:
            try:
                listener()
            except Exception:
                log.exception("a listener failed on news of the other terminals")

    def _view(self, member: Member) -> PeerView:
        peer = self._peers.get(member.device_id)
        view = PeerView(member.terminal_id, member.device_id, member.name, PeerState.NEVER_SEEN, member.address)
        if member.removed:
            return replace(view, state=PeerState.REMOVED)
        if peer is None:
            return view
        standing = peer.standing
        return replace(
            view,
            state=standing.state,
            address=standing.address or member.address,
            last_contact=standing.last_contact,
            clock_difference_ms=standing.clock_difference_ms,
            waiting_out=records_log.waiting(peer.vector, self._tips),
            waiting_in=waiting_in(self._vector, peer.vector),
            problem=self._twice(member) or standing.problem(),
        )

    def _twice(self, member: Member) -> str:
        places = self._where.twice(member.device_id)
        if not places:
            return ""
        return tr(
            "Two machines announce themselves as this terminal, at {places}: its disk was probably copied. Empty the "
            "data folder of one of them and let it join as a terminal of its own.",
            places=", ".join(each.urls[0] for each in places),
        )

    def _problem(self) -> str:
        if self._removed or self._turned_away():
            return tr(
                "This terminal was taken out of the workshop. What is here can be read; nothing is exchanged any more. "
                "To use it in the workshop again, empty its data folder and let it join anew."
            )
        if self._clone is not None:
            return tr(
                "Another machine, at {address}, announces itself as this very terminal: a disk was probably copied. "
                "Empty the data folder of one of the two and let it join as a terminal of its own.",
                address=self._clone.urls[0],
            )
        return self._files.problem if self._files is not None else ""

    def _turned_away(self) -> bool:
        """Whether everybody who answers, and once talked to us, does not any more."""
        answered = [each for each in self._peers.values() if each.standing.state is not PeerState.AWAY]
        known = [each for each in answered if each.standing.last_contact is not None]
        return bool(known) and all(each.turned_away for each in known)

    def _waiting_alone(self) -> int:
        """Changes that no other terminal has, as far as we know."""
        vectors = [peer.vector for peer in self._peers.values()]
        if not vectors:
            return 0
        best: dict[str, dict[str, int]] = {}
        for vector in vectors:
            for site, scopes in vector.items():
                for scope, seq in scopes.items():
                    there = best.setdefault(site, {})
                    there[scope] = max(there.get(scope, 0), seq)
        return records_log.waiting(best, self._tips)


def _kept(keep: Callable[[], None]) -> None:
    try:
        keep()
    except Exception:
        log.exception("the addresses of the other terminals could not be kept")
