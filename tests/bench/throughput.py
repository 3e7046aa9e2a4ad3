"""Values a second through the same simulated adapter: python-OBD in its fast mode, and this link.

The simulator runs in its own process, one connection at a time; the two clients take turns. Each client asks as fast as
it can for the same signals. ECU times are those of the survey: 8 ms, 4 ms for ``ideal``.
"""

import logging
import statistics
import time

import can

from core.obd.can_link import CanLink
from core.obd.engine import Engine
from core.obd.signals import SIGNALS
from core.obd.simulator.can_node import CanCar
from core.obd.simulator.car import load_car
from core.obd.status import LinkState
from core.obd.store import Signals
from tests.bench.adapter_process import AdapterProcess

MODELS = ("ideal", "usb115200", "usb38400", "bluetooth", "clone")
COUNTS = (1, 5, 10, 20)
Rates = list[tuple[float, float]]
SECONDS = 3.0
ROUNDS = 2
# Present in the default car and in python-OBD's table, so that both can decode all of them.
NAMES = (
    "engine_speed", "vehicle_speed", "engine_load", "throttle_position", "coolant_temperature",
    "intake_manifold_pressure", "timing_advance", "intake_air_temperature", "mass_air_flow", "control_module_voltage",
    "short_term_fuel_trim_bank_1", "long_term_fuel_trim_bank_1", "fuel_level", "barometric_pressure", "run_time",
    "absolute_throttle_position_b", "accelerator_pedal_position_d", "accelerator_pedal_position_e",
    "commanded_throttle_actuator", "relative_throttle_position",
)  # fmt: skip


def python_obd(address: str, count: int) -> tuple[float, float]:
    """Values a second and seconds to connect, by python-OBD's synchronous ``query`` in fast mode."""
    import obd

    obd.logger.setLevel(logging.CRITICAL)
    began = time.monotonic()
    port = address.replace("tcp://", "socket://").replace("serial://", "")
    car = obd.OBD(portstr=port, baudrate=115200, protocol="6", fast=True, check_voltage=False)
    connected = time.monotonic() - began
    commands = [obd.commands[1][SIGNALS[name].pid or 0] for name in NAMES[:count]]
    for command in commands:
        car.query(command, force=True)  # python-OBD learns its frame counts here
    values = 0
    start = time.monotonic()
    while time.monotonic() < start + SECONDS:
        for command in commands:
            values += not car.query(command, force=True).is_null()
    rate = values / (time.monotonic() - start)
    car.close()
    return rate, connected


def bayline(address: str, count: int) -> tuple[float, float]:
    """The same through the engine, as the terminal uses it."""
    signals = Signals()
    engine = Engine(signals)
    engine.watch("screen", dict.fromkeys(NAMES[:count], 1000.0))
    engine.start()
    began = time.monotonic()
    engine.connect(address)
    try:
        while engine.status().state is not LinkState.CONNECTED:
            time.sleep(0.005)
            assert time.monotonic() < began + 20, engine.status()
        connected = time.monotonic() - began
        time.sleep(0.5)
        before = sum(signals.count(name) for name in NAMES[:count])
        start = time.monotonic()
        time.sleep(SECONDS)
        values = sum(signals.count(name) for name in NAMES[:count]) - before
        return values / (time.monotonic() - start), connected
    finally:
        engine.stop()


def adapters() -> list[dict[str, object]]:
    """A row for each adapter model and number of signals."""
    rows: list[dict[str, object]] = []
    for model in MODELS:
        for count in COUNTS:
            theirs: list[tuple[float, float]] = []
            ours: list[tuple[float, float]] = []
            for _ in range(ROUNDS):
                with AdapterProcess(model, ecu_s=0.004 if model == "ideal" else 0.008) as sim:
                    theirs.append(python_obd(sim.address, count))
                with AdapterProcess(model, ecu_s=0.004 if model == "ideal" else 0.008) as sim:
                    ours.append(bayline(sim.address, count))
            rows.append(_row(model, count, theirs, ours))
            print(_line(rows[-1]), flush=True)
    return rows


def _row(
    model: str, count: int, theirs: list[tuple[float, float]], ours: list[tuple[float, float]]
) -> dict[str, object]:
    old, new = statistics.mean(rate for rate, _ in theirs), statistics.mean(rate for rate, _ in ours)
    return {
        "adapter": model,
        "signals": count,
        "python_obd": round(old, 1),
        "bayline": round(new, 1),
        "ratio": round(new / old, 2),
        "connect_python_obd_s": round(statistics.mean(seconds for _, seconds in theirs), 2),
        "connect_bayline_s": round(statistics.mean(seconds for _, seconds in ours), 2),
    }


def _line(row: dict[str, object]) -> str:
    return (
        f"{row['adapter']:>10} {row['signals']:>3} signals   python-OBD {row['python_obd']:>8}/s   "
        f"Bayline {row['bayline']:>8}/s   ratio {row['ratio']:>6}   "
        f"connect {row['connect_python_obd_s']} s / {row['connect_bayline_s']} s"
    )


def iso_tp() -> list[dict[str, object]]:
    """Direct CAN. python-OBD has none, so the baseline is this link held to one PID a request, in turns with itself."""
    rows: list[dict[str, object]] = []
    for ecu_s in (0.004, 0.0):
        for count in COUNTS:
            single = statistics.mean(
                _on_a_bus(f"one-{count}-{ecu_s}-{turn}", count, ecu_s, 1) for turn in range(ROUNDS)
            )
            batched = statistics.mean(
                _on_a_bus(f"six-{count}-{ecu_s}-{turn}", count, ecu_s, 6) for turn in range(ROUNDS)
            )
            rows.append(
                {
                    "adapter": f"iso-tp, ECU {ecu_s * 1000:.0f} ms",
                    "signals": count,
                    "one_pid_a_request": round(single, 1),
                    "bayline": round(batched, 1),
                    "ratio": round(batched / single, 2),
                }
            )
            print("   ", *(f"{key} {value}" for key, value in rows[-1].items()), sep="   ", flush=True)
    return rows


def _on_a_bus(channel: str, count: int, ecu_s: float, max_pids: int) -> float:
    most, CanLink.max_pids = CanLink.max_pids, max_pids
    try:
        with can.Bus(interface="virtual", channel=channel) as bus:
            node = CanCar(load_car(None), bus, ecu_s=ecu_s)
            node.start()
            try:
                return bayline(f"can://virtual/{channel}", count)[0]
            finally:
                node.stop()
    finally:
        CanLink.max_pids = most


def run() -> dict[str, object]:
    """Both tables. Takes about six minutes."""
    return {"adapters": adapters(), "iso_tp": iso_tp()}
