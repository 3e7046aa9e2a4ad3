"""Sheets of the board: where a card goes by tapping, who it is that clocks on, and what the board is narrowed to."""

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.board import Card, Filters, Person
from core.workshop.moving import Target
from ui import theme
from ui.board_reading import Choices
from ui.order_words import status_shape, status_words
from ui.pages.board_card import Look, hours_words, promise_words
from ui.widgets.buttons import Button, Choice, Switch
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

WHO_COLUMNS = 2


class CardSheet(Sheet):
    """One card by touch: open it, clock on or off, and every state it may go to as a target of its own.

    ``go(status)`` moves it; what is missing for a state stands below it, and whether it goes all the same. States that
    it would only jump to stand under "More".
    """

    def __init__(
        self,
        anchor: QWidget,
        card: Card,
        look: Look,
        *,
        go: Callable[[str], object],
        open_it: Callable[[], object],
        clock: Callable[[], object] | None,
    ) -> None:
        title = " · ".join(part for part in (card.plate or "", card.number or "") if part) or tr("Repair order")
        super().__init__(anchor, title, width=760)
        self.card, self._go = card, go
        self.targets: dict[str, TargetButton] = {}
        self.more: Button | None = None
        self._found: tuple[Target, ...] = ()
        lines = (
            " · ".join(part for part in (card.vehicle, card.customer or "") if part), card.asked,
            " · ".join(part for part in (promise_words(card, look.now), hours_words(card, look)) if part),
        )  # fmt: skip
        for at, line in enumerate(lines):
            if line:
                self.body.addWidget(label(line, "" if at == 1 else "muted", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        self.opener = Button(tr("Open order"), "orders", role="primary")
        self.opener.clicked.connect(lambda _=False: self._then(open_it))
        row.addWidget(self.opener, 1)
        if clock is not None:
            on = card.id in look.mine
            self.clock = Button(tr("Clock off") if on else tr("Clock on"), "stop" if on else "play")
            self.clock.clicked.connect(lambda _=False: self._then(clock))
            row.addWidget(self.clock, 1)
        self.body.addLayout(row)
        self.where = label(tr("Move to"), "heading")
        self.body.addWidget(self.where)
        holder = QWidget()
        self.grid = QGridLayout(holder)
        self.grid.setContentsMargins(0, 0, theme.space(2), 0)
        self.grid.setHorizontalSpacing(theme.space(3))
        self.grid.setVerticalSpacing(theme.space(3))
        for side in range(WHO_COLUMNS):
            self.grid.setColumnStretch(side, 1)
        self.waiting = label(tr("Looking where it may go …"), "muted")
        self.grid.addWidget(self.waiting, 0, 0, 1, WHO_COLUMNS)
        self.area = scrolling(holder)
        self.body.addWidget(self.area, 1)

    def show_targets(self, found: Sequence[Target]) -> None:
        """Where it may go, now that it is known."""
        self.waiting.hide()
        if not found:
            said = label(tr("From here it is not for you to move it."), "muted", wrap=True)
            self.grid.addWidget(said, 0, 0, 1, WHO_COLUMNS)
        self._found = tuple(found)
        steps = [each for each in found if each.step]
        shown = steps or list(found)
        for target in (*shown, *(each for each in found if each not in shown)):
            button = self.targets[target.status.value] = TargetButton(target)
            button.button.clicked.connect(lambda _=False, target=target: self._move(target))
            button.setParent(self.grid.parentWidget())
            button.setVisible(target in shown)
        self._lay_out(shown)
        if len(shown) < len(found):
            self.more = Button(tr("More"), "chevron-down", role="plain")
            self.more.clicked.connect(lambda _=False: self.show_all())
            self.grid.addWidget(self.more, -(-len(shown) // WHO_COLUMNS), 0, 1, WHO_COLUMNS)
            self._make_room(len(shown), shown, 1)

    def show_all(self) -> None:
        """Also where it would only jump to."""
        if self.more is not None:
            self.more.hide()
            self.grid.removeWidget(self.more)
            self.more = None
        self._lay_out(sorted(self._found, key=lambda each: not each.step))

    def _lay_out(self, shown: Sequence[Target]) -> None:
        for at, target in enumerate(shown):
            button = self.targets[target.status.value]
            self.grid.addWidget(button, at // WHO_COLUMNS, at % WHO_COLUMNS)
            button.show()
        self._make_room(len(shown), shown)

    def _make_room(self, count: int, shown: Sequence[Target], extra: int = 0) -> None:
        rows = -(-count // WHO_COLUMNS)
        for row in range(self.grid.rowCount()):
            self.grid.setRowStretch(row, 0)
        self.grid.setRowStretch(rows + extra, 1)
        said = sum(
            any(each.unmet or each.hint for each in shown[at : at + WHO_COLUMNS]) for at in range(0, count, WHO_COLUMNS)
        )
        wanted = max(1, rows + extra) * (theme.target + theme.space(3)) + said * theme.scaled(48)
        self.area.setMinimumHeight(min(wanted, self.window().height() - theme.scaled(400)))
        self.refit()

    def _move(self, target: Target) -> None:
        go, status = self._go, target.status.value
        self._then(lambda: go(status))

    def _then(self, deed: Callable[[], object]) -> None:
        self.close_sheet()
        deed()


class TargetButton(QWidget):
    """A state to move to, with what is missing for it below."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # both columns share the room
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        icon, _ = status_shape(target.status.value)
        self.button = Button(status_words(target.status.value), icon)
        self.button.setProperty("align", "left")
        column.addWidget(self.button)
        said = " ".join(each.words for each in target.unmet)
        self.missing = said if target.open or not said else f"{said} {tr('The desk can move it all the same.')}"
        self.button.setAccessibleDescription(" ".join(each for each in (self.missing, target.hint) if each))
        for icon, token, words in (("info", "info", target.hint), ("warning", "warning", self.missing)):
            if words:
                row = QHBoxLayout()
                row.setContentsMargins(theme.space(1), 0, 0, 0)
                row.setSpacing(theme.space(2))
                row.addWidget(IconLabel(icon, 20, token), 0, Qt.AlignmentFlag.AlignTop)
                row.addWidget(label(words, "caption", wrap=True), 1)
                column.addLayout(row)
        column.addStretch(1)


class WhoSheet(Sheet):
    """Hours are somebody's: whoever stands at a terminal where nobody signs in says who they are."""

    def __init__(self, anchor: QWidget, people: Sequence[Person], chosen: Callable[[Person], object]) -> None:
        super().__init__(anchor, tr("Who is at work on it?"), width=640)
        self.buttons: list[Button] = []
        if not people:
            self.body.addWidget(label(tr("Nobody works here yet: Settings, People."), "muted", wrap=True))
        grid = QGridLayout()
        grid.setSpacing(theme.space(3))
        for at, person in enumerate(people):
            button = Button(person.name, "people")
            button.clicked.connect(lambda _=False, person=person: self._choose(person, chosen))
            self.buttons.append(button)
            grid.addWidget(button, at // WHO_COLUMNS, at % WHO_COLUMNS)
        self.body.addLayout(grid)

    def _choose(self, person: Person, chosen: Callable[[Person], object]) -> None:
        self.close_sheet()
        chosen(person)


class FilterSheet(Sheet):
    """What the board is narrowed to. ``chosen`` is told at every choice, so that one sees what it does."""

    def __init__(
        self, anchor: QWidget, filters: Filters, choices: Choices, chosen: Callable[[Filters], object]
    ) -> None:
        super().__init__(anchor, tr("Show only"), side="right", width=440)
        self._filters, self._chosen = filters, chosen
        people = [(each.id, each.name) for each in choices.people]
        self.technician = self._choice(tr("Technician"), people, filters.technician_id, tr("Everybody"))
        self.adviser = self._choice(tr("Service adviser"), people, filters.adviser_id, tr("Everybody"))
        bays, labels = _with(choices.bays, filters.bay), _with(choices.labels, filters.label)
        self.bay = self._choice(tr("Work bay"), [(each, each) for each in bays], filters.bay, tr("All work bays"))
        self.label = self._choice(tr("Label"), [(each, each) for each in labels], filters.label, tr("All labels"))
        row = QHBoxLayout()
        row.addWidget(label(tr("Late only")), 1)
        self.late = Switch(filters.late, tr("Late only"))
        self.late.toggled.connect(lambda _: self._tell())
        row.addWidget(self.late)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.clear = Button(tr("Show everything"), "undo")
        self.clear.clicked.connect(lambda _=False: self._all())
        self.footer.addWidget(self.clear, 1)

    def _choice(self, title: str, options: Sequence[tuple[str, str]], value: str | None, every: str) -> Choice:
        self.body.addWidget(label(title, "caption"))
        found = Choice(title)
        found.addItem(every, None)
        for id_, name in options:
            found.addItem(name, id_)
        found.setCurrentIndex(max(0, found.findData(value)) if value else 0)
        found.currentIndexChanged.connect(lambda _: self._tell())
        self.body.addWidget(found)
        return found

    def _tell(self) -> None:
        self._filters = Filters(
            self.technician.currentData(), self.adviser.currentData(), self.bay.currentData(),
            self.label.currentData(), self.late.isChecked(), self._filters.text,
        )  # fmt: skip
        self._chosen(self._filters)

    def _all(self) -> None:
        for each in (self.technician, self.adviser, self.bay, self.label):
            each.blockSignals(True)
            each.setCurrentIndex(0)
            each.blockSignals(False)
        self.late.set_value(False)
        self._tell()


def _with(known: Collection[str], chosen: str | None) -> tuple[str, ...]:
    """What one can choose, and what is chosen, also when it is used no more."""
    return tuple(dict.fromkeys((*known, *((chosen,) if chosen else ()))))


def words_of(filters: Filters, choices: Choices) -> str:
    """What the board is narrowed to, in words; "" when it is not."""
    names = {each.id: each.name for each in choices.people}
    parts = (
        names.get(filters.technician_id or "", tr("one technician")) if filters.technician_id else "",
        names.get(filters.adviser_id or "", tr("one adviser")) if filters.adviser_id else "",
        filters.bay or "", filters.label or "", tr("late only") if filters.late else "",
    )  # fmt: skip
    return ", ".join(part for part in parts if part)
