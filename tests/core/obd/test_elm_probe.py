"""Getting to know an adapter: its speed where nobody said it, its name in spite of noise, what it can really do."""

import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from core.obd import discovery
from core.obd.address import SerialAddress, TcpAddress, parse
from core.obd.bytelink import Cancelled, LinkError
from core.obd.elm_link import ElmLink
from core.obd.elm_probe import Chip, faster, identify
from core.obd.elm_session import ElmSession
from core.obd.simulator import SimulatedAdapter, timing
from core.obd.simulator.car import load_car
from core.obd.status import Trouble
from tests.core.obd.scripted import Answers, ScriptedBytes
from tests.core.obd.terminal import Terminal
from tests.core.obd.virtual import VirtualTime, bench, patcher

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


def opened(adapter: SimulatedAdapter, baud: int | None = None) -> ElmLink:
    address = parse(adapter.address)
    assert isinstance(address, SerialAddress)
    return ElmLink.open(SerialAddress(address.path, baud), threading.Event())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> VirtualTime:
    """Waits in vain take no time."""
    clock = VirtualTime()
    clock.install(monkeypatch.setattr)
    return clock


class Port(ScriptedBytes):
    """A scripted port on a virtual clock."""

    def __init__(self, answers: Answers, clock: VirtualTime) -> None:
        super().__init__(answers)
        self.closed = False
        self._clock = clock

    def read(self, wait: float) -> bytes:
        if not self.pending:
            self._clock.now += wait
            return b""
        return super().read(wait)

    def close(self) -> None:
        self.closed = True


# --- speed ------------------------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("model", ["usb115200", "usb38400", "clone"])
def test_the_speed_is_found_where_nobody_said_it(model: str) -> None:
    """At another rate than its own an adapter sees rubbish, and so do we."""
    with SimulatedAdapter(load_car(None), model, listen="pty", strict_baud=True) as adapter:
        link = opened(adapter)
        try:
            assert link.info.model.startswith("ELM327")
            assert link.info.baud == (38400 if model == "clone" else 115200)
        finally:
            link.close()


@posix
def test_an_adapter_at_9600_baud(monkeypatch: pytest.MonkeyPatch) -> None:
    """The data sheet's rate when pin 6 is low."""
    slow = replace(timing.model("usb38400"), baud=9600)
    monkeypatch.setattr("core.obd.simulator.server.timing.model", lambda name: slow)
    with SimulatedAdapter(load_car(None), "usb38400", listen="pty", strict_baud=True) as adapter:
        link = opened(adapter)
        try:
            assert link.info.baud == 9600
            assert discovery.first_masks(link.find_car())
        finally:
            link.close()


@posix
def test_a_genuine_adapter_at_38400_is_made_faster() -> None:
    with SimulatedAdapter(load_car(None), "usb38400", listen="pty", strict_baud=True) as adapter:
        link = opened(adapter)
        try:
            assert link.info.baud == 115200
            assert discovery.first_masks(link.find_car())
            assert link.voltage() is not None
        finally:
            link.close()
        again = opened(adapter)  # it stays so until it loses its power
        assert again.info.baud == 115200
        again.close()
        adapter.faults.inject("adapter_reset")
        link = opened(adapter)
        assert link.info.baud == 115200
        link.close()


@posix
@pytest.mark.parametrize("dialect", ["clone", "clone-v2.1", "clone-bt"])
def test_a_clone_is_left_at_its_speed(dialect: str) -> None:
    with SimulatedAdapter(load_car(None), f"usb38400/{dialect}", listen="pty", strict_baud=True) as adapter:
        link = opened(adapter)
        assert link.info.baud == 38400
        link.close()


@posix
def test_a_speed_that_was_given_is_kept() -> None:
    with SimulatedAdapter(load_car(None), "usb38400", listen="pty", strict_baud=True) as adapter:
        link = opened(adapter, 38400)
        assert link.info.baud == 38400
        link.close()


def test_an_adapter_that_only_says_it_became_faster_is_not_lost(clock: VirtualTime) -> None:
    answers = {"ATI": b"ELM327 v2.2\r\r>", "ATBRD23": b"OK\r"}
    port = Port(lambda command: answers.get(command, b"OK\r\r>") if port.baud == 38400 else b"\xf8\x00", clock)
    port.baud = 38400
    session = ElmSession(port)
    session.name = "ELM327 v2.2"
    faster(session, Chip("ELM327 v2.2", "elm327", spaces_off=True, headers=True))
    assert port.baud == 38400
    session.resync()
    assert session.command("ATRV").lines == ["OK"]


