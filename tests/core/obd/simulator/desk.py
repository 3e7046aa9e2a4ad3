"""A desk to try an adapter on: a tiny car, and time that passes only when a test says so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace

from core.obd.simulator import dialects, timing
from core.obd.simulator.adapter import ElmAdapter
from core.obd.simulator.fault_board import FaultBoard
from core.obd.simulator.faults import FaultScript

VIN = b"1HGCM82633A004352"
PIDS = {0x00: "BE3FB813", 0x04: "40", 0x05: "7B", 0x0B: "21", 0x0C: "1AF8", 0x0D: "32", 0x0F: "3C", 0x11: "26"}


@dataclass(frozen=True)
class Reply:
    ecu: int
    delay_s: float
    payload: bytes


@dataclass
class TinyCar:
    """An engine unit and, if wanted, a transmission that answers 2 ms later; it remembers what it was asked."""

    protocol: str = "6"
    padding: int | None = None
    ecus: tuple[int, ...] = (0x7E8,)
    delay_s: float = 0.008
    asked: list[tuple[bytes, int | None]] = field(default_factory=list)

    @property
    def spec(self) -> SimpleNamespace:
        return SimpleNamespace(padding=self.padding)

    def answer(self, request: bytes, target: int | None, now: float) -> Sequence[Reply]:
        self.asked.append((request, target))
        replies = []
        for number, ecu in enumerate(self.ecus):
            if target not in (None, self._request_id(ecu)):
                continue
            payload = self._payload(request)
            if payload:
                replies.append(Reply(ecu, self.delay_s + 0.002 * number, payload))
        return replies

    def _request_id(self, ecu: int) -> int:
        if ecu > 0x7FF:
            return 0x18DA00F1 | (ecu & 0xFF) << 8
        return ecu - 8 if ecu > 0xFF else ecu

    def _payload(self, request: bytes) -> bytes:
        if request[0] == 0x01:
            known = [pid for pid in request[1:] if pid in PIDS]
            return b"\x41" + b"".join(bytes((pid,)) + bytes.fromhex(PIDS[pid]) for pid in known) if known else b""
        if request == b"\x09\x02":
            return b"\x49\x02\x01" + VIN
        if request == b"\x03":
            return b"\x43\x00"
        return b""

    def voltage(self, now: float) -> float:
        return 12.47


class Desk:
    """An adapter in virtual time. ``ask`` types a command and reads to the prompt."""

    def __init__(
        self,
        model: str = "ideal",
        dialect: str | None = None,
        *,
        car: TinyCar | None = None,
        faults: FaultScript | None = None,
        seed: int = 0,
        ecu_s: float | None = None,
    ) -> None:
        row = timing.model(model)
        self.car = car or TinyCar()
        self.board = FaultBoard(faults, seed)
        self.adapter = ElmAdapter(
            self.car, row, dialects.dialect(dialect or row.dialect), self.board, now=100.0, ecu_s=ecu_s
        )
        self.now = 100.0

    def type(self, text: str) -> None:
        """Write bytes, now, and do not wait."""
        self.adapter.receive(text.encode("latin-1"), self.now)

    def wait(self, seconds: float) -> str:
        """What arrives within ``seconds``."""
        return self._run(self.now + seconds, until_prompt=False)

    def ask(self, command: str, patience: float = 30.0) -> str:
        """The whole answer to ``command``, with echo and prompt; what has come when patience ends."""
        self.type(command + "\r")
        return self._run(self.now + patience, until_prompt=True)

    def timed(self, command: str) -> float:
        """Seconds from the command to its prompt."""
        began = self.now
        self.ask(command)
        return self.now - began

    def prepare(self, *commands: str) -> "Desk":
        """Send ``commands`` first, with echo off and spaces off: what most clients do."""
        for command in ("ATE0", "ATS0", *commands):
            assert self.ask(command).endswith(">"), command
        return self

    def lines(self, command: str) -> list[str]:
        """The answer without prompt and empty lines."""
        return [line for line in self.ask(command).replace(">", "").split("\r") if line]

    def _run(self, end: float, *, until_prompt: bool) -> str:
        text = self.adapter.advance(self.now).decode("latin-1")
        while not (until_prompt and text.endswith(">")):
            due = self.adapter.next_due()
            if due is None or due > end:
                self.now = end
                return text + self.adapter.advance(end).decode("latin-1")
            self.now = max(self.now, due)
            text += self.adapter.advance(self.now).decode("latin-1")
        return text
