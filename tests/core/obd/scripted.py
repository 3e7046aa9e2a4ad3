"""An adapter that says what the test tells it to, without a port and without waiting longer than asked."""

import time
from collections import deque
from collections.abc import Callable, Iterable

from core.obd.gaps import GapKind
from core.obd.link import EcuMessage, Exchange
from core.obd.status import AdapterInfo

Answers = Callable[[str], bytes | None]


class ScriptedBytes:
    """A ``ByteLink``: ``answers`` maps a command to the bytes that come back, None for silence."""

    def __init__(self, answers: Answers) -> None:
        self.baud: int | None = None
        self.sent: list[str] = []
        self.pending = bytearray()
        self._answers = answers

    def read(self, wait: float) -> bytes:
        if not self.pending:
            time.sleep(min(wait, 0.01))
            return b""
        data, self.pending = bytes(self.pending), bytearray()
        return data

    def write(self, data: bytes) -> None:
        command = data.decode("ascii").strip()
        self.sent.append(command)
        answer = self._answers(command)
        if answer is not None:
            self.pending += answer

    def set_baud(self, baud: int) -> None:
        self.baud = baud

    def close(self) -> None:
        pass


class ScriptedLink:
    """A ``DiagLink`` whose exchanges are given beforehand."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self.info = AdapterInfo("scripted", "elm327")
        self.protocol = "ISO 15765-4 (CAN 11 bit, 500 kbit/s)"
        self.max_pids = 6
        self.mode = "scripted"
        self.asked: list[tuple[str | None, str, int | None]] = []
        self._exchanges = deque(exchanges)

    def request(self, target: str | None, payload: bytes, frames: int | None = None) -> Exchange:
        self.asked.append((target, payload.hex(), frames))
        return self._exchanges.popleft()

    def find_car(self) -> Exchange:
        return self._exchanges.popleft()

    def voltage(self) -> float | None:
        return 12.6

    def close(self) -> None:
        pass


def exchange(*messages: str, gaps: Iterable[GapKind] = (), frames: int | None = None, ecu: str = "7E8") -> Exchange:
    """Messages as hexadecimal payloads, ``7E9:41057B`` for another ECU."""
    found = []
    for text in messages:
        who, _, payload = text.rpartition(":")
        found.append(EcuMessage(who or ecu, bytes.fromhex(payload), 1.0))
    return Exchange(found, [(kind, "") for kind in gaps], len(found) if frames is None else frames)
