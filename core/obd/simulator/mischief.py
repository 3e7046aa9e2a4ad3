"""What faults do to one answer: to the payloads of control units, to frames on their way, to the printed text.

No fault changes one hexadecimal digit into another: a serial line has no checksum, and no client could tell.
"""

from dataclasses import dataclass, field, replace

from core.obd.simulator.fault_board import Armed, FaultBoard
from core.obd.simulator.faults import FaultKind
from core.obd.simulator.framing import CONSECUTIVE, SINGLE, Frame, can_frames

EOL = "\r"
RESPONSE_PENDING = 0x78  # ISO 14229-1, annex A.1
SOON_S = 0.0003  # a little later than another frame, about one CAN frame
_STRANGER_11, _STRANGER_29, _STRANGER_LEGACY = 0x7EF, 0x18DAF1EE, 0xEE
# Replies nobody asked for, by PID: 83 °C, 640 rpm, 50 km/h, 25 % throttle.
_UNASKED = {0x05: b"\x7b", 0x0C: b"\x0a\x00", 0x0D: b"\x32", 0x11: b"\x40"}

# Instead of what the car would have said, printed at once.
_WORDS = {FaultKind.CAN_ERROR: "CAN ERROR", FaultKind.STOPPED: "STOPPED"}


@dataclass(slots=True)
class Answer:
    """Text to print and when; ``\\r`` ends a line. The prompt follows at ``end``, if ``prompt``."""

    end: float
    pieces: list[tuple[float, str]] = field(default_factory=list)
    prompt: bool = True


