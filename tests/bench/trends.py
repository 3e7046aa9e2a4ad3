"""One frame of the trends, ours and pyqtgraph's, in turns: four strips of two signals, five minutes at 30 Hz, 1920 px.

The trends draw by themselves because of this figure. pyqtgraph gets what its own manual advises: peak downsampling,
clipping to the view, and once with and once without antialiasing.
"""

import os
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication

from tests.ui.fake_session import RATES, SHAPES, FakeSession
from tests.ui.trend_stage import HandClock
from ui.context import UiContext
from ui.start import application
from ui.widgets.trend_panel import TrendPanel

FRAMES = 120
WINDOW_S = 300.0
STRIPS = (
    ("engine_speed", "vehicle_speed"),
    ("engine_load", "throttle_position"),
    ("mass_air_flow", "intake_air_temperature"),
    ("coolant_temperature", "fuel_level"),
)
Frame = Callable[[], float]


def run() -> dict[str, object]:
    """Milliseconds a frame, data and painting, on the main thread."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in SHAPES:
        RATES[name] = 30.0
    session = FakeSession(WINDOW_S + 5)
    app = application(UiContext(session=session))
    drawers: dict[str, Frame] = {
        "bayline": _ours(session),
        "pyqtgraph, antialiased": _theirs(session, antialias=True, width=2),
        "pyqtgraph, plain": _theirs(session, antialias=False, width=1),
    }
    taken: dict[str, list[float]] = {name: [] for name in drawers}
    for number in range(FRAMES + 20):
        session.advance(1 / 30)
        for name, draw in drawers.items():
            spent = draw()
            if number >= 20:
                taken[name].append(spent)
        app.processEvents()
    ours = float(np.median(taken["bayline"]))
    out: dict[str, object] = {}
    for name, seconds in taken.items():
        found = _row(np.array(seconds), ours)
        out[name] = found
        print(f"{name:>24}  {found}", flush=True)
    return out


def _row(seconds: npt.NDArray[np.float64], ours: float) -> dict[str, float]:
    median, late = np.percentile(seconds, (50, 95)) * 1000
    return {
        "p50_ms": round(float(median), 2),
        "p95_ms": round(float(late), 2),
        "ratio": round(float(median) / 1000 / ours, 1),
    }


def _ours(session: FakeSession) -> Frame:
    panel = TrendPanel(UiContext(session=session), HandClock())
    panel.resize(1824, 420)
    panel.show()
    for keys in STRIPS:
        panel.add(*keys)
    panel.restore({**panel.state(), "length": WINDOW_S})
    QApplication.processEvents()
    beats = iter(range(1, 1_000_000))

    def draw() -> float:
        began = time.perf_counter()
        panel.beat(next(beats) / 30)
        panel.canvas.repaint()
        return time.perf_counter() - began

    return draw


def _theirs(session: FakeSession, *, antialias: bool, width: int) -> Frame:
    view = pg.GraphicsLayoutWidget()
    view.resize(1824, 420)
    curves = []
    for row, keys in enumerate(STRIPS):
        plot = view.addPlot(row=row, col=0)
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        curves += [(plot, key, plot.plot(pen=pg.mkPen("c", width=width), antialias=antialias)) for key in keys]
    view.show()
    QApplication.processEvents()

    def draw() -> float:
        began = time.perf_counter()
        now = session.now()
        for plot, key, curve in curves:
            curve.setData(*session.signals.window(key, now - WINDOW_S, now))
            plot.setXRange(now - WINDOW_S, now, padding=0)
        view.viewport().repaint()
        return time.perf_counter() - began

    return draw
