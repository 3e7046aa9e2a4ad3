"""A terminal at work: session first, then the records, then the page, then the window; stopped in reverse, every part
within its time.

``Terminal`` is the part without a window; ``run`` puts window or waiting on top of it.
"""

import logging
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app import VERSION, control, interrupts, logs, screen
from app.belonging import Belonging
from app.database import chosen_database
from app.failure import BadArgument, Failure
from app.founding import found_workshop
from app.home import Home
from app.saying import complain, say
from app.settings import FILE, Settings, SettingsFile, split
from app.steady_link import SteadyLink
from core import language
from core.diagnostics.live import LiveSession
from core.language import tr
from core.obd.address import AddressError
from core.obd.signals import SIGNALS
from core.sync.views import SyncError
from core.trust.errors import TrustError
from server.service import EVERYWHERE, LOOPBACK, CannotListen, Server
from server.sync.joining import join
from server.sync.whereabouts import normal_address

if TYPE_CHECKING:
    from core.sync.bay import Bay
    from core.sync.views import Progress

log = logging.getLogger(__name__)

# How long one thread may keep the interpreter to itself (default 5 ms). The link thread, the server and the window
# share it: with 2 ms a burst of requests delays a frame of the gauges by 2 ms at the most, a tenth of its budget.
SWITCH_S = 0.002

