"""The window: rail, top bar and one page at a time, with everything that is the same on every page."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDynamicPropertyChangeEvent, QEvent, QKeyCombination, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core import language
from core.diagnostics.files import NoticeKind, StorageNotice
from core.language import tr
from core.records.changes import ChangeSet
from ui import finding, pages, qt_words, theme, words
from ui.alarm_attention import AlarmAttention
from ui.context import UiContext
from ui.kiosk import KioskGuard, PinGate
from ui.membership import Membership
from ui.pages import Page, PageEntry
from ui.people_desk import PeopleDesk
from ui.undo_desk import UndoDesk
from ui.widgets import dialogs, icons, toast
from ui.widgets.alarm_strip import AlarmStrip
from ui.widgets.connection_panel import ConnectionPanel
from ui.widgets.dialogs import BOTTOM_INSET
from ui.widgets.key_help import KeyHelp
from ui.widgets.keyboard import OnScreenKeyboard
from ui.widgets.page_address import PageAddressSheet
from ui.widgets.pin_sheet import UnlockSheet
from ui.widgets.rail import Rail
from ui.widgets.search_box import SearchBox, opens_search
from ui.widgets.sign_in_band import SignInBand
from ui.widgets.top_bar import TopBar
from ui.workshop_news import Unread, WorkshopNews

REDO = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Y)  # beside what the system calls redo
PULSE_MS = 500  # states in words change twice a second; gauges have a clock of their own


class _Events(QObject):
    """Brings the session's events from whatever thread they come on to this one."""

    came = Signal(object)


class _Frame(QWidget):
    """What is built anew when the language changes: rail, top bar, and the pages shown so far."""

    def __init__(self, context: UiContext, entries: Sequence[PageEntry]) -> None:
        super().__init__()
        self.entries = {entry.name: entry for entry in entries}
        self.context = context
        self.pages: dict[str, Page] = {}
        self.current = ""
        self.rail = Rail(entries)
        self.top = TopBar(context)
        self.band = SignInBand(context.people)
        self.stack = QStackedWidget()
        self.strip = AlarmStrip(self.stack)
        right = self._right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self.stack, 1)
        right.addWidget(self.band)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(right, 1)

    def show_page(self, name: str) -> None:
        """Bring a page to the front; it is built at its first show."""
        if name == self.current:
            return
        self.hide_page()
        page = self.pages.get(name)
        if page is None:
            page = self.pages[name] = self.entries[name].build(self.context)
            page.load()
            self.stack.addWidget(page)
        self.current = name
        self.stack.setCurrentWidget(page)
        self.rail.show_chosen(name)
        self.strip.raise_()
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        page.on_shown()

    def hide_page(self) -> None:
        """Tell the page in front that it no longer is."""
        if self.current:
            self.pages[self.current].on_hidden()
            self.current = ""

    def all_pages(self) -> tuple[Page, ...]:
        """Every page that was built, also those that wait for somebody to sign in again."""
        found = (self.stack.widget(at) for at in range(self.stack.count()))
        return tuple(page for page in found if isinstance(page, Page))

    def tell(self, changes: ChangeSet) -> None:
        """Tell every page there is of a change; each decides what it means to it."""
        for page in self.all_pages():
            page.on_change(changes)

    def tell_link(self) -> None:
        for page in self.all_pages():
            page.on_link()

    def leave_room(self, px: int) -> None:
        """Keep the page clear of the on-screen keyboard."""
        self._right.setContentsMargins(0, 0, 0, px)


