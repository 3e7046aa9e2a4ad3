"""The state of the link in a mechanic's words: what is wrong, and what to try."""

from dataclasses import dataclass

from core.language import mark, tr
from core.obd.status import LinkState, LinkStatus, Trouble


@dataclass(frozen=True, slots=True)
class Explanation:
    """``headline`` fits the top bar; ``detail`` is a sentence or two; ``tries`` are steps, the likeliest first."""

    headline: str
    detail: str
    tries: tuple[str, ...]


HEADLINES = {
    LinkState.NO_ADAPTER: mark("No adapter"),
    LinkState.ADAPTER_ONLY: mark("Adapter, no car"),
    LinkState.BUS_ASLEEP: mark("Bus asleep"),
    LinkState.CONNECTED: mark("Connected"),
    LinkState.STALE: mark("No fresh values"),
}

_TROUBLES: dict[Trouble, tuple[str, tuple[str, ...]]] = {
    Trouble.NO_ADDRESS: (
        mark("No adapter has been chosen yet."),
        (
            mark("Plug the adapter into this terminal and choose it from the list."),
            mark("For a WiFi adapter, join its network and type tcp://192.168.0.10:35000."),
        ),
    ),
    Trouble.OPENING: (mark("The adapter is being opened."), ()),
    Trouble.PORT_MISSING: (
        mark("The port does not exist."),
        (
            mark("Check that the adapter's plug is all the way in; its light should be on."),
            mark("Choose another port from the list: the number can change when it is plugged in again."),
        ),
    ),
    Trouble.PORT_DENIED: (
        mark("This user is not allowed to open the port."),
        (mark("Add the user to the group “dialout” and sign in again, or install the udev rule from the README."),),
    ),
    Trouble.PORT_BUSY: (
        mark("Another program is using the port."),
        (mark("Close other diagnostic programs: one port has one owner, or the car may set off warnings."),),
    ),
    Trouble.HOST_UNREACHABLE: (
        mark("The adapter's network address cannot be reached."),
        (
            mark("Join the adapter's WiFi network."),
            mark("Check the address; most WiFi adapters are at 192.168.0.10, port 35000."),
        ),
    ),
    Trouble.CONNECTION_REFUSED: (
        mark("Something answers at this address, but it refuses the connection."),
        (
            mark("Close other programs or phones that use the adapter: most take one connection only."),
            mark("Check the port number."),
        ),
    ),
    Trouble.BUS_INTERFACE: (
        mark("The CAN interface could not be opened."),
        (mark("Check that the interface is plugged in and switched on: ip link set can0 up type can bitrate 500000."),),
    ),
    Trouble.NOT_AN_ADAPTER: (
        mark("Something is on this port, but it does not speak like a diagnostic adapter."),
        (mark("Choose another port."), mark("Unplug the adapter, wait five seconds and plug it in again.")),
    ),
    Trouble.ADAPTER_SILENT: (
        mark("The adapter has stopped answering."),
        (
            mark("Unplug the adapter from the car and the terminal, wait five seconds, plug it in again."),
            mark("With Bluetooth: come closer, or pair it again."),
        ),
    ),
    Trouble.ADAPTER_UNPLUGGED: (
        mark("The connection to the adapter is gone."),
        (mark("Plug it in again; the terminal reconnects by itself."),),
    ),
    Trouble.ADAPTER_RESET: (
        mark("The adapter restarted by itself."),
        (
            mark("Check its seat in the diagnostic socket: the supply may be interrupted."),
            mark("Measure the battery: under 9 V adapters restart."),
        ),
    ),
    Trouble.NO_PROTOCOL: (
        mark("The adapter works, but it found no car."),
        (
            mark("Push the adapter fully into the diagnostic socket."),
            mark("Switch the ignition on."),
            mark("Check the fuse of the diagnostic socket: pin 16 must have battery voltage."),
        ),
    ),
    Trouble.IGNITION_OFF: (
        mark("The socket has power, but the car's control units are asleep."),
        (
            mark("Switch the ignition on (engine off is enough)."),
            mark("Open and close the driver's door: some cars keep the bus asleep."),
        ),
    ),
    Trouble.LOW_VOLTAGE: (
        mark("The battery voltage at the socket is low."),
        (mark("Connect a battery support unit before going on."),),
    ),
    Trouble.CAR_SILENT: (
        mark("The car answered before and has stopped."),
        (mark("Switch the ignition on."), mark("Check the adapter's seat in the diagnostic socket.")),
    ),
    Trouble.BUS_ERRORS: (
        mark("The adapter reports errors on the bus."),
        (
            mark("Check the adapter's seat in the diagnostic socket."),
            mark("Look for other devices on the bus: trackers, second adapters."),
            mark("Measure pins 6 and 14: 60 ohms between them with the ignition off."),
        ),
    ),
}


def headline(status: LinkStatus) -> str:
    """The state in a few words, with protocol and control units when connected."""
    text = tr(HEADLINES[status.state])
    if status.state is LinkState.CONNECTED and status.ecus:
        if len(status.ecus) == 1:
            return tr("{state}, 1 control unit", state=text)
        return tr("{state}, {count} control units", state=text, count=len(status.ecus))
    return text


def explain(status: LinkStatus) -> Explanation:
    """What is the matter and what to try, in the language in use."""
    if status.state is LinkState.CONNECTED and status.trouble is Trouble.NONE:
        units = ", ".join(ecu.id for ecu in status.ecus)
        detail = tr("{protocol}; control units: {units}.", protocol=status.protocol, units=units or "-")
        return Explanation(headline(status), detail, ())
    sentence, tries = _TROUBLES.get(status.trouble, ("", ()))
    detail = tr(sentence) if sentence else tr("Values are older than two seconds.")
    if status.detail:
        detail = f"{detail} {status.detail}"
    return Explanation(headline(status), detail, tuple(tr(step) for step in tries))
