"""Board: every car in the house as a card in the column of its state, moved by hand, finger or key.

A card goes where it is let go at once, and comes back with the reason when that cannot be. What other terminals move
moves here too, and says who moved it.
"""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from core.language import tr
from core.people.roles import Denied, may
from core.records.changes import ChangeSet
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.records import Records
from core.workshop.board import WINDOW, Board, Card, Filters, lanes
from core.workshop.clock import Turn
from core.workshop.moving import MovedMeanwhile, MoveResult, Target
from core.workshop.orders import RepairOrderView
from core.workshop.states import RANKS, may_move
from ui import background, theme
from ui.board_reading import (
    TABLES,
    BoardRead,
    Choices,
    clock_card,
    move_card,
    read_board,
    read_choices,
    read_targets,
)
from ui.order_opening import open_order
from ui.order_words import status_words
from ui.orders_reading import save_field
from ui.pages.board_canvas import BoardCanvas, Shown
from ui.pages.board_card import FRESH_S, Look, now_ms, short_names
from ui.pages.board_empty import NoCars, NothingFound
from ui.pages.board_head import BAY, NONE, TECHNICIAN, BoardHead
from ui.pages.board_pending import Pending
from ui.pages.board_sheets import CardSheet, FilterSheet, WhoSheet, words_of
from ui.pages.board_wall import Wall
from ui.pages.order_moving import MoveSheet
from ui.pages.orders_new import NewOrderSheet
from ui.pages.page import Command, Page
from ui.people_present import Standing
from ui.widgets import toast
from ui.widgets.panels import label

CHANGED_MS = 50
AGAIN_MS = 60_000  # the day, and what is late, come without a change of any row
TICK_MS = 5_000
DENSE = 780  # px of height under which cards say less


