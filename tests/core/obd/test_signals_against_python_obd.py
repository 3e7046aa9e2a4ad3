"""python-OBD's Mode 01 decoders against ours, on random bytes: we agree where they are right, the rest is listed here.

The only place that imports ``obd`` for signals: importing it costs 0.23 s and 28 MB, so nothing that runs does.
"""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from core.obd import signals

obd = pytest.importorskip("obd", reason="python-OBD is not installed")

ROUNDS = 40

# PIDs whose python-OBD result is a list, an object or a word, compared apart below, and those that differ:
DIFFERENT: Mapping[int, str] = {
    0x02: "python-OBD gives the trouble code as text",
    0x32: "python-OBD makes two's complement of each byte on its own, so every value with bit 7 of B set is 64 Pa low",
    0x54: "python-OBD subtracts 32767; the standard has two's complement, so FFFF is -1 Pa and not +32768 Pa",
    0x4F: "python-OBD drops it",
    0x5F: "python-OBD drops it",
}
# Where python-OBD gives one of several values (the other is dropped), ours by the name it agrees with.
ONE_OF_SEVERAL: Mapping[int, str] = {
    **dict.fromkeys(range(0x14, 0x1C), "oxygen_sensor_voltage"),  # the trim is dropped
    **dict.fromkeys(range(0x24, 0x2C), "wide_range_voltage"),  # lambda is dropped
    **dict.fromkeys(range(0x34, 0x3C), "wide_range_current_bank"),  # lambda is dropped
    0x55: "short_term_secondary_trim_bank_1",  # bank 3 is dropped
    0x56: "long_term_secondary_trim_bank_1",  # bank 3
    0x57: "short_term_secondary_trim_bank_2",  # bank 4
    0x58: "long_term_secondary_trim_bank_2",  # bank 4
}
# Scalings python-OBD rounds or takes to one step more; never more than this part of the value.
COARSE: Mapping[int, float] = {
    **dict.fromkeys(range(0x24, 0x2C), 2e-5),  # 8 V / 65535 instead of 8 V / 65536
    0x44: 7e-4,  # 0.0000305 instead of 2 / 65536
}
WORDS = {0x03, 0x12, 0x1C, 0x51}
OBJECTS = {0x01, 0x41, 0x13, 0x1D, 0x1E}
MASKS = {0x00, 0x20, 0x40}


def _theirs(pid: int, data: bytes) -> Any:
    message = obd.protocols.protocol.Message([])
    message.data = bytearray([0x41, pid]) + data
    return obd.commands[1][pid].decode([message])


def _random_data(pid: int, rounds: int = ROUNDS) -> list[bytes]:
    source = random.Random(pid)
    return [source.randbytes(signals.pid_length(pid) or 0) for _ in range(rounds)]


def test_lengths_agree_but_where_there_may_be_a_second_bank() -> None:
    for command in obd.commands[1]:
        assert command.bytes - 2 in signals.pid_lengths(command.pid)


NUMBERS = sorted(set(range(0x60)) - set(DIFFERENT) - WORDS - OBJECTS - MASKS)


@pytest.mark.parametrize("pid", NUMBERS, ids=lambda pid: f"{pid:02X}")
def test_numbers_agree(pid: int) -> None:
    for data in _random_data(pid):
        ours = signals.decode(pid, data)
        prefix = ONE_OF_SEVERAL.get(pid)
        if prefix:
            (name,) = [name for name in ours if name.startswith(prefix)]
            assert len(signals.by_pid(pid)) == 2
        else:
            (name,) = ours
        theirs = _theirs(pid, data)
        value = getattr(theirs, "magnitude", theirs)
        assert ours[name] == pytest.approx(value, rel=COARSE.get(pid, 1e-9), abs=1e-9), f"{name} of {data.hex()}"


def test_evaporative_pressure_differs_as_described() -> None:
    for data in _random_data(0x32):
        ours = signals.decode(0x32, data)["evaporative_pressure"]
        assert _theirs(0x32, data).magnitude == ours - (64.0 if data[1] & 0x80 else 0.0)
    assert signals.decode(0x32, b"\xff\xf3")["evaporative_pressure"] == -3.25


def test_wide_evaporative_pressure_differs_as_described() -> None:
    for data in _random_data(0x54):
        ours = signals.decode(0x54, data)["evaporative_pressure_wide"]
        raw = int.from_bytes(data, "big")
        assert _theirs(0x54, data).magnitude == raw - 32767
        assert ours == (raw - 65536 if raw >= 32768 else raw)