EVERYTHING_HZ = 1.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asked for, for this run only; None: as the settings say."""

    port: int | None = None
    host: str | None = None
    lan: bool = False
    address: str | None = None
    window: bool = True
    demo: bool = False
    next_free_port: bool = False  # when the port is taken, take the next one and say so
    discovery: bool | None = None
    peers: tuple[str, ...] = ()  # addresses, besides those in the settings


class Terminal:
    """Session, records and page of one terminal, from ``start`` to ``stop``."""

    def __init__(self, home: Home, settings: Settings, wishes: Wishes) -> None:
        self.home = home
        self.settings = settings
        self.wishes = wishes
        self.name = settings.terminal_name or (tr("Bay 1") if wishes.demo else settings.name())
        self.address = settings.address if wishes.address is None else wishes.address
        self.belonging = Belonging(home.folder, None if wishes.demo else chosen_database())
        self.lan = self._open_to_network()
        self.troubles: list[str] = []  # what does not work, in words; the rest does
        self._port = settings.port if wishes.port is None else wishes.port
        self._peers: tuple[str, ...] = ()
        self._server: Server | None = None
        self._secret = control.new_secret()
        self.link = SteadyLink()  # the other terminals, once this one is in a workshop
        self._page = threading.Lock()  # the window restarts the page from a thread of its own
        self.session = LiveSession(home.folder, record=settings.record, version=VERSION)

    def start(self) -> None:
        """Begin the session, use the adapter, then open the page. Raises ``Failure``; ``stop`` is due even then."""
        control.withdraw(self.home.folder)  # one that was killed may have left it
        self.session.start()
        self._watch_everything()
        self._connect()
        self._belong()
        try:
            self._open_page(self._host(), 20 if self.wishes.next_free_port else 1)
        except CannotListen as error:
            if not self.wishes.window:
                raise Failure(str(error)) from error
            self.troubles.append(str(error))
            self._open_elsewhere()

    def _open_elsewhere(self) -> None:
        """In a workshop the records need the other terminals, whatever port there is for that."""
        if self.bay is not None:
            with suppress(CannotListen), self._page:
                self._start_server(self._host(), 0)

    def stop(self) -> None:
        """Close page (within a second), records, link, and finish the recording. May be called twice."""
        self.link.close()
        with self._page:
            self._stop_server()
        self.belonging.close()
        self.session.stop()

    @property
    def here(self) -> str:
        """Where a program on this computer finds a page that is open to others; "" where that is no other address."""
        server = self._server
        if server is None or self.bay is None or not server.on_lan:
            return ""
        return f"http://{LOOPBACK}:{server.control_port}/"

    def page_addresses(self) -> tuple[str, ...]:
        """Where the page is, the address to type first; empty while it is off."""
        server = self._server
        return tuple(server.addresses()) if server is not None else ()

    @property
    def bay(self) -> "Bay | None":
        """The workshop's records and this terminal's identity; None outside of a workshop."""
        return self.belonging.bay

    def set_lan(self, on: bool) -> None:
        """Restart the page open or closed to the LAN. Raises ``OSError``; then it is as it was before."""
        with self._page:
            before = self._stop_server()
            try:
                self._start_server(self._everywhere(on), self._port)
            except OSError:
                if before:
                    self._start_server(self._everywhere(self.lan), self._port)
                raise
            self.lan = on

    def found(self, workshop: str, terminal: str) -> None:
        """Create a workshop, and begin to belong to it. Raises ``RecordsError``, ``TrustError`` and ``OSError``."""
        found_workshop(self.home.folder, workshop, terminal, self.belonging.database)
        self._begin_to_belong()

    def join(self, address: str, code: str, terminal: str, progress: "Progress") -> None:
        """Join a workshop, and begin to belong to it. Raises ``SyncError``, ``RecordsError`` and ``OSError``."""
        join(self.home.folder, address, code, terminal, progress, url=self.belonging.database)
        self._begin_to_belong()

    def _begin_to_belong(self) -> None:
        """The records are there: open them, and the page anew with them."""
        self._belong()
        with self._page:
            self._stop_server()
            self._start_server(self._host(), self._port)

    def _belong(self) -> None:
        """Open the records of the workshop, when there is one."""
        if trouble := self.belonging.open():
            self.troubles.append(trouble)
        if self.bay is not None:
            self.name = self.bay.terminal_name
            self._peers = self._find_peers()
            if self.bay.records.clock_is_wrong:
                self.troubles.append(
                    tr("This computer's clock cannot be right: it says {day}. Set it; until then changes bear the last "
                       "time that is known.", day=time.strftime("%Y-%m-%d"))
                )  # fmt: skip
        self.lan = self._open_to_network()

    def _open_to_network(self) -> bool:
        """In a workshop everything that is not for everybody asks for a key or a token, so that it can be open."""
        if not self.belonging.founded or self.wishes.demo:
            return self.wishes.lan or (self.settings.lan and self.wishes.host is None)
        if self.belonging.bay is None:  # nobody could be told apart
            return False
        return self.wishes.lan or (self.settings.network and self.wishes.host is None)

    def _host(self) -> str:
        return self.wishes.host or self._everywhere(self.lan)

    @staticmethod
    def _everywhere(lan: bool) -> str:
        return EVERYWHERE if lan else LOOPBACK

    def _watch_everything(self) -> None:
        """Read what nobody looks at once a second at the most, for the page's list and for the recording.

        The link gives it what the screens leave over; signals the car does not have cost nothing.
        """
        rates = {signal.name: min(signal.rate_hz, EVERYTHING_HZ) for signal in SIGNALS.values()}
        self.session.watch("everything", rates)

    def _connect(self) -> None:
        """Use the adapter. With an impossible one in the settings the terminal starts too: a person chooses another."""
        if not self.address:
            return
        try:
            self.session.connect(self.address)
        except AddressError as error:
            if self.wishes.address is not None:
                raise BadArgument(str(error)) from error
            self.troubles.append(str(error))
            self.address = ""

    def _open_page(self, host: str, tries: int) -> None:
        """Listen on the port, or on one of the next ones while there are tries left. Raises ``CannotListen``."""
        wanted = self._port
        for port in range(wanted, wanted + tries):
            try:
                with self._page:
                    self._start_server(host, port)
            except CannotListen:
                if port + 1 == wanted + tries or not wanted:
                    raise
                continue
            if port != wanted:
                complain(tr("Port {taken} is in use; the page takes {port}.", taken=wanted, port=port))
            return

    def _start_server(self, host: str, port: int) -> None:
        """Raises ``CannotListen``. What else keeps the workshop's page from opening leaves the gauges a page."""
        try:
            self._serve(host, port, self.bay)
        except CannotListen:
            raise
        except (TrustError, OSError) as error:  # no certificate can be made, or it cannot be written
            log.debug("where it came from:", exc_info=error)
            why = str(getattr(error, "strerror", None) or error)
            self.troubles.append(tr("This terminal cannot exchange records with the others: {why}", why=why))
            self.lan = False
            self._serve(LOOPBACK, port, None)

    @property
    def looks_around(self) -> bool:
        """Whether other terminals may be looked for in the network."""
        return self.settings.discovery if self.wishes.discovery is None else self.wishes.discovery

    def _serve(self, host: str, port: int, bay: "Bay | None") -> None:
        server = Server(
            self.session,
            host=host,
            port=port,
            terminal=self.name,
            version=VERSION,
            bay=bay,
            control_secret=self._secret if bay is not None else "",
            peers=self._peers,
            discovery=self.looks_around,
            interfaces=split(self.settings.interfaces) or None,
        )
        self._port = server.start()
        self._server = server
        self.link.use(server.link)
        if bay is not None:
            try:
                control.announce(self.home.folder, server.control_port, self._secret)
            except OSError as error:
                log.warning("commands cannot reach this terminal: %s", error)

    def _find_peers(self) -> tuple[str, ...]:
        """The addresses in the settings that can be some, and those of this run."""
        found = []
        for address in split(self.settings.peers):
            try:
                found.append(normal_address(address))
            except SyncError as error:
                self.troubles.append(f"{FILE}: workshop.peers: {error}")
        return (*found, *self.wishes.peers)

    def _stop_server(self) -> bool:
        """Whether there was one."""
        server, self._server = self._server, None
        if server is None:
            return False
        control.withdraw(self.home.folder)
        self.link.use(None)
        server.stop()
        return True


