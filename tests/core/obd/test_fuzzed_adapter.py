"""An adapter gone mad: random bytes and prompts, half lines, streams without end, settings lost. Never a wrong number.

The same was run for minutes against a whole engine on a socket; here a compact form on the virtual clock, always with
the same seeds. No fault turns one digit into another: the text of an adapter has no checksum, nobody could tell.
"""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.obd import discovery
from core.obd.bytelink import LinkError
from core.obd.elm_link import ElmLink
from core.obd.elm_probe import greeted, identify
from core.obd.elm_session import ElmSession
from core.obd.gaps import GapCounter
from core.obd.poller import Poller
from tests.core.obd.terminal import COUNTING_PIDS, RememberingCar
from tests.core.obd.virtual import Bench, Said, VirtualBytes, bench

LONGEST_S = {"request": 7.5, "find_car": 18.0, "open": 12.0}  # virtual seconds: patience with 0x78, a protocol search
CHATTER = (b"+CONNECTING<<\r\n", b"\r\nLV RESET\r\n", b"\rSTOPPED\r", b"\rNO DATA\r", b"\rBUS BUSY\r", b"?\r", b"\r\r>")
STREAMS = (b"A", b"\r", b"\xff", b">", b"7E804410C1AF8\r", b"SEARCHING...")


class MadBytes(VirtualBytes):
    """What the adapter says, one time in so many spoilt on its way to us."""

    def __init__(self, rig: Bench[RememberingCar], random: Random, share: float) -> None:
        super().__init__(rig.adapter, rig.clock)
        self._rig = rig
        self._random = random
        self.share = share
        self._stream = b""
        self._stream_until = 0.0
        self._drops = b""

    def read(self, wait: float) -> bytes:
        clock = self._rig.clock
        if clock.now < self._stream_until:
            clock.now += min(wait, 0.002)
            return self._stream
        if self._drops:
            clock.now += min(wait, 0.02)
            data, self._drops = self._drops[:1], self._drops[1:]
            return data
        data = super().read(wait)
        if not data or self._random.random() >= self.share:
            return data
        spoil = self._random.choice(
            (self._insert, self._insert_digits, self._prompt, self._half, self._lose, self._chatter, self._twice,
             self._pour, self._dribble, self._forget, self._flip, self._quiet, self._storm)
        )  # fmt: skip
        return spoil(data)

    def _split(self, data: bytes) -> tuple[bytes, bytes]:
        at = self._random.randrange(len(data) + 1)
        return data[:at], data[at:]

    def _insert(self, data: bytes) -> bytes:
        head, tail = self._split(data)
        return head + bytes(self._random.randrange(256) for _ in range(self._random.randrange(1, 9))) + tail

    def _insert_digits(self, data: bytes) -> bytes:
        head, tail = self._split(data)
        return (
            head + bytes(self._random.choice(b"0123456789ABCDEF") for _ in range(self._random.randrange(1, 9))) + tail
        )

    def _prompt(self, data: bytes) -> bytes:
        return b">".join(self._split(data))

    def _storm(self, data: bytes) -> bytes:
        return data + b"\r>" * self._random.randrange(1, 40)

    def _half(self, data: bytes) -> bytes:
        return self._split(data)[0]

    def _lose(self, data: bytes) -> bytes:
        head, tail = self._split(data)
        return head + tail[self._random.randrange(1, 4) :]

    def _chatter(self, data: bytes) -> bytes:
        return self._random.choice(CHATTER).join(self._split(data))

    def _twice(self, data: bytes) -> bytes:
        lines = data.split(b"\r")
        at = self._random.randrange(len(lines))
        return b"\r".join([*lines[:at], lines[at], *lines[at:]])

    def _pour(self, data: bytes) -> bytes:
        self._stream = self._random.choice(STREAMS) * self._random.randrange(1, 60)
        self._stream_until = self._rig.clock.now + self._random.uniform(0.1, 4.0)
        return data

    def _dribble(self, data: bytes) -> bytes:
        self._drops = data[1:]
        return data[:1]

    def _forget(self, data: bytes) -> bytes:
        self._rig.adapter._defaults()  # a reset that nobody sees
        return data

    def _flip(self, data: bytes) -> bytes:
        chip = self._rig.adapter.settings
        name = self._random.choice(("echo", "headers", "spaces", "linefeeds"))
        setattr(chip, name, not getattr(chip, name))
        return data

    def _quiet(self, data: bytes) -> bytes:
        self._rig.board.inject("silence", seconds=self._random.uniform(0.05, 4.0), hold=self._random.random() < 0.5)
        return data


