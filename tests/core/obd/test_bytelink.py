"""Bytes over TCP and serial ports: waits that end when they are called off, words for everything that goes wrong."""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from core.obd import bytelink
from core.obd.address import SerialAddress, TcpAddress
from core.obd.bytelink import Cancelled, LinkError, SerialLink, TcpLink
from core.obd.status import Trouble


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytelink, "CONNECT_S", 0.4)


SLACK_S = 1.0  # promised are 200 ms
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo terminals")


def called_off(wait: Callable[[threading.Event], object]) -> float:
    """Seconds from "stop" to the end of ``wait``, which must be ``Cancelled``."""
    stop = threading.Event()
    stopped_at: list[float] = []

    def say() -> None:
        stopped_at.append(time.monotonic())
        stop.set()

    threading.Timer(0.1, say).start()
    with pytest.raises(Cancelled):
        wait(stop)
    took = time.monotonic() - stopped_at[0]
    print(f"\nended {took * 1000:.0f} ms after it was called off")
    return took


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as server:
        yield server


def at(server: socket.socket) -> TcpAddress:
    return TcpAddress("127.0.0.1", server.getsockname()[1])


def read_for_ever(link: TcpLink | SerialLink) -> None:
    while True:
        link.read(1.0)


def write_for_ever(link: TcpLink | SerialLink) -> None:
    while True:
        link.write(b"x" * 1000)


# --- TCP --------------------------------------------------------------------------------------------------------------


def test_reading_waits_no_longer_than_asked(server: socket.socket) -> None:
    link = TcpLink(at(server), threading.Event())
    began = time.monotonic()
    assert link.read(0.0) == b""
    assert link.read(0.05) == b""
    assert time.monotonic() - began < SLACK_S
    link.close()


def test_a_host_that_does_not_answer_holds_nothing_up(server: socket.socket) -> None:
    """A full queue drops connections silently, as a network address without a host does."""
    waiting = []
    for _ in range(8):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(server.getsockname())
        waiting.append(connection)
    try:
        assert called_off(lambda stop: TcpLink(at(server), stop)) < SLACK_S
        began = time.monotonic()
        with pytest.raises(LinkError) as caught:
            TcpLink(at(server), threading.Event())
        assert caught.value.trouble is Trouble.HOST_UNREACHABLE
        assert time.monotonic() - began < bytelink.CONNECT_S + SLACK_S
    finally:
        for connection in waiting:
            connection.close()


def test_a_name_that_is_not_found_in_time_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    ask = socket.getaddrinfo

    def slow(host: str, port: int, **more: int) -> object:
        if not more.get("flags"):
            go_on.wait(5.0)
        return ask(host, port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    try:
        assert called_off(lambda stop: TcpLink(TcpAddress("obd.example"), stop)) < SLACK_S
        with pytest.raises(LinkError) as caught:
            TcpLink(TcpAddress("obd.example"), threading.Event())
        assert caught.value.trouble is Trouble.HOST_UNREACHABLE
    finally:
        go_on.set()


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 70 + ".invalid"])
def test_a_name_nobody_has_is_said(host: str) -> None:
    with pytest.raises(LinkError) as caught:
        TcpLink(TcpAddress(host), threading.Event())
    assert caught.value.trouble is Trouble.HOST_UNREACHABLE
    assert host in str(caught.value)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closing:
        address = at(closing)
    with pytest.raises(LinkError) as caught:
        TcpLink(address, threading.Event())
    assert caught.value.trouble is Trouble.CONNECTION_REFUSED


@pytest.mark.parametrize("pause", [0.0, 0.002])
def test_an_adapter_that_never_stops_talking_does_not_hold_up_stop(server: socket.socket, pause: float) -> None:
    done = threading.Event()

    def babble() -> None:
        client, _ = server.accept()
        with client:
            while not done.is_set():
                try:
                    client.send(b"7")
                except OSError:
                    return
                time.sleep(pause)

    threading.Thread(target=babble, daemon=True).start()
    try:
        assert called_off(lambda stop: read_for_ever(TcpLink(at(server), stop))) < SLACK_S
    finally:
        done.set()


def test_an_adapter_that_takes_nothing_any_more_is_silent(server: socket.socket) -> None:
    link = TcpLink(at(server), threading.Event())
    began = time.monotonic()
    with pytest.raises(LinkError) as caught:
        write_for_ever(link)
    assert caught.value.trouble is Trouble.ADAPTER_SILENT
    assert time.monotonic() - began < 5.0
    link.close()


