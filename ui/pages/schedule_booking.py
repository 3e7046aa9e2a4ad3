"""Booking a vehicle in: which one, what for, how long, what it takes; then one of the next free times, by one press."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from core.language import tr
from core.people.roles import Actor, Denied, may
from core.planning.finding import Found, Slot
from core.planning.local_days import MINUTE_MS, day_of, day_span
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.records import Records
from core.workshop.hours import zone
from ui import background, schedule_reading, theme
from ui import schedule_words as say
from ui.pages.bays_sheets import Trouble
from ui.pages.booking_customer import WhoseFields
from ui.schedule_reading import Comer, Words
from ui.widgets.buttons import Button, Segmented
from ui.widgets.dialogs import Sheet
from ui.widgets.flow import Flow
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

PAUSE_MS = 160
LENGTHS = (30, 60, 90, 120, 180, 240, 480)
SLOTS = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """A time that was tapped on the board, and the row it was in."""

    start: int
    bay_id: str = ""
    staff_id: str = ""


class BookingSheet(Sheet):
    """``booked(start, words)`` when it is done; what is wrong is said in the sheet, and what was typed stays."""

    def __init__(
        self,
        anchor: QWidget,
        records: Records,
        actor: Callable[[], Actor],
        wish: Wish | None,
        booked: Callable[[int, str], object],
    ) -> None:
        super().__init__(anchor, tr("Book a vehicle in"), side="right", width=860)
        self._records, self._actor, self._booked, self._wish = records, actor, booked, wish
        self._asked = self._looked = 0
        self._comer: Comer | None = None
        self._after: int | None = None
        self.minutes = 60
        self.skills: set[str] = set()
        self.equipment: set[str] = set()
        self.slots: list[Button] = []
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(3), 0)
        self._column.setSpacing(theme.space(3))
        self._who()
        self._what()
        self._column.addStretch(1)
        self.body.addWidget(scrolling(content), 1)
        self._when()
        self._timers()
        background.run(self, lambda: schedule_reading.read_words(records), self._offer, self._failed)
        self.look()

    # --- the form

    def _who(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(3))
        grid.setVerticalSpacing(theme.space(1))
        self.vehicle, self.asked = QLineEdit(), QLineEdit()
        for at, (field, name, least) in enumerate(
            ((self.vehicle, tr("Vehicle"), 2), (self.asked, tr("What is asked for"), 3))
        ):
            grid.addWidget(label(name, "caption"), 0, at)
            grid.addWidget(field, 1, at)
            grid.setColumnStretch(at, least)
            field.setAccessibleName(name)
        self.vehicle.setPlaceholderText(tr("Plate or customer"))
        self.vehicle.setMaxLength(32)
        self.vehicle.textEdited.connect(lambda _: self._typed())
        self.asked.setMaxLength(200)
        self.asked.textEdited.connect(lambda _: self.trouble.say(""))
        self._column.addLayout(grid)
        self.known = Chips()
        self.known.hide()
        self._column.addWidget(self.known)
        self.told = label("", "caption", wrap=True)
        self.told.hide()
        self._column.addWidget(self.told)
        self.whose = WhoseFields(self._records)
        self.whose.edited.connect(lambda: self.trouble.say(""))
        self.whose.hide()
        self._column.addWidget(self.whose)

    def _what(self) -> None:
        self._column.addWidget(label(tr("How long it takes"), "caption"))
        options = {each: say.hours(each * MINUTE_MS) for each in LENGTHS}
        self.lengths = Segmented(options, self.minutes, tr("How long it takes"))
        self.lengths.chosen.connect(self._choose_length)
        self._column.addWidget(self.lengths)
        self.takes = QVBoxLayout()
        self.takes.setSpacing(theme.space(2))
        self._column.addLayout(self.takes)

    def _offer(self, words: Words) -> None:
        """Skills and equipment that the shop has, to press."""
        for title, some, chosen in (
            (tr("Somebody who does"), words.skills, self.skills),
            (tr("A bay with"), words.equipment, self.equipment),
        ):
            if not some:
                continue
            self.takes.addWidget(label(title, "caption"))
            flow = Chips()
            for word in some:
                button = Button(word)
                button.setCheckable(True)
                button.toggled.connect(lambda on, word=word, chosen=chosen: self._take(chosen, word, on))
                flow.add(button)
            self.takes.addWidget(flow)

    def _when(self) -> None:
        row = QHBoxLayout()
        row.addWidget(label(tr("The next free times"), "heading"), 1)
        self.days = Segmented({0: tr("From now"), 1: tr("From tomorrow"), 7: tr("Next week")}, 0, tr("Not before"))
        self.days.chosen.connect(self._choose_day)
        row.addWidget(self.days)
        self.body.addLayout(row)
        self.free = QGridLayout()
        self.free.setSpacing(theme.space(2))
        self.free.setRowMinimumHeight(0, theme.scaled(92))
        for at in range(SLOTS):
            button = Button("", role="primary")
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            button.setFont(theme.font(theme.scaled(20), "semibold", tabular=True))
            button.hide()
            self.free.addWidget(button, 0, at)
            self.slots.append(button)
        self.body.addLayout(self.free)
        self.why = label("", "muted", wrap=True)
        self.body.addWidget(self.why)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        self._slots: tuple[Slot, ...] = ()
        for at, button in enumerate(self.slots):
            button.clicked.connect(lambda _=False, at=at: self.book(self._slots[at]))
        if self._wish is not None:
            self._wished(self._wish)
        later = Button(tr("Later times"), "chevron-right")
        later.clicked.connect(lambda _=False: self._later())
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(later, 1)
        self.footer.addWidget(cancel, 1)

    def _wished(self, wish: Wish) -> None:
        """The time that was tapped, above those that are free."""
        here = zone()
        when = f"{say.day(day_of(wish.start, here))} {say.clock(wish.start, here)}"
        self.chosen_time = Button(tr("At the time you tapped: {time}", time=when), "calendar")
        slot = Slot(wish.start, wish.start, wish.bay_id, "", wish.staff_id, "")
        self.chosen_time.clicked.connect(lambda _=False: self.book(slot))
        self.body.addWidget(self.chosen_time)

    def _timers(self) -> None:
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._search)

    # --- which vehicle

    def _typed(self) -> None:
        self._comer = None
        self.trouble.say("")
        self._pause.start()

    def _search(self) -> None:
        self._asked += 1
        asked, text, records = self._asked, self.vehicle.text().strip(), self._records
        if not text:
            self._show_known(asked, ())
            return
        background.run(
            self,
            lambda: schedule_reading.find_comers(records, text),
            lambda found: self._show_known(asked, found),
            self._failed,
        )

    def _show_known(self, asked: int, found: tuple[Comer, ...]) -> None:
        if asked != self._asked:
            return
        self.known.clear()
        for option in found:
            button = Button(" · ".join(part for part in (option.title, option.detail) if part), "car")
            button.clicked.connect(lambda _=False, option=option: self.pick(option))
            self.known.add(button)
        self.known.setVisible(bool(found))
        text = self.vehicle.text().strip()
        unknown = bool(text) and not found
        self._tell(tr("Not known yet: a new vehicle is made with it.") if unknown else "")
        self._ask_whose(unknown)

    def _ask_whose(self, wanted: bool) -> None:
        """A vehicle without an owner asks who brings it; what was typed stays while the plate is still being typed."""
        self.whose.setVisible(wanted and may(self._actor(), "customers.change"))

    def _tell(self, words: str) -> None:
        self.told.setText(words)
        self.told.setVisible(bool(words))

    def pick(self, option: Comer) -> None:
        """This vehicle, or this customer."""
        self._comer = option
        self.vehicle.setText(option.title)
        self.known.clear()
        self.known.hide()
        self._tell(option.detail)
        self._ask_whose(option.ownerless)

    # --- when

    def _choose_length(self, minutes: object) -> None:
        self.minutes = int(str(minutes))
        self.look()

    def _take(self, chosen: set[str], word: str, on: bool) -> None:
        (chosen.add if on else chosen.discard)(word)
        self.look()

    def _choose_day(self, days: object) -> None:
        count = int(str(days))
        day = schedule_reading.today() + dt.timedelta(days=count)
        if count == 7:
            day = schedule_reading.monday(day)
        self._after = day_span(day)[0] if count else None
        self.look()

    def _later(self) -> None:
        if self._slots:
            self._after = self._slots[-1].end
            self.look()

    def look(self) -> None:
        """Find the next free times for what is wanted now."""
        self._looked += 1
        looked, records, minutes, after = self._looked, self._records, self.minutes, self._after
        skills, equipment = ", ".join(sorted(self.skills)) or None, ", ".join(sorted(self.equipment)) or None
        background.run(
            self,
            lambda: schedule_reading.find_free(records, minutes, skills, equipment, after),
            lambda found: self._show_free(looked, found),
            self._failed,
        )

    def _show_free(self, looked: int, found: Found) -> None:
        if looked != self._looked:
            return
        self._slots = found.slots
        for at, button in enumerate(self.slots):
            button.setVisible(at < len(found.slots))
            if at < len(found.slots):
                button.show_words(slot_words(found.slots[at]))
        self.why.setText(found.why)
        self.why.setVisible(bool(found.why))

    # --- doing it

    def book(self, slot: Slot) -> None:
        """Book it at this time."""
        plate, title = self.vehicle.text().strip(), self.asked.text().strip()
        name = plate
        if not title:
            self.trouble.say(tr("Type what is asked for; the times stay here."))
            self.asked.setFocus()
            return
        if missing := self.whose.missing():
            self.trouble.say(missing)
            self.whose.name.setFocus()
            return
        whose = self.whose.whose()
        fields: dict[str, object] = {
            "title": title, "starts_at": slot.start, "minutes": self.minutes,
            "skills": ", ".join(sorted(self.skills)) or None, "equipment": ", ".join(sorted(self.equipment)) or None,
            "bay_id": slot.bay_id or None, "staff_id": slot.staff_id or None,
        }  # fmt: skip
        if self._comer is not None:
            fields |= {"vehicle_id": self._comer.vehicle_id, "customer_id": self._comer.customer_id}
            fields = {name: value for name, value in fields.items() if value is not None}
            plate = ""  # it is known
        if whose.id is not None:
            fields["customer_id"] = whose.id
        for button in self.slots:
            button.setEnabled(False)
        records, actor = self._records, self._actor()
        background.run(
            self,
            lambda: schedule_reading.book_in(records, actor, fields, plate, whose.fresh),
            lambda made: self._done(slot.start, name, made.number),
            self._failed,
        )

    def _done(self, start: int, name: str, number: str) -> None:
        here = zone()
        when = f"{say.day(day_of(start, here))} {say.clock(start, here)}"
        self.close_sheet()
        self._booked(start, tr("{name} is booked for {time}.", name=name or number, time=when))

    def _failed(self, error: Exception) -> None:
        for button in self.slots:
            button.setEnabled(True)
        if not isinstance(error, Refused | Denied | NotFound | RecordsError | OSError):
            raise error
        self.trouble.say(tr("It was not booked; what you typed stays here. {why}", why=error))


class Chips(QWidget):
    """Buttons beside each other, in as many lines as they need."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = Flow(self)
        self.buttons: list[Button] = []

    def add(self, button: Button) -> None:
        self._flow.addWidget(button)
        self.buttons.append(button)

    def clear(self) -> None:
        """Take them all away."""
        for button in self.buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []


def slot_words(slot: Slot) -> str:
    """A free time on a button: the day and time large, then where and by whom."""
    here = zone()
    day = day_of(slot.start, here)
    today = schedule_reading.today()
    near = {today: tr("Today"), today + dt.timedelta(days=1): tr("Tomorrow")}
    where = " · ".join(part for part in (slot.bay, slot.staff) if part)
    return f"{near.get(day, say.day(day))} {say.clock(slot.start, here)}\n{where}"
