"""A terminal at work: session first, then the page, then the window; stopped in reverse, every part within its time.

``Terminal`` is the part without a window; ``run`` puts window or waiting on top of it.
"""

import logging
import sys
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace

from app import VERSION, interrupts, logs, screen
from app.failure import BadArgument, Failure
from app.home import Home
from app.saying import complain, say
from app.settings import Settings, SettingsFile
from core import language
from core.diagnostics.live import LiveSession
from core.language import tr
from core.obd.address import AddressError
from core.obd.signals import SIGNALS
from server.service import EVERYWHERE, LOOPBACK, CannotListen, Server

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


class Terminal:
    """Session and page of one terminal, from ``start`` to ``stop``."""

    def __init__(self, home: Home, settings: Settings, wishes: Wishes) -> None:
        self.home = home
        self.settings = settings
        self.wishes = wishes
        self.name = settings.terminal_name or (tr("Bay 1") if wishes.demo else settings.name())
        self.address = settings.address if wishes.address is None else wishes.address
        self.lan = wishes.lan or (settings.lan and wishes.host is None)
        self.troubles: list[str] = []  # what does not work, in words; the rest does
        self._port = settings.port if wishes.port is None else wishes.port
        self._server: Server | None = None
        self._page = threading.Lock()  # the window restarts the page from a thread of its own
        self.session = LiveSession(home.folder, record=settings.record, version=VERSION)

    def start(self) -> None:
        """Begin the session, use the adapter, then open the page. Raises ``Failure``; ``stop`` is due even then."""
        self.session.start()
        self._watch_everything()
        self._connect()
        host = self.wishes.host or (EVERYWHERE if self.lan else LOOPBACK)
        try:
            self._open_page(host, 20 if self.wishes.next_free_port else 1)
        except CannotListen as error:
            if not self.wishes.window:
                raise Failure(str(error)) from error
            self.troubles.append(str(error))

    def stop(self) -> None:
        """Close the page (within a second), then the link (0.2 s), then finish the recording. May be called twice."""
        with self._page:
            server, self._server = self._server, None
        if server is not None:
            server.stop()
        self.session.stop()

    def page_addresses(self) -> tuple[str, ...]:
        """Where the page is, the address to type first; empty while it is off."""
        server = self._server
        return tuple(server.addresses()) if server is not None else ()

    def set_lan(self, on: bool) -> None:
        """Restart the page open or closed to the LAN. Raises ``OSError``; then it is as it was before."""
        with self._page:
            before, self._server = self._server, None
            if before is not None:
                before.stop()
            try:
                self._start_server(EVERYWHERE if on else LOOPBACK, self._port)
            except OSError:
                if before is not None:
                    self._start_server(EVERYWHERE if self.lan else LOOPBACK, self._port)
                raise
            self.lan = on

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
        server = Server(self.session, host=host, port=port, terminal=self.name, version=VERSION)
        self._port = server.start()
        self._server = server


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
    for trouble in terminal.troubles:
        complain(trouble)
    for address in terminal.page_addresses():
        say(tr("The page: {address}", address=address))
    if not terminal.address:
        say(tr("No adapter has been chosen: “bayline obd ports” lists what is plugged in."))
