"""An ELM327 without its cable: bytes go in with their time, bytes come out when they have reached the host.

No clock, no thread and no socket: ``receive`` and ``advance`` are told what time it is, so that every millisecond of
an adapter's behaviour can be tested without waiting for it. ``server`` puts it behind a pty or a TCP port.

From the data sheet: a command ends with a carriage return; spaces, line feeds and NULs in it are ignored; a lone
carriage return repeats the last command; a byte that comes while the adapter is busy with the bus stops it
(``STOPPED``), and what else comes before that prompt is lost.
"""

import re
from collections import deque
from dataclasses import dataclass, replace
from functools import lru_cache
from math import nextafter
from typing import NamedTuple

from core.obd.simulator.at_commands import AT
from core.obd.simulator.bus import AnsweringCar, Bus
from core.obd.simulator.command_table import SILENT, UNKNOWN, Command
from core.obd.simulator.dialects import Dialect, FrameCount
from core.obd.simulator.fault_board import FaultBoard
from core.obd.simulator.faults import Fault, FaultKind
from core.obd.simulator.mischief import EOL
from core.obd.simulator.settings import CAN, Settings
from core.obd.simulator.stn_commands import ST
from core.obd.simulator.timing import AdapterModel, Wire

NEVER = float("inf")
PROMPT = EOL + ">"
LONGEST_LINE = 512
WARM_SHARE = 0.4  # of a cold start: AT WS leaves out the lamp test (data sheet)
_HEXADECIMAL = frozenset("0123456789ABCDEF")


class Input(NamedTuple):
    """Bytes on their way in: arrival of the first and the last one; ``complete`` when a carriage return ended them."""

    first: float
    last: float
    text: bytes
    complete: bool


class Output(NamedTuple):
    """Bytes on their way out: printed at ``at``, with the host at ``due``; ``before`` is when the wire was free."""

    at: float
    due: float
    before: float
    data: bytes
    baud: int


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """What the transport must do: ``hangup`` drops the client, ``unplug`` takes the adapter away for ``seconds``.

    With ``power`` the adapter loses its power meanwhile and starts anew: call ``power_on`` when it is back.
    """

    kind: str
    seconds: float = 0.0
    power: bool = False


