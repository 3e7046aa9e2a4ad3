"""What one control unit says to one request: the services of SAE J1979 and some of ISO 14229, as payload bytes.

A payload has no CAN id and no length byte: ``41 0C 1A F8``. On CAN an answer is one payload, however long; legacy lines
have no ISO-TP, so a long answer is several numbered messages of at most seven bytes. Trouble codes carry a count byte
on CAN only. (SAE J1979 2002, sections 5 for legacy lines and 6 for CAN.)
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.obd import signals
from core.obd.simulator.car_spec import COMPRESSION, CONTINUOUS, SPARK, EcuSpec, FreezeFrame

# ISO 14229-1, annex A.1
SERVICE_NOT_SUPPORTED = 0x11
SUB_FUNCTION_NOT_SUPPORTED = 0x12
WRONG_LENGTH = 0x13
BUSY = 0x21
CONDITIONS_NOT_CORRECT = 0x22
OUT_OF_RANGE = 0x31
PENDING = 0x78
# A control unit asked among all others keeps quiet about what it does not offer (ISO 14229-1, 7.5; ISO 15031-5, 6.4).
_QUIET_WHEN_FUNCTIONAL = frozenset({SERVICE_NOT_SUPPORTED, SUB_FUNCTION_NOT_SUPPORTED, WRONG_LENGTH, OUT_OF_RANGE})

# Clearing codes sets these back to zero: the first count on from there, the others wait for the lamp.
SINCE_CLEARED = ("distance_since_codes_cleared", "warm_ups_since_codes_cleared", "time_since_codes_cleared")
WITH_LAMP_ON = ("distance_with_mil_on", "time_run_with_mil_on")
_CYCLE_COMPLETE_AFTER_S = 600.0  # a warm engine has run its monitors by then
_MAX_PIDS = 6  # a CAN request has seven bytes: the service and six PIDs


class RefusedError(Exception):
    """A negative response with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"negative response {code:02X}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Moment:
    """The car at one instant: values by signal name, and what was already encoded of them."""

    values: Mapping[str, float]
    engine_running: bool
    encoded: dict[int, bytes] = field(default_factory=dict)


class EcuState:
    """What a control unit remembers and ``04`` clears. One per ``EcuSpec``; the car's lock guards it."""

    def __init__(self, spec: EcuSpec) -> None:
        self.stored = spec.stored
        self.pending = spec.pending
        self.permanent = spec.permanent
        self.freeze_frames: tuple[FreezeFrame, ...] = spec.freeze_frames
        self.mil = spec.mil
        self.incomplete = spec.incomplete
        self.cleared = False
        self.zero: Mapping[str, float] = {}  # what the counters since clearing read when they were cleared

    def clear(self, spec: EcuSpec, moment: Moment) -> None:
        """Codes, frames, tests and counters go; permanent codes stay until their monitor passes."""
        self.stored = self.pending = ()
        self.freeze_frames = ()
        self.mil = False
        self.incomplete = tuple(name for name in spec.monitors if name != "components")
        self.cleared = True
        self.zero = {name: moment.values[name] for name in SINCE_CLEARED if name in moment.values}


@dataclass(frozen=True, slots=True)
class Question:
    """A request with everything needed to answer it."""

    spec: EcuSpec
    state: EcuState
    request: bytes
    moment: Moment
    can: bool
    vin: str


def answer(question: Question, *, functional: bool, may_refuse: bool) -> list[bytes]:
    """The payloads in order; empty for silence.

    ``functional``: asked of all control units, so that refusals of the "I do not have that" kind are not said.
    ``may_refuse``: false on ISO 9141-2 and J1850, which have no negative responses.
    """
    service = question.request[0]
    forced = question.spec.refuse.get(service)
    if forced is not None:
        return [bytes((0x7F, service, forced))]
    try:
        handler = _SERVICES.get(service)
        if handler is None:
            raise RefusedError(SERVICE_NOT_SUPPORTED)
        return handler(question)
    except RefusedError as refused:
        quiet = functional and refused.code in _QUIET_WHEN_FUNCTIONAL
        quiet = quiet or (question.spec.silent_when_unsupported and refused.code == SUB_FUNCTION_NOT_SUPPORTED)
        return [] if quiet or not may_refuse else [bytes((0x7F, service, refused.code))]


