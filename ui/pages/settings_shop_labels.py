"""Settings of the labels: the shop's own words for orders within a state, with a colour and an order."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core.language import tr
from core.records.changes import Changed
from core.records.records import Records
from core.workshop.labels import COLORS, LabelView
from core.workshop.states import WORDS, Status
from ui.context import UiContext
from ui.order_words import status_words
from ui.pages.settings_form import FormSheet
from ui.pages.settings_list import ListCard
from ui.shop_reading import drop_label, order_labels, read_labels, save_label
from ui.widgets import icons
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.settings_card import Report
from ui.widgets.settings_row import SettingsRow


class LabelsCard(ListCard):
    """The labels in the order in which they are offered."""

    tables = ("order_labels",)

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Labels of the board"), context, report)

    def read(self, records: Records) -> tuple[LabelView, ...]:
        return read_labels(records)

    def words(self, found: tuple[LabelView, ...]) -> str:
        if found:
            return tr("Words of your own that a card may bear within a state. Cards keep the word they have.")
        return tr(
            "The states of the board are the same in every shop. What only yours needs is a label within a state: "
            "“Waiting in the lounge”, “Courtesy car”, “At the paint shop”."
        )

    def add_words(self, found: tuple[LabelView, ...]) -> str:
        return tr("Add a label") if found else tr("Add the first label")

    def rows_of(self, found: tuple[LabelView, ...]) -> list[QWidget]:
        made: list[QWidget] = []
        for each in found:
            state = status_words(each.status) if each.status else tr("In every state")
            color = each.color if each.color is not None and each.color in COLORS else "text_muted"
            row = SettingsRow("tag", each.name or tr("No name"), state, tr(COLORS[color]), token=color,
                              opens=self.may_change)  # fmt: skip
            row.clicked.connect(lambda _=False, each=each: self.open_label(each))
            made.append(row)
        return made

    def scenes(self) -> list[tuple[str, Callable[[], object]]]:
        return [("settings-label", lambda: self.open_label(self.found[0] if self.found else None))]

    def open_new(self) -> None:
        self.open_label(None)

    def open_label(self, view: LabelView | None) -> None:
        """A label, or a new one."""
        sheet = LabelSheet(self, view)
        sheet.open(None if view else sheet.texts["name"])

    def offer(self, view: LabelView, step: int) -> None:
        """Offer it earlier or later."""
        ids = [each.id for each in self.found]
        at = ids.index(view.id) if view.id in ids else -1
        to = at + step
        if at < 0 or not 0 <= to < len(ids):
            return
        ids.insert(to, ids.pop(at))
        records, actor = self.desk
        self.run(lambda: order_labels(records, actor, ids),
                 tr("“{name}” is number {place} now.", name=view.name or "", place=to + 1))  # fmt: skip


class LabelSheet(FormSheet):
    """A label: its word, its state and its colour."""

    def __init__(self, card: LabelsCard, view: LabelView | None) -> None:
        super().__init__(card, tr("Label") if view else tr("New label"))
        self._card, self._view = card, view
        states: list[tuple[object, str]] = [(None, tr("In every state"))]
        states += [(status.value, tr(WORDS[status])) for status in Status]
        self.text("name", tr("Word"), view.name if view else "", longest=60)
        self.choice("status", tr("In which state"), states, view.status if view else None)
        holder = QWidget()
        flow = Flow(holder)
        self.colors: dict[str, Button] = {}
        now = view.color if view and view.color in COLORS else next(iter(COLORS))
        for token, words in COLORS.items():
            button = self.colors[token] = Button(tr(words))
            button.setText(f" {tr(words)}")
            button.setIcon(icons.icon("tag", token))
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setChecked(token == now)
            flow.addWidget(button)
        self.add("color", tr("Colour"), holder, wide=True)
        if view is None:
            self.finish_form(tr("Keep"))
            return
        self.finish_form(tr("Keep"), remove=tr("Delete"), removing=self.drop)
        self.sooner = IconButton("arrow-up", tr("Offer it earlier"))
        self.later = IconButton("arrow-down", tr("Offer it later"))
        places = [each.id for each in card.found]
        for place, (mover, step) in enumerate(((self.sooner, -1), (self.later, 1)), 1):
            mover.clicked.connect(lambda _=False, step=step: self._move(step))
            self.footer.insertWidget(place, mover)
        self.sooner.setEnabled(places[:1] != [view.id])
        self.later.setEnabled(places[-1:] != [view.id])

    def _move(self, step: int) -> None:
        view = self._view
        self.close_sheet()
        if view is not None:
            self._card.offer(view, step)

    def fields(self) -> dict[str, object]:
        return super().fields() | {
            "color": next((token for token, button in self.colors.items() if button.isChecked()), None)
        }

    def submit(self) -> None:
        (records, actor), fields = self._card.desk, self.fields()
        row = self._view.id if self._view else ""

        def kept(done: Changed[LabelView]) -> None:
            self._card.changed(tr("“{name}” is kept.", name=done.value.name or ""), done)

        self.send(lambda: save_label(records, actor, row, fields), kept)

    def drop(self) -> None:
        """Take it off the list; cards keep the word."""
        if self._view is None:
            return
        (records, actor), view = self._card.desk, self._view
        self.close_sheet()
        self._card.run(lambda: drop_label(records, actor, view.id),
                       tr("“{name}” was deleted; cards that have it keep the word.", name=view.name or ""))  # fmt: skip
