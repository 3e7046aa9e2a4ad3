"""One terminal on the page Bays: its state as colour, shape and word, and what there is to know about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.language import tr
from core.sync.views import PeerState, PeerView
from ui import sync_words, theme, words
from ui.widgets.buttons import IconButton
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label

WIDE_FROM = 1000  # px: the facts stand in one line
NAME_WIDTH = 300


class _Fact(QWidget):
    """A small caption over a value."""

    def __init__(self, caption: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.caption = ElidedLabel(caption, "text_muted", 15)
        self.value = ElidedLabel("", weight="medium").set_tabular()
        column.addWidget(self.caption)
        column.addWidget(self.value)
        column.addStretch()

    def say(self, text: str) -> None:
        self.value.set_text(text)


class _Facts(QWidget):
    """Facts in one line where there is room, in two where there is not."""

    def __init__(self, captions: tuple[str, ...]) -> None:
        super().__init__()
        self.facts = tuple(_Fact(caption) for caption in captions)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.space(5))
        self._grid.setVerticalSpacing(theme.space(2))
        self.arrange(len(self.facts))

    def arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for at, fact in enumerate(self.facts):
            self._grid.addWidget(fact, at // columns, at % columns)
        for at in range(len(self.facts)):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)

    def say(self, *texts: str) -> None:
        for fact, text in zip(self.facts, texts, strict=True):
            fact.say(text)

    def texts(self) -> list[str]:
        return [fact.value.text() for fact in self.facts]


class _TerminalCard(QFrame):
    """Icon, name and state at the left, facts in the middle, room for a button at the right, a line of words below."""

    def __init__(self, icon: str, token: str, captions: tuple[str, ...]) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(5), theme.space(4), theme.space(4), theme.space(4))
        outer.setSpacing(theme.space(3))
        row = self.row = QHBoxLayout()
        row.setSpacing(theme.space(4))
        self.icon = IconLabel(icon, 36, token)
        row.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        self._who = QWidget()
        who = QVBoxLayout(self._who)
        who.setContentsMargins(0, 0, 0, 0)
        who.setSpacing(0)
        self.name = ElidedLabel("", px=21, weight="semibold")
        self.state = ElidedLabel("", weight="medium")
        self.address = ElidedLabel("", "text_muted", 15).set_tabular()
        for part in (self.name, self.state, self.address):
            who.addWidget(part)
        who.addStretch()
        self._who.setFixedWidth(theme.scaled(NAME_WIDTH))
        row.addWidget(self._who)
        self.facts = _Facts(captions)
        row.addWidget(self.facts, 1)
        outer.addLayout(row)
        self._problem_row = QWidget()
        problem = QHBoxLayout(self._problem_row)
        problem.setContentsMargins(0, 0, theme.space(2), 0)
        problem.setSpacing(theme.space(4))
        self._problem_icon = IconLabel("info", 24, "info")
        problem.addSpacing(6)
        problem.addWidget(self._problem_icon, 0, Qt.AlignmentFlag.AlignTop)
        problem.addSpacing(6)
        self.problem: QLabel = label("", wrap=True)
        problem.addWidget(self.problem, 1)
        outer.addWidget(self._problem_row)
        self._problem_row.hide()

    def say_problem(self, text: str, icon: str = "info", token: str = "info") -> None:
        """The line of words below; none for ""."""
        if self.problem.text() != text:
            self.problem.setText(text)
        self._problem_icon.show_icon(icon, token)
        self._problem_row.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        count = len(self.facts.facts)
        self.facts.arrange(count if self.width() >= theme.scaled(WIDE_FROM) else (count + 1) // 2)


class OwnCard(_TerminalCard):
    """This terminal itself."""

    def __init__(self, name: str, device_id: str) -> None:
        super().__init__("workshop", "accent", (tr("State"), tr("For the others"), tr("Device")))
        self.setProperty("surface", "own")
        self.name.set_text(name)
        self.state.set_text(tr("This terminal"))
        self._device_id = device_id

    def show_now(self, state: str, waiting: int, address: str, problem: str) -> None:
        """What the frame says, changes nobody else has yet, the address other terminals reach it at."""
        self.address.set_text(address)
        self.facts.say(state, changes_count(waiting), short_device(self._device_id))
        self.say_problem(problem, "warning", "warning")


class PeerRow(_TerminalCard):
    """Another terminal. ``remove_asked`` carries its view."""

    remove_asked = Signal(object)

    def __init__(self, peer: PeerView) -> None:
        super().__init__(
            "unknown", "info", (tr("Last contact"), tr("Clock"), tr("Still to send"), tr("Still to fetch"))
        )
        self.peer = peer
        self.remove = IconButton("trash", tr("Remove {name}…", name=peer.name))
        self.remove.clicked.connect(lambda _=False: self.remove_asked.emit(self.peer))
        self.row.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        self._removable = True

    def show_now(self, peer: PeerView, now: float, *, removable: bool = True) -> None:
        """Show the terminal as it is at ``now``, epoch seconds. ``removable``: who stands here may take it out."""
        self.peer, self._removable = peer, removable
        icon, token = sync_words.SHAPES[peer.state]
        self.icon.show_icon(icon, token)
        state = tr(sync_words.STATES[peer.state])
        self.name.set_text(peer.name or peer.device_id)
        self.state.set_text(state)
        self.address.set_text(address_words(peer.address))
        removed = peer.state is PeerState.REMOVED
        self.facts.say(
            "–" if removed else sync_words.last_contact(peer, now),
            "–" if removed else sync_words.clock_difference(peer),
            "–" if removed else changes_count(peer.waiting_out),
            "–" if removed else changes_count(peer.waiting_in),
        )
        self.remove.setVisible(not removed and self._removable)
        tone = "warning" if token in ("warning", "critical") or sync_words.clock_is_off(peer) else "info"
        self.say_problem(sync_words.meaning(peer), tone, token if tone == "warning" and token == "critical" else tone)
        self.setAccessibleName(f"{peer.name}: {state}. {sync_words.meaning(peer)}".strip())


def changes_count(count: int) -> str:
    """A number of changes; none is a word."""
    return words.count(count) if count else tr("nothing")


def address_words(address: str) -> str:
    """The address without what is always the same."""
    return address.removeprefix("https://").rstrip("/") or tr("no address known")


def short_device(device_id: str) -> str:
    """The first letters of a device's name, as they are compared by eye."""
    return device_id[:14]
