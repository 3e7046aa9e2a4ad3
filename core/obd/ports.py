"""What is plugged in: serial adapters and CAN interfaces of this machine, in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from serial.tools import list_ports as serial_ports

from core.language import mark, tr

# USB vendor and product ids of chips found in diagnostic adapters (from their makers' driver pages).
KNOWN_USB = {
    (0x0403, 0x6015): "FTDI FT231X (OBDLink SX and others)",
    (0x0403, 0x6001): "FTDI FT232R (ELM327 USB)",
    (0x10C4, 0xEA60): "Silicon Labs CP210x (ELM327 USB)",
    (0x1A86, 0x7523): "WCH CH340 (ELM327 clone)",
    (0x067B, 0x2303): "Prolific PL2303 (ELM327 clone)",
    (0x16D0, 0x117E): "CANable (slcan)",
    (0xAD50, 0x60C4): "CANable (slcan)",
    (0x1D50, 0x606F): "candleLight (gs_usb)",
}


@dataclass(frozen=True, slots=True)
class Port:
    """Something an address can be made of. ``kind``: usb-serial, bluetooth, serial or can."""

    address: str
    title: str
    kind: str

    def as_dict(self) -> dict[str, str]:
        return {"address": self.address, "title": self.title, "kind": self.kind}


def _serial_title(device: str, description: str, vid: int | None, pid: int | None) -> str:
    if vid is not None and (vid, pid) in KNOWN_USB:
        return KNOWN_USB[(vid, pid or 0)]
    return description if description and description != "n/a" else Path(device).name


def _serial(entries: Iterable[Any] | None = None) -> list[Port]:
    found = []
    for entry in serial_ports.comports() if entries is None else entries:
        device = str(entry.device)
        vid, pid = getattr(entry, "vid", None), getattr(entry, "pid", None)
        if re.search(r"ttyS\d+$", device) and vid is None:
            continue  # a motherboard's empty 8250 entries, thirty-two of them on some kernels
        title = _serial_title(device, str(getattr(entry, "description", "") or ""), vid, pid)
        if vid is not None:
            found.append(Port(f"serial://{device}", tr("USB adapter: {title}", title=title), "usb-serial"))
        else:
            found.append(Port(f"serial://{device}", tr("Serial port: {title}", title=title), "serial"))
    return found


def _by_name(device_folder: Path, taken: set[str]) -> list[Port]:
    """Ports pyserial does not list: ttyACM without USB data (containers), Bluetooth rfcomm."""
    found = []
    for pattern, kind, words in (
        ("rfcomm*", "bluetooth", mark("Bluetooth adapter {name}")),
        ("ttyUSB*", "usb-serial", mark("USB adapter {name}")),
        ("ttyACM*", "usb-serial", mark("USB adapter {name}")),
    ):
        for path in sorted(device_folder.glob(pattern)):
            address = f"serial://{path}"
            if address not in taken:
                found.append(Port(address, tr(words, name=path.name), kind))
    return found


def _can(net_folder: Path) -> list[Port]:
    """Linux CAN interfaces: link type 280 is ARPHRD_CAN (include/uapi/linux/if_arp.h)."""
    found = []
    for link in sorted(net_folder.glob("*/type")):
        try:
            if link.read_text().strip() != "280":
                continue
            up = (link.parent / "operstate").read_text().strip() in ("up", "unknown")
        except OSError:
            continue
        name = link.parent.name
        state = (
            tr("ready")
            if up
            else tr("switched off; “ip link set {name} up type can bitrate 500000” starts it", name=name)
        )
        found.append(
            Port(f"can://socketcan/{name}", tr("CAN interface {name} ({state})", name=name, state=state), "can")
        )
    return found


def list_ports(devices: Path = Path("/dev"), net: Path = Path("/sys/class/net")) -> list[Port]:
    """Everything that looks like an adapter, most likely first: USB, Bluetooth, CAN, plain serial."""
    ports = _serial()
    if devices.is_dir():
        ports += _by_name(devices, {p.address for p in ports})
    if net.is_dir():
        ports += _can(net)
    rank = {"usb-serial": 0, "bluetooth": 1, "can": 2, "serial": 3}
    return sorted(ports, key=lambda p: (rank[p.kind], p.address))
