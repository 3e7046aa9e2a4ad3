"""What is plugged in, in words; on a machine made of folders."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from core.obd import address
from core.obd.ports import Port, list_ports


def entry(device: str, description: str = "n/a", vid: int | None = None, pid: int | None = None) -> SimpleNamespace:
    return SimpleNamespace(device=device, description=description, vid=vid, pid=pid)


@pytest.fixture
def machine(tmp_path: Path) -> tuple[Path, Path]:
    """``/dev`` and ``/sys/class/net``."""
    devices, net = tmp_path / "dev", tmp_path / "net"
    devices.mkdir()
    net.mkdir()
    return devices, net


def interface(net: Path, name: str, kind: str, state: str = "up") -> None:
    folder = net / name
    folder.mkdir()
    (folder / "type").write_text(f"{kind}\n")
    (folder / "operstate").write_text(f"{state}\n")


def found(
    machine: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, *entries: SimpleNamespace
) -> dict[str, tuple[str, str]]:
    monkeypatch.setattr("core.obd.ports.serial_ports.comports", lambda: list(entries))
    return {port.address: (port.title, port.kind) for port in list_ports(*machine)}


def test_nothing_is_plugged_in(machine: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(machine, monkeypatch) == {}
    monkeypatch.setattr("core.obd.ports.serial_ports.comports", list)
    assert list_ports(machine[0] / "no", machine[1] / "no") == []


def test_a_known_chip_is_called_by_its_name(machine: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    got = found(
        machine,
        monkeypatch,
        entry("/dev/ttyUSB0", "FT231X USB UART", 0x0403, 0x6015),
        entry("/dev/ttyUSB1", "Gadget Serial", 0x1234, 0x0001),
        entry("/dev/ttyACM0", "n/a", 0xAD50, 0x60C4),
    )
    assert got == {
        "serial:///dev/ttyUSB0": ("USB adapter: FTDI FT231X (OBDLink SX and others)", "usb-serial"),
        "serial:///dev/ttyUSB1": ("USB adapter: Gadget Serial", "usb-serial"),
        "serial:///dev/ttyACM0": ("USB adapter: CANable (slcan)", "usb-serial"),
    }


def test_empty_motherboard_ports_are_left_out_and_real_ones_kept(
    machine: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    got = found(machine, monkeypatch, entry("/dev/ttyS0"), entry("/dev/ttyS31"), entry("/dev/ttyAMA0"), entry("COM3"))
    assert got == {
        "serial:///dev/ttyAMA0": ("Serial port: ttyAMA0", "serial"),
        "serial://COM3": ("Serial port: COM3", "serial"),
    }


def test_ports_that_pyserial_does_not_list_are_found_by_their_names(
    machine: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    devices, _ = machine
    for name in ("rfcomm0", "ttyACM0", "ttyUSB0", "ttyS4", "null", "ttyUSBx"):
        (devices / name).touch()
    got = found(machine, monkeypatch, entry(str(devices / "ttyUSB0"), "USB Serial", 0x1A86, 0x7523))
    assert got[f"serial://{devices}/rfcomm0"] == ("Bluetooth adapter rfcomm0", "bluetooth")
    assert got[f"serial://{devices}/ttyACM0"] == ("USB adapter ttyACM0", "usb-serial")
    assert got[f"serial://{devices}/ttyUSB0"][0] == "USB adapter: WCH CH340 (ELM327 clone)", "listed once"
    assert f"serial://{devices}/ttyS4" not in got


def test_can_interfaces_by_their_link_type(machine: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    _, net = machine
    interface(net, "can0", "280")
    interface(net, "can1", "280", "down")
    interface(net, "vcan0", "280", "unknown")
    interface(net, "eth0", "1")
    interface(net, "lo", "772", "unknown")
    (net / "bonding_masters").touch()
    (net / "broken").mkdir()
    got = found(machine, monkeypatch)
    assert set(got) == {"can://socketcan/can0", "can://socketcan/can1", "can://socketcan/vcan0"}
    assert got["can://socketcan/can0"] == ("CAN interface can0 (ready)", "can")
    assert "ip link set can1 up" in got["can://socketcan/can1"][0]
    assert "ready" in got["can://socketcan/vcan0"][0]


def test_an_interface_that_vanishes_while_it_is_looked_at(
    machine: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, net = machine
    interface(net, "can0", "280")
    (net / "can0" / "operstate").unlink()
    assert found(machine, monkeypatch) == {}


def test_the_likeliest_comes_first_and_every_address_can_be_used(
    machine: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    devices, net = machine
    (devices / "rfcomm0").touch()
    interface(net, "can0", "280")
    monkeypatch.setattr(
        "core.obd.ports.serial_ports.comports",
        lambda: [entry("/dev/ttyAMA0"), entry("/dev/ttyUSB1", "x", 1, 2), entry("/dev/ttyUSB0", "x", 1, 2)],
    )
    listed = list_ports(devices, net)
    assert [port.kind for port in listed] == ["usb-serial", "usb-serial", "bluetooth", "can", "serial"]
    assert [port.address for port in listed][:2] == ["serial:///dev/ttyUSB0", "serial:///dev/ttyUSB1"]
    for port in listed:
        assert str(address.parse(port.address)) == port.address
        assert port.as_dict() == {"address": port.address, "title": port.title, "kind": port.kind}


def test_this_machine_can_be_listed() -> None:
    assert all(isinstance(port, Port) for port in list_ports())
