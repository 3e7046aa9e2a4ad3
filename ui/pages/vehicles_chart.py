"""What an odometer said over the years as a plain line; a finger on it says which reading stands there."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QDate

from core.language import tr
from core.vehicles.odometer import ReadingView
from ui import theme, vehicle_words, words
from ui.widgets.chart import Chart

DAY_S = 86_400.0


class _Days(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Months or years below, as many as there is room for."""

    def __init__(self) -> None:
        super().__init__("bottom")

    def tickValues(self, low: float, high: float, size: int) -> list[tuple[float, list[float]]]:
        first, last = dt.datetime.fromtimestamp(low), dt.datetime.fromtimestamp(high)
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        step = next((each for each in (1, 3, 6, 12, 24, 60) if months / each <= max(2, size / 110)), 120)
        found, at = [], first.year * 12 + first.month - 1
        at += -at % step
        while at <= last.year * 12 + last.month - 1:
            found.append(dt.datetime(at // 12, at % 12 + 1, 1).timestamp())
            at += step
        return [(step * 30 * DAY_S, [each for each in found if low <= each <= high])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [words.locale().toString(_date(value), tr("MMM yyyy")) for value in values]


class _Kilometres(pg.AxisItem):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__("left")

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [words.count(round(value)) for value in values]


class OdometerChart(Chart):
    """``show_readings`` draws."""

    def __init__(self) -> None:
        self._at = np.array([], dtype=float)
        self._km = np.array([], dtype=float)
        super().__init__(_Days(), _Kilometres())
        self.line = pg.PlotDataItem()
        self.plot.addItem(self.line)
        self.dress()

    def show_readings(self, readings: Sequence[ReadingView]) -> None:
        """Draw these, in the order of their moments."""
        pairs = sorted((each.read_at, each.value) for each in readings if each.read_at and each.value is not None)
        self._at = np.array([at / 1000 for at, _ in pairs], dtype=float)
        self._km = np.array([km for _, km in pairs], dtype=float)
        self.draw()
        self.say(None)
        self.setAccessibleName(self.said.text())

    def a_year(self) -> int | None:
        """Kilometres a year between the first and the last reading; None for less than a month."""
        if len(self._at) < 2 or self._at[-1] - self._at[0] < 30 * DAY_S:
            return None
        return int((self._km[-1] - self._km[0]) / (self._at[-1] - self._at[0]) * 365.25 * DAY_S)

    def under(self, x: float) -> int | None:
        return int(np.argmin(np.abs(self._at - x))) if len(self._at) else None

    def say(self, at: int | None) -> None:
        if at is not None:
            shown = vehicle_words.distance(round(self._km[at]))
            self.said.setText(
                tr("{day}: {distance}", day=vehicle_words.day_of(round(self._at[at] * 1000)), distance=shown)
            )
            return
        mean = self.a_year()
        self.said.setText("" if mean is None else tr("About {distance} a year", distance=vehicle_words.distance(mean)))

    def draw(self) -> None:
        accent = theme.color("accent")
        self.line.setData(
            self._at, self._km, pen=pg.mkPen(accent, width=2), symbol="o", symbolSize=8, symbolBrush=accent,
            symbolPen=None, antialias=True,
        )  # fmt: skip
        if len(self._at):
            side = max(DAY_S, (self._at[-1] - self._at[0]) * 0.03)
            self.plot.setXRange(self._at[0] - side, self._at[-1] + side, padding=0)
            room = max(100.0, (self._km.max() - self._km.min()) * 0.12)
            self.plot.setYRange(max(0.0, self._km.min() - room), self._km.max() + room, padding=0)


def _date(at: float) -> QDate:
    found = dt.datetime.fromtimestamp(at)
    return QDate(found.year, found.month, found.day)