class ElmAdapter:
    """One adapter, plugged into ``car``. ``ecu_s`` replaces the control units' own answer time."""

    def __init__(
        self,
        car: AnsweringCar,
        model: AdapterModel,
        dialect: Dialect,
        board: FaultBoard,
        *,
        now: float = 0.0,
        ecu_s: float | None = None,
    ) -> None:
        self.car = car
        self.model = model
        self.dialect = dialect
        self.board = board
        self.bus = Bus(car, model, dialect, board, ecu_s)
        self.settings = Settings(st=model.st)
        self.saved_protocol = ("0", True)
        self.stored_byte = 0xFF
        self.baud_wait_s = 0.075  # AT BRT 0F (data sheet)
        self.st_override_s: float | None = None
        self.baud = model.baud
        self.sent_baud = model.baud  # of what ``advance`` returned last: the OK to a switch comes at the old rate
        self._in = Wire(model.baud, model.one_way_s)
        self._out_wire = Wire(model.baud, model.one_way_s + model.latency_s)
        self._inbox: deque[Input] = deque()
        self._out: deque[Output] = deque()
        self._links: list[LinkEvent] = []
        self._line = b""
        self._last_command = ""
        self._tail = b">"  # the last byte that went out
        self._busy_from = self._busy_until = -NEVER
        self._deaf_until = -NEVER
        self._asleep = False
        self._silent_until, self._silence_holds = -NEVER, False
        self._baud_trial: tuple[float, int] | None = None
        self._requests = 0
        self._now = now
        board.begin(now)

    # The wire

    def receive(self, data: bytes, now: float) -> None:
        """The host has written ``data`` at ``now``."""
        if now < self._silent_until:
            if not self._silence_holds:
                return
            now = self._silent_until
        start = 0
        while start < len(data):
            end = data.find(b"\r", start) + 1
            text = data[start:end] if end else data[start:]
            first, last = self._in.carry(now, len(text))
            self._inbox.append(Input(first, last, text, end > 0))
            start += len(text)

    def advance(self, now: float) -> bytes:
        """Live until ``now``; what has reached the host since the last time."""
        self._now = now
        self._suffer(now)
        inbox = self._inbox
        while inbox and inbox[0].first <= now:
            if not self._take(inbox[0], now):
                break
            inbox.popleft()
        self._suffer(now)  # what a request has set off
        if self._baud_trial and now >= self._baud_trial[0]:
            self._end_baud_trial(self._baud_trial[0], kept=False)
        return self._delivered(now)

    def next_due(self) -> float | None:
        """When ``advance`` has something to do, if nothing is received before."""
        times = [event for event in (self.board.next_at(),) if event is not None]
        if self._inbox:
            head = self._inbox[0]
            times.append(head.first if head.first > self._now else head.last)
        if self._out:
            due = self._out[0].due
            times.append(max(due, self._silent_until) if self._silence_holds else due)
        if self._baud_trial:
            times.append(self._baud_trial[0])
        return min(times, default=None)

    def take_link_events(self) -> list[LinkEvent]:
        """What the transport has to do, once."""
        if not self._links:
            return []
        events, self._links = self._links, []
        return events

    def discard(self) -> None:
        """The host has gone: forget what was on its way, in both directions, and what the bus was asked."""
        self._inbox.clear()
        self._out.clear()
        self._line = b""
        self._busy_from = self._busy_until = -NEVER

    def power_on(self, now: float) -> None:
        """Plugged in again: everything forgotten, and deaf until the banner."""
        self.discard()
        self._defaults()
        self._silent_until = -NEVER
        self._out_wire.free_at = now
        self._banner(now + self.model.reset_s, "")

    def _delivered(self, now: float) -> bytes:
        out = self._out
        if not out or out[0].due > now:
            return b""
        silent = self._silent_until
        if now < silent and self._silence_holds:
            return b""
        parts = []
        self.sent_baud = out[0].baud
        while out and out[0].due <= now and out[0].baud == self.sent_baud:
            piece = out.popleft()
            if piece.due >= silent or self._silence_holds:
                parts.append(piece.data)
            self._tail = piece.data[-1:]
        return b"".join(parts)

    def _emit(self, at: float, text: str) -> None:
        if self.settings.linefeeds:
            text = text.replace("\r", "\r\n")
        data = text.encode("latin-1", "replace")
        before = self._out_wire.free_at
        _, due = self._out_wire.carry(at, len(data))
        self._out.append(Output(at, due, before, data, self.baud))

    def _finish(self, at: float, text: str) -> None:
        """Print the answer of a command, and the prompt; nothing is heard of the bus meanwhile."""
        self._emit(at, (text + EOL if text else "") + PROMPT)
        self._busy_from = self._busy_until = max(at, self._out_wire.free_at)

    # Commands

    def _take(self, piece: Input, now: float) -> bool:
        """Deal with what has come in; False while its last byte is still on its way."""
        if self._busy_from <= piece.first < self._busy_until:
            self._interrupt(piece.first)
            return True
        if piece.first < self._deaf_until:
            return True
        if piece.last > now:
            return False
        if self._asleep:
            self._wake(piece.first)
            return True
        self._line = (self._line + piece.text)[-LONGEST_LINE:]
        if piece.complete:
            line, self._line = self._line, b""
            self._execute(line, piece)
        return True

    def _execute(self, line: bytes, piece: Input) -> None:
        text = plain(line)
        if self._baud_trial:
            self._end_baud_trial(piece.last, kept=not text)
            return
        if self.settings.echo:
            self._emit(piece.first, line.decode("latin-1"))
        text = text or self._last_command
        self._last_command = text
        at = max(piece.last, self._busy_until) + self.model.process_s
        if text[:2] in ("AT", "ST"):
            self._command(text, at)
        elif text and _HEXADECIMAL.issuperset(text):
            self._obd(text, at)
        else:
            self._finish(at, UNKNOWN if text else "")

    def _command(self, text: str, at: float) -> None:
        found = find_command(text, self.dialect)
        if found is None:
            self._finish(at, UNKNOWN)
            return
        command, match = found
        answer = None if command.name in self.dialect.lip_service else command.handler(self, match, at)
        if answer != SILENT:
            self._finish(at, "OK" if answer is None else answer)

    def _obd(self, text: str, at: float) -> None:
        expected = None
        if len(text) % 2:
            if self.dialect.frame_count is FrameCount.REFUSED:
                self._finish(at, UNKNOWN)
                return
            if self.dialect.frame_count is FrameCount.HONOURED:
                expected = int(text[-1], 16)
            text = text[:-1]
        self.request(at, text, expected, self.st_override_s)

    def request(self, at: float, digits: str, expected: int | None, wait_s: float | None) -> None:
        """Ask the car and print what comes; ``expected`` 0 counts nothing."""
        settings = self.settings
        data = bytes.fromhex(digits)
        formatted = settings.formatting or self.bus.protocol not in CAN
        if not data or len(data) > (7 if formatted else 8):
            self._finish(at, UNKNOWN)  # the chip cannot segment a request (data sheet)
            return
        if not formatted:
            data = data[1 : 1 + (data[0] & 0xF)] if data[0] < 0x10 else b""
        self._requests += 1
        if self.dialect.stray_spaces and self._requests % self.dialect.stray_spaces == 0:
            settings = replace(settings, spaces=True)
        answer = self.bus.ask(data, settings, at, expected=expected, wait_s=wait_s)
        text, moment = "", at
        for when, piece in answer.pieces:
            if when != moment and text:
                self._emit(moment, text)
                text = ""
            text, moment = text + piece, when
        if text and moment != answer.end:
            self._emit(moment, text)
            text = ""
        if answer.prompt:
            text += PROMPT
        if text:
            self._emit(answer.end, text)
        self._busy_from, self._busy_until = at - self.model.process_s, answer.end

    def _interrupt(self, at: float) -> None:
        """A byte came while the bus was in use: what would have been printed from now on is not."""
        broken = False
        while self._out and self._out[-1].at > at:
            piece = self._out.pop()
            self._out_wire.free_at = piece.before
            broken = True
        if not broken and self._busy_until < NEVER:
            return  # everything was printed already
        self.bus.interrupted(at)
        unfinished = (self._out[-1].data if self._out else self._tail)[-1:] not in (b"\r", b"\n", b">")
        self._emit(at, (EOL if unfinished else "") + "STOPPED" + EOL + PROMPT)
        self._busy_from = self._busy_until = -NEVER
        self._deaf_until = nextafter(self._out_wire.free_at, NEVER)  # with no delay, what came together goes together

    # What commands do to the adapter (``command_table.Unit``)

    def restart(self, at: float, *, cold: bool) -> None:
        """AT Z and AT WS: defaults, then the banner; deaf until then."""
        self._defaults()
        ready = at + self.model.reset_s * (1.0 if cold else WARM_SHARE)
        if cold and self.dialect.drops_link_on_reset:
            self._links.append(LinkEvent("hangup", self.model.reset_s))
            self._deaf_until = ready
            return
        self._banner(ready, "")

    def _banner(self, at: float, notice: str) -> None:
        self._emit(at, EOL + (notice or EOL) + (EOL if notice else "") + self.dialect.identity + EOL + PROMPT)
        self._deaf_until = at
        self._busy_from = self._busy_until = max(at, self._out_wire.free_at)

    def _defaults(self) -> None:
        self.settings = Settings(st=self.model.st)
        self.st_override_s = None
        self._line, self._last_command = b"", ""
        self._asleep, self._baud_trial = False, None
        self._set_baud(self.model.baud)
        self.bus.choose(*self.saved_protocol)
        self.bus.forget()

    def monitor(self, at: float) -> None:
        """AT MA: listen until a byte comes. A car answers and does not chatter here, so nothing is printed."""
        self._busy_from, self._busy_until = at, NEVER

    def sleep(self, at: float) -> None:
        """AT LP: any byte wakes the chip."""
        self._emit(at, "OK" + EOL)
        self._asleep = True
        self._busy_from = self._busy_until = self._out_wire.free_at

    def _wake(self, at: float) -> None:
        self._asleep = False
        self._banner(at + self.model.reset_s * WARM_SHARE, "")

    def hold_bus(self, at: float, until: float, started: str, ended: str) -> None:
        """AT SI, AT FI: a bus start that can be interrupted."""
        self._emit(at, started)
        self._emit(until, ended + EOL + PROMPT)
        self._busy_from, self._busy_until = at, until

    def volts(self, at: float) -> float:
        return self.board.voltage(self.car.voltage(at), at)

    def ignition_on(self, at: float) -> bool:
        return self.board.ignition_on(at)

    # Baud rate

    def _set_baud(self, baud: int) -> None:
        self.baud = baud
        if self.model.baud:  # an adapter without a limit keeps none
            self._in.set_baud(baud)
            self._out_wire.set_baud(baud)

    def switch_baud(self, at: float, baud: int) -> None:
        """STSBR: OK at the old rate, the prompt at the new one."""
        self._emit(at, "OK" + EOL)
        self._set_baud(baud)
        self._finish(at, "")

    def try_baud(self, at: float, baud: int, greeting: str) -> None:
        """AT BRD, STBR: OK at the old rate, a pause, who I am at the new one, then wait for a carriage return.

        Both waits are AT BRT (ELM327 data sheet, "Using Higher RS232 Baud Rates").
        """
        self._emit(at, "OK" + EOL)
        old = self.baud
        at = self._out_wire.free_at + self.baud_wait_s
        self._set_baud(baud)
        self._emit(at, greeting + EOL)
        self._baud_trial = (max(at, self._out_wire.free_at) + self.baud_wait_s, old)

    def _end_baud_trial(self, at: float, *, kept: bool) -> None:
        _, old = self._baud_trial or (0.0, self.baud)
        self._baud_trial = None
        if not kept:
            self._set_baud(old)
        self._finish(at, "OK" if kept else "")

    # Faults that need no request

    def _suffer(self, now: float) -> None:
        for fault in self.board.events(now):
            self._befall(fault, now)

    def _befall(self, fault: Fault, now: float) -> None:
        if fault.kind is FaultKind.SILENCE:
            self._silent_until, self._silence_holds = now + fault["seconds"], fault["hold"]
        elif fault.kind is FaultKind.ADAPTER_RESET:
            self.discard()
            self._out_wire.free_at = now
            self._defaults()
            self._banner(now + self.model.reset_s, fault["notice"])
        elif fault.kind is FaultKind.UNPLUG:
            self.discard()
            self._links.append(LinkEvent("unplug", fault["seconds"], fault["power"]))


@lru_cache(maxsize=4096)
def find_command(text: str, dialect: Dialect) -> tuple[Command, re.Match[str]] | None:
    """The AT or ST command, if this chip knows it."""
    if text.startswith("AT"):
        return AT.find(text, dialect)
    return ST.find(text, dialect) if dialect.stn else None


@lru_cache(maxsize=4096)
def plain(line: bytes) -> str:
    """A command without what the chip ignores, in capitals."""
    return line.decode("latin-1").translate(_IGNORED).upper()


_IGNORED = {ord(character): None for character in " \t\r\n\x00"}
