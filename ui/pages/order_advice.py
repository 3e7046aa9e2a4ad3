"""What was advised on earlier visits and is still open, at the order in front: taken up in one tap, or let go."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.lines import LineView
from core.workshop.recommendations import RecommendationView
from core.workshop.totals import ONE, rounded
from ui import estimate_reading, order_overview_reading, theme, words
from ui.money_words import money
from ui.pages.order_desk import OrderDesk
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label


class AdviceRow(QFrame):
    """One piece of advice."""

    def __init__(self, desk: OrderDesk, advice: RecommendationView, currency: str) -> None:
        super().__init__()
        self.advice = advice
        self.desk = desk
        self.setProperty("surface", "heads")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(2), theme.space(2), theme.space(2))
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("history", 28, "info"))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(ElidedLabel(advice.description or "", "text", 18, "medium"))
        texts.addWidget(ElidedLabel(" · ".join(about(advice, currency)), "text_muted", 15).set_tabular())
        row.addLayout(texts, 1)
        self.drop = Button(tr("Not any more"), role="plain")
        self.drop.clicked.connect(lambda _=False: self._drop())
        row.addWidget(self.drop)
        self.take = Button(tr("Take it up"), "receipt", role="primary")
        self.take.clicked.connect(lambda _=False: self._take())
        row.addWidget(self.take)
        for each in (self.drop, self.take):
            each.setEnabled(desk.may("repair_orders.change"))

    def _take(self) -> None:
        desk, id_ = self.desk, self.advice.id
        records, actor, order = desk.records, desk.actor, desk.row

        def then(line: LineView) -> None:
            said = tr("On the estimate: {line}", line=line.description or "")
            desk.run(lambda: None, said, lambda: estimate_reading.remove_lines(records, actor, [line.id]))

        desk.run(lambda: order_overview_reading.take_advice_up(records, actor, id_, order), then=then)

    def _drop(self) -> None:
        records, actor, id_ = self.desk.records, self.desk.actor, self.advice.id
        self.desk.run(
            lambda: order_overview_reading.drop_advice(records, actor, id_),
            tr("It does not come back any more."),
            lambda: order_overview_reading.advise_again(records, actor, id_),
        )


def about(advice: RecommendationView, currency: str) -> list[str]:
    """When it was advised, when it is due, what it costs."""
    found = []
    if advice.advised_at is not None:
        found.append(tr("advised {day}", day=words.day(advice.advised_at / 1000)))
    if advice.due_on:
        at = datetime.fromisoformat(advice.due_on)
        found.append(tr("due {day}", day=words.day(at.timestamp() + 43_200)))
    if advice.due_odometer is not None:
        found.append(tr("due at {distance} km", distance=words.count(advice.due_odometer)))
    if advice.unit_price is not None:
        amount = ONE if advice.quantity is None else advice.quantity
        found.append(money(rounded(amount * advice.unit_price, ONE), currency))
    return found


class AdviceBox(QWidget):
    """All that comes back; hidden when nothing does."""

    def __init__(self, desk: OrderDesk) -> None:
        super().__init__()
        self.desk = desk
        self._known: tuple[RecommendationView, ...] = ()
        self.rows: list[AdviceRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.space(2))
        self._column.addWidget(label(tr("Advised on earlier visits"), "heading"))
        self.hide()

    def show_advice(self, advice: Sequence[RecommendationView], currency: str) -> None:
        if tuple(advice) == self._known:
            return
        self._known = tuple(advice)
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.rows = [AdviceRow(self.desk, each, currency) for each in advice]
        for row in self.rows:
            self._column.addWidget(row)
        self.setVisible(bool(advice))