# --- name and dialect -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "dialect", "name"),
    [
        ("usb115200/elm327", "elm327", "ELM327 v2.2"),
        ("usb115200/elm327-v1.4", "elm327", "ELM327 v1.4b"),
        ("usb115200/stn", "stn", "STN1110 v4.0.4 (ELM327 v1.4b)"),
        ("usb115200/clone", "clone", "ELM327 v1.5"),
        ("usb115200/clone-v2.1", "clone", "ELM327 v2.1"),
        ("bluetooth/clone-bt", "clone", "ELM327 v1.5"),
    ],
)
def test_who_it_really_is(model: str, dialect: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speed, _, chip = model.partition("/")
    rig = bench(patcher(monkeypatch), load_car(None), model=speed, dialect=chip)
    link = rig.plug_in()
    assert (link.info.dialect, link.info.model) == (dialect, name)


@pytest.mark.parametrize(
    ("dialect", "pids", "counted", "stpx"),
    [
        ("elm327", 6, True, False),
        ("elm327-v1.4", 6, True, False),
        ("stn", 6, True, True),
        ("clone", 6, True, False),
        ("clone-v2.1", 1, False, False),
        ("clone-bt", 1, True, False),
    ],
)
def test_what_it_can_is_tried_and_not_believed(
    dialect: str, pids: int, counted: bool, stpx: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = bench(patcher(monkeypatch), load_car(None), model="usb115200", dialect=dialect)
    link = rig.plug_in()
    link.find_car()
    link.learn_abilities("7E8", [0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x0F])
    assert (link.max_pids, link.info.frame_count, link.info.stpx) == (pids, counted, stpx)


def test_the_start_is_soft() -> None:
    """ATZ takes a second and drops the Bluetooth link of some clones (AndrOBD issues 52, 57, 64)."""
    with (
        SimulatedAdapter(load_car(None), "ideal/clone-bt") as adapter,
        Terminal(adapter.address, names=("engine_speed",)) as terminal,
    ):
        terminal.until_fresh()
        assert terminal.status.reconnects == 0


def test_a_late_answer_is_not_taken_for_the_name(clock: VirtualTime) -> None:
    names = iter([b"OK\r\r>", b"?\r\r>", b"ELM327 v1.5\r\r>"])
    port = Port(lambda command: next(names, b"ELM327 v1.5\r\r>") if command == "ATI" else b"OK\r\r>", clock)
    session = ElmSession(port)
    identify(session)
    assert session.name == "ELM327 v1.5"


def test_a_spoilt_name_is_read_again(clock: VirtualTime) -> None:
    names = iter([b"ELM3\xff27 v1.5\r\r>"])
    port = Port(lambda command: next(names, b"ELM327 v1.5\r\r>") if command == "ATI" else b"OK\r\r>", clock)
    session = ElmSession(port)
    identify(session)
    assert session.name == "ELM327 v1.5"


# --- what is no adapter -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (b"login: ", Trouble.NOT_AN_ADAPTER),
        (b"$GPGGA,123519,4807.038,N\r\n", Trouble.NOT_AN_ADAPTER),
        (b"?\r\r>", Trouble.NOT_AN_ADAPTER),
        (b"\r\r>", Trouble.NOT_AN_ADAPTER),
        (None, Trouble.ADAPTER_SILENT),
    ],
)
def test_what_else_may_be_on_a_port(
    reply: bytes | None, trouble: Trouble, clock: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = Port(lambda command: reply, clock)
    monkeypatch.setattr("core.obd.elm_probe.TcpLink", lambda address, stop: port)
    with pytest.raises(LinkError) as caught:
        ElmLink.open(TcpAddress("192.168.0.10"), threading.Event())
    assert caught.value.trouble is trouble
    assert str(caught.value)
    assert port.closed


@posix
def test_probing_can_be_called_off() -> None:
    stop = threading.Event()
    with SimulatedAdapter(load_car(None), "usb115200", listen="pty") as adapter:
        adapter.faults.inject("silence", seconds=60)
        threading.Timer(0.3, stop.set).start()
        address = parse(adapter.address)
        assert isinstance(address, SerialAddress)
        with pytest.raises(Cancelled):
            ElmLink.open(address, stop)


def test_which_car_is_there_does_not_matter_to_the_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = bench(patcher(monkeypatch), load_car(Path("old_hatchback")), model="usb115200")
    rig.board.inject("ignition_off", seconds=1000)
    assert rig.plug_in().info.model == "ELM327 v2.2"
