"""What Bays shows on a terminal without a workshop: found one or join one, and how far that has got."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from core.language import tr
from core.records.errors import RecordsError
from core.sync.views import SyncError
from ui import background, theme
from ui.context import UiContext
from ui.membership import JoiningCancelled, Membership
from ui.pages.bays_forms import BigChoice, FoundForm, JoinForm
from ui.widgets import alarm_strip, toast
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Card, label
from ui.widgets.touch import scrolling

WIDTH = 880


class _Relay(QObject):
    """Carries the progress of joining over from its thread, and the wish to stop back to it."""

    came = Signal(str, object, object)  # step, done, total: more bytes than a C int holds

    def __init__(self) -> None:
        super().__init__()
        self.stop = False

    def __call__(self, step: str, done: int, total: int) -> None:
        if self.stop:
            raise JoiningCancelled
        self.came.emit(step, done, total)


class EnteringView(QStackedWidget):
    """The two choices, a form for each, the progress, and the word that the terminal must be started again."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.context = context
        self.relay: _Relay | None = None
        self.choices = _Choices(can=context.found is not None, closed=context.records_closed)
        self.founding = FoundForm(context.terminal_name, self._found, self.back)
        self.joining = JoinForm(context.terminal_name, self._join, self.back)
        self.choices.found.clicked.connect(lambda _=False: self.show_form(self.founding))
        self.choices.join.clicked.connect(lambda _=False: self.show_form(self.joining))
        self.progress = _Progress()
        self.progress.cancel.clicked.connect(lambda _=False: self.cancel())
        self.restart = _Restart()
        for part in (self.choices, self.founding, self.joining, self.progress, self.restart):
            self.addWidget(_framed(part))
        self._parts: list[QWidget] = [self.choices, self.founding, self.joining, self.progress, self.restart]

    def _show(self, part: QWidget) -> None:
        self.setCurrentIndex(self._parts.index(part))

    def shown(self) -> QWidget:
        """The part in front."""
        return self._parts[self.currentIndex()]

    def show_form(self, form: FoundForm | JoinForm) -> None:
        self._show(form)
        form.trouble.say("")
        self.look()
        form.begin()

    def back(self) -> None:
        """To the two choices; what was typed stays."""
        self._show(self.choices)

    def look(self) -> None:
        """Show the workshops that were heard on the network by now."""
        self.joining.show_nearby(self.context.nearby())

    # --- founding

    def _found(self, workshop: str, terminal: str) -> None:
        found = self.context.found
        if found is None:
            return
        self.progress.begin(tr("{workshop} is being founded…", workshop=workshop), can_cancel=False)
        self._show(self.progress)
        background.run(
            self,
            lambda: found(workshop, terminal),
            lambda member: self._done(terminal, member),
            lambda error: self._failed(self.founding, error),
        )

    # --- joining

    def _join(self, address: str, code: str, terminal: str) -> None:
        join = self.context.join
        if join is None:
            return
        relay = self.relay = _Relay()
        relay.came.connect(self.progress.show_step, Qt.ConnectionType.QueuedConnection)
        self.progress.begin(tr("Joining at {address}…", address=address), can_cancel=True)
        self._show(self.progress)
        background.run(
            self,
            lambda: join(address, code, terminal, relay),
            lambda member: self._done(terminal, member),
            lambda error: self._failed(self.joining, error),
        )

    def cancel(self) -> None:
        """Stop joining at its next step."""
        if self.relay is not None:
            self.relay.stop = True
            self.progress.cancel.setEnabled(False)
            self.progress.step.setText(tr("Stopping…"))

    def _failed(self, form: FoundForm | JoinForm, error: Exception) -> None:
        self.relay = None
        self._show(form)
        if isinstance(error, JoiningCancelled):
            toast.show(self, tr("Joining was stopped. Nothing was kept on this terminal."), tone="info")
            return
        if not isinstance(error, SyncError | RecordsError | OSError | ValueError):
            raise error
        self.context.note(tr("This terminal could not enter the workshop."), str(error))
        form.failed(error)

    def _done(self, terminal: str, member: Membership | None) -> None:
        self.relay = None
        if member is None or self.context.frame is None:
            self._show(self.restart)
            return
        self.context.terminal_name = terminal
        self.context.frame.belong(member)

    # --- for pictures

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        return (
            ("bays-found", lambda: self.show_form(self.founding)),
            ("bays-join", lambda: self.show_form(self.joining)),
        )


