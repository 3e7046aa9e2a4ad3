"""One person of the staff: name, role, skills, what an hour costs, the PIN, and whether they still work here."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import mark, tr
from core.people.roles import STAFF_ROLES, WORDS, Actor, Denied, Role, may
from core.people.staff import StaffView
from core.records.errors import RecordsError
from core.records.input import NotFound, Refused
from core.records.records import Records
from ui import background, theme
from ui.pages.bays_sheets import Trouble
from ui.people_reading import as_typed, give_pin, minor_units, save_person
from ui.widgets import icons, toast
from ui.widgets.buttons import BY_KEYS, Button, Switch, pressed_by_enter
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label
from ui.widgets.pin_sheet import NewPinSheet
from ui.widgets.touch import scrolling

WIDTH = 860
MEANS: Mapping[Role, str] = {
    Role.OWNER: mark("Everything, and who the owners are"),
    Role.MANAGER: mark("Everything but owners"),
    Role.ADVISER: mark("Customers, estimates, invoices, schedule"),
    Role.TECHNICIAN: mark("Orders, inspections, clock, scans"),
    Role.PARTS: mark("Parts, purchases and stock"),
    Role.VIEWER: mark("Looks, and changes nothing"),
}
EXPECTED = (Refused, Denied, NotFound, RecordsError, OSError)


class RoleTile(QAbstractButton):
    """A role, and what it is for. The chosen one has a tick, a frame and heavier words."""

    def __init__(self, role: Role) -> None:
        super().__init__()
        self.role = role
        self.setText(tr(WORDS[role]))
        self.setAccessibleName(f"{tr(WORDS[role])}: {tr(MEANS[role])}")
        self.setCheckable(True)
        self.setFocusPolicy(BY_KEYS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(theme.scaled(62))

    def sizeHint(self) -> QSize:
        return QSize(360, theme.scaled(62))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, usable = self.isChecked(), self.isEnabled()
        painter.setBrush(theme.color("accent_surface" if chosen else "surface_sunken"))
        ring = "focus" if self.hasFocus() else "accent" if chosen else "outline" if usable else "line"
        painter.setPen(QPen(theme.color(ring), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.radius, theme.radius)
        left = 16.0
        if chosen:
            icons.paint(painter, "ok", QRectF(left - 2, self.height() / 2 - 12, 24, 24), "accent")
            left += 32
        room = self.width() - left - 10
        top = self.height() / 2 - theme.scaled(21)
        for text, px, weight, token in (
            (self.text(), 18, "semibold" if chosen else "medium", "text" if usable else "stale"),
            (tr(MEANS[self.role]), 15, "regular", "text_muted" if usable else "stale"),
        ):
            font = theme.font(theme.scaled(px), weight)
            metrics = QFontMetrics(font)
            painter.setFont(font)
            painter.setPen(theme.color(token))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room))
            painter.drawText(QRectF(left, top, room, metrics.height()), Qt.AlignmentFlag.AlignVCenter, shown)
            top += metrics.height()


class PersonSheet(Sheet):
    """``saved(StaffView)`` when it is kept; what is wrong is said in the sheet, and what was typed stays."""

    saved = Signal(object)

    def __init__(
        self, anchor: QWidget, records: Records, actor: Actor, view: StaffView | None, *, first: bool = False
    ) -> None:
        super().__init__(anchor, (view.name or tr("No name")) if view else tr("Somebody new"), width=WIDTH)
        self._records, self._actor, self._view, self._first = records, actor, view, first
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        holder = QWidget()
        form = QVBoxLayout(holder)
        form.setContentsMargins(0, 0, theme.space(2), 0)
        form.setSpacing(theme.space(3))
        form.addWidget(label(tr("Name"), "caption"))
        self.name = _line(tr("Name"), view.name if view else "")
        self.name.returnPressed.connect(self.submit)
        form.addWidget(self.name)
        form.addWidget(label(tr("Role") if not first else tr("Role: the first person is the owner"), "caption"))
        form.addLayout(self._roles())
        form.addLayout(self._details())
        if view is not None:
            form.addLayout(self._standing(view))
        self.body.addWidget(scrolling(holder, whole=True), 1)  # the on-screen keyboard takes half of it
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        self.keep = Button(tr("Save"), "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.submit())
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.keep, 1)

    def _roles(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(theme.space(2))
        self.roles: dict[str, RoleTile] = {}
        group = QButtonGroup(self)
        now = self._view.role if self._view else "owner" if self._first else "technician"
        for at, role in enumerate(STAFF_ROLES):
            tile = self.roles[role.value] = RoleTile(role)
            group.addButton(tile)
            tile.setChecked(role.value == now)
            tile.setEnabled(may(self._actor, "staff.change", role) and (not self._first or role is Role.OWNER))
            grid.addWidget(tile, at // 2, at % 2)
        return grid

    def _details(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(4))
        view = self._view
        self.skills = _line(tr("Skills"), (view.skills if view else "") or "")
        self.skills.setPlaceholderText(tr("brakes, air conditioning"))
        self.cost = _line(tr("What an hour costs the shop"), as_typed(view.hourly_cost) if view else "")
        self.cost.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        for title, field, share in (
            (tr("Skills, with commas between"), self.skills, 2),
            (tr("What an hour costs the shop"), self.cost, 1),
        ):
            column = QVBoxLayout()
            column.setSpacing(theme.space(2))
            column.addWidget(label(title, "caption"))
            column.addWidget(field)
            row.addLayout(column, share)
        return row

    def _standing(self, view: StaffView) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        self.pin = Button(tr("Change the PIN…") if view.has_pin else tr("Set a PIN…"), "lock")
        self.pin.clicked.connect(lambda _=False: self.ask_pin())
        row.addWidget(self.pin)
        self.no_pin = Button(tr("Take the PIN away"))
        self.no_pin.clicked.connect(lambda _=False: self._give(""))
        self.no_pin.setVisible(view.has_pin)
        row.addWidget(self.no_pin)
        row.addStretch()
        row.addWidget(label(tr("Works here")))
        self.active = Switch(view.active, tr("Works here"))
        row.addWidget(self.active)
        allowed = may(self._actor, "staff.change", view)
        for each in (self.pin, self.no_pin, self.active):
            each.setEnabled(allowed)
        return row

    # --- what a person does

    def fields(self) -> dict[str, object]:
        """What was typed and chosen. Raises ``Refused``."""
        found: dict[str, object] = {
            "name": self.name.text(),
            "role": next((role for role, tile in self.roles.items() if tile.isChecked()), None),
            "skills": self.skills.text(),
            "hourly_cost": minor_units(self.cost.text()),
        }
        if self._view is not None:
            found["active"] = self.active.isChecked()
        return found

    def submit(self) -> None:
        """Keep it, off this thread."""
        records, actor, id_ = self._records, self._actor, self._view.id if self._view else ""
        if not self.name.text().strip():
            self.trouble.say(tr("Type a name."))
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            fields = self.fields()
        except Refused as refused:
            self.trouble.say(str(refused))
            return
        self.keep.setEnabled(False)
        background.run(self, lambda: save_person(records, actor, id_, fields), self._saved, self._failed)

    def _saved(self, view: StaffView) -> None:
        self.close_sheet()
        self.saved.emit(view)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, EXPECTED):
            raise error
        self.keep.setEnabled(True)
        self.trouble.say(tr("Nothing was changed; what you typed stays here. {why}", why=error))

    def ask_pin(self) -> None:
        """A new PIN for this person, typed twice."""
        NewPinSheet(self, self._give).open()

    def _give(self, pin: str) -> None:
        view = self._view
        if view is None:
            return
        records, actor, name, window = self._records, self._actor, view.name or "", self.window()
        said = tr("{name} has a PIN.", name=name) if pin else tr("{name} has no PIN any more.", name=name)

        def done(_: object) -> None:
            toast.show(window, said, tone="ok")
            self.no_pin.setVisible(bool(pin))
            self.pin.show_words(tr("Change the PIN…") if pin else tr("Set a PIN…"), "lock")

        background.run(self, lambda: give_pin(records, actor, view.id, pin), done, self._failed)


def _line(title: str, text: str | None) -> QLineEdit:
    field = QLineEdit(text or "")
    field.setAccessibleName(title)
    return field
