"""The web server in its own thread, with its own loop: started when HTTP answers, stopped within a second."""

import asyncio
import contextlib
import http.client
import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import uvicorn

from core.diagnostics.source import Source
from core.language import tr
from core.records.records import wall_ms
from core.sync.views import WorkshopLink
from core.trust.errors import TrustError
from server.accepting import TwoFold
from server.addresses import lan_addresses, page_urls
from server.application import Workshop, create_app
from server.certificate import Leaf
from server.discovery import Discovery
from server.door import own_names
from server.listening import EVERYWHERE, CannotListen, open_sockets
from server.wire import NewestFirst, Prompt

if TYPE_CHECKING:
    from core.diagnostics.alarms import AlarmBook
    from core.sync.bay import Bay
    from server.sync.service import SyncService

__all__ = ["EVERYWHERE", "LOOPBACK", "CannotListen", "Server"]

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
LONGEST_MESSAGE = 64 * 1024  # bytes of one WebSocket message from a client
MOST_CONNECTIONS = 256  # open at once, pages and live channels together
START_WITHIN = 10.0  # s
POLITE_FOR = 0.5  # s that open connections get to end by themselves
STOP_WITHIN = 0.9  # s
LOOK_AGAIN = 15.0  # s between looks whether the certificate still names this terminal's addresses


@runtime_checkable
class _Alarmed(Protocol):
    """A session that raises alarms (a playback does not)."""

    alarms: "AlarmBook"


