"""Becoming a terminal of a workshop: pairing, then a copy of all records, then one round to be up to date.

Whatever breaks off leaves an empty home that can join again with a new code (``core.sync.joining``). A cut while the
copy is fetched costs nothing: it goes on where it was, as long as the other terminal comes back within a minute.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from core.language import tr
from core.records.records import Records
from core.sync.exchange import Exchange
from core.sync.joining import complete_join, prepare_joiner
from core.sync.messages import RefusedError, TransportError
from core.sync.seeding import SnapshotError, load_snapshot
from core.sync.views import Progress, SyncError, UnreachableError, WrongCodeError
from core.trust.errors import CodeRefusedError, TrustError
from core.trust.grant import Grant
from core.trust.identity import Identity, device_id_of
from core.trust.pairing import Joiner
from server.sync.client import Line, PeerTransport
from server.sync.copying import fetch_copy
from server.sync.errors import CallError, FailedError, NotAdmittedError, SilentError
from server.sync.whereabouts import Whereabouts, normal_address

PAUSED_FOR = 45.0  # s that we wait for a terminal that pauses after wrong codes

COPY = "joining.seed"

T = TypeVar("T")


def join(
    home: Path, address: str, code: str, terminal_name: str, progress: Progress, *, url: str | None = None
) -> None:
    """Make the empty ``home``, whose lock the caller holds, a terminal of the workshop behind ``address``. Blocks.

    ``url``: its records, when not in the home. Raises ``WrongCodeError``, ``UnreachableError``, ``SyncError`` and
    ``RecordsError``.
    """
    where = normal_address(address)
    try:
        identity = prepare_joiner(home, terminal_name, url)
        asyncio.run(_join(home, (where, code, terminal_name), identity, progress, url))
    except CodeRefusedError as error:
        raise WrongCodeError(str(error)) from error
    except NotAdmittedError as error:
        if error.code:
            raise WrongCodeError(str(error)) from error
        raise WrongCodeError(
            tr("No code is shown there, or it is over. Have a new one shown on the other terminal.")
        ) from error
    except SilentError as error:
        raise UnreachableError(str(error)) from error
    except (CallError, RefusedError, TrustError, SnapshotError, TransportError) as error:
        raise SyncError(str(error)) from error
    except OSError as error:
        words = tr("The data folder {path} cannot be used: {why}.", path=home, why=error.strerror or error)
        raise SyncError(words) from error


async def _join(
    home: Path, grant_from: tuple[str, str, str], identity: Identity, progress: Progress, url: str | None
) -> None:
    """``grant_from``: address, code, and what this terminal is to be called."""
    progress(tr("Pairing"), 0, 0)
    address, code, name = grant_from
    grant = await _pair(address, code, name, identity)
    folder = home / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    line = Line(address, identity, grant.giver.device_id)
    try:
        seed = _Seed(line, folder / COPY, grant, identity, progress)
        await asyncio.to_thread(complete_join, home, grant, seed.fill, url)
    finally:
        await line.close()
        with contextlib.suppress(OSError):
            (folder / COPY).unlink(missing_ok=True)


async def _pair(address: str, code: str, name: str, identity: Identity) -> Grant:
    """The workshop, from the terminal that shows the code. Raises ``TrustError`` and ``CallError``."""
    line = Line(address, identity, None)
    try:
        public_key = await line.meet()
        joiner = Joiner(code, identity, public_key, name)
        anyone = Line(address, identity, device_id_of(public_key))  # no other key from here on
        try:
            finish = joiner.finish(await _patiently(anyone, joiner.hello()))
            return joiner.accept(await anyone.unsigned("pair/2", finish))
        finally:
            await anyone.close()
    finally:
        await line.close()


async def _patiently(line: Line, hello: dict[str, Any]) -> dict[str, Any]:
    """After a wrong code the other terminal pauses for some seconds: wait, so that a person need not."""
    until = time.monotonic() + PAUSED_FOR
    while True:
        try:
            return await line.unsigned("pair/1", hello)
        except FailedError as error:
            if not error.wait_s or time.monotonic() + error.wait_s > until:
                raise
            await asyncio.sleep(error.wait_s)


class _Seed:
    """Fills empty records, in a thread; what goes over the network runs on the loop."""

    def __init__(self, line: Line, copy: Path, grant: Grant, identity: Identity, progress: Progress) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()
        self._copy = copy
        self._grant = grant
        self._identity = identity
        self._progress = progress

    def fill(self, records: Records) -> None:
        made = self._told(tr("The other terminal copies its records"))
        self._on_loop(fetch_copy(self._line, self._copy, made, self._told(tr("Fetching the records"))))
        load_snapshot(records, self._copy, self._told(tr("Writing the records")))
        with contextlib.suppress(CallError):  # it is removed there sooner or later
            self._on_loop(self._line.drop("snapshot"))
        self._progress(tr("Catching up"), 0, 0)
        exchange = Exchange(records, device=self._identity.device_id, workshop=self._grant.workshop_id)
        with contextlib.suppress(TransportError):  # everything is here; the rest comes as to every other terminal
            exchange.round(PeerTransport(self._line, self._loop))
        where = Whereabouts(records)
        where.reached(self._grant.giver.device_id, self._line.address)
        keep = where.to_keep()
        if keep is not None:
            keep()

    def _told(self, step: str) -> Callable[[int, int], None]:
        return lambda done, total: self._progress(step, done, total)

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