class Mischief:
    """The faults that strike the request in hand, and what earlier ones have kept back."""

    def __init__(self, board: FaultBoard) -> None:
        self._board = board
        self._random = board.random
        self._held: list[Frame] = []
        self._held_text = ""
        self._request, self._start, self._on_can = b"", 0.0, True
        self.armed: list[Armed] = []
        self.overflows = False

    def begin(self, request: bytes, now: float) -> None:
        """A request begins; which faults may strike it is decided here."""
        self._request, self._start = request, now
        self.armed = self._board.for_request(request, now)
        self.overflows = False

    def _first(self, *kinds: FaultKind) -> Armed | None:
        return next((armed for armed in self.armed if armed.fault.kind in kinds and armed.left > 0), None)

    def forget(self) -> None:
        """The adapter was reset: nothing is kept back any more."""
        self._held.clear()
        self._held_text = ""

    # Instead of an answer

    def instead(self, wait_s: float, bus_init: tuple[str, float]) -> Answer | None:
        """A complaint in place of any answer, or None. ``wait_s`` is AT ST, ``bus_init`` text and time of a start."""
        if not self.armed:
            return None
        armed = self._first(
            FaultKind.NO_DATA, FaultKind.CAN_ERROR, FaultKind.BUS_INIT_ERROR, FaultKind.STOPPED, FaultKind.COMPLAINT
        )
        if armed is None:
            return None
        fault, start = armed.fault, self._start
        if fault.kind is FaultKind.NO_DATA:
            armed.used()
            return Answer(start + wait_s, [(start + wait_s, "NO DATA" + EOL)])
        if fault.kind is FaultKind.BUS_INIT_ERROR:
            armed.used()
            text, seconds = bus_init
            return Answer(start + seconds, [(start, text), (start + seconds, "ERROR" + EOL)])
        words = _WORDS.get(fault.kind) or str(fault["text"])
        if words.startswith("<"):
            return None  # it stands behind data
        armed.used()
        return Answer(start, [(start, words + EOL)])

    # Payloads

    def on_payload(self, ecu: int, payload: bytes, at: float) -> list[tuple[float, bytes]]:
        """What the control unit says in place of ``payload``, and when."""
        armed = self._first(FaultKind.NEGATIVE)
        if armed is None or not armed.fault.concerns_ecu(ecu):
            return [(at, payload)]
        armed.used()
        nrc: int = armed.fault["nrc"]
        refusal = bytes((0x7F, self._request[0], nrc))
        return [(at, refusal), (at + armed.fault["delay_s"], payload)] if nrc == RESPONSE_PENDING else [(at, refusal)]

    # Frames

    def disturbs_frames(self) -> bool:
        return bool(self.armed or self._held)

    def on_frames(self, frames: list[Frame], *, on_can: bool) -> list[Frame]:
        """The frames that reach the adapter, by time; first those an earlier fault kept back."""
        self._on_can = on_can
        released, self._held = [replace(frame, at=self._start) for frame in self._held], []
        for armed in self.armed:
            mine = [n for n, frame in enumerate(frames) if armed.fault.concerns_ecu(frame.ecu)]
            if mine and self._spoil(armed, frames, mine):
                armed.used()
        return released + frames

    def _spoil(self, armed: Armed, frames: list[Frame], mine: list[int]) -> bool:
        fault = armed.fault
        victim = self._random.choice(mine)
        match fault.kind:
            case FaultKind.DROP:
                del frames[victim]
            case FaultKind.LATE if fault["mode"] == "frame":
                self._held.append(frames.pop(mine[-1]))
            case FaultKind.DUPLICATE:
                twin = frames[victim]
                frames.insert(victim + 1, replace(twin, at=twin.at + SOON_S, counted=False))
            case FaultKind.SHORT:
                frames[victim] = replace(frames[victim], data=_cut(frames[victim].data, fault["bytes"], self._on_can))
            case FaultKind.FOREIGN:
                stray = self._stray(fault["mode"], frames[mine[0]])
                frames.insert(0, replace(stray, at=max(self._start, frames[0].at - SOON_S)))
            case FaultKind.COMPLAINT:
                frames[mine[-1]] = replace(frames[mine[-1]], remark=fault["text"])
            case FaultKind.BUFFER_FULL:
                del frames[max(1, len(frames) // 2) :]
                self.overflows = True
            case _:
                return False
        return True

    def _stray(self, mode: str, real: Frame) -> Frame:
        """A well-formed frame that answers another question, or comes from somebody nobody knows."""
        request, on_can = self._request, self._on_can
        if mode == "random":
            mode = self._random.choice(("ecu", "pid", "service"))
        if mode == "ecu":
            stranger = _STRANGER_LEGACY if not on_can else _STRANGER_11 if real.ecu < 0x800 else _STRANGER_29
            if on_can and real.data[0] >> 4 == SINGLE:
                end = 1 + (real.data[0] & 0xF)
                data = real.data[: end - 1] + bytes((real.data[end - 1] ^ 0x55,)) + real.data[end:]
                return replace(real, ecu=stranger, data=data)
            return self._single(stranger, b"\x41\x0d\x55")
        if mode == "service":
            return self._single(real.ecu, b"\x43\x00" if request[0] == 0x07 else b"\x47\x00")
        pid = self._random.choice([pid for pid in _UNASKED if pid not in request[1:]] or [0x0D])
        return self._single(real.ecu, bytes((0x41, pid)) + _UNASKED[pid])

    def _single(self, ecu: int, payload: bytes) -> Frame:
        return can_frames(ecu, payload, 0.0, 0.0)[0] if self._on_can else Frame(0.0, ecu, payload)

    # Text

    def on_answer(self, answer: Answer) -> Answer:
        """Garbage into the text; a whole answer kept back, and an earlier one printed first."""
        slipped, self._held_text = self._held_text, ""
        armed = self._first(FaultKind.GARBAGE)
        if armed is not None and answer.pieces:
            at = self._random.randrange(len(answer.pieces))
            moment, text = answer.pieces[at]
            answer.pieces[at] = (moment, self._garble(armed, text))
            armed.used()
        armed = self._first(FaultKind.LATE)
        if armed is not None and armed.fault["mode"] == "answer":
            self._held_text = "".join(text for _, text in answer.pieces) + EOL + ">"
            answer = Answer(answer.end, prompt=False)
            armed.used()
        if slipped:
            answer.pieces.insert(0, (self._start, slipped))
        return answer

    def _garble(self, armed: Armed, text: str) -> str:
        fault, random = armed.fault, self._random
        mode = fault["mode"]
        if mode == "random":
            mode = random.choice(("insert", "lose", "chatter", "nul"))
        count: int = fault["bytes"]
        at = random.randrange(len(text) + 1)
        if mode == "insert":
            noise = "".join(chr(random.choice(_NOISE)) for _ in range(count))
            return text[:at] + noise + text[at:]
        if mode == "lose":
            at = random.randrange(max(1, len(text) - count + 1))
            return text[:at] + text[at + count :]
        if mode == "nul":
            return text[:at] + "\x00" * count + text[at:]
        line = text.rfind(EOL, 0, at) + 1  # chatter of a Bluetooth module begins a line
        return text[:line] + str(fault["text"]) + text[line:]


_NOISE = tuple(byte for byte in range(1, 256) if byte != ord(">"))  # a false prompt ends any answer: a fault by itself


def _cut(data: bytes, count: int, on_can: bool) -> bytes:
    """``data`` without its last bytes that mean something; what is left keeps its control byte."""
    if on_can and data and data[0] >> 4 == SINGLE:
        data = data[: 1 + (data[0] & 0xF)]
    least = 2 if on_can and data and data[0] >> 4 != CONSECUTIVE else 1
    return data[: max(least, len(data) - count)]
