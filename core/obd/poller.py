"""One request and what may be believed of its answer: the reply rule applied to a whole exchange.

After a missing or doubtful answer the next thing asked of that ECU is a *fence*: its first support mask, which every
ECU has. A late answer to the question before then meets a question it does not fit and is counted, instead of passing
for a fresh one.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from core.obd.gaps import GapCounter, GapKind
from core.obd.link import DiagLink, EcuMessage, Exchange
from core.obd.reply import Accepted, Refused, accept
from core.obd.signals import pid_length

FENCE = b"\x01\x00"
FENCE_TRIES = 3
DOUBTFUL = {
    GapKind.NO_DATA, GapKind.TIMEOUT, GapKind.LATE, GapKind.FOREIGN, GapKind.SHORT,
    GapKind.GARBLED, GapKind.DUPLICATE, GapKind.STOPPED, GapKind.ADAPTER, GapKind.BUFFER_FULL,
}  # fmt: skip

GapTap = Callable[[GapKind, str], None]
ReplyTap = Callable[[EcuMessage, bytes], None]


@dataclass(slots=True)
class Polled:
    """Data bytes by PID with the time each was received, and the refusal if there was one."""

    data: dict[int, tuple[float, bytes]] = field(default_factory=dict)
    refusal: Refused | None = None
    heard: bool = False  # the ECU said something that was an answer


def frames_of(pids: tuple[int, ...]) -> int:
    """CAN frames of a complete answer (ISO 15765-2: seven bytes in one frame; else six, then seven in each)."""
    length = 1 + sum(1 + (pid_length(pid) or 0) for pid in pids)
    return 1 if length <= 7 else 1 + -(-(length - 6) // 7)


class FrameCounts:
    """How many frames an answer has: known once the ECU has answered each of the PIDs, distrusted after a mismatch."""

    TRUST_AGAIN = 50

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], int] = {}
        self._distrust: dict[tuple[str, tuple[int, ...]], int] = {}

    def expect(self, ecu: str, pids: tuple[int, ...]) -> int | None:
        """Frames of the answer, or None when it is not known or was wrong lately."""
        key = (ecu, pids)
        left = self._distrust.get(key, 0)
        if left:
            self._distrust[key] = left - 1
            return None
        if len(pids) == 1:
            return self._seen.get((ecu, pids[0]))
        if any((ecu, pid) not in self._seen for pid in pids):
            return None
        return frames_of(pids)

    def learn(self, ecu: str, pids: tuple[int, ...], expected: int | None, exchange: Exchange, complete: bool) -> None:
        """Hold the expectation against what came."""
        if complete and (expected is None or exchange.frames == expected):
            if len(exchange.messages) > 1:
                return  # "pending" or somebody else's frames were counted too
            if len(pids) == 1:
                self._seen[(ecu, pids[0])] = exchange.frames
            else:
                for pid in pids:
                    self._seen.setdefault((ecu, pid), frames_of((pid,)))
        elif expected is not None:
            self._distrust[(ecu, pids)] = self.TRUST_AGAIN


class Poller:
    """Asks through a link and believes only what the reply rule allows. One thread."""

    def __init__(self, link: DiagLink, gaps: GapCounter, on_gap: GapTap, on_reply: ReplyTap) -> None:
        self._link = link
        self._gaps = gaps
        self._on_gap = on_gap
        self._on_reply = on_reply
        self._frames = FrameCounts()
        self._doubt: set[str] = set()
        self._asked: deque[int] = deque(maxlen=24)
        self._lengths: dict[str, dict[int, int]] = {}  # of PIDs that an ECU sends in their second length

    def poll(self, ecu: str, pids: tuple[int, ...]) -> Polled:
        """Mode 01 PIDs of one ECU. Raises what the link raises."""
        fenced = ecu in self._doubt
        if fenced and not self._fence(ecu):
            return Polled()
        request = bytes([1, *pids])
        expected = self._frames.expect(ecu, pids)
        exchange = self._link.request(ecu or None, request, expected)
        polled = self._believe(ecu, request, exchange)
        complete = len(polled.data) == len(pids)
        self._frames.learn(ecu, pids, expected, exchange, complete)
        self._asked.extend(pids)
        if not polled.heard:
            self._doubt.add(ecu)
            polled.heard = fenced  # this PID is silent, the ECU is not
        return polled

    def _fence(self, ecu: str) -> bool:
        for _ in range(FENCE_TRIES):
            exchange = self._link.request(ecu or None, FENCE, 1)
            polled = self._believe(ecu, FENCE, exchange)
            if 0 in polled.data:
                self._doubt.discard(ecu)
                return True
            if not exchange.messages:
                return False
        return False

    def _believe(self, ecu: str, request: bytes, exchange: Exchange) -> Polled:
        out = Polled()
        for kind, detail in exchange.gaps:
            self._gap(ecu, kind, detail)
        conflicting: set[int] = set()
        for message in exchange.messages:
            self._on_reply(message, request)
            if ecu and message.ecu != ecu:
                self._gap(ecu, GapKind.FOREIGN, f"{message.ecu}: {message.payload.hex()}")
                continue
            verdict = accept(request, message.payload, self._lengths.get(ecu, {}))
            if isinstance(verdict, Accepted):
                out.heard = True
                self._note_length(ecu, request, verdict)
                for pid, data in verdict.data.items():
                    self._take(ecu, out, conflicting, pid, (message.t, data))
            elif isinstance(verdict, Refused):
                out.heard = True
                out.refusal = verdict
                self._count(GapKind.REFUSED, f"{message.ecu}: {verdict.words}")
            else:
                self._gap(ecu, self._late_or(verdict.kind, message.payload), f"{message.ecu}: {verdict.detail}")
        for pid in conflicting:
            out.data.pop(pid, None)
        return out

    def _note_length(self, ecu: str, request: bytes, verdict: Accepted) -> None:
        if len(request) == 2:
            length = len(verdict.data[request[1]])
            if length != pid_length(request[1]):
                self._lengths.setdefault(ecu, {})[request[1]] = length

    def _take(self, ecu: str, out: Polled, conflicting: set[int], pid: int, sample: tuple[float, bytes]) -> None:
        known = out.data.get(pid)
        if known is None and pid not in conflicting:
            out.data[pid] = sample
            return
        self._gap(ecu, GapKind.DUPLICATE, f"PID {pid:02X} twice")
        if known is not None and known[1] != sample[1]:
            # Two answers that differ: one of them is old, and nothing says which. Neither is shown.
            conflicting.add(pid)
            self._count(GapKind.DUPLICATE, f"PID {pid:02X}")

    def _late_or(self, kind: GapKind, payload: bytes) -> GapKind:
        was_asked = len(payload) > 1 and payload[0] == 0x41 and payload[1] in self._asked
        return GapKind.LATE if kind is GapKind.FOREIGN and was_asked else kind

    def _gap(self, ecu: str, kind: GapKind, detail: str) -> None:
        if kind in DOUBTFUL:
            self._doubt.add(ecu)
        self._count(kind, detail)

    def _count(self, kind: GapKind, detail: str) -> None:
        self._gaps.add(kind)
        self._on_gap(kind, detail)