def mask(base: int, supported: Iterable[int]) -> bytes:
    """Four bytes that say which of ``base + 1`` … ``base + 0x20`` are supported; the last bit: there are more."""
    word = 0
    for number in supported:
        if base < number <= base + 0x20:
            word |= 1 << (base + 0x20 - number)
        elif number > base + 0x20:
            word |= 1
    return word.to_bytes(4, "big")


def _is_mask(number: int, supported: Iterable[int]) -> bool:
    """Whether a support mask ``number`` is offered: 00 always, the others while something above them is."""
    return number % 0x20 == 0 and (number == 0 or any(other > number for other in supported))


def code_bytes(code: str) -> bytes:
    """``P0301`` as two bytes: two bits of letter, two of the first digit, three hexadecimal digits (SAE J2012)."""
    return ("PCBU".index(code[0]) << 14 | int(code[1:], 16)).to_bytes(2, "big")


# --- services 01 and 02 ---------------------------------------------------------------------------------------------


def _current_data(question: Question) -> list[bytes]:
    pids = list(dict.fromkeys(question.request[1:]))
    if not pids or len(pids) > (_MAX_PIDS if question.can else 1):
        raise RefusedError(WRONG_LENGTH)
    if question.spec.order == "ascending":
        pids.sort()
    elif question.spec.order == "reversed":
        pids.reverse()
    parts = [bytes((pid,)) + data for pid in pids if (data := _pid_data(question, pid)) is not None]
    if not parts:
        raise RefusedError(SUB_FUNCTION_NOT_SUPPORTED)
    return [b"\x41" + b"".join(parts)]


def _pid_data(question: Question, pid: int) -> bytes | None:
    spec, moment = question.spec, question.moment
    if pid % 0x20 == 0:
        return mask(pid, spec.pids) if _is_mask(pid, spec.pids) else None
    if pid not in spec.pids:
        return None
    if pid in spec.raw:
        return spec.raw[pid]
    if pid == 0x01:
        return _status(question)
    if pid == 0x41:
        return _cycle_status(question)
    if pid == 0x02:
        frames = question.state.freeze_frames
        return code_bytes(frames[0].code) if frames else b"\x00\x00"
    # The cache is the car's, shared by its control units: only what no unit has of its own may go there.
    own = bool(spec.values or question.state.cleared)
    data = None if own else moment.encoded.get(pid)
    if data is None:
        data = signals.encode(pid, _pid_values(question, pid))
        if not own:
            moment.encoded[pid] = data
    return data


def _pid_values(question: Question, pid: int) -> dict[str, float]:
    values, own, state = question.moment.values, question.spec.values, question.state
    found = {}
    for signal in signals.by_pid(pid):
        name = signal.name
        value = own.get(name, values.get(name))
        if value is None:
            continue
        if state.cleared and name in WITH_LAMP_ON:
            value = 0.0  # the lamp went out with the codes
        found[name] = value - state.zero[name] if name in state.zero else value
    return found


def _status(question: Question) -> bytes:
    """PID 01: lamp and count, then monitors supported and those not complete since clearing."""
    state = question.state
    lamp = (0x80 if state.mil else 0) | min(len(state.stored), 0x7F)
    return bytes((lamp,)) + _monitor_bytes(question.spec, state.incomplete)


def _cycle_status(question: Question) -> bytes:
    """PID 41: the same monitors in this driving cycle, none of the slow ones complete before the engine is warm."""
    spec = question.spec
    incomplete: tuple[str, ...] = question.state.incomplete
    if question.moment.values.get("run_time", 0.0) < _CYCLE_COMPLETE_AFTER_S:
        incomplete = tuple(name for name in spec.monitors if name not in CONTINUOUS)
    return b"\x00" + _monitor_bytes(spec, incomplete)


def _monitor_bytes(spec: EcuSpec, incomplete: Sequence[str]) -> bytes:
    own = COMPRESSION if spec.compression else SPARK
    b = 0x08 if spec.compression else 0x00
    c = d = 0
    for name in spec.monitors:
        unfinished = name in incomplete
        if name in CONTINUOUS:
            b |= 1 << CONTINUOUS[name] | unfinished << (CONTINUOUS[name] + 4)
        else:
            c |= 1 << own[name]
            d |= unfinished << own[name]
    return bytes((b, c, d))


