"""Opening a CAN bus with python-can, and saying in words why it could not be opened."""

import can
from can.interfaces import BACKENDS

from core.language import tr
from core.obd.address import DEFAULT_BITRATE, CanAddress
from core.obd.bytelink import LinkError
from core.obd.status import Trouble


def interfaces() -> tuple[str, ...]:
    """Names of the interfaces python-can knows, built in and by plugin."""
    return tuple(sorted(BACKENDS))


def needs_bitrate(address: CanAddress) -> bool:
    """Whether the interface sets the bit rate itself; the kernel sets that of socketcan, virtual buses have none."""
    return address.interface not in ("virtual", "udp_multicast", "socketcan", "socketcand", "remote")


def open_bus(address: CanAddress, bitrate: int | None = None) -> can.BusABC:
    """The bus at ``address``. Raises ``LinkError``."""
    options: dict[str, object] = {key: _value(text) for key, text in address.options}
    rate = bitrate or address.bitrate
    if needs_bitrate(address):
        options["bitrate"] = rate or DEFAULT_BITRATE
    if address.interface == "udp_multicast":
        options.setdefault("hop_limit", 0)
    try:
        return can.Bus(channel=address.channel, interface=address.interface, **options)  # type: ignore[arg-type]
    except (can.CanError, OSError, ValueError, ImportError, TypeError, AttributeError, NotImplementedError) as error:
        raise LinkError(
            Trouble.BUS_INTERFACE,
            tr("The CAN interface {name} could not be opened: {why}", name=str(address), why=str(error) or repr(error)),
        ) from error


def _value(text: str) -> object:
    """Options of an address are text; python-can wants numbers and truth values where they look like it."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return int(text) if text.lstrip("-").isdigit() else text