def test_what_they_drop_we_decode() -> None:
    assert _theirs(0x4F, b"\x01\x02\x03\x04") is None
    assert _theirs(0x5F, b"\x0e") is None
    assert len(signals.decode(0x4F, b"\x01\x02\x03\x04")) == 4
    assert signals.decode(0x5F, b"\x0e") == {"emission_requirements": 14.0}


def test_the_code_of_the_freeze_frame_is_the_same() -> None:
    assert _theirs(0x02, b"\x01\x71")[0] == "P0171"
    assert signals.decode(0x02, b"\x01\x71") == {"freeze_frame_code": float(0x0171)}


@pytest.mark.parametrize("pid", sorted(MASKS), ids=lambda pid: f"{pid:02X}")
def test_support_masks_agree(pid: int) -> None:
    for data in _random_data(pid):
        theirs = _theirs(pid, data)
        assert signals.supported_from_mask(pid, data) == {pid + n + 1 for n in range(32) if theirs[n]}


@pytest.mark.parametrize("pid", [0x01, 0x41], ids=["01", "41"])
def test_readiness_agrees(pid: int) -> None:
    prefix = "cycle_" if pid == 0x41 else ""
    base = ("MISFIRE_MONITORING", "FUEL_SYSTEM_MONITORING", "COMPONENT_MONITORING")
    for data in _random_data(pid):
        theirs, ours = _theirs(pid, data), signals.decode(pid, data)
        if pid == 0x01:
            assert (theirs.MIL, theirs.DTC_count) == (bool(ours["mil"]), ours["emission_code_count"])
        compression = bool(ours[prefix + "ignition_type"])
        assert theirs.ignition_type == ("compression" if compression else "spark")
        kind = "compression" if compression else "spark"
        tests = obd.codes.COMPRESSION_TESTS if compression else obd.codes.SPARK_TESTS
        supported, incomplete = (int(ours[f"{prefix}{kind}_monitors_{what}"]) for what in ("supported", "incomplete"))
        for bit, name in enumerate(tests):
            if name:  # python-OBD has no name for bits 2 and 4 of compression engines, nor for the particulate filter
                assert getattr(theirs, name).available == bool(supported >> bit & 1), name
                assert getattr(theirs, name).complete == (not incomplete >> bit & 1), name
        supported, incomplete = (
            int(ours[f"{prefix}continuous_monitors_{what}"]) for what in ("supported", "incomplete")
        )
        for bit, name in enumerate(base):
            assert getattr(theirs, name).available == bool(supported >> bit & 1), name
            assert getattr(theirs, name).complete == (not incomplete >> bit & 1), name


def test_oxygen_sensors_and_power_take_off_agree() -> None:
    for data in _random_data(0x13):
        # python-OBD lists the bits from the top: its first sensor of bank 1 is the standard's last of the last bank.
        for pid, name in ((0x13, "oxygen_sensors_present_2_banks"), (0x1D, "oxygen_sensors_present_4_banks")):
            code = int(signals.decode(pid, data)[name])
            listed = [present for bank in _theirs(pid, data) for present in bank]
            assert listed == [bool(code >> bit & 1) for bit in (7, 6, 5, 4, 3, 2, 1, 0)]
    assert signals.SIGNALS["oxygen_sensors_present_2_banks"].states[0] == "Bank 1 sensor 1"
    assert signals.SIGNALS["oxygen_sensors_present_4_banks"].states[7] == "Bank 4 sensor 2"
    # python-OBD takes bit 7 of 1E for the power take-off; the standard has bit 0.
    assert _theirs(0x1E, b"\x01") is False
    assert signals.SIGNALS["auxiliary_input_status"].states == {0: "Power take-off active"}


@pytest.mark.parametrize("pid", [0x1C, 0x51], ids=["1C", "51"])
def test_codes_have_the_same_meaning(pid: int) -> None:
    (signal,) = signals.by_pid(pid)
    theirs = {code: _theirs(pid, bytes([code])) for code in range(256)}
    for code, text in theirs.items():
        if text is None or text in ("Undefined", "Reserved"):
            continue
        assert code in signal.states, f"{code}: {text}"


def test_fuel_and_air_status_codes_are_known() -> None:
    for bit in range(5):
        assert _theirs(0x03, bytes([1 << bit, 0]))[0]
        assert 1 << bit in signals.SIGNALS["fuel_system_1_status"].states
    for bit in range(4):
        assert _theirs(0x12, bytes([1 << bit]))
        assert 1 << bit in signals.SIGNALS["secondary_air_status"].states


def test_every_pid_they_decode_is_compared_somewhere() -> None:
    assert {command.pid for command in obd.commands[1]} == set(NUMBERS) | set(DIFFERENT) | WORDS | OBJECTS | MASKS
