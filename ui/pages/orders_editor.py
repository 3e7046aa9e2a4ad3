"""The open order: who and what at the top, its sections as large targets, and one of them in front."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr, trn
from core.people.roles import require
from core.records import journal
from core.records.changes import ChangeSet
from core.records.records import Records
from ui import background, order_opening, orders_reading, theme
from ui.changes_reading import ConflictCard, ReplacedCard, ToLookAt
from ui.context import UiContext
from ui.order_summary_reading import Summary, read_summary
from ui.orders_reading import OrderRead
from ui.pages.changes_cards import ConflictWidget, ReplacedWidget
from ui.pages.order_desk import EXPECTED, OrderDesk
from ui.pages.order_head import OrderHead
from ui.pages.order_overview import OverviewSection
from ui.pages.order_section import Section
from ui.pages.order_sections import TITLES, build_section
from ui.pages.order_tabs import Tabs
from ui.pages.read_in_front import READ_AFTER_MS
from ui.widgets import toast
from ui.widgets.buttons import Button
from ui.widgets.touch import scrolling

AROUND = ("vehicles", "customers", "contact_ways", "staff")  # what the order itself is shown with


class OrderEditor(QWidget):
    """``show_order(id)`` brings one; ``settled`` tells that a conflict or a replaced value was dealt with.

    ``closed``: a person wants the list back.
    """

    settled = Signal()
    closed = Signal()

    def __init__(self, context: UiContext, records: Records) -> None:
        super().__init__()
        self.context = context
        self.desk = OrderDesk(context, records, self)
        self.desk.done.connect(self.read)
        self.desk.wanted.connect(self.open_section)
        self.cards: list[ConflictWidget | ReplacedWidget] = []
        self._cards_of = ToLookAt()
        self.sections: dict[str, Section] = {}
        self._panes: dict[str, QWidget] = {}
        self._areas: dict[str, QScrollArea] = {}
        self._scrolled: dict[tuple[str, str], int] = {}
        self.place = order_opening.OVERVIEW
        self.in_front = False  # the page is seen
        self._read_soon = QTimer(self)
        self._read_soon.setSingleShot(True)
        self._read_soon.setInterval(READ_AFTER_MS)
        self._read_soon.timeout.connect(self.read)
        self._build()

    # --- building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        self.head = OrderHead()
        self.head.back.clicked.connect(lambda _=False: self.closed.emit())
        self.head.status.clicked.connect(lambda _=False: self.open_section(order_opening.OVERVIEW))
        column.addWidget(self.head)
        self.tabs = Tabs({name: tr(TITLES[name]) for name in order_opening.SECTIONS if name in TITLES})
        self.tabs.chosen.connect(self.open_section)
        column.addWidget(self.tabs)
        # The cards themselves stand in the overview, which scrolls: on a small screen two of them would take the page.
        self.to_decide = Button("", "conflict")
        self.to_decide.setProperty("align", "left")
        self.to_decide.clicked.connect(lambda _=False: self.open_section(order_opening.OVERVIEW))
        self.to_decide.hide()
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, theme.space(3), 0)
        line.addWidget(self.to_decide)
        column.addLayout(line)
        self.stack = QStackedWidget()
        column.addWidget(self.stack, 1)
        for number, name in enumerate(order_opening.SECTIONS, 1):
            keys = QShortcut(QKeySequence(f"Alt+{number}"), self)
            keys.activated.connect(partial(self.open_section, name))

    def section(self, name: str) -> Section:
        """The section of this name, built now if it was never open before."""
        if name not in self.sections:
            section = self.sections[name] = build_section(name, self.desk)
            pane = QWidget()
            column = QVBoxLayout(pane)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            area = self._areas[name] = scrolling(section)
            column.addWidget(area, 1)
            if section.foot is not None:
                column.addWidget(section.foot)
            self._panes[name] = pane
            self.stack.addWidget(pane)
            if self.desk.shown is not None:
                section.show_order(self.desk.shown, fresh=True)
        return self.sections[name]

    # --- what is shown

    @property
    def row(self) -> str:
        return self.desk.row

    @property
    def shown(self) -> OrderRead | None:
        return self.desk.shown

    def forget(self) -> None:
        """Show no order; what was typed is kept first."""
        self.flush()
        self.desk.row, self.desk.shown = "", None
        for section in self.sections.values():
            section.front = False
            section.forget()

    def show_order(self, row: str) -> None:
        """Show this order where it was left; what was typed into the one before is kept first."""
        if row != self.row:
            self.flush()
            self._keep_scroll()
            self.desk.row, self.desk.shown = row, None
            self.head.begin()
            for section in self.sections.values():
                section.front = False
                section.forget()
            self.read()
        self.open_section(order_opening.left_at(row))

    def open_section(self, name: str) -> None:
        """Bring a section of this order to the front."""
        if not self.row or name not in TITLES:
            return
        before = self.sections.get(self.place)
        if before is not None and self.place != name:
            self._keep_scroll()
            before.go()
        section = self.section(name)
        self.place = name
        order_opening.remember(self.row, name)
        self.tabs.show_place(name)
        self._show_to_decide()
        self.stack.setCurrentWidget(self._panes[name])
        if not section.front and self.in_front:
            section.come()
        QTimer.singleShot(0, self, self._scroll_back)

    def _keep_scroll(self) -> None:
        if self.place in self._areas:
            self._scrolled[self.row, self.place] = self._areas[self.place].verticalScrollBar().value()

    def _scroll_back(self) -> None:
        if self.place in self._areas:
            self._areas[self.place].verticalScrollBar().setValue(self._scrolled.get((self.row, self.place), 0))

    def page_shown(self) -> None:
        """The page has come to the front."""
        self.in_front = True
        if self.row:
            self.read()
            self.section(self.place).come()

    def page_hidden(self) -> None:
        """The page has left the front: nothing typed waits for it to come back."""
        self.in_front = False
        self.flush()
        if self.place in self.sections:
            self.sections[self.place].front = False

    def on_change(self, changes: ChangeSet) -> None:
        """Read again when something of this order may read differently."""
        if not self.row:
            return
        mine = self.row in changes.rows.get("repair_orders", ()) or any(
            each.row == self.row for each in changes.replaced
        )
        around = any(changes.touches(table) for table in (*AROUND, *orders_reading.OF_AN_ORDER))
        if (mine or around) and not self._read_soon.isActive():
            self._read_soon.start()
        for section in self.sections.values():
            section.on_change(changes)

    def read(self) -> None:
        """Read the order and what its tabs say, off this thread."""
        row, records = self.row, self.desk.records
        if not row:
            return
        person = self.desk.staff_id

        def work() -> tuple[OrderRead, Summary]:
            return orders_reading.read_order(records, row), read_summary(records, row, person)

        background.run(self, work, lambda found: self._loaded(row, *found), lambda error: self._not_read(row, error))

    def _not_read(self, row: str, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        if row == self.row:
            self.head.trouble(str(error))

    def _loaded(self, row: str, found: OrderRead, summary: Summary) -> None:
        if row != self.row:
            return
        fresh, self.desk.shown = self.desk.shown is None, found
        self.head.show_order(found, summary)
        for name, (caption, token) in summary.captions().items():
            if name in self.tabs.tabs:
                self.tabs.tabs[name].say(caption, token)
        self._show_cards(found.to_look_at)
        for section in self.sections.values():
            section.show_order(found, fresh=fresh)

    def _show_cards(self, wanted: ToLookAt) -> None:
        if wanted == self._cards_of:
            return
        self._cards_of = wanted
        moved = bool(self.cards)
        for old in self.cards:
            old.hide()
            old.deleteLater()
        self.cards = []
        for conflict in wanted.conflicts:
            card = ConflictWidget(conflict, alone=False)
            card.chosen.connect(self._choose)
            self.cards.append(card)
        for replaced in wanted.replaced:
            other = ReplacedWidget(replaced, alone=False)
            other.restore.connect(self._restore)
            other.leave.connect(self._leave)
            self.cards.append(other)
        overview = self.section(order_opening.OVERVIEW) if self.cards else None
        for each in self.cards:
            if isinstance(overview, OverviewSection):
                overview.cards.addWidget(each)
            if moved:
                each.wait_for_the_finger()
        self._show_to_decide()

    def _show_to_decide(self) -> None:
        """In the other sections one line says that something waits."""
        count = len(self.cards)
        said = trn("{count} thing to decide about this order", "{count} things to decide about this order", count)
        self.to_decide.show_words(said, "conflict")
        self.to_decide.setVisible(bool(count) and self.place != order_opening.OVERVIEW)

    def take_typed(self, text: str) -> bool:
        """What was typed or scanned beside every field, for the section in front; False: nobody wants it."""
        section = self.sections.get(self.place) if self.row and text else None
        return section is not None and section.take_typed(text)

    def flush(self) -> None:
        """Keep everything typed so far."""
        for section in self.sections.values():
            section.flush()

    # --- what waits for a person

    def _choose(self, card: ConflictCard, side: int) -> None:
        records, actor, value = self.desk.records, self.desk.actor, card.raw.choices[side].value

        def work() -> None:
            require(actor, "changes.restore", card.raw)
            journal.choose(records, actor.reference, card.raw, value)

        said = tr("{field} is “{value}” now, on all terminals.", field=card.field, value=card.sides[side].value)
        self._deal(work, said)

    def _restore(self, card: ReplacedCard) -> None:
        records, actor = self.desk.records, self.desk.actor

        def work() -> None:
            require(actor, "changes.restore", card.raw)
            journal.restore(records, actor.reference, card.raw.id)

        self._deal(work, tr("{field} is “{value}” again.", field=card.field, value=card.lost.value))

    def _leave(self, card: ReplacedCard) -> None:
        records = self.desk.records
        self._deal(lambda: journal.dismiss(records, card.raw.id), tr("Left as it is. The log keeps both values."))

    def _deal(self, work: Callable[[], object], said: str) -> None:
        for each in self.cards:
            each.busy(True)

        def done(_: object) -> None:
            toast.show(self, said, tone="ok")
            self._dealt()

        def failed(error: Exception) -> None:
            self.desk.failed(error)
            self._dealt()

        background.run(self, work, done, failed)

    def _dealt(self) -> None:
        for each in self.cards:
            each.busy(False)
        self.read()
        self.settled.emit()
