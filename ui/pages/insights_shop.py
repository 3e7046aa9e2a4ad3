"""The shop at a glance: what is open and late, what today holds, how the last weeks went."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.insights.dashboard import COMEBACK_DAYS, WEEKS, Dashboard
from core.language import tr, trn
from ui import theme, words
from ui.pages.insights_chart import ProfitChart
from ui.pages.insights_tiles import Tile, Tiles, hours, percent, promised
from ui.widgets.panels import Card, label

CHART_PX = 190


class ShopSection(QWidget):
    """``show_figures`` shows a dashboard."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, theme.space(4), theme.space(4))
        column.setSpacing(theme.space(3))
        self.open = Tile(tr("Open orders"))
        self.late = Tile(tr("Late"))
        self.approval = Tile(tr("Waiting for approval"))
        self.parts = Tile(tr("Waiting for parts"))
        self.today = Tile(tr("Hours left today"))
        self.completion = Tile(tr("Mean time to ready"))
        self.on_time = Tile(tr("Ready when promised"))
        self.first_time = Tile(tr("Right the first time"))
        column.addWidget(Tiles((
            self.open, self.late, self.approval, self.parts, self.today, self.completion, self.on_time, self.first_time,
        )))  # fmt: skip
        below = QHBoxLayout()
        below.setSpacing(theme.space(3))
        card = Card(tr("Gross profit a day"))
        self.chart = ProfitChart()
        self.chart.setMinimumHeight(CHART_PX)
        card.body.addWidget(self.chart, 1)
        below.addWidget(card, 3)
        self.codes = Card(tr("Most frequent codes"))
        self.list = QVBoxLayout()
        self.list.setSpacing(theme.space(2))
        self.codes.body.addLayout(self.list)
        self.codes.body.addStretch(1)
        below.addWidget(self.codes, 1)
        column.addLayout(below, 1)

    def show_figures(self, found: Dashboard) -> None:
        """Fill the tiles, the chart and the codes."""
        self.open.show_figure(words.count(found.open), tr("{count} of them booked", count=found.by_status["booked"]))
        self.late.show_figure(words.count(found.overdue), tr("promised before now, not ready"), warn=found.overdue > 0)
        self.approval.show_figure(words.count(found.waiting_for_approval), tr("the customer has the word"))
        self.parts.show_figure(
            words.count(found.waiting_for_parts),
            trn("{count} part is not here", "{count} parts are not here", found.parts_waiting),
        )
        sold, booked = hours(found.hours.sold / 1000), hours(found.hours.booked / 1000)
        self.today.show_figure(
            hours(found.hours.left / 1000), tr("{booked} booked, {sold} sold", booked=booked, sold=sold)
        )
        self.completion.show_figure(
            hours(found.completion_hours),
            trn(
                "from arrival, {count} order in {days} days",
                "from arrival, {count} orders in {days} days",
                found.completed,
                days=WEEKS,
            ),
        )
        self.on_time.show_figure(percent(found.on_time.rate), promised(found.on_time))
        self.first_time.show_figure(
            percent(found.first_time.rate),
            tr("{back} came back of {count} in {days} days", back=found.comebacks, count=found.first_time.count,
               days=COMEBACK_DAYS),
        )  # fmt: skip
        self.chart.show_days(found.money, found.currency, found.cost_unknown)
        self._show_codes(found)

    def _show_codes(self, found: Dashboard) -> None:
        while (item := self.list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for each in found.codes:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(label(each.code))
            line.addStretch(1)
            line.addWidget(label(trn("{count} order", "{count} orders", each.orders), "muted"))
            self.list.addWidget(row)
        if not found.codes:
            self.list.addWidget(label(tr("No trouble code was written down on a finished order."), "muted", wrap=True))