class Judge:
    """Polls as the engine does, and holds every value against what the car said."""

    def __init__(self, rig: Bench[RememberingCar], port: MadBytes) -> None:
        self.rig = rig
        self.port = port
        self.newest: dict[int, int] = {}
        self.seen: Counter[str] = Counter()

    def timed(self, what: str, began: float) -> None:
        assert self.rig.clock.now - began <= LONGEST_S[what], what

    def visit(self, polls: int) -> None:
        """One session: until so many polls, or until the link gives up."""
        began = self.rig.clock.now
        try:
            link = self._open()
            self.timed("open", began)
            self._poll(link, polls)
        except LinkError:
            self.seen["lost"] += 1

    def _open(self) -> ElmLink:
        session = ElmSession(self.port)
        greeted(session)
        return ElmLink(session, identify(session))

    def _poll(self, link: ElmLink, polls: int) -> None:
        began = self.rig.clock.now
        first = discovery.first_masks(link.find_car())
        self.timed("find_car", began)
        if not first:
            return
        car = discovery.explore(link, first, lambda vin: None)
        ecu = car.ecus[0].id
        link.learn_abilities(ecu, list(COUNTING_PIDS))
        poller = Poller(link, GapCounter(), lambda kind, detail: None, lambda message, request: None)
        for n in range(polls):
            began = self.rig.clock.now
            pids = COUNTING_PIDS[: link.max_pids] if n % 2 else (COUNTING_PIDS[n % 6],)
            for pid, (_, data) in poller.poll(ecu, pids).data.items():
                self._believe(pid, data)
            self.timed("request", began)

    def _believe(self, pid: int, data: bytes) -> None:
        number = self.rig.car.ever.get(pid, {}).get(data)
        assert number is not None, f"the car never said {data.hex()} for {pid:02X}"
        assert number > self.newest.get(pid, 0), f"an old answer for {pid:02X}"
        self.newest[pid] = number
        self.seen["values"] += 1


class WideCar(RememberingCar):
    """On a bus with 29-bit identifiers."""

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        return super().answer(request, None if target == 0x18DA10F1 else target, now)


def a_car(bus: str) -> RememberingCar:
    if bus == "7":
        return WideCar(protocol=bus, ecu=0x18DAF110)
    return RememberingCar(protocol=bus, ecu=0x7E8 if bus == "6" else 0x10)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    bus=st.sampled_from("667351"),  # CAN 11 and 29 bit, ISO 9141-2, KWP, J1850 PWM
    dialect=st.sampled_from(["elm327", "elm327-v1.4", "stn", "clone", "clone-v2.1"]),
    model=st.sampled_from(["ideal", "usb115200", "bluetooth"]),
    share=st.sampled_from([0.01, 0.05, 0.2]),
)
def test_a_mad_adapter_never_makes_a_wrong_value(seed: int, bus: str, dialect: str, model: str, share: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        rig = bench(patch.setattr, a_car(bus), model=model, dialect=dialect, seed=seed)
        port = MadBytes(rig, Random(seed), share)
        judge = Judge(rig, port)
        for _ in range(4):
            judge.visit(30)
        # Then it comes to its senses, and everything is as before.
        port.share = 0.0
        rig.board.clear()
        rig.clock.now += 5.0
        for _ in range(3):
            judge.visit(5)
        assert judge.seen["values"] > 0


def test_the_mad_adapter_is_mad_and_yet_gives_values() -> None:
    """Or the test above would prove nothing."""
    seen: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        for seed in range(12):
            rig = bench(patch.setattr, RememberingCar(), seed=seed)
            judge = Judge(rig, MadBytes(rig, Random(seed), 0.05))
            for _ in range(4):
                judge.visit(30)
            seen += judge.seen
    assert seen["values"] > 500
    assert seen["lost"] > 10