def _framed(part: QWidget) -> QWidget:
    """``part`` in the middle of a scrolling page, never wider than can be read."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, theme.space(4), theme.space(2), alarm_strip.room())
    row.addStretch(1)
    column = QVBoxLayout()
    column.addWidget(part)
    column.addStretch(1)
    part.setMaximumWidth(theme.scaled(WIDTH))
    row.addLayout(column, 100)
    row.addStretch(1)
    return scrolling(holder)


class _Choices(QWidget):
    """The two big choices."""

    def __init__(self, *, can: bool, closed: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(4))
        heading = (
            tr("The workshop's records are not open") if closed else tr("This terminal is not part of a workshop yet")
        )
        column.addWidget(label(heading, "title", wrap=True))
        column.addWidget(
            label(
                tr(
                    "In a workshop all terminals have the same customers, vehicles and repair orders. Each works alone "
                    "when the network is gone, and they come together by themselves; nothing typed is lost."
                ),
                "muted",
                wrap=True,
            )
        )
        column.addSpacing(theme.space(2))
        self.found = BigChoice(
            "workshop",
            tr("Create a workshop"),
            tr("This is the first terminal, or the only one. Others can join later."),
        )
        self.join = BigChoice(
            "join", tr("Join a workshop"), tr("Another terminal runs already. It shows a code that is typed here.")
        )
        for choice in (self.found, self.join):
            choice.setEnabled(can)
            column.addWidget(choice)
        self.why_not = label(
            tr("They could not be opened when Bayline started; Settings, Problems says why and what to do. Nothing in "
               "them was changed, and the gauges work without them.")
            if closed
            else tr("This demonstration has no workshop and can neither found one nor join one."),
            wrap=True,
        )  # fmt: skip
        self.why_not.setVisible(not can)
        column.addWidget(self.why_not)


class _Progress(Card):
    """What is being done, how far it has got, and a way to stop it."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label("", "title", wrap=True)
        self.step = label("", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.share = label("", "muted")
        self.share.setFont(theme.font(theme.base, tabular=True))
        self.cancel = Button(tr("Cancel"), "close")
        for part in (self.title, self.step, self.bar, self.share):
            self.body.addWidget(part)
        self.body.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignLeft)

    def begin(self, title: str, *, can_cancel: bool) -> None:
        self.title.setText(title)
        self.step.setText("")
        self.share.setText("")
        self.bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        self.cancel.setVisible(can_cancel)

    def show_step(self, step: str, done: int, total: int) -> None:
        """``total`` 0: it is not known how much there is."""
        if not self.cancel.isEnabled():
            return  # it is being stopped
        self.step.setText(step)
        self.bar.setRange(0, 1000 if total else 0)
        if total:
            self.bar.setValue(round(1000 * done / total))
        self.share.setText(tr("{percent} %", percent=round(100 * done / total)) if total else "")


class _Restart(Card):
    """Done, but this run of the program cannot go on with it."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.setSpacing(theme.space(4))
        row.addWidget(IconLabel("connected", 44, "ok"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.addWidget(label(tr("This terminal belongs to the workshop"), "title", wrap=True))
        words.addWidget(label(tr("Close Bayline and start it again: then the workshop's records are here."), wrap=True))
        row.addLayout(words, 1)
        self.body.addLayout(row)