class BoardPage(Page):
    """Head, filters and the canvas; the wall lies over the window when it is asked for."""

    def load(self) -> None:
        self.records: Records | None = self.context.records
        self.board: Board | None = None
        self.filters = Filters()
        self.choices = Choices()
        self.by = NONE
        self.pending = Pending()
        self.wall: Wall | None = None
        self._fresh: dict[str, str] = {}
        self._posed = False  # for a picture
        self._window, self._asked, self._reading, self._again = WINDOW, 0, False, False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(5), theme.space(4), theme.space(5), theme.space(3))
        outer.setSpacing(theme.space(3))
        if self.records is None or self.context.actor is None:
            outer.addWidget(label(tr("Board"), "title"))
            outer.addWidget(NoCars(tr("No workshop yet"), tr("To the page Bays"), lambda: self._go("bays")), 1)
            return
        self.head = BoardHead(self.by)
        self.head.searched.connect(lambda text: self.narrow(replace(self.filters, text=text)))
        self.head.lanes.chosen.connect(self.show_lanes)
        self.head.late.clicked.connect(lambda on=False: self.narrow(replace(self.filters, late=on)))
        self.head.narrower.clicked.connect(lambda _=False: self.open_filters())
        self.head.to_wall.clicked.connect(lambda _=False: self.open_wall())
        outer.addWidget(self.head)
        self.canvas = BoardCanvas()
        self.canvas.tapped.connect(self.open_card)
        self.canvas.opened.connect(lambda id_: open_order(self.context, id_))
        self.canvas.dropped.connect(self.move_card)
        self.canvas.handed.connect(self.hand_over)
        self.canvas.punched.connect(self.clock)
        self.canvas.more.connect(self._more)
        teach = tr(
            "Every repair order is a card here, from “Booked” to “Delivered”. Drag it on, or tap it. "
            "A vehicle that comes another day is booked in on the page Schedule."
        )
        self.empty = NoCars(tr("No car in the house"), tr("New repair order"), self.open_new, teach)
        self.nothing = NothingFound(self.show_everything)
        self.middle = QStackedWidget()
        for each in (self.canvas, self.empty, self.nothing):
            self.middle.addWidget(each)
        outer.addWidget(self.middle, 1)
        self.setFocusProxy(self.canvas)
        self._timers()
        self.context.people.changed.connect(self.refresh)

    def _timers(self) -> None:
        self._changed_soon = self._timer(CHANGED_MS, self.refresh)
        self._tick = self._timer(TICK_MS, self._time_passed, once=False)
        self._regular = self._timer(AGAIN_MS, self.refresh, once=False)

    def _timer(self, ms: int, deed: Callable[[], object], *, once: bool = True) -> QTimer:
        found = QTimer(self)
        found.setSingleShot(once)
        found.setInterval(ms)
        found.timeout.connect(deed)
        return found

    # --- reading

    def refresh(self) -> None:
        """Read the board anew, off this thread; a change that comes meanwhile is read right after."""
        records, actor = self.records, self.context.actor
        if records is None or actor is None:
            return
        if self._reading:
            self._again = True
            return
        self._reading = True
        filters, window, began = self.filters, self._window, self.pending.began()
        known = None if self.board is None else {card.id: card.move_id for card in self.board.cards}
        background.run(
            self,
            lambda: read_board(records, actor, filters, window=window, known=known),
            lambda found: self._loaded(found, filters, began),
            self._unread,
        )

    @property
    def in_step(self) -> bool:
        """Whether what is shown is what the records said last: nothing is being read or about to be."""
        waits = self._reading or self._again or self._changed_soon.isActive()
        return self.board is not None and not waits and not self.pending

    def _loaded(self, found: BoardRead, filters: Filters, began: int) -> None:
        self._reading = False
        if filters == self.filters:
            self.pending.settle(began)
            self.board = found.board
            for id_, words in found.moved.items():
                self._fresh[id_] = words
                QTimer.singleShot(round(FRESH_S * 1000), self, lambda id_=id_, words=words: self._old_news(id_, words))
            self.show_board()
        if self._again or filters != self.filters:
            self._again = False
            self.refresh()

    def _unread(self, error: Exception) -> None:
        self._reading = False
        self._failed(error, tr("The board cannot be read"))

    def _old_news(self, id_: str, words: str) -> None:
        if self._fresh.get(id_) == words:
            del self._fresh[id_]
            self.show_board()

    def on_change(self, changes: ChangeSet) -> None:
        """Read it anew, unless nobody looks: then it is read when the page comes to the front."""
        seen = self.isVisible() or self.wall is not None
        if self.records is not None and seen and any(changes.touches(table) for table in TABLES):
            self._changed_soon.start()

    def on_shown(self) -> None:
        if self.records is not None:
            self._tick.start()
            self._regular.start()
            self.refresh()

    def on_hidden(self) -> None:
        if self.records is None:
            return
        self._tick.stop()
        self._regular.stop()
        self.canvas.hand.forget()
        if self.wall is not None:
            self.wall.leave()
        if self._posed:
            self._posed = False
            self.show_lanes(NONE)

    # --- showing

    def look(self) -> Look:
        """How cards are painted at this moment."""
        board, actor = self.board, self.context.actor
        may_clock = actor is not None and may(actor, "clock.punch")
        return Look(
            now_ms(), board.read_at if board else 0, dense=self.height() < theme.scaled(DENSE) or self.by != NONE,
            clock=may_clock, mine=frozenset(board.mine if board else ()), fresh=dict(self._fresh), by=self.by,
            names=short_names(board) if board else {},
        )  # fmt: skip

    def show_board(self) -> None:
        """Show what was read, with what this person has just moved already where it goes."""
        if self.board is None:
            return
        shown = self.pending.laid_over(self.board)
        cut = lanes(shown, self.by) if self.by else ()
        look = self.look()
        self.canvas.show_board(Shown(shown.columns, cut, look, self._goes))
        some = any(column.count for column in shown.columns)
        self.middle.setCurrentWidget(self.canvas if some else self.nothing if self.filters else self.empty)
        narrowed = words_of(replace(self.filters, late=False), self.choices)
        self.head.show_board(shown, look.now, late=self.filters.late, narrowed=narrowed)
        self.nothing.say(", ".join(part for part in (self.filters.text.strip(), narrowed) if part))
        if self.wall is not None:
            self.wall.show_board(shown, look)

    def _time_passed(self) -> None:
        if self.canvas.lifted is None and self.board is not None:
            self.canvas.tick(self.look())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.records is not None and self.board is not None:
            self.show_board()

    def card(self, id_: str) -> Card | None:
        """A card as it is shown."""
        return self.canvas.cards.get(id_)

    def _goes(self, card: Card) -> frozenset[str]:
        """Where whoever is signed in may move a card, requirements apart."""
        actor = self.context.actor
        if actor is None or not may(actor, "repair_orders.change"):
            return frozenset()
        starts: tuple[str | None, ...] = card.disputed or (card.status,)
        return frozenset(
            end for end in RANKS if end != card.status and any(may_move(actor.role, start, end) for start in starts)
        )

    # --- moving

    def move_card(self, id_: str, status: str, *, anyway: bool = False, label: str | None = None) -> None:
        """Move a card: at once for the eye, then for the records; it comes back when these say no."""
        records, actor, card = self.records, self.context.actor, self.card(id_)
        if records is None or actor is None or card is None:
            return
        turn = self.pending.move(id_, status)
        self.show_board()
        self.canvas.select(id_)
        background.run(
            self,
            lambda: move_card(records, actor, id_, status, from_status=card.status, label=label, anyway=anyway),
            lambda result: self._moved(card, turn, result, undoing=label is not None),
            lambda error: self._not_moved(card, turn, status, error),
        )

    def _moved(self, card: Card, turn: int, result: MoveResult, *, undoing: bool) -> None:
        self.pending.done(card.id, turn)
        self._fresh.pop(card.id, None)
        self.refresh()
        if not result.moved or undoing:
            return
        before, name = result.before, _name(card)
        words = tr("{name}: {state}", name=name, state=status_words(result.after))

        def back() -> None:
            if before is not None and self.card(card.id) is not None:
                self.move_card(card.id, before, anyway=True, label=card.label or "")

        toast.show(self, words, detail=" ".join(result.anyway), tone="ok", undo=back if before in RANKS else None)

    def _not_moved(self, card: Card, turn: int, status: str, error: Exception) -> None:
        """Back where it was, with the reason."""
        self.pending.drop(card.id, turn)
        self.show_board()
        if isinstance(error, MovedMeanwhile | NotFound):
            toast.show(self, f"{_name(card)}: {error}", tone="warning")
            self.refresh()
        elif isinstance(error, Refused):
            self._ask_anyway(card, status, error)
        else:
            self._failed(error, tr("{name} stays where it was", name=_name(card)))

    def _ask_anyway(self, card: Card, status: str, error: Refused) -> None:
        """Show what is missing, and go on anyway where that is theirs to say."""
        records, actor = self.records, self.context.actor
        if records is None or actor is None:
            return

        def ask(found: tuple[Target, ...]) -> None:
            target = next((each for each in found if each.status == status), None)
            if target is None or not target.unmet:
                toast.show(self, f"{_name(card)}: {error}", tone="warning")
                return
            sheet = MoveSheet(self, target, lambda: self.move_card(card.id, status, anyway=True))
            sheet.open()

        background.run(self, lambda: read_targets(records, actor, card.id), ask, self._failed)

    def open_card(self, id_: str) -> CardSheet | None:
        """The card by touch: open it, clock, or move it by tapping where it goes."""
        records, actor, card = self.records, self.context.actor, self.card(id_)
        if records is None or actor is None or card is None:
            return None
        look = self.look()
        sheet = CardSheet(
            self, card, look, go=lambda status: self.move_card(id_, status),
            open_it=lambda: open_order(self.context, id_), clock=(lambda: self.clock(id_)) if look.clock else None,
        )  # fmt: skip
        sheet.open(sheet.opener)
        background.run(sheet, lambda: read_targets(records, actor, id_), sheet.show_targets, self._failed)
        return sheet

    def hand_over(self, id_: str, lane: str) -> None:
        """Give a card to another person or bay: the lane it was let go in."""
        records, actor, card = self.records, self.context.actor, self.card(id_)
        if records is None or actor is None or card is None or not self.by:
            return
        name = "bay" if self.by == BAY else "technician_id"
        before = (card.bay if self.by == BAY else card.technician.id if card.technician else "") or ""
        to = next((each.name for each in self.canvas.shown.lanes if each.key == lane), "")

        def write(value: str, told: Callable[[object], object]) -> None:
            work = lambda: save_field(records, actor, id_, name, value or None)  # noqa: E731
            background.run(self, work, told, self._failed)

        def given(_: object) -> None:
            self.refresh()
            words = tr("{name}: {state}", name=_name(card), state=to)
            toast.show(self, words, tone="ok", undo=lambda: write(before, lambda _: self.refresh()))

        write(lane, given)

    # --- the clock

    def clock(self, id_: str) -> None:
        """Clock on to a card or off it; where nobody signs in, ask who it is."""
        actor, records = self.context.actor, self.records
        if actor is None or records is None or self.board is None:
            return
        if actor.kind == "staff":
            self._punch(None if id_ in self.board.mine else id_, None)
            return

        def ask(found: Choices) -> None:
            self.choices = found
            card = self.card(id_)
            on = {each.id for each in card.on} if card is not None else set()
            choose = lambda person: self._punch(None if person.id in on else id_, person.id)  # noqa: E731
            WhoSheet(self, found.people, choose).open()

        background.run(self, lambda: read_choices(records), ask, self._failed)

    def _punch(self, id_: str | None, staff_id: str | None) -> None:
        records, actor = self.records, self.context.actor
        if records is None or actor is None:
            return
        work = lambda: clock_card(records, actor, id_, staff_id=staff_id)  # noqa: E731
        background.run(self, work, lambda turn: self._punched(turn, staff_id), self._failed)

    def _punched(self, turn: Turn, staff_id: str | None) -> None:
        self.refresh()
        out = next((each.order_id for each in turn.out if each.order_id), None)
        if turn.on is None and out is None:
            return
        card = self.card((turn.on.order_id if turn.on is not None else out) or "")
        name = _name(card) if card is not None else tr("the order")
        words = tr("Clocked on: {name}", name=name) if turn.on is not None else tr("Clocked off: {name}", name=name)
        toast.show(self, words, tone="ok", undo=lambda: self._punch(out, staff_id))

    # --- narrowing, lanes, wall

    def narrow(self, filters: Filters) -> None:
        """Show only what meets these."""
        if filters != self.filters:
            self.filters, self._window = filters, WINDOW
            self.refresh()

    def show_everything(self) -> None:
        self.head.search.clear()
        self.narrow(Filters())

    def show_lanes(self, by: object) -> None:
        """Columns, or lanes of people or of bays across them."""
        self.by = str(by)
        self.head.lanes.set_value(self.by)
        self.show_board()

    def open_new(self) -> None:
        """Ask for the first words of a new order; it becomes a card here."""
        if self.records is not None and self.context.actor is not None:
            sheet = NewOrderSheet(self, self.records, self.context.actor, self._made)
            sheet.open(sheet.plate)

    def _made(self, order: RepairOrderView) -> None:
        self.show_everything()
        self.canvas.selected = order.id
        self.refresh()
        toast.show(self, tr("Repair order {number} is made.", number=order.number or ""), tone="ok")

    def open_filters(self) -> None:
        records = self.records
        if records is None:
            return

        def show(found: Choices) -> None:
            self.choices = found
            FilterSheet(self, self.filters, found, self.narrow).open()

        background.run(self, lambda: read_choices(records), show, self._failed)

    def open_wall(self) -> Wall | None:
        """The board for reading from afar, over the whole window."""
        if self.board is None:
            return None
        if self.wall is None:
            here = self.context.membership
            self.wall = Wall(self, here.workshop if here is not None else self.context.terminal_name)
            self.wall.left.connect(self._wall_left)
        self.wall.show_board(self.pending.laid_over(self.board), self.look())
        self.wall.open()
        return self.wall

    def _wall_left(self) -> None:
        self.wall = None
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _more(self, status: str) -> None:
        self._window = min(500, self._window + 100)
        self.refresh()

    # --- the window around

    def _go(self, page: str) -> None:
        if self.context.frame is not None:
            self.context.frame.go(page)

    def _failed(self, error: Exception, what: str = "") -> None:
        """Say what went wrong in a person's words; what is nobody's fault is a bug and comes out."""
        if isinstance(error, Denied) and self.context.people.standing is Standing.NOBODY:
            toast.show(self, tr("Sign in first: tap “Sign in” at the top right."), tone="warning")
            return
        if isinstance(error, Denied | Refused | NotFound):
            toast.show(self, what or str(error), detail=str(error) if what else "", tone="warning")
            return
        if not isinstance(error, RecordsError | OSError):
            raise error
        words = what or tr("That could not be written")
        self.context.note(words, str(error))
        toast.show(self, words, detail=str(error), tone="critical")

    def commands(self) -> tuple[Command, ...]:
        if self.records is None:
            return ()
        return (
            Command(tr("Open the chosen order"), lambda: self._chosen(self.canvas.opened.emit), "orders", keys="Enter"),
            Command(tr("Where the chosen card may go"), lambda: self._chosen(self.open_card), "move", keys=tr("Space")),
            Command(
                tr("Move the chosen card on"), lambda: self.canvas.move_by_keys(1), "chevron-right", keys="Shift+→"
            ),
            Command(
                tr("Move the chosen card back"), lambda: self.canvas.move_by_keys(-1), "chevron-left", keys="Shift+←"
            ),
            Command(tr("Board on the wall"), self.open_wall, "wall", tr("screen big clock")),
            Command(tr("Board by people"), lambda: self.show_lanes(TECHNICIAN), "lanes", tr("technician lanes")),
            Command(tr("Board by work bays"), lambda: self.show_lanes(BAY), "lanes", tr("lanes")),
            Command(tr("Board in columns"), lambda: self.show_lanes(NONE), "board", tr("states")),
            Command(tr("What is late"), lambda: self.narrow(Filters(late=True)), "warning", tr("promised overdue")),
        )

    def _chosen(self, deed: Callable[[str], object]) -> None:
        if self.canvas.selected:
            deed(self.canvas.selected)

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self.records is None:
            return ()
        return (("board-people", self._pose_people), ("board-move", self._pose_move), ("board-wall", self.open_wall))

    def _pose_people(self) -> None:
        self._posed = True
        self.show_lanes(TECHNICIAN)

    def _pose_move(self) -> None:
        """Show a card's sheet, for a picture: of one that something is missing for."""
        cards = list(self.canvas.cards.values())
        chosen = next((card for card in cards if card.status == "quality_check"), cards[0] if cards else None)
        if chosen is not None:
            self.open_card(chosen.id)


def _name(card: Card) -> str:
    return card.plate or card.number or tr("the order")