class Shell(QWidget):
    """The terminal's window. ``present`` shows it as the preferences say."""

    def __init__(self, context: UiContext, entries: Sequence[PageEntry] | None = None) -> None:
        super().__init__()
        context.frame = self
        self.context: UiContext = context
        self._entries = tuple(pages.entries() if entries is None else entries)
        self.setWindowTitle(f"{context.terminal_name} - Bayline")
        self.setWindowIcon(icons.icon("bayline", "accent", 64))
        self.setMinimumSize(1024, 600)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "page")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.keyboard: OnScreenKeyboard | None = None
        self.kiosk = KioskGuard(self, self.leave_kiosk)
        self.gate = PinGate(context.check_pin)
        self.attention = AlarmAttention(context)
        self.news = WorkshopNews(self)
        self.news.changed.connect(self._changed)
        self.news.link_moved.connect(self._link_moved)
        self.unread = Unread(context, self)
        self.unread.counted.connect(self._show_unread)
        self.people = PeopleDesk(self)
        self.undoing = UndoDesk(self)
        self._build(self._entries[0].name)
        self.news.listen(context.membership)
        context.people.refresh()
        self.unread.count_soon()
        self._shortcuts()
        self._events = _Events(self)
        self._events.came.connect(self._happened, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = context.session.subscribe(self._events.came.emit)
        self._pulse = QTimer(self)
        self._pulse.setInterval(PULSE_MS)
        self._pulse.timeout.connect(self.show_now)
        self._pulse.start()

    # --- building

    def _build(self, page: str) -> None:
        language.use(self.context.preferences.language)
        qt_words.speak()
        words.use_units(self.context.preferences.units)
        self.content = _Frame(self.context, self._entries)
        self.content.rail.chosen.connect(self.go)
        self.content.rail.search.connect(self.open_search)
        self.content.rail.undo.connect(self.undoing.undo)
        self.content.top.adapter.connect(self.open_connection)
        self.content.top.page.connect(self.open_page_address)
        self.content.top.alarms.connect(self.open_alarms)
        self.content.top.bays.connect(lambda: self.go("bays"))
        self.content.strip.acknowledge.connect(self.acknowledge)
        self.content.strip.more.connect(self.open_alarms)
        self.content.top.people.connect(self.people.open_sheet)
        self.content.band.wanted.connect(self.people.open_sheet)
        self._column.addWidget(self.content)
        self.keyboard = OnScreenKeyboard(self)
        self._allow_keyboard()
        self.content.show_page(self.people.place(page))
        self.content.rail.show_count("changes", self.unread.last)
        self.people.show_rights()
        self.people.watch_idle()
        self.show_now()

    def retranslate(self) -> None:
        # Not now: this is called from a button of the page that is about to go.
        QTimer.singleShot(0, self, self._rebuild)

    def _rebuild(self) -> None:
        page = self.content.current
        dialogs.close_all(self)
        self.people.forget()
        for old in (self.content, self.keyboard):
            if isinstance(old, _Frame):
                old.hide_page()
                self._column.removeWidget(old)
            if old is not None:
                old.hide()
                old.deleteLater()
        self._build(page)

    def _allow_keyboard(self) -> None:
        if self.keyboard is not None:
            self.keyboard.enabled = self.kiosk.locked or self.context.preferences.touch

    def dress(self) -> None:
        application = QApplication.instance()
        chosen = self.context.preferences
        if isinstance(application, QApplication):
            scale_before = theme.base
            theme.use(application, chosen.theme, chosen.text_scale)
            self._allow_keyboard()
            if theme.base != scale_before:
                self.retranslate()

    # --- the moment

    def show_now(self) -> None:
        """Bring bar, strip and open panels up to date."""
        session = self.context.session
        status, now, active = session.status(), session.now(), session.alarms.active()
        self.attention.hear(active)
        self.content.top.show_now(status, self.attention.sum_up(active))
        self.content.strip.show_alarms(active, now)
        for sheet in dialogs.sheets(self):
            if isinstance(sheet, ConnectionPanel):
                sheet.show_now(status)
            elif isinstance(sheet, self.attention.drawer):
                sheet.show_now(now)

    def _happened(self, event: object) -> None:
        notice = getattr(event, "notice", None)  # of core.diagnostics.live.Noticed, whose module brings the whole link
        if isinstance(notice, StorageNotice):
            tone = "ok" if notice.kind is NoticeKind.RESTORED else "warning"
            self.context.note(notice.text, str(notice.path))
            toast.show(self, notice.text, tone=tone)
        self.show_now()

    # --- the workshop

    def belong(self, membership: Membership) -> None:
        self.context.membership = membership
        self.setWindowTitle(f"{self.context.terminal_name} - Bayline")
        self.news.listen(membership)
        self.context.people.refresh()
        self.unread.count_soon()
        self.retranslate()

    def open_row(self, table: str, row: str) -> None:
        entry = next((each for each in self._entries if table in each.rows), None)
        if entry is not None and self.go(entry.name):
            self.content.pages[entry.name].show_row(table, row)

    def ask_own_pin(self) -> None:
        self.people.ask_own_pin()

    def offer_undo(self, said: str, changes: ChangeSet) -> None:
        self.undoing.offer(said, changes)

    def turn(self, change: str, then: Callable[[], object] | None = None) -> None:
        self.undoing.turn(change, then)

    def count_unread(self) -> None:
        self.unread.count_soon()

    def _changed(self, changes: ChangeSet) -> None:
        self.context.people.on_change(changes)
        self.content.tell(changes)
        self.unread.count_soon()
        self.show_now()

    def _show_unread(self, count: int) -> None:
        self.content.rail.show_count("changes", count)

    def _link_moved(self) -> None:
        self.content.tell_link()
        self.show_now()

    # --- places

    def go(self, name: str) -> bool:
        """Bring a page to the front; False for one this window does not have, or that is not for who stands here."""
        dialogs.close_all(self)
        if name not in self.content.entries:
            return False
        if not self.people.may_open(name):
            self.content.rail.show_chosen(self.content.current)
            self.people.refuse(name)
            return False
        self.content.show_page(name)
        return True

    def open_connection(self) -> None:
        dialogs.close_all(self)
        ConnectionPanel(self, self.context).open()

    def open_page_address(self) -> None:
        dialogs.close_all(self)
        PageAddressSheet(self, self.context, lambda: self.go("settings")).open()

    def open_alarms(self) -> None:
        dialogs.close_all(self)
        drawer = self.attention.drawer(self, self.context.session.alarms, self.acknowledge)
        drawer.show_now(self.context.session.now())
        drawer.open()

    def open_search(self, typed: str = "") -> None:
        dialogs.close_all(self)
        box = SearchBox(self, finding.findings(self), typed, finding.rows(self))
        box.open(box.field)
        box.field.setCursorPosition(len(typed))

    def open_help(self) -> None:
        dialogs.close_all(self)
        KeyHelp(self, finding.keys(self)).open()

    def acknowledge(self, id: str = "") -> None:
        """Acknowledge the alarm ``id``, or the one on the strip."""
        shown = self.content.strip.alarm
        if problem := self.attention.acknowledge(id or (shown.id if shown else "")):
            toast.show(self, problem)
        self.show_now()

    # --- kiosk

    def enter_kiosk(self) -> None:
        if self.context.has_pin():
            self.kiosk.lock()
            self._allow_keyboard()
            self.people.watch_idle()

    def leave_kiosk(self) -> None:
        """Ask for the PIN, once: a second attempt while it is asked changes nothing."""
        if not self.kiosk.locked or any(isinstance(sheet, UnlockSheet) for sheet in dialogs.sheets(self)):
            return
        dialogs.close_all(self)
        sheet = UnlockSheet(self, tr("Leave kiosk mode"), self.gate)
        sheet.opened.connect(self._leave_kiosk)
        sheet.open(sheet)

    def _leave_kiosk(self) -> None:
        self.kiosk.unlock()
        self._allow_keyboard()
        self.people.watch_idle()
        self.context.preferences.kiosk = False
        self.context.keep_preferences()
        toast.show(self, tr("Kiosk mode is off."), tone="ok")
        self.retranslate()  # the settings say so too

    def toggle_full_screen(self) -> None:
        if self.kiosk.locked:
            self.leave_kiosk()
        elif self.isFullScreen():
            self.showMaximized()
        else:
            self.showFullScreen()

    def present(self) -> None:
        """Show the window; in kiosk mode, locked. One whose PIN got lost could never be left, so it is not locked."""
        for problem in list(self.context.problems)[-toast.MOST :]:  # of the start, before there was a window
            toast.show(self, problem.what, detail=problem.detail, tone="warning")
        wanted = self.context.preferences.kiosk
        if wanted and self.context.has_pin():
            self.enter_kiosk()
            return
        self.setGeometry(self.screen().availableGeometry())
        self.showMaximized()
        if wanted:
            text = tr("Kiosk mode is not on: this terminal has no PIN any more.")
            self.context.note(text)
            toast.show(self, text, detail=tr("Set one in the settings."), tone="warning")

    # --- keys

    def _shortcuts(self) -> None:
        table: list[tuple[str, Callable[[], object]]] = [
            ("Ctrl+K", self.open_search),
            ("F1", self.open_help),
            ("Ctrl+L", self.people.open_sheet),
            ("F11", self.toggle_full_screen),
            ("Ctrl+Q", self.close),
            ("Ctrl+W", self.close),
        ]
        for keys, deed in table:
            QShortcut(QKeySequence(keys), self).activated.connect(lambda deed=deed: deed())
        for at, entry in enumerate(self._entries[:9], 1):
            QShortcut(QKeySequence(f"Ctrl+{at}"), self).activated.connect(lambda name=entry.name: self.go(name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys nobody wanted: those of the page in front, then acknowledging an alarm, then the search."""
        if self._page_takes(event):
            return
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undoing.undo()
            return
        if event.matches(QKeySequence.StandardKey.Redo) or event.keyCombination() == REDO:
            self.undoing.redo()
            return
        if self.content.strip.alarm is not None and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_A):
            self.acknowledge()
        elif typed := opens_search(event):
            self.open_search(typed)
        else:
            super().keyPressEvent(event)

    def _page_takes(self, event: QKeyEvent) -> bool:
        """Offer a key to the page in front when the focus was elsewhere, on the rail for example."""
        page, focus = self.content.pages.get(self.content.current), self.focusWidget()
        if page is None or (focus is not None and (page is focus or page.isAncestorOf(focus))):
            return False
        event.accept()
        page.keyPressEvent(event)
        return event.isAccepted()

    # --- leaving

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QDynamicPropertyChangeEvent) and event.propertyName() == BOTTOM_INSET.encode():
            self.content.leave_room(int(self.property(BOTTOM_INSET) or 0))
        return super().event(event)

    def end(self) -> None:
        """Close for good, kiosk or not: the program is being stopped."""
        self.kiosk.release()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.kiosk.locked:
            event.ignore()
            self.leave_kiosk()
            return
        self._pulse.stop()
        self.people.idle.watch(0)
        self._unsubscribe()
        self.news.listen(None)
        self.content.hide_page()
        event.accept()
