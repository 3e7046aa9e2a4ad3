"""What the Live page keeps in a vehicle's profile, and what it shows for a vehicle nobody has arranged yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.language import tr
from core.obd.signals import SIGNALS
from ui.widgets.gauge_layout import Arrangement, added, clamped
from ui.widgets.gauge_model import Cells, Dress, GaugeSpec

VERSION = 1
TREND_SHARE = 0.38  # of the page's height
LEAST_SHARE, MOST_SHARE = 0.15, 0.8


class LayoutDamaged(ValueError):  # noqa: N818 - reads like core.diagnostics.session.IndexDamaged
    """A kept layout cannot be read; the message says why in words."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Gauges, and whether, how high and with what the trends are shown."""

    gauges: Arrangement = ()
    trends: bool = True
    share: float = TREND_SHARE
    trend_state: Mapping[str, Any] = field(default_factory=dict)


# Place, dress, and the signals that may stand there: the first one the car offers and nobody shows yet.
_Slot = tuple[tuple[int, int, int, int], Dress, Sequence[str]]
_SLOTS: Sequence[_Slot] = (
    ((0, 0, 3, 8), Dress.DIAL, ("engine_speed", "hybrid_battery_charge", "actual_torque")),
    ((3, 0, 3, 8), Dress.DIAL, ("vehicle_speed",)),
    ((6, 0, 3, 8), Dress.DIAL, ("coolant_temperature", "oil_temperature", "ambient_air_temperature")),
    ((9, 0, 3, 4), Dress.BAR, ("engine_load", "absolute_load", "actual_torque")),
    ((9, 4, 3, 4), Dress.BAR, ("throttle_position", "relative_throttle_position", "accelerator_pedal_position_d")),
    ((0, 8, 3, 4), Dress.BAR, ("fuel_level", "hybrid_battery_charge", "ethanol_percentage")),
    ((3, 8, 3, 4), Dress.NUMBER, ("control_module_voltage", "short_term_fuel_trim_bank_1")),
    ((6, 8, 3, 4), Dress.NUMBER, ("intake_air_temperature", "ambient_air_temperature")),
    ((9, 8, 3, 4), Dress.NUMBER, ("mass_air_flow", "intake_manifold_pressure", "timing_advance")),
)
_NO_GAUGES_OF = ("status", "scaling")  # groups of the signal table that hardly move: nothing to look at


def default_gauges(available: Collection[str]) -> Arrangement:
    """Gauges for a car that offers ``available``; for an unknown car (nothing offered yet) what most cars have."""
    found: Arrangement = ()
    shown: set[str] = set()
    for n, (place, dress, wishes) in enumerate(_SLOTS):
        spare = _spare(available, shown) if available else ()
        name = next(
            (wish for wish in (*wishes, *spare) if wish not in shown and (wish in available or not available)), ""
        )
        if name:
            shown.add(name)
            found = (*found, GaugeSpec(f"g{n + 1}", name, dress, Cells(*place)))
    return found


def _spare(available: Collection[str], shown: Collection[str]) -> tuple[str, ...]:
    """Other numbers worth a gauge, the quickest first."""
    signals = [SIGNALS[name] for name in available if name in SIGNALS and name not in shown]
    worth = [signal for signal in signals if signal.kind == "number" and signal.group not in _NO_GAUGES_OF]
    return tuple(signal.name for signal in sorted(worth, key=lambda signal: (-signal.rate_hz, signal.title)))


def default_trends(available: Collection[str], most: int) -> tuple[tuple[str, ...], ...]:
    """The signals of each strip of the trends, ``most`` strips, for a car nobody has arranged yet."""
    wanted = (("engine_speed", "vehicle_speed"), ("engine_load", "throttle_position"))
    strips = (tuple(name for name in strip if not available or name in available) for strip in wanted)
    return tuple(strip for strip in strips if strip)[:most]


def to_json(layout: Layout, set_aside: Any = None) -> dict[str, Any]:
    """The layout as a profile keeps it. ``set_aside``: an older layout that could not be read, kept as it was."""
    kept: dict[str, Any] = {
        "version": VERSION,
        "gauges": [_gauge_to_json(spec) for spec in layout.gauges],
        "trends": {"shown": layout.trends, "share": round(layout.share, 3), "state": dict(layout.trend_state)},
    }
    if set_aside is not None:
        kept["set_aside"] = set_aside
    return kept


def _gauge_to_json(spec: GaugeSpec) -> dict[str, Any]:
    found: dict[str, Any] = {"id": spec.id, "signal": spec.signal, "dress": spec.dress.value}
    found["cells"] = [spec.cells.x, spec.cells.y, spec.cells.w, spec.cells.h]
    chosen = {"unit": spec.unit or None, "low": spec.low, "high": spec.high}
    found |= {name: value for name, value in chosen.items() if value is not None}
    return found | {"marks": spec.marks, "rate": spec.rate}


def from_json(kept: Any) -> Layout:
    """The layout ``to_json`` wrote. Raises ``LayoutDamaged`` for anything else; what it cannot place it moves."""
    if not isinstance(kept, Mapping):
        raise LayoutDamaged(tr("it is not a layout"))
    if kept.get("version") != VERSION:
        raise LayoutDamaged(tr("it was made by another version of this program"))
    try:
        gauges: Arrangement = ()
        for found in kept["gauges"]:
            spec = _gauge_from_json(found)
            if spec.id in {one.id for one in gauges}:
                raise LayoutDamaged(tr("two gauges have one name"))
            gauges = added(gauges, spec) or gauges
        trends = kept.get("trends", {})
        share = min(MOST_SHARE, max(LEAST_SHARE, float(trends.get("share", TREND_SHARE))))
        return Layout(gauges, bool(trends.get("shown", True)), share, dict(trends.get("state", {})))
    except LayoutDamaged:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LayoutDamaged(tr("a part of it is missing or wrong")) from error


def _gauge_from_json(found: Mapping[str, Any]) -> GaugeSpec:
    dress = Dress(found["dress"])
    x, y, w, h = (int(number) for number in found["cells"])
    low, high = (None if found.get(name) is None else float(found[name]) for name in ("low", "high"))
    return GaugeSpec(
        id=str(found["id"]),
        signal=str(found["signal"]),
        dress=dress,
        cells=clamped(Cells(x, y, w, h), dress),
        unit=str(found.get("unit", "")),
        low=low,
        high=high,
        marks=bool(found.get("marks", True)),
        rate=bool(found.get("rate", False)),
    )
