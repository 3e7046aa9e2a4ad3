"""From where to where a dial reaches: what a car really does, since the bytes could say far more (16,383 rpm, 215 °C).

Ranges are those of ordinary instrument clusters and of the recorded drives that the tests play. A value beyond is
still shown as its number.
"""

from collections.abc import Mapping
from types import MappingProxyType

from core.obd.signals import Signal

Range = tuple[float, float]

_BY_NAME: Mapping[str, Range] = MappingProxyType(
    {
        "engine_speed": (0, 8000),
        "vehicle_speed": (0, 240),
        "coolant_temperature": (0, 140),
        "oil_temperature": (0, 160),
        "intake_air_temperature": (-20, 80),
        "ambient_air_temperature": (-20, 50),
        "control_module_voltage": (8, 16),
        "mass_air_flow": (0, 100),
        "intake_manifold_pressure": (0, 120),
        "barometric_pressure": (80, 110),
        "timing_advance": (-10, 50),
        "fuel_rate": (0, 30),
        "absolute_load": (0, 200),
        "run_time": (0, 7200),
        "commanded_equivalence_ratio": (0.5, 1.5),
        "demanded_torque": (-25, 125),
        "actual_torque": (-25, 125),
    }
)
_BY_START: Mapping[str, Range] = MappingProxyType(
    {"catalyst_temperature": (0, 1000), "wide_range_lambda": (0.5, 1.5), "wide_range_current_lambda": (0.5, 1.5)}
)
_TRIM: Range = (-25, 25)  # %; a trim outside needs a mechanic
_BY_UNIT: Mapping[str, Range] = MappingProxyType({"°C": (0, 140), "g/s": (0, 100), "L/h": (0, 30), "kW": (0, 150)})


def dial_range(signal: Signal) -> Range:
    """Both ends of the dial, in the signal's unit."""
    found = _BY_NAME.get(signal.name)
    if found is None:
        found = next((reach for start, reach in _BY_START.items() if signal.name.startswith(start)), None)
    if found is None and "_trim_" in signal.name:
        found = _TRIM
    return found or _BY_UNIT.get(signal.unit) or (signal.minimum, signal.maximum)
