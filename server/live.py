"""The live channel: a tablet says what it wants and how often, and gets the newest, never the old.

Nothing is queued. A tick writes the values once for all tablets that want the same, and lays the text into each one's
single slot; a tablet that has not taken the last text loses it and takes the new one. Its sequence number is given
when it is sent, so numbers have no gaps and a gap at the other end means a fault.

Channels: ``signals`` (values), ``status`` (the link, in words, on change), ``alarms`` (what is raised now, on change).
A client gets only what it subscribed to, and the answer to a wrong message.
"""

import asyncio
import itertools
import json
import logging
from collections import deque
from collections.abc import Callable

from fastapi import WebSocket, WebSocketDisconnect

from core import language
from core.language import tr
from server.messages import BadMessage, Channel, Message, Ping, Subscribe, Unsubscribe, parse
from server.notices import Notices
from server.snapshot import Snapshots, offered, watch_rate

log = logging.getLogger(__name__)

MOST_CLIENTS = 64
BLOCKED_FOR = 10.0  # s until a socket that takes nothing is given up
SLOW_BEAT = 0.5  # s between looks at status and alarms
MOST_REPLIES = 16  # answers waiting for a client that talks but does not listen
TALK_PAUSE = 0.02  # s between messages read from one client: 50 a second are plenty

TOGETHER = 0.002  # s: who is due so close together is served from the same text

GOING_AWAY, TRY_AGAIN_LATER = 1001, 1013  # RFC 6455, section 7.4.1, and the IANA registry it names


# How the other end's going shows in a send: given up by us, gone by itself, or gone between two looks at its state
# (Starlette then calls a send "unexpected").
_GONE = (TimeoutError, WebSocketDisconnect, OSError, RuntimeError)


