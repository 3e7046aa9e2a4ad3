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


def open_bus(address: CanAddress, bitrate: int | None = None) -> can.BusABC:
    """The bus at ``address``, filtered to diagnostic ids. Raises ``LinkError``."""
    options: dict[str, object] = dict(address.options)
    rate = bitrate or address.bitrate
    if address.interface not in ("virtual", "udp_multicast"):
        options["bitrate"] = rate or DEFAULT_BITRATE
    if address.interface == "udp_multicast":
        options.setdefault("hop_limit", 0)
    try:
        return can.Bus(channel=address.channel, interface=address.interface, **options)  # type: ignore[arg-type]
    except (can.CanError, OSError, ValueError, ImportError, TypeError, NotImplementedError) as error:
        raise LinkError(
            Trouble.BUS_INTERFACE,
            tr(
                "The CAN interface {name} could not be opened: {why}",
                name=str(address),
                why=str(error) or type(error).__name__,
            ),
        ) from error
