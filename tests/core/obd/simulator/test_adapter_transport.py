"""The adapter on real ports: TCP, pseudo terminals, clients that come and go, pulling the plug, other people's clients.

Waits here are safety limits, not measurements.
"""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from core.obd.simulator import FaultScript, SimulatedAdapter, serve
from core.obd.simulator.car import load_car
from core.obd.simulator.dialects import UnknownDialectError
from core.obd.simulator.timing import UnknownModelError
from core.obd.simulator.transport import ListenError
from tests.core.obd.simulator.desk import TinyCar

PATIENCE_S = 10.0

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


def connect(sim: SimulatedAdapter) -> socket.socket:
    host, port = sim.address.removeprefix("tcp://").rsplit(":", 1)
    return socket.create_connection((host, int(port)), PATIENCE_S)


def ask(client: socket.socket, command: str) -> str:
    client.sendall(command.encode() + b"\r")
    text = b""
    while not text.endswith(b">"):
        data = client.recv(4096)
        if not data:
            raise ConnectionError(text)
        text += data
    return text.decode("latin-1")


def keep_asking(client: socket.socket) -> None:
    for _ in range(1000):
        ask(client, "ATRV")


def eventually(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def reachable(sim: SimulatedAdapter) -> bool:
    try:
        connect(sim).close()
    except OSError:
        return False
    return True


@pytest.fixture
def sim() -> Iterator[SimulatedAdapter]:
    with SimulatedAdapter(TinyCar(), model="ideal") as running:
        yield running


def test_it_answers_over_tcp_on_a_port_it_picked(sim: SimulatedAdapter) -> None:
    assert sim.address.startswith("tcp://127.0.0.1:")
    with connect(sim) as client:
        assert ask(client, "ATE0") == "ATE0\rOK\r\r>"
        assert ask(client, "ATSP6") == "OK\r\r>"
        assert ask(client, "010C") == "41 0C 1A F8 \r\r>"


def test_settings_stay_when_a_client_goes_and_the_next_one_comes(sim: SimulatedAdapter) -> None:
    with connect(sim) as client:
        ask(client, "ATE0")
    with connect(sim) as client:
        assert ask(client, "ATRV") == "12.5V\r\r>"


def test_the_newest_client_wins_and_gets_nothing_meant_for_the_older(sim: SimulatedAdapter) -> None:
    with connect(sim) as old:
        ask(old, "ATE0")
        old.sendall(b"ATMA\r01")
        with connect(sim) as new:
            assert ask(new, "ATRV") == "12.5V\r\r>"
            with pytest.raises(OSError):  # noqa: PT011 - which one depends on the platform
                keep_asking(old)


def test_unplugged_it_is_gone_and_then_back_at_the_same_address(sim: SimulatedAdapter) -> None:
    address = sim.address
    with connect(sim) as client:
        ask(client, "ATE0")
        sim.faults.inject("unplug", seconds=0.3)
        with pytest.raises(OSError):  # noqa: PT011
            keep_asking(client)
    assert not reachable(sim)
    eventually(lambda: reachable(sim))
    assert sim.address == address
    time.sleep(0.05)  # it is deaf until it has started again
    with connect(sim) as client:
        assert ask(client, "ATRV") == "ATRV\r12.5V\r\r>", "it has lost its settings with its power"
    assert sim.faults.injected == {"unplug": 1}


def test_a_bluetooth_clone_drops_the_client_at_a_reset() -> None:
    with SimulatedAdapter(TinyCar(), model="ideal/clone-bt") as sim:
        with connect(sim) as client, pytest.raises(ConnectionError):
            ask(client, "ATZ")
        time.sleep(0.05)  # it is deaf until it has started again
        with connect(sim) as client:
            assert "ELM327 v1.5" in ask(client, "ATI")


def test_an_injected_silence_begins_at_once_and_ends(sim: SimulatedAdapter) -> None:
    with connect(sim) as client:
        ask(client, "ATE0")
        sim.faults.inject("silence", seconds=0.2)
        eventually(lambda: sim.faults.injected == {"silence": 1})
        client.sendall(b"ATRV\r")
        client.settimeout(0.05)
        with pytest.raises(TimeoutError):
            client.recv(100)
        client.settimeout(PATIENCE_S)
        time.sleep(0.2)
        assert ask(client, "ATRV") == "12.5V\r\r>"


def test_a_script_strikes_without_any_request() -> None:
    script = FaultScript.parse('[[fault]]\nkind = "adapter_reset"\nat_s = 0.1\n')
    with SimulatedAdapter(TinyCar(), model="ideal", faults=script) as sim, connect(sim) as client:
        assert client.recv(100)
        assert sim.faults.injected == {"adapter_reset": 1}


def test_stopping_is_quick_frees_the_port_and_may_be_repeated() -> None:
    sim = serve("tcp:127.0.0.1:0", "ideal/elm327", TinyCar())
    client = connect(sim)
    ask(client, "ATI")
    assert not sim.wait(0)
    sim.stop()
    sim.stop()
    assert sim.wait(PATIENCE_S)
    client.settimeout(PATIENCE_S)
    assert client.recv(10) == b""
    client.close()
    assert not reachable(sim)
    again = serve(sim.address.replace("tcp://", "tcp:"), "ideal", TinyCar())
    again.stop()


@pytest.mark.parametrize("listen", ["udp:127.0.0.1:1", "tcp:127.0.0.1", "tcp::", "tcp:127.0.0.1:99999", "", "pty2"])
def test_a_place_to_listen_that_is_none(listen: str) -> None:
    with pytest.raises(ListenError, match="write tcp:HOST:PORT"):
        serve(listen, "ideal", TinyCar())


def test_a_port_in_use_is_said_so(sim: SimulatedAdapter) -> None:
    with pytest.raises(ListenError, match="Cannot listen on 127"):
        serve(sim.address.replace("tcp://", "tcp:"), "ideal", TinyCar())


def test_unknown_models_and_dialects_are_refused_before_listening() -> None:
    with pytest.raises(UnknownModelError):
        SimulatedAdapter(TinyCar(), model="fast")
    with pytest.raises(UnknownDialectError):
        SimulatedAdapter(TinyCar(), model="ideal/vgate")


# Pseudo terminals


def typed(port: serial.Serial, command: str) -> str:
    port.write(command.encode() + b"\r")
    return port.read_until(b">").decode("latin-1")


def keep_typing(port: serial.Serial) -> None:
    for _ in range(1000):
        typed(port, "ATRV")


@posix_only
def test_it_answers_on_a_pseudo_terminal_that_may_be_closed_and_opened() -> None:
    with SimulatedAdapter(TinyCar(), model="ideal", listen="pty") as sim:
        path = sim.address.removeprefix("serial://")
        assert path.startswith("/dev/")
        with serial.Serial(path, 115200, timeout=PATIENCE_S) as port:
            assert typed(port, "ATE0") == "ATE0\rOK\r\r>"
        with serial.Serial(path, 115200, timeout=PATIENCE_S) as port:
            assert typed(port, "ATRV") == "12.5V\r\r>"
            assert typed(port, "ATL1") == "OK\r\n\r\n>", "nothing translates line ends"


@posix_only
def test_pulled_out_a_client_sees_an_error_and_the_link_comes_back(tmp_path: Path) -> None:
    link = tmp_path / "adapter"
    with SimulatedAdapter(TinyCar(), model="ideal", listen=f"pty:{link}") as sim:
        assert sim.address == f"serial://{link}"
        with serial.Serial(str(link), 115200, timeout=PATIENCE_S) as port:
            typed(port, "ATE0")
            sim.faults.inject("unplug", seconds=0.3)
            with pytest.raises(OSError):  # noqa: PT011 - pyserial's own error is one, too
                keep_typing(port)
        assert not link.exists()
        eventually(link.exists)
        time.sleep(0.05)
        with serial.Serial(str(link), 115200, timeout=PATIENCE_S) as port:
            assert typed(port, "ATRV") == "ATRV\r12.5V\r\r>"
    assert not link.exists()


@posix_only
def test_a_link_does_not_replace_a_file(tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("data")
    with pytest.raises(ListenError, match="is not a link"):
        serve(f"pty:{file}", "ideal", TinyCar())
    assert file.read_text() == "data"


@posix_only
def test_at_the_wrong_rate_there_is_only_rubbish() -> None:
    with SimulatedAdapter(TinyCar(), model="usb38400", listen="pty", strict_baud=True) as sim:
        path = sim.address.removeprefix("serial://")
        with serial.Serial(path, 115200, timeout=PATIENCE_S) as port:
            port.write(b"ATI\r")
            assert b">" not in port.read(4)
        with serial.Serial(path, 38400, timeout=PATIENCE_S) as port:
            assert "ELM327 v2.2" in typed(port, "ATI")


@posix_only
def test_a_client_that_never_reads_does_not_stop_it() -> None:
    with SimulatedAdapter(TinyCar(), model="ideal", listen="pty", ecu_s=0.0) as sim:
        client = os.open(sim.address.removeprefix("serial://"), os.O_RDWR | os.O_NOCTTY)
        try:
            for _ in range(2000):
                os.write(client, b"ATPPS\r")
        finally:
            os.close(client)
        sim.stop()
        assert sim.wait(PATIENCE_S)


# Other people's clients, and the real car


def test_python_obd_connects_and_reads_engine_speed() -> None:
    obd = pytest.importorskip("obd", reason="python-OBD is not installed")
    with SimulatedAdapter(TinyCar(ecus=(0x7E8, 0x7E9), padding=0), model="ideal") as sim:
        url = sim.address.replace("tcp://", "socket://")
        connection = obd.OBD(portstr=url, baudrate=115200, protocol="6", fast=False, timeout=1)
        try:
            assert connection.status() == obd.OBDStatus.CAR_CONNECTED
            speeds = [connection.query(obd.commands.RPM).value.magnitude for _ in range(3)]
        finally:
            connection.close()
    assert speeds == [1726.0] * 3


def test_the_simulated_car_answers_through_the_adapter() -> None:
    with SimulatedAdapter(load_car(None, seed=3), model="ideal") as sim, connect(sim) as client:
        for command in ("ATE0", "ATS0", "ATSP0"):
            ask(client, command)
        assert ask(client, "0100").startswith("SEARCHING...\r4100")
        assert ask(client, "0902").startswith("014\r0:490201")
        assert ask(client, "010C").startswith("410C")
