"""Where the adapter is: the addresses a person may type, checked before anything is opened."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from core.language import tr

BAUD_RATES = (115200, 38400, 9600, 230400, 57600, 500000, 921600, 1000000, 2000000, 19200)
DEFAULT_TCP_PORT = 35000  # what the usual WiFi adapters listen on
DEFAULT_BITRATE = 500_000  # ISO 15765-4: 500 kbit/s first, 250 kbit/s second


class AddressError(ValueError):
    """An address nobody can open, in the words of the person who typed it."""


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """``serial:///dev/ttyUSB0?baud=115200``; ``baud`` None means: found by probing."""

    path: str
    baud: int | None = None

    def __str__(self) -> str:
        return f"serial://{self.path}" + (f"?baud={self.baud}" if self.baud else "")


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """``tcp://192.168.0.10:35000``."""

    host: str
    port: int = DEFAULT_TCP_PORT

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class CanAddress:
    """``can://INTERFACE/CHANNEL?bitrate=500000``, every interface python-can knows. ``options`` go to python-can."""

    interface: str
    channel: str
    bitrate: int | None = None
    options: tuple[tuple[str, str], ...] = field(default=())

    def __str__(self) -> str:
        pairs = ([("bitrate", str(self.bitrate))] if self.bitrate else []) + list(self.options)
        query = "?" + "&".join(f"{k}={v}" for k, v in pairs) if pairs else ""
        return f"can://{self.interface}/{self.channel}{query}"


Address = SerialAddress | TcpAddress | CanAddress


def _whole(name: str, text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
        raise AddressError(
            tr(
                "{name} must be a whole number from {low} to {high}, not “{text}”.",
                name=name,
                low=low,
                high=high,
                text=text,
            )
        )
    return int(text)


def _query(query: str, allowed: set[str] | None) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    for key, _ in pairs:
        if allowed is not None and key not in allowed:
            raise AddressError(
                tr(
                    "“{key}” is not something this address knows; it knows: {known}.",
                    key=key,
                    known=", ".join(allowed) or "-",
                )
            )
    return dict(pairs)


def _parse_serial(text: str) -> SerialAddress:
    rest, _, query = text.partition("?")
    path = unquote(rest)
    if not path or path == "/":
        raise AddressError(tr("The port is missing: serial:///dev/ttyUSB0, or serial://COM3 on Windows."))
    if re.match(r"/?COM\d+$", path, re.IGNORECASE):
        path = path.lstrip("/").upper()
    options = _query(query, {"baud"})
    baud = _whole("baud", options["baud"], 1200, 4_000_000) if "baud" in options else None
    return SerialAddress(path, baud)


def _parse_tcp(text: str) -> TcpAddress:
    try:
        parts = urlsplit("tcp://" + text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise AddressError(tr("“{text}” is not a host and a port, like 192.168.0.10:35000.", text=text)) from None
    if not host or re.search(r"[\s\x00-\x1f]", host):
        raise AddressError(tr("The host is missing: tcp://192.168.0.10:35000."))
    if parts.path not in ("", "/") or parts.username:
        raise AddressError(tr("After the port nothing more is expected: tcp://192.168.0.10:35000."))
    _query(parts.query, set())
    if port == 0:
        raise AddressError(tr("Port 0 cannot be called; the usual one is {port}.", port=DEFAULT_TCP_PORT))
    return TcpAddress(host, DEFAULT_TCP_PORT if port is None else port)


def _parse_can(text: str) -> CanAddress:
    rest, _, query = text.partition("?")
    interface, _, channel = rest.partition("/")
    from can.interfaces import BACKENDS  # python-can is only loaded when somebody names a CAN address

    known = sorted(BACKENDS)  # built in and by plugin
    if interface not in known:
        raise AddressError(
            tr(
                "“{name}” is not a CAN interface this program knows; it knows: {known}.",
                name=interface,
                known=", ".join(known),
            )
        )
    if interface == "slcan" and channel and not channel.startswith("/") and not channel.upper().startswith("COM"):
        channel = "/" + channel  # can://slcan/dev/ttyACM0 reads as the path it means
    if not channel:
        raise AddressError(tr("The channel is missing: can://socketcan/can0."))
    options = _query(query, None)
    bitrate = _whole("bitrate", options.pop("bitrate"), 10_000, 1_000_000) if "bitrate" in options else None
    return CanAddress(interface, unquote(channel), bitrate, tuple(sorted(options.items())))


def parse(text: str) -> Address:
    """The address a person typed. Raises ``AddressError`` with words that say what to type instead.

    Bare ``/dev/ttyUSB0``, ``COM3`` and ``192.168.0.10:35000`` are understood too.
    """
    text = text.strip()
    if not text:
        raise AddressError(
            tr("No address was given: serial:///dev/ttyUSB0, tcp://192.168.0.10:35000 or can://socketcan/can0.")
        )
    if len(text) > 500 or any(ord(c) < 32 for c in text):
        raise AddressError(tr("This is not an address: it has control characters or is too long."))
    scheme, mark, rest = text.partition("://")
    if not mark:
        if text.startswith("/dev/") or re.fullmatch(r"COM\d+", text, re.IGNORECASE):
            return _parse_serial(text)
        if re.fullmatch(r"[\w.-]+:\d+", text):
            return _parse_tcp(text)
        raise AddressError(
            tr(
                "“{text}” is not an address: write serial:///dev/ttyUSB0, tcp://192.168.0.10:35000 or can://socketcan/can0.",
                text=text,
            )
        )
    parsers: dict[str, Callable[[str], Address]] = {"serial": _parse_serial, "tcp": _parse_tcp, "can": _parse_can}
    if scheme.lower() not in parsers:
        raise AddressError(
            tr("“{scheme}” is not known: an address begins with serial://, tcp:// or can://.", scheme=scheme)
        )
    return parsers[scheme.lower()](rest)
