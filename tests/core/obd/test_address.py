"""Addresses people type, right and wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.obd.address import AddressError, CanAddress, SerialAddress, TcpAddress, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("serial:///dev/ttyUSB0?baud=115200", SerialAddress("/dev/ttyUSB0", 115200)),
        ("serial:///dev/ttyUSB0", SerialAddress("/dev/ttyUSB0")),
        ("/dev/rfcomm0", SerialAddress("/dev/rfcomm0")),
        ("serial://COM3", SerialAddress("COM3")),
        ("com7", SerialAddress("COM7")),
        ("tcp://192.168.0.10:35000", TcpAddress("192.168.0.10", 35000)),
        ("tcp://192.168.0.10", TcpAddress("192.168.0.10", 35000)),
        ("192.168.0.10:35000", TcpAddress("192.168.0.10", 35000)),
        ("tcp://[::1]:4000", TcpAddress("::1", 4000)),
        ("can://socketcan/can0?bitrate=500000", CanAddress("socketcan", "can0", 500000)),
        ("can://slcan/dev/ttyACM0?bitrate=250000", CanAddress("slcan", "/dev/ttyACM0", 250000)),
        ("can://slcan//dev/ttyACM0", CanAddress("slcan", "/dev/ttyACM0")),
        ("can://udp_multicast/239.74.163.2", CanAddress("udp_multicast", "239.74.163.2")),
        (
            "can://udp_multicast/239.74.163.2?port=43113",
            CanAddress("udp_multicast", "239.74.163.2", None, (("port", "43113"),)),
        ),
        ("can://pcan/PCAN_USBBUS1", CanAddress("pcan", "PCAN_USBBUS1")),
    ],
)  # fmt: skip
def test_an_address_is_understood(text: str, expected: object) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "No address"),
        ("bluetooth", "is not an address"),
        ("usb://1", "begins with serial://"),
        ("serial://", "port is missing"),
        ("serial:///dev/ttyUSB0?baud=fast", "whole number"),
        ("serial:///dev/ttyUSB0?speed=9600", "speed"),
        ("tcp://:35000", "host is missing"),
        ("tcp://host:99999", "not a host and a port"),
        ("tcp://host:0", "Port 0"),
        ("tcp://host:35000/gauges", "nothing more"),
        ("can://nosuch/can0", "nosuch"),
        ("can://socketcan", "channel is missing"),
        ("can://socketcan/can0?bitrate=1", "bitrate"),
        ("tcp://a\nb:1", "control characters"),
    ],
)
def test_a_wrong_address_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(AddressError, match=says):
        parse(text)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_an_address_or_a_clear_error(text: str) -> None:
    try:
        parsed = parse(text)
    except AddressError:
        return
    assert parse(str(parsed)) == parsed