class Client:
    """One open socket: what it wants, and the one text it may be sent next."""

    def __init__(self, name: str, socket: WebSocket) -> None:
        self.name = name
        self.socket = socket
        self.wants: dict[Channel, Subscribe] = {}
        self.due = 0.0  # loop time of the next values
        self.watched: tuple[tuple[str, ...], float] | None = None
        self.told: dict[Channel, str] = {}  # what it was last told of the status and the alarms
        self._seq = 0
        self._replies: deque[str] = deque()
        self._newest: str | None = None
        self._wake = asyncio.Event()
        self._room = asyncio.Event()

    def show(self, data: str) -> None:
        """Let ``data`` be the next values it gets, in place of any it has not taken."""
        self._newest = data
        self._wake.set()

    def forget_values(self) -> None:
        self._newest = None

    def say(self, text: str) -> None:
        """Send an answer or a notice, after those before it."""
        self._replies.append(text)
        self._wake.set()

    async def wait_for_room(self) -> None:
        """Return when it has taken enough of its answers to be asked for more."""
        while len(self._replies) >= MOST_REPLIES:
            self._room.clear()
            await self._room.wait()

    async def send_forever(self) -> None:
        """Send answers first, then the newest values. Ends when the socket is closed or takes nothing for 10 s."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._replies:
                await self._send(self._replies.popleft())
                self._room.set()
            data, self._newest = self._newest, None
            if data is not None:
                self._seq += 1
                await self._send(f'{{"type":"signals","seq":{self._seq},"data":{data}}}')

    async def _send(self, text: str) -> None:
        async with asyncio.timeout(BLOCKED_FOR):
            await self.socket.send({"type": "websocket.send", "text": text})


class Hub:
    """All tablets, and the beat at which they are served. Lives on the server's loop; nothing here is locked."""

    def __init__(self, snapshots: Snapshots, notices: Notices) -> None:
        self._snapshots = snapshots
        self._notices = notices
        self._source = notices.source
        self._clients: dict[str, Client] = {}
        self._numbers = itertools.count(1)
        self._timer: asyncio.TimerHandle | None = None
        self._slow_due = 0.0
        self._closing = asyncio.Event()
        self.ticks = 0  # texts written, for the tests: it grows with what is wanted, not with the number of tablets

    @property
    def count(self) -> int:
        """Tablets connected now."""
        return len(self._clients)

    def close(self) -> None:
        """Send everybody away; each connection then ends by itself."""
        self._closing.set()
        if self._timer is not None:
            self._timer.cancel()

    async def serve(self, socket: WebSocket) -> None:
        """Serve one tablet until it goes, is given up, or the server stops."""
        await socket.accept()
        if len(self._clients) >= MOST_CLIENTS:
            words = tr("{count} devices are connected already. Close the page on one of them.", count=MOST_CLIENTS)
            await socket.send_text(_error(words))
            await socket.close(TRY_AGAIN_LATER, "too many devices")
            return
        client = Client(f"tablet:{next(self._numbers)}", socket)
        self._clients[client.name] = client
        try:
            await self._until_done(client)
        finally:
            self._clients.pop(client.name, None)
            self._watch(client, None)

    async def _until_done(self, client: Client) -> None:
        sending = asyncio.create_task(client.send_forever())
        hearing = asyncio.create_task(self._hear_forever(client))
        closing = asyncio.create_task(self._closing.wait())
        tasks = (sending, hearing, closing)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            if isinstance(end, Exception) and not isinstance(end, _GONE):
                raise end
        if self._closing.is_set() and not isinstance(ends[0], TimeoutError):
            await self._say_goodbye(client.socket)

    @staticmethod
    async def _say_goodbye(socket: WebSocket) -> None:
        try:
            async with asyncio.timeout(0.1):
                await socket.close(GOING_AWAY, "the terminal stops")
        except _GONE:
            log.debug("a tablet was gone before it could be told")

    async def _hear_forever(self, client: Client) -> None:
        while True:
            await client.wait_for_room()
            event = await client.socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            try:
                self._follow(client, _read(event.get("text")))
            except BadMessage as bad:
                client.say(_error(str(bad)))
            await asyncio.sleep(TALK_PAUSE)

    def _follow(self, client: Client, message: Message) -> None:
        match message:
            case Subscribe():
                self._subscribe(client, message)
            case Unsubscribe(channel):
                client.wants.pop(channel, None)
                client.told.pop(channel, None)
                if channel == "signals":
                    client.forget_values()
                    self._watch(client, None)
            case Ping(mark):
                client.say(json.dumps({"type": "pong", "id": mark}))

    def _subscribe(self, client: Client, wish: Subscribe) -> None:
        client.wants[wish.channel] = wish
        client.told.pop(wish.channel, None)
        if wish.told:
            client.say(json.dumps({"type": "subscribed", "channel": wish.channel, "rate_hz": wish.rate_hz}))
        client.due = 0.0
        self._slow_due = 0.0
        self._tick()

    # The beat ------------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Serve everybody who is due, and set the clock for the next."""
        if self._closing.is_set():
            return
        moment = asyncio.get_running_loop().time() + TOGETHER
        try:
            self._serve_values(moment)
            if moment >= self._slow_due:
                self._slow_due = moment + SLOW_BEAT
                self._serve_notices()
        finally:
            self._set_clock(moment)

    def _serve_values(self, moment: float) -> None:
        written: dict[tuple[str, ...], str] = {}
        everything: tuple[str, ...] | None = None
        now = self._source.now()
        for client in self._clients.values():
            wish = client.wants.get("signals")
            if wish is None or client.due > moment:
                continue
            period = 1 / wish.rate_hz
            # On a common grid, so that tablets with the same rate are due together and share what is written.
            client.due = (moment // period + 1) * period
            names = wish.signals
            if names is None:
                names = everything = everything or offered(self._source)
            self._watch(client, (names, wish.rate_hz))
            if names not in written:
                written[names] = self._snapshots.data(names, now)
                self.ticks += 1
            client.show(written[names])

    def _serve_notices(self) -> None:
        told: dict[tuple[Channel, str], str] = {}
        for client in self._clients.values():
            for channel, write in self._writers():
                wish = client.wants.get(channel)
                if wish is None:
                    continue
                key = (channel, wish.language or language.current())
                if key not in told:
                    with language.speaking(key[1]):
                        told[key] = write()
                if client.told.get(channel) != told[key]:
                    client.told[channel] = told[key]
                    client.say(told[key])

    def _writers(self) -> tuple[tuple[Channel, Callable[[], str]], ...]:
        return ("status", self._notices.status), ("alarms", self._notices.alarms)

    def _set_clock(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wishes = [client for client in self._clients.values() if client.wants]
        if not wishes:
            return
        dues = [client.due for client in wishes if "signals" in client.wants]
        if any(client.wants.keys() - {"signals"} for client in wishes):
            dues.append(self._slow_due)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(max(min(dues), moment), self._tick)

    def _watch(self, client: Client, wanted: tuple[tuple[str, ...], float] | None) -> None:
        """Tell the session what this tablet looks at, when that has changed."""
        if wanted == client.watched:
            return
        client.watched = wanted
        names, rate = wanted or ((), 0.0)
        self._source.watch(client.name, {name.partition("@")[0]: watch_rate(name, rate) for name in names})


def _read(text: str | None) -> Message:
    if text is None:
        raise BadMessage(tr("Send text, not binary."))
    return parse(text)


def _error(words: str) -> str:
    return json.dumps({"type": "error", "message": words})
