"""The engine's life with an adapter and a car: what it says, what it asks, and that it ends when it is told to."""

import dataclasses
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.obd import engine as engine_module
from core.obd import words
from core.obd.address import AddressError
from core.obd.engine import Engine
from core.obd.gaps import GapKind
from core.obd.signals import SIGNALS
from core.obd.simulator import SimulatedAdapter
from core.obd.simulator.car import Car, EcuReply, load_car
from core.obd.status import LinkState, LinkStatus, Trouble
from core.obd.store import Signals
from tests.core.obd.terminal import Memory, RememberingCar, Terminal, Witness
from tests.core.obd.virtual import Said


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine as it is, in shorter time."""
    for name, value in {
        "STALE_S": 0.5,
        "GIVE_UP_S": 1.0,
        "HEARTBEAT_S": 0.2,
        "LOOK_AGAIN_S": 0.1,
        "RETRY_FIRST_S": 0.02,
        "RETRY_LAST_S": 0.2,
    }.items():
        monkeypatch.setattr(engine_module, name, value)


@dataclass
class AskedCar:
    """A ``Car`` that remembers what it was asked."""

    car: Car
    asked: list[bytes] = field(default_factory=list)

    @property
    def protocol(self) -> str:
        return self.car.protocol

    def voltage(self, now: float) -> float:
        return self.car.voltage(now)

    def answer(self, request: bytes, target: int | None, now: float) -> list[EcuReply]:
        self.asked.append(request)
        return self.car.answer(request, target, now)


# --- the states of a scripted life ------------------------------------------------------------------------------------


def test_a_life_in_words(tmp_path: Path) -> None:
    """No address, no port, a sleeping car, a running one, ignition off and on, unplugged and plugged in again."""
    port = tmp_path / "ttyUSB0"
    said: list[tuple[LinkState, Trouble, str]] = []

    def reach(terminal: Terminal, state: LinkState, trouble: Trouble) -> None:
        terminal.until(lambda: (terminal.status.state, terminal.status.trouble) == (state, trouble))
        explained = words.explain(terminal.status)
        assert explained.headline
        assert explained.detail
        said.append((state, trouble, explained.headline))

    with Terminal(names=("engine_speed",)) as terminal:
        reach(terminal, LinkState.NO_ADAPTER, Trouble.NO_ADDRESS)
        terminal.engine.connect(f"serial://{port}")
        reach(terminal, LinkState.NO_ADAPTER, Trouble.PORT_MISSING)
        assert str(port) in terminal.status.detail
        with SimulatedAdapter(load_car(None), "ideal", listen=f"pty:{port}") as adapter:
            adapter.faults.inject("ignition_off", seconds=60)
            reach(terminal, LinkState.BUS_ASLEEP, Trouble.IGNITION_OFF)
            assert terminal.status.adapter is not None
            assert terminal.status.voltage is not None
            assert not terminal.status.ecus
            adapter.faults.clear()
            reach(terminal, LinkState.CONNECTED, Trouble.NONE)
            terminal.until_fresh()
            assert [ecu.id for ecu in terminal.status.ecus] == ["7E8", "7E9"]
            assert terminal.status.vin == "WVWZZZAUZJW104278"
            assert terminal.status.protocol == "ISO 15765-4 (CAN 11 bit, 500 kbit/s)"
            terminal.until(lambda: terminal.status.hz.get("engine_speed", 0) > 0)
            adapter.faults.inject("ignition_off", seconds=60)
            reach(terminal, LinkState.STALE, Trouble.CAR_SILENT)
            reach(terminal, LinkState.BUS_ASLEEP, Trouble.IGNITION_OFF)
            assert terminal.status.values_per_second == 0
            adapter.faults.clear()
            reach(terminal, LinkState.CONNECTED, Trouble.NONE)
            terminal.until_fresh()
            assert terminal.status.reconnects == 0, "the adapter was never away"
        reach(terminal, LinkState.NO_ADAPTER, Trouble.PORT_MISSING)
        with SimulatedAdapter(load_car(None), "ideal", listen=f"pty:{port}"):
            reach(terminal, LinkState.CONNECTED, Trouble.NONE)
            assert terminal.status.reconnects == 1
            terminal.until_fresh()
        terminal.engine.disconnect()
        reach(terminal, LinkState.NO_ADAPTER, Trouble.NO_ADDRESS)
        assert terminal.status.address == ""
        heard = terminal.witness.states
    assert [headline for _, _, headline in said[:5]] == [
        "No adapter", "No adapter", "Bus asleep", "Connected, 2 control units", "No fresh values",
    ]  # fmt: skip
    assert heard[:2] == ["no adapter: opening", "no adapter: port missing"]
    assert heard.count("connected") == 3
    assert heard.count("no adapter: opening") <= 4, "once at first and when the port is there again, not with every try"


def test_no_address_nobody_listens_and_not_an_adapter() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with Terminal(f"tcp://127.0.0.1:{port}") as terminal:
        terminal.until(lambda: terminal.status.trouble is Trouble.CONNECTION_REFUSED)
        since = terminal.status.since
        terminal.until(lambda: len(terminal.witness.states) >= 2)
        time.sleep(0.3)
        assert terminal.status.since == since, "refused since the first time"
        with pytest.raises(AddressError):
            terminal.engine.connect("ftp://somewhere")
        assert terminal.status.address == f"tcp://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("faults", "state", "trouble"),
    [
        ([("ignition_off", {"seconds": 60})], LinkState.BUS_ASLEEP, Trouble.IGNITION_OFF),
        (
            [("ignition_off", {"seconds": 60}), ("voltage_sag", {"seconds": 60, "volts": 0.3})],
            LinkState.ADAPTER_ONLY,
            Trouble.NO_PROTOCOL,
        ),
        ([("can_error", {"seconds": 60})], LinkState.ADAPTER_ONLY, Trouble.BUS_ERRORS),
    ],
)
def test_an_adapter_without_a_car_says_why(
    faults: list[tuple[str, dict[str, object]]], state: LinkState, trouble: Trouble
) -> None:
    with SimulatedAdapter(load_car(None), "ideal") as adapter:
        for kind, more in faults:
            adapter.faults.inject(kind, **more)
        with Terminal(adapter.address, names=("engine_speed",)) as terminal:
            terminal.until(lambda: terminal.status.state is state)
            assert terminal.status.trouble is trouble
            adapter.faults.clear()
            terminal.until_state(LinkState.CONNECTED)


# --- retries ----------------------------------------------------------------------------------------------------------


def test_pauses_grow_with_jitter_to_a_limit_and_begin_anew_after_success(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB0"
    pauses: list[float] = []
    told = Engine._tell

    class Counting(Engine):
        def _tell(self, status: LinkStatus) -> None:
            if status.retry_in is not None and status.state is LinkState.NO_ADAPTER:
                pauses.append(status.retry_in)
            told(self, status)

    engine = Counting(Signals())
    engine.start()
    try:
        engine.connect(f"serial://{port}")
        deadline = time.monotonic() + 20
        while len(pauses) < 8:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        for n, pause in enumerate(pauses[:8]):
            middle = min(0.2, 0.02 * 2**n)
            assert 0.75 * middle <= pause <= 1.25 * middle
        assert len({round(pause / 0.2, 6) for pause in pauses[4:8]}) > 1, "terminals must not knock in step"
        with SimulatedAdapter(load_car(None), "ideal", listen=f"pty:{port}"):
            while engine.status().state is not LinkState.CONNECTED:
                assert time.monotonic() < deadline
                time.sleep(0.01)
            before = len(pauses)
        while len(pauses) == before:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert pauses[before] <= 0.025
    finally:
        engine.stop()


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_derived_signals_appear_when_they_are_wanted() -> None:
    with (
        SimulatedAdapter(load_car(Path("demo")), "ideal") as adapter,
        Terminal(adapter.address, names=("distance_driven", "overall_ratio", "fuel_rate_from_air_flow")) as terminal,
    ):
        terminal.until_state(LinkState.CONNECTED)
        terminal.until(lambda: terminal.signals.count("distance_driven") > 2)
        terminal.until(lambda: terminal.signals.count("fuel_rate_from_air_flow") > 2)
        assert terminal.signals.count("vehicle_speed") > 0, "asked for their sake"
        assert terminal.signals.count("coolant_temperature") == 0, "and nothing else"
        assert any("distance_driven" in values for _, _, values in terminal.witness.values_seen)


def test_the_same_signal_of_two_units_under_two_names() -> None:
    names = ("coolant_temperature@7E9", "engine_speed", "engine_speed@7E9")
    with (
        SimulatedAdapter(load_car(None), "ideal") as adapter,
        Terminal(adapter.address, names=names) as terminal,
    ):
        for name in names:
            terminal.until_fresh(name)
        terminal.until(lambda: {"engine_speed", "engine_speed@7E9"} <= terminal.status.hz.keys())
        assert terminal.signals.latest("coolant_temperature") is None, "only the transmission's was wanted"
        plain, other = terminal.signals.latest("engine_speed"), terminal.signals.latest("engine_speed@7E9")
        assert plain is not None
        assert other is not None
        assert (plain.ecu, other.ecu) == ("7E8", "7E9")


def test_another_car_takes_over_the_plain_names() -> None:
    """The ids of its control units are others: a gauge must not stay with the car before."""
    with (
        SimulatedAdapter(load_car(Path("compact_petrol")), "ideal") as first,
        SimulatedAdapter(load_car(Path("diesel_van")), "ideal") as second,
        Terminal(first.address, names=("engine_speed",)) as terminal,
    ):
        terminal.until_fresh()
        terminal.engine.connect(second.address)
        terminal.until(lambda: [ecu.id for ecu in terminal.status.ecus] == ["18DAF110", "18DAF11D"])
        terminal.until_fresh()
        latest = terminal.signals.latest("engine_speed")
        assert latest is not None
        assert latest.ecu == "18DAF110"


def test_what_a_car_offers_is_known_once_it_is_connected() -> None:
    with SimulatedAdapter(load_car(Path("hybrid")), "ideal") as adapter, Terminal() as terminal:
        assert terminal.engine.available() == ()
        terminal.engine.connect(adapter.address)
        terminal.until_state(LinkState.CONNECTED)
        offered = terminal.engine.available()
        assert {"engine_speed", "coolant_temperature", "fuel_rate_from_air_flow", "overall_ratio"} <= set(offered)
        assert any(SIGNALS[name].pid == 0x5B for name in offered), "which only 7EA and 7EB know"
        assert len(offered) == len(set(offered))


def test_what_a_vehicle_supports_is_remembered() -> None:
    memory = Memory()
    counts = []
    for _ in range(2):
        car = AskedCar(load_car(None))
        with (
            SimulatedAdapter(car, "ideal") as adapter,
            Terminal(adapter.address, names=("engine_speed",), memory=memory) as terminal,
        ):
            terminal.until_fresh()
            masks = [request for request in car.asked if request[0] == 1 and len(request) == 2 and not request[1] % 32]
            counts.append(len(masks))
            assert len(terminal.status.ecus[0].supported) > 40
    assert list(memory.known) == ["WVWZZZAUZJW104278"]
    assert counts[1] == 1, "only the one that shows that it is the same car"
    assert counts[0] > 3


def test_a_memory_that_no_longer_fits_is_not_believed() -> None:
    memory = Memory({"WVWZZZAUZJW104278": {"7E8": frozenset({0x0C}), "7E9": frozenset({0x0D})}})
    with SimulatedAdapter(load_car(None), "ideal") as adapter, Terminal(adapter.address, memory=memory) as terminal:
        terminal.until_state(LinkState.CONNECTED)
        assert len(terminal.status.ecus[0].supported) > 40
    assert len(memory.known["WVWZZZAUZJW104278"]["7E8"]) > 40


@pytest.mark.parametrize("refusal", [b"\x7f\x01\x12", b"\x7f\x01\x22", None])
def test_a_supported_pid_that_is_refused_is_asked_seldom(refusal: bytes | None) -> None:
    class Stubborn(RememberingCar):
        """Says that it supports 3C, and refuses it (or keeps quiet) when asked."""

        def answer(self, request: bytes, target: int | None, now: float) -> list[Said]:
            if request == b"\x01\x3c":
                self.asked.append((request, target))
                return [] if refusal is None else [Said(self.ecu, self.delay_s, refusal)]
            return super().answer(bytes(b for b in request if b != 0x3C), target, now)

        def _mask(self, pid: int) -> bytes:
            mask = super()._mask(pid)
            return mask if pid != 0x20 else (int.from_bytes(mask, "big") | 1 << (0x40 - 0x3C)).to_bytes(4, "big")

    car = Stubborn()
    witness = Witness({"7E8": car})
    name = "catalyst_temperature_bank_1_sensor_1"
    with (
        SimulatedAdapter(car, "ideal") as adapter,
        Terminal(adapter.address, names=("engine_speed", "mass_air_flow", name), witness=witness) as terminal,
    ):
        terminal.until_state(LinkState.CONNECTED)
        assert name in terminal.engine.available()
        terminal.until_fresh("engine_speed", samples=30)
        tries = sum(request == b"\x01\x3c" for request, _ in car.asked)
        assert 1 <= tries <= 6
        assert terminal.status.state is LinkState.CONNECTED
        assert terminal.signals.latest(name) is None
    assert witness.wrong == []


def test_a_signal_wanted_now_and_then_is_not_a_silent_car() -> None:
    """The car is asked for a sign of life between the questions; without wants too."""
    with SimulatedAdapter(load_car(None), "ideal") as adapter, Terminal(adapter.address) as terminal:
        terminal.until_state(LinkState.CONNECTED)
        states = set()
        end = time.monotonic() + 0.8
        while time.monotonic() < end:
            states.add(terminal.status.state)
            time.sleep(0.005)
        terminal.engine.watch("screen", {"fuel_level": 0.1})
        terminal.until_fresh("fuel_level", samples=1)
        end = time.monotonic() + 0.8
        while time.monotonic() < end:
            states.add(terminal.status.state)
            time.sleep(0.005)
        assert states == {LinkState.CONNECTED}
        assert terminal.signals.count("fuel_level") <= 2
        assert terminal.witness.gaps == []


def test_a_car_of_the_older_protocols_gives_values_one_pid_a_request() -> None:
    car = AskedCar(load_car(Path("old_hatchback")))
    with (
        SimulatedAdapter(car, "ideal") as adapter,
        Terminal(adapter.address, names=("engine_speed", "vehicle_speed", "coolant_temperature")) as terminal,
    ):
        terminal.until_state(LinkState.CONNECTED)
        terminal.until_fresh("engine_speed", samples=4)
        terminal.until_fresh("coolant_temperature", samples=2)
        assert terminal.status.protocol == "ISO 9141-2 (10.4 kbit/s)"
        assert [ecu.id for ecu in terminal.status.ecus] == ["10"]
        assert terminal.status.vin == "VF1BB0F0526478013"
        assert terminal.status.mode.endswith("-single-count")
        assert {len(request) for request in car.asked if request[0] == 1} == {2}
        latest = terminal.signals.latest("engine_speed")
        assert latest is not None
        assert latest.ecu == "10"


# --- what callers may rely on -----------------------------------------------------------------------------------------


def test_the_status_cannot_be_changed_and_costs_little() -> None:
    with SimulatedAdapter(load_car(None), "ideal") as adapter, Terminal(adapter.address) as terminal:
        terminal.until_state(LinkState.CONNECTED)
        status = terminal.status
        with pytest.raises(dataclasses.FrozenInstanceError):
            status.state = LinkState.STALE  # type: ignore[misc]
        began = time.monotonic()
        for _ in range(2000):
            terminal.engine.status()
        print(f"\nstatus(): {(time.monotonic() - began) / 2000 * 1e6:.0f} µs")


def test_stale_shows_while_the_link_itself_is_waiting() -> None:
    with (
        SimulatedAdapter(load_car(None), "ideal") as adapter,
        Terminal(adapter.address, names=("engine_speed",)) as terminal,
    ):
        terminal.until_fresh()
        adapter.faults.inject("silence", seconds=60)
        terminal.until_state(LinkState.STALE)
        stale = terminal.status
        assert stale.trouble is Trouble.CAR_SILENT
        latest = terminal.signals.latest("engine_speed")
        assert latest is not None
        assert abs(stale.since - latest.t) < 1.0, "stale since the last value"


def test_connecting_and_disconnecting_quickly_leaves_nothing_behind() -> None:
    with SimulatedAdapter(load_car(None), "ideal") as adapter, Terminal(names=("engine_speed",)) as terminal:
        terminal.engine.connect(adapter.address)
        terminal.until_fresh()
        threads, files = threading.active_count(), _open_files()
        for n in range(30):
            terminal.engine.connect(adapter.address if n % 3 else "tcp://127.0.0.1:9")
            if n % 4 == 0:
                terminal.engine.disconnect()
            time.sleep(0.01 * (n % 5))
        terminal.engine.connect(adapter.address)
        terminal.until_state(LinkState.CONNECTED)
        terminal.until_fresh()
        assert threading.active_count() <= threads
        assert _open_files() <= files + 1
        assert terminal.status.address == adapter.address


def _open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_threads_end_with_their_engines() -> None:
    with SimulatedAdapter(load_car(None), "ideal") as adapter:
        before = threading.active_count()
        for _ in range(5):
            with Terminal(adapter.address, names=("engine_speed",)) as terminal:
                terminal.until_state(LinkState.CONNECTED)
        assert threading.active_count() == before


def test_odd_orders_do_no_harm() -> None:
    engine = Engine(Signals())
    engine.stop()  # never started
    engine = Engine(Signals())
    engine.watch("screen", {"no_such_signal": 5.0, "engine_speed": float("nan"), "vehicle_speed": -3.0, "gear@7E8": 0})
    engine.start()
    with SimulatedAdapter(load_car(None), "ideal") as adapter:
        engine.connect(adapter.address)
        terminal = Terminal()
        terminal.until(lambda: engine.signals.count("vehicle_speed") > 0)
        engine.stop()
        engine.stop()
        engine.watch("screen", {})
        engine.disconnect()
        engine.connect(adapter.address)
        assert not any(thread.name == "obd-link" for thread in threading.enumerate())


def test_an_error_of_our_own_is_logged_and_the_engine_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([ZeroDivisionError("ours"), ZeroDivisionError("ours")])
    look = Engine._look_for_car

    def fail_twice(self: Engine, link: object) -> object:
        error = next(failures, None)
        if error is not None:
            raise error
        return look(self, link)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "_look_for_car", fail_twice)
    with (
        SimulatedAdapter(load_car(None), "ideal") as adapter,
        Terminal(adapter.address, names=("engine_speed",)) as terminal,
    ):
        terminal.until_state(LinkState.CONNECTED)
        terminal.until_fresh()
    assert caplog.text.count("ZeroDivisionError") >= 2


def test_gaps_are_counted_and_told() -> None:
    with (
        SimulatedAdapter(load_car(None), "ideal") as adapter,
        Terminal(adapter.address, names=("engine_speed",)) as terminal,
    ):
        terminal.until_fresh()
        adapter.faults.inject("no_data", count=2)
        terminal.until(lambda: terminal.status.gaps.get(GapKind.NO_DATA, 0) >= 2)
        terminal.until_fresh()
        assert [kind for kind, _ in terminal.witness.gaps].count(GapKind.NO_DATA) >= 2