def test_a_closed_connection_is_an_unplugged_adapter(server: socket.socket) -> None:
    link = TcpLink(at(server), threading.Event())
    server.accept()[0].close()
    with pytest.raises(LinkError) as caught:
        link.read(1.0)
    assert caught.value.trouble is Trouble.ADAPTER_UNPLUGGED
    link.close()


# --- serial -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def terminal() -> Iterator[tuple[int, str]]:
    import tty

    master, slave = os.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)
    yield master, name
    for end in (master, slave):
        try:
            os.close(end)
        except OSError:
            continue  # the test has closed it


@posix
def test_a_port_reads_what_is_there_and_waits_no_longer_than_asked(terminal: tuple[int, str]) -> None:
    master, name = terminal
    link = SerialLink(SerialAddress(name), 38400, threading.Event())
    assert link.read(0.0) == b""
    os.write(master, b"ELM327 v1.5\r\r>")
    assert link.read(1.0) == b"ELM327 v1.5\r\r>"
    link.write(b"ATI\r")
    assert os.read(master, 100) == b"ATI\r"
    link.set_baud(115200)
    assert link.baud == 115200
    assert called_off(lambda stop: read_for_ever(_with(link, stop))) < SLACK_S
    link.close()


def _with(link: SerialLink, stop: threading.Event) -> SerialLink:
    link._stop = stop
    return link


@posix
def test_one_port_has_one_owner(terminal: tuple[int, str]) -> None:
    """Two readers on one port set off warning lamps in the car (python-OBD issue 21)."""
    link = SerialLink(SerialAddress(terminal[1]), 38400, threading.Event())
    with pytest.raises(LinkError) as caught:
        SerialLink(SerialAddress(terminal[1]), 38400, threading.Event())
    assert caught.value.trouble is Trouble.PORT_BUSY
    link.close()
    SerialLink(SerialAddress(terminal[1]), 38400, threading.Event()).close()


@posix
def test_an_adapter_that_is_pulled_out_is_noticed_by_every_call(terminal: tuple[int, str]) -> None:
    master, name = terminal
    link = SerialLink(SerialAddress(name), 38400, threading.Event())
    os.close(master)
    for call in (lambda: link.read(0.5), lambda: link.read(0.0), lambda: link.write(b"ATI\r")):
        with pytest.raises(LinkError) as caught:
            call()
        assert caught.value.trouble is Trouble.ADAPTER_UNPLUGGED
    link.close()
    link.close()


@posix
def test_a_port_that_takes_nothing_any_more_is_silent_and_closes_at_once(terminal: tuple[int, str]) -> None:
    link = SerialLink(SerialAddress(terminal[1]), 38400, threading.Event())
    began = time.monotonic()
    with pytest.raises(LinkError) as caught:
        write_for_ever(link)
    assert caught.value.trouble is Trouble.ADAPTER_SILENT
    link.close()
    assert time.monotonic() - began < 2.0


def test_a_port_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LinkError) as caught:
        SerialLink(SerialAddress(str(tmp_path / "ttyUSB9")), 38400, threading.Event())
    assert caught.value.trouble is Trouble.PORT_MISSING
    assert "ttyUSB9" in str(caught.value)


@pytest.mark.parametrize(
    ("port", "error", "trouble"),
    [
        ("/dev/ttyUSB0", serial.SerialException(2, "No such file or directory"), Trouble.PORT_MISSING),
        ("/dev/ttyUSB0", serial.SerialException(13, "Permission denied"), Trouble.PORT_DENIED),
        ("/dev/ttyUSB0", serial.SerialException(16, "Device or resource busy"), Trouble.PORT_BUSY),
        ("/dev/ttyUSB0", serial.SerialException("Could not exclusively lock port"), Trouble.PORT_BUSY),
        ("COM3", serial.SerialException("PermissionError(13, 'Access is denied.')"), Trouble.PORT_BUSY),
        ("COM9", serial.SerialException("FileNotFoundError(2, '…')"), Trouble.PORT_MISSING),
        ("/dev/ttyUSB0", serial.SerialException(6, "could not configure port"), Trouble.PORT_MISSING),
        ("/dev/ttyUSB0", ValueError("Not a valid baudrate: 7"), Trouble.PORT_MISSING),
    ],
)
def test_why_a_port_could_not_be_opened(
    port: str, error: Exception, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **more: object) -> None:
        raise error

    monkeypatch.setattr(serial, "serial_for_url", fail)
    with pytest.raises(LinkError) as caught:
        SerialLink(SerialAddress(port), 38400, threading.Event())
    assert caught.value.trouble is trouble
    assert str(caught.value)
