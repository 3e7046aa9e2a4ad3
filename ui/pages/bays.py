"""Bays: the terminals of the workshop, how each stands with this one, and how one comes or goes."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.people.roles import WORDS, Denied, may, roles_that_may
from core.sync.views import PeerState, PeerView, SyncError, WorkshopLink
from ui import background, sync_words, theme
from ui.pages.bays_entering import EnteringView
from ui.pages.bays_pairing import PairingSheet
from ui.pages.bays_row import OwnCard, PeerRow, address_words
from ui.pages.bays_sheets import AddressSheet, RemoveSheet
from ui.pages.page import Command, Page
from ui.widgets import alarm_strip, toast
from ui.widgets.buttons import Button
from ui.widgets.panels import ElidedLabel, Paragraph, label
from ui.widgets.pin_sheet import UnlockSheet
from ui.widgets.touch import scrolling

TICK_MS = 1000
FIRST = (PeerState.REFUSED, PeerState.DIFFERS)  # what needs a person stands on top
LAST = (PeerState.REMOVED,)


class BaysPage(Page):
    """The list, or the way into a workshop while there is none."""

    def load(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.space(7), theme.space(5), theme.space(5), 0)
        outer.setSpacing(theme.space(4))
        self.link: WorkshopLink | None = self.context.link
        self.rows: dict[str, PeerRow] = {}
        self.entering: EnteringView | None = None
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self.refresh)
        if self.context.membership is None:
            self.entering = EnteringView(self.context)
            outer.addWidget(self.entering, 1)
        else:
            self._build_list(outer, self.context.membership.workshop)

    def _build_list(self, outer: QVBoxLayout, workshop: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        head.addWidget(ElidedLabel(tr("Terminals of {workshop}", workshop=workshop), px=28, weight="semibold"), 1)
        self.sync = Button(tr("Sync now"), "refresh")
        self.sync.clicked.connect(lambda _=False: self.sync_now())
        self.add = Button(tr("Add an address"), "plus")
        self.add.clicked.connect(lambda _=False: self.add_address())
        self.pair = Button(tr("Pair a terminal"), "join", role="primary")
        self.pair.clicked.connect(lambda _=False: self.open_pairing())
        for button in (self.sync, self.add, self.pair):
            head.addWidget(button)
        outer.addLayout(head)
        self.rights = label("", "muted", wrap=True)
        self.rights.hide()
        outer.addWidget(self.rights)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, theme.space(2), alarm_strip.room())
        self._column.setSpacing(theme.space(3))
        membership = self.context.membership
        self.own = OwnCard(self.context.terminal_name, membership.device_id if membership else "")
        self._column.addWidget(self.own)
        self.alone = _Alone(self.open_pairing)
        self._column.addWidget(self.alone)
        self._column.addStretch(1)
        outer.addWidget(scrolling(content), 1)
        self.refresh()

    # --- the moment

    def on_shown(self) -> None:
        self._ticks.start()
        if self.entering is not None:
            self.entering.look()
        self.refresh()

    def on_hidden(self) -> None:
        self._ticks.stop()

    def on_link(self) -> None:
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Bring every card up to date; cards keep their place and focus."""
        if self.link is None:
            if self.entering is not None:
                self.entering.look()
            return
        summary, peers, now = self.link.summary(), in_order(self.link.peers()), time.time()
        pages = self.context.page_addresses()
        said = sync_words.summary_words(summary).words
        self._show_rights()
        self.own.show_now(said, summary.waiting, _own_address(pages), summary.problem)
        self._show_peers(peers, now)

    def _show_rights(self) -> None:
        """What is not for who stands here is not offered, and whom it is for is said."""
        pairs = self._allowed("terminals.pair")
        for button in (self.add, self.pair, self.alone.button):
            button.setVisible(pairs)
        self.rights.setVisible(not pairs)
        if not pairs:
            roles = ", ".join(tr(WORDS[role]) for role in roles_that_may("terminals.pair"))
            self.rights.setText(tr("Pairing and removing terminals is for: {roles}.", roles=roles))

    def _show_peers(self, peers: tuple[PeerView, ...], now: float) -> None:
        wanted = [peer.terminal_id for peer in peers]
        for gone in [each for each in self.rows if each not in wanted]:
            row = self.rows.pop(gone)
            row.hide()
            row.deleteLater()
        for at, peer in enumerate(peers, 1):
            row = self.rows.get(peer.terminal_id) or self._new_row(peer)
            if self._column.indexOf(row) != at:
                self._column.insertWidget(at, row)
            row.show_now(peer, now, removable=self._allowed("terminals.remove"))
        self.alone.say(any_before=bool(peers))
        self.alone.setVisible(not any(peer.state is not PeerState.REMOVED for peer in peers))

    def _new_row(self, peer: PeerView) -> PeerRow:
        row = self.rows[peer.terminal_id] = PeerRow(peer)
        row.remove_asked.connect(self.ask_remove)
        return row

    # --- what a person does

    def open_pairing(self) -> None:
        """Show a code; on a locked terminal after its PIN."""
        if self._may("terminals.pair"):
            self._guarded(tr("Pair a terminal"), lambda link: PairingSheet(self, link).open())

    def add_address(self) -> None:
        if self.link is not None and self._may("terminals.pair"):
            sheet = AddressSheet(self, self.link, self._address_added)
            sheet.open(sheet.field)

    def _address_added(self, address: str) -> None:
        toast.show(self, tr("{address} is tried from now on.", address=address_words(address)), tone="ok")

    def ask_remove(self, peer: PeerView) -> None:
        """Ask first; on a locked terminal for its PIN as well."""
        if self._may("terminals.remove"):
            self._guarded(
                tr("Remove {name}", name=peer.name),
                lambda link: RemoveSheet(self, peer, lambda: self._remove(link, peer)).open(),
            )

    def _remove(self, link: WorkshopLink, peer: PeerView) -> None:
        actor = self.context.actor.reference if self.context.actor else ""
        background.run(
            self,
            lambda: link.remove(peer.device_id, actor),
            lambda _: self._removed(peer),
            lambda error: self._failed(tr("{name} was not removed", name=peer.name), error),
        )

    def _removed(self, peer: PeerView) -> None:
        toast.show(self, tr("{name} is removed.", name=peer.name), tone="ok")
        self.refresh()

    def sync_now(self) -> None:
        """Meet every terminal now, off this thread."""
        link = self.link
        if link is None:
            return
        self.sync.setEnabled(False)
        self.sync.show_words(tr("Syncing…"), "refresh")
        background.run(self, link.sync_now, lambda _: self._synced(), self._not_synced)

    def _synced(self) -> None:
        self.sync.setEnabled(True)
        self.sync.show_words(tr("Sync now"), "refresh")
        self.refresh()

    def _not_synced(self, error: Exception) -> None:
        self._synced()
        self._failed(tr("The other terminals could not all be met"), error)

    def _failed(self, what: str, error: Exception) -> None:
        if not isinstance(error, SyncError | OSError):
            raise error
        self.context.note(what, str(error))
        toast.show(self, what, detail=str(error), tone="critical")

    def _allowed(self, action: str) -> bool:
        actor = self.context.actor
        return actor is None or may(actor, action)

    def _may(self, action: str) -> bool:
        """Whether who stands here may do this; who may is said otherwise."""
        actor = self.context.actor
        if actor is None or self._allowed(action):
            return True
        toast.show(self, tr("That is not for everybody"), detail=str(Denied(actor, action)))
        return False

    def _guarded(self, title: str, deed: Callable[[WorkshopLink], object]) -> None:
        link, frame = self.link, self.context.frame
        if link is None:
            return
        if not (self.context.preferences.kiosk and self.context.has_pin() and frame is not None):
            deed(link)
            return
        sheet = UnlockSheet(self, title, frame.gate)
        sheet.opened.connect(lambda: deed(link))
        sheet.open(sheet)

    # --- for the search box and for pictures

    def commands(self) -> tuple[Command, ...]:
        if self.link is None:
            return ()
        sync = Command(tr("Sync now"), self.sync_now, "refresh")
        if not self._allowed("terminals.pair"):
            return (sync,)
        return (
            Command(tr("Pair a terminal"), self.open_pairing, "join", tr("code join add bay")),
            sync,
            Command(tr("Add an address"), self.add_address, "plus"),
        )

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        if self.entering is not None:
            return self.entering.scenes()
        found: list[tuple[str, Callable[[], object]]] = [("bays-pairing", self.open_pairing)]
        if self.rows:
            found.append(("bays-remove", lambda: self.ask_remove(next(iter(self.rows.values())).peer)))
        return tuple(found)


