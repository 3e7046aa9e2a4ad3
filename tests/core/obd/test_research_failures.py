"""The failures that python-OBD does not survive (research/obd.md §2.2), row by row, against our link.

What each row says of python-OBD stands in the docstring. Times are printed (``pytest -s``), not asserted, except where
the row is about a wait; then the limit has slack for a busy machine.
"""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.obd import discovery
from core.obd.bytelink import LinkError
from core.obd.gaps import GapCounter, GapKind
from core.obd.poller import Poller
from core.obd.simulator import SimulatedAdapter
from core.obd.simulator.car import load_car
from core.obd.status import LinkState, LinkStatus, Trouble
from tests.core.obd.terminal import COUNTING_PIDS, NAMES, RememberingCar, Terminal, Witness
from tests.core.obd.virtual import Bench, CarT, Said, VirtualBytes, bench, patcher

STOP_SLACK_S = 1.0  # promised are 200 ms


@pytest.fixture(params=["tcp", "pty"])
def listen(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return "tcp:127.0.0.1:0" if request.param == "tcp" else f"pty:{tmp_path / 'ttyUSB0'}"


@pytest.fixture
def remembering(listen: str) -> Iterator[tuple[SimulatedAdapter, Terminal]]:
    """A terminal connected to a car whose every answer differs from all others."""
    car = RememberingCar()
    with SimulatedAdapter(car, "ideal", listen=listen) as adapter:
        witness = Witness({"7E8": car})
        with Terminal(adapter.address, names=tuple(NAMES), witness=witness) as terminal:
            terminal.until_state(LinkState.CONNECTED)
            terminal.until_fresh()
            yield adapter, terminal


Remembering = tuple[SimulatedAdapter, Terminal]


# --- adapter vanishes -------------------------------------------------------------------------------------------------


def test_adapter_vanishes_it_is_noticed_and_comes_back_by_itself(remembering: Remembering, listen: str) -> None:
    """python-OBD: no exception, queries return null, no reconnect at all; reopening only by a new ``OBD()``."""
    adapter, terminal = remembering
    adapter.faults.inject("unplug", seconds=0.6)
    noticed = terminal.until_not(LinkState.CONNECTED)
    assert terminal.status.state is LinkState.NO_ADAPTER
    assert terminal.status.adapter is None
    back = terminal.until_state(LinkState.CONNECTED)
    terminal.until_fresh()
    assert terminal.status.reconnects == 1
    assert terminal.witness.wrong == []
    print(f"\n{listen[:3]}: unplugged for 0.6 s, noticed after {noticed:.3f} s, connected again {back:.2f} s later")


def test_adapter_vanishes_what_is_wrong_is_said_while_it_is_away(remembering: Remembering, listen: str) -> None:
    """python-OBD: status "Not Connected", and nothing more."""
    adapter, terminal = remembering
    adapter.faults.inject("unplug", seconds=60)
    wanted = Trouble.CONNECTION_REFUSED if listen.startswith("tcp") else Trouble.PORT_MISSING
    terminal.until(lambda: terminal.status.trouble is wanted)
    assert terminal.status.detail
    assert terminal.timed_stop() < STOP_SLACK_S


# --- adapter silent ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("listen", ["pty"], indirect=True)
def test_adapter_silent_the_status_leaves_connected_and_callers_never_wait(remembering: Remembering) -> None:
    """python-OBD: one ``query()`` blocks 121.2 s, and the status stays "Car Connected"."""
    adapter, terminal = remembering
    adapter.faults.inject("silence", seconds=60)
    longest = 0.0

    def called() -> bool:
        nonlocal longest
        began = time.monotonic()
        terminal.engine.watch("screen", {"engine_speed": 5.0})
        state = terminal.engine.status().state
        longest = max(longest, time.monotonic() - began)
        return state is not LinkState.CONNECTED

    noticed = terminal.until(called)
    terminal.until(lambda: terminal.status.trouble in (Trouble.ADAPTER_SILENT, Trouble.NOT_AN_ADAPTER))
    assert longest < 0.5
    print(f"\nsilent: noticed after {noticed:.2f} s; the longest call took {longest * 1000:.1f} ms")


def test_adapter_silent_no_wait_of_the_link_is_longer_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-OBD: 10 s hard-coded, times a retry loop. On the virtual clock, to the millisecond."""
    rig = bench(patcher(monkeypatch), RememberingCar(), model="usb115200")
    waits: list[float] = []

    class Watched(VirtualBytes):
        def read(self, wait: float) -> bytes:
            began = rig.clock.now
            data = super().read(wait)
            waits.append(rig.clock.now - began)
            return data

    monkeypatch.setattr("tests.core.obd.virtual.VirtualBytes", Watched)
    link = rig.plug_in()
    assert discovery.first_masks(link.find_car())
    waits.clear()
    rig.board.inject("silence", seconds=1000)
    calls = []
    troubles = set()
    for _ in range(3):
        began = rig.clock.now
        try:
            link.request("7E8", b"\x01\x0c")
        except LinkError as error:
            troubles.add(error.trouble)
        calls.append(rig.clock.now - began)
    assert troubles == {Trouble.ADAPTER_SILENT}
    assert max(waits) <= 1.0
    assert max(calls) <= 2.0
    print(f"\nrequests to a silent adapter end after {', '.join(f'{c:.2f}' for c in calls)} s")


@pytest.mark.parametrize(("listen", "seconds_of_silence"), [("tcp", 0.3), ("pty", 1.6)], indirect=["listen"])
def test_adapter_silent_stop_returns_at_once(remembering: Remembering, seconds_of_silence: float) -> None:
    """python-OBD: ``Async.stop()`` blocks 119.2 s, a frozen window if called from Qt."""
    adapter, terminal = remembering
    adapter.faults.inject("silence", seconds=60)
    time.sleep(seconds_of_silence)  # in the middle of a request, of finding back, of opening anew
    took = terminal.timed_stop()
    assert took < STOP_SLACK_S
    assert not any(thread.name == "obd-link" for thread in threading.enumerate())
    print(f"\nstop() after {seconds_of_silence} s of silence: {took * 1000:.0f} ms")


# --- adapter wakes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("listen", "seconds"), [("tcp", 0.5), ("pty", 1.2), ("tcp", 2.2)], indirect=["listen"])
def test_adapter_wakes_and_replies_that_slipped_are_never_values(remembering: Remembering, seconds: float) -> None:
    """python-OBD: replies slip by one and stay slipped: coolant -30 °C from ``410C0A00``, 7872 rpm from ``41057B``."""
    adapter, terminal = remembering
    adapter.faults.inject("silence", seconds=seconds, hold=True)
    time.sleep(seconds + 0.1)
    terminal.until_state(LinkState.CONNECTED)
    before = len(terminal.witness.gaps)
    terminal.until_fresh(samples=20)
    assert terminal.witness.wrong == []
    assert before > 0 or seconds < 0.9, "an answer that comes within the wait is no gap"


class Bridge(VirtualBytes):
    """A wireless bridge that hands the adapter one command at a time, so that no question comes too early for it.

    With ``ghost``, an answer that somebody else asked for stands before all others: from then on a client that takes
    what comes next for its own answer is always one behind.
    """

    ghost = b""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._queue: list[bytes] = []
        self._busy = False

    def write(self, data: bytes) -> None:
        self._queue.append(data)
        self._pump()

    def _pump(self) -> None:
        if self._queue and not self._busy:
            self._busy = True
            super().write(self._queue.pop(0))

    def read(self, wait: float) -> bytes:
        if self.ghost and wait:
            data, Bridge.ghost = self.ghost, b""
            return data
        data = super().read(wait)
        if b">" in data:
            self._busy = False
            self._pump()
        return data


def test_adapter_wakes_a_conversation_that_has_slipped_finds_its_order_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-OBD: "Nothing checks that the reply echoes the request." A slip lasts until the program is restarted."""
    car = RememberingCar()
    rig = bench(patcher(monkeypatch), car, model="bluetooth")
    monkeypatch.setattr("tests.core.obd.virtual.VirtualBytes", Bridge)
    link = rig.plug_in()
    assert discovery.first_masks(link.find_car())
    link.learn_abilities("7E8", list(COUNTING_PIDS))
    gaps = GapCounter()
    poller = Poller(link, gaps, lambda kind, detail: None, lambda message, request: None)
    answered = []
    for n in range(60):
        if n == 20:
            Bridge.ghost = b"7E8034105460\r\r>"
        pid = COUNTING_PIDS[n % len(COUNTING_PIDS)]
        for got, (_, data) in poller.poll("7E8", (pid,)).data.items():
            assert (got, data) == (pid, car.said[pid])
            answered.append(n)
    counted = gaps.snapshot()
    assert sum(counted.values()) > 0
    assert answered[-30:] == list(range(30, 60)), "it never found its order again"


# --- callback raises --------------------------------------------------------------------------------------------------


class Clumsy(Witness):
    def values(self, t: float, ecu: str, values: object) -> None:
        raise RuntimeError("a listener fell over")

    gap = reply = state = values  # type: ignore[assignment]


def test_a_listener_that_raises_does_not_freeze_the_values(caplog: pytest.LogCaptureFixture) -> None:
    """python-OBD: the thread dies, ``running`` stays True, the gauges freeze silently."""

    def fall_over(status: LinkStatus) -> None:
        raise OSError("the disk is full")

    with (
        SimulatedAdapter(load_car(None), "ideal") as adapter,
        Terminal(adapter.address, names=("engine_speed",), witness=Clumsy(), on_car=fall_over) as terminal,
    ):
        terminal.until_state(LinkState.CONNECTED)
        terminal.until_fresh(samples=10)
    assert "a listener of the link raised" in caplog.text
    assert "the disk is full" in caplog.text


# --- close() then OBD() at once ---------------------------------------------------------------------------------------


def test_close_then_open_at_once_works(remembering: Remembering) -> None:
    """python-OBD: "ATE0 did not return 'OK'", because ``close()`` writes ATZ and does not wait."""
    adapter, terminal = remembering
    terminal.timed_stop()
    for _ in range(2):
        with Terminal(adapter.address, names=("engine_speed",)) as another:
            took = another.until_state(LinkState.CONNECTED)
            assert another.status.reconnects == 0
            another.until_fresh()
    print(f"\nopened again at once: {took:.2f} s")


def test_disconnect_and_connect_at_once_works(remembering: Remembering) -> None:
    """The same with one engine, in the middle of an answer, several times."""
    adapter, terminal = remembering
    for _ in range(5):
        terminal.engine.disconnect()
        terminal.engine.connect(adapter.address)
    terminal.until_fresh(samples=10)
    assert terminal.status.state is LinkState.CONNECTED
    assert terminal.status.reconnects == 0


# --- watch() and unwatch() while running ------------------------------------------------------------------------------


@pytest.mark.parametrize("listen", ["tcp"], indirect=True)
def test_what_is_watched_can_change_while_it_runs(remembering: Remembering) -> None:
    """python-OBD: refused; one must stop (20-375 ms), edit, start."""
    _, terminal = remembering
    terminal.engine.watch("screen", {"run_time": 20.0})
    terminal.until_fresh("run_time")
    before = terminal.signals.count("mass_air_flow")
    terminal.until_fresh("run_time", samples=10)
    assert terminal.signals.count("mass_air_flow") <= before + 1, "still asked though nobody wants it"
    terminal.engine.watch("tablet:1", {"mass_air_flow": 20.0})
    terminal.until_fresh("mass_air_flow")
    terminal.engine.watch("tablet:1", {})
    terminal.engine.watch("screen", {"engine_speed": 20.0})
    terminal.until_fresh("engine_speed", samples=10)
    assert terminal.witness.wrong == []


# --- one silent reply to a PID ----------------------------------------------------------------------------------------


def written(rig: Bench[CarT], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every request to the car as it is typed to the adapter."""
    commands: list[str] = []
    receive = rig.adapter.receive

    def listen(data: bytes, now: float) -> None:
        text = data.decode("ascii").strip()
        if text[:1].isdigit():
            commands.append(text)
        receive(data, now)

    monkeypatch.setattr(rig.adapter, "receive", listen)
    return commands


def test_one_silent_reply_never_teaches_a_frame_count_of_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-OBD: the frame count is cached as 0, and from then on it sends ``010C0`` for ever."""
    rig = bench(patcher(monkeypatch), RememberingCar(), model="usb115200")
    commands = written(rig, monkeypatch)
    link = rig.plug_in()
    assert discovery.first_masks(link.find_car())
    link.learn_abilities("7E8", [0x0C])
    poller = Poller(link, GapCounter(), lambda kind, detail: None, lambda message, request: None)
    rig.board.inject("no_data", match="010C", count=1)
    values = sum(bool(poller.poll("7E8", (0x0C,)).data) for _ in range(6))
    assert values == 5
    assert not any(command.endswith("010C0") or command.endswith("01000") for command in commands)
    assert commands[-1] == "010C1", "after a complete answer the count is learned"


class TwoUnits(RememberingCar):
    """An engine and a transmission that both answer everything."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.other = RememberingCar(ecu=0x7E9, delay_s=0.02, count=30_000)

    def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
        return [*super().answer(request, target, now), *self.other.answer(request, target, now)]


def test_a_first_reply_from_one_of_two_units_does_not_cap_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-OBD: a first reply from 1 of 2 ECUs caps the count at 1 for ever: the second is never heard again."""
    rig = bench(patcher(monkeypatch), TwoUnits(), model="usb115200")
    commands = written(rig, monkeypatch)
    link = rig.plug_in()
    rig.board.inject("drop", ecu="7E9", count=1)
    assert set(discovery.first_masks(link.find_car())) == {"7E8"}
    link.learn_abilities("7E8", [0x0C])
    for _ in range(3):
        assert {message.ecu for message in link.request(None, b"\x01\x0c").messages} == {"7E8", "7E9"}
    assert "010C" in commands
    assert {message.ecu for message in link.request("7E9", b"\x01\x0c", 1).messages} == {"7E9"}


# --- BUS INIT: ERROR --------------------------------------------------------------------------------------------------


def test_bus_init_error_is_not_a_connection() -> None:
    """python-OBD: status "Car Connected" after ``BUS INIT: ERROR``; it looks for ``UNABLE TO CONNECT`` only."""
    car = load_car(Path("old_hatchback"))
    with SimulatedAdapter(car, "ideal") as adapter:
        adapter.faults.inject("bus_init_error", seconds=1.0)
        with Terminal(adapter.address, names=("engine_speed",)) as terminal:
            terminal.until(lambda: terminal.status.adapter is not None)
            assert terminal.status.state is LinkState.BUS_ASLEEP
            assert terminal.status.trouble is Trouble.IGNITION_OFF
            assert terminal.status.ecus == ()
            terminal.until_state(LinkState.CONNECTED)
            assert GapKind.BUS_INIT in terminal.status.gaps
            terminal.until_fresh()


@pytest.mark.parametrize(
    "kind", ["no_data", "can_error", "bus_init_error", "buffer_full", "stopped", "complaint", "negative"]
)
def test_no_other_complaint_is_a_connection_either(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for everything else that may come instead of the first support mask."""
    rig = bench(patcher(monkeypatch), RememberingCar(), model="usb115200")
    link = rig.plug_in()
    rig.board.inject(kind, count=100, **({"text": "?"} if kind == "complaint" else {}))
    for _ in range(3):
        exchange = link.find_car()
        if kind != "buffer_full":  # it strikes behind complete frames, of which there is one here
            assert discovery.first_masks(exchange) == {}
            assert exchange.gaps or exchange.messages
    rig.board.clear()
    assert discovery.first_masks(link.find_car())


# --- timing (§2.1) ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["ideal", "usb115200", "usb38400", "bluetooth", "clone"])
@pytest.mark.parametrize("car", ["compact_petrol", "diesel_van", "old_hatchback"])
def test_how_long_connecting_takes_is_reported(model: str, car: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """python-OBD: 4.0 s, three of them hard sleeps. Here no step sleeps; on the virtual clock, by the models."""
    rig = bench(patcher(monkeypatch), load_car(Path(car)), model=model)
    began = rig.clock.now
    link = rig.plug_in()
    found = discovery.explore(link, discovery.first_masks(link.find_car()), lambda vin: None)
    explored = rig.clock.now - began
    link.learn_abilities(found.ecus[0].id, sorted(found.ecus[0].supported - {1, 2})[:6])
    took = rig.clock.now - began
    assert found.vin
    assert took < (6.0 if car == "old_hatchback" else 4.0)  # a 5 baud start alone takes 2.5 s
    print(f"\n{car} through {model}: {took:.2f} s, of which abilities {took - explored:.2f} s; {link.mode}")
