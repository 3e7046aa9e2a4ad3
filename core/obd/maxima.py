"""PIDs 4F and 50: a control unit may stretch the range of other PIDs, and then their bytes mean something else.

SAE J1979 lets a car with, say, a turbocharged engine report manifold pressures above 255 kPa in the one byte of PID 0B:
it states the new full scale in PID 4F, and a tester shall scale by it. Zero, the usual answer, means "as in the table".
"""

from collections.abc import Mapping

from core.obd.signals import SIGNALS

SCALE_PIDS = (0x4F, 0x50)

_STRETCHED_BY: Mapping[str, str] = {
    "commanded_equivalence_ratio": "maximum_equivalence_ratio",
    "intake_manifold_pressure": "maximum_intake_manifold_pressure",
    "mass_air_flow": "maximum_mass_air_flow",
    **{name: "maximum_equivalence_ratio" for name in SIGNALS if name.startswith("wide_range_lambda_")},
    **{name: "maximum_equivalence_ratio" for name in SIGNALS if name.startswith("wide_range_current_lambda_")},
    **{name: "maximum_oxygen_sensor_voltage" for name in SIGNALS if name.startswith("wide_range_voltage_")},
    **{name: "maximum_oxygen_sensor_current" for name in SIGNALS if name.startswith("wide_range_current_bank_")},
}
_USUAL_CURRENT = 128.0  # mA; the range is -128 to just under +128, so the scale is not the row's maximum


def stretched(values: Mapping[str, float], maxima: Mapping[str, float]) -> dict[str, float]:
    """Decoded ``values`` scaled by what the same control unit said in PIDs 4F and 50 (``maxima``, as decoded).

    Signals that nothing stretches, and maxima of zero, leave the values as they are.
    """
    return {name: value * factor(name, maxima) for name, value in values.items()}


def factor(name: str, maxima: Mapping[str, float]) -> float:
    """What the table's value of a signal is to be multiplied with: 1 unless the car stated another full scale."""
    stated = maxima.get(_STRETCHED_BY.get(name, ""), 0.0)
    if not stated:
        return 1.0
    usual = _USUAL_CURRENT if name.startswith("wide_range_current_bank_") else SIGNALS[name].maximum
    return stated / usual
