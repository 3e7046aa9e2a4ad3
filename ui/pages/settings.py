"""Settings: the people, how the terminal looks and speaks, its adapter, its page, kiosk mode, what it is made of."""

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from core.language import tr
from core.people.roles import WORDS, may, roles_that_may
from core.records.changes import ChangeSet
from ui import theme
from ui.pages.page import Page
from ui.pages.settings_about import AboutCard
from ui.pages.settings_kiosk import KioskCard
from ui.pages.settings_link import AdapterCard, PageCard
from ui.pages.settings_list import ListCard
from ui.pages.settings_people import PeopleCard
from ui.pages.settings_screen import ScreenCard, SoundCard
from ui.pages.settings_shop import ShopCard
from ui.pages.settings_shop_labels import LabelsCard
from ui.pages.settings_shop_tax import TaxCard
from ui.pages.settings_shop_templates import TemplatesCard
from ui.pages.settings_steps import Places, StepsCard
from ui.pages.settings_transfer import TransferCard
from ui.widgets import alarm_strip, toast
from ui.widgets.panels import label
from ui.widgets.settings_card import SettingsCard
from ui.widgets.touch import scrolling

TWO_COLUMNS_FROM = 1400  # px of page width
WIDEST_COLUMN = 980


class _Columns(QWidget):
    """Cards in one column, or in two where there is room; the order stays."""

    def __init__(self, left: list[SettingsCard], right: list[SettingsCard]) -> None:
        super().__init__()
        self._sides = (left, right)
        self._two: bool | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, theme.space(2), alarm_strip.room())
        self._row.setSpacing(theme.space(5))
        self._holders = (QVBoxLayout(), QVBoxLayout())
        for holder in self._holders:
            holder.setSpacing(theme.space(5))
            holder.addStretch(1)  # the shorter column ends where its cards do
            self._row.addLayout(holder, 1)
        self._row.addStretch()
        self._arrange(False)

    def _arrange(self, two: bool) -> None:
        if two == self._two:
            return
        self._two = two
        for number, cards in enumerate(self._sides):
            holder = self._holders[number if two else 0]
            for card in cards:
                card.setMaximumWidth(WIDEST_COLUMN)
                for each in self._holders:
                    # Not takeAt: the item would live on and keep the height the card had (Qt measures by the first).
                    each.removeWidget(card)
                holder.insertWidget(holder.count() - 1, card)
        self._row.setStretch(1, 1 if two else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(self.width() >= TWO_COLUMNS_FROM)


class SettingsPage(Page):
    """Every choice takes effect at once and can be taken back from the message that reports it."""

    def load(self) -> None:
        # Made in the order they stand in: so Tab goes through them.
        self.people: PeopleCard | None = None
        workshop = self._workshop() if self.context.records is not None else []
        screen: list[SettingsCard] = [ScreenCard(self.context, self.changed), SoundCard(self.context, self.changed)]
        rest: list[SettingsCard] = [
            AdapterCard(self.context, self.changed),
            PageCard(self.context, self.changed),
            KioskCard(self.context, self.changed),
            AboutCard(self.context, self.changed),
        ]
        # What is the workshop's stands at the left, what is this terminal's at the right; without one, both share it.
        left, right = (workshop, [*screen, *rest]) if workshop else ([*screen, rest[0]], rest[1:])
        self.cards = [*left, *right]
        for card in self.cards:
            if isinstance(card, PageCard | KioskCard):
                self._guard(card)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(7), theme.space(5), theme.space(5), 0)
        column.setSpacing(theme.space(4))
        column.addWidget(label(tr("Settings"), "title"))
        area = scrolling(_Columns(left, right))
        column.addWidget(area, 1)

    def _workshop(self) -> list[SettingsCard]:
        """The cards of the workshop, what is entered first in front."""
        shop, tax = ShopCard(self.context, self.changed), TaxCard(self.context, self.changed)
        people = self.people = PeopleCard(self.context, self.changed)
        places = Places(
            lambda: shop.when_read(lambda: shop.open_form("name")), lambda: tax.when_read(tax.open_new),
            people.open_person,
        )  # fmt: skip
        self.steps = StepsCard(self.context, self.changed, places)
        return [
            self.steps, shop, tax, people,
            LabelsCard(self.context, self.changed),
            TemplatesCard(self.context, self.changed),
            TransferCard(self.context, self.changed),
        ]  # fmt: skip

    def _guard(self, card: SettingsCard) -> None:
        """What opens the terminal to others, or lets somebody out of it, is for those who run the workshop."""
        actor = self.context.actor
        if actor is not None and not may(actor, "workshop.change"):
            card.setEnabled(False)
            roles = ", ".join(tr(WORDS[role]) for role in roles_that_may("workshop.change"))
            card.body.addWidget(label(tr("This is for: {roles}.", roles=roles), "caption", wrap=True))

    def on_change(self, changes: ChangeSet) -> None:
        for card in self.cards:
            if isinstance(card, PeopleCard | ListCard):
                card.on_change(changes)

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        people = self.people
        if people is None or not people.may_change:
            return ()
        found: list[tuple[str, Callable[[], object]]] = [
            ("settings-person", lambda: people.open_person(people.staff[0] if people.staff else None))
        ]
        for card in self.cards:
            if isinstance(card, ListCard):
                found += card.scenes()
        return tuple(found)

    def on_shown(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show the preferences as they are."""
        for card in self.cards:
            card.refresh()

    def changed(self, said: str, undo: Callable[[], object] | None) -> None:
        """Report a choice that took effect, with the way back."""

        def back() -> None:
            if undo is not None:
                undo()
            if isValid(self):
                self.refresh()

        toast.show(self, said, tone="ok", undo=back if undo is not None else None)
