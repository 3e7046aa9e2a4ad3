"""Gross profit a day as bars; the bar under the pointer or finger says its day in full."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QDate

from core.insights.money import DayOfMoney
from core.language import tr, trn
from ui import theme, words
from ui.money_words import money, round_money
from ui.widgets.chart import Chart

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


class ProfitChart(Chart):
    """``show_days`` draws."""

    def __init__(self) -> None:
        self._days: Sequence[DayOfMoney] = ()
        self._currency = ""
        self._unknown = 0
        self.below, self.left = _Days(), _Money()
        super().__init__(self.below, self.left)
        self.bars = pg.BarGraphItem(x=[], height=[], width=_BAR)
        self.plot.addItem(self.bars)
        self.dress()

    def show_days(self, days: Sequence[DayOfMoney], currency: str, unknown: int = 0) -> None:
        """Draw these days, the last at the right; ``unknown``: how many lines in them have no cost to be taken off."""
        self._days, self._currency, self._unknown = days, currency, unknown
        self.below.days = days
        self.left.currency = currency
        self.draw()
        self.say(None)
        self.setAccessibleName(tr("Gross profit a day: {sum} in {count} days", sum=self._sum(), count=len(days)))

    def under(self, x: float) -> int | None:
        return round(x) if 0 <= round(x) < len(self._days) else None

    def say(self, at: int | None) -> None:
        if at is None and not any(day.invoices or day.net or day.cost for day in self._days):
            self.said.setText(tr("No invoice in {count} days. What is invoiced stands here, less what it cost.",
                                 count=len(self._days)))  # fmt: skip
            return
        if at is None:
            together = tr("{sum} in the last {count} days", sum=self._sum(), count=len(self._days))
            missing = trn(
                "the cost of {count} line is not known", "the cost of {count} lines is not known", self._unknown
            )
            self.said.setText(f"{together} · {missing}" if self._unknown else together)
            return
        day = self._days[at]
        self.said.setText(
            trn("{day}: {profit} of {net} net, {count} invoice", "{day}: {profit} of {net} net, {count} invoices",
                day.invoices, day=short_day(day.day, weekday=True),
                profit=money(day.profit, self._currency), net=money(day.net, self._currency))
        )  # fmt: skip

    def _sum(self) -> str:
        return money(sum(each.profit for each in self._days), self._currency)

    def draw(self) -> None:
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
