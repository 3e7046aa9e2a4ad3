"""Opening a CAN bus with python-can, and saying in words why it could not be opened."""

import threading
from contextlib import suppress

import can

from core.language import tr
from core.obd.address import DEFAULT_BITRATE, CanAddress
from core.obd.bytelink import SLICE_S, Cancelled, LinkError, Stop
from core.obd.status import Trouble


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


_one_at_a_time = threading.Lock()


def open_bus_unless(stop: Stop, address: CanAddress, bitrate: int | None = None) -> can.BusABC:
    """``open_bus`` that can be called off: drivers take seconds (slcan sleeps two) and cannot be interrupted.

    An opening that was called off goes on by itself and is closed again; the next one waits for it, since closing would
    cut off whoever has opened the same interface meanwhile. Raises ``LinkError``, ``Cancelled``.
    """
    opened: list[can.BusABC] = []
    failed: list[Exception] = []
    done = threading.Event()
    unwanted = threading.Event()
    settled = threading.Lock()

    def run() -> None:
        with _one_at_a_time:
            if unwanted.is_set():
                return
            try:
                bus = open_bus(address, bitrate)
            except Exception as error:  # noqa: BLE001 - handed to the one who waits
                failed.append(error)
            else:
                with settled:
                    if not unwanted.is_set():
                        opened.append(bus)
                if not opened:
                    with suppress(can.CanError, OSError):
                        bus.shutdown()
            done.set()

    threading.Thread(target=run, name="can-opening", daemon=True).start()
    while not done.wait(SLICE_S):
        if stop.is_set():
            with settled:
                if not opened:
                    unwanted.set()
                    raise Cancelled
    if failed:
        raise failed[0]
    return opened[0]


def _value(text: str) -> object:
    """Options of an address are text; python-can wants numbers and truth values where they look like it."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return int(text) if text.lstrip("-").isdigit() else text
