"""The window with a car on it: wire to pixels, frame intervals with and without tablets, stalls with a silent adapter.

The real terminal in one process: link thread, live session with its recording, server, window with the Live page. The
adapter and the tablets are processes of their own. Painting goes to Qt's offscreen surface unless DISPLAY is set.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEventLoop, Qt, QTimer

from app import VERSION
from core.diagnostics.live import LiveSession
from core.obd.status import LinkState
from server.service import Server
from tests.bench.adapter_process import AdapterProcess
from tests.bench.tablets import Tablets
from ui.context import UiContext
from ui.shell import Shell
from ui.start import application
from ui.widgets.frame_clock import FrameClock
from ui.widgets.gauge import Gauge

SECONDS = 15.0
SETTLE_S = 4.0


@dataclass
class Terminal:
    session: LiveSession
    server: Server
    shell: Shell
    adapter: AdapterProcess

    @property
    def clock(self) -> FrameClock:
        return next(clock for clock in self.shell.findChildren(FrameClock) if clock.running)

    @property
    def gauges(self) -> list[Gauge]:
        return [gauge for gauge in self.shell.findChildren(Gauge) if gauge.isVisible()]


def turn(seconds: float) -> None:
    """Let the event loop run, as ``exec`` does."""
    loop = QEventLoop()
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    timer.start(round(seconds * 1000))
    loop.exec()


@contextmanager
def terminal(model: str = "usb115200") -> Iterator[Terminal]:
    with tempfile.TemporaryDirectory() as folder, AdapterProcess(model, ecu_s=0.008, car="demo") as adapter:
        session = LiveSession(Path(folder))
        session.start()
        session.connect(adapter.address)
        server = Server(session, port=0, terminal="bench", version=VERSION)
        server.start()
        context = UiContext(session=session, version=VERSION, home=Path(folder))
        application(context)
        shell = Shell(context)
        shell.resize(1920, 1080)
        shell.show()
        try:
            end = time.monotonic() + 20
            while session.status().state is not LinkState.CONNECTED:
                turn(0.1)
                assert time.monotonic() < end, session.status()
            turn(SETTLE_S)
            yield Terminal(session, server, shell, adapter)
        finally:
            shell.hide()
            shell.deleteLater()
            turn(0.1)
            server.stop()
            session.stop()


def _quantiles(seconds: npt.NDArray[np.float64]) -> dict[str, float]:
    p50, p95, p99 = np.percentile(seconds, (50, 95, 99)) * 1000
    return {
        "n": int(seconds.size),
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "p99_ms": round(float(p99), 1),
        "max_ms": round(float(seconds.max()) * 1000, 1),
    }


def wire_to_pixels(bench: Terminal) -> dict[str, object]:
    """From the stamp of receipt to the end of the paint that first shows the sample, for every gauge on the page."""
    for gauge in bench.gauges:
        gauge.log_paints(True)
    turn(SECONDS)
    delays: list[float] = []
    for gauge in bench.gauges:
        gauge.log_paints(False)
        first: dict[float, float] = {}
        for stamped, painted in gauge.painted:
            first.setdefault(stamped, painted)  # a needle on its way paints the same sample again
        delays += [painted - stamped for stamped, painted in first.items()]
    found = np.array(delays)
    return {**_quantiles(found), "under_50_ms_percent": round(float(np.mean(found < 0.05)) * 100, 2)}


def frames(bench: Terminal) -> dict[str, object]:
    """Times between frames over ``SECONDS``."""
    clock = bench.clock
    turn(0.5)  # starting the tablets held this thread up: that is no frame interval
    clock.intervals.clear()
    turn(SECONDS)
    found = clock.intervals.array()
    return {**_quantiles(found), "under_33_ms_percent": round(float(np.mean(found < 0.033)) * 100, 2)}


def stall(bench: Terminal) -> dict[str, object]:
    """The longest time the event loop did not turn while the adapter said nothing for eight seconds."""
    gaps: list[float] = []
    last = time.monotonic()

    def tick() -> None:
        nonlocal last
        now = time.monotonic()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(1)
    timer.timeout.connect(tick)
    bench.adapter.say("silence seconds=8")
    timer.start()
    turn(9.0)
    timer.stop()
    state = bench.session.status()
    began = time.monotonic()
    bench.session.engine.stop()
    stopped = time.monotonic() - began
    return {
        **_quantiles(np.array(gaps)),
        "link_stop_ms": round(stopped * 1000, 1),
        "state_then": f"{state.state} ({state.trouble})",
    }


def run() -> dict[str, object]:
    """Everything in one run; the frames with and without tablets in turns."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    out: dict[str, object] = {}
    with terminal() as bench:
        out["gauges"] = len(bench.gauges)
        out["values_per_second"] = round(bench.session.status().values_per_second)
        out["wire_to_pixels"] = wire_to_pixels(bench)
        print("wire to pixels", out["wire_to_pixels"], flush=True)
        for number in (1, 2):
            out[f"frames_alone_{number}"] = frames(bench)
            print("frames, alone        ", out[f"frames_alone_{number}"], flush=True)
            with Tablets(bench.server.address.rstrip("/")) as tablets:
                out[f"frames_with_tablets_{number}"] = frames(bench)
            out[f"served_a_second_{number}"] = tablets.counts
            print("frames, with tablets ", out[f"frames_with_tablets_{number}"], tablets.counts, flush=True)
        out["stall"] = stall(bench)
        print("silent adapter, event loop", out["stall"], flush=True)
    return out