class Server:
    """Serves one session. ``host`` is ``"127.0.0.1"``, or ``"0.0.0.0"`` for every network this terminal is in.

    With a ``bay`` it serves the records of a founded workshop too, in TLS on the same port. ``control_secret`` lets the
    command line in, at ``control_port``; ``peers`` are addresses of other terminals to look for. ``discovery``: tell
    other devices of this one and look for terminals, on ``interfaces`` only (None: all networks). What is open to whom
    is told in ``server.door`` and ``server.security``.
    """

    def __init__(
        self,
        session: Source,
        *,
        host: str = LOOPBACK,
        port: int = 8420,
        terminal: str,
        version: str,
        bay: "Bay | None" = None,
        control_secret: str = "",
        peers: Iterable[str] = (),
        discovery: bool = True,
        interfaces: Collection[str] | None = None,
    ) -> None:
        self._session = session
        self._bay = bay
        self._control_secret = control_secret
        self._control_port = 0
        self._leaf = self._leaf_of(bay) if bay is not None else None
        self._host = host
        self._wanted_port = port
        self._terminal = terminal
        self._version = version
        self._port = 0
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._peers = tuple(peers)
        self._discovering = discovery
        self._interfaces = interfaces
        self._sync: SyncService | None = None
        self._discovery: Discovery | None = None
        self._announcing: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None

    @property
    def port(self) -> int:
        """The port it listens on; 0 before it was started."""
        return self._port

    @property
    def control_port(self) -> int:
        """The port on 127.0.0.1; 0 before it was started. Another than ``port`` when somebody else has that there."""
        return self._control_port

    @property
    def link(self) -> WorkshopLink | None:
        """Sync as windows and the command line use it; None without a workshop, or before ``start``."""
        return self._sync.link if self._sync is not None else None

    @property
    def address(self) -> str:
        """The URL to type first."""
        return self.addresses()[0]

    @property
    def on_lan(self) -> bool:
        """Whether other devices can reach it."""
        return not ipaddress.ip_address(self._host).is_loopback

    @property
    def discovery_status(self) -> str:
        """Whether other devices find this terminal by themselves, in the user's words."""
        if self._discovery is not None:
            return self._discovery.status
        if self.on_lan and not self._discovering:
            return tr("Other devices are not told of this terminal; its address can be typed.")
        return tr("Only programs on this terminal can open the page; start with --lan to open it to other devices.")

    def addresses(self) -> list[str]:
        """The URLs of the page that people can type, the best first."""
        local_name = self._discovery.local_name if self._discovery is not None else ""
        urls = page_urls(self._host, self._port or self._wanted_port, local_name)
        if self._bay is None or not self.on_lan:
            return urls
        return [url.replace("http:", "https:", 1) for url in urls]

    def start(self) -> int:
        """Serve, and return the port once ``/health`` has answered.

        Raises ``CannotListen`` in the user's words when the address cannot be opened; with a ``bay``, ``TrustError``
        and ``OSError`` when its certificate cannot be made.
        """
        if self._thread is not None:
            raise RuntimeError("the server runs already")
        if self._leaf is not None:
            self._leaf.renew()
        sockets = open_sockets(self._host, self._wanted_port)
        self._port = self._control_port = sockets[0].getsockname()[1]
        if self._bay is not None and self._host not in (LOOPBACK, EVERYWHERE):
            sockets += self._inside()
        if self._bay is not None:
            from server.sync.service import SyncService

            self._sync = SyncService(self._bay, host=self._host, peers=self._peers, interfaces=self._interfaces)
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(sockets, ready), name="server", daemon=True)
        self._thread.start()
        ready.wait(START_WITHIN)
        try:
            self._wait_for_answer()
            if self._sync is not None and self._loop is not None:
                asyncio.run_coroutine_threadsafe(self._sync.start(self._port), self._loop).result(START_WITHIN)
        except BaseException:
            self.stop()
            raise
        if self.on_lan and self._discovering:
            self._call(self._announce)
        return self._port

    def stop(self) -> None:
        """Say goodbye to every client and end the thread, within a second. May be called again."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._call(self._stop_soon)
        thread.join(2 * STOP_WITHIN)
        if thread.is_alive():
            log.error("the server thread did not end in time")

    # In the caller's thread ------------------------------------------------------------------------------------------

    def _inside(self) -> list[socket.socket]:
        """Loopback too, for the page and the command line here: the same port, or another when somebody has it."""
        try:
            found = open_sockets(LOOPBACK, self._port)
        except CannotListen:
            found = open_sockets(LOOPBACK, 0)
        self._control_port = found[0].getsockname()[1]
        return found

    def _wait_for_answer(self) -> None:
        host = LOOPBACK if self._host == EVERYWHERE else "::1" if self._host == "::" else self._host
        deadline = time.monotonic() + START_WITHIN
        while time.monotonic() < deadline:
            if self._failure is not None:
                raise RuntimeError("the server could not start") from self._failure
            connection = http.client.HTTPConnection(host, self._port, timeout=1.0)
            try:
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.02)
            finally:
                connection.close()
        raise RuntimeError(f"the server did not answer within {START_WITHIN:.0f} s")

    def _call(self, what: Callable[[], None]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(what)

    # In the server's thread ------------------------------------------------------------------------------------------

    def _run(self, sockets: list[socket.socket], ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(sockets, ready))
        except BaseException as failure:
            self._failure = failure
            log.exception("the server ended")
        finally:
            ready.set()
            for each in sockets:
                each.close()

    async def _serve(self, sockets: list[socket.socket], ready: threading.Event) -> None:
        book = self._session.alarms if isinstance(self._session, _Alarmed) else None
        app = create_app(
            self._session,
            terminal=self._terminal,
            version=self._version,
            alarms=book.active if book else None,
            workshop=self._workshop(),
        )
        server = TwoFold(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=Prompt,
                ws=NewestFirst,
                ws_max_size=LONGEST_MESSAGE,
                ws_per_message_deflate=False,  # would compress the same text again for each tablet
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,  # nobody stands in front of a terminal: the headers would be forged
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=15,
            ),
            self._leaf.context if self._leaf is not None else None,
        )
        self._stopping = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        closing: list[Callable[[], None]] = app.state.closing
        serving = asyncio.create_task(server.serve(sockets))
        stopping = asyncio.create_task(self._stopping.wait())
        following = asyncio.create_task(self._follow_addresses())
        ready.set()
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for close in closing:
            close()
        server.should_exit = True
        await asyncio.gather(self._end(server, serving), self._take_back(), self._end_sync())
        stopping.cancel()
        following.cancel()

    def _workshop(self) -> Workshop | None:
        if self._bay is None:
            return None
        routers = (self._sync.router,) if self._sync is not None else ()
        bay = self._bay
        return Workshop(bay.records, bay.root.certificate_pem, self.link, self._control_secret, routers, bay.files)

    def _leaf_of(self, bay: "Bay") -> Leaf:
        return Leaf(bay.identity, bay.root, names=self._names, addresses=self._addresses, now_ms=wall_ms)

    def _names(self) -> list[str]:
        return [name for name in own_names(self._terminal) if name.endswith(".local")]

    def _addresses(self) -> list[str]:
        listening = ipaddress.ip_address(self._host)
        return [str(each) for each in (lan_addresses() if listening.is_unspecified else [listening])]

    async def _follow_addresses(self) -> None:
        while self._leaf is not None:
            await asyncio.sleep(LOOK_AGAIN)
            try:
                await asyncio.to_thread(self._leaf.renew)
            except (OSError, TrustError) as error:  # the old one still serves who has it pinned
                log.warning("no new certificate could be made: %s", error)

    def _stop_soon(self) -> None:
        if self._stopping is not None:
            self._stopping.set()

    def _announce(self) -> None:
        link = self._sync.link if self._sync is not None else None
        self._discovery = Discovery(
            terminal=self._terminal,
            version=self._version,
            port=self._port,
            interfaces=self._interfaces,
            presence=(lambda: link.presence) if link is not None else None,
            watcher=link,
        )
        self._announcing = asyncio.get_running_loop().create_task(self._discovery.run(), name="discovery")

    async def _take_back(self) -> None:
        if self._announcing is not None:
            self._announcing.cancel()
            await asyncio.wait({self._announcing}, timeout=STOP_WITHIN)

    async def _end_sync(self) -> None:
        if self._sync is not None:
            await asyncio.wait({asyncio.ensure_future(self._sync.stop())}, timeout=STOP_WITHIN)

    @staticmethod
    async def _end(server: uvicorn.Server, serving: "asyncio.Task[None]") -> None:
        """Let uvicorn end politely; what still hangs after that is cut."""
        await asyncio.wait({serving}, timeout=POLITE_FOR)
        if not serving.done():
            server.force_exit = True
            for connection in tuple(server.server_state.connections):
                connection.transport.abort()
            await asyncio.wait({serving}, timeout=STOP_WITHIN - POLITE_FOR)
        if serving.done():
            serving.result()