class _Alone(QWidget):
    """No other terminal yet: how one comes to be there."""

    def __init__(self, pair: Callable[[], object]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.space(3))
        column.setContentsMargins(0, theme.space(8), 0, 0)
        middle = Qt.AlignmentFlag.AlignHCenter
        self.heading = label("", "heading")
        column.addWidget(self.heading, 0, middle)
        text = Paragraph(
            tr(
                "Start Bayline on a second terminal, open Bays there and choose “Join a workshop”. Then pair it from "
                "here. From then on both have everything, and each works on alone when the network is gone."
            )
        )
        column.addWidget(text, 0, middle)
        self.button = Button(tr("Pair a terminal"), "join")
        self.button.clicked.connect(lambda _=False: pair())
        column.addWidget(self.button, 0, middle)

    def say(self, *, any_before: bool) -> None:
        """``any_before``: there were others, and all were removed."""
        self.heading.setText(tr("No other terminal now") if any_before else tr("No other terminal yet"))


def in_order(peers: tuple[PeerView, ...]) -> tuple[PeerView, ...]:
    """What needs a person first, then by name; removed ones last."""

    def place(peer: PeerView) -> tuple[int, str]:
        group = 0 if peer.state in FIRST else 2 if peer.state in LAST else 1
        return group, peer.name.casefold()

    return tuple(sorted(peers, key=place))


def _own_address(pages: tuple[str, ...]) -> str:
    return address_words(pages[0].replace("http://", "https://")) if pages else tr("no address known")