def _freeze_frame(question: Question) -> list[bytes]:
    """Service 02: pairs of PID and frame number, up to three on CAN; ``42 PID FRAME data`` each."""
    pairs = question.request[1:]
    if not pairs or len(pairs) % 2 or len(pairs) > (_MAX_PIDS if question.can else 2):
        raise RefusedError(WRONG_LENGTH)
    parts = []
    for pid, number in zip(pairs[::2], pairs[1::2], strict=True):
        data = _frame_data(question, pid, number)
        if data is not None:
            parts.append(bytes((pid, number)) + data)
    if not parts:
        raise RefusedError(SUB_FUNCTION_NOT_SUPPORTED)
    return [b"\x42" + b"".join(parts)]


def _frame_data(question: Question, pid: int, number: int) -> bytes | None:
    frame = next((frame for frame in question.state.freeze_frames if frame.number == number), None)
    pids = {0x02}
    if frame is not None:
        pids |= {known.pid for name in frame.values if (known := signals.SIGNALS[name]).pid is not None}
    if _is_mask(pid, pids):
        return mask(pid, pids)
    if pid == 0x02:  # 00 00: nothing is stored in this frame
        return code_bytes(frame.code) if frame is not None else b"\x00\x00"
    if frame is None or pid not in pids:
        return None
    names = {signal.name for signal in signals.by_pid(pid)}
    return signals.encode(pid, {name: value for name, value in frame.values.items() if name in names})


# --- trouble codes --------------------------------------------------------------------------------------------------


def _codes(question: Question, codes: Sequence[str]) -> list[bytes]:
    head = bytes((question.request[0] + 0x40,))
    data = b"".join(code_bytes(code) for code in codes)
    if question.can:
        return [head + bytes((len(codes),)) + data]
    messages = max(1, math.ceil(len(data) / 6))
    data = data.ljust(6 * messages, b"\x00")
    return [head + data[at : at + 6] for at in range(0, len(data), 6)]


def _stored(question: Question) -> list[bytes]:
    return _codes(question, question.state.stored)


def _pending(question: Question) -> list[bytes]:
    return _codes(question, question.state.pending)


def _permanent(question: Question) -> list[bytes]:
    if not question.can:
        raise RefusedError(SERVICE_NOT_SUPPORTED)
    return _codes(question, question.state.permanent)


def _clear(question: Question) -> list[bytes]:
    if question.moment.engine_running and not question.spec.clear_while_running:
        raise RefusedError(CONDITIONS_NOT_CORRECT)
    question.state.clear(question.spec, question.moment)
    return [b"\x44"]


# --- services 06 and 09 ---------------------------------------------------------------------------------------------


def _monitor_tests(question: Question) -> list[bytes]:
    """Service 06 on CAN: each test as MID, TID, scaling, value, lower and upper limit."""
    if not question.can:
        raise RefusedError(SERVICE_NOT_SUPPORTED)  # legacy lines number their tests by maker, with no common scaling
    wanted = question.request[1:]
    supported = {test.mid for test in question.spec.tests}
    masks = _masks(0x46, wanted, supported)
    if masks is not None:
        return masks
    if len(wanted) != 1:
        raise RefusedError(WRONG_LENGTH)
    tests = [test for test in question.spec.tests if test.mid == wanted[0]]
    if not tests:
        raise RefusedError(SUB_FUNCTION_NOT_SUPPORTED)
    parts = []
    for test in tests:  # a test that has not run since clearing reads zero, with zero limits (SAE J1979, 6.6)
        numbers = (0, 0, 0) if question.state.cleared else (test.value, test.low, test.high)
        parts.append(bytes((test.mid, test.tid, test.uas)) + b"".join(n.to_bytes(2, "big") for n in numbers))
    return [b"\x46" + b"".join(parts)]


def _masks(head: int, wanted: bytes, supported: Iterable[int]) -> list[bytes] | None:
    """The answer when only support masks were asked for, up to six; None otherwise."""
    if not wanted or len(wanted) > _MAX_PIDS or any(number % 0x20 for number in wanted):
        return None
    supported = set(supported)
    parts = [bytes((number,)) + mask(number, supported) for number in wanted if _is_mask(number, supported)]
    if not parts:
        raise RefusedError(SUB_FUNCTION_NOT_SUPPORTED)
    return [bytes((head,)) + b"".join(parts)]


def _vehicle_information(question: Question) -> list[bytes]:
    wanted = question.request[1:]
    information = _information(question)
    if question.can:
        masks = _masks(0x49, wanted, information)
        if masks is not None:
            return masks
    if len(wanted) != 1:
        raise RefusedError(WRONG_LENGTH)
    number = wanted[0]
    if not question.can:
        return _legacy_information(number, information)
    if number not in information:
        raise RefusedError(SUB_FUNCTION_NOT_SUPPORTED)
    items = information[number]
    return [bytes((0x49, number, len(items))) + b"".join(items)]


