"""Gross profit a day as bars; the bar under the pointer or finger says its day in full."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QDate, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from core.insights.money import DayOfMoney
from core.language import tr
from ui import theme, words
from ui.money_words import money, round_money
from ui.widgets.panels import label

_BAR = 0.7  # of a day's width
_EVERY = 7  # days between two dates below


class _Days(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Dates below the bars: one a week, counted back from the last."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.days: Sequence[DayOfMoney] = ()

    def tickValues(self, low: float, high: float, size: int) -> list[tuple[float, list[float]]]:
        last = len(self.days) - 1
        return [(_EVERY, [float(at) for at in range(last, -1, -_EVERY) if low <= at <= high])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [short_day(self.days[round(at)].day) for at in values if 0 <= round(at) < len(self.days)]


class _Money(pg.AxisItem):  # type: ignore[misc]
    """Whole amounts at the left, each with its currency."""

    def __init__(self) -> None:
        super().__init__("left")
        self.currency = ""

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [round_money(value, self.currency) for value in values]


class ProfitChart(QWidget):
    """``show_days`` draws; nothing in it can be dragged away."""

    def __init__(self) -> None:
        super().__init__()
        self._days: Sequence[DayOfMoney] = ()
        self._currency = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        self.said = label("", "muted", wrap=True)
        column.addWidget(self.said)
        self.below, self.left = _Days(), _Money()
        self.plot = pg.PlotWidget(axisItems={"bottom": self.below, "left": self.left})
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.getPlotItem().showGrid(y=True, alpha=0.25)
        self.plot.viewport().installEventFilter(self)
        self.plot.viewport().setMouseTracking(True)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.bars = pg.BarGraphItem(x=[], height=[], width=_BAR)
        self.plot.addItem(self.bars)
        column.addWidget(self.plot, 1)
        theme.signals.changed.connect(self._dress)
        self._dress()

    def show_days(self, days: Sequence[DayOfMoney], currency: str) -> None:
        """Draw these days, the last at the right."""
        self._days, self._currency = days, currency
        self.below.days = days
        self.left.currency = currency
        self._draw()
        self._say(None)
        self.setAccessibleName(tr("Gross profit a day: {sum} in {count} days", sum=self._sum(), count=len(days)))

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress) and isinstance(event, QMouseEvent):
            self._say(self._under(event.position()))
        elif event.type() == QEvent.Type.Leave:
            self._say(None)
        return False

    def _under(self, place: QPointF) -> int | None:
        at = round(self.plot.getPlotItem().vb.mapSceneToView(self.plot.mapToScene(place.toPoint())).x())
        return at if 0 <= at < len(self._days) else None

    def _say(self, at: int | None) -> None:
        if at is None and not any(day.invoices or day.net or day.cost for day in self._days):
            self.said.setText(tr("No invoice in {count} days. What is invoiced stands here, less what it cost.",
                                 count=len(self._days)))  # fmt: skip
            return
        if at is None:
            self.said.setText(tr("{sum} in the last {count} days", sum=self._sum(), count=len(self._days)))
            return
        day = self._days[at]
        self.said.setText(
            tr("{day}: {profit} of {net} net, {count} invoices", day=short_day(day.day, weekday=True),
               profit=money(day.profit, self._currency), net=money(day.net, self._currency), count=day.invoices)
        )  # fmt: skip

    def _sum(self) -> str:
        return money(sum(each.profit for each in self._days), self._currency)

    def _dress(self) -> None:
        self.plot.setBackground(theme.color("surface_raised"))
        for name in ("bottom", "left"):
            axis = self.plot.getPlotItem().getAxis(name)
            axis.setZValue(-1)  # the grid lies under the bars
            axis.setPen(pg.mkPen(theme.color("line")))
            axis.setTextPen(pg.mkPen(theme.color("text_muted")))
            axis.setStyle(tickFont=theme.font(theme.scaled(15), tabular=True), tickLength=4, autoExpandTextSpace=True)
        self._draw()

    def _draw(self) -> None:
        heights = np.array([day.profit for day in self._days], dtype=float)
        brushes = [theme.color("accent" if height >= 0 else "critical") for height in heights]
        self.bars.setOpts(x=np.arange(len(heights)), height=heights, width=_BAR, brushes=brushes, pen=None)
        top = max(heights.max(initial=0.0), 100.0)
        self.plot.setYRange(min(heights.min(initial=0.0), 0.0), top, padding=0.06)
        self.plot.setXRange(-0.6, max(1, len(heights)) - 0.4, padding=0)


def short_day(day: str, *, weekday: bool = False) -> str:
    """An ISO day as people write it: "22 Nov", or with the day of the week."""
    date = dt.date.fromisoformat(day)
    return words.locale().toString(QDate(date.year, date.month, date.day), tr("ddd d MMM") if weekday else tr("d MMM"))
