"""Settings of people: who works here, what they may do, how they sign in, and when the terminal signs them out."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from core.language import mark, tr, trn
from core.people.at_hand import Person, needs_pin
from core.people.roles import WORDS, Role, may
from core.people.signing_in import Attempt
from core.people.staff import StaffView
from core.records.changes import ChangeSet
from ui import background, idle, theme
from ui.context import UiContext
from ui.pages.settings_person import PersonSheet
from ui.people_reading import read_staff
from ui.widgets import icons, toast
from ui.widgets.buttons import BY_KEYS, Button, Choice, pressed_by_enter
from ui.widgets.panels import Row, Separator, label
from ui.widgets.settings_card import Report, SettingsCard
from ui.widgets.sign_in_faces import paint_face

HEIGHT = 72
FACE = 44
AFTER: Mapping[int, str] = {
    idle.AUTOMATIC: mark("After 5 minutes, in kiosk mode only"),
    0: mark("Never"),
    2: mark("After 2 minutes"),
    5: mark("After 5 minutes"),
    10: mark("After 10 minutes"),
    30: mark("After half an hour"),
}


def person_of(view: StaffView) -> Person:
    """Somebody of the staff as a face shows them; a role of a newer program looks, and no more."""
    role = Role(view.role) if view.role in set(Role) else Role.VIEWER
    return Person(view.id, view.name or "", role, view.has_pin)


class PersonRow(QAbstractButton):
    """Face, name, role and skills, and how they sign in."""

    def __init__(self, view: StaffView, *, opens: bool, guarded: bool) -> None:
        super().__init__()
        self.view, self._opens = view, opens
        self._person = person_of(view)
        self.detail = " · ".join(filter(None, (tr(WORDS[self._person.role]), view.skills)))
        self._locked_out = view.active and not view.has_pin and needs_pin(self._person, guarded=guarded)
        self.state = self._words_of_state()
        self.setAccessibleName(f"{view.name}, {self.detail}, {self.state}")
        self.setFixedHeight(theme.scaled(HEIGHT))
        self.setEnabled(opens)
        self.setFocusPolicy(BY_KEYS)
        if opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _words_of_state(self) -> str:
        if not self.view.active:
            return tr("Has left")
        if self._locked_out:
            return tr("Needs a PIN")
        return tr("PIN is set") if self.view.has_pin else tr("No PIN")

    def sizeHint(self) -> QSize:
        return QSize(480, theme.scaled(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isDown() or (self._opens and self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("surface_pressed"))
            painter.drawRoundedRect(plate, theme.radius, theme.radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(plate, theme.radius, theme.radius)
        px = theme.scaled(FACE)
        face = QRectF(plate.left() + 8, plate.center().y() - px / 2, px, px)
        if self.view.active:
            paint_face(painter, self._person, face)
        else:
            icons.paint(painter, "removed", face.adjusted(8, 8, -8, -8), "stale")
        right = plate.right() - 8
        if self._opens:
            icons.paint(painter, "chevron-right", QRectF(right - 26, plate.center().y() - 13, 26, 26), "text_muted")
            right -= 38
        right = self._state(painter, right)
        self._words(painter, face.right() + 16, right - 12)

    def _state(self, painter: QPainter, right: float) -> float:
        """The words at the right, with a shape; where they begin."""
        font = theme.font(theme.scaled(16), "regular")
        width = QFontMetrics(font).horizontalAdvance(self.state)
        middle = self.height() / 2
        painter.setFont(font)
        painter.setPen(theme.color("warning" if self._locked_out else "text_muted"))
        painter.drawText(QRectF(right - width, 0, width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, self.state)
        shape = "minus" if not self.view.active else "lock" if self.view.has_pin else "unlock"
        ink = "warning" if self._locked_out else "text_muted"
        spot = QRectF(right - width - 28, middle - 10, 20, 20)
        icons.paint(painter, "warning" if self._locked_out else shape, spot, ink)
        return right - width - 28

    def _words(self, painter: QPainter, left: float, right: float) -> None:
        top = self.height() / 2 - theme.scaled(21)
        for text, px, weight, token in (
            (self.view.name or tr("No name"), 18, "semibold", "text" if self.view.active else "stale"),
            (self.detail, 15, "regular", "text_muted"),
        ):
            font = theme.font(theme.scaled(px), weight)
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(theme.color(token))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(right - left))
            painter.drawText(QRectF(left, top, right - left, metrics.height()), Qt.AlignmentFlag.AlignVCenter, shown)
            top += metrics.height() + 1


class PeopleCard(SettingsCard):
    """The staff. The first person becomes the owner and chooses a PIN: from then on the terminal asks who it is."""

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("People"), context, report)
        self._actor = context.actor
        self.staff: tuple[StaffView, ...] = ()
        self.rows: list[PersonRow] = []
        self.intro = label("", "muted", wrap=True)
        self.body.addWidget(self.intro)
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.body.addWidget(self._holder)
        self.add = Button(tr("Add a person"), "plus", role="primary")
        self.add.clicked.connect(lambda _=False: self.open_person(None))
        self.body.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(Separator())
        self.after = Choice(tr("Sign out by itself"))
        for value, words in AFTER.items():
            self.after.addItem(tr(words), value)
        self.after.activated.connect(lambda _: self._choose_after())
        self.body.addWidget(
            Row(
                "clock",
                tr("Sign out by itself"),
                tr("When nobody touches the terminal. What somebody was typing is there again when they sign in."),
                self.after,
            )
        )
        self.refresh()

    @property
    def may_change(self) -> bool:
        """Whether who opened this page may change the staff."""
        return self._actor is not None and may(self._actor, "staff.change")

    def refresh(self) -> None:
        chosen = self.after.findData(self.context.preferences.sign_out_after)
        if chosen < 0:  # typed into the settings file
            minutes = self.context.preferences.sign_out_after
            self.after.addItem(trn("After {count} minute", "After {count} minutes", minutes), minutes)
            chosen = self.after.count() - 1
        self.after.setCurrentIndex(chosen)
        self.after.setEnabled(self._actor is not None and may(self._actor, "workshop.change"))
        self.add.setVisible(self.may_change)
        records, actor = self.context.records, self._actor
        if records is None or actor is None or not may(actor, "staff.read"):
            self.intro.setText(tr("Who works here is shown to those who work on the orders."))
            return
        # What cannot be read now is read when the page is shown again.
        background.run(self, lambda: read_staff(records, actor), self._show, lambda _: None)

    def on_change(self, changes: ChangeSet) -> None:
        """Somebody reads differently now, whoever wrote it."""
        if changes.touches("staff"):
            self.refresh()

    def _show(self, staff: tuple[StaffView, ...]) -> None:
        self.staff = staff
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self.rows = []
        for view in staff:
            own = self._actor is not None and view.id == self._actor.id
            row = PersonRow(view, opens=self.may_change or own, guarded=self.context.people.guarded)
            row.clicked.connect(lambda _=False, view=view: self.open_person(view))
            self._column.addWidget(row)
            self.rows.append(row)
        self.intro.setText(self._words())
        self.add.show_words(tr("Add a person") if staff else tr("Add the first person, the owner"), "plus")

    def _words(self) -> str:
        if not self.staff:
            return tr(
                "Nobody works here yet, so this terminal does everything for everybody. The first person becomes the "
                "owner; from then on everything that is done bears a name."
            )
        if not self.context.people.guarded:
            return tr("No owner has a PIN yet: anybody may do anything here. An owner with a PIN changes that.")
        if not self.may_change:
            return tr("Owners and managers add and change people. Your own PIN is yours to set.")
        return tr("Technicians, parts and viewers may sign in without a PIN while they have none.")

    def open_person(self, view: StaffView | None) -> None:
        """Somebody, or somebody new; who may not change people sets their own PIN."""
        records, actor = self.context.records, self._actor
        if records is None or actor is None:
            return
        if not self.may_change:
            if self.context.frame is not None:
                self.context.frame.ask_own_pin()
            return
        first = not any(each.active for each in self.staff)
        sheet = PersonSheet(self, records, actor, view, first=first)
        sheet.saved.connect(lambda saved: self._saved(saved, new=view is None, first=first))
        sheet.open(sheet.name if view is None else sheet)

    def _saved(self, saved: StaffView, *, new: bool, first: bool) -> None:
        self.refresh()
        if new and first:
            # Signed in before there is a PIN to ask for: the settings stay in front, now as the owner's.
            self.context.people.sign_in(saved.id, "", self._first_is_in, lambda _: None)
        elif new:
            said = tr("{name} works here now.", name=saved.name or "")
            toast.show(self, said, detail=tr("A tap on the name sets a PIN."), tone="ok")

    def _first_is_in(self, _: Attempt) -> None:
        if self.context.frame is not None:
            self.context.frame.ask_own_pin()

    def _choose_after(self) -> None:
        value = int(self.after.currentData())
        said = tr("Sign out by itself: {when}", when=self.after.currentText())
        self.choose("sign_out_after", value, said, self.context.people.changed.emit)
