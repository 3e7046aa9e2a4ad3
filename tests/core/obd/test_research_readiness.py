"""Readiness: which monitors a car has and has finished, by SAE J1979 and as python-OBD reads it where it is right."""

from core.obd import signals


def readiness(data: str, pid: int = 0x01) -> dict[str, float]:
    return signals.decode(pid, bytes.fromhex(data))


def test_readiness_agrees_with_python_obd_where_it_was_right() -> None:
    """Readiness "looked right on the spark engine"; compression was not tried there. Bits by SAE J1979 table B-2."""
    import obd

    for data in ("81076504", "0007E5A1", "00070000", "83270F0F", "000FE900", "020EEB43"):
        values = readiness(data)
        theirs = obd.commands[1][1]([_obd_message(bytes.fromhex("4101" + data))]).value
        assert bool(values["mil"]) == theirs.MIL
        assert values["emission_code_count"] == theirs.DTC_count
        assert ("compression" if values["ignition_type"] else "spark") == theirs.ignition_type
        kind = "compression" if values["ignition_type"] else "spark"
        mine = _monitors(values, "continuous") | _monitors(values, kind)
        for title, (supported, incomplete) in mine.items():
            if title.startswith("Petrol particulate"):
                continue  # the one they leave out
            monitor = getattr(theirs, THEIR_NAMES[title])
            assert (monitor.available, monitor.complete) == (supported, not incomplete), (data, title)


THEIR_NAMES = {
    "Misfire": "MISFIRE_MONITORING",
    "Fuel system": "FUEL_SYSTEM_MONITORING",
    "Comprehensive components": "COMPONENT_MONITORING",
    "Catalyst": "CATALYST_MONITORING",
    "Heated catalyst": "HEATED_CATALYST_MONITORING",
    "Evaporative system": "EVAPORATIVE_SYSTEM_MONITORING",
    "Secondary air system": "SECONDARY_AIR_SYSTEM_MONITORING",
    "Oxygen sensor": "OXYGEN_SENSOR_MONITORING",
    "Oxygen sensor heater": "OXYGEN_SENSOR_HEATER_MONITORING",
    "EGR and/or variable valve timing": "EGR_VVT_SYSTEM_MONITORING",
    "NMHC catalyst": "NMHC_CATALYST_MONITORING",
    "NOx aftertreatment": "NOX_SCR_AFTERTREATMENT_MONITORING",
    "Boost pressure": "BOOST_PRESSURE_MONITORING",
    "Exhaust gas sensor": "EXHAUST_GAS_SENSOR_MONITORING",
    "Particulate filter": "PM_FILTER_MONITORING",
}


def _obd_message(data: bytes) -> object:
    from obd.protocols import ECU
    from obd.protocols.protocol import Message

    made = Message([])
    made.data = bytearray(data)
    made.ecu = ECU.ENGINE
    return made


def _monitors(values: dict[str, float], kind: str) -> dict[str, tuple[bool, bool]]:
    supported, incomplete = values[f"{kind}_monitors_supported"], values[f"{kind}_monitors_incomplete"]
    states = signals.SIGNALS[f"{kind}_monitors_supported"].states
    return {title: (bool(int(supported) >> bit & 1), bool(int(incomplete) >> bit & 1)) for bit, title in states.items()}


def test_readiness_of_a_compression_engine_and_of_this_driving_cycle() -> None:
    values = readiness("000F6B21")  # B3 set: compression
    assert values["ignition_type"] == 1
    assert "spark_monitors_supported" not in values
    assert values["compression_monitors_supported"] == 0x6B
    assert values["compression_monitors_incomplete"] == 0x21
    cycle = readiness("00076504", 0x41)
    assert any(name.endswith("_cycle") or "cycle" in name for name in cycle), cycle
