"""Sync at one terminal of a workshop, put together: for the server to mount, to start with its loop and to stop.

::

    sync = SyncService(bay, host="0.0.0.0", peers=["https://192.168.1.20:8420"])
    app.include_router(sync.router)
    ...                                   # once HTTP answers, on the server's loop:
    await sync.start(port)
    Discovery(..., presence=lambda: sync.link.presence, watcher=sync.link)
    await sync.stop()                     # within a second

``sync.link`` is what windows and the control channel use (``core.sync.views.WorkshopLink``).
"""

import asyncio
import contextlib
import ipaddress
import logging
import shutil
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fastapi import APIRouter
from sqlalchemy.orm import Session

from core.language import tr
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.sync.bay import Bay
from core.sync.members import Terminal
from core.sync.seeding import write_snapshot
from core.trust.signing import RequestVerifier
from server.addresses import lan_addresses
from server.sync.membership import Membership
from server.sync.pairing_desk import PairingDesk
from server.sync.peers import TMP, Peers
from server.sync.routes import Behind, router
from server.sync.seeds import Seeds
from server.sync.sightings import url

log = logging.getLogger(__name__)

ANSWERS = 4  # at a time: reading and packing share the interpreter anyway, and writing is done by one
LOOK_AGAIN = 30.0  # s between looks at our own address


class SyncService:
    """``bay`` is open, and stays so until after ``stop``. ``host``: where the server listens; ``peers``: addresses.

    ``interfaces``: only these networks (adapter names or own addresses) are told to others; None: all.
    """

    def __init__(
        self, bay: Bay, *, host: str, peers: Iterable[str] = (), interfaces: Collection[str] | None = None
    ) -> None:
        self._bay = bay
        self._host = host
        self._interfaces = interfaces
        self._port = 0
        self._pool = ThreadPoolExecutor(ANSWERS, "sync-answer")
        self._members = Membership(bay.records)
        self._verifier = RequestVerifier(bay.identity.device_id, self._members.known)
        self._desk = PairingDesk(bay.records, bay.identity, bay.root, self.address, self._pairing_changed)
        self.link = Peers(bay, self._members, self._desk, given=peers)
        shutil.rmtree(bay.home / TMP, ignore_errors=True)  # what a power cut left there
        self._seeds = Seeds(bay.home / TMP, self._write_seed, self._pool)
        self._unsubscribe = bay.records.subscribe(self._changed)
        self._telling: asyncio.Task[None] | None = None
        self.router: APIRouter = router(
            Behind(
                members=self._members,
                verifier=self._verifier,
                exchange=bay.exchange,
                pool=self._pool,
                desk=self._desk,
                seeds=self._seeds,
                file=self._file,
                heard=self.link.heard,
                poked=self.link.poked,
            )
        )

    def address(self) -> str:
        """Where other terminals reach this one, ``"https://192.168.1.20:8420"``: the address to type there."""
        host = ipaddress.ip_address(self._host)
        if not host.is_unspecified:
            return url(host, self._port)
        found = lan_addresses(self._interfaces)
        v4 = [each for each in found if each.version == 4]
        return url((v4 or found or [ipaddress.ip_address("127.0.0.1")])[0], self._port)

    async def start(self, port: int) -> None:
        """Begin, on the server's loop, which serves the router by now."""
        self._port = port
        await self.link.start(port)
        self._telling = asyncio.get_running_loop().create_task(self._tell_address(), name="sync-address")

    async def stop(self) -> None:
        """End everything that waits, within a second."""
        if self._telling is not None:
            self._telling.cancel()
        self._unsubscribe()
        await self.link.stop()
        self._seeds.close()
        self._members.close()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _pairing_changed(self) -> None:
        self.link.pairing_changed()

    def _changed(self, changes: ChangeSet) -> None:
        """A terminal that was removed has no sessions from this moment on."""
        if not changes.touches(Terminal.__tablename__, "removed_at", "deleted_at"):
            return
        for member in self._members.all().values():
            if member.removed:
                self._verifier.forget(member.device_id)

    def _write_seed(self, path: Path, progress: Callable[[int, int], None]) -> None:
        write_snapshot(self._bay.records, path, progress)

    def _file(self, sha256: str) -> Path | None:
        try:
            return self._bay.files.path(sha256) if self._bay.files.has(sha256) else None
        except ValueError:  # no name of a file
            return None

    async def _tell_address(self) -> None:
        """Keep our own row's address right, so that whoever knows us can find us without multicast."""
        while True:
            with contextlib.suppress(RecordsError):  # a full disk: it is a hint, and others see us on the LAN
                await asyncio.get_running_loop().run_in_executor(self._pool, self._keep_address)
            await asyncio.sleep(LOOK_AGAIN)

    def _keep_address(self) -> None:
        address = self.address()
        if ipaddress.ip_address(self._host).is_loopback or "//127." in address:
            return  # of no use to anybody else
        with self._bay.records.read() as session:
            own = session.get(Terminal, self._bay.terminal_id)
            if own is None or own.address == address or own.removed_at is not None:
                return

        def work(session: Session) -> None:
            row = session.get(Terminal, self._bay.terminal_id)
            if row is not None:
                row.address = address

        self._bay.records.change(f"terminal:{self._bay.terminal_id}", work, why=tr("its address changed"))
