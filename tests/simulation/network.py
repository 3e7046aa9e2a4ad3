"""The network between simulated terminals: it loses, repeats and delays what is said, and falls into parts."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgpack  # type: ignore[import-untyped]

from core.records.errors import RecordsError
from core.sync.messages import TransportError
from tests.simulation.faults import SimulatedCrashError, Weather
from tests.simulation.terminal import Terminal

Message = dict[str, Any]

REMEMBERED = 12  # messages that may come again, much later


class LineError(Exception):
    """Nobody answered."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it went over the line, for saying it again."""

    caller: str
    to: Terminal
    kind: str
    packed: bytes


class Network:
    """Carries messages between terminals. ``pause`` is called while a message is under way: life goes on meanwhile."""

    def __init__(self, weather: Weather, random: random.Random, tell: Callable[[str], None]) -> None:
        self.weather = weather
        self.random = random
        self.tell = tell
        self.part: dict[str, int] = {}  # name of a terminal -> part of the network it is in
        self.said: deque[Said] = deque(maxlen=REMEMBERED)
        self.pause: Callable[[Terminal, Terminal], None] = lambda _caller, _to: None
        self.healed = False

    def cut(self, names: list[str]) -> None:
        """The network falls into two or three parts."""
        parts = self.random.choice((2, 2, 3))
        self.part = {name: self.random.randrange(parts) for name in names}

    def heal(self) -> None:
        self.part = {}

    def reaches(self, one: Terminal, other: Terminal) -> bool:
        return self.part.get(one.name, 0) == self.part.get(other.name, 0)

    def line(self, caller: Terminal, to: Terminal) -> "Line":
        return Line(self, caller, to)

    def happens(self, chance: float) -> bool:
        return not self.healed and chance > 0 and self.random.random() < chance

    def say_again(self) -> None:
        """An old message arrives once more, long after it was sent; nobody waits for the answer."""
        if not self.said:
            return
        said = self.random.choice(tuple(self.said))
        self.tell(f"again, late: {said.kind} from {said.caller[:6]} to {said.to.name}")
        try:
            self.answer(said.to, said.kind, said.packed, said.caller)
        except LineError as error:
            self.tell(f"  {error}")

    def answer(self, to: Terminal, kind: str, packed: bytes, caller: str) -> bytes:
        """What ``to`` answers. Raises ``LineError`` when it does not, for whatever reason of its own."""
        if not to.up:
            raise LineError(f"{to.name} is off")
        try:
            reply = to.answer(kind, msgpack.unpackb(packed), caller)
        except SimulatedCrashError as crash:
            self.tell(f"  {crash}")
            to.crashed()
            raise LineError(f"{to.name} stopped while it answered") from None
        except RecordsError as error:
            if not to.fuse.blew:
                raise
            raise LineError(f"{to.name}: {type(error).__name__}") from None
        return bytes(msgpack.packb(reply))


class Line:
    """One terminal calling another: a ``Transport``."""

    def __init__(self, network: Network, caller: Terminal, to: Terminal) -> None:
        self.network, self.caller, self.to = network, caller, to

    def request(self, kind: str, message: Message) -> Message:
        """Send and wait for the answer. Raises the exchange's ``TransportError``."""
        try:
            reply: Message = msgpack.unpackb(self._carried(kind, msgpack.packb(message)))
        except LineError as error:
            self.network.tell(f"  {kind}: {error}")
            raise TransportError(str(error)) from None
        return reply

    def _carried(self, kind: str, packed: bytes) -> bytes:
        network, weather = self.network, self.network.weather
        self.caller.clock.pass_ms(network.random.randrange(1, 40))
        if not network.reaches(self.caller, self.to):
            raise LineError("the network is cut")
        network.said.append(Said(self.caller.device_id, self.to, kind, packed))
        if network.happens(weather.lost_request):  # or only late: it may still come
            raise LineError("lost on the way")
        network.pause(self.caller, self.to)
        reply = network.answer(self.to, kind, packed, self.caller.device_id)
        if network.happens(weather.duplicate):
            network.tell(f"  {kind} arrives twice")
            second = network.answer(self.to, kind, packed, self.caller.device_id)
            reply = network.random.choice((reply, second))
        if network.happens(weather.lost_reply):
            raise LineError("answered, and the answer was lost")
        return reply