def _information(question: Question) -> dict[int, list[bytes]]:
    """Data items by information type. Counters (08 spark, 0B compression) count as one item a counter."""
    spec = question.spec
    information: dict[int, list[bytes]] = {}
    if question.vin:
        information[0x02] = [question.vin.encode("ascii")]
    if spec.calibrations:
        information[0x04] = [text.encode("ascii").ljust(16, b"\x00") for text in spec.calibrations]
    if spec.verifications:
        information[0x06] = list(spec.verifications)
    if spec.tracking:
        information[0x0B if spec.compression else 0x08] = [n.to_bytes(2, "big") for n in spec.tracking]
    if spec.name and question.can:
        acronym, _, text = spec.name.partition("-")
        information[0x0A] = [
            acronym.encode("ascii", "replace")[:4].ljust(4, b"\x00")
            + (b"-" + text.encode("ascii", "replace"))[:16].ljust(16, b"\x00")
        ]
    return information


def _legacy_information(number: int, information: Mapping[int, list[bytes]]) -> list[bytes]:
    """Numbered messages of four bytes; odd types (01, 03 …) say how many messages the next type takes."""
    blocks = {kind: _blocks(kind, items) for kind, items in information.items()}
    if number == 0:
        return [b"\x49\x00\x01" + mask(0, {n for kind in blocks for n in (kind - 1, kind)})]
    if number + 1 in blocks and number % 2:
        return [bytes((0x49, number, len(blocks[number + 1])))]
    if number not in blocks:
        raise RefusedError(SUB_FUNCTION_NOT_SUPPORTED)
    return [bytes((0x49, number, n)) + block for n, block in enumerate(blocks[number], 1)]


def _blocks(kind: int, items: Sequence[bytes]) -> list[bytes]:
    data = b"".join(items)
    # The VIN's 17 bytes are filled from the front to five messages (SAE J1979, 5.9), everything else from behind.
    size = 4 * math.ceil(len(data) / 4)
    data = data.rjust(size, b"\x00") if kind == 0x02 else data.ljust(size, b"\x00")
    return [data[at : at + 4] for at in range(0, size, 4)]


# --- ISO 14229 ------------------------------------------------------------------------------------------------------


def _session(question: Question) -> list[bytes]:
    _needs_uds(question, 2)
    kind = question.request[1]
    if kind & 0x7F not in (0x01, 0x03):
        raise RefusedError(SUB_FUNCTION_NOT_SUPPORTED)
    # P2 50 ms, P2* 5000 ms in steps of 10 ms
    return [] if kind & 0x80 else [bytes((0x50, kind)) + b"\x00\x32\x01\xf4"]


def _tester_present(question: Question) -> list[bytes]:
    _needs_uds(question, 2)
    kind = question.request[1]
    if kind & 0x7F:
        raise RefusedError(SUB_FUNCTION_NOT_SUPPORTED)
    return [] if kind & 0x80 else [b"\x7e\x00"]


def _read_identifiers(question: Question) -> list[bytes]:
    _needs_uds(question, None)
    wanted = question.request[1:]
    if not wanted or len(wanted) % 2:
        raise RefusedError(WRONG_LENGTH)
    parts = []
    for at in range(0, len(wanted), 2):
        data = question.spec.identifiers.get(int.from_bytes(wanted[at : at + 2], "big"))
        if data is not None:
            parts.append(wanted[at : at + 2] + data)
    if not parts:
        raise RefusedError(OUT_OF_RANGE)
    return [b"\x62" + b"".join(parts)]


def _needs_uds(question: Question, length: int | None) -> None:
    if not question.spec.uds:
        raise RefusedError(SERVICE_NOT_SUPPORTED)
    if length is not None and len(question.request) != length:
        raise RefusedError(WRONG_LENGTH)


_SERVICES: Mapping[int, Callable[[Question], list[bytes]]] = {
    0x01: _current_data,
    0x02: _freeze_frame,
    0x03: _stored,
    0x04: _clear,
    0x06: _monitor_tests,
    0x07: _pending,
    0x09: _vehicle_information,
    0x0A: _permanent,
    0x10: _session,
    0x22: _read_identifiers,
    0x3E: _tester_present,
}
