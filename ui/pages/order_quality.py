"""The quality check of an order: passed or not, by whom and when, with the reason when it was not."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.language import tr
from core.workshop.quality import CheckView
from ui import order_work_reading, sync_words, theme
from ui.pages.order_desk import OrderDesk
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.verdict_button import VerdictButton
from ui.widgets.words_sheet import WordsSheet


class QualityBox(QFrame):
    """Two targets; the last word stands beside them."""

    def __init__(self, desk: OrderDesk) -> None:
        super().__init__()
        self.desk = desk
        self.check: CheckView | None = None
        self.setProperty("surface", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(2), theme.space(2), theme.space(2))
        row.setSpacing(theme.space(3))
        self.icon = IconLabel("unknown", 30, "text_muted")
        row.addWidget(self.icon)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        title = label(tr("Quality check"))
        title.setFont(theme.font(theme.base, "semibold"))
        texts.addWidget(title)
        self.said = ElidedLabel("", "text_muted", 15).set_tabular()
        texts.addWidget(self.said)
        row.addLayout(texts, 1)
        self.passed = VerdictButton(tr("Passed"), "ok", "ok", 150, tr("Quality check"))
        self.passed.clicked.connect(lambda _=False: self._say(True, ""))
        self.failed = VerdictButton(tr("Not passed"), "close", "critical", 170, tr("Quality check"))
        self.failed.clicked.connect(lambda _=False: self.open_reason())
        row.addWidget(self.passed)
        row.addWidget(self.failed)

    def show_check(self, check: CheckView | None) -> None:
        self.check = check
        if check is None:
            self.icon.show_icon("unknown", "text_muted")
            self.said.set_text(tr("Nobody has looked the finished work over yet."))
        else:
            self.icon.show_icon(*(("ok", "ok") if check.passed else ("critical", "critical")))
            at = sync_words.moment(check.checked_at) if check.checked_at is not None else ""
            word = tr("Passed") if check.passed else tr("Not passed")
            parts = (word, check.remark or "", check.checked_by_name or "", at)
            self.said.set_text(" · ".join(part for part in parts if part))
        self.passed.show_chosen(check is not None and check.passed)
        self.failed.show_chosen(check is not None and not check.passed)
        for each in (self.passed, self.failed):
            each.setEnabled(self.desk.may("repair_orders.change"))

    def open_reason(self) -> None:
        """What did not pass says why."""
        WordsSheet(self, tr("What is not right yet?"), "", lambda text: self._say(False, text), needed=True).open()

    def _say(self, passed: bool, remark: str) -> None:
        desk = self.desk
        records, actor, row = desk.records, desk.actor, desk.row

        def then(made: CheckView) -> None:
            said = tr("The quality check is passed.") if passed else tr("The quality check is not passed.")
            desk.run(lambda: None, said, lambda: order_work_reading.check_back(records, actor, made.id))

        desk.run(lambda: order_work_reading.check(records, actor, row, passed, remark), then=then)