def run(home: Home, wishes: Wishes) -> int:
    """Start everything in ``home``, which was taken; show it until it is closed; stop it. Raises ``Failure``."""
    sys.setswitchinterval(SWITCH_S)
    logs.to_file(home.folder)
    file = SettingsFile(home.folder)
    settings = file.load()
    language.use(settings.spoken())
    for notice in file.notices:
        complain(notice)
    if wishes.window and (obstacle := screen.no_display() or screen.no_toolkit()):
        complain(obstacle)
        wishes = replace(wishes, window=False)
    with ExitStack() as stack:
        stack.callback(logs.close_file)
        terminal = Terminal(home, settings, wishes)
        stack.callback(terminal.stop)
        stack.callback(interrupts.stopping)
        terminal.start()
        if not wishes.window:
            with suppress(KeyboardInterrupt):  # it runs: being asked to stop is how it ends, also while it says so
                _announce(terminal)
                interrupts.wait_for_the_end()
            return 0
        _announce(terminal)
        from app.window import show

        return show(terminal, file)


def _announce(terminal: Terminal) -> None:
    log.info("started: version %s, page %s, adapter %s", VERSION, terminal.page_addresses(), terminal.address or "none")
    say(tr("Bayline {version} on {name}. Data: {path}", version=VERSION, name=terminal.name, path=terminal.home.folder))
    if terminal.bay is not None:
        say(tr("The workshop: {name}", name=terminal.bay.workshop_name))
    for trouble in terminal.troubles:
        log.info("%s", trouble)
        complain(trouble)
    for address in terminal.page_addresses():
        say(tr("The page: {address}", address=address))
    if terminal.here:  # where it needs neither token nor certificate
        say(tr("On this computer: {address}", address=terminal.here))
    if not terminal.address:
        say(tr("No adapter has been chosen: “bayline obd ports” lists what is plugged in."))
