"""Changes: what came from whom, what was replaced and can be had back, what waits for a decision, and my own."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr
from core.people.roles import Denied, require
from core.records import journal
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.journal import GoneError
from core.records.records import Records
from ui import background, theme
from ui.changes_reading import ConflictCard, Page, ReplacedCard, ToLookAt, Which, read_page, read_to_look_at
from ui.pages import page
from ui.pages.changes_cards import Banner, ConflictWidget, ReplacedWidget, waiting_words
from ui.pages.changes_feed import Feed
from ui.pages.changes_mine import MyChanges
from ui.widgets import alarm_strip, toast
from ui.widgets.buttons import Button, Segmented
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Paragraph, label
from ui.widgets.touch import scrolling

REFRESH_MS = 200  # one reading for a burst of changes
CARDS = 30  # cards built at a time
REPLACED = "replaced"
MINE = "mine"


class ChangesPage(page.Page):
    """The feed behind three of the filters, the cards behind the fourth."""

    def load(self) -> None:
        self._records: Records | None = self.context.records
        self._generation = 0
        self._stale = True
        self._posed = False  # for a picture
        self.to_look_at = ToLookAt()
        self.cards: list[ReplacedWidget | ConflictWidget] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(7), theme.space(5), theme.space(5), 0)
        outer.setSpacing(theme.space(4))
        head = QHBoxLayout()
        head.addWidget(label(tr("Changes"), "title"), 1)
        self.filter = Segmented(
            {
                Which.ALL: tr("All"),
                Which.HERE: tr("Here"),
                Which.OTHERS: tr("Other terminals"),
                REPLACED: tr("To decide"),
                MINE: tr("Mine"),
            },
            Which.ALL,
            tr("Whose changes"),
        )
        self.filter.chosen.connect(lambda _: self._filtered())
        head.addWidget(self.filter)
        outer.addLayout(head)
        self.banner = Banner(self.show_replaced)
        outer.addWidget(self.banner)
        self.feed = Feed()
        self.feed.feed.wanted.connect(self._fetch)
        self.feed.opened.connect(self._open)
        self.mine = MyChanges(self.context, self._failed)
        self.empty = _Empty()
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, theme.space(2), alarm_strip.room())
        self._column.setSpacing(theme.space(3))
        self._column.addStretch(1)
        self.more = Button(tr("Show more"), "chevron-down")
        self.more.clicked.connect(lambda _=False: self._build_cards())
        self._column.addWidget(self.more)
        self._area = scrolling(self._content)
        self.stack = QStackedWidget()
        for part in (self.feed, self._area, self.mine, self.empty):
            self.stack.addWidget(part)
        outer.addWidget(self.stack, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        self._show()

    # --- the moment

    def on_shown(self) -> None:
        if self._stale:
            self.refresh()

    def on_change(self, changes: ChangeSet) -> None:
        self._stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def on_link(self) -> None:
        """A round with another terminal may bring what changes no row: both wrote the same, or ours is shown anyway."""
        self._stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def refresh(self) -> None:
        """Read what is new; what is being read stays where it is."""
        records = self._records
        if records is None:
            return
        self._stale = False
        if self.filter.value() == MINE:
            self.mine.refresh()
        self._generation += 1
        generation, which = self._generation, self._which()

        def read() -> tuple[Page, ToLookAt]:
            return read_page(records, which), read_to_look_at(records)

        background.run(self, read, lambda found: self._loaded(generation, *found), self._failed)

    def _which(self) -> Which:
        value = self.filter.value()
        return value if isinstance(value, Which) else Which.ALL

    def _filtered(self) -> None:
        if self.filter.value() == MINE:
            self.refresh()
        elif self.filter.value() != REPLACED:
            self.feed.feed.begin(Page((), 0))
            self.refresh()
        self._show()

    def _loaded(self, generation: int, found: Page, to_look_at: ToLookAt) -> None:
        if generation != self._generation:
            return
        if not self.feed.keep_place(lambda: self.feed.feed.put_on_top(found)):
            self.feed.feed.begin(found)
        if not self.feed.feed.items:
            self.feed.feed.add(found)
        if to_look_at != self.to_look_at:
            self.to_look_at = to_look_at
            self._rebuild_cards()
        self._show()

    def _fetch(self, before: int) -> None:
        records, generation, which = self._records, self._generation, self._which()
        if records is None:
            return

        def add(found: Page) -> None:
            if which is self._which():
                self.feed.feed.add(found)
                self._show()

        del generation
        background.run(self, lambda: read_page(records, which, before), add, self._failed)

    def _show(self) -> None:
        count = len(self.to_look_at)
        on_cards = self.filter.value() == REPLACED
        self.banner.say(waiting_words(self.to_look_at) if count and not on_cards else "")
        if self.filter.value() == MINE:
            self.stack.setCurrentWidget(self.mine)
        elif on_cards:
            self.empty.say_replaced()
            self.stack.setCurrentWidget(self._area if count else self.empty)
        else:
            self.empty.say_feed(self._records is not None)
            self.stack.setCurrentWidget(self.feed if self.feed.feed.items else self.empty)

    def show_mine(self) -> None:
        """Bring what this person wrote to the front."""
        self.filter.set_value(MINE)
        self._filtered()

    def show_replaced(self) -> None:
        """Bring the cards to the front."""
        self.filter.set_value(REPLACED)
        self._show()

    # --- the cards

    def _rebuild_cards(self) -> None:
        shown, moved = max(CARDS, len(self.cards)), bool(self.cards)
        for old in self.cards:
            old.hide()
            old.deleteLater()
        self.cards = []
        self._build_cards(shown)
        if moved:
            for card in self.cards:
                card.wait_for_the_finger()

    def _build_cards(self, count: int = CARDS) -> None:
        begin = len(self.cards)
        everything: list[ConflictCard | ReplacedCard] = [*self.to_look_at.conflicts, *self.to_look_at.replaced]
        for card in everything[begin : begin + count]:
            widget = self._card(card)
            self._column.insertWidget(len(self.cards), widget)
            self.cards.append(widget)
        self.more.setVisible(len(self.cards) < len(everything))

    def _card(self, card: ConflictCard | ReplacedCard) -> ConflictWidget | ReplacedWidget:
        if isinstance(card, ConflictCard):
            conflict = ConflictWidget(card)
            conflict.chosen.connect(self.choose)
            return conflict
        replaced = ReplacedWidget(card)
        replaced.restore.connect(self.restore)
        replaced.leave.connect(self.leave)
        return replaced

    # --- what a person does

    def restore(self, card: ReplacedCard) -> None:
        """Write the replaced value again."""
        records, actor = self._records, self.context.actor
        if records is None or actor is None:
            return

        def work() -> None:
            require(actor, "changes.restore", card.raw)
            journal.restore(records, actor.reference, card.raw.id)

        said = tr("{field} is “{value}” again.", field=card.field, value=card.lost.value)
        self._do(work, said)

    def leave(self, card: ReplacedCard) -> None:
        """Take it off the list; the log keeps it."""
        records = self._records
        if records is not None:
            self._do(lambda: journal.dismiss(records, card.raw.id), tr("Left as it is. The log keeps both values."))

    def choose(self, card: ConflictCard, side: int) -> None:
        """End a conflict with one of its values."""
        records, actor = self._records, self.context.actor
        if records is None or actor is None:
            return

        def work() -> None:
            require(actor, "changes.restore", card.raw)
            journal.choose(records, actor.reference, card.raw, card.raw.choices[side].value)

        said = tr("{field} is “{value}” now, on all terminals.", field=card.field, value=card.sides[side].value)
        self._do(work, said)

    def _do(self, work: Callable[[], object], said: str) -> None:
        for each in self.cards:
            each.busy(True)
        background.run(self, work, lambda _: self._done(said), self._not_done)

    def _done(self, said: str) -> None:
        toast.show(self, said, tone="ok")
        self._after()

    def _not_done(self, error: Exception) -> None:
        self._failed(error)
        self._after()

    def _after(self) -> None:
        for each in self.cards:
            each.busy(False)
        self.refresh()
        if self.context.frame is not None:
            self.context.frame.count_unread()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, RecordsError | GoneError | Denied | OSError):
            raise error
        what = tr("That could not be done")
        self.context.note(what, str(error))
        toast.show(self, what, detail=str(error), tone="critical")

    def _open(self, table: str, row: str) -> None:
        if self.context.frame is not None:
            self.context.frame.open_row(table, row)

    # --- for the search box and for pictures

    def commands(self) -> tuple[page.Command, ...]:
        return (
            page.Command(tr("Replaced values"), self.show_replaced, "replaced", tr("conflict restore lost")),
            page.Command(tr("My last changes"), self.show_mine, "undo", tr("undo take back")),
        )

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        return (("changes-replaced", self._pose), ("changes-mine", self._pose_mine))

    def _pose(self) -> None:
        self._posed = True
        self.show_replaced()

    def _pose_mine(self) -> None:
        self._posed = True
        self.show_mine()

    def on_hidden(self) -> None:
        self._timer.stop()
        if self._posed:
            self._posed = False
            self.filter.set_value(Which.ALL)
            self._show()


class _Empty(QWidget):
    """Nothing to show: why, and when there will be."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.setContentsMargins(0, theme.space(14), 0, 0)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._icon = IconLabel("changes", 48, "text_muted")
        column.addWidget(self._icon, 0, middle)
        self.heading = label("", "heading")
        column.addWidget(self.heading, 0, middle)
        self.words = Paragraph()
        column.addWidget(self.words, 0, middle)
        column.addStretch(1)

    def say_feed(self, founded: bool) -> None:
        self._icon.show_icon("changes", "text_muted")
        self.heading.setText(tr("No changes yet"))
        self.words.setText(
            tr("What anybody writes on any terminal of the workshop appears here, with who, where and when.")
            if founded
            else tr("This terminal is not part of a workshop yet. On the page Bays it can found one or join one.")
        )

    def say_replaced(self) -> None:
        self._icon.show_icon("connected", "ok")
        self.heading.setText(tr("Nothing was replaced"))
        self.words.setText(
            tr(
                "When two terminals change the same field while they cannot see each other, one value is shown and the "
                "other is kept here, to be had back."
            )
        )
